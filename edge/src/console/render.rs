//! How is a page drawn? By one template, under headers that let nothing in from elsewhere.

use super::desk::Desk;
use super::form::{Field, Form, Kind};
use super::page::{Act, Bit, Block, Notice, Page};
use super::words::{LANGUAGES, Words};
use crate::http::Answer;
use askama::Template;

/// Nothing from elsewhere, nothing inline, no markup made by scripts.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
    connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'";

/// The navigation: what is called how, and where it is.
const PLACES: &[(&str, &str)] = &[
    ("home", "/admin"),
    ("accounts", "/admin/accounts"),
    ("workstreams", "/admin/workstreams"),
    ("templates", "/admin/templates"),
    ("sandboxes", "/admin/sandboxes"),
    ("audit", "/admin/audit"),
    ("configuration", "/admin/configuration"),
];

#[derive(Template)]
#[template(path = "page.html")]
struct Document<'a> {
    page: &'a Page,
    desk: &'a Desk,
    words: &'a Words,
    languages: &'static [&'static str],
    places: &'static [(&'static str, &'static str)],
}

/// What is part of a page in several places is drawn by a template of its own, so that its code is there
/// once. Each escapes what it is given.
#[derive(Template)]
#[template(path = "acts.html")]
struct Acts<'a> {
    acts: &'a [Act],
    desk: &'a Desk,
}

#[derive(Template)]
#[template(path = "notice.html")]
struct Noticed<'a> {
    notice: &'a Notice,
    desk: &'a Desk,
}

#[derive(Template)]
#[template(path = "cell.html")]
struct Cells<'a> {
    cell: &'a [Bit],
}

#[derive(Template)]
#[template(path = "form.html")]
struct Filled<'a> {
    form: &'a Form,
    desk: &'a Desk,
    words: &'a Words,
    /// Whether the section has a heading already.
    titled: bool,
}

#[derive(Template)]
#[template(path = "described.html")]
struct Described<'a> {
    id: &'a str,
    field: &'a Field,
}

/// The page as HTML.
#[must_use]
pub fn html(page: &Page, desk: &Desk) -> String {
    let document = Document {
        page,
        desk,
        words: &desk.words,
        languages: &LANGUAGES,
        places: PLACES,
    };
    // Writing to a text cannot fail.
    document.render().unwrap_or_default()
}

/// The page as an answer.
#[must_use]
pub fn answer(page: &Page, desk: &Desk) -> Answer {
    let status = if page.status == 0 { 200 } else { page.status };
    let mut answer = Answer::text(status, "text/html; charset=utf-8", &html(page, desk));
    guard(&mut answer);
    answer
}

/// The headers of everything that the console answers.
pub fn guard(answer: &mut Answer) {
    for (name, value) in [
        ("content-security-policy", POLICY),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        answer.headers.push((name, value.into()));
    }
}

#[cfg(test)]
mod tests;
