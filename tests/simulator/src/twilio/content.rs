//! `/v1/Content`: the templates of an account.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Map, Value, json};

use super::problem::Problem;
use crate::dates::iso8601;
use crate::simulator::Simulator;
use crate::template::Content;

const KINDS: [&str; 14] = [
    "twilio/text",
    "twilio/media",
    "twilio/location",
    "twilio/list-picker",
    "twilio/call-to-action",
    "twilio/quick-reply",
    "twilio/card",
    "twilio/carousel",
    "twilio/catalog",
    "twilio/flows",
    "twilio/schedule",
    "whatsapp/card",
    "whatsapp/authentication",
    "whatsapp/flows",
];

/// The resource as Twilio shows it.
pub(super) fn resource(content: &Content, base_url: &str) -> Value {
    let url = format!("{base_url}/v1/Content/{}", content.sid);
    json!({
        "sid": content.sid,
        "account_sid": content.account,
        "friendly_name": content.friendly_name,
        "language": content.language,
        "variables": content.variables,
        "types": content.types,
        "date_created": iso8601(content.created),
        "date_updated": iso8601(content.updated),
        "url": url,
        "links": {
            "approval_create": format!("{url}/ApprovalRequests/whatsapp"),
            "approval_fetch": format!("{url}/ApprovalRequests"),
        },
    })
}

/// Creates a template from JSON. It is not submitted to WhatsApp by that.
pub(super) async fn create(
    State(simulator): State<Arc<Simulator>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let mut world = simulator.world();
    let account = super::authenticate(&world, &headers, None)?
        .account_sid
        .clone();
    let wrong = |words: &str| Problem::of(20422).saying(words);
    let given: Map<String, Value> =
        serde_json::from_slice(&body).map_err(|_| wrong("The body is not JSON"))?;
    let text = |name: &str| {
        given
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let object = |name: &str| {
        given
            .get(name)
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default()
    };
    let (language, types) = (text("language"), object("types"));
    if language.is_empty() {
        return Err(wrong(
            "Missing required parameter language in the post body",
        ));
    }
    if types.is_empty() {
        return Err(wrong("Missing required parameter types in the post body"));
    }
    if let Some(unknown) = types.keys().find(|kind| !KINDS.contains(&kind.as_str())) {
        return Err(wrong(&format!("Unknown content type {unknown}")));
    }
    if let Some(missing) = types
        .iter()
        .find_map(|(kind, content)| missing_field(kind, content))
    {
        return Err(wrong(&format!("Missing required field {missing}")));
    }
    let now = world.now();
    let content = Content {
        sid: world.ids.sid("HX"),
        account,
        friendly_name: text("friendly_name"),
        language,
        variables: object("variables"),
        types,
        created: now,
        updated: now,
        approval: None,
    };
    let resource = resource(&content, &simulator.base_url);
    world.contents.add(content);
    Ok((StatusCode::CREATED, Json(resource)))
}

/// The first required field that a type lacks.
fn missing_field(kind: &str, content: &Value) -> Option<&'static str> {
    let required: &[&'static str] = match kind {
        "twilio/text" => &["body"],
        "twilio/media" => &["media"],
        "twilio/list-picker" => &["body", "button", "items"],
        "twilio/call-to-action" | "twilio/quick-reply" => &["body", "actions"],
        "twilio/carousel" => &["body", "cards"],
        "twilio/location" => &["latitude", "longitude"],
        "whatsapp/authentication" => &["actions"],
        _ => &[],
    };
    required
        .iter()
        .copied()
        .find(|field| content.get(field).is_none_or(Value::is_null))
}

/// One template.
pub(super) async fn fetch(
    State(simulator): State<Arc<Simulator>>,
    Path(sid): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let world = simulator.world();
    let account = super::authenticate(&world, &headers, None)?;
    let content = world
        .contents
        .get(&sid)
        .filter(|content| content.account == account.account_sid);
    let content = content.ok_or_else(|| Problem::not_found(&format!("/v1/Content/{sid}")))?;
    Ok(Json(resource(content, &simulator.base_url)))
}

/// Deletes a template.
pub(super) async fn delete(
    State(simulator): State<Arc<Simulator>>,
    Path(sid): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let mut world = simulator.world();
    let account = super::authenticate(&world, &headers, None)?
        .account_sid
        .clone();
    let owned = world
        .contents
        .get(&sid)
        .is_some_and(|content| content.account == account);
    if owned && world.contents.remove(&sid) {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Problem::not_found(&format!("/v1/Content/{sid}")))
}

/// The templates of the account, by pages.
pub(super) async fn list(
    State(simulator): State<Arc<Simulator>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let world = simulator.world();
    let account = super::authenticate(&world, &headers, None)?;
    let contents = world.contents.of_account(&account.account_sid);
    let base = &simulator.base_url;
    let items = contents.map(|content| resource(content, base)).collect();
    page(
        items,
        &format!("{base}/v1/Content"),
        &query.unwrap_or_default(),
    )
    .map(Json)
}

/// One page of a list, with the `meta` of Twilio's newer APIs. Pages are asked for by token, not by number.
pub(super) fn page(items: Vec<Value>, url: &str, query: &str) -> Result<Value, Problem> {
    let (mut size, mut start) = (50_usize, 0_usize);
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let wrong = || Problem::of(20001).saying(format!("Invalid value for {name}"));
        match &*name {
            "PageSize" => size = value.parse::<usize>().map_err(|_| wrong())?.clamp(1, 1_000),
            "PageToken" => {
                start = value
                    .strip_prefix("DN")
                    .and_then(|at| at.parse().ok())
                    .ok_or_else(wrong)?
            }
            _ => {}
        }
    }
    let address = |start: usize| {
        format!(
            "{url}?PageSize={size}&Page={}&PageToken=DN{start}",
            start / size
        )
    };
    let end = start.saturating_add(size);
    let more = end < items.len();
    let contents: Vec<Value> = items.into_iter().skip(start).take(size).collect();
    Ok(json!({
        "contents": contents,
        "meta": {
            "key": "contents",
            "page": start / size,
            "page_size": size,
            "url": address(start),
            "first_page_url": format!("{url}?PageSize={size}&Page=0"),
            "previous_page_url": (start > 0).then(|| address(start.saturating_sub(size))),
            "next_page_url": more.then(|| address(end)),
        },
    }))
}
