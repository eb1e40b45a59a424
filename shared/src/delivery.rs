//! How far did it get? Delivery status as Twilio reports it, merged so that order and repetition
//! of callbacks do not matter.
//!
//! Twilio guarantees neither delivery nor order of status callbacks, so statuses are merged by one
//! total order and never by "last one wins". A delivery or a read proves that an earlier failure
//! report was wrong, so they stand above failures.

use serde::{Deserialize, Serialize};

/// A delivery status, in the order by which two reports merge: the greater stands.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Ours, not yet with Twilio.
    #[default]
    Pending,
    /// Twilio has it, and will choose a sender.
    Accepted,
    /// Twilio keeps it until its time.
    Scheduled,
    /// Twilio will send it.
    Queued,
    /// Twilio is sending it.
    Sending,
    /// WhatsApp has it: one tick.
    Sent,
    /// Withdrawn before it was sent.
    Canceled,
    /// WhatsApp could not deliver it.
    Undelivered,
    /// Twilio could not send it.
    Failed,
    /// It is on the customer's phone: two ticks.
    Delivered,
    /// The customer has seen it: two blue ticks.
    Read,
}

impl Status {
    /// Reads Twilio's `MessageStatus`. `None` for a status we do not know: acknowledged, logged
    /// and ignored, since Twilio adds values without notice.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "accepted" => Self::Accepted,
            "scheduled" => Self::Scheduled,
            "queued" => Self::Queued,
            "sending" => Self::Sending,
            "sent" => Self::Sent,
            "canceled" => Self::Canceled,
            "undelivered" => Self::Undelivered,
            "failed" => Self::Failed,
            "delivered" | "partially_delivered" => Self::Delivered,
            "read" => Self::Read,
            _ => return None,
        })
    }

    /// Whether it says that the message did not arrive.
    #[must_use]
    pub const fn is_failure(self) -> bool {
        matches!(self, Self::Canceled | Self::Undelivered | Self::Failed)
    }
}

/// What is known of one message's delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Delivery {
    /// The status that stands.
    pub status: Status,
    /// Twilio's error code, if the status is a failure and Twilio gave one.
    pub code: Option<u32>,
}

impl Delivery {
    /// A report of `status`, whose `code` counts only if the status is a failure.
    #[must_use]
    pub fn report(status: Status, code: Option<u32>) -> Self {
        Self {
            status,
            code: code.filter(|_| status.is_failure()),
        }
    }

    /// What two reports say together: the greater status; of equal failures the smallest code.
    #[must_use]
    pub fn merged(self, other: Self) -> Self {
        if self.rank() >= other.rank() {
            self
        } else {
            other
        }
    }

    /// One number for the total order: status first, then the smaller code, no code last of all.
    fn rank(self) -> u64 {
        let code = self.code.filter(|_| self.status.is_failure());
        let by_code = code.map_or(0, |code| 1 + u64::from(u32::MAX - code));
        ((self.status as u64) << 33) | by_code
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_delivery() -> impl Strategy<Value = Delivery> {
        let names = [
            "accepted",
            "scheduled",
            "queued",
            "sending",
            "sent",
            "canceled",
            "undelivered",
            "failed",
            "delivered",
            "read",
        ];
        (0..names.len(), prop::option::of(any::<u32>())).prop_map(move |(i, code)| {
            Delivery::report(Status::parse(names[i]).unwrap_or_default(), code)
        })
    }

    #[test]
    fn a_read_message_stays_read() {
        let read = Delivery::report(Status::Read, None);
        assert_eq!(
            read.merged(Delivery::report(Status::Failed, Some(63016))),
            read
        );
        assert_eq!(Delivery::report(Status::Sent, None).merged(read), read);
    }

    #[test]
    fn of_equal_failures_the_smallest_code_stands() {
        let failed = |code| Delivery::report(Status::Failed, code);
        assert_eq!(
            failed(Some(63016)).merged(failed(Some(63003))),
            failed(Some(63003))
        );
        assert_eq!(
            failed(None).merged(failed(Some(63016))),
            failed(Some(63016))
        );
    }

    proptest! {
        #[test]
        fn merging_is_commutative(a in any_delivery(), b in any_delivery()) {
            prop_assert_eq!(a.merged(b), b.merged(a));
        }

        #[test]
        fn merging_is_associative(a in any_delivery(), b in any_delivery(), c in any_delivery()) {
            prop_assert_eq!(a.merged(b).merged(c), a.merged(b.merged(c)));
        }

        #[test]
        fn merging_is_idempotent(a in any_delivery(), b in any_delivery()) {
            prop_assert_eq!(a.merged(a), a);
            prop_assert_eq!(a.merged(b).merged(b), a.merged(b));
        }
    }
}
