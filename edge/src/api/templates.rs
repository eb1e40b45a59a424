//! What may be said at any time? `/api/v1/templates…`

use super::accounts::new_name;
use super::conditions;
use super::senders;
use crate::auth::caller::Caller;
use crate::directory::rules::{Change, Ending};
use crate::directory::setup::TemplateEntry;
use crate::directory::threads::Sent;
use crate::directory::{access, calls, draft};
use crate::http::{Answer, Ask};
use crate::json::{self, object};
use crate::problem::Problem;
use serde_json::Value;
use shared::id::TemplateId;
use worker::Env;

/// `GET /api/v1/templates`: those with a sender in scope, by name, for everybody.
///
/// # Errors
/// `503`.
pub async fn list(env: &Env, caller: &Caller) -> Result<Answer, Problem> {
    let entries = calls::all_templates(env).await?;
    let seen = entries
        .into_iter()
        .filter_map(|entry| access::visible(caller, entry));
    let sent = calls::sent(env).await?;
    let views: Vec<Value> = seen.map(|entry| view(&entry, &sent)).collect();
    Ok(Answer::json(200, &object! { "templates": views }))
}

/// `GET /api/v1/senders/{sender}/templates`: those offered for it, by name.
///
/// # Errors
/// `404`.
pub async fn of_sender(env: &Env, caller: &Caller, sender: &str) -> Result<Answer, Problem> {
    let id = senders::known(caller, sender)?;
    calls::sender(env, &id)
        .await?
        .ok_or_else(Problem::not_found)?;
    let templates = calls::templates(env, &id).await?;
    Ok(Answer::json(200, &object! { "templates": templates }))
}

/// `GET /api/v1/templates/{template}`
///
/// # Errors
/// `404`.
pub async fn get(env: &Env, caller: &Caller, template: &str) -> Result<Answer, Problem> {
    answer(env, caller, 200, &known(template)?).await
}

/// `PUT /api/v1/templates/{template}`
///
/// # Errors
/// `403` for all but administrators, `404` if one of its senders, before or after, is out of scope,
/// `400` with the field.
pub async fn put(env: &Env, caller: &Caller, ask: &Ask, template: &str) -> Result<Answer, Problem> {
    access::change(caller)?;
    let id = TemplateId::parse(template).ok_or_else(|| new_name("template"))?;
    let change = draft::template(&id, &ask.json()?)?;
    if let Change::PutTemplate(entry) = &change {
        access::senders(caller, &entry.senders)?;
    }
    reachable(env, caller, &id).await?;
    conditions::put(env, caller, ask, change, async || {
        told(env, caller, &id).await
    })
    .await
}

/// `DELETE /api/v1/templates/{template}`
///
/// # Errors
/// `403` for all but administrators, `404` if it is not there or one of its senders is out of scope.
pub async fn delete(env: &Env, caller: &Caller, template: &str) -> Result<Answer, Problem> {
    access::change(caller)?;
    let id = known(template)?;
    reachable(env, caller, &id).await?;
    calls::change(env, Change::DeleteTemplate(Ending::only(id)), caller).await?;
    Ok(Answer::empty(204))
}

/// Whether a template that is there already, or its name, is within this administrator's reach.
pub(super) async fn reachable(env: &Env, caller: &Caller, id: &TemplateId) -> Result<(), Problem> {
    if access::everything(caller).is_ok() {
        return Ok(());
    }
    match calls::template_entry(env, id).await? {
        Some(entry) if entry.senders.is_empty() => Err(Problem::not_found()),
        Some(entry) => access::senders(caller, &entry.senders),
        None => Ok(()),
    }
}

/// A template's id, by what stands in the path.
pub(super) fn known(template: &str) -> Result<TemplateId, Problem> {
    TemplateId::parse(template).ok_or_else(Problem::not_found)
}

async fn answer(
    env: &Env,
    caller: &Caller,
    status: u16,
    id: &TemplateId,
) -> Result<Answer, Problem> {
    Ok(Answer::json(status, &told(env, caller, id).await?))
}

/// A template as it is told to this caller.
///
/// # Errors
/// `404` out of scope.
pub(super) async fn told(env: &Env, caller: &Caller, id: &TemplateId) -> Result<Value, Problem> {
    let entry = calls::template_entry(env, id)
        .await?
        .and_then(|entry| access::visible(caller, entry))
        .ok_or_else(Problem::not_found)?;
    Ok(view(&entry, &calls::sent(env).await?))
}

/// `GET /api/v1/templates/{template}/consequences`: what its end would end.
///
/// # Errors
/// `403` for agents and programs, `404`.
pub async fn consequences(env: &Env, caller: &Caller, template: &str) -> Result<Answer, Problem> {
    access::inspect(caller)?;
    let told = told(env, caller, &known(template)?).await?;
    let senders: Vec<Value> = calls::describe_senders(env)
        .await?
        .iter()
        .map(|facts| &facts.entry.sender)
        .filter(|sender| {
            let named = told.get("senders").and_then(Value::as_array);
            named.is_some_and(|ids| ids.iter().any(|id| id == sender.id.as_str()))
        })
        .map(|sender| object! { "id": sender.id, "name": sender.name })
        .collect();
    Ok(Answer::json(
        200,
        &object! { "senders": senders, "uses": told.get("uses") },
    ))
}

/// A template as it is told.
fn view(entry: &TemplateEntry, sent: &[Sent]) -> Value {
    let mut view = json::value(&entry.template);
    let uses: Vec<Value> = sent
        .iter()
        .filter(|sent| sent.template == entry.template.id)
        .map(|sent| object! { "sender": sent.sender, "count": sent.count, "last_at": sent.last_at })
        .collect();
    let vanished = entry.remarks.iter().filter_map(|remark| remark.vanished_at);
    if let Some(fields) = view.as_object_mut() {
        fields.insert("version".into(), entry.version.into());
        fields.insert("senders".into(), json::value(&entry.senders));
        fields.insert("active".into(), entry.active.into());
        fields.insert("source".into(), json::value(&entry.source));
        fields.insert("vanished_at".into(), json::value(&vanished.min()));
        fields.insert("uses".into(), uses.into());
    }
    let told = view.get_mut("localizations").and_then(Value::as_array_mut);
    for (told, localization) in told
        .into_iter()
        .flatten()
        .zip(&entry.template.localizations)
    {
        let (usable, why) = entry.usable(localization).told();
        let remark = entry.remark(&localization.language);
        if let Some(fields) = told.as_object_mut() {
            let rejection = remark.and_then(|remark| remark.rejection.as_deref());
            fields.insert("rejection_reason".into(), json::value(&rejection));
            fields.insert("usable".into(), usable.into());
            fields.insert("why".into(), json::value(&why));
        }
    }
    view
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use shared::id::SenderId;
    use shared::template::{Approval, Category, Kind, Localization, Template};

    fn entry() -> TemplateEntry {
        let localization = Localization {
            language: "it".into(),
            content_sid: None,
            approval: Approval::Approved,
            kind: Kind::Text,
            body: "Ciao {{1}}".into(),
            footer: None,
            buttons: vec![],
            samples: vec![],
        };
        let template = Template {
            id: TemplateId::trusted("hello"),
            name: "Saluto".into(),
            category: Category::Utility,
            default_language: "it".into(),
            localizations: vec![localization],
        };
        TemplateEntry {
            version: 0,
            template,
            senders: vec![SenderId::trusted("milano")],
            active: true,
            source: None,
            remarks: vec![],
        }
    }

    /// A template as it is told.
    pub(in crate::api) fn told() -> Value {
        view(&entry(), &[])
    }

    #[test]
    fn it_tells_what_was_put() {
        let mut body = told();
        for added in ["id", "version", "source", "vanished_at", "uses"] {
            body.as_object_mut().unwrap().remove(added);
        }
        for added in ["rejection_reason", "usable", "why"] {
            body["localizations"][0]
                .as_object_mut()
                .unwrap()
                .remove(added);
        }
        assert_eq!(
            draft::template(&TemplateId::trusted("hello"), &body),
            Ok(Change::PutTemplate(entry()))
        );
    }
}
