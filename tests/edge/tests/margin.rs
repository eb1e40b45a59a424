//! Our clock and WhatsApp's: with webhooks no later than the margin it refuses nothing that we let
//! through; with later ones each refusal closes the window and gives the text back, once.

use edge_tests::page::{self, Page};
use serde_json::json;
use shared::protocol::Frame;
use world::{Failure, Inbound, Options, World, demo};

/// Sets the margin, has a customer write with a late webhook, and goes to just before we close.
async fn just_before_we_close(margin_ms: i64, delay_ms: i64) -> Result<(World, Page), Failure> {
    let world = World::start(Options {
        refusals: delay_ms > margin_ms,
        ..Options::default()
    })
    .await?;
    let sender = json!({ "account": "demo", "name": "Finestra Milano", "number": demo::MILANO, "language": "it", "margin_ms": margin_ms });
    world
        .rest
        .put("/api/v1/senders/milano", &sender)
        .await?
        .expect_success()?;
    let agent = world.rest_as("agent", "Giulia", &["milano"]);
    let mut page = page::open(&agent, "milano", demo::ANNA).await?;
    world
        .simulator
        .faults(json!({ "webhook_delay_ms": delay_ms }))
        .await?;
    world
        .simulator
        .writes(&Inbound::text(demo::ANNA, demo::MILANO, "Ciao"))
        .await?;
    page.until("the late webhook", |page| page.messages.get(&1).map(|_| ()))
        .await?;
    world.simulator.faults(json!({})).await?;
    let closes = page
        .thread
        .as_ref()
        .and_then(|thread| thread.window.closes_at(page.sender.as_ref()?.margin));
    let closes = closes.ok_or_else(|| Failure::new("open"))?.0;
    world.simulator.advance(closes - page.now - 1_500).await?;
    Ok((world, page))
}

#[tokio::test(flavor = "multi_thread")]
async fn below_the_margin_whatsapp_refuses_nothing() -> Result<(), Failure> {
    let (world, mut page) = just_before_we_close(4_000, 1_000).await?;
    let answer = page.say("c1", "Appena in tempo").await?;
    assert!(matches!(answer, Frame::Accepted { .. }), "{answer:?}");
    page.until("delivered", |page| {
        page.messages
            .get(&2)
            .filter(|message| message.delivery.status >= shared::delivery::Status::Delivered)
            .map(|_| ())
    })
    .await?;
    assert_eq!(world.simulator.log().await?.refused_63016, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn above_it_each_refusal_closes_the_window_and_gives_the_text_back() -> Result<(), Failure> {
    let (world, mut page) = just_before_we_close(0, 5_000).await?;
    let answer = page.say("c1", "Troppo tardi").await?;
    assert!(matches!(answer, Frame::Accepted { .. }), "{answer:?}");
    let returned = |page: &mut Page| {
        page.frames
            .iter()
            .filter(|frame| matches!(frame, Frame::GivenBack { .. }))
            .count()
    };
    page.until("the text", |page| (returned(page) > 0).then_some(()))
        .await?;
    page.until("the reason", |page| {
        page.messages
            .get(&2)
            .filter(|message| message.delivery.code == Some(63_016))
            .map(|_| ())
    })
    .await?;
    assert!(
        page.thread
            .as_ref()
            .is_some_and(|thread| thread.window.forced_closed.is_some())
    );
    assert_eq!(
        (
            returned(&mut page),
            world.simulator.log().await?.refused_63016
        ),
        (1, 1)
    );
    Ok(())
}
