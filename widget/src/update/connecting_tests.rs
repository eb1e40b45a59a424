//! How the widget gets, keeps and regains its connection, told in what happens and what follows.

use super::tests::{later, text, write};
use super::*;
use crate::fixture::{NOON, client, open_thread, receive, said, sent, welcome, welcomed};
use crate::link::{Link, Trouble as LinkTrouble};
use shared::id::ThreadId;
use shared::protocol::Frame;
use shared::time::Span;

/// Lets the connection break and come back, and answers with what was sent then.
fn reconnect(model: &mut Model, moment: Moment, frame: Frame) -> Vec<Effect> {
    let soon = later(moment, 1_000);
    let effects = update(model, Message::Tick { woken: true }, soon);
    assert!(effects.contains(&Effect::GetTicket));
    let ticket = Message::Ticket {
        thread: ThreadId::trusted("t"),
        socket: "wss://e".into(),
        ticket: "a.b".into(),
    };
    let effects = update(model, ticket, soon);
    assert!(
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::Open { .. }))
    );
    receive(model, frame, soon)
}

#[test]
fn the_opening_names_build_and_sequence() {
    let (mut model, moment) = welcomed(open_thread(Span::hours(3)));
    update(&mut model, Message::Closed(1006), moment);
    update(&mut model, Message::Tick { woken: true }, moment);
    let ticket = Message::Ticket {
        thread: ThreadId::trusted("t"),
        socket: "wss://e".into(),
        ticket: "a.b".into(),
    };
    let effects = update(&mut model, ticket, moment);
    let Some(Effect::Open { opening, .. }) = effects.first() else {
        panic!("{effects:?}")
    };
    assert_eq!(opening, &format!("a.b.{}.7", shared::protocol::FINGERPRINT));
}

#[test]
fn nothing_is_lost_or_doubled_when_the_connection_breaks() {
    let (mut model, moment) = welcomed(open_thread(Span::hours(3)));
    write(&mut model, moment, "one", "c1");
    update(&mut model, Message::Closed(1006), moment);
    assert_eq!(
        sent(&write(&mut model, moment, "two", "c2")),
        [],
        "there is no connection"
    );
    // The first arrived, though its answer was lost; the second did not.
    let mut arrived = said(1, false);
    arrived.client = Some(client("c1"));
    let effects = reconnect(
        &mut model,
        moment,
        welcome(open_thread(Span::hours(3)), vec![arrived]),
    );
    assert_eq!(sent(&effects), [text("c2", "two")]);
    assert_eq!(model.pending.len(), 1);
}

#[test]
fn what_this_tab_remembers_is_said_again_under_its_old_name() {
    let (mut model, moment) = welcomed(open_thread(Span::hours(3)));
    let sending = vec![(client("old"), "half sent".into())];
    let effects = update(
        &mut model,
        Message::Restored {
            draft: "draft".into(),
            sending: sending.clone(),
        },
        moment,
    );
    assert_eq!(sent(&effects), [text("old", "half sent")]);
    assert_eq!(model.draft, "draft");
    let again = update(
        &mut model,
        Message::Restored {
            draft: "x".into(),
            sending,
        },
        moment,
    );
    assert_eq!((sent(&again), model.draft.as_str()), (vec![], "draft"));
}

#[test]
fn after_a_sleep_the_edge_is_asked_before_anything_is_open() {
    let (mut model, moment) = welcomed(open_thread(Span::hours(1)));
    update(&mut model, Message::Typed("hello".into()), moment);
    // The lid was closed for two hours; the steady clock stood still.
    let awake = Moment {
        wall: moment.wall + 7_200_000,
        steady: moment.steady + 500,
        ..moment
    };
    let effects = update(&mut model, Message::Submit(client("c1")), awake);
    assert_eq!(sent(&effects), [Command::Clock], "asked, and nothing sent");
    assert_eq!(composer::composer(&model, awake), Composer::Checking);
    receive(
        &mut model,
        Frame::Clock {
            now: NOON + Span::hours(2),
        },
        awake,
    );
    assert!(matches!(
        composer::composer(&model, awake),
        Composer::Closed(_)
    ));
}

#[test]
fn a_dead_socket_is_found_out() {
    let (mut model, moment) = welcomed(open_thread(Span::hours(1)));
    let mut now = moment;
    let mut pinged = false;
    for _ in 0..60 {
        now = later(now, 1_000);
        let effects = update(&mut model, Message::Tick { woken: false }, now);
        pinged |= effects.contains(&Effect::Ping);
        if effects.contains(&Effect::Close) {
            assert!(
                pinged
                    && matches!(
                        model.link,
                        Link::Waiting {
                            why: LinkTrouble::Away,
                            ..
                        }
                    )
            );
            return;
        }
    }
    panic!("the heartbeat was never missed");
}

#[test]
fn an_answered_heartbeat_keeps_the_connection() {
    let (mut model, mut now) = welcomed(open_thread(Span::hours(1)));
    for _ in 0..120 {
        now = later(now, 1_000);
        let effects = update(&mut model, Message::Tick { woken: false }, now);
        if effects.contains(&Effect::Ping) {
            update(&mut model, Message::Pong, later(now, 100));
        }
        assert_eq!(model.link, Link::Live);
    }
}

#[test]
fn close_codes_and_refused_tickets() {
    let lost = |code| {
        let (mut model, moment) = welcomed(open_thread(Span::hours(1)));
        let effects = update(&mut model, Message::Closed(code), moment);
        (model.link.code(), effects)
    };
    assert_eq!(lost(4403).0, "shut");
    assert!(lost(4409).1.contains(&Effect::Reload));
    assert!(
        lost(4401).1.contains(&Effect::GetTicket),
        "a token has expired: a new one is fetched at once"
    );
    assert_eq!(lost(1006).0, "lost");
    for (status, expected) in [
        (401, "token"),
        (403, "shut"),
        (404, "shut"),
        (422, "shut"),
        (429, "lost"),
        (503, "lost"),
        (0, "lost"),
    ] {
        let mut model = Model::default();
        update(&mut model, Message::Started, Moment::default());
        update(
            &mut model,
            Message::TicketRefused {
                status,
                code: "address-empty".into(),
            },
            Moment::default(),
        );
        assert_eq!(model.link.code(), expected, "{status}");
    }
}
