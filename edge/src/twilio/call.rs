//! How is one of Twilio's resources asked, and why was there no answer?
//!
//! Nothing here sends: messages go through [`super::client::hand_over`] alone.

use super::{Credentials, Reply, reach};
use serde_json::Value;
use shared::twilio::errors::{Retry, http};
use std::time::Duration;
use worker::Delay;

/// Why a call was not carried out, or is not known to have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// Twilio answered, and refused: it was not carried out.
    Refused {
        /// Twilio's error code, if its answer had one.
        code: Option<u32>,
        /// The HTTP status: 400 to 499.
        status: u16,
    },
    /// No answer came that can be trusted: a time-out, a server's error, something unreadable. A call that
    /// changes something may have been carried out.
    Unreachable,
}

impl Failure {
    /// The stable code, as problem documents have it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Refused { .. } => "twilio-refused",
            Self::Unreachable => "twilio-unreachable",
        }
    }

    /// Twilio refused the credentials: with 401 (20003), with 403 for what they may not do, or with 404
    /// for an account that is not theirs.
    #[must_use]
    pub const fn of_credentials(self) -> bool {
        matches!(
            self,
            Self::Refused {
                status: 401 | 403 | 404,
                ..
            }
        )
    }

    /// There is no such thing at Twilio (any more).
    #[must_use]
    pub const fn is_absence(self) -> bool {
        matches!(self, Self::Refused { status: 404, .. })
    }

    /// Whether it may be over in a moment.
    fn passes(self) -> bool {
        match self {
            Self::Refused { code, status } => http(status, code) == Retry::Later,
            Self::Unreachable => true,
        }
    }
}

/// How long is waited before the second and the third attempt.
const PAUSES: [Duration; 2] = [Duration::from_millis(400), Duration::from_millis(1_600)];

/// Reads what Twilio answered.
pub(super) fn read(reply: Option<Reply>) -> Result<Value, Failure> {
    let reply = reply.ok_or(Failure::Unreachable)?;
    let body = crate::json::parse(&reply.body).ok();
    if (200..300).contains(&reply.status) {
        return body.ok_or(Failure::Unreachable);
    }
    let code = body
        .and_then(|body| body.get("code")?.as_u64())
        .and_then(|code| u32::try_from(code).ok());
    match http(reply.status, code) {
        Retry::Ambiguous => Err(Failure::Unreachable),
        Retry::Never | Retry::Later => Err(Failure::Refused {
            code,
            status: reply.status,
        }),
    }
}

/// Asks once.
pub(super) async fn get(credentials: &Credentials, url: &str) -> Result<Value, Failure> {
    read(reach(credentials, url, None).await)
}

/// Asks up to three times, with pauses, if what went wrong may be over.
pub(super) async fn get_patiently(credentials: &Credentials, url: &str) -> Result<Value, Failure> {
    let attempt = async || get(credentials, url).await;
    patiently(attempt, async |pause| Delay::from(pause).await).await
}

/// Changes something, once: whoever gets [`Failure::Unreachable`] must look before trying again.
pub(super) async fn post(
    credentials: &Credentials,
    url: &str,
    body: &Value,
) -> Result<Value, Failure> {
    let body = crate::json::write(body).unwrap_or_default();
    let body = ("application/json", body);
    read(reach(credentials, url, Some(body)).await)
}

async fn patiently(
    attempt: impl AsyncFn() -> Result<Value, Failure>,
    pause: impl AsyncFn(Duration),
) -> Result<Value, Failure> {
    let mut pauses = PAUSES.iter();
    loop {
        match (attempt().await, pauses.next()) {
            (Err(failure), Some(time)) if failure.passes() => pause(*time).await,
            (answer, _) => return answer,
        }
    }
}

/// A field's text; empty if there is none. Of a list it is the first: some of Twilio's examples write an
/// address so.
pub(super) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    match value.get(name) {
        Some(Value::String(text)) => text,
        Some(Value::Array(items)) => items.first().and_then(Value::as_str).unwrap_or_default(),
        _ => "",
    }
}

/// A field's text, if it has one in which something can be seen.
pub(super) fn given(value: &Value, name: &str) -> Option<String> {
    let text = text(value, name);
    (!shared::text::is_blank(text)).then(|| text.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;
    use std::cell::{Cell, RefCell};

    fn reply(status: u16, body: &str) -> Option<Reply> {
        Some(Reply {
            status,
            body: body.into(),
        })
    }

    fn refused(status: u16, code: impl Into<Option<u32>>) -> Failure {
        Failure::Refused {
            code: code.into(),
            status,
        }
    }

    #[test]
    fn what_twilio_answers() {
        let check = |status, body, expected| assert_eq!(read(reply(status, body)), expected);
        check(200, "{}", Ok(serde_json::json!({})));
        check(202, "[]", Ok(serde_json::json!([])));
        check(200, "<html>", Err(Failure::Unreachable));
        check(200, r#"{"contents":[{"sid":"#, Err(Failure::Unreachable));
        check(302, "", Err(Failure::Unreachable));
        check(408, "", Err(Failure::Unreachable));
        check(500, "{}", Err(Failure::Unreachable));
        check(503, r#"{"code":20503}"#, Err(Failure::Unreachable));
        check(
            401,
            r#"{"code":20003,"status":401}"#,
            Err(refused(401, 20_003)),
        );
        check(404, "nothing here", Err(refused(404, None)));
        check(429, r#"{"code":20429}"#, Err(refused(429, 20_429)));
        check(400, r#"{"code":"20422"}"#, Err(refused(400, None)));
        assert_eq!(read(None), Err(Failure::Unreachable));
    }

    #[test]
    fn whose_fault_it_is() {
        assert!(refused(401, 20_003).of_credentials());
        assert!(!refused(429, 20_429).of_credentials());
        assert!(!Failure::Unreachable.of_credentials());
        assert!(refused(404, 20_404).is_absence());
    }

    /// How often it is asked, and after which pauses, when these answers come.
    fn asked(answers: &[Result<Value, Failure>]) -> (Result<Value, Failure>, usize, Vec<u128>) {
        let (times, pauses) = (Cell::new(0), RefCell::new(Vec::new()));
        let attempt = async || {
            times.set(times.get() + 1);
            answers[times.get() - 1].clone()
        };
        let pause = async |time: Duration| pauses.borrow_mut().push(time.as_millis());
        let answer = patiently(attempt, pause).now_or_never().unwrap();
        (answer, times.get(), pauses.take())
    }

    #[test]
    fn what_may_be_over_is_tried_three_times() {
        let (down, busy, no) = (
            Err(Failure::Unreachable),
            Err(refused(429, None)),
            Err(refused(400, 20_001)),
        );
        let yes = Ok(Value::Null);
        assert_eq!(asked(std::slice::from_ref(&yes)), (yes.clone(), 1, vec![]));
        let answers = [down.clone(), busy.clone(), yes.clone()];
        assert_eq!(asked(&answers), (yes, 3, vec![400, 1_600]));
        let answers = [down.clone(), down.clone(), busy.clone()];
        assert_eq!(asked(&answers), (busy, 3, vec![400, 1_600]));
        assert_eq!(asked(std::slice::from_ref(&no)), (no.clone(), 1, vec![]));
        assert_eq!(asked(&[down, no.clone()]), (no, 2, vec![400]));
    }

    #[test]
    fn texts_that_are_there_or_not() {
        let value = serde_json::json!({ "a": "x", "b": ["y", "z"], "c": null, "d": 4, "e": " " });
        let texts = ["a", "b", "c", "d", "e", "f"].map(|name| text(&value, name));
        assert_eq!(texts, ["x", "y", "", "", " ", ""]);
        assert_eq!(given(&value, "a").as_deref(), Some("x"));
        assert_eq!(given(&value, "e"), None);
    }
}
