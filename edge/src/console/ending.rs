//! What ends when something is deleted? The consequences, the name to be typed, and what becomes of the
//! history.

use super::account_pages::href;
use super::desk::Desk;
use super::form::{Form, Kind};
use super::look::{list, number, text};
use super::page::{Bit, Block, Cell, Link, Page, Section, linked, plain};
use crate::problem::Problem;
use serde_json::Value;

/// A page that ends something called `name`.
pub(super) fn page(desk: &Desk, place: &'static str, crumbs: Vec<Link>, name: &str) -> Page {
    Page {
        title: desk.words.fill("delete.title", &[("name", name)]),
        lead: desk.say("delete.lead").into(),
        place,
        crumbs,
        ..Page::default()
    }
}

/// The form that ends it.
pub(super) fn form(desk: &Desk, name: &str, back: &str, history: bool) -> Form {
    let mut form = Form::new(desk, "delete", desk.say("delete.now"));
    form.danger = true;
    form.confirm = name.into();
    if history {
        form.add(desk, Kind::Radio, "history", "delete.history", "keep")
            .explained(
                "keep",
                desk.say("delete.keep"),
                desk.say("delete.keep-hint"),
            )
            .explained(
                "erase",
                desk.say("delete.erase"),
                desk.say("delete.erase-hint"),
            );
    }
    form.add(desk, Kind::Text, "confirm", "delete.confirm", "")
        .hint = desk.words.fill("delete.type", &[("name", name)]);
    form.instead = Some(Link::new(back, desk.say("cancel")));
    form
}

/// Whether the name was typed.
pub(super) fn named(desk: &Desk, name: &str) -> Result<(), Problem> {
    if desk.typed("confirm").trim() == name.trim() {
        return Ok(());
    }
    let problem = Problem::new(422, "field-invalid").fact("field", "confirm");
    Err(problem.remedy("type-name").fact("name", name))
}

/// What becomes of the history.
pub(super) fn history(desk: &Desk) -> &'static str {
    if desk.typed("history") == "erase" {
        "erase"
    } else {
        "keep"
    }
}

/// What ends with an account.
pub(super) fn account(desk: &Desk, account: &Value, told: &Value, workstreams: &[Value]) -> Page {
    let crumbs = vec![
        Link::new("/admin/accounts", desk.say("accounts")),
        Link::new(href(account, ""), text(account, "name")),
    ];
    let name = text(account, "name");
    let mut page = page(desk, "accounts", crumbs, name);
    let mut section = Section::new(desk.say("delete.ends"));
    let mut ends: Vec<Cell> = Vec::new();
    for sender in list(told, "senders") {
        ends.extend(ends_with_sender(desk, sender, workstreams));
    }
    for template in list(told, "templates") {
        ends.push(template_line(desk, template));
    }
    consequences(desk, &mut section, ends);
    page.sections.push(section);
    let mut section = Section::default();
    section.form(form(desk, name, &href(account, ""), true));
    page.sections.push(section);
    page
}

/// Lists what ends, or says that nothing else does.
pub(super) fn consequences(desk: &Desk, section: &mut Section, ends: Vec<Cell>) {
    if ends.is_empty() {
        section.text(desk.say("delete.nothing-else"));
    } else {
        section.blocks.push(Block::List(ends));
    }
}

/// What ends with a number.
pub(super) fn ends_with_sender(desk: &Desk, told: &Value, workstreams: &[Value]) -> Vec<Cell> {
    let words = &desk.words;
    let mut ends = vec![vec![
        Bit::Text(text(told, "name").into()),
        Bit::Code(text(told, "number").into()),
        Bit::Soft(words.of("delete.number").into()),
    ]];
    let threads = number(told, "threads");
    if threads > 0 {
        let open = number(told, "open_threads");
        let mut line = plain(words.count("delete.threads", threads));
        if open > 0 {
            line.push(Bit::Badge("bad", words.count("delete.open-threads", open)));
        }
        ends.push(line);
    }
    if text(told, "webhook") == "here" {
        ends.push(vec![
            Bit::Text(words.of("delete.webhook").into()),
            Bit::Code(text(told, "webhook_url").into()),
        ]);
    }
    let workstream = text(told, "workstream");
    if !workstream.is_empty() {
        let mut line = plain(words.of("delete.workstream"));
        line.extend(super::workstreams::named(workstreams, workstream));
        ends.push(line);
    }
    for template in list(told, "templates") {
        ends.push(template_line(desk, template));
    }
    ends
}

fn template_line(desk: &Desk, template: &Value) -> Cell {
    let mut line = plain(desk.say("delete.template"));
    let href = ["/admin/templates/", text(template, "id")].concat();
    line.extend(linked(href, text(template, "name")));
    line
}
