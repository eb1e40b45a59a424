//! The widget's behaviour, told in what happens and what follows.

use super::*;
use crate::fixture::{
    NOON, client, notice, open_thread, receive, said, sent, template, value, welcome, welcomed,
};
use crate::model::Answer;
use crate::progress::Failure;
use shared::content::Notice;
use shared::id::{MessageId, TemplateId};
use shared::policy::{Proposal, Refusal};
use shared::protocol::{Frame, Trouble};
use shared::time::{Span, Timestamp};

pub(super) fn later(moment: Moment, ms: i64) -> Moment {
    Moment {
        steady: moment.steady + ms,
        wall: moment.wall + ms,
        ..moment
    }
}

pub(super) fn write(model: &mut Model, moment: Moment, text: &str, name: &str) -> Vec<Effect> {
    update(model, Message::Typed(text.into()), moment);
    update(model, Message::Submit(client(name)), moment)
}

pub(super) fn text(name: &str, body: &str) -> Command {
    Command::Send {
        client: client(name),
        proposal: Proposal::Text { body: body.into() },
    }
}

#[test]
fn a_text_is_sent_once_shown_at_once_and_replaced_by_its_message() {
    let (mut model, moment) = welcomed(open_thread(Span::hours(3)));
    let effects = write(&mut model, moment, "Ciao", "c1");
    assert_eq!(sent(&effects), [text("c1", "Ciao")]);
    assert_eq!((model.draft.as_str(), model.pending.len()), ("", 1));
    receive(
        &mut model,
        Frame::Accepted {
            client: client("c1"),
            message: Some(MessageId::trusted("m1")),
        },
        moment,
    );
    assert_eq!(model.pending.len(), 1, "until the message itself has come");
    let thread = open_thread(Span::hours(3));
    let effects = receive(
        &mut model,
        Frame::Changed {
            now: NOON,
            thread,
            messages: vec![said(1, false)],
        },
        moment,
    );
    assert!(model.pending.is_empty());
    assert!(effects.contains(&Effect::Forget(client("c1"))));
}

#[test]
fn nothing_is_sent_against_the_rule() {
    let (mut model, moment) = welcomed(open_thread(Span(0)));
    assert_eq!(sent(&write(&mut model, moment, "too late", "c1")), []);
    assert_eq!(model.draft, "too late", "the draft is kept");
    let (mut model, moment) = welcomed(open_thread(Span::hours(1)));
    assert_eq!(
        sent(&write(&mut model, moment, &"x".repeat(1_601), "c1")),
        []
    );
    assert_eq!(sent(&write(&mut model, moment, " \n", "c1")), []);
}

#[test]
fn a_refused_text_comes_back_with_its_reason() {
    let refusal = || Refusal::WindowClosed { since: Some(NOON) };
    let (mut model, moment) = welcomed(open_thread(Span::hours(3)));
    write(&mut model, moment, "Ciao", "c1");
    let effects = receive(
        &mut model,
        Frame::Refused {
            client: client("c1"),
            refusal: refusal(),
        },
        moment,
    );
    assert_eq!(
        (
            model.draft.as_str(),
            model.returned.clone(),
            model.pending.len()
        ),
        ("Ciao", Some(Failure::Refused(refusal())), 0)
    );
    assert!(effects.contains(&Effect::Emit(News::Refused {
        code: "window-closed",
        remedy: "send-template"
    })));
    // Something else is being written: it is not overwritten, and the refused text stays in the list.
    let (mut model, moment) = welcomed(open_thread(Span::hours(3)));
    write(&mut model, moment, "Ciao", "c1");
    update(&mut model, Message::Typed("next".into()), moment);
    receive(
        &mut model,
        Frame::Refused {
            client: client("c1"),
            refusal: refusal(),
        },
        moment,
    );
    assert_eq!(model.draft, "next");
    assert_eq!(
        model.pending.first().map(|pending| pending.answer.clone()),
        Some(Answer::Refused(refusal()))
    );
    update(&mut model, Message::Discard(client("c1")), moment);
    assert!(model.pending.is_empty());
}

#[test]
fn what_twilio_refused_is_given_back_once() {
    let (mut model, moment) = welcomed(open_thread(Span::hours(3)));
    let frame = || Frame::GivenBack {
        message: MessageId::trusted("m1"),
        proposal: Proposal::Text {
            body: "Ciao".into(),
        },
        refusal: Refusal::WindowClosed { since: Some(NOON) },
    };
    receive(&mut model, frame(), moment);
    assert_eq!(model.draft, "Ciao");
    update(&mut model, Message::Dismiss, moment);
    assert_eq!(model.returned, None);
}

#[test]
fn a_command_that_failed_is_repeated_under_the_same_name() {
    let (mut model, moment) = welcomed(open_thread(Span::hours(3)));
    write(&mut model, moment, "Ciao", "c1");
    receive(
        &mut model,
        Frame::Failed {
            client: Some(client("c1")),
            trouble: Trouble::Unavailable,
        },
        moment,
    );
    assert_eq!(
        sent(&update(&mut model, Message::Resend(client("c1")), moment)),
        [text("c1", "Ciao")]
    );
}

#[test]
fn an_opt_in_that_was_not_taken_says_so() {
    let (mut model, moment) = welcomed(open_thread(Span(0)));
    let opt_in = Message::OptIn {
        client: client("c1"),
        source: "shop".into(),
        wording: "x".into(),
    };
    assert_eq!(sent(&update(&mut model, opt_in, moment)).len(), 1);
    receive(
        &mut model,
        Frame::Failed {
            client: Some(client("c1")),
            trouble: Trouble::Malformed,
        },
        moment,
    );
    assert_eq!(
        (model.returned, model.pending.len()),
        (Some(Failure::Trouble(Trouble::Malformed)), 0)
    );
}

#[test]
fn a_failed_message_is_sent_again_once_however_often_one_clicks() {
    let (mut model, moment) = welcomed(open_thread(Span::hours(3)));
    receive(
        &mut model,
        Frame::Changed {
            now: NOON,
            thread: open_thread(Span::hours(3)),
            messages: vec![said(1, false)],
        },
        moment,
    );
    let click = |model: &mut Model, name| {
        sent(&update(
            model,
            Message::SendAgain {
                client: client(name),
                message: MessageId::trusted("m1"),
            },
            moment,
        ))
    };
    assert_eq!(click(&mut model, "c1").len(), 1);
    assert_eq!(click(&mut model, "c2").len(), 0);
}

#[test]
fn the_edge_learns_what_was_seen_once_and_only_in_view() {
    let (mut model, moment) = welcomed(open_thread(Span::hours(3)));
    let mut thread = open_thread(Span::hours(3));
    (thread.places, thread.unread) = (1, 1);
    let frame = || Frame::Changed {
        now: NOON,
        thread: thread.clone(),
        messages: vec![said(1, true)],
    };
    let hidden = Moment {
        visible: false,
        ..moment
    };
    assert_eq!(sent(&receive(&mut model, frame(), hidden)), []);
    assert_eq!(
        sent(&update(&mut model, Message::Tick { woken: false }, moment)),
        [Command::Seen { place: 1 }]
    );
    assert_eq!(sent(&receive(&mut model, frame(), moment)), []);
}

#[test]
fn a_message_that_comes_while_reading_further_up_is_counted() {
    let (mut model, moment) = welcomed(open_thread(Span::hours(3)));
    update(
        &mut model,
        Message::Scrolled {
            top: false,
            bottom: false,
        },
        moment,
    );
    let thread = open_thread(Span::hours(3));
    receive(
        &mut model,
        Frame::Changed {
            now: NOON,
            thread,
            messages: vec![said(1, true), said(2, false)],
        },
        moment,
    );
    assert_eq!(model.sight.below, 1);
    update(
        &mut model,
        Message::Scrolled {
            top: false,
            bottom: true,
        },
        moment,
    );
    assert_eq!(model.sight.below, 0);
}

#[test]
fn older_messages_are_asked_for_once_and_until_there_are_none() {
    let (mut model, moment) = welcomed(open_thread(Span::hours(3)));
    let page = |range: core::ops::RangeInclusive<u64>| {
        range.map(|place| said(place, true)).collect::<Vec<_>>()
    };
    receive(
        &mut model,
        welcome(open_thread(Span::hours(3)), page(51..=60)),
        moment,
    );
    let top = |model: &mut Model| {
        sent(&update(
            model,
            Message::Scrolled {
                top: true,
                bottom: false,
            },
            moment,
        ))
    };
    assert_eq!(top(&mut model), [Command::Earlier { before: 51 }]);
    assert_eq!(top(&mut model), []);
    receive(
        &mut model,
        Frame::Earlier {
            messages: page(1..=50),
        },
        moment,
    );
    assert_eq!(
        model
            .held
            .as_ref()
            .map(|held| (held.messages.len(), held.complete)),
        Some((60, true))
    );
    assert_eq!(top(&mut model), []);
}

#[test]
fn a_change_before_the_loaded_part_makes_no_hole() {
    let (mut model, moment) = welcomed(open_thread(Span::hours(3)));
    receive(
        &mut model,
        welcome(open_thread(Span::hours(3)), vec![said(51, true)]),
        moment,
    );
    let frame = Frame::Changed {
        now: NOON,
        thread: open_thread(Span::hours(3)),
        messages: vec![said(7, false), notice(52, Notice::OptedOut)],
    };
    receive(&mut model, frame, moment);
    let places = model.held.map(|held| {
        held.messages
            .iter()
            .map(|said| said.place)
            .collect::<Vec<_>>()
    });
    assert_eq!(places, Some(vec![51, 52]));
}

#[test]
fn a_template_goes_out_only_without_a_hole() {
    let (mut model, moment) = welcomed(open_thread(Span(0)));
    update(&mut model, Message::PickerOpened, moment);
    receive(
        &mut model,
        Frame::Templates {
            templates: vec![template("ordine", "Ciao {{1}}, {{2}}")],
        },
        moment,
    );
    let chosen = Message::Chosen {
        template: TemplateId::trusted("ordine"),
        language: "it".into(),
    };
    let effects = update(&mut model, chosen, moment);
    assert_eq!(
        effects,
        [Effect::AskPage(
            TemplateId::trusted("ordine"),
            vec![value("1", ""), value("2", "")]
        )]
    );
    update(
        &mut model,
        Message::Known(vec![value("1", "Anna"), value("2", "")]),
        moment,
    );
    assert_eq!(
        sent(&update(
            &mut model,
            Message::SubmitTemplate(client("c1")),
            moment
        )),
        [],
        "2 is a hole"
    );
    update(&mut model, Message::Filled(value("2", "pacco")), moment);
    let effects = update(&mut model, Message::SubmitTemplate(client("c1")), moment);
    let values = vec![value("1", "Anna"), value("2", "pacco")];
    let proposal = Proposal::Template {
        template: TemplateId::trusted("ordine"),
        language: "it".into(),
        values,
    };
    assert_eq!(
        sent(&effects),
        [Command::Send {
            client: client("c1"),
            proposal
        }]
    );
    assert_eq!(
        model
            .pending
            .first()
            .and_then(|pending| pending.body.as_deref()),
        Some("Ciao Anna, pacco")
    );
    assert!(effects.contains(&Effect::CloseDialog) && model.picker.is_none());
}

#[test]
fn thresholds_are_announced_and_seconds_are_not() {
    let (mut model, moment) = welcomed(open_thread(Span::minutes(61)));
    let mut heard = Vec::new();
    for second in 0..3_700 {
        let now = later(moment, second * 1_000);
        for effect in update(&mut model, Message::Tick { woken: false }, now) {
            match effect {
                Effect::Announce(announcement) => heard.push((second / 60, announcement)),
                Effect::Ping => drop(update(&mut model, Message::Pong, now)),
                _ => {}
            }
        }
    }
    use Announcement::{Closed, Closing};
    assert_eq!(
        heard,
        [(1, Closing), (51, Closing), (60, Closing), (61, Closed)]
    );
}

#[test]
fn the_page_hears_of_the_window_when_it_changes() {
    let (mut model, moment) = welcomed(open_thread(Span::minutes(1)));
    let told = |effects: Vec<Effect>| -> Vec<Option<Timestamp>> {
        effects
            .into_iter()
            .filter_map(|effect| match effect {
                Effect::Emit(News::Window { closes_at }) => Some(closes_at),
                _ => None,
            })
            .collect()
    };
    assert_eq!(
        told(update(
            &mut model,
            Message::Tick { woken: false },
            later(moment, 1_000)
        )),
        []
    );
    assert_eq!(
        told(receive(
            &mut model,
            Frame::Clock {
                now: NOON + Span::hours(1)
            },
            later(moment, 1_000)
        )),
        [None]
    );
    let thread = open_thread(Span::hours(20));
    let effects = receive(
        &mut model,
        Frame::Changed {
            now: NOON,
            thread,
            messages: vec![],
        },
        later(moment, 2_000),
    );
    assert_eq!(told(effects), [Some(NOON + Span::hours(20))]);
}
