//! How does an account come to life? The wizard, in the order of the reference system: name, account
//! SID and token, numbers, callback URLs, check, test.

use super::account_pages::{callbacks, check, href, number_table};
use super::accounts::api_key;
use super::client::{Deed, Next};
use super::desk::{Desk, new_id};
use super::form::{self, Form, Kind};
use super::look::{at, text};
use super::page::{Act, Block, Link, Notice, Page, Section, Step};
use crate::problem::Problem;
use serde_json::{Value, json};

/// The steps, by their place in the path.
const STEPS: [&str; 6] = [
    "new",
    "credentials",
    "numbers",
    "callbacks",
    "check",
    "test",
];

/// The languages that are offered for a number, as the page's `Intl` writes them.
const TONGUES: [&str; 14] = [
    "en", "en-GB", "en-US", "it", "de", "fr", "es", "es-MX", "pt-BR", "pt-PT", "nl", "pl", "ar",
    "hi",
];

/// The wizard's frame around a step.
fn frame(desk: &Desk, step: &str, account: &Value) -> Page {
    let mut page = Page {
        title: desk.words.of(&["wizard.", step].concat()).into(),
        lead: desk.words.of(&["wizard.", step, "-lead"].concat()).into(),
        place: "accounts",
        crumbs: vec![Link::new("/admin/accounts", desk.say("accounts"))],
        ..Page::default()
    };
    let known = !text(account, "id").is_empty();
    if known {
        page.crumbs
            .push(Link::new(href(account, ""), text(account, "name")));
    }
    let now = STEPS
        .iter()
        .position(|one| *one == step)
        .unwrap_or_default();
    let steps = STEPS.iter().enumerate().map(|(place, one)| {
        let below = ["/", one].concat();
        let there = known && place > 0 && place != now;
        let refused = *one == "credentials" && text(account, "check.token") == "refused";
        Step {
            state: match place.cmp(&now) {
                core::cmp::Ordering::Less if refused => "later",
                core::cmp::Ordering::Less => "done",
                core::cmp::Ordering::Equal => "now",
                core::cmp::Ordering::Greater => "later",
            },
            link: Link::new(
                if there {
                    href(account, &below)
                } else {
                    String::new()
                },
                desk.words.of(&["wizard.step.", one].concat()),
            ),
            text: String::new(),
        }
    });
    let mut section = Section {
        id: "steps",
        ..Section::default()
    };
    section.blocks.push(Block::Steps(steps.collect()));
    page.sections.push(section);
    page
}

/// The first two steps: what is typed travels in the form until the account is made.
pub(super) fn new(desk: &Desk) -> Page {
    if desk.typed("step") == "credentials" || desk.typed("do") == "credentials" {
        return second(desk);
    }
    let mut page = frame(desk, "new", &Value::Null);
    let mut form = Form::new(desk, "name", desk.say("continue"));
    form.hide("chance", chance(desk));
    form.add(desk, Kind::Text, "name", "account.name", "");
    form.instead = Some(Link::new("/admin/accounts", desk.say("cancel")));
    let mut section = Section::default();
    section.form(form);
    page.sections.push(section);
    page
}

/// What chance adds to the id: the same however often the form is sent.
fn chance(desk: &Desk) -> String {
    match desk.typed("chance") {
        chance if chance.is_empty() => desk.chance.clone(),
        chance => chance,
    }
}

fn second(desk: &Desk) -> Page {
    let mut page = frame(desk, "credentials", &Value::Null);
    let mut form = Form::new(desk, "credentials", desk.say("continue"));
    form.hide("chance", chance(desk));
    form.hide("name", desk.typed("name"));
    form.add(desk, Kind::Mono, "account_sid", "account.account_sid", "");
    form.add(desk, Kind::Secret, "auth_token", "account.auth_token", "");
    form.add(desk, Kind::Group, "better", "account.key-better", "");
    form.add(desk, Kind::Mono, "sid", "account.key-sid", "")
        .optional();
    form.add(desk, Kind::Secret, "secret", "account.key-secret", "")
        .optional();
    form.others.push(("back", desk.say("back").into()));
    let mut section = Section::default();
    section.form(form);
    page.sections.push(section);
    page
}

/// Goes on from the first two steps; makes the account after the second.
pub(super) fn create(desk: &Desk) -> Result<Next, Problem> {
    let name = desk.typed("name").trim().to_string();
    if desk.typed("do") == "name" || desk.typed("step") == "back" {
        if desk.typed("step") == "back" || name.is_empty() {
            let mut page = new_again(desk, &name);
            if desk.typed("step") != "back" {
                form::tell(&mut page, desk, &empty("name"));
            }
            return Ok(Next::Show(Box::new(page)));
        }
        return Ok(Next::Show(Box::new(second(desk))));
    }
    let id = new_id(&name, &desk.typed("chance"));
    let mut body = json!({ "name": name, "account_sid": desk.typed("account_sid").trim() });
    let key = !desk.typed("sid").trim().is_empty() || !desk.typed("secret").trim().is_empty();
    let token = desk.typed("auth_token").trim().to_string();
    if let Some(fields) = body.as_object_mut() {
        if !token.is_empty() || !key {
            fields.insert("auth_token".into(), token.into());
        }
        if key {
            fields.insert("api_key".into(), api_key(desk));
        }
    }
    Deed::then(&["/admin/accounts/", &id, "/numbers"].concat(), "account")
        .create(&["accounts/", &id], body)
        .ask("POST", &["accounts/", &id, "/check"], None)
        .next()
}

/// The first step with what was typed.
fn new_again(desk: &Desk, name: &str) -> Page {
    let mut page = frame(desk, "new", &Value::Null);
    let mut form = Form::new(desk, "name", desk.say("continue"));
    form.again();
    form.hide("chance", chance(desk));
    form.add(desk, Kind::Text, "name", "account.name", name);
    let mut section = Section::default();
    section.form(form);
    page.sections.push(section);
    page
}

/// A field that has to be filled in.
pub(super) fn empty(field: &str) -> Problem {
    Problem::new(422, "field-invalid")
        .fact("field", field)
        .remedy("give-field")
}

/// The steps after the account was made.
pub(super) fn step(
    desk: &Desk,
    account: &Value,
    senders: &[Value],
    workstreams: &[Value],
    step: &str,
) -> Result<Page, Problem> {
    if !STEPS.iter().skip(2).any(|one| *one == step) {
        return Err(Problem::not_found());
    }
    let mut page = frame(desk, step, account);
    let next = |step: &str, text: &str| {
        let act = Act::link(href(account, &["/", step].concat()), desk.words.of(text));
        Block::Acts(vec![act.look("first")])
    };
    let some = (senders.iter()).any(|one| text(one, "account") == text(account, "id"));
    let mut section = Section::default();
    if step != "check" && text(account, "check.token") == "refused" {
        let mut notice = Notice::new("bad", "", desk.say("check.token.refused"));
        let fix = Act::link(
            href(account, "/credentials"),
            desk.say("account.credentials"),
        );
        notice.acts.push(fix);
        page.notices.push(notice);
    }
    match step {
        "numbers" => {
            if some {
                section.title = desk.say("numbers").into();
                let table = number_table(desk, account, senders, workstreams);
                section.blocks.push(Block::Table(table));
                section.blocks.push(next("callbacks", "continue"));
                page.sections.push(section);
                section = Section::new(desk.say("numbers.another"));
            }
            section.form(number_form(
                desk,
                if some { "numbers.add" } else { "continue" },
            ));
        }
        "callbacks" => {
            callbacks(desk, account, &mut section);
            section.text(desk.say("callbacks.or-us"));
            let check = Act::button(href(account, "/check"), "check", desk.say("wizard.check"));
            section.blocks.push(Block::Acts(vec![check.look("first")]));
        }
        "check" => {
            section = check(desk, account, senders);
            let on = Act::link(href(account, "/test"), desk.say("wizard.done"));
            // Until all is right there is something better to press.
            let right = text(account, "check.outcome") == "ok";
            let on = if right { on.look("first") } else { on };
            section.blocks.push(Block::Acts(vec![on]));
        }
        _ => {
            let mine = (senders.iter()).filter(|one| text(one, "account") == text(account, "id"));
            let texts = mine.map(|one| super::page::code(text(one, "number")));
            section.text(desk.say("test.write"));
            section.blocks.push(Block::List(texts.collect()));
            let heard = at(account, "last_webhook_at").is_number();
            if heard {
                section.notice("good", desk.say("test.heard"));
            } else {
                section.notice("waiting", desk.say("test.waiting"));
            }
            let look = Act::link(href(account, "/test"), desk.say("test.look"));
            let on = Act::link("/admin/workstreams", desk.say("test.workstream"));
            let mut acts = if heard {
                vec![on.look("first")]
            } else {
                vec![look.look("first"), on]
            };
            if cfg!(feature = "simulated-clock") {
                acts.push(Act::link("/admin/sandboxes", desk.say("sandbox.ours")));
            }
            section.blocks.push(Block::Acts(acts));
        }
    }
    page.sections.push(section);
    Ok(page)
}

fn number_form(desk: &Desk, submit: &str) -> Form {
    let mut form = Form::new(desk, "number", desk.say(submit));
    form.hide("chance", chance(desk));
    form.add(desk, Kind::Text, "name", "number.name", "");
    form.add(desk, Kind::Mono, "number", "number.number", "");
    tongue(desk, &mut form, desk.words.lang);
    form
}

/// The language a number speaks.
pub(super) fn tongue(desk: &Desk, form: &mut Form, saved: &str) {
    let field = form.add(desk, Kind::Select, "language", "number.language", saved);
    let listed = TONGUES.contains(&saved);
    for tag in TONGUES {
        field.choice(tag, desk.words.code("tongue.", tag));
    }
    if !listed {
        field.choice(saved, saved);
    }
}

/// Adds a number to an account.
pub(super) fn add_number(desk: &Desk, account: &str) -> Result<Next, Problem> {
    let name = desk.typed("name").trim().to_string();
    let id = new_id(&name, &desk.typed("chance"));
    let body = json!({
        "account": account,
        "name": name,
        "number": desk.typed("number").trim(),
        "language": desk.typed("language"),
    });
    let page = ["/admin/accounts/", account, "/numbers"].concat();
    Deed::then(&page, "number")
        .create(&["senders/", &id], body)
        .next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_made_before_the_second_step() {
        let page = new(&Desk::default());
        assert_eq!(page.sections.len(), 2);
        assert!(step(&Desk::default(), &Value::Null, &[], &[], "credentials").is_err());
        assert!(step(&Desk::default(), &Value::Null, &[], &[], "new").is_err());
    }
}
