//! What may the world know of a session at a glance? The record kept in KV.
//!
//! Read for a widget's first paint and for the badges of a whole list, never to decide whether to
//! send. It holds no text and no number.

use crate::policy::Sender;
use crate::thread::{Last, State, Thread};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// The record `session:{thread}`: JSON, written by the thread's object alone, at most once a second.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Grows with every change of the thread: of two copies the greater is the newer.
    pub version: u64,
    /// When the customer last wrote.
    pub last_inbound_at: Option<Timestamp>,
    /// When the window closes or closed, the margin taken off; absent if it never was open or
    /// WhatsApp closed it.
    pub closes_at: Option<Timestamp>,
    /// When a message was handed over that WhatsApp refused as late, if that closed the window.
    pub forced_closed_at: Option<Timestamp>,
    /// The conversation's state.
    pub conversation: State,
    /// The agent who has it.
    #[serde(default)]
    pub assignee: Option<String>,
    /// `opted-out`, `opted-in` or `none`.
    pub consent: ConsentMark,
    /// The sender's language.
    pub language: String,
    /// How many of the customer's messages no agent has seen.
    pub unread: u32,
    /// The last message, in short.
    pub last: Option<Last>,
}

/// Consent in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentMark {
    /// Nothing is recorded.
    None,
    /// An opt-in is recorded.
    OptedIn,
    /// The customer opted out.
    OptedOut,
}

impl Session {
    /// The record of a thread as it is.
    #[must_use]
    pub fn of(thread: &Thread, sender: &Sender) -> Self {
        let closes_at = thread.window.closes_at(sender.margin);
        Self {
            version: thread.sequence,
            last_inbound_at: thread.window.last_inbound,
            closes_at,
            forced_closed_at: thread
                .window
                .forced_closed
                .filter(|_| closes_at.is_none() && thread.window.last_inbound.is_some()),
            conversation: thread.conversation.state,
            assignee: None,
            consent: if thread.consent.opted_out.is_some() {
                ConsentMark::OptedOut
            } else if thread.consent.opt_in.is_some() {
                ConsentMark::OptedIn
            } else {
                ConsentMark::None
            },
            language: sender.language.clone(),
            unread: thread.unread,
            last: thread.last,
        }
    }
}
