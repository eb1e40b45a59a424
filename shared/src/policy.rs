//! May it leave, now? The one gate.
//!
//! Everything that leaves for a customer (an agent's reply, a template, an automated message, a
//! call of the API) is a [`Proposal`] first. [`authorize`] turns it into a [`Permit`] or a
//! [`Refusal`]. A permit has no other constructor, cannot be copied or stored, and the client of
//! Twilio takes nothing else; so nothing leaves that was not allowed at that very moment.
//!
//! The page asks on every keystroke and tick, the edge when a proposal is accepted and again
//! immediately before every attempt.

mod permit;
mod refusal;
#[cfg(test)]
mod tests;

pub use permit::{Load, Permit};
pub use refusal::{Refusal, Remedy};

use crate::consent::Consent;
use crate::id::{SenderId, TemplateId};
use crate::template::{self, Approval, Category, Flaw, Template, Value};
use crate::text;
use crate::thread::Thread;
use crate::time::{Span, Timestamp};
use crate::window::Standing;
use serde::{Deserialize, Serialize};

/// What the gate knows of one of our numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sender {
    /// Our name for it.
    pub id: SenderId,
    /// What people call it.
    pub name: String,
    /// The number itself, `+E.164`.
    pub number: String,
    /// Its language, as a BCP 47 tag: what to offer first.
    pub language: String,
    /// How much earlier than WhatsApp its windows close.
    pub margin: Span,
    /// Whether it is in use.
    pub active: bool,
    /// The templates it may send, as far as they are known here, sorted by name: at the edge the
    /// one that is asked for, in the page those the picker has loaded.
    pub templates: Vec<Template>,
}

/// What somebody wants to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proposal {
    /// A session message: free text.
    Text {
        /// As written.
        body: String,
    },
    /// A template message.
    Template {
        /// Which template.
        template: TemplateId,
        /// In which language.
        language: String,
        /// What to put in the place of its variables.
        values: Vec<Value>,
    },
}

/// Decides whether `proposal` may leave at `now`.
///
/// # Errors
/// The first [`Refusal`], in this order: the number, consent, the window, the content; so that an
/// agent is told first what no rewording mends.
pub fn authorize(
    thread: &Thread,
    sender: &Sender,
    proposal: &Proposal,
    now: Timestamp,
) -> Result<Permit, Refusal> {
    if !sender.active || sender.id != thread.sender {
        return Err(Refusal::SenderInactive);
    }
    let standing = thread.window.standing(sender.margin, now);
    let load = match proposal {
        Proposal::Text { body } => session_text(thread, standing, body)?,
        Proposal::Template {
            template,
            language,
            values,
        } => {
            let template = sender
                .templates
                .iter()
                .find(|known| known.id == *template)
                .ok_or(Refusal::TemplateUnknown)?;
            template_message(thread, standing, template, language, values)?
        }
    };
    Ok(Permit::new(
        &sender.number,
        &thread.reply_to,
        load,
        standing,
        now,
    ))
}

/// Whether a session message of any content may leave: what the composer asks before there is a text.
///
/// # Errors
/// [`Refusal::OptedOut`] or [`Refusal::WindowClosed`].
pub fn session_open(thread: &Thread, margin: Span, now: Timestamp) -> Result<Timestamp, Refusal> {
    session_standing(thread, thread.window.standing(margin, now))
}

fn session_standing(thread: &Thread, standing: Standing) -> Result<Timestamp, Refusal> {
    if let Some(since) = thread.consent.silences_session(thread.window.last_inbound) {
        return Err(Refusal::OptedOut { since });
    }
    match standing {
        Standing::Open { closes_at } => Ok(closes_at),
        Standing::Closed { since } => Err(Refusal::WindowClosed { since }),
    }
}

fn session_text(thread: &Thread, standing: Standing, body: &str) -> Result<Load, Refusal> {
    session_standing(thread, standing)?;
    if text::is_blank(body) {
        return Err(Refusal::TextEmpty);
    }
    let actual = text::utf16_len(body);
    if actual > text::LONGEST_SESSION_TEXT {
        return Err(Refusal::TextTooLong {
            limit: text::LONGEST_SESSION_TEXT as u32,
            actual: u32::try_from(actual).unwrap_or(u32::MAX),
        });
    }
    Ok(Load::Text { body: body.into() })
}

fn template_message(
    thread: &Thread,
    standing: Standing,
    template: &Template,
    language: &str,
    values: &[Value],
) -> Result<Load, Refusal> {
    template_consent(
        &thread.consent,
        thread.window.last_inbound,
        template.category,
    )?;
    let localization =
        template
            .localization(language)
            .ok_or_else(|| Refusal::TemplateLanguage {
                language: language.into(),
            })?;
    let open = matches!(standing, Standing::Open { .. });
    // Without a Content SID it goes as the plain text it is, inside the window, where nothing needs
    // approval.
    let plain = open && localization.content_sid.is_none();
    if localization.approval != Approval::Approved && !plain {
        return Err(Refusal::TemplateNotApproved {
            approval: localization.approval,
        });
    }
    if !open && !localization.kind.may_open_conversation() {
        return Err(Refusal::TemplateKind {
            kind: localization.kind,
        });
    }
    let body = template::fill(localization, values).map_err(|flaw| match flaw {
        Flaw::Missing(variable) => Refusal::VariableMissing { variable },
        Flaw::Blank(variable) => Refusal::VariableBlank { variable },
        Flaw::Unexpected(variable) => Refusal::VariableUnexpected { variable },
        Flaw::Whitespace(variable) => Refusal::VariableWhitespace { variable },
        Flaw::TooLong { actual } => Refusal::TextTooLong {
            limit: text::LONGEST_TEMPLATE_TEXT as u32,
            actual,
        },
    })?;
    match &localization.content_sid {
        Some(content) => Ok(Load::Content {
            content: content.clone(),
            values: values.to_vec(),
        }),
        None if open => Ok(Load::Text { body }),
        None => Err(Refusal::TemplateWithoutContent),
    }
}

/// What consent says about a template: an opt-out silences it; who never wrote must have agreed, and
/// for marketing everybody.
fn template_consent(
    consent: &Consent,
    last_inbound: Option<Timestamp>,
    category: Category,
) -> Result<(), Refusal> {
    if let Some(out) = consent.opted_out {
        return Err(Refusal::OptedOut { since: out.at });
    }
    if consent.opt_in.is_some() {
        return Ok(());
    }
    if category == Category::Marketing {
        return Err(Refusal::MarketingWithoutOptIn);
    }
    if last_inbound.is_none() {
        return Err(Refusal::NoOptIn);
    }
    Ok(())
}
