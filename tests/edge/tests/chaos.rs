//! Ten thousand webhooks, twice over and out of order, and a death in the middle.

use edge_tests::webhook::{post, text};
use futures_util::StreamExt;
use futures_util::stream::iter;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use world::{Failure, Options, World, demo, until};

const WEBHOOKS: u32 = 10_000;
const CUSTOMERS: u32 = 50;
const CONNECTIONS: usize = 16;

fn sid(n: u32) -> String {
    format!("SM{n:032x}")
}

fn customer(n: u32) -> String {
    format!("+39340{:07}", n % CUSTOMERS)
}

/// An order that has nothing to do with the numbers: multiplication by a number prime to the count.
fn shuffled(count: u32) -> impl Iterator<Item = u32> {
    (0..count).map(move |n| ((u64::from(n) * 7_919 + 13) % u64::from(count)) as u32)
}

async fn all_messages(world: &World, thread: &str) -> Result<Vec<Value>, Failure> {
    let mut all: Vec<Value> = Vec::new();
    let mut before = String::new();
    loop {
        let page = world
            .rest
            .get(&format!(
                "/api/v1/threads/{thread}/messages?limit=200{before}"
            ))
            .await?
            .expect_success()?;
        let messages = page["messages"].as_array().cloned().unwrap_or_default();
        all.splice(0..0, messages);
        match page["next"].as_u64() {
            Some(next) => before = format!("&before={next}"),
            None => return Ok(all),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_message_once_in_one_order() -> Result<(), Failure> {
    let world = World::start(Options::default()).await?;
    let refused = AtomicUsize::new(0);
    // Every webhook twice: 5,000 messages, 10,000 deliveries, shuffled.
    let half = WEBHOOKS / 2;
    iter(shuffled(WEBHOOKS))
        .for_each_concurrent(CONNECTIONS, |n| {
            let (world, refused) = (&world, &refused);
            async move {
                let n = n % half;
                let form = text(&sid(n), &customer(n), &format!("numero {n}"));
                let answered = post(
                    world,
                    "/twilio/demo/messages",
                    &form,
                    Some(demo::AUTH_TOKEN),
                )
                .await;
                if answered.map_or(0, |answer| answer.status) != 200 {
                    refused.fetch_add(1, Ordering::Relaxed);
                }
            }
        })
        .await;
    assert_eq!(refused.load(Ordering::Relaxed), 0);
    let mut seen = HashSet::new();
    for n in 0..CUSTOMERS {
        let thread = world.rest.thread("milano", &customer(n)).await?;
        let messages = all_messages(&world, &thread).await?;
        assert_eq!(messages.len() as u32, half / CUSTOMERS);
        let places: Vec<u64> = messages
            .iter()
            .filter_map(|message| message["place"].as_u64())
            .collect();
        assert!(
            places.iter().copied().eq(1..=u64::from(half / CUSTOMERS)),
            "{places:?}"
        );
        for message in &messages {
            assert!(
                seen.insert(message["sid"].as_str().unwrap_or_default().to_owned()),
                "twice: {message}"
            );
        }
    }
    assert_eq!(seen.len() as u32, half);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn callbacks_in_any_order_and_number_end_in_the_right_status() -> Result<(), Failure> {
    let world = World::start(Options::default()).await?;
    world
        .simulator
        .faults(json!({ "reorder_callbacks": true, "duplicate_callbacks": 2, "seed": 7 }))
        .await?;
    let mut threads = HashMap::new();
    for n in 0..10 {
        post(
            &world,
            "/twilio/demo/messages",
            &text(&sid(n), &customer(n), "Ciao"),
            Some(demo::AUTH_TOKEN),
        )
        .await?;
        // The simulator's WhatsApp must know that the customer wrote, too.
        world
            .simulator
            .writes(&world::Inbound {
                sid: Some(sid(1_000 + n)),
                ..world::Inbound::text(&customer(n), demo::MILANO, "Ciao")
            })
            .await?;
        threads.insert(n, world.rest.thread("milano", &customer(n)).await?);
    }
    iter(0..200u32)
        .for_each_concurrent(8, |n| {
            let (world, thread) = (&world, &threads[&(n % 10)]);
            async move {
                let sent = world
                    .rest
                    .send_text(thread, &format!("k{n}"), &format!("Risposta {n}"))
                    .await;
                assert_eq!(sent.map_or(0, |answer| answer.status), 202);
            }
        })
        .await;
    for thread in threads.values() {
        until("all delivered", Duration::from_secs(60), async || {
            let messages = all_messages(&world, thread).await.ok()?;
            let ours: Vec<_> = messages
                .iter()
                .filter(|message| message["client"].is_string())
                .collect();
            (ours.len() == 20
                && ours
                    .iter()
                    .all(|message| message["delivery"]["status"] == "delivered"))
            .then_some(())
        })
        .await?;
    }
    let log = world.simulator.log().await?;
    assert_eq!((log.creates.len(), log.refused_63016), (200, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_death_in_the_middle_loses_and_repeats_nothing() -> Result<(), Failure> {
    let mut world = World::start(Options::default()).await?;
    let mut acknowledged: HashSet<String> = HashSet::new();
    let mut accepted: Vec<String> = Vec::new();
    let mut threads = Vec::new();
    for n in 0..10 {
        world
            .simulator
            .writes(&world::Inbound {
                sid: Some(sid(900_000 + n)),
                ..world::Inbound::text(&customer(n), demo::MILANO, "Ciao")
            })
            .await?;
        acknowledged.insert(sid(900_000 + n));
        threads.push(world.rest.thread("milano", &customer(n)).await?);
    }
    for round in 0..3u32 {
        // Webhooks and replies at full speed; the process dies among them.
        let results = std::sync::Mutex::new((Vec::new(), Vec::new()));
        let load = iter(0..400u32).for_each_concurrent(CONNECTIONS, |n| {
            let (world, threads, results) = (&world, &threads, &results);
            async move {
                let number = round * 1_000 + n;
                if n % 8 == 0 {
                    let key = format!("k{number}");
                    let sent = world
                        .rest
                        .send_text(
                            &threads[(n / 8 % 10) as usize],
                            &key,
                            &format!("Risposta {number}"),
                        )
                        .await;
                    if sent.is_ok_and(|answer| answer.status == 202) {
                        results
                            .lock()
                            .expect("the lock")
                            .1
                            .push(format!("Risposta {number}"));
                    }
                } else {
                    let form = text(&sid(number), &customer(n % 10), "Ancora");
                    let answered = post(
                        world,
                        "/twilio/demo/messages",
                        &form,
                        Some(demo::AUTH_TOKEN),
                    )
                    .await;
                    if answered.is_ok_and(|answer| answer.status == 200) {
                        results.lock().expect("the lock").0.push(sid(number));
                    }
                }
            }
        });
        let killer = async {
            let enough = until("some load", Duration::from_secs(60), async || {
                (results.lock().expect("the lock").0.len() > 120).then_some(())
            });
            enough.await.expect("load");
            world.cut_power();
        };
        tokio::join!(load, killer);
        let (webhooks, replies) = results.into_inner().expect("the lock");
        assert!(!webhooks.is_empty());
        acknowledged.extend(webhooks);
        accepted.extend(replies);
        world.restart_edge().await?;
    }
    // Nothing acknowledged is missing.
    let mut there = HashSet::new();
    for thread in &threads {
        for message in all_messages(&world, thread).await? {
            if let Some(sid) = message["sid"].as_str() {
                there.insert(sid.to_owned());
            }
        }
    }
    let missing: Vec<_> = acknowledged.difference(&there).collect();
    assert!(
        missing.is_empty(),
        "{} acknowledged messages are missing: {missing:?}",
        missing.len()
    );

    // What was accepted leaves. What was being handed over is unconfirmed, and is found in Twilio's list
    // or, if it never got there, asked about after ten minutes; it is not sent blindly.
    let stages = async |wanted: fn(&Value) -> bool| {
        let mut found = Vec::new();
        for thread in &threads {
            let messages = all_messages(&world, thread).await.ok()?;
            found.extend(
                messages
                    .into_iter()
                    .filter(|message| message["client"].is_string() && wanted(&message["stage"])),
            );
        }
        Some(found)
    };
    let none = async |what: &str, wanted: fn(&Value) -> bool| {
        until(what, Duration::from_secs(150), async || {
            stages(wanted).await?.is_empty().then_some(())
        })
        .await
    };
    none("nothing waits", |stage| {
        stage == "waiting" || !stage["attempting"].is_null()
    })
    .await?;
    world.simulator.advance(11 * 60_000).await?;
    none("nothing is uncertain", |stage| {
        stage["unconfirmed"]["ask"] == false
    })
    .await?;
    let asked = stages(|stage| stage["unconfirmed"]["ask"] == true)
        .await
        .unwrap_or_default();
    let asked: HashSet<String> = asked
        .iter()
        .filter_map(|message| message["content"]["text"]["body"].as_str())
        .map(str::to_owned)
        .collect();
    // Nothing went out twice.
    let log = world.simulator.log().await?;
    let mut taken: HashMap<String, u32> = HashMap::new();
    for create in log
        .creates
        .iter()
        .filter(|create| create["sid"].is_string())
    {
        *taken
            .entry(
                create["params"]["Body"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned(),
            )
            .or_default() += 1;
    }
    let twice: Vec<_> = taken.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "sent twice: {twice:?}");
    let lost: Vec<_> = accepted
        .iter()
        .filter(|body| !taken.contains_key(*body) && !asked.contains(*body))
        .collect();
    assert!(lost.is_empty(), "accepted and never sent: {lost:?}");
    assert_eq!(log.refused_63016, 0);
    Ok(())
}
