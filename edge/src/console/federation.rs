//! Who does Cloudflare Access say it is? Its signed assertion, where a deployment stands behind it.
//!
//! Access asks for the e-mail, so what somebody may do goes by that: `ACCESS_ADMINS` and
//! `ACCESS_SUPERVISORS` list who. Keys are fetched from the team's own address and verified by WebCrypto.

use crate::auth::caller::{Caller, Role, Scope};
use crate::config;
use crate::http::Ask;
use crate::problem::Problem;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use shared::id::AgentId;
use shared::time::{Span, Timestamp};
use std::cell::RefCell;
use std::time::Duration;
use worker::Env;
use worker::js_sys::{Array, Function, JSON, Promise, Reflect, Uint8Array, global};
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::wasm_bindgen_futures::JsFuture;

/// The header that Access adds.
const HEADER: &str = "cf-access-jwt-assertion";

/// How long the team's keys are kept. It changes them every six weeks, and names both meanwhile.
const KEPT: Span = Span::seconds(3_600);

/// The longest that asking for them may take.
const LONGEST: Duration = Duration::from_secs(10);

thread_local! {
    static KEYS: RefCell<(Timestamp, Value)> = const { RefCell::new((Timestamp(0), Value::Null)) };
}

/// Who Access says it is; `None` if the deployment does not stand behind it or nothing was said.
///
/// # Errors
/// `401` for an assertion that is not right, `403` for somebody who is on no list.
pub(super) async fn caller(env: &Env, ask: &Ask) -> Result<Option<Caller>, Problem> {
    let team = config::variable(env, "ACCESS_TEAM_DOMAIN");
    let audience = config::variable(env, "ACCESS_AUD");
    let Some(assertion) = ask.header(HEADER) else {
        return Ok(None);
    };
    if team.is_empty() || audience.is_empty() {
        return Ok(None);
    }
    let refused = |code: &str| Problem::unauthorized(code);
    let parts = Parts::of(assertion).ok_or_else(|| refused("token-malformed"))?;
    let key = key(&config::access_keys(env, &team), &parts.kid).await?;
    let genuine = genuine(&key, &parts).await;
    if !genuine.unwrap_or_default() {
        return Err(refused("token-signature"));
    }
    let now = crate::clock::wall();
    let email = said(&parts.claims, &team, &audience, now).map_err(refused)?;
    let listed = |name: &str| listed(&config::variable(env, name), &email);
    let role = if listed("ACCESS_ADMINS") {
        Role::Admin
    } else if listed("ACCESS_SUPERVISORS") {
        Role::Supervisor
    } else {
        return Err(Problem::new(403, "role"));
    };
    Ok(Some(Caller {
        id: AgentId::trusted(email.as_str()),
        name: email,
        role,
        senders: Scope::All,
        customers: None,
        expires: now,
    }))
}

/// An assertion taken apart.
struct Parts {
    kid: String,
    claims: Value,
    signed: String,
    signature: Vec<u8>,
}

impl Parts {
    fn of(assertion: &str) -> Option<Self> {
        let (signed, signature) = assertion.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let read = |part: &str| -> Option<Value> {
            let text = String::from_utf8(URL_SAFE_NO_PAD.decode(part).ok()?).ok()?;
            crate::json::read(&text).ok()
        };
        let header = read(header)?;
        // The only algorithm there is here: the key is made for it, whatever the header says.
        (header.get("alg")?.as_str()? == "RS256").then_some(())?;
        Some(Self {
            kid: header.get("kid")?.as_str()?.into(),
            claims: read(claims)?,
            signed: signed.into(),
            signature: URL_SAFE_NO_PAD.decode(signature).ok()?,
        })
    }
}

/// The e-mail that an assertion was made out for, if it was made for us and holds now.
fn said(
    claims: &Value,
    team: &str,
    audience: &str,
    now: Timestamp,
) -> Result<String, &'static str> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let seconds = |name: &str| claims.get(name).and_then(Value::as_i64);
    let now = now.0.div_euclid(1_000);
    if seconds("exp").is_none_or(|until| now >= until) {
        return Err("token-expired");
    }
    if seconds("nbf").is_some_and(|from| from > now + 60) {
        return Err("token-not-yet-valid");
    }
    let ours = match claims.get("aud") {
        Some(Value::String(one)) => one == audience,
        Some(Value::Array(many)) => many.iter().any(|one| one == audience),
        _ => false,
    };
    if !ours || text("iss") != Some(&["https://", team].concat()) {
        return Err("token-audience");
    }
    match text("email") {
        Some(email) if email.contains('@') => Ok(email.to_ascii_lowercase()),
        _ => Err("token-claims"),
    }
}

/// Whether an e-mail is on a list, whose entries stand apart by spaces or commas.
fn listed(list: &str, email: &str) -> bool {
    list.split(|c: char| c == ',' || c.is_ascii_whitespace())
        .any(|one| !one.is_empty() && one.eq_ignore_ascii_case(email))
}

/// The team's public key of this name, as a JWK, out of those at `url`.
async fn key(url: &str, kid: &str) -> Result<Value, Problem> {
    let now = crate::clock::wall();
    let find = |keys: &Value| {
        let keys = keys.get("keys").and_then(Value::as_array)?;
        let fits = |key: &&Value| key.get("kid").and_then(Value::as_str) == Some(kid);
        keys.iter().find(fits).cloned()
    };
    let (at, known) = KEYS.with_borrow(|(at, keys)| (*at, find(keys)));
    if let Some(key) = known.filter(|_| now < at + KEPT) {
        return Ok(key);
    }
    // Made-up names must not make us ask for each.
    if now < at + Span::seconds(30) {
        return Err(Problem::unauthorized("token-key-unknown"));
    }
    let (_, text) = crate::platform::fetch(url, &[], None, LONGEST).await?;
    let keys: Value = crate::json::read(&text).map_err(worker::Error::from)?;
    let found = find(&keys);
    KEYS.set((now, keys));
    found.ok_or_else(|| Problem::unauthorized("token-key-unknown"))
}

/// Whether the key made the signature: `crypto.subtle.verify`.
async fn genuine(key: &Value, parts: &Parts) -> Result<bool, JsValue> {
    let get = |of: &JsValue, name: &str| Reflect::get(of, &name.into());
    let subtle = get(&get(&global(), "crypto")?, "subtle")?;
    let call = async |name: &str, arguments: &[JsValue]| -> Result<JsValue, JsValue> {
        let function: Function = get(&subtle, name)?.dyn_into()?;
        let list: Array = arguments.iter().collect();
        let promise: Promise = function.apply(&subtle, &list)?.dyn_into()?;
        JsFuture::from(promise).await
    };
    let algorithm = json!({ "name": "RSASSA-PKCS1-v1_5", "hash": "SHA-256" });
    let public = json!({ "kty": "RSA", "n": key.get("n"), "e": key.get("e") });
    let algorithm = JSON::parse(&algorithm.to_string())?;
    let public = JSON::parse(&public.to_string())?;
    let usages: JsValue = Array::of1(&"verify".into()).into();
    let imported = call(
        "importKey",
        &[
            "jwk".into(),
            public,
            algorithm.clone(),
            false.into(),
            usages,
        ],
    )
    .await?;
    let signature: JsValue = Uint8Array::from(parts.signature.as_slice()).into();
    let signed: JsValue = Uint8Array::from(parts.signed.as_bytes()).into();
    let fits = call("verify", &[algorithm, imported, signature, signed]).await?;
    Ok(fits.is_truthy())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_514_700_000);

    fn claims() -> Value {
        json!({
            "aud": ["app"], "iss": "https://bottega.cloudflareaccess.com",
            "email": "Ada@Example.com", "exp": 1_795_514_760, "nbf": 1_795_514_600,
        })
    }

    #[test]
    fn an_assertion_holds_for_one_application_for_a_while() {
        let say = |claims: &Value| said(claims, "bottega.cloudflareaccess.com", "app", NOW);
        assert_eq!(say(&claims()), Ok("ada@example.com".into()));
        for (name, value, error) in [
            ("aud", json!("other"), "token-audience"),
            ("iss", json!("https://x.example"), "token-audience"),
            ("exp", json!(1_795_514_700), "token-expired"),
            ("exp", Value::Null, "token-expired"),
            ("nbf", json!(1_795_514_800), "token-not-yet-valid"),
            ("email", Value::Null, "token-claims"),
        ] {
            let mut claims = claims();
            claims[name] = value;
            assert_eq!(say(&claims), Err(error), "{name}");
        }
    }

    #[test]
    fn only_whole_addresses_are_on_a_list() {
        let list = "ada@example.com, bob@example.com";
        assert!(listed(list, "ADA@example.com"));
        assert!(!listed(list, "a@example.com"));
        assert!(!listed(list, ""));
        assert!(!listed("", ""));
    }

    #[test]
    fn no_other_algorithm_is_read() {
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let made = |alg: &str| {
            let header = part(json!({ "alg": alg, "kid": "k" }));
            [header, part(claims()), "AAAA".into()].join(".")
        };
        assert!(Parts::of(&made("RS256")).is_some());
        assert!(Parts::of(&made("none")).is_none());
        assert!(Parts::of(&made("HS256")).is_none());
    }
}
