//! Which WhatsApp numbers does an account have at Twilio, and where do their webhooks lead? Its Senders
//! API.

use super::call::{self, Failure, given, text};
use super::{Credentials, pages};
use crate::config;
use crate::json::object;
use serde_json::Value;
use worker::Env;

/// Twilio's name for a sender: `XE` and 32 hexadecimal digits. Not a `SenderId`, which is ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelSid(String);

impl ChannelSid {
    /// Reads one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix("XE")?;
        let fits = digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit());
        fits.then(|| Self(text.into()))
    }

    /// The SID as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A WhatsApp number as Twilio has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Twilio's name for it.
    pub sid: ChannelSid,
    /// The number, `+E.164`.
    pub number: String,
    /// `ONLINE`, `ONLINE:UPDATING`, `OFFLINE`, `PENDING_VERIFICATION`, …; empty if Twilio does not say.
    pub status: String,
    /// Its webhooks, if the answer told them.
    pub webhook: Option<Webhook>,
    /// WhatsApp's judgement of what is sent: `HIGH`.
    pub quality_rating: Option<String>,
    /// How many customers may be written to: `10K Customers/24hr`.
    pub messaging_limit: Option<String>,
    /// Why it is offline: `30008: No delivery`.
    pub offline_reasons: Vec<String>,
}

/// Where a sender's webhooks lead; `None` is nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// For messages.
    pub callback_url: Option<String>,
    /// For the status of messages that were sent without a URL of their own. Ours have one.
    pub status_callback_url: Option<String>,
}

/// Reads all WhatsApp numbers of an account: whole or not at all. Twilio's sandbox is never among them.
///
/// # Errors
/// [`Failure`], if a page could not be had after three attempts.
pub async fn list(env: &Env, credentials: &Credentials) -> Result<Vec<Listed>, Failure> {
    let mut senders = Vec::new();
    let mut on = |entry: &Value| senders.extend(listed(entry));
    let base = config::twilio_messaging(env);
    let first = "/v2/Channels/Senders?Channel=whatsapp&PageSize=100";
    pages::all(credentials, &base, first, "senders", &mut on).await?;
    Ok(senders)
}

/// Reads one number whole.
///
/// # Errors
/// [`Failure`].
pub async fn fetch(
    env: &Env,
    credentials: &Credentials,
    sid: &ChannelSid,
) -> Result<Listed, Failure> {
    let answer = call::get_patiently(credentials, &url_of(env, sid)).await?;
    listed(&answer).ok_or(Failure::Unreachable)
}

/// Sets where Twilio brings a number's messages and the status of what it sends. Doing it twice does no
/// harm. Twilio answers at once, and works on it for a while (`ONLINE:UPDATING`).
///
/// # Errors
/// [`Failure`].
pub async fn set_webhook(
    env: &Env,
    credentials: &Credentials,
    sid: &ChannelSid,
    callback_url: &str,
    status_callback_url: &str,
) -> Result<Listed, Failure> {
    let body = webhook_body(callback_url, status_callback_url);
    let answer = call::post(credentials, &url_of(env, sid), &body).await?;
    listed(&answer).ok_or(Failure::Unreachable)
}

/// The number among those of an account.
#[must_use]
pub fn of_number<'a>(senders: &'a [Listed], number: &str) -> Option<&'a Listed> {
    senders.iter().find(|sender| sender.number == number)
}

fn url_of(env: &Env, sid: &ChannelSid) -> String {
    let base = config::twilio_messaging(env);
    [&base, "/v2/Channels/Senders/", sid.as_str()].concat()
}

fn webhook_body(callback_url: &str, status_callback_url: &str) -> Value {
    object! { "webhook": object! {
        "callback_url": callback_url,
        "callback_method": "POST",
        "status_callback_url": status_callback_url,
        "status_callback_method": "POST",
    } }
}

/// Reads an entry. `None` for other channels' senders, and for what has no SID.
fn listed(entry: &Value) -> Option<Listed> {
    let webhook = entry.get("webhook").filter(|it| it.is_object());
    let properties = entry.get("properties").unwrap_or(&Value::Null);
    let reasons = entry.get("offline_reasons").and_then(Value::as_array);
    let reason = |reason: &Value| {
        let (code, message) = (text(reason, "code"), text(reason, "message"));
        let parts = [code, message];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        (!parts.is_empty()).then(|| parts.join(": "))
    };
    Some(Listed {
        sid: ChannelSid::parse(text(entry, "sid"))?,
        number: text(entry, "sender_id").strip_prefix("whatsapp:")?.into(),
        status: text(entry, "status").into(),
        webhook: webhook.map(|webhook| Webhook {
            callback_url: given(webhook, "callback_url"),
            status_callback_url: given(webhook, "status_callback_url"),
        }),
        quality_rating: given(properties, "quality_rating"),
        messaging_limit: given(properties, "messaging_limit"),
        offline_reasons: reasons.into_iter().flatten().filter_map(reason).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const SID: &str = "XE0123456789abcdef0123456789abcdef";

    #[test]
    fn a_number_as_twilio_tells_it() {
        let entry = json!({
            "sid": SID,
            "status": "OFFLINE",
            "sender_id": "whatsapp:+390212345678",
            "configuration": { "waba_id": "1234567" },
            "webhook": {
                "callback_url": "https://crm.example.com/hook",
                "callback_method": "POST",
                "fallback_url": "",
                "status_callback_url": null,
            },
            "profile": { "name": "Milano" },
            "properties": { "quality_rating": "HIGH", "messaging_limit": "10K Customers/24hr" },
            "offline_reasons": [
                { "code": "30008", "message": "No delivery", "more_info": "https://example.com" },
                { "code": null, "message": "Closed" },
                {},
            ],
        });
        let expected = Listed {
            sid: ChannelSid(SID.into()),
            number: "+390212345678".into(),
            status: "OFFLINE".into(),
            webhook: Some(Webhook {
                callback_url: Some("https://crm.example.com/hook".into()),
                status_callback_url: None,
            }),
            quality_rating: Some("HIGH".into()),
            messaging_limit: Some("10K Customers/24hr".into()),
            offline_reasons: vec!["30008: No delivery".into(), "Closed".into()],
        };
        assert_eq!(listed(&entry), Some(expected.clone()));
        let all = [expected];
        assert!(of_number(&all, "+390212345678").is_some());
        assert!(of_number(&all, "390212345678").is_none());
    }

    #[test]
    fn what_is_not_told_is_not_there() {
        let short = json!({
            "sid": SID, "sender_id": "whatsapp:+390212345678", "webhook": null, "properties": null,
            "offline_reasons": null,
        });
        let sender = listed(&short).expect("a sender");
        assert_eq!(sender.webhook, None);
        assert_eq!((sender.quality_rating, sender.status.as_str()), (None, ""));
        for other in [
            json!({ "sid": SID, "sender_id": "rcs:agent" }),
            json!({ "sid": "XE1", "sender_id": "whatsapp:+390212345678" }),
            json!({ "sid": format!("{SID}/.."), "sender_id": "whatsapp:+390212345678" }),
            json!({}),
            json!(null),
        ] {
            assert_eq!(listed(&other), None, "{other}");
        }
    }

    #[test]
    fn setting_a_webhook_says_nothing_else() {
        let body = webhook_body("https://a.example/hook#rc=3", "https://a.example/status");
        let expected = json!({ "webhook": {
            "callback_url": "https://a.example/hook#rc=3",
            "callback_method": "POST",
            "status_callback_url": "https://a.example/status",
            "status_callback_method": "POST",
        } });
        assert_eq!(body, expected);
    }
}
