//! Twilio reported a status: what does it settle?

use super::attempt::consequence;
use super::event::{Step, Task};
use crate::delivery::Delivery;
use crate::id::MessageSid;
use crate::message::{Message, Stage};

pub(super) fn status(step: &mut Step, mut message: Message, sid: MessageSid, report: Delivery) {
    if message.author.is_customer() {
        return;
    }
    // The report came to the URL that carries our name for the message, so it is about this one. If
    // we know another SID, that was found by searching, and wrongly: what was learned by it goes.
    if message.sid.as_ref().is_some_and(|known| *known != sid) {
        message.delivery = Delivery::default();
    }
    let handed_over = match message.stage {
        Stage::Attempting { since } | Stage::Unconfirmed { since, .. } => since,
        Stage::HandedOver { at } => at,
        // It was given up as lost, and did leave after all: the report is the better witness.
        Stage::Failed { code: None } => message.at,
        // A report for something that never left is none of ours.
        Stage::Received | Stage::Waiting | Stage::Refused(_) | Stage::Failed { .. } => return,
    };
    let before = message.clone();
    let merged = message.delivery.merged(report);
    let fails_now = merged.status.is_failure()
        && (!before.delivery.status.is_failure() || before.delivery.code != merged.code);
    // The first report settles what was unconfirmed: Twilio has it.
    message.stage = Stage::HandedOver { at: handed_over };
    message.sid = Some(sid);
    message.delivery = merged;
    if message == before {
        return;
    }
    if !matches!(before.stage, Stage::HandedOver { .. }) {
        step.settle(Task::Send(message.id.clone()));
        step.settle(Task::LookUp(message.id.clone()));
    }
    // Once, whichever of `failed` and `undelivered` comes first; again only for another reason.
    if fails_now {
        consequence(step, &message, report, handed_over);
    }
    step.put(message);
}
