//! The agent's side: `<finestra-thread>`, a conversation and the one place to answer it, inside the
//! CRM page.
//!
//! Elm-shaped: a [`model::Model`], a [`message::Message`] for everything that can happen, a pure
//! [`update::update`], and views that patch the page. All but the views runs natively, so `cargo test
//! -p widget` tests the widget's behaviour without a browser. The rule itself is not here: it is
//! `shared::policy`, the same code that the edge runs.
//!
//! No word that a person reads stands in this crate: words are in `www/locales/`, markup and style in
//! `www/widget/`.

pub mod clock;
pub mod composer;
#[cfg(test)]
mod fixture;
pub mod formatting;
pub mod hearing;
pub mod link;
pub mod linking;
pub mod message;
pub mod model;
#[cfg(target_arch = "wasm32")]
pub mod page;
pub mod phrase;
pub mod picker;
pub mod progress;
pub mod reading;
pub mod timeline;
pub mod update;
pub mod writing;
