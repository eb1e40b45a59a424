//! Faults, the log and the reset: what does a test order, and what does it ask afterwards?

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::Value;

use super::{Mistake, read_json};
use crate::faults::Faults;
use crate::sid::Dice;
use crate::simulator::Simulator;

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
