//! What may be said at any time? Templates, their localizations and what Twilio says of them.
//!
//! A template is one message in several languages. Each language is a *content* of its own at
//! Twilio, with its own Content SID and its own approval by WhatsApp; `friendly_name` is not
//! unique there, the SID is.

mod filling;
mod placeholders;

pub use filling::{Flaw, fill};
pub use placeholders::{Piece, Pieces, pieces, variables};

use crate::id::{ContentSid, TemplateId};
use serde::{Deserialize, Serialize};

/// A template: what it is for, and its texts by language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Our name for it.
    pub id: TemplateId,
    /// What administrators and agents call it.
    pub name: String,
    /// WhatsApp's category.
    pub category: Category,
    /// The language to offer first.
    pub default_language: String,
    /// One per language, sorted by language.
    pub localizations: Vec<Localization>,
}

/// A template in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Localization {
    /// WhatsApp's language code: `it`, `en_GB`.
    pub language: String,
    /// Twilio's name for it. Without one it can be sent inside the window only, as text: since
    /// April 2025 Twilio answers a template sent as `Body` outside with error 63016.
    pub content_sid: Option<ContentSid>,
    /// How WhatsApp judged it.
    pub approval: Approval,
    /// What it is made of.
    pub kind: Kind,
    /// The text, with `{{1}}` or `{{name}}` where variables go.
    pub body: String,
    /// The small line below.
    #[serde(default)]
    pub footer: Option<String>,
    /// The buttons below.
    #[serde(default)]
    pub buttons: Vec<Button>,
    /// An example for each variable. Twilio silently sends it for a variable left out: so none may
    /// be left out.
    #[serde(default)]
    pub samples: Vec<Value>,
}

/// A variable and what is put in its place.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Value {
    /// The variable's name: `1`, `name`.
    pub name: String,
    /// The text in its place.
    pub value: String,
}

/// A button below a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// What a tap does.
    pub kind: ButtonKind,
    /// What stands on it.
    pub title: String,
    /// The address, number or code it leads to; for a reply its identifier.
    #[serde(default)]
    pub target: String,
}

/// What a tap on a button does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ButtonKind {
    /// Answers with the button's title.
    QuickReply,
    /// Opens a page.
    Url,
    /// Calls a number.
    Phone,
    /// Copies a code.
    CopyCode,
}

/// WhatsApp's categories. A marketing template always needs an opt-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Category {
    /// About something the customer did or asked.
    Utility,
    /// A one-time code.
    Authentication,
    /// Everything else; also what we take an unknown category for, as the strictest.
    Marketing,
}

impl Category {
    /// Reads Twilio's category. Old names are still about (`TRANSACTIONAL`,
    /// `TRANSPORTATION_UPDATE` and the like); what we do not know is the strictest.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text {
            "UTILITY"
            | "utility"
            | "TRANSACTIONAL"
            | "TRANSPORTATION_UPDATE"
            | "ACCOUNT_UPDATE"
            | "ALERT_UPDATE"
            | "APPOINTMENT_UPDATE"
            | "ISSUE_RESOLUTION"
            | "PAYMENT_UPDATE"
            | "RESERVATION_UPDATE"
            | "SHIPPING_UPDATE"
            | "TICKET_UPDATE" => Self::Utility,
            "AUTHENTICATION" | "authentication" | "OTP" => Self::Authentication,
            _ => Self::Marketing,
        }
    }
}

/// How WhatsApp judged a localization. Anything but [`Approval::Approved`] is not approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Approval {
    /// Never handed in.
    Unsubmitted,
    /// Twilio has it.
    Received,
    /// WhatsApp has it.
    Pending,
    /// It may be sent.
    Approved,
    /// It may not.
    Rejected,
    /// Too many complaints: for some hours.
    Paused,
    /// Too many complaints: for good.
    Disabled,
    /// A status we do not know.
    Unknown,
}

impl Approval {
    /// Reads Twilio's approval status.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text {
            "unsubmitted" => Self::Unsubmitted,
            "received" => Self::Received,
            "pending" => Self::Pending,
            "approved" => Self::Approved,
            "rejected" => Self::Rejected,
            "paused" => Self::Paused,
            "disabled" => Self::Disabled,
            _ => Self::Unknown,
        }
    }

    /// The word for it in codes and locale files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unsubmitted => "unsubmitted",
            Self::Received => "received",
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Paused => "paused",
            Self::Disabled => "disabled",
            Self::Unknown => "unknown",
        }
    }
}

/// What a localization is made of: Twilio's content types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// `twilio/text`
    Text,
    /// `twilio/media`
    Media,
    /// `twilio/quick-reply`
    QuickReply,
    /// `twilio/call-to-action`
    CallToAction,
    /// `twilio/card` and `whatsapp/card`
    Card,
    /// `twilio/carousel`
    Carousel,
    /// `twilio/catalog`
    Catalog,
    /// `twilio/flows` and `whatsapp/flows`
    Flows,
    /// `whatsapp/authentication`
    Authentication,
    /// `twilio/list-picker`: cannot open a conversation.
    ListPicker,
    /// `twilio/location`: cannot open a conversation.
    Location,
    /// A type we do not know: cannot open a conversation.
    Unknown,
}

impl Kind {
    /// Reads Twilio's content type.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text {
            "twilio/text" => Self::Text,
            "twilio/media" => Self::Media,
            "twilio/quick-reply" => Self::QuickReply,
            "twilio/call-to-action" => Self::CallToAction,
            "twilio/card" | "whatsapp/card" => Self::Card,
            "twilio/carousel" => Self::Carousel,
            "twilio/catalog" => Self::Catalog,
            "twilio/flows" | "whatsapp/flows" => Self::Flows,
            "whatsapp/authentication" => Self::Authentication,
            "twilio/list-picker" => Self::ListPicker,
            "twilio/location" => Self::Location,
            _ => Self::Unknown,
        }
    }

    /// Whether it may be sent outside the window (Twilio's page on error 63016).
    #[must_use]
    pub const fn may_open_conversation(self) -> bool {
        !matches!(self, Self::ListPicker | Self::Location | Self::Unknown)
    }

    /// The word for it in codes and locale files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Media => "media",
            Self::QuickReply => "quick-reply",
            Self::CallToAction => "call-to-action",
            Self::Card => "card",
            Self::Carousel => "carousel",
            Self::Catalog => "catalog",
            Self::Flows => "flows",
            Self::Authentication => "authentication",
            Self::ListPicker => "list-picker",
            Self::Location => "location",
            Self::Unknown => "unknown",
        }
    }
}

impl Template {
    /// The localization in `language`.
    #[must_use]
    pub fn localization(&self, language: &str) -> Option<&Localization> {
        self.localizations.iter().find(|l| l.language == language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_we_do_not_know_is_the_strictest() {
        assert_eq!(Approval::parse("APPROVED"), Approval::Unknown);
        assert_eq!(Approval::parse("in_appeal"), Approval::Unknown);
        assert_eq!(Category::parse("WHATEVER"), Category::Marketing);
        assert_eq!(Category::parse("TRANSPORTATION_UPDATE"), Category::Utility);
        assert_eq!(Kind::parse("twilio/hologram"), Kind::Unknown);
        assert!(!Kind::Unknown.may_open_conversation());
        assert!(!Kind::ListPicker.may_open_conversation());
        assert!(Kind::QuickReply.may_open_conversation());
    }
}
