//! What did we miss? Messages that Twilio has and we do not, taken in after an outage or on request.
//!
//! Twilio redelivers nothing after 15 seconds. Its list is compared with what threads have seen:
//! each message of the list goes the way of a webhook, stamped with Twilio's own time, and the
//! seen-SID rule makes those we have no event at all.

use super::messages::take_in;
use crate::objects::Reply;
use crate::problem::Problem;
use crate::records::AccountRecord;
use crate::twilio::list::{self, Listed, Search};
use crate::{clock, directory};
use serde::Serialize;
use shared::time::{Span, Timestamp};
use shared::twilio::{Form, form};
use worker::Env;

/// The cron's period is five minutes; a heartbeat older than this means that we were away.
const AWAY_AFTER: Span = Span::minutes(12);

/// How far back a recovery on request reaches when it does not say.
pub const DEFAULT_REACH: Span = Span::hours(24);

/// What a recovery did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Recovered {
    /// Inbound messages in Twilio's list since then.
    pub listed: u32,
    /// Those that could not be taken in now: ask again.
    pub failed: u32,
}

/// Takes in what Twilio has of an account since `since`.
///
/// # Errors
/// `503` if Twilio does not answer.
pub async fn recover(env: &Env, account: &AccountRecord, since: Timestamp) -> Reply<Recovered> {
    let search = Search {
        from: None,
        to: None,
        since,
    };
    let mut listed = list::messages(env, account, &search)
        .await
        .ok_or_else(Problem::unavailable)?;
    // Oldest first: threads then have them in the order they were written.
    listed.reverse();
    let mut recovered = Recovered::default();
    for message in listed
        .iter()
        .filter(|message| !message.outbound && is_ours_to_miss(account, message))
    {
        recovered.listed += 1;
        let form = Form::new(params(account, message));
        let body = form::print(form.params());
        let taken = take_in(env, account, &form, body, message.created);
        if taken.await.is_err() {
            recovered.failed += 1;
        }
    }
    Ok(recovered)
}

/// Whether the number it came to wants what was missed, from before it came on. A number we do not know
/// is left to the door of the webhooks.
fn is_ours_to_miss(account: &AccountRecord, message: &Listed) -> bool {
    let mut senders = account.senders.iter();
    let sender = senders
        .find(|record| message.to.strip_prefix("whatsapp:") == Some(record.sender.number.as_str()));
    sender.is_none_or(|record| {
        record
            .recover_from
            .is_some_and(|from| from <= message.created)
    })
}

/// A message of the list in the shape of a webhook.
fn params(account: &AccountRecord, message: &Listed) -> Vec<(String, String)> {
    let media = message.media.to_string();
    [
        ("MessageSid", message.sid.as_str()),
        ("AccountSid", account.account_sid.as_str()),
        ("From", &message.from),
        ("To", &message.to),
        ("Body", &message.body),
        ("NumMedia", &media),
        ("SmsStatus", "received"),
        ("Recovered", "true"),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_string(), value.to_string()))
    .collect()
}

/// The cron's beat: were we away, since when? Then every account is recovered.
pub async fn beat(env: &Env) {
    let now = clock::domain();
    let Ok(Some(before)) = directory::calls::heartbeat(env, now).await else {
        return;
    };
    if now - before < AWAY_AFTER {
        return;
    }
    let accounts = directory::calls::all_accounts(env)
        .await
        .unwrap_or_default();
    for account in accounts.iter().filter(|account| account.active) {
        match recover(env, account, before - AWAY_AFTER).await {
            Ok(done) => worker::console_log!(
                "account {}: {} messages compared after an outage",
                account.id.as_str(),
                done.listed
            ),
            Err(_) => worker::console_error!(
                "account {}: Twilio's list cannot be read after an outage",
                account.id.as_str()
            ),
        }
    }
}
