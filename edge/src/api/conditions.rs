//! What did the caller see? `If-Match` and `If-None-Match`, so that nobody overwrites unseen what somebody
//! else wrote meanwhile (RFC 9110, section 13).

use crate::auth::caller::Caller;
use crate::directory::calls;
use crate::directory::rules::{Change, Expected};
use crate::http::{Answer, Ask};
use crate::problem::Problem;
use serde_json::Value;
use worker::Env;

/// What must be there: `If-Match: "7"`, or nothing: `If-None-Match: *`.
///
/// # Errors
/// `400` if it is written otherwise.
fn expected(ask: &Ask) -> Result<Option<Expected>, Problem> {
    let unreadable = |header: &str| {
        Problem::new(400, "malformed")
            .fact("header", header)
            .because("Write If-Match: \"7\" with the version, or If-None-Match: *.")
    };
    if let Some(tag) = ask.header("if-match") {
        let version = tag.trim_matches('"').parse();
        return match version {
            Ok(version) => Ok(Some(Expected::Version(version))),
            Err(_) => Err(unreadable("if-match")),
        };
    }
    match ask.header("if-none-match") {
        None => Ok(None),
        Some("*") => Ok(Some(Expected::Absent)),
        Some(_) => Err(unreadable("if-none-match")),
    }
}

/// Carries a `PUT` out, if what is there is what the caller saw. `told`: how it is told afterwards; in a
/// conflict, what is there instead, so that both can be compared.
///
/// # Errors
/// What the directory refuses; `412` with what is there.
pub async fn put(
    env: &Env,
    caller: &Caller,
    ask: &Ask,
    change: Change,
    told: impl AsyncFn() -> Result<Value, Problem>,
) -> Result<Answer, Problem> {
    let expected = expected(ask)?;
    match calls::change_if(env, change, caller, expected, false).await {
        Ok(changed) => {
            let status = if changed.created { 201 } else { 200 };
            Ok(Answer::json(status, &told().await?))
        }
        Err(problem) if problem.code == "changed-meanwhile" => {
            Err(problem.fact("current", told().await?))
        }
        Err(problem) => Err(problem),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_as_they_are_written() {
        let read = |name: &'static str, value: &str| {
            expected(&Ask {
                headers: vec![(name, value.into())],
                ..Ask::default()
            })
            .map_err(|problem| problem.status)
        };
        assert_eq!(read("if-match", "\"7\""), Ok(Some(Expected::Version(7))));
        assert_eq!(read("if-match", "7"), Ok(Some(Expected::Version(7))));
        assert_eq!(read("if-match", "*"), Err(400));
        assert_eq!(read("if-none-match", "*"), Ok(Some(Expected::Absent)));
        assert_eq!(read("if-none-match", "\"7\""), Err(400));
        assert_eq!(read("accept", "*"), Ok(None));
    }
}
