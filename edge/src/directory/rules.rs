//! May the set-up be changed like this, and what follows? One pure function, [`decide`]: it refuses
//! and changes nothing, or says what to write, what to publish and what to note in the audit log.

use super::setup::{Account, SenderEntry, Setup, TemplateEntry};
use crate::problem::Problem;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::consent::ConsentWords;
use shared::id::{AccountId, AccountSid, SenderId, TemplateId};
use shared::policy::Sender;

/// A change of the set-up that somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Have this account.
    PutAccount(AccountDraft),
    /// Have it no more.
    DeleteAccount(AccountId),
    /// Have this sender.
    PutSender(SenderDraft),
    /// Have it no more.
    DeleteSender(SenderId),
    /// Have this template; its version does not matter.
    PutTemplate(TemplateEntry),
    /// Have it no more.
    DeleteTemplate(TemplateId),
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
    pub next_token: NextToken,
    /// Whether it is in use.
    pub active: bool,
}

/// What becomes of an account's next token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NextToken {
    /// It stays, unless a new token ends the rotation.
    Keep,
    /// There is none any more.
    Remove,
    /// It is this one, sealed.
    Set(String),
}

/// A sender as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderDraft {
    /// The account it belongs to.
    pub account: AccountId,
    /// The sender.
    pub sender: Sender,
    /// The words by which its customers opt out and in.
    pub words: ConsentWords,
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
    /// Templates to write.
    pub templates: Vec<TemplateEntry>,
    /// An account to delete.
    pub account_gone: Option<AccountId>,
    /// A template to delete.
    pub template_gone: Option<TemplateId>,
    /// What has to be published again: written, or taken away if it is no more.
    pub publish: Vec<Publication>,
    /// The line for the audit log.
    pub entry: Entry,
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
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// What was done to what: `put account demo`.
    pub what: String,
    /// What was there.
    pub before: Value,
    /// What is there now.
    pub after: Value,
}

/// Decides about a change.
///
/// # Errors
/// `404` if there is nothing to delete; `400` with the field if it names something that is not there;
/// `409` if it contradicts what is there.
pub fn decide(setup: &Setup, change: Change) -> Result<Decision, Problem> {
    let mut decision = Decision {
        revision: setup.revision.saturating_add(1),
        ..Decision::default()
    };
    match change {
        Change::PutAccount(draft) => decision.put_account(setup, draft)?,
        Change::DeleteAccount(id) => decision.delete_account(setup, id)?,
        Change::PutSender(draft) => decision.put_sender(setup, draft)?,
        Change::DeleteSender(id) => decision.delete_sender(setup, &id)?,
        Change::PutTemplate(entry) => decision.put_template(setup, entry)?,
        Change::DeleteTemplate(id) => decision.delete_template(setup, id)?,
    }
    Ok(decision)
}

impl Decision {
    fn put_account(&mut self, setup: &Setup, draft: AccountDraft) -> Result<(), Problem> {
        let before = setup.account(&draft.id);
        let renewed = draft.token.is_some();
        // A token belongs to its SID: another SID with the token of before could never verify.
        let kept = before
            .filter(|before| before.account_sid == draft.account_sid)
            .map(|before| before.token.clone());
        let token = draft.token.or(kept).ok_or_else(|| {
            Problem::new(400, "field-invalid")
                .fact("field", "auth_token")
                .remedy("give-field")
                .because("A new account, or one with a new account SID, needs its auth token.")
        })?;
        let next_token = match draft.next_token {
            NextToken::Set(next) => Some(next),
            NextToken::Remove => None,
            NextToken::Keep if renewed => None,
            NextToken::Keep => before.and_then(|before| before.next_token.clone()),
        };
        let account = Account {
            id: draft.id,
            version: self.revision,
            name: draft.name,
            account_sid: draft.account_sid,
            token,
            next_token,
            active: draft.active,
        };
        let mut after = describe_account(&account);
        if let Some(fields) = after.as_object_mut() {
            fields.insert("token_replaced".into(), renewed.into());
        }
        self.note(
            "put account",
            account.id.as_str(),
            before.map(describe_account),
            Some(after),
        );
        self.created = before.is_none();
        // What a thread knows of a sender depends on these two.
        let touches = before
            .is_some_and(|b| (b.active, &b.account_sid) != (account.active, &account.account_sid));
        for entry in setup.senders_of(&account.id).filter(|_| touches) {
            self.write_sender(entry.clone());
        }
        self.write_account(account);
        Ok(())
    }

    fn delete_account(&mut self, setup: &Setup, id: AccountId) -> Result<(), Problem> {
        let before = setup.account(&id).ok_or_else(Problem::not_found)?;
        let senders: Vec<&str> = setup
            .senders_of(&id)
            .map(|entry| entry.sender.id.as_str())
            .collect();
        if !senders.is_empty() {
            return Err(Problem::new(409, "account-in-use")
                .remedy("delete-senders-first")
                .because("The account has senders.")
                .fact("senders", senders));
        }
        self.note(
            "delete account",
            id.as_str(),
            Some(describe_account(before)),
            None,
        );
        self.publish.push(Publication::Account(id.clone()));
        self.account_gone = Some(id);
        Ok(())
    }

    fn put_sender(&mut self, setup: &Setup, draft: SenderDraft) -> Result<(), Problem> {
        let account = setup.account(&draft.account).ok_or_else(|| {
            super::fields::flaw(
                "account",
                "choose-account",
                "There is no account of this name.",
            )
        })?;
        let (id, number) = (&draft.sender.id, &draft.sender.number);
        let taken = setup
            .senders
            .iter()
            .find(|e| !e.deleted && e.sender.number == *number && e.sender.id != *id);
        if let Some(taken) = taken {
            return Err(Problem::new(409, "number-taken")
                .remedy("choose-other-number")
                .because("The number belongs to another sender.")
                .fact("field", "number")
                .fact("sender", taken.sender.id.as_str()));
        }
        let known = setup.senders.iter().find(|entry| entry.sender.id == *id);
        if known.is_some_and(|known| known.sender.number != *number) {
            return Err(Problem::new(409, "number-fixed")
                .remedy("create-other-sender")
                .because(
                    "Windows and consent belong to a number: a sender keeps the one it had first.",
                )
                .fact("field", "number"));
        }
        let before = setup.sender(id);
        let entry = SenderEntry {
            version: self.revision,
            account: draft.account,
            sender: draft.sender,
            words: draft.words,
            deleted: false,
        };
        self.note(
            "put sender",
            entry.sender.id.as_str(),
            before.map(describe),
            Some(describe(&entry)),
        );
        self.created = before.is_none();
        let left = before
            .filter(|b| b.account != entry.account)
            .and_then(|b| setup.account(&b.account));
        self.write_sender(entry);
        self.write_account(account.clone());
        left.into_iter()
            .for_each(|left| self.write_account(left.clone()));
        Ok(())
    }

    fn delete_sender(&mut self, setup: &Setup, id: &SenderId) -> Result<(), Problem> {
        let before = setup.sender(id).ok_or_else(Problem::not_found)?;
        self.note("delete sender", id.as_str(), Some(describe(before)), None);
        self.write_sender(SenderEntry {
            deleted: true,
            ..before.clone()
        });
        setup
            .account(&before.account)
            .into_iter()
            .for_each(|account| self.write_account(account.clone()));
        for entry in setup
            .templates
            .iter()
            .filter(|entry| entry.senders.contains(id))
        {
            let senders = entry
                .senders
                .iter()
                .filter(|sender| *sender != id)
                .cloned()
                .collect();
            self.templates.push(TemplateEntry {
                version: self.revision,
                senders,
                ..entry.clone()
            });
        }
        Ok(())
    }

    fn put_template(&mut self, setup: &Setup, mut entry: TemplateEntry) -> Result<(), Problem> {
        if let Some(unknown) = entry.senders.iter().find(|id| setup.sender(id).is_none()) {
            let flaw = super::fields::flaw(
                "senders",
                "choose-sender",
                "There is no sender of this name.",
            );
            return Err(flaw.fact("sender", unknown.as_str()));
        }
        let before = setup
            .templates
            .iter()
            .find(|known| known.template.id == entry.template.id);
        entry.version = self.revision;
        self.note(
            "put template",
            entry.template.id.as_str(),
            before.map(describe),
            Some(describe(&entry)),
        );
        self.created = before.is_none();
        self.templates.push(entry);
        Ok(())
    }

    fn delete_template(&mut self, setup: &Setup, id: TemplateId) -> Result<(), Problem> {
        let before = setup.templates.iter().find(|known| known.template.id == id);
        let before = before.ok_or_else(Problem::not_found)?;
        self.note("delete template", id.as_str(), Some(describe(before)), None);
        self.template_gone = Some(id);
        Ok(())
    }

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

    fn note(&mut self, verb: &str, id: &str, before: Option<Value>, after: Option<Value>) {
        self.entry = Entry {
            what: format!("{verb} {id}"),
            before: before.unwrap_or_default(),
            after: after.unwrap_or_default(),
        };
    }
}

/// An account for the audit log: everything but its tokens.
fn describe_account(account: &Account) -> Value {
    json!({
        "name": account.name,
        "account_sid": account.account_sid,
        "active": account.active,
        "next_token_set": account.next_token.is_some(),
    })
}

/// Anything without secrets for the audit log: as it is.
fn describe<T: Serialize>(entry: &T) -> Value {
    serde_json::to_value(entry).unwrap_or_default()
}

#[cfg(test)]
mod tests;
