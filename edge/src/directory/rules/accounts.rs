//! May an account be changed like this?

use super::{AccountDraft, Decision, Ending, Given, Gone, Publication};
use crate::directory::fields;
use crate::directory::setup::{Account, Setup};
use crate::json::object;
use crate::problem::Problem;
use serde_json::Value;
use shared::id::AccountId;

impl Decision {
    pub(super) fn put_account(
        &mut self,
        setup: &Setup,
        draft: AccountDraft,
    ) -> Result<(), Problem> {
        let before = setup.account(&draft.id);
        let same_sid = setup
            .accounts
            .iter()
            .find(|known| known.account_sid == draft.account_sid && known.id != draft.id);
        if let Some(other) = same_sid {
            return Err(Problem::new(409, "account-sid-taken")
                .remedy("edit-other-account")
                .because("Another account has this SID; its numbers can be added there.")
                .fact("field", "account_sid")
                .fact("account", other.id.as_str()));
        }
        let renewed = draft.token.is_some();
        // Tokens and keys belong to their SID: another SID with those of before could never verify.
        let kept = before.filter(|before| before.account_sid == draft.account_sid);
        let kept_token = kept.map(|kept| kept.token.clone());
        let token = draft
            .token
            .or(kept_token)
            .or_else(|| draft.without_token.then(String::new))
            .ok_or_else(|| {
                fields::flaw(
                    "auth_token",
                    "give-field",
                    "A new account, or one with a new account SID, needs its auth token.",
                )
            })?;
        let next_token = match draft.next_token {
            Given::Keep if renewed => None,
            given => given.over(kept.and_then(|kept| kept.next_token.clone())),
        };
        let key_replaced = matches!(draft.api_key, Given::Set(_));
        let account = Account {
            id: draft.id,
            version: self.revision,
            name: draft.name,
            account_sid: draft.account_sid,
            token,
            next_token,
            api_key: draft
                .api_key
                .over(kept.and_then(|kept| kept.api_key.clone())),
            active: draft.active,
        };
        let mut after = describe_account(&account);
        if let Some(fields) = after.as_object_mut() {
            if renewed {
                fields.insert("token_replaced".into(), true.into());
            }
            if key_replaced {
                fields.insert("api_key_replaced".into(), true.into());
            }
        }
        self.note(
            "put",
            "account",
            account.id.as_str(),
            before.map(describe_account).unwrap_or_default(),
            after,
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

    pub(super) fn delete_account(
        &mut self,
        setup: &Setup,
        ending: Ending<AccountId>,
    ) -> Result<(), Problem> {
        let id = ending.id;
        let before = setup.account(&id).ok_or_else(Problem::not_found)?;
        let senders: Vec<&str> = setup
            .senders_of(&id)
            .map(|entry| entry.sender.id.as_str())
            .collect();
        if !ending.with && !senders.is_empty() {
            return Err(Problem::new(409, "account-in-use")
                .remedy("delete-senders-first")
                .because("The account has senders.")
                .fact("senders", senders));
        }
        let senders: Vec<_> = setup
            .senders_of(&id)
            .map(|entry| entry.sender.id.clone())
            .collect();
        for sender in &senders {
            self.end_sender(setup, sender, ending.erase)?;
        }
        // A template of which nothing is left at Twilio and no number is left to send it is an orphan.
        let orphans: Vec<_> = setup
            .templates
            .iter()
            .filter(|entry| {
                entry
                    .source
                    .as_ref()
                    .is_some_and(|source| source.account == id)
            })
            .cloned()
            .collect();
        for orphan in orphans {
            let template = orphan.template.id.clone();
            self.templates
                .retain(|written| written.template.id != template);
            self.note(
                "delete",
                "template",
                template.as_str(),
                super::describe(&orphan),
                Value::Null,
            );
            self.gone.push(Gone::Template(template));
        }
        self.note(
            "delete",
            "account",
            id.as_str(),
            describe_account(before),
            Value::Null,
        );
        // The senders' ends wrote it; it is no more.
        self.accounts.retain(|account| account.id != id);
        self.publish.push(Publication::Account(id.clone()));
        self.gone.push(Gone::Account(id));
        Ok(())
    }
}

/// An account for the audit log: everything but its tokens.
fn describe_account(account: &Account) -> Value {
    object! {
        "name": account.name,
        "account_sid": account.account_sid,
        "active": account.active,
        "next_token_set": account.next_token.is_some(),
        "api_key": account.api_key.as_ref().map(|key| &key.sid),
    }
}
