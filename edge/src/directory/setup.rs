//! What is kept of the set-up, and what do others get to know of it?
//!
//! Every entry carries the revision of the directory at its last change, and what is published of it
//! carries that as its version; the revision only grows, so of two copies the greater is the newer,
//! also when something was deleted and came back in between.

use super::settings::Settings;
use crate::records::{AccountRecord, ApiKey, SenderRecord};
use serde::{Deserialize, Serialize};
use shared::consent::ConsentWords;
use shared::id::{AccountId, AccountSid, SenderId, TemplateId, WorkstreamId};
use shared::policy::Sender;
use shared::template::{Approval, Localization, Template};
use shared::time::Timestamp;

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
    /// The auth token in use, sealed by [`crate::seal`]; empty as long as none was given, as after an
    /// import. No signature verifies with an empty one.
    pub token: String,
    /// The next one during a rotation, sealed.
    #[serde(default)]
    pub next_token: Option<String>,
    /// What we call Twilio with instead of the token, if there is one.
    #[serde(default)]
    pub api_key: Option<ApiKey>,
    /// Whether it is in use.
    pub active: bool,
}

/// A container for numbers that are routed alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workstream {
    /// Our name for it.
    pub id: WorkstreamId,
    /// The revision of its last change.
    pub version: u64,
    /// What administrators call it.
    pub name: String,
    /// How conversations come to agents; fixed when it is created.
    pub distribution: Distribution,
    /// Whether it is in use.
    pub active: bool,
}

/// How conversations come to agents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Distribution {
    /// They are offered to one agent at a time.
    Push,
    /// Agents take them.
    Pick,
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
    /// Whether its conversations were erased with it: then one that begins late, by a record in KV that is
    /// a minute old, is erased as well.
    #[serde(default)]
    pub erased: bool,
    /// What administrators set beside it.
    #[serde(default)]
    pub settings: Settings,
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
    /// Whether it is in use.
    #[serde(default = "yes")]
    pub active: bool,
    /// The account it came from by synchronisation, and when it was last seen there.
    #[serde(default)]
    pub source: Option<Source>,
    /// What is known of single languages besides.
    #[serde(default)]
    pub remarks: Vec<Remark>,
}

/// Where a template came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The account.
    pub account: AccountId,
    /// When Twilio last listed it.
    pub at: Timestamp,
}

/// What is known of one language of a template besides its text and approval.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Remark {
    /// The language.
    pub language: String,
    /// Why WhatsApp rejected it, in its words.
    pub rejection: Option<String>,
    /// Since when Twilio no longer lists it.
    pub vanished_at: Option<Timestamp>,
}

fn yes() -> bool {
    true
}

/// The set-up, as far as a decision needs it: all accounts, senders and workstreams, and the templates
/// that the change touches.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Setup {
    /// The directory's revision.
    pub revision: u64,
    /// All accounts.
    pub accounts: Vec<Account>,
    /// All senders, those deleted included.
    pub senders: Vec<SenderEntry>,
    /// All workstreams.
    pub workstreams: Vec<Workstream>,
    /// The templates that the change touches.
    pub templates: Vec<TemplateEntry>,
}

impl Setup {
    /// An account.
    #[must_use]
    pub fn account(&self, id: &AccountId) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == *id)
    }

    /// A workstream.
    #[must_use]
    pub fn workstream(&self, id: &WorkstreamId) -> Option<&Workstream> {
        self.workstreams.iter().find(|one| one.id == *id)
    }

    /// A template.
    #[must_use]
    pub fn template(&self, id: &TemplateId) -> Option<&TemplateEntry> {
        self.templates.iter().find(|one| one.template.id == *id)
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
            recover_from: self.settings.recover_from,
        }
    }
}

impl TemplateEntry {
    /// What is known of a language besides, if anything is.
    #[must_use]
    pub fn remark(&self, language: &str) -> Option<&Remark> {
        self.remarks
            .iter()
            .find(|remark| remark.language == language)
    }

    /// The template as the gate may have it: `None` if it is out of use, and without the languages that
    /// Twilio no longer has.
    #[must_use]
    pub fn offered(self) -> Option<Template> {
        if !self.active {
            return None;
        }
        let remarks = self.remarks;
        let gone = |language: &str| {
            remarks
                .iter()
                .any(|remark| remark.language == language && remark.vanished_at.is_some())
        };
        let mut template = self.template;
        template
            .localizations
            .retain(|localization| !gone(&localization.language));
        (!template.localizations.is_empty()).then_some(template)
    }

    /// Where one of its languages may be sent, and if not everywhere, why.
    #[must_use]
    pub fn usable(&self, localization: &Localization) -> Usable {
        let remark = self.remark(&localization.language);
        if !self.active {
            Usable::Nowhere("inactive")
        } else if remark.is_some_and(|remark| remark.vanished_at.is_some()) {
            Usable::Nowhere("vanished")
        } else if localization.content_sid.is_none() {
            Usable::WindowOnly("no-content-sid")
        } else if localization.approval != Approval::Approved {
            Usable::Nowhere("not-approved")
        } else if !localization.kind.may_open_conversation() {
            Usable::WindowOnly("kind-cannot-open")
        } else {
            Usable::Anywhere
        }
    }
}

/// Where a template may be sent in one language, as far as its set-up tells; otherwise why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Usable {
    /// Inside the window and outside.
    Anywhere,
    /// Inside only.
    WindowOnly(&'static str),
    /// Not at all.
    Nowhere(&'static str),
}

impl Usable {
    /// The word for it and the reason.
    #[must_use]
    pub const fn told(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Anywhere => ("anywhere", None),
            Self::WindowOnly(why) => ("window-only", Some(why)),
            Self::Nowhere(why) => ("nowhere", Some(why)),
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
            api_key: self.api_key.clone(),
            active: self.active,
            senders,
        }
    }
}
