//! Twilio's REST API, as far as we call it: which path leads where, and who may.

mod account;
mod approvals;
mod content;
mod create;
mod media;
mod page;
pub mod problem;
mod read;
mod senders;
mod weather;

use std::sync::Arc;

use axum::Router;
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::middleware;
use axum::routing::{get, post};
use base64::{Engine, engine::general_purpose::STANDARD};

use crate::account::{Account, Opened, Status};
use crate::simulator::Simulator;
use crate::world::World;
use problem::Problem;

/// All of Twilio's paths.
pub fn routes(simulator: &Arc<Simulator>) -> Router<Arc<Simulator>> {
    let weather = middleware::from_fn_with_state(Arc::clone(simulator), weather::weather);
    Router::new()
        .route("/2010-04-01/Accounts/{account}", get(account::fetch))
        .route(
            "/2010-04-01/Accounts/{account}/Messages.json",
            get(read::list).post(create::create),
        )
        .route(
            "/2010-04-01/Accounts/{account}/Messages/{message}",
            get(read::fetch),
        )
        .route(
            "/2010-04-01/Accounts/{account}/Messages/{message}/Media.json",
            get(media::list),
        )
        .route(
            "/2010-04-01/Accounts/{account}/Messages/{message}/Media/{medium}",
            get(media::redirect),
        )
        .route("/v1/Content", get(content::list).post(content::create))
        .route(
            "/v1/Content/{content}",
            get(content::fetch).delete(content::delete),
        )
        .route(
            "/v1/Content/{content}/ApprovalRequests",
            get(approvals::fetch),
        )
        .route(
            "/v1/Content/{content}/ApprovalRequests/whatsapp",
            post(approvals::submit),
        )
        .route("/v1/ContentAndApprovals", get(approvals::list))
        .route("/v2/Channels/Senders", get(senders::list))
        .route(
            "/v2/Channels/Senders/{sender}",
            get(senders::fetch)
                .post(senders::update)
                .delete(senders::delete),
        )
        .route_layer(weather)
        .route("/simulator/media/{medium}", get(media::bytes))
}

/// The account that the request's Basic credentials open, and how far. With `path`, it must be that account. It
/// may be suspended.
fn identify<'a>(
    world: &'a World,
    headers: &HeaderMap,
    path: Option<&str>,
) -> Result<(&'a Account, Opened), Problem> {
    let Some((user, password)) = credentials(headers) else {
        return Err(Problem::of(20003));
    };
    let found = world.accounts.values().find_map(|account| {
        let opened = account.opens(&user, &password)?;
        Some((account, opened))
    });
    match found {
        Some((account, opened))
            if account.status != Status::Closed
                && path.is_none_or(|path| path == account.account_sid) =>
        {
            Ok((account, opened))
        }
        _ => Err(Problem::of(20003)),
    }
}

fn credentials(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let bytes = STANDARD.decode(value.strip_prefix("Basic ")?.trim()).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (user, password) = text.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

/// The same for everything but the account itself, which must be active.
fn authenticate<'a>(
    world: &'a World,
    headers: &HeaderMap,
    path: Option<&str>,
) -> Result<&'a Account, Problem> {
    let (account, _) = identify(world, headers, path)?;
    match account.status {
        Status::Active => Ok(account),
        // Twilio documents several codes for this one; which of them is sent is not known.
        Status::Suspended | Status::Closed => Err(Problem::of(20005)),
    }
}

/// True if the body is said to be JSON.
fn is_json(headers: &HeaderMap) -> bool {
    let given = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    given.is_some_and(|it| it.split(';').next().unwrap_or_default().trim() == "application/json")
}
