//! Is this really Twilio, and does it speak of this account? The door of the webhooks.
//!
//! The signature is checked over the *configured* public URL, since `Request.url` has been
//! rewritten on its way. KV may say yes, never no: before a webhook is refused, the directory is
//! asked (a few times a second at most, so that strangers cannot make us ask).

use crate::http::{Answer, Ask};
use crate::problem::Problem;
use crate::records::AccountRecord;
use crate::{clock, config, directory, kv, tokens};
use futures_util::future::LocalBoxFuture;
use shared::id::AccountId;
use shared::time::{Span, Timestamp};
use shared::twilio::{Form, form, signature};
use std::cell::Cell;
use std::rc::Rc;
use worker::{Context, Env};

/// The longest body of a webhook, in bytes. Twilio's have a few kilobytes.
pub const LONGEST_BODY: usize = 64 * 1024;

/// How often the directory may be asked on behalf of callers who are not known to be Twilio.
const ASKS_PER_SECOND: u32 = 20;

thread_local! {
    static ASKED: Cell<(Timestamp, u32)> = const { Cell::new((Timestamp(0), 0)) };
}

/// A webhook that is Twilio's, with its parameters.
pub struct Admitted {
    /// The account whose path it came by.
    pub account: Rc<AccountRecord>,
    /// The parameters, all of them.
    pub form: Form,
    /// The same as they came.
    pub body: String,
}

/// Checks what can be checked without knowing the account.
///
/// # Errors
/// `405`, `413`, `415` or `400`, with the reason.
pub fn readable(ask: &Ask) -> Result<Form, Problem> {
    if ask.body.len() > LONGEST_BODY {
        return Err(Problem::new(413, "body-too-large")
            .fact("limit", LONGEST_BODY)
            .fact("actual", ask.body.len()));
    }
    let declared = ask.header("content-type").unwrap_or_default();
    if !declared.starts_with("application/x-www-form-urlencoded") {
        return Err(Problem::new(415, "content-type")
            .because("The body must be application/x-www-form-urlencoded."));
    }
    form::parse(&ask.body).map_err(|error| Problem::new(400, error.code()))
}

/// Lets a webhook in, or says why not.
///
/// # Errors
/// The answer to give.
pub async fn admit(
    env: &Env,
    context: &Context,
    ask: Ask,
    account: &str,
) -> Result<Admitted, Answer> {
    let form = readable(&ask)?;
    let id = AccountId::parse(account).ok_or_else(Problem::not_found)?;
    let given = ask.header("x-twilio-signature").unwrap_or_default();
    let url = signed_url(&config::public_url(env), &ask);

    let cached = kv::account(env, &id).await.map_err(Problem::from)?;
    let cached = match cached {
        Some(account) if genuine(env, &account, &url, &form, given) => {
            return Ok(admitted(account, form, ask.body));
        }
        cached => cached,
    };
    // KV may be old. Ask who knows, unless too many are asking.
    if !may_ask() {
        return Err(Problem::new(429, "too-many-refused").into());
    }
    let account = directory::calls::account(env, &id)
        .await?
        .ok_or_else(Problem::not_found)?;
    if cached.as_deref() != Some(&account) && genuine(env, &account, &url, &form, given) {
        return Ok(admitted(Rc::new(account), form, ask.body));
    }
    count_refusal(env, context, &ask, account, form, given.into());
    Err(Problem::new(403, "signature").into())
}

fn admitted(account: Rc<AccountRecord>, form: Form, body: Vec<u8>) -> Admitted {
    // Raw bytes may be UTF-8 only together with escaped ones: such a form is written anew.
    let body = String::from_utf8(body).unwrap_or_else(|_| form::print(form.params()));
    Admitted {
        account,
        form,
        body,
    }
}

/// The URL Twilio was told to call: the public one, with path and query as they came.
fn signed_url(public: &str, ask: &Ask) -> String {
    let mut url = String::from(public);
    url.push_str(&ask.path);
    if !ask.query.is_empty() {
        url.push('?');
        url.push_str(&ask.query);
    }
    url
}

/// Whether one of the account's tokens made this signature: both, during a rotation.
fn genuine(env: &Env, account: &AccountRecord, url: &str, form: &Form, given: &str) -> bool {
    !given.is_empty()
        && tokens::all(env, account)
            .iter()
            .any(|token| signature::verify(token, url, form.params(), given))
}

fn may_ask() -> bool {
    let now = clock::wall();
    let (since, asked) = ASKED.get();
    let (since, asked) = if now - since < Span::seconds(1) {
        (since, asked)
    } else {
        (now, 0)
    };
    ASKED.set((since, asked + 1));
    asked < ASKS_PER_SECOND
}

/// Counts a refused signature, after the answer. If the URL by which it came would have verified,
/// the configured public URL is wrong, and customers are being lost: that is remembered, too.
fn count_refusal(
    env: &Env,
    context: &Context,
    ask: &Ask,
    account: AccountRecord,
    form: Form,
    given: String,
) {
    let right_url = genuine(env, &account, &ask.url, &form, &given).then(|| ask.url.clone());
    let (env, at) = (env.clone(), clock::domain());
    let counted: LocalBoxFuture<'_, ()> = Box::pin(async move {
        if directory::calls::refused_signature(&env, &account.id, right_url, at)
            .await
            .is_err()
        {
            worker::console_error!(
                "account {}: a refused signature could not be counted",
                account.id.as_str()
            );
        }
    });
    context.wait_until(counted);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(content_type: &str, body: &[u8]) -> Ask {
        Ask {
            path: "/twilio/demo/messages".into(),
            headers: vec![("content-type", content_type.into())],
            body: body.to_vec(),
            ..Ask::default()
        }
    }

    #[test]
    fn what_is_no_webhook_is_told_why() {
        let status = |ask: &Ask| {
            readable(ask)
                .map(|_| 200)
                .unwrap_or_else(|problem| problem.status)
        };
        let form = "application/x-www-form-urlencoded";
        assert_eq!(status(&ask(form, b"Body=Ciao&From=whatsapp%3A%2B39")), 200);
        assert_eq!(
            status(&ask(
                "application/x-www-form-urlencoded; charset=UTF-8",
                b"Body=Ciao"
            )),
            200
        );
        assert_eq!(status(&ask("application/json", b"{}")), 415);
        assert_eq!(status(&ask(form, b"Body=%zz")), 400);
        assert_eq!(status(&ask(form, &vec![b'a'; LONGEST_BODY + 1])), 413);
        assert_eq!(status(&ask(form, b"Body=%ff")), 400);
    }

    #[test]
    fn the_signature_is_over_the_public_url() {
        let mut ask = ask("", b"");
        assert_eq!(
            signed_url("https://f.example", &ask),
            "https://f.example/twilio/demo/messages"
        );
        ask.query = "m=a.b".into();
        assert_eq!(
            signed_url("https://f.example", &ask),
            "https://f.example/twilio/demo/messages?m=a.b"
        );
    }
}
