//! What happened? Everything a test may ask afterwards.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

/// Since the start or the last reset.
#[derive(Debug, Default, Clone, Serialize)]
pub struct Log {
    /// Every request to create a message, whatever came of it.
    pub creates: Vec<Create>,
    /// Every other request to Twilio's REST API.
    pub requests: Vec<Asked>,
    /// Every delivery of an inbound webhook.
    pub webhooks: Vec<Delivered>,
    /// Every delivery of a status callback.
    pub callbacks: Vec<Delivered>,
    /// Messages that WhatsApp refused because the window was closed: the number that must stay zero.
    pub refused_63016: u32,
    /// Form fields that Twilio does not know and ignores in silence.
    pub unknown_fields: u32,
    /// Template variables that were missing and became the sample.
    pub samples_used: u32,
}

/// One request to create a message.
#[derive(Debug, Clone, Serialize)]
pub struct Create {
    /// Simulated milliseconds.
    pub at: i64,
    /// The account in the path.
    pub account: String,
    /// The form. Shown as an object; a repeated name becomes a list.
    #[serde(serialize_with = "as_object")]
    pub params: Vec<(String, String)>,
    /// HTTP status of the answer; `None` if there was none.
    pub http: Option<u16>,
    /// Twilio's code, if refused.
    pub code: Option<u32>,
    /// The message, if one was created.
    pub sid: Option<String>,
    /// The fault that was played.
    pub fault: Option<&'static str>,
    /// The window was open at that moment, if the request was good enough to tell.
    pub window_open: Option<bool>,
    /// Fields that Twilio does not know.
    pub unknown_fields: Vec<String>,
    /// Template variables that became the sample.
    pub samples_used: Vec<String>,
}

/// One request to the REST API that was none to create a message.
#[derive(Debug, Clone, Serialize)]
pub struct Asked {
    /// Simulated milliseconds.
    pub at: i64,
    /// `GET`, `POST`, `DELETE`.
    pub method: String,
    /// With its query.
    pub path: String,
    /// Who asked: `AC…` or `SK…`; `None` if that was wrong.
    pub user: Option<String>,
    /// HTTP status of the answer; `None` if there was none, or not all of it.
    pub http: Option<u16>,
    /// The fault that was played.
    pub fault: Option<&'static str>,
}

/// One delivery to a webhook.
#[derive(Debug, Clone, Serialize)]
pub struct Delivered {
    /// The message.
    pub sid: String,
    /// Simulated milliseconds.
    pub at: i64,
    /// HTTP status of the last answer; `None` if nobody answered.
    pub status: Option<u16>,
    /// How long it took, retries included.
    pub ms: u64,
    /// How many attempts.
    pub attempts: u32,
    /// `MessageStatus`.
    pub message_status: String,
    /// `ErrorCode`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_code: Option<u32>,
    /// What Twilio's debugger would complain about: 11200, 12300.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub debugger: Option<u32>,
    /// Never delivered on purpose.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dropped: bool,
}

impl Log {
    /// As JSON.
    pub fn to_json(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

fn as_object<S: Serializer>(params: &[(String, String)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut object: Map<String, Value> = Map::new();
    for (name, value) in params {
        let value = Value::from(value.as_str());
        match object.get_mut(name) {
            None => {
                object.insert(name.clone(), value);
            }
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }
    object.serialize(serializer)
}
