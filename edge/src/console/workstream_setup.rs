//! How does a number come into a workstream? *Set up WhatsApp*: number, language, behaviours, user
//! features, summary. What was chosen travels in the form; nothing is saved before *Finish*.

use super::account_setup::{empty, tongue};
use super::client::{Deed, Next};
use super::desk::Desk;
use super::form::{self, Form, Kind};
use super::look::{by_id, digits, text};
use super::numbers;
use super::page::{Act, Block, Link, Page, Section, Step, code, plain};
use crate::problem::Problem;
use serde_json::{Value, json};

/// The steps.
const STEPS: [&str; 5] = ["number", "language", "behaviours", "features", "summary"];

/// What travels from step to step.
const CARRIED: [&str; 5] = ["sender", "language", "behaviours", "attachments", "version"];

/// The step that is shown now: the one named by the form, else the first.
pub(super) fn page(desk: &Desk, workstream: &Value, senders: &[Value]) -> Page {
    let at = desk.typed("at");
    let known = STEPS.into_iter().find(|step| *step == at);
    at_step(desk, workstream, senders, known.unwrap_or(STEPS[0]))
}

/// Goes a step on or back; the last makes it so.
pub(super) fn step(desk: &Desk, workstream: &Value, senders: &[Value]) -> Result<Next, Problem> {
    let at = desk.typed("at");
    let place = STEPS.iter().position(|step| *step == at).unwrap_or(0);
    let back = desk.typed("step") == "back";
    if !back && at == "summary" {
        return finish(desk, workstream, senders);
    }
    let missing = !back && place == 0 && desk.typed("sender").is_empty();
    let to = match (back, missing) {
        (true, _) => place.saturating_sub(1),
        (false, true) => place,
        (false, false) => place + 1,
    };
    let step = STEPS.get(to).unwrap_or(&"summary");
    let mut page = at_step(desk, workstream, senders, step);
    if missing {
        form::tell(&mut page, desk, &empty("sender"));
    }
    Ok(Next::Show(Box::new(page)))
}

fn finish(desk: &Desk, workstream: &Value, senders: &[Value]) -> Result<Next, Problem> {
    let sender = by_id(senders, desk.typed("sender").as_str());
    if sender.is_null() {
        return Err(Problem::not_found());
    }
    let id = text(workstream, "id");
    let mut body = numbers::body(sender);
    numbers::set(&mut body, "workstream", json!(id));
    numbers::set(&mut body, "language", json!(desk.typed("language")));
    numbers::set(&mut body, "behaviours", numbers::behaviours_typed(desk));
    numbers::set(&mut body, "attachments", numbers::attachments_typed(desk));
    let deed = Deed::then(&["/admin/workstreams/", id].concat(), "whatsapp");
    // Sent twice, the second finds what the first made.
    if body == numbers::body(sender) {
        return deed.next();
    }
    let path = ["senders/", text(sender, "id")].concat();
    deed.replace(desk, &path, body).next()
}

fn at_step(desk: &Desk, workstream: &Value, senders: &[Value], step: &str) -> Page {
    let here = ["/admin/workstreams/", text(workstream, "id")].concat();
    let mut page = Page {
        title: desk.say("whatsapp.set-up").into(),
        lead: desk.words.of(&["whatsapp.", step, "-lead"].concat()).into(),
        place: "workstreams",
        crumbs: vec![
            Link::new("/admin/workstreams", desk.say("workstreams")),
            Link::new(here.as_str(), text(workstream, "name")),
        ],
        ..Page::default()
    };
    let now = STEPS
        .iter()
        .position(|one| *one == step)
        .unwrap_or_default();
    let steps = STEPS.iter().enumerate().map(|(place, one)| Step {
        state: match place.cmp(&now) {
            core::cmp::Ordering::Less => "done",
            core::cmp::Ordering::Equal => "now",
            core::cmp::Ordering::Greater => "later",
        },
        link: Link::new("", desk.words.of(&["whatsapp.step.", one].concat())),
        text: String::new(),
    });
    let mut section = Section {
        id: "steps",
        ..Section::default()
    };
    section.blocks.push(Block::Steps(steps.collect()));
    page.sections.push(section);
    let mut section = Section::default();
    match fill(desk, senders, step, &mut section) {
        Some(form) => section.form(form),
        None => {
            section.text(desk.say("whatsapp.no-number"));
            let add = Act::link("/admin/accounts", desk.say("accounts"));
            section.blocks.push(Block::Acts(vec![add.look("first")]));
        }
    }
    page.sections.push(section);
    page
}

/// The form of a step; none if there is no number to set up.
fn fill(desk: &Desk, senders: &[Value], step: &str, section: &mut Section) -> Option<Form> {
    let last = step == "summary";
    let submit = if last { "finish" } else { "continue" };
    let mut form = Form::new(desk, "whatsapp", desk.words.of(submit));
    form.hide("at", step);
    let sender = by_id(senders, desk.typed("sender").as_str());
    let shown: &[&str] = match step {
        "number" => &["sender", "version"],
        "language" => &["language", "version"],
        "behaviours" => &["behaviours"],
        "features" => &["attachments"],
        _ => &[],
    };
    for name in CARRIED.into_iter().filter(|name| !shown.contains(name)) {
        for line in desk.typed(name).split('\n').filter(|line| !line.is_empty()) {
            form.hide(name, line);
        }
    }
    match step {
        "number" => {
            let free: Vec<&Value> = (senders.iter())
                .filter(|one| text(one, "workstream").is_empty())
                .collect();
            let first = text(free.first()?, "id");
            let field = form.add(desk, Kind::Radio, "sender", "whatsapp.number", first);
            if field.value.is_empty() {
                field.value = first.into();
            }
            for one in free {
                field.explained(text(one, "id"), text(one, "name"), text(one, "number"));
            }
            return Some(form);
        }
        "language" => {
            form.hide("version", digits(sender, "version"));
            tongue(desk, &mut form, text(sender, "language"));
            if let Some(field) = form.fields.last_mut().filter(|it| it.value.is_empty()) {
                field.value.clone_from(&field.saved);
            }
        }
        "behaviours" => numbers::behaviours(desk, &mut form, &Value::Null),
        "features" => numbers::attachments(desk, &mut form, &Value::Null),
        _ => summary(desk, sender, section),
    }
    form.others.push(("back", desk.say("back").into()));
    Some(form)
}

/// All that was chosen.
fn summary(desk: &Desk, sender: &Value, section: &mut Section) {
    let listed = |family: &str, typed: &str| {
        let names: Vec<&str> = (typed.split('\n').filter(|line| !line.is_empty()))
            .map(|line| desk.words.code(family, line))
            .collect();
        if names.is_empty() {
            plain(desk.say("whatsapp.off"))
        } else {
            plain(names.join(", "))
        }
    };
    let mut number = plain(text(sender, "name"));
    number.extend(code(text(sender, "number")));
    section.fact(desk.say("whatsapp.step.number"), number);
    let language = plain(desk.words.code("tongue.", &desk.typed("language")));
    section.fact(desk.say("whatsapp.step.language"), language);
    let behaviours = listed("behaviours.", &desk.typed("behaviours"));
    section.fact(desk.say("whatsapp.step.behaviours"), behaviours);
    let attachments = listed("attachments.", &desk.typed("attachments"));
    section.fact(desk.say("attachments"), attachments);
}
