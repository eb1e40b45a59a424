//! What is kept of the set-up, and what do others get to know of it?
//!
//! Every entry carries the revision of the directory at its last change, and what is published of it
//! carries that as its version; the revision only grows, so of two copies the greater is the newer,
//! also when something was deleted and came back in between.

use crate::records::{AccountRecord, SenderRecord};
use serde::{Deserialize, Serialize};
use shared::consent::ConsentWords;
use shared::id::{AccountId, AccountSid, SenderId};
use shared::policy::Sender;
use shared::template::Template;

/// A Twilio account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Our name for it.
    pub id: AccountId,
    /// The revision of its last change, or of its senders'.
    pub version: u64,
    /// What administrators call it.
    pub name: String,
    /// Twilio's name for it.
    pub account_sid: AccountSid,
    /// The auth token in use, sealed by [`crate::seal`].
    pub token: String,
    /// The next one during a rotation, sealed.
    #[serde(default)]
    pub next_token: Option<String>,
    /// Whether it is in use.
    pub active: bool,
}

/// One of our numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderEntry {
    /// The revision of its last change, or of its account's where that touches it.
    pub version: u64,
    /// The account it belongs to.
    pub account: AccountId,
    /// What the gate needs. `active` is what was asked for; it counts only with an active account.
    pub sender: Sender,
    /// The words by which its customers opt out and in.
    pub words: ConsentWords,
    /// Whether it was deleted. What was deleted is remembered: a thread's name hangs on the sender's
    /// name, so that name must never come to stand for another number.
    #[serde(default)]
    pub deleted: bool,
}

/// A template and who may send it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateEntry {
    /// The revision of its last change.
    pub version: u64,
    /// The template.
    pub template: Template,
    /// The senders it is offered for, sorted.
    pub senders: Vec<SenderId>,
}

/// The set-up, as far as a decision needs it: all accounts and senders, and the templates that the
/// change touches.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Setup {
    /// The directory's revision.
    pub revision: u64,
    /// All accounts.
    pub accounts: Vec<Account>,
    /// All senders, those deleted included.
    pub senders: Vec<SenderEntry>,
    /// The templates that the change touches.
    pub templates: Vec<TemplateEntry>,
}

impl Setup {
    /// An account.
    #[must_use]
    pub fn account(&self, id: &AccountId) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == *id)
    }

    /// A sender that was not deleted.
    #[must_use]
    pub fn sender(&self, id: &SenderId) -> Option<&SenderEntry> {
        self.senders
            .iter()
            .find(|entry| entry.sender.id == *id && !entry.deleted)
    }

    /// The senders of an account.
    pub fn senders_of(&self, account: &AccountId) -> impl Iterator<Item = &SenderEntry> {
        self.senders
            .iter()
            .filter(move |entry| entry.account == *account && !entry.deleted)
    }
}

impl SenderEntry {
    /// What a thread gets to know of it.
    #[must_use]
    pub fn record(&self, account: &Account) -> SenderRecord {
        let mut sender = self.sender.clone();
        sender.active = sender.active && account.active;
        sender.templates = Vec::new();
        SenderRecord {
            version: self.version,
            account: account.id.clone(),
            account_sid: account.account_sid.clone(),
            sender,
            words: self.words.clone(),
        }
    }
}

impl Account {
    /// What a webhook and a call to Twilio get to know of it.
    #[must_use]
    pub fn record(&self, senders: Vec<SenderRecord>) -> AccountRecord {
        AccountRecord {
            id: self.id.clone(),
            version: self.version,
            account_sid: self.account_sid.clone(),
            token: self.token.clone(),
            next_token: self.next_token.clone(),
            active: self.active,
            senders,
        }
    }
}
