//! Did it leave or not? Settling what is unconfirmed, without ever repeating it blindly.
//!
//! Twilio has no idempotency key. The first status callback that carries our name for the message
//! settles it; until then Twilio's list is searched at growing distances; after ten minutes
//! somebody is asked.

use super::event::{Choice, Decline, Found, Step, Task};
use super::status::status;
use crate::message::{Message, Stage};
use crate::time::{Span, Timestamp};

/// How long an unconfirmed message is searched for before somebody is asked.
const ASK_AFTER: Span = Span::minutes(10);

pub(super) fn looked_up(step: &mut Step, mut message: Message, found: Found, now: Timestamp) {
    let task = Task::LookUp(message.id.clone());
    let Stage::Unconfirmed { since, ask } = message.stage else {
        return step.settle(task);
    };
    match found {
        Found::One { sid, report } => status(step, message, sid, report),
        Found::Nothing if now - since >= ASK_AFTER => {
            step.settle(task);
            if !ask {
                message.stage = Stage::Unconfirmed { since, ask: true };
                step.put(message);
            }
        }
        // Each search as far from the last as the time already gone by: 5 s, 10 s, 20 s …
        Found::Nothing => {
            let gone = (now - since).0.max(super::attempt::FIRST_LOOK.0);
            let next = (now + Span(gone)).min(since + ASK_AFTER);
            step.schedule(task, next.max(now + super::attempt::FIRST_LOOK));
        }
    }
}

pub(super) fn decided(
    step: &mut Step,
    mut message: Message,
    choice: Choice,
) -> Result<(), Decline> {
    let Stage::Unconfirmed { since, .. } = message.stage else {
        return Err(Decline::NothingToDecide);
    };
    step.settle(Task::LookUp(message.id.clone()));
    message.stage = match choice {
        Choice::Arrived => Stage::HandedOver { at: since },
        Choice::Lost => Stage::Failed { code: None },
    };
    step.put(message);
    Ok(())
}
