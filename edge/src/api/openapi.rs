//! How is the API described? `/api/v1/openapi.json`, written by hand and checked against the code.

use crate::http::Answer;

/// The document.
pub const DOCUMENT: &str = include_str!("openapi.json");

/// `GET /api/v1/openapi.json`: for everybody, and the same for everybody.
#[must_use]
pub fn document() -> Answer {
    Answer::text(200, "application/json", DOCUMENT)
}

#[cfg(test)]
mod tests;
