//! One row of the list: what was said, when, by whom, how far it got, and what can be done about it.

use super::super::{Widget, ports};
use super::{reveal, runs, set_text};
use crate::clock::Moment;
use crate::model::Pending;
use crate::phrase::fill;
use crate::progress::{self, Progress};
use shared::content::{Content, Notice};
use shared::message::{Author, Message as Said};
use shared::template::Button;
use shared::text::is_blank;
use shared::time::Timestamp;
use web_sys::Element;

/// Shows a message in `row`; its content only if `fresh`, since that never changes.
pub(super) fn said(widget: &Widget, row: &Element, said: &Said, follows: bool, fresh: bool, moment: Moment) {
    let inbound = said.author.is_customer();
    class(row, inbound, follows);
    let author = match &said.author {
        _ if follows => String::new(),
        Author::Agent { id, name } => {
            let me = widget.model.held.as_ref().is_some_and(|held| held.agent == *id);
            if me { widget.word("author.you") } else { name.clone() }
        }
        Author::Service { .. } => widget.word("author.service"),
        Author::Customer | Author::System => String::new(),
    };
    if let Some(part) = reveal(row, ".author", !author.is_empty()) {
        set_text(&part, &author);
    }
    if fresh {
        content(widget, row, &said.content);
    }
    let progress = progress::of_message(said);
    let actions: &[&str] = match &progress {
        Progress::Unconfirmed { ask: true } => &["arrived", "lost"],
        Progress::Failed(failure) if failure.wants_template() => &["templates"],
        Progress::Failed(failure) if failure.may_be_repeated() && is_textual(&said.content) => &["again"],
        _ => &[],
    };
    state(widget, row, said.id.as_str(), said.at, &progress, actions, moment);
}

/// Shows what is not a message yet.
pub(super) fn pending(widget: &Widget, row: &Element, pending: &Pending, fresh: bool, moment: Moment) {
    class(row, false, false);
    if fresh && let (Some(part), Some(body)) = (reveal(row, ".content", true), &pending.body) {
        runs::fill(&part, body, false);
    }
    let progress = progress::of_pending(pending);
    let actions: &[&str] = match &progress {
        Progress::Failed(failure) if failure.wants_template() => &["templates", "discard"],
        Progress::Failed(failure) if failure.may_be_repeated() => &["resend", "discard"],
        Progress::Failed(_) => &["discard"],
        _ => &[],
    };
    state(widget, row, pending.client.as_str(), pending.at, &progress, actions, moment);
}

/// Shows a notice; if older history lies behind it, with the way to it.
pub(super) fn notice(widget: &Widget, row: &Element, said: &Said, notice: Notice, folds: bool, moment: Moment) {
    let key = match notice {
        Notice::NewOwner => "notice.new-owner",
        Notice::OptedOut => "notice.opted-out",
        Notice::OptedIn => "notice.opted-in",
    };
    row.set_class_name("mark notice");
    row.set_text_content(None);
    let text = fill(&widget.word(key), &[("when", &widget.when(said.at, moment))]);
    if let Some(span) = child(row, "span") {
        span.set_text_content(Some(&text));
    }
    if folds {
        button(widget, row, "reveal");
    }
}

fn class(row: &Element, inbound: bool, follows: bool) {
    row.set_class_name(match (inbound, follows) {
        (true, false) => "said in",
        (true, true) => "said in follows",
        (false, false) => "said out",
        (false, true) => "said out follows",
    });
}

fn is_textual(content: &Content) -> bool {
    matches!(content, Content::Text { .. } | Content::Template { .. })
}

/// Time, tick, and what went wrong.
fn state(widget: &Widget, row: &Element, id: &str, at: Timestamp, progress: &Progress, actions: &[&str], moment: Moment) {
    let _ = row.set_attribute("data-id", id);
    if let Some(time) = reveal(row, "time", true) {
        set_text(&time, &ports::clock(&widget.kit, at.0 as f64));
    }
    let (tick, trouble) = match progress {
        Progress::None => ("", String::new()),
        Progress::Sending => ("tick.sending", String::new()),
        Progress::Sent => ("tick.sent", String::new()),
        Progress::Delivered => ("tick.delivered", String::new()),
        Progress::Read => ("tick.read", String::new()),
        Progress::Unconfirmed { ask } => {
            ("tick.unconfirmed", widget.word(if *ask { "unconfirmed.ask" } else { "unconfirmed.wait" }))
        }
        Progress::Failed(failure) => ("tick.failed", widget.failure(failure, moment)),
    };
    if let Some(part) = reveal(row, ".tick", !tick.is_empty()) {
        let _ = part.set_attribute("data-tick", tick);
        let _ = part.set_attribute("aria-label", &widget.word(tick));
    }
    if let Some(part) = reveal(row, ".trouble", !trouble.is_empty()) {
        if let Some(text) = part.first_element_child() {
            set_text(&text, &trouble);
        }
        if let Some(buttons) = part.last_element_child() {
            buttons.set_text_content(None);
            for action in actions {
                button(widget, &buttons, action);
            }
        }
    }
}

/// A button that asks for `action`, its word under `do.<action>`.
pub(super) fn button(widget: &Widget, parent: &Element, action: &str) -> Option<Element> {
    let mut key = String::from("do.");
    key.push_str(action);
    let button = child(parent, "button")?;
    let _ = button.set_attribute("type", "button");
    let _ = button.set_attribute("data-do", action);
    button.set_text_content(Some(&widget.word(&key)));
    Some(button)
}

pub(super) fn child(parent: &Element, name: &str) -> Option<Element> {
    let element = parent.owner_document()?.create_element(name).ok()?;
    parent.append_child(&element).ok()?;
    Some(element)
}

/// The buttons of a template, as they look on the phone: not to be clicked here.
pub(super) fn buttons(list: &Element, buttons: &[Button]) {
    list.set_text_content(None);
    for button in buttons {
        if let Some(item) = child(list, "li") {
            item.set_text_content(Some(&button.title));
        }
    }
}

fn content(widget: &Widget, row: &Element, content: &Content) {
    let Some(part) = reveal(row, ".content", true) else { return };
    part.set_text_content(None);
    let named = |key: &str, text: &str| {
        if let Some(name) = child(&part, "p") {
            name.set_class_name("kind");
            name.set_text_content(Some(&widget.word(key)));
        }
        if !is_blank(text) && let Some(words) = child(&part, "div") {
            runs::fill(&words, text, false);
        }
    };
    match content {
        Content::Text { body } => runs::fill(&part, body, false),
        Content::Template { body, footer, buttons: list, .. } => {
            runs::fill(&part, body, false);
            if let Some(small) = reveal(row, ".small", footer.is_some()) {
                small.set_text_content(footer.as_deref());
            }
            if let Some(part) = reveal(row, ".buttons", !list.is_empty()) {
                buttons(&part, list);
            }
        }
        Content::Media { items, caption } => {
            for medium in items {
                named(media_kind(&medium.content_type), "");
            }
            named(if items.is_empty() { "content.other" } else { "" }, caption);
        }
        Content::Location { latitude, longitude, label, address } => {
            let mut text = String::new();
            for (words, space) in [(label, "\n"), (address, "\n"), (latitude, ", "), (longitude, "")] {
                if !words.is_empty() {
                    text.push_str(words);
                    text.push_str(space);
                }
            }
            named("content.location", &text);
        }
        Content::Button { text, .. } => named("content.button", text),
        Content::ListReply { title, .. } => named("content.list", title),
        Content::Other { kind, body } => {
            let mut text = String::from(kind.as_str());
            if !kind.is_empty() && !body.is_empty() {
                text.push('\n');
            }
            text.push_str(body);
            named("content.other", &text);
        }
        Content::Notice(_) => {}
    }
}

/// The name of a medium's kind, as a key of the locale files.
fn media_kind(content_type: &str) -> &'static str {
    if content_type == "image/webp" {
        return "content.sticker";
    }
    match content_type.split_once('/').map(|(family, _)| family) {
        Some("image") => "content.image",
        Some("video") => "content.video",
        Some("audio") => "content.audio",
        Some("text") if content_type.ends_with("vcard") => "content.contact",
        _ => "content.document",
    }
}
