//! Who is it, is the window open, is the page connected?

use super::{hide, keyed, phrase, ports};
use crate::clock::Moment;
use crate::composer::{Composer, Nearness};
use crate::link::Link;
use crate::model::Model;
use shared::policy::Refusal;
use shared::text::is_blank;

pub(super) fn show(model: &Model, state: &Composer, moment: Moment) {
    if let Some(held) = &model.held {
        let (name, number) = (
            held.thread.profile_name.as_str(),
            held.thread.reply_to.as_str(),
        );
        let named = !is_blank(name);
        ports::text("name", if named { name } else { number });
        ports::text("number", if named { number } else { "" });
    }
    let (code, words) = match state {
        Composer::Loading => ("loading", String::new()),
        Composer::Checking => ("checking", ports::word("window.checking")),
        Composer::Open {
            closes_at,
            nearness,
            ..
        } => {
            let at = ports::when(closes_at.0 as f64, model.about_now(moment).0 as f64);
            let code = if matches!(nearness, Nearness::Far) {
                "open"
            } else {
                "soon"
            };
            (code, phrase("window.open", &[("at", &at)]))
        }
        Composer::Closed(refusal) => {
            let key = match refusal {
                Refusal::OptedOut { .. } => "window.opted-out",
                Refusal::NoOptIn | Refusal::WindowClosed { since: None } => "window.never",
                _ => "window.closed",
            };
            ("closed", ports::word(key))
        }
    };
    ports::set("window", "data-state", code);
    ports::text("window-text", &words);
    connection(model);
}

/// Nothing while all is well, and nothing while the first connection is being made.
fn connection(model: &Model) {
    let link = model.link;
    let trying = matches!(link, Link::Ticketing | Link::Opening);
    let hidden = link.is_live() || (trying && model.tries == 0);
    let words = match link {
        _ if hidden => String::new(),
        Link::Shut => {
            let words = keyed("shut.", &model.shut);
            if words.is_empty() {
                ports::word("shut.unknown")
            } else {
                words
            }
        }
        _ => keyed("connection.", if trying { "lost" } else { link.code() }),
    };
    ports::text("connection", &words);
    hide("connection", hidden);
    ports::set("frame", "data-link", link.code());
}
