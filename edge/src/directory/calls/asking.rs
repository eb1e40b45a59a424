//! How is each call made? One function each, for the Worker and the other objects.

use super::{AccountFacts, Call, Changed, Editor, SenderFacts};
use crate::auth::caller::Caller;
use crate::directory::audit::{Filter, Line};
use crate::directory::facts::Fact;
use crate::directory::notes::{Health, Unrouted};
use crate::directory::rules::{Change, Expected};
use crate::directory::setup::{TemplateEntry, Workstream};
use crate::directory::threads::Sent;
use crate::json;
use crate::objects::{Reply, call, directory};
use crate::records::{AccountRecord, SenderRecord};
use serde::de::DeserializeOwned;
use serde_json::Value;
use shared::id::{AccountId, SenderId, TemplateId, ThreadId};
use shared::template::Template;
use shared::time::Timestamp;
use worker::Env;

async fn ask<T: DeserializeOwned>(env: &Env, what: Call) -> Reply<T> {
    call(&directory(env)?, &what).await
}

/// How far the simulated clock is ahead of the wall's, in milliseconds.
///
/// # Errors
/// `503` if the directory cannot be reached; so for all calls.
pub async fn clock_offset(env: &Env) -> Reply<i64> {
    ask(env, Call::ClockOffset).await
}

/// Keeps the offset of the simulated clock.
///
/// # Errors
/// `503`.
#[cfg(feature = "simulated-clock")]
pub async fn set_clock_offset(env: &Env, offset: i64) -> Reply<()> {
    ask(env, Call::SetClockOffset { offset }).await
}

/// An account's record: the truth that `config:account:…` is a copy of.
///
/// # Errors
/// `503`.
pub async fn account(env: &Env, account: &AccountId) -> Reply<Option<AccountRecord>> {
    ask(
        env,
        Call::Account {
            account: account.clone(),
        },
    )
    .await
}

/// The records of all accounts.
///
/// # Errors
/// `503`.
pub async fn all_accounts(env: &Env) -> Reply<Vec<AccountRecord>> {
    ask(env, Call::AllAccounts).await
}

/// A sender's record: the truth that `config:sender:…` is a copy of.
///
/// # Errors
/// `503`.
pub async fn sender(env: &Env, sender: &SenderId) -> Reply<Option<SenderRecord>> {
    ask(
        env,
        Call::Sender {
            sender: sender.clone(),
        },
    )
    .await
}

/// The records of all senders, by id.
///
/// # Errors
/// `503`.
pub async fn all_senders(env: &Env) -> Reply<Vec<SenderRecord>> {
    ask(env, Call::AllSenders).await
}

/// A sender's record and, if it is offered for that sender, a template: what an attempt needs to know
/// at that very moment. `attempt`: when it is about to be handed over, which is counted.
///
/// # Errors
/// `503`.
pub async fn sender_and_template(
    env: &Env,
    sender: &SenderId,
    template: &TemplateId,
    attempt: Option<Timestamp>,
) -> Reply<Option<(SenderRecord, Option<Template>)>> {
    ask(
        env,
        Call::SenderAndTemplate {
            sender: sender.clone(),
            template: template.clone(),
            attempt,
        },
    )
    .await
}

/// The templates offered for a sender, by name.
///
/// # Errors
/// `503`.
pub async fn templates(env: &Env, sender: &SenderId) -> Reply<Vec<Template>> {
    ask(
        env,
        Call::Templates {
            sender: sender.clone(),
        },
    )
    .await
}

/// A template and the senders it is offered for.
///
/// # Errors
/// `503`.
pub async fn template_entry(env: &Env, template: &TemplateId) -> Reply<Option<TemplateEntry>> {
    ask(
        env,
        Call::TemplateEntry {
            template: template.clone(),
        },
    )
    .await
}

/// All templates, by name.
///
/// # Errors
/// `503`.
pub async fn all_templates(env: &Env) -> Reply<Vec<TemplateEntry>> {
    ask(env, Call::AllTemplates).await
}

/// An account as administrators see it.
///
/// # Errors
/// `503`.
pub async fn describe_account(env: &Env, account: &AccountId) -> Reply<Option<AccountFacts>> {
    ask(
        env,
        Call::DescribeAccount {
            account: account.clone(),
        },
    )
    .await
}

/// All accounts as administrators see them, by id.
///
/// # Errors
/// `503`.
pub async fn describe_accounts(env: &Env) -> Reply<Vec<AccountFacts>> {
    ask(env, Call::DescribeAccounts).await
}

/// Changes the set-up, and publishes the change before it answers if KV can be reached.
///
/// # Errors
/// What [`crate::directory::rules::decide`] refuses, or `503`.
pub async fn change(env: &Env, change: Change, caller: &Caller) -> Reply<Changed> {
    change_if(env, change, caller, None, false).await
}

/// Changes the set-up if what is there is what the caller saw, or only says what would come of it.
///
/// # Errors
/// As [`change`], and `412` if it is not.
pub async fn change_if(
    env: &Env,
    change: Change,
    caller: &Caller,
    expected: Option<Expected>,
    rehearse: bool,
) -> Reply<Changed> {
    let role = json::value(&caller.role);
    let editor = Editor {
        id: caller.id.as_str().into(),
        role: role.as_str().unwrap_or_default().into(),
    };
    let call = Call::Change {
        change,
        editor,
        expected,
        rehearse,
    };
    ask(env, call).await
}

/// Changes the set-up on behalf of nobody: what Twilio says of templates.
///
/// # Errors
/// As [`change`].
pub async fn change_by_itself(env: &Env, change: Change) -> Reply<Changed> {
    let editor = Editor {
        id: "finestra".into(),
        role: "service".into(),
    };
    let call = Call::Change {
        change,
        editor,
        expected: None,
        rehearse: false,
    };
    ask(env, call).await
}

/// All numbers as administrators see them, by id.
///
/// # Errors
/// `503`.
pub async fn describe_senders(env: &Env) -> Reply<Vec<SenderFacts>> {
    ask(env, Call::DescribeSenders).await
}

/// All workstreams, by name.
///
/// # Errors
/// `503`.
pub async fn workstreams(env: &Env) -> Reply<Vec<Workstream>> {
    ask(env, Call::Workstreams).await
}

/// How often which template was sent for which number.
///
/// # Errors
/// `503`.
pub async fn sent(env: &Env) -> Reply<Vec<Sent>> {
    ask(env, Call::Sent).await
}

/// How many threads a number has.
///
/// # Errors
/// `503`.
pub async fn threads_of(env: &Env, sender: &SenderId) -> Reply<u64> {
    let sender = sender.clone();
    ask(env, Call::ThreadsOf { sender }).await
}

/// Notes that a thread was begun.
///
/// # Errors
/// `503`.
pub async fn enlist(env: &Env, thread: ThreadId, sender: SenderId, at: Timestamp) -> Reply<()> {
    ask(env, Call::Enlist { thread, sender, at }).await
}

/// Notes what was learned of an account.
///
/// # Errors
/// `503`.
pub async fn note(env: &Env, account: &AccountId, fact: Fact) -> Reply<()> {
    let account = account.clone();
    ask(env, Call::Note { account, fact }).await
}

/// Lines of the audit log, newest first.
///
/// # Errors
/// `503`.
pub async fn audit(env: &Env, filter: Filter) -> Reply<Vec<Line>> {
    ask(env, Call::Audit { filter }).await
}

/// The whole set-up as a file: see [`crate::directory::draft::configuration`].
///
/// # Errors
/// `503`.
pub async fn configuration(env: &Env) -> Reply<Value> {
    ask(env, Call::Configuration).await
}

/// Counts a webhook whose signature was refused, with the URL by which it would have verified.
///
/// # Errors
/// `503`.
pub async fn refused_signature(
    env: &Env,
    account: &AccountId,
    right_url: Option<String>,
    at: Timestamp,
) -> Reply<()> {
    ask(
        env,
        Call::RefusedSignature {
            account: account.clone(),
            right_url,
            at,
        },
    )
    .await
}

/// Keeps a webhook that belongs to no sender of ours, once for each message, the last 1,000 of an
/// account.
///
/// # Errors
/// `404`, and nothing is kept, if there is no such account; `503`.
pub async fn keep_unrouted(
    env: &Env,
    account: &AccountId,
    params: Vec<(String, String)>,
    reason: String,
    at: Timestamp,
) -> Reply<()> {
    let sid = ["MessageSid", "SmsMessageSid", "SmsSid"]
        .into_iter()
        .find_map(|name| {
            params
                .iter()
                .find(|(known, value)| known == name && !value.is_empty())
        });
    let message_sid = sid.map(|(_, value)| value.clone());
    let webhook = Unrouted {
        at,
        reason,
        message_sid,
        params,
    };
    ask(
        env,
        Call::KeepUnrouted {
            account: account.clone(),
            webhook,
        },
    )
    .await
}

/// The webhooks kept as unrouted, newest first.
///
/// # Errors
/// `503`.
pub async fn unrouted(env: &Env, account: &AccountId) -> Reply<Vec<Unrouted>> {
    ask(
        env,
        Call::Unrouted {
            account: account.clone(),
        },
    )
    .await
}

/// How an account fares.
///
/// # Errors
/// `503`.
pub async fn health(env: &Env, account: &AccountId) -> Reply<Health> {
    ask(
        env,
        Call::Health {
            account: account.clone(),
        },
    )
    .await
}

/// Notes that the deployment is alive at `at`, and tells when it was the last time: a long gap was an
/// outage, after which Twilio's list has to be compared with ours.
///
/// # Errors
/// `503`.
pub async fn heartbeat(env: &Env, at: Timestamp) -> Reply<Option<Timestamp>> {
    ask(env, Call::Heartbeat { at }).await
}
