//! The list of messages: rows are kept by key, so that a change touches the row it concerns and
//! nothing else, the place the agent reads at does not move, and nothing is read out twice.

use super::super::{Widget, ports};
use super::{bubble, set_text};
use crate::clock::Moment;
use crate::model::Answer;
use crate::phrase::decimal;
use crate::timeline::{Row, rows};
use shared::time::Timestamp;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, ShadowRoot};

/// What of the list is in the page.
pub(crate) struct List {
    log: HtmlElement,
    list: Element,
    cells: Vec<Cell>,
    /// Of which state it is: the model's revision and the agent's day.
    shown: (u32, i64),
    /// Whether its end must come into view.
    pub(crate) to_end: bool,
    /// What the picker shows; see `view::picker`.
    pub(super) picker: [String; 3],
}

struct Cell {
    key: String,
    stamp: u64,
    element: Element,
}

/// How near to an end counts as at the end, in CSS pixels.
const NEAR: i32 = 48;

impl List {
    pub(crate) fn new(root: &ShadowRoot) -> Option<Self> {
        Some(Self {
            log: root.get_element_by_id("log")?.dyn_into().ok()?,
            list: root.get_element_by_id("list")?,
            cells: Vec::new(),
            shown: (u32::MAX, 0),
            to_end: true,
            picker: Default::default(),
        })
    }

    /// Whether the list's beginning, and its end, are in view.
    pub(crate) fn ends(&self) -> (bool, bool) {
        let top = self.log.scroll_top();
        let rest = self.log.scroll_height() - self.log.client_height() - top;
        (top < NEAR, rest < NEAR)
    }
}

impl Widget {
    pub(super) fn show_list(&mut self, moment: Moment) {
        let now = self.model.about_now(moment);
        let shown = (self.model.revision, day_of(now));
        if self.list.shown != shown {
            self.list.shown = shown;
            let before = self.list.cells.first().map(|cell| cell.element.clone().unchecked_into::<HtmlElement>());
            let at = before.as_ref().map_or(0, HtmlElement::offset_top);
            self.patch(now, moment);
            let moved = before.filter(|element| element.is_connected()).map_or(0, |element| element.offset_top() - at);
            if moved != 0 {
                self.list.log.set_scroll_top(self.list.log.scroll_top() + moved);
            }
            let held = self.model.held.as_ref();
            self.hide("bones", held.is_some() || self.model.link == crate::link::Link::Shut);
            self.hide("empty", held.is_none() || !self.list.cells.is_empty());
            self.hide("earlier", held.is_none_or(|held| held.complete));
            self.attribute("log", "aria-busy", if held.is_none() { "true" } else { "false" });
        }
        if core::mem::take(&mut self.list.to_end) {
            self.list.log.set_scroll_top(self.list.log.scroll_height());
        }
        let below = self.model.sight.below;
        self.hide("below", self.model.sight.at_end);
        let count = if below > 0 { self.number(below as usize) } else { String::new() };
        let key = if below > 0 { "log.below" } else { "log.end" };
        self.text("below", &crate::phrase::fill(&self.word(key), &[("count", &count)]));
    }

    fn patch(&mut self, now: Timestamp, moment: Moment) {
        let mut old = core::mem::take(&mut self.list.cells);
        let mut cells = Vec::new();
        for row in rows(&self.model, &day_of) {
            let (key, stamp) = key(&row);
            let known = old.iter().position(|cell| cell.key == key).map(|at| old.remove(at));
            let fresh = known.is_none();
            let cell = known.or_else(|| {
                let name = if matches!(row, Row::Said { .. } | Row::Pending(_)) { "said" } else { "mark" };
                let element = ports::copy(&self.kit.markup(), name).first_element_child()?;
                Some(Cell { key, stamp: u64::MAX, element })
            });
            let Some(mut cell) = cell else { continue };
            match row {
                Row::Day(at) => {
                    let words = ports::day(&self.kit, at.0 as f64, now.0 as f64);
                    if let Some(text) = cell.element.first_element_child() {
                        set_text(&text, &words);
                    }
                }
                _ if cell.stamp == stamp => {}
                Row::Said { said, follows } => {
                    // What was pending as a template's bare text now shows its buttons, too.
                    bubble::said(self, &cell.element, said, follows, fresh || cell.stamp <= PENDING, moment);
                }
                Row::Notice { said, notice, folds } => bubble::notice(self, &cell.element, said, notice, folds, moment),
                Row::Pending(pending) => bubble::pending(self, &cell.element, pending, fresh, moment),
            }
            cell.stamp = stamp;
            cells.push(cell);
        }
        for cell in old {
            cell.element.remove();
        }
        let mut cursor = self.list.list.first_element_child();
        for cell in &cells {
            if cursor.as_ref() == Some(&cell.element) {
                cursor = cell.element.next_element_sibling();
            } else {
                let _ = self.list.list.insert_before(&cell.element, cursor.as_deref());
            }
        }
        self.list.cells = cells;
    }
}

fn day_of(at: Timestamp) -> i64 {
    ports::day_number(at.0 as f64) as i64
}

/// Stamps up to this are a pending command's.
const PENDING: u64 = 3;

/// By what a row is known again, and what must change for it to be shown anew. A message keeps the
/// name under which it was pending, so that it is one row from the first moment.
fn key(row: &Row<'_>) -> (String, u64) {
    match row {
        Row::Day(at) => {
            let mut key = String::from("day");
            decimal(&mut key, day_of(*at).unsigned_abs());
            (key, 0)
        }
        Row::Said { said, follows } => {
            let key = said.client.as_ref().map_or(said.id.as_str(), |client| client.as_str());
            (key.into(), PENDING + 1 + said.changed * 2 + u64::from(*follows))
        }
        Row::Notice { said, folds, .. } => (said.id.as_str().into(), u64::from(*folds)),
        Row::Pending(pending) => {
            let stamp = match pending.answer {
                Answer::None => 0,
                Answer::Accepted(_) => 1,
                Answer::Refused(_) => 2,
                Answer::Failed(_) => PENDING,
            };
            (pending.client.as_str().into(), stamp)
        }
    }
}
