//! How is a set-up repeated elsewhere? One file without secrets: to keep, and to take in again.

use super::client::{Next, Visit, When, done};
use super::desk::Desk;
use super::form::{Form, Kind};
use super::look::{digits, list, number, text};
use super::page::{Act, Bit, Block, Page, Section, Table, plain};
use crate::problem::Problem;
use serde_json::Value;

/// `GET /admin/configuration`
pub(super) fn show(desk: &Desk) -> Page {
    let mut page = Page {
        title: desk.say("configuration").into(),
        lead: desk.say("configuration.lead").into(),
        place: "configuration",
        ..Page::default()
    };
    let mut section = Section::new(desk.say("export"));
    section.text(desk.say("export.about"));
    let act = Act::link("/admin/configuration/export", desk.say("export.now"));
    section.blocks.push(Block::Acts(vec![act.look("first")]));
    page.sections.push(section);
    let mut section = Section::new(desk.say("import"));
    section.text(desk.say("import.about"));
    let mut form = Form::new(desk, "import", desk.say("import.try"));
    form.file = true;
    form.add(desk, Kind::File, "file", "import.file", "")
        .optional();
    form.add(desk, Kind::Area, "pasted", "import.pasted", "")
        .optional();
    section.form(form);
    page.sections.push(section);
    page
}

/// Says what a file would change, or changes it.
pub(super) async fn act(visit: &Visit<'_>) -> Result<Next, Problem> {
    let desk = &visit.desk;
    let given = ["document", "file", "pasted"].map(|name| desk.typed(name));
    let text = given.iter().find(|text| !text.trim().is_empty());
    let Some(text) = text else {
        return Err(super::account_setup::empty("file"));
    };
    let document: Value =
        crate::json::read(text).map_err(|error| unreadable(&error.to_string()))?;
    let path = "configuration?dry_run=";
    if desk.typed("do") == "apply" {
        let path = [path, "false"].concat();
        visit
            .call("POST", &path, Some(&document), When::Always)
            .await?;
        return done("/admin/configuration", "imported");
    }
    let path = [path, "true"].concat();
    let told = visit
        .call("POST", &path, Some(&document), When::Always)
        .await?;
    Ok(Next::Show(Box::new(rehearsed(desk, &told, &document))))
}

/// A text that is no JSON: where it ceases to be, as the reader's sentence ends with it.
fn unreadable(sentence: &str) -> Problem {
    let problem = Problem::new(400, "file-unreadable").because(sentence);
    let place = sentence.rsplit_once(" at line ");
    match place.and_then(|(_, place)| place.split_once(" column ")) {
        Some((line, column)) => problem.fact("line", line).fact("column", column),
        None => problem,
    }
}

/// What a file would change.
fn rehearsed(desk: &Desk, told: &Value, document: &Value) -> Page {
    let mut page = Page {
        title: desk.say("import.would").into(),
        lead: desk.say("import.nothing-yet").into(),
        place: "configuration",
        crumbs: vec![super::page::Link::new(
            "/admin/configuration",
            desk.say("configuration"),
        )],
        ..Page::default()
    };
    let mut section = Section::default();
    for name in ["created", "changed", "unchanged"] {
        let count = digits(told, name);
        section.fact(desk.words.of(&["import.", name].concat()), plain(count));
    }
    let rows = list(told, "lines").iter().map(|line| {
        vec![
            vec![Bit::Code(text(line, "id").into())],
            plain(desk.words.code("kind.", text(line, "kind"))),
            plain(desk.words.code("verb.", text(line, "verb"))),
        ]
    });
    section.blocks.push(Block::Table(Table {
        name: desk.say("import.would").into(),
        heads: ["audit.id", "audit.kind", "audit.what"]
            .map(|head| desk.say(head).into())
            .into(),
        rows: rows.collect(),
        empty: desk.say("import.same").into(),
    }));
    let some = number(told, "created") + number(told, "changed") > 0;
    let mut form = Form::new(
        desk,
        "apply",
        if some { desk.say("import.apply") } else { "" },
    );
    form.action = "/admin/configuration".into();
    form.hide("document", document.to_string());
    form.instead = Some(super::page::Link::new(
        "/admin/configuration",
        desk.say("cancel"),
    ));
    section.form(form);
    page.sections.push(section);
    page
}
