//! How is a message handed to Twilio? The one call that sends, and what its answer means.

use super::{Credentials, ask};
use crate::records::AccountRecord;
use serde::Deserialize;
use shared::delivery::{Delivery, Status};
use shared::id::MessageSid;
use shared::policy::Permit;
use shared::thread::Outcome;
use shared::twilio::errors::{Retry, http};
use shared::twilio::{form, request};
use worker::Env;

/// What we read of Twilio's answer to a message.
#[derive(Deserialize)]
struct Created {
    sid: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    error_code: Option<u32>,
}

/// What we read of Twilio's error.
#[derive(Deserialize)]
struct Refused {
    #[serde(default)]
    code: Option<u32>,
}

/// Uses a permit up: hands its message to Twilio, which reports to `callback`.
pub async fn hand_over(
    env: &Env,
    account: &AccountRecord,
    permit: Permit,
    callback: &str,
) -> Outcome {
    // Without a token nothing is asked, so nothing was taken.
    let Some(credentials) = Credentials::of(env, account) else {
        return Outcome::NotTaken { code: None };
    };
    let params = request::create(&permit, callback);
    let path = [
        "/2010-04-01/Accounts/",
        account.account_sid.as_str(),
        "/Messages.json",
    ]
    .concat();
    match ask(env, &credentials, &path, Some(form::print(&params))).await {
        Some(reply) => outcome(reply.status, &reply.body),
        None => Outcome::Ambiguous,
    }
}

/// What an answer means. Only what is surely known is said: everything else is ambiguous.
fn outcome(status: u16, body: &str) -> Outcome {
    if (200..300).contains(&status) {
        let created = crate::json::read::<Created>(body).ok();
        let parsed = created.and_then(|created| Some((MessageSid::parse(&created.sid)?, created)));
        return match parsed {
            Some((sid, created)) => {
                let status = Status::parse(&created.status).unwrap_or(Status::Accepted);
                Outcome::Accepted {
                    sid,
                    report: Delivery::report(status, created.error_code),
                }
            }
            None => Outcome::Ambiguous,
        };
    }
    let code = crate::json::read::<Refused>(body)
        .ok()
        .and_then(|refused| refused.code);
    match http(status, code) {
        Retry::Later => Outcome::NotTaken { code },
        Retry::Ambiguous => Outcome::Ambiguous,
        // Twilio always gives a code; if it did not, the status says as much as there is to say.
        Retry::Never => Outcome::Refused {
            code: code.unwrap_or(u32::from(status)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SID: &str = "SM0123456789abcdef0123456789abcdef";

    #[test]
    fn what_twilio_answers() {
        let created = format!(r#"{{"sid":"{SID}","status":"queued","error_code":null}}"#);
        let Outcome::Accepted { sid, report } = outcome(201, &created) else {
            panic!("accepted")
        };
        assert_eq!((sid.as_str(), report.status), (SID, Status::Queued));
        assert_eq!(
            outcome(201, "<html>"),
            Outcome::Ambiguous,
            "it may have been taken"
        );
        assert_eq!(outcome(500, "{}"), Outcome::Ambiguous);
        assert_eq!(outcome(503, ""), Outcome::Ambiguous);
        assert_eq!(
            outcome(429, r#"{"code":20429}"#),
            Outcome::NotTaken { code: Some(20429) }
        );
        assert_eq!(
            outcome(400, r#"{"code":21211,"message":"x"}"#),
            Outcome::Refused { code: 21211 }
        );
        assert_eq!(
            outcome(401, r#"{"code":20003}"#),
            Outcome::Refused { code: 20003 }
        );
    }
}
