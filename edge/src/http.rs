//! What comes in over HTTP, what goes out? Our own request and response, free of the platform.
//!
//! Routes are functions from [`Ask`] to [`Answer`], so what they decide is tested natively; only
//! [`crate::entry`] knows the platform's types.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// The headers that anything here asks for, in lower case. No other is read.
pub const HEADERS: [&str; 13] = [
    "accept-language",
    "authorization",
    "cf-access-jwt-assertion",
    "content-type",
    "cookie",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "origin",
    "sec-fetch-site",
    "sec-websocket-protocol",
    "upgrade",
    "x-twilio-signature",
];

/// A request.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// `GET`, `POST` …
    pub method: String,
    /// The path, as it came, beginning with `/`.
    pub path: String,
    /// The query as it came, without `?`; empty if there is none.
    pub query: String,
    /// The whole URL as it came: only to tell an administrator what public URL would be right.
    pub url: String,
    /// Those headers of [`HEADERS`] that came, with their values.
    pub headers: Vec<(&'static str, String)>,
    /// The body, at most as long as the route allows.
    pub body: Vec<u8>,
}

impl Ask {
    /// The first value of a header, by its lower-case name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The first value of a query parameter, decoded.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<String> {
        let form = shared::twilio::form::parse(self.query.as_bytes()).ok()?;
        form.get(name).map(Into::into)
    }

    /// The body as JSON. A field that is not known is a mistake.
    ///
    /// # Errors
    /// `415` if it is not declared as JSON, `400` with the place of the mistake.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let declared = self.header("content-type").unwrap_or_default();
        if !declared.starts_with("application/json") {
            return Err(
                Problem::new(415, "content-type").because("The body must be application/json.")
            );
        }
        let body = core::str::from_utf8(&self.body)
            .map_err(|error| Problem::new(400, "malformed").because(error.to_string()))?;
        crate::json::read_exactly(body)
            .map_err(|error| Problem::new(400, "malformed").because(error.to_string()))
    }
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// An answer without a body.
    #[must_use]
    pub fn empty(status: u16) -> Self {
        Self {
            status,
            ..Self::default()
        }
    }

    /// A JSON answer. Nothing of the API may be cached.
    #[must_use]
    pub fn json<T: Serialize>(status: u16, value: &T) -> Self {
        Self::json_text(status, crate::json::write(value).unwrap_or_default())
    }

    /// A JSON answer that is text already.
    #[must_use]
    pub fn json_text(status: u16, json: String) -> Self {
        Self {
            status,
            headers: vec![
                ("content-type", "application/json".into()),
                ("cache-control", "no-store".into()),
            ],
            body: json.into_bytes(),
        }
    }

    /// A plain answer of the given type.
    #[must_use]
    pub fn text(status: u16, content_type: &str, body: &str) -> Self {
        Self {
            status,
            headers: vec![("content-type", content_type.into())],
            body: body.into(),
        }
    }
}

impl From<Problem> for Answer {
    fn from(problem: Problem) -> Self {
        let mut answer = Self::json(problem.status, &problem.document());
        if let Some(header) = answer.headers.first_mut() {
            *header = ("content-type", "application/problem+json".into());
        }
        if problem.status == 401 {
            answer.headers.push(("www-authenticate", "Bearer".into()));
        }
        answer
    }
}
