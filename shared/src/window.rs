//! Is the window open? WhatsApp's 24 hours after the customer's last message.
//!
//! Only a message *from* the customer opens it, or opens it again; nothing we send moves it, and
//! `last_inbound` never decreases. WhatsApp's own clock is the truth: when it refuses a message as
//! late (Twilio's error 63016), the window is closed until the customer writes again.
//!
//! Source: Meta's page on customer service windows; Twilio's "24 hours after the last inbound
//! message you receive" and its page on error 63016.

use crate::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

/// How long the window stays open after the customer's last message.
pub const LENGTH: Span = Span::hours(24);

/// How much earlier than WhatsApp we close when nobody says otherwise: the longest Twilio tries to
/// deliver a webhook, so the most by which WhatsApp's clock can have started before ours.
pub const DEFAULT_MARGIN: Span = Span::seconds(15);

/// The largest margin a sender may ask for.
pub const LONGEST_MARGIN: Span = Span::minutes(10);

/// The window of one thread. It knows the facts; the margin is the sender's and is given in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Window {
    /// When the customer last wrote, or `None` if they never did.
    pub last_inbound: Option<Timestamp>,
    /// When a message was handed over that WhatsApp then refused as late. It closes the window
    /// unless the customer has written after it.
    pub forced_closed: Option<Timestamp>,
}

/// What the window is at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Anything may be sent until then (the margin is already taken off).
    Open {
        /// The first moment at which it is closed.
        closes_at: Timestamp,
    },
    /// Only an approved template may be sent.
    Closed {
        /// Since when, or `None` if the customer never wrote.
        since: Option<Timestamp>,
    },
}

impl Window {
    /// The customer wrote at `at`. Never moves backwards.
    pub fn inbound(&mut self, at: Timestamp) {
        self.last_inbound = self.last_inbound.max(Some(at));
    }

    /// WhatsApp refused, as outside its window, what was handed over at `handed_over`.
    pub fn refused(&mut self, handed_over: Timestamp) {
        self.forced_closed = self.forced_closed.max(Some(handed_over));
    }

    /// The standing at `now`, closing earlier than WhatsApp by `margin`.
    ///
    /// A last message stamped slightly in the future is an open window: the clocks differ, the
    /// customer did write. A margin outside `0..=`[`LONGEST_MARGIN`] is brought back into it.
    #[must_use]
    pub fn standing(&self, margin: Span, now: Timestamp) -> Standing {
        let Some(last) = self.last_inbound else {
            return Standing::Closed { since: None };
        };
        if let Some(refused) = self.forced_closed
            && last <= refused
        {
            return Standing::Closed {
                since: Some(refused),
            };
        }
        let closes_at = last + LENGTH - Span(margin.0.clamp(0, LONGEST_MARGIN.0));
        if now < closes_at {
            Standing::Open { closes_at }
        } else {
            Standing::Closed {
                since: Some(closes_at),
            }
        }
    }

    /// When it closes or closed, the margin taken off; `None` if it never was open or WhatsApp
    /// closed it.
    #[must_use]
    pub fn closes_at(&self, margin: Span) -> Option<Timestamp> {
        match self.standing(margin, Timestamp(i64::MIN)) {
            Standing::Open { closes_at } => Some(closes_at),
            Standing::Closed { .. } => None,
        }
    }

    /// The window of two threads found to be one: the later inbound, the later refusal.
    #[must_use]
    pub fn joined(self, other: Self) -> Self {
        Self {
            last_inbound: self.last_inbound.max(other.last_inbound),
            forced_closed: self.forced_closed.max(other.forced_closed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MARGIN: Span = Span::seconds(15);

    fn written(at: i64) -> Window {
        Window {
            last_inbound: Some(Timestamp(at)),
            forced_closed: None,
        }
    }

    fn open(window: Window, now: i64) -> bool {
        matches!(
            window.standing(MARGIN, Timestamp(now)),
            Standing::Open { .. }
        )
    }

    #[test]
    fn nobody_wrote_so_it_is_closed() {
        let standing = Window::default().standing(MARGIN, Timestamp(5));
        assert_eq!(standing, Standing::Closed { since: None });
    }

    #[test]
    fn it_closes_to_the_millisecond_less_the_margin() {
        let end = 1_000 + 86_400_000 - 15_000;
        assert!(open(written(1_000), end - 1));
        assert!(!open(written(1_000), end));
        assert_eq!(written(1_000).closes_at(MARGIN), Some(Timestamp(end)));
    }

    #[test]
    fn an_inbound_from_the_future_is_open() {
        assert!(open(written(10_000), 9_000));
    }

    #[test]
    fn a_refusal_closes_and_a_newer_message_opens_again() {
        let mut window = written(1_000);
        window.refused(Timestamp(5_000));
        assert_eq!(
            window.standing(MARGIN, Timestamp(6_000)),
            Standing::Closed {
                since: Some(Timestamp(5_000))
            }
        );
        window.inbound(Timestamp(5_001));
        assert!(open(window, 6_000));
    }

    #[test]
    fn a_refusal_of_something_older_than_the_last_message_changes_nothing() {
        let mut window = written(7_000);
        window.refused(Timestamp(5_000));
        assert!(open(window, 8_000));
    }

    proptest! {
        #[test]
        fn last_inbound_never_decreases(stamps in prop::collection::vec(any::<i64>(), 1..20)) {
            let mut window = Window::default();
            for stamp in stamps {
                let before = window.last_inbound;
                window.inbound(Timestamp(stamp));
                prop_assert!(window.last_inbound >= before);
            }
        }

        #[test]
        fn a_wider_margin_never_opens(last in 0i64..1_000_000_000, now in 0i64..1_000_000_000, a in 0i64..700_000, b in 0i64..700_000) {
            let (narrow, wide) = (Span(a.min(b)), Span(a.max(b)));
            if let Standing::Open { .. } = written(last).standing(wide, Timestamp(now)) {
                let open = matches!(written(last).standing(narrow, Timestamp(now)), Standing::Open { .. });
                prop_assert!(open);
            }
        }

        #[test]
        fn joining_is_commutative_and_idempotent(a in any::<[Option<i64>; 2]>(), b in any::<[Option<i64>; 2]>()) {
            let window = |x: [Option<i64>; 2]| Window { last_inbound: x[0].map(Timestamp), forced_closed: x[1].map(Timestamp) };
            let (a, b) = (window(a), window(b));
            prop_assert_eq!(a.joined(b), b.joined(a));
            prop_assert_eq!(a.joined(a), a);
        }
    }
}
