//! What may a program ask? The REST API, one file per resource.
//!
//! Every route needs a bearer token (cookies are ignored), enforces role and scope, and answers
//! with a problem document if it does not do what it was asked.

pub mod accounts;
pub mod audit;
pub mod checks;
pub mod conditions;
pub mod configuration;
pub mod openapi;
pub mod senders;
pub mod sessions;
pub mod submissions;
pub mod templates;
pub mod threads;
pub mod tickets;
pub mod workstreams;

use crate::auth::caller::Caller;
use crate::objects::Reply;
use crate::problem::Problem;
use crate::records::SenderRecord;
use crate::{directory, kv};
use shared::address::CustomerAddress;
use shared::id::SenderId;
use worker::Env;

/// Reads a customer's address.
///
/// # Errors
/// `400` with the address's own code.
pub fn customer(text: &str) -> Result<CustomerAddress, Problem> {
    CustomerAddress::parse(text).map_err(|error| {
        Problem::new(400, error.code())
            .fact("field", "customer")
            .remedy("write-with-country-code")
    })
}

/// A sender that the caller may see. What is out of scope looks as if it did not exist.
///
/// # Errors
/// `404`, or `503` if it cannot be learned.
pub async fn sender(env: &Env, caller: &Caller, id: &str) -> Reply<SenderRecord> {
    let id = SenderId::parse(id)
        .filter(|id| caller.may_see_sender(id))
        .ok_or_else(Problem::not_found)?;
    match kv::get::<kv::Senders>(env, &id).await? {
        Some(sender) => Ok(sender),
        // KV may say yes, never no.
        None => directory::calls::sender(env, &id)
            .await?
            .ok_or_else(Problem::not_found),
    }
}
