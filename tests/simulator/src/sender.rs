//! What is a WhatsApp sender, and where do its webhooks go?
//!
//! One fact, read and written by Twilio's Senders API and by the control routes, and followed by every delivery.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::dates::iso8601;

/// Everything a profile may say. Twilio shows all of it, `null` where nothing is said.
pub const PROFILE: [&str; 13] = [
    "name",
    "about",
    "address",
    "description",
    "logo_url",
    "banner_url",
    "privacy_url",
    "terms_of_service_url",
    "accent_color",
    "vertical",
    "websites",
    "emails",
    "phone_numbers",
];

/// Every status that Twilio's OpenAPI knows.
pub const STATUSES: [&str; 9] = [
    "CREATING",
    "ONLINE",
    "OFFLINE",
    "PENDING_VERIFICATION",
    "VERIFYING",
    "ONLINE:UPDATING",
    "TWILIO_REVIEW",
    "DRAFT",
    "STUBBED",
];

/// A WhatsApp number of the account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sender {
    /// `+E.164`.
    pub number: String,
    /// Shown on the customer's phone.
    #[serde(default)]
    pub name: String,
    /// Where messages from customers are delivered, with its connection overrides: `callback_url`.
    #[serde(default)]
    pub webhook_url: String,
    /// Tried when that failed.
    #[serde(default)]
    pub fallback_url: String,
    /// Where the statuses of messages go that name no address of their own.
    #[serde(default)]
    pub status_callback_url: String,
    /// `POST` or `PUT`. Shown; what is delivered here is always posted.
    #[serde(default = "post")]
    pub callback_method: String,
    /// The same for the fallback.
    #[serde(default = "post")]
    pub fallback_method: String,
    /// The same for statuses.
    #[serde(default = "post")]
    pub status_callback_method: String,
    /// One of [`STATUSES`].
    #[serde(default = "online")]
    pub status: String,
    /// `HIGH`, `MEDIUM`, `LOW`, or nothing yet.
    #[serde(default = "high")]
    pub quality_rating: Option<String>,
    /// `10K Customers/24hr`.
    #[serde(default = "limit")]
    pub messaging_limit: Option<String>,
    /// `[{"code","message"}]`, why it is offline.
    #[serde(default)]
    pub offline_reasons: Vec<OfflineReason>,
    /// What [`PROFILE`] lists, besides the name.
    #[serde(default)]
    pub profile: Map<String, Value>,
    /// What its owner calls it; customers do not see it.
    #[serde(default)]
    pub friendly_name: Option<String>,
    /// The name that WhatsApp has not allowed yet, and since when it waits.
    #[serde(default, skip_deserializing)]
    pub pending_name: Option<(String, i64)>,
}

/// Why a sender is offline.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfflineReason {
    /// Twilio's code, as text.
    pub code: String,
    /// For people.
    #[serde(default)]
    pub message: String,
}

impl Sender {
    /// A number that is online and calls nobody.
    pub fn new(number: &str) -> Self {
        Self {
            number: number.to_owned(),
            name: String::new(),
            webhook_url: String::new(),
            fallback_url: String::new(),
            status_callback_url: String::new(),
            callback_method: post(),
            fallback_method: post(),
            status_callback_method: post(),
            status: online(),
            quality_rating: high(),
            messaging_limit: limit(),
            offline_reasons: Vec::new(),
            profile: Map::new(),
            friendly_name: None,
            pending_name: None,
        }
    }

    /// `XE…`, always the same for one number.
    pub fn sid(&self) -> String {
        install_sid(&self.number)
    }

    /// True if Twilio sends for it: an update does not stop a sender.
    pub fn is_online(&self) -> bool {
        matches!(self.status.as_str(), "ONLINE" | "ONLINE:UPDATING")
    }

    /// The resource as the Senders API shows it.
    pub fn resource(&self, base_url: &str) -> Value {
        let sid = self.sid();
        let url = |url: &str| (!url.is_empty()).then(|| url.to_owned());
        let mut profile: Map<String, Value> = PROFILE
            .iter()
            .map(|name| {
                let said = self.profile.get(*name).cloned();
                ((*name).to_owned(), said.unwrap_or_default())
            })
            .collect();
        profile.insert("name".to_owned(), json!(self.name));
        let reasons: Vec<Value> = self
            .offline_reasons
            .iter()
            .map(|reason| {
                let more = format!("https://www.twilio.com/docs/api/errors/{}", reason.code);
                json!({"code": reason.code, "message": reason.message, "more_info": more})
            })
            .collect();
        let mut resource = json!({
            "sid": sid,
            "status": self.status,
            "friendly_name": self.friendly_name,
            "sender_id": format!("{}{}", crate::address::CHANNEL, self.number),
            "configuration": {
                "waba_id": "1234567890123",
                "verification_method": null,
                "verification_code": null,
                "voice_application_sid": null,
                "account_type": null,
            },
            "webhook": {
                "callback_url": url(&self.webhook_url),
                "callback_method": self.callback_method,
                "fallback_url": url(&self.fallback_url),
                "fallback_method": self.fallback_method,
                "status_callback_url": url(&self.status_callback_url),
                "status_callback_method": self.status_callback_method,
            },
            "profile": profile,
            "compliance": null,
            "properties": {
                "quality_rating": self.quality_rating,
                "messaging_limit": self.messaging_limit,
            },
            "offline_reasons": (!reasons.is_empty()).then_some(reasons),
            "url": format!("{base_url}/v2/Channels/Senders/{sid}"),
        });
        if let (Some((name, since)), Some(fields)) = (&self.pending_name, resource.as_object_mut())
        {
            for (field, value) in [
                ("pending_display_name", name.clone()),
                ("pending_display_name_status", "PENDING_REVIEW".to_owned()),
                ("pending_display_name_status_date", iso8601(*since)),
            ] {
                fields.insert(field.to_owned(), value.into());
            }
        }
        resource
    }

    /// Asks WhatsApp for another name. The old one stays until it is allowed; the word is Twilio's
    /// `display_name_status`.
    pub fn ask_for_name(&mut self, name: &str, now: i64) -> &'static str {
        if name == self.name {
            return "no_change";
        }
        if self
            .pending_name
            .as_ref()
            .is_some_and(|(pending, _)| pending == name)
        {
            return "pending_review";
        }
        self.pending_name = Some((name.to_owned(), now));
        "updating"
    }
}

/// The `XE…` of a number.
pub fn install_sid(number: &str) -> String {
    let digits = number.trim_start_matches('+');
    format!("XE{digits:0>32}")
}

fn post() -> String {
    "POST".to_owned()
}

fn online() -> String {
    "ONLINE".to_owned()
}

fn high() -> Option<String> {
    Some("HIGH".to_owned())
}

fn limit() -> Option<String> {
    Some("10K Customers/24hr".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_resource_says_null_where_nothing_is_set() {
        let mut sender = Sender::new("+390212345678");
        sender.webhook_url = "https://edge.test/in#rc=3".to_owned();
        let resource = sender.resource("http://twilio.test");
        assert_eq!(resource["sid"], "XE00000000000000000000390212345678");
        assert_eq!(
            resource["webhook"]["callback_url"],
            "https://edge.test/in#rc=3"
        );
        assert_eq!(resource["webhook"]["fallback_url"], Value::Null);
        assert_eq!(resource["profile"]["websites"], Value::Null);
        assert_eq!(resource["offline_reasons"], Value::Null);
        sender.offline_reasons.push(OfflineReason {
            code: "63020".to_owned(),
            message: "Not invited".to_owned(),
        });
        assert_eq!(sender.resource("")["offline_reasons"][0]["code"], "63020");
    }

    #[test]
    fn another_name_waits_for_whatsapp() {
        let mut sender = Sender::new("+390212345678");
        "Shop".clone_into(&mut sender.name);
        assert_eq!(sender.ask_for_name("Shop", 0), "no_change");
        assert_eq!(sender.ask_for_name("Bottega", 0), "updating");
        assert_eq!(sender.ask_for_name("Bottega", 1), "pending_review");
        let resource = sender.resource("");
        assert_eq!(resource["profile"]["name"], "Shop");
        assert_eq!(resource["pending_display_name"], "Bottega");
    }
}
