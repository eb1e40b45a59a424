//! What becomes known about the customer besides their messages: opt-in, what was seen, who they
//! are.

use super::Thread;
use super::event::Step;
use crate::consent::OptIn;

pub(super) fn opt_in(step: &mut Step, opt_in: OptIn) {
    // The same record again, from a repeated command, changes nothing.
    if step.thread.consent.opt_in.as_ref() != Some(&opt_in) {
        step.thread.consent.opt_in(opt_in);
    }
}

pub(super) fn seen(step: &mut Step, place: u64) {
    // An agent who has not yet seen the last message has not seen it all.
    if place >= step.thread.places {
        step.thread.unread = 0;
    }
}

/// Two threads are one: the later inbound, the stricter consent. The shell brings the messages and
/// seen SIDs over, and numbers the places anew.
pub(super) fn join(step: &mut Step, other: Thread) {
    let thread = &mut step.thread;
    let other_is_later = other.window.last_inbound > thread.window.last_inbound;
    thread.window = thread.window.joined(other.window);
    thread.consent = core::mem::take(&mut thread.consent).joined(other.consent);
    if other_is_later {
        thread.reply_to = other.reply_to;
    }
    if thread.profile_name.is_empty() {
        thread.profile_name = other.profile_name;
    }
    thread.unread = thread.unread.saturating_add(other.unread);
    thread.places = thread.places.saturating_add(other.places);
    if other.conversation.number > 0 && thread.conversation.number == 0 {
        thread.conversation = other.conversation;
    }
    thread.last = match (thread.last, other.last) {
        (Some(a), Some(b)) => Some(if a.at >= b.at { a } else { b }),
        (a, b) => a.or(b),
    };
}
