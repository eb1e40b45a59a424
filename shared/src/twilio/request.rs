//! How is a permit put into words? The parameters of a create: `POST …/Messages.json`.
//!
//! The only place where a message is given Twilio's form, and it takes a permit.

use super::form::Params;
use crate::policy::{Load, Permit};
use crate::template::Value;

/// The parameters that hand over what is permitted. Twilio reports to `status_callback`, which
/// carries our name for the message: if the answer is lost, the first report settles it.
#[must_use]
pub fn create(permit: &Permit, status_callback: &str) -> Params {
    let mut params = Params::with_capacity(6);
    let mut set = |name: &str, value: String| params.push((name.into(), value));
    set("To", permit.to().to_twilio());
    set("From", ["whatsapp:", permit.from()].concat());
    match permit.load() {
        Load::Text { body } => set("Body", body.clone()),
        // Without `Body`: with one, Twilio sends it as a session message (error 63016 outside).
        Load::Content { content, values } => {
            set("ContentSid", content.as_str().into());
            if !values.is_empty() {
                set("ContentVariables", object(values));
            }
        }
    }
    set("StatusCallback", status_callback.into());
    if let Some(seconds) = permit.validity() {
        set("ValidityPeriod", seconds.to_string());
    }
    params
}

/// A JSON object of strings: the variables' names and values.
fn object(values: &[Value]) -> String {
    let mut json = String::from("{");
    for (index, variable) in values.iter().enumerate() {
        if index > 0 {
            json.push(',');
        }
        string(&variable.name, &mut json);
        json.push(':');
        string(&variable.value, &mut json);
    }
    json.push('}');
    json
}

/// A JSON string (RFC 8259, section 7).
fn string(text: &str, json: &mut String) {
    json.push('"');
    for c in text.chars() {
        match c {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\0'..='\x1f' => {
                let code = u32::from(c);
                json.push_str("\\u00");
                json.push(if code < 16 { '0' } else { '1' });
                json.extend(char::from_digit(code & 15, 16));
            }
            _ => json.push(c),
        }
    }
    json.push('"');
}

#[cfg(test)]
mod tests;
