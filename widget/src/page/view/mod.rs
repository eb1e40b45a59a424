//! Showing the state. Each part of the page is brought to what the model says; what is already so is
//! not touched.

mod bubble;
mod composer;
mod header;
pub(super) mod list;
mod picker;
mod reasons;
mod runs;

use super::Widget;
use crate::clock::Moment;
use crate::composer::{composer, units};
use shared::time::Span;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

impl Widget {
    pub(super) fn show(&mut self, moment: Moment) {
        let state = composer(&self.model, moment);
        self.show_header(&state, moment);
        self.show_list(moment);
        self.show_composer(&state, moment);
        self.show_picker(moment);
    }

    fn part(&self, id: &str) -> Option<Element> {
        self.root.get_element_by_id(id)
    }

    pub(super) fn text(&self, id: &str, text: &str) {
        if let Some(element) = self.part(id) {
            set_text(&element, text);
        }
    }

    /// Sets or removes an attribute without a value: `hidden`, `disabled`.
    pub(super) fn flag(&self, id: &str, name: &str, on: bool) {
        if let Some(element) = self.part(id)
            && element.has_attribute(name) != on
        {
            let _ = if on { element.set_attribute(name, "") } else { element.remove_attribute(name) };
        }
    }

    fn hide(&self, id: &str, hidden: bool) {
        self.flag(id, "hidden", hidden);
    }

    fn attribute(&self, id: &str, name: &str, value: &str) {
        if let Some(element) = self.part(id)
            && element.get_attribute(name).as_deref() != Some(value)
        {
            let _ = element.set_attribute(name, value);
        }
    }

    pub(super) fn focus(&self, id: &str) {
        if let Some(element) = self.part(id) {
            let _ = element.unchecked_ref::<HtmlElement>().focus();
        }
    }

    /// A time left, as people say it.
    fn span(&self, left: Span) -> String {
        let [hours, minutes, seconds] = units(left).map(|n| n as i32);
        super::ports::span(&self.kit, hours, minutes, seconds)
    }

    fn number(&self, n: usize) -> String {
        super::ports::number(&self.kit, n as u32)
    }
}

fn set_text(element: &Element, text: &str) {
    if element.text_content().as_deref() != Some(text) {
        element.set_text_content(Some(text));
    }
}

/// The part of a row with this class, and whether it is shown.
fn reveal(row: &Element, selector: &str, shown: bool) -> Option<Element> {
    let part = row.query_selector(selector).ok()??;
    let _ = if shown { part.remove_attribute("hidden") } else { part.set_attribute("hidden", "") };
    Some(part)
}
