//! Which tokens are accepted? One table, one row per way to be wrong.

use super::*;
use serde_json::json;

const SECRET: &str = "a secret of at least thirty-two bytes";
const OTHER_SECRET: &str = "another secret of thirty-two bytes";
/// 2026-01-01, in seconds.
const NOW: i64 = 1_767_225_600;

fn key(kid: Option<&str>, algorithm: Algorithm, material: &str) -> Key {
    Key {
        kid: kid.map(Into::into),
        algorithm,
        material: material.into(),
    }
}

fn claims() -> Value {
    json!({ "aud": "finestra", "sub": "agent-1", "name": "Giulia", "role": "agent",
            "senders": ["milano"], "iat": NOW, "exp": NOW + 300 })
}

/// The claims with one of them set, or removed by `null`.
fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    let map = claims.as_object_mut().unwrap();
    if value.is_null() {
        map.remove(name);
    } else {
        map.insert(name.into(), value);
    }
    claims
}

fn sign(header: &Value, claims: &Value, secret: &str) -> String {
    let signed = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        URL_SAFE_NO_PAD.encode(claims.to_string())
    );
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .unwrap()
        .chain_update(&signed);
    format!(
        "{signed}.{}",
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    )
}

fn token(claims: &Value) -> String {
    sign(&json!({"alg": "HS256", "typ": "JWT"}), claims, SECRET)
}

fn check(token: &str) -> Result<Caller, TokenError> {
    verify(
        token,
        &[key(None, Algorithm::Hs256, SECRET)],
        "finestra",
        Timestamp(NOW * 1_000),
    )
}

#[test]
fn a_good_token_becomes_a_caller() {
    let caller = check(&token(&claims())).unwrap();
    assert_eq!(caller.id.as_str(), "agent-1");
    assert_eq!(caller.name, "Giulia");
    assert_eq!(caller.role, Role::Agent);
    assert_eq!(
        caller.senders,
        Scope::These(vec![SenderId::trusted("milano")])
    );
    assert_eq!(caller.customers, None);
    assert_eq!(caller.expires, Timestamp((NOW + 300) * 1_000));
}

#[test]
fn a_token_made_elsewhere_verifies() {
    // Made with Python's `hmac` and `base64`, as another implementation.
    let token = concat!(
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.",
        "eyJhdWQiOiJmaW5lc3RyYSIsInN1YiI6InMiLCJyb2xlIjoic2VydmljZSIsImV4cCI6NDEwMjQ0NDgwMH0.",
        "aKwienXZFKXwHzOStjIhjUr9zBWnHMI_iN6WAUXqeZ4"
    );
    assert_eq!(check(token).map(|caller| caller.role), Ok(Role::Service));
}

#[test]
fn claims_decide() {
    let table = [
        ("expired", with("exp", json!(NOW)), Err(TokenError::Expired)),
        ("a second left", with("exp", json!(NOW + 1)), Ok(())),
        (
            "fraction of a second left",
            with("exp", json!(NOW as f64 + 0.25)),
            Ok(()),
        ),
        ("no exp", with("exp", Value::Null), Err(TokenError::Claims)),
        (
            "exp as text",
            with("exp", json!("4102444800")),
            Err(TokenError::Claims),
        ),
        (
            "exp before all time",
            with("exp", json!(-1e300)),
            Err(TokenError::Expired),
        ),
        ("nbf within the skew", with("nbf", json!(NOW + 60)), Ok(())),
        (
            "nbf ahead",
            with("nbf", json!(NOW + 61)),
            Err(TokenError::NotYetValid),
        ),
        (
            "iat ahead",
            with("iat", json!(NOW + 61)),
            Err(TokenError::NotYetValid),
        ),
        ("no iat", with("iat", Value::Null), Ok(())),
        (
            "another audience",
            with("aud", json!("crm")),
            Err(TokenError::Audience),
        ),
        (
            "audiences, ours among them",
            with("aud", json!(["crm", "finestra"])),
            Ok(()),
        ),
        (
            "audiences without ours",
            with("aud", json!(["crm"])),
            Err(TokenError::Audience),
        ),
        (
            "no audience",
            with("aud", Value::Null),
            Err(TokenError::Audience),
        ),
        (
            "audience as a number",
            with("aud", json!(1)),
            Err(TokenError::Claims),
        ),
        ("no sub", with("sub", Value::Null), Err(TokenError::Claims)),
        (
            "blank sub",
            with("sub", json!(" ")),
            Err(TokenError::Claims),
        ),
        (
            "endless sub",
            with("sub", json!("a".repeat(129))),
            Err(TokenError::Claims),
        ),
        (
            "no role",
            with("role", Value::Null),
            Err(TokenError::Claims),
        ),
        (
            "unknown role",
            with("role", json!("root")),
            Err(TokenError::Claims),
        ),
        (
            "a sender that is none",
            with("senders", json!(["Milano!"])),
            Err(TokenError::Claims),
        ),
        (
            "senders as text",
            with("senders", json!("*")),
            Err(TokenError::Claims),
        ),
        (
            "a customer that is none",
            with("customers", json!(["+393471234567", "347"])),
            Err(TokenError::Claims),
        ),
        (
            "customers as text",
            with("customers", json!("+393471234567")),
            Err(TokenError::Claims),
        ),
    ];
    for (name, claims, expected) in table {
        assert_eq!(check(&token(&claims)).map(|_| ()), expected, "{name}");
    }
    for name in ["senders", "customers"] {
        let mut claims = claims();
        claims[name] = Value::Null;
        assert_eq!(
            check(&token(&claims)).map(|_| ()),
            Err(TokenError::Claims),
            "{name}: null"
        );
    }
}

#[test]
fn headers_and_signatures_decide() {
    let good = token(&claims());
    let header = |alg: &str| json!({ "alg": alg });
    let unsigned = |alg: &str| {
        let token = sign(&header(alg), &claims(), SECRET);
        format!("{}.", token.rsplit_once('.').unwrap().0)
    };
    let critical = json!({"alg": "HS256", "crit": ["b64"]});
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let other_claims = URL_SAFE_NO_PAD.encode(with("role", json!("admin")).to_string());
    let first = signed.split_once('.').unwrap().0;
    let table = [
        ("none", unsigned("none"), TokenError::Algorithm),
        ("None", unsigned("None"), TokenError::Algorithm),
        (
            "none, signed",
            sign(&header("none"), &claims(), SECRET),
            TokenError::Algorithm,
        ),
        (
            "HS512",
            sign(&header("HS512"), &claims(), SECRET),
            TokenError::Algorithm,
        ),
        (
            "HS key with RS",
            sign(&header("RS256"), &claims(), SECRET),
            TokenError::Algorithm,
        ),
        (
            "hs256 in lower case",
            sign(&header("hs256"), &claims(), SECRET),
            TokenError::Algorithm,
        ),
        (
            "another secret",
            sign(&header("HS256"), &claims(), OTHER_SECRET),
            TokenError::Signature,
        ),
        (
            "claims exchanged",
            format!("{first}.{other_claims}.{signature}"),
            TokenError::Signature,
        ),
        ("no signature", format!("{signed}."), TokenError::Signature),
        (
            "half a signature",
            format!("{signed}.{}", signature.split_at(20).0),
            TokenError::Signature,
        ),
        (
            "signature is no base64",
            format!("{signed}.!!"),
            TokenError::Malformed,
        ),
        (
            "padded signature",
            format!("{good}="),
            TokenError::Malformed,
        ),
        (
            "critical extension",
            sign(&critical, &claims(), SECRET),
            TokenError::Malformed,
        ),
        (
            "no alg",
            sign(&json!({"typ": "JWT"}), &claims(), SECRET),
            TokenError::Malformed,
        ),
        ("two parts", signed.to_string(), TokenError::Malformed),
        ("four parts", format!("{good}.x"), TokenError::Malformed),
        ("nothing", String::new(), TokenError::Malformed),
        ("dots", "..".into(), TokenError::Malformed),
        ("endless", "a".repeat(LONGEST + 1), TokenError::Malformed),
    ];
    for (name, token, expected) in table {
        assert_eq!(check(&token).map(|_| ()), Err(expected), "{name}");
    }
}

#[test]
fn the_key_decides_the_algorithm() {
    let rs = key(
        Some("rs"),
        Algorithm::Rs256,
        "a public key that everybody knows, PEM",
    );
    let hs = key(Some("hs"), Algorithm::Hs256, SECRET);
    let keys = [rs.clone(), hs];
    let sign = |kid: Option<&str>, alg: &str, secret: &str| {
        sign(&json!({"alg": alg, "kid": kid}), &claims(), secret)
    };
    let check =
        |token: String| verify(&token, &keys, "finestra", Timestamp(NOW * 1_000)).map(|_| ());
    assert_eq!(check(sign(Some("hs"), "HS256", SECRET)), Ok(()));
    let public = std::str::from_utf8(&rs.material).unwrap();
    assert_eq!(
        check(sign(Some("rs"), "HS256", public)),
        Err(TokenError::Algorithm),
        "a public key as a secret"
    );
    assert_eq!(
        check(sign(Some("rs"), "RS256", public)),
        Err(TokenError::Signature),
        "not verified here"
    );
    assert_eq!(
        check(sign(Some("other"), "HS256", SECRET)),
        Err(TokenError::KeyUnknown)
    );
    assert_eq!(
        check(sign(None, "HS256", SECRET)),
        Err(TokenError::KeyUnknown)
    );
    assert_eq!(
        verify(&token(&claims()), &[], "finestra", Timestamp(0)).map(|_| ()),
        Err(TokenError::KeyUnknown)
    );
}

#[test]
fn the_scope_without_a_claim_depends_on_the_role() {
    for (role, expected) in [
        ("admin", Scope::All),
        ("supervisor", Scope::All),
        ("agent", Scope::These(vec![])),
        ("service", Scope::These(vec![])),
    ] {
        let mut claims = with("senders", Value::Null);
        claims["role"] = json!(role);
        assert_eq!(check(&token(&claims)).unwrap().senders, expected, "{role}");
    }
    assert_eq!(
        check(&token(&with("senders", json!(["*"]))))
            .unwrap()
            .senders,
        Scope::All
    );
    assert_eq!(
        check(&token(&with("senders", json!([])))).unwrap().senders,
        Scope::These(vec![])
    );
}

#[test]
fn customers_are_read_in_any_usual_writing() {
    let listed = json!(["0039 347 1234567", "whatsapp:IT.1349120"]);
    let caller = check(&token(&with("customers", listed))).unwrap();
    let expected = ["+393471234567", "IT.1349120"].map(CustomerAddress::trusted);
    assert_eq!(caller.customers, Some(expected.to_vec()));
    let none = check(&token(&with("customers", json!([])))).unwrap();
    assert_eq!(none.customers, Some(vec![]));
}

#[test]
fn only_the_authorization_header_counts() {
    let ask = |name: &'static str, value: &str| Ask {
        headers: vec![(name, value.into())],
        ..Ask::default()
    };
    assert_eq!(bearer(&ask("authorization", "Bearer abc")), Some("abc"));
    assert_eq!(bearer(&ask("authorization", "bearer abc")), Some("abc"));
    for (name, value) in [
        ("authorization", "Basic abc"),
        ("authorization", "abc"),
        ("authorization", "Bearer "),
        ("cookie", "Bearer abc"),
    ] {
        assert_eq!(bearer(&ask(name, value)), None, "{name}: {value}");
    }
}

#[cfg(feature = "simulated-clock")]
#[test]
fn minted_tokens_are_accepted() {
    assert!(check(&mint(&claims(), SECRET)).is_ok());
}
