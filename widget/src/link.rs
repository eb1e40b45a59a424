//! Is the page connected to the edge, and when does it try again? Lost connections are healed by
//! themselves: half a second at first, then longer, never more than a quarter of a minute.

use crate::clock::Moment;

/// Where the connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// A ticket was asked for.
    Ticketing,
    /// The socket was opened; the edge has not said welcome yet.
    Opening,
    /// The thread is live.
    Live,
    /// It was lost, or could not be made; the next attempt is at `until` of the steady clock.
    Waiting {
        /// When to try again.
        until: i64,
        /// Why, as a key of the locale files.
        why: Trouble,
    },
    /// It will not get better by trying: not this thread, not this page, no such address.
    Shut,
}

/// Why there is no connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The network, or the edge, is away.
    Away,
    /// The edge does not take the token.
    Token,
    /// The edge speaks another build's protocol, and the new build is not there yet.
    Outdated,
}

/// How long the edge may take to answer before the attempt counts as lost.
pub const PATIENCE: i64 = 15_000;
/// How long a live connection is left alone before it is asked whether it still is one.
pub const HEARTBEAT: i64 = 25_000;
/// How long it may take to answer.
pub const PULSE: i64 = 10_000;
/// The same when there is reason to doubt it: after a sleep.
pub const WEAK_PULSE: i64 = 3_000;

const SHORTEST: i64 = 500;
const LONGEST: i64 = 15_000;

impl Link {
    /// Whether the thread is live.
    #[must_use]
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Live)
    }

    /// The stable code, for locale files (`connection.<code>`) and events.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ticketing | Self::Opening => "connecting",
            Self::Live => "live",
            Self::Waiting {
                why: Trouble::Away, ..
            } => "lost",
            Self::Waiting {
                why: Trouble::Token,
                ..
            } => "token",
            Self::Waiting {
                why: Trouble::Outdated,
                ..
            } => "outdated",
            Self::Shut => "shut",
        }
    }
}

/// How long to wait before attempt number `tries`: doubling, and between half and all of it by
/// chance, so that a thousand pages do not come back at the same moment.
#[must_use]
pub fn backoff(tries: u32, moment: Moment) -> i64 {
    let whole = (SHORTEST << tries.min(5)).min(LONGEST);
    let half = whole / 2;
    half + i64::from(moment.roll) % (half + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_grow_apart_and_never_too_far() {
        for tries in 0..100 {
            for roll in [0, 1, 777, u32::MAX] {
                let wait = backoff(
                    tries,
                    Moment {
                        roll,
                        ..Moment::default()
                    },
                );
                assert!((SHORTEST / 2..=LONGEST).contains(&wait), "{tries}: {wait}");
            }
        }
        let most = |tries| {
            (0..20_000)
                .map(|roll| {
                    backoff(
                        tries,
                        Moment {
                            roll,
                            ..Moment::default()
                        },
                    )
                })
                .max()
        };
        assert_eq!(most(0), Some(500));
        assert_eq!(most(1), Some(1_000));
        assert_eq!(most(9), Some(15_000));
    }
}
