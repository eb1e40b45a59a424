//! Is this parameter there, and what is in it? What inbound messages and status callbacks read in
//! the same way.

use super::form::Form;
use crate::address::CustomerAddress;
use crate::id::{AccountSid, MessageSid};

/// What is wrong with a parameter, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is not there, or empty.
    Missing(&'static str),
    /// It is there, and not what it should be.
    Malformed(&'static str),
}

/// A parameter that says something. Twilio sends many that are there and empty.
pub(super) fn given<'a>(form: &'a Form, name: &str) -> Option<&'a str> {
    form.get(name).filter(|value| !value.is_empty())
}

/// A parameter as text for people. NUL is no character of a text, and stores and pages trip over it.
pub(super) fn text(form: &Form, name: &str) -> String {
    form.get(name)
        .unwrap_or_default()
        .chars()
        .filter(|c| *c != '\0')
        .collect()
}

/// A parameter without which nothing can be done.
fn required<T>(
    form: &Form,
    name: &'static str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<T, Fault> {
    let value = given(form, name).ok_or(Fault::Missing(name))?;
    parse(value).ok_or(Fault::Malformed(name))
}

/// `MessageSid`.
pub(super) fn message_sid(form: &Form) -> Result<MessageSid, Fault> {
    required(form, "MessageSid", MessageSid::parse)
}

/// `AccountSid`.
pub(super) fn account_sid(form: &Form) -> Result<AccountSid, Fault> {
    required(form, "AccountSid", AccountSid::parse)
}

/// An address on WhatsApp. Without the prefix it is another channel's (an SMS opens no window).
pub(super) fn customer(form: &Form, name: &'static str) -> Result<CustomerAddress, Fault> {
    required(form, name, |value| {
        CustomerAddress::parse(value.strip_prefix(PREFIX)?).ok()
    })
}

/// One of our numbers on WhatsApp, as `+E.164`.
pub(super) fn sender(form: &Form, name: &'static str) -> Result<String, Fault> {
    let address = customer(form, name)?;
    if address.is_phone() {
        Ok(address.as_str().into())
    } else {
        Err(Fault::Malformed(name))
    }
}

/// Twilio's prefix of the channel.
const PREFIX: &str = "whatsapp:";
