//! Where does everything come in? The Worker's events: requests and the cron.
//!
//! The only place that knows the platform's request and response besides the objects' shells.

use crate::http::{Answer, Ask, HEADERS};
use crate::json::object;
use crate::problem::Problem;
use crate::webhook::{self, admission, recovery};
use crate::{api, clock, config, console, platform, prompt, routes};
use shared::protocol::FINGERPRINT;
use worker::js_sys::Promise;
use worker::wasm_bindgen::JsValue;
use worker::wasm_bindgen::prelude::wasm_bindgen;
use worker::{Context, Env, web_sys, worker_sys};

/// The longest body of an API request, in bytes.
const LONGEST_API_BODY: usize = 256 * 1024;

/// Seconds for which a browser may remember a preflight.
const PREFLIGHT_KEPT: &str = "7200";

/// The headers of a webhook that count.
const WEBHOOK_HEADERS: [&str; 2] = ["content-type", "x-twilio-signature"];

/// A request. Written out, and not by `worker`'s attribute: that puts every step of every request into
/// a queue. See [`prompt`].
///
/// # Errors
/// None: whatever goes wrong is answered.
#[wasm_bindgen(wasm_bindgen = worker::wasm_bindgen, js_sys = worker::js_sys)]
pub fn fetch(
    request: web_sys::Request,
    env: Env,
    context: worker_sys::Context,
) -> Result<JsValue, JsValue> {
    let context = Context::new(context);
    prompt::begin(async move {
        let answer = match serve(request, env, context).await {
            Ok(answer) => answer,
            Err(error) => {
                worker::console_error!("{error}");
                platform::empty(500)?
            }
        };
        Ok(answer.into())
    })
}

async fn serve(
    request: web_sys::Request,
    env: Env,
    context: Context,
) -> worker::Result<web_sys::Response> {
    // Taken before anything else: the stamp of a customer's message.
    #[cfg(feature = "simulated-clock")]
    clock::learn(&env).await;
    let at = clock::domain();
    let url = request.url();
    let (path, _) = split(&url);
    let mut parts = path.trim_start_matches('/').split('/');
    match (
        parts.next().unwrap_or_default(),
        parts.next(),
        parts.next(),
        parts.next(),
    ) {
        ("twilio", Some(account), Some(hook @ ("messages" | "status")), None) => {
            let ask = ask(&request, &url, admission::LONGEST_BODY, &WEBHOOK_HEADERS).await?;
            let ask = match ask {
                Ok(ask) if ask.method == "POST" => ask,
                Ok(_) => return response(Problem::new(405, "method-not-allowed").into()),
                Err(answer) => return response(answer),
            };
            response(if hook == "status" {
                webhook::status::receive(&env, &context, ask, account).await
            } else {
                webhook::messages::receive(&env, &context, ask, account, at).await
            })
        }
        ("api", Some("v1"), Some("openapi.json"), None) => api::openapi::document(&env).await,
        ("api", Some("v1"), _, _) => {
            let preflight = request.method() == "OPTIONS";
            let origin = platform::header(&request.headers(), "origin")?.unwrap_or_default();
            let mut answer = match ask(&request, &url, LONGEST_API_BODY, &HEADERS).await? {
                Ok(_) if preflight => Answer::empty(204),
                Ok(ask) => routes::api(&env, &ask).await,
                Err(answer) => answer,
            };
            share(&env, &origin, preflight, &mut answer);
            response(answer)
        }
        ("socket", Some(thread), None, None) => match ask(&request, &url, 0, &HEADERS).await? {
            Ok(ask) if ask.header("upgrade").is_some() => {
                api::tickets::connect(&env, &ask, thread).await
            }
            Ok(_) => response(Problem::new(426, "upgrade-required").into()),
            Err(answer) => response(answer),
        },
        ("admin", _, _, _) => match ask(&request, &url, console::LONGEST_BODY, &HEADERS).await? {
            Ok(ask) => response(console::answer(&env, &ask).await),
            Err(answer) => response(answer),
        },
        ("healthz", None, None, None) => response(health()),
        #[cfg(feature = "simulated-clock")]
        ("development", Some(what), None, None) => {
            match ask(&request, &url, LONGEST_API_BODY, &HEADERS).await? {
                Ok(ask) => response(crate::development::answer(&env, &ask, what).await),
                Err(answer) => response(answer),
            }
        }
        _ => crate::site::serve(&env, &request, path).await,
    }
}

/// The cron.
#[wasm_bindgen(wasm_bindgen = worker::wasm_bindgen, js_sys = worker::js_sys)]
pub fn scheduled(_event: JsValue, env: Env, _context: JsValue) -> Promise {
    platform::promise(Box::pin(async move {
        #[cfg(feature = "simulated-clock")]
        clock::learn(&env).await;
        recovery::beat(&env).await;
        crate::directory::sync::beat(&env).await;
    }))
}

/// What this build is: for monitors and for `xtask deploy`.
fn health() -> Answer {
    let features: &[&str] = if cfg!(feature = "simulated-clock") {
        &["simulated-clock"]
    } else {
        &[]
    };
    let version = env!("CARGO_PKG_VERSION");
    Answer::json(
        200,
        &object! { "version": version, "protocol": FINGERPRINT, "features": features },
    )
}

/// Our own request from the platform's, with these headers; too long a body is refused before it is
/// read.
async fn ask(
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
fn split(url: &str) -> (&str, &str) {
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

fn response(answer: Answer) -> worker::Result<web_sys::Response> {
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
