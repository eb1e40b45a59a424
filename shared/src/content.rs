//! What is said? The contents of messages, of every kind that may arrive or leave.
//!
//! A kind we do not know is kept and shown as such: never dropped, since it opens the window.

use crate::id::TemplateId;
use crate::template::Button;
use serde::{Deserialize, Serialize};

/// The content of one message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// Free text.
    Text {
        /// As written; WhatsApp's formatting marks included.
        body: String,
    },
    /// A template with its variables filled in, as the customer sees it.
    Template {
        /// Which template.
        template: TemplateId,
        /// In which language.
        language: String,
        /// The text with every variable filled in.
        body: String,
        /// The small line below the text, if it has one.
        footer: Option<String>,
        /// The buttons below it.
        buttons: Vec<Button>,
    },
    /// One or more media.
    Media {
        /// The media, in Twilio's order.
        items: Vec<Medium>,
        /// The text that came with them; often empty.
        caption: String,
    },
    /// A place.
    Location {
        /// Degrees north, as Twilio wrote them.
        latitude: String,
        /// Degrees east, as Twilio wrote them.
        longitude: String,
        /// The place's name, if given.
        label: String,
        /// The place's address, if given.
        address: String,
    },
    /// A button of an earlier message was tapped.
    Button {
        /// What stands on the button.
        text: String,
        /// The identifier its author gave it; may be empty.
        payload: String,
    },
    /// An entry of a list was chosen.
    ListReply {
        /// The identifier of the entry.
        id: String,
        /// What stands on it.
        title: String,
    },
    /// Something we have no view for.
    Other {
        /// Twilio's `MessageType`, or what we can say of it; may be empty.
        kind: String,
        /// The text that came with it; may be empty.
        body: String,
    },
    /// Not a message: something the agent must know at this place of the thread.
    Notice(Notice),
}

/// One medium of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Medium {
    /// The MIME type Twilio gave; may be empty.
    pub content_type: String,
    /// Twilio's `ME…` identifier of the medium; may be empty.
    pub sid: String,
}

/// Something the agent must know at one place of a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// The phone came with another business-scoped id: it may belong to somebody else now. What
    /// stands above may be another person's.
    NewOwner,
    /// The customer asked not to be written to.
    OptedOut,
    /// The customer wants to be written to again.
    OptedIn,
}

impl Content {
    /// The kind, as named in session records, interfaces and locale files.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::Template { .. } => "template",
            Self::Media { .. } => "media",
            Self::Location { .. } => "location",
            Self::Button { .. } => "button",
            Self::ListReply { .. } => "list_reply",
            Self::Other { .. } => "other",
            Self::Notice(_) => "notice",
        }
    }
}
