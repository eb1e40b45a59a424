//! Who is calling the edge? Development JWTs, made here and not by the code under test.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac as _};
use serde::Serialize;
use sha2::Sha256;
use std::time::{SystemTime, UNIX_EPOCH};

/// The key that `simulated-clock` builds fall back to, and that no other build accepts.
pub const DEVELOPMENT_SECRET: &str = "finestra-development-jwt-secret-not-for-production";

/// What a token says about its bearer. Times are seconds since 1970.
#[derive(Clone, Debug, Serialize)]
pub struct Claims {
    /// The deployment, `finestra` unless configured otherwise.
    pub aud: String,
    /// Whom the audit log names.
    pub sub: String,
    /// What customers and colleagues read.
    pub name: String,
    /// `admin`, `supervisor`, `agent` or `service`.
    pub role: String,
    /// Sender ids, or `*` for all.
    pub senders: Vec<String>,
    /// The only customers it may see, if it may not see all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customers: Option<Vec<String>>,
    /// Issued at.
    pub iat: u64,
    /// Expires at.
    pub exp: u64,
}

impl Claims {
    /// Good from now on, for `seconds`. The subject is made from role and name: `agent-giulia`.
    pub fn new(role: &str, name: &str, senders: &[&str], seconds: u64) -> Self {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs());
        let subject: String = name
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() {
                    c.to_ascii_lowercase()
                } else {
                    '-'
                }
            })
            .collect();
        Self {
            aud: "finestra".to_owned(),
            sub: format!("{role}-{subject}"),
            name: name.to_owned(),
            role: role.to_owned(),
            senders: senders.iter().map(|&sender| sender.to_owned()).collect(),
            customers: None,
            iat: now,
            exp: now + seconds,
        }
    }
}

/// The claims as an HS256 JWT. Any `Serialize` will do, so that a test may make a wrong one.
pub fn mint(secret: &str, claims: &impl Serialize) -> String {
    let claims = serde_json::to_vec(claims).unwrap_or_default();
    let header = URL_SAFE_NO_PAD.encode(br#"{"alg":"HS256","typ":"JWT"}"#);
    let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims));
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        unreachable!("HMAC takes a key of any length");
    };
    mac.update(signed.as_bytes());
    format!(
        "{signed}.{}",
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with `openssl dgst -sha256 -hmac key`.
    #[test]
    fn a_token_is_signed_as_openssl_would() {
        #[derive(Serialize)]
        struct Sub {
            sub: &'static str,
        }
        assert_eq!(
            mint("key", &Sub { sub: "a" }),
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhIn0.1YNMaPyC6Rq9KClxRJou-zDNgzLHDpyCYZfpxQLRpsc"
        );
    }

    #[test]
    fn the_subject_is_made_from_role_and_name() {
        assert_eq!(
            Claims::new("agent", "Giulia R.", &["*"], 60).sub,
            "agent-giulia-r-"
        );
    }
}
