//! Who may watch a thread, and what happens when a page comes, goes and comes back?

use edge_tests::page::{self, Page, connect, open, reopen, ticket};
use serde_json::json;
use shared::delivery::Status;
use shared::message::Message;
use shared::protocol::{Command, FINGERPRINT, Frame, Trouble, close};
use std::time::Duration;
use tokio_tungstenite::tungstenite::Message as Packet;
use world::{
    Claims, DEVELOPMENT_SECRET, Failure, Inbound, Options, Rest, World, demo, mint, until,
};

async fn closed_with(
    socket: &str,
    opening: &str,
    origin: Option<&str>,
) -> Result<Option<u16>, Failure> {
    Ok(connect(socket, opening, origin).await?.closed)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_opens_one_socket_for_one_page() -> Result<(), Failure> {
    let world = World::start(Options::default()).await?;
    let agent = world.rest_as("agent", "Giulia", &["milano"]);
    let good = ticket(&agent, "milano", demo::ANNA).await?;
    let opening = |ticket: &str| format!("{ticket}.{FINGERPRINT}.0");

    // Another build: the page must load itself anew. The ticket is not used up by it.
    assert_eq!(
        closed_with(
            &good.socket,
            &format!("{}.0000000000000000.0", good.ticket),
            None
        )
        .await?,
        Some(close::FINGERPRINT)
    );
    // A foreign page, and a ticket for another thread.
    assert_eq!(
        closed_with(
            &good.socket,
            &opening(&good.ticket),
            Some("https://evil.example")
        )
        .await?,
        Some(close::SCOPE)
    );
    let other = ticket(&agent, "milano", demo::BRUNO).await?;
    assert_eq!(
        closed_with(&good.socket, &opening(&other.ticket), None).await?,
        Some(close::SCOPE)
    );
    // No ticket, a forged one.
    assert_eq!(
        closed_with(&good.socket, "nonsense", None).await?,
        Some(close::TOKEN)
    );
    let mut forged = good.ticket.clone();
    let last = forged.pop();
    forged.push(if last == Some('A') { 'B' } else { 'A' });
    assert_eq!(
        closed_with(&good.socket, &opening(&forged), None).await?,
        Some(close::TOKEN)
    );
    // The good one opens, once.
    assert_eq!(
        closed_with(&good.socket, &opening(&good.ticket), None).await?,
        None
    );
    assert_eq!(
        closed_with(&good.socket, &opening(&good.ticket), None).await?,
        Some(close::TOKEN)
    );

    // A thread out of scope: as if it did not exist. A foreign origin gets no ticket.
    let out = agent
        .post(
            "/api/v1/tickets",
            &json!({ "sender": "london", "customer": demo::EMMA }),
        )
        .await?;
    let nothing = agent
        .post(
            "/api/v1/tickets",
            &json!({ "sender": "nowhere", "customer": demo::EMMA }),
        )
        .await?;
    assert_eq!((out.status, &out.body), (404, &nothing.body));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_gets_an_error_and_the_socket_stays() -> Result<(), Failure> {
    let world = World::start(Options::default()).await?;
    let agent = world.rest_as("agent", "Giulia", &["milano"]);
    let mut page = open(&agent, "milano", demo::ANNA).await?;
    let unreadable = |page: &mut Page| {
        let index = page.frames.iter().position(|frame| {
            matches!(
                frame,
                Frame::Failed {
                    client: None,
                    trouble: Trouble::Unreadable
                }
            )
        })?;
        page.frames.remove(index);
        Some(())
    };
    page.raw(Packet::Binary(vec![250, 1, 2, 3].into())).await?;
    page.until("an error frame", unreadable).await?;
    page.raw(Packet::Binary(Vec::new().into())).await?;
    page.until("an error frame", unreadable).await?;
    page.raw(Packet::Text("{\"json\":true}".into())).await?;
    page.until("an error frame", unreadable).await?;
    page.raw(Packet::Text("ping".into())).await?;
    page.send(&Command::Clock).await?;
    page.until("the clock", |page| {
        page.frames
            .iter()
            .any(|frame| matches!(frame, Frame::Clock { .. }))
            .then_some(())
    })
    .await?;
    page.send(&Command::Templates).await?;
    let templates = page
        .until("templates", |page| {
            page.frames.iter().find_map(|frame| match frame {
                Frame::Templates { templates } => Some(templates.clone()),
                _ => None,
            })
        })
        .await?;
    assert!(templates.len() >= 6 && templates.is_sorted_by_key(|template| template.name.clone()));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_comes_back_gets_what_it_missed_once() -> Result<(), Failure> {
    let world = World::start(Options::default()).await?;
    let agent = world.rest_as("agent", "Giulia", &["milano"]);
    let write = async |n: u32| {
        world
            .simulator
            .writes(&Inbound::text(
                demo::ANNA,
                demo::MILANO,
                &format!("Messaggio {n}"),
            ))
            .await
    };
    write(1).await?;
    let first = open(&agent, "milano", demo::ANNA).await?;
    let sequence = first.thread.as_ref().map_or(0, |thread| thread.sequence);
    drop(first);
    for n in 2..=4 {
        write(n).await?;
    }
    let second = reopen(&agent, "milano", demo::ANNA, sequence).await?;
    assert_eq!(
        second.messages.keys().copied().collect::<Vec<_>>(),
        [2, 3, 4],
        "only what is missing"
    );
    let fresh = open(&agent, "milano", demo::ANNA).await?;
    assert_eq!(fresh.messages.len(), 4);
    // Older than the first page.
    for n in 5..=60 {
        write(n).await?;
    }
    let mut long = open(&agent, "milano", demo::ANNA).await?;
    assert_eq!(
        (long.messages.len(), long.messages.keys().next()),
        (50, Some(&11))
    );
    long.send(&Command::Earlier { before: 11 }).await?;
    let older = long
        .until("older messages", |page| {
            page.frames.iter().find_map(|frame| match frame {
                Frame::Earlier { messages } => Some(
                    messages
                        .iter()
                        .map(|message| message.place)
                        .collect::<Vec<_>>(),
                ),
                _ => None,
            })
        })
        .await?;
    assert_eq!(older, (1..=10).collect::<Vec<_>>());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_comes_back_gets_what_became_another_meanwhile() -> Result<(), Failure> {
    let world = World::start(Options::default()).await?;
    let agent = world.rest_as("agent", "Giulia", &["milano"]);
    let write = async |text: &str| {
        let message = Inbound::text(demo::ANNA, demo::MILANO, text);
        world.simulator.writes(&message).await
    };
    for text in ["Ciao", "siete", "aperti?"] {
        write(text).await?;
    }
    let mut first = open(&agent, "milano", demo::ANNA).await?;
    for (client, text) in [("c1", "Sì"), ("c2", "fino alle 19.")] {
        first.say(client, text).await?;
    }
    let sid = first
        .until("both delivered", |page| {
            let delivered = |place| {
                let message: &Message = page.messages.get(&place)?;
                (message.delivery.status == Status::Delivered).then(|| message.sid.clone())?
            };
            delivered(5).and(delivered(4))
        })
        .await?;
    write("Grazie").await?;
    let sequence = first
        .until("thanks", |page| {
            page.messages.get(&6)?;
            page.thread.as_ref().map(|thread| thread.sequence)
        })
        .await?;
    drop(first);
    // One of ours is read, and the customer goes on.
    world.simulator.reads(sid.as_str()).await?;
    let thread = agent.thread("milano", demo::ANNA).await?;
    until("blue ticks", Duration::from_secs(5), async || {
        let messages = agent.messages(&thread).await.ok()?;
        messages
            .iter()
            .any(|message| message["delivery"]["status"] == "read")
            .then_some(())
    })
    .await?;
    write("A dopo").await?;
    let second = reopen(&agent, "milano", demo::ANNA, sequence).await?;
    let again: Vec<(u64, Status)> = (second.messages.iter())
        .map(|(place, message)| (*place, message.delivery.status))
        .collect();
    assert_eq!(again, [(4, Status::Read), (7, Status::Pending)]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_ends_with_its_token() -> Result<(), Failure> {
    let world = World::start(Options::default()).await?;
    let brief = Rest::new(
        world.edge_url(),
        mint(
            DEVELOPMENT_SECRET,
            &Claims::new("agent", "Giulia", &["milano"], 3),
        ),
    );
    let mut page = page::open(&brief, "milano", demo::ANNA).await?;
    let ended = page
        .until("the end of the token", |page| page.closed)
        .await?;
    assert_eq!(ended, close::TOKEN);
    let again = brief
        .post(
            "/api/v1/tickets",
            &json!({ "sender": "milano", "customer": demo::ANNA }),
        )
        .await?;
    assert_eq!(again.status, 401);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn all_who_watch_see_the_same_order() -> Result<(), Failure> {
    let world = World::start(Options::default()).await?;
    let giulia = world.rest_as("agent", "Giulia", &["milano"]);
    let paolo = world.rest_as("agent", "Paolo", &["*"]);
    let mut one = open(&giulia, "milano", demo::ANNA).await?;
    let mut two = open(&paolo, "milano", demo::ANNA).await?;
    world
        .simulator
        .writes(&Inbound::text(demo::ANNA, demo::MILANO, "Ciao"))
        .await?;
    one.until("Ciao", |page| page.messages.get(&1).map(|_| ()))
        .await?;
    let (a, b) = tokio::join!(one.say("a", "Da Giulia"), two.say("b", "Da Paolo"));
    assert!(matches!(
        (a?, b?),
        (Frame::Accepted { .. }, Frame::Accepted { .. })
    ));
    let seen = |page: &mut Page| {
        (page.messages.len() == 3).then(|| {
            page.messages
                .values()
                .map(|message| message.id.clone())
                .collect::<Vec<_>>()
        })
    };
    assert_eq!(
        one.until("three", seen).await?,
        two.until("three", seen).await?
    );
    Ok(())
}
