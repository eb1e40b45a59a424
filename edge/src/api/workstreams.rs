//! Which workstreams are there? `/api/v1/workstreams…`

use super::accounts::new_name;
use super::conditions;
use crate::auth::caller::Caller;
use crate::directory::calls::SenderFacts;
use crate::directory::rules::{Change, Ending};
use crate::directory::setup::Workstream;
use crate::directory::{access, calls, draft};
use crate::http::{Answer, Ask};
use crate::json::object;
use crate::problem::Problem;
use serde_json::Value;
use shared::id::WorkstreamId;
use worker::Env;

/// `GET /api/v1/workstreams`: all, by name, with those of their numbers that are in scope.
///
/// # Errors
/// `403` for agents and programs.
pub async fn list(env: &Env, caller: &Caller) -> Result<Answer, Problem> {
    access::inspect(caller)?;
    let senders = calls::describe_senders(env).await?;
    let views: Vec<Value> = calls::workstreams(env)
        .await?
        .iter()
        .map(|workstream| view(workstream, &senders, caller))
        .collect();
    Ok(Answer::json(200, &object! { "workstreams": views }))
}

/// `GET /api/v1/workstreams/{workstream}`
///
/// # Errors
/// `403` for agents and programs, `404`.
pub async fn get(env: &Env, caller: &Caller, workstream: &str) -> Result<Answer, Problem> {
    access::inspect(caller)?;
    Ok(Answer::json(
        200,
        &told(env, caller, &known(workstream)?).await?,
    ))
}

/// `PUT /api/v1/workstreams/{workstream}`
///
/// # Errors
/// `403` for all but administrators, `400` with the field, `409` if the distribution is another, `412`.
pub async fn put(
    env: &Env,
    caller: &Caller,
    ask: &Ask,
    workstream: &str,
) -> Result<Answer, Problem> {
    access::change(caller)?;
    access::everything(caller)?;
    let id = WorkstreamId::parse(workstream).ok_or_else(|| new_name("workstream"))?;
    let change = draft::workstream(&id, &ask.json()?)?;
    conditions::put(env, caller, ask, change, async || {
        told(env, caller, &id).await
    })
    .await
}

/// `DELETE /api/v1/workstreams/{workstream}?senders=release`
///
/// # Errors
/// `403` for all but administrators, `404`, `409` while it has numbers that are not to be released.
pub async fn delete(
    env: &Env,
    caller: &Caller,
    ask: &Ask,
    workstream: &str,
) -> Result<Answer, Problem> {
    access::change(caller)?;
    access::everything(caller)?;
    let ending = Ending {
        with: ask.parameter("senders").as_deref() == Some("release"),
        ..Ending::only(known(workstream)?)
    };
    calls::change(env, Change::DeleteWorkstream(ending), caller).await?;
    Ok(Answer::empty(204))
}

/// `GET /api/v1/workstreams/{workstream}/consequences`: what its end would end.
///
/// # Errors
/// `403` for agents and programs, `404`.
pub async fn consequences(env: &Env, caller: &Caller, workstream: &str) -> Result<Answer, Problem> {
    access::inspect(caller)?;
    let id = known(workstream)?;
    told(env, caller, &id).await?;
    let senders: Vec<Value> = calls::describe_senders(env)
        .await?
        .iter()
        .filter(|one| belongs(one, &id, caller))
        .map(|one| {
            let sender = &one.entry.sender;
            object! { "id": sender.id, "name": sender.name, "number": sender.number }
        })
        .collect();
    Ok(Answer::json(200, &object! { "senders": senders }))
}

fn known(workstream: &str) -> Result<WorkstreamId, Problem> {
    WorkstreamId::parse(workstream).ok_or_else(Problem::not_found)
}

async fn told(env: &Env, caller: &Caller, id: &WorkstreamId) -> Result<Value, Problem> {
    let all = calls::workstreams(env).await?;
    let one = all.iter().find(|one| one.id == *id);
    let one = one.ok_or_else(Problem::not_found)?;
    Ok(view(one, &calls::describe_senders(env).await?, caller))
}

fn belongs(sender: &SenderFacts, workstream: &WorkstreamId, caller: &Caller) -> bool {
    sender.entry.settings.workstream.as_ref() == Some(workstream)
        && caller.may_see_sender(&sender.entry.sender.id)
}

/// A workstream as it is told.
fn view(workstream: &Workstream, senders: &[SenderFacts], caller: &Caller) -> Value {
    let senders: Vec<&str> = senders
        .iter()
        .filter(|one| belongs(one, &workstream.id, caller))
        .map(|one| one.entry.sender.id.as_str())
        .collect();
    object! {
        "id": workstream.id,
        "version": workstream.version,
        "name": workstream.name,
        "distribution": workstream.distribution,
        "active": workstream.active,
        "senders": senders,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::directory::setup::Distribution;

    /// A workstream as it is told.
    pub(in crate::api) fn told() -> Value {
        let workstream = Workstream {
            id: WorkstreamId::trusted("support"),
            version: 4,
            name: "Support".into(),
            distribution: Distribution::Push,
            active: true,
        };
        let caller =
            crate::directory::access::tests::caller(crate::auth::caller::Role::Admin, &["*"]);
        view(&workstream, &[], &caller)
    }

    #[test]
    fn it_tells_what_was_put() {
        let mut body = told();
        for added in ["id", "version", "senders"] {
            body.as_object_mut().unwrap().remove(added);
        }
        let put = draft::workstream(&WorkstreamId::trusted("support"), &body);
        assert!(matches!(put, Ok(Change::PutWorkstream(_))), "{put:?}");
    }
}
