//! How far did a message get, as the agent sees it? Ticks, a clock, a question, or a failure with
//! its reason and what to do about it.

use crate::model::{Answer, Pending};
use shared::delivery::Status;
use shared::message::{Message as Said, Stage};
use shared::policy::{Refusal, Remedy};
use shared::protocol::Trouble;

/// What is shown beside a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// Nothing: the customer wrote it.
    None,
    /// A clock: on its way to Twilio, or with it.
    Sending,
    /// One grey tick: WhatsApp has it.
    Sent,
    /// Two grey ticks: it is on the phone.
    Delivered,
    /// Two blue ticks: it was read.
    Read,
    /// Nobody knows whether it left; if `ask`, the agent must say.
    Unconfirmed {
        /// Whether to ask.
        ask: bool,
    },
    /// It failed.
    Failed(Failure),
}

/// Why a message failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The rule refused it.
    Refused(Refusal),
    /// Twilio or WhatsApp did, with this code.
    Code(Option<u32>),
    /// The edge could not take the command.
    Trouble(Trouble),
}

/// Twilio's codes that have a sentence of their own in the locale files.
pub const KNOWN_CODES: [u32; 19] = [
    20003, 20429, 21211, 21408, 21610, 21611, 21614, 21617, 30008, 30410, 63003, 63005, 63013,
    63014, 63016, 63018, 63024, 63049, 63051,
];

impl Failure {
    /// The key of the sentence that says what happened.
    #[must_use]
    pub fn key(&self) -> (&'static str, &'static str) {
        match self {
            Self::Refused(refusal) => ("refusal.", refusal.code()),
            Self::Trouble(trouble) => ("trouble.", trouble.code()),
            Self::Code(_) => ("failure.", "unknown"),
        }
    }

    /// Whether the next step is a template, and not the same once more.
    #[must_use]
    pub fn wants_template(&self) -> bool {
        match self {
            Self::Refused(refusal) => matches!(
                refusal.remedy(),
                Remedy::SendTemplate | Remedy::ChooseTemplate
            ),
            Self::Code(code) => *code == Some(63016),
            Self::Trouble(_) => false,
        }
    }

    /// Whether trying the same once more can help.
    #[must_use]
    pub fn may_be_repeated(&self) -> bool {
        match self {
            Self::Refused(refusal) => refusal.remedy() == Remedy::TryAgain,
            // Blocked or opted out, not on WhatsApp, too late, too long: the same would fail again.
            Self::Code(code) => !matches!(
                code,
                Some(21211 | 21408 | 21610 | 21614 | 21617 | 63003 | 63013 | 63014 | 63016 | 63024)
            ),
            Self::Trouble(trouble) => matches!(trouble, Trouble::Unavailable | Trouble::Unreadable),
        }
    }
}

/// How far a message got.
#[must_use]
pub fn of_message(said: &Said) -> Progress {
    let delivery = said.delivery;
    match delivery.status {
        Status::Sent => return Progress::Sent,
        Status::Delivered => return Progress::Delivered,
        Status::Read => return Progress::Read,
        status if status.is_failure() => return Progress::Failed(Failure::Code(delivery.code)),
        _ => {}
    }
    match &said.stage {
        Stage::Received => Progress::None,
        Stage::Waiting | Stage::Attempting { .. } | Stage::HandedOver { .. } => Progress::Sending,
        Stage::Unconfirmed { ask, .. } => Progress::Unconfirmed { ask: *ask },
        Stage::Refused(refusal) => Progress::Failed(Failure::Refused(refusal.clone())),
        Stage::Failed { code } => Progress::Failed(Failure::Code(*code)),
    }
}

/// How far a command got that is not a message yet.
#[must_use]
pub fn of_pending(pending: &Pending) -> Progress {
    match &pending.answer {
        Answer::None | Answer::Accepted(_) => Progress::Sending,
        Answer::Refused(refusal) => Progress::Failed(Failure::Refused(refusal.clone())),
        Answer::Failed(trouble) => Progress::Failed(Failure::Trouble(*trouble)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{NOON, said};
    use shared::delivery::Delivery;

    fn after(stage: Stage, status: &str, code: Option<u32>) -> Progress {
        let mut message = said(1, false);
        message.stage = stage;
        message.delivery = Delivery::report(Status::parse(status).unwrap_or_default(), code);
        of_message(&message)
    }

    #[test]
    fn ticks_follow_twilios_reports() {
        let over = || Stage::HandedOver { at: NOON };
        for (status, expected) in [
            ("", Progress::Sending),
            ("queued", Progress::Sending),
            ("sent", Progress::Sent),
            ("delivered", Progress::Delivered),
            ("read", Progress::Read),
            ("undelivered", Progress::Failed(Failure::Code(Some(63016)))),
        ] {
            assert_eq!(after(over(), status, Some(63016)), expected, "{status}");
        }
        assert_eq!(after(Stage::Waiting, "", None), Progress::Sending);
        let unsure = Stage::Unconfirmed {
            since: NOON,
            ask: true,
        };
        assert_eq!(
            after(unsure.clone(), "", None),
            Progress::Unconfirmed { ask: true }
        );
        assert_eq!(
            after(unsure, "delivered", None),
            Progress::Delivered,
            "a report settles it"
        );
    }

    #[test]
    fn what_would_fail_again_is_not_offered_again() {
        let late = Failure::Code(Some(63016));
        assert!(late.wants_template() && !late.may_be_repeated());
        assert!(Failure::Code(None).may_be_repeated());
        assert!(Failure::Trouble(Trouble::Unavailable).may_be_repeated());
        let closed = Failure::Refused(Refusal::WindowClosed { since: Some(NOON) });
        assert!(closed.wants_template() && !closed.may_be_repeated());
    }
}
