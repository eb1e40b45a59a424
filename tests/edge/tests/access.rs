//! Who may do what? Every route, by every kind of caller.

use serde_json::{Value, json};
use world::{Claims, DEVELOPMENT_SECRET, Failure, Options, Rest, World, demo, mint};

/// A route as it is called: method, path, body.
type Route<'a> = (&'a str, String, Option<Value>);

async fn status(rest: &Rest, (method, path, body): &Route<'_>) -> Result<u16, Failure> {
    let answer = match (*method, body) {
        ("GET", _) => rest.get(path).await?,
        ("DELETE", _) => rest.delete(path).await?,
        ("PUT", Some(body)) => rest.put(path, body).await?,
        // Sending and consent want a key; the others ignore it.
        (_, Some(body)) => {
            rest.call(
                reqwest::Method::POST,
                path,
                Some(body),
                &[("Idempotency-Key", "access")],
            )
            .await?
        }
        (_, None) => return Err(Failure::new("a body")),
    };
    Ok(answer.status)
}

#[tokio::test(flavor = "multi_thread")]
async fn route_by_role_by_scope() -> Result<(), Failure> {
    let world = World::start(Options::default()).await?;
    let thread = world.rest.thread("milano", demo::ANNA).await?;
    let message = "0123456789abcdef0123456789abcdef";
    let v1 = |path: &str| format!("/api/v1/{path}");
    let talk: Vec<Route> = vec![
        (
            "POST",
            v1("sessions/lookup"),
            Some(json!({ "sender": "milano", "customers": [demo::ANNA] })),
        ),
        ("GET", v1(&format!("sessions/{thread}")), None),
        (
            "POST",
            v1("threads"),
            Some(json!({ "sender": "milano", "customer": demo::ANNA })),
        ),
        ("GET", v1(&format!("threads/{thread}/messages")), None),
        (
            "POST",
            v1(&format!("threads/{thread}/messages")),
            Some(json!({ "text": "Ciao" })),
        ),
        (
            "POST",
            v1(&format!("threads/{thread}/messages/{message}/decision")),
            Some(json!({ "choice": "lost" })),
        ),
        (
            "POST",
            v1(&format!("threads/{thread}/consent")),
            Some(json!({ "opt_in": { "source": "a", "wording": "b" } })),
        ),
        (
            "POST",
            v1("tickets"),
            Some(json!({ "sender": "milano", "customer": demo::ANNA })),
        ),
    ];
    let sender = json!({ "account": "demo", "name": "Finestra Milano", "number": demo::MILANO, "language": "it" });
    let set_up: Vec<Route> = vec![
        ("PUT", v1("senders/milano"), Some(sender)),
        ("DELETE", v1("accounts/nothing-here"), None),
        ("POST", v1("accounts/demo/recover"), Some(json!({}))),
        ("POST", v1("accounts/demo/check"), Some(json!({}))),
        ("POST", v1("accounts/demo/sync"), Some(json!({}))),
        ("POST", v1("senders/milano/webhook"), Some(json!({}))),
        ("DELETE", v1("senders/nothing-here?history=erase"), None),
        (
            "PUT",
            v1("workstreams/support"),
            Some(json!({ "name": "Support", "distribution": "push" })),
        ),
        ("DELETE", v1("workstreams/nothing-here"), None),
        ("DELETE", v1("templates/nothing-here"), None),
        (
            "POST",
            v1("templates/nothing-here/submit"),
            Some(json!({ "account": "demo", "language": "it" })),
        ),
        (
            "POST",
            v1("templates/nothing-here/refresh"),
            Some(json!({})),
        ),
        (
            "POST",
            v1("configuration?dry_run=true"),
            Some(json!({ "finestra": 1 })),
        ),
    ];
    let look: Vec<Route> = vec![
        ("GET", v1("accounts"), None),
        ("GET", v1("accounts/demo"), None),
        ("GET", v1("accounts/demo/unrouted"), None),
        ("GET", v1("accounts/demo/consequences"), None),
        ("GET", v1("senders/milano/consequences"), None),
        ("GET", v1("workstreams"), None),
        ("GET", v1("audit"), None),
        ("GET", v1("audit.csv"), None),
        ("GET", v1("configuration"), None),
        (
            "POST",
            v1("templates/check"),
            Some(json!({ "category": "utility", "body": "Ciao" })),
        ),
    ];

    let token = |claims: Value| {
        use std::time::{SystemTime, UNIX_EPOCH};
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs());
        let mut full = json!({ "aud": "finestra", "sub": "somebody", "name": "S", "role": "agent", "senders": ["milano"], "iat": now, "exp": now + 600 });
        if let (Some(full), Value::Object(claims)) = (full.as_object_mut(), claims) {
            full.extend(claims);
        }
        mint(DEVELOPMENT_SECRET, &full)
    };
    let as_token = |token: String| Rest::new(world.edge_url(), token);

    // Without a token that counts, nothing at all.
    let now_past = json!({ "iat": 1, "exp": 2 });
    // `{"alg":"none"}`, the claims of a good token, and no signature.
    let good = world.token("admin", "X", &["*"]);
    let none = format!(
        "eyJhbGciOiJub25lIn0.{}.",
        good.split('.').nth(1).unwrap_or_default()
    );
    let strangers = [
        String::new(),
        "nonsense".into(),
        token(now_past),
        token(json!({ "aud": "somebody-else" })),
        token(json!({ "role": "emperor" })),
        mint(
            "another secret of at least thirty-two bytes",
            &Claims::new("admin", "X", &["*"], 600),
        ),
        none,
    ];
    for stranger in strangers {
        let stranger = as_token(stranger);
        for route in talk.iter().chain(&set_up).chain(&look) {
            assert_eq!(status(&stranger, route).await?, 401, "{route:?}");
        }
    }
    // Out of scope, by number or by customer: as if it did not exist.
    let elsewhere = [
        token(json!({ "senders": ["london"] })),
        token(json!({ "customers": [demo::BRUNO] })),
        token(json!({ "senders": [] })),
    ];
    for outsider in elsewhere {
        let outsider = as_token(outsider);
        for route in &talk {
            let got = status(&outsider, route).await?;
            // The look-up answers for the list, and tells nothing of whom it may not see.
            if route.1.ends_with("lookup") && got == 200 {
                let found = outsider.sessions("milano", &[demo::ANNA]).await?;
                assert!(
                    found[0]["thread"].is_null() && found[0]["session"].is_null(),
                    "{found:?}"
                );
            } else {
                assert_eq!(got, 404, "{route:?}");
            }
        }
    }
    // In scope: agents and programs talk, and leave the set-up alone.
    for role in ["agent", "service"] {
        let inside = as_token(token(json!({ "role": role, "customers": [demo::ANNA] })));
        for route in &talk {
            let got = status(&inside, route).await?;
            let expected = match route.1.as_str() {
                path if path.ends_with("decision") => 404,
                path if path.ends_with("messages") && route.0 == "POST" => 409,
                _ => 200,
            };
            assert_eq!(got, expected, "{role} {route:?}");
        }
        for route in set_up.iter().chain(&look) {
            assert_eq!(status(&inside, route).await?, 403, "{role} {route:?}");
        }
    }
    // Supervisors look, admins change.
    let supervisor = world.rest_as("supervisor", "Sara", &["*"]);
    let admin = world.rest_as("admin", "Aldo", &["*"]);
    for route in &look {
        assert_eq!(
            (
                status(&supervisor, route).await?,
                status(&admin, route).await?
            ),
            (200, 200),
            "{route:?}"
        );
    }
    for route in &set_up {
        assert_eq!(status(&supervisor, route).await?, 403, "{route:?}");
        let done = status(&admin, route).await?;
        assert!(matches!(done, 200 | 201 | 204 | 404), "{route:?} {done}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_other_origins() -> Result<(), Failure> {
    let world = World::start(Options {
        vars: [(
            "ALLOWED_ORIGINS".to_owned(),
            "https://crm.example".to_owned(),
        )]
        .into(),
        ..Options::default()
    })
    .await?;
    let url = format!("{}/api/v1/tickets", world.edge_url());
    let preflight = async |origin: &str| {
        let answer = reqwest::Client::new()
            .request(reqwest::Method::OPTIONS, &url)
            .header("origin", origin)
            .send()
            .await?;
        let allowed = answer
            .headers()
            .get("access-control-allow-origin")
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        Ok::<_, Failure>((answer.status().as_u16(), allowed))
    };
    assert_eq!(
        preflight("https://crm.example").await?,
        (204, Some("https://crm.example".into()))
    );
    assert_eq!(preflight("https://evil.example").await?, (204, None));
    let token = world.token("agent", "Giulia", &["milano"]);
    let answer = reqwest::Client::new()
        .post(&url)
        .header("origin", "https://evil.example")
        .bearer_auth(token)
        .json(&json!({ "sender": "milano", "customer": demo::ANNA }))
        .send()
        .await?;
    assert_eq!(answer.status().as_u16(), 403);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn health_names_the_build() -> Result<(), Failure> {
    let world = World::start(Options::default()).await?;
    let health = world.rest.get("/healthz").await?.expect_success()?;
    assert_eq!(health["protocol"], shared::protocol::FINGERPRINT);
    assert_eq!(health["features"], json!(["simulated-clock"]));
    let document = world
        .rest
        .with_token(String::new())
        .get("/api/v1/openapi.json")
        .await?
        .expect_success()?;
    assert!(
        document["paths"]
            .as_object()
            .is_some_and(|paths| paths.len() > 10)
    );
    Ok(())
}
