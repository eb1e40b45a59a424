//! Threads, messages and models as the tests need them.

use crate::clock::Moment;
use crate::message::{Effect, Message};
use crate::model::Model;
use crate::update::update;
use shared::address::CustomerAddress;
use shared::content::{Content, Notice};
use shared::id::{AgentId, ClientId, ContentSid, MessageId, SenderId, TemplateId, ThreadId};
use shared::message::{Author, Message as Said, Stage};
use shared::policy::Sender;
use shared::protocol::{Command, Frame, decode, encode};
use shared::template::{Approval, Category, Kind, Localization, Template, Value};
use shared::thread::Thread;
use shared::time::{Span, Timestamp};
use shared::window::LENGTH;

/// 2026-11-20T12:00:00Z: the edge's time in these tests.
pub(crate) const NOON: Timestamp = Timestamp(1_795_176_000_000);
const MARGIN: Span = Span::seconds(15);

pub(crate) fn sender() -> Sender {
    Sender {
        id: SenderId::trusted("milano"),
        name: "Milano".into(),
        number: "+390212345678".into(),
        language: "it".into(),
        margin: MARGIN,
        active: true,
        templates: vec![],
    }
}

/// A thread whose window closes `left` after [`NOON`].
pub(crate) fn open_thread(left: Span) -> Thread {
    let mut thread = Thread::new(
        SenderId::trusted("milano"),
        CustomerAddress::trusted("+393471234567"),
    );
    thread.window.inbound(NOON + left + MARGIN - LENGTH);
    thread.sequence = 7;
    thread
}

/// A page that has just been welcomed at [`NOON`] and can be seen.
pub(crate) fn welcomed(thread: Thread) -> (Model, Moment) {
    let moment = Moment {
        steady: 1_000,
        wall: 5_000_000,
        visible: true,
        roll: 0,
    };
    let mut model = Model::default();
    update(&mut model, Message::Started, moment);
    let ticket = Message::Ticket {
        thread: ThreadId::trusted("t"),
        socket: "wss://e/socket/t".into(),
        ticket: "a.b".into(),
    };
    update(&mut model, ticket, moment);
    receive(&mut model, welcome(thread, vec![]), moment);
    (model, moment)
}

pub(crate) fn welcome(thread: Thread, messages: Vec<Said>) -> Frame {
    Frame::Welcome {
        now: NOON,
        agent: AgentId::trusted("agent-1"),
        sender: sender(),
        thread,
        messages,
        snapshot: true,
    }
}

pub(crate) fn receive(model: &mut Model, frame: Frame, moment: Moment) -> Vec<Effect> {
    update(model, Message::Received(encode(&frame)), moment)
}

/// The commands among the effects.
pub(crate) fn sent(effects: &[Effect]) -> Vec<Command> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Send(bytes) => decode(bytes),
            _ => None,
        })
        .collect()
}

pub(crate) fn client(name: &str) -> ClientId {
    ClientId::trusted(name)
}

pub(crate) fn said(place: u64, inbound: bool) -> Said {
    Said {
        id: MessageId::trusted(format!("m{place}")),
        place,
        changed: place,
        at: NOON,
        author: if inbound {
            Author::Customer
        } else {
            Author::Agent {
                id: AgentId::trusted("agent-1"),
                name: "Giulia".into(),
            }
        },
        content: Content::Text {
            body: format!("text {place}"),
        },
        stage: if inbound {
            Stage::Received
        } else {
            Stage::Waiting
        },
        delivery: Default::default(),
        sid: None,
        in_reply_to: None,
        client: None,
    }
}

pub(crate) fn notice(place: u64, notice: Notice) -> Said {
    Said {
        author: Author::System,
        content: Content::Notice(notice),
        stage: Stage::Received,
        ..said(place, true)
    }
}

pub(crate) fn template(id: &str, body: &str) -> Template {
    Template {
        id: TemplateId::trusted(id),
        name: id.into(),
        category: Category::Utility,
        default_language: "it".into(),
        localizations: vec![localization("it", body)],
    }
}

pub(crate) fn localization(language: &str, body: &str) -> Localization {
    Localization {
        language: language.into(),
        content_sid: ContentSid::parse(&format!("HX{}", "0".repeat(32))),
        approval: Approval::Approved,
        kind: Kind::Text,
        body: body.into(),
        footer: None,
        buttons: vec![],
        samples: vec![value("1", "Mario")],
    }
}

pub(crate) fn value(name: &str, value: &str) -> Value {
    Value {
        name: name.into(),
        value: value.into(),
    }
}
