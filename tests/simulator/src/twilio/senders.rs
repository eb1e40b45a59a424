//! `/v2/Channels/Senders`: which WhatsApp numbers has the account, how are they, and where do their webhooks go?

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

use super::page::Wanted;
use super::problem::Problem;
use crate::request::is_web_address;
use crate::sender::{PROFILE, Sender};
use crate::simulator::Simulator;

/// What Twilio says to a body that it cannot use.
fn wrong(words: impl Into<String>) -> Problem {
    Problem::of(63100).saying(format!("Validation Error: {}", words.into()))
}

fn unknown(sid: &str) -> Problem {
    Problem::not_found(&format!("/v2/Channels/Senders/{sid}"))
}

/// The senders of one channel, by pages.
pub(super) async fn list(
    State(simulator): State<Arc<Simulator>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let world = simulator.world();
    let account = super::authenticate(&world, &headers, None)?;
    let query = query.unwrap_or_default();
    let channel = form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "Channel")
        .map(|(_, value)| value.into_owned());
    let senders: &[Sender] = match channel.as_deref() {
        Some("whatsapp") => &account.senders,
        Some("rcs") => &[],
        Some(_) => return Err(wrong("Channel must be whatsapp or rcs")),
        None => return Err(wrong("Channel is required")),
    };
    let wanted = Wanted::read(&query, 20)?;
    let items = (1..)
        .zip(senders)
        .filter(|(number, _)| *number > wanted.after);
    let base = &simulator.base_url;
    Ok(Json(wanted.of(
        items,
        |sender| sender.resource(base),
        "senders",
        &format!("{base}/v2/Channels/Senders"),
        &[("Channel", channel.as_deref().unwrap_or_default())],
    )))
}

/// One sender.
pub(super) async fn fetch(
    State(simulator): State<Arc<Simulator>>,
    Path(sid): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let world = simulator.world();
    let account = super::authenticate(&world, &headers, None)?;
    let sender = account.senders.iter().find(|sender| sender.sid() == sid);
    let sender = sender.ok_or_else(|| unknown(&sid))?;
    Ok(Json(sender.resource(&simulator.base_url)))
}

/// Changes webhooks and profile. 202: at Twilio the change takes its time, here it is there at once, but for the
/// name, which WhatsApp has to allow.
pub(super) async fn update(
    State(simulator): State<Arc<Simulator>>,
    Path(sid): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let mut world = simulator.world();
    let account = super::authenticate(&world, &headers, None)?
        .account_sid
        .clone();
    let now = world.now();
    let account = world
        .accounts
        .get_mut(&account)
        .ok_or_else(|| unknown(&sid))?;
    let sender = account
        .senders
        .iter_mut()
        .find(|sender| sender.sid() == sid);
    let sender = sender.ok_or_else(|| unknown(&sid))?;
    if !super::is_json(&headers) {
        return Err(wrong("The body must be sent as application/json"));
    }
    let given: Map<String, Value> =
        serde_json::from_slice(&body).map_err(|_| wrong("The body is no JSON object"))?;
    let mut ignored = 0;
    // A copy, so that a body that is wrong further down changes nothing.
    let mut changed = sender.clone();
    let mut name_status = None;
    for (name, value) in &given {
        match (name.as_str(), value) {
            ("webhook", Value::Object(fields)) => ignored += webhook(&mut changed, fields)?,
            ("profile", Value::Object(fields)) => {
                ignored += profile(&mut changed, fields)?;
                let name = fields.get("name").and_then(Value::as_str);
                name_status = name.map(|name| changed.ask_for_name(name, now));
            }
            ("friendly_name", Value::String(name)) => changed.friendly_name = Some(name.clone()),
            ("friendly_name", Value::Null) => changed.friendly_name = None,
            ("webhook" | "profile" | "configuration", Value::Null)
            | ("configuration", Value::Object(_)) => {}
            ("webhook" | "profile" | "configuration", _) => {
                return Err(wrong(format!("{name} must be an object")));
            }
            _ => ignored += 1,
        }
    }
    *sender = changed.clone();
    world.log.unknown_fields += ignored;
    if changed.status == "ONLINE" {
        changed.status = "ONLINE:UPDATING".to_owned();
    }
    let mut resource = changed.resource(&simulator.base_url);
    if let (Some(status), Some(fields)) = (name_status, resource.as_object_mut()) {
        fields.insert("display_name_status".to_owned(), status.into());
    }
    Ok((StatusCode::ACCEPTED, Json(resource)))
}

/// Takes the webhook's fields over; the number of those that Twilio does not know and ignores.
fn webhook(sender: &mut Sender, fields: &Map<String, Value>) -> Result<u32, Problem> {
    let mut ignored = 0;
    for (name, value) in fields {
        let text = match value {
            Value::Null => "",
            Value::String(text) => text,
            _ => return Err(wrong(format!("webhook.{name} must be a string"))),
        };
        let place = match name.as_str() {
            "callback_url" => &mut sender.webhook_url,
            "fallback_url" => &mut sender.fallback_url,
            "status_callback_url" => &mut sender.status_callback_url,
            "callback_method" => &mut sender.callback_method,
            "fallback_method" => &mut sender.fallback_method,
            "status_callback_method" => &mut sender.status_callback_method,
            _ => {
                ignored += 1;
                continue;
            }
        };
        let fine = if name.ends_with("_method") {
            matches!(text, "" | "POST" | "PUT")
        } else {
            text.is_empty() || is_web_address(text)
        };
        if !fine {
            return Err(wrong(format!("webhook.{name} has an invalid value")));
        }
        let value = if name.ends_with("_method") && text.is_empty() {
            "POST"
        } else {
            text
        };
        value.clone_into(place);
    }
    Ok(ignored)
}

fn profile(sender: &mut Sender, fields: &Map<String, Value>) -> Result<u32, Problem> {
    let mut ignored = 0;
    for (name, value) in fields {
        match (name.as_str(), value) {
            ("name", Value::String(text)) if !text.trim().is_empty() => {}
            ("name", _) => return Err(wrong("profile.name must be a name")),
            ("websites" | "emails" | "phone_numbers", Value::Array(_))
            | (_, Value::String(_) | Value::Null)
                if PROFILE.contains(&name.as_str()) =>
            {
                sender.profile.insert(name.clone(), value.clone());
            }
            _ if PROFILE.contains(&name.as_str()) => {
                return Err(wrong(format!("profile.{name} has an invalid value")));
            }
            _ => ignored += 1,
        }
    }
    Ok(ignored)
}

/// Takes a sender away.
pub(super) async fn delete(
    State(simulator): State<Arc<Simulator>>,
    Path(sid): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let mut world = simulator.world();
    let account = super::authenticate(&world, &headers, None)?
        .account_sid
        .clone();
    let account = world
        .accounts
        .get_mut(&account)
        .ok_or_else(|| unknown(&sid))?;
    let at = account
        .senders
        .iter()
        .position(|sender| sender.sid() == sid);
    account.senders.remove(at.ok_or_else(|| unknown(&sid))?);
    drop(world);
    simulator.changed("people", None, None);
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn hook(fields: Value) -> Result<Sender, u32> {
        let mut sender = Sender::new("+390212345678");
        sender.webhook_url = "https://old.test/".to_owned();
        let fields = fields.as_object().cloned().unwrap_or_default();
        webhook(&mut sender, &fields).map_err(|problem| problem.code)?;
        Ok(sender)
    }

    #[test]
    fn what_is_left_out_stays_and_null_clears() {
        let url = "https://new.test/in#rc=3&rp=all";
        let sender = hook(json!({"status_callback_url": url})).unwrap();
        assert_eq!(
            (
                sender.webhook_url.as_str(),
                sender.status_callback_url.as_str()
            ),
            ("https://old.test/", url)
        );
        assert_eq!(hook(json!({"callback_url": null})).unwrap().webhook_url, "");
    }

    #[test]
    fn each_mistake_is_a_validation_error() {
        for fields in [
            json!({"callback_url": "edge.test/in"}),
            json!({"callback_url": "ftp://edge.test/"}),
            json!({"callback_url": 7}),
            json!({"callback_method": "GET"}),
        ] {
            assert_eq!(hook(fields.clone()).err(), Some(63100), "{fields}");
        }
    }
}
