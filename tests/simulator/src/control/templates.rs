//! What does WhatsApp decide about a template, and which templates are there from the beginning?

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::accounts::known;
use super::variety;
use super::{Mistake, read_json};
use crate::simulator::Simulator;
use crate::template::{Approval, Content, can_be_approved};

/// `POST /simulator/templates`: so many made up, or these.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Seed {
    account_sid: String,
    count: usize,
    first: usize,
    templates: Vec<Seeded>,
}

/// A template as it shall stand there. Nothing of it is judged.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Seeded {
    #[serde(default)]
    pub sid: Option<String>,
    pub friendly_name: String,
    pub language: String,
    #[serde(default)]
    pub variables: Map<String, Value>,
    pub types: Map<String, Value>,
    #[serde(default)]
    pub approval: Option<SeededApproval>,
}

/// Its approval; the name is the friendly name if not said.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeededApproval {
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default = "utility")]
    pub category: String,
    pub status: String,
    #[serde(default)]
    pub rejection_reason: String,
}

fn utility() -> String {
    "UTILITY".to_owned()
}

/// Adds templates without asking what they are.
pub(super) async fn seed(
    State(simulator): State<Arc<Simulator>>,
    body: Bytes,
) -> Result<Json<Value>, Mistake> {
    let seed: Seed = read_json(&body)?;
    let mut world = simulator.world();
    known(&mut world.accounts, &seed.account_sid)?;
    let now = world.now();
    let made_up = (seed.first..seed.first + seed.count).map(variety::template);
    let mut sids = Vec::new();
    for template in made_up.chain(seed.templates) {
        let sid = match template.sid {
            Some(sid) => sid,
            None => world.ids.sid("HX"),
        };
        let approval = template.approval.map(|given| Approval {
            name: given.name.unwrap_or_else(|| template.friendly_name.clone()),
            rejection_reason: given.rejection_reason,
            submitted: now,
            ..Approval::new("", &given.category, &given.status)
        });
        world.contents.remove(&sid);
        world.contents.add(Content {
            sid: sid.clone(),
            account: seed.account_sid.clone(),
            friendly_name: template.friendly_name,
            language: template.language,
            variables: template.variables,
            types: template.types,
            created: now,
            updated: now,
            approval,
        });
        sids.push(sid);
    }
    Ok(Json(json!({"sids": sids})))
}

/// Takes a template away without a trace: its name is free.
pub(super) async fn remove(
    State(simulator): State<Arc<Simulator>>,
    Path(sid): Path<String>,
) -> Result<StatusCode, Mistake> {
    match simulator.world().contents.remove(&sid) {
        Some(_) => Ok(StatusCode::NO_CONTENT),
        None => Err(Mistake::unknown("no such template")),
    }
}

/// `POST /simulator/templates/{HX}/approval`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ordered {
    status: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    category: Option<String>,
}

/// Orders what WhatsApp thinks. A template that was never submitted is submitted by it. Any word may be a status:
/// there will be more of them than we know.
pub(super) async fn approval(
    State(simulator): State<Arc<Simulator>>,
    Path(sid): Path<String>,
    body: Bytes,
) -> Result<StatusCode, Mistake> {
    let ordered: Ordered = read_json(&body)?;
    let mut world = simulator.world();
    let now = world.now();
    let content = world
        .contents
        .get_mut(&sid)
        .ok_or_else(|| Mistake::unknown("no such template"))?;
    if !can_be_approved(content.kind()) {
        return Err(Mistake::request(format!(
            "{} cannot be approved",
            content.kind()
        )));
    }
    if ordered.status == "unsubmitted" {
        content.approval = None;
        return Ok(StatusCode::NO_CONTENT);
    }
    let name = content.friendly_name.clone();
    let approval = content.approval.get_or_insert_with(|| Approval {
        submitted: now,
        ..Approval::new(&name, "UTILITY", "")
    });
    approval.status = ordered.status;
    approval.rejection_reason = ordered.reason;
    if let Some(category) = ordered.category {
        approval.category = category;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// WhatsApp judges by its rules.
pub(super) async fn review(
    State(simulator): State<Arc<Simulator>>,
    Path(sid): Path<String>,
) -> Result<Json<Value>, Mistake> {
    let mut world = simulator.world();
    if world.contents.get(&sid).is_none() {
        return Err(Mistake::unknown("no such template"));
    }
    let now = world.now();
    let Some(reason) = world.contents.judge(&sid, now) else {
        return Err(Mistake::request(
            "only what is received or pending is judged",
        ));
    };
    let status = if reason.is_empty() {
        "approved"
    } else {
        "rejected"
    };
    Ok(Json(json!({"status": status, "rejection_reason": reason})))
}

/// `POST /simulator/reviewing`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Reviewing {
    after_ms: Option<i64>,
}

/// From now on reviews happen by themselves, or only on order.
pub(super) async fn reviewing(
    State(simulator): State<Arc<Simulator>>,
    body: Bytes,
) -> Result<StatusCode, Mistake> {
    let reviewing: Reviewing = read_json(&body)?;
    simulator.world().contents.review_after = reviewing.after_ms;
    Ok(StatusCode::NO_CONTENT)
}
