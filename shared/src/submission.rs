//! Will WhatsApp take this template? Its rules, checked before somebody waits two days for a no.
//!
//! The rules are those of Twilio's pages on variables, on error 63040 and on each content type, and of
//! WhatsApp's guidelines for templates. What only a reader can judge (grammar, purpose) is not here.
//!
//! This is for administrators. It stands beside [`crate::template`] and not in it, since what is in there
//! is part of what the page and the edge share, and a change there makes every open page load anew.

mod finding;
mod rules;
mod texts;

pub use finding::{Fact, Fault, Finding, Place};
pub use rules::findings;

use crate::template::{
    Approval, Button, ButtonKind, Category, Kind, Localization, Piece, Value, pieces,
};
use crate::text::is_blank;

/// The longest name, in characters: lower-case letters, digits and `_`.
pub const LONGEST_TEMPLATE_NAME: usize = 512;

/// The longest footer, in UTF-16 units.
pub const LONGEST_FOOTER: usize = 60;

/// The longest title of a button, in UTF-16 units. An older page of Twilio's has 25 for buttons that
/// lead somewhere; WhatsApp itself takes 25, Twilio's card 20.
pub const LONGEST_TITLE: usize = 20;

/// The longest title of a button in a `twilio/call-to-action`, in UTF-16 units.
pub const LONGEST_ACTION_TITLE: usize = 25;

/// The longest identifier of a quick reply.
pub const LONGEST_REPLY_ID: usize = 128;

/// The longest address of a button.
pub const LONGEST_ADDRESS: usize = 2_000;

/// The longest code to copy.
pub const LONGEST_CODE: usize = 15;

/// The most variables of a template.
pub const MOST_VARIABLES: usize = 100;

/// The most buttons of all kinds together, and so of quick replies.
pub const MOST_BUTTONS: usize = 10;

/// A template in one language, as somebody would hand it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// WhatsApp's name for it; the same for all its languages.
    pub name: String,
    /// WhatsApp's category.
    pub category: Category,
    /// WhatsApp's language code: `it`, `en_GB`.
    pub language: String,
    /// The text, with `{{1}}` or `{{name}}` where variables go.
    pub body: String,
    /// The small line below. A blank one is none.
    pub footer: Option<String>,
    /// The buttons below, in their order.
    pub buttons: Vec<Button>,
    /// An example for each variable.
    pub samples: Vec<Value>,
}

/// What a customer would see of a submission, with its samples filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The text. A variable without a sample stands as it was written.
    pub body: String,
    /// The small line below.
    pub footer: Option<String>,
    /// The buttons below, with their targets filled in.
    pub buttons: Vec<Button>,
}

impl Submission {
    /// The kind of content that has room for all of it. A footer, and replies beside other buttons, have
    /// room on a card only.
    #[must_use]
    pub fn kind(&self) -> Kind {
        let replies = self.replies();
        if self.footer().is_some() || (replies > 0 && replies < self.buttons.len()) {
            Kind::Card
        } else if self.buttons.is_empty() {
            Kind::Text
        } else if replies > 0 {
            Kind::QuickReply
        } else {
            Kind::CallToAction
        }
    }

    /// The footer, if there is something to be seen in it.
    #[must_use]
    pub fn footer(&self) -> Option<&str> {
        self.footer.as_deref().filter(|text| !is_blank(text))
    }

    /// As a localization that was never handed in.
    #[must_use]
    pub fn localization(&self) -> Localization {
        Localization {
            language: self.language.clone(),
            content_sid: None,
            approval: Approval::Unsubmitted,
            kind: self.kind(),
            body: self.body.clone(),
            footer: self.footer().map(Into::into),
            buttons: self.buttons.clone(),
            samples: self.samples.clone(),
        }
    }

    /// How many buttons are quick replies.
    fn replies(&self) -> usize {
        let replies = self.buttons.iter();
        replies
            .filter(|button| button.kind == ButtonKind::QuickReply)
            .count()
    }

    /// The names of all variables, each once, in order of first appearance: text, then buttons.
    fn variables(&self) -> Vec<&str> {
        let targets = self.buttons.iter().map(|button| button.target.as_str());
        let mut names = Vec::new();
        for text in core::iter::once(self.body.as_str()).chain(targets) {
            for piece in pieces(text) {
                if let Piece::Variable(name) = piece
                    && !names.contains(&name)
                {
                    names.push(name);
                }
            }
        }
        names
    }

    /// The sample of a variable, if there is something to be seen in it.
    fn sample(&self, name: &str) -> Option<&str> {
        let sample = self.samples.iter().find(|sample| sample.name == name)?;
        Some(sample.value.as_str()).filter(|value| !is_blank(value))
    }

    /// A text with the samples in it.
    fn filled(&self, text: &str) -> String {
        let mut filled = String::new();
        for piece in pieces(text) {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Variable(name) => match self.sample(name) {
                    Some(sample) => filled.push_str(sample),
                    None => {
                        filled.push_str("{{");
                        filled.push_str(name);
                        filled.push_str("}}");
                    }
                },
            }
        }
        filled
    }
}

/// What a customer would see of it. Of a submission without findings, the body is what
/// [`crate::template::fill`] makes of it.
#[must_use]
pub fn preview(submission: &Submission) -> Preview {
    let buttons = submission.buttons.iter();
    let buttons = buttons.map(|button| Button {
        target: submission.filled(&button.target),
        ..button.clone()
    });
    Preview {
        body: submission.filled(&submission.body),
        footer: submission.footer().map(Into::into),
        buttons: buttons.collect(),
    }
}

#[cfg(test)]
mod tests;
