//! What happens to a thread? `ThreadObject`: the shell around the core `shared::thread`.
//!
//! One object per sender and customer. It loads, asks the core, writes what comes out in one
//! synchronous run, and then carries the effects out:
//!
//! | question | module |
//! |---|---|
//! | what wakes it? | [`object`] |
//! | what may be asked of it? | [`calls`], done in [`conduct`] |
//! | how does it lie in SQLite? | [`store`] |
//! | how is a step written? | [`commit`] |
//! | what is due, and who is at it? | [`outbox`] |
//! | what does the world know of it? | [`record`] |
//! | how does a message leave? | [`send`] |
//! | who is watching? | [`watch`], [`command`] |
//! | whose address is it? | [`identity`] |

pub mod calls;
mod command;
mod commit;
mod conduct;
mod identity;
#[cfg(feature = "worker")]
mod object;
mod outbox;
mod record;
mod send;
mod store;
pub mod watch;

#[cfg(feature = "worker")]
pub use object::ThreadObject;

use crate::objects::{self, Reply};
use crate::problem::Problem;
use crate::records::SenderRecord;
use crate::{clock, config, kv};
use calls::Call;
use shared::id::{MessageId, ThreadId};
use shared::identity::NamingKey;
use shared::thread::Thread;
use shared::time::{Span, Timestamp};
use std::cell::RefCell;
use std::rc::Rc;
use store::Store;
use worker::{Env, State, web_sys};

/// How long what is known of the sender is taken as it is, by the wall's clock.
const SENDER_KEPT: Span = Span::seconds(30);

/// What the object holds. Nothing in `memory` is the only copy of anything.
struct Inner {
    state: State,
    env: Env,
    store: worker::Result<Store>,
    memory: RefCell<Memory>,
}

/// What need not be read again while the object is awake.
#[derive(Default)]
struct Memory {
    thread: Option<Thread>,
    sender: Option<(Rc<SenderRecord>, Timestamp)>,
    /// The number's record as the last webhook brought it, and as it was read.
    brought: Option<(String, Rc<SenderRecord>)>,
    /// When the alarm will fire, by the wall's clock, as far as it is known.
    alarm: Option<Timestamp>,
    /// Whether this object was found to be no pointer.
    settled: bool,
    /// Whether the directory knows of this thread.
    enlisted: bool,
    /// Whether the row that asks for the session record is there, and nobody has read it yet.
    asked: bool,
    /// When the session record was last written, by the wall's clock.
    published: Timestamp,
    /// Until when somebody is at writing it, by the wall's clock.
    publishing: Timestamp,
}

impl Inner {
    /// What is asked: a webhook arrives, or a call is made.
    async fn asked(self: &Rc<Self>, text: &str) -> worker::Result<web_sys::Response> {
        let Some((at, sender, body)) = calls::arrived(text) else {
            let call = crate::json::read(text).map_err(worker::Error::from)?;
            return self.answer(call).await;
        };
        let sender = self.brought(sender)?;
        objects::answer(&self.inbound(body, at, sender).await)
    }

    /// The number's record that a webhook brought: read anew if it is another one than the last brought.
    fn brought(&self, text: &str) -> worker::Result<Rc<SenderRecord>> {
        if let Some((known, sender)) = &self.memory.borrow().brought
            && known == text
        {
            return Ok(sender.clone());
        }
        let sender: Rc<SenderRecord> = Rc::new(crate::json::read(text)?);
        self.memory.borrow_mut().brought = Some((text.into(), sender.clone()));
        Ok(sender)
    }

    async fn answer(self: &Rc<Self>, call: Call) -> worker::Result<web_sys::Response> {
        match call {
            Call::Inbound {
                mut body,
                params,
                at,
                sender,
            } => {
                if body.is_empty() {
                    body = shared::twilio::form::print(&params);
                }
                objects::answer(&self.inbound(&body, at, Rc::new(sender)).await)
            }
            Call::Status { message, params } => {
                objects::answer(&self.status(message, &params).await)
            }
            Call::Open {
                caller,
                sender,
                customer,
            } => objects::answer(&self.open(&caller, sender, &customer).await),
            Call::Propose {
                caller,
                client,
                proposal,
            } => objects::answer(&self.propose(&caller, client, proposal).await),
            Call::Messages {
                caller,
                before,
                limit,
            } => objects::answer(&self.messages(&caller, before, limit)),
            Call::Session { caller } => objects::answer(&self.session(&caller).await),
            Call::OptIn {
                caller,
                client,
                source,
                wording,
                at,
            } => objects::answer(&self.opt_in(&caller, client, source, wording, at).await),
            Call::Decide {
                caller,
                message,
                choice,
            } => objects::answer(&self.decide(&caller, &message, choice).await),
            Call::Whereabouts => objects::answer(&self.whereabouts()),
            Call::Point { to } => objects::answer(&self.point(&to).await),
            Call::Erase => objects::answer(&self.erase().await),
            #[cfg(feature = "simulated-clock")]
            Call::Tick => {
                self.tell_clock();
                self.begin_publishing();
                self.clone().drain().await;
                objects::answer(&Ok(()))
            }
        }
    }

    #[cfg(feature = "simulated-clock")]
    async fn learn_clock(&self) {
        clock::learn(&self.env).await;
        crate::thread::calls::awake(&self.name());
    }

    #[cfg(not(feature = "simulated-clock"))]
    #[allow(clippy::unused_async)] // the other build waits here
    async fn learn_clock(&self) {}

    fn store(&self) -> Reply<&Store> {
        self.store.as_ref().map_err(|_| Problem::unavailable())
    }

    /// This thread's name.
    fn name(&self) -> ThreadId {
        ThreadId::trusted(self.state.id().name().unwrap_or_default())
    }

    fn key(&self) -> Reply<NamingKey> {
        Ok(config::naming_key(&self.env)?)
    }

    /// The thread, if there is one here.
    fn thread(&self) -> Reply<Option<Thread>> {
        if let Some(thread) = self.memory.borrow().thread.clone() {
            return Ok(Some(thread));
        }
        let thread = self.store()?.thread()?;
        self.memory.borrow_mut().thread.clone_from(&thread);
        Ok(thread)
    }

    /// Sends the call on, if this address belongs to another thread.
    fn here(&self) -> Reply<()> {
        match self.pointer()? {
            Some(to) => Err(calls::moved(&to)),
            None => Ok(()),
        }
    }

    /// The thread to which this address belongs, if that is another one.
    fn pointer(&self) -> Reply<Option<ThreadId>> {
        if self.memory.borrow().settled {
            return Ok(None);
        }
        let pointer = self.store()?.pointer()?;
        self.memory.borrow_mut().settled = pointer.is_none();
        Ok(pointer)
    }

    /// What is known of the sender: a moment old at most in KV's terms. Whether a template may be
    /// sent is never decided from it.
    async fn sender(&self) -> Reply<SenderRecord> {
        let now = clock::wall();
        if let Some((sender, at)) = self.memory.borrow().sender.as_ref()
            && now - *at < SENDER_KEPT
        {
            return Ok((**sender).clone());
        }
        let thread = self.thread()?.ok_or_else(Problem::not_found)?;
        let sender = match kv::get::<kv::Senders>(&self.env, &thread.sender).await? {
            Some(sender) => sender,
            None => crate::directory::calls::sender(&self.env, &thread.sender)
                .await?
                .ok_or_else(Problem::not_found)?,
        };
        self.remember(Rc::new(sender.clone()));
        Ok(sender)
    }

    fn remember(&self, sender: Rc<SenderRecord>) {
        self.memory.borrow_mut().sender = Some((sender, clock::wall()));
    }
}

/// A name for a new message: 128 random bits.
fn new_message() -> Reply<MessageId> {
    new_messages().map(|[id]| id)
}

/// Names for several new messages, drawn at once.
fn new_messages<const N: usize>() -> Reply<[MessageId; N]> {
    let mut drawn = [[0u8; 16]; N];
    getrandom::fill(drawn.as_flattened_mut()).map_err(|_| Problem::unavailable())?;
    Ok(drawn.map(|bytes| {
        let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let digits = digits.map(|digit| char::from_digit(digit.into(), 16).unwrap_or('0'));
        MessageId::trusted(digits.collect::<String>())
    }))
}
