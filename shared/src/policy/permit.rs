//! What proves that a message may leave now? The permit.

use crate::address::CustomerAddress;
use crate::id::ContentSid;
use crate::template::Value;
use crate::time::Timestamp;
use crate::window::Standing;

/// The longest `ValidityPeriod` Twilio takes, in seconds.
const LONGEST_VALIDITY: i64 = 36_000;

/// The proof that one message may leave *now*.
///
/// Only [`super::authorize`] makes one. It is neither `Clone` nor serialisable and is used up by
/// handing it over, so that it cannot outlive its moment.
#[derive(Debug)]
#[must_use = "a permit that is not handed over at once is worth nothing"]
pub struct Permit {
    from: String,
    to: CustomerAddress,
    load: Load,
    validity: Option<u32>,
}

/// What is sent under a permit.
#[derive(Debug, PartialEq, Eq)]
pub enum Load {
    /// Free text: Twilio's `Body`.
    Text {
        /// The text.
        body: String,
    },
    /// A template: Twilio's `ContentSid` and `ContentVariables`, without `Body`.
    Content {
        /// Twilio's name for the template in its language.
        content: ContentSid,
        /// Every variable.
        values: Vec<Value>,
    },
}

impl Permit {
    pub(super) fn new(
        from: &str,
        to: &CustomerAddress,
        load: Load,
        standing: Standing,
        now: Timestamp,
    ) -> Self {
        // A session message must not be tried by Twilio after its window has closed. A template
        // may be: it is given none.
        let validity = match (&load, standing) {
            (Load::Text { .. }, Standing::Open { closes_at }) => {
                let seconds = (closes_at - now).as_seconds().clamp(1, LONGEST_VALIDITY);
                u32::try_from(seconds).ok()
            }
            _ => None,
        };
        Self {
            from: from.into(),
            to: to.clone(),
            load,
            validity,
        }
    }

    /// Our number, `+E.164`.
    #[must_use]
    pub fn from(&self) -> &str {
        &self.from
    }

    /// The customer.
    #[must_use]
    pub fn to(&self) -> &CustomerAddress {
        &self.to
    }

    /// What is sent.
    #[must_use]
    pub fn load(&self) -> &Load {
        &self.load
    }

    /// For how many seconds Twilio may try: Twilio's `ValidityPeriod`, 1 to 36,000.
    #[must_use]
    pub fn validity(&self) -> Option<u32> {
        self.validity
    }
}
