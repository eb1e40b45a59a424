//! Server-sent events: tells a phone on a screen that something changed. It then asks what.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{Stream, unfold};
use tokio::sync::broadcast::error::RecvError;

use crate::simulator::Simulator;

/// `GET /simulator/events`.
pub(super) async fn stream(
    State(simulator): State<Arc<Simulator>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let changes = simulator.changes.subscribe();
    let events = unfold(changes, |mut changes| async move {
        let event = match changes.recv().await {
            Ok(change) => Event::default().data(change),
            // Too slow to hear everything: whatever it was, look again.
            Err(RecvError::Lagged(_)) => Event::default().data(r#"{"changed":"message"}"#),
            Err(RecvError::Closed) => return None,
        };
        Some((Ok(event), changes))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}
