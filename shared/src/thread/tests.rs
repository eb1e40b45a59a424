//! A thread, event by event: given what was, when this happens, then that is done.

mod customer;
mod sending;

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
