//! What do administrators ask for? The set-up: accounts, numbers, workstreams, templates, and what was
//! done with them.

use super::{Routes, missing, parts};
use crate::api::{
    accounts, audit, checks, configuration, senders, submissions, templates, threads, workstreams,
};
use crate::auth::caller::Caller;
use crate::http::{Answer, Ask};
use crate::problem::Problem;
use worker::Env;

/// The routes.
pub const TABLE: Routes = &[
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
];

/// Does what a caller asks whose token, or session in the console, was verified.
///
/// # Errors
/// The problem to answer with.
pub async fn perform(env: &Env, caller: &Caller, ask: &Ask) -> Result<Answer, Problem> {
    match (ask.method.as_str(), parts(&ask.path).as_slice()) {
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
        _ => Err(missing(TABLE, &ask.path)),
    }
}
