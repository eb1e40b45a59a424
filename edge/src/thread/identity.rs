//! Whose address is it? Pointers, joining, and the other writings of a number.
//!
//! The object of an address is a thread or a durable pointer to one. A pointer keeps what it had
//! and hands it over again when asked again, so a joining that was cut off is simply repeated.

use super::Inner;
use super::calls::{self, Belongings, Call, Whereabouts};
use crate::objects::{self, Reply};
use crate::problem::Problem;
use crate::records::SenderRecord;
use shared::address::CustomerAddress;
use shared::id::ThreadId;
use shared::identity;
use shared::message::{Message, Stage};
use shared::policy::Proposal;
use shared::thread::{Event, Task};
use shared::time::{Span, Timestamp};
use std::rc::Rc;

/// How long after a joining an attempt that was under way elsewhere is looked after here.
const ATTEMPT_ENDS: Span = Span::seconds(30);

impl Inner {
    /// What is here?
    pub(super) fn whereabouts(&self) -> Reply<Whereabouts> {
        let thread = self.thread()?;
        Ok(Whereabouts {
            exists: thread.is_some(),
            wrote: thread.is_some_and(|thread| thread.window.last_inbound.is_some()),
            pointer: self.store()?.pointer()?,
        })
    }

    /// Before a thread is begun: is the same phone known under another writing? We may have written
    /// to that one first. Two that both wrote are never one.
    pub(super) async fn find_other_writing(
        &self,
        sender: &SenderRecord,
        address: &CustomerAddress,
    ) -> Reply<()> {
        for variant in address.variants() {
            let name = identity::thread_id(&self.key()?, &sender.sender.id, &variant);
            let there: Whereabouts =
                objects::call(&objects::object_of(&self.env, &name)?, &Call::Whereabouts).await?;
            if self.thread()?.is_some() {
                return Ok(());
            }
            if there.exists && !there.wrote && there.pointer.is_none() {
                self.become_pointer(&name)?;
                self.store()?.schedule(&Task::Publish, Timestamp(0))?;
                return Err(calls::moved(&name));
            }
        }
        Ok(())
    }

    fn become_pointer(&self, to: &ThreadId) -> Reply<()> {
        self.memory.borrow_mut().settled = false;
        Ok(self.store()?.point(to)?)
    }

    /// Becomes a pointer, and hands over what was here.
    pub(super) async fn point(self: &Rc<Self>, to: &ThreadId) -> Reply<Belongings> {
        if *to == self.name() {
            return Ok(Belongings::default());
        }
        let store = self.store()?;
        let belongings = Belongings {
            thread: store.thread()?,
            messages: store.everything()?,
            seen: store.all_seen()?,
        };
        self.become_pointer(to)?;
        // What waits here is sent from there.
        for row in store.outbox()? {
            store.settle(&row.task)?;
        }
        store.schedule(&Task::Publish, Timestamp(0))?;
        self.arm(Some(Timestamp(0))).await;
        self.begin_publishing();
        Ok(belongings)
    }

    /// Makes the object of a business-scoped id point here, and takes over what it has.
    pub(super) async fn gather(self: &Rc<Self>, address: &CustomerAddress) -> Reply<()> {
        let thread = self.thread()?.ok_or_else(Problem::not_found)?;
        let task = Task::Point(address.clone());
        let name = identity::thread_id(&self.key()?, &thread.sender, address);
        if name == self.name() {
            return Ok(self.store()?.settle(&task)?);
        }
        let there = objects::object_of(&self.env, &name)?;
        let belongings: Belongings =
            objects::call(&there, &Call::Point { to: self.name() }).await?;
        self.take_over(belongings)?;
        self.store()?.settle(&task)?;
        self.arm(None).await;
        Ok(())
    }

    /// One run: the other thread's state, SIDs and messages become ours, in one order by time.
    fn take_over(&self, belongings: Belongings) -> Reply<()> {
        let (store, Some(thread)) = (self.store()?, self.thread()?) else {
            return Ok(());
        };
        for hash in &belongings.seen {
            store.claim(hash)?;
        }
        let Some(other) = belongings.thread else {
            return Ok(());
        };
        let known = match belongings.messages.first() {
            Some((first, _)) => store.has(&first.id)?,
            None => false,
        };
        if known {
            return Ok(());
        }
        if self.take(&thread, Event::Join { other })?.is_err() {
            return Ok(());
        }
        let thread = self.thread()?.ok_or_else(Problem::not_found)?;
        let ours = store.everything()?.into_iter();
        let theirs = belongings.messages.into_iter();
        let mut all: Vec<(bool, Message, Option<Proposal>)> = ours
            .map(|(message, _)| (true, message, None))
            .chain(theirs.map(|(message, proposal)| (false, message, proposal)))
            .collect();
        all.sort_unstable_by_key(|(_, message, _)| (message.at, message.place));
        store.free_places()?;
        for (index, (ours, mut message, proposal)) in all.into_iter().enumerate() {
            let before = message.place;
            message.place = index as u64 + 1;
            message.changed = thread.sequence;
            if ours {
                store.place_anew(before, &message)?;
            } else {
                store.put(&message, None)?;
            }
            if let Some(proposal) = proposal {
                store.keep_proposal(&message.id, &proposal)?;
            }
            match message.stage {
                Stage::Waiting => store.schedule(&Task::Send(message.id), Timestamp(0))?,
                Stage::Attempting { since } => {
                    store.schedule(&Task::Send(message.id), since + ATTEMPT_ENDS)?
                }
                Stage::Unconfirmed { ask: false, .. } => {
                    store.schedule(&Task::LookUp(message.id), Timestamp(0))?
                }
                _ => {}
            }
        }
        store.all_changed(thread.sequence)?;
        let messages = store.before(u64::MAX, shared::protocol::PAGE_OF_MESSAGES)?;
        self.tell_changed(crate::clock::domain(), &thread, &messages);
        Ok(())
    }
}
