//! What happens to a thread? The core of everything ever said between one sender and one customer.
//!
//! A thread is plain data and one function: [`step`] takes it, an [`Event`] and the time, and
//! either declines and changes nothing, or answers with the thread as it is afterwards and the
//! [`Effect`]s to carry out. What an event needs of the store (has this SID been seen? which
//! message is meant?) comes in with it; the shell looks it up and writes everything that comes out
//! in one synchronous run.
//!
//! Invariants, held for every sequence of events (`tests/simulation` plays thousands):
//! - a permit for a session message is only ever given inside the window;
//! - `last_inbound` never decreases, and only Twilio's 63016 shortens the window;
//! - an event replayed, however late, changes nothing;
//! - a message is handed over at most once, unless somebody chose to send it again.

mod attempt;
mod confirm;
mod customer;
mod event;
mod inbound;
mod propose;
mod status;
#[cfg(test)]
mod tests;

pub use event::{Choice, Decline, Effect, Event, Found, Incoming, Outcome, Step, Task};

use crate::address::CustomerAddress;
use crate::consent::Consent;
use crate::content::Content;
use crate::id::SenderId;
use crate::message::{Author, Message, Stage};
use crate::time::Timestamp;
use crate::window::Window;
use serde::{Deserialize, Serialize};

/// Everything about a thread but its messages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Thread {
    /// Which of our numbers.
    pub sender: SenderId,
    /// The address under which the thread is named.
    pub customer: CustomerAddress,
    /// Where answers go: the address of the customer's last message.
    pub reply_to: CustomerAddress,
    /// The business-scoped id that came with the phone, once one did.
    #[serde(default)]
    pub external: Option<CustomerAddress>,
    /// What the customer calls themselves on WhatsApp: free text, not to be trusted; may be empty.
    #[serde(default)]
    pub profile_name: String,
    /// The window.
    #[serde(default)]
    pub window: Window,
    /// Whether they want to hear from us.
    #[serde(default)]
    pub consent: Consent,
    /// The present episode.
    #[serde(default)]
    pub conversation: Conversation,
    /// How many messages there are: the place of the last one.
    #[serde(default)]
    pub places: u64,
    /// Grows by one with every change: what a watcher has seen, and the session record's version.
    #[serde(default)]
    pub sequence: u64,
    /// How many of the customer's messages no agent has seen.
    #[serde(default)]
    pub unread: u32,
    /// The last message, in short.
    #[serde(default)]
    pub last: Option<Last>,
}

/// One episode of a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Conversation {
    /// Its state.
    pub state: State,
    /// The first is 1; 0 before anything was said.
    pub number: u32,
    /// When it came into this state.
    pub since: Timestamp,
}

/// The states of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Over; the next message opens the next one. Also before the first.
    #[default]
    Closed,
    /// The customer wrote, nobody has taken it.
    Open,
    /// An agent is at it.
    Active,
    /// The agent has left it; the customer is silent.
    Waiting,
    /// Ended; the agent is writing notes.
    WrapUp,
}

/// The last message of a thread, in short: what lists show. No text, no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Last {
    /// When.
    pub at: Timestamp,
    /// Whether the customer said it.
    pub inbound: bool,
}

impl Thread {
    /// A thread in which nothing has been said.
    #[must_use]
    pub fn new(sender: SenderId, customer: CustomerAddress) -> Self {
        Self {
            sender,
            reply_to: customer.clone(),
            customer,
            ..Self::default()
        }
    }

    /// Opens the next conversation if the last one is over, or wakes it.
    fn stir(&mut self, state: State, now: Timestamp) {
        if self.conversation.state == State::Closed {
            self.conversation.number = self.conversation.number.saturating_add(1);
        }
        if self.conversation.state != state {
            self.conversation.state = state;
            self.conversation.since = now;
        }
    }

    /// A message at the next place of the thread.
    fn append(
        &mut self,
        id: crate::id::MessageId,
        at: Timestamp,
        author: Author,
        content: Content,
        stage: Stage,
    ) -> Message {
        self.places += 1;
        if !matches!(content, Content::Notice(_)) {
            self.last = Some(Last {
                at,
                inbound: author.is_customer(),
            });
        }
        Message {
            id,
            place: self.places,
            changed: 0,
            at,
            author,
            content,
            stage,
            delivery: Default::default(),
            sid: None,
            in_reply_to: None,
            client: None,
        }
    }
}

/// What `event` does to `thread` at `now`.
///
/// # Errors
/// [`Decline`]: nothing is changed and nothing is to be done.
pub fn step(thread: &Thread, event: Event<'_>, now: Timestamp) -> Result<Step, Decline> {
    let mut step = Step {
        thread: thread.clone(),
        effects: Vec::new(),
    };
    match event {
        Event::Inbound(incoming) => inbound::inbound(&mut step, incoming, now),
        Event::Propose {
            id,
            client,
            author,
            proposal,
            sender,
            earlier,
        } => {
            propose::propose(
                &mut step,
                propose::Wish {
                    id,
                    client,
                    author,
                    proposal,
                },
                sender,
                earlier,
                now,
            )?;
        }
        Event::Attempt {
            message,
            proposal,
            sender,
        } => attempt::attempt(&mut step, message, proposal, sender, now),
        Event::Postponed { message, attempts } => {
            attempt::postponed(&mut step, message, attempts, now)
        }
        Event::Answered {
            message,
            outcome,
            attempts,
        } => attempt::answered(&mut step, message, outcome, attempts, now),
        Event::Interrupted { message } => {
            attempt::answered(&mut step, message, Outcome::Ambiguous, 0, now)
        }
        Event::Status {
            message,
            sid,
            report,
        } => status::status(&mut step, message, sid, report),
        Event::LookedUp { message, found } => confirm::looked_up(&mut step, message, found, now),
        Event::Decided { message, choice } => confirm::decided(&mut step, message, choice)?,
        Event::OptIn(opt_in) => customer::opt_in(&mut step, opt_in),
        Event::Seen { place } => customer::seen(&mut step, place),
        Event::Join { other } => customer::join(&mut step, other),
    }
    step.seal(thread);
    Ok(step)
}
