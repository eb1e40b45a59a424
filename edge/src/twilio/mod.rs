//! What leaves for Twilio, and what do we ask it? The client of its REST API.
//!
//! [`client::hand_over`] takes a [`shared::policy::Permit`] and nothing else: there is no other way
//! to send. [`list::messages`] only reads.

pub mod client;
pub mod list;

use crate::records::AccountRecord;
use crate::{config, tokens};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
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

/// Calls Twilio as the account. `None`: no answer that can be trusted came; the call may or may not
/// have been carried out.
async fn ask(
    env: &Env,
    account: &AccountRecord,
    method: Method,
    path: &str,
    form: Option<String>,
) -> Option<Reply> {
    let token = tokens::current(env, account)?;
    let mut credentials = String::from(account.account_sid.as_str());
    credentials.push(':');
    credentials.push_str(&token);
    let headers = Headers::new();
    headers
        .set(
            "authorization",
            &["Basic ", &STANDARD.encode(credentials)].concat(),
        )
        .ok()?;
    let mut init = RequestInit::new();
    if let Some(form) = form {
        headers
            .set("content-type", "application/x-www-form-urlencoded")
            .ok()?;
        init.with_body(Some(form.into()));
    }
    init.with_method(method).with_headers(headers);
    let request = Request::new_with_init(&[&config::twilio_api(env), path].concat(), &init).ok()?;

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
