//! How does a session stand, at a glance? One by its thread's name, or a hundred by address.

use crate::auth::caller::Caller;
use crate::http::{Answer, Ask};
use crate::problem::Problem;
use crate::thread::calls::{self, Call};
use crate::{api, clock, config, kv, together};
use futures_util::future::LocalBoxFuture;
use serde::{Deserialize, Serialize};
use shared::address::CustomerAddress;
use shared::id::{SenderId, ThreadId};
use shared::identity::{self, NamingKey};
use shared::session::Session;
use shared::time::Timestamp;
use worker::Env;

/// The most addresses in one look-up.
const MOST: usize = 100;

#[derive(Deserialize)]
struct LookUp {
    sender: String,
    customers: Vec<String>,
}

#[derive(Serialize)]
struct Found {
    /// As it was asked for.
    customer: String,
    /// The thread's name; absent if the address cannot be read or is out of scope.
    thread: Option<ThreadId>,
    /// The session record, a moment old at most; absent if nothing was ever said.
    session: Option<Session>,
    /// Why the address cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<&'static str>,
}

#[derive(Serialize)]
struct Answered {
    /// The time by which the windows close: the caller's own clock may be wrong.
    now: Timestamp,
    sessions: Vec<Found>,
}

/// `POST /api/v1/sessions/lookup`: badges for a whole list, from KV.
///
/// # Errors
/// `400` above a hundred addresses, `404` for a sender out of scope.
pub async fn look_up(env: &Env, caller: &Caller, ask: &Ask) -> Result<Answer, Problem> {
    let asked: LookUp = ask.json()?;
    if asked.customers.len() > MOST {
        return Err(Problem::new(400, "too-many")
            .fact("limit", MOST)
            .fact("actual", asked.customers.len()));
    }
    let sender = api::sender(env, caller, &asked.sender).await?;
    let key = config::naming_key(env)?;
    let found = asked
        .customers
        .into_iter()
        .map(|text| -> LocalBoxFuture<'_, _> {
            Box::pin(find(env, caller, &key, &sender.sender.id, text))
        });
    let found = together::all(found.collect()).await;
    let sessions = found.into_iter().collect::<Result<_, _>>()?;
    let now = clock::domain();
    Ok(Answer::json(200, &Answered { now, sessions }))
}

/// One address of a list.
async fn find(
    env: &Env,
    caller: &Caller,
    key: &NamingKey,
    sender: &SenderId,
    text: String,
) -> Result<Found, Problem> {
    let address = match CustomerAddress::parse(&text) {
        Ok(address) => address,
        Err(error) => {
            return Ok(Found {
                customer: text,
                thread: None,
                session: None,
                problem: Some(error.code()),
            });
        }
    };
    if !caller.may_see(sender, &address) {
        return Ok(Found {
            customer: text,
            thread: None,
            session: None,
            problem: None,
        });
    }
    // The number as written, then its other writings: they help to find.
    let mut thread = identity::thread_id(key, sender, &address);
    let mut session = read(env, &mut thread).await?;
    for variant in address.variants() {
        if session.is_none() {
            let mut other = identity::thread_id(key, sender, &variant);
            session = read(env, &mut other).await?;
            if session.is_some() {
                thread = other;
            }
        }
    }
    Ok(Found {
        customer: text,
        thread: Some(thread),
        session,
        problem: None,
    })
}

/// The record of a thread, or of the thread its address belongs to.
async fn read(env: &Env, thread: &mut ThreadId) -> Result<Option<Session>, Problem> {
    if let Some(session) = kv::get::<kv::Sessions>(env, thread).await? {
        return Ok(Some(session));
    }
    let Some(to) = kv::get::<kv::Aliases>(env, thread).await? else {
        return Ok(None);
    };
    *thread = to;
    Ok(kv::get::<kv::Sessions>(env, thread).await?)
}

/// `GET /api/v1/sessions/{thread}`: as it is now, from the thread itself.
///
/// # Errors
/// `404` if there is no such thread in scope.
pub async fn get(env: &Env, caller: &Caller, thread: &str) -> Result<Answer, Problem> {
    let thread = ThreadId::parse(thread).ok_or_else(Problem::not_found)?;
    let call = Call::Session {
        caller: caller.clone(),
    };
    calls::pass_on(env, &thread, &call, 200).await
}
