//! What can happen to a thread, and what is to be done about it? Events and effects.

use super::Thread;
use crate::address::CustomerAddress;
use crate::consent::{ConsentWords, OptIn};
use crate::content::Content;
use crate::delivery::Delivery;
use crate::id::{ClientId, MessageId, MessageSid};
use crate::message::{Author, Message};
use crate::policy::{Permit, Proposal, Refusal, Sender};
use crate::time::Timestamp;

/// What happens to a thread.
#[derive(Debug)]
pub enum Event<'a> {
    /// The customer wrote: a webhook, or a message recovered from Twilio's list.
    Inbound(Incoming<'a>),
    /// Somebody wants to send something.
    Propose {
        /// Our name for the message it will be.
        id: MessageId,
        /// What its author calls it.
        client: ClientId,
        /// Who wants to send it.
        author: Author,
        /// What they want to send.
        proposal: Proposal,
        /// The number, with the template that is asked for.
        sender: &'a Sender,
        /// What the same author called by the same name before.
        earlier: Option<(Message, Proposal)>,
    },
    /// The moment to hand a waiting message to Twilio.
    Attempt {
        /// The message.
        message: Message,
        /// What was proposed.
        proposal: Proposal,
        /// The number, with the template as it is *now*.
        sender: &'a Sender,
    },
    /// The attempt could not be made: what must be true now could not be learned.
    Postponed {
        /// The message.
        message: Message,
        /// How many attempts came to nothing so far, this one included.
        attempts: u32,
    },
    /// Twilio answered the attempt, or did not.
    Answered {
        /// The message, as it is now.
        message: Message,
        /// What came of it.
        outcome: Outcome,
        /// How many attempts were made, this one included.
        attempts: u32,
    },
    /// An attempt was found that nobody is making any more: a crash.
    Interrupted {
        /// The message.
        message: Message,
    },
    /// Twilio reported a status.
    Status {
        /// The message it is about.
        message: Message,
        /// Twilio's name for it.
        sid: MessageSid,
        /// The report.
        report: Delivery,
    },
    /// Twilio's list was searched for an unconfirmed message.
    LookedUp {
        /// The message.
        message: Message,
        /// What was found.
        found: Found,
    },
    /// Somebody decided about an unconfirmed message.
    Decided {
        /// The message.
        message: Message,
        /// The decision.
        choice: Choice,
    },
    /// An opt-in was recorded.
    OptIn(OptIn),
    /// An agent has seen the thread up to a place.
    Seen {
        /// The last place seen.
        place: u64,
    },
    /// Another thread turned out to be this one.
    Join {
        /// The other thread. Its messages and seen SIDs are the shell's to bring over.
        other: Thread,
    },
}

/// A message from the customer.
#[derive(Debug)]
pub struct Incoming<'a> {
    /// Our name for the message.
    pub id: MessageId,
    /// Our names for notices that it may bring along: opt-out or opt-in, new owner.
    pub notices: [MessageId; 2],
    /// Twilio's name for it.
    pub sid: MessageSid,
    /// Whether that name was seen before: then nothing happens.
    pub seen: bool,
    /// Where it came from.
    pub from: CustomerAddress,
    /// The business-scoped id that came with it.
    pub external: Option<CustomerAddress>,
    /// What the customer calls themselves; empty if not given.
    pub profile_name: String,
    /// What was said.
    pub content: Content,
    /// What it answers.
    pub in_reply_to: Option<MessageSid>,
    /// When it was written: the earliest of arrival at the edge and Twilio's `date_created`.
    pub at: Timestamp,
    /// Twilio's `OptOutType`, if it sent one.
    pub opt_out_type: Option<&'a str>,
    /// The sender's words.
    pub words: &'a ConsentWords,
}

/// What came of handing a message to Twilio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Twilio has it.
    Accepted {
        /// Twilio's name for it.
        sid: MessageSid,
        /// The status Twilio gave.
        report: Delivery,
    },
    /// Twilio refused it with a code of its own.
    Refused {
        /// Twilio's error code.
        code: u32,
    },
    /// It surely was not taken: too many requests, or no connection was made.
    NotTaken {
        /// Twilio's error code, if it gave one.
        code: Option<u32>,
    },
    /// A time-out, a 5xx, an answer that cannot be read: it may or may not be with Twilio.
    Ambiguous,
}

/// What a search of Twilio's list for an unconfirmed message found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Exactly one message that fits and that no other message of ours claims.
    One {
        /// Twilio's name for it.
        sid: MessageSid,
        /// The status Twilio gave.
        report: Delivery,
    },
    /// None, or several: nothing is settled.
    Nothing,
}

/// What somebody decided about a message that may or may not have left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Choice {
    /// It arrived: leave it.
    Arrived,
    /// It did not arrive: it failed, and may be sent again as a new message.
    Lost,
}

/// What is to be done.
#[derive(Debug)]
pub enum Effect {
    /// Remember, for good, that this SID was seen.
    Claim(MessageSid),
    /// Write the message, new or changed, and show it to whoever is watching.
    Put(Box<Message>),
    /// Keep what was proposed beside its message, for the attempts.
    Keep {
        /// The message.
        message: MessageId,
        /// What was proposed.
        proposal: Proposal,
    },
    /// A row of the outbox: carry the task out when it is due. One row per task; a later one
    /// replaces the earlier.
    Schedule {
        /// What to do.
        task: Task,
        /// When.
        due: Timestamp,
    },
    /// The task is done with: remove its row.
    Settle(Task),
    /// Hand the message to Twilio, now.
    HandOver {
        /// The message.
        message: MessageId,
        /// The proof that it may leave.
        permit: Permit,
    },
    /// Give the text back to its author, once, with the refusal's remedy.
    GiveBack {
        /// The message.
        message: MessageId,
        /// Why it came back.
        refusal: Refusal,
    },
}

/// What a row of the outbox asks for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    /// Hand a message to Twilio.
    Send(MessageId),
    /// Search Twilio's list for a message.
    LookUp(MessageId),
    /// Make the object of this business-scoped id point here, and join what it has.
    Point(CustomerAddress),
    /// Write the session record.
    Publish,
}

/// Why an event was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decline {
    /// The rule refuses the proposal.
    Refused(Refusal),
    /// The same author called something else by this name before.
    ClientReused,
    /// The message is not unconfirmed: there is nothing to decide.
    NothingToDecide,
}

/// What an event came to.
#[derive(Debug)]
pub struct Step {
    /// The thread afterwards.
    pub thread: Thread,
    /// What is to be done, in order.
    pub effects: Vec<Effect>,
}

impl Step {
    pub(super) fn put(&mut self, message: Message) {
        self.effects.push(Effect::Put(Box::new(message)));
    }

    pub(super) fn schedule(&mut self, task: Task, due: Timestamp) {
        self.effects.push(Effect::Schedule { task, due });
    }

    pub(super) fn settle(&mut self, task: Task) {
        self.effects.push(Effect::Settle(task));
    }

    /// Counts the change, if there was one, stamps the messages it touched, and asks for the
    /// session record to be written.
    pub(super) fn seal(&mut self, before: &Thread) {
        let touched = self
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Put(_)));
        if !touched && self.thread == *before {
            return;
        }
        self.thread.sequence = before.sequence + 1;
        for effect in &mut self.effects {
            if let Effect::Put(message) = effect {
                message.changed = self.thread.sequence;
            }
        }
        // Due at once: the shell holds back to one write a second.
        self.schedule(Task::Publish, Timestamp(i64::MIN));
    }
}
