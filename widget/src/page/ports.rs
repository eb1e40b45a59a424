//! What the browser is asked for that Rust would have to carry at a cost. See `ports.js`.

use wasm_bindgen::prelude::*;
use web_sys::{Document, DocumentFragment, EventTarget, HtmlElement, ShadowRoot};

#[wasm_bindgen]
extern "C" {
    /// What the loader hands over with an element: words, markup, and the way to more of it.
    pub(crate) type Kit;
    /// The document that holds the `<template>`s.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn markup(this: &Kit) -> Document;
    /// Loads what is needed when it is first asked for; dispatches `later` on the bus when it is there.
    #[wasm_bindgen(method)]
    pub(crate) fn later(this: &Kit, root: &ShadowRoot, bus: &EventTarget, name: &str);
    /// Loads the widget again: the edge speaks another build's protocol.
    #[wasm_bindgen(method)]
    pub(crate) fn reload(this: &Kit);

    /// What came of asking for a ticket.
    pub(crate) type Answer;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn status(this: &Answer) -> u16;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn code(this: &Answer) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn thread(this: &Answer) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn socket(this: &Answer) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn ticket(this: &Answer) -> Option<String>;
}

#[wasm_bindgen(module = "/src/page/ports.js")]
extern "C" {
    pub(crate) fn steady() -> f64;
    pub(crate) fn wall() -> f64;
    pub(crate) fn roll() -> u32;
    pub(crate) fn fresh() -> String;
    pub(crate) fn word(kit: &Kit, key: &str) -> String;
    #[wasm_bindgen(js_name = dayNumber)]
    pub(crate) fn day_number(ms: f64) -> f64;
    pub(crate) fn clock(kit: &Kit, ms: f64) -> String;
    pub(crate) fn day(kit: &Kit, ms: f64, now: f64) -> String;
    pub(crate) fn when(kit: &Kit, ms: f64, now: f64) -> String;
    pub(crate) fn span(kit: &Kit, hours: i32, minutes: i32, seconds: i32) -> String;
    pub(crate) fn number(kit: &Kit, n: u32) -> String;
    pub(crate) fn language(kit: &Kit, code: &str) -> String;
    pub(crate) fn contains(kit: &Kit, text: &str, part: &str) -> bool;
    pub(crate) fn translate(kit: &Kit, root: &DocumentFragment);
    pub(crate) fn copy(markup: &Document, id: &str) -> DocumentFragment;
    pub(crate) fn emit(host: &HtmlElement, name: &str, first: &str, one: &JsValue, second: &str, two: &JsValue);
    #[wasm_bindgen(js_name = ticket)]
    pub(crate) fn ask_ticket(bus: &EventTarget, host: &HtmlElement, kit: &Kit);
    pub(crate) fn keep(thread: &str, name: &str, text: &str);
    pub(crate) fn recall(thread: &str, name: &str) -> String;
    pub(crate) fn known(host: &HtmlElement, template: &str, name: &str) -> String;
}
