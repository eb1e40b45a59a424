//! How is this deployment set up? Variables and secrets of the Worker, checked before use.

use shared::identity::NamingKey;
use std::cell::RefCell;
use worker::Env;

/// The secrets' names.
pub mod names {
    /// HS256 secret of the CRM's tokens, at least 32 bytes.
    pub const JWT_SECRET: &str = "JWT_SECRET";
    /// Key of all opaque names, at least 32 bytes; must never change.
    pub const DEPLOYMENT_KEY: &str = "DEPLOYMENT_KEY";
    /// Key under which Twilio tokens are encrypted, at least 32 bytes.
    pub const TOKEN_KEY: &str = "TOKEN_KEY";
}

/// The fewest bytes of a secret.
const SHORTEST_SECRET: usize = 32;

thread_local! {
    // What every webhook asks for. An isolate has one deployment's settings and never others.
    static NAMING_KEY: RefCell<Option<NamingKey>> = const { RefCell::new(None) };
    static PUBLIC_URL: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// A development key: known to everybody, so it exists in development builds only.
#[cfg(feature = "simulated-clock")]
fn development(name: &str) -> Option<String> {
    Some(match name {
        names::JWT_SECRET => "finestra-development-jwt-secret-not-for-production".into(),
        names::DEPLOYMENT_KEY => "finestra-development-naming-key-not-for-production".into(),
        names::TOKEN_KEY => "finestra-development-token-key-not-for-production".into(),
        _ => return None,
    })
}

#[cfg(not(feature = "simulated-clock"))]
fn development(_: &str) -> Option<String> {
    None
}

/// A secret. Fails closed: a missing, short or well-known one stops whatever needs it.
///
/// # Errors
/// With the name of the secret and what to do.
pub fn secret(env: &Env, name: &str) -> worker::Result<String> {
    let value = env
        .secret(name)
        .map(|secret| secret.to_string())
        .ok()
        .or_else(|| development(name));
    match value {
        Some(value) if acceptable(&value) => Ok(value),
        _ => Err(worker::Error::RustError(format!(
            "secret {name} is missing, shorter than {SHORTEST_SECRET} bytes or publicly known: set it with `wrangler secret put {name}`"
        ))),
    }
}

/// Whether a secret may be used in this build.
fn acceptable(value: &str) -> bool {
    let known = value.ends_with("-not-for-production");
    value.len() >= SHORTEST_SECRET && (cfg!(feature = "simulated-clock") || !known)
}

/// The key of all opaque names.
///
/// # Errors
/// If the secret cannot be used.
pub fn naming_key(env: &Env) -> worker::Result<NamingKey> {
    if let Some(key) = NAMING_KEY.with_borrow(Clone::clone) {
        return Ok(key);
    }
    let key = NamingKey::new(secret(env, names::DEPLOYMENT_KEY)?.as_bytes());
    NAMING_KEY.set(Some(key.clone()));
    Ok(key)
}

/// A variable; empty if it is not set.
#[must_use]
pub fn variable(env: &Env, name: &str) -> String {
    env.var(name)
        .map(|value| value.to_string())
        .unwrap_or_default()
}

/// The URL under which Twilio and browsers reach this deployment, without a slash at the end.
#[must_use]
pub fn public_url(env: &Env) -> String {
    if let Some(url) = PUBLIC_URL.with_borrow(Clone::clone) {
        return url;
    }
    let url: String = variable(env, "PUBLIC_URL").trim_end_matches('/').into();
    PUBLIC_URL.set(Some(url.clone()));
    url
}

/// Whether pages of this origin may use the API and sockets: those listed, and our own.
#[must_use]
pub fn origin_allowed(env: &Env, origin: &str) -> bool {
    let own = public_url(env);
    origin == own
        || variable(env, "ALLOWED_ORIGINS")
            .split_ascii_whitespace()
            .any(|known| known == origin)
}

/// Where Twilio's API of messages and accounts is. Only a development build can be pointed elsewhere.
#[must_use]
pub fn twilio_api(env: &Env) -> String {
    twilio(env, "https://api.twilio.com")
}

/// Where Twilio's API of templates is.
#[must_use]
pub fn twilio_content(env: &Env) -> String {
    twilio(env, "https://content.twilio.com")
}

/// Where Twilio's API of senders is.
#[must_use]
pub fn twilio_messaging(env: &Env) -> String {
    twilio(env, "https://messaging.twilio.com")
}

/// Where the keys of a team of Cloudflare Access are.
#[must_use]
pub fn access_keys(env: &Env, team: &str) -> String {
    let url = ["https://", team, "/cdn-cgi/access/certs"].concat();
    or_elsewhere(env, "ACCESS_KEYS_URL", &url)
}

/// One of Twilio's hosts; in a development build the simulator, which stands for all of them.
fn twilio(env: &Env, host: &str) -> String {
    or_elsewhere(env, "TWILIO_API_URL", host)
}

/// An address of somebody else's, which only a development build can be told to look for elsewhere.
fn or_elsewhere(env: &Env, name: &str, url: &str) -> String {
    let elsewhere = if cfg!(feature = "simulated-clock") {
        variable(env, name)
    } else {
        String::new()
    };
    if elsewhere.is_empty() {
        url.into()
    } else {
        elsewhere
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_secrets_are_refused() {
        assert!(!acceptable("short"));
        assert!(acceptable("0123456789abcdef0123456789abcdef"));
    }

    #[cfg(not(feature = "simulated-clock"))]
    #[test]
    fn development_keys_do_not_exist_in_a_release() {
        assert!(!acceptable(
            "finestra-development-jwt-secret-not-for-production"
        ));
        assert_eq!(development(names::JWT_SECRET), None);
    }
}
