//! What does Twilio post when a customer writes? Webhooks, signed and ready to send.

use crate::deployment::{ACCOUNT, ACCOUNT_SID, AUTH_TOKEN, NUMBER};
use shared::twilio::{form, signature};

/// How many customers write, in turns.
pub(crate) const CUSTOMERS: u64 = 200;

/// A signed webhook.
pub(crate) struct Webhook {
    /// The path it is posted to.
    pub(crate) path: String,
    /// `X-Twilio-Signature`
    pub(crate) signature: String,
    /// `application/x-www-form-urlencoded`
    pub(crate) body: String,
}

/// Webhook number `number`, the only one with its `MessageSid`. `kind` is the first part of its path.
pub(crate) fn signed(url: &str, kind: &str, number: u64) -> Webhook {
    let path = format!("/{kind}/{ACCOUNT}/messages");
    let params = params(number);
    Webhook {
        signature: signature::sign(AUTH_TOKEN, &format!("{url}{path}"), &params),
        body: form::print(&params),
        path,
    }
}

/// As WhatsApp messages come from Twilio in 2026.
fn params(number: u64) -> Vec<(String, String)> {
    let sid = format!("SM{number:032x}");
    let customer = format!("3934700{:05}", number % CUSTOMERS);
    let named = [
        ("SmsMessageSid", sid.as_str()),
        ("NumMedia", "0"),
        ("ProfileName", "Anna Bianchi"),
        ("MessageType", "text"),
        ("SmsSid", &sid),
        ("WaId", &customer),
        ("SmsStatus", "received"),
        (
            "Body",
            "Buongiorno, il pacco non è ancora arrivato. Potete dirmi quando sarà consegnato?",
        ),
        ("To", &format!("whatsapp:{NUMBER}")),
        ("NumSegments", "1"),
        ("ReferralNumMedia", "0"),
        ("MessageSid", &sid),
        ("AccountSid", ACCOUNT_SID),
        ("From", &format!("whatsapp:+{customer}")),
        ("ApiVersion", "2010-04-01"),
    ];
    named
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}
