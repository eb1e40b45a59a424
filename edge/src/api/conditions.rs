//! What did the caller see? `If-Match` and `If-None-Match`, so that nobody overwrites unseen what somebody
//! else wrote meanwhile (RFC 9110, section 13).

use crate::directory::rules::Expected;
use crate::http::Ask;
use crate::problem::Problem;
use serde_json::Value;

/// What must be there: `If-Match: "7"`, or nothing: `If-None-Match: *`.
///
/// # Errors
/// `400` if it is written otherwise.
pub fn expected(ask: &Ask) -> Result<Option<Expected>, Problem> {
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

/// Whether what is there is not what the caller saw.
#[must_use]
pub fn is_conflict(problem: &Problem) -> bool {
    problem.code == "changed-meanwhile"
}

/// The conflict, with what is there now: so that both can be compared.
#[must_use]
pub fn with_current(problem: Problem, current: Value) -> Problem {
    problem.fact("current", current)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_as_they_are_written() {
        let read = |name: &str, value: &str| {
            expected(&Ask {
                headers: vec![(name.into(), value.into())],
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
