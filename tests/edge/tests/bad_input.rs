//! Bad input, and what it gets: nothing is stored, nothing leaves, and everybody is told why. What the rule refuses
//! stands in `refusals.rs`.

use edge_tests::webhook::{self, post, raw, text, with};
use serde_json::json;
use shared::twilio::{form, signature};
use world::{Failure, Inbound, Options, World, demo};

const PATH: &str = "/twilio/demo/messages";
const FORM: &str = "application/x-www-form-urlencoded";

fn sid(n: u32) -> String {
    format!("SM{n:032x}")
}

async fn inbound_count(world: &World, customer: &str) -> Result<usize, Failure> {
    let thread = world.rest.thread("milano", customer).await?;
    Ok(world.rest.messages(&thread).await?.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks() -> Result<(), Failure> {
    let world = World::start(Options::default()).await?;
    let good = text(&sid(1), demo::ANNA, "Ciao");
    let token = Some(demo::AUTH_TOKEN);

    // Forged, missing, truncated: 403, nothing stored.
    assert_eq!(
        post(&world, PATH, &good, Some("another token"))
            .await?
            .status,
        403
    );
    assert_eq!(post(&world, PATH, &good, None).await?.status, 403);
    let url = format!("{}{PATH}", world.edge_url());
    let signed = signature::sign(demo::AUTH_TOKEN, &url, &good);
    let truncated = signed[..signed.len() - 4].to_owned();
    let body = form::print(&good).into_bytes();
    assert_eq!(
        raw(&url, FORM, body.clone(), Some(truncated)).await?.status,
        403
    );
    let changed = form::print(&with(good.clone(), "Body", "Altro")).into_bytes();
    assert_eq!(
        raw(&url, FORM, changed, Some(signed.clone())).await?.status,
        403
    );
    assert_eq!(inbound_count(&world, demo::ANNA).await?, 0);

    // Unknown account: 404.
    assert_eq!(
        post(&world, "/twilio/nobody/messages", &good, token)
            .await?
            .status,
        404
    );
    assert_eq!(
        post(&world, "/twilio/No%20Slug/messages", &good, token)
            .await?
            .status,
        404
    );

    // Not a form, too long, broken: 4xx with a reason.
    let answer = raw(
        &url,
        "application/json",
        b"{}".to_vec(),
        Some(signed.clone()),
    )
    .await?;
    assert_eq!(
        (answer.status, answer.content_type.as_str()),
        (415, "application/problem+json"),
        "{}",
        answer.body
    );
    assert_eq!(
        raw(&url, FORM, vec![b'a'; 65_537], Some(signed.clone()))
            .await?
            .status,
        413
    );
    assert_eq!(
        raw(&url, FORM, b"Body=%zz".to_vec(), Some(signed.clone()))
            .await?
            .status,
        400
    );
    let got = reqwest::get(&url).await?.status().as_u16();
    assert_eq!(got, 405);

    // Genuine: 200 with an empty TwiML, and once only.
    let answer = post(&world, PATH, &good, token).await?;
    assert_eq!(
        (answer.status, answer.content_type.as_str()),
        (200, "text/xml"),
        "{}",
        answer.body
    );
    assert!(answer.body.ends_with("<Response/>"), "{}", answer.body);
    for _ in 0..3 {
        assert_eq!(post(&world, PATH, &good, token).await?.status, 200);
    }
    assert_eq!(inbound_count(&world, demo::ANNA).await?, 1);

    // Known account, but `To` or `AccountSid` not its own: 200, kept as unrouted.
    let elsewhere = with(
        text(&sid(2), demo::ANNA, "Ciao"),
        "To",
        "whatsapp:+390299999999",
    );
    assert_eq!(post(&world, PATH, &elsewhere, token).await?.status, 200);
    let other = with(
        text(&sid(3), demo::ANNA, "Ciao"),
        "AccountSid",
        "ACffffffffffffffffffffffffffffffff",
    );
    assert_eq!(post(&world, PATH, &other, token).await?.status, 200);
    let ourselves = text(&sid(4), demo::MILANO, "Ciao");
    assert_eq!(post(&world, PATH, &ourselves, token).await?.status, 200);
    let unrouted = world
        .rest
        .get("/api/v1/accounts/demo/unrouted")
        .await?
        .expect_success()?
        .to_string();
    for n in 2..=4 {
        assert!(unrouted.contains(&sid(n)), "{unrouted}");
    }
    assert_eq!(inbound_count(&world, demo::ANNA).await?, 1);

    // Unknown status: 204.
    let status: Vec<(String, String)> = [
        ("MessageSid", sid(9)),
        ("AccountSid", demo::ACCOUNT_SID.into()),
        ("MessageStatus", "teleported".into()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    assert_eq!(
        post(&world, "/twilio/demo/status?m=x.y", &status, token)
            .await?
            .status,
        204
    );
    assert_eq!(
        post(&world, "/twilio/demo/status?m=x.y", &status, None)
            .await?
            .status,
        403
    );

    // Refused signatures are counted, and secrets are nowhere.
    let account = world::until("the count", std::time::Duration::from_secs(5), async || {
        let account = world.rest.get("/api/v1/accounts/demo").await.ok()?.body;
        account.to_string().contains("refused").then_some(account)
    })
    .await?;
    assert!(!account.to_string().contains(demo::AUTH_TOKEN), "{account}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_over_every_writing_of_the_url() -> Result<(), Failure> {
    let world = World::start(Options::default()).await?;
    // Apostrophe and port variants in a status URL; both tokens during a rotation.
    world
        .rest
        .put("/api/v1/accounts/demo", &json!({ "name": "Demo", "account_sid": demo::ACCOUNT_SID, "auth_token": demo::AUTH_TOKEN, "next_auth_token": "fedcba9876543210fedcba9876543210" }))
        .await?
        .expect_success()?;
    let good = text(&sid(1), demo::ANNA, "L'altro è più vecchio");
    assert_eq!(
        post(&world, PATH, &good, Some(demo::AUTH_TOKEN))
            .await?
            .status,
        200
    );
    let next = text(&sid(2), demo::ANNA, "nuovo");
    assert_eq!(
        post(
            &world,
            PATH,
            &next,
            Some("fedcba9876543210fedcba9876543210")
        )
        .await?
        .status,
        200
    );
    let url = format!("{}{PATH}", world.edge_url());
    let without_port = url
        .rsplit_once(':')
        .map(|(host, _)| format!("{host}{PATH}"))
        .unwrap_or_default();
    let third = text(&sid(3), demo::ANNA, "senza porta");
    let signed = signature::sign(demo::AUTH_TOKEN, &without_port, &third);
    assert_eq!(
        raw(&url, FORM, form::print(&third).into_bytes(), Some(signed))
            .await?
            .status,
        200
    );
    assert_eq!(inbound_count(&world, demo::ANNA).await?, 3);
    let status = webhook::with(
        webhook::with(text(&sid(7), demo::ANNA, ""), "MessageStatus", "sent"),
        "SmsStatus",
        "sent",
    );
    let raw_url = format!("{}/twilio/demo/status?m=it%27s", world.edge_url());
    let signed = signature::sign(demo::AUTH_TOKEN, &raw_url.replace("%27", "'"), &status);
    assert_eq!(
        raw(
            &raw_url,
            FORM,
            form::print(&status).into_bytes(),
            Some(signed)
        )
        .await?
        .status,
        204
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_to_send_that_are_none() -> Result<(), Failure> {
    let world = World::start(Options::default()).await?;
    let agent = world.rest_as("agent", "Giulia", &["milano"]);
    let thread = agent.thread("milano", demo::ANNA).await?;
    let inbound = Inbound::text(demo::ANNA, demo::MILANO, "Ciao");
    world.simulator.writes(&inbound).await?;
    let answer = agent.send(&thread, "k", &json!({})).await?;
    assert_eq!(answer.status, 400, "{}", answer.body);
    let path = format!("/api/v1/threads/{thread}/messages");
    let answer = agent.post(&path, &json!({ "text": "a" })).await?;
    assert_eq!(
        (answer.status, answer.body["code"].as_str()),
        (400, Some("idempotency-key-missing")),
        "{}",
        answer.body
    );
    let national = json!({ "sender": "milano", "customer": "347 1234567" });
    let answer = agent.post("/api/v1/threads", &national).await?;
    assert_eq!(
        (answer.status, answer.body["code"].as_str()),
        (400, Some("address-country-missing")),
        "{}",
        answer.body
    );
    assert!(world.simulator.log().await?.creates.is_empty());
    Ok(())
}
