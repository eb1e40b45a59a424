//! A message's turn to leave: is it still allowed, and what did Twilio say?

use super::event::{Effect, Outcome, Step, Task};
use crate::consent::OptOutSource;
use crate::delivery::Delivery;
use crate::message::{Message, Stage};
use crate::policy::{self, Proposal, Refusal, Sender};
use crate::time::{Span, Timestamp};
use crate::twilio::errors::{Consequence, rule};

/// How often a message that Twilio surely did not take is tried, before it fails.
const MOST_ATTEMPTS: u32 = 8;

/// How long after an unanswered attempt Twilio's list is first searched: time for the first status
/// callback, which settles it without a search.
pub(super) const FIRST_LOOK: Span = Span::seconds(5);

/// Asks the gate once more and takes the permit in the same run in which the attempt is written.
pub(super) fn attempt(
    step: &mut Step,
    mut message: Message,
    proposal: Proposal,
    sender: &Sender,
    now: Timestamp,
) {
    let task = Task::Send(message.id.clone());
    if message.stage != Stage::Waiting {
        return step.settle(task);
    }
    match policy::authorize(&step.thread, sender, &proposal, now) {
        Ok(permit) => {
            message.stage = Stage::Attempting { since: now };
            let id = message.id.clone();
            step.put(message);
            step.effects.push(Effect::HandOver {
                message: id,
                permit,
            });
        }
        Err(refusal) => refuse(step, message, refusal),
    }
}

/// What must be true now could not be learned: wait, and in the end refuse.
pub(super) fn postponed(step: &mut Step, message: Message, attempts: u32, now: Timestamp) {
    if message.stage != Stage::Waiting {
        return step.settle(Task::Send(message.id));
    }
    if attempts >= MOST_ATTEMPTS {
        return refuse(step, message, Refusal::ApprovalUnknown);
    }
    step.schedule(Task::Send(message.id), now + backoff(attempts));
}

fn refuse(step: &mut Step, mut message: Message, refusal: Refusal) {
    step.settle(Task::Send(message.id.clone()));
    message.stage = Stage::Refused(refusal.clone());
    step.effects.push(Effect::GiveBack {
        message: message.id.clone(),
        refusal,
    });
    step.put(message);
}

/// Twilio answered an attempt, or no answer came.
pub(super) fn answered(
    step: &mut Step,
    mut message: Message,
    outcome: Outcome,
    attempts: u32,
    now: Timestamp,
) {
    // A status callback may have come before the answer did: then it is settled already.
    let Stage::Attempting { since } = message.stage else {
        return step.settle(Task::Send(message.id));
    };
    let task = Task::Send(message.id.clone());
    match outcome {
        Outcome::Accepted { sid, report } => {
            step.settle(task);
            message.stage = Stage::HandedOver { at: since };
            message.sid = Some(sid);
            message.delivery = message.delivery.merged(report);
            consequence(step, &message, report, since);
            step.put(message);
        }
        Outcome::Refused { code } => {
            step.settle(task);
            message.stage = Stage::Failed { code: Some(code) };
            follow(step, &message, code, since);
            step.put(message);
        }
        Outcome::NotTaken { code } if attempts >= MOST_ATTEMPTS => {
            step.settle(task);
            message.stage = Stage::Failed { code };
            step.put(message);
        }
        Outcome::NotTaken { .. } => {
            message.stage = Stage::Waiting;
            step.put(message);
            step.schedule(task, now + backoff(attempts));
        }
        Outcome::Ambiguous => {
            step.settle(task);
            message.stage = Stage::Unconfirmed { since, ask: false };
            step.schedule(Task::LookUp(message.id.clone()), now + FIRST_LOOK);
            step.put(message);
        }
    }
}

/// 1, 2, 4 … seconds, at most a minute. The shell adds jitter.
fn backoff(attempts: u32) -> Span {
    Span::seconds(
        1i64.checked_shl(attempts.saturating_sub(1))
            .unwrap_or(60)
            .clamp(1, 60),
    )
}

/// What a failure that Twilio reports means for the thread.
pub(super) fn consequence(
    step: &mut Step,
    message: &Message,
    report: Delivery,
    handed_over: Timestamp,
) {
    if let Some(code) = report.code {
        follow(step, message, code, handed_over);
    }
}

fn follow(step: &mut Step, message: &Message, code: u32, handed_over: Timestamp) {
    match rule(code).consequence {
        Consequence::WindowClosed => {
            // WhatsApp's clock is the truth, unless the customer wrote after the hand-over.
            step.thread.window.refused(handed_over);
            step.effects.push(Effect::GiveBack {
                message: message.id.clone(),
                refusal: Refusal::WindowClosed {
                    since: Some(handed_over),
                },
            });
        }
        Consequence::OptedOut => step
            .thread
            .consent
            .opt_out(handed_over, OptOutSource::TwilioStopped),
        Consequence::Blocked => step
            .thread
            .consent
            .opt_out(handed_over, OptOutSource::Blocked),
        _ => {}
    }
}
