//! May a template be changed like this?

use super::{Decision, Ending, Gone, describe, described};
use crate::directory::fields;
use crate::directory::setup::{Remark, Setup, TemplateEntry};
use crate::problem::Problem;
use serde_json::Value;
use shared::id::TemplateId;
use shared::template::Localization;

impl Decision {
    pub(super) fn put_template(
        &mut self,
        setup: &Setup,
        mut entry: TemplateEntry,
    ) -> Result<(), Problem> {
        if let Some(unknown) = entry.senders.iter().find(|id| setup.sender(id).is_none()) {
            let flaw = fields::flaw(
                "senders",
                "choose-sender",
                "There is no sender of this name.",
            );
            return Err(flaw.fact("sender", unknown.as_str()));
        }
        if let Some(source) = &entry.source
            && setup.account(&source.account).is_none()
        {
            return Err(fields::flaw(
                "source",
                "choose-account",
                "There is no account of this name.",
            ));
        }
        let before = setup.template(&entry.template.id);
        if let Some(before) = before {
            if before.source.is_some() {
                entry.source.clone_from(&before.source);
            }
            entry.remarks = kept_remarks(before, &entry.template.localizations);
        }
        self.note(
            "put",
            "template",
            entry.template.id.as_str(),
            described(before),
            describe(&entry),
        );
        self.created = before.is_none();
        self.write_template(entry);
        Ok(())
    }

    pub(super) fn delete_template(
        &mut self,
        setup: &Setup,
        ending: Ending<TemplateId>,
    ) -> Result<(), Problem> {
        let id = ending.id;
        let before = setup.template(&id).ok_or_else(Problem::not_found)?;
        let listed = before.source.is_some()
            && !before
                .remarks
                .iter()
                .any(|remark| remark.vanished_at.is_some());
        if listed && !ending.with {
            return Err(Problem::new(409, "template-at-twilio")
                .remedy("deactivate-instead")
                .because("Twilio still lists it: the next synchronisation would bring it back."));
        }
        self.note(
            "delete",
            "template",
            id.as_str(),
            describe(before),
            Value::Null,
        );
        self.gone.push(Gone::Template(id));
        Ok(())
    }
}

/// What was known of languages that are still the same content at Twilio.
fn kept_remarks(before: &TemplateEntry, now: &[Localization]) -> Vec<Remark> {
    let same = |language: &str| {
        let was = before.template.localization(language);
        let is = now.iter().find(|one| one.language == language);
        match (was, is) {
            (Some(was), Some(is)) => {
                was.content_sid == is.content_sid && was.approval == is.approval
            }
            _ => false,
        }
    };
    before
        .remarks
        .iter()
        .filter(|remark| same(&remark.language))
        .cloned()
        .collect()
}
