//! What happens when a customer writes? The window opens, Twilio keeps the message, the webhook goes out.
//!
//! Webhooks of one conversation leave in the order of writing: each waits for the one before it. One that is
//! delayed on purpose steps out of that line and may be overtaken.

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::sync::oneshot;

use crate::address::is_customer;
use crate::inbound;
use crate::log::Delivered;
use crate::message::{Media, Message};
use crate::people::consent_word;
use crate::sandbox::{self, Said};
use crate::simulator::Simulator;
use crate::world::World;

/// What the customer sends: the body of `POST /simulator/messages`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Writing {
    /// A number or a business-scoped id.
    pub from: String,
    /// One of our senders' numbers.
    pub to: String,
    /// Text or caption.
    pub body: String,
    /// The name on the profile; remembered.
    pub profile_name: Option<String>,
    /// Whose number it is now; remembered.
    pub external_user_id: Option<String>,
    /// Attachments.
    pub media: Vec<WrittenMedia>,
    /// A place.
    pub location: Option<Location>,
    /// A tapped button.
    pub button: Option<Button>,
    /// A chosen line of a list.
    pub list: Option<ListChoice>,
    /// The message this one quotes.
    pub in_reply_to: Option<String>,
    /// More parameters, or other values for the usual ones; `null` takes one away.
    pub extra: Map<String, Value>,
    /// Force a MessageSid. A known one is the same webhook again, and changes nothing here.
    pub sid: Option<String>,
    /// Whether Twilio calls.
    pub webhook: Calling,
}

/// Whether and when the webhook goes out.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Calling {
    /// In the order of writing; the answer waits for it.
    #[default]
    Deliver,
    /// Never: Twilio knows the message, its webhook was lost.
    Drop,
    /// Later, out of order; the answer does not wait.
    Delay,
}

/// An attachment.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct WrittenMedia {
    /// Where the bytes are; without it the simulator makes some up.
    pub url: Option<String>,
    /// The MIME type.
    pub content_type: String,
}

/// A place.
#[derive(Debug, Deserialize)]
pub struct Location {
    /// Degrees.
    pub latitude: f64,
    /// Degrees.
    pub longitude: f64,
    /// A name.
    #[serde(default)]
    pub label: Option<String>,
    /// An address.
    #[serde(default)]
    pub address: Option<String>,
}

/// A tapped button.
#[derive(Debug, Deserialize)]
pub struct Button {
    /// Its title.
    pub text: String,
    /// Its id.
    #[serde(default)]
    pub payload: String,
    /// The message it stood under.
    #[serde(default)]
    pub in_reply_to: Option<String>,
}

/// A chosen line of a list.
#[derive(Debug, Deserialize)]
pub struct ListChoice {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
}

/// A webhook that is ready to go, and its place in the conversation's line.
struct Leaving {
    sid: String,
    url: String,
    fallback: String,
    auth_token: String,
    params: Vec<(String, String)>,
    token: String,
    deliveries: u32,
    pause: Duration,
    turn: Option<oneshot::Receiver<()>>,
    done: Option<oneshot::Sender<()>>,
}

/// The customer writes. The SID, and the HTTP status of the first delivery.
pub async fn write(
    simulator: &Arc<Simulator>,
    writing: Writing,
) -> Result<(String, Option<u16>), String> {
    let calling = writing.webhook;
    let (leaving, person, sender) = {
        let mut world = simulator.world();
        let (sid, person, sender) = keep(&mut world, &simulator.base_url, writing)?;
        let leaving = match world.messages.get(&sid).map(|it| it.account.is_empty()) {
            Some(true) => None,
            _ => Some(prepare(&mut world, &sid, calling)?),
        };
        (leaving.ok_or(sid), person, sender)
    };
    simulator.changed("message", Some(&person), Some(&sender));
    let leaving = match leaving {
        Ok(leaving) => leaving,
        // The sandbox's own business: no account hears of it.
        Err(sid) => return Ok((sid, None)),
    };
    let sid = leaving.sid.clone();
    match calling {
        Calling::Drop => Ok((sid, None)),
        Calling::Delay => {
            tokio::spawn(send(Arc::clone(simulator), leaving));
            Ok((sid, None))
        }
        Calling::Deliver => {
            // Spawned, so that a client that goes away does not take Twilio's delivery with it.
            let sending = tokio::spawn(send(Arc::clone(simulator), leaving));
            Ok((sid, sending.await.unwrap_or(None)))
        }
    }
}

/// Takes the message in, unless its SID is known; opens the window.
fn keep(
    world: &mut World,
    base_url: &str,
    writing: Writing,
) -> Result<(String, String, String), String> {
    if !is_customer(&writing.from) {
        return Err(format!("from: not a customer's address: {}", writing.from));
    }
    let shared = writing.to == sandbox::NUMBER;
    if !shared && world.sender(&writing.to, "").is_none() {
        return Err(format!("to: no account has the sender {}", writing.to));
    }
    if let Some(known) = writing
        .sid
        .as_deref()
        .and_then(|sid| world.messages.get(sid))
    {
        return Ok((
            known.sid.clone(),
            known.person.clone(),
            known.sender.clone(),
        ));
    }
    let person = world
        .people
        .identify(&writing.from, writing.external_user_id.as_deref());
    if let Some(known) = world.people.get_mut(&person) {
        if writing.profile_name.is_some() {
            known.name = writing.profile_name.clone();
        }
        match consent_word(&writing.body).filter(|_| !shared) {
            Some("STOP") => known.opted_out_of.insert(writing.to.clone()),
            Some(_) => known.opted_out_of.remove(&writing.to),
            None => false,
        };
    }
    let now = world.now();
    let account = world.sender(&writing.to, &person);
    let account = account.map_or_else(String::new, |(account, _)| account.account_sid.clone());
    let (account, answer) = if shared {
        in_sandbox(world, &person, account, &writing.body)
    } else {
        (account, None)
    };
    if answer != Some(sandbox::STRANGER) {
        world.windows.customer_wrote(&writing.to, &person, now);
    }
    let prefix = if writing.media.is_empty() { "SM" } else { "MM" };
    let sid = match &writing.sid {
        Some(sid) => sid.clone(),
        None => world.ids.sid(prefix),
    };
    let media: Vec<Media> = writing
        .media
        .iter()
        .map(|media| Media {
            sid: world.ids.sid("ME"),
            content_type: media.content_type.clone(),
            source: media.url.clone(),
        })
        .collect();
    let webhook = inbound::parameters(world, base_url, &account, &sid, &person, &writing, &media);
    world.messages.add(Message {
        sid: sid.clone(),
        account,
        sender: writing.to.clone(),
        customer: writing.from.clone(),
        person: person.clone(),
        inbound: true,
        body: inbound::body(&writing),
        status: "received",
        error: None,
        created: now,
        updated: now,
        sent: Some(now),
        media,
        shown: shown(&writing),
        status_callback: None,
        webhook,
        on_phone: true,
    });
    if let Some(answer) = answer {
        let sid = world.ids.sid("SM");
        world.messages.add(Message::from_sandbox(
            sid,
            &writing.from,
            &person,
            answer,
            now,
        ));
    }
    Ok((sid, person, writing.to))
}

/// Joining, leaving, or an ordinary message to the sandbox's number. The account that hears of it, if any, and
/// what the sandbox itself answers.
fn in_sandbox(
    world: &mut World,
    person: &str,
    account: String,
    body: &str,
) -> (String, Option<&'static str>) {
    match sandbox::said(body) {
        Said::Join(code) => {
            let mut accounts = world.accounts.values();
            let host = accounts.find(|account| {
                let sandbox = account.sandbox.as_ref();
                sandbox.is_some_and(|sandbox| sandbox.join_code.eq_ignore_ascii_case(code))
            });
            let Some(host) = host.map(|account| account.account_sid.clone()) else {
                return (String::new(), Some(sandbox::STRANGER));
            };
            let now = world.now();
            world.members.join(person, &host, now);
            (String::new(), Some(sandbox::WELCOME))
        }
        Said::Stop => {
            world.members.leave(person);
            (String::new(), None)
        }
        Said::Message if account.is_empty() => (account, Some(sandbox::STRANGER)),
        Said::Message => (account, None),
    }
}

/// Takes the next place in the conversation's line.
fn prepare(world: &mut World, sid: &str, calling: Calling) -> Result<Leaving, String> {
    let Some(message) = world.messages.get(sid) else {
        return Err("the message is gone".to_owned());
    };
    let lane = (message.sender.clone(), message.person.clone());
    let (params, sender) = (message.webhook.clone(), message.sender.clone());
    let (url, fallback, auth_token) = match world.sender(&sender, &message.person) {
        Some((account, sender)) => (
            sender.webhook_url.clone(),
            sender.fallback_url.clone(),
            account.auth_token.clone(),
        ),
        None => return Err(format!("no account has the sender {sender}")),
    };
    let mut pause = world.faults.webhook_delay_ms;
    let (turn, done) = match calling {
        Calling::Deliver => {
            let (done, next) = oneshot::channel();
            (world.lanes.insert(lane, next), Some(done))
        }
        Calling::Delay | Calling::Drop => (None, None),
    };
    if calling == Calling::Delay && pause == 0 {
        pause = 1_000;
    }
    Ok(Leaving {
        sid: sid.to_owned(),
        url,
        fallback,
        auth_token,
        params,
        token: world.ids.sid(""),
        deliveries: 1 + world.faults.duplicate_webhooks.count(),
        pause: Duration::from_millis(pause),
        turn,
        done,
    })
}

/// Delivers, and delivers again if duplicates are ordered. The status of the first delivery.
async fn send(simulator: Arc<Simulator>, leaving: Leaving) -> Option<u16> {
    if !leaving.pause.is_zero() {
        tokio::time::sleep(leaving.pause).await;
    }
    if let Some(turn) = leaving.turn {
        // An error means that the one before is through: its end of the channel is dropped, never used.
        let _ = turn.await;
    }
    if leaving.url.is_empty() {
        return None;
    }
    let mut first = None;
    for delivery in 0..leaving.deliveries {
        let deliver = |url| {
            let (auth_token, params) = (&leaving.auth_token, &leaving.params);
            simulator
                .courier
                .deliver(url, auth_token, params, &leaving.token)
        };
        let mut receipt = deliver(&leaving.url).await;
        if !leaving.fallback.is_empty() && !matches!(receipt.status, Some(200..=299)) {
            receipt = deliver(&leaving.fallback).await;
        }
        if delivery == 0 {
            first = receipt.status;
        }
        let mut world = simulator.world();
        let at = world.now();
        world.log.webhooks.push(Delivered {
            sid: leaving.sid.clone(),
            at,
            status: receipt.status,
            ms: receipt.ms,
            attempts: receipt.attempts,
            message_status: "received".to_owned(),
            error_code: None,
            debugger: inbound::complaint(&receipt),
            dropped: false,
        });
    }
    drop(leaving.done);
    first
}

fn shown(writing: &Writing) -> Value {
    let location = writing.location.as_ref().map(|place| {
        json!({"latitude": place.latitude, "longitude": place.longitude,
               "label": place.label, "address": place.address})
    });
    let quoted = writing
        .button
        .as_ref()
        .and_then(|button| button.in_reply_to.as_deref());
    json!({
        "kind": inbound::kind(writing),
        "location": location,
        "in_reply_to": quoted.or(writing.in_reply_to.as_deref()),
    })
}
