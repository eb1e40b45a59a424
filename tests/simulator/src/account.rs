//! What is a Twilio account, and which credentials open it?

use serde::{Deserialize, Serialize};

use crate::sandbox::Sandbox;
use crate::sender::Sender;

/// A Twilio account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Account {
    /// `AC` and 32 hexadecimal digits.
    pub account_sid: String,
    /// The primary auth token: it opens the API and signs the webhooks.
    pub auth_token: String,
    /// Its WhatsApp senders.
    #[serde(default)]
    pub senders: Vec<Sender>,
    /// Media may be fetched with credentials only.
    #[serde(default)]
    pub media_auth: bool,
    /// What its owner calls it.
    #[serde(default = "unnamed")]
    pub friendly_name: String,
    /// May it be used?
    #[serde(default)]
    pub status: Status,
    /// `Full` or `Trial`.
    #[serde(default, rename = "type")]
    pub kind: Kind,
    /// API keys, which open the API in the place of the token and sign nothing.
    #[serde(default)]
    pub api_keys: Vec<ApiKey>,
    /// Its part of Twilio's sandbox.
    #[serde(skip)]
    pub sandbox: Option<Sandbox>,
    /// Milliseconds; set when the account is added.
    #[serde(skip)]
    pub created: i64,
}

/// Whether an account may be used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It may.
    #[default]
    Active,
    /// No money, or an offence.
    Suspended,
    /// For good.
    Closed,
}

/// What an account may do, and what it pays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// Upgraded.
    #[default]
    Full,
    /// Not yet.
    Trial,
}

/// An API key.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiKey {
    /// `SK` and 32 hexadecimal digits.
    pub sid: String,
    /// Shown once at Twilio.
    pub secret: String,
    /// A main key may do what the token may. A standard one may not ask about the account.
    #[serde(default)]
    pub main: bool,
}

/// With what somebody came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opened {
    /// The auth token, or a main key.
    Fully,
    /// A standard key.
    ByStandardKey,
}

impl Account {
    /// What these credentials open here; `None` if they are not this account's.
    pub fn opens(&self, user: &str, password: &str) -> Option<Opened> {
        if user == self.account_sid {
            return (password == self.auth_token).then_some(Opened::Fully);
        }
        let mut keys = self.api_keys.iter();
        let key = keys.find(|key| key.sid == user && key.secret == password)?;
        Some(if key.main {
            Opened::Fully
        } else {
            Opened::ByStandardKey
        })
    }

    /// One of its numbers, the sandbox's included.
    pub fn sender(&self, number: &str) -> Option<&Sender> {
        let sandbox = self.sandbox.as_ref().map(|sandbox| &sandbox.sender);
        self.senders
            .iter()
            .chain(sandbox)
            .find(|sender| sender.number == number)
    }
}

fn unnamed() -> String {
    "My first Twilio account".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_and_a_key_open_their_own_account_only() {
        let text = r#"{"account_sid":"AC1","auth_token":"t","api_keys":[
            {"sid":"SK1","secret":"s"},{"sid":"SK2","secret":"m","main":true}]}"#;
        let account: Account = serde_json::from_str(text).unwrap();
        assert_eq!(account.opens("AC1", "t"), Some(Opened::Fully));
        assert_eq!(account.opens("SK1", "s"), Some(Opened::ByStandardKey));
        assert_eq!(account.opens("SK2", "m"), Some(Opened::Fully));
        for (user, password) in [
            ("AC1", "s"),
            ("SK1", "t"),
            ("SK1", "m"),
            ("AC2", "t"),
            ("", ""),
        ] {
            assert_eq!(account.opens(user, password), None, "{user}:{password}");
        }
    }
}
