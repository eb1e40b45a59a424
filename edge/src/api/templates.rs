//! What may be said at any time? `/api/v1/templates…`

use super::accounts::new_name;
use super::senders;
use crate::auth::caller::Caller;
use crate::directory::rules::Change;
use crate::directory::setup::TemplateEntry;
use crate::directory::{access, calls, draft};
use crate::http::{Answer, Ask};
use crate::problem::Problem;
use serde_json::{Value, json};
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
    let views: Vec<Value> = seen.map(|entry| view(&entry)).collect();
    Ok(Answer::json(200, &json!({ "templates": views })))
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
    Ok(Answer::json(200, &json!({ "templates": templates })))
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
    let changed = calls::change(env, change, caller).await?;
    answer(env, caller, if changed.created { 201 } else { 200 }, &id).await
}

/// `DELETE /api/v1/templates/{template}`
///
/// # Errors
/// `403` for all but administrators, `404` if it is not there or one of its senders is out of scope.
pub async fn delete(env: &Env, caller: &Caller, template: &str) -> Result<Answer, Problem> {
    access::change(caller)?;
    let id = known(template)?;
    reachable(env, caller, &id).await?;
    calls::change(env, Change::DeleteTemplate(id), caller).await?;
    Ok(Answer::empty(204))
}

/// Whether a template that is there already, or its name, is within this administrator's reach.
async fn reachable(env: &Env, caller: &Caller, id: &TemplateId) -> Result<(), Problem> {
    if access::everything(caller).is_ok() {
        return Ok(());
    }
    match calls::template_entry(env, id).await? {
        Some(entry) if entry.senders.is_empty() => Err(Problem::not_found()),
        Some(entry) => access::senders(caller, &entry.senders),
        None => Ok(()),
    }
}

fn known(template: &str) -> Result<TemplateId, Problem> {
    TemplateId::parse(template).ok_or_else(Problem::not_found)
}

async fn answer(
    env: &Env,
    caller: &Caller,
    status: u16,
    id: &TemplateId,
) -> Result<Answer, Problem> {
    let entry = calls::template_entry(env, id)
        .await?
        .and_then(|entry| access::visible(caller, entry));
    Ok(Answer::json(
        status,
        &view(&entry.ok_or_else(Problem::not_found)?),
    ))
}

/// A template as it is told.
fn view(entry: &TemplateEntry) -> Value {
    let mut view = serde_json::to_value(&entry.template).unwrap_or_default();
    if let Some(fields) = view.as_object_mut() {
        fields.insert("version".into(), entry.version.into());
        fields.insert("senders".into(), json!(entry.senders));
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
        }
    }

    /// A template as it is told.
    pub(in crate::api) fn told() -> Value {
        view(&entry())
    }

    #[test]
    fn it_tells_what_was_put() {
        let mut body = told();
        for added in ["id", "version"] {
            body.as_object_mut().unwrap().remove(added);
        }
        assert_eq!(
            draft::template(&TemplateId::trusted("hello"), &body),
            Ok(Change::PutTemplate(entry()))
        );
    }
}
