//! What did the customer write? An inbound message, read from Twilio's webhook.
//!
//! What is needed to know whose window opens is required; everything else may be missing, be of a
//! kind we do not know or be malformed, and the message still counts: it opens the window.

use super::form::Form;
use super::parameter::{self, Fault, given, text};
use crate::address::CustomerAddress;
use crate::content::{Content, Medium};
use crate::id::{AccountSid, MessageSid};
use core::fmt;

/// A message from a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbound {
    /// Twilio's name for it.
    pub sid: MessageSid,
    /// The account it came in by: to be compared with ours.
    pub account_sid: AccountSid,
    /// Who wrote, and where an answer goes: a phone, or a business-scoped id if there is none.
    pub from: CustomerAddress,
    /// Our number, `+E.164`.
    pub to: String,
    /// The business-scoped id, if it is not what `from` says already.
    pub external: Option<CustomerAddress>,
    /// What the customer calls themselves: free text, not to be trusted; may be empty.
    pub profile_name: String,
    /// What was said.
    pub content: Content,
    /// The message it answers, or whose button was tapped.
    pub in_reply_to: Option<MessageSid>,
    /// Twilio's `OptOutType`, `STOP`, `START` or `HELP`, if Twilio itself handles opt-outs.
    pub opt_out_type: Option<String>,
    /// Whether the customer forwarded what somebody else wrote.
    pub forwarded: bool,
}

/// Why a form is not an inbound message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InboundError {
    /// This parameter is not there, or empty.
    Missing(&'static str),
    /// This parameter is not what it should be; for an address also: not on WhatsApp.
    Malformed(&'static str),
    /// Its status is not `received`: it is about a message of ours.
    NotReceived,
}

impl InboundError {
    /// The stable code for logs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing(_) => "inbound-parameter-missing",
            Self::Malformed(_) => "inbound-parameter-malformed",
            Self::NotReceived => "inbound-not-received",
        }
    }

    /// The parameter in question.
    #[must_use]
    pub const fn parameter(self) -> &'static str {
        match self {
            Self::Missing(name) | Self::Malformed(name) => name,
            Self::NotReceived => "SmsStatus",
        }
    }
}

impl fmt::Display for InboundError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code(), self.parameter())
    }
}

impl core::error::Error for InboundError {}

impl From<Fault> for InboundError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Missing(name) => Self::Missing(name),
            Fault::Malformed(name) => Self::Malformed(name),
        }
    }
}

impl Inbound {
    /// Reads a form whose signature was verified.
    ///
    /// # Errors
    /// [`InboundError`], if it is not a customer's message or does not say whose.
    pub fn parse(form: &Form) -> Result<Self, InboundError> {
        for name in ["SmsStatus", "MessageStatus"] {
            if given(form, name).is_some_and(|status| status != "received") {
                return Err(InboundError::NotReceived);
            }
        }
        let from = parameter::customer(form, "From")?;
        Ok(Self {
            sid: parameter::message_sid(form)?,
            account_sid: parameter::account_sid(form)?,
            to: parameter::sender(form, "To")?,
            external: external(form, &from),
            from,
            profile_name: text(form, "ProfileName"),
            content: content(form),
            in_reply_to: given(form, "OriginalRepliedMessageSid").and_then(MessageSid::parse),
            opt_out_type: given(form, "OptOutType").map(str::to_ascii_uppercase),
            forwarded: ["Forwarded", "FrequentlyForwarded"]
                .iter()
                .any(|name| form.get(name) == Some("true")),
        })
    }

    /// Whether the customer shows us a phone number. Since 2026 a customer with a WhatsApp username
    /// may not.
    #[must_use]
    pub fn has_number(&self) -> bool {
        self.from.is_phone()
    }
}

/// `ExternalUserId`, prefixed or bare. A phone there would be no business-scoped id.
fn external(form: &Form, from: &CustomerAddress) -> Option<CustomerAddress> {
    let id = CustomerAddress::parse(given(form, "ExternalUserId")?).ok()?;
    (!id.is_phone() && id != *from).then_some(id)
}

fn content(form: &Form) -> Content {
    let body = text(form, "Body");
    // Undocumented, with values we have not all seen: a hint, where nothing better speaks.
    let kind = text(form, "MessageType");
    if given(form, "ListId")
        .or_else(|| given(form, "ListTitle"))
        .is_some()
    {
        let title = text(form, "ListTitle");
        return Content::ListReply {
            id: text(form, "ListId"),
            title: if title.is_empty() { body } else { title },
        };
    }
    if given(form, "ButtonText")
        .or_else(|| given(form, "ButtonPayload"))
        .is_some()
        || matches!(kind.as_str(), "button" | "quick_reply" | "quick-reply")
    {
        let title = text(form, "ButtonText");
        return Content::Button {
            text: if title.is_empty() { body } else { title },
            payload: text(form, "ButtonPayload"),
        };
    }
    let items = media(form);
    if !items.is_empty() {
        return Content::Media {
            items,
            caption: body,
        };
    }
    if given(form, "Latitude").is_some() && given(form, "Longitude").is_some() {
        return Content::Location {
            latitude: text(form, "Latitude"),
            longitude: text(form, "Longitude"),
            label: text(form, "Label"),
            address: text(form, "Address"),
        };
    }
    if body.is_empty() {
        Content::Other { kind, body }
    } else {
        Content::Text { body }
    }
}

/// The most media that Twilio puts into one message of any channel; WhatsApp's has one.
const MOST_MEDIA: usize = 10;

fn media(form: &Form) -> Vec<Medium> {
    let announced = given(form, "NumMedia")
        .and_then(|number| number.parse().ok())
        .unwrap_or(0);
    let mut items = Vec::new();
    for index in 0..MOST_MEDIA {
        let number = index.to_string();
        let url = given(form, &["MediaUrl", &number].concat());
        if url.is_none() && index >= announced {
            break;
        }
        let content_type = text(form, &["MediaContentType", &number].concat());
        items.push(Medium {
            content_type,
            sid: url.and_then(medium_sid).unwrap_or_default(),
        });
    }
    items
}

/// The `ME…` at the end of a medium's URL. The URL itself is not kept: we ask Twilio's host only,
/// by a URL we put together.
fn medium_sid(url: &str) -> Option<String> {
    let path = url.split(['?', '#']).next()?;
    let last = path.rsplit('/').next()?;
    let digits = last.strip_prefix("ME")?;
    (digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| last.into())
}

#[cfg(test)]
mod tests;
