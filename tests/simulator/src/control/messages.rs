//! The customer writes, and the customer reads.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Mistake, read_json};
use crate::customer::{self, Writing};
use crate::lifecycle;
use crate::simulator::Simulator;

/// `POST /simulator/messages`.
pub(super) async fn write(
    State(simulator): State<Arc<Simulator>>,
    body: Bytes,
) -> Result<Json<Value>, Mistake> {
    let writing: Writing = read_json(&body)?;
    let (sid, status) = customer::write(&simulator, writing)
        .await
        .map_err(Mistake::request)?;
    Ok(Json(json!({"sid": sid, "webhook_status": status})))
}

/// `POST /simulator/read`: one message, or everything in a conversation.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Reading {
    sid: Option<String>,
    customer: Option<String>,
    sender: Option<String>,
}

/// Marks what was delivered as read. The answer lists it and waits for the callbacks.
pub(super) async fn read(
    State(simulator): State<Arc<Simulator>>,
    body: Bytes,
) -> Result<Json<Value>, Mistake> {
    let reading: Reading = read_json(&body)?;
    let sids: Vec<String> = {
        let world = simulator.world();
        match (&reading.sid, &reading.customer) {
            (Some(sid), _) => {
                let known = world
                    .messages
                    .get(sid)
                    .ok_or_else(|| Mistake::unknown("no such message"))?;
                if known.inbound || !known.on_phone {
                    return Err(Mistake::request(format!(
                        "{} is not on the phone: {}",
                        sid, known.status
                    )));
                }
                if known.status == "read" {
                    Vec::new()
                } else {
                    vec![sid.clone()]
                }
            }
            (None, Some(customer)) => {
                let person = world
                    .people
                    .find(customer)
                    .ok_or_else(|| Mistake::unknown("no such customer"))?;
                let unread = world.messages.of_person(person).filter(|message| {
                    !message.inbound
                        && message.status == "delivered"
                        && reading
                            .sender
                            .as_ref()
                            .is_none_or(|sender| *sender == message.sender)
                });
                unread.map(|message| message.sid.clone()).collect()
            }
            (None, None) => return Err(Mistake::request("sid, or customer and sender")),
        }
    };
    for sid in &sids {
        lifecycle::advance(&simulator, sid, &["read"], None).await;
    }
    Ok(Json(json!({"read": sids})))
}
