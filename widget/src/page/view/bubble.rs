//! One row of the list: what was said, when, by whom, how far it got, and what can be done about it.

use super::{hide, phrase, ports, reasons, runs};
use crate::clock::Moment;
use crate::model::{Model, Pending};
use crate::phrase::cut;
use crate::progress::{self, Progress};
use shared::content::{Content, Notice};
use shared::message::{Author, Message as Said};
use shared::template::Button;
use shared::text::is_blank;
use shared::time::Timestamp;

/// Shows a message in the row that was placed last.
pub(super) fn said(model: &Model, said: &Said, follows: bool, moment: Moment) {
    class(said.author.is_customer(), follows);
    let author = match &said.author {
        _ if follows => String::new(),
        Author::Agent { id, .. } if model.held.as_ref().is_some_and(|held| held.agent == *id) => {
            ports::word("author.you")
        }
        Author::Agent { name, .. } => name.clone(),
        Author::Service { .. } => ports::word("author.service"),
        Author::Customer | Author::System => String::new(),
    };
    hide("author", author.is_empty());
    ports::text("author", &author);
    content(&said.content);
    let progress = progress::of_message(said);
    let textual = matches!(
        said.content,
        Content::Text { .. } | Content::Template { .. }
    );
    let actions: &[&str] = match &progress {
        Progress::Unconfirmed { ask: true } => &["arrived", "lost"],
        Progress::Failed(failure) if failure.wants_template() => &["templates"],
        Progress::Failed(failure) if failure.may_be_repeated() && textual => &["again"],
        _ => &[],
    };
    state(model, said.id.as_str(), said.at, &progress, actions, moment);
}

/// Shows what is not a message yet.
pub(super) fn pending(model: &Model, pending: &Pending, moment: Moment) {
    class(false, false);
    let body = pending.body.as_deref().unwrap_or("");
    if ports::into("content", body) {
        runs::fill(body, false);
    }
    let progress = progress::of_pending(pending);
    let actions: &[&str] = match &progress {
        Progress::Failed(failure) if failure.wants_template() => &["templates", "discard"],
        Progress::Failed(failure) if failure.may_be_repeated() => &["resend", "discard"],
        Progress::Failed(_) => &["discard"],
        _ => &[],
    };
    state(
        model,
        pending.client.as_str(),
        pending.at,
        &progress,
        actions,
        moment,
    );
}

/// Shows a notice; if older history lies behind it, with the way to it.
pub(super) fn notice(model: &Model, said: &Said, notice: Notice, folds: bool, moment: Moment) {
    let key = match notice {
        Notice::NewOwner => "notice.new-owner",
        Notice::OptedOut => "notice.opted-out",
        Notice::OptedIn => "notice.opted-in",
    };
    ports::set("", "class", "mark notice");
    ports::text(
        "words",
        &phrase(key, &[("when", &reasons::when(model, said.at, moment))]),
    );
    ports::into("row", "");
    if folds {
        button("reveal");
    }
}

fn class(inbound: bool, follows: bool) {
    let class = match (inbound, follows) {
        (true, false) => "said in",
        (true, true) => "said in follows",
        (false, false) => "said out",
        (false, true) => "said out follows",
    };
    ports::set("", "class", class);
}

/// Time, tick, and what went wrong.
fn state(
    model: &Model,
    id: &str,
    at: Timestamp,
    progress: &Progress,
    actions: &[&str],
    moment: Moment,
) {
    ports::set("", "data-id", id);
    ports::text("time", &ports::when(at.0 as f64, at.0 as f64));
    let mut trouble = String::new();
    let tick = match progress {
        Progress::None => "",
        Progress::Sending => "tick.sending",
        Progress::Sent => "tick.sent",
        Progress::Delivered => "tick.delivered",
        Progress::Read => "tick.read",
        Progress::Unconfirmed { ask } => {
            trouble = ports::word(if *ask {
                "unconfirmed.ask"
            } else {
                "unconfirmed.wait"
            });
            "tick.unconfirmed"
        }
        Progress::Failed(failure) => {
            trouble = reasons::failure(model, failure, moment);
            "tick.failed"
        }
    };
    hide("tick", tick.is_empty());
    ports::set("tick", "data-tick", tick);
    ports::set("tick", "aria-label", &ports::word(tick));
    hide("trouble", trouble.is_empty());
    ports::text("why", &trouble);
    if ports::into("row", "") {
        for action in actions {
            button(action);
        }
    }
}

/// A button that asks for `action`, its word under `do.<action>`.
pub(super) fn button(action: &str) {
    ports::button(action, &super::keyed("do.", action), "", "");
}

/// The buttons of a template, as they look on the phone: not to be clicked here.
pub(super) fn buttons(buttons: &[Button]) {
    for button in buttons {
        ports::add("li", "", &button.title);
    }
}

/// What was said. A message's content never changes; what was pending shows a template's bare text.
fn content(content: &Content) {
    if let Content::Text { body } | Content::Template { body, .. } = content {
        if ports::into("content", body) {
            runs::fill(body, false);
        }
        if let Content::Template {
            footer,
            buttons: list,
            ..
        } = content
        {
            hide("small", footer.is_none());
            ports::text("small", footer.as_deref().unwrap_or(""));
            hide("buttons", list.is_empty());
            ports::into("buttons", "");
            buttons(list);
        }
        return;
    }
    if !ports::into("content", "kept") {
        return;
    }
    let kind = |key: &str| ports::add("p", "kind", &ports::word(key));
    let words = |text: &str| {
        if !is_blank(text) {
            ports::add("p", "words", "");
            runs::fill(text, false);
        }
    };
    match content {
        Content::Media { items, caption } => {
            for medium in items {
                kind(media_kind(&medium.content_type));
            }
            words(caption);
        }
        Content::Location {
            latitude,
            longitude,
            label,
            address,
        } => {
            kind("content.location");
            words(label);
            words(address);
            let mut place = latitude.clone();
            place.push_str(", ");
            place.push_str(longitude);
            words(&place);
        }
        Content::Button { text, .. } => {
            kind("content.button");
            words(text);
        }
        Content::ListReply { title, .. } => {
            kind("content.list");
            words(title);
        }
        Content::Other { kind: name, body } => {
            kind("content.other");
            words(name);
            words(body);
        }
        Content::Text { .. } | Content::Template { .. } | Content::Notice(_) => {}
    }
}

/// The name of a medium's kind, as a key of the locale files.
fn media_kind(content_type: &str) -> &'static str {
    if content_type == "image/webp" {
        return "content.sticker";
    }
    match cut(content_type, b'/').map(|(family, _)| family) {
        Some("image") => "content.image",
        Some("video") => "content.video",
        Some("audio") => "content.audio",
        Some("text") if content_type.ends_with("vcard") => "content.contact",
        _ => "content.document",
    }
}
