//! May the set-up be changed like this, and what follows? One pure function, [`decide`]: it refuses
//! and changes nothing, or says what to write, what to publish and what to note in the audit log.
//!
//! One file for each kind of thing; [`many`] is for several changes of which all happen or none.

mod accounts;
pub mod many;
mod senders;
pub mod sync;
mod templates;
mod workstreams;

use super::setup::{Account, SenderEntry, Setup, TemplateEntry, Workstream};
use crate::json;
use crate::problem::Problem;
use crate::records::ApiKey;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::id::{AccountId, AccountSid, SenderId, TemplateId, WorkstreamId};
use shared::policy::Sender;
use shared::time::Timestamp;

/// A change of the set-up that somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Have this account.
    PutAccount(AccountDraft),
    /// Have it no more.
    DeleteAccount(Ending<AccountId>),
    /// Have this sender.
    PutSender(SenderDraft),
    /// Have it no more.
    DeleteSender(Ending<SenderId>),
    /// Have this workstream; its version does not matter.
    PutWorkstream(Workstream),
    /// Have it no more.
    DeleteWorkstream(Ending<WorkstreamId>),
    /// Have this template; its version does not matter, and what Twilio says of it is kept.
    PutTemplate(TemplateEntry),
    /// Have it no more.
    DeleteTemplate(Ending<TemplateId>),
    /// Twilio says this of one language of a template: its Content SID, approval, and why not.
    Judge(sync::Judgement),
    /// Have what Twilio lists, and nothing else, of an account's templates.
    Sync(sync::Listing),
    /// All of these, or none. Each with its place in the file it came from.
    Many(Vec<(String, Change)>),
}

/// Something that is to be no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending<Id> {
    /// What.
    pub id: Id,
    /// What hangs on it goes with it, or is let go; otherwise it must be free.
    #[serde(default)]
    pub with: bool,
    /// Conversations are erased; otherwise they stay, unread by anybody until the sender comes back.
    #[serde(default)]
    pub erase: bool,
}

impl<Id> Ending<Id> {
    /// Only this, and only if nothing hangs on it.
    pub const fn only(id: Id) -> Self {
        Self {
            id,
            with: false,
            erase: false,
        }
    }
}

/// What must be there for a change to be made: two who edit the same thing must not overwrite each
/// other unseen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    /// This version.
    Version(u64),
    /// Nothing.
    Absent,
}

/// An account as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountDraft {
    /// Our name for it.
    pub id: AccountId,
    /// What administrators call it.
    pub name: String,
    /// Twilio's name for it.
    pub account_sid: AccountSid,
    /// The auth token, sealed; `None` keeps the one that is there.
    pub token: Option<String>,
    /// What becomes of the next one.
    pub next_token: Given<String>,
    /// What becomes of the key for Twilio's API.
    #[serde(default)]
    pub api_key: Given<ApiKey>,
    /// Whether it may be without a token: from an import.
    #[serde(default)]
    pub without_token: bool,
    /// Whether it is in use.
    pub active: bool,
}

/// What becomes of something that may be there or not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Given<T> {
    /// It stays as it is.
    #[default]
    Keep,
    /// There is none any more.
    Remove,
    /// It is this.
    Set(T),
}

impl<T> Given<T> {
    /// What it comes to.
    pub fn over(self, before: Option<T>) -> Option<T> {
        match self {
            Self::Keep => before,
            Self::Remove => None,
            Self::Set(value) => Some(value),
        }
    }
}

/// A sender as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderDraft {
    /// The account it belongs to.
    pub account: AccountId,
    /// The sender.
    pub sender: Sender,
    /// What is set besides.
    pub settings: SettingsDraft,
}

/// What is to be set of a number besides; what is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SettingsDraft {
    /// See [`super::settings::Settings::workstream`].
    pub workstream: Given<WorkstreamId>,
    /// See [`super::settings::Settings::words`].
    pub words: Option<Vec<super::settings::LanguageWords>>,
    /// See [`super::settings::Settings::attachments`].
    pub attachments: Option<super::settings::Attachments>,
    /// See [`super::settings::Settings::behaviours`].
    pub behaviours: Option<super::settings::Behaviours>,
    /// See [`super::settings::Settings::recover_from`].
    pub recover_from: Given<Timestamp>,
    /// See [`super::settings::Settings::sandbox`].
    pub sandbox: Given<String>,
}

/// What follows from a change that may be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decision {
    /// The directory's new revision, which everything written carries.
    pub revision: u64,
    /// Whether something came to be that was not there.
    pub created: bool,
    /// Accounts to write.
    pub accounts: Vec<Account>,
    /// Senders to write.
    pub senders: Vec<SenderEntry>,
    /// Workstreams to write.
    pub workstreams: Vec<Workstream>,
    /// Templates to write.
    pub templates: Vec<TemplateEntry>,
    /// What to delete.
    pub gone: Vec<Gone>,
    /// Senders whose conversations are to be erased.
    pub erase: Vec<SenderId>,
    /// What has to be published again: written, or taken away if it is no more.
    pub publish: Vec<Publication>,
    /// The lines for the audit log.
    pub entries: Vec<Entry>,
    /// What came of it, in numbers, for changes of many things.
    pub tally: Tally,
}

/// How many things a change touched.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tally {
    /// Those that came to be.
    pub added: u32,
    /// Those that are different now.
    pub changed: u32,
    /// Those that are no more where they came from.
    pub vanished: u32,
    /// Those that are as they were.
    pub unchanged: u32,
}

/// Something to delete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gone {
    /// An account.
    Account(AccountId),
    /// A workstream.
    Workstream(WorkstreamId),
    /// A template.
    Template(TemplateId),
}

/// A record in KV that has to be made true.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Publication {
    /// `config:account:…`
    Account(AccountId),
    /// `config:sender:…`
    Sender(SenderId),
}

/// A line of the audit log, without time and author. It contains no token, not even a sealed one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Entry {
    /// What was done: `put`, `delete`, `sync`, `judge`.
    pub verb: String,
    /// To what kind of thing: `account`, `sender`, `workstream`, `template`.
    pub kind: String,
    /// To which of them.
    pub subject: String,
    /// What was there.
    pub before: Value,
    /// What is there now.
    pub after: Value,
}

/// Decides about a change at `now`.
///
/// # Errors
/// `404` if there is nothing to delete; `400` with the field if it names something that is not there;
/// `409` if it contradicts what is there; `412` if what is there is not what was expected.
pub fn decide(
    setup: &Setup,
    change: Change,
    expected: Option<Expected>,
    now: Timestamp,
) -> Result<Decision, Problem> {
    if let Some(expected) = expected {
        meets(setup, &change, expected)?;
    }
    let mut decision = Decision {
        revision: setup.revision.saturating_add(1),
        ..Decision::default()
    };
    match change {
        Change::PutAccount(draft) => decision.put_account(setup, draft)?,
        Change::DeleteAccount(ending) => decision.delete_account(setup, ending)?,
        Change::PutSender(draft) => decision.put_sender(setup, draft, now)?,
        Change::DeleteSender(ending) => decision.delete_sender(setup, &ending)?,
        Change::PutWorkstream(workstream) => decision.put_workstream(setup, workstream)?,
        Change::DeleteWorkstream(ending) => decision.delete_workstream(setup, ending)?,
        Change::PutTemplate(entry) => decision.put_template(setup, entry)?,
        Change::DeleteTemplate(ending) => decision.delete_template(setup, ending)?,
        Change::Judge(judgement) => decision.judge(setup, judgement)?,
        Change::Sync(listing) => decision.sync(setup, listing)?,
        Change::Many(changes) => decision.many(setup, changes, now)?,
    }
    Ok(decision)
}

/// Refuses a change whose author saw something else than what is there.
fn meets(setup: &Setup, change: &Change, expected: Expected) -> Result<(), Problem> {
    let there = match change {
        Change::PutAccount(draft) => setup.account(&draft.id).map(|account| account.version),
        Change::PutSender(draft) => setup.sender(&draft.sender.id).map(|entry| entry.version),
        Change::PutWorkstream(draft) => setup.workstream(&draft.id).map(|there| there.version),
        Change::PutTemplate(entry) => setup.template(&entry.template.id).map(|t| t.version),
        _ => return Ok(()),
    };
    match (there, expected) {
        (None, Expected::Absent) => Ok(()),
        (Some(there), Expected::Version(version)) if there == version => Ok(()),
        (None, Expected::Version(_)) => {
            Err(Problem::new(412, "gone-meanwhile").remedy("create-again"))
        }
        (Some(there), _) => Err(Problem::new(412, "changed-meanwhile")
            .remedy("compare-and-decide")
            .fact("version", there)),
    }
}

impl Decision {
    fn write_account(&mut self, mut account: Account) {
        account.version = self.revision;
        self.publish.push(Publication::Account(account.id.clone()));
        self.accounts.push(account);
    }

    fn write_sender(&mut self, mut entry: SenderEntry) {
        entry.version = self.revision;
        self.publish
            .push(Publication::Sender(entry.sender.id.clone()));
        self.senders.push(entry);
    }

    fn write_template(&mut self, mut entry: TemplateEntry) {
        entry.version = self.revision;
        self.templates.push(entry);
    }

    fn note(&mut self, verb: &str, kind: &str, subject: &str, before: Value, after: Value) {
        self.entries.push(Entry {
            verb: verb.into(),
            kind: kind.into(),
            subject: subject.into(),
            before,
            after,
        });
    }
}

/// Anything without secrets for the audit log: as it is, but for its version, which says nothing.
fn describe<T: Serialize>(entry: &T) -> Value {
    let mut told = json::value(entry);
    if let Some(fields) = told.as_object_mut() {
        fields.remove("version");
    }
    told
}

/// What was there, for the audit log.
fn described<T: Serialize>(before: Option<&T>) -> Value {
    before.map(describe).unwrap_or_default()
}

#[cfg(test)]
mod tests;
