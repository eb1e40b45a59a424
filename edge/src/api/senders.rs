//! Which numbers of ours are there? `/api/v1/senders…`

use super::accounts::new_name;
use crate::auth::caller::Caller;
use crate::directory::rules::Change;
use crate::directory::{access, calls, draft};
use crate::http::{Answer, Ask};
use crate::problem::Problem;
use crate::records::SenderRecord;
use serde_json::{Value, json};
use shared::id::SenderId;
use worker::Env;

/// `GET /api/v1/senders`: those in scope, for everybody.
///
/// # Errors
/// `503`.
pub async fn list(env: &Env, caller: &Caller) -> Result<Answer, Problem> {
    let senders = calls::all_senders(env).await?;
    let seen = senders
        .iter()
        .filter(|record| caller.may_see_sender(record.id()));
    let views: Vec<Value> = seen.map(view).collect();
    Ok(Answer::json(200, &json!({ "senders": views })))
}

/// `GET /api/v1/senders/{sender}`
///
/// # Errors
/// `404`.
pub async fn get(env: &Env, caller: &Caller, sender: &str) -> Result<Answer, Problem> {
    answer(env, 200, &known(caller, sender)?).await
}

/// `PUT /api/v1/senders/{sender}`
///
/// # Errors
/// `403` for all but administrators, `404` out of scope, `400` with the field, `409` if the number is
/// taken or is not the one it had first.
pub async fn put(env: &Env, caller: &Caller, ask: &Ask, sender: &str) -> Result<Answer, Problem> {
    access::change(caller)?;
    let id = SenderId::parse(sender).ok_or_else(|| new_name("sender"))?;
    access::sender(caller, &id)?;
    let changed = calls::change(env, draft::sender(&id, &ask.json()?)?, caller).await?;
    answer(env, if changed.created { 201 } else { 200 }, &id).await
}

/// `DELETE /api/v1/senders/{sender}`
///
/// # Errors
/// `403` for all but administrators, `404`.
pub async fn delete(env: &Env, caller: &Caller, sender: &str) -> Result<Answer, Problem> {
    access::change(caller)?;
    calls::change(env, Change::DeleteSender(known(caller, sender)?), caller).await?;
    Ok(Answer::empty(204))
}

/// A sender in scope, by what stands in the path.
pub(super) fn known(caller: &Caller, sender: &str) -> Result<SenderId, Problem> {
    let id = SenderId::parse(sender).ok_or_else(Problem::not_found)?;
    access::sender(caller, &id)?;
    Ok(id)
}

async fn answer(env: &Env, status: u16, id: &SenderId) -> Result<Answer, Problem> {
    let record = calls::sender(env, id)
        .await?
        .ok_or_else(Problem::not_found)?;
    Ok(Answer::json(status, &view(&record)))
}

/// A sender as it is told.
fn view(record: &SenderRecord) -> Value {
    json!({
        "id": record.sender.id,
        "version": record.version,
        "account": record.account,
        "name": record.sender.name,
        "number": record.sender.number,
        "language": record.sender.language,
        "margin_ms": record.sender.margin.0,
        "active": record.sender.active,
        "opt_out_words": record.words.opt_out,
        "opt_in_words": record.words.opt_in,
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use shared::consent::ConsentWords;
    use shared::id::{AccountId, AccountSid};
    use shared::policy::Sender;
    use shared::window::DEFAULT_MARGIN;

    /// A sender as it is told.
    pub(in crate::api) fn told() -> Value {
        view(&SenderRecord {
            version: 3,
            account: AccountId::trusted("demo"),
            account_sid: AccountSid::trusted("AC00000000000000000000000000000001"),
            sender: Sender {
                id: SenderId::trusted("milano"),
                name: "Milano".into(),
                number: "+390212345678".into(),
                language: "it".into(),
                margin: DEFAULT_MARGIN,
                active: true,
                templates: vec![],
            },
            words: ConsentWords::default(),
        })
    }

    #[test]
    fn it_tells_what_was_put() {
        let body = told();
        let put = [
            "account",
            "name",
            "number",
            "language",
            "margin_ms",
            "opt_out_words",
            "opt_in_words",
            "active",
        ];
        let again: Value = put
            .into_iter()
            .map(|name| (name.to_string(), body[name].clone()))
            .collect();
        let Ok(Change::PutSender(draft)) = draft::sender(&SenderId::trusted("milano"), &again)
        else {
            panic!("{again} is not taken")
        };
        assert_eq!(draft.sender.margin, DEFAULT_MARGIN);
        assert_eq!(draft.words, ConsentWords::default());
    }
}
