//! May a workstream be changed like this?

use super::{Decision, Ending, Gone, describe, described};
use crate::directory::setup::{Setup, Workstream};
use crate::problem::Problem;
use serde_json::Value;
use shared::id::WorkstreamId;

impl Decision {
    pub(super) fn put_workstream(
        &mut self,
        setup: &Setup,
        mut workstream: Workstream,
    ) -> Result<(), Problem> {
        let before = setup.workstream(&workstream.id);
        if before.is_some_and(|before| before.distribution != workstream.distribution) {
            return Err(Problem::new(409, "distribution-fixed")
                .remedy("create-other-workstream")
                .because("How conversations come to agents is fixed when a workstream is created.")
                .fact("field", "distribution"));
        }
        let same_name = setup
            .workstreams
            .iter()
            .find(|known| known.name == workstream.name && known.id != workstream.id);
        if let Some(other) = same_name {
            return Err(Problem::new(409, "name-taken")
                .remedy("choose-other-name")
                .because("Another workstream has this name.")
                .fact("field", "name")
                .fact("workstream", other.id.as_str()));
        }
        workstream.version = self.revision;
        self.note(
            "put",
            "workstream",
            workstream.id.as_str(),
            described(before),
            describe(&workstream),
        );
        self.created = before.is_none();
        self.workstreams.push(workstream);
        Ok(())
    }

    pub(super) fn delete_workstream(
        &mut self,
        setup: &Setup,
        ending: Ending<WorkstreamId>,
    ) -> Result<(), Problem> {
        let before = setup
            .workstream(&ending.id)
            .ok_or_else(Problem::not_found)?;
        let within = || {
            setup.senders.iter().filter(|entry| {
                !entry.deleted && entry.settings.workstream.as_ref() == Some(&ending.id)
            })
        };
        if !ending.with && within().next().is_some() {
            let senders: Vec<&str> = within().map(|entry| entry.sender.id.as_str()).collect();
            return Err(Problem::new(409, "workstream-in-use")
                .remedy("release-senders-first")
                .because("Numbers belong to the workstream.")
                .fact("senders", senders));
        }
        for entry in within() {
            let mut released = entry.clone();
            released.settings.workstream = None;
            self.note(
                "put",
                "sender",
                released.sender.id.as_str(),
                describe(entry),
                describe(&released),
            );
            self.write_sender(released);
        }
        self.note(
            "delete",
            "workstream",
            ending.id.as_str(),
            describe(before),
            Value::Null,
        );
        self.gone.push(Gone::Workstream(ending.id));
        Ok(())
    }
}
