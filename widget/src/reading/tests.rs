//! What this reader makes of frames, and what the usual one does.

use super::*;
use crate::fixture::{NOON, client, localization, notice, open_thread, said, template, welcome};
use proptest::prelude::*;
use shared::consent::{OptIn, OptOut, OptOutSource};
use shared::content::{Content, Medium, Notice};
use shared::delivery::{Delivery, Status};
use shared::id::{AgentId, MessageId, MessageSid};
use shared::message::{Author, Stage};
use shared::policy::{Proposal, Refusal};
use shared::protocol::{Trouble, decode, encode};
use shared::template::{Approval, Button, ButtonKind, Kind, Value};
use shared::thread::{Last, State};
use shared::time::Span;

/// Frames in which every type that travels occurs.
fn frames() -> Vec<Frame> {
    let mut thread = open_thread(Span::hours(-9));
    thread.profile_name = "Anna 🙂".into();
    thread.window.forced_closed = Some(NOON);
    thread.last = Some(Last {
        at: NOON,
        inbound: true,
    });
    thread.conversation.state = State::WrapUp;
    thread.consent.opted_out = Some(OptOut {
        at: NOON,
        how: OptOutSource::Blocked,
    });
    thread.consent.opt_in = Some(OptIn {
        at: NOON,
        source: "shop".into(),
        wording: "sì".into(),
        recorded_by: Some(AgentId::trusted("a")),
        recorded_at: NOON,
    });
    let contents = [
        Content::Media {
            items: vec![Medium {
                content_type: "image/png".into(),
                sid: "ME".into(),
            }],
            caption: "x".into(),
        },
        Content::Location {
            latitude: "1".into(),
            longitude: "2".into(),
            label: String::new(),
            address: "via".into(),
        },
        Content::Button {
            text: "Sì".into(),
            payload: "yes".into(),
        },
        Content::ListReply {
            id: "1".into(),
            title: "uno".into(),
        },
        Content::Other {
            kind: "order".into(),
            body: String::new(),
        },
    ];
    let mut messages: Vec<_> = contents
        .into_iter()
        .map(|content| shared::message::Message {
            content,
            ..said(1, true)
        })
        .collect();
    messages.push(notice(2, Notice::OptedIn));
    let stages = [
        Stage::Attempting { since: NOON },
        Stage::Unconfirmed {
            since: NOON,
            ask: true,
        },
        Stage::HandedOver { at: NOON },
        Stage::Refused(Refusal::TextTooLong {
            limit: 1_600,
            actual: 70_000,
        }),
        Stage::Refused(Refusal::TemplateKind {
            kind: Kind::Location,
        }),
        Stage::Failed { code: Some(63_016) },
    ];
    messages.extend(stages.into_iter().map(|stage| shared::message::Message {
        stage,
        author: Author::Service {
            id: AgentId::trusted("bot"),
        },
        delivery: Delivery::report(Status::Failed, Some(63_016)),
        sid: Some(MessageSid::trusted("SM1")),
        client: Some(client("c")),
        ..said(u64::MAX, false)
    }));
    let mut known = template("ordine", "Ciao {{1}}");
    let mut other = localization("en", "Hi");
    other.approval = Approval::Rejected;
    other.footer = Some("small".into());
    other.buttons.push(Button {
        kind: ButtonKind::CopyCode,
        title: "a".into(),
        target: "b".into(),
    });
    known.localizations.push(other);
    let proposal = Proposal::Template {
        template: known.id.clone(),
        language: "it".into(),
        values: vec![Value::default()],
    };
    vec![
        welcome(thread.clone(), messages.clone()),
        Frame::Changed {
            now: NOON,
            thread,
            messages: messages.clone(),
        },
        Frame::Accepted {
            client: client("c"),
            message: Some(MessageId::trusted("m")),
        },
        Frame::Refused {
            client: client("c"),
            refusal: Refusal::WindowClosed { since: None },
        },
        Frame::Failed {
            client: None,
            trouble: Trouble::Unavailable,
        },
        Frame::GivenBack {
            message: MessageId::trusted("m"),
            proposal,
            refusal: Refusal::VariableBlank {
                variable: "1".into(),
            },
        },
        Frame::Earlier { messages },
        Frame::Templates {
            templates: vec![known],
        },
        Frame::Clock {
            now: shared::time::Timestamp(i64::MIN),
        },
    ]
}

#[test]
fn every_frame_comes_out_as_it_went_in() {
    for original in frames() {
        assert_eq!(frame(&encode(&original)).as_ref(), Some(&original));
    }
}

#[test]
fn half_a_frame_and_more_than_one_are_none() {
    for original in frames() {
        let mut bytes = encode(&original);
        for cut in 0..bytes.len() {
            assert_eq!(frame(&bytes[..cut]), None, "cut at {cut} of {original:?}");
        }
        bytes.push(0);
        assert_eq!(frame(&bytes), None);
    }
}

proptest! {
    #[test]
    fn whatever_comes_is_read_as_the_usual_reader_would_or_not_at_all(
        which in 0..9usize, at in any::<prop::sample::Index>(), byte in any::<u8>(), noise in prop::collection::vec(any::<u8>(), 0..60),
    ) {
        let mut bytes = encode(&frames()[which]);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        for bytes in [bytes, noise] {
            if let Some(usual) = decode::<Frame>(&bytes) {
                prop_assert_eq!(frame(&bytes), Some(usual));
            } else {
                let _ = frame(&bytes);
            }
        }
    }
}
