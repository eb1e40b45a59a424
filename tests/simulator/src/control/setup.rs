//! Accounts, approvals, faults, the log and the reset: how a test sets the stage.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Mistake, read_json};
use crate::address::is_phone;
use crate::faults::Faults;
use crate::sid::{Dice, is_sid};
use crate::simulator::Simulator;
use crate::template::{Approval, can_be_approved};
use crate::world::Account;

/// Adds an account or replaces it.
pub(super) async fn account(
    State(simulator): State<Arc<Simulator>>,
    body: Bytes,
) -> Result<StatusCode, Mistake> {
    let account: Account = read_json(&body)?;
    if !is_sid(&account.account_sid, &["AC"]) {
        return Err(Mistake::request(
            "account_sid: AC and 32 hexadecimal digits",
        ));
    }
    if let Some(wrong) = account
        .senders
        .iter()
        .find(|sender| !is_phone(&sender.number))
    {
        return Err(Mistake::request(format!("not a number: {}", wrong.number)));
    }
    simulator
        .world()
        .accounts
        .insert(account.account_sid.clone(), account);
    simulator.changed("people", None, None);
    Ok(StatusCode::NO_CONTENT)
}

/// The accounts, without their tokens.
pub(super) async fn accounts(State(simulator): State<Arc<Simulator>>) -> Json<Value> {
    let world = simulator.world();
    let accounts: Vec<Value> = world
        .accounts
        .values()
        .map(|account| json!({"account_sid": account.account_sid, "senders": account.senders}))
        .collect();
    Json(json!({"accounts": accounts}))
}

/// `POST /simulator/templates/{HX}/approval`.
#[derive(Debug, Deserialize)]
struct Review {
    status: String,
    #[serde(default)]
    reason: String,
}

/// Plays WhatsApp's review. A template that was never submitted is submitted by it.
pub(super) async fn approval(
    State(simulator): State<Arc<Simulator>>,
    Path(sid): Path<String>,
    body: Bytes,
) -> Result<StatusCode, Mistake> {
    let review: Review = read_json(&body)?;
    const STATUSES: [&str; 6] = [
        "received", "pending", "approved", "rejected", "paused", "disabled",
    ];
    if !STATUSES.contains(&review.status.as_str()) {
        return Err(Mistake::request(format!(
            "status: one of {}",
            STATUSES.join(", ")
        )));
    }
    let mut world = simulator.world();
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
    let name = content.friendly_name.clone();
    let approval = content.approval.get_or_insert_with(|| Approval {
        name,
        category: "UTILITY".to_owned(),
        status: String::new(),
        rejection_reason: String::new(),
    });
    approval.status = review.status;
    approval.rejection_reason = review.reason;
    Ok(StatusCode::NO_CONTENT)
}

/// Replaces all faults.
pub(super) async fn set_faults(
    State(simulator): State<Arc<Simulator>>,
    body: Bytes,
) -> Result<StatusCode, Mistake> {
    let faults: Faults = read_json(&body)?;
    let mut world = simulator.world();
    if let Some(seed) = faults.seed {
        world.chance = Dice::seeded(seed);
    }
    world.faults = faults;
    Ok(StatusCode::NO_CONTENT)
}

/// What is left of the faults.
pub(super) async fn faults(State(simulator): State<Arc<Simulator>>) -> Json<Faults> {
    Json(simulator.world().faults.clone())
}

/// What happened so far.
pub(super) async fn log(State(simulator): State<Arc<Simulator>>) -> Json<Value> {
    let log = simulator.world().log.clone();
    Json(log.to_json())
}

/// Forgets messages, people, faults and the log.
pub(super) async fn reset(State(simulator): State<Arc<Simulator>>) -> StatusCode {
    simulator.world().reset();
    simulator.changed("reset", None, None);
    StatusCode::NO_CONTENT
}
