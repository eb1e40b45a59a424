//! What may the rest of the Worker ask a thread's object? The calls, and how they are made.
//!
//! A thread's address may turn out to belong to another thread; the object then answers `moved`,
//! and the call is made again there.

use crate::auth::caller::Caller;
use crate::http::Answer;
use crate::objects::{self, Reply};
use crate::problem::Problem;
use crate::records::SenderRecord;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use shared::address::CustomerAddress;
use shared::id::{ClientId, MessageId, ThreadId};
use shared::message::Message;
use shared::policy::Proposal;
use shared::session::Session;
use shared::thread::{Choice, Thread};
use shared::time::Timestamp;
use worker::Env;

/// A call to a thread's object.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// The customer wrote, as the release before says it; now it is said by [`arrive`].
    Inbound {
        /// The webhook's form as it came: every parameter, unknown ones included.
        #[serde(default)]
        body: String,
        /// The same as the release before says it: the parameters.
        #[serde(default, skip_serializing)]
        params: Vec<(String, String)>,
        /// When it arrived, or Twilio's own stamp for a recovered message.
        at: Timestamp,
        /// The number it was sent to.
        sender: SenderRecord,
    },
    /// Twilio reported a status.
    Status {
        /// The message it is about; `None`: by its SID.
        message: Option<MessageId>,
        /// The callback's parameters.
        params: Vec<(String, String)>,
    },
    /// Make sure there is a thread, so that somebody can write first.
    Open {
        /// Who asks.
        caller: Caller,
        /// The number.
        sender: SenderRecord,
        /// The customer.
        customer: CustomerAddress,
    },
    /// Send something.
    Propose {
        /// Who asks.
        caller: Caller,
        /// Their name for it.
        client: ClientId,
        /// What to send.
        proposal: Proposal,
    },
    /// Read messages.
    Messages {
        /// Who asks.
        caller: Caller,
        /// Those before this place; `None`: the last ones.
        before: Option<u64>,
        /// At most so many.
        limit: u32,
    },
    /// Read the session, as it is now.
    Session {
        /// Who asks.
        caller: Caller,
    },
    /// Record an opt-in.
    OptIn {
        /// Who asks.
        caller: Caller,
        /// Their name for it.
        client: ClientId,
        /// Where the customer agreed.
        source: String,
        /// What they agreed to.
        wording: String,
        /// When, if not now.
        at: Option<Timestamp>,
    },
    /// Decide about an unconfirmed message.
    Decide {
        /// Who asks.
        caller: Caller,
        /// The message.
        message: MessageId,
        /// The decision.
        choice: Choice,
    },
    /// What is here? Asked by the object of another writing of the same phone.
    Whereabouts,
    /// Become a pointer to this thread, and hand over what you have.
    Point {
        /// The thread.
        to: ThreadId,
    },
    /// Erase what was said here. What was seen, and an opt-out, stay.
    Erase,
    /// The clock was moved: carry out what is due.
    #[cfg(feature = "simulated-clock")]
    Tick,
}

/// What [`Call::Whereabouts`] answers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Whereabouts {
    /// Whether there is a thread.
    pub exists: bool,
    /// Whether its customer ever wrote.
    pub wrote: bool,
    /// The thread it points to instead.
    pub pointer: Option<ThreadId>,
}

/// What [`Call::Point`] answers.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Belongings {
    /// The thread that was there.
    pub thread: Option<Thread>,
    /// Its messages, with what was proposed.
    pub messages: Vec<(Message, Option<Proposal>)>,
    /// The SIDs it has seen, hashed.
    pub seen: Vec<String>,
}

/// What [`Call::Messages`] answers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Page {
    /// The messages, by place.
    pub messages: Vec<Message>,
    /// The place to ask before next; `None`: there is nothing older.
    pub next: Option<u64>,
}

/// What [`Call::Session`] and [`Call::Open`] answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Standing {
    /// The thread's name: another than asked for, if the address belongs to another thread.
    pub thread: ThreadId,
    /// The session as it is now.
    pub session: Session,
}

/// How often a call may be sent on from pointer to pointer.
const MOST_MOVES: usize = 3;

/// The problem by which an object says that its address belongs to another thread.
#[must_use]
pub fn moved(to: &ThreadId) -> Problem {
    Problem::new(421, "moved").fact("thread", to.as_str())
}

/// Calls the object of a thread, and where it sends us on.
///
/// # Errors
/// The object's problem, or `503` if it cannot be reached.
pub async fn call<T: DeserializeOwned>(env: &Env, thread: &ThreadId, call: &Call) -> Reply<T> {
    objects::understood(&follow(env, thread, objects::said(call)?).await?)
}

/// What a webhook begins with on its way to its thread. JSON does not.
const ARRIVAL: &str = "inbound ";

/// The customer wrote: brings a webhook's form, as it came, to the object of its thread. Answered once it is
/// durable. Not a [`Call`] in JSON: the text would be escaped, and found again, for nothing.
///
/// # Errors
/// As [`call`].
pub async fn arrive(
    env: &Env,
    thread: &ThreadId,
    at: Timestamp,
    sender: &SenderRecord,
    body: &str,
) -> Reply<()> {
    let text = arrival(at, &objects::said(sender)?, body);
    match follow(env, thread, text).await {
        // An object of the release before does not understand it. Said twice, it is heard once.
        Err(problem) if problem.status == 503 => {
            let inbound = Call::Inbound {
                body: body.into(),
                params: Vec::new(),
                at,
                sender: sender.clone(),
            };
            call(env, thread, &inbound).await
        }
        reply => objects::understood(&reply?),
    }
}

/// When it arrived, the number's record as JSON, and the form: each ends with its line but the last.
fn arrival(at: Timestamp, sender: &str, body: &str) -> String {
    [ARRIVAL, &at.0.to_string(), "\n", sender, "\n", body].concat()
}

/// The same, taken apart: `None` of what is no arrival.
#[must_use]
pub fn arrived(text: &str) -> Option<(Timestamp, &str, &str)> {
    let (at, rest) = text.strip_prefix(ARRIVAL)?.split_once('\n')?;
    let (sender, body) = rest.split_once('\n')?;
    Some((Timestamp(at.parse().ok()?), sender, body))
}

/// Calls the object of a thread and passes on what it says, unread: it is the API's answer already.
///
/// # Errors
/// As [`call`].
pub async fn pass_on(env: &Env, thread: &ThreadId, call: &Call, status: u16) -> Reply<Answer> {
    let text = follow(env, thread, objects::said(call)?).await?;
    Ok(Answer::json_text(status, text))
}

/// Puts a call to the object of a thread, and to where it sends us on.
async fn follow(env: &Env, thread: &ThreadId, call: String) -> Reply<String> {
    let mut at = thread.clone();
    for _ in 0..MOST_MOVES {
        match objects::exchange(&objects::object_of(env, &at)?, call.clone()).await {
            Err(problem) if problem.code == "moved" => {
                let to = problem
                    .facts
                    .get("thread")
                    .and_then(|thread| thread.as_str());
                at = to
                    .and_then(ThreadId::parse)
                    .ok_or_else(Problem::unavailable)?;
            }
            reply => return reply,
        }
    }
    Err(Problem::unavailable())
}

#[cfg(feature = "simulated-clock")]
thread_local! {
    /// The threads whose objects have been awake in this isolate: those that are told when the clock
    /// moves.
    static AWAKE: std::cell::RefCell<std::collections::HashSet<ThreadId>> = std::cell::RefCell::default();
}

/// Notes that a thread's object is awake.
#[cfg(feature = "simulated-clock")]
pub fn awake(thread: &ThreadId) {
    AWAKE.with_borrow_mut(|awake| awake.insert(thread.clone()));
}

/// Tells every thread that was awake that the clock has moved.
#[cfg(feature = "simulated-clock")]
pub async fn tick(env: &Env) {
    use futures_util::future::LocalBoxFuture;
    let awake = AWAKE.with_borrow(Clone::clone);
    let calls = awake.iter().map(|thread| -> LocalBoxFuture<'_, ()> {
        Box::pin(async move {
            let _: Reply<()> = match objects::object_of(env, thread) {
                Ok(stub) => objects::call(&stub, &Call::Tick).await,
                Err(error) => Err(error.into()),
            };
        })
    });
    crate::together::each(calls.collect()).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arrival_is_what_it_was_whatever_was_written() {
        let body = "Body=a%0Ab&From=whatsapp%3A%2B39\nrest";
        let text = arrival(Timestamp(-5), r#"{"name":"a\nb"}"#, body);
        let parts = (Timestamp(-5), r#"{"name":"a\nb"}"#, body);
        assert_eq!(arrived(&text), Some(parts));
        assert_eq!(arrived(r#"{"inbound":{}}"#), None);
        assert_eq!(arrived("inbound now\n{}\n"), None);
    }
}
