//! `…/Media/{ME}`: where are the bytes of a medium? Behind a redirect to another address, as at Twilio.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::problem::Problem;
use crate::dates::rfc2822;
use crate::media::made_up;
use crate::message::Media;
use crate::simulator::Simulator;

/// The media of one message.
pub(super) async fn list(
    State(simulator): State<Arc<Simulator>>,
    Path((account, sid)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let world = simulator.world();
    super::authenticate(&world, &headers, Some(&account))?;
    let uri = format!("/2010-04-01/Accounts/{account}/Messages/{sid}/Media");
    let message = world
        .messages
        .get(&sid)
        .filter(|message| message.account == account);
    let message = message.ok_or_else(|| Problem::not_found(&format!("{uri}.json")))?;
    let media: Vec<Value> = message
        .media
        .iter()
        .map(|media| {
            json!({
                "account_sid": account, "content_type": media.content_type, "parent_sid": sid,
                "sid": media.sid, "date_created": rfc2822(message.created),
                "date_updated": rfc2822(message.updated), "uri": format!("{uri}/{}.json", media.sid),
            })
        })
        .collect();
    Ok(Json(json!({
        "media_list": media, "page": 0, "page_size": 50, "start": 0,
        "end": message.media.len().saturating_sub(1), "uri": format!("{uri}.json?PageSize=50&Page=0"),
        "first_page_uri": format!("{uri}.json?PageSize=50&Page=0"),
        "next_page_uri": null, "previous_page_uri": null,
    })))
}

/// One medium. Credentials are a setting of the account; wrong ones are never accepted.
pub(super) async fn redirect(
    State(simulator): State<Arc<Simulator>>,
    Path((account, sid, medium)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let world = simulator.world();
    let required = world
        .accounts
        .get(&account)
        .is_some_and(|account| account.media_auth);
    if required || headers.contains_key(AUTHORIZATION) {
        super::authenticate(&world, &headers, Some(&account))?;
    }
    let message = world
        .messages
        .get(&sid)
        .filter(|message| message.account == account);
    let exists =
        message.is_some_and(|message| message.media.iter().any(|media| media.sid == medium));
    if !exists {
        let path = format!("/2010-04-01/Accounts/{account}/Messages/{sid}/Media/{medium}");
        return Err(Problem::not_found(&path));
    }
    let location = format!("{}/simulator/media/{sid}.{medium}", simulator.base_url);
    Ok((StatusCode::TEMPORARY_REDIRECT, [(LOCATION, location)]).into_response())
}

/// The bytes, as Twilio's content network serves them. Credentials do not belong here and are refused.
pub(super) async fn bytes(
    State(simulator): State<Arc<Simulator>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    if headers.contains_key(AUTHORIZATION) {
        return (StatusCode::BAD_REQUEST, "Only one auth mechanism allowed").into_response();
    }
    let found: Option<Media> = name.split_once('.').and_then(|(sid, medium)| {
        let world = simulator.world();
        let message = world.messages.get(sid)?;
        message
            .media
            .iter()
            .find(|media| media.sid == medium)
            .cloned()
    });
    let Some(media) = found else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let bytes = match &media.source {
        Some(source) => simulator.courier.get(source).await.body.to_vec(),
        None => made_up(&media.content_type),
    };
    let headers = [
        (CONTENT_TYPE, media.content_type.as_str()),
        (NOSNIFF, "nosniff"),
    ];
    (headers, bytes).into_response()
}

const NOSNIFF: axum::http::HeaderName = axum::http::header::X_CONTENT_TYPE_OPTIONS;
