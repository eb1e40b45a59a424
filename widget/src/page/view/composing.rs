//! The composer in its states: the box to write in, or in its place the reason why not and what to
//! do instead.

use super::{hide, phrase, ports, reasons};
use crate::clock::Moment;
use crate::composer::{Composer, Nearness, composer, length, obstacle, units};
use crate::model::Model;
use crate::progress::Failure;
use shared::policy::{Refusal, Remedy};
use shared::text::{LONGEST_SESSION_TEXT, is_blank};

pub(super) fn show(model: &Model, state: &Composer, moment: Moment) {
    let (code, left) = match state {
        Composer::Loading => ("loading", String::new()),
        Composer::Checking => ("checking", ports::word("window.checking")),
        Composer::Open { nearness, .. } => {
            let code = match nearness {
                Nearness::Far => "open",
                Nearness::Soon => "soon",
                Nearness::Last => "last",
            };
            (code, left_in_words(model, moment))
        }
        Composer::Closed(_) => ("closed", String::new()),
    };
    let closed = code == "closed";
    // Whoever was writing when it closed must not be left nowhere.
    let stranded = closed && ports::focused("text");
    ports::set("composer", "data-state", code);
    ports::text("left", &left);
    hide("box", closed);
    hide("shut", !closed);
    match state {
        Composer::Closed(refusal) => shut(model, refusal, moment),
        _ => writing(model, state, moment),
    }
    if let Some(failure) = &model.returned {
        ports::text("returned-why", &reasons::failure(model, failure, moment));
    }
    // What the box itself says need not be said twice.
    let said = closed
        && matches!(
            &model.returned,
            Some(Failure::Refused(Refusal::WindowClosed { .. }))
        );
    hide("returned", said || model.returned.is_none());
    if stranded {
        ports::focus("shut");
    }
}

/// How long the window stays open, as a sentence.
pub(in super::super) fn left_in_words(model: &Model, moment: Moment) -> String {
    match composer(model, moment) {
        Composer::Open { left, .. } => {
            let [hours, minutes, seconds] = units(left);
            phrase(
                "window.left",
                &[("left", &ports::span(hours, minutes, seconds))],
            )
        }
        _ => String::new(),
    }
}

fn writing(model: &Model, state: &Composer, moment: Moment) {
    let draft = model.draft.as_str();
    ports::value("text", draft);
    // The box grows with what is written: by style sheet, from this copy of it.
    ports::set("grow", "data-text", draft);
    let open = matches!(state, Composer::Open { .. });
    ports::flag("text", "readonly", !open);
    ports::flag(
        "send",
        "disabled",
        !open || obstacle(model, moment).is_some(),
    );
    let length = length(draft);
    hide("count", length.is_none());
    if let Some((length, too_long)) = length {
        let key = if too_long {
            "composer.too-long"
        } else {
            "composer.length"
        };
        let (length, limit) = (
            ports::number(length as u32),
            ports::number(LONGEST_SESSION_TEXT as u32),
        );
        ports::text(
            "count",
            &phrase(key, &[("length", &length), ("limit", &limit)]),
        );
        ports::flag("count", "data-bad", too_long);
    }
}

fn shut(model: &Model, refusal: &Refusal, moment: Moment) {
    let draft = model.draft.as_str();
    ports::text("why", &reasons::refusal(model, refusal, moment));
    ports::text("what", &reasons::remedy(refusal));
    hide("kept", is_blank(draft));
    ports::text("kept-text", draft);
    hide("to-templates", refusal.remedy() != Remedy::SendTemplate);
    hide(
        "to-consent",
        !matches!(refusal, Refusal::NoOptIn | Refusal::OptedOut { .. }),
    );
}
