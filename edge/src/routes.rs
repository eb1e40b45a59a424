//! Where does a request go? The table of the API, and the way through it.

use crate::api::{
    accounts, audit, checks, configuration, senders, sessions, submissions, templates, threads,
    tickets, workstreams,
};
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
    ("GET", "/api/v1/accounts/{account}/consequences"),
    ("GET", "/api/v1/accounts/{account}/unrouted"),
    ("POST", "/api/v1/accounts/{account}/recover"),
    ("POST", "/api/v1/accounts/{account}/check"),
    ("POST", "/api/v1/accounts/{account}/sync"),
    ("GET", "/api/v1/senders"),
    ("PUT", "/api/v1/senders/{sender}"),
    ("GET", "/api/v1/senders/{sender}"),
    ("DELETE", "/api/v1/senders/{sender}"),
    ("GET", "/api/v1/senders/{sender}/consequences"),
    ("POST", "/api/v1/senders/{sender}/webhook"),
    ("GET", "/api/v1/senders/{sender}/templates"),
    ("GET", "/api/v1/workstreams"),
    ("PUT", "/api/v1/workstreams/{workstream}"),
    ("GET", "/api/v1/workstreams/{workstream}"),
    ("DELETE", "/api/v1/workstreams/{workstream}"),
    ("GET", "/api/v1/workstreams/{workstream}/consequences"),
    ("GET", "/api/v1/templates"),
    ("PUT", "/api/v1/templates/{template}"),
    ("GET", "/api/v1/templates/{template}"),
    ("DELETE", "/api/v1/templates/{template}"),
    ("GET", "/api/v1/templates/{template}/consequences"),
    ("POST", "/api/v1/templates/{template}/submit"),
    ("POST", "/api/v1/templates/{template}/refresh"),
    ("POST", "/api/v1/templates/check"),
    ("GET", "/api/v1/audit"),
    ("GET", "/api/v1/audit.csv"),
    ("GET", "/api/v1/configuration"),
    ("POST", "/api/v1/configuration"),
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
    if !known(&ask.method, &ask.path) {
        return Err(missing(&ask.path));
    }
    let caller = jwt::from_request(env, ask)?;
    perform(env, &caller, ask).await
}

/// Does what a caller asks whose token, or session in the console, was verified.
///
/// # Errors
/// The problem to answer with.
pub async fn perform(env: &Env, caller: &Caller, ask: &Ask) -> Result<Answer, Problem> {
    let path: Vec<&str> = ask.path.trim_start_matches("/api/v1/").split('/').collect();
    match (ask.method.as_str(), path.as_slice()) {
        ("GET", ["accounts"]) => accounts::list(env, caller).await,
        ("PUT", ["accounts", account]) => accounts::put(env, caller, ask, account).await,
        ("GET", ["accounts", account]) => accounts::get(env, caller, account).await,
        ("DELETE", ["accounts", account]) => accounts::delete(env, caller, ask, account).await,
        ("GET", ["accounts", account, "consequences"]) => {
            accounts::consequences(env, caller, account).await
        }
        ("GET", ["accounts", account, "unrouted"]) => {
            accounts::unrouted(env, caller, account).await
        }
        ("POST", ["accounts", account, "recover"]) => {
            threads::recover(env, caller, ask, account).await
        }
        ("POST", ["accounts", account, "check"]) => checks::account(env, caller, account).await,
        ("POST", ["accounts", account, "sync"]) => checks::sync(env, caller, account).await,
        ("POST", ["senders", sender, "webhook"]) => checks::webhook(env, caller, sender).await,
        ("GET", ["senders"]) => senders::list(env, caller).await,
        ("PUT", ["senders", sender]) => senders::put(env, caller, ask, sender).await,
        ("GET", ["senders", sender]) => senders::get(env, caller, sender).await,
        ("DELETE", ["senders", sender]) => senders::delete(env, caller, ask, sender).await,
        ("GET", ["senders", sender, "consequences"]) => {
            senders::consequences(env, caller, sender).await
        }
        ("GET", ["workstreams"]) => workstreams::list(env, caller).await,
        ("PUT", ["workstreams", id]) => workstreams::put(env, caller, ask, id).await,
        ("GET", ["workstreams", id]) => workstreams::get(env, caller, id).await,
        ("DELETE", ["workstreams", id]) => workstreams::delete(env, caller, ask, id).await,
        ("GET", ["workstreams", id, "consequences"]) => {
            workstreams::consequences(env, caller, id).await
        }
        ("GET", ["senders", sender, "templates"]) => {
            templates::of_sender(env, caller, sender).await
        }
        ("GET", ["templates"]) => templates::list(env, caller).await,
        ("PUT", ["templates", template]) => templates::put(env, caller, ask, template).await,
        ("GET", ["templates", template]) => templates::get(env, caller, template).await,
        ("DELETE", ["templates", template]) => templates::delete(env, caller, template).await,
        ("GET", ["templates", template, "consequences"]) => {
            templates::consequences(env, caller, template).await
        }
        ("POST", ["templates", "check"]) => submissions::check(caller, ask),
        ("POST", ["templates", template, "submit"]) => {
            submissions::submit(env, caller, ask, template).await
        }
        ("POST", ["templates", template, "refresh"]) => {
            submissions::refresh(env, caller, ask, template).await
        }
        ("GET", ["audit"]) => audit::page(env, caller, ask).await,
        ("GET", ["audit.csv"]) => audit::table(env, caller, ask).await,
        ("GET", ["configuration"]) => configuration::export(env, caller).await,
        ("POST", ["configuration"]) => configuration::import(env, caller, ask).await,
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
