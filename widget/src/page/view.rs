//! Showing the state. Each part of the page is brought to what the model says; what is already so is
//! not touched.

mod bubble;
mod composing;
mod header;
mod list;
mod picker;
mod reasons;
mod runs;

pub(super) use composing::left_in_words;

use super::ports;
use crate::clock::Moment;
use crate::composer::composer;
use crate::model::Model;
use crate::phrase;

pub(super) fn show(model: &Model, moment: Moment) {
    let state = composer(model, moment);
    header::show(model, &state, moment);
    list::show(model, moment);
    composing::show(model, &state, moment);
    picker::show(model, moment);
}

fn hide(name: &str, hidden: bool) {
    ports::flag(name, "hidden", hidden);
}

/// The words of `family` + `code`; nothing if there are none.
fn keyed(family: &str, code: &str) -> String {
    let mut key = String::from(family);
    key.push_str(code);
    ports::word(&key)
}

/// A sentence with its facts in it.
fn phrase(key: &str, values: &[(&str, &str)]) -> String {
    phrase::fill(&ports::word(key), values)
}
