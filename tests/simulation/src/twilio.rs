//! Twilio's and WhatsApp's twin: what was really sent, and the window as WhatsApp counts it.

use crate::random::Random;
use shared::delivery::{Delivery, Status};
use shared::id::{MessageId, MessageSid};
use shared::policy::{Load, Permit};
use shared::time::{Span, Timestamp};
use std::collections::HashMap;

/// A message that Twilio took from us.
#[derive(Debug, Clone)]
pub struct Taken {
    pub sid: MessageSid,
    /// Our name for it, as it stands in the callback's URL.
    pub name: MessageId,
    pub body: String,
    pub at: Timestamp,
    pub report: Delivery,
}

/// A report on its way to us.
#[derive(Debug, Clone)]
pub struct Callback {
    pub name: MessageId,
    pub sid: MessageSid,
    pub report: Delivery,
}

/// What the customer wrote.
#[derive(Debug, Clone)]
pub struct Written {
    pub sid: MessageSid,
    pub body: String,
    pub at: Timestamp,
}

/// How an attempt goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Answered,
    Throttled,
    RequestLost,
    AnswerLost,
}

/// Twilio, WhatsApp and the customer's phone.
#[derive(Debug, Default)]
pub struct Twilio {
    pub taken: Vec<Taken>,
    pub written: Vec<Written>,
    pub callbacks: Vec<Callback>,
    /// Every report that ever stood, by message: what all callbacks together say.
    pub said: HashMap<MessageId, Delivery>,
    /// How many messages WhatsApp refused as late.
    pub refused_late: u32,
    numbers: u32,
}

impl Twilio {
    fn sid(&mut self) -> MessageSid {
        self.numbers += 1;
        MessageSid::trusted(format!("SM{:032x}", self.numbers))
    }

    /// The customer writes.
    pub fn write(&mut self, body: &str, at: Timestamp) -> Written {
        let written = Written {
            sid: self.sid(),
            body: body.into(),
            at,
        };
        self.written.push(written.clone());
        written
    }

    /// A message arrives from us. Outside WhatsApp's own window a free text is refused, later and
    /// by callback.
    pub fn create(
        &mut self,
        name: &MessageId,
        permit: Permit,
        now: Timestamp,
        random: &mut Random,
    ) -> (MessageSid, Delivery) {
        let (body, is_template) = match permit.load() {
            Load::Text { body } => (body.clone(), false),
            Load::Content { content, .. } => (content.as_str().into(), true),
        };
        let open = self
            .written
            .iter()
            .any(|written| now < written.at + Span::hours(24));
        let sid = self.sid();
        let say = |twilio: &mut Self, status, code| {
            let report = Delivery::report(status, code);
            let said = twilio.said.entry(name.clone()).or_default();
            *said = said.merged(report);
            twilio.callbacks.push(Callback {
                name: name.clone(),
                sid: sid.clone(),
                report,
            });
        };
        if open || is_template {
            say(self, Status::Sent, None);
            match random.below(4) {
                0 => say(self, Status::Undelivered, Some(30_008)),
                1 => {
                    say(self, Status::Delivered, None);
                    say(self, Status::Read, None);
                }
                2 => say(self, Status::Delivered, None),
                _ => {}
            }
        } else {
            self.refused_late += 1;
            if random.chance(60) {
                say(self, Status::Failed, Some(63_016));
            }
            if random.chance(60) || !self.callbacks.iter().any(|callback| callback.sid == sid) {
                say(self, Status::Undelivered, Some(63_016));
            }
        }
        let report = Delivery::report(Status::Queued, None);
        self.taken.push(Taken {
            sid: sid.clone(),
            name: name.clone(),
            body,
            at: now,
            report,
        });
        (sid, report)
    }
}
