//! Which senders has an account, how are they, and has it a sandbox?

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::accounts::known;
use super::{Mistake, read_json};
use crate::address::is_phone;
use crate::sandbox::{NUMBER, Sandbox};
use crate::sender::{OfflineReason, STATUSES, Sender};
use crate::simulator::Simulator;

/// `POST /simulator/senders`: what is given is changed, `null` clears.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Given {
    account_sid: String,
    number: String,
    name: Option<String>,
    #[serde(deserialize_with = "present")]
    webhook_url: Option<Option<String>>,
    #[serde(deserialize_with = "present")]
    fallback_url: Option<Option<String>>,
    #[serde(deserialize_with = "present")]
    status_callback_url: Option<Option<String>>,
    status: Option<String>,
    #[serde(deserialize_with = "present")]
    quality_rating: Option<Option<String>>,
    #[serde(deserialize_with = "present")]
    messaging_limit: Option<Option<String>>,
    #[serde(deserialize_with = "present")]
    offline_reasons: Option<Option<Vec<OfflineReason>>>,
}

/// `Some(None)` for `null`, `None` only for what is left out.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

impl Given {
    fn change(self, sender: &mut Sender) {
        if self.name.is_some() {
            sender.pending_name = None;
        }
        let urls = [
            (self.webhook_url, &mut sender.webhook_url),
            (self.fallback_url, &mut sender.fallback_url),
            (self.status_callback_url, &mut sender.status_callback_url),
            (self.name.map(Some), &mut sender.name),
            (self.status.map(Some), &mut sender.status),
        ];
        for (given, place) in urls {
            if let Some(text) = given {
                *place = text.unwrap_or_default();
            }
        }
        if let Some(rating) = self.quality_rating {
            sender.quality_rating = rating;
        }
        if let Some(limit) = self.messaging_limit {
            sender.messaging_limit = limit;
        }
        if let Some(reasons) = self.offline_reasons {
            sender.offline_reasons = reasons.unwrap_or_default();
        }
    }
}

/// Adds a sender, or changes one.
pub(super) async fn sender(
    State(simulator): State<Arc<Simulator>>,
    body: Bytes,
) -> Result<Json<Value>, Mistake> {
    let given: Given = read_json(&body)?;
    if !is_phone(&given.number) {
        return Err(Mistake::request(format!("not a number: {}", given.number)));
    }
    let status = given.status.as_deref();
    if status.is_some_and(|status| !STATUSES.contains(&status)) {
        return Err(Mistake::request(format!(
            "status: one of {}",
            STATUSES.join(", ")
        )));
    }
    let answer = {
        let mut world = simulator.world();
        let account = known(&mut world.accounts, &given.account_sid)?;
        let number = given.number.clone();
        let at = account.senders.iter().position(|it| it.number == number);
        let at = at.unwrap_or_else(|| {
            account.senders.push(Sender::new(&number));
            account.senders.len() - 1
        });
        let sender = &mut account.senders[at];
        given.change(sender);
        json!({"sid": sender.sid(), "number": number})
    };
    simulator.changed("people", None, None);
    Ok(Json(answer))
}

/// Takes a sender away, by its number or its `XE…`.
pub(super) async fn remove(
    State(simulator): State<Arc<Simulator>>,
    Path(which): Path<String>,
) -> Result<StatusCode, Mistake> {
    let removed = {
        let mut world = simulator.world();
        world.accounts.values_mut().any(|account| {
            let before = account.senders.len();
            account
                .senders
                .retain(|sender| sender.number != which && sender.sid() != which);
            account.senders.len() < before
        })
    };
    if !removed {
        return Err(Mistake::unknown("no such sender"));
    }
    simulator.changed("people", None, None);
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /simulator/sandbox`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenSandbox {
    account_sid: String,
    join_code: Option<String>,
    #[serde(default)]
    webhook_url: String,
    #[serde(default)]
    status_callback_url: String,
}

/// Gives an account its part of the sandbox, or takes it away.
pub(super) async fn sandbox(
    State(simulator): State<Arc<Simulator>>,
    body: Bytes,
) -> Result<StatusCode, Mistake> {
    let given: GivenSandbox = read_json(&body)?;
    {
        let mut world = simulator.world();
        let account = known(&mut world.accounts, &given.account_sid)?;
        account.sandbox = given.join_code.map(|join_code| Sandbox {
            join_code,
            sender: Sender {
                name: "Twilio Sandbox".to_owned(),
                webhook_url: given.webhook_url,
                status_callback_url: given.status_callback_url,
                ..Sender::new(NUMBER)
            },
            last_sent: None,
        });
    }
    simulator.changed("people", None, None);
    Ok(StatusCode::NO_CONTENT)
}
