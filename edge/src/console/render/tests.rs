//! Does a page say what it is given, and let nothing in?

use super::super::desk::Desk;
use super::super::form::{Form, Kind, tell};
use super::super::page::{Act, Block, Page, Section, code};
use super::super::words::Words;
use super::*;
use crate::auth::caller::{Caller, Role, Scope};
use crate::problem::Problem;
use shared::id::AgentId;
use shared::time::Timestamp;
use std::rc::Rc;

fn desk(role: Role, form: &[(&str, &str)]) -> Desk {
    let text = include_str!("../../../../www/locales/console-en.json");
    let form = form
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_string()));
    Desk {
        words: Rc::new(Words::read("en", text).unwrap()),
        caller: Some(Caller {
            id: AgentId::trusted("ada"),
            name: "Ada <b>".into(),
            role,
            senders: Scope::All,
            customers: None,
            expires: Timestamp(0),
        }),
        csrf: "token-of-this-session".into(),
        path: "/admin/accounts/a/edit".into(),
        form: shared::twilio::form::Form::new(form.collect()),
        ..Desk::default()
    }
}

fn page(desk: &Desk) -> Page {
    let mut form = Form::new(desk, "edit", "Save");
    form.version(desk, "7");
    form.add(desk, Kind::Text, "name", "account.name", "Bottega");
    form.add(desk, Kind::Secret, "auth_token", "account.auth_token", "");
    let mut section = Section::new("Form");
    section.form(form);
    section
        .blocks
        .push(Block::Acts(vec![Act::button("/admin/x", "go", "Go")]));
    section.fact("Number", code("<script>"));
    Page {
        title: "Bottega".into(),
        sections: vec![section],
        ..Page::default()
    }
}

#[test]
fn what_was_typed_is_kept_with_the_flaw_at_its_field_but_no_secret() {
    let typed = [
        ("do", "edit"),
        ("name", " \"x\" "),
        ("auth_token", "s3cret"),
        ("version", "5"),
    ];
    let desk = desk(Role::Admin, &typed);
    let mut page = page(&desk);
    let problem = Problem::new(400, "field-invalid")
        .fact("field", "name")
        .remedy("give-text");
    tell(&mut page, &desk, &problem);
    let html = html(&page, &desk);
    assert_eq!(page.status, 422);
    assert!(html.contains("value=\" &#34;x&#34; \""), "{html}");
    assert!(html.contains("aria-invalid=\"true\""));
    assert!(html.contains("aria-describedby=\"edit-name-hint edit-name-error\""));
    assert!(html.contains("href=\"#edit-name\""));
    assert!(
        html.contains("name=\"version\" value=\"5\""),
        "still the edited one"
    );
    assert!(!html.contains("s3cret"));
}

#[test]
fn a_conflict_shows_both_and_goes_on_from_the_newer() {
    let mut desk = desk(
        Role::Admin,
        &[("do", "edit"), ("name", "Mine"), ("version", "5")],
    );
    desk.conflict = true;
    let mut page = page(&desk);
    tell(&mut page, &desk, &Problem::new(412, "changed-meanwhile"));
    let html = html(&page, &desk);
    assert!(
        html.contains("<td data-head=\"Stored now\"><div>Bottega</div></td>"),
        "{html}"
    );
    assert!(html.contains("<td data-head=\"Yours\"><div>Mine</div></td>"));
    assert!(html.contains("name=\"version\" value=\"7\""));
    assert!(html.contains("class=\"differs\""));
}

#[test]
fn who_only_reads_gets_nothing_to_press() {
    let desk = desk(Role::Supervisor, &[]);
    let html = html(&page(&desk), &desk);
    assert!(html.contains("<fieldset disabled>"));
    assert_eq!(html.matches("<button").count(), 0, "{html}");
}

#[test]
fn nothing_that_was_told_becomes_markup() {
    let desk = desk(Role::Admin, &[]);
    let html = html(&page(&desk), &desk);
    assert!(html.contains("&#60;script&#62;"));
    assert!(html.contains("Ada &#60;b&#62;"));
    assert!(!html.contains(" style=") && !html.contains("<style") && !html.contains(" on"));
    // Every form that changes something proves whose it is.
    let posts = html.matches("method=\"post\"").count();
    assert_eq!(
        html.matches("value=\"token-of-this-session\"").count(),
        posts
    );
}
