//! Who changed what, when, from what to what? The audit log, filtered, and as a table to keep.

use super::client::Visit;
use super::desk::Desk;
use super::form::{Form, Kind};
use super::look::{at, day, digits, list, number, text, time};
use super::page::{Act, Bit, Block, Cell, Page, Section, Table, plain};
use crate::problem::Problem;
use serde_json::Value;
use shared::twilio::form::print;

/// What can be changed.
const KINDS: [&str; 4] = ["account", "sender", "workstream", "template"];

/// A day, in milliseconds.
const DAY: i64 = 86_400_000;

/// The longest value that is shown of a change, in characters.
const LONGEST: usize = 120;

/// The API's query for the filters of this page.
pub(super) fn query(desk: &Desk) -> String {
    let mut query: Vec<(String, String)> = Vec::new();
    for name in ["who", "kind", "id", "before"] {
        query.push((name.into(), desk.asked(name).trim().into()));
    }
    if let Some(since) = day(desk.asked("since")) {
        query.push(("since".into(), since.to_string()));
    }
    if let Some(until) = day(desk.asked("until")) {
        // The whole of the last day.
        query.push(("until".into(), (until + DAY).to_string()));
    }
    query.retain(|(_, value)| !value.is_empty());
    print(&query)
}

/// `GET /admin/audit`
pub(super) async fn show(visit: &Visit<'_>) -> Result<Page, Problem> {
    let desk = &visit.desk;
    let told = visit.get(&["audit?", &query(desk)].concat()).await?;
    Ok(page(desk, &told))
}

fn page(desk: &Desk, told: &Value) -> Page {
    let mut page = Page {
        title: desk.say("audit").into(),
        lead: desk.say("audit.lead").into(),
        place: "audit",
        ..Page::default()
    };
    let again = |more: Option<(&str, String)>| {
        let mut query: Vec<(String, String)> = (desk.query.params().iter())
            .filter(|(name, _)| !matches!(name.as_str(), "before" | "lang"))
            .cloned()
            .collect();
        query.extend(more.map(|(name, value)| (name.to_string(), value)));
        print(&query)
    };
    let csv = ["/admin/audit.csv?", &again(None)].concat();
    page.acts.push(Act::link(csv, desk.say("audit.csv")));
    let mut form = Form::new(desk, "filter", desk.say("filter"));
    form.filter = true;
    form.add(desk, Kind::Text, "who", "audit.who", desk.asked("who"));
    let field = form.add(desk, Kind::Select, "kind", "audit.kind", desk.asked("kind"));
    field.choice("", desk.say("filter.all"));
    for kind in KINDS {
        field.choice(kind, desk.words.of(&["kind.", kind].concat()));
    }
    form.add(desk, Kind::Text, "id", "audit.id", desk.asked("id"));
    form.add(desk, Kind::Day, "since", "audit.since", desk.asked("since"));
    form.add(desk, Kind::Day, "until", "audit.until", desk.asked("until"));
    let mut section = Section::default();
    section.form(form);
    page.sections.push(section);
    let mut section = Section::default();
    let heads = ["audit.at", "audit.who", "audit.what", "audit.change"];
    section.blocks.push(Block::Table(Table {
        name: desk.say("audit").into(),
        heads: heads.map(|head| desk.say(head).into()).into(),
        rows: list(told, "entries")
            .iter()
            .map(|entry| row(desk, entry))
            .collect(),
        empty: desk.say("audit.none").into(),
    }));
    let next = digits(told, "next");
    if !next.is_empty() {
        let href = ["/admin/audit?", &again(Some(("before", next)))].concat();
        section
            .blocks
            .push(Block::Acts(vec![Act::link(href, desk.say("older"))]));
    }
    page.sections.push(section);
    page
}

fn row(desk: &Desk, entry: &Value) -> Vec<Cell> {
    let words = &desk.words;
    let what = vec![
        Bit::Text(words.code("verb.", text(entry, "verb")).into()),
        Bit::Text(words.code("kind.", text(entry, "kind")).into()),
        Bit::Code(text(entry, "subject").into()),
    ];
    let who = vec![
        Bit::Text(text(entry, "who").into()),
        Bit::Soft(words.code("role.short.", text(entry, "role")).into()),
    ];
    vec![
        vec![time(number(entry, "at"))],
        who,
        what,
        differences(at(entry, "before"), at(entry, "after")),
    ]
}

/// What differs, field by field.
fn differences(before: &Value, after: &Value) -> Cell {
    let (mut was, mut is) = (Vec::new(), Vec::new());
    leaves("", before, &mut was);
    leaves("", after, &mut is);
    let find = |all: &[(String, String)], name: &str| {
        let found = all.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let mut cell = Vec::new();
    for (name, old) in &was {
        let new = find(&is, name);
        if *old != new {
            cell.push(Bit::Change(name.clone(), old.clone(), new));
        }
    }
    for (name, new) in is {
        if !was.iter().any(|(known, _)| *known == name) {
            cell.push(Bit::Change(name, String::new(), new));
        }
    }
    if cell.is_empty() { plain("–") } else { cell }
}

/// The plain values of something, each with its place. What is off, empty or ours alone is left out.
fn leaves(place: &str, value: &Value, to: &mut Vec<(String, String)>) {
    let below = |name: &str| {
        if place.is_empty() {
            name.to_string()
        } else {
            [place, ".", name].concat()
        }
    };
    match value {
        Value::Null | Value::Bool(false) => {}
        Value::Object(fields) => {
            for (name, value) in fields {
                if name != "id" && name != "version" {
                    leaves(&below(name), value, to);
                }
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            for (index, item) in items.iter().enumerate() {
                leaves(&below(&(index + 1).to_string()), item, to);
            }
        }
        Value::Array(items) => {
            let texts: Vec<String> = items.iter().map(short).collect();
            if !texts.is_empty() {
                to.push((place.into(), texts.join(", ")));
            }
        }
        other => to.push((place.into(), short(other))),
    }
}

fn short(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let mut short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_differs_is_shown_with_its_place() {
        let before = json!({ "id": "a", "name": "Old", "sender": { "margin": 1, "active": true } });
        let after = json!({ "id": "a", "name": "New", "sender": { "margin": 2, "active": false },
            "words": ["x", "y"], "buttons": [{ "title": "Yes" }] });
        let change =
            |name: &str, was: &str, is: &str| Bit::Change(name.into(), was.into(), is.into());
        let mut found = differences(&before, &after);
        found.sort_by_key(|bit| format!("{bit:?}"));
        assert_eq!(
            found,
            [
                change("buttons.1.title", "", "Yes"),
                change("name", "Old", "New"),
                change("sender.active", "true", ""),
                change("sender.margin", "1", "2"),
                change("words", "", "x, y"),
            ]
        );
        let gone = differences(&before, &Value::Null);
        assert!(gone.contains(&change("name", "Old", "")));
        assert_eq!(short(&json!("x".repeat(200))).chars().count(), LONGEST + 1);
    }
}
