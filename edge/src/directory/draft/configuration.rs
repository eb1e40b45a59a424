//! What does a file of the whole set-up ask for? It is written by [`document`] and read by [`changes`];
//! it holds no secret, so that it can be kept, compared and carried from one deployment to another.

use super::{Change, Fields, LONGEST_NAME, Problem, Value};
use crate::directory::rules::{AccountDraft, Given};
use crate::directory::setup::{Account, SenderEntry, Source, TemplateEntry, Workstream};
use crate::json::{self, object};
use serde_json::Map;
use shared::id::{AccountId, SenderId, TemplateId, WorkstreamId};
use shared::time::Timestamp;

/// The form of the file. A newer one is not read: it may say things that we would lose.
pub const FORM: i64 = 1;

/// The most things of one kind.
const MOST: usize = 10_000;

/// The whole set-up as a file.
#[must_use]
pub fn document(
    accounts: &[Account],
    workstreams: &[Workstream],
    senders: &[SenderEntry],
    templates: &[TemplateEntry],
    now: Timestamp,
) -> Value {
    let accounts: Vec<Value> = accounts
        .iter()
        .map(|one| {
            object! {
                "id": one.id, "name": one.name, "account_sid": one.account_sid, "active": one.active,
            }
        })
        .collect();
    let workstreams: Vec<Value> = workstreams
        .iter()
        .map(|one| {
            object! {
                "id": one.id, "name": one.name, "distribution": one.distribution, "active": one.active,
            }
        })
        .collect();
    let senders: Vec<Value> = senders.iter().map(sender).collect();
    let templates: Vec<Value> = templates.iter().map(template).collect();
    object! {
        "finestra": FORM,
        "exported_at": now,
        "accounts": accounts,
        "workstreams": workstreams,
        "senders": senders,
        "templates": templates,
    }
}

/// A number as `PUT` takes it, with its id.
#[must_use]
pub fn sender(entry: &SenderEntry) -> Value {
    let settings = &entry.settings;
    let mut words = Map::new();
    for one in &settings.words {
        let lists = object! { "opt_out": one.opt_out, "opt_in": one.opt_in };
        words.insert(one.language.clone(), lists);
    }
    if words.is_empty() {
        let lists = object! { "opt_out": entry.words.opt_out, "opt_in": entry.words.opt_in };
        words.insert(entry.sender.language.clone(), lists);
    }
    object! {
        "id": entry.sender.id,
        "account": entry.account,
        "name": entry.sender.name,
        "number": entry.sender.number,
        "language": entry.sender.language,
        "margin_ms": entry.sender.margin,
        "active": entry.sender.active,
        "workstream": settings.workstream,
        "words": words,
        "attachments": settings.attachments,
        "behaviours": settings.behaviours,
        "recover_from": settings.recover_from,
        "sandbox": settings.sandbox.as_ref().map(|code| object! { "join_code": code }),
    }
}

fn template(entry: &TemplateEntry) -> Value {
    let mut told = json::value(&entry.template);
    if let Some(fields) = told.as_object_mut() {
        fields.insert("senders".into(), json::value(&entry.senders));
        fields.insert("active".into(), entry.active.into());
        let source = entry.source.as_ref().map(|source| &source.account);
        fields.insert("source".into(), json::value(&source));
    }
    told
}

/// The changes that make the set-up as the file says, each with its place in it. What the file does not
/// name stays as it is.
///
/// # Errors
/// `400` with the place of what is wrong, or if the file is of a newer form.
pub fn changes(body: &Value, now: Timestamp) -> Result<Vec<(String, Change)>, Problem> {
    let fields = Fields::of(body)?;
    if fields.integer("finestra", 1, i64::MAX)?.unwrap_or(0) > FORM {
        return Err(Problem::new(400, "configuration-newer")
            .remedy("update-deployment")
            .because("The file was written by a newer Finestra.")
            .fact("field", "finestra")
            .fact("known", FORM));
    }
    if !fields.has("finestra") {
        return Err(fields.flaw(
            "finestra",
            "give-configuration",
            "It is no configuration of Finestra.",
        ));
    }
    fields.only(&[
        "finestra",
        "exported_at",
        "accounts",
        "workstreams",
        "senders",
        "templates",
    ])?;
    let mut all = Vec::new();
    // In this order: what is named by others comes first.
    for (list, read) in KINDS {
        for (item, place) in fields.list(list, MOST)?.unwrap_or_default() {
            let change = one(item, *read, now)
                .map_err(|problem| crate::directory::rules::many::at(&place, problem))?;
            all.push((place, change));
        }
    }
    Ok(all)
}

type Read = fn(&str, &Value, Timestamp) -> Result<Change, Problem>;

const KINDS: &[(&str, Read)] = &[
    ("accounts", account),
    ("workstreams", |id, body, _| {
        super::workstream(&WorkstreamId::parse(id).ok_or_else(no_name)?, body)
    }),
    ("senders", |id, body, _| {
        super::sender(&SenderId::parse(id).ok_or_else(no_name)?, body)
    }),
    ("templates", sourced),
];

/// One thing: its id, and the rest as the body of a `PUT`.
fn one(item: &Value, read: Read, now: Timestamp) -> Result<Change, Problem> {
    let id = Fields::of(item)?.text("id", LONGEST_NAME)?;
    let mut body = item.clone();
    if let Some(fields) = body.as_object_mut() {
        fields.remove("id");
    }
    read(&id, &body, now)
}

fn no_name() -> Problem {
    super::flaw(
        "id",
        "choose-other-name",
        "A name has 1 to 40 of a-z, 0-9 and -, and does not begin with -.",
    )
}

/// An account without its secrets: those that are there stay.
fn account(id: &str, body: &Value, _: Timestamp) -> Result<Change, Problem> {
    let fields = Fields::of(body)?;
    fields.only(&["name", "account_sid", "active"])?;
    let account_sid = super::account::account_sid(&fields)?;
    Ok(Change::PutAccount(AccountDraft {
        id: AccountId::parse(id).ok_or_else(no_name)?,
        name: fields.text("name", LONGEST_NAME)?,
        account_sid,
        token: None,
        next_token: Given::Keep,
        api_key: Given::Keep,
        without_token: true,
        active: fields.flag("active")?.unwrap_or(true),
    }))
}

/// A template with the account it came from.
fn sourced(id: &str, body: &Value, now: Timestamp) -> Result<Change, Problem> {
    let mut body = body.clone();
    let source = body
        .as_object_mut()
        .and_then(|fields| fields.remove("source"));
    let mut change = super::template(&TemplateId::parse(id).ok_or_else(no_name)?, &body)?;
    if let (Change::PutTemplate(entry), Some(account)) =
        (&mut change, source.as_ref().and_then(Value::as_str))
    {
        entry.source = Some(Source {
            account: AccountId::parse(account).ok_or_else(|| {
                super::flaw(
                    "source",
                    "choose-account",
                    "There is no account of this name.",
                )
            })?,
            at: now,
        });
    }
    Ok(change)
}
