//! Approval of templates by WhatsApp: submitting, asking, and everything on one list.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::content::resource;
use super::page::Wanted;
use super::problem::Problem;
use crate::simulator::Simulator;
use crate::template::{Approval, Content, can_be_approved};

fn approval(content: &Content) -> Value {
    let given = content.approval.as_ref();
    json!({
        "name": given.map_or("", |approval| &approval.name),
        "category": given.map_or("", |approval| &approval.category),
        "content_type": content.kind(),
        "status": given.map_or("unsubmitted", |approval| &approval.status),
        "rejection_reason": given.map_or("", |approval| &approval.rejection_reason),
        "allow_category_change": given.is_none_or(|approval| approval.allow_category_change),
    })
}

/// Submits a template to WhatsApp. Its status is `received`; `/simulator/templates/…/review` plays the review.
pub(super) async fn submit(
    State(simulator): State<Arc<Simulator>>,
    Path(sid): Path<String>,
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
    let now = world.now();
    let given: Value = serde_json::from_slice(&body).map_err(|_| wrong("The body is not JSON"))?;
    let text = |name: &str| {
        given
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let (name, category) = (text("name"), text("category"));
    let content = world
        .contents
        .get_mut(&sid)
        .filter(|content| content.account == account);
    let content = content.ok_or_else(|| {
        Problem::not_found(&format!("/v1/Content/{sid}/ApprovalRequests/whatsapp"))
    })?;
    let named = !name.is_empty()
        && name.len() <= 512
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !named {
        return Err(wrong(
            "name: lower-case letters, digits and underscores only",
        ));
    }
    if !matches!(
        category.as_str(),
        "UTILITY" | "MARKETING" | "AUTHENTICATION"
    ) {
        return Err(wrong("category: UTILITY, MARKETING or AUTHENTICATION"));
    }
    if !can_be_approved(content.kind()) {
        return Err(wrong(&format!(
            "{} cannot be submitted for approval",
            content.kind()
        )));
    }
    if content.approval.is_some() {
        return Err(wrong("This content was already submitted for approval"));
    }
    content.approval = Some(Approval {
        allow_category_change: given["allow_category_change"] != false,
        submitted: now,
        ..Approval::new(&name, &category, "received")
    });
    Ok((StatusCode::CREATED, Json(approval(content))))
}

/// How the review stands.
pub(super) async fn fetch(
    State(simulator): State<Arc<Simulator>>,
    Path(sid): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let world = simulator.world();
    let account = super::authenticate(&world, &headers, None)?;
    let path = format!("/v1/Content/{sid}/ApprovalRequests");
    let content = world
        .contents
        .get(&sid)
        .filter(|content| content.account == account.account_sid);
    let content = content.ok_or_else(|| Problem::not_found(&path))?;
    let mut whatsapp = approval(content);
    if let Some(fields) = whatsapp.as_object_mut() {
        fields.insert("type".to_owned(), json!("whatsapp"));
    }
    Ok(Json(json!({
        "sid": sid,
        "account_sid": content.account,
        "whatsapp": whatsapp,
        "url": format!("{}{path}", simulator.base_url),
    })))
}

/// Every template with its approval, by pages.
pub(super) async fn list(
    State(simulator): State<Arc<Simulator>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let world = simulator.world();
    let account = super::authenticate(&world, &headers, None)?;
    let base = &simulator.base_url;
    let wanted = Wanted::read(&query.unwrap_or_default(), 50)?;
    let contents = world
        .contents
        .of_account(&account.account_sid, wanted.after);
    let show = |content: &Content| {
        let mut item = resource(content, base);
        if let Some(fields) = item.as_object_mut() {
            fields.remove("url");
            fields.remove("links");
            fields.insert("approval_requests".to_owned(), approval(content));
        }
        item
    };
    let url = format!("{base}/v1/ContentAndApprovals");
    Ok(Json(wanted.of(contents, show, "contents", &url, &[])))
}
