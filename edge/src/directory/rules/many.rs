//! Several changes, of which all happen or none: what follows from each is seen by the next.

use super::{Change, Decision, Gone, decide};
use crate::directory::setup::Setup;
use crate::problem::Problem;
use shared::time::Timestamp;

impl Decision {
    pub(super) fn many(
        &mut self,
        setup: &Setup,
        changes: Vec<(String, Change)>,
        now: Timestamp,
    ) -> Result<(), Problem> {
        let mut setup = setup.clone();
        for (place, change) in changes {
            let revision = setup.revision;
            let mut one =
                decide(&setup, change, None, now).map_err(|problem| at(&place, problem))?;
            // All of it is one revision.
            setup.apply(&one);
            setup.revision = revision;
            if one.entries.iter().all(|entry| entry.before == entry.after) {
                self.tally.unchanged += 1;
                continue;
            }
            if one.created {
                self.tally.added += 1;
            } else {
                self.tally.changed += 1;
            }
            self.created |= one.created;
            self.accounts.append(&mut one.accounts);
            self.senders.append(&mut one.senders);
            self.workstreams.append(&mut one.workstreams);
            self.templates.append(&mut one.templates);
            self.gone.append(&mut one.gone);
            self.erase.append(&mut one.erase);
            self.publish.append(&mut one.publish);
            self.entries.append(&mut one.entries);
        }
        Ok(())
    }
}

/// The problem with its field's place in the whole.
#[must_use]
pub fn at(place: &str, problem: Problem) -> Problem {
    let field = problem
        .facts
        .get("field")
        .and_then(|field| field.as_str())
        .map_or_else(|| place.to_string(), |field| [place, field].join("."));
    problem.fact("field", field)
}

impl Setup {
    /// The set-up once a decision is carried out.
    fn apply(&mut self, decision: &Decision) {
        self.revision = decision.revision;
        for account in &decision.accounts {
            put(&mut self.accounts, account, |one| one.id.as_str());
        }
        for entry in &decision.senders {
            put(&mut self.senders, entry, |one| one.sender.id.as_str());
        }
        for workstream in &decision.workstreams {
            put(&mut self.workstreams, workstream, |one| one.id.as_str());
        }
        for entry in &decision.templates {
            put(&mut self.templates, entry, |one| one.template.id.as_str());
        }
        for gone in &decision.gone {
            match gone {
                Gone::Account(id) => self.accounts.retain(|one| one.id != *id),
                Gone::Workstream(id) => self.workstreams.retain(|one| one.id != *id),
                Gone::Template(id) => self.templates.retain(|one| one.template.id != *id),
            }
        }
    }
}

/// Puts a thing in the place of the one of the same name, or at the end.
fn put<T: Clone>(all: &mut Vec<T>, one: &T, name: impl Fn(&T) -> &str) {
    match all.iter_mut().find(|known| name(known) == name(one)) {
        Some(known) => *known = one.clone(),
        None => all.push(one.clone()),
    }
}
