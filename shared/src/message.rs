//! What is one message of a thread? Who said what, when, and how far it got.

use crate::content::Content;
use crate::delivery::Delivery;
use crate::id::{AgentId, ClientId, MessageId, MessageSid};
use crate::policy::Refusal;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// One message of a thread, as kept and as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Our name for it.
    pub id: MessageId,
    /// Its place in the thread: 1, 2, 3 … by arrival here. The one order that all watchers see.
    pub place: u64,
    /// The thread's `sequence` when this message last changed: who knows the thread up to a
    /// sequence number is missing the messages with a greater one.
    pub changed: u64,
    /// When it was written, as far as we know: see [`crate::window`] for an inbound's stamp.
    pub at: Timestamp,
    /// Who said it.
    pub author: Author,
    /// What was said.
    pub content: Content,
    /// Where it is on its way.
    pub stage: Stage,
    /// What Twilio reported of it; for an inbound always the default.
    #[serde(default)]
    pub delivery: Delivery,
    /// Twilio's name for it, once known.
    #[serde(default)]
    pub sid: Option<MessageSid>,
    /// Twilio's name for the message it answers, if it quotes one.
    #[serde(default)]
    pub in_reply_to: Option<MessageSid>,
    /// What the one who asked for it calls it.
    #[serde(default)]
    pub client: Option<ClientId>,
}

/// Who said it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// The customer.
    Customer,
    /// A person of ours.
    Agent {
        /// Who.
        id: AgentId,
        /// What colleagues call them; never shown to the customer.
        name: String,
    },
    /// A program of ours, through the API.
    Service {
        /// Which one: the `sub` of its token.
        id: AgentId,
    },
    /// Nobody: a notice.
    System,
}

impl Author {
    /// Whether it came from the customer.
    #[must_use]
    pub fn is_customer(&self) -> bool {
        matches!(self, Self::Customer)
    }

    /// The agent or service that wrote it.
    #[must_use]
    pub fn id(&self) -> Option<&AgentId> {
        match self {
            Self::Agent { id, .. } | Self::Service { id } => Some(id),
            Self::Customer | Self::System => None,
        }
    }
}

/// Where a message is on its way. Delivery proper is [`Delivery`]; this is what *we* know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// It came in, or is a notice: nothing to do.
    Received,
    /// Accepted; it waits for its (next) attempt.
    Waiting,
    /// An attempt is under way. Found so after a crash, it is [`Stage::Unconfirmed`].
    Attempting {
        /// When it was handed over.
        since: Timestamp,
    },
    /// Handed over, and no answer came: it may or may not be with Twilio. Never repeated blindly.
    Unconfirmed {
        /// When it was handed over.
        since: Timestamp,
        /// Whether ten minutes went by and somebody must decide.
        ask: bool,
    },
    /// Twilio has it.
    HandedOver {
        /// When it was handed over.
        at: Timestamp,
    },
    /// The rule refused it at the attempt: it never left.
    Refused(Refusal),
    /// Twilio refused it, or somebody decided that it never left. The code is Twilio's, if it gave
    /// one.
    Failed {
        /// Twilio's error code.
        code: Option<u32>,
    },
}

impl Message {
    /// Whether it may be with Twilio under a name we do not know: a search of Twilio's list that
    /// fits two of these fits none.
    #[must_use]
    pub fn may_be_unnamed_at_twilio(&self) -> bool {
        self.sid.is_none()
            && matches!(
                self.stage,
                Stage::Attempting { .. }
                    | Stage::Unconfirmed { .. }
                    | Stage::HandedOver { .. }
                    | Stage::Failed { code: None }
            )
    }

    /// Whether it failed in a way that its author should see.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        matches!(self.stage, Stage::Refused(_) | Stage::Failed { .. })
            || self.delivery.status.is_failure()
    }
}
