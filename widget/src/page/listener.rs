//! Who is told when something happens in the page? A listener that is removed when it is dropped.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, EventTarget};

/// A listener on a target, for as long as it is held.
pub(crate) struct Listener {
    target: EventTarget,
    name: &'static str,
    closure: Closure<dyn FnMut(Event)>,
}

impl Listener {
    /// Listens in the capturing phase, so that events that do not bubble are heard as well.
    pub(crate) fn new(target: &EventTarget, name: &'static str, heard: Box<dyn FnMut(Event)>) -> Self {
        let closure = Closure::wrap(heard);
        // The only failure is a callback that is none.
        let _ = target.add_event_listener_with_callback_and_bool(name, closure.as_ref().unchecked_ref(), true);
        Self { target: target.clone(), name, closure }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let function = self.closure.as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback_and_bool(self.name, function, true);
    }
}
