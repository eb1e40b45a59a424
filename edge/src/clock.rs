//! What time is it? The only place in the Worker that asks.
//!
//! `domain()` is the time the rule goes by; `wall()` is for tokens, tickets and leases. They are
//! the same, unless this is a `simulated-clock` build, in which the simulator moves `domain()`.

use shared::time::Timestamp;

/// The time for tokens, tickets and leases.
#[must_use]
pub fn wall() -> Timestamp {
    #[allow(clippy::cast_possible_truncation)] // whole milliseconds
    Timestamp(worker::js_sys::Date::now() as i64)
}

/// The time the rule goes by.
#[cfg(not(feature = "simulated-clock"))]
#[must_use]
pub fn domain() -> Timestamp {
    wall()
}

#[cfg(feature = "simulated-clock")]
pub use simulated::{domain, learn, learn_anew, set};

#[cfg(feature = "simulated-clock")]
mod simulated {
    //! The simulated clock: the wall's, moved by an offset that DirectoryObject keeps. All objects of
    //! a local deployment live in one isolate, so the offset is a static that is learned once.

    use super::{Timestamp, wall};
    use shared::time::Span;
    use std::sync::atomic::{AtomicI64, Ordering};

    const UNKNOWN: i64 = i64::MIN;
    static OFFSET: AtomicI64 = AtomicI64::new(UNKNOWN);

    /// The time the rule goes by.
    #[must_use]
    pub fn domain() -> Timestamp {
        match OFFSET.load(Ordering::Relaxed) {
            UNKNOWN => wall(),
            offset => wall() + Span(offset),
        }
    }

    /// Moves the clock.
    pub fn set(offset: i64) {
        OFFSET.store(offset, Ordering::Relaxed);
    }

    /// Learns the offset, though it may be known: where nobody tells when it changes.
    pub async fn learn_anew(env: &worker::Env) {
        set(UNKNOWN);
        learn(env).await;
    }

    /// Learns the offset from where it is kept, if this isolate does not know it yet.
    pub async fn learn(env: &worker::Env) {
        if OFFSET.load(Ordering::Relaxed) == UNKNOWN
            && let Ok(offset) = crate::directory::calls::clock_offset(env).await
        {
            set(offset);
        }
    }
}
