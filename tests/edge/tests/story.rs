//! There and back: a customer's message reaches the agent, and the answer obeys the window.

use edge_tests::page;
use shared::delivery::Status;
use shared::id::TemplateId;
use shared::policy::{Proposal, Refusal};
use shared::protocol::Frame;
use shared::template::Value;
use std::time::Duration;
use world::{Failure, Inbound, Options, World, demo, until};

const DAY: i64 = 86_400_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_message_reaches_the_agent_and_the_answer_obeys_the_window() -> Result<(), Failure> {
    let world = World::start(Options::default()).await?;
    let agent = world.rest_as("agent", "Giulia", &["milano"]);

    // The page is open before the customer writes.
    let mut page = page::open(&agent, "milano", demo::ANNA).await?;
    assert!(page.messages.is_empty());
    let refused = page.say("c0", "Buongiorno").await?;
    assert!(
        matches!(
            refused,
            Frame::Refused {
                refusal: Refusal::WindowClosed { since: None },
                ..
            }
        ),
        "{refused:?}"
    );

    // Anna writes; the agent sees it at once, and how long the window stays open.
    let written = world
        .simulator
        .writes(&Inbound::text(
            demo::ANNA,
            demo::MILANO,
            "Ciao, siete aperti?",
        ))
        .await?;
    assert_eq!(written.webhook_status, Some(200));
    let at = page
        .until("Anna's message", |page| {
            page.messages.get(&1).map(|message| message.at)
        })
        .await?;
    let closes = page
        .thread
        .as_ref()
        .and_then(|thread| thread.window.closes_at(page.sender.as_ref()?.margin));
    assert_eq!(closes.map(|closes| closes.0), Some(at.0 + DAY - 15_000));

    // The agent answers; it arrives on the phone, and its ticks turn blue.
    let accepted = page.say("c1", "Sì, fino alle 19.").await?;
    assert!(
        matches!(
            accepted,
            Frame::Accepted {
                message: Some(_),
                ..
            }
        ),
        "{accepted:?}"
    );
    let sid = page
        .until("two ticks", |page| {
            page.messages
                .get(&2)
                .filter(|message| message.delivery.status == Status::Delivered)?
                .sid
                .clone()
        })
        .await?;
    world.simulator.reads(sid.as_str()).await?;
    page.until("blue ticks", |page| {
        page.messages
            .get(&2)
            .filter(|message| message.delivery.status == Status::Read)
            .map(|_| ())
    })
    .await?;
    let phone = world.simulator.phone(demo::ANNA).await?;
    assert_eq!(phone.bodies_from(demo::MILANO), ["Sì, fino alle 19."]);

    // The session record follows, without text or number.
    let session = until("the session record", Duration::from_secs(5), async || {
        let sessions = agent.sessions("milano", &[demo::ANNA]).await.ok()?;
        let session = sessions.first()?.get("session")?.clone();
        (session["last"]["inbound"] == false).then_some(session)
    })
    .await?;
    assert!(
        !session.to_string().contains("39347") && !session.to_string().contains("aperti"),
        "{session}"
    );

    // A day later the window has closed by itself, and the edge refuses text from anyone.
    world.simulator.advance(DAY).await?;
    page.until("the clock", |page| {
        page.frames
            .iter()
            .any(|frame| matches!(frame, Frame::Clock { .. }))
            .then_some(())
    })
    .await?;
    let refused = page.say("c2", "Ancora lì?").await?;
    assert!(
        matches!(
            refused,
            Frame::Refused {
                refusal: Refusal::WindowClosed { since: Some(_) },
                ..
            }
        ),
        "{refused:?}"
    );
    let thread = agent.thread("milano", demo::ANNA).await?;
    let refused = agent.send_text(&thread, "k1", "Ancora lì?").await?;
    assert_eq!(
        (refused.status, refused.body["code"].as_str()),
        (409, Some("window-closed")),
        "{}",
        refused.body
    );
    assert_eq!(refused.body["remedy"], "send-template");

    // An approved template leaves all the same.
    let template = Proposal::Template {
        template: TemplateId::trusted("appointment-reminder"),
        language: "it".into(),
        values: [("1", "Anna"), ("2", "martedì"), ("3", "10:30")]
            .map(|(name, value)| Value {
                name: name.into(),
                value: value.into(),
            })
            .into(),
    };
    let accepted = page.propose("c3", template).await?;
    assert!(matches!(accepted, Frame::Accepted { .. }), "{accepted:?}");
    page.until("the template on the phone", |page| {
        page.messages
            .get(&3)
            .filter(|message| message.delivery.status >= Status::Delivered)
            .map(|_| ())
    })
    .await?;

    let log = world.simulator.log().await?;
    assert_eq!(log.refused_63016, 0);
    Ok(())
}
