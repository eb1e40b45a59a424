//! The customer wrote: what does that change?

use super::event::{Incoming, Step, Task};
use super::{State, Thread};
use crate::consent::{OptIn, OptOutSource, Wish};
use crate::content::{Content, Notice};
use crate::message::{Author, Stage};
use crate::thread::Effect;
use crate::time::Timestamp;

pub(super) fn inbound(step: &mut Step, incoming: Incoming<'_>, now: Timestamp) {
    // Only the first sight of a SID counts: a webhook replayed, however old, changes nothing.
    if incoming.seen {
        return;
    }
    let Incoming {
        id,
        notices,
        sid,
        from,
        external,
        profile_name,
        content,
        in_reply_to,
        at,
        opt_out_type,
        words,
        ..
    } = incoming;
    let [owner_notice, consent_notice] = notices;
    let wish = wish(&content, opt_out_type, words);

    step.effects.push(Effect::Claim(sid.clone()));
    meet(step, owner_notice, external, at);

    let thread = &mut step.thread;
    thread.window.inbound(at);
    thread.reply_to = from;
    if !profile_name.is_empty() {
        thread.profile_name = profile_name;
    }
    thread.unread = thread.unread.saturating_add(1);
    match thread.conversation.state {
        State::Closed | State::Waiting => thread.stir(State::Open, now),
        State::Open | State::Active | State::WrapUp => {}
    }
    let mut message = thread.append(id, at, Author::Customer, content, Stage::Received);
    message.sid = Some(sid);
    message.in_reply_to = in_reply_to;
    step.put(message);

    let notice = match wish {
        Wish::None => return,
        Wish::Out(how) => {
            step.thread.consent.opt_out(at, how);
            Notice::OptedOut
        }
        Wish::In => {
            step.thread.consent.opt_in(OptIn {
                at,
                source: "whatsapp".into(),
                wording: String::new(),
                recorded_by: None,
                recorded_at: at,
            });
            Notice::OptedIn
        }
    };
    let notice = step.thread.append(
        consent_notice,
        at,
        Author::System,
        Content::Notice(notice),
        Stage::Received,
    );
    step.put(notice);
}

/// What the message says about consent. A button speaks only through its payload: its title may be
/// any word of the business's own.
fn wish(
    content: &Content,
    opt_out_type: Option<&str>,
    words: &crate::consent::ConsentWords,
) -> Wish {
    match (opt_out_type, content) {
        (Some("STOP"), _) => Wish::Out(OptOutSource::TwilioOptOut),
        (Some("START"), _) => Wish::In,
        (_, Content::Text { body }) => words.wish(body),
        (_, Content::Button { payload, .. }) => words.wish(payload),
        _ => Wish::None,
    }
}

/// Remembers the business-scoped id. Another one than before may be another person with the same
/// phone: what the earlier one agreed to no longer holds, and the agent is told.
fn meet(
    step: &mut Step,
    notice: crate::id::MessageId,
    external: Option<crate::address::CustomerAddress>,
    at: Timestamp,
) {
    let Some(external) = external else { return };
    let thread: &mut Thread = &mut step.thread;
    if thread.external.as_ref() == Some(&external) || thread.customer == external {
        return;
    }
    let owner_changed = thread.external.replace(external.clone()).is_some();
    step.schedule(Task::Point(external), at);
    if owner_changed {
        step.thread.consent.opt_in = None;
        let notice = step.thread.append(
            notice,
            at,
            Author::System,
            Content::Notice(Notice::NewOwner),
            Stage::Received,
        );
        step.put(notice);
    }
}
