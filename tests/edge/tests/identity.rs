//! Whose address is it? Usernames, phones, and the writings of a number.

use edge_tests::page;
use edge_tests::webhook::{post, text};
use serde_json::json;
use shared::content::{Content, Notice};
use std::time::Duration;
use world::{Failure, Inbound, Options, World, demo, until};

const ID: &str = "IT.13491208655302741918";

fn with_id(from: &str, external: &str, body: &str) -> Inbound {
    Inbound {
        external_user_id: Some(external.into()),
        ..Inbound::text(from, demo::MILANO, body)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_username_without_a_number_is_answered() -> Result<(), Failure> {
    let world = World::start(Options::default()).await?;
    let agent = world.rest_as("agent", "Giulia", &["milano"]);
    let written = world
        .simulator
        .writes(&with_id(ID, ID, "Ciao, sono un nome"))
        .await?;
    assert_eq!(written.webhook_status, Some(200));
    let mut page = page::open(&agent, "milano", ID).await?;
    assert_eq!(page.messages.len(), 1);
    page.say("c1", "Salve").await?;
    page.until("delivered", |page| {
        page.messages
            .get(&2)
            .filter(|message| message.delivery.status >= shared::delivery::Status::Delivered)
            .map(|_| ())
    })
    .await?;
    assert_eq!(
        world.simulator.phone(ID).await?.bodies_from(demo::MILANO),
        ["Salve"]
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_threads_of_one_customer_become_one() -> Result<(), Failure> {
    let world = World::start(Options::default()).await?;
    let agent = world.rest_as("agent", "Giulia", &["milano"]);
    // First only the id, then the phone alone, then both in one webhook: they are one customer.
    world
        .simulator
        .writes(&with_id(ID, ID, "Con il nome"))
        .await?;
    let alone = text(
        "SM00000000000000000000000000000001",
        demo::ANNA,
        "Con il numero",
    );
    assert_eq!(
        post(
            &world,
            "/twilio/demo/messages",
            &alone,
            Some(demo::AUTH_TOKEN)
        )
        .await?
        .status,
        200
    );
    world
        .simulator
        .writes(&with_id(demo::ANNA, ID, "Sono sempre io"))
        .await?;
    let by_phone = until("the joining", Duration::from_secs(10), async || {
        let thread = agent.thread("milano", demo::ANNA).await.ok()?;
        let messages = agent.messages(&thread).await.ok()?;
        (messages.len() == 3).then_some((thread, messages))
    })
    .await?;
    let bodies: Vec<_> = by_phone
        .1
        .iter()
        .filter_map(|message| message["content"]["text"]["body"].as_str())
        .collect();
    assert_eq!(bodies, ["Con il nome", "Con il numero", "Sono sempre io"]);
    assert_eq!(
        agent.thread("milano", ID).await?,
        by_phone.0,
        "the id leads to the phone's thread"
    );
    // What now comes with the id alone lands there, too, and so does a replay of the first.
    world
        .simulator
        .writes(&with_id(ID, ID, "E ora senza numero"))
        .await?;
    assert_eq!(agent.messages(&by_phone.0).await?.len(), 4);
    let mut page = page::open(&agent, "milano", ID).await?;
    assert_eq!(
        page.messages.keys().copied().collect::<Vec<_>>(),
        [1, 2, 3, 4]
    );
    // Answers go where the customer's last message came from.
    page.say("c1", "A chi scrivo?").await?;
    page.until("delivered", |page| {
        page.messages
            .get(&5)
            .filter(|message| message.delivery.status >= shared::delivery::Status::Delivered)
            .map(|_| ())
    })
    .await?;
    assert_eq!(
        world.simulator.phone(ID).await?.bodies_from(demo::MILANO),
        ["A chi scrivo?"]
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_phone_with_a_new_id_may_be_somebody_else() -> Result<(), Failure> {
    let world = World::start(Options::default()).await?;
    let agent = world.rest_as("agent", "Giulia", &["milano"]);
    world
        .simulator
        .writes(&with_id(demo::ANNA, "IT.1", "Ciao"))
        .await?;
    let thread = agent.thread("milano", demo::ANNA).await?;
    agent.opt_in(&thread, "o1", "Modulo", "Accetto").await?;
    world
        .simulator
        .writes(&with_id(demo::ANNA, "IT.2", "Ciao, numero nuovo"))
        .await?;
    let page = page::open(&agent, "milano", demo::ANNA).await?;
    let notices: Vec<_> = page
        .messages
        .values()
        .filter(|message| message.content == Content::Notice(Notice::NewOwner))
        .collect();
    assert_eq!(notices.len(), 1);
    assert!(
        page.thread
            .is_some_and(|thread| thread.consent.opt_in.is_none()),
        "what the earlier owner agreed to lapses"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn other_writings_help_to_find_and_never_merge_two_that_both_wrote() -> Result<(), Failure> {
    let world = World::start(Options::default()).await?;
    let agent = world.rest_as("agent", "Giulia", &["milano"]);
    let (with_nine, without) = ("+5511987654321", "+551187654321");
    // We write first to one writing, the customer answers from the other.
    let thread = agent.thread("milano", with_nine).await?;
    agent.opt_in(&thread, "o1", "Modulo", "Accetto").await?;
    agent.send(&thread, "k1", &json!({ "template": { "id": "continue-conversation", "language": "it", "values": [] } })).await?.expect_success()?;
    world
        .simulator
        .writes(&Inbound::text(without, demo::MILANO, "Oi"))
        .await?;
    assert_eq!(agent.thread("milano", without).await?, thread);
    assert_eq!(agent.messages(&thread).await?.len(), 2);
    let found = until("the session", Duration::from_secs(5), async || {
        let found = agent
            .sessions("milano", &[without])
            .await
            .ok()?
            .into_iter()
            .next()?;
        (!found["session"].is_null()).then_some(found)
    })
    .await?;
    assert_eq!(found["thread"].as_str(), Some(thread.as_str()));

    // Two that both wrote stay two.
    let (mobile, old) = ("+5215512345678", "+525512345678");
    world
        .simulator
        .writes(&Inbound::text(mobile, demo::MILANO, "Uno"))
        .await?;
    world
        .simulator
        .writes(&Inbound::text(old, demo::MILANO, "Dos"))
        .await?;
    assert_ne!(
        agent.thread("milano", mobile).await?,
        agent.thread("milano", old).await?
    );
    Ok(())
}
