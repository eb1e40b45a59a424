//! `GET /2010-04-01/Accounts/{AC}.json`: is this the account, and may it be used?

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde_json::{Map, Value, json};

use super::problem::Problem;
use crate::account::Opened;
use crate::dates::rfc2822;
use crate::simulator::Simulator;

/// Some of what hangs under an account.
const PARTS: [(&str, &str); 6] = [
    ("addresses", "Addresses"),
    ("balance", "Balance"),
    ("calls", "Calls"),
    ("incoming_phone_numbers", "IncomingPhoneNumbers"),
    ("keys", "Keys"),
    ("messages", "Messages"),
];

/// The account. A suspended one still says that it is; a standard key may not ask.
pub(super) async fn fetch(
    State(simulator): State<Arc<Simulator>>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let Some(sid) = file.strip_suffix(".json") else {
        return Err(Problem::not_found(&format!("/2010-04-01/Accounts/{file}")));
    };
    let world = simulator.world();
    let (account, opened) = super::identify(&world, &headers, Some(sid))?;
    if opened == Opened::ByStandardKey {
        return Err(Problem::of(20003));
    }
    let path = format!("/2010-04-01/Accounts/{sid}");
    let parts: Map<String, Value> = PARTS
        .iter()
        .map(|(name, file)| ((*name).to_owned(), json!(format!("{path}/{file}.json"))))
        .collect();
    Ok(Json(json!({
        "sid": sid,
        "friendly_name": account.friendly_name,
        "status": account.status,
        "type": account.kind,
        "auth_token": account.auth_token,
        "owner_account_sid": sid,
        "date_created": rfc2822(account.created),
        "date_updated": rfc2822(account.created),
        "subresource_uris": parts,
        "uri": format!("{path}.json"),
    })))
}
