//! What does Twilio remember of a message, and how does it show it?

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::address::CHANNEL;
use crate::dates::rfc2822;
use crate::sandbox;
use crate::twilio::problem;

/// A picture, a recording, a document.
#[derive(Debug, Clone)]
pub struct Media {
    /// `ME` and 32 digits.
    pub sid: String,
    /// Its MIME type.
    pub content_type: String,
    /// Where the bytes come from: an address, or nothing for bytes made up here.
    pub source: Option<String>,
}

/// One message in either direction.
#[derive(Debug, Clone)]
pub struct Message {
    /// `SM…`, or `MM…` with media.
    pub sid: String,
    /// The account's SID.
    pub account: String,
    /// Our number.
    pub sender: String,
    /// The customer's address as it stood in the request or webhook.
    pub customer: String,
    /// The customer's business-scoped id.
    pub person: String,
    /// Written by the customer.
    pub inbound: bool,
    /// The text, with variables filled in.
    pub body: String,
    /// Twilio's status.
    pub status: &'static str,
    /// Twilio's code, after a failure.
    pub error: Option<u32>,
    /// Milliseconds.
    pub created: i64,
    /// Milliseconds.
    pub updated: i64,
    /// Milliseconds; `None` until handed on.
    pub sent: Option<i64>,
    /// Attached media.
    pub media: Vec<Media>,
    /// What the phone shows besides the text: kind, buttons, header, footer, location, quotation.
    pub shown: Value,
    /// Where statuses are reported.
    pub status_callback: Option<String>,
    /// The parameters of an inbound webhook, kept to be sent again.
    pub webhook: Vec<(String, String)>,
    /// It reached the customer's phone.
    pub on_phone: bool,
}

impl Message {
    /// What the sandbox itself says to somebody. No account has it.
    pub fn from_sandbox(sid: String, customer: &str, person: &str, body: &str, now: i64) -> Self {
        Self {
            sid,
            account: String::new(),
            sender: sandbox::NUMBER.to_owned(),
            customer: customer.to_owned(),
            person: person.to_owned(),
            inbound: false,
            body: body.to_owned(),
            status: "delivered",
            error: None,
            created: now,
            updated: now,
            sent: Some(now),
            media: Vec::new(),
            shown: json!({"kind": "text"}),
            status_callback: None,
            webhook: Vec::new(),
            on_phone: true,
        }
    }

    /// The Message resource.
    pub fn to_twilio(&self) -> Value {
        let (account, sid) = (&self.account, &self.sid);
        let (ours, theirs) = (
            format!("{CHANNEL}{}", self.sender),
            format!("{CHANNEL}{}", self.customer),
        );
        let (from, to) = if self.inbound {
            (theirs, ours)
        } else {
            (ours, theirs)
        };
        let uri = format!("/2010-04-01/Accounts/{account}/Messages/{sid}");
        json!({
            "account_sid": account,
            "api_version": "2010-04-01",
            "body": self.body,
            "date_created": rfc2822(self.created),
            "date_sent": self.sent.map(rfc2822),
            "date_updated": rfc2822(self.updated),
            "direction": self.direction(),
            "error_code": self.error,
            "error_message": self.error.map(problem::meaning),
            "from": from,
            "messaging_service_sid": null,
            "num_media": self.media.len().to_string(),
            "num_segments": "1",
            "price": null,
            "price_unit": null,
            "sid": sid,
            "status": self.status,
            "subresource_uris": { "media": format!("{uri}/Media.json") },
            "to": to,
            "uri": format!("{uri}.json"),
        })
    }

    /// Twilio's word for who wrote.
    pub fn direction(&self) -> &'static str {
        if self.inbound {
            "inbound"
        } else {
            "outbound-api"
        }
    }
}

/// Every message, in the order of creation.
#[derive(Debug, Default)]
pub struct Messages {
    all: Vec<Message>,
    by_sid: HashMap<String, usize>,
    by_person: HashMap<String, Vec<usize>>,
}

impl Messages {
    /// Adds a message. Its SID must be new.
    pub fn add(&mut self, message: Message) {
        let at = self.all.len();
        self.by_sid.insert(message.sid.clone(), at);
        self.by_person
            .entry(message.person.clone())
            .or_default()
            .push(at);
        self.all.push(message);
    }

    /// One message.
    pub fn get(&self, sid: &str) -> Option<&Message> {
        self.all.get(*self.by_sid.get(sid)?)
    }

    /// One message, to be changed.
    pub fn get_mut(&mut self, sid: &str) -> Option<&mut Message> {
        self.all.get_mut(*self.by_sid.get(sid)?)
    }

    /// Newest first.
    pub fn newest_first(&self) -> impl Iterator<Item = &Message> {
        self.all.iter().rev()
    }

    /// All messages from and to one person, oldest first.
    pub fn of_person(&self, person: &str) -> impl Iterator<Item = &Message> {
        self.by_person
            .get(person)
            .into_iter()
            .flatten()
            .filter_map(|at| self.all.get(*at))
    }
}
