//! The whole set-up as one file: `/api/v1/configuration`. It holds no secret; what is tried out in one
//! deployment is repeated in another by it.

use crate::auth::caller::Caller;
use crate::clock;
use crate::directory::draft::configuration;
use crate::directory::rules::Change;
use crate::directory::{access, calls};
use crate::http::{Answer, Ask};
use crate::json::object;
use crate::problem::Problem;
use serde_json::Value;
use worker::Env;

/// `GET /api/v1/configuration`
///
/// # Errors
/// `403` for agents and programs, `404` if not all senders are in scope.
pub async fn export(env: &Env, caller: &Caller) -> Result<Answer, Problem> {
    access::inspect(caller)?;
    access::everything(caller)?;
    Ok(Answer::json(200, &calls::configuration(env).await?))
}

/// `POST /api/v1/configuration?dry_run=true`: makes the set-up as the file says; with `dry_run` only says
/// what would be made. All of it or nothing.
///
/// # Errors
/// `403` for all but administrators; `400` with the place in the file, or if the file is of a newer form;
/// `409` with the place if it contradicts what is there.
pub async fn import(env: &Env, caller: &Caller, ask: &Ask) -> Result<Answer, Problem> {
    access::change(caller)?;
    access::everything(caller)?;
    let rehearse = ask.parameter("dry_run").as_deref() == Some("true");
    let changes = configuration::changes(&ask.json()?, clock::domain())?;
    let all = Change::Many(changes);
    let changed = calls::change_if(env, all, caller, None, rehearse).await?;
    let lines: Vec<Value> = changed
        .lines
        .iter()
        .map(|(verb, kind, subject)| object! { "verb": verb, "kind": kind, "id": subject })
        .collect();
    Ok(Answer::json(
        200,
        &object! {
            "created": changed.tally.added,
            "changed": changed.tally.changed,
            "unchanged": changed.tally.unchanged,
            "lines": lines,
            "applied": !rehearse,
        },
    ))
}
