//! What do agents and programs ask for? Sessions, messages, consent, tickets.

use super::{Routes, missing, parts};
use crate::api::{sessions, threads, tickets};
use crate::auth::caller::Caller;
use crate::http::{Answer, Ask};
use crate::problem::Problem;
use worker::Env;

/// The routes.
pub const TABLE: Routes = &[
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

/// Does what a caller asks whose token was verified.
///
/// # Errors
/// The problem to answer with.
pub async fn perform(env: &Env, caller: &Caller, ask: &Ask) -> Result<Answer, Problem> {
    match (ask.method.as_str(), parts(&ask.path).as_slice()) {
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
        _ => Err(missing(TABLE, &ask.path)),
    }
}
