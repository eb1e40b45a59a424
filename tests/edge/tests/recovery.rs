//! What Twilio could not deliver is taken in later, stamped with Twilio's own time.

use edge_tests::page;
use serde_json::json;
use world::{Failure, Inbound, Options, World, demo};

fn missed(from: &str, body: &str) -> Inbound {
    Inbound {
        webhook: Some("drop"),
        ..Inbound::text(from, demo::MILANO, body)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_request() -> Result<(), Failure> {
    let world = World::start(Options::default()).await?;
    let agent = world.rest_as("agent", "Giulia", &["milano"]);
    world
        .simulator
        .writes(&Inbound::text(demo::ANNA, demo::MILANO, "Arrivato"))
        .await?;
    world.simulator.writes(&missed(demo::ANNA, "Perso")).await?;
    world
        .simulator
        .writes(&missed(demo::BRUNO, "Perso anch'io"))
        .await?;
    world.simulator.advance(3 * 3_600_000).await?;
    for _ in 0..2 {
        let done = world
            .rest
            .post("/api/v1/accounts/demo/recover", &json!({}))
            .await?
            .expect_success()?;
        assert_eq!(done["failed"], 0, "{done}");
    }
    let anna = page::open(&agent, "milano", demo::ANNA).await?;
    assert_eq!(anna.messages.len(), 2, "each once");
    let bruno = page::open(&agent, "milano", demo::BRUNO).await?;
    let message = bruno
        .messages
        .get(&1)
        .ok_or_else(|| Failure::new("Bruno's message"))?;
    let age = bruno.now - message.at.0;
    assert!(
        (3 * 3_600_000 - 5_000..3 * 3_600_000 + 60_000).contains(&age),
        "stamped when it was written, {age} ms ago"
    );
    // Somebody who may not.
    assert_eq!(
        agent
            .post("/api/v1/accounts/demo/recover", &json!({}))
            .await?
            .status,
        403
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn after_an_outage_by_itself() -> Result<(), Failure> {
    let world = World::start(Options::default()).await?;
    let beat = async || {
        world
            .rest
            .post("/development/beat", &json!({}))
            .await
            .map(|answer| answer.status)
    };
    assert_eq!(beat().await?, 204);
    world.simulator.advance(5 * 60_000).await?;
    world.simulator.writes(&missed(demo::ANNA, "Perso")).await?;
    assert_eq!(beat().await?, 204);
    let thread = world.rest.thread("milano", demo::ANNA).await?;
    assert!(
        world.rest.messages(&thread).await?.is_empty(),
        "five minutes between two beats are no outage"
    );
    world.simulator.advance(60 * 60_000).await?;
    assert_eq!(beat().await?, 204);
    assert_eq!(world.rest.messages(&thread).await?.len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_the_number_wants() -> Result<(), Failure> {
    let world = World::start(Options::default()).await?;
    world.simulator.writes(&missed(demo::ANNA, "Perso")).await?;
    let thread = world.rest.thread("milano", demo::ANNA).await?;
    let later = 4_000_000_000_000_i64;
    for (from, expected) in [(json!(null), 0), (json!(later), 0), (json!(0), 1)] {
        let sender = json!({
            "account": "demo", "name": "Milano", "number": demo::MILANO, "language": "it", "recover_from": from,
        });
        world
            .rest
            .put("/api/v1/senders/milano", &sender)
            .await?
            .expect_success()?;
        world
            .rest
            .post("/api/v1/accounts/demo/recover", &json!({}))
            .await?
            .expect_success()?;
        let taken_in = world.rest.messages(&thread).await?.len();
        assert_eq!(taken_in, expected, "from {from}");
    }
    Ok(())
}
