//! `/simulator/…`: how a test, or the phone page, plays the customer and the weather.

mod accounts;
mod clock;
mod events;
mod messages;
mod phones;
mod senders;
mod setup;
mod templates;
mod variety;

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::ORIGIN;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::simulator::Simulator;

/// All paths of the control API.
pub fn routes() -> Router<Arc<Simulator>> {
    Router::new()
        .route(
            "/simulator/accounts",
            get(accounts::all).post(accounts::account),
        )
        .route("/simulator/accounts/{account}", post(accounts::change))
        .route("/simulator/accounts/{account}/keys", post(accounts::key))
        .route(
            "/simulator/accounts/{account}/keys/{key}",
            delete(accounts::revoke),
        )
        .route("/simulator/senders", post(senders::sender))
        .route("/simulator/senders/{sender}", delete(senders::remove))
        .route("/simulator/sandbox", post(senders::sandbox))
        .route("/simulator/templates", post(templates::seed))
        .route("/simulator/templates/{content}", delete(templates::remove))
        .route(
            "/simulator/templates/{content}/approval",
            post(templates::approval),
        )
        .route(
            "/simulator/templates/{content}/review",
            post(templates::review),
        )
        .route("/simulator/reviewing", post(templates::reviewing))
        .route(
            "/simulator/faults",
            get(setup::faults).post(setup::set_faults),
        )
        .route("/simulator/log", get(setup::log))
        .route("/simulator/reset", post(setup::reset))
        .route("/simulator/messages", post(messages::write))
        .route("/simulator/read", post(messages::read))
        .route("/simulator/customers", post(phones::customer))
        .route("/simulator/phones", get(phones::all))
        .route("/simulator/phones/{customer}", get(phones::one))
        .route("/simulator/clock", get(clock::show).post(clock::change))
        .route("/simulator/events", get(events::stream))
        .layer(middleware::from_fn(from_this_machine))
}

/// There are no credentials here, so a page from elsewhere in the same browser must not get through.
async fn from_this_machine(request: Request, next: Next) -> Response {
    let origin = request.headers().get(ORIGIN);
    let ours = origin.is_none_or(|origin| {
        let host = origin
            .to_str()
            .ok()
            .and_then(|origin| origin.strip_prefix("http://"));
        let host = host.map(|host| host.split(':').next().unwrap_or_default());
        matches!(host, Some("127.0.0.1" | "localhost"))
    });
    if ours {
        next.run(request).await
    } else {
        Mistake(
            StatusCode::FORBIDDEN,
            "only for pages of this machine".to_owned(),
        )
        .into_response()
    }
}

/// What was wrong with a control request, in words.
#[derive(Debug)]
struct Mistake(StatusCode, String);

impl Mistake {
    fn request(words: impl Into<String>) -> Self {
        Self(StatusCode::BAD_REQUEST, words.into())
    }

    fn unknown(words: impl Into<String>) -> Self {
        Self(StatusCode::NOT_FOUND, words.into())
    }
}

impl IntoResponse for Mistake {
    fn into_response(self) -> Response {
        (self.0, Json(json!({"error": self.1}))).into_response()
    }
}

/// Reads a JSON body whatever its content type; an empty one is an empty object.
fn read_json<T: DeserializeOwned>(body: &Bytes) -> Result<T, Mistake> {
    let body: &[u8] = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(body).map_err(|error| Mistake::request(error.to_string()))
}
