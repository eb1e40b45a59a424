//! What does a widget know? Everything that is shown follows from this.

use crate::clock::{Clock, Moment};
use crate::link::{Link, Trouble as LinkTrouble};
use crate::picker::Picker;
use crate::progress::Failure;
use shared::id::{AgentId, ClientId, MessageId, ThreadId};
use shared::message::Message as Said;
use shared::policy::{Refusal, Sender};
use shared::protocol::{Command, Trouble};
use shared::thread::Thread;
use shared::time::Timestamp;

/// The state of one widget.
#[derive(Debug)]
pub struct Model {
    /// The connection.
    pub link: Link,
    /// Since when, on the steady clock, it has been what it is.
    pub linked_at: i64,
    /// How many attempts in a row came to nothing.
    pub tries: u32,
    /// When the edge was last heard, on the steady clock.
    pub heard: i64,
    /// By when the heartbeat must be answered, if it was sent.
    pub pulse: Option<i64>,
    /// Why the edge shut the door, as a code of the locale files.
    pub shut: String,
    /// The edge's clock.
    pub clock: Clock,
    /// The thread's name, once the edge has said it.
    pub thread: Option<ThreadId>,
    /// The thread, once it has come.
    pub held: Option<Held>,
    /// What the agent is writing.
    pub draft: String,
    /// What the edge has not answered yet, or not with a yes; in the order in which it was sent.
    pub pending: Vec<Pending>,
    /// Why a text came back, or a command that becomes no message was not taken; until the agent has
    /// read it.
    pub returned: Option<Failure>,
    /// The template picker, while it is open.
    pub picker: Option<Picker>,
    /// The list as it is looked at.
    pub sight: Sight,
    /// What the page was last told about the window.
    pub told: Option<Option<Timestamp>>,
    /// How urgent a closing was last announced.
    pub urgency: u8,
    /// Grows with every change of what the list shows.
    pub revision: u32,
}

/// A thread as the edge sent it.
#[derive(Debug)]
pub struct Held {
    /// Who we speak as.
    pub agent: AgentId,
    /// Our number, with the templates as far as they were loaded.
    pub sender: Sender,
    /// The thread.
    pub thread: Thread,
    /// Its messages, by place, without a gap.
    pub messages: Vec<Said>,
    /// Whether the first of them is the thread's first.
    pub complete: bool,
}

/// A command that the edge has not answered with a yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// Our name for it.
    pub client: ClientId,
    /// The command.
    pub command: Command,
    /// How the message it would become reads; `None` if it becomes none.
    pub body: Option<String>,
    /// When the agent asked for it, by the edge's clock.
    pub at: Timestamp,
    /// What the edge said.
    pub answer: Answer,
}

/// What the edge said to a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Nothing yet.
    None,
    /// Yes; the message is on its way here.
    Accepted(Option<MessageId>),
    /// No: the rule.
    Refused(Refusal),
    /// No: something else.
    Failed(Trouble),
}

/// What part of the list the agent sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sight {
    /// Whether its end is in view.
    pub at_end: bool,
    /// How many of the customer's messages came while it was not.
    pub below: u32,
    /// Whether older messages were asked for.
    pub asked_earlier: bool,
    /// Whether what may be another person's history is shown.
    pub revealed: bool,
    /// The last place that the edge was told is seen.
    pub seen: u64,
}

impl Default for Model {
    fn default() -> Self {
        Self {
            link: Link::Waiting {
                until: 0,
                why: LinkTrouble::Away,
            },
            linked_at: 0,
            tries: 0,
            heard: 0,
            pulse: None,
            shut: String::new(),
            clock: Clock::default(),
            thread: None,
            held: None,
            draft: String::new(),
            pending: Vec::new(),
            returned: None,
            picker: None,
            sight: Sight {
                at_end: true,
                below: 0,
                asked_earlier: false,
                revealed: false,
                seen: 0,
            },
            told: None,
            urgency: 0,
            revision: 0,
        }
    }
}

impl Model {
    /// The command of this name, if it is still pending.
    #[must_use]
    pub fn pending(&mut self, client: &ClientId) -> Option<&mut Pending> {
        self.pending
            .iter_mut()
            .find(|pending| pending.client == *client)
    }

    /// The edge's time as well as it is known; before it is, the page's own is as good as any.
    #[must_use]
    pub fn about_now(&self, moment: Moment) -> Timestamp {
        self.clock
            .estimate(moment)
            .unwrap_or(Timestamp(moment.wall))
    }
}

/// Lets go of the commands that do not stay. One function for all uses: what is written out at each is
/// the question alone.
#[inline(never)]
pub fn keep(pending: &mut Vec<Pending>, stays: &mut dyn FnMut(&Pending) -> bool) {
    pending.retain(|pending| stays(pending));
}
