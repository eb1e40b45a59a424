//! Who sent this token? Reads and verifies the JWT that the CRM's backend made.
//!
//! A token names the algorithm it claims to be signed with; what counts is the key's own. So there
//! is no `none`, and no public key can be passed off as an HMAC secret. The signature is looked at
//! before anything that the token says.

use super::caller::{Caller, Role, Scope};
use crate::config;
use crate::http::Ask;
use crate::problem::Problem;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use sha2::Sha256;
use shared::address::CustomerAddress;
use shared::id::{AgentId, SenderId};
use shared::time::{Span, Timestamp};
use worker::Env;

/// How far the CRM's clock may be ahead of ours.
const SKEW: Span = Span::seconds(60);

/// The longest token we read: it also bounds the tickets bought with it.
const LONGEST: usize = 8 * 1024;

/// The longest `sub`, in bytes.
const LONGEST_SUBJECT: usize = 128;

/// What a key signs with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// HMAC with SHA-256: a secret shared with the CRM's backend.
    Hs256,
    /// RSA with SHA-256: the CRM's public key. None is configured, so none is accepted.
    Rs256,
    /// ECDSA on P-256 with SHA-256: the CRM's public key. None is configured, so none is accepted.
    Es256,
}

impl Algorithm {
    /// Its name in a token's header (RFC 7518).
    const fn name(self) -> &'static str {
        match self {
            Self::Hs256 => "HS256",
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
        }
    }
}

/// A key that tokens may be signed with.
#[derive(Clone)]
pub struct Key {
    /// Its name, if it has one; a key without a name fits every token.
    pub kid: Option<String>,
    /// What it signs with, whatever a token says.
    pub algorithm: Algorithm,
    /// The secret's bytes, or the public key's.
    pub material: Vec<u8>,
}

/// Why a token is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenError {
    /// There is none.
    Missing,
    /// It is not a JWT.
    Malformed,
    /// It names a key that we do not have.
    KeyUnknown,
    /// It says another algorithm than its key's.
    Algorithm,
    /// The signature is not that key's.
    Signature,
    /// It has expired.
    Expired,
    /// It is not valid yet: the CRM's clock is ahead by more than a minute.
    NotYetValid,
    /// It was made for somebody else.
    Audience,
    /// A claim is missing or cannot be read: `exp`, `sub`, `role`, `senders`, `customers`.
    Claims,
}

impl TokenError {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Missing,
        Self::Malformed,
        Self::KeyUnknown,
        Self::Algorithm,
        Self::Signature,
        Self::Expired,
        Self::NotYetValid,
        Self::Audience,
        Self::Claims,
    ];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "token-missing",
            Self::Malformed => "token-malformed",
            Self::KeyUnknown => "token-key-unknown",
            Self::Algorithm => "token-algorithm",
            Self::Signature => "token-signature",
            Self::Expired => "token-expired",
            Self::NotYetValid => "token-not-yet-valid",
            Self::Audience => "token-audience",
            Self::Claims => "token-claims",
        }
    }
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    /// Extensions that must be understood (RFC 7515): we understand none.
    crit: Option<Value>,
}

#[derive(Deserialize)]
struct Claims {
    aud: Option<Value>,
    exp: Option<f64>,
    nbf: Option<f64>,
    iat: Option<f64>,
    sub: Option<String>,
    name: Option<String>,
    role: Option<Role>,
    #[serde(default, deserialize_with = "given")]
    senders: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    customers: Option<Value>,
}

/// Keeps `null` apart from absent: a claim that narrows must never widen by being empty.
fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(from).map(Some)
}

/// Verifies a token for `audience` at `now` by the wall's clock.
///
/// # Errors
/// [`TokenError`].
pub fn verify(
    token: &str,
    keys: &[Key],
    audience: &str,
    now: Timestamp,
) -> Result<Caller, TokenError> {
    if token.len() > LONGEST {
        return Err(TokenError::Malformed);
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(TokenError::Malformed)?;
    let (header, claims) = signed.split_once('.').ok_or(TokenError::Malformed)?;
    let header: Header = part(header).ok_or(TokenError::Malformed)?;
    let signature = URL_SAFE_NO_PAD
        .decode(signature)
        .map_err(|_| TokenError::Malformed)?;
    if header.crit.is_some() {
        return Err(TokenError::Malformed);
    }
    authentic(&header, keys, signed.as_bytes(), &signature)?;
    caller(part(claims).ok_or(TokenError::Claims)?, audience, now)
}

/// A part of a token: JSON in base64url.
fn part<T: for<'de> Deserialize<'de>>(text: &str) -> Option<T> {
    let json = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
    crate::json::read(&json).ok()
}

/// Whether one of the keys that the header fits made the signature.
fn authentic(
    header: &Header,
    keys: &[Key],
    signed: &[u8],
    signature: &[u8],
) -> Result<(), TokenError> {
    let mut error = TokenError::KeyUnknown;
    for key in keys {
        if key.kid.is_some() && key.kid != header.kid {
            continue;
        }
        if key.algorithm.name() != header.alg {
            error = if error == TokenError::Signature {
                error
            } else {
                TokenError::Algorithm
            };
            continue;
        }
        if signature_fits(key, signed, signature) {
            return Ok(());
        }
        error = TokenError::Signature;
    }
    Err(error)
}

/// Compares in constant time.
fn signature_fits(key: &Key, signed: &[u8], signature: &[u8]) -> bool {
    match key.algorithm {
        Algorithm::Hs256 => Hmac::<Sha256>::new_from_slice(&key.material)
            .is_ok_and(|mac| mac.chain_update(signed).verify_slice(signature).is_ok()),
        Algorithm::Rs256 | Algorithm::Es256 => false,
    }
}

fn caller(claims: Claims, audience: &str, now: Timestamp) -> Result<Caller, TokenError> {
    let expires = claims.exp.map(moment).ok_or(TokenError::Claims)?;
    if now >= expires {
        return Err(TokenError::Expired);
    }
    if [claims.nbf, claims.iat]
        .into_iter()
        .flatten()
        .any(|from| moment(from) > now + SKEW)
    {
        return Err(TokenError::NotYetValid);
    }
    let ours = match claims.aud {
        Some(Value::String(one)) => one == audience,
        Some(Value::Array(many)) => many.iter().any(|one| one == audience),
        None => false,
        Some(_) => return Err(TokenError::Claims),
    };
    if !ours {
        return Err(TokenError::Audience);
    }
    let id = claims.sub.unwrap_or_default();
    let role = claims.role.ok_or(TokenError::Claims)?;
    if shared::text::is_blank(&id) || id.len() > LONGEST_SUBJECT {
        return Err(TokenError::Claims);
    }
    let name = claims.name.unwrap_or_default();
    Ok(Caller {
        id: AgentId::trusted(id),
        name: name.chars().filter(|c| !c.is_control()).take(100).collect(),
        role,
        senders: senders(claims.senders, role).ok_or(TokenError::Claims)?,
        customers: customers(claims.customers).ok_or(TokenError::Claims)?,
        expires,
    })
}

/// A NumericDate (RFC 7519): seconds, possibly with a fraction. Saturates.
#[allow(clippy::cast_possible_truncation)]
fn moment(seconds: f64) -> Timestamp {
    Timestamp((seconds * 1_000.0) as i64)
}

/// The senders in scope. Without the claim, who sets things up sees all and everybody else none.
fn senders(claim: Option<Value>, role: Role) -> Option<Scope> {
    let Some(claim) = claim else {
        return Some(match role {
            Role::Admin | Role::Supervisor => Scope::All,
            Role::Agent | Role::Service => Scope::These(Vec::new()),
        });
    };
    let listed: Vec<String> = crate::json::structure(claim).ok()?;
    if listed.iter().any(|one| one == "*") {
        return Some(Scope::All);
    }
    listed
        .iter()
        .map(|one| SenderId::parse(one))
        .collect::<Option<_>>()
        .map(Scope::These)
}

/// The customers in scope. An entry that cannot be read spoils the token: guessing could show a
/// stranger's conversation.
fn customers(claim: Option<Value>) -> Option<Option<Vec<CustomerAddress>>> {
    let Some(claim) = claim else {
        return Some(None);
    };
    let listed: Vec<String> = crate::json::structure(claim).ok()?;
    listed
        .iter()
        .map(|one| CustomerAddress::parse(one).ok())
        .collect::<Option<_>>()
        .map(Some)
}

/// Who sends this request, by its bearer token. Cookies are ignored.
///
/// # Errors
/// `401` with the token's flaw, or `503` if the deployment's secret cannot be used.
pub fn from_request(env: &Env, ask: &Ask) -> Result<Caller, Problem> {
    let token = bearer(ask).ok_or_else(|| refused(TokenError::Missing))?;
    from_token(env, token)
}

/// Who made this token out, as the CRM's backend signed it.
///
/// # Errors
/// As [`from_request`].
pub fn from_token(env: &Env, token: &str) -> Result<Caller, Problem> {
    let secret = config::secret(env, config::names::JWT_SECRET)?;
    let key = Key {
        kid: None,
        algorithm: Algorithm::Hs256,
        material: secret.into_bytes(),
    };
    verify(token, &[key], &audience(env), crate::clock::wall()).map_err(refused)
}

fn refused(error: TokenError) -> Problem {
    Problem::unauthorized(error.code())
}

/// A token of `claims`, signed with HS256.
#[must_use]
pub fn signed(claims: &Value, key: &[u8]) -> String {
    let mut token = URL_SAFE_NO_PAD.encode(br#"{"alg":"HS256","typ":"JWT"}"#);
    token.push('.');
    token.push_str(&URL_SAFE_NO_PAD.encode(claims.to_string()));
    let signature = Hmac::<Sha256>::new_from_slice(key)
        .map(|mac| mac.chain_update(token.as_bytes()).finalize().into_bytes())
        .unwrap_or_default();
    token.push('.');
    token.push_str(&URL_SAFE_NO_PAD.encode(signature));
    token
}

/// Whom tokens must be made for.
fn audience(env: &Env) -> String {
    let audience = config::variable(env, "JWT_AUDIENCE");
    if audience.is_empty() {
        "finestra".into()
    } else {
        audience
    }
}

/// The token of `Authorization: Bearer …`; the scheme is written in any case (RFC 9110).
fn bearer(ask: &Ask) -> Option<&str> {
    let (scheme, token) = ask.header("authorization")?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

#[cfg(feature = "simulated-clock")]
pub use development::{development_token, mint};

#[cfg(feature = "simulated-clock")]
mod development {
    //! Tokens for the demo and the tests. Nobody can get one from a release.

    use super::*;
    use crate::http::Answer;
    use serde_json::json;

    /// Signs `claims` with an HS256 secret.
    #[must_use]
    pub fn mint(claims: &Value, secret: &str) -> String {
        signed(claims, secret.as_bytes())
    }

    #[derive(Deserialize)]
    struct Wanted {
        role: Role,
        #[serde(default)]
        name: String,
        #[serde(default)]
        sub: Option<String>,
        #[serde(default)]
        senders: Option<Vec<String>>,
        #[serde(default)]
        customers: Option<Vec<String>>,
        /// Seconds.
        #[serde(default)]
        ttl: Option<i64>,
    }

    /// `POST /development/token`.
    ///
    /// # Errors
    /// `400` if the body cannot be read.
    pub fn development_token(env: &Env, ask: &Ask) -> Result<Answer, Problem> {
        let wanted: Wanted = ask.json()?;
        let secret = config::secret(env, config::names::JWT_SECRET)?;
        let now = crate::clock::wall().0 / 1_000;
        let role = serde_json::to_value(wanted.role).unwrap_or_default();
        let subject = wanted.sub.unwrap_or_else(|| {
            let name = if wanted.name.is_empty() {
                role.as_str().unwrap_or("agent")
            } else {
                &wanted.name
            };
            name.to_lowercase().replace(' ', "-")
        });
        let mut claims = json!({
            "aud": audience(env),
            "sub": subject,
            "name": wanted.name,
            "role": role,
            "senders": wanted.senders.unwrap_or_else(|| vec!["*".into()]),
            "iat": now,
            "exp": now.saturating_add(wanted.ttl.unwrap_or(3_600)),
        });
        if let (Some(claims), Some(customers)) = (claims.as_object_mut(), wanted.customers) {
            claims.insert("customers".into(), customers.into());
        }
        Ok(Answer::json(
            200,
            &json!({ "token": mint(&claims, &secret) }),
        ))
    }
}

#[cfg(test)]
mod tests;
