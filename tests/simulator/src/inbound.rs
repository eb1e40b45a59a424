//! What stands in an inbound webhook? The parameters as captured from Twilio, and what Twilio makes of the answer.

use serde_json::{Map, Value, json};

use crate::address::{CHANNEL, is_phone};
use crate::customer::Writing;
use crate::delivery::Receipt;
use crate::message::Media;
use crate::world::World;

/// `MessageType`.
pub fn kind(writing: &Writing) -> &'static str {
    if writing.button.is_some() || writing.list.is_some() {
        return "interactive";
    }
    if writing.location.is_some() {
        return "location";
    }
    match writing
        .media
        .first()
        .map(|media| media.content_type.as_str())
    {
        None => "text",
        Some("image/webp") => "sticker",
        Some("text/vcard" | "text/x-vcard") => "contacts",
        Some(other) => match other.split('/').next() {
            Some("image") => "image",
            Some("audio") => "audio",
            Some("video") => "video",
            _ => "document",
        },
    }
}

/// `Body`: a tapped button or a chosen line repeats its title.
pub fn body(writing: &Writing) -> String {
    match (&writing.button, &writing.list) {
        (Some(button), _) if writing.body.is_empty() => button.text.clone(),
        (None, Some(list)) if writing.body.is_empty() => list.title.clone(),
        _ => writing.body.clone(),
    }
}

/// All parameters of the webhook.
pub fn parameters(
    world: &World,
    base_url: &str,
    account: &str,
    sid: &str,
    person: &str,
    writing: &Writing,
    media: &[Media],
) -> Vec<(String, String)> {
    let mut params: Vec<(String, String)> = Vec::with_capacity(24);
    let mut context = Map::new();
    let mut set = |name: &str, value: &str| params.push((name.to_owned(), value.to_owned()));
    let button = writing.button.as_ref();
    let quoted = button
        .and_then(|button| button.in_reply_to.as_deref())
        .or(writing.in_reply_to.as_deref());
    if let Some(quoted) = quoted {
        set(
            "OriginalRepliedMessageSender",
            &format!("{CHANNEL}{}", writing.to),
        );
        set("OriginalRepliedMessageSid", quoted);
    }
    set("ExternalUserId", &format!("{CHANNEL}{person}"));
    for name in ["SmsMessageSid", "SmsSid", "MessageSid"] {
        set(name, sid);
    }
    set("AccountSid", account);
    set("From", &format!("{CHANNEL}{}", writing.from));
    set("To", &format!("{CHANNEL}{}", writing.to));
    set("Body", &body(writing));
    set("NumMedia", &media.len().to_string());
    set("NumSegments", "1");
    set("ReferralNumMedia", "0");
    set("SmsStatus", "received");
    set("ApiVersion", "2010-04-01");
    set("MessageType", kind(writing));
    set("Forwarded", "false");
    set("FrequentlyForwarded", "false");
    if let Some(name) = world
        .people
        .get(person)
        .and_then(|person| person.name.as_deref())
    {
        set("ProfileName", name);
        context.insert("ProfileName".to_owned(), json!(name));
    }
    if is_phone(&writing.from) {
        let digits = writing.from.trim_start_matches('+');
        set("WaId", digits);
        context.insert("WaId".to_owned(), json!(digits));
    }
    if let Some(button) = button {
        set("ButtonText", &button.text);
        set(
            "ButtonPayload",
            if button.payload.is_empty() {
                &button.text
            } else {
                &button.payload
            },
        );
        set("ButtonType", "REPLY");
        context.insert("ButtonText".to_owned(), json!(button.text));
    }
    if let Some(list) = &writing.list {
        set("ListId", &list.id);
        set("ListTitle", &list.title);
    }
    if let Some(place) = &writing.location {
        set("Latitude", &place.latitude.to_string());
        set("Longitude", &place.longitude.to_string());
        if let Some(label) = &place.label {
            set("Label", label);
        }
        if let Some(address) = &place.address {
            set("Address", address);
        }
    }
    for (at, one) in media.iter().enumerate() {
        let url = format!(
            "{base_url}/2010-04-01/Accounts/{account}/Messages/{sid}/Media/{}",
            one.sid
        );
        set(&format!("MediaUrl{at}"), &url);
        set(&format!("MediaContentType{at}"), &one.content_type);
    }
    context.insert("Forwarded".to_owned(), json!("false"));
    let metadata = json!({"type": "whatsapp", "data": {"context": context}});
    set("ChannelMetadata", &metadata.to_string());
    for (name, value) in &writing.extra {
        params.retain(|(known, _)| known != name);
        match value {
            Value::Null => {}
            Value::String(text) => params.push((name.clone(), text.clone())),
            other => params.push((name.clone(), other.to_string())),
        }
    }
    params
}

/// What Twilio's debugger shows about an answer to an inbound webhook: 11200 for a failure, 12300 for an answer
/// that is not TwiML.
pub fn complaint(receipt: &Receipt) -> Option<u32> {
    match receipt.status {
        Some(204) => None,
        Some(200..=299) => {
            let media_type = receipt
                .content_type
                .split(';')
                .next()
                .unwrap_or_default()
                .trim();
            let is_twiml = matches!(
                media_type,
                "text/xml" | "application/xml" | "text/html" | "text/plain"
            );
            (!is_twiml).then_some(12300)
        }
        _ => Some(11200),
    }
}
