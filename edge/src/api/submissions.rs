//! How does a template come to be approved? `POST /api/v1/templates/check`, `…/submit` and `…/refresh`

use super::checks::record;
use super::templates::{known, reachable, told};
use crate::auth::caller::Caller;
use crate::directory::fields::Fields;
use crate::directory::rules::Change;
use crate::directory::rules::sync::Judgement;
use crate::directory::setup::TemplateEntry;
use crate::directory::sync::{credentials, refused};
use crate::directory::{access, calls};
use crate::http::{Answer, Ask};
use crate::json::object;
use crate::problem::Problem;
use crate::twilio::Credentials;
use crate::twilio::content::{self, Verdict};
use serde_json::{Map, Value};
use shared::id::{AccountId, ContentSid, TemplateId};
use shared::submission::{Fact, Finding, Submission, findings, preview};
use shared::template::{Approval, Button, Localization, Template, Value as Sample};
use worker::Env;

/// The longest text that is looked at, in UTF-16 units: longer ones are found too long anyway.
const LONGEST: usize = 20_000;

/// `POST /api/v1/templates/check`: what WhatsApp would object to, and how it would look. Changes nothing.
///
/// # Errors
/// `403` for agents and programs, `400` if it cannot be read.
pub fn check(caller: &Caller, ask: &Ask) -> Result<Answer, Problem> {
    access::inspect(caller)?;
    let body: Value = ask.json()?;
    let submission = read(&Fields::of(&body)?)?;
    let preview = preview(&submission);
    Ok(Answer::json(
        200,
        &object! {
            "findings": listed(&findings(&submission)),
            "preview": object! { "body": preview.body, "footer": preview.footer, "buttons": preview.buttons },
        },
    ))
}

fn read(fields: &Fields<'_>) -> Result<Submission, Problem> {
    fields.only(&[
        "name", "category", "language", "body", "footer", "buttons", "samples",
    ])?;
    let mut buttons = Vec::new();
    for button in fields.objects("buttons", 100)? {
        buttons.push(Button {
            kind: button.word("kind")?,
            title: button.text_or_empty("title", LONGEST)?,
            target: button.text_or_empty("target", LONGEST)?,
        });
    }
    let mut samples = Vec::new();
    for sample in fields.objects("samples", 200)? {
        samples.push(Sample {
            name: sample.text_or_empty("name", LONGEST)?,
            value: sample.text_or_empty("value", LONGEST)?,
        });
    }
    Ok(Submission {
        name: fields.text_or_empty("name", LONGEST)?,
        category: fields.word("category")?,
        language: fields.text_or_empty("language", LONGEST)?,
        body: fields.text_or_empty("body", LONGEST)?,
        footer: Some(fields.text_or_empty("footer", LONGEST)?),
        buttons,
        samples,
    })
}

/// Findings as they are told.
fn listed(findings: &[Finding]) -> Vec<Value> {
    findings
        .iter()
        .map(|finding| {
            let mut facts = Map::new();
            for (name, fact) in finding.facts() {
                let value = match fact {
                    Fact::Number(number) => number.into(),
                    Fact::Text(text) => text.into(),
                };
                facts.insert(name.to_string(), value);
            }
            object! { "code": finding.code(), "field": finding.field(), "facts": facts }
        })
        .collect()
}

/// A template in one language as it is handed in: under the template's id, which Twilio and WhatsApp
/// take once `-` is `_`.
fn submission(template: &Template, localization: &Localization) -> Submission {
    Submission {
        name: template.id.as_str().replace('-', "_"),
        category: template.category,
        language: localization.language.clone(),
        body: localization.body.clone(),
        footer: localization.footer.clone(),
        buttons: localization.buttons.clone(),
        samples: localization.samples.clone(),
    }
}

/// `POST /api/v1/templates/{template}/submit`: makes the content at Twilio, and asks for WhatsApp's
/// approval. Repeating it after a lost answer does not make a second one.
///
/// # Errors
/// `403` for all but administrators, `404`, `409` if it was handed in before, `422` with what WhatsApp
/// would object to, `502`.
pub async fn submit(
    env: &Env,
    caller: &Caller,
    ask: &Ask,
    template: &str,
) -> Result<Answer, Problem> {
    access::change(caller)?;
    let id = known(template)?;
    reachable(env, caller, &id).await?;
    let body: Value = ask.json()?;
    let fields = Fields::of(&body)?;
    fields.only(&["account", "language"])?;
    let account = AccountId::parse(&fields.text("account", 40)?).ok_or_else(Problem::not_found)?;
    let language = fields.text("language", 35)?;

    let entry = entry(env, &id).await?;
    let localization = entry
        .template
        .localization(&language)
        .ok_or_else(Problem::not_found)?;
    if localization.approval != Approval::Unsubmitted {
        return Err(Problem::new(409, "already-submitted")
            .remedy("create-other-template")
            .fact("approval", localization.approval.code()));
    }
    let submission = submission(&entry.template, localization);
    let objections = findings(&submission);
    if !objections.is_empty() {
        return Err(Problem::new(422, "not-submittable")
            .remedy("edit-template")
            .fact("findings", listed(&objections)));
    }
    let credentials = credentials(env, &record(env, &account).await?)?;
    let sid = match localization.content_sid.clone() {
        Some(sid) => sid,
        None => {
            let sid = made(env, &credentials, &submission).await?;
            let said = judgement(&id, &language, &sid, Approval::Unsubmitted, None);
            calls::change(env, Change::Judge(said), caller).await?;
            sid
        }
    };
    let category = submission.category;
    let verdict = content::submit(env, &credentials, &sid, &submission.name, category)
        .await
        .map_err(refused)?;
    let said = judged(&id, &language, &sid, verdict);
    calls::change(env, Change::Judge(said), caller).await?;
    Ok(Answer::json(200, &told(env, caller, &id).await?))
}

async fn entry(env: &Env, id: &TemplateId) -> Result<TemplateEntry, Problem> {
    let entry = calls::template_entry(env, id).await?;
    entry.ok_or_else(Problem::not_found)
}

/// The content at Twilio: one that an earlier try left behind, or a new one.
async fn made(
    env: &Env,
    credentials: &Credentials,
    submission: &Submission,
) -> Result<ContentSid, Problem> {
    let templates = calls::all_templates(env).await?;
    let claimed = |sid: &ContentSid| {
        templates.iter().any(|entry| {
            let mut all = entry.template.localizations.iter();
            entry.source.is_none() && all.any(|one| one.content_sid.as_ref() == Some(sid))
        })
    };
    let left = content::find_unclaimed(env, credentials, submission, claimed)
        .await
        .map_err(refused)?;
    match left {
        Some(sid) => Ok(sid),
        None => content::create(env, credentials, submission)
            .await
            .map_err(refused),
    }
}

/// `POST /api/v1/templates/{template}/refresh`: asks Twilio how each language stands now.
///
/// # Errors
/// `403` for all but administrators, `404`, `409` if none of the accounts of its numbers, nor the one it came
/// from, can be asked; `502`.
pub async fn refresh(
    env: &Env,
    caller: &Caller,
    ask: &Ask,
    template: &str,
) -> Result<Answer, Problem> {
    access::change(caller)?;
    let id = known(template)?;
    reachable(env, caller, &id).await?;
    let entry = entry(env, &id).await?;
    let body: Value = if ask.body.is_empty() {
        object! {}
    } else {
        ask.json()?
    };
    let fields = Fields::of(&body)?;
    fields.only(&["account"])?;
    let named = match fields.optional_text("account")? {
        Some(id) => Some(AccountId::parse(id).ok_or_else(Problem::not_found)?),
        None => None,
    };
    let account = match (named, &entry.source) {
        (Some(account), _) => account,
        (None, Some(source)) => source.account.clone(),
        (None, None) => owner(env, &entry.senders).await?,
    };
    let credentials = credentials(env, &record(env, &account).await?)?;
    for localization in &entry.template.localizations {
        if let Some(sid) = &localization.content_sid {
            let verdict = content::approval(env, &credentials, sid)
                .await
                .map_err(refused)?;
            let said = judged(&id, &localization.language, sid, verdict);
            calls::change(env, Change::Judge(said), caller).await?;
        }
    }
    Ok(Answer::json(200, &told(env, caller, &id).await?))
}

/// The account of the first number it is offered for.
async fn owner(env: &Env, senders: &[shared::id::SenderId]) -> Result<AccountId, Problem> {
    let Some(first) = senders.first() else {
        return Err(Problem::new(409, "no-account").remedy("choose-sender"));
    };
    let record = calls::sender(env, first).await?;
    record
        .map(|record| record.account)
        .ok_or_else(Problem::not_found)
}

fn judged(id: &TemplateId, language: &str, sid: &ContentSid, verdict: Verdict) -> Judgement {
    judgement(id, language, sid, verdict.status, verdict.rejection_reason)
}

fn judgement(
    id: &TemplateId,
    language: &str,
    sid: &ContentSid,
    approval: Approval,
    rejection: Option<String>,
) -> Judgement {
    Judgement {
        template: id.clone(),
        language: language.into(),
        sid: sid.clone(),
        approval,
        rejection,
    }
}
