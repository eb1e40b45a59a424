//! May a number be changed like this?

use super::{Decision, Ending, Given, SenderDraft, SettingsDraft, describe, described};
use crate::directory::fields;
use crate::directory::settings::{Settings, union, usual_words};
use crate::directory::setup::{SenderEntry, Setup, TemplateEntry};
use crate::problem::Problem;
use serde_json::Value;
use shared::id::SenderId;
use shared::time::{Span, Timestamp};

/// A number that is new here is recovered from this much before it was added: Twilio's times have whole
/// seconds, and the first message may have come while it was being set up.
const BEFORE_ADDED: Span = Span::minutes(1);

impl Decision {
    pub(super) fn put_sender(
        &mut self,
        setup: &Setup,
        draft: SenderDraft,
        now: Timestamp,
    ) -> Result<(), Problem> {
        let account = setup.account(&draft.account).ok_or_else(|| {
            fields::flaw(
                "account",
                "choose-account",
                "There is no account of this name.",
            )
        })?;
        if let Given::Set(workstream) = &draft.settings.workstream
            && setup.workstream(workstream).is_none()
        {
            return Err(fields::flaw(
                "workstream",
                "choose-workstream",
                "There is no workstream of this name.",
            ));
        }
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
                .fact("sender", taken.sender.id.as_str())
                .fact("name", taken.sender.name.as_str()));
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
        let first = Settings {
            recover_from: Some(now - BEFORE_ADDED),
            words: usual_words(),
            ..Settings::default()
        };
        let settings = settled(
            draft.settings,
            before.map_or(first, |before| before.settings.clone()),
        );
        let words = if settings.words.is_empty() {
            // As it was before words had languages.
            before.map_or_else(|| union(&usual_words()), |before| before.words.clone())
        } else {
            union(&settings.words)
        };
        let entry = SenderEntry {
            version: self.revision,
            account: draft.account,
            sender: draft.sender,
            words,
            deleted: false,
            erased: false,
            settings,
        };
        self.note(
            "put",
            "sender",
            entry.sender.id.as_str(),
            described(before),
            describe(&entry),
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

    pub(super) fn delete_sender(
        &mut self,
        setup: &Setup,
        ending: &Ending<SenderId>,
    ) -> Result<(), Problem> {
        self.end_sender(setup, &ending.id, ending.erase)
    }

    /// The sender is no more: its templates are no longer offered for it.
    pub(super) fn end_sender(
        &mut self,
        setup: &Setup,
        id: &SenderId,
        erase: bool,
    ) -> Result<(), Problem> {
        let before = setup.sender(id).ok_or_else(Problem::not_found)?;
        self.note(
            "delete",
            "sender",
            id.as_str(),
            describe(before),
            Value::Null,
        );
        self.write_sender(SenderEntry {
            deleted: true,
            erased: erase,
            ..before.clone()
        });
        if erase {
            self.erase.push(id.clone());
        }
        setup
            .account(&before.account)
            .into_iter()
            .for_each(|account| self.write_account(account.clone()));
        // Another sender's end may have written the template already.
        let offered: Vec<TemplateEntry> = setup
            .templates
            .iter()
            .filter(|entry| entry.senders.contains(id))
            .map(|entry| {
                let written = self
                    .templates
                    .iter()
                    .find(|w| w.template.id == entry.template.id);
                written.unwrap_or(entry).clone()
            })
            .collect();
        for mut entry in offered {
            entry.senders.retain(|sender| sender != id);
            self.templates
                .retain(|written| written.template.id != entry.template.id);
            self.write_template(entry);
        }
        Ok(())
    }
}

/// What is set once the draft was laid over what was set before.
fn settled(draft: SettingsDraft, before: Settings) -> Settings {
    Settings {
        workstream: draft.workstream.over(before.workstream),
        words: draft.words.unwrap_or(before.words),
        attachments: draft.attachments.unwrap_or(before.attachments),
        behaviours: draft.behaviours.unwrap_or(before.behaviours),
        recover_from: draft.recover_from.over(before.recover_from),
        sandbox: draft.sandbox.over(before.sandbox),
    }
}
