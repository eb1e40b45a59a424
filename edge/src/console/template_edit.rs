//! How does a template come into being, and change? By hand, or written here and handed in for
//! WhatsApp's approval.

use super::accounts::in_use;
use super::client::{Deed, Next, Visit, When, done};
use super::desk::{Desk, new_id};
use super::form::{Form, Kind};
use super::look::{digits, flag, lines, list, text};
use super::numbers::set;
use super::page::{Act, Block, Link, Page, Section};
use super::template_text::{live, object, samples_typed, samples_written};
use super::templates::href;
use crate::problem::Problem;
use serde_json::{Map, Value, json};

/// The languages that are offered, as WhatsApp writes them.
const LANGUAGES: [&str; 15] = [
    "en", "en_GB", "en_US", "it", "de", "fr", "es", "es_MX", "pt_BR", "pt_PT", "nl", "pl", "ar",
    "hi", "zh_CN",
];

/// The categories that can be written here.
const CATEGORIES: [&str; 3] = ["utility", "marketing", "authentication"];

/// How many buttons can be written here.
const BUTTONS: usize = 3;

/// What a tap on a button does.
const TAPS: [&str; 4] = ["quick-reply", "url", "phone", "copy-code"];

/// A language's name: WhatsApp's tags have `_` where others have `-`.
pub(super) fn tongue_of<'a>(desk: &'a Desk, tag: &'a str) -> &'a str {
    let words = desk.words.of(&["tongue.", &tag.replace('_', "-")].concat());
    if words.is_empty() { tag } else { words }
}

fn frame(desk: &Desk, title: &str, lead: &str) -> Page {
    Page {
        title: title.into(),
        lead: lead.into(),
        place: "templates",
        crumbs: vec![Link::new("/admin/templates", desk.say("templates"))],
        ..Page::default()
    }
}

fn language_field(desk: &Desk, form: &mut Form, word: &str, name: &str, saved: &str) {
    let field = form.add(desk, Kind::Select, name, word, saved);
    for tag in LANGUAGES {
        field.choice(tag, tongue_of(desk, tag));
    }
    if !LANGUAGES.contains(&saved) {
        field.choice(saved, saved);
    }
}

fn category_field(desk: &Desk, form: &mut Form, saved: &str) {
    let field = form.add(desk, Kind::Select, "category", "template.category", saved);
    for category in CATEGORIES {
        field.choice(category, desk.words.of(&["category.", category].concat()));
    }
}

fn sender_field(desk: &Desk, form: &mut Form, senders: &[Value], saved: &str) {
    let field = form.add(desk, Kind::Checks, "senders", "template.senders", saved);
    for one in senders {
        field.explained(text(one, "id"), text(one, "name"), text(one, "number"));
    }
}

/// Of a new template all numbers are offered: nobody ticks a hundred boxes for the usual case.
fn all_ids(senders: &[Value]) -> String {
    let ids: Vec<&str> = senders.iter().map(|one| text(one, "id")).collect();
    ids.join("\n")
}

fn senders_typed(desk: &Desk) -> Value {
    let typed = desk.typed("senders");
    let ids: Vec<&str> = typed.split('\n').filter(|id| !id.is_empty()).collect();
    json!(ids)
}

fn text_fields(desk: &Desk, form: &mut Form, one: &Value) {
    form.add(desk, Kind::Area, "body", "template.body", text(one, "body"));
    form.add(
        desk,
        Kind::Area,
        "samples",
        "template.samples",
        &samples_written(one),
    )
    .optional();
    form.add(
        desk,
        Kind::Text,
        "footer",
        "template.footer",
        text(one, "footer"),
    )
    .optional();
    form.add(desk, Kind::Group, "buttons", "template.buttons", "");
    let buttons = list(one, "buttons");
    for place in 0..BUTTONS.max(buttons.len()) {
        let button = buttons.get(place).unwrap_or(&Value::Null);
        let n = place.to_string();
        let label = [" ", &(place + 1).to_string()].concat();
        let name = ["kind-", &n].concat();
        let field = form.add(
            desk,
            Kind::Select,
            &name,
            "template.button",
            text(button, "kind"),
        );
        field.span(2).label.push_str(&label);
        field.choice("", desk.say("template.no-button"));
        for tap in TAPS {
            field.choice(tap, desk.words.of(&["tap.", tap].concat()));
        }
        for (part, word) in [("title", "template.title"), ("target", "template.target")] {
            let name = [part, "-", &n].concat();
            let field = form.add(desk, Kind::Text, &name, word, text(button, part));
            field.optional().span(2).label.push_str(&label);
        }
    }
}

fn buttons_typed(desk: &Desk) -> Vec<Value> {
    let mut buttons = Vec::new();
    for place in 0..10 {
        let part = |name: &str| desk.typed(&[name, "-", &place.to_string()].concat());
        let kind = part("kind");
        if !kind.is_empty() {
            let (title, target) = (part("title"), part("target"));
            buttons.push(json!({ "kind": kind, "title": title.trim(), "target": target.trim() }));
        }
    }
    buttons
}

/// A text as it was typed, in the form that the check and the localizations share.
fn written(desk: &Desk) -> Value {
    json!({
        "language": desk.typed("language"),
        "body": desk.typed("body"),
        "footer": desk.typed("footer").trim(),
        "buttons": buttons_typed(desk),
        "samples": samples_typed(desk),
    })
}

/// What a text with these buttons is made of, in Twilio's types.
fn kind_of(buttons: &[Value]) -> &'static str {
    if buttons.is_empty() {
        "text"
    } else if buttons.iter().all(|one| text(one, "kind") == "quick-reply") {
        "quick-reply"
    } else if buttons
        .iter()
        .all(|one| matches!(text(one, "kind"), "url" | "phone"))
    {
        "call-to-action"
    } else {
        "card"
    }
}

/// A localization as it is put.
fn localization_typed(desk: &Desk) -> Value {
    let mut one = written(desk);
    let sid = desk.typed("content_sid");
    let sid = sid.trim();
    let approval = match desk.typed("approval") {
        approval if approval.is_empty() => "unsubmitted".into(),
        approval => approval,
    };
    let kind = kind_of(list(&one, "buttons"));
    set(&mut one, "kind", json!(kind));
    set(&mut one, "approval", json!(approval));
    set(
        &mut one,
        "content_sid",
        json!((!sid.is_empty()).then_some(sid)),
    );
    one
}

fn approval_fields(desk: &Desk, form: &mut Form, one: &Value) {
    let sid = text(one, "content_sid");
    form.add(desk, Kind::Mono, "content_sid", "template.content_sid", sid)
        .optional();
    let saved = match text(one, "approval") {
        "" => "approved",
        approval => approval,
    };
    let field = form.add(desk, Kind::Select, "approval", "templates.status", saved);
    for approval in ["approved", "pending", "unsubmitted", "rejected"] {
        field.choice(approval, desk.words.of(&["approval.", approval].concat()));
    }
    if !field.choices.iter().any(|choice| choice.value == saved) {
        field.choice(saved, desk.words.code("approval.", saved));
    }
}

fn chance(desk: &Desk, form: &mut Form) {
    let chance = match desk.typed("chance") {
        chance if chance.is_empty() => desk.chance.clone(),
        chance => chance,
    };
    form.hide("chance", chance);
}

/// `GET /admin/templates/new`: what was approved elsewhere already.
pub(super) fn by_hand(desk: &Desk, senders: &[Value]) -> Page {
    let mut page = frame(
        desk,
        desk.say("templates.by-hand"),
        desk.say("templates.by-hand-lead"),
    );
    let mut form = Form::new(desk, "by-hand", desk.say("save"));
    chance(desk, &mut form);
    form.add(desk, Kind::Text, "name", "template.name", "");
    language_field(
        desk,
        &mut form,
        "template.default_language",
        "language",
        desk.words.lang,
    );
    category_field(desk, &mut form, "utility");
    text_fields(desk, &mut form, &Value::Null);
    approval_fields(desk, &mut form, &Value::Null);
    sender_field(desk, &mut form, senders, &all_ids(senders));
    form.instead = Some(Link::new("/admin/templates", desk.say("cancel")));
    let mut section = Section::default();
    section.form(form);
    page.sections.push(section);
    page
}

fn template_typed(desk: &Desk, approval: Option<&str>) -> Value {
    let mut one = localization_typed(desk);
    if let Some(approval) = approval {
        set(&mut one, "approval", json!(approval));
    }
    json!({
        "name": desk.typed("name").trim(),
        "category": desk.typed("category"),
        "default_language": desk.typed("language"),
        "senders": senders_typed(desk),
        "localizations": [one],
    })
}

/// Makes a template by hand.
pub(super) fn create(desk: &Desk) -> Result<Next, Problem> {
    let id = new_id(&desk.typed("name"), &desk.typed("chance"));
    Deed::then(&["/admin/templates/", &id].concat(), "template")
        .create(&["templates/", &id], template_typed(desk, None))
        .next()
}

/// `GET /admin/templates/write`: a new one, to be handed in. `told` is what the API says of what was
/// typed.
pub(super) fn write(desk: &Desk, accounts: &[Value], senders: &[Value], told: &Value) -> Page {
    let mut page = frame(
        desk,
        desk.say("templates.write"),
        desk.say("templates.write-lead"),
    );
    let mut form = Form::new(desk, "write", desk.say("template.hand-in"));
    form.live = true;
    chance(desk, &mut form);
    let first = accounts.first().map_or("", |one| text(one, "id"));
    let field = form.add(desk, Kind::Select, "account", "glance.account", first);
    for one in accounts {
        field.choice(text(one, "id"), text(one, "name"));
    }
    form.add(desk, Kind::Text, "name", "template.name", "");
    language_field(
        desk,
        &mut form,
        "number.language",
        "language",
        desk.words.lang,
    );
    if let Some(field) = form.fields.last_mut() {
        field.hint.clear();
    }
    category_field(desk, &mut form, "utility");
    text_fields(desk, &mut form, &Value::Null);
    sender_field(desk, &mut form, senders, &all_ids(senders));
    form.others
        .push(("check", desk.say("template.check").into()));
    form.instead = Some(Link::new("/admin/templates", desk.say("cancel")));
    let mut section = Section::default();
    section.form(form);
    page.sections.push(section);
    page.sections.push(live(desk, &written(desk), told));
    page
}

/// Checks what was written; unless only that was asked for, stores it and hands it in.
pub(super) async fn hand_in(visit: &Visit<'_>) -> Result<Next, Problem> {
    let desk = &visit.desk;
    let id = new_id(&desk.typed("name"), &desk.typed("chance"));
    let mut body = written(desk);
    set(&mut body, "category", json!(desk.typed("category")));
    // What WhatsApp will call it; the name that people read may be anything.
    set(&mut body, "name", json!(id.replace('-', "_")));
    let told = visit
        .call("POST", "templates/check", Some(&body), When::Always)
        .await?;
    let only = desk.typed("step") == "check";
    if only || !list(&told, "findings").is_empty() {
        let accounts = visit.get("accounts").await?;
        let senders = visit.get("senders").await?;
        let (accounts, senders) = (list(&accounts, "accounts"), list(&senders, "senders"));
        let mut page = write(desk, accounts, senders, &told);
        if !only {
            object(&mut page, desk, &told);
        }
        return Ok(Next::Show(Box::new(page)));
    }
    let path = ["templates/", &id].concat();
    visit
        .create(&path, &template_typed(desk, Some("unsubmitted")))
        .await?;
    let here = ["/admin/templates/", &id].concat();
    let body = json!({ "account": desk.typed("account"), "language": desk.typed("language") });
    let path = [&path, "/submit"].concat();
    match visit.call("POST", &path, Some(&body), When::Always).await {
        Ok(_) => done(&here, "submitted"),
        Err(problem) if problem.code == "already-submitted" => done(&here, "submitted"),
        // It is stored; its page can hand it in again.
        Err(problem) => Ok(Next::Go([&here, "?failed=", &problem.code].concat())),
    }
}

/// A template as it is put again.
fn body(template: &Value) -> Value {
    let localizations: Vec<Value> = (list(template, "localizations").iter())
        .map(|one| {
            let known = one.as_object().cloned().unwrap_or_default();
            let keep = |name: &str| !matches!(name, "rejection_reason" | "usable" | "why");
            let kept: Map<String, Value> =
                known.into_iter().filter(|(name, _)| keep(name)).collect();
            Value::Object(kept)
        })
        .collect();
    let mut body = json!({ "localizations": localizations });
    for name in ["name", "category", "default_language", "senders", "active"] {
        if let Some(value) = template.get(name) {
            set(&mut body, name, value.clone());
        }
    }
    body
}

/// `GET /admin/templates/{template}/edit`
pub(super) fn settings(desk: &Desk, template: &Value, senders: &[Value]) -> Page {
    let mut page = frame(desk, desk.say("template.edit"), "");
    let here = href(template, "");
    page.crumbs
        .push(Link::new(here.as_str(), text(template, "name")));
    let mut form = Form::new(desk, "settings", desk.say("save"));
    form.version(desk, &digits(template, "version"));
    form.add(
        desk,
        Kind::Text,
        "name",
        "template.name",
        text(template, "name"),
    );
    category_field(desk, &mut form, text(template, "category"));
    let saved = text(template, "default_language");
    let field = form.add(
        desk,
        Kind::Select,
        "default_language",
        "template.default_language",
        saved,
    );
    for one in list(template, "localizations") {
        let tag = text(one, "language");
        field.choice(tag, tongue_of(desk, tag));
    }
    sender_field(desk, &mut form, senders, &lines(template, "senders"));
    in_use(desk, &mut form, flag(template, "active"));
    form.instead = Some(Link::new(here, desk.say("cancel")));
    let mut section = Section::default();
    section.form(form);
    page.sections.push(section);
    page
}

/// What its form puts.
pub(super) fn settings_typed(desk: &Desk, template: &Value) -> Value {
    let mut body = body(template);
    set(&mut body, "name", json!(desk.typed("name").trim()));
    for name in ["category", "default_language"] {
        set(&mut body, name, json!(desk.typed(name)));
    }
    set(&mut body, "senders", senders_typed(desk));
    set(&mut body, "active", json!(desk.typed("active") == "yes"));
    body
}

/// `GET /admin/templates/{template}/languages/{language}`, which may be `new`.
pub(super) fn language(desk: &Desk, template: &Value, language: &str) -> Result<Page, Problem> {
    let known = list(template, "localizations");
    let one = known.iter().find(|one| text(one, "language") == language);
    let one = match one {
        Some(one) => one,
        None if language == "new" => &Value::Null,
        None => return Err(Problem::not_found()),
    };
    let title = match one {
        Value::Null => desk.say("template.add-language"),
        _ => tongue_of(desk, language),
    };
    let mut page = frame(desk, title, "");
    let here = href(template, "");
    page.crumbs
        .push(Link::new(here.as_str(), text(template, "name")));
    let mut form = Form::new(desk, "language", desk.say("save"));
    form.version(desk, &digits(template, "version"));
    if one.is_null() {
        language_field(
            desk,
            &mut form,
            "number.language",
            "language",
            desk.words.lang,
        );
        if let Some(field) = form.fields.last_mut() {
            field.hint.clear();
        }
    } else {
        form.hide("language", language);
    }
    text_fields(desk, &mut form, one);
    approval_fields(desk, &mut form, one);
    form.instead = Some(Link::new(here.as_str(), desk.say("cancel")));
    let mut section = Section::default();
    section.form(form);
    if !one.is_null() && known.len() > 1 {
        let path = [&here, "/languages/", language].concat();
        let remove = Act::button(path, "remove", desk.say("template.remove-language"));
        let remove = remove
            .with("version", &digits(template, "version"))
            .look("danger");
        section.blocks.push(Block::Acts(vec![remove]));
    }
    page.sections.push(section);
    Ok(page)
}

/// What its form puts: the language in the place of the one that was there.
pub(super) fn language_typed(desk: &Desk, template: &Value, language: &str) -> Value {
    let mut body = without(template, language);
    if let Some(Value::Array(all)) = body.get_mut("localizations") {
        all.push(localization_typed(desk));
        // Its language may be the default one, which went with it.
        let default = text(template, "default_language");
        if default == language {
            set(&mut body, "default_language", json!(default));
        }
    }
    body
}

/// The template without a language.
pub(super) fn without(template: &Value, language: &str) -> Value {
    let mut body = body(template);
    if let Some(Value::Array(all)) = body.get_mut("localizations") {
        all.retain(|one| text(one, "language") != language);
        let gone = text(template, "default_language") == language;
        if let Some(first) = all.first().filter(|_| gone) {
            let first = first.get("language").cloned().unwrap_or_default();
            set(&mut body, "default_language", first);
        }
    }
    body
}
