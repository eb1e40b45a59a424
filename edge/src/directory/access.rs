//! Who may see and change the set-up? Administrators change it, supervisors see it; agents and
//! programs see the senders and templates they may use. What is out of scope looks as if it did not
//! exist.

use super::setup::TemplateEntry;
use crate::auth::caller::{Caller, Role, Scope};
use crate::problem::Problem;
use shared::id::SenderId;

/// Only administrators may.
///
/// # Errors
/// `403`.
pub fn change(caller: &Caller) -> Result<(), Problem> {
    role(caller.role == Role::Admin)
}

/// Only those who see the whole set-up may: administrators and supervisors.
///
/// # Errors
/// `403`.
pub fn inspect(caller: &Caller) -> Result<(), Problem> {
    role(matches!(caller.role, Role::Admin | Role::Supervisor))
}

fn role(fits: bool) -> Result<(), Problem> {
    if fits {
        Ok(())
    } else {
        Err(Problem::new(403, "role").remedy("ask-administrator"))
    }
}

/// What concerns more than single senders is there only for those who see all of them.
///
/// # Errors
/// `404`.
pub fn everything(caller: &Caller) -> Result<(), Problem> {
    if caller.senders == Scope::All {
        Ok(())
    } else {
        Err(Problem::not_found())
    }
}

/// The sender is in scope.
///
/// # Errors
/// `404`.
pub fn sender(caller: &Caller, sender: &SenderId) -> Result<(), Problem> {
    if caller.may_see_sender(sender) {
        Ok(())
    } else {
        Err(Problem::not_found())
    }
}

/// All these senders are in scope: a change of a template reaches all of them.
///
/// # Errors
/// `404`.
pub fn senders(caller: &Caller, senders: &[SenderId]) -> Result<(), Problem> {
    senders.iter().try_for_each(|one| sender(caller, one))
}

/// The template as far as it is in scope: with those of its senders that are. `None` if none is; a
/// template without senders is there for those who see all.
#[must_use]
pub fn visible(caller: &Caller, mut entry: TemplateEntry) -> Option<TemplateEntry> {
    entry.senders.retain(|sender| caller.may_see_sender(sender));
    (caller.senders == Scope::All || !entry.senders.is_empty()).then_some(entry)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use shared::id::{AgentId, TemplateId};
    use shared::template::{Category, Template};
    use shared::time::Timestamp;

    /// Somebody of a role who may see these senders; `*`: all.
    pub(crate) fn caller(role: Role, senders: &[&str]) -> Caller {
        let listed = senders.iter().map(|id| SenderId::trusted(*id)).collect();
        let senders = if senders == ["*"] {
            Scope::All
        } else {
            Scope::These(listed)
        };
        Caller {
            id: AgentId::trusted("a"),
            name: String::new(),
            role,
            senders,
            customers: None,
            expires: Timestamp(0),
        }
    }

    fn template(senders: &[&str]) -> TemplateEntry {
        let template = Template {
            id: TemplateId::trusted("hello"),
            name: "Hello".into(),
            category: Category::Utility,
            default_language: "it".into(),
            localizations: vec![],
        };
        TemplateEntry {
            version: 1,
            template,
            senders: senders.iter().map(|id| SenderId::trusted(*id)).collect(),
            active: true,
            source: None,
            remarks: vec![],
        }
    }

    #[test]
    fn who_may_what() {
        let status =
            |result: Result<(), Problem>| result.map_or_else(|problem| problem.status, |()| 200);
        for (role, may_change, may_inspect) in [
            (Role::Admin, 200, 200),
            (Role::Supervisor, 403, 200),
            (Role::Agent, 403, 403),
            (Role::Service, 403, 403),
        ] {
            let caller = caller(role, &["*"]);
            assert_eq!(status(change(&caller)), may_change, "{role:?} changes");
            assert_eq!(status(inspect(&caller)), may_inspect, "{role:?} inspects");
        }
    }

    #[test]
    fn what_is_out_of_scope_does_not_exist() {
        let limited = caller(Role::Admin, &["milano"]);
        assert_eq!(everything(&limited).map_err(|p| p.status), Err(404));
        assert_eq!(sender(&limited, &SenderId::trusted("milano")), Ok(()));
        assert_eq!(
            sender(&limited, &SenderId::trusted("london")).map_err(|p| p.status),
            Err(404)
        );
        let both = ["milano", "london"].map(SenderId::trusted);
        assert_eq!(senders(&limited, &both).map_err(|p| p.status), Err(404));
        assert_eq!(senders(&caller(Role::Admin, &["*"]), &both), Ok(()));
    }

    #[test]
    fn a_template_shows_the_senders_in_scope_only() {
        let agent = caller(Role::Agent, &["milano"]);
        let seen = |caller: &Caller, senders: &[&str]| {
            visible(caller, template(senders)).map(|entry| entry.senders.len())
        };
        assert_eq!(seen(&agent, &["milano", "london"]), Some(1));
        assert_eq!(seen(&agent, &["london"]), None);
        assert_eq!(seen(&agent, &[]), None);
        assert_eq!(seen(&caller(Role::Agent, &["*"]), &[]), Some(0));
        assert_eq!(seen(&caller(Role::Service, &[]), &["milano"]), None);
    }
}
