//! Who is it, is the window open, is the page connected?

use super::Widget;
use super::super::ports;
use crate::clock::Moment;
use crate::composer::{Composer, Nearness};
use crate::link::Link;
use crate::phrase::fill;
use shared::policy::Refusal;
use shared::text::is_blank;

impl Widget {
    pub(super) fn show_header(&self, state: &Composer, moment: Moment) {
        if let Some(held) = &self.model.held {
            let (name, number) = (held.thread.profile_name.as_str(), held.thread.reply_to.as_str());
            let named = !is_blank(name);
            self.text("name", if named { name } else { number });
            self.text("number", if named { number } else { "" });
        }
        let (code, words) = match state {
            Composer::Loading => ("loading", String::new()),
            Composer::Checking => ("checking", self.word("window.checking")),
            Composer::Open { closes_at, nearness, .. } => {
                let now = self.model.about_now(moment);
                let at = ports::when(&self.kit, closes_at.0 as f64, now.0 as f64);
                let code = if *nearness == Nearness::Far { "open" } else { "soon" };
                (code, fill(&self.word("window.open"), &[("at", &at)]))
            }
            Composer::Closed(Refusal::OptedOut { .. }) => ("closed", self.word("window.opted-out")),
            Composer::Closed(Refusal::NoOptIn | Refusal::WindowClosed { since: None }) => {
                ("closed", self.word("window.never"))
            }
            Composer::Closed(_) => ("closed", self.word("window.closed")),
        };
        self.attribute("window", "data-state", code);
        self.text("window-text", &words);
        self.show_connection();
    }

    /// Nothing while all is well, and nothing while the first connection is being made.
    fn show_connection(&self) {
        let link = self.model.link;
        let trying = matches!(link, Link::Ticketing | Link::Opening);
        let lost = if trying && self.model.tries > 0 { "lost" } else { link.code() };
        let hidden = link == Link::Live || (trying && self.model.tries == 0);
        if hidden {
            self.text("connection", "");
        } else if link == Link::Shut {
            let mut key = String::from("shut.");
            key.push_str(&self.model.shut);
            let words = self.word(&key);
            self.text("connection", &if words.is_empty() { self.word("shut.unknown") } else { words });
        } else {
            let mut key = String::from("connection.");
            key.push_str(lost);
            self.text("connection", &self.word(&key));
        }
        self.hide("connection", hidden);
        self.attribute("frame", "data-link", link.code());
    }
}
