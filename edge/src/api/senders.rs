//! Which numbers of ours are there? `/api/v1/senders…`

use super::accounts::{erase, new_name};
use super::conditions;
use crate::auth::caller::Caller;
use crate::directory::calls::SenderFacts;
use crate::directory::draft::configuration;
use crate::directory::rules::{Change, Ending};
use crate::directory::{access, calls, draft};
use crate::http::{Answer, Ask};
use crate::json::{self, object};
use crate::problem::Problem;
use crate::{clock, kv};
use serde_json::Value;
use shared::id::SenderId;
use worker::Env;

/// `GET /api/v1/senders`: those in scope, for everybody.
///
/// # Errors
/// `503`.
pub async fn list(env: &Env, caller: &Caller) -> Result<Answer, Problem> {
    let senders = calls::describe_senders(env).await?;
    let seen = senders
        .iter()
        .filter(|facts| caller.may_see_sender(&facts.entry.sender.id));
    let views: Vec<Value> = seen.map(view).collect();
    Ok(Answer::json(200, &object! { "senders": views }))
}

/// `GET /api/v1/senders/{sender}`
///
/// # Errors
/// `404`.
pub async fn get(env: &Env, caller: &Caller, sender: &str) -> Result<Answer, Problem> {
    Ok(Answer::json(
        200,
        &told(env, &known(caller, sender)?).await?,
    ))
}

/// `PUT /api/v1/senders/{sender}`
///
/// # Errors
/// `403` for all but administrators, `404` out of scope, `400` with the field, `409` if the number is
/// taken or is not the one it had first, `412`.
pub async fn put(env: &Env, caller: &Caller, ask: &Ask, sender: &str) -> Result<Answer, Problem> {
    access::change(caller)?;
    let id = SenderId::parse(sender).ok_or_else(|| new_name("sender"))?;
    access::sender(caller, &id)?;
    let change = draft::sender(&id, &ask.json()?)?;
    conditions::put(env, caller, ask, change, async || told(env, &id).await).await
}

/// `DELETE /api/v1/senders/{sender}?history=keep`
///
/// # Errors
/// `403` for all but administrators, `404`.
pub async fn delete(
    env: &Env,
    caller: &Caller,
    ask: &Ask,
    sender: &str,
) -> Result<Answer, Problem> {
    access::change(caller)?;
    let ending = Ending {
        erase: erase(ask)?,
        ..Ending::only(known(caller, sender)?)
    };
    calls::change(env, Change::DeleteSender(ending), caller).await?;
    Ok(Answer::empty(204))
}

/// `GET /api/v1/senders/{sender}/consequences`: what its end would end.
///
/// # Errors
/// `403` for agents and programs, `404`.
pub async fn consequences(env: &Env, caller: &Caller, sender: &str) -> Result<Answer, Problem> {
    access::inspect(caller)?;
    Ok(Answer::json(
        200,
        &ends(env, &known(caller, sender)?).await?,
    ))
}

/// What ends with a number.
pub(super) async fn ends(env: &Env, id: &SenderId) -> Result<Value, Problem> {
    let facts = facts(env, id).await?;
    let account = calls::describe_account(env, &facts.entry.account).await?;
    let check = account.and_then(|account| account.facts.check);
    let line = check
        .as_ref()
        .and_then(|check| check.get("senders")?.as_array())
        .and_then(|lines| {
            lines
                .iter()
                .find(|line| line.get("sender").and_then(Value::as_str) == Some(id.as_str()))
        });
    let templates: Vec<Value> = calls::all_templates(env)
        .await?
        .iter()
        .filter(|entry| entry.senders.contains(id))
        .map(|entry| object! { "id": entry.template.id, "name": entry.template.name })
        .collect();
    Ok(object! {
        "sender": id,
        "name": facts.entry.sender.name,
        "number": facts.entry.sender.number,
        "threads": calls::threads_of(env, id).await?,
        "open_threads": kv::open_sessions(env, id, clock::domain()).await?,
        "templates": templates,
        "workstream": facts.entry.settings.workstream,
        "webhook": line.and_then(|line| line.get("webhook")),
        "webhook_url": line.and_then(|line| line.get("webhook_url")),
    })
}

/// A sender in scope, by what stands in the path.
pub(super) fn known(caller: &Caller, sender: &str) -> Result<SenderId, Problem> {
    let id = SenderId::parse(sender).ok_or_else(Problem::not_found)?;
    access::sender(caller, &id)?;
    Ok(id)
}

async fn facts(env: &Env, id: &SenderId) -> Result<SenderFacts, Problem> {
    let all = calls::describe_senders(env).await?;
    all.into_iter()
        .find(|facts| facts.entry.sender.id == *id)
        .ok_or_else(Problem::not_found)
}

async fn told(env: &Env, id: &SenderId) -> Result<Value, Problem> {
    Ok(view(&facts(env, id).await?))
}

/// A sender as it is told: as `PUT` takes it, and what follows.
fn view(facts: &SenderFacts) -> Value {
    let entry = &facts.entry;
    let mut view = configuration::sender(entry);
    if let Some(fields) = view.as_object_mut() {
        fields.insert("version".into(), entry.version.into());
        fields.insert("usable".into(), facts.usable.into());
        fields.insert("opt_out_words".into(), json::value(&entry.words.opt_out));
        fields.insert("opt_in_words".into(), json::value(&entry.words.opt_in));
    }
    view
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::directory::settings::{Settings, union, usual_words};
    use crate::directory::setup::SenderEntry;
    use shared::id::AccountId;
    use shared::policy::Sender;
    use shared::window::DEFAULT_MARGIN;

    fn facts() -> SenderFacts {
        let entry = SenderEntry {
            version: 3,
            account: AccountId::trusted("demo"),
            sender: Sender {
                id: SenderId::trusted("milano"),
                name: "Milano".into(),
                number: "+390212345678".into(),
                language: "it".into(),
                margin: DEFAULT_MARGIN,
                active: true,
                templates: vec![],
            },
            words: union(&usual_words()),
            deleted: false,
            erased: false,
            settings: Settings {
                words: usual_words(),
                sandbox: Some("brave-otter".into()),
                ..Settings::default()
            },
        };
        SenderFacts {
            entry,
            usable: true,
        }
    }

    /// A sender as it is told.
    pub(in crate::api) fn told() -> Value {
        view(&facts())
    }

    #[test]
    fn it_tells_what_was_put() {
        let mut body = told();
        for added in ["id", "version", "usable", "opt_out_words", "opt_in_words"] {
            body.as_object_mut().unwrap().remove(added);
        }
        let Ok(Change::PutSender(draft)) = draft::sender(&SenderId::trusted("milano"), &body)
        else {
            panic!("{body} is not taken")
        };
        assert_eq!(draft.sender, facts().entry.sender);
        assert_eq!(draft.settings.words, Some(usual_words()));
    }
}
