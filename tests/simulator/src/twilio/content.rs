//! `/v1/Content`: the templates of an account.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Map, Value, json};

use super::page::Wanted;
use super::problem::Problem;
use crate::dates::iso8601;
use crate::simulator::Simulator;
use crate::template::Content;
use crate::well_formed;

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
    if !super::is_json(&headers) {
        return Err(wrong("The body must be sent as application/json"));
    }
    let given: Map<String, Value> =
        serde_json::from_slice(&body).map_err(|_| wrong("The body is not JSON"))?;
    if let Some(words) = well_formed::complaint(&given) {
        return Err(wrong(&words));
    }
    let text = |name: &str| {
        let given = given.get(name).and_then(Value::as_str);
        given.unwrap_or_default().to_owned()
    };
    let object = |name: &str| {
        let given = given.get(name).and_then(Value::as_object);
        given.cloned().unwrap_or_default()
    };
    let now = world.now();
    let content = Content {
        sid: world.ids.sid("HX"),
        account,
        friendly_name: text("friendly_name"),
        language: text("language"),
        variables: object("variables"),
        types: object("types"),
        created: now,
        updated: now,
        approval: None,
    };
    let resource = resource(&content, &simulator.base_url);
    world.contents.add(content);
    Ok((StatusCode::CREATED, Json(resource)))
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
    if !owned {
        return Err(Problem::not_found(&format!("/v1/Content/{sid}")));
    }
    let now = world.now();
    world.contents.delete(&sid, now);
    Ok(StatusCode::NO_CONTENT)
}

/// The templates of the account, by pages.
pub(super) async fn list(
    State(simulator): State<Arc<Simulator>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let world = simulator.world();
    let account = super::authenticate(&world, &headers, None)?;
    let wanted = Wanted::read(&query.unwrap_or_default(), 50)?;
    let base = &simulator.base_url;
    let contents = world
        .contents
        .of_account(&account.account_sid, wanted.after);
    Ok(Json(wanted.of(
        contents,
        |content| resource(content, base),
        "contents",
        &format!("{base}/v1/Content"),
        &[],
    )))
}
