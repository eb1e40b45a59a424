//! Is a free-form message allowed now? The referee's own copy of WhatsApp's 24 hours.
//!
//! Kept apart from the product on purpose: nothing here may come from the crate that is being judged.
//! WhatsApp counts from the moment the customer wrote, not from when a webhook was delivered.

use std::collections::HashMap;

/// 24 hours in milliseconds.
pub const WINDOW_MS: i64 = 24 * 60 * 60 * 1_000;

/// The last message of each customer to each sender.
#[derive(Debug, Default)]
pub struct Windows {
    last_inbound: HashMap<(String, String), i64>,
}

impl Windows {
    /// The customer wrote, tapped or sent anything at all. The window never moves backwards.
    pub fn customer_wrote(&mut self, sender: &str, person: &str, at: i64) {
        let last = self
            .last_inbound
            .entry((sender.to_owned(), person.to_owned()))
            .or_insert(at);
        *last = at.max(*last);
    }

    /// When the window closes, or closed; `None` if the customer never wrote to this sender.
    pub fn closes_at(&self, sender: &str, person: &str) -> Option<i64> {
        self.last_inbound
            .get(&(sender.to_owned(), person.to_owned()))
            .map(|last| last + WINDOW_MS)
    }

    /// Open means strictly before the twenty-fourth hour is over.
    pub fn is_open(&self, sender: &str, person: &str, now: i64) -> bool {
        self.closes_at(sender, person)
            .is_some_and(|closes| now < closes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_open_for_one_millisecond_less_than_a_day() {
        let mut windows = Windows::default();
        assert!(!windows.is_open("+1", "IT.1", 0), "never wrote");
        windows.customer_wrote("+1", "IT.1", 1_000);
        assert!(windows.is_open("+1", "IT.1", 1_000 + WINDOW_MS - 1));
        assert!(!windows.is_open("+1", "IT.1", 1_000 + WINDOW_MS));
        assert!(!windows.is_open("+2", "IT.1", 1_001), "another sender");
        assert!(!windows.is_open("+1", "IT.2", 1_001), "another customer");
    }

    #[test]
    fn an_older_message_never_moves_it_back() {
        let mut windows = Windows::default();
        windows.customer_wrote("+1", "IT.1", 5_000);
        windows.customer_wrote("+1", "IT.1", 4_000);
        assert_eq!(windows.closes_at("+1", "IT.1"), Some(5_000 + WINDOW_MS));
    }
}
