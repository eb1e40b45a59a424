//! What Rust asks of the page: numbers and texts go over, never an element or any other object. The
//! JavaScript behind it does as it is told and decides nothing.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/page/place.js")]
extern "C" {
    pub(crate) fn adopt(handle: u32, place: JsValue);
    pub(crate) fn enter(handle: u32);
    pub(crate) fn leave(handle: u32);
    pub(crate) fn visible() -> bool;
    pub(crate) fn text(name: &str, text: &str);
    pub(crate) fn value(name: &str, text: &str);
    pub(crate) fn set(name: &str, attribute: &str, text: &str);
    pub(crate) fn flag(name: &str, attribute: &str, on: bool);
    pub(crate) fn focus(name: &str);
    pub(crate) fn focused(name: &str) -> bool;
    pub(crate) fn into(name: &str, stamp: &str) -> bool;
    pub(crate) fn add(tag: &str, kind: &str, text: &str);
    pub(crate) fn run(text: &str, styles: u32, address: &str);
    pub(crate) fn button(action: &str, text: &str, label: &str, about: &str);
    pub(crate) fn begin(name: &str, stamp: &str) -> bool;
    pub(crate) fn row(key: &str, template: &str, stamp: &str) -> u32;
    pub(crate) fn end();
    #[wasm_bindgen(js_name = toEnd)]
    pub(crate) fn to_end();
    pub(crate) fn open(name: &str);
    pub(crate) fn close();
}

#[wasm_bindgen(module = "/src/page/words.js")]
extern "C" {
    pub(crate) fn word(key: &str) -> String;
    #[wasm_bindgen(js_name = dayNumber)]
    pub(crate) fn day_number(ms: f64) -> f64;
    pub(crate) fn day(ms: f64, now: f64) -> String;
    pub(crate) fn when(ms: f64, now: f64) -> String;
    pub(crate) fn span(hours: i32, minutes: i32, seconds: i32) -> String;
    pub(crate) fn number(n: u32) -> String;
    pub(crate) fn language(code: &str) -> String;
    pub(crate) fn contains(text: &str, part: &str) -> bool;
}

#[wasm_bindgen(module = "/src/page/wire.js")]
extern "C" {
    pub(crate) fn steady() -> f64;
    pub(crate) fn wall() -> f64;
    pub(crate) fn roll() -> u32;
    pub(crate) fn fresh() -> String;
    pub(crate) fn ticket();
    pub(crate) fn connect(url: &str, protocol: &str, opening: &str);
    pub(crate) fn disconnect();
    pub(crate) fn send(bytes: &[u8]);
    pub(crate) fn ping(text: &str);
    pub(crate) fn reload();
    pub(crate) fn keep(thread: &str, name: &str, text: &str);
    pub(crate) fn recall(thread: &str, name: &str) -> String;
    pub(crate) fn known(template: &str, name: &str) -> String;
    pub(crate) fn tell(name: &str, first: &str, one: &str, second: &str, two: &str);
    #[wasm_bindgen(js_name = tellWindow)]
    pub(crate) fn tell_window(closes_at: f64);
}
