//! Which widgets are in the page? JavaScript holds a number for each and never the widget itself.
//!
//! Messages go through a queue: one that arises while another is worked on (an event that our own
//! change of the page set off, the CRM page's answer to an event of ours) waits its turn. So no
//! widget is ever borrowed twice, and a number that means nothing any more means nothing.

use super::Widget;
use crate::message::Message;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

/// A widget's number.
pub(crate) type Handle = u32;

type Shared = Rc<RefCell<Widget>>;

thread_local! {
    static NEXT: Cell<Handle> = const { Cell::new(1) };
    static WIDGETS: RefCell<Vec<(Handle, Shared)>> = const { RefCell::new(Vec::new()) };
    static QUEUE: RefCell<VecDeque<(Handle, Message)>> = const { RefCell::new(VecDeque::new()) };
    static WORKING: Cell<bool> = const { Cell::new(false) };
}

/// A number that no widget had before.
pub(crate) fn reserve() -> Handle {
    NEXT.with(|next| next.replace(next.get().wrapping_add(1)))
}

/// Puts a widget in the page.
pub(crate) fn insert(handle: Handle, widget: Widget) {
    WIDGETS.with(|all| {
        if let Ok(mut all) = all.try_borrow_mut() {
            all.push((handle, Rc::new(RefCell::new(widget))));
        }
    });
}

/// Takes it out. Its listeners and its socket go with it.
pub(crate) fn remove(handle: Handle) {
    let gone = WIDGETS.with(|all| {
        let mut all = all.try_borrow_mut().ok()?;
        let at = all.iter().position(|(known, _)| *known == handle)?;
        Some(all.swap_remove(at))
    });
    drop(gone);
}

/// The numbers of all widgets.
pub(crate) fn handles() -> Vec<Handle> {
    WIDGETS.with(|all| all.try_borrow().map_or(Vec::new(), |all| all.iter().map(|(handle, _)| *handle).collect()))
}

/// Does something with a widget, if it is still there and nobody else is at it.
pub(crate) fn with<R>(handle: Handle, what: impl FnOnce(&mut Widget) -> R) -> Option<R> {
    let widget = WIDGETS.with(|all| {
        let all = all.try_borrow().ok()?;
        all.iter().find(|(known, _)| *known == handle).map(|(_, widget)| Rc::clone(widget))
    })?;
    let mut widget = widget.try_borrow_mut().ok()?;
    Some(what(&mut widget))
}

/// Tells a widget that something happened.
pub(crate) fn dispatch(handle: Handle, message: Message) {
    QUEUE.with(|queue| {
        if let Ok(mut queue) = queue.try_borrow_mut() {
            queue.push_back((handle, message));
        }
    });
    if WORKING.replace(true) {
        return;
    }
    while let Some((handle, message)) = QUEUE.with(|queue| queue.try_borrow_mut().ok()?.pop_front()) {
        with(handle, |widget| widget.handle(message));
    }
    WORKING.set(false);
}
