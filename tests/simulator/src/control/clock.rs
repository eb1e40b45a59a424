//! What time is it, here and at the edge?

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Mistake, read_json};
use crate::edge_clock;
use crate::simulator::Simulator;

/// `POST /simulator/clock`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Change {
    advance_ms: Option<i64>,
    offset_ms: Option<i64>,
}

fn reading(simulator: &Simulator, edge: Option<bool>) -> Value {
    let world = simulator.world();
    json!({"now": world.now(), "offset_ms": world.offset_ms, "edge_follows": edge})
}

/// The time.
pub(super) async fn show(State(simulator): State<Arc<Simulator>>) -> Json<Value> {
    Json(reading(&simulator, None))
}

/// Moves the clock. The answer comes after the edge's: `edge_follows` is false if it could not be reached, and
/// it is told as soon as it can be.
pub(super) async fn change(
    State(simulator): State<Arc<Simulator>>,
    body: Bytes,
) -> Result<Json<Value>, Mistake> {
    let change: Change = read_json(&body)?;
    {
        let mut world = simulator.world();
        let before = world.offset_ms;
        world.offset_ms = match (change.offset_ms, change.advance_ms) {
            (Some(offset), None) => offset,
            (None, Some(advance)) => world.offset_ms.saturating_add(advance),
            _ => return Err(Mistake::request("advance_ms or offset_ms")),
        };
        world.before_jump = (world.offset_ms > before).then_some(before);
    }
    // Spawned, so that a client that goes away does not leave the jump half done.
    let telling = tokio::spawn(tell(Arc::clone(&simulator)));
    let follows = telling.await.unwrap_or(false);
    simulator.changed("clock", None, None);
    Ok(Json(reading(&simulator, Some(follows))))
}

async fn tell(simulator: Arc<Simulator>) -> bool {
    let follows = edge_clock::push(&simulator).await;
    simulator.world().before_jump = None;
    if !follows {
        simulator.clock_is_late.notify_one();
    }
    follows
}
