//! What becomes of a message that Twilio takes, does not take, or says nothing about?

use edge_tests::page;
use serde_json::json;
use shared::delivery::Status;
use shared::message::Stage;
use shared::policy::Refusal;
use shared::protocol::{Command, Frame};
use shared::thread::Choice;
use world::{Failure, Inbound, Options, World, demo};

async fn started() -> Result<(World, page::Page), Failure> {
    let world = World::start(Options::default()).await?;
    let agent = world.rest_as("agent", "Giulia", &["milano"]);
    world
        .simulator
        .writes(&Inbound::text(demo::ANNA, demo::MILANO, "Ciao"))
        .await?;
    let page = page::open(&agent, "milano", demo::ANNA).await?;
    Ok((world, page))
}

fn creates(log: &world::Log, body: &str) -> usize {
    log.creates
        .iter()
        .filter(|create| create["params"]["Body"] == body && create["sid"].is_string())
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn repeating_changes_nothing() -> Result<(), Failure> {
    let (world, mut page) = started().await?;
    let first = page.say("same", "Una volta sola").await?;
    let again = page.say("same", "Una volta sola").await?;
    assert_eq!(first, again);
    let other = page.say("same", "Altro").await?;
    assert!(matches!(other, Frame::Failed { .. }), "{other:?}");
    // The same through REST.
    let agent = world.rest_as("agent", "Giulia", &["milano"]);
    let thread = agent.thread("milano", demo::ANNA).await?;
    let one = agent.send_text(&thread, "key", "Per REST").await?;
    let two = agent.send_text(&thread, "key", "Per REST").await?;
    assert_eq!((one.status, &one.body["id"]), (202, &two.body["id"]));
    let reused = agent.send_text(&thread, "key", "Altro").await?;
    assert_eq!(
        (reused.status, reused.body["code"].as_str()),
        (422, Some("idempotency-key-reused"))
    );
    page.until("both delivered", |page| {
        let delivered = page
            .messages
            .values()
            .filter(|message| message.delivery.status >= Status::Delivered)
            .count();
        (delivered == 2).then_some(())
    })
    .await?;
    let log = world.simulator.log().await?;
    assert_eq!(
        (
            creates(&log, "Una volta sola"),
            creates(&log, "Per REST"),
            log.creates.len()
        ),
        (1, 1, 2)
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_requests_are_tried_again() -> Result<(), Failure> {
    let (world, mut page) = started().await?;
    world
        .simulator
        .faults(json!({ "fail_next": [{ "kind": "429", "count": 2 }] }))
        .await?;
    page.say("c1", "Con pazienza").await?;
    page.until("it leaves", |page| {
        page.messages
            .get(&2)
            .filter(|message| message.delivery.status >= Status::Delivered)
            .map(|_| ())
    })
    .await?;
    assert_eq!(creates(&world.simulator.log().await?, "Con pazienza"), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_settled_and_never_repeated() -> Result<(), Failure> {
    let (world, mut page) = started().await?;
    // The first status callback carries our own name for the message.
    world
        .simulator
        .faults(json!({ "fail_next": [{ "kind": "lost_answer", "count": 1 }] }))
        .await?;
    page.say("c1", "Risposta persa").await?;
    page.until("settled by its callback", |page| {
        page.messages
            .get(&2)
            .filter(|message| {
                matches!(message.stage, Stage::HandedOver { .. }) && message.sid.is_some()
            })
            .map(|_| ())
    })
    .await?;
    // Without callbacks, Twilio's list settles it.
    world
        .simulator
        .faults(
            json!({ "fail_next": [{ "kind": "lost_answer", "count": 1 }], "drop_callbacks": true }),
        )
        .await?;
    page.say("c2", "Anche il resto perso").await?;
    page.until("unconfirmed", |page| {
        page.messages
            .get(&3)
            .filter(|message| matches!(message.stage, Stage::Unconfirmed { .. }))
            .map(|_| ())
    })
    .await?;
    world.simulator.advance(6_000).await?;
    page.until("settled by a search", |page| {
        page.messages
            .get(&3)
            .filter(|message| message.sid.is_some())
            .map(|_| ())
    })
    .await?;
    let log = world.simulator.log().await?;
    assert_eq!(
        (
            creates(&log, "Risposta persa"),
            creates(&log, "Anche il resto perso")
        ),
        (1, 1)
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_never_arrived_is_asked_about_after_ten_minutes() -> Result<(), Failure> {
    let (world, mut page) = started().await?;
    world
        .simulator
        .faults(json!({ "fail_next": [{ "kind": "500", "count": 1 }] }))
        .await?;
    page.say("c1", "Forse").await?;
    page.until("unconfirmed", |page| {
        page.messages
            .get(&2)
            .filter(|message| matches!(message.stage, Stage::Unconfirmed { ask: false, .. }))
            .map(|_| ())
    })
    .await?;
    world.simulator.advance(11 * 60_000).await?;
    let id = page
        .until("the question", |page| {
            page.messages
                .get(&2)
                .filter(|message| matches!(message.stage, Stage::Unconfirmed { ask: true, .. }))
                .map(|message| message.id.clone())
        })
        .await?;
    let client = shared::id::ClientId::trusted("d1");
    page.send(&Command::Decide {
        client: client.clone(),
        message: id.clone(),
        choice: Choice::Lost,
    })
    .await?;
    assert!(matches!(
        page.answer(&client).await?,
        Frame::Accepted { .. }
    ));
    page.until("failed", |page| {
        page.messages
            .get(&2)
            .filter(|message| message.stage == Stage::Failed { code: None })
            .map(|_| ())
    })
    .await?;
    // Sent again because somebody chose to.
    let again = shared::id::ClientId::trusted("a1");
    page.send(&Command::SendAgain {
        client: again.clone(),
        message: id,
    })
    .await?;
    assert!(matches!(page.answer(&again).await?, Frame::Accepted { .. }));
    page.until("it leaves", |page| {
        page.messages
            .get(&3)
            .filter(|message| message.delivery.status >= Status::Delivered)
            .map(|_| ())
    })
    .await?;
    assert_eq!(creates(&world.simulator.log().await?, "Forse"), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_of_whatsapps_closes_the_window_and_gives_the_text_back_once()
-> Result<(), Failure> {
    let (world, mut page) = started().await?;
    for status in ["undelivered", "failed"] {
        world
            .simulator
            .faults(json!({ "error_next": { "code": 63016, "count": 1, "status": status } }))
            .await?;
        let body = format!("Troppo tardi, {status}");
        let place = page.messages.len() as u64 + 1;
        page.say(&format!("c-{status}"), &body).await?;
        page.until("the refusal", |page| {
            page.messages
                .get(&place)
                .filter(|message| message.delivery.code == Some(63_016))
                .map(|_| ())
        })
        .await?;
        let returned = page
            .until("the text", |page| {
                page.frames.iter().find_map(|frame| match frame {
                    Frame::GivenBack {
                        proposal, refusal, ..
                    } => Some((proposal.clone(), refusal.clone())),
                    _ => None,
                })
            })
            .await?;
        assert!(
            matches!(returned.1, Refusal::WindowClosed { since: Some(_) }),
            "{returned:?}"
        );
        assert_eq!(
            page.frames
                .iter()
                .filter(|frame| matches!(frame, Frame::GivenBack { .. }))
                .count(),
            1
        );
        page.frames.clear();
        let closed = page.say(&format!("d-{status}"), "Ancora").await?;
        assert!(
            matches!(
                closed,
                Frame::Refused {
                    refusal: Refusal::WindowClosed { .. },
                    ..
                }
            ),
            "{closed:?}"
        );
        // The customer writes: open again.
        world
            .simulator
            .writes(&Inbound::text(demo::ANNA, demo::MILANO, "Eccomi"))
            .await?;
        page.until("open again", |page| {
            page.thread
                .as_ref()
                .filter(|thread| thread.window.last_inbound > thread.window.forced_closed)
                .map(|_| ())
        })
        .await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_that_whatsapp_takes_back_is_refused_from_that_moment() -> Result<(), Failure> {
    let (world, mut page) = started().await?;
    let proposal = shared::policy::Proposal::Template {
        template: shared::id::TemplateId::trusted("continue-conversation"),
        language: "it".into(),
        values: vec![],
    };
    assert!(matches!(
        page.propose("c1", proposal.clone()).await?,
        Frame::Accepted { .. }
    ));
    let mut template = world
        .rest
        .get("/api/v1/templates/continue-conversation")
        .await?
        .expect_success()?;
    let localizations = template["localizations"]
        .as_array_mut()
        .expect("localizations");
    for localization in localizations {
        localization["approval"] = json!("paused");
    }
    let mut body = template.clone();
    let fields = body.as_object_mut().expect("an object");
    fields.retain(|name, _| {
        [
            "name",
            "category",
            "default_language",
            "senders",
            "localizations",
        ]
        .contains(&name.as_str())
    });
    world
        .rest
        .put("/api/v1/templates/continue-conversation", &body)
        .await?
        .expect_success()?;
    let refused = page.propose("c2", proposal).await?;
    assert!(
        matches!(
            refused,
            Frame::Refused {
                refusal: Refusal::TemplateNotApproved { .. },
                ..
            }
        ),
        "{refused:?}"
    );
    Ok(())
}
