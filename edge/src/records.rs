//! What does the directory publish for everybody else? The records of accounts and senders.

use serde::{Deserialize, Serialize};
use shared::consent::ConsentWords;
use shared::id::{AccountId, AccountSid, SenderId};
use shared::policy::Sender;
use shared::time::Timestamp;

/// What a webhook and a call to Twilio need of an account. Tokens are encrypted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRecord {
    /// Our name for it.
    pub id: AccountId,
    /// Grows with every change.
    pub version: u64,
    /// Twilio's name for it.
    pub account_sid: AccountSid,
    /// The auth token in use, sealed by [`crate::seal`].
    pub token: String,
    /// The next one during a rotation, sealed.
    #[serde(default)]
    pub next_token: Option<String>,
    /// What we call Twilio with instead of the token, if there is one.
    #[serde(default)]
    pub api_key: Option<ApiKey>,
    /// Whether it is in use.
    pub active: bool,
    /// Its numbers.
    pub senders: Vec<SenderRecord>,
}

/// What a thread needs of one of our numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderRecord {
    /// Grows with every change.
    pub version: u64,
    /// The account it belongs to.
    pub account: AccountId,
    /// Twilio's name for the account.
    pub account_sid: AccountSid,
    /// What the gate needs; `templates` is always empty here: whether a template may be sent must be
    /// asked of the directory, not of a record that may be old.
    pub sender: Sender,
    /// The words by which its customers opt out and in.
    pub words: ConsentWords,
    /// From when on messages that were missed are taken in from Twilio's list; `None`: never.
    #[serde(default = "ever")]
    pub recover_from: Option<Timestamp>,
}

fn ever() -> Option<Timestamp> {
    Some(Timestamp(0))
}

/// A key for Twilio's API: it can be taken back alone, without a new auth token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// Twilio's name for it: `SK` and 32 hexadecimal digits.
    pub sid: String,
    /// Its secret, sealed as a token is.
    pub secret: String,
}

impl SenderRecord {
    /// Our name for it.
    #[must_use]
    pub fn id(&self) -> &SenderId {
        &self.sender.id
    }
}
