//! Twilio's REST API, as far as we call it: which path leads where, and who may.

mod approvals;
mod content;
mod create;
mod media;
pub mod problem;
mod read;

use std::sync::Arc;

use axum::Router;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::routing::{get, post};
use base64::{Engine, engine::general_purpose::STANDARD};

use crate::simulator::Simulator;
use crate::world::{Account, World};
use problem::Problem;

/// All of Twilio's paths.
pub fn routes() -> Router<Arc<Simulator>> {
    Router::new()
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
        .route("/simulator/media/{medium}", get(media::bytes))
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
}

/// The account that the request's Basic credentials open. With `path`, it must be that account.
fn authenticate<'a>(
    world: &'a World,
    headers: &HeaderMap,
    path: Option<&str>,
) -> Result<&'a Account, Problem> {
    let credentials = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Basic "))
        .and_then(|encoded| STANDARD.decode(encoded.trim()).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let Some((user, password)) = credentials.as_deref().and_then(|text| text.split_once(':'))
    else {
        return Err(Problem::of(20003));
    };
    match world.accounts.get(user) {
        Some(account) if account.auth_token == password && path.is_none_or(|path| path == user) => {
            Ok(account)
        }
        _ => Err(Problem::of(20003)),
    }
}
