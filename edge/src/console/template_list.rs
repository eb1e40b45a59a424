//! Which templates are there? The list, filtered, and how up to date each account's is.

use super::desk::Desk;
use super::form::{Form, Kind};
use super::look::{at, by_id, flag, list, moment, number, text};
use super::page::{Act, Bit, Block, Cell, Page, Section, Table, linked, plain};
use super::template_edit as edit;
use super::templates::{href, source, status};
use serde_json::Value;
use shared::twilio::form::print;

/// How many rows a page has.
const ROWS: usize = 100;

/// How WhatsApp judges.
const APPROVALS: [&str; 8] = [
    "approved",
    "pending",
    "received",
    "unsubmitted",
    "rejected",
    "paused",
    "disabled",
    "unknown",
];

/// Whether a template is among those asked for.
fn wanted(desk: &Desk, template: &Value, senders: &[Value]) -> bool {
    let (language, approval) = (desk.asked("language"), desk.asked("status"));
    let (source, account) = (desk.asked("source"), desk.asked("account"));
    let localizations = list(template, "localizations");
    let fits = localizations.iter().any(|one| {
        (language.is_empty() || text(one, "language") == language)
            && (approval.is_empty() || text(one, "approval") == approval)
    });
    let from = text(template, "source.account");
    let sourced = match source {
        "" => true,
        "hand" => from.is_empty(),
        _ => !from.is_empty(),
    };
    let belongs = account.is_empty()
        || from == account
        || (list(template, "senders").iter().filter_map(Value::as_str))
            .any(|id| text(by_id(senders, id), "account") == account);
    fits && sourced && belongs
}

/// All templates that are asked for.
pub(super) fn all_of(desk: &Desk, all: &[Value], accounts: &[Value], senders: &[Value]) -> Page {
    let mut page = Page {
        title: desk.say("templates").into(),
        lead: desk.say("templates.lead").into(),
        place: "templates",
        ..Page::default()
    };
    if desk.admin() {
        let write = Act::link("/admin/templates/write", desk.say("templates.write"));
        let hand = Act::link("/admin/templates/new", desk.say("templates.by-hand"));
        page.acts = vec![write.look("first"), hand];
    }
    if !accounts.is_empty() {
        page.sections.push(synchronisation(desk, accounts));
    }
    let mut section = Section::default();
    section.form(filters(desk, all, accounts));
    let found: Vec<&Value> = all
        .iter()
        .filter(|one| wanted(desk, one, senders))
        .collect();
    if !found.is_empty() {
        let count = i64::try_from(found.len()).unwrap_or(0);
        section.text(&desk.words.count("templates.found", count));
    }
    let from = desk.asked("from").parse::<usize>().unwrap_or(0);
    let rows = found.iter().skip(from).take(ROWS).map(|one| row(desk, one));
    section.blocks.push(Block::Table(Table {
        name: desk.say("templates").into(),
        heads: ["template", "languages", "category", "source", "numbers"]
            .map(|head| desk.words.of(&["templates.head.", head].concat()).into())
            .into(),
        rows: rows.collect(),
        empty: desk
            .say(if all.is_empty() {
                "templates.none-yet"
            } else {
                "templates.none"
            })
            .into(),
    }));
    let mut turn = Vec::new();
    let page_at = |from: usize| {
        let mut query: Vec<(String, String)> = (desk.query.params().iter())
            .filter(|(name, _)| !matches!(name.as_str(), "from" | "lang" | "done"))
            .cloned()
            .collect();
        query.push(("from".into(), from.to_string()));
        ["/admin/templates?", &print(&query)].concat()
    };
    if from > 0 {
        turn.push(Act::link(
            page_at(from.saturating_sub(ROWS)),
            desk.say("page.back"),
        ));
    }
    if found.len() > from.saturating_add(ROWS) {
        turn.push(Act::link(page_at(from + ROWS), desk.say("page.on")));
    }
    section.blocks.push(Block::Acts(turn));
    page.sections.push(section);
    page
}

/// How up to date each account's list is.
fn synchronisation(desk: &Desk, accounts: &[Value]) -> Section {
    let mut section = Section::new(desk.say("sync"));
    let mut acts = Vec::new();
    for account in accounts {
        let mut told = moment(&desk.words, account, "sync.at");
        if at(account, "sync.at").is_number() {
            told.push(Bit::Soft(
                desk.words
                    .count("templates.found", number(account, "sync.count")),
            ));
        }
        let error = text(account, "sync.error");
        if !error.is_empty() {
            let word = desk.words.code("sync.error.", error).to_string();
            told.push(Bit::Badge("bad", word));
        }
        if flag(account, "sync.stale") {
            told.push(Bit::Badge("warn", desk.say("sync.stale").into()));
        }
        section.fact(text(account, "name"), told);
        let label = desk
            .words
            .fill("sync.now", &[("name", text(account, "name"))]);
        let act = Act::button("/admin/templates", "sync", &label);
        acts.push(act.with("account", text(account, "id")));
    }
    section.blocks.push(Block::Acts(acts));
    section
}

fn filters(desk: &Desk, all: &[Value], accounts: &[Value]) -> Form {
    let mut form = Form::new(desk, "filter", desk.say("filter"));
    form.filter = true;
    let mut languages: Vec<&str> = (all.iter())
        .flat_map(|one| list(one, "localizations"))
        .map(|one| text(one, "language"))
        .collect();
    languages.sort_unstable();
    languages.dedup();
    let field = form.add(
        desk,
        Kind::Select,
        "language",
        "numbers.language",
        desk.asked("language"),
    );
    field.choice("", desk.say("filter.all"));
    for tag in languages {
        field.choice(tag, edit::tongue_of(desk, tag));
    }
    let field = form.add(
        desk,
        Kind::Select,
        "status",
        "templates.status",
        desk.asked("status"),
    );
    field.choice("", desk.say("filter.all"));
    for approval in APPROVALS {
        field.choice(approval, desk.words.of(&["approval.", approval].concat()));
    }
    let field = form.add(
        desk,
        Kind::Select,
        "source",
        "templates.head.source",
        desk.asked("source"),
    );
    field.choice("", desk.say("filter.all"));
    field.choice("twilio", desk.say("source.twilio"));
    field.choice("hand", desk.say("source.hand"));
    let field = form.add(
        desk,
        Kind::Select,
        "account",
        "glance.account",
        desk.asked("account"),
    );
    field.choice("", desk.say("filter.all"));
    for account in accounts {
        field.choice(text(account, "id"), text(account, "name"));
    }
    form
}

fn row(desk: &Desk, template: &Value) -> Vec<Cell> {
    let mut name = linked(href(template, ""), text(template, "name"));
    if !flag(template, "active") {
        name.push(Bit::Badge("plain", desk.say("inactive").into()));
    }
    if at(template, "vanished_at").is_number() {
        name.push(Bit::Badge(
            "bad",
            desk.say("template.vanished-short").into(),
        ));
    }
    let mut languages = Vec::new();
    for one in list(template, "localizations") {
        languages.push(Bit::Text(
            edit::tongue_of(desk, text(one, "language")).into(),
        ));
        languages.push(status(desk, text(one, "approval")));
    }
    let source = source(desk, template);
    let numbers = list(template, "senders").len().to_string();
    vec![
        name,
        languages,
        plain(desk.words.code("category.", text(template, "category"))),
        source,
        plain(numbers),
    ]
}
