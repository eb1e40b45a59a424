//! What follows from what Twilio says of templates?
//!
//! A content is known by its Content SID: names repeat. One that a template names already is brought up
//! to date there; any other becomes a template of its own, in its one language. What Twilio no longer
//! lists can no longer be sent, from that moment.

use super::{Decision, Tally, describe};
use crate::directory::setup::{Remark, Setup, Source, TemplateEntry};
use crate::json::object;
use crate::order::Index;
use crate::problem::Problem;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::id::{AccountId, ContentSid, TemplateId};
use shared::template::{Approval, Category, Localization, Template};
use shared::time::Timestamp;

/// All that Twilio lists of an account's templates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// The account.
    pub account: AccountId,
    /// When the list was read.
    pub at: Timestamp,
    /// The contents.
    pub contents: Vec<Listed>,
}

/// One content as Twilio lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Twilio's name for it.
    pub sid: ContentSid,
    /// What it is called there; not unique.
    pub name: String,
    /// WhatsApp's category.
    pub category: Category,
    /// Its language, text and approval.
    pub localization: Localization,
    /// Why WhatsApp rejected it.
    pub rejection: Option<String>,
}

/// What Twilio says of one language of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// The template.
    pub template: TemplateId,
    /// The language.
    pub language: String,
    /// Twilio's name for it.
    pub sid: ContentSid,
    /// How WhatsApp judged it.
    pub approval: Approval,
    /// Why it was rejected.
    pub rejection: Option<String>,
}

impl Decision {
    pub(super) fn judge(&mut self, setup: &Setup, said: Judgement) -> Result<(), Problem> {
        let before = setup
            .template(&said.template)
            .ok_or_else(Problem::not_found)?;
        let mut after = before.clone();
        let localization = after
            .template
            .localizations
            .iter_mut()
            .find(|one| one.language == said.language)
            .ok_or_else(Problem::not_found)?;
        localization.content_sid = Some(said.sid);
        localization.approval = said.approval;
        after.set_remark(Remark {
            language: said.language,
            rejection: said.rejection,
            vanished_at: None,
        });
        if after != *before {
            self.note(
                "judge",
                "template",
                said.template.as_str(),
                describe(before),
                describe(&after),
            );
            self.write_template(after);
        }
        Ok(())
    }

    pub(super) fn sync(&mut self, setup: &Setup, listing: Listing) -> Result<(), Problem> {
        let Listing {
            account,
            at,
            contents,
        } = listing;
        setup.account(&account).ok_or_else(Problem::not_found)?;
        let mut entries: Vec<TemplateEntry> = setup.templates.clone();
        let places = setup.templates.iter().zip(0..);
        let known = places.flat_map(|(entry, place)| sids(entry).map(move |sid| (sid, place)));
        let known = Index::of(known);
        let listed = Index::of(contents.iter().map(|one| one.sid.as_str()).zip(0..));
        let offer: Vec<_> = setup
            .senders_of(&account)
            .filter(|entry| entry.settings.behaviours.templates)
            .map(|entry| entry.sender.id.clone())
            .collect();
        let source = Source {
            account: account.clone(),
            at,
        };
        for (content, place) in contents.iter().zip(0..) {
            // The same content twice in a list: pages shift while they are read.
            if listed.first(content.sid.as_str()) != Some(place) {
                continue;
            }
            // Of two templates that name it, the last.
            match known.last(content.sid.as_str()) {
                Some(place) => {
                    if let Some(entry) = entries.get_mut(place) {
                        entry.take(content);
                    }
                }
                None => entries.push(fresh(content, source.clone(), offer.clone())),
            }
        }
        let ours = setup.senders_of(&account);
        let ours = Index::of(ours.map(|entry| entry.sender.id.as_str()).zip(0..));
        for entry in &mut entries {
            let here = match &mut entry.source {
                Some(source) => {
                    let here = source.account == account;
                    if here {
                        source.at = at;
                    }
                    here
                }
                // By hand: it is the account's if only numbers of the account send it.
                None => {
                    !entry.senders.is_empty()
                        && entry.senders.iter().all(|id| ours.has(id.as_str()))
                }
            };
            if here {
                entry.miss(&listed, at);
            }
        }
        self.write_differences(setup, entries, &account);
        Ok(())
    }

    /// Writes what is different, and one line for the audit log that says what.
    fn write_differences(
        &mut self,
        setup: &Setup,
        entries: Vec<TemplateEntry>,
        account: &AccountId,
    ) {
        let places = setup.templates.iter().zip(0..);
        let places = Index::of(places.map(|(entry, place)| (entry.template.id.as_str(), place)));
        let mut tally = Tally::default();
        let mut changes: Vec<Value> = Vec::new();
        for entry in entries {
            let id = &entry.template.id;
            let before = places
                .first(id.as_str())
                .and_then(|place| setup.templates.get(place));
            let (was, is) = (before.map(stand), stand(&entry));
            match was {
                None => {
                    tally.added += 1;
                    changes.push(object! { "template": id, "after": is });
                }
                Some(was) if was != is => {
                    let vanished = entry.remarks.iter().any(|r| r.vanished_at.is_some());
                    let counted = if vanished {
                        &mut tally.vanished
                    } else {
                        &mut tally.changed
                    };
                    *counted += 1;
                    changes.push(object! { "template": id, "before": was, "after": is });
                }
                Some(_) => tally.unchanged += 1,
            }
            let same = before.is_some_and(|was| {
                (&was.template, &was.remarks, was.source.is_some())
                    == (&entry.template, &entry.remarks, entry.source.is_some())
            });
            if !same {
                self.write_template(entry);
            }
        }
        if !changes.is_empty() {
            let after = object! {
                "added": tally.added, "changed": tally.changed, "vanished": tally.vanished,
                "templates": changes,
            };
            self.note("sync", "account", account.as_str(), Value::Null, after);
        }
        self.tally = tally;
    }
}

impl TemplateEntry {
    /// Brings the language that is this content up to date.
    fn take(&mut self, content: &Listed) {
        let mut language = String::new();
        for one in &mut self.template.localizations {
            if one.content_sid.as_ref() == Some(&content.sid) {
                language.clone_from(&one.language);
                let kept = core::mem::take(&mut one.language);
                *one = content.localization.clone();
                one.language = kept;
            }
        }
        if self.source.is_some() {
            self.template.name.clone_from(&content.name);
            self.template.category = content.category;
        }
        self.set_remark(Remark {
            language,
            rejection: content.rejection.clone(),
            vanished_at: None,
        });
    }

    /// Notes which of its languages Twilio does not list.
    fn miss(&mut self, listed: &Index<'_>, at: Timestamp) {
        let mut missed: Vec<String> = Vec::new();
        for one in &mut self.template.localizations {
            if one
                .content_sid
                .as_ref()
                .is_some_and(|sid| !listed.has(sid.as_str()))
            {
                one.approval = Approval::Unknown;
                missed.push(one.language.clone());
            }
        }
        for language in missed {
            let known = self.remark(&language).and_then(|known| known.vanished_at);
            self.set_remark(Remark {
                language,
                rejection: None,
                vanished_at: Some(known.unwrap_or(at)),
            });
        }
    }

    /// Keeps a remark if it says anything.
    fn set_remark(&mut self, remark: Remark) {
        self.remarks
            .retain(|known| known.language != remark.language);
        if remark.rejection.is_some() || remark.vanished_at.is_some() {
            self.remarks.push(remark);
        }
    }
}

fn sids(entry: &TemplateEntry) -> impl Iterator<Item = &str> {
    entry
        .template
        .localizations
        .iter()
        .filter_map(|one| one.content_sid.as_ref().map(ContentSid::as_str))
}

/// A template of a content that no template names yet.
fn fresh(content: &Listed, source: Source, senders: Vec<shared::id::SenderId>) -> TemplateEntry {
    let language = content.localization.language.clone();
    let mut localization = content.localization.clone();
    localization.content_sid = Some(content.sid.clone());
    let mut entry = TemplateEntry {
        version: 0,
        template: Template {
            // `HX` and 32 digits in lower case are a name as ours are.
            id: TemplateId::trusted(content.sid.as_str().to_ascii_lowercase()),
            name: content.name.clone(),
            category: content.category,
            default_language: language.clone(),
            localizations: vec![localization],
        },
        senders,
        active: true,
        source: Some(source),
        remarks: Vec::new(),
    };
    entry.set_remark(Remark {
        language,
        rejection: content.rejection.clone(),
        vanished_at: None,
    });
    entry
}

/// What of a template an administrator would call a change.
fn stand(entry: &TemplateEntry) -> Value {
    let languages: Vec<Value> = entry
        .template
        .localizations
        .iter()
        .map(|one| {
            let remark = entry.remark(&one.language);
            object! {
                "language": one.language,
                "approval": one.approval,
                "body": one.body,
                "vanished": remark.is_some_and(|remark| remark.vanished_at.is_some()),
                "rejection": remark.and_then(|remark| remark.rejection.as_deref()),
            }
        })
        .collect();
    object! { "name": entry.template.name, "category": entry.template.category, "languages": languages }
}

#[cfg(test)]
mod tests;
