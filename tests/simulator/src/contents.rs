//! Which templates are there, in which order, and which names may not be used?

use std::collections::{BTreeMap, HashMap};

use crate::review;
use crate::template::Content;

/// Milliseconds for which the name of a deleted template is blocked.
pub const BLOCK_MS: i64 = 30 * 24 * 60 * 60 * 1_000;

/// All templates, oldest first. Each has a number that never changes, so that a page begins where the last ended.
#[derive(Debug, Default)]
pub struct Contents {
    all: BTreeMap<u64, Content>,
    by_sid: HashMap<String, u64>,
    last: u64,
    /// Account, name and language of what was deleted, and when.
    deleted: HashMap<(String, String, String), i64>,
    /// So many milliseconds after its submission a template is judged by itself.
    pub review_after: Option<i64>,
}

impl Contents {
    /// Adds one. Its SID must be new.
    pub fn add(&mut self, content: Content) {
        self.last += 1;
        self.by_sid.insert(content.sid.clone(), self.last);
        self.all.insert(self.last, content);
    }

    /// One by SID.
    pub fn get(&self, sid: &str) -> Option<&Content> {
        self.all.get(self.by_sid.get(sid)?)
    }

    /// One by SID, to be changed.
    pub fn get_mut(&mut self, sid: &str) -> Option<&mut Content> {
        self.all.get_mut(self.by_sid.get(sid)?)
    }

    /// Takes one away without a trace; `None` if there is none.
    pub fn remove(&mut self, sid: &str) -> Option<Content> {
        self.all.remove(&self.by_sid.remove(sid)?)
    }

    /// Deletes one as its owner does: WhatsApp blocks the name of what it had approved.
    pub fn delete(&mut self, sid: &str, now: i64) {
        let Some(content) = self.remove(sid) else {
            return;
        };
        if let Some(approval) = content.approval.filter(|it| it.status == "approved") {
            let key = (content.account, approval.name, content.language);
            self.deleted.insert(key, now);
        }
    }

    /// Those of one account after a number, oldest first, with their numbers.
    pub fn of_account<'a>(
        &'a self,
        account: &'a str,
        after: u64,
    ) -> impl Iterator<Item = (u64, &'a Content)> {
        self.all
            .range(after.saturating_add(1)..)
            .filter(move |(_, content)| content.account == account)
            .map(|(number, content)| (*number, content))
    }

    /// WhatsApp's verdict on a submitted template: `Some("")` approves it, other words are why not. `None` if
    /// there is nothing to judge.
    pub fn judge(&mut self, sid: &str, now: i64) -> Option<String> {
        let content = self.get(sid)?;
        let approval = content.approval.as_ref()?;
        if !matches!(approval.status.as_str(), "received" | "pending") {
            return None;
        }
        let reason = review::objection(content).or_else(|| self.name_taken(content, now));
        let reason = reason.map_or_else(String::new, |words| {
            review::reason(&approval.name, sid, words)
        });
        let content = self.get_mut(sid)?;
        content.updated = now;
        let approval = content.approval.as_mut()?;
        approval.status = if reason.is_empty() {
            "approved"
        } else {
            "rejected"
        }
        .to_owned();
        approval.rejection_reason = reason.clone();
        Some(reason)
    }

    /// Judges what has waited long enough, if reviews happen by themselves.
    pub fn settle(&mut self, now: i64) {
        let Some(after) = self.review_after else {
            return;
        };
        let due: Vec<String> = self
            .all
            .values()
            .filter(|content| {
                let approval = content.approval.as_ref();
                approval.is_some_and(|approval| now >= approval.submitted + after)
            })
            .map(|content| content.sid.clone())
            .collect();
        for sid in due {
            self.judge(&sid, now);
        }
    }

    fn name_taken(&self, content: &Content, now: i64) -> Option<&'static str> {
        let name = &content.approval.as_ref()?.name;
        let key = (
            content.account.clone(),
            name.clone(),
            content.language.clone(),
        );
        let blocked = self.deleted.get(&key).is_some_and(|at| now < at + BLOCK_MS);
        if blocked {
            return Some(
                "New content can't be added while the existing content in this language is being deleted. Try again in 4 weeks",
            );
        }
        let taken = self.all.values().any(|other| {
            let approval = other.approval.as_ref();
            other.sid != content.sid
                && other.account == content.account
                && other.language == content.language
                && approval.is_some_and(|it| it.name == *name && it.is_at_whatsapp())
        });
        taken.then_some("There is already content in this language for this template")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::Approval;
    use serde_json::json;

    fn submitted(sid: &str, name: &str) -> Content {
        Content {
            sid: sid.to_owned(),
            account: "AC1".to_owned(),
            friendly_name: name.to_owned(),
            language: "it".to_owned(),
            variables: json!({"1": "Anna"})
                .as_object()
                .cloned()
                .unwrap_or_default(),
            types: json!({"twilio/text": {"body": "Ciao {{1}}, tutto bene?"}})
                .as_object()
                .cloned()
                .unwrap_or_default(),
            created: 0,
            updated: 0,
            approval: Some(Approval::new(name, "UTILITY", "received")),
        }
    }

    #[test]
    fn a_good_template_is_approved_once() {
        let mut contents = Contents::default();
        contents.add(submitted("HX1", "a"));
        assert_eq!(contents.judge("HX1", 1).as_deref(), Some(""));
        assert_eq!(contents.judge("HX1", 1), None, "nothing to judge any more");
        assert!(contents.get("HX1").is_some_and(Content::may_open));
    }

    #[test]
    fn a_name_is_taken_while_it_lives_and_thirty_days_longer() {
        let mut contents = Contents::default();
        for sid in ["HX1", "HX2"] {
            contents.add(submitted(sid, "a"));
        }
        contents.judge("HX1", 1);
        assert!(
            contents
                .judge("HX2", 1)
                .is_some_and(|why| why.contains("already"))
        );
        contents.delete("HX1", 5);
        for (sid, now, fine) in [("HX3", 4 + BLOCK_MS, false), ("HX4", 5 + BLOCK_MS, true)] {
            contents.add(submitted(sid, "a"));
            assert_eq!(
                contents.judge(sid, now).as_deref() == Some(""),
                fine,
                "{sid}"
            );
        }
    }

    #[test]
    fn a_review_may_come_by_itself() {
        let mut contents = Contents {
            review_after: Some(60_000),
            ..Contents::default()
        };
        contents.add(submitted("HX1", "a"));
        contents.settle(59_999);
        assert!(!contents.get("HX1").is_some_and(Content::may_open));
        contents.settle(60_000);
        assert!(contents.get("HX1").is_some_and(Content::may_open));
    }

    #[test]
    fn a_page_goes_on_where_it_ended_though_something_vanished() {
        let mut contents = Contents::default();
        for sid in ["HX1", "HX2", "HX3"] {
            contents.add(submitted(sid, sid));
        }
        let (second, _) = contents.of_account("AC1", 0).nth(1).unwrap();
        contents.remove("HX1");
        let rest: Vec<&str> = contents
            .of_account("AC1", second)
            .map(|(_, it)| it.sid.as_str())
            .collect();
        assert_eq!(rest, ["HX3"]);
    }
}
