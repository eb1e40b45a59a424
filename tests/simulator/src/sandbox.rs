//! What is different in Twilio's sandbox? One number for everybody, and only who joined is reached.
//!
//! A customer is in one sandbox at a time, for three days from the last joining. Neither joining nor leaving is
//! told to the account's webhook.

use std::collections::HashMap;

use serde_json::json;

use crate::sender::Sender;
use crate::template::{Approval, Content};

/// The sandbox's number, shared by all accounts.
pub const NUMBER: &str = "+14155238886";

/// Milliseconds for which somebody is in.
pub const STAY_MS: i64 = 3 * 24 * 60 * 60 * 1_000;

/// The least number of milliseconds between two messages.
pub const PAUSE_MS: i64 = 3_000;

/// One account's part of it.
#[derive(Debug, Clone)]
pub struct Sandbox {
    /// The two words after `join`.
    pub join_code: String,
    /// The shared number, with this account's webhooks.
    pub sender: Sender,
    /// When the last message left; `None` before the first.
    pub last_sent: Option<i64>,
}

/// What a text to the sandbox is.
#[derive(Debug, PartialEq, Eq)]
pub enum Said<'a> {
    /// `join <code>`.
    Join(&'a str),
    /// `stop`.
    Stop,
    /// Anything else.
    Message,
}

/// Reads a text as the sandbox does.
pub fn said(body: &str) -> Said<'_> {
    let body = body.trim();
    if body.eq_ignore_ascii_case("stop") {
        return Said::Stop;
    }
    match body.split_once(char::is_whitespace) {
        Some((join, code)) if join.eq_ignore_ascii_case("join") => Said::Join(code.trim()),
        _ => Said::Message,
    }
}

/// Who joined whom, and when.
#[derive(Debug, Default)]
pub struct Members {
    by_person: HashMap<String, (String, i64)>,
}

impl Members {
    /// Joins an account's sandbox, and leaves any other.
    pub fn join(&mut self, person: &str, account: &str, at: i64) {
        self.by_person
            .insert(person.to_owned(), (account.to_owned(), at));
    }

    /// Leaves.
    pub fn leave(&mut self, person: &str) {
        self.by_person.remove(person);
    }

    /// The account in whose sandbox this person is.
    pub fn account_of(&self, person: &str, now: i64) -> Option<&str> {
        let (account, at) = self.by_person.get(person)?;
        (now < at + STAY_MS).then_some(account)
    }
}

/// One of the three templates, approved and nobody's own. The SIDs are the ones that Twilio's console shows.
pub fn content(sid: &str) -> Option<Content> {
    let (name, body, samples) = match sid {
        "HXb5b62575e6e4ff6129ad7c8efe1f983e" => (
            "appointment_reminders",
            "Your appointment is coming up on {{1}} at {{2}}",
            json!({"1": "12/1", "2": "3pm"}),
        ),
        "HX350d429d32e64a552466cafecbe95f3c" => (
            "order_notifications",
            "Thank you for your order. Your delivery is scheduled for {{1}} at {{2}}.",
            json!({"1": "12/1", "2": "3pm"}),
        ),
        "HX229f5a04fd0510ce1b071852155d3e75" => (
            "verification_codes",
            "{{1}} is your verification code. For your security, do not share this code.",
            json!({"1": "409173"}),
        ),
        _ => return None,
    };
    let object = |value: serde_json::Value| value.as_object().cloned().unwrap_or_default();
    Some(Content {
        sid: sid.to_owned(),
        account: String::new(),
        friendly_name: name.to_owned(),
        language: "en".to_owned(),
        variables: object(samples),
        types: object(json!({"twilio/text": {"body": body}})),
        created: 0,
        updated: 0,
        approval: Some(Approval::new(name, "UTILITY", "approved")),
    })
}

/// What the phone shows after `join <code>`.
pub const WELCOME: &str = "Twilio Sandbox: ✅ You are all set! The sandbox can now send/receive messages from \
     whatsapp:+14155238886. Reply stop to leave the sandbox any time.";

/// What the phone shows after anything else from somebody who is not in.
pub const STRANGER: &str =
    "Twilio Sandbox: your number is not connected to a sandbox. Send join <sandbox name> first.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_join_with_a_code_and_stop_alone_are_commands() {
        assert_eq!(said(" Join  brave-lion "), Said::Join("brave-lion"));
        assert_eq!(said("STOP"), Said::Stop);
        for text in ["join", "please stop", "joined brave-lion", ""] {
            assert_eq!(said(text), Said::Message, "{text}");
        }
    }

    #[test]
    fn three_days_and_one_sandbox_at_a_time() {
        let mut members = Members::default();
        members.join("IT.1", "AC1", 0);
        assert_eq!(members.account_of("IT.1", STAY_MS - 1), Some("AC1"));
        assert_eq!(members.account_of("IT.1", STAY_MS), None);
        members.join("IT.1", "AC2", STAY_MS);
        assert_eq!(members.account_of("IT.1", STAY_MS), Some("AC2"));
        members.leave("IT.1");
        assert_eq!(members.account_of("IT.1", STAY_MS), None);
    }

    #[test]
    fn its_templates_may_open() {
        assert!(content("HXb5b62575e6e4ff6129ad7c8efe1f983e").is_some_and(|it| it.may_open()));
        assert!(content("HX00000000000000000000000000000001").is_none());
    }
}
