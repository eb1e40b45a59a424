//! What leaves for Twilio, and what do we ask it? The client of its REST APIs.
//!
//! [`client::hand_over`] takes a [`shared::policy::Permit`] and nothing else: there is no other way
//! to send. [`list::messages`] reads messages, [`content`] reads and makes templates, [`senders`] reads
//! numbers and sets their webhooks, [`check`] says whether all of it is as it must be.

mod call;
pub mod check;
pub mod client;
pub mod content;
mod credentials;
pub mod list;
mod pages;
pub mod senders;

pub use call::Failure;
pub use credentials::Credentials;

use crate::config;
use futures_util::future::{Either, select};
use std::pin::pin;
use std::time::Duration;
use worker::{AbortController, Delay, Env, Fetch, Headers, Method, Request, RequestInit};

/// The longest a call to Twilio may take.
const LONGEST: Duration = Duration::from_secs(10);

/// What Twilio answered.
struct Reply {
    status: u16,
    body: String,
}

/// Calls Twilio's API of messages and accounts. `None`: no answer that can be trusted came; the call may
/// or may not have been carried out.
async fn ask(
    env: &Env,
    credentials: &Credentials,
    method: Method,
    path: &str,
    form: Option<String>,
) -> Option<Reply> {
    let url = [&config::twilio_api(env), path].concat();
    let body = form.map(|form| ("application/x-www-form-urlencoded", form));
    reach(credentials, method, &url, body).await
}

/// Calls an address of Twilio's with a body of some content type. `None` as in [`ask`].
async fn reach(
    credentials: &Credentials,
    method: Method,
    url: &str,
    body: Option<(&str, String)>,
) -> Option<Reply> {
    let headers = Headers::new();
    headers
        .set("authorization", &credentials.authorization())
        .ok()?;
    let mut init = RequestInit::new();
    if let Some((kind, body)) = body {
        headers.set("content-type", kind).ok()?;
        init.with_body(Some(body.into()));
    }
    init.with_method(method).with_headers(headers);
    let request = Request::new_with_init(url, &init).ok()?;

    let controller = AbortController::default();
    let signal = controller.signal();
    let fetch = Fetch::Request(request);
    let answer = async {
        let mut response = fetch.send_with_signal(&signal).await.ok()?;
        let body = response.text().await.ok()?;
        Some(Reply {
            status: response.status_code(),
            body,
        })
    };
    match select(pin!(answer), pin!(Delay::from(LONGEST))).await {
        Either::Left((reply, _)) => reply,
        Either::Right(((), _)) => {
            controller.abort();
            None
        }
    }
}
