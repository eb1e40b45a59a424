//! Which widgets are in the page? JavaScript holds a number for each and never the widget itself.
//!
//! Messages go through a queue: one that arises while another is worked on (the CRM page's answer to
//! an event of ours, say) waits its turn. While a widget works it is out of its slot, so none is ever
//! borrowed twice; a number that means nothing any more means nothing.

use crate::message::Message;
use crate::model::Model;
use std::cell::RefCell;
use std::mem::ManuallyDrop;

/// A widget's number.
pub(crate) type Handle = u32;

struct Slots {
    last: Handle,
    widgets: Vec<(Handle, Option<Box<Model>>)>,
    queue: Vec<(Handle, Message)>,
    working: bool,
}

thread_local! {
    // Never dropped: the page's end is the end of everything, and what need not be dropped is cheaper
    // to reach.
    static SLOTS: RefCell<ManuallyDrop<Slots>> = const {
        RefCell::new(ManuallyDrop::new(Slots { last: 0, widgets: Vec::new(), queue: Vec::new(), working: false }))
    };
}

/// Never held while anybody else is called, so it is always there. One function for all uses: it is
/// the closure that differs.
fn slots(what: &mut dyn FnMut(&mut Slots)) {
    let there = |slots: &RefCell<ManuallyDrop<Slots>>| {
        if let Ok(mut slots) = slots.try_borrow_mut() {
            what(&mut slots);
        }
    };
    let _ = SLOTS.try_with(there);
}

/// A new widget's number.
pub(crate) fn insert() -> Handle {
    let mut handle = 0;
    slots(&mut |slots| {
        slots.last += 1;
        handle = slots.last;
        slots.widgets.push((handle, Some(Box::default())));
    });
    handle
}

/// Takes a widget out of the page for good.
pub(crate) fn remove(handle: Handle) {
    slots(&mut |slots| slots.widgets.retain(|(known, _)| *known != handle));
}

/// Tells every widget of the page that a second went by.
pub(crate) fn tick(woken: bool) {
    slots(&mut |slots| {
        for (handle, _) in &slots.widgets {
            slots.queue.push((*handle, Message::Tick { woken }));
        }
    });
    work();
}

/// Tells a widget that something happened.
pub(crate) fn dispatch(handle: Handle, message: Message) {
    let mut message = Some(message);
    slots(&mut |slots| {
        if let Some(message) = message.take() {
            slots.queue.push((handle, message));
        }
    });
    work();
}

/// Works off the queue, unless that is being done already.
fn work() {
    let mut idle = false;
    slots(&mut |slots| idle = !core::mem::replace(&mut slots.working, true));
    while idle {
        let mut queue = Vec::new();
        slots(&mut |slots| {
            queue = core::mem::take(&mut slots.queue);
            slots.working = !queue.is_empty();
        });
        idle = !queue.is_empty();
        for (handle, message) in queue {
            let mut widget = None;
            exchange(handle, &mut widget);
            if let Some(model) = &mut widget {
                super::work(handle, model, message);
                exchange(handle, &mut widget);
            }
        }
    }
}

/// Takes a widget out of its slot, or puts it back; one whose slot is gone stays with the caller.
fn exchange(handle: Handle, widget: &mut Option<Box<Model>>) {
    slots(&mut |slots| {
        if let Some((_, slot)) = slots.widgets.iter_mut().find(|(known, _)| *known == handle) {
            core::mem::swap(slot, widget);
        }
    });
}
