//! Which Twilio accounts are there, and how do they fare? `/api/v1/accounts…`
//!
//! Tokens go in and never come out. What comes out are the URLs that belong into Twilio's console.

use super::conditions;
use crate::auth::caller::Caller;
use crate::config;
use crate::directory::calls::{self, AccountFacts};
use crate::directory::rules::{Change, Ending};
use crate::directory::{access, draft, fields};
use crate::http::{Answer, Ask};
use crate::json::object;
use crate::problem::Problem;
use crate::seal::SealingKey;
use serde_json::Value;
use shared::id::AccountId;
use worker::Env;

/// How Twilio is to call: up to three times more, after a connection or read that failed or a 5xx,
/// 4 s for each answer and 2 s for each connection, so that four tries fit into its 15 s. A fragment is
/// never sent and not part of the signature.
const OVERRIDES: &str = "#rc=3&rp=ct,5xx,rt&rt=4000&ct=2000";

/// `GET /api/v1/accounts`
///
/// # Errors
/// `403` for agents and programs.
pub async fn list(env: &Env, caller: &Caller) -> Result<Answer, Problem> {
    access::inspect(caller)?;
    let public_url = config::public_url(env);
    let accounts = calls::describe_accounts(env).await?;
    let seen = accounts
        .into_iter()
        .filter_map(|facts| visible(caller, facts));
    let views: Vec<Value> = seen.map(|facts| view(&facts, &public_url)).collect();
    Ok(Answer::json(200, &object! { "accounts": views }))
}

/// `GET /api/v1/accounts/{account}`
///
/// # Errors
/// `403` for agents and programs, `404`.
pub async fn get(env: &Env, caller: &Caller, account: &str) -> Result<Answer, Problem> {
    access::inspect(caller)?;
    answer(env, caller, 200, &known(account)?).await
}

/// `PUT /api/v1/accounts/{account}`
///
/// # Errors
/// `403` for all but administrators, `404` if they do not see all senders, `400` with the field.
pub async fn put(env: &Env, caller: &Caller, ask: &Ask, account: &str) -> Result<Answer, Problem> {
    access::change(caller)?;
    access::everything(caller)?;
    let id = AccountId::parse(account).ok_or_else(|| new_name("account"))?;
    let change = draft::account(&id, &ask.json()?, &SealingKey::from_env(env)?)?;
    conditions::put(env, caller, ask, change, async || {
        told(env, caller, &id).await
    })
    .await
}

/// `DELETE /api/v1/accounts/{account}?senders=delete&history=keep`
///
/// # Errors
/// `403` for all but administrators, `404`, `409` while it has senders that are not to go with it.
pub async fn delete(
    env: &Env,
    caller: &Caller,
    ask: &Ask,
    account: &str,
) -> Result<Answer, Problem> {
    access::change(caller)?;
    access::everything(caller)?;
    let ending = Ending {
        id: known(account)?,
        with: ask.parameter("senders").as_deref() == Some("delete"),
        erase: erase(ask)?,
    };
    calls::change(env, Change::DeleteAccount(ending), caller).await?;
    Ok(Answer::empty(204))
}

/// Whether conversations are to be erased: `history=erase`, or `keep`, as if nothing was said.
pub(super) fn erase(ask: &Ask) -> Result<bool, Problem> {
    match ask.parameter("history").as_deref() {
        None | Some("keep") => Ok(false),
        Some("erase") => Ok(true),
        Some(_) => Err(fields::flaw("history", "give-known-word", "keep or erase")),
    }
}

/// `GET /api/v1/accounts/{account}/consequences`: what its end would end.
///
/// # Errors
/// `403` for agents and programs, `404`.
pub async fn consequences(env: &Env, caller: &Caller, account: &str) -> Result<Answer, Problem> {
    access::inspect(caller)?;
    access::everything(caller)?;
    let id = known(account)?;
    let facts = calls::describe_account(env, &id)
        .await?
        .ok_or_else(Problem::not_found)?;
    let mut senders = Vec::new();
    for sender in &facts.senders {
        senders.push(super::senders::ends(env, sender).await?);
    }
    let templates: Vec<Value> = calls::all_templates(env)
        .await?
        .iter()
        .filter(|entry| entry.source.as_ref().is_some_and(|source| source.account == id))
        .map(|entry| {
            object! { "id": entry.template.id, "name": entry.template.name, "senders": entry.senders }
        })
        .collect();
    Ok(Answer::json(
        200,
        &object! { "senders": senders, "templates": templates },
    ))
}

/// `GET /api/v1/accounts/{account}/unrouted`: all that are kept, newest first.
///
/// # Errors
/// `403` for agents and programs, `404`.
pub async fn unrouted(env: &Env, caller: &Caller, account: &str) -> Result<Answer, Problem> {
    access::inspect(caller)?;
    access::everything(caller)?;
    let id = known(account)?;
    calls::describe_account(env, &id)
        .await?
        .ok_or_else(Problem::not_found)?;
    let views: Vec<Value> = calls::unrouted(env, &id)
        .await?
        .into_iter()
        .map(|webhook| {
            let params: Vec<Value> =
                webhook.params.iter().map(|(name, value)| object! { "name": name, "value": value }).collect();
            object! { "at": webhook.at, "reason": webhook.reason, "message_sid": webhook.message_sid, "params": params }
        })
        .collect();
    Ok(Answer::json(200, &object! { "unrouted": views }))
}

async fn answer(
    env: &Env,
    caller: &Caller,
    status: u16,
    id: &AccountId,
) -> Result<Answer, Problem> {
    Ok(Answer::json(status, &told(env, caller, id).await?))
}

/// An account as it is told to this caller.
///
/// # Errors
/// `404` out of scope.
pub(super) async fn told(env: &Env, caller: &Caller, id: &AccountId) -> Result<Value, Problem> {
    let facts = calls::describe_account(env, id)
        .await?
        .and_then(|facts| visible(caller, facts));
    let facts = facts.ok_or_else(Problem::not_found)?;
    Ok(view(&facts, &config::public_url(env)))
}

/// The account as far as it is in scope: who sees only some senders sees the accounts of those.
fn visible(caller: &Caller, mut facts: AccountFacts) -> Option<AccountFacts> {
    facts.senders.retain(|sender| caller.may_see_sender(sender));
    (access::everything(caller).is_ok() || !facts.senders.is_empty()).then_some(facts)
}

/// An account's id, by what stands in the path.
pub(super) fn known(account: &str) -> Result<AccountId, Problem> {
    AccountId::parse(account).ok_or_else(Problem::not_found)
}

/// Something new was to get a name that cannot be one.
pub(super) fn new_name(field: &str) -> Problem {
    fields::flaw(
        field,
        "choose-other-name",
        "A name has 1 to 40 of a-z, 0-9 and -, and does not begin with -.",
    )
}

/// An account as it is told.
fn view(facts: &AccountFacts, public_url: &str) -> Value {
    let id = facts.id.as_str();
    let health = &facts.health;
    object! {
        "id": id,
        "version": facts.version,
        "name": facts.name,
        "account_sid": facts.account_sid,
        "active": facts.active,
        "token_set": facts.token_set,
        "next_token_set": facts.next_token_set,
        "api_key": facts.api_key.as_ref().map(|sid| object! { "sid": sid }),
        "senders": facts.senders,
        "webhook_url": webhook_url(public_url, id),
        "status_url": status_url(public_url, id),
        "last_webhook_at": facts.facts.last_webhook_at,
        "last_error": facts.facts.last_error,
        "check": facts.facts.check,
        "sync": object! {
            "at": facts.facts.sync.at,
            "tried_at": facts.facts.sync.tried_at,
            "count": facts.facts.sync.count,
            "error": facts.facts.sync.error,
            "stale": facts.facts.sync.error.is_some() && facts.facts.sync.at.is_some(),
        },
        "refused_signatures": object! {
            "count": health.refused_signatures,
            "last_at": health.last_refused_at,
            "right_url": health.right_url,
            "right_url_at": health.right_url_at,
        },
        "unrouted": health.unrouted,
        "published": !health.unpublished,
    }
}

/// Where Twilio is to bring an account's messages, with how it is to try.
#[must_use]
pub fn webhook_url(public_url: &str, account: &str) -> String {
    [public_url, "/twilio/", account, "/messages", OVERRIDES].concat()
}

/// Where Twilio is to report what became of messages.
#[must_use]
pub fn status_url(public_url: &str, account: &str) -> String {
    [public_url, "/twilio/", account, "/status"].concat()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::auth::caller::{Role, Scope};
    use crate::directory::facts::Facts;
    use crate::directory::notes::Health;
    use shared::id::{AccountSid, AgentId, SenderId};
    use shared::time::Timestamp;

    fn facts() -> AccountFacts {
        AccountFacts {
            id: AccountId::trusted("demo"),
            version: 7,
            name: "Demo".into(),
            account_sid: AccountSid::trusted("AC00000000000000000000000000000001"),
            active: true,
            token_set: true,
            next_token_set: false,
            api_key: None,
            facts: Facts::default(),
            senders: ["london", "milano"].map(SenderId::trusted).to_vec(),
            health: Health {
                refused_signatures: 3,
                last_refused_at: Some(Timestamp(9)),
                right_url: Some("https://old.example.com/twilio/demo/messages".into()),
                ..Health::default()
            },
        }
    }

    /// An account as it is told.
    pub(in crate::api) fn told() -> Value {
        view(&facts(), "https://finestra.example.com")
    }

    #[test]
    fn it_tells_the_urls_for_twilios_console_and_what_was_refused() {
        let view = told();
        assert_eq!(
            view["webhook_url"],
            "https://finestra.example.com/twilio/demo/messages#rc=3&rp=ct,5xx,rt&rt=4000&ct=2000"
        );
        assert_eq!(
            view["status_url"],
            "https://finestra.example.com/twilio/demo/status"
        );
        assert_eq!(view["refused_signatures"]["count"], 3);
        assert_eq!(
            view["refused_signatures"]["right_url"],
            "https://old.example.com/twilio/demo/messages"
        );
        assert_eq!(view["token_set"], true);
    }

    #[test]
    fn it_tells_no_token() {
        let fields = told()
            .as_object()
            .map(|map| map.keys().cloned().collect::<Vec<_>>());
        let tokens: Vec<String> = fields
            .unwrap()
            .into_iter()
            .filter(|name| name.contains("token") && !name.ends_with("_set"))
            .collect();
        assert_eq!(tokens, [""; 0]);
    }

    #[test]
    fn who_sees_some_senders_sees_their_accounts() {
        let seen = |senders: Scope| {
            let caller = Caller {
                id: AgentId::trusted("s"),
                name: String::new(),
                role: Role::Supervisor,
                senders,
                customers: None,
                expires: Timestamp(0),
            };
            visible(&caller, facts()).map(|facts| facts.senders.len())
        };
        assert_eq!(seen(Scope::All), Some(2));
        assert_eq!(
            seen(Scope::These(vec![SenderId::trusted("milano")])),
            Some(1)
        );
        assert_eq!(seen(Scope::These(vec![SenderId::trusted("paris")])), None);
    }
}
