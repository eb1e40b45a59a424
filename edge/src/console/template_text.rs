//! How does a template look on a customer's phone, and what would WhatsApp object to?

use super::desk::Desk;
use super::form::{Form, field_of};
use super::look::{list, text};
use super::page::{Block, Link, Notice, Page, Phone, Section};
use super::words::Words;
use crate::problem::Problem;
use serde_json::{Value, json};
use shared::template::{Piece, pieces};

/// A template in one language as a phone shows it, with the samples in the places of its variables.
pub(super) fn phone(desk: &Desk, localization: &Value) -> Phone {
    let samples = list(localization, "samples");
    let mut body = Vec::new();
    for piece in pieces(text(localization, "body")) {
        body.push(match piece {
            Piece::Text(text) => (false, text.to_string()),
            Piece::Variable(name) => {
                let sample = samples.iter().find(|one| text(one, "name") == name);
                let value = sample.map_or("", |one| text(one, "value"));
                let hole = ["{{", name, "}}"].concat();
                (true, if value.is_empty() { hole } else { value.into() })
            }
        });
    }
    Phone {
        label: desk.say("template.preview").into(),
        body,
        footer: text(localization, "footer").into(),
        buttons: (list(localization, "buttons").iter())
            .map(|button| text(button, "title").to_string())
            .filter(|title| !title.is_empty())
            .collect(),
    }
}

/// The samples out of lines such as `1 = Anna`.
pub(super) fn samples_typed(desk: &Desk) -> Vec<Value> {
    let typed = desk.typed("samples");
    (typed.split('\n'))
        .filter(|line| !line.trim().is_empty())
        .map(|line| {
            let (name, value) = line.split_once(['=', ':']).unwrap_or((line, ""));
            let name = name.trim().trim_matches(['{', '}']);
            json!({ "name": name, "value": value.trim() })
        })
        .collect()
}

/// Samples as lines.
pub(super) fn samples_written(localization: &Value) -> String {
    let lines: Vec<String> = (list(localization, "samples").iter())
        .map(|one| [text(one, "name"), " = ", text(one, "value")].concat())
        .collect();
    lines.join("\n")
}

/// The part of the page that follows what is typed: objections, and the phone.
pub(super) fn live(desk: &Desk, localization: &Value, told: &Value) -> Section {
    let mut section = Section::new(desk.say("template.preview"));
    section.id = "live";
    if !told.is_null() {
        let found = list(told, "findings");
        if found.is_empty() {
            section.notice("good", desk.say("finding.none"));
        }
        for finding in found {
            let mut notice = Notice::new("warn", "", sentence(&desk.words, finding));
            notice.title = field_name(desk, text(finding, "field"));
            section.blocks.push(Block::Notice(notice));
        }
    }
    section.blocks.push(Block::Phone(phone(desk, localization)));
    section
}

/// What a finding says.
fn sentence(words: &Words, finding: &Value) -> String {
    let mut problem = Problem::new(422, text(finding, "code"));
    if let Some(facts) = finding.get("facts").and_then(Value::as_object) {
        problem.facts = facts.clone();
    }
    words.told("finding.", &problem)
}

/// The field of a finding, in words.
fn field_name(desk: &Desk, place: &str) -> String {
    let name = place.split(['[', '.']).next().unwrap_or_default();
    let mut told: String = desk.words.code("template.", name).into();
    let digits: String = place.chars().filter(char::is_ascii_digit).collect();
    if let Ok(button) = digits.parse::<usize>() {
        told.push(' ');
        told.push_str(&(button + 1).to_string());
    }
    told
}

/// Puts the findings to their fields, for who sent the form.
pub(super) fn object(page: &mut Page, desk: &Desk, told: &Value) {
    page.status = 422;
    let forms = (page.sections.iter_mut()).flat_map(|it| &mut it.blocks);
    let mut flaws = Vec::new();
    for block in forms {
        if let Block::Form(form) = block {
            flaws.extend(
                list(told, "findings")
                    .iter()
                    .map(|it| at_field(form, desk, it)),
            );
        }
    }
    page.flaws = flaws;
}

fn at_field(form: &mut Form, desk: &Desk, finding: &Value) -> Link {
    let words = sentence(&desk.words, finding);
    let name = field_of(text(finding, "field"));
    let anchor = ["#", form.id, "-", &name].concat();
    match form.fields.iter_mut().find(|field| field.name == name) {
        Some(field) => {
            if field.error.is_empty() {
                field.error.clone_from(&words);
            }
            Link::new(anchor, words)
        }
        None => Link::new("#live", words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_stand_in_the_places_of_variables() {
        let one = json!({
            "body": "Ciao {{1}}, alle {{2}}.",
            "samples": [{ "name": "1", "value": "Anna" }],
        });
        let phone = phone(&Desk::default(), &one);
        let body: Vec<(bool, &str)> = (phone.body.iter())
            .map(|(is, text)| (*is, text.as_str()))
            .collect();
        assert_eq!(
            body,
            [
                (false, "Ciao "),
                (true, "Anna"),
                (false, ", alle "),
                (true, "{{2}}"),
                (false, ".")
            ]
        );
        assert_eq!(samples_written(&one), "1 = Anna");
    }

    #[test]
    fn samples_are_lines() {
        let form = vec![(
            "samples".to_string(),
            "1 = Anna\r\n{{2}}: 15:30\n\n".to_string(),
        )];
        let desk = Desk {
            form: shared::twilio::form::Form::new(form),
            ..Desk::default()
        };
        let typed = samples_typed(&desk);
        assert_eq!(typed[0], json!({ "name": "1", "value": "Anna" }));
        assert_eq!(typed[1], json!({ "name": "2", "value": "15:30" }));
        assert_eq!(typed.len(), 2);
    }
}
