//! The store's twin: what survives a crash. A run of effects is applied whole or not at all.

use shared::id::{MessageId, MessageSid};
use shared::message::Message;
use shared::policy::{Permit, Proposal};
use shared::session::Session;
use shared::thread::{Effect, Step, Task, Thread};
use shared::time::Timestamp;
use std::collections::{BTreeMap, HashMap, HashSet};

/// A row of the outbox.
#[derive(Debug, Clone)]
pub struct Row {
    pub due: Timestamp,
    pub leased: Timestamp,
    pub attempts: u32,
    pub version: u64,
}

/// What lies on disk.
#[derive(Debug, Default)]
pub struct Store {
    pub thread: Thread,
    pub messages: BTreeMap<MessageId, Message>,
    pub proposals: HashMap<MessageId, Proposal>,
    pub seen: HashSet<MessageSid>,
    pub outbox: HashMap<Task, Row>,
    /// How often each text was given back.
    pub given_back: HashMap<MessageId, u32>,
    /// Every version of the session record that was written to KV, in the order it arrived there.
    pub published: Published,
}

/// KV's twin: the record, and those before it that another location may still read.
#[derive(Debug, Default)]
pub struct Published(pub Vec<Session>);

impl Published {
    /// The newest.
    #[must_use]
    pub fn newest(&self) -> Option<&Session> {
        self.0.last()
    }
}

impl Store {
    /// Applies a step in one run. A permit it took is handed out: it cannot be stored.
    pub fn commit(&mut self, step: Step) -> Option<Permit> {
        let mut taken = None;
        self.thread = step.thread;
        for effect in step.effects {
            match effect {
                Effect::Claim(sid) => {
                    self.seen.insert(sid);
                }
                Effect::Put(message) => {
                    self.messages.insert(message.id.clone(), *message);
                }
                Effect::Keep { message, proposal } => {
                    self.proposals.insert(message, proposal);
                }
                Effect::Schedule { task, due } => {
                    let row = self.outbox.entry(task).or_insert(Row {
                        due,
                        leased: Timestamp(0),
                        attempts: 0,
                        version: 0,
                    });
                    row.due = due;
                    row.leased = Timestamp(0);
                    row.version += 1;
                }
                Effect::Settle(task) => {
                    self.outbox.remove(&task);
                }
                Effect::HandOver { permit, .. } => taken = Some(permit),
                Effect::GiveBack { message, .. } => {
                    *self.given_back.entry(message).or_default() += 1
                }
            }
        }
        taken
    }

    /// Whether another message of ours is known by this SID.
    #[must_use]
    pub fn claims(&self, sid: &MessageSid) -> bool {
        self.messages
            .values()
            .any(|message| message.sid.as_ref() == Some(sid))
    }
}
