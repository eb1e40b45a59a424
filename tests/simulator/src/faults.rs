//! What goes wrong today? The faults a test may order, and what is left of them.

use serde::{Deserialize, Serialize};

use crate::rest_faults::RestFault;

/// Replaced as a whole by `POST /simulator/faults`; an empty object clears everything.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Pause before an inbound webhook is delivered; the window starts at the time of writing all the same.
    pub webhook_delay_ms: u64,
    /// Extra deliveries of every inbound webhook, with the same idempotency token.
    pub duplicate_webhooks: Times,
    /// Status callbacks of one message in random order.
    pub reorder_callbacks: bool,
    /// Extra deliveries of every status callback.
    pub duplicate_callbacks: Times,
    /// Status callbacks that never arrive: all of them, or this share.
    pub drop_callbacks: Share,
    /// What the next requests to create a message come to.
    pub fail_next: Vec<Failure>,
    /// What becomes of the next created messages.
    pub error_next: OneOrMany<AsyncError>,
    /// What goes wrong with requests of any kind.
    pub rest: Vec<RestFault>,
    /// Twilio refuses, with 21610, to write to somebody who sent STOP.
    pub twilio_opt_out: bool,
    /// Where everything left to chance is drawn from.
    pub seed: Option<u64>,
}

/// A number, or `true` for once.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Times {
    /// So many.
    Number(u32),
    /// One or none.
    Switch(bool),
}

impl Default for Times {
    fn default() -> Self {
        Self::Number(0)
    }
}

impl Times {
    /// As a number.
    pub fn count(self) -> u32 {
        match self {
            Self::Number(number) => number,
            Self::Switch(on) => u32::from(on),
        }
    }
}

/// A probability, or `true` for always.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Share {
    /// All or nothing.
    Switch(bool),
    /// Between 0 and 1.
    Probability(f64),
}

impl Default for Share {
    fn default() -> Self {
        Self::Switch(false)
    }
}

impl Share {
    /// Between 0 and 1.
    pub fn probability(self) -> f64 {
        match self {
            Self::Switch(on) => f64::from(u8::from(on)),
            Self::Probability(probability) => probability,
        }
    }
}

/// One thing or a list of them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany<T> {
    /// A list.
    Many(Vec<T>),
    /// Just one.
    One(T),
}

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

/// How a request fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FailureKind {
    /// Too many requests: never processed.
    #[serde(rename = "429")]
    TooManyRequests,
    /// A server error with Twilio's JSON.
    #[serde(rename = "500")]
    ServerError,
    /// A server error with a page of HTML, as proxies in between send it.
    #[serde(rename = "503")]
    Unavailable,
    /// No answer, ever; nothing is created.
    #[serde(rename = "timeout")]
    Timeout,
    /// The work is done, its answer is lost.
    #[serde(rename = "lost_answer")]
    LostAnswer,
    /// The work is done, half of its answer arrives.
    #[serde(rename = "cut_off")]
    CutOff,
}

impl FailureKind {
    /// As it is ordered.
    pub fn name(self) -> &'static str {
        match self {
            Self::TooManyRequests => "429",
            Self::ServerError => "500",
            Self::Unavailable => "503",
            Self::Timeout => "timeout",
            Self::LostAnswer => "lost_answer",
            Self::CutOff => "cut_off",
        }
    }
}

/// A failure for the next `count` requests.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// Which.
    pub kind: FailureKind,
    /// How often; 1 if not said.
    #[serde(default = "once")]
    pub count: u32,
    /// With a server error: the message was created all the same.
    #[serde(default)]
    pub created: bool,
    /// With a lost answer: the connection stays open and silent instead of being closed.
    #[serde(default)]
    pub hang: bool,
}

/// An error that comes by status callback for the next `count` messages.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AsyncError {
    /// Twilio's code.
    pub code: u32,
    /// How often; 1 if not said.
    #[serde(default = "once")]
    pub count: u32,
    /// `failed` or `undelivered`; left to chance if not said.
    #[serde(default)]
    pub status: Option<FinalStatus>,
}

/// How a message that did not arrive ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FinalStatus {
    /// Twilio did not hand it on.
    Failed,
    /// WhatsApp did not deliver it.
    Undelivered,
}

fn once() -> u32 {
    1
}

impl Faults {
    /// Uses up one failure of a request to create a message.
    pub fn next_failure(&mut self) -> Option<Failure> {
        self.fail_next.retain(|failure| failure.count > 0);
        let failure = self.fail_next.first_mut()?;
        failure.count -= 1;
        Some(failure.clone())
    }

    /// Uses up one asynchronous error.
    pub fn next_error(&mut self) -> Option<AsyncError> {
        let error = match &mut self.error_next {
            OneOrMany::One(error) => (error.count > 0).then_some(error)?,
            OneOrMany::Many(errors) => errors.iter_mut().find(|error| error.count > 0)?,
        };
        error.count -= 1;
        Some(error.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_used_up_in_order() {
        let mut faults: Faults = serde_json::from_str(
            r#"{"fail_next":[{"kind":"429","count":2},{"kind":"lost_answer"}],"error_next":{"code":63018}}"#,
        )
        .unwrap();
        let kinds: Vec<_> = std::iter::from_fn(|| faults.next_failure().map(|f| f.kind)).collect();
        use FailureKind::{LostAnswer, TooManyRequests};
        assert_eq!(kinds, [TooManyRequests, TooManyRequests, LostAnswer]);
        assert_eq!(faults.next_error().map(|error| error.code), Some(63018));
        assert!(faults.next_error().is_none());
    }

    #[test]
    fn numbers_and_switches_are_both_understood() {
        let faults: Faults = serde_json::from_str(
            r#"{"duplicate_webhooks":2,"duplicate_callbacks":true,"drop_callbacks":0.25}"#,
        )
        .unwrap();
        assert_eq!(faults.duplicate_webhooks.count(), 2);
        assert_eq!(faults.duplicate_callbacks.count(), 1);
        assert_eq!(faults.drop_callbacks.probability(), 0.25);
        assert!(serde_json::from_str::<Faults>(r#"{"typo":1}"#).is_err());
    }
}
