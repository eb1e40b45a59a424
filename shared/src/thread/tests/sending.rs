//! What becomes of what we want to send.

use super::*;

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
