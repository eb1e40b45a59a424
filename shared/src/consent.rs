//! Does the customer want to hear from us? Opt-in and opt-out, per sender.
//!
//! An opt-out silences us at once. A customer who then writes again gets session replies: they
//! asked something. Templates need more: the sender's opt-in word, or a newly recorded opt-in.

use crate::id::AgentId;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What the customer of one thread has said about being written to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Consent {
    /// The opt-out that stands, if one does.
    #[serde(default)]
    pub opted_out: Option<OptOut>,
    /// The opt-in that stands, if one does.
    #[serde(default)]
    pub opt_in: Option<OptIn>,
}

/// An opt-out: when, and how we know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptOut {
    /// When it took effect.
    pub at: Timestamp,
    /// How we know.
    pub how: OptOutSource,
}

/// How we know of an opt-out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OptOutSource {
    /// The customer wrote one of the sender's opt-out words.
    Word,
    /// Twilio's Advanced Opt-Out said so (`OptOutType=STOP`).
    TwilioOptOut,
    /// Twilio refused to send: the customer sent STOP (error 21610).
    TwilioStopped,
    /// WhatsApp refused to deliver: blocked, or consent withdrawn (error 63014).
    Blocked,
}

/// A recorded opt-in: what must be shown when somebody asks why we wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptIn {
    /// When the customer agreed.
    pub at: Timestamp,
    /// Where: a form, a shop, a call.
    pub source: String,
    /// What they agreed to, in the words they saw.
    pub wording: String,
    /// Who recorded it, or `None` for the customer's own opt-in word.
    pub recorded_by: Option<AgentId>,
    /// When it was recorded: an opt-in lifts an earlier opt-out only by being recorded after it.
    pub recorded_at: Timestamp,
}

/// The words by which a sender's customers opt out and in. Compared whole, trimmed, in any case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentWords {
    /// Words that opt out.
    pub opt_out: Vec<String>,
    /// Words that opt in again.
    pub opt_in: Vec<String>,
}

impl Default for ConsentWords {
    /// Twilio's list for long codes, and the Italian words for it. CANCEL, END and QUIT are left
    /// to Twilio's own list: in a conversation they are ordinary answers.
    fn default() -> Self {
        let words = |list: &[&str]| list.iter().map(|word| (*word).into()).collect();
        Self {
            opt_out: words(&[
                "STOP",
                "STOPALL",
                "UNSUBSCRIBE",
                "OPTOUT",
                "REVOKE",
                "BASTA",
                "DISISCRIVIMI",
            ]),
            opt_in: words(&["START", "UNSTOP", "SUBSCRIBE", "ISCRIVIMI"]),
        }
    }
}

/// What an incoming message says about consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Nothing.
    None,
    /// Stop writing to me.
    Out(OptOutSource),
    /// You may write to me again.
    In,
}

impl ConsentWords {
    /// What a text (or, for a tapped button, its payload) says about consent.
    #[must_use]
    pub fn wish(&self, text: &str) -> Wish {
        let said = text.trim_matches(crate::text::is_space);
        let among = |list: &[String]| list.iter().any(|word| same_in_any_case(word, said));
        if said.is_empty() {
            Wish::None
        } else if among(&self.opt_out) {
            Wish::Out(OptOutSource::Word)
        } else if among(&self.opt_in) {
            Wish::In
        } else {
            Wish::None
        }
    }
}

/// Whether two words differ by case alone.
#[must_use]
pub fn same_in_any_case(a: &str, b: &str) -> bool {
    let a = a.chars().flat_map(char::to_lowercase);
    a.eq(b.chars().flat_map(char::to_lowercase))
}

impl Consent {
    /// The customer opted out. An opt-in before it no longer stands.
    pub fn opt_out(&mut self, at: Timestamp, how: OptOutSource) {
        // The latest counts: who wrote again and then says STOP again is silent again.
        let newer_stands = self.opted_out.is_some_and(|standing| standing.at > at);
        if !newer_stands {
            self.opted_out = Some(OptOut { at, how });
        }
        self.opt_in = None;
    }

    /// An opt-in was recorded, or the customer wrote an opt-in word.
    pub fn opt_in(&mut self, opt_in: OptIn) {
        self.opted_out = None;
        self.opt_in = Some(opt_in);
    }

    /// Whether session messages are held back: opted out, and silent since.
    #[must_use]
    pub fn silences_session(&self, last_inbound: Option<Timestamp>) -> Option<Timestamp> {
        let out = self.opted_out?;
        let wrote_again = last_inbound.is_some_and(|last| last > out.at);
        (!wrote_again).then_some(out.at)
    }

    /// The consent of two threads found to be one: the stricter of the two. An opt-in stands only
    /// if nobody opted out; of two, the earlier recorded.
    #[must_use]
    pub fn joined(self, other: Self) -> Self {
        let opted_out = match (self.opted_out, other.opted_out) {
            (Some(a), Some(b)) => Some(if (a.at, a.how) >= (b.at, b.how) { a } else { b }),
            (a, b) => a.or(b),
        };
        let opt_in = match (self.opt_in, other.opt_in) {
            _ if opted_out.is_some() => None,
            (Some(a), Some(b)) => Some(if a.recorded_at <= b.recorded_at { a } else { b }),
            (a, b) => a.or(b),
        };
        Self { opted_out, opt_in }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_word_opts_out() {
        let words = ConsentWords::default();
        for text in ["STOP", " stop \n", "Stop", "basta"] {
            assert_eq!(words.wish(text), Wish::Out(OptOutSource::Word), "{text}");
        }
        for text in ["stop it please", "non-stop", "", "STOP!", "stopp"] {
            assert_eq!(words.wish(text), Wish::None, "{text}");
        }
        assert_eq!(words.wish("start"), Wish::In);
    }

    #[test]
    fn who_writes_again_after_opting_out_gets_an_answer() {
        let mut consent = Consent::default();
        consent.opt_out(Timestamp(10), OptOutSource::Word);
        assert_eq!(
            consent.silences_session(Some(Timestamp(10))),
            Some(Timestamp(10))
        );
        assert_eq!(consent.silences_session(Some(Timestamp(11))), None);
        assert!(consent.opted_out.is_some(), "templates stay refused");
        consent.opt_out(Timestamp(20), OptOutSource::Word);
        assert_eq!(
            consent.silences_session(Some(Timestamp(20))),
            Some(Timestamp(20))
        );
    }

    #[test]
    fn the_stricter_consent_survives_a_joining() {
        let mut out = Consent::default();
        out.opt_out(Timestamp(10), OptOutSource::Blocked);
        let mut agreed = Consent::default();
        agreed.opt_in(OptIn {
            at: Timestamp(1),
            source: "form".into(),
            wording: "yes".into(),
            recorded_by: None,
            recorded_at: Timestamp(20),
        });
        assert_eq!(
            out.clone().joined(agreed.clone()),
            agreed.joined(out.clone())
        );
        assert_eq!(out.clone().joined(out.clone()), out);
    }
}
