//! What do administrators set of a number beside what the gate needs?
//!
//! Kept with the number's entry. Each part may be left out of a `PUT` and then stays as it is.

use serde::{Deserialize, Serialize};
use shared::consent::ConsentWords;
use shared::id::WorkstreamId;
use shared::time::Timestamp;

/// What is set of one number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The workstream it belongs to: one, or none yet.
    pub workstream: Option<WorkstreamId>,
    /// The words by which customers opt out and in, by language. All count, whatever language the
    /// number has.
    pub words: Vec<LanguageWords>,
    /// Who may send files.
    pub attachments: Attachments,
    /// What happens by itself.
    pub behaviours: Behaviours,
    /// From when on messages that were missed are taken in from Twilio's list; `None`: never. Earlier
    /// ones belong to the life that the number had before.
    pub recover_from: Option<Timestamp>,
    /// The join code, if it is the number of Twilio's sandbox.
    pub sandbox: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            workstream: None,
            words: Vec::new(),
            attachments: Attachments::default(),
            behaviours: Behaviours::default(),
            recover_from: Some(Timestamp(0)),
            sandbox: None,
        }
    }
}

/// The words of one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LanguageWords {
    /// The language.
    pub language: String,
    /// Words that opt out.
    pub opt_out: Vec<String>,
    /// Words that opt in again.
    pub opt_in: Vec<String>,
}

/// Who may send files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Attachments {
    /// Customers may.
    pub customers: bool,
    /// Agents may.
    pub agents: bool,
}

/// What happens by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Behaviours {
    /// Messages are sent on occasions.
    pub automated_messages: bool,
    /// Templates that come by synchronisation are offered for this number at once.
    pub templates: bool,
    /// Customers are asked after a conversation.
    pub survey: bool,
}

/// The words of all languages together, each once.
#[must_use]
pub fn union(words: &[LanguageWords]) -> ConsentWords {
    let mut all = ConsentWords {
        opt_out: Vec::new(),
        opt_in: Vec::new(),
    };
    let add = |to: &mut Vec<String>, from: &[String]| {
        for word in from {
            if !to.contains(word) {
                to.push(word.clone());
            }
        }
    };
    for language in words {
        add(&mut all.opt_out, &language.opt_out);
        add(&mut all.opt_in, &language.opt_in);
    }
    all
}

/// The words that a number begins with: Twilio's list for long codes and the Italian words for it.
/// CANCEL, END and QUIT are left out: in a conversation they are ordinary answers.
#[must_use]
pub fn usual_words() -> Vec<LanguageWords> {
    let own = |words: &[&str]| words.iter().map(|word| (*word).to_string()).collect();
    vec![
        LanguageWords {
            language: "en".into(),
            opt_out: own(&["STOP", "STOPALL", "UNSUBSCRIBE", "OPTOUT", "REVOKE"]),
            opt_in: own(&["START", "UNSTOP", "SUBSCRIBE"]),
        },
        LanguageWords {
            language: "it".into(),
            opt_out: own(&["BASTA", "DISISCRIVIMI"]),
            opt_in: own(&["ISCRIVIMI"]),
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_words_are_those_of_the_rule() {
        assert_eq!(union(&usual_words()), ConsentWords::default());
    }
}
