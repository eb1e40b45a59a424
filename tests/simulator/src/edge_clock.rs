//! How does the edge learn what time it is here?
//!
//! Every change is pushed before its author gets an answer. An edge that does not answer yet, or restarts,
//! gets it as soon as it does.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use crate::simulator::Simulator;

/// Pushes the offset as it is now, one push after the other: two on their way at once might arrive in the wrong
/// order, and the edge would stay behind. True if the edge answered, or if there is no edge to tell.
pub async fn push(simulator: &Simulator) -> bool {
    let Some(edge) = &simulator.options.edge else {
        return true;
    };
    let _the_only_one = simulator.telling.lock().await;
    let body = json!({"offset_ms": simulator.world().offset_ms}).to_string();
    let url = format!("{edge}/development/clock");
    simulator
        .courier
        .post_json(&url, body, Duration::from_secs(5))
        .await
        .is_some()
}

/// Pushes at the start, and again whenever a push found nobody.
pub async fn keep_in_time(simulator: Arc<Simulator>) {
    loop {
        while !push(&simulator).await {
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        simulator.clock_is_late.notified().await;
    }
}
