//! How is the API described? `/api/v1/openapi.json`, written by hand and checked against the code.
//!
//! The document lies among the static files (`www/openapi.json`): in the Worker it would be a tenth of
//! its bytes.

use worker::Env;
use worker::web_sys::{Request, Response};

/// Where it lies among the static files.
const FILE: &str = "/openapi.json";

/// `GET /api/v1/openapi.json`: for everybody, and the same for everybody.
///
/// # Errors
/// If the platform fails.
pub async fn document(env: &Env) -> worker::Result<Response> {
    let request = Request::new_with_str(&["http://assets", FILE].concat())?;
    crate::site::serve(env, &request, FILE).await
}

#[cfg(test)]
const DOCUMENT: &str = include_str!("../../../www/openapi.json");

#[cfg(test)]
mod tests;
