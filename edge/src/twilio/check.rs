//! Is an account set up at Twilio as it must be? Token, API key, numbers and their webhooks.
//!
//! [`run`] asks, [`judge`] says what the answers mean. No words: fields and codes, which the console puts
//! into sentences.

use super::Credentials;
use super::call::{self, Failure, given};
use super::senders::{self, Listed};
use crate::config;
use futures_util::future::{OptionFuture, join};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::id::SenderId;
use shared::time::Timestamp;
use worker::Env;

/// The number of Twilio's sandbox, shared by all accounts. It is in no account's list of senders, and where
/// its webhook leads stands in Twilio's console only.
pub const SANDBOX_NUMBER: &str = "+14155238886";

/// What a check found; as the API tells it, and as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Check {
    /// When it was asked.
    pub at: Timestamp,
    /// What it comes to.
    pub outcome: Outcome,
    /// The auth token.
    pub token: Key,
    /// The API key; `null` if the account has none.
    pub api_key: Option<Key>,
    /// What Twilio says of the account; `null` if it did not.
    pub twilio: Option<Holder>,
    /// Our numbers, in the order in which they were given.
    pub senders: Vec<SenderLine>,
}

/// What a check comes to: the first of these that is true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Something is surely wrong: a key refused, the account not active, a number not there, not online
    /// or with a webhook that does not lead here.
    Wrong,
    /// Twilio did not answer something.
    Unreachable,
    /// Something could not be asked: there is no token, or the list of numbers was refused.
    #[default]
    Incomplete,
    /// All is as it must be, as far as Twilio tells.
    Ok,
}

/// What became of a token or an API key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Key {
    /// Twilio takes it.
    Ok,
    /// Twilio does not.
    Refused,
    /// Twilio did not answer.
    Unreachable,
    /// There is none, or it cannot be opened.
    #[default]
    Missing,
}

/// What Twilio says of an account.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Holder {
    /// What it is called there.
    pub name: String,
    /// `active`, `suspended`, `closed`.
    pub status: String,
    /// `Full`, `Trial`.
    #[serde(rename = "type")]
    pub kind: String,
}

/// What Twilio says of one of our numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SenderLine {
    /// Our name for it.
    pub sender: SenderId,
    /// Whether the account has it. Of the sandbox always; of no number if the list could not be had, and
    /// then `webhook` is unknown.
    pub found: bool,
    /// `ONLINE`, `OFFLINE`, …
    pub status: Option<String>,
    /// Whether its messages are brought to us.
    pub webhook: Leads,
    /// Where they are brought.
    pub webhook_url: Option<String>,
    /// WhatsApp's judgement of what is sent.
    pub quality_rating: Option<String>,
    /// How many customers may be written to.
    pub messaging_limit: Option<String>,
    /// Why it is offline.
    pub offline_reasons: Vec<String>,
}

/// Where a webhook leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Leads {
    /// To us.
    Here,
    /// To somebody else, or to another deployment.
    Elsewhere,
    /// Nowhere.
    None,
    /// Twilio did not tell.
    #[default]
    Unknown,
}

/// One of our numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ours<'a> {
    /// Our name for it.
    pub sender: &'a SenderId,
    /// The number, `+E.164`.
    pub number: &'a str,
}

/// What Twilio answered. `None`: it was not asked, for want of something to ask with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answers {
    /// The account, asked for with the token. Of Twilio's answer only this is kept: it has the token in it.
    pub token: Option<Result<Option<Holder>, Failure>>,
    /// The same with the API key, which may be right and yet not allowed to ask.
    pub api_key: Option<Result<Option<Holder>, Failure>>,
    /// The numbers.
    pub senders: Option<Result<Vec<Listed>, Failure>>,
}

/// Asks Twilio. `webhook_url` is where the account's messages are to be brought. Credentials that there
/// are not, or that cannot be opened, are `None`.
pub async fn run(
    env: &Env,
    at: Timestamp,
    token: Option<&Credentials>,
    api_key: Option<&Credentials>,
    ours: &[Ours<'_>],
    webhook_url: &str,
) -> Check {
    let (by_token, by_key) = join(
        OptionFuture::from(token.map(|token| account(env, token))),
        OptionFuture::from(api_key.map(|key| account_or_messages(env, key))),
    )
    .await;
    let works = |answer: &Option<Result<_, _>>| matches!(answer, Some(Ok(_)));
    let senders = match (token, api_key) {
        (Some(token), _) if works(&by_token) => Some(listed(env, token, ours).await),
        (_, Some(key)) if works(&by_key) => Some(listed(env, key, ours).await),
        _ => None,
    };
    let answers = Answers {
        token: by_token,
        api_key: by_key,
        senders,
    };
    judge(at, &answers, ours, webhook_url)
}

/// The account itself.
async fn account(env: &Env, credentials: &Credentials) -> Result<Option<Holder>, Failure> {
    let answer = call::get(credentials, &url_of(env, credentials, ".json")).await?;
    Ok(holder(&answer))
}

/// With an API key. Twilio lets only *Main* keys read the account, *Standard* ones read and send messages:
/// so one that was refused is asked for a message before it is called wrong.
async fn account_or_messages(env: &Env, key: &Credentials) -> Result<Option<Holder>, Failure> {
    match account(env, key).await {
        Err(failure) if failure.of_credentials() => {
            let messages = url_of(env, key, "/Messages.json?PageSize=1");
            call::get(key, &messages).await.map(|_| None)
        }
        answer => answer,
    }
}

/// The numbers of the account; ours with their webhooks, should the list be without.
async fn listed(
    env: &Env,
    credentials: &Credentials,
    ours: &[Ours<'_>],
) -> Result<Vec<Listed>, Failure> {
    if ours.iter().all(|our| our.number == SANDBOX_NUMBER) {
        return Ok(Vec::new());
    }
    let mut all = senders::list(env, credentials).await?;
    for listed in &mut all {
        if listed.webhook.is_none() && ours.iter().any(|our| our.number == listed.number) {
            *listed = senders::fetch(env, credentials, &listed.sid).await?;
        }
    }
    Ok(all)
}

fn url_of(env: &Env, credentials: &Credentials, rest: &str) -> String {
    let sid = credentials.account_sid.as_str();
    [&config::twilio_api(env), "/2010-04-01/Accounts/", sid, rest].concat()
}

/// What the answers mean.
#[must_use]
pub fn judge(at: Timestamp, answers: &Answers, ours: &[Ours<'_>], webhook_url: &str) -> Check {
    let told = [&answers.token, &answers.api_key];
    let told = told.into_iter().flatten().flatten().flatten().next();
    let list = answers.senders.as_ref().and_then(|it| it.as_ref().ok());
    let lines = ours
        .iter()
        .map(|our| line(*our, list.map(Vec::as_slice), webhook_url));
    let mut check = Check {
        at,
        outcome: Outcome::Ok,
        token: answers.token.as_ref().map_or(Key::Missing, key),
        api_key: answers.api_key.as_ref().map(key),
        twilio: told.cloned(),
        senders: lines.collect(),
    };
    let listed = matches!(answers.senders, Some(Ok(_)));
    let silent = answers.senders == Some(Err(Failure::Unreachable));
    check.outcome = outcome(&check, listed, silent);
    check
}

impl Check {
    /// Judges anew, after a line was exchanged for what Twilio has just said of its number.
    pub fn settle(&mut self) {
        self.outcome = outcome(self, true, false);
    }
}

/// What the lines come to; `listed`: Twilio told its numbers, `silent`: it did not answer.
fn outcome(check: &Check, listed: bool, silent: bool) -> Outcome {
    let keys = [Some(check.token), check.api_key];
    let any = |key: Key| keys.contains(&Some(key));
    let inactive = check.twilio.as_ref();
    let inactive = inactive.is_some_and(|holder| !matches!(holder.status.as_str(), "" | "active"));
    if any(Key::Refused) || inactive || (listed && check.senders.iter().any(wrong)) {
        Outcome::Wrong
    } else if any(Key::Unreachable) || silent {
        Outcome::Unreachable
    } else if any(Key::Missing) || !listed {
        Outcome::Incomplete
    } else {
        Outcome::Ok
    }
}

/// Whether a number cannot do what it is for.
fn wrong(line: &SenderLine) -> bool {
    let offline = line.status.as_ref();
    let offline = offline.is_some_and(|status| !status.starts_with("ONLINE"));
    !line.found || offline || matches!(line.webhook, Leads::Elsewhere | Leads::None)
}

fn key(answer: &Result<Option<Holder>, Failure>) -> Key {
    match answer {
        Ok(_) => Key::Ok,
        Err(failure) if failure.of_credentials() => Key::Refused,
        // Too many requests, or something else that says nothing about the key.
        Err(_) => Key::Unreachable,
    }
}

fn holder(account: &Value) -> Option<Holder> {
    let status = given(account, "status")?;
    Some(Holder {
        name: given(account, "friendly_name").unwrap_or_default(),
        status,
        kind: given(account, "type").unwrap_or_default(),
    })
}

/// What the account's list says of one of our numbers; without a list, nothing.
#[must_use]
pub fn line(our: Ours<'_>, list: Option<&[Listed]>, webhook_url: &str) -> SenderLine {
    let unknown = SenderLine {
        sender: our.sender.clone(),
        ..SenderLine::default()
    };
    if our.number == SANDBOX_NUMBER {
        return SenderLine {
            found: true,
            ..unknown
        };
    }
    let Some(list) = list else {
        return unknown;
    };
    let Some(listed) = senders::of_number(list, our.number) else {
        return SenderLine {
            webhook: Leads::None,
            ..unknown
        };
    };
    let url = listed.webhook.as_ref();
    let url = url.and_then(|webhook| webhook.callback_url.clone());
    SenderLine {
        found: true,
        status: Some(listed.status.clone()).filter(|status| !status.is_empty()),
        webhook: match &url {
            None => Leads::None,
            Some(url) if same(url, webhook_url) => Leads::Here,
            Some(_) => Leads::Elsewhere,
        },
        webhook_url: url,
        quality_rating: listed.quality_rating.clone(),
        messaging_limit: listed.messaging_limit.clone(),
        offline_reasons: listed.offline_reasons.clone(),
        ..unknown
    }
}

/// Whether two URLs lead to the same place. The fragment holds Twilio's time-outs and retries and is no
/// part of the request.
#[must_use]
pub fn same(one: &str, other: &str) -> bool {
    let place = |url: &str| {
        let url = url.split_once('#').map_or(url, |(url, _)| url).trim();
        String::from(url.trim_end_matches('/'))
    };
    place(one) == place(other)
}

#[cfg(test)]
mod tests;
