//! The customer's phone as a page: files and the policy they run under.

use std::sync::Arc;

use axum::Router;
use axum::http::HeaderName;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::simulator::Simulator;

/// Nothing inline, nothing from elsewhere, and no way to turn text into markup. A page of this machine may show
/// the phone beside itself.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors http://127.0.0.1:* http://localhost:*; \
     require-trusted-types-for 'script'; trusted-types 'none'";

/// The page and what it loads.
pub fn routes() -> Router<Arc<Simulator>> {
    let html = "text/html; charset=utf-8";
    let script = "text/javascript; charset=utf-8";
    Router::new()
        .route("/", get(|| file(html, include_str!("../phone/index.html"))))
        .route(
            "/phone/phone.css",
            get(|| {
                file(
                    "text/css; charset=utf-8",
                    include_str!("../phone/phone.css"),
                )
            }),
        )
        .route(
            "/phone/phone.js",
            get(|| file(script, include_str!("../phone/phone.js"))),
        )
        .route(
            "/phone/bubble.js",
            get(|| file(script, include_str!("../phone/bubble.js"))),
        )
        .route(
            "/phone/format.js",
            get(|| file(script, include_str!("../phone/format.js"))),
        )
        .route(
            "/favicon.ico",
            get(|| async { axum::http::StatusCode::NO_CONTENT }),
        )
}

async fn file(content_type: &'static str, content: &'static str) -> Response {
    let headers: [(HeaderName, &'static str); 5] = [
        (CONTENT_TYPE, content_type),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-cache"),
    ];
    (headers, content).into_response()
}
