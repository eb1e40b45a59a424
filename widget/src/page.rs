//! The widget in the page: told of everything by the loader's listeners, shown by [`view`], its
//! effects carried out by [`act`].
//!
//! The only place of this crate that is compiled for a browser alone. Elements stay in JavaScript;
//! what goes over are numbers and texts.

mod act;
mod ports;
mod slots;
mod view;

use crate::clock::Moment;
use crate::hearing;
use crate::message::Message;
use crate::model::Model;
use crate::update::update;
use wasm_bindgen::prelude::*;

// A general allocator is a tenth of this module. This one looks for the first hole that fits, which
// is quick enough for a page's few thousand live pieces.
//
// Sound: a page's module runs on one thread, and nothing here starts another.
#[allow(unsafe_code)]
#[global_allocator]
static ALLOCATOR: lol_alloc::AssumeSingleThreaded<lol_alloc::FreeListAllocator> =
    unsafe { lol_alloc::AssumeSingleThreaded::new(lol_alloc::FreeListAllocator::new()) };

/// Puts a widget into an element and answers with its number.
#[wasm_bindgen]
pub fn mount(place: JsValue) -> u32 {
    let handle = slots::insert();
    ports::adopt(handle, place);
    slots::dispatch(handle, Message::Started);
    handle
}

/// Takes a widget out of the page.
#[wasm_bindgen]
pub fn unmount(handle: u32) {
    slots::remove(handle);
    ports::leave(handle);
}

/// A second went by, for all widgets of the page; `woken`: the page came back into view or online.
#[wasm_bindgen]
pub fn tick(woken: bool) {
    slots::tick(woken);
}

/// Something happened in a widget: see [`hearing`] for what, and what `a`, `b` and `c` then are.
#[wasm_bindgen]
pub fn heard(handle: u32, what: &str, a: &str, b: &str, c: &str) {
    if let Some(message) = hearing::message(what, [a, b, c], &ports::fresh) {
        slots::dispatch(handle, message);
    }
}

/// A binary frame came in.
#[wasm_bindgen]
pub fn received(handle: u32, bytes: Vec<u8>) {
    slots::dispatch(handle, Message::Received(bytes));
}

/// One message from beginning to end.
fn work(handle: slots::Handle, model: &mut Model, message: Message) {
    ports::enter(handle);
    let moment = Moment {
        steady: ports::steady() as i64,
        wall: ports::wall() as i64,
        visible: ports::visible(),
        roll: ports::roll(),
    };
    let mut to_end = false;
    for effect in update(model, message, moment) {
        to_end |= act::act(handle, model, effect, moment);
    }
    view::show(model, moment);
    if to_end {
        ports::to_end();
    }
}
