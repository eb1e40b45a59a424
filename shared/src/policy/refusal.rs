//! Why may it not leave, and what to do instead? The closed list of refusals.
//!
//! A refusal is ordinary control flow. It has a stable code, its facts and a remedy; the words
//! stand in the locale files under `refusal.<code>` and `remedy.<code>`.

use crate::template::{Approval, Kind};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Why a proposal may not leave now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// The number is not in use.
    SenderInactive,
    /// The customer asked not to be written to.
    OptedOut {
        /// When.
        since: Timestamp,
    },
    /// The customer never wrote, and no opt-in is recorded.
    NoOptIn,
    /// A marketing template needs a recorded opt-in.
    MarketingWithoutOptIn,
    /// The window is closed.
    WindowClosed {
        /// Since when, or `None` if the customer never wrote.
        since: Option<Timestamp>,
    },
    /// Nothing to be seen in the text.
    TextEmpty,
    /// Too long.
    TextTooLong {
        /// The most allowed, in UTF-16 units.
        limit: u32,
        /// Its length.
        actual: u32,
    },
    /// No such template for this sender.
    TemplateUnknown,
    /// The template does not exist in this language.
    TemplateLanguage {
        /// The language asked for.
        language: String,
    },
    /// WhatsApp has not approved it.
    TemplateNotApproved {
        /// What WhatsApp says.
        approval: Approval,
    },
    /// This kind cannot open a conversation.
    TemplateKind {
        /// The kind.
        kind: Kind,
    },
    /// Without a Content SID it may be sent inside the window only.
    TemplateWithoutContent,
    /// A variable has no value.
    VariableMissing {
        /// Its name.
        variable: String,
    },
    /// A variable's value shows nothing.
    VariableBlank {
        /// Its name.
        variable: String,
    },
    /// A value for a variable that the template does not have.
    VariableUnexpected {
        /// Its name.
        variable: String,
    },
    /// A line break, a tab or more than four spaces in a row.
    VariableWhitespace {
        /// The variable's name.
        variable: String,
    },
    /// It could not be learned in time whether the template is still approved.
    ApprovalUnknown,
}

/// What to do instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Send an approved template.
    SendTemplate,
    /// Choose another template.
    ChooseTemplate,
    /// Record the customer's opt-in.
    RecordOptIn,
    /// Nothing: wait until the customer writes.
    WaitForCustomer,
    /// Write or shorten the text.
    EditText,
    /// Fill in the variable.
    FillVariable,
    /// Ask an administrator.
    AskAdministrator,
    /// Try again.
    TryAgain,
}

impl Remedy {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::SendTemplate => "send-template",
            Self::ChooseTemplate => "choose-template",
            Self::RecordOptIn => "record-opt-in",
            Self::WaitForCustomer => "wait-for-customer",
            Self::EditText => "edit-text",
            Self::FillVariable => "fill-variable",
            Self::AskAdministrator => "ask-administrator",
            Self::TryAgain => "try-again",
        }
    }
}

impl Refusal {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::SenderInactive => "sender-inactive",
            Self::OptedOut { .. } => "opted-out",
            Self::NoOptIn => "no-opt-in",
            Self::MarketingWithoutOptIn => "marketing-without-opt-in",
            Self::WindowClosed { since: Some(_) } => "window-closed",
            Self::WindowClosed { since: None } => "window-never-opened",
            Self::TextEmpty => "text-empty",
            Self::TextTooLong { .. } => "text-too-long",
            Self::TemplateUnknown => "template-unknown",
            Self::TemplateLanguage { .. } => "template-language",
            Self::TemplateNotApproved { .. } => "template-not-approved",
            Self::TemplateKind { .. } => "template-kind",
            Self::TemplateWithoutContent => "template-without-content",
            Self::VariableMissing { .. } => "variable-missing",
            Self::VariableBlank { .. } => "variable-blank",
            Self::VariableUnexpected { .. } => "variable-unexpected",
            Self::VariableWhitespace { .. } => "variable-whitespace",
            Self::ApprovalUnknown => "approval-unknown",
        }
    }

    /// What to do instead.
    #[must_use]
    pub const fn remedy(&self) -> Remedy {
        match self {
            Self::SenderInactive => Remedy::AskAdministrator,
            Self::OptedOut { .. } => Remedy::WaitForCustomer,
            Self::NoOptIn | Self::MarketingWithoutOptIn => Remedy::RecordOptIn,
            Self::WindowClosed { .. } => Remedy::SendTemplate,
            Self::TextEmpty | Self::TextTooLong { .. } => Remedy::EditText,
            Self::TemplateUnknown
            | Self::TemplateLanguage { .. }
            | Self::TemplateNotApproved { .. }
            | Self::TemplateKind { .. }
            | Self::TemplateWithoutContent => Remedy::ChooseTemplate,
            Self::VariableMissing { .. }
            | Self::VariableBlank { .. }
            | Self::VariableUnexpected { .. }
            | Self::VariableWhitespace { .. } => Remedy::FillVariable,
            Self::ApprovalUnknown => Remedy::TryAgain,
        }
    }
}
