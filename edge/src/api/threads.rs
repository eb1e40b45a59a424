//! What is said in a thread, and what may be said? Opening, reading, sending, deciding, consent.

use crate::auth::caller::Caller;
use crate::directory::access;
use crate::http::{Answer, Ask};
use crate::problem::Problem;
use crate::thread::calls::{self, Call, Standing};
use crate::webhook::recovery;
use crate::{api, clock, directory};
use serde::Deserialize;
use shared::id::{AccountId, ClientId, MessageId, TemplateId, ThreadId};
use shared::policy::Proposal;
use shared::template::Value;
use shared::thread::Choice;
use shared::time::Timestamp;
use worker::Env;

/// The most messages of one page.
const LARGEST_PAGE: u32 = 200;

fn thread_id(text: &str) -> Result<ThreadId, Problem> {
    ThreadId::parse(text).ok_or_else(Problem::not_found)
}

#[derive(Deserialize)]
struct Opening {
    sender: String,
    customer: String,
}

/// `POST /api/v1/threads`: makes sure there is a thread, and names it.
///
/// # Errors
/// `400` for an address that cannot be read, `404` out of scope.
pub async fn open(env: &Env, caller: &Caller, ask: &Ask) -> Result<Answer, Problem> {
    let asked: Opening = ask.json()?;
    let standing = opened(env, caller, &asked.sender, &asked.customer).await?.0;
    Ok(Answer::json(200, &standing))
}

/// Opens a thread; answers what it is called and what the gate must know of its number.
///
/// # Errors
/// As [`open`].
pub async fn opened(
    env: &Env,
    caller: &Caller,
    sender: &str,
    customer: &str,
) -> Result<(Standing, crate::records::SenderRecord), Problem> {
    let customer = api::customer(customer)?;
    let sender = api::sender(env, caller, sender).await?;
    if !caller.may_see(&sender.sender.id, &customer) {
        return Err(Problem::not_found());
    }
    let thread = crate::webhook::messages::name_of(env, &sender, &customer)?;
    let call = Call::Open {
        caller: caller.clone(),
        sender: sender.clone(),
        customer,
    };
    Ok((calls::call(env, &thread, &call).await?, sender))
}

/// `GET /api/v1/threads/{thread}/messages?before=&limit=`: a page, by place, the last one first.
///
/// # Errors
/// `400` for a limit that is no number, `404` out of scope.
pub async fn messages(
    env: &Env,
    caller: &Caller,
    ask: &Ask,
    thread: &str,
) -> Result<Answer, Problem> {
    let number = |name: &str| match ask.parameter(name) {
        None => Ok(None),
        Some(text) => text
            .parse::<u64>()
            .map(Some)
            .map_err(|_| Problem::new(400, "malformed").fact("field", name)),
    };
    let limit = number("limit")?.unwrap_or(50).clamp(1, LARGEST_PAGE.into());
    let call = Call::Messages {
        caller: caller.clone(),
        before: number("before")?,
        limit: u32::try_from(limit).unwrap_or(LARGEST_PAGE),
    };
    calls::pass_on(env, &thread_id(thread)?, &call, 200).await
}

#[derive(Deserialize)]
struct Sending {
    text: Option<String>,
    template: Option<SendingTemplate>,
}

#[derive(Deserialize)]
struct SendingTemplate {
    id: String,
    language: String,
    #[serde(default)]
    values: Vec<Value>,
}

fn proposal(asked: Sending) -> Result<Proposal, Problem> {
    match (asked.text, asked.template) {
        (Some(body), None) => Ok(Proposal::Text { body }),
        (
            None,
            Some(SendingTemplate {
                id,
                language,
                values,
            }),
        ) => {
            let refused = || Problem::refused(&shared::policy::Refusal::TemplateUnknown);
            let template = TemplateId::parse(&id).ok_or_else(refused)?;
            Ok(Proposal::Template {
                template,
                language,
                values,
            })
        }
        _ => Err(Problem::new(400, "malformed").because("Give either `text` or `template`.")),
    }
}

fn idempotency_key(ask: &Ask) -> Result<ClientId, Problem> {
    ask.header("idempotency-key").and_then(ClientId::parse).ok_or_else(|| {
        Problem::new(400, "idempotency-key-missing")
            .remedy("send-idempotency-key")
            .because("Idempotency-Key: 1 to 64 visible ASCII characters, a new one for each message.")
    })
}

/// `POST /api/v1/threads/{thread}/messages`: proposes a message. `202` with the message as it was
/// accepted; repeated with the same key, the same message.
///
/// # Errors
/// `409` with the refusal, `422` for a key that was used for something else.
pub async fn send(env: &Env, caller: &Caller, ask: &Ask, thread: &str) -> Result<Answer, Problem> {
    let thread = thread_id(thread)?;
    let client = idempotency_key(ask)?;
    let call = Call::Propose {
        caller: caller.clone(),
        client,
        proposal: proposal(ask.json()?)?,
    };
    calls::pass_on(env, &thread, &call, 202).await
}

#[derive(Deserialize)]
struct Deciding {
    choice: Choice,
}

/// `POST /api/v1/threads/{thread}/messages/{message}/decision`: settles an unconfirmed message.
///
/// # Errors
/// `409` if there is nothing to decide.
pub async fn decide(
    env: &Env,
    caller: &Caller,
    ask: &Ask,
    thread: &str,
    message: &str,
) -> Result<Answer, Problem> {
    let asked: Deciding = ask.json()?;
    let message = MessageId::parse(message).ok_or_else(Problem::not_found)?;
    let call = Call::Decide {
        caller: caller.clone(),
        message,
        choice: asked.choice,
    };
    let () = calls::call(env, &thread_id(thread)?, &call).await?;
    Ok(Answer::empty(204))
}

#[derive(Deserialize)]
struct Consenting {
    opt_in: RecordedOptIn,
}

#[derive(Deserialize)]
struct RecordedOptIn {
    source: String,
    wording: String,
    at: Option<Timestamp>,
}

/// `POST /api/v1/threads/{thread}/consent`: records that the customer agreed to be written to.
///
/// # Errors
/// `400` for an empty field.
pub async fn consent(
    env: &Env,
    caller: &Caller,
    ask: &Ask,
    thread: &str,
) -> Result<Answer, Problem> {
    let RecordedOptIn {
        source,
        wording,
        at,
    } = ask.json::<Consenting>()?.opt_in;
    let call = Call::OptIn {
        caller: caller.clone(),
        client: idempotency_key(ask)?,
        source,
        wording,
        at,
    };
    calls::pass_on(env, &thread_id(thread)?, &call, 200).await
}

#[derive(Deserialize, Default)]
struct Recovering {
    since: Option<Timestamp>,
}

/// `POST /api/v1/accounts/{account}/recover`: takes in what Twilio has and we do not.
///
/// # Errors
/// `403` but for admins, `404`, `503` if Twilio does not answer.
pub async fn recover(
    env: &Env,
    caller: &Caller,
    ask: &Ask,
    account: &str,
) -> Result<Answer, Problem> {
    access::change(caller)?;
    access::everything(caller)?;
    let asked: Recovering = if ask.body.is_empty() {
        Recovering::default()
    } else {
        ask.json()?
    };
    let id = AccountId::parse(account).ok_or_else(Problem::not_found)?;
    let account = directory::calls::account(env, &id)
        .await?
        .ok_or_else(Problem::not_found)?;
    let since = asked
        .since
        .unwrap_or_else(|| clock::domain() - recovery::DEFAULT_REACH);
    let recovered = recovery::recover(env, &account, since).await?;
    Ok(Answer::json(200, &recovered))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(body: serde_json::Value, expected: Result<Proposal, &str>) {
        let found = crate::json::read_exactly::<Sending>(&body.to_string())
            .map_err(|_| "unreadable".to_string());
        let found = found.and_then(|asked| proposal(asked).map_err(|problem| problem.code.clone()));
        assert_eq!(found, expected.map_err(String::from));
    }

    #[test]
    fn a_message_is_a_text_or_a_template() {
        check(
            json!({"text": "Ciao"}),
            Ok(Proposal::Text {
                body: "Ciao".into(),
            }),
        );
        check(
            json!({"template": {"id": "appointment", "language": "it"}}),
            Ok(Proposal::Template {
                template: TemplateId::trusted("appointment"),
                language: "it".into(),
                values: vec![],
            }),
        );
        check(json!({}), Err("malformed"));
        check(
            json!({"text": "a", "template": {"id": "b", "language": "it"}}),
            Err("malformed"),
        );
        check(
            json!({"template": {"id": "No Slug", "language": "it"}}),
            Err("template-unknown"),
        );
        check(json!({"text": "a", "media": []}), Err("unreadable"));
    }
}
