//! A thread, event by event: given what was, when this happens, then that is done.

use super::*;
use crate::consent::{ConsentWords, OptIn};
use crate::delivery::{Delivery, Status};
use crate::id::{AgentId, ClientId, ContentSid, MessageId, MessageSid, TemplateId};
use crate::policy::{Proposal, Refusal, Sender};
use crate::template::{Approval, Category, Kind, Localization, Template};
use crate::time::Span;

const NOW: Timestamp = Timestamp(1_800_000_000_000);

fn thread() -> Thread {
    Thread::new(
        SenderId::trusted("milano"),
        CustomerAddress::trusted("+393471234567"),
    )
}

fn sender() -> Sender {
    Sender {
        id: SenderId::trusted("milano"),
        name: "Milano".into(),
        number: "+390200000001".into(),
        language: "it".into(),
        margin: Span::seconds(15),
        active: true,
        templates: vec![],
    }
}

fn sid(n: u32) -> MessageSid {
    MessageSid::trusted(format!("SM{n:032x}"))
}

fn id(n: u32) -> MessageId {
    MessageId::trusted(format!("{n:032x}"))
}

fn incoming(n: u32, body: &str, words: &'static ConsentWords) -> Incoming<'static> {
    Incoming {
        id: id(n),
        notices: [id(n + 1_000), id(n + 2_000)],
        sid: sid(n),
        seen: false,
        from: CustomerAddress::trusted("+393471234567"),
        external: None,
        profile_name: "Anna".into(),
        content: Content::Text { body: body.into() },
        in_reply_to: None,
        at: NOW,
        opt_out_type: None,
        words,
    }
}

fn words() -> &'static ConsentWords {
    Box::leak(Box::default())
}

fn take(thread: &mut Thread, event: Event<'_>, now: Timestamp) -> Vec<Effect> {
    let step = step(thread, event, now).expect("not declined");
    *thread = step.thread;
    step.effects
}

fn put(effects: &[Effect]) -> Vec<Message> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Put(message) => Some(Message::clone(message)),
            _ => None,
        })
        .collect()
}

/// A thread whose customer has just written, and a text of ours that waits.
fn waiting() -> (Thread, Message, Proposal) {
    let mut thread = thread();
    take(
        &mut thread,
        Event::Inbound(incoming(1, "Ciao", words())),
        NOW,
    );
    let proposal = Proposal::Text {
        body: "Salve".into(),
    };
    let author = Author::Agent {
        id: AgentId::trusted("agent-1"),
        name: "Giulia".into(),
    };
    let event = Event::Propose {
        id: id(2),
        client: ClientId::trusted("c"),
        author,
        proposal: proposal.clone(),
        sender: &sender(),
        earlier: None,
    };
    let message = put(&take(&mut thread, event, NOW)).remove(0);
    (thread, message, proposal)
}

/// The same, handed to Twilio, which has not answered yet.
fn attempting() -> (Thread, Message) {
    let (mut thread, message, proposal) = waiting();
    let effects = take(
        &mut thread,
        Event::Attempt {
            message,
            proposal,
            sender: &sender(),
        },
        NOW,
    );
    assert!(
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::HandOver { .. }))
    );
    let message = put(&effects).remove(0);
    assert_eq!(message.stage, Stage::Attempting { since: NOW });
    (thread, message)
}

fn given_back(effects: &[Effect]) -> usize {
    effects
        .iter()
        .filter(|effect| matches!(effect, Effect::GiveBack { .. }))
        .count()
}

#[test]
fn a_message_from_the_customer_opens_the_window_and_a_conversation() {
    let mut thread = thread();
    let effects = take(
        &mut thread,
        Event::Inbound(incoming(1, "Ciao", words())),
        NOW,
    );
    assert_eq!(thread.window.last_inbound, Some(NOW));
    assert_eq!(
        (thread.conversation.state, thread.conversation.number),
        (State::Open, 1)
    );
    assert_eq!((thread.unread, thread.places, thread.sequence), (1, 1, 1));
    assert_eq!(put(&effects)[0].changed, 1);
    assert!(matches!(effects.first(), Some(Effect::Claim(claimed)) if *claimed == sid(1)));
    assert!(matches!(
        effects.last(),
        Some(Effect::Schedule {
            task: Task::Publish,
            ..
        })
    ));
}

#[test]
fn a_replay_changes_nothing() {
    let mut thread = thread();
    take(
        &mut thread,
        Event::Inbound(incoming(1, "Ciao", words())),
        NOW,
    );
    let before = thread.clone();
    let replay = Incoming {
        seen: true,
        at: NOW + Span::hours(48),
        ..incoming(1, "Ciao", words())
    };
    assert!(take(&mut thread, Event::Inbound(replay), NOW + Span::hours(48)).is_empty());
    assert_eq!(thread, before);
}

#[test]
fn an_older_message_recovered_later_does_not_move_the_window_back() {
    let mut thread = thread();
    take(
        &mut thread,
        Event::Inbound(incoming(1, "nuovo", words())),
        NOW,
    );
    let older = Incoming {
        at: NOW - Span::hours(5),
        ..incoming(2, "vecchio", words())
    };
    take(&mut thread, Event::Inbound(older), NOW);
    assert_eq!(thread.window.last_inbound, Some(NOW));
    assert_eq!(thread.places, 2);
}

#[test]
fn any_kind_of_message_opens_the_window_and_only_words_and_payloads_opt_out() {
    let button = |payload: &str| Content::Button {
        text: "STOP".into(),
        payload: payload.into(),
    };
    for (content, out) in [
        (
            Content::Other {
                kind: "sticker".into(),
                body: String::new(),
            },
            false,
        ),
        (
            Content::Text {
                body: String::new(),
            },
            false,
        ),
        (button("yes"), false),
        (button("STOP"), true),
        (
            Content::Text {
                body: " stop ".into(),
            },
            true,
        ),
    ] {
        let mut thread = thread();
        take(
            &mut thread,
            Event::Inbound(Incoming {
                content: content.clone(),
                ..incoming(1, "", words())
            }),
            NOW,
        );
        assert_eq!(thread.window.last_inbound, Some(NOW), "{content:?}");
        assert_eq!(thread.consent.opted_out.is_some(), out, "{content:?}");
    }
}

#[test]
fn an_opt_out_and_the_word_that_lifts_it() {
    let mut thread = thread();
    let effects = take(
        &mut thread,
        Event::Inbound(incoming(1, "STOP", words())),
        NOW,
    );
    assert_eq!(put(&effects).len(), 2, "the message and a notice");
    assert!(thread.consent.opted_out.is_some());
    take(
        &mut thread,
        Event::Inbound(incoming(2, "start", words())),
        NOW,
    );
    assert!(thread.consent.opted_out.is_none() && thread.consent.opt_in.is_some());
}

#[test]
fn the_same_phone_with_a_new_id_may_be_somebody_else() {
    let mut thread = thread();
    let with = |n, external: &str| Incoming {
        external: Some(CustomerAddress::trusted(external)),
        ..incoming(n, "Ciao", words())
    };
    let effects = take(&mut thread, Event::Inbound(with(1, "IT.1")), NOW);
    assert!(effects.iter().any(
        |e| matches!(e, Effect::Schedule { task: Task::Point(to), .. } if to.as_str() == "IT.1")
    ));
    take(
        &mut thread,
        Event::OptIn(OptIn {
            at: NOW,
            source: "form".into(),
            wording: "ok".into(),
            recorded_by: None,
            recorded_at: NOW,
        }),
        NOW,
    );
    let effects = take(&mut thread, Event::Inbound(with(2, "IT.1")), NOW);
    assert_eq!(put(&effects).len(), 1);
    assert!(thread.consent.opt_in.is_some());
    let effects = take(&mut thread, Event::Inbound(with(3, "IT.2")), NOW);
    assert_eq!(
        put(&effects)[0].content,
        Content::Notice(crate::content::Notice::NewOwner)
    );
    assert!(
        thread.consent.opt_in.is_none(),
        "what the earlier owner agreed to lapses"
    );
}

#[test]
fn repeating_a_command_changes_nothing_and_reusing_its_name_is_declined() {
    let (thread, message, proposal) = waiting();
    let again = |proposal: Proposal| {
        let event = Event::Propose {
            id: id(9),
            client: ClientId::trusted("c"),
            author: message.author.clone(),
            proposal,
            sender: &sender(),
            earlier: Some((
                message.clone(),
                Proposal::Text {
                    body: "Salve".into(),
                },
            )),
        };
        step(&thread, event, NOW).map(|step| step.effects.len())
    };
    assert_eq!(again(proposal), Ok(0));
    assert_eq!(
        again(Proposal::Text {
            body: "Altro".into()
        }),
        Err(Decline::ClientReused)
    );
}

#[test]
fn the_gate_is_asked_again_at_the_attempt() {
    let (mut thread, message, proposal) = waiting();
    let late = NOW + Span::hours(24);
    let effects = take(
        &mut thread,
        Event::Attempt {
            message,
            proposal,
            sender: &sender(),
        },
        late,
    );
    assert!(
        !effects
            .iter()
            .any(|effect| matches!(effect, Effect::HandOver { .. }))
    );
    assert!(matches!(
        put(&effects)[0].stage,
        Stage::Refused(Refusal::WindowClosed { .. })
    ));
    assert_eq!(given_back(&effects), 1);
}

#[test]
fn an_answer_settles_the_attempt() {
    let (mut thread, message) = attempting();
    let outcome = Outcome::Accepted {
        sid: sid(7),
        report: Delivery::report(Status::Queued, None),
    };
    let effects = take(
        &mut thread,
        Event::Answered {
            message,
            outcome,
            attempts: 1,
        },
        NOW,
    );
    let message = put(&effects).remove(0);
    assert_eq!(
        (message.stage, message.sid),
        (Stage::HandedOver { at: NOW }, Some(sid(7)))
    );
}

#[test]
fn too_many_requests_are_tried_again_and_in_the_end_fail() {
    let (mut thread, message) = attempting();
    let outcome = Outcome::NotTaken { code: Some(20_429) };
    let effects = take(
        &mut thread,
        Event::Answered {
            message: message.clone(),
            outcome: outcome.clone(),
            attempts: 3,
        },
        NOW,
    );
    assert_eq!(put(&effects)[0].stage, Stage::Waiting);
    assert!(effects.iter().any(|e| matches!(e, Effect::Schedule { task: Task::Send(_), due } if *due == NOW + Span::seconds(4))));
    let effects = take(
        &mut thread,
        Event::Answered {
            message,
            outcome,
            attempts: 8,
        },
        NOW,
    );
    assert_eq!(put(&effects)[0].stage, Stage::Failed { code: Some(20_429) });
}

#[test]
fn what_may_have_left_is_searched_for_and_after_ten_minutes_asked_about() {
    let (mut thread, message) = attempting();
    let effects = take(
        &mut thread,
        Event::Answered {
            message,
            outcome: Outcome::Ambiguous,
            attempts: 1,
        },
        NOW,
    );
    let mut message = put(&effects).remove(0);
    assert_eq!(
        message.stage,
        Stage::Unconfirmed {
            since: NOW,
            ask: false
        }
    );
    let mut at = NOW;
    let mut searches = 0;
    while message.stage
        == (Stage::Unconfirmed {
            since: NOW,
            ask: false,
        })
    {
        at = at + Span::seconds(5);
        searches += 1;
        let effects = take(
            &mut thread,
            Event::LookedUp {
                message: message.clone(),
                found: Found::Nothing,
            },
            at,
        );
        if let Some(changed) = put(&effects).pop() {
            message = changed;
        }
        if let Some(due) = effects.iter().find_map(|e| match e {
            Effect::Schedule {
                task: Task::LookUp(_),
                due,
            } => Some(*due),
            _ => None,
        }) {
            at = at.max(due - Span::seconds(5));
        }
    }
    assert_eq!(
        message.stage,
        Stage::Unconfirmed {
            since: NOW,
            ask: true
        }
    );
    assert!(
        at - NOW >= Span::minutes(10) && searches < 15,
        "{searches} searches"
    );
    let effects = take(
        &mut thread,
        Event::Decided {
            message: message.clone(),
            choice: Choice::Lost,
        },
        at,
    );
    assert_eq!(put(&effects)[0].stage, Stage::Failed { code: None });
}

#[test]
fn a_status_settles_what_was_unconfirmed() {
    let (mut thread, message) = attempting();
    let effects = take(&mut thread, Event::Interrupted { message }, NOW);
    let message = put(&effects).remove(0);
    let report = Delivery::report(Status::Sent, None);
    let effects = take(
        &mut thread,
        Event::Status {
            message,
            sid: sid(7),
            report,
        },
        NOW,
    );
    let message = put(&effects).remove(0);
    assert_eq!(
        (message.stage, message.sid, message.delivery),
        (Stage::HandedOver { at: NOW }, Some(sid(7)), report)
    );
}

#[test]
fn a_late_refusal_closes_the_window_and_gives_the_text_back_once() {
    let (mut thread, message) = attempting();
    let late = |status| Delivery::report(status, Some(63_016));
    let effects = take(
        &mut thread,
        Event::Status {
            message,
            sid: sid(7),
            report: late(Status::Undelivered),
        },
        NOW,
    );
    assert_eq!(given_back(&effects), 1);
    assert_eq!(thread.window.forced_closed, Some(NOW));
    let message = put(&effects).remove(0);
    let effects = take(
        &mut thread,
        Event::Status {
            message,
            sid: sid(7),
            report: late(Status::Failed),
        },
        NOW,
    );
    assert_eq!(given_back(&effects), 0, "once, whichever comes first");
    let refused = crate::policy::session_open(&thread, Span::seconds(15), NOW);
    assert_eq!(refused, Err(Refusal::WindowClosed { since: Some(NOW) }));
}

#[test]
fn a_late_refusal_leaves_a_newer_message_of_the_customer_standing() {
    let (mut thread, message) = attempting();
    let newer = Incoming {
        at: NOW + Span::seconds(1),
        ..incoming(5, "Ancora", words())
    };
    take(&mut thread, Event::Inbound(newer), NOW + Span::seconds(1));
    let report = Delivery::report(Status::Failed, Some(63_016));
    take(
        &mut thread,
        Event::Status {
            message,
            sid: sid(7),
            report,
        },
        NOW + Span::seconds(2),
    );
    assert!(
        crate::policy::session_open(&thread, Span::seconds(15), NOW + Span::seconds(3)).is_ok()
    );
}

#[test]
fn twilio_saying_that_the_customer_stopped_is_an_opt_out() {
    for code in [21_610, 63_014] {
        let (mut thread, message) = attempting();
        take(
            &mut thread,
            Event::Answered {
                message,
                outcome: Outcome::Refused { code },
                attempts: 1,
            },
            NOW,
        );
        assert!(thread.consent.opted_out.is_some(), "{code}");
    }
}

#[test]
fn a_report_to_our_own_name_corrects_a_sid_that_was_found_by_searching() {
    let (mut thread, message) = attempting();
    let message = put(&take(&mut thread, Event::Interrupted { message }, NOW)).remove(0);
    let found = Found::One {
        sid: sid(7),
        report: Delivery::report(Status::Delivered, None),
    };
    let message = put(&take(&mut thread, Event::LookedUp { message, found }, NOW)).remove(0);
    assert_eq!(message.sid, Some(sid(7)));
    let report = Delivery::report(Status::Sent, None);
    let message = put(&take(
        &mut thread,
        Event::Status {
            message,
            sid: sid(8),
            report,
        },
        NOW,
    ))
    .remove(0);
    assert_eq!((message.sid, message.delivery), (Some(sid(8)), report));
}

#[test]
fn a_template_is_kept_as_the_customer_reads_it() {
    let mut thread = thread();
    take(
        &mut thread,
        Event::Inbound(incoming(1, "Ciao", words())),
        NOW,
    );
    let mut sender = sender();
    sender.templates.push(Template {
        id: TemplateId::trusted("hello"),
        name: "Hello".into(),
        category: Category::Utility,
        default_language: "it".into(),
        localizations: vec![Localization {
            language: "it".into(),
            content_sid: Some(ContentSid::trusted("HX0123456789abcdef0123456789abcdef")),
            approval: Approval::Approved,
            kind: Kind::Text,
            body: "Ciao {{1}}!".into(),
            footer: Some("Milano".into()),
            buttons: vec![],
            samples: vec![],
        }],
    });
    let proposal = Proposal::Template {
        template: TemplateId::trusted("hello"),
        language: "it".into(),
        values: vec![crate::template::Value {
            name: "1".into(),
            value: "Anna".into(),
        }],
    };
    let author = Author::Service {
        id: AgentId::trusted("crm"),
    };
    let event = Event::Propose {
        id: id(2),
        client: ClientId::trusted("c"),
        author,
        proposal,
        sender: &sender,
        earlier: None,
    };
    let message = put(&take(&mut thread, event, NOW)).remove(0);
    assert!(
        matches!(message.content, Content::Template { body, footer, .. } if body == "Ciao Anna!" && footer.as_deref() == Some("Milano"))
    );
}

#[test]
fn joined_threads_keep_the_later_window_and_the_stricter_consent() {
    let mut phone = thread();
    take(
        &mut phone,
        Event::Inbound(incoming(1, "Ciao", words())),
        NOW,
    );
    let mut username = Thread::new(
        SenderId::trusted("milano"),
        CustomerAddress::trusted("IT.1"),
    );
    let later = Incoming {
        at: NOW + Span::hours(1),
        from: CustomerAddress::trusted("IT.1"),
        ..incoming(2, "STOP", words())
    };
    take(&mut username, Event::Inbound(later), NOW + Span::hours(1));
    take(
        &mut phone,
        Event::Join { other: username },
        NOW + Span::hours(2),
    );
    assert_eq!(phone.window.last_inbound, Some(NOW + Span::hours(1)));
    assert!(phone.consent.opted_out.is_some());
    assert_eq!(phone.reply_to.as_str(), "IT.1");
    assert_eq!(phone.places, 3);
}
