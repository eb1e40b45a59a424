//! What the customer does to a thread.

use super::*;

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
