//! How is the directory asked? The calls to its object, as one type for both ends.
//!
//! They cross from a Worker to an object that may be of the release before or after: a call that the
//! object does not know is refused, and fields come with defaults.

use super::audit::Filter;
use super::facts::{Fact, Facts};
use super::notes::{Health, Unrouted};
use super::rules::{Change, Expected, Tally};
use super::setup::SenderEntry;
use serde::{Deserialize, Serialize};
use shared::id::{AccountId, AccountSid, SenderId, TemplateId, ThreadId};
use shared::time::Timestamp;

mod asking;

pub use super::store::Editor;
pub use asking::*;

/// What the directory's object can be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// See [`clock_offset`].
    ClockOffset,
    /// See [`set_clock_offset`].
    SetClockOffset {
        /// The offset in milliseconds.
        offset: i64,
    },
    /// See [`account`].
    Account {
        /// Which one.
        account: AccountId,
    },
    /// See [`all_accounts`].
    AllAccounts,
    /// See [`sender`].
    Sender {
        /// Which one.
        sender: SenderId,
    },
    /// See [`all_senders`].
    AllSenders,
    /// See [`sender_and_template`].
    SenderAndTemplate {
        /// The sender.
        sender: SenderId,
        /// The template.
        template: TemplateId,
        /// Whether it is about to be handed to Twilio.
        #[serde(default)]
        attempt: Option<Timestamp>,
    },
    /// See [`templates`].
    Templates {
        /// The sender they are offered for.
        sender: SenderId,
    },
    /// See [`template_entry`].
    TemplateEntry {
        /// Which one.
        template: TemplateId,
    },
    /// See [`all_templates`].
    AllTemplates,
    /// See [`describe_account`].
    DescribeAccount {
        /// Which one.
        account: AccountId,
    },
    /// See [`describe_accounts`].
    DescribeAccounts,
    /// See [`change`].
    Change {
        /// What to change.
        change: Change,
        /// Who asks for it.
        editor: Editor,
        /// What they saw, if they say.
        #[serde(default)]
        expected: Option<Expected>,
        /// Only say what would come of it.
        #[serde(default)]
        rehearse: bool,
    },
    /// See [`describe_senders`].
    DescribeSenders,
    /// See [`workstreams`].
    Workstreams,
    /// See [`sent`].
    Sent,
    /// See [`threads_of`].
    ThreadsOf {
        /// The number.
        sender: SenderId,
    },
    /// See [`enlist`].
    Enlist {
        /// The thread.
        thread: ThreadId,
        /// Its number.
        sender: SenderId,
        /// When it was begun.
        at: Timestamp,
    },
    /// See [`note`].
    Note {
        /// Whose.
        account: AccountId,
        /// What.
        fact: Fact,
    },
    /// See [`audit`].
    Audit {
        /// Which lines.
        filter: Filter,
    },
    /// See [`configuration`].
    Configuration,
    /// See [`refused_signature`].
    RefusedSignature {
        /// The account in the path.
        account: AccountId,
        /// The URL by which it would have verified.
        right_url: Option<String>,
        /// When.
        at: Timestamp,
    },
    /// See [`keep_unrouted`].
    KeepUnrouted {
        /// The account in the path.
        account: AccountId,
        /// The webhook.
        webhook: Unrouted,
    },
    /// See [`unrouted`].
    Unrouted {
        /// Whose.
        account: AccountId,
    },
    /// See [`health`].
    Health {
        /// Whose.
        account: AccountId,
    },
    /// See [`heartbeat`].
    Heartbeat {
        /// Now.
        at: Timestamp,
    },
}

/// An account as administrators see it: no token, sealed or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountFacts {
    /// Our name for it.
    pub id: AccountId,
    /// Grows with every change.
    pub version: u64,
    /// What administrators call it.
    pub name: String,
    /// Twilio's name for it.
    pub account_sid: AccountSid,
    /// Whether it is in use.
    pub active: bool,
    /// Whether it has its auth token.
    #[serde(default)]
    pub token_set: bool,
    /// Whether a rotation of its token is under way.
    pub next_token_set: bool,
    /// The SID of its key for Twilio's API.
    #[serde(default)]
    pub api_key: Option<String>,
    /// Its senders, by id.
    pub senders: Vec<SenderId>,
    /// How it fares.
    pub health: Health,
    /// What was learned of it last.
    #[serde(default)]
    pub facts: Facts,
}

/// A number as administrators see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderFacts {
    /// What is kept of it.
    pub entry: SenderEntry,
    /// Whether it can be used: it, and its account, are active.
    pub usable: bool,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// The directory's new revision.
    pub revision: u64,
    /// Whether something came to be that was not there.
    pub created: bool,
    /// What was touched, where it is more than one thing.
    #[serde(default)]
    pub tally: Tally,
    /// What was done to what: verb, kind and subject of each line of the audit log.
    #[serde(default)]
    pub lines: Vec<(String, String, String)>,
}
