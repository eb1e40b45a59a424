//! What is on a customer's phone, and whose phone is it?

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Mistake, read_json};
use crate::address::is_customer;
use crate::message::Message;
use crate::people::Person;
use crate::simulator::Simulator;
use crate::world::World;

/// `POST /simulator/customers`: what a customer has, hides, or decides.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Customer {
    customer: String,
    external_user_id: Option<String>,
    name: Option<String>,
    blocked: Option<bool>,
    on_whatsapp: Option<bool>,
}

/// Adds a customer, or changes one.
pub(super) async fn customer(
    State(simulator): State<Arc<Simulator>>,
    body: Bytes,
) -> Result<StatusCode, Mistake> {
    let given: Customer = read_json(&body)?;
    if !is_customer(&given.customer) {
        return Err(Mistake::request("customer: +E.164 or a business-scoped id"));
    }
    let mut world = simulator.world();
    let id = world
        .people
        .identify(&given.customer, given.external_user_id.as_deref());
    if let Some(person) = world.people.get_mut(&id) {
        person.name = given.name.or(person.name.take());
        person.blocked = given.blocked.unwrap_or(person.blocked);
        person.on_whatsapp = given.on_whatsapp.unwrap_or(person.on_whatsapp);
    }
    drop(world);
    simulator.changed("people", Some(&id), None);
    Ok(StatusCode::NO_CONTENT)
}

fn about(person: &Person) -> Value {
    json!({
        "customer": person.phone.as_ref().unwrap_or(&person.id),
        "external_user_id": person.id,
        "name": person.name,
        "blocked": person.blocked,
        "on_whatsapp": person.on_whatsapp,
    })
}

/// Everybody we know, and every sender one can write to.
pub(super) async fn all(State(simulator): State<Arc<Simulator>>) -> Json<Value> {
    let world = simulator.world();
    let mut senders: Vec<Value> = world
        .accounts
        .values()
        .flat_map(|account| {
            let sandbox = account.sandbox.as_ref().map(|sandbox| &sandbox.sender);
            account.senders.iter().chain(sandbox)
        })
        .map(|sender| json!({"number": sender.number, "name": sender.name}))
        .collect();
    senders.sort_by_key(|sender| sender["number"].to_string());
    // The sandbox's number is one for all accounts.
    senders.dedup_by_key(|sender| sender["number"].to_string());
    let customers: Vec<Value> = world.people.all().map(about).collect();
    Json(
        json!({"now": world.now(), "offset_ms": world.offset_ms, "customers": customers, "senders": senders}),
    )
}

/// One phone: every conversation on it. A customer nobody has heard of has an empty one.
pub(super) async fn one(
    State(simulator): State<Arc<Simulator>>,
    Path(customer): Path<String>,
) -> Result<Json<Value>, Mistake> {
    if !is_customer(&customer) {
        return Err(Mistake::request("not a customer's address"));
    }
    let world = simulator.world();
    let mut phone = json!({
        "customer": customer, "now": world.now(), "offset_ms": world.offset_ms, "conversations": [],
    });
    let Some(person) = world
        .people
        .find(&customer)
        .and_then(|id| world.people.get(id))
    else {
        return Ok(Json(phone));
    };
    let mut conversations: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for message in world
        .messages
        .of_person(&person.id)
        .filter(|message| message.on_phone)
    {
        conversations
            .entry(&message.sender)
            .or_default()
            .push(shown(message));
    }
    let conversations: Vec<Value> = conversations
        .into_iter()
        .map(|(sender, messages)| conversation(&world, person, sender, messages))
        .collect();
    if let (Some(fields), Value::Object(more)) = (phone.as_object_mut(), about(person)) {
        fields.extend(more);
        fields.insert("conversations".to_owned(), conversations.into());
    }
    Ok(Json(phone))
}

fn conversation(world: &World, person: &Person, sender: &str, messages: Vec<Value>) -> Value {
    json!({
        "sender": sender,
        "name": world.sender(sender, &person.id).map(|(_, sender)| &sender.name),
        "window_closes_at": world.windows.closes_at(sender, &person.id),
        "window_open": world.windows.is_open(sender, &person.id, world.now()),
        "opted_out": person.opted_out_of.contains(sender),
        "messages": messages,
    })
}

fn shown(message: &Message) -> Value {
    let media: Vec<Value> = message
        .media
        .iter()
        .map(|media| {
            json!({"url": format!("/simulator/media/{}.{}", message.sid, media.sid), "content_type": media.content_type})
        })
        .collect();
    let mut out = Map::new();
    if let Value::Object(fields) = &message.shown {
        out.extend(
            fields
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(name, value)| (name.clone(), value.clone())),
        );
    }
    out.insert("sid".to_owned(), json!(message.sid));
    out.insert("direction".to_owned(), json!(message.direction()));
    out.insert("body".to_owned(), json!(message.body));
    out.insert("status".to_owned(), json!(message.status));
    out.insert("error_code".to_owned(), json!(message.error));
    out.insert("at".to_owned(), json!(message.created));
    out.insert("media".to_owned(), media.into());
    Value::Object(out)
}
