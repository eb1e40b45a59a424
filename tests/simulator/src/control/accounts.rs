//! Which accounts does Twilio know, who may use them, and may they be used?

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Mistake, read_json};
use crate::account::{Account, ApiKey, Kind, Status};
use crate::address::is_phone;
use crate::sid::is_sid;
use crate::simulator::Simulator;

/// Adds an account or replaces it; its part of the sandbox stays.
pub(super) async fn account(
    State(simulator): State<Arc<Simulator>>,
    body: Bytes,
) -> Result<StatusCode, Mistake> {
    let mut account: Account = read_json(&body)?;
    if !is_sid(&account.account_sid, &["AC"]) {
        return Err(Mistake::request(
            "account_sid: AC and 32 hexadecimal digits",
        ));
    }
    let mut senders = account.senders.iter();
    if let Some(wrong) = senders.find(|sender| !is_phone(&sender.number)) {
        return Err(Mistake::request(format!("not a number: {}", wrong.number)));
    }
    let mut world = simulator.world();
    account.created = world.now();
    if let Some(former) = world.accounts.get(&account.account_sid) {
        account.created = former.created;
        account.sandbox = former.sandbox.clone();
    }
    world.accounts.insert(account.account_sid.clone(), account);
    drop(world);
    simulator.changed("people", None, None);
    Ok(StatusCode::NO_CONTENT)
}

/// The accounts, without their tokens and secrets.
pub(super) async fn all(State(simulator): State<Arc<Simulator>>) -> Json<Value> {
    let world = simulator.world();
    let accounts: Vec<Value> = world
        .accounts
        .values()
        .map(|account| {
            let keys: Vec<&str> = account
                .api_keys
                .iter()
                .map(|key| key.sid.as_str())
                .collect();
            json!({
                "account_sid": account.account_sid,
                "friendly_name": account.friendly_name,
                "status": account.status,
                "type": account.kind,
                "senders": account.senders,
                "api_keys": keys,
                "join_code": account.sandbox.as_ref().map(|sandbox| &sandbox.join_code),
            })
        })
        .collect();
    Json(json!({"accounts": accounts}))
}

/// `POST /simulator/accounts/{AC}`: what is given is changed.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Change {
    friendly_name: Option<String>,
    status: Option<Status>,
    #[serde(rename = "type")]
    kind: Option<Kind>,
    auth_token: Option<String>,
}

/// Suspends an account, renames it, gives it another token.
pub(super) async fn change(
    State(simulator): State<Arc<Simulator>>,
    Path(sid): Path<String>,
    body: Bytes,
) -> Result<StatusCode, Mistake> {
    let change: Change = read_json(&body)?;
    let mut world = simulator.world();
    let account = known(&mut world.accounts, &sid)?;
    if let Some(name) = change.friendly_name {
        account.friendly_name = name;
    }
    account.status = change.status.unwrap_or(account.status);
    account.kind = change.kind.unwrap_or(account.kind);
    if let Some(token) = change.auth_token {
        account.auth_token = token;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /simulator/accounts/{AC}/keys`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct NewKey {
    sid: Option<String>,
    secret: Option<String>,
    main: bool,
}

/// Adds an API key, or replaces it.
pub(super) async fn key(
    State(simulator): State<Arc<Simulator>>,
    Path(sid): Path<String>,
    body: Bytes,
) -> Result<Json<ApiKey>, Mistake> {
    let given: NewKey = read_json(&body)?;
    let mut world = simulator.world();
    let (made_up, secret) = (world.ids.sid("SK"), world.ids.sid(""));
    let key = ApiKey {
        sid: given.sid.unwrap_or(made_up),
        secret: given.secret.unwrap_or(secret),
        main: given.main,
    };
    if !is_sid(&key.sid, &["SK"]) {
        return Err(Mistake::request("sid: SK and 32 hexadecimal digits"));
    }
    let account = known(&mut world.accounts, &sid)?;
    account.api_keys.retain(|former| former.sid != key.sid);
    account.api_keys.push(key.clone());
    Ok(Json(key))
}

/// Takes an API key away.
pub(super) async fn revoke(
    State(simulator): State<Arc<Simulator>>,
    Path((sid, key)): Path<(String, String)>,
) -> Result<StatusCode, Mistake> {
    let mut world = simulator.world();
    let account = known(&mut world.accounts, &sid)?;
    let before = account.api_keys.len();
    account.api_keys.retain(|former| former.sid != key);
    if account.api_keys.len() == before {
        return Err(Mistake::unknown("no such key"));
    }
    Ok(StatusCode::NO_CONTENT)
}

/// An account that must be there.
pub(super) fn known<'a>(
    accounts: &'a mut std::collections::HashMap<String, Account>,
    sid: &str,
) -> Result<&'a mut Account, Mistake> {
    accounts
        .get_mut(sid)
        .ok_or_else(|| Mistake::unknown("no such account"))
}
