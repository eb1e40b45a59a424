//! One seed, played: operations are drawn, carried out, and the invariants checked after each.

use crate::random::Random;
use crate::shell::{LEASE, Shell};
use crate::twilio::{Fate, Written};
use shared::delivery::Delivery;
use shared::message::Stage;
use shared::policy::{Proposal, authorize};
use shared::session::Session;
use shared::template::Approval;
use shared::thread::{Choice, Event, step};
use shared::time::{Span, Timestamp};
use std::collections::HashMap;

const START: Timestamp = Timestamp(1_800_000_000_000);
const MARGIN: Span = Span::seconds(15);
const OPERATIONS: usize = 90;

/// What a seed came to, for the tests that ask whether the simulation reaches what it should.
#[derive(Debug, Default, Clone, Copy)]
pub struct Tally {
    pub inbound: usize,
    pub handed_over: usize,
    pub refused_late: u32,
    pub deaths: u32,
    pub asked: usize,
    pub given_back: usize,
}

/// Plays a seed; panics with a reason if an invariant does not hold.
pub fn play(seed: u64) -> Tally {
    let mut random = Random::new(seed);
    // In half of the seeds webhooks are never later than the margin: then WhatsApp refuses nothing.
    let punctual = random.chance(50);
    let mut shell = Shell::new(START, MARGIN);
    let mut pending: Vec<(Timestamp, Written)> = Vec::new();
    let mut missed: Vec<Written> = Vec::new();
    let mut received: Vec<Written> = Vec::new();
    let mut clients = 0u32;
    let mut tally = Tally::default();
    let calm = [Fate::Answered];
    let stormy = [
        Fate::Answered,
        Fate::Answered,
        Fate::Throttled,
        Fate::RequestLost,
        Fate::AnswerLost,
    ];

    for _ in 0..OPERATIONS {
        let before = shell.store.thread.clone();
        let now = shell.now;
        match random.below(16) {
            // The customer writes; the webhook is on its way, perhaps twice, or never comes.
            0..=2 => {
                let body = ["Ciao", "Ci siete?", "STOP", "START", ""][random.below(20).min(4)];
                let written = shell.twilio.write(body, now);
                let latest = if punctual { 13_000 } else { 120_000 };
                if random.chance(10) {
                    missed.push(written);
                } else {
                    for _ in 0..=random.below(2) {
                        let delay = Span(random.below(latest) as i64);
                        pending.push((now + delay, written.clone()));
                    }
                }
            }
            // Somebody sends a text, perhaps repeats the command.
            3..=5 => {
                clients += 1;
                let proposal = Proposal::Text {
                    body: format!("Testo {}", random.below(3)),
                };
                for _ in 0..=random.below(2) {
                    let _ = shell.propose(&format!("c{clients}"), proposal.clone());
                }
            }
            6 => {
                clients += 1;
                let template = shared::id::TemplateId::trusted("hello");
                let _ = shell.propose(
                    &format!("c{clients}"),
                    Proposal::Template {
                        template,
                        language: "it".into(),
                        values: vec![],
                    },
                );
            }
            // Time goes by: moments, or most of a day.
            7..=9 => {
                let step = [900, 14_000, 31_000, 400_000, 3_600_000, 80_000_000][random.below(6)];
                shell.now = now + Span(step);
                // Now and then to the last moments of the window, and somebody writes in them.
                if random.chance(25)
                    && let Some(closes) = shell.store.thread.window.closes_at(MARGIN)
                    && closes > shell.now
                {
                    shell.now = closes - Span(random.below(3_000) as i64);
                    clients += 1;
                    let _ = shell.propose(
                        &format!("c{clients}"),
                        Proposal::Text {
                            body: "In extremis".into(),
                        },
                    );
                }
            }
            // A status callback, in any order, perhaps twice.
            10..=11 => {
                if !shell.twilio.callbacks.is_empty() {
                    let index = random.below(shell.twilio.callbacks.len());
                    let callback = if random.chance(80) {
                        shell.twilio.callbacks.swap_remove(index)
                    } else {
                        shell.twilio.callbacks[index].clone()
                    };
                    shell.report(&callback);
                }
            }
            // An old webhook, replayed.
            12 => {
                if !received.is_empty() {
                    let old = received[random.below(received.len())].clone();
                    let step = shell
                        .receive(&old, now)
                        .expect("an inbound is never declined");
                    assert!(
                        step.effects.is_empty() && step.thread == shell.store.thread,
                        "seed {seed}: a replay changed something"
                    );
                }
            }
            // What was missed is recovered from the list, with Twilio's own time.
            13 => {
                let list: Vec<Written> = shell.twilio.written.clone();
                for written in list {
                    if missed.iter().any(|one| one.sid == written.sid) || random.chance(20) {
                        accept(&mut shell, &written, written.at, &mut received);
                    }
                }
                missed.clear();
            }
            // WhatsApp changes its mind about the template; the directory goes away or comes back.
            14 => {
                let approval = if random.chance(50) {
                    Approval::Approved
                } else {
                    Approval::Paused
                };
                shell.sender.templates[0].localizations[0].approval = approval;
                shell.directory_answers = random.chance(70);
            }
            // Somebody decides about an unconfirmed message.
            _ => {
                let asked = shell
                    .store
                    .messages
                    .values()
                    .find(|message| matches!(message.stage, Stage::Unconfirmed { ask: true, .. }))
                    .cloned();
                if let Some(message) = asked {
                    tally.asked += 1;
                    let choice = if random.chance(50) {
                        Choice::Arrived
                    } else {
                        Choice::Lost
                    };
                    if let Ok(step) =
                        step(&shell.store.thread, Event::Decided { message, choice }, now)
                    {
                        shell.store.commit(step);
                    }
                }
            }
        }
        // Webhooks whose time has come, stamped on arrival.
        let (due, later): (Vec<_>, Vec<_>) =
            pending.into_iter().partition(|(at, _)| *at <= shell.now);
        pending = later;
        for (at, written) in due {
            accept(&mut shell, &written, at, &mut received);
        }
        // The outbox runs, and the process may die after any effect.
        if random.chance(15) {
            shell.fuse = Some(random.below(6) as u32);
        }
        if shell
            .drain(&mut random, &stormy, random_answers(seed, shell.now))
            .is_err()
        {
            tally.deaths += 1;
        }
        shell.fuse = None;
        check(seed, &shell, &before);
    }

    settle(
        seed,
        &mut shell,
        &mut random,
        pending,
        missed,
        &mut received,
        &calm,
    );
    finish(seed, &shell, punctual, &received);
    tally.inbound = received.len();
    tally.handed_over = shell.twilio.taken.len();
    tally.refused_late = shell.twilio.refused_late;
    tally.given_back = shell.store.given_back.len();
    tally
}

/// Whether Twilio's list can be read at this moment of this seed.
fn random_answers(seed: u64, now: Timestamp) -> bool {
    Random::new(seed ^ now.0 as u64).chance(70)
}

fn accept(shell: &mut Shell, written: &Written, stamp: Timestamp, received: &mut Vec<Written>) {
    let step = shell
        .receive(written, stamp)
        .expect("an inbound is never declined");
    shell.store.commit(step);
    if !received.iter().any(|one| one.sid == written.sid) {
        received.push(written.clone());
    }
}

/// Everything on its way arrives, everything due is done, and somebody answers every question.
fn settle(
    seed: u64,
    shell: &mut Shell,
    random: &mut Random,
    pending: Vec<(Timestamp, Written)>,
    missed: Vec<Written>,
    received: &mut Vec<Written>,
    calm: &[Fate],
) {
    shell.directory_answers = true;
    for (at, written) in pending {
        shell.now = shell.now.max(at);
        accept(shell, &written, at, received);
    }
    for written in missed {
        accept(shell, &written, written.at, received);
    }
    for _ in 0..400 {
        shell.now = shell.now + LEASE + Span(1);
        let before = shell.store.thread.clone();
        assert!(shell.drain(random, calm, true).is_ok());
        check(seed, shell, &before);
        if shell.store.outbox.is_empty() {
            break;
        }
    }
    assert!(
        shell.store.outbox.is_empty(),
        "seed {seed}: something is never done: {:?}",
        shell.store.outbox
    );
    let callbacks = std::mem::take(&mut shell.twilio.callbacks);
    for callback in callbacks.iter().rev() {
        shell.report(callback);
    }
    assert!(shell.drain(random, calm, true).is_ok());
}

/// What must hold after every operation.
fn check(seed: u64, shell: &Shell, before: &shared::thread::Thread) {
    let thread = &shell.store.thread;
    assert!(
        thread.window.last_inbound >= before.window.last_inbound,
        "seed {seed}: last_inbound went back"
    );
    assert!(
        thread.sequence >= before.sequence,
        "seed {seed}: the sequence went back"
    );
    let mut places: Vec<u64> = shell
        .store
        .messages
        .values()
        .map(|message| message.place)
        .collect();
    places.sort_unstable();
    assert!(
        places.iter().copied().eq(1..=thread.places),
        "seed {seed}: places are not 1, 2, 3 …"
    );
    assert!(
        shell
            .store
            .messages
            .values()
            .all(|message| message.changed <= thread.sequence),
        "seed {seed}: a change nobody counted"
    );
    assert!(
        shell.store.given_back.values().all(|times| *times == 1),
        "seed {seed}: a text was given back twice"
    );

    let mut taken: HashMap<_, u32> = HashMap::new();
    for message in &shell.twilio.taken {
        *taken.entry(&message.name).or_default() += 1;
    }
    assert!(
        taken.values().all(|times| *times == 1),
        "seed {seed}: a message was sent twice"
    );

    // The gate, against the rule written down once more.
    let open = thread.window.last_inbound.is_some_and(|last| {
        shell.now < last + Span::hours(24) - MARGIN
            && thread
                .window
                .forced_closed
                .is_none_or(|refused| last > refused)
    });
    let text = Proposal::Text {
        body: "Ciao".into(),
    };
    let permitted = authorize(thread, &shell.sender, &text, shell.now).is_ok();
    assert!(
        !permitted || open,
        "seed {seed}: a permit outside the window"
    );
    if thread.window.forced_closed != before.window.forced_closed {
        assert!(
            shell.twilio.refused_late > 0,
            "seed {seed}: closed without WhatsApp's refusal"
        );
    }
}

/// What must hold in the end.
fn finish(seed: u64, shell: &Shell, punctual: bool, received: &[Written]) {
    let store = &shell.store;
    for written in received {
        let times = store
            .messages
            .values()
            .filter(|message| message.sid.as_ref() == Some(&written.sid))
            .count();
        assert_eq!(
            times, 1,
            "seed {seed}: a message of the customer's is there {times} times"
        );
    }
    let last = shell.twilio.written.iter().map(|written| written.at).max();
    if punctual {
        assert_eq!(
            shell.twilio.refused_late, 0,
            "seed {seed}: WhatsApp refused what we let through"
        );
        assert!(
            last.is_none_or(|last| store.thread.window.last_inbound >= Some(last)),
            "seed {seed}: we close later than WhatsApp began"
        );
    }
    for message in store.messages.values() {
        let settled = !matches!(
            message.stage,
            Stage::Waiting | Stage::Attempting { .. } | Stage::Unconfirmed { ask: false, .. }
        );
        assert!(
            settled,
            "seed {seed}: something acknowledged is neither sent nor visibly failed: {message:?}"
        );
        let is_taken = shell
            .twilio
            .taken
            .iter()
            .any(|taken| taken.name == message.id);
        if matches!(message.stage, Stage::Refused(_)) {
            assert!(!is_taken, "seed {seed}: refused, and sent all the same");
        }
        if let Some(said) = shell.twilio.said.get(&message.id)
            && matches!(message.stage, Stage::HandedOver { .. })
        {
            let expected = said.merged(Delivery::default());
            assert_eq!(
                message.delivery.status, expected.status,
                "seed {seed}: the final status is wrong: {message:?}"
            );
        }
    }
    if shell.twilio.refused_late > 0 {
        let returned = shell
            .store
            .messages
            .values()
            .filter(|message| message.delivery.code == Some(63_016));
        for message in returned {
            assert_eq!(
                store.given_back.get(&message.id),
                Some(&1),
                "seed {seed}: a refused text was not given back"
            );
        }
    }
    assert_eq!(
        store.published.newest(),
        Some(&Session::of(&store.thread, &shell.sender)),
        "seed {seed}: KV is not what the thread is"
    );
    let versions: Vec<u64> = store
        .published
        .0
        .iter()
        .map(|session| session.version)
        .collect();
    assert!(
        versions.is_sorted(),
        "seed {seed}: an older record was written over a newer one"
    );
}
