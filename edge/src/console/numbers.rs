//! How is one of our numbers set? Its settings, the words of its customers, and its end.

use super::account_pages::quality;
use super::account_setup::tongue;
use super::accounts::in_use;
use super::client::{Deed, Next, Visit};
use super::desk::Desk;
use super::ending;
use super::form::{Form, Kind};
use super::look::{at, by_id, day, digits, flag, iso, lines, list, number, text};
use super::page::{Act, Bit, Block, Copy, Link, Page, Section, code, linked, plain};
use crate::problem::Problem;
use serde_json::{Map, Value, json};

/// What can be switched, by its place in the API.
const ATTACHMENTS: [&str; 2] = ["customers", "agents"];
const BEHAVIOURS: [&str; 3] = ["automated_messages", "templates", "survey"];

/// The pages below `/admin/numbers`.
pub(super) async fn show(visit: &Visit<'_>, path: &[&str]) -> Result<Page, Problem> {
    let desk = &visit.desk;
    let [id, rest @ ..] = path else {
        return Err(Problem::not_found());
    };
    let api = ["senders/", id].concat();
    let sender = visit.get(&api).await?;
    match rest {
        [] => {
            let account = visit
                .maybe(&["accounts/", text(&sender, "account")].concat())
                .await?;
            let workstreams = visit.maybe("workstreams").await?;
            Ok(page(
                desk,
                &sender,
                &account,
                list(&workstreams, "workstreams"),
            ))
        }
        ["delete"] => {
            let account = visit
                .maybe(&["accounts/", text(&sender, "account")].concat())
                .await?;
            let told = visit.maybe(&[&api, "/consequences"].concat()).await?;
            let workstreams = visit.maybe("workstreams").await?;
            let workstreams = list(&workstreams, "workstreams");
            Ok(end(desk, &sender, &account, &told, workstreams))
        }
        _ => Err(Problem::not_found()),
    }
}

/// What their forms do to a number.
pub(super) fn act(desk: &Desk, path: &[&str], sender: &Value) -> Result<Next, Problem> {
    let [id, rest @ ..] = path else {
        return Err(Problem::not_found());
    };
    let api = ["senders/", id].concat();
    let here = ["/admin/numbers/", id].concat();
    let mut body = body(sender);
    match (rest, desk.typed("do").as_str()) {
        ([], "settings") => settings(desk, sender, &mut body),
        ([], "words") => set(&mut body, "words", spoken(desk, sender)),
        (["delete"], "delete") => {
            ending::named(desk, text(sender, "name"))?;
            let account = ["/admin/accounts/", text(sender, "account")].concat();
            return Deed::then(&account, "deleted")
                .ask("DELETE", &[&api, "?history=", ending::history(desk)], None)
                .next();
        }
        _ => return Err(Problem::not_found()),
    }
    Deed::then(&here, "saved").replace(desk, &api, body).next()
}

/// Sets a field of a body.
pub(super) fn set(body: &mut Value, name: &str, value: Value) {
    if let Some(fields) = body.as_object_mut() {
        fields.insert(name.into(), value);
    }
}

/// A number as it is put: what is told of it, without what follows from that.
pub(super) fn body(sender: &Value) -> Value {
    let mut body = Map::new();
    for name in [
        "account",
        "name",
        "number",
        "language",
        "margin_ms",
        "words",
        "workstream",
        "attachments",
        "behaviours",
        "recover_from",
        "sandbox",
        "active",
    ] {
        if let Some(value) = sender.get(name) {
            body.insert(name.into(), value.clone());
        }
    }
    Value::Object(body)
}

/// Which of some switches are on, a line for each.
fn on(value: &Value, names: &[&str]) -> String {
    let on: Vec<&str> = names
        .iter()
        .copied()
        .filter(|name| flag(value, name))
        .collect();
    on.join("\n")
}

/// Switches as they were set in a form.
fn switches(typed: &str, names: &[&str]) -> Value {
    let set = |name: &&str| {
        (
            (*name).to_string(),
            typed.split('\n').any(|line| line == *name).into(),
        )
    };
    Value::Object(names.iter().map(set).collect())
}

/// Who may send files, as it was set in a form.
pub(super) fn attachments_typed(desk: &Desk) -> Value {
    switches(&desk.typed("attachments"), &ATTACHMENTS)
}

/// What happens by itself, as it was set in a form.
pub(super) fn behaviours_typed(desk: &Desk) -> Value {
    switches(&desk.typed("behaviours"), &BEHAVIOURS)
}

/// Who may send files.
pub(super) fn attachments(desk: &Desk, form: &mut Form, sender: &Value) {
    let saved = on(at(sender, "attachments"), &ATTACHMENTS);
    let field = form.add(desk, Kind::Checks, "attachments", "attachments", &saved);
    for name in ATTACHMENTS {
        field.choice(name, desk.words.of(&["attachments.", name].concat()));
    }
}

/// What happens by itself.
pub(super) fn behaviours(desk: &Desk, form: &mut Form, sender: &Value) {
    let saved = on(at(sender, "behaviours"), &BEHAVIOURS);
    let field = form.add(desk, Kind::Checks, "behaviours", "behaviours", &saved);
    for name in BEHAVIOURS {
        let key = ["behaviours.", name].concat();
        field.explained(
            name,
            desk.words.of(&key),
            desk.words.of(&[&key, "-hint"].concat()),
        );
    }
}

fn settings(desk: &Desk, sender: &Value, body: &mut Value) {
    let typed = |name: &str| Value::from(desk.typed(name).trim());
    for name in ["name", "number", "language"] {
        set(body, name, typed(name));
    }
    let workstream = desk.typed("workstream");
    let workstream = (!workstream.is_empty()).then_some(workstream);
    set(body, "workstream", json!(workstream));
    // What is no number is sent as it is, for the API to say so.
    let margin = match desk.typed("margin_ms").trim().parse::<i64>() {
        Ok(seconds) => json!(seconds.saturating_mul(1_000)),
        Err(_) => typed("margin_ms"),
    };
    set(body, "margin_ms", margin);
    set(body, "attachments", attachments_typed(desk));
    set(body, "behaviours", behaviours_typed(desk));
    set(body, "active", json!(desk.typed("active") == "yes"));
    let recover = match desk.typed("recover").as_str() {
        "no" => Value::Null,
        "all" => json!(0),
        // The same day is the same moment: nothing else of it can be seen here.
        _ if recover_day(sender) == desk.typed("recover_from") => {
            at(sender, "recover_from").clone()
        }
        _ => match day(&desk.typed("recover_from")) {
            Some(from) => json!(from),
            None => typed("recover_from"),
        },
    };
    set(body, "recover_from", recover);
}

/// The day from which on missed messages are recovered, if it is one.
fn recover_day(sender: &Value) -> String {
    match number(sender, "recover_from") {
        0 => String::new(),
        from => iso(from).get(..10).unwrap_or_default().into(),
    }
}

/// The words by language as they were typed.
fn spoken(desk: &Desk, sender: &Value) -> Value {
    let mut words = Map::new();
    let known = at(sender, "words").as_object();
    let mut languages: Vec<String> = known
        .map(|it| it.keys().cloned().collect())
        .unwrap_or_default();
    let new = desk.typed("new-language");
    if !new.is_empty() && !languages.contains(&new) {
        languages.push(new.clone());
    }
    for language in languages {
        let all = |kind: &str| -> Vec<String> {
            let field = if language == new {
                [kind, "-new"].concat()
            } else {
                [kind, "-", &language].concat()
            };
            (desk.typed(&field).split(['\n', ',']))
                .map(|word| word.trim().to_string())
                .filter(|word| !word.is_empty())
                .collect()
        };
        let (out, in_again) = (all("opt_out"), all("opt_in"));
        if !out.is_empty() || !in_again.is_empty() {
            words.insert(language, json!({ "opt_out": out, "opt_in": in_again }));
        }
    }
    Value::Object(words)
}

fn crumbs(desk: &Desk, sender: &Value, account: &Value) -> Vec<Link> {
    let id = text(sender, "account");
    let name = match text(account, "name") {
        "" => id,
        name => name,
    };
    vec![
        Link::new("/admin/accounts", desk.say("accounts")),
        Link::new(["/admin/accounts/", id].concat(), name),
    ]
}

fn page(desk: &Desk, sender: &Value, account: &Value, workstreams: &[Value]) -> Page {
    let id = text(sender, "id");
    let mut page = Page {
        title: text(sender, "name").into(),
        lead: text(sender, "number").into(),
        place: "accounts",
        crumbs: crumbs(desk, sender, account),
        ..Page::default()
    };
    if desk.admin() {
        let end = Act::link(
            ["/admin/numbers/", id, "/delete"].concat(),
            desk.say("delete"),
        );
        page.acts.push(end.look("danger"));
    }
    page.sections
        .push(facts(desk, sender, account, workstreams));
    page.sections.push(embedded(desk, sender));
    let version = digits(sender, "version");
    let mut section = Section::new(desk.say("number.settings"));
    let mut form = Form::new(desk, "settings", desk.say("save"));
    form.version(desk, &version);
    form.add(
        desk,
        Kind::Text,
        "name",
        "number.name",
        text(sender, "name"),
    );
    form.add(
        desk,
        Kind::Mono,
        "number",
        "number.number",
        text(sender, "number"),
    );
    tongue(desk, &mut form, text(sender, "language"));
    let field = form.add(
        desk,
        Kind::Select,
        "workstream",
        "workstream",
        text(sender, "workstream"),
    );
    field.choice("", desk.say("workstream.none"));
    for one in workstreams {
        field.choice(text(one, "id"), text(one, "name"));
    }
    attachments(desk, &mut form, sender);
    behaviours(desk, &mut form, sender);
    let margin = (number(sender, "margin_ms") / 1_000).to_string();
    form.add(desk, Kind::Number, "margin_ms", "number.margin", &margin);
    let recover = match at(sender, "recover_from") {
        Value::Null => "no",
        _ if number(sender, "recover_from") == 0 => "all",
        _ => "from",
    };
    let field = form.add(desk, Kind::Radio, "recover", "recover", recover);
    for way in ["all", "from", "no"] {
        field.choice(way, desk.words.of(&["recover.", way].concat()));
    }
    let from = recover_day(sender);
    form.add(desk, Kind::Day, "recover_from", "recover.day", &from)
        .optional();
    in_use(desk, &mut form, flag(sender, "active"));
    section.form(form);
    page.sections.push(section);
    page.sections.push(words(desk, sender, &version));
    page
}

fn facts(desk: &Desk, sender: &Value, account: &Value, workstreams: &[Value]) -> Section {
    let mut section = Section::default();
    let line = (list(account, "check.senders").iter())
        .find(|line| text(line, "sender") == text(sender, "id"))
        .unwrap_or(&Value::Null);
    let told = |place: &str| match text(line, place) {
        "" => plain("–"),
        words => plain(words),
    };
    let href = ["/admin/accounts/", text(sender, "account")].concat();
    section.fact(
        desk.say("glance.account"),
        linked(href, text(account, "name")),
    );
    let workstream = text(sender, "workstream");
    let place = if workstream.is_empty() {
        vec![Bit::Badge("warn", desk.say("workstream.none").into())]
    } else {
        let name = text(by_id(workstreams, workstream), "name");
        linked(["/admin/workstreams/", workstream].concat(), name)
    };
    section.fact(desk.say("workstream"), place);
    section.fact(desk.say("numbers.status"), told("status"));
    section.fact(desk.say("numbers.quality"), quality(desk, line));
    section.fact(desk.say("numbers.limit"), told("messaging_limit"));
    let join = text(sender, "sandbox.join_code");
    if !join.is_empty() {
        section.fact(desk.say("sandbox.join"), code(&["join ", join].concat()));
    }
    section
}

/// What stands in the CRM's page where agents answer for this number.
fn embedded(desk: &Desk, sender: &Value) -> Section {
    let mut section = Section::new(desk.say("number.embed"));
    section.text(desk.say("number.embed-about"));
    let id = text(sender, "id");
    section.blocks.push(Block::Copy(Copy {
        id: "embed",
        label: desk.say("number.embed-label").into(),
        value: [
            "<finestra-thread sender=\"",
            id,
            "\" customer=\"+39 347 000 0000\"></finestra-thread>",
        ]
        .concat(),
        hint: String::new(),
    }));
    section.fact(desk.say("number.id"), code(id));
    section
}

fn words(desk: &Desk, sender: &Value, version: &str) -> Section {
    let mut section = Section::new(desk.say("words"));
    section.text(desk.say("words.about"));
    let mut form = Form::new(desk, "words", desk.say("save"));
    form.version(desk, version);
    let spoken = at(sender, "words");
    for language in spoken.as_object().into_iter().flat_map(Map::keys) {
        form.add(desk, Kind::Group, language, "words", "").label =
            desk.words.code("tongue.", language).into();
        for kind in ["opt_out", "opt_in"] {
            let saved = lines(spoken, &[language, ".", kind].concat());
            let name = [kind, "-", language].concat();
            form.add(desk, Kind::Area, &name, &["words.", kind].concat(), &saved)
                .optional()
                .span(3);
        }
    }
    form.add(desk, Kind::Group, "new", "words.another", "");
    let field = form.add(desk, Kind::Select, "new-language", "number.language", "");
    field.hint.clear();
    field.optional().choice("", "–");
    for tag in ["en", "it", "de", "fr", "es", "pt", "nl", "pl", "ar", "hi"] {
        if spoken.get(tag).is_none() {
            field.choice(tag, desk.words.code("tongue.", tag));
        }
    }
    for kind in ["opt_out", "opt_in"] {
        let name = [kind, "-new"].concat();
        form.add(desk, Kind::Area, &name, &["words.", kind].concat(), "")
            .optional()
            .span(3);
    }
    section.form(form);
    section
}

fn end(desk: &Desk, sender: &Value, account: &Value, told: &Value, workstreams: &[Value]) -> Page {
    let name = text(sender, "name");
    let here = ["/admin/numbers/", text(sender, "id")].concat();
    let mut crumbs = crumbs(desk, sender, account);
    crumbs.push(Link::new(here.as_str(), name));
    let mut page = ending::page(desk, "accounts", crumbs, name);
    let mut section = Section::new(desk.say("delete.ends"));
    let ends = ending::ends_with_sender(desk, told, workstreams);
    ending::consequences(desk, &mut section, ends);
    page.sections.push(section);
    let mut section = Section::default();
    section
        .blocks
        .push(Block::Form(Box::new(ending::form(desk, name, &here, true))));
    page.sections.push(section);
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switches_are_lines_and_back() {
        let told = json!({ "customers": true, "agents": false });
        assert_eq!(on(&told, &ATTACHMENTS), "customers");
        assert_eq!(switches("customers", &ATTACHMENTS), told);
        assert_eq!(
            switches("", &ATTACHMENTS),
            json!({ "customers": false, "agents": false })
        );
    }

    #[test]
    fn what_is_told_is_put_again_without_what_follows_from_it() {
        let told =
            json!({ "id": "s", "version": 3, "name": "Milano", "usable": true, "words": {} });
        assert_eq!(body(&told), json!({ "name": "Milano", "words": {} }));
    }
}
