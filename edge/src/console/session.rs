//! How does a browser prove who sits before it? By a cookie of ours, got in exchange for a token of the
//! CRM's backend, and for every change by a token in the form.
//!
//! The cookie is a token too, but of our own: signed by a key of its own, made for the audience
//! `console`, so that neither passes for the other. The API never reads it.

use crate::auth::caller::{Caller, Scope};
use crate::auth::jwt::{self, Algorithm, Key, TokenError};
use crate::config;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;
use shared::time::{Span, Timestamp};
use worker::Env;

/// The cookie's name: only from this host, only over HTTPS, for all paths.
pub const COOKIE: &str = "__Host-finestra";

/// The cookie that keeps the chosen language.
pub const LANGUAGE: &str = "finestra-lang";

/// How long a session lasts.
pub const LASTS: Span = Span::seconds(8 * 3_600);

/// What makes a session's token one for the console.
const AUDIENCE: &str = "console";

/// The key of sessions and of the tokens in forms.
pub struct SessionKey(Vec<u8>);

impl SessionKey {
    /// Derives it from the secret of the CRM's tokens, which so signs nothing but those.
    #[must_use]
    pub fn derive(secret: &str) -> Self {
        Self(mac(secret.as_bytes(), "console session", ""))
    }

    /// The deployment's.
    ///
    /// # Errors
    /// If the secret cannot be used.
    pub fn from_env(env: &Env) -> worker::Result<Self> {
        config::secret(env, config::names::JWT_SECRET).map(|secret| Self::derive(&secret))
    }

    /// A session for somebody whose token was verified at `now`.
    #[must_use]
    pub fn issue(&self, caller: &Caller, now: Timestamp) -> String {
        let senders = match &caller.senders {
            Scope::All => json!(["*"]),
            Scope::These(listed) => json!(listed),
        };
        let seconds = |at: Timestamp| at.0.div_euclid(1_000);
        let mut claims = json!({
            "aud": AUDIENCE,
            "sub": caller.id,
            "name": caller.name,
            "role": caller.role,
            "senders": senders,
            "exp": seconds(now + LASTS),
        });
        if let (Some(claims), Some(customers)) = (claims.as_object_mut(), &caller.customers) {
            claims.insert("customers".into(), json!(customers));
        }
        jwt::signed(&claims, &self.0)
    }

    /// Who a session is of.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn open(&self, session: &str, now: Timestamp) -> Result<Caller, TokenError> {
        let key = Key {
            kid: None,
            algorithm: Algorithm::Hs256,
            material: self.0.clone(),
        };
        jwt::verify(session, &[key], AUDIENCE, now)
    }

    /// What the forms of a session must send back.
    #[must_use]
    pub fn form_token(&self, session: &str) -> String {
        URL_SAFE_NO_PAD.encode(mac(&self.0, "form", session))
    }

    /// Whether a form sent back what it had to. Takes as long for a near miss as for a far one.
    #[must_use]
    pub fn form_token_fits(&self, session: &str, token: &str) -> bool {
        let Ok(token) = URL_SAFE_NO_PAD.decode(token) else {
            return false;
        };
        keyed(&self.0, "form", session).is_some_and(|mac| mac.verify_slice(&token).is_ok())
    }
}

fn keyed(key: &[u8], label: &str, text: &str) -> Option<Hmac<Sha256>> {
    // A zero ends the label: no text can make one look like another.
    let mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    Some(mac.chain_update(label).chain_update([0]).chain_update(text))
}

fn mac(key: &[u8], label: &str, text: &str) -> Vec<u8> {
    keyed(key, label, text)
        .map(|mac| mac.finalize().into_bytes().to_vec())
        .unwrap_or_default()
}

/// The header that sets the session's cookie, or with an empty session ends it.
#[must_use]
pub fn cookie(session: &str) -> String {
    let lasts = if session.is_empty() {
        "0".into()
    } else {
        (LASTS.0 / 1_000).to_string()
    };
    [
        COOKIE,
        "=",
        session,
        "; Path=/; Max-Age=",
        &lasts,
        "; HttpOnly; Secure; SameSite=Strict",
    ]
    .concat()
}

/// The header that keeps the chosen language.
#[must_use]
pub fn language(lang: &str) -> String {
    let rest = "; Path=/admin; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax";
    [LANGUAGE, "=", lang, rest].concat()
}

/// A cookie's value out of the header `Cookie`; nothing if it is absent.
#[must_use]
pub fn sent<'a>(header: &'a str, name: &str) -> &'a str {
    header
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::caller::Role;
    use shared::id::{AgentId, SenderId};

    const SECRET: &str = "0123456789abcdef0123456789abcdef";
    const NOW: Timestamp = Timestamp(1_795_514_700_000);

    fn caller(senders: Scope) -> Caller {
        Caller {
            id: AgentId::trusted("ada"),
            name: "Ada".into(),
            role: Role::Admin,
            senders,
            customers: None,
            expires: Timestamp(0),
        }
    }

    #[test]
    fn a_session_tells_who_it_is_of_and_for_how_long() {
        let key = SessionKey::derive(SECRET);
        for senders in [
            Scope::All,
            Scope::These(vec![SenderId::trusted("milano")]),
            Scope::These(vec![]),
        ] {
            let session = key.issue(&caller(senders.clone()), NOW);
            let opened = key.open(&session, NOW).unwrap();
            assert_eq!((opened.role, opened.senders), (Role::Admin, senders));
            assert_eq!(key.open(&session, NOW + LASTS), Err(TokenError::Expired));
        }
    }

    #[test]
    fn a_session_and_a_token_of_the_crm_never_pass_for_each_other() {
        let key = SessionKey::derive(SECRET);
        let session = key.issue(&caller(Scope::All), NOW);
        let crm = Key {
            kid: None,
            algorithm: Algorithm::Hs256,
            material: SECRET.into(),
        };
        assert_eq!(
            jwt::verify(&session, &[crm], "finestra", NOW),
            Err(TokenError::Signature)
        );
        let claims =
            json!({ "aud": "console", "sub": "x", "role": "admin", "exp": 9_999_999_999_i64 });
        let token = jwt::signed(&claims, SECRET.as_bytes());
        assert_eq!(key.open(&token, NOW), Err(TokenError::Signature));
    }

    #[test]
    fn a_forms_token_is_its_sessions() {
        let key = SessionKey::derive(SECRET);
        let token = key.form_token("one");
        assert!(key.form_token_fits("one", &token));
        assert!(!key.form_token_fits("two", &token));
        assert!(!key.form_token_fits("one", ""));
        assert!(!key.form_token_fits("one", "%%%"));
        let other = SessionKey::derive("another secret of enough bytes ....");
        assert!(!other.form_token_fits("one", &token));
    }

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let header = "a=1; x__Host-finestra=2; __Host-finestra=3.4; finestra-lang=it";
        assert_eq!(sent(header, COOKIE), "3.4");
        assert_eq!(sent(header, LANGUAGE), "it");
        assert_eq!(sent("", COOKIE), "");
        assert!(cookie("").contains("Max-Age=0;"));
        assert!(cookie("x").contains("HttpOnly; Secure; SameSite=Strict"));
    }
}
