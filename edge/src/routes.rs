//! Where does a request go? The table of the API, and the way through it.

use crate::api::{accounts, senders, sessions, templates, threads, tickets};
use crate::auth::caller::Caller;
use crate::auth::jwt;
use crate::http::{Answer, Ask};
use crate::problem::Problem;
use worker::Env;

/// Every route of the API: what `/api/v1/openapi.json` must describe, no more and no less.
pub const TABLE: &[(&str, &str)] = &[
    ("GET", "/api/v1/accounts"),
    ("PUT", "/api/v1/accounts/{account}"),
    ("GET", "/api/v1/accounts/{account}"),
    ("DELETE", "/api/v1/accounts/{account}"),
    ("GET", "/api/v1/accounts/{account}/unrouted"),
    ("POST", "/api/v1/accounts/{account}/recover"),
    ("GET", "/api/v1/senders"),
    ("PUT", "/api/v1/senders/{sender}"),
    ("GET", "/api/v1/senders/{sender}"),
    ("DELETE", "/api/v1/senders/{sender}"),
    ("GET", "/api/v1/senders/{sender}/templates"),
    ("GET", "/api/v1/templates"),
    ("PUT", "/api/v1/templates/{template}"),
    ("GET", "/api/v1/templates/{template}"),
    ("DELETE", "/api/v1/templates/{template}"),
    ("POST", "/api/v1/sessions/lookup"),
    ("GET", "/api/v1/sessions/{thread}"),
    ("POST", "/api/v1/threads"),
    ("GET", "/api/v1/threads/{thread}/messages"),
    ("POST", "/api/v1/threads/{thread}/messages"),
    (
        "POST",
        "/api/v1/threads/{thread}/messages/{message}/decision",
    ),
    ("POST", "/api/v1/threads/{thread}/consent"),
    ("POST", "/api/v1/tickets"),
];

/// Answers a request to `/api/v1/…`. Every route needs a bearer token.
pub async fn api(env: &Env, ask: &Ask) -> Answer {
    route(env, ask).await.unwrap_or_else(Answer::from)
}

async fn route(env: &Env, ask: &Ask) -> Result<Answer, Problem> {
    // Before the token: what does not exist does not for anybody.
    if !known(&ask.method, &ask.path) {
        return Err(missing(&ask.path));
    }
    perform(env, &jwt::from_request(env, ask)?, ask).await
}

/// Does what is asked of the API for a caller who is known already: by a token, or, for the console, by
/// its session. Role and scope are checked here and nowhere before.
///
/// # Errors
/// The route's own, `404` and `405`.
pub async fn perform(env: &Env, caller: &Caller, ask: &Ask) -> Result<Answer, Problem> {
    if !known(&ask.method, &ask.path) {
        return Err(missing(&ask.path));
    }
    let path: Vec<&str> = ask.path.trim_start_matches("/api/v1/").split('/').collect();
    match (ask.method.as_str(), path.as_slice()) {
        ("GET", ["accounts"]) => accounts::list(env, caller).await,
        ("PUT", ["accounts", account]) => accounts::put(env, caller, ask, account).await,
        ("GET", ["accounts", account]) => accounts::get(env, caller, account).await,
        ("DELETE", ["accounts", account]) => accounts::delete(env, caller, account).await,
        ("GET", ["accounts", account, "unrouted"]) => {
            accounts::unrouted(env, caller, account).await
        }
        ("POST", ["accounts", account, "recover"]) => {
            threads::recover(env, caller, ask, account).await
        }
        ("GET", ["senders"]) => senders::list(env, caller).await,
        ("PUT", ["senders", sender]) => senders::put(env, caller, ask, sender).await,
        ("GET", ["senders", sender]) => senders::get(env, caller, sender).await,
        ("DELETE", ["senders", sender]) => senders::delete(env, caller, sender).await,
        ("GET", ["senders", sender, "templates"]) => {
            templates::of_sender(env, caller, sender).await
        }
        ("GET", ["templates"]) => templates::list(env, caller).await,
        ("PUT", ["templates", template]) => templates::put(env, caller, ask, template).await,
        ("GET", ["templates", template]) => templates::get(env, caller, template).await,
        ("DELETE", ["templates", template]) => templates::delete(env, caller, template).await,
        ("POST", ["sessions", "lookup"]) => sessions::look_up(env, caller, ask).await,
        ("GET", ["sessions", thread]) => sessions::get(env, caller, thread).await,
        ("POST", ["threads"]) => threads::open(env, caller, ask).await,
        ("GET", ["threads", thread, "messages"]) => {
            threads::messages(env, caller, ask, thread).await
        }
        ("POST", ["threads", thread, "messages"]) => threads::send(env, caller, ask, thread).await,
        ("POST", ["threads", thread, "messages", message, "decision"]) => {
            threads::decide(env, caller, ask, thread, message).await
        }
        ("POST", ["threads", thread, "consent"]) => {
            threads::consent(env, caller, ask, thread).await
        }
        ("POST", ["tickets"]) => tickets::issue(env, caller, ask).await,
        _ => Err(missing(&ask.path)),
    }
}

/// Whether the table has this method for this path.
fn known(method: &str, path: &str) -> bool {
    TABLE
        .iter()
        .any(|(known, pattern)| *known == method && fits(pattern, path))
}

/// Whether a path fits a pattern, whose parts in braces stand for anything but nothing.
fn fits(pattern: &str, path: &str) -> bool {
    let (mut pattern, mut path) = (pattern.split('/'), path.split('/'));
    loop {
        match (pattern.next(), path.next()) {
            (None, None) => return true,
            (Some(part), Some(given))
                if part == given || (part.starts_with('{') && !given.is_empty()) => {}
            _ => return false,
        }
    }
}

/// No such path: `404`; or not with this method: `405`.
fn missing(path: &str) -> Problem {
    if TABLE.iter().any(|(_, pattern)| fits(pattern, path)) {
        Problem::new(405, "method-not-allowed")
    } else {
        Problem::not_found()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_fit_their_patterns() {
        assert!(known("POST", "/api/v1/threads/abc/messages"));
        assert!(!known("POST", "/api/v1/threads//messages"));
        assert!(!known("PATCH", "/api/v1/threads/abc/messages"));
        assert_eq!(missing("/api/v1/threads").status, 405);
        assert_eq!(missing("/api/v1/nothing").status, 404);
    }
}
