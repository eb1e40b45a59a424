//! How do conversations reach agents? Workstreams: their list, their page, their end.

use super::accounts::in_use;
use super::client::{Deed, Next, Visit};
use super::desk::{Desk, new_id};
use super::ending;
use super::form::{Form, Kind};
use super::look::{by_id, digits, flag, list, text};
use super::page::{Act, Bit, Block, Cell, Link, Page, Section, Table, code, linked, plain};
use super::workstream_setup as setup;
use crate::problem::Problem;
use serde_json::{Value, json};

/// The pages below `/admin/workstreams`.
pub(super) async fn show(visit: &Visit<'_>, path: &[&str]) -> Result<Page, Problem> {
    let desk = &visit.desk;
    let (id, rest) = match path {
        [] => {
            let all = visit.get("workstreams").await?;
            let senders = visit.get("senders").await?;
            return Ok(all_of(
                desk,
                list(&all, "workstreams"),
                list(&senders, "senders"),
            ));
        }
        ["new"] => return Ok(new(desk)),
        [id, rest @ ..] => (*id, rest),
    };
    let workstream = visit.get(&["workstreams/", id].concat()).await?;
    let senders = visit.get("senders").await?;
    let senders = list(&senders, "senders");
    match rest {
        [] => Ok(page(desk, &workstream, senders)),
        ["whatsapp"] => Ok(setup::page(desk, &workstream, senders)),
        ["delete"] => Ok(end(desk, &workstream, senders)),
        _ => Err(Problem::not_found()),
    }
}

/// What their forms do to a workstream, which is `null` while it is new.
pub(super) fn act(desk: &Desk, path: &[&str], workstream: &Value) -> Result<Next, Problem> {
    let api = ["workstreams/", path.first().unwrap_or(&"")].concat();
    let here = ["/admin/", &api].concat();
    match (path, desk.typed("do").as_str()) {
        (["new"], "new") => {
            let name = desk.typed("name").trim().to_string();
            let id = new_id(&name, &desk.typed("chance"));
            let body = json!({ "name": name, "distribution": desk.typed("distribution") });
            Deed::then(&["/admin/workstreams/", &id].concat(), "workstream")
                .create(&["workstreams/", &id], body)
                .next()
        }
        ([_], "edit") => {
            let body = json!({
                "name": desk.typed("name").trim(),
                "distribution": text(workstream, "distribution"),
                "active": desk.typed("active") == "yes",
            });
            Deed::then(&here, "saved").replace(desk, &api, body).next()
        }
        ([_, "delete"], "delete") => {
            ending::named(desk, text(workstream, "name"))?;
            Deed::then("/admin/workstreams", "deleted")
                .ask("DELETE", &[&api, "?senders=release"], None)
                .next()
        }
        _ => Err(Problem::not_found()),
    }
}

/// A link to a workstream by its name; by its id, if nothing else is known of it.
pub(super) fn named(workstreams: &[Value], id: &str) -> Cell {
    let name = match text(by_id(workstreams, id), "name") {
        "" => id,
        name => name,
    };
    linked(["/admin/workstreams/", id].concat(), name)
}

fn numbers_of(desk: &Desk, workstream: &Value, senders: &[Value]) -> Cell {
    let mut cell = Vec::new();
    for id in list(workstream, "senders").iter().filter_map(Value::as_str) {
        let href = ["/admin/numbers/", id].concat();
        cell.extend(linked(href, text(by_id(senders, id), "name")));
    }
    if cell.is_empty() {
        cell.push(Bit::Badge("warn", desk.say("workstream.no-numbers").into()));
    }
    cell
}

fn all_of(desk: &Desk, all: &[Value], senders: &[Value]) -> Page {
    let mut page = Page {
        title: desk.say("workstreams").into(),
        lead: desk.say("workstreams.lead").into(),
        place: "workstreams",
        ..Page::default()
    };
    if desk.admin() {
        let new = Act::link("/admin/workstreams/new", desk.say("workstreams.new"));
        page.acts.push(new.look("first"));
    }
    let rows = all.iter().map(|one| {
        let mut name = linked(
            ["/admin/workstreams/", text(one, "id")].concat(),
            text(one, "name"),
        );
        if !flag(one, "active") {
            name.push(Bit::Badge("plain", desk.say("inactive").into()));
        }
        let way = desk.words.code("distribution.", text(one, "distribution"));
        vec![name, plain(way), numbers_of(desk, one, senders)]
    });
    let heads = ["workstream", "distribution", "numbers"];
    let mut section = Section::default();
    section.blocks.push(Block::Table(Table {
        name: desk.say("workstreams").into(),
        heads: heads.map(|head| desk.say(head).into()).into(),
        rows: rows.collect(),
        empty: desk.say("workstreams.none").into(),
    }));
    page.sections.push(section);
    page
}

fn new(desk: &Desk) -> Page {
    let mut page = Page {
        title: desk.say("workstreams.new").into(),
        place: "workstreams",
        crumbs: vec![Link::new("/admin/workstreams", desk.say("workstreams"))],
        ..Page::default()
    };
    let mut form = Form::new(desk, "new", desk.say("workstreams.create"));
    let chance = match desk.typed("chance") {
        chance if chance.is_empty() => desk.chance.clone(),
        chance => chance,
    };
    form.hide("chance", chance);
    form.add(desk, Kind::Text, "name", "workstream.name", "");
    let field = form.add(desk, Kind::Radio, "distribution", "distribution", "push");
    for way in ["push", "pick"] {
        let key = ["distribution.", way].concat();
        field.explained(
            way,
            desk.words.of(&key),
            desk.words.of(&[&key, "-hint"].concat()),
        );
    }
    form.instead = Some(Link::new("/admin/workstreams", desk.say("cancel")));
    let mut section = Section::default();
    section.form(form);
    page.sections.push(section);
    page
}

fn page(desk: &Desk, workstream: &Value, senders: &[Value]) -> Page {
    let here = ["/admin/workstreams/", text(workstream, "id")].concat();
    let mut page = Page {
        title: text(workstream, "name").into(),
        place: "workstreams",
        crumbs: vec![Link::new("/admin/workstreams", desk.say("workstreams"))],
        ..Page::default()
    };
    let set_up = Act::link([&here, "/whatsapp"].concat(), desk.say("whatsapp.set-up"));
    if desk.admin() {
        page.acts.push(set_up.look("first"));
        let end = Act::link([&here, "/delete"].concat(), desk.say("delete"));
        page.acts.push(end.look("danger"));
    }
    let mut section = Section::new(desk.say("numbers"));
    let rows = (list(workstream, "senders").iter().filter_map(Value::as_str)).map(|id| {
        let sender = by_id(senders, id);
        vec![
            linked(["/admin/numbers/", id].concat(), text(sender, "name")),
            code(text(sender, "number")),
            plain(desk.words.code("tongue.", text(sender, "language"))),
        ]
    });
    section.blocks.push(Block::Table(Table {
        name: desk.say("numbers").into(),
        heads: ["name", "number", "language"]
            .map(|head| desk.words.of(&["numbers.", head].concat()).into())
            .into(),
        rows: rows.collect(),
        empty: desk.say("workstream.no-numbers-yet").into(),
    }));
    page.sections.push(section);
    let mut section = Section::new(desk.say("number.settings"));
    let way = text(workstream, "distribution");
    let told = vec![
        Bit::Text(desk.words.code("distribution.", way).into()),
        Bit::Soft(desk.say("distribution.fixed").into()),
    ];
    section.fact(desk.say("distribution"), told);
    let mut form = Form::new(desk, "edit", desk.say("save"));
    form.version(desk, &digits(workstream, "version"));
    form.add(
        desk,
        Kind::Text,
        "name",
        "workstream.name",
        text(workstream, "name"),
    );
    in_use(desk, &mut form, flag(workstream, "active"));
    section.form(form);
    page.sections.push(section);
    page
}

fn end(desk: &Desk, workstream: &Value, senders: &[Value]) -> Page {
    let name = text(workstream, "name");
    let here = ["/admin/workstreams/", text(workstream, "id")].concat();
    let crumbs = vec![
        Link::new("/admin/workstreams", desk.say("workstreams")),
        Link::new(here.as_str(), name),
    ];
    let mut page = ending::page(desk, "workstreams", crumbs, name);
    let mut section = Section::new(desk.say("delete.ends"));
    let ends = (list(workstream, "senders").iter().filter_map(Value::as_str)).map(|id| {
        let sender = by_id(senders, id);
        vec![
            Bit::Text(text(sender, "name").into()),
            Bit::Code(text(sender, "number").into()),
            Bit::Soft(desk.say("delete.released").into()),
        ]
    });
    ending::consequences(desk, &mut section, ends.collect());
    page.sections.push(section);
    let mut section = Section::default();
    section.form(ending::form(desk, name, &here, false));
    page.sections.push(section);
    page
}
