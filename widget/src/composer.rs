//! What may the agent do now: write, or not, and why not? The composer's states.
//!
//! They come from the rule itself (`shared::policy`), asked anew at every keystroke and tick. What
//! is not known for certain is never shown as open.

use crate::clock::Moment;
use crate::model::Model;
use shared::policy::{self, Proposal, Refusal};
use shared::text;
use shared::time::{Span, Timestamp};

/// What the composer is at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Composer {
    /// Nothing has come from the edge yet.
    Loading,
    /// The time is doubted: the edge is being asked.
    Checking,
    /// The window is open.
    Open {
        /// When it closes.
        closes_at: Timestamp,
        /// How long that is.
        left: Span,
        /// How near it is.
        nearness: Nearness,
    },
    /// Nothing free may be written, and why.
    Closed(Refusal),
}

/// How near the window's end is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nearness {
    /// More than an hour.
    Far,
    /// The last hour.
    Soon,
    /// The last five minutes, counted by the second.
    Last,
}

/// How much of the draft may be written before its length is worth showing.
pub const SHOW_LENGTH_FROM: usize = 1_400;

/// The composer's state.
#[must_use]
pub fn composer(model: &Model, moment: Moment) -> Composer {
    let Some(held) = &model.held else {
        return Composer::Loading;
    };
    let Some(now) = model.clock.now(moment) else {
        return Composer::Checking;
    };
    if !held.sender.active {
        return Composer::Closed(Refusal::SenderInactive);
    }
    match policy::session_open(&held.thread, held.sender.margin, now) {
        Ok(closes_at) => {
            let left = closes_at - now;
            Composer::Open {
                closes_at,
                left,
                nearness: nearness(left),
            }
        }
        // Outside the window somebody who never wrote can be reached only with an opt-in.
        Err(Refusal::WindowClosed { since: None }) if held.thread.consent.opt_in.is_none() => {
            Composer::Closed(Refusal::NoOptIn)
        }
        Err(refusal) => Composer::Closed(refusal),
    }
}

fn nearness(left: Span) -> Nearness {
    if left > Span::minutes(60) {
        Nearness::Far
    } else if left > Span::minutes(5) {
        Nearness::Soon
    } else {
        Nearness::Last
    }
}

/// How urgent the window's end is to those who listen: 0 far, then within an hour, ten minutes, a
/// minute; 4 closed.
#[must_use]
pub fn urgency(composer: &Composer) -> u8 {
    match composer {
        Composer::Open { left, .. } if *left > Span::minutes(60) => 0,
        Composer::Open { left, .. } if *left > Span::minutes(10) => 1,
        Composer::Open { left, .. } if *left > Span::minutes(1) => 2,
        Composer::Open { .. } => 3,
        _ => 4,
    }
}

/// Why the draft may not be sent now, if it may not.
#[must_use]
pub fn obstacle(model: &Model, moment: Moment) -> Option<Refusal> {
    let (held, now) = (model.held.as_ref()?, model.clock.now(moment)?);
    let proposal = Proposal::Text {
        body: model.draft.clone(),
    };
    policy::authorize(&held.thread, &held.sender, &proposal, now).err()
}

/// The draft's length and whether it is too long, once it is worth showing.
#[must_use]
pub fn length(draft: &str) -> Option<(usize, bool)> {
    let length = text::utf16_len(draft);
    (length >= SHOW_LENGTH_FROM).then_some((length, length > text::LONGEST_SESSION_TEXT))
}

/// A time left, in the units in which it is shown: the two largest that matter, rounded so that it
/// never promises more than there is. `[hours, minutes, seconds]`, -1 for a unit not shown.
#[must_use]
pub fn units(left: Span) -> [i32; 3] {
    let seconds = i32::try_from(left.as_seconds().max(0)).unwrap_or(i32::MAX);
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    match nearness(left) {
        Nearness::Last => [-1, if minutes > 0 { minutes } else { -1 }, seconds % 60],
        _ if hours > 0 => [hours, if minutes > 0 { minutes } else { -1 }, -1],
        _ => [-1, minutes, -1],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{NOON, open_thread, welcomed};
    use shared::consent::{OptIn, OptOut, OptOutSource};

    #[test]
    fn three_states_by_the_time_left() {
        for (left, expected) in [
            (Span::hours(5), Nearness::Far),
            (Span::minutes(60), Nearness::Soon),
            (Span::minutes(5), Nearness::Last),
            (Span(1), Nearness::Last),
        ] {
            let (model, moment) = welcomed(open_thread(left));
            let Composer::Open {
                nearness,
                left: shown,
                ..
            } = composer(&model, moment)
            else {
                panic!("{left:?} left is open");
            };
            assert_eq!((nearness, shown), (expected, left));
        }
        let (model, moment) = welcomed(open_thread(Span(0)));
        assert_eq!(
            composer(&model, moment),
            Composer::Closed(Refusal::WindowClosed { since: Some(NOON) })
        );
    }

    #[test]
    fn it_closes_by_the_tick_and_without_the_edge() {
        let (model, moment) = welcomed(open_thread(Span::seconds(1)));
        assert!(matches!(composer(&model, moment), Composer::Open { .. }));
        let later = Moment {
            steady: moment.steady + 1_000,
            wall: moment.wall + 1_000,
            ..moment
        };
        assert!(matches!(composer(&model, later), Composer::Closed(_)));
    }

    #[test]
    fn who_never_wrote_needs_an_opt_in_first() {
        let mut thread = open_thread(Span(0));
        thread.window.last_inbound = None;
        let (model, moment) = welcomed(thread.clone());
        assert_eq!(composer(&model, moment), Composer::Closed(Refusal::NoOptIn));
        thread.consent.opt_in(OptIn {
            at: NOON,
            source: "shop".into(),
            wording: "yes".into(),
            recorded_by: None,
            recorded_at: NOON,
        });
        let (model, moment) = welcomed(thread);
        assert_eq!(
            composer(&model, moment),
            Composer::Closed(Refusal::WindowClosed { since: None })
        );
    }

    #[test]
    fn an_opt_out_silences_an_open_window() {
        let mut thread = open_thread(Span::hours(3));
        thread.consent.opted_out = Some(OptOut {
            at: NOON,
            how: OptOutSource::Word,
        });
        let (model, moment) = welcomed(thread);
        assert_eq!(
            composer(&model, moment),
            Composer::Closed(Refusal::OptedOut { since: NOON })
        );
    }

    #[test]
    fn the_time_left_never_promises_more_than_there_is() {
        for (left, expected) in [
            (Span::minutes(312), [5, 12, -1]),
            (Span::hours(23), [23, -1, -1]),
            (Span::minutes(60), [1, -1, -1]),
            (Span(Span::minutes(60).0 - 1), [-1, 59, -1]),
            (Span::seconds(299), [-1, 4, 59]),
            (Span(59_999), [-1, -1, 59]),
            (Span(-5), [-1, -1, 0]),
        ] {
            assert_eq!(units(left), expected, "{left:?}");
        }
    }

    #[test]
    fn the_length_is_shown_from_1400_and_too_long_above_1600() {
        assert_eq!(length(&"x".repeat(1_399)), None);
        assert_eq!(length(&"x".repeat(1_400)), Some((1_400, false)));
        assert_eq!(length(&"x".repeat(1_600)), Some((1_600, false)));
        assert_eq!(length(&"x".repeat(1_601)), Some((1_601, true)));
    }
}
