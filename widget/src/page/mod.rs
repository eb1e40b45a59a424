//! The widget in the page: one [`Widget`] per element, told of everything through [`slots`], shown by
//! [`view`], its effects carried out by [`act`].
//!
//! The only place of this crate that knows a browser.

mod act;
mod dialog;
mod events;
mod listener;
mod ports;
mod slots;
mod socket;
mod view;

use crate::clock::Moment;
use crate::message::Message;
use crate::model::Model;
use crate::update::update;
use listener::Listener;
use ports::Kit;
use socket::Socket;
use wasm_bindgen::prelude::*;
use web_sys::{EventTarget, HtmlElement, ShadowRoot};

// A general allocator is a tenth of this module. This one looks for the first hole that fits, which
// is quick enough for a page's few thousand live pieces.
//
// Sound: a page's module runs on one thread, and nothing here starts another.
#[allow(unsafe_code)]
#[global_allocator]
static ALLOCATOR: lol_alloc::AssumeSingleThreaded<lol_alloc::FreeListAllocator> =
    unsafe { lol_alloc::AssumeSingleThreaded::new(lol_alloc::FreeListAllocator::new()) };

/// One element's widget.
pub(crate) struct Widget {
    handle: slots::Handle,
    host: HtmlElement,
    root: ShadowRoot,
    kit: Kit,
    /// Where answers to what was asked of the browser arrive.
    bus: EventTarget,
    model: Model,
    socket: Option<Socket>,
    list: view::list::List,
    dialog: dialog::Dialog,
    _listeners: Vec<Listener>,
}

/// Puts a widget into an element's shadow root and answers with its number; 0 if the markup is not
/// the one this module was built with.
#[wasm_bindgen]
pub fn mount(host: HtmlElement, root: ShadowRoot, kit: Kit, bus: EventTarget) -> u32 {
    let handle = slots::reserve();
    let frame = ports::copy(&kit.markup(), "thread");
    ports::translate(&kit, &frame);
    if root.append_child(&frame).is_err() {
        return 0;
    }
    let Some(list) = view::list::List::new(&root) else { return 0 };
    let listeners = events::listeners(handle, &root, &bus);
    slots::insert(handle, Widget {
        handle,
        host,
        root,
        kit,
        bus,
        model: Model::default(),
        socket: None,
        list,
        dialog: dialog::Dialog::None,
        _listeners: listeners,
    });
    slots::dispatch(handle, Message::Started);
    handle
}

/// Takes a widget out of the page.
#[wasm_bindgen]
pub fn unmount(handle: u32) {
    slots::remove(handle);
}

/// A second went by, for all widgets of the page; `woken`: the page came back into view or online.
#[wasm_bindgen]
pub fn tick(woken: bool) {
    for handle in slots::handles() {
        slots::dispatch(handle, Message::Tick { woken });
    }
}

/// Which protocol this module speaks.
#[wasm_bindgen]
pub fn fingerprint() -> String {
    shared::protocol::FINGERPRINT.into()
}

impl Widget {
    fn handle(&mut self, message: Message) {
        let moment = self.moment();
        for effect in update(&mut self.model, message, moment) {
            self.act(effect, moment);
        }
        self.show(moment);
    }

    /// What the browser's clocks say now.
    fn moment(&self) -> Moment {
        Moment {
            steady: ports::steady() as i64,
            wall: ports::wall() as i64,
            visible: self.root.owner_document().is_some_and(|document| !document.hidden()),
            roll: ports::roll(),
        }
    }

    fn word(&self, key: &str) -> String {
        ports::word(&self.kit, key)
    }
}
