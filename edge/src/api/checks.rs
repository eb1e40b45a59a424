//! Is it set up at Twilio as it must be, and can we set it up? `POST …/check`, `…/webhook` and `…/sync`

use super::accounts::{known, status_url, told, webhook_url};
use crate::auth::caller::Caller;
use crate::directory::facts::Fact;
use crate::directory::sync::{credentials, refused, synchronise};
use crate::directory::{access, calls};
use crate::http::Answer;
use crate::json;
use crate::problem::Problem;
use crate::records::AccountRecord;
use crate::twilio::check::{self, Check, Ours, SANDBOX_NUMBER};
use crate::twilio::{Credentials, senders};
use crate::{clock, config};
use serde_json::Value;
use shared::id::AccountId;
use worker::Env;

/// `POST /api/v1/accounts/{account}/check`: asks Twilio. That it does not answer is an outcome, too.
///
/// # Errors
/// `403` for all but administrators, `404`.
pub async fn account(env: &Env, caller: &Caller, account: &str) -> Result<Answer, Problem> {
    access::change(caller)?;
    access::everything(caller)?;
    let id = known(account)?;
    let record = record(env, &id).await?;
    let (token, key) = Credentials::both(env, &record);
    let url = webhook_url(&config::public_url(env), id.as_str());
    let now = clock::domain();
    let check = check::run(env, now, token.as_ref(), key.as_ref(), &ours(&record), &url).await;
    keep(env, &id, &check).await?;
    Ok(Answer::json(200, &told(env, caller, &id).await?))
}

/// `POST /api/v1/senders/{sender}/webhook`: has Twilio bring the number's messages here.
///
/// # Errors
/// `403` for all but administrators; `404` out of scope, or `not-at-twilio`; `409` for the sandbox, whose
/// webhook can be set in Twilio's console only, and without a token; `502`.
pub async fn webhook(env: &Env, caller: &Caller, sender: &str) -> Result<Answer, Problem> {
    access::change(caller)?;
    let sender = super::senders::known(caller, sender)?;
    let found = calls::sender(env, &sender)
        .await?
        .ok_or_else(Problem::not_found)?;
    let number = found.sender.number.as_str();
    if number == SANDBOX_NUMBER {
        return Err(Problem::new(409, "sandbox-by-hand").remedy("set-in-twilio-console"));
    }
    let account = record(env, &found.account).await?;
    let credentials = credentials(env, &account)?;
    let listed = senders::list(env, &credentials).await.map_err(refused)?;
    let there = senders::of_number(&listed, number)
        .ok_or_else(|| Problem::new(404, "not-at-twilio").remedy("register-at-twilio"))?;
    let public = config::public_url(env);
    let (to, status) = (
        webhook_url(&public, account.id.as_str()),
        status_url(&public, account.id.as_str()),
    );
    let set = senders::set_webhook(env, &credentials, &there.sid, &to, &status)
        .await
        .map_err(refused)?;
    let our = Ours {
        sender: &sender,
        number,
    };
    let line = check::line(our, Some(&[set]), &to);
    // The last check knows of it from now on.
    let facts = calls::describe_account(env, &account.id).await?;
    if let Some(mut before) = facts.and_then(|facts| stored(facts.facts.check)) {
        before.senders.retain(|known| known.sender != sender);
        before.senders.push(line.clone());
        before.senders = crate::order::by(before.senders, |line| line.sender.as_str());
        before.settle();
        keep(env, &account.id, &before).await?;
    }
    Ok(Answer::json(200, &line))
}

/// `POST /api/v1/accounts/{account}/sync`: brings its templates up to date.
///
/// # Errors
/// `403` for all but administrators, `404`, `409` without a token, `502`.
pub async fn sync(env: &Env, caller: &Caller, account: &str) -> Result<Answer, Problem> {
    access::change(caller)?;
    access::everything(caller)?;
    let done = synchronise(env, &known(account)?, Some(caller)).await?;
    Ok(Answer::json(200, &done))
}

/// An account's record, as the directory has it now.
pub(super) async fn record(env: &Env, id: &AccountId) -> Result<AccountRecord, Problem> {
    calls::account(env, id)
        .await?
        .ok_or_else(Problem::not_found)
}

fn ours(account: &AccountRecord) -> Vec<Ours<'_>> {
    account
        .senders
        .iter()
        .map(|record| Ours {
            sender: &record.sender.id,
            number: &record.sender.number,
        })
        .collect()
}

fn stored(check: Option<Value>) -> Option<Check> {
    check.and_then(|check| crate::json::structure(check).ok())
}

async fn keep(env: &Env, id: &AccountId, check: &Check) -> Result<(), Problem> {
    let check = json::value(check);
    calls::note(env, id, Fact::Check(check)).await
}
