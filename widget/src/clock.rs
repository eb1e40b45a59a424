//! What time is it at the edge? The page never trusts the PC's clock.
//!
//! The edge says its time; from then on the browser's steady clock counts. A laptop that slept, or a
//! page that was frozen, leaves traces: the wall clock and the steady clock have drifted apart, or
//! nobody looked for a while. Then the time is *doubted*: nothing is shown as open until the edge
//! has been asked again.

use shared::time::{Span, Timestamp};

/// What the browser's clocks say at one moment, and a die that was rolled at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moment {
    /// Milliseconds of the steady clock (`performance.now()`).
    pub steady: i64,
    /// Milliseconds of the wall clock (`Date.now()`): only ever compared with itself.
    pub wall: i64,
    /// Whether the page can be seen.
    pub visible: bool,
    /// A random number.
    pub roll: u32,
}

/// How far wall clock and steady clock may part before somebody slept.
const DRIFT: i64 = 2_000;

/// How long a page that can be seen goes without looking at the clock, unless it was frozen.
const GAP: i64 = 5_000;

/// The edge's clock, as far as it is known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Clock {
    /// The edge's time less the steady clock.
    offset: Option<i64>,
    /// The wall clock less the steady clock when the edge last said its time.
    lead: i64,
    /// The steady clock at the last look.
    looked: i64,
    /// Whether the edge must be asked first.
    doubted: bool,
}

impl Clock {
    /// The edge said its time, in answer to a question or a new connection.
    pub fn set(&mut self, edge: Timestamp, moment: Moment) {
        self.offset = Some(edge.0.saturating_sub(moment.steady));
        self.lead = moment.wall.saturating_sub(moment.steady);
        self.looked = moment.steady;
        self.doubted = false;
    }

    /// The edge mentioned its time. A frame may have lain about for a while, so this moves the clock
    /// forward only, and never settles a doubt.
    pub fn hint(&mut self, edge: Timestamp, moment: Moment) {
        if !self.doubted {
            self.offset = self.offset.max(Some(edge.0.saturating_sub(moment.steady)));
        }
    }

    /// Looks for the traces of a sleep. Answers whether a doubt has just arisen.
    pub fn look(&mut self, moment: Moment) -> bool {
        let drift = moment
            .wall
            .saturating_sub(moment.steady)
            .saturating_sub(self.lead);
        let gap = moment.steady.saturating_sub(self.looked);
        self.looked = moment.steady;
        let slept = drift.abs() > DRIFT || (moment.visible && gap > GAP);
        let news = slept && !self.doubted && self.offset.is_some();
        self.doubted |= news;
        news
    }

    /// The edge's time, unless it is not known or doubted.
    #[must_use]
    pub fn now(&self, moment: Moment) -> Option<Timestamp> {
        if self.doubted {
            None
        } else {
            self.estimate(moment)
        }
    }

    /// The edge's time as well as it is known, doubted or not: good enough for a day's name.
    #[must_use]
    pub fn estimate(&self, moment: Moment) -> Option<Timestamp> {
        self.offset
            .map(|offset| Timestamp(moment.steady) + Span(offset))
    }

    /// Whether the edge must be asked first.
    #[must_use]
    pub fn is_doubted(&self) -> bool {
        self.doubted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(steady: i64, wall: i64) -> Moment {
        Moment {
            steady,
            wall,
            visible: true,
            roll: 0,
        }
    }

    #[test]
    fn it_counts_from_what_the_edge_said_and_not_from_the_pc() {
        let mut clock = Clock::default();
        assert_eq!(clock.now(at(0, 99)), None);
        clock.set(Timestamp(1_000_000), at(500, 7));
        assert_eq!(clock.now(at(1_500, 7)), Some(Timestamp(1_001_000)));
    }

    #[test]
    fn after_a_sleep_nothing_is_known_until_the_edge_answers() {
        let mut clock = Clock::default();
        clock.set(Timestamp(1_000_000), at(0, 50_000));
        assert!(!clock.look(at(1_000, 51_000)));
        // The steady clock stood still for an hour, the wall clock did not.
        assert!(clock.look(at(2_000, 3_652_000)));
        assert_eq!(clock.now(at(2_000, 3_652_000)), None);
        assert!(!clock.look(at(3_000, 3_653_000)), "asked once");
        clock.hint(Timestamp(1_002_000), at(3_000, 3_653_000));
        assert_eq!(
            clock.now(at(3_000, 3_653_000)),
            None,
            "a frame from before the sleep settles nothing"
        );
        clock.set(Timestamp(4_600_000), at(3_100, 3_653_100));
        assert_eq!(clock.now(at(3_100, 3_653_100)), Some(Timestamp(4_600_000)));
        assert!(!clock.look(at(4_100, 3_654_100)));
    }

    #[test]
    fn a_frozen_page_doubts_and_a_hidden_one_is_left_alone() {
        let mut clock = Clock::default();
        clock.set(Timestamp(0), at(0, 0));
        let hidden = Moment {
            visible: false,
            ..at(60_000, 60_000)
        };
        assert!(!clock.look(hidden));
        assert!(!clock.look(at(61_000, 61_000)));
        assert!(clock.look(at(70_000, 70_000)));
    }

    #[test]
    fn a_frame_that_lay_about_does_not_turn_the_clock_back() {
        let mut clock = Clock::default();
        clock.set(Timestamp(10_000), at(0, 0));
        clock.hint(Timestamp(9_000), at(500, 500));
        assert_eq!(clock.now(at(500, 500)), Some(Timestamp(10_500)));
        clock.hint(Timestamp(11_000), at(500, 500));
        assert_eq!(clock.now(at(500, 500)), Some(Timestamp(11_000)));
    }
}
