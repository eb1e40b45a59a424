//! What lies in KV? Each family of keys is a type: its prefix, its key, its value. No key is built
//! from strings anywhere else.
//!
//! KV has no compare-and-swap, and other locations may read a value that is a minute old. So every
//! family has one writer, the object that owns the fact; what is written is a whole record; nobody
//! decides *whether to send* from KV. And KV may say yes, never no: it caches misses, too.

use crate::records::{AccountRecord, SenderRecord};
use crate::{json, platform};
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::id::{AccountId, SenderId, ThreadId};
use shared::session::Session;
use shared::thread::State;
use shared::time::Timestamp;
use std::cell::RefCell;
use std::rc::Rc;
use worker::Env;

/// A family of keys.
pub trait Family {
    /// What its keys begin with.
    const PREFIX: &'static str;
    /// What follows the prefix.
    type Key;
    /// What is kept, as JSON.
    type Value: Serialize + DeserializeOwned;
    /// The rest of the key.
    fn rest(key: &Self::Key) -> &str;
}

/// `session:{thread}`: written by the thread's object.
pub enum Sessions {}
impl Family for Sessions {
    const PREFIX: &'static str = "session:";
    type Key = ThreadId;
    type Value = Session;
    fn rest(key: &ThreadId) -> &str {
        key.as_str()
    }
}

/// `config:account:{account}`: written by the directory.
pub enum Accounts {}
impl Family for Accounts {
    const PREFIX: &'static str = "config:account:";
    type Key = AccountId;
    type Value = AccountRecord;
    fn rest(key: &AccountId) -> &str {
        key.as_str()
    }
}

/// `config:sender:{sender}`: written by the directory.
pub enum Senders {}
impl Family for Senders {
    const PREFIX: &'static str = "config:sender:";
    type Key = SenderId;
    type Value = SenderRecord;
    fn rest(key: &SenderId) -> &str {
        key.as_str()
    }
}

/// `alias:{thread}`: the thread that a business-scoped id belongs to; written by that id's object.
pub enum Aliases {}
impl Family for Aliases {
    const PREFIX: &'static str = "alias:";
    type Key = ThreadId;
    type Value = ThreadId;
    fn rest(key: &ThreadId) -> &str {
        key.as_str()
    }
}

/// How long a session record is kept after its last change, in seconds: 30 days.
pub const SESSION_KEPT: u64 = 30 * 24 * 60 * 60;

/// The full key.
#[must_use]
pub fn key<F: Family>(key: &F::Key) -> String {
    let mut text = String::from(F::PREFIX);
    text.push_str(F::rest(key));
    text
}

/// Reads a record. `None` if there is none, or none that this release can read.
///
/// # Errors
/// If KV does not answer.
pub async fn get<F: Family>(env: &Env, at: &F::Key) -> worker::Result<Option<F::Value>> {
    let text = platform::kv_get(env, &key::<F>(at)).await?;
    Ok(text.and_then(|text| json::read(&text).ok()))
}

thread_local! {
    /// Accounts that were read, with the text they were read from.
    static ACCOUNTS: RefCell<Vec<(String, Rc<AccountRecord>)>> = const { RefCell::new(Vec::new()) };
}

/// The most accounts an isolate remembers; beyond, it starts anew.
const MOST_ACCOUNTS: usize = 64;

/// An account's record, for webhooks: KV is read every time, its text only when it is another one.
///
/// # Errors
/// If KV does not answer.
pub async fn account(env: &Env, id: &AccountId) -> worker::Result<Option<Rc<AccountRecord>>> {
    let Some(text) = platform::kv_get(env, &key::<Accounts>(id)).await? else {
        return Ok(None);
    };
    let known = ACCOUNTS.with_borrow(|accounts| {
        let found = accounts.iter().find(|(known, _)| *known == text);
        found.map(|(_, account)| account.clone())
    });
    if known.is_some() {
        return Ok(known);
    }
    let account: Option<Rc<AccountRecord>> = json::read(&text).ok().map(Rc::new);
    if let Some(account) = &account {
        ACCOUNTS.with_borrow_mut(|accounts| {
            accounts.retain(|(_, known)| known.id != account.id);
            if accounts.len() >= MOST_ACCOUNTS {
                accounts.clear();
            }
            accounts.push((text, account.clone()));
        });
    }
    Ok(account)
}

/// Writes a record, kept until it is overwritten or deleted, or for `seconds` (at least 60).
///
/// # Errors
/// If KV does not take it.
pub async fn put<F: Family>(
    env: &Env,
    at: &F::Key,
    value: &F::Value,
    seconds: Option<u64>,
) -> worker::Result<()> {
    let text = json::write(value)?;
    let seconds = seconds.map(|seconds| seconds.max(60));
    platform::kv_put(env, &key::<F>(at), &text, seconds, None).await
}

/// What is listed beside a session's key: no text, no number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct SessionMark {
    /// The number.
    pub sender: SenderId,
    /// When the window closes or closed.
    pub closes_at: Option<Timestamp>,
    /// The conversation's state.
    pub conversation: State,
}

/// Writes a session with its mark.
///
/// # Errors
/// If KV does not take it.
pub async fn put_session(
    env: &Env,
    thread: &ThreadId,
    sender: &SenderId,
    session: &Session,
) -> worker::Result<()> {
    let mark = SessionMark {
        sender: sender.clone(),
        closes_at: session.closes_at,
        conversation: session.conversation,
    };
    let text = json::write(session)?;
    let beside = json::write(&mark)?;
    let key = key::<Sessions>(thread);
    platform::kv_put(env, &key, &text, Some(SESSION_KEPT), Some(&beside)).await
}

/// What KV lists at a time.
#[derive(serde::Deserialize)]
struct Page {
    keys: Vec<Listed>,
    list_complete: bool,
    cursor: Option<String>,
}

/// A key that is listed, and what was written beside it.
#[derive(serde::Deserialize)]
struct Listed {
    metadata: Option<serde_json::Value>,
}

/// How many sessions of a number have an open window, as far as KV knows: for showing, never to decide.
///
/// # Errors
/// If KV does not answer.
pub async fn open_sessions(env: &Env, sender: &SenderId, now: Timestamp) -> worker::Result<u64> {
    let (mut open, mut cursor) = (0, None::<String>);
    loop {
        let page = platform::kv_list(env, Sessions::PREFIX, cursor.as_deref()).await?;
        let page: Page = json::read(&page)?;
        for key in page.keys {
            let mark = key.metadata.map(json::structure::<SessionMark>);
            if let Some(Ok(mark)) = mark
                && mark.sender == *sender
                && mark.closes_at.is_some_and(|closes_at| closes_at > now)
            {
                open += 1;
            }
        }
        match page.cursor {
            Some(next) if !page.list_complete => cursor = Some(next),
            _ => return Ok(open),
        }
    }
}

/// Deletes a record.
///
/// # Errors
/// If KV does not answer.
pub async fn delete<F: Family>(env: &Env, at: &F::Key) -> worker::Result<()> {
    platform::kv_delete(env, &key::<F>(at)).await
}
