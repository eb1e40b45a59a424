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

use crate::{config, platform};
use std::time::Duration;
use worker::Env;

/// The longest a call to Twilio may take.
const LONGEST: Duration = Duration::from_secs(10);

/// What Twilio answered.
struct Reply {
    status: u16,
    body: String,
}

/// Calls Twilio's API of messages and accounts: with a form it is a `POST`. `None`: no answer that can be
/// trusted came; the call may or may not have been carried out.
async fn ask(
    env: &Env,
    credentials: &Credentials,
    path: &str,
    form: Option<String>,
) -> Option<Reply> {
    let url = [&config::twilio_api(env), path].concat();
    let body = form.map(|form| ("application/x-www-form-urlencoded", form));
    reach(credentials, &url, body).await
}

/// Calls an address of Twilio's: with a body of some content type it is a `POST`. `None` as in [`ask`].
async fn reach(
    credentials: &Credentials,
    url: &str,
    body: Option<(&str, String)>,
) -> Option<Reply> {
    let authorization = credentials.authorization();
    let mut headers = vec![("authorization", authorization.as_str())];
    let body = body.as_ref().map(|(kind, body)| {
        headers.push(("content-type", *kind));
        body.as_str()
    });
    let answered = platform::fetch(url, &headers, body, LONGEST).await;
    answered.ok().map(|(status, body)| Reply { status, body })
}
