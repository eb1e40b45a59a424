//! What may be sent at any time? The list of templates, the page of one, and where they come from.

use super::client::{Deed, Next, Visit};
use super::desk::Desk;
use super::ending;
use super::look::{at, by_id, digits, flag, list, moment, number, text, time};
use super::page::{Act, Bit, Block, Cell, Link, Page, Section, Table, badge, code, linked, plain};
use super::template_edit as edit;
use super::template_list::all_of;
use super::template_text::phone;
use crate::problem::Problem;
use serde_json::{Value, json};

/// Where a template's pages are.
pub(super) fn href(template: &Value, below: &str) -> String {
    ["/admin/templates/", text(template, "id"), below].concat()
}

/// The pages below `/admin/templates`.
pub(super) async fn show(visit: &Visit<'_>, path: &[&str]) -> Result<Page, Problem> {
    let desk = &visit.desk;
    let accounts = visit.get("accounts").await?;
    let accounts = list(&accounts, "accounts");
    let senders = visit.get("senders").await?;
    let senders = list(&senders, "senders");
    let (id, rest) = match path {
        [] => {
            let all = visit.get("templates").await?;
            return Ok(all_of(desk, list(&all, "templates"), accounts, senders));
        }
        ["new"] => return Ok(edit::by_hand(desk, senders)),
        ["write"] => return Ok(edit::write(desk, accounts, senders, &Value::Null)),
        [id, rest @ ..] => (*id, rest),
    };
    let template = visit.get(&["templates/", id].concat()).await?;
    match rest {
        [] => Ok(page(desk, &template, accounts, senders)),
        ["edit"] => Ok(edit::settings(desk, &template, senders)),
        ["languages", language] => edit::language(desk, &template, language),
        ["delete"] => Ok(end(desk, &template, senders)),
        _ => Err(Problem::not_found()),
    }
}

/// What their forms do to a template, which is `null` while it is new.
pub(super) fn act(desk: &Desk, path: &[&str], template: &Value) -> Result<Next, Problem> {
    let api = ["templates/", path.first().unwrap_or(&"")].concat();
    let here = ["/admin/", &api].concat();
    let body = match (path, desk.typed("do").as_str()) {
        ([], "sync") => {
            return Deed::then("/admin/templates", "synced")
                .ask(
                    "POST",
                    &["accounts/", &desk.typed("account"), "/sync"],
                    None,
                )
                .next();
        }
        (["new"], "by-hand") => return edit::create(desk),
        ([_], "refresh") => {
            return Deed::then(&here, "refreshed")
                .ask("POST", &[&api, "/refresh"], None)
                .next();
        }
        ([_], "submit") => {
            let account = desk.typed("account");
            let body = json!({ "account": account, "language": desk.typed("language") });
            return Deed::then(&here, "submitted")
                .ask("POST", &[&api, "/submit"], Some(body))
                .next();
        }
        ([_, "delete"], "delete") => {
            ending::named(desk, text(template, "name"))?;
            return Deed::then("/admin/templates", "deleted")
                .ask("DELETE", &[&api], None)
                .next();
        }
        ([_, "edit"], "settings") => edit::settings_typed(desk, template),
        ([_, "languages", language], "language") => edit::language_typed(desk, template, language),
        ([_, "languages", language], "remove") => edit::without(template, language),
        _ => return Err(Problem::not_found()),
    };
    Deed::then(&here, "saved").replace(desk, &api, body).next()
}

/// A status with the colour it has everywhere.
pub(super) fn status(desk: &Desk, approval: &str) -> Bit {
    let tone = match approval {
        "approved" => "good",
        "pending" | "received" => "warn",
        "rejected" | "paused" | "disabled" => "bad",
        _ => "plain",
    };
    Bit::Badge(tone, desk.words.code("approval.", approval).into())
}

/// Where a template comes from.
pub(super) fn source(desk: &Desk, template: &Value) -> Cell {
    match text(template, "source.account") {
        "" => plain(desk.say("source.hand")),
        _ => plain(desk.say("source.twilio")),
    }
}

fn page(desk: &Desk, template: &Value, accounts: &[Value], senders: &[Value]) -> Page {
    let mut page = Page {
        title: text(template, "name").into(),
        place: "templates",
        crumbs: vec![Link::new("/admin/templates", desk.say("templates"))],
        ..Page::default()
    };
    if desk.admin() {
        let refresh = Act::button(href(template, ""), "refresh", desk.say("template.refresh"));
        page.acts = vec![
            refresh,
            Act::link(href(template, "/edit"), desk.say("edit")),
            Act::link(href(template, "/delete"), desk.say("delete")).look("danger"),
        ];
    }
    if at(template, "vanished_at").is_number() {
        let mut section = Section::default();
        section.notice("bad", desk.say("template.vanished"));
        section.fact(
            desk.say("template.vanished-at"),
            moment(&desk.words, template, "vanished_at"),
        );
        page.sections.push(section);
    }
    page.sections.push(facts(desk, template, accounts, senders));
    for one in list(template, "localizations") {
        page.sections
            .push(localization(desk, template, one, accounts));
    }
    if desk.admin() && text(template, "source.account").is_empty() {
        let mut section = Section::default();
        let add = Act::link(
            href(template, "/languages/new"),
            desk.say("template.add-language"),
        );
        section.blocks.push(Block::Acts(vec![add]));
        page.sections.push(section);
    }
    page.sections.push(uses(desk, template, senders));
    page
}

fn facts(desk: &Desk, template: &Value, accounts: &[Value], senders: &[Value]) -> Section {
    let mut section = Section::default();
    let category = desk.words.code("category.", text(template, "category"));
    section.fact(desk.say("template.category"), plain(category));
    let language = edit::tongue_of(desk, text(template, "default_language"));
    section.fact(desk.say("template.default_language"), plain(language));
    let mut from = source(desk, template);
    let account = text(template, "source.account");
    if !account.is_empty() {
        let name = text(by_id(accounts, account), "name");
        from.extend(linked(["/admin/accounts/", account].concat(), name));
        from.extend(moment(&desk.words, template, "source.at"));
    }
    section.fact(desk.say("templates.head.source"), from);
    let mut offered = Vec::new();
    for id in list(template, "senders").iter().filter_map(Value::as_str) {
        let name = text(by_id(senders, id), "name");
        offered.extend(linked(["/admin/numbers/", id].concat(), name));
    }
    if offered.is_empty() {
        offered.push(Bit::Badge("warn", desk.say("template.no-number").into()));
    }
    section.fact(desk.say("template.senders"), offered);
    if !flag(template, "active") {
        section.notice("warn", desk.say("template.is-inactive"));
    }
    section
}

/// One language: how it looks, and whether it can be sent.
fn localization(desk: &Desk, template: &Value, one: &Value, accounts: &[Value]) -> Section {
    let language = text(one, "language");
    let mut section = Section::new(edit::tongue_of(desk, language));
    let by_hand = text(template, "source.account").is_empty();
    if desk.admin() && by_hand {
        let edit = Act::link(
            href(template, &["/languages/", language].concat()),
            desk.say("edit"),
        );
        section.acts.push(edit);
    }
    section.fact(
        desk.say("templates.status"),
        vec![status(desk, text(one, "approval"))],
    );
    let usable = text(one, "usable");
    let tone = match usable {
        "anywhere" => "good",
        "window-only" => "warn",
        _ => "bad",
    };
    let mut can = badge(tone, desk.words.code("usable.", usable));
    let why = text(one, "why");
    if !why.is_empty() {
        can.push(Bit::Text(desk.words.code("why.", why).into()));
    }
    section.fact(desk.say("template.usable"), can);
    section.fact(
        desk.say("template.content_sid"),
        code(text(one, "content_sid")),
    );
    let reason = text(one, "rejection_reason");
    if !reason.is_empty() {
        section.fact(desk.say("template.rejected-because"), plain(reason));
    }
    section.blocks.push(Block::Phone(phone(desk, one)));
    if by_hand && text(one, "approval") == "unsubmitted" && !accounts.is_empty() {
        let acts = accounts.iter().map(|account| {
            let facts = [("name", text(account, "name"))];
            let label = desk.words.fill("template.submit", &facts);
            Act::button(href(template, ""), "submit", &label)
                .with("account", text(account, "id"))
                .with("language", language)
        });
        section.blocks.push(Block::Acts(acts.collect()));
    }
    section
}

fn uses(desk: &Desk, template: &Value, senders: &[Value]) -> Section {
    let mut section = Section::new(desk.say("template.uses"));
    let rows = list(template, "uses").iter().map(|one| {
        let id = text(one, "sender");
        let name = match text(by_id(senders, id), "name") {
            "" => id,
            name => name,
        };
        vec![
            linked(["/admin/numbers/", id].concat(), name),
            plain(digits(one, "count")),
            vec![time(number(one, "last_at"))],
        ]
    });
    section.blocks.push(Block::Table(Table {
        name: desk.say("template.uses").into(),
        heads: ["numbers.number", "template.count", "template.last"]
            .map(|head| desk.words.of(head).into())
            .into(),
        rows: rows.collect(),
        empty: desk.say("template.unused").into(),
    }));
    section
}

fn end(desk: &Desk, template: &Value, senders: &[Value]) -> Page {
    let name = text(template, "name");
    let crumbs = vec![
        Link::new("/admin/templates", desk.say("templates")),
        Link::new(href(template, ""), name),
    ];
    let mut page = ending::page(desk, "templates", crumbs, name);
    let mut section = Section::new(desk.say("delete.ends"));
    let mut ends: Vec<Cell> = Vec::new();
    for id in list(template, "senders").iter().filter_map(Value::as_str) {
        let mut line = plain(desk.say("delete.offered"));
        line.extend(linked(
            ["/admin/numbers/", id].concat(),
            text(by_id(senders, id), "name"),
        ));
        ends.push(line);
    }
    ending::consequences(desk, &mut section, ends);
    page.sections.push(section);
    page.sections.push(uses(desk, template, senders));
    let mut section = Section::default();
    section.form(ending::form(desk, name, &href(template, ""), false));
    page.sections.push(section);
    page
}
