//! The composer in its states: the box to write in, or in its place the reason why not and what to
//! do instead.

use super::super::ports;
use super::Widget;
use crate::clock::Moment;
use crate::composer::{Composer, Nearness, composer, length, obstacle};
use crate::phrase::fill;
use shared::policy::{Refusal, Remedy};
use shared::text::{LONGEST_SESSION_TEXT, is_blank};
use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;

impl Widget {
    pub(super) fn show_composer(&self, state: &Composer, moment: Moment) {
        let closed = matches!(state, Composer::Closed(_));
        let focused = self.root.active_element().is_some_and(|element| element.id() == "text");
        let (code, left) = match state {
            Composer::Loading => ("loading", String::new()),
            Composer::Checking => ("checking", self.word("window.checking")),
            Composer::Open { nearness: Nearness::Far, .. } => ("open", self.left_in_words(moment)),
            Composer::Open { nearness: Nearness::Soon, .. } => ("soon", self.left_in_words(moment)),
            Composer::Open { nearness: Nearness::Last, .. } => ("last", self.left_in_words(moment)),
            Composer::Closed(_) => ("closed", String::new()),
        };
        self.attribute("composer", "data-state", code);
        self.text("left", &left);
        self.hide("box", closed);
        self.hide("shut", !closed);
        match state {
            Composer::Closed(refusal) => self.show_shut(refusal, moment),
            _ => self.show_box(state, moment),
        }
        self.show_returned(moment);
        if closed && focused {
            // Whoever was writing must not be left nowhere.
            self.focus("shut");
        }
    }

    /// How long the window stays open, as a sentence.
    pub(in super::super) fn left_in_words(&self, moment: Moment) -> String {
        match composer(&self.model, moment) {
            Composer::Open { left, .. } => fill(&self.word("window.left"), &[("left", &self.span(left))]),
            _ => String::new(),
        }
    }

    fn show_box(&self, state: &Composer, moment: Moment) {
        let draft = self.model.draft.as_str();
        if let Some(area) = self.part("text") {
            let area: HtmlTextAreaElement = area.unchecked_into();
            if area.value() != draft {
                area.set_value(draft);
            }
        }
        // The box grows with what is written: by style sheet, from this copy of it.
        self.attribute("grow", "data-text", draft);
        let open = matches!(state, Composer::Open { .. });
        self.flag("text", "readonly", !open);
        self.flag("send", "disabled", !open || obstacle(&self.model, moment).is_some());
        let length = length(draft);
        self.hide("count", length.is_none());
        if let Some((length, too_long)) = length {
            let key = if too_long { "composer.too-long" } else { "composer.length" };
            let (length, limit) = (self.number(length), self.number(LONGEST_SESSION_TEXT));
            self.text("count", &fill(&self.word(key), &[("length", &length), ("limit", &limit)]));
            self.flag("count", "data-bad", too_long);
        }
    }

    fn show_shut(&self, refusal: &Refusal, moment: Moment) {
        let draft = self.model.draft.as_str();
        let kept = !is_blank(draft);
        self.text("why", &self.refusal(refusal, moment));
        self.text("what", &self.remedy(refusal));
        self.hide("kept", !kept);
        self.text("kept-text", draft);
        self.hide("to-templates", refusal.remedy() != Remedy::SendTemplate);
        let consent = matches!(refusal, Refusal::NoOptIn | Refusal::OptedOut { .. });
        self.hide("to-consent", !consent);
    }

    fn show_returned(&self, moment: Moment) {
        let returned = self.model.returned.as_ref();
        if let Some(refusal) = returned {
            self.text("returned-why", &self.refusal(refusal, moment));
            self.text("returned-do", &self.remedy(refusal));
        }
        self.hide("returned", returned.is_none());
    }

    /// A point in time as people say it.
    pub(super) fn when(&self, at: shared::time::Timestamp, moment: Moment) -> String {
        let now = self.model.about_now(moment);
        ports::when(&self.kit, at.0 as f64, now.0 as f64)
    }
}
