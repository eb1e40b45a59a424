//! How does an ordered fault spoil a request? Before it is answered, or after the work was done.

use std::io;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use super::problem::Problem;
use crate::faults::FailureKind;
use crate::log::Asked;
use crate::rest_faults;
use crate::server::LostAnswer;
use crate::simulator::Simulator;

/// Around every path of Twilio's. Who comes with wrong credentials uses no fault up.
pub(super) async fn weather(
    State(simulator): State<Arc<Simulator>>,
    request: Request,
    next: Next,
) -> Response {
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let (user, fault) = {
        let mut world = simulator.world();
        let now = world.now();
        world.contents.settle(now);
        if super::identify(&world, request.headers(), None).is_ok() {
            let user = super::credentials(request.headers()).map(|(user, _)| user);
            let query = uri.query().unwrap_or_default();
            let faults = &mut world.faults.rest;
            (
                user,
                rest_faults::next(faults, method.as_str(), uri.path(), query),
            )
        } else {
            (None, None)
        }
    };
    let done = match &fault {
        Some(fault) if !fault.does_the_work() => Response::default(),
        _ => next.run(request).await,
    };
    let http = match fault.as_ref().map(|fault| fault.kind) {
        None => Some(done.status().as_u16()),
        Some(FailureKind::TooManyRequests) => Some(429),
        Some(FailureKind::ServerError) => Some(500),
        Some(FailureKind::Unavailable) => Some(503),
        Some(FailureKind::Timeout | FailureKind::LostAnswer | FailureKind::CutOff) => None,
    };
    if !(method == Method::POST && uri.path().ends_with("/Messages.json")) {
        let mut world = simulator.world();
        let at = world.now();
        world.log.requests.push(Asked {
            at,
            method: method.to_string(),
            path: uri.to_string(),
            user,
            http,
            fault: fault.as_ref().map(|fault| fault.kind.name()),
        });
    }
    match fault {
        Some(fault) => spoilt(fault.kind, fault.hang, done).await,
        None => done,
    }
}

/// What comes instead of the right answer.
pub(super) async fn spoilt(kind: FailureKind, hang: bool, done: Response) -> Response {
    match kind {
        FailureKind::TooManyRequests => Problem::of(20429).into_response(),
        FailureKind::ServerError => Problem::of(20500).into_response(),
        FailureKind::Unavailable => unavailable(),
        FailureKind::LostAnswer if !hang => lost(),
        // Never answers; the request is given up when the client closes the connection.
        FailureKind::Timeout | FailureKind::LostAnswer => std::future::pending().await,
        FailureKind::CutOff => cut_off(done).await,
    }
}

/// What a proxy in between says.
fn unavailable() -> Response {
    (
        StatusCode::SERVICE_UNAVAILABLE,
        [(CONTENT_TYPE, "text/html")],
        "<html><body><h1>503 Service Unavailable</h1></body></html>",
    )
        .into_response()
}

/// The connection is closed without an answer.
fn lost() -> Response {
    let mut response = ().into_response();
    response.extensions_mut().insert(LostAnswer);
    response
}

/// The first half of an answer that promises the whole of it.
async fn cut_off(response: Response) -> Response {
    let (mut head, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    head.headers.insert(CONTENT_LENGTH, bytes.len().into());
    let half = bytes.slice(..bytes.len() / 2);
    // A pause between the two, so that the half is on its way before the connection is closed.
    let pieces = stream::unfold(Some(half), |half| async move {
        match half {
            Some(half) => Some((Ok(half), None)),
            None => {
                tokio::task::yield_now().await;
                Some((Err(io::Error::from(io::ErrorKind::ConnectionReset)), None))
            }
        }
    });
    Response::from_parts(head, Body::from_stream(pieces))
}
