//! Templates from Twilio and to Twilio, by REST: synchronised, handed in, approved, sent, taken back.

use edge_tests::setup::{NEW_SID, NEW_TOKEN, done, field, new_account, templates, told};
use serde_json::{Value, json};
use std::time::Instant;
use world::{Failure, Options, World, demo, until};

const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread")]
async fn two_thousand_templates_in_four_pages() -> Result<(), Failure> {
    let world = World::start(Options::default()).await?;
    new_account(&world).await?;
    let seeded = world
        .simulator
        .post(
            "/simulator/templates",
            &json!({ "account_sid": NEW_SID, "count": 2_000 }),
        )
        .await?;
    assert_eq!(seeded["sids"].as_array().map(Vec::len), Some(2_000));
    let before = templates(&world.rest).await?.len();
    let sync = async || {
        world
            .rest
            .post("/api/v1/accounts/roma/sync", &json!({}))
            .await
    };

    world
        .simulator
        .faults(
            json!({ "rest": [{ "kind": "500", "path": "/v1/ContentAndApprovals", "page": 3 }] }),
        )
        .await?;
    let begun = Instant::now();
    let first = done(sync()).await?;
    println!(
        "2,000 templates in {} pages: {} ms",
        first["pages"],
        begun.elapsed().as_millis()
    );
    assert_eq!(
        (&first["pages"], &first["seen"]),
        (&json!(4), &json!(2_000)),
        "{first}"
    );
    assert_eq!(
        first["added"],
        2_000 - first["unreadable"].as_u64().unwrap_or(0)
    );
    let all = templates(&world.rest).await?;
    assert_eq!(all.len(), before + 2_000);
    let begun = Instant::now();
    let again = done(sync()).await?;
    println!("the same again: {} ms", begun.elapsed().as_millis());
    assert_eq!(
        (&again["added"], &again["changed"]),
        (&json!(0), &json!(0)),
        "{again}"
    );

    // What has an unknown status is not approved; names repeat.
    let synced: Vec<&Value> = all.iter().filter(|one| !one["source"].is_null()).collect();
    let status = |one: &Value, word: &str| field(one, "/localizations/0/approval") == word;
    assert!(synced.iter().any(|one| status(one, "unknown")));
    let usable = synced
        .iter()
        .filter(|one| field(one, "/localizations/0/usable") == "anywhere");
    assert!(usable.clone().count() > 100);
    assert!(usable.clone().all(|one| status(one, "approved")));
    let mut names: Vec<&str> = synced
        .iter()
        .filter_map(|one| one["name"].as_str())
        .collect();
    names.sort_unstable();
    names.dedup();
    assert!(names.len() < synced.len(), "names repeat");

    // Cut off: nothing changes, and it says so.
    let gone = usable.clone().next().cloned().unwrap_or_default();
    let rejected = usable.clone().nth(1).cloned().unwrap_or_default();
    let sid = |one: &Value| {
        field(one, "/localizations/0/content_sid")
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    world
        .simulator
        .delete(&format!("/simulator/templates/{}", sid(gone)))
        .await?;
    world
        .simulator
        .post(
            &format!("/simulator/templates/{}/approval", sid(rejected)),
            &json!({ "status": "rejected", "reason": "too vague" }),
        )
        .await?;
    world
        .simulator
        .faults(json!({ "rest": [{ "kind": "cut_off", "path": "/v1/ContentAndApprovals", "page": 4, "count": 9 }] }))
        .await?;
    let cut = sync().await?;
    assert_eq!(told(&cut), (502, "twilio-unreachable"));
    let account = done(world.rest.get("/api/v1/accounts/roma")).await?;
    assert_eq!(field(&account, "/sync/stale"), true);
    assert_eq!(templates(&world.rest).await?.len(), before + 2_000);

    world.simulator.faults(json!({})).await?;
    let last = done(sync()).await?;
    assert_eq!(
        (&last["vanished"], &last["changed"]),
        (&json!(1), &json!(1)),
        "{last}"
    );
    let of = async |one: &Value| {
        let id = one["id"].as_str().unwrap_or_default();
        done(world.rest.get(&format!("/api/v1/templates/{id}"))).await
    };
    let (gone, rejected) = (of(gone).await?, of(rejected).await?);
    assert_eq!(field(&gone, "/localizations/0/why"), "vanished");
    assert!(gone["vanished_at"].is_i64());
    assert_eq!(
        field(&rejected, "/localizations/0/rejection_reason"),
        "too vague"
    );
    assert_eq!(field(&rejected, "/localizations/0/usable"), "nowhere");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_is_made_approved_sent_and_taken_back() -> Result<(), Failure> {
    let world = World::start(Options::default()).await?;
    new_account(&world).await?;
    let body = |text: &str| {
        json!({
            "name": "Consegna", "category": "utility", "default_language": "it", "senders": ["roma"],
            "localizations": [{
                "language": "it", "approval": "unsubmitted", "kind": "text", "body": text,
                "samples": [{ "name": "1", "value": "martedì" }],
            }],
        })
    };
    let put =
        async |text: &str| done(world.rest.put("/api/v1/templates/consegna", &body(text))).await;
    let submit = async || {
        let asked = json!({ "account": "roma", "language": "it" });
        world
            .rest
            .post("/api/v1/templates/consegna/submit", &asked)
            .await
    };
    put("{{1}} arriva il pacco").await?;
    let refused = submit().await?;
    assert_eq!(told(&refused), (422, "not-submittable"));
    let checked = json!({ "name": "consegna", "category": "utility", "language": "it", "body": "{{1}} arriva il pacco" });
    let checked = done(world.rest.post("/api/v1/templates/check", &checked)).await?;
    assert_eq!(field(&checked, "/findings/0/field"), "body", "{checked}");

    put("Il suo pacco arriva {{1}}, salvo imprevisti.").await?;
    // The answer is lost: the content is there all the same, and is found, not made again.
    world
        .simulator
        .faults(
            json!({ "rest": [{ "kind": "lost_answer", "method": "POST", "path": "/v1/Content" }] }),
        )
        .await?;
    assert_eq!(told(&submit().await?), (502, "twilio-unreachable"));
    let handed_in = done(submit()).await?;
    assert_eq!(
        field(&handed_in, "/localizations/0/approval"),
        "received",
        "{handed_in}"
    );
    assert_eq!(told(&submit().await?), (409, "already-submitted"));
    let sid = field(&handed_in, "/localizations/0/content_sid")
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let contents = world
        .simulator
        .twilio_get((NEW_SID, NEW_TOKEN), "/v1/Content")
        .await?;
    assert_eq!(
        contents["contents"].as_array().map(Vec::len),
        Some(1),
        "{contents}"
    );

    world
        .simulator
        .post(&format!("/simulator/templates/{sid}/review"), &json!({}))
        .await?;
    let refreshed = done(
        world
            .rest
            .post("/api/v1/templates/consegna/refresh", &json!({})),
    )
    .await?;
    assert_eq!(
        field(&refreshed, "/localizations/0/usable"),
        "anywhere",
        "{refreshed}"
    );

    done(world.rest.post("/api/v1/senders/roma/webhook", &json!({}))).await?;
    let thread = world.rest.thread("roma", demo::ANNA).await?;
    let path = format!("/api/v1/threads/{thread}/messages");
    let consent = json!({ "opt_in": { "source": "negozio", "wording": "sì" } });
    let keyed = async |path: &str, body: &Value, key: &str| {
        world
            .rest
            .call(
                reqwest::Method::POST,
                path,
                Some(body),
                &[("Idempotency-Key", key)],
            )
            .await
    };
    done(keyed(
        &format!("/api/v1/threads/{thread}/consent"),
        &consent,
        "agreed",
    ))
    .await?;
    let message = json!({ "template": { "id": "consegna", "language": "it", "values": [{ "name": "1", "value": "domani" }] } });
    done(keyed(&path, &message, "first")).await?;
    until("the phone has it", PATIENCE, async || {
        let phone = world.simulator.phone(demo::ANNA).await.ok()?;
        let texts = phone.bodies_from("+390612345678");
        texts
            .iter()
            .any(|text| text.contains("domani"))
            .then_some(())
    })
    .await?;
    let used = done(world.rest.get("/api/v1/templates/consegna")).await?;
    assert_eq!(field(&used, "/uses/0/sender"), "roma");

    // Rejected afterwards: from the next synchronisation on nothing leaves, inside the window either.
    world
        .simulator
        .post(
            &format!("/simulator/templates/{sid}/approval"),
            &json!({ "status": "paused" }),
        )
        .await?;
    done(world.rest.post("/api/v1/accounts/roma/sync", &json!({}))).await?;
    assert_eq!(
        told(&keyed(&path, &message, "second").await?),
        (409, "template-not-approved")
    );
    Ok(())
}
