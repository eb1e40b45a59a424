//! What becomes of a message after Twilio said 201? WhatsApp's own rule is applied here, and reported by callback.

use std::sync::Arc;

use crate::address::{CHANNEL, masked};
use crate::faults::FinalStatus;
use crate::log::Delivered;
use crate::sandbox;
use crate::sender::install_sid;
use crate::sid::Dice;
use crate::simulator::Simulator;
use crate::twilio::problem;
use crate::world::World;

/// What WhatsApp will do with a message, decided at the moment of its creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It reaches the phone.
    Arrives,
    /// The customer blocked us: it stays `sent` for ever.
    NeverArrives,
    /// Refused with a code.
    Fails(u32, Option<FinalStatus>),
}

/// What has to be known of a message to judge it.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    /// Whose message it is.
    pub account: &'a str,
    /// Our number.
    pub sender: &'a str,
    /// The customer's id.
    pub person: &'a str,
    /// It is an approved template by its ContentSid, of a kind that may open a conversation, with no `Body` beside it.
    pub may_open: bool,
    /// The content is wrong in a way WhatsApp notices.
    pub content_error: Option<u32>,
}

/// The rule, in WhatsApp's order: is there such a person, is the content right, is the window open.
pub fn judge(world: &mut World, message: Judged<'_>) -> Fate {
    if let Some(error) = world.faults.next_error() {
        return Fate::Fails(error.code, error.status);
    }
    if message.sender == sandbox::NUMBER
        && let Some(code) = sandbox_refuses(world, message)
    {
        return Fate::Fails(code, None);
    }
    let person = world.people.get(message.person);
    if person.is_some_and(|person| !person.on_whatsapp) {
        let code = if world.chance.one_in(2) { 63024 } else { 63003 };
        return Fate::Fails(code, None);
    }
    let blocked = person.is_some_and(|person| person.blocked);
    if let Some(code) = message.content_error {
        return Fate::Fails(code, None);
    }
    let now = world.judging_time();
    if !message.may_open && !world.windows.is_open(message.sender, message.person, now) {
        world.log.refused_63016 += 1;
        world.refused_63016 += 1;
        return Fate::Fails(63016, None);
    }
    if blocked {
        Fate::NeverArrives
    } else {
        Fate::Arrives
    }
}

/// 63015 for somebody who has not joined this account's sandbox, 63018 for a second message within three seconds.
fn sandbox_refuses(world: &mut World, message: Judged<'_>) -> Option<u32> {
    let now = world.now();
    if world.members.account_of(message.person, now) != Some(message.account) {
        return Some(63015);
    }
    let sandbox = world.accounts.get_mut(message.account)?.sandbox.as_mut()?;
    let soon = |last: i64| now < last + sandbox::PAUSE_MS;
    if sandbox.last_sent.is_some_and(soon) {
        return Some(63018);
    }
    sandbox.last_sent = Some(now);
    None
}

/// The statuses on the way to that fate. A refusal ends in `failed` or `undelivered`, now and then in both.
pub fn statuses(fate: Fate, read_at_once: bool, chance: &mut Dice) -> Vec<&'static str> {
    match fate {
        Fate::Arrives if read_at_once => vec!["sent", "delivered", "read"],
        Fate::Arrives => vec!["sent", "delivered"],
        Fate::NeverArrives => vec!["sent"],
        Fate::Fails(_, Some(FinalStatus::Failed)) => vec!["failed"],
        Fate::Fails(_, Some(FinalStatus::Undelivered)) => vec!["sent", "undelivered"],
        Fate::Fails(_, None) => match chance.throw() % 5 {
            0 | 1 => vec!["failed"],
            2 | 3 => vec!["sent", "undelivered"],
            _ => vec!["failed", "undelivered"],
        },
    }
}

/// Plays the fate of a message that was answered with 201. Its media are fetched first, as Twilio does.
pub async fn play(simulator: Arc<Simulator>, sid: String, fate: Fate) {
    let fate = match fate {
        Fate::Arrives => match crate::media::check(&simulator, &sid).await {
            Some(code) => Fate::Fails(code, None),
            None => fate,
        },
        _ => fate,
    };
    let steps = {
        let mut world = simulator.world();
        statuses(fate, simulator.options.phone_autoread, &mut world.chance)
    };
    let error = if let Fate::Fails(code, _) = fate {
        Some(code)
    } else {
        None
    };
    advance(&simulator, &sid, &steps, error).await;
}

/// Moves a message through statuses and reports each of them.
pub async fn advance(
    simulator: &Arc<Simulator>,
    sid: &str,
    steps: &[&'static str],
    error: Option<u32>,
) {
    let mut callbacks = Vec::new();
    let mut place = None;
    {
        let mut world = simulator.world();
        let now = world.now();
        for status in steps {
            let Some(message) = world.messages.get_mut(sid) else {
                return;
            };
            message.status = status;
            message.updated = now;
            match *status {
                "sent" => message.sent = Some(now),
                "delivered" => message.on_phone = true,
                "failed" | "undelivered" => message.error = error,
                _ => {}
            }
            place = Some((message.person.clone(), message.sender.clone()));
            callbacks.extend(callback(&world, sid, status));
        }
        if world.faults.reorder_callbacks {
            world.chance.shuffle(&mut callbacks);
        }
    }
    if let Some((person, sender)) = place {
        simulator.changed("status", Some(&person), Some(&sender));
    }
    for callback in callbacks {
        report(simulator, callback).await;
    }
}

/// One status callback, ready to go.
struct Callback {
    sid: String,
    status: &'static str,
    error: Option<u32>,
    url: String,
    auth_token: String,
    params: Vec<(String, String)>,
}

fn callback(world: &World, sid: &str, status: &'static str) -> Option<Callback> {
    let message = world.messages.get(sid)?;
    let account = world.accounts.get(&message.account)?;
    let usual = account
        .sender(&message.sender)
        .map(|sender| sender.status_callback_url.clone());
    let url = message.status_callback.clone().or(usual);
    let url = url.filter(|url| !url.is_empty())?;
    let mut params: Vec<(String, String)> = Vec::with_capacity(16);
    let mut set = |name: &str, value: &str| params.push((name.to_owned(), value.to_owned()));
    let error = message
        .error
        .filter(|_| matches!(status, "failed" | "undelivered"));
    match status {
        "read" => set("EventType", "READ"),
        "delivered" => set("EventType", "DELIVERED"),
        _ => {}
    }
    if let Some(code) = error {
        set("ErrorCode", &code.to_string());
        set("ErrorMessage", problem::meaning(code));
        set("ChannelStatusMessage", problem::meaning(code));
    }
    set("SmsSid", sid);
    set("SmsStatus", status);
    set("MessageStatus", status);
    set("ChannelToAddress", &masked(&message.customer));
    set("To", &format!("{CHANNEL}{}", message.customer));
    set("ChannelPrefix", CHANNEL.trim_end_matches(':'));
    set("MessageSid", sid);
    set("AccountSid", &message.account);
    set("From", &format!("{CHANNEL}{}", message.sender));
    set("ApiVersion", "2010-04-01");
    if status == "sent" {
        set("StructuredMessage", "false");
    }
    set("ChannelInstallSid", &install_sid(&message.sender));
    Some(Callback {
        sid: sid.to_owned(),
        status,
        error,
        url,
        auth_token: account.auth_token.clone(),
        params,
    })
}

async fn report(simulator: &Arc<Simulator>, callback: Callback) {
    let (dropped, deliveries, token) = {
        let mut world = simulator.world();
        let share = world.faults.drop_callbacks.probability();
        let dropped = world.chance.chance(share);
        (
            dropped,
            1 + world.faults.duplicate_callbacks.count(),
            world.ids.sid(""),
        )
    };
    for _ in 0..deliveries {
        let receipt = if dropped {
            None
        } else {
            let Callback {
                url,
                auth_token,
                params,
                ..
            } = &callback;
            Some(
                simulator
                    .courier
                    .deliver(url, auth_token, params, &token)
                    .await,
            )
        };
        let mut world = simulator.world();
        let at = world.now();
        let status = receipt.as_ref().and_then(|receipt| receipt.status);
        world.log.callbacks.push(Delivered {
            sid: callback.sid.clone(),
            at,
            status,
            ms: receipt.as_ref().map_or(0, |receipt| receipt.ms),
            attempts: receipt.as_ref().map_or(0, |receipt| receipt.attempts),
            message_status: callback.status.to_owned(),
            error_code: callback.error,
            debugger: (!dropped && !matches!(status, Some(200..=299))).then_some(11200),
            dropped,
        });
        if dropped {
            break;
        }
    }
}
