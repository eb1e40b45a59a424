//! What does the Worker's second module answer? What administrators ask for: the console, the routes
//! behind it, and the cron that looks after what they set up.
//!
//! It is loaded when somebody first asks for it (`edge/worker/worker.js`), so that a webhook waits for none of it.
//! Built from the same sources, with the feature `administration` in the place of `worker`; it has none of
//! the objects, and reaches them as everybody does.

use crate::request::{self, ask, response, split};
use crate::routes::administration as routes;
use crate::webhook::recovery;
use crate::{console, directory, platform, prompt};
use worker::wasm_bindgen::JsValue;
use worker::wasm_bindgen::prelude::wasm_bindgen;
use worker::{Env, web_sys, worker_sys};

/// A request that the first module left to this one.
///
/// # Errors
/// None: whatever goes wrong is answered.
#[wasm_bindgen(wasm_bindgen = worker::wasm_bindgen, js_sys = worker::js_sys)]
pub fn fetch(
    request: web_sys::Request,
    env: Env,
    _: worker_sys::Context,
) -> Result<JsValue, JsValue> {
    prompt::begin(async move {
        let answer = match serve(request, env).await {
            Ok(answer) => answer,
            Err(error) => {
                worker::console_error!("{error}");
                platform::empty(500)?
            }
        };
        Ok(answer.into())
    })
}

async fn serve(request: web_sys::Request, env: Env) -> worker::Result<web_sys::Response> {
    #[cfg(feature = "simulated-clock")]
    crate::clock::learn_anew(&env).await;
    let url = request.url();
    let (path, _) = split(&url);
    if path.starts_with("/api/") {
        let perform = async |caller: &_, ask: &_| routes::perform(&env, caller, ask).await;
        return request::api(&env, &request, &url, routes::TABLE, perform).await;
    }
    let headers = &crate::http::HEADERS;
    let ask = match ask(&request, &url, console::LONGEST_BODY, headers).await? {
        Ok(ask) => ask,
        Err(answer) => return response(answer),
    };
    #[cfg(feature = "simulated-clock")]
    match (ask.method.as_str(), path) {
        ("GET", "/development/sign-in") => {
            let answer = console::door::development(&env, &ask);
            return response(answer.unwrap_or_else(crate::http::Answer::from));
        }
        ("POST", "/development/beat") => {
            beat(&env).await;
            return response(crate::http::Answer::empty(204));
        }
        _ => {}
    }
    response(console::answer(&env, &ask).await)
}

/// The cron.
///
/// # Errors
/// None: what goes wrong is logged, and done at the next beat.
#[wasm_bindgen(wasm_bindgen = worker::wasm_bindgen, js_sys = worker::js_sys)]
pub fn scheduled(_: JsValue, env: Env, _: JsValue) -> Result<JsValue, JsValue> {
    prompt::begin(async move {
        #[cfg(feature = "simulated-clock")]
        crate::clock::learn_anew(&env).await;
        beat(&env).await;
        Ok(JsValue::UNDEFINED)
    })
}

/// Takes in what was missed while we were away, and brings templates from Twilio.
async fn beat(env: &Env) {
    recovery::beat(env).await;
    directory::sync::beat(env).await;
}
