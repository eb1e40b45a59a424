//! Where does everything come in? The requests to the Worker's first module, which every isolate loads.
//!
//! What administrators ask for is left to the second one: see [`crate::administration`].

use crate::http::{Answer, HEADERS};
use crate::json::object;
use crate::problem::Problem;
use crate::request::{self, ask, response, split};
use crate::routes::{agents, of_administration};
use crate::webhook::{self, admission};
use crate::{api, clock, platform, prompt};
use shared::protocol::FINGERPRINT;
use worker::wasm_bindgen::JsValue;
use worker::wasm_bindgen::prelude::wasm_bindgen;
use worker::{Context, Env, web_sys, worker_sys};

/// The headers of a webhook that count.
const WEBHOOK_HEADERS: [&str; 2] = ["content-type", "x-twilio-signature"];

/// A request; nothing is answered to what is left to the second module. Written out, and not by
/// `worker`'s attribute: that puts every step of every request into a queue. See [`prompt`].
///
/// # Errors
/// None: whatever goes wrong is answered.
#[wasm_bindgen(wasm_bindgen = worker::wasm_bindgen, js_sys = worker::js_sys)]
pub fn fetch(
    request: web_sys::Request,
    env: Env,
    context: worker_sys::Context,
) -> Result<JsValue, JsValue> {
    let url = request.url();
    if left_to_administration(&url) {
        return Ok(JsValue::UNDEFINED);
    }
    let context = Context::new(context);
    prompt::begin(async move {
        let answer = match serve(request, url, env, context).await {
            Ok(answer) => answer,
            Err(error) => {
                worker::console_error!("{error}");
                platform::empty(500)?
            }
        };
        Ok(answer.into())
    })
}

/// Whether the second module answers this: the console, the routes behind it, and in development what
/// belongs to them.
fn left_to_administration(url: &str) -> bool {
    let (path, _) = split(url);
    if path.starts_with("/twilio/") {
        return false;
    }
    let below = |root: &str| {
        let rest = path.strip_prefix(root);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    below("/admin")
        || (path.starts_with("/api/v1/") && of_administration(path))
        || (cfg!(feature = "simulated-clock")
            && matches!(path, "/development/sign-in" | "/development/beat"))
}

async fn serve(
    request: web_sys::Request,
    url: String,
    env: Env,
    context: Context,
) -> worker::Result<web_sys::Response> {
    // Taken before anything else: the stamp of a customer's message.
    #[cfg(feature = "simulated-clock")]
    clock::learn(&env).await;
    let at = clock::domain();
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
            let perform = async |caller: &_, ask: &_| agents::perform(&env, caller, ask).await;
            request::api(&env, &request, &url, agents::TABLE, perform).await
        }
        ("socket", Some(thread), None, None) => match ask(&request, &url, 0, &HEADERS).await? {
            Ok(ask) if ask.header("upgrade").is_some() => {
                api::tickets::connect(&env, &ask, thread).await
            }
            Ok(_) => response(Problem::new(426, "upgrade-required").into()),
            Err(answer) => response(answer),
        },
        ("healthz", None, None, None) => response(health()),
        #[cfg(feature = "simulated-clock")]
        ("development", Some(what), None, None) => {
            match ask(&request, &url, request::LONGEST_API_BODY, &HEADERS).await? {
                Ok(ask) => response(crate::development::answer(&env, &ask, what).await),
                Err(answer) => response(answer),
            }
        }
        _ => crate::site::serve(&env, &request, path).await,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_administrators_ask_for_is_left_to_their_module() {
        let left = |path: &str| left_to_administration(&["https://f.example", path].concat());
        for path in [
            "/admin",
            "/admin?lang=it",
            "/admin/accounts/main",
            "/api/v1/accounts",
            "/api/v1/senders/milano/webhook?x=y",
            "/api/v1/audit.csv",
        ] {
            assert!(left(path), "{path}");
        }
        for path in [
            "/",
            "/administrator",
            "/twilio/admin/messages",
            "/twilio/main/status?m=/admin",
            "/api/v1/threads",
            "/api/v1/openapi.json",
            "/healthz",
        ] {
            assert!(!left(path), "{path}");
        }
    }
}
