//! What is it called? The identifiers, each a type of its own, so that none is taken for another.
//!
//! Identifiers that come from outside are parsed at the door (`parse`) and then passed on parsed.

use serde::{Deserialize, Serialize};

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The identifier as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Takes text that is known to be one: read back from where we wrote it.
            #[must_use]
            pub fn trusted(text: impl Into<String>) -> Self {
                Self(text.into())
            }
        }
    };
}

identifier!(
    /// A Twilio account as we name it: the last part of its webhook's path. See [`slug`].
    AccountId
);
identifier!(
    /// One of our WhatsApp numbers, by our own name for it; never the number itself. See [`slug`].
    SenderId
);
identifier!(
    /// A template by our own name for it; its localizations carry Twilio's Content SIDs. See [`slug`].
    TemplateId
);
identifier!(
    /// A workstream by our own name for it. See [`slug`].
    WorkstreamId
);
identifier!(
    /// Everything ever said between one sender and one customer. Opaque: see [`crate::identity`].
    ThreadId
);
identifier!(
    /// One message of a thread, by our own name for it: 32 lower-case hexadecimal digits.
    MessageId
);
identifier!(
    /// What the agent's page, or a caller's `Idempotency-Key`, calls a command, so that repeating it
    /// changes nothing. 1 to 64 visible ASCII characters.
    ClientId
);
identifier!(
    /// An agent: the `sub` of the token.
    AgentId
);
identifier!(
    /// Twilio's name for an account: `AC` and 32 hexadecimal digits.
    AccountSid
);
identifier!(
    /// Twilio's name for a message: `SM` or `MM` and 32 hexadecimal digits.
    MessageSid
);
identifier!(
    /// Twilio's name for one language of one template: `HX` and 32 hexadecimal digits.
    ContentSid
);

/// Whether `text` is one of our own names: 1 to 40 of `a-z`, `0-9` and `-`, beginning with a letter
/// or digit. They stand in paths and keys, so nothing else is allowed.
#[must_use]
pub fn slug(text: &str) -> bool {
    let bytes = text.as_bytes();
    (1..=40).contains(&bytes.len())
        && bytes.first() != Some(&b'-')
        && bytes
            .iter()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-')
}

fn sid(text: &str, prefixes: &[&str]) -> bool {
    prefixes.iter().any(|prefix| {
        text.strip_prefix(prefix)
            .is_some_and(|rest| rest.len() == 32 && rest.bytes().all(|b| b.is_ascii_hexdigit()))
    })
}

impl AccountId {
    /// Reads a [`slug`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        slug(text).then(|| Self(text.into()))
    }
}

impl SenderId {
    /// Reads a [`slug`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        slug(text).then(|| Self(text.into()))
    }
}

impl TemplateId {
    /// Reads a [`slug`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        slug(text).then(|| Self(text.into()))
    }
}

impl WorkstreamId {
    /// Reads a [`slug`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        slug(text).then(|| Self(text.into()))
    }
}

impl ThreadId {
    /// Reads what [`crate::identity::thread_id`] wrote: 43 characters of base64url.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits = text.len() == 43
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        fits.then(|| Self(text.into()))
    }
}

impl MessageId {
    /// Reads 32 lower-case hexadecimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits = text.len() == 32
            && text
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        fits.then(|| Self(text.into()))
    }
}

impl ClientId {
    /// Reads 1 to 64 visible ASCII characters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        fits.then(|| Self(text.into()))
    }
}

impl AccountSid {
    /// Reads `AC` and 32 hexadecimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        sid(text, &["AC"]).then(|| Self(text.into()))
    }
}

impl MessageSid {
    /// Reads `SM` or `MM` and 32 hexadecimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        sid(text, &["SM", "MM"]).then(|| Self(text.into()))
    }
}

impl ContentSid {
    /// Reads `HX` and 32 hexadecimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        sid(text, &["HX"]).then(|| Self(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sids_are_checked_to_the_letter() {
        let hex = "0123456789abcdefABCDEF0123456789";
        assert!(MessageSid::parse(&format!("SM{hex}")).is_some());
        assert!(MessageSid::parse(&format!("MM{hex}")).is_some());
        assert!(MessageSid::parse(&format!("HX{hex}")).is_none());
        assert!(ContentSid::parse(&format!("HX{hex}")).is_some());
        assert!(AccountSid::parse(&format!("AC{hex}0")).is_none());
        assert!(AccountSid::parse("ACxyz").is_none());
    }

    #[test]
    fn our_own_names_fit_in_a_path() {
        for good in [
            "demo",
            "milano-2",
            "0",
            "a234567890123456789012345678901234567890",
        ] {
            assert!(slug(good), "{good}");
        }
        for bad in [
            "",
            "-a",
            "Demo",
            "a/b",
            "a.b",
            "a2345678901234567890123456789012345678901",
        ] {
            assert!(!slug(bad), "{bad}");
        }
    }
}
