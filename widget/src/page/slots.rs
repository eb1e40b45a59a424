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

/// Never held while anybody else is called, so it is always there.
fn slots<R: Default>(what: impl FnOnce(&mut Slots) -> R) -> R {
    let there = |slots: &RefCell<ManuallyDrop<Slots>>| slots.try_borrow_mut().ok().map(|mut slots| what(&mut slots));
    SLOTS.try_with(there).ok().flatten().unwrap_or_default()
}

/// A new widget's number.
pub(crate) fn insert() -> Handle {
    slots(|slots| {
        slots.last += 1;
        slots.widgets.push((slots.last, Some(Box::default())));
        slots.last
    })
}

/// Takes a widget out of the page for good.
pub(crate) fn remove(handle: Handle) {
    slots(|slots| slots.widgets.retain(|(known, _)| *known != handle));
}

/// The numbers of all widgets.
pub(crate) fn handles() -> Vec<Handle> {
    slots(|slots| slots.widgets.iter().map(|(handle, _)| *handle).collect())
}

/// Tells a widget that something happened.
pub(crate) fn dispatch(handle: Handle, message: Message) {
    let idle = slots(|slots| {
        slots.queue.push((handle, message));
        !core::mem::replace(&mut slots.working, true)
    });
    if !idle {
        return;
    }
    loop {
        let queue = slots(|slots| core::mem::take(&mut slots.queue));
        if queue.is_empty() {
            break;
        }
        for (handle, message) in queue {
            let slot = |slots: &mut Slots, with: Option<Box<Model>>| {
                let slot = slots.widgets.iter_mut().find(|(known, _)| *known == handle)?;
                core::mem::replace(&mut slot.1, with)
            };
            if let Some(mut model) = slots(|slots| slot(slots, None)) {
                super::work(handle, &mut model, message);
                drop(slots(|slots| slot(slots, Some(model))));
            }
        }
    }
    slots(|slots| slots.working = false);
}
