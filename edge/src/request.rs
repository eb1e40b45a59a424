//! How does the platform's request become ours, and our answer the platform's?
//!
//! With the objects' shells and the two modules' entries, the only place that knows those types.

use crate::auth::caller::Caller;
use crate::http::{Answer, Ask, HEADERS};
use crate::problem::Problem;
use crate::routes::{self, Routes};
use crate::{config, platform};
use worker::{Env, web_sys};

/// The longest body of an API request, in bytes.
pub const LONGEST_API_BODY: usize = 256 * 1024;

/// Seconds for which a browser may remember a preflight.
const PREFLIGHT_KEPT: &str = "7200";

/// Answers a request to these routes of the API.
///
/// # Errors
/// If the platform fails.
pub async fn api(
    env: &Env,
    request: &web_sys::Request,
    url: &str,
    routes: Routes,
    perform: impl AsyncFnOnce(&Caller, &Ask) -> Result<Answer, Problem>,
) -> worker::Result<web_sys::Response> {
    let preflight = request.method() == "OPTIONS";
    let origin = platform::header(&request.headers(), "origin")?.unwrap_or_default();
    let mut answer = match ask(request, url, LONGEST_API_BODY, &HEADERS).await? {
        Ok(_) if preflight => Answer::empty(204),
        Ok(ask) => match routes::caller(env, routes, &ask) {
            Ok(caller) => perform(&caller, &ask).await.unwrap_or_else(Answer::from),
            Err(problem) => problem.into(),
        },
        Err(answer) => answer,
    };
    share(env, &origin, preflight, &mut answer);
    response(answer)
}

/// Our own request from the platform's, with these headers; too long a body is refused before it is
/// read.
///
/// # Errors
/// If the platform fails.
pub async fn ask(
    request: &web_sys::Request,
    url: &str,
    longest: usize,
    wanted: &[&'static str],
) -> worker::Result<Result<Ask, Answer>> {
    let too_large = |actual: usize| {
        Answer::from(
            Problem::new(413, "body-too-large")
                .fact("limit", longest)
                .fact("actual", actual),
        )
    };
    let came = request.headers();
    let declared =
        platform::header(&came, "content-length")?.and_then(|length| length.parse::<usize>().ok());
    if let Some(declared) = declared.filter(|declared| *declared > longest) {
        return Ok(Err(too_large(declared)));
    }
    let method = request.method();
    let (path, query) = split(url);
    let mut headers = Vec::with_capacity(wanted.len());
    for name in wanted.iter().copied() {
        if let Some(value) = platform::header(&came, name)? {
            headers.push((name, value));
        }
    }
    let body = if matches!(method.as_str(), "GET" | "HEAD" | "OPTIONS") {
        Vec::new()
    } else {
        platform::body(request).await?
    };
    if body.len() > longest {
        return Ok(Err(too_large(body.len())));
    }
    Ok(Ok(Ask {
        method,
        path: path.into(),
        query: query.into(),
        url: url.into(),
        headers,
        body,
    }))
}

/// Path and query of an absolute URL, as they came: nothing is decoded or rewritten.
#[must_use]
pub fn split(url: &str) -> (&str, &str) {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let from_path = after_scheme
        .find('/')
        .and_then(|start| after_scheme.get(start..))
        .unwrap_or("/");
    let without_fragment = from_path
        .split_once('#')
        .map_or(from_path, |(before, _)| before);
    without_fragment
        .split_once('?')
        .unwrap_or((without_fragment, ""))
}

/// Lets pages of the allowed origins read the answer: the exact origin, no credentials.
fn share(env: &Env, origin: &str, preflight: bool, answer: &mut Answer) {
    answer.headers.push(("vary", "origin".into()));
    if origin.is_empty() || !config::origin_allowed(env, origin) {
        return;
    }
    answer
        .headers
        .push(("access-control-allow-origin", origin.into()));
    if preflight {
        answer.headers.push((
            "access-control-allow-methods",
            "GET, POST, PUT, DELETE".into(),
        ));
        answer.headers.push((
            "access-control-allow-headers",
            "authorization, content-type, idempotency-key".into(),
        ));
        answer
            .headers
            .push(("access-control-max-age", PREFLIGHT_KEPT.into()));
    }
}

/// Our answer as the platform has answers.
///
/// # Errors
/// If a header or the status is not allowed.
pub fn response(answer: Answer) -> worker::Result<web_sys::Response> {
    let headers = answer.headers.iter();
    let headers = headers.map(|(name, value)| (*name, value.as_str()));
    let headers = headers.chain([("x-content-type-options", "nosniff")]);
    platform::response(answer.status, headers, &answer.body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_and_query_as_they_came() {
        assert_eq!(
            split("https://f.example/twilio/a/status?m=a.b%27"),
            ("/twilio/a/status", "m=a.b%27")
        );
        assert_eq!(split("http://127.0.0.1:8787"), ("/", ""));
        assert_eq!(split("http://127.0.0.1:8787/a#b?c"), ("/a", ""));
    }
}
