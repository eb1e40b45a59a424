//! What do page and edge say to each other? The frames of the socket, the only definition for both.
//!
//! One WebSocket per thread, binary, [postcard](https://postcard.jamesmunns.com). The page opens it
//! with two subprotocols, [`SUBPROTOCOL`] and an [`Opening`]; the edge answers with
//! [`Frame::Welcome`] or closes with one of [`close`]'s codes, since a browser cannot read a
//! refused handshake. Text frames are the heartbeat alone: `ping`, answered `pong`.
//!
//! Postcard is for these sockets and for nothing that is stored: both ends are always the same
//! build, which [`FINGERPRINT`] makes sure of.

mod fingerprint;

pub use fingerprint::FINGERPRINT;

use crate::id::{AgentId, ClientId, MessageId};
use crate::message::Message;
use crate::policy::{Proposal, Refusal, Sender};
use crate::template::Template;
use crate::thread::{Choice, Thread};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// The subprotocol that the edge accepts.
pub const SUBPROTOCOL: &str = "finestra";

/// The text frame by which a page asks whether the socket is alive, and the answer to it.
pub const HEARTBEAT: (&str, &str) = ("ping", "pong");

/// The most messages a [`Frame::Welcome`] or a [`Frame::Earlier`] carries.
pub const PAGE_OF_MESSAGES: u32 = 50;

/// Why the edge closes a socket.
pub mod close {
    /// The ticket is missing, expired, used or forged, or the token behind it has expired: get a
    /// new one and open again.
    pub const TOKEN: u16 = 4401;
    /// Not this thread, or not from this page.
    pub const SCOPE: u16 = 4403;
    /// Another build of the page: load it again.
    pub const FINGERPRINT: u16 = 4409;
}

/// What the page says while opening the socket, in the second subprotocol, as
/// `ticket.fingerprint.sequence`: the ticket as it was given (it contains one dot), the
/// fingerprint in hexadecimal, and the last sequence number in decimal, 0 for none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening<'a> {
    /// The ticket.
    pub ticket: &'a str,
    /// The page's [`FINGERPRINT`].
    pub fingerprint: &'a str,
    /// The last [`Thread::sequence`] the page has.
    pub sequence: u64,
}

impl<'a> Opening<'a> {
    /// Reads an opening.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let (rest, sequence) = text.rsplit_once('.')?;
        let (ticket, fingerprint) = rest.rsplit_once('.')?;
        Some(Self {
            ticket,
            fingerprint,
            sequence: sequence.parse().ok()?,
        })
    }
}

/// What the page asks. Every command that changes something carries a client id; repeating it
/// changes nothing and is answered as it was the first time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Send this. Answered by [`Frame::Accepted`] or [`Frame::Refused`].
    Send {
        /// The page's name for it.
        client: ClientId,
        /// What to send.
        proposal: Proposal,
    },
    /// Send a message that failed once more, as a new message with the same proposal. Answered
    /// like [`Command::Send`].
    SendAgain {
        /// The page's name for the new message.
        client: ClientId,
        /// The failed one.
        message: MessageId,
    },
    /// Record that the customer agreed to be written to. Answered like [`Command::Send`].
    OptIn {
        /// The page's name for it.
        client: ClientId,
        /// Where the customer agreed.
        source: String,
        /// What they agreed to.
        wording: String,
    },
    /// Decide about an unconfirmed message. Answered like [`Command::Send`].
    Decide {
        /// The page's name for it.
        client: ClientId,
        /// The message.
        message: MessageId,
        /// The decision.
        choice: Choice,
    },
    /// The agent has seen everything up to this place. Not answered.
    Seen {
        /// The last place seen.
        place: u64,
    },
    /// Older messages, please. Answered by [`Frame::Earlier`].
    Earlier {
        /// Those before this place.
        before: u64,
    },
    /// The sender's templates, please. Answered by [`Frame::Templates`].
    Templates,
    /// What time is it? Answered by [`Frame::Clock`].
    Clock,
}

/// What the edge says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Frame {
    /// The first frame.
    Welcome {
        /// The edge's clock.
        now: Timestamp,
        /// Who the page speaks as.
        agent: AgentId,
        /// The number, without templates.
        sender: Sender,
        /// The thread as it is.
        thread: Thread,
        /// What is missing: if `snapshot`, the last messages; otherwise those that changed since
        /// the opening's sequence. By place.
        messages: Vec<Message>,
        /// Whether the page must forget the messages it has.
        snapshot: bool,
    },
    /// Something changed.
    Changed {
        /// The edge's clock.
        now: Timestamp,
        /// The thread as it is.
        thread: Thread,
        /// The messages, new or changed, by place.
        messages: Vec<Message>,
    },
    /// The command was carried out, now or the first time it came.
    Accepted {
        /// The page's name for the command.
        client: ClientId,
        /// The message it became, if it became one.
        message: Option<MessageId>,
    },
    /// The rule refuses the command's proposal. Nothing was sent.
    Refused {
        /// The page's name for the command.
        client: ClientId,
        /// Why, and what to do instead.
        refusal: Refusal,
    },
    /// The command could not be carried out for another reason.
    Failed {
        /// The page's name for the command, if it could be read.
        client: Option<ClientId>,
        /// Why.
        trouble: Trouble,
    },
    /// A text comes back to its author: it left, or was about to, and was refused. Sent once.
    GivenBack {
        /// The message it was.
        message: MessageId,
        /// What was proposed.
        proposal: Proposal,
        /// Why, and what to do instead.
        refusal: Refusal,
    },
    /// Older messages, by place.
    Earlier {
        /// The messages; none: there are none.
        messages: Vec<Message>,
    },
    /// The sender's templates, sorted by name.
    Templates {
        /// All of them, those that may not be sent as well: the picker says why.
        templates: Vec<Template>,
    },
    /// The edge's clock, asked for or moved.
    Clock {
        /// The time.
        now: Timestamp,
    },
}

/// Why a command could not be carried out, other than by the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trouble {
    /// The frame could not be read; the socket stays.
    Unreadable,
    /// The client id was used for something else, or is malformed.
    ClientReused,
    /// No such message here.
    NoSuchMessage,
    /// There is nothing (any more) to decide about that message.
    NothingToDecide,
    /// A field is empty or too long.
    Malformed,
    /// What is needed cannot be reached: try again.
    Unavailable,
}

impl Trouble {
    /// The stable code; the words stand in the locale files under `trouble.<code>`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::ClientReused => "client-reused",
            Self::NoSuchMessage => "no-such-message",
            Self::NothingToDecide => "nothing-to-decide",
            Self::Malformed => "malformed",
            Self::Unavailable => "unavailable",
        }
    }
}

/// Writes a frame or a command. Empty only if memory ran out.
#[must_use]
pub fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    postcard::to_allocvec(value).unwrap_or_default()
}

/// Reads a frame or a command; `None` if the bytes are not exactly one.
#[must_use]
pub fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Option<T> {
    match postcard::take_from_bytes(bytes) {
        Ok((value, [])) => Some(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_opening_keeps_the_tickets_dot() {
        let opening = Opening::parse("payload.mac.00ff.17");
        assert_eq!(
            opening,
            Some(Opening {
                ticket: "payload.mac",
                fingerprint: "00ff",
                sequence: 17
            })
        );
        assert_eq!(Opening::parse("payload.17"), None);
        assert_eq!(Opening::parse("a.b.c.d"), None);
    }

    #[test]
    fn commands_survive_the_wire() {
        let command = Command::Send {
            client: ClientId::trusted("c-1"),
            proposal: Proposal::Text {
                body: "Ciao 🙂".into(),
            },
        };
        assert_eq!(decode::<Command>(&encode(&command)), Some(command.clone()));
        let mut longer = encode(&command);
        longer.push(0);
        assert_eq!(
            decode::<Command>(&longer),
            None,
            "a frame is exactly one command"
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode::<Command>(&bytes);
            let _ = decode::<Frame>(&bytes);
        }
    }
}
