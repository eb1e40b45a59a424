//! No token and no secret leaves: known ones are planted, and everything that comes out or lies somewhere is
//! searched for them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::{Value, json};
use std::path::Path;
use world::{DEVELOPMENT_SECRET, Failure, Inbound, Options, World, demo};

const SID: &str = "ACc0ffee0000000000000000000000beef";
const TOKEN: &str = "5ec2e75ec2e75ec2e75ec2e75ec2e701";
const NEXT_TOKEN: &str = "5ec2e75ec2e75ec2e75ec2e75ec2e702";
const KEY_SECRET: &str = "planted-secret-of-the-api-key-03";
const WRONG: &str = "a token with spaces 5ec2e7-04";

/// What must be nowhere, and how it would look inside an `Authorization` header.
fn planted() -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = [TOKEN, NEXT_TOKEN, KEY_SECRET, WRONG, DEVELOPMENT_SECRET]
        .map(|secret| secret.as_bytes().to_vec())
        .to_vec();
    for (user, password) in [
        (SID, TOKEN),
        ("SK0123456789abcdef0123456789abcdef", KEY_SECRET),
    ] {
        all.push(STANDARD.encode(format!("{user}:{password}")).into_bytes());
    }
    all
}

fn search(place: &str, bytes: &[u8]) {
    for secret in planted() {
        let found = bytes.windows(secret.len()).any(|window| window == secret);
        assert!(
            !found,
            "{} stands in {place}",
            String::from_utf8_lossy(&secret)
        );
    }
}

fn search_folder(folder: &Path) -> Result<usize, Failure> {
    let mut files = 0;
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files += search_folder(&path)?;
        } else {
            search(&path.display().to_string(), &std::fs::read(&path)?);
            files += 1;
        }
    }
    Ok(files)
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_leaves_or_lies_about_tells_a_secret() -> Result<(), Failure> {
    let mut world = World::start(Options::default()).await?;
    let number = json!([{ "number": "+390612345678" }]);
    world.simulator.register(SID, TOKEN, number).await?;
    let key = json!({ "sid": "SK0123456789abcdef0123456789abcdef", "secret": KEY_SECRET });
    world
        .simulator
        .post(&format!("/simulator/accounts/{SID}/keys"), &key)
        .await?;
    let account = json!({
        "name": "Roma", "account_sid": SID, "auth_token": TOKEN, "next_auth_token": NEXT_TOKEN, "api_key": key,
    });
    let sender =
        json!({ "account": "roma", "name": "Roma", "number": "+390612345678", "language": "it" });
    let mut wrong = account.clone();
    wrong["auth_token"] = WRONG.into();
    let mut taken = account.clone();
    taken["account_sid"] = demo::ACCOUNT_SID.into();

    let mut seen = Vec::new();
    for (method, path, body) in [
        (Method::PUT, "accounts/roma", Some(&account)),
        (Method::PUT, "accounts/roma", Some(&wrong)),
        (Method::PUT, "accounts/other", Some(&taken)),
        (Method::PUT, "senders/roma", Some(&sender)),
        (Method::POST, "accounts/roma/check", Some(&Value::Null)),
        (Method::POST, "senders/roma/webhook", Some(&Value::Null)),
        (Method::POST, "accounts/roma/sync", Some(&Value::Null)),
        (Method::PUT, "accounts/roma", Some(&account)),
    ] {
        let body = body.filter(|body| !body.is_null());
        let answer = world
            .rest
            .call(method, &format!("/api/v1/{path}"), body, &[])
            .await?;
        seen.push((
            path.to_string(),
            format!("{} {}", answer.status, answer.body),
        ));
    }
    world
        .simulator
        .writes(&Inbound::text(demo::ANNA, "+390612345678", "Ciao"))
        .await?;
    // A webhook whose signature is wrong, and one that belongs nowhere.
    world
        .rest
        .call(
            Method::POST,
            "/twilio/roma/messages",
            None,
            &[
                ("x-twilio-signature", "bm8="),
                ("content-type", "application/x-www-form-urlencoded"),
            ],
        )
        .await?;
    let file = world.rest.get("/api/v1/configuration").await?.body;
    let imported = world.rest.post("/api/v1/configuration", &file).await?;
    seen.push(("import".into(), imported.body.to_string()));
    for path in [
        "accounts",
        "accounts/roma",
        "accounts/roma/unrouted",
        "accounts/roma/consequences",
        "senders",
        "senders/roma",
        "senders/roma/consequences",
        "workstreams",
        "templates",
        "audit?limit=200",
        "audit.csv",
        "configuration",
        "openapi.json",
    ] {
        let answer = world.rest.get(&format!("/api/v1/{path}")).await?;
        assert_eq!(answer.status, 200, "{path}");
        seen.push((
            path.to_string(),
            format!("{:?} {}", answer.headers, answer.body),
        ));
    }
    for (place, text) in &seen {
        search(place, text.as_bytes());
    }
    // The test can fail: the token is known to be in use.
    let account = world.rest.get("/api/v1/accounts/roma").await?.body;
    assert_eq!(
        account.pointer("/check/token"),
        Some(&json!("ok")),
        "{account}"
    );
    assert_eq!(account.pointer("/check/api_key"), Some(&json!("ok")));
    // Whatever workerd holds back is written when it ends: KV, the objects' databases, logs.
    world.kill_edge();
    let files = search_folder(world.folder())?;
    assert!(files > 5, "{files} files were searched");
    Ok(())
}
