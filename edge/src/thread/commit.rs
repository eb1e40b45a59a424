//! How is a step written? State and effects in one synchronous run, then the deeds.

use super::Inner;
use crate::clock;
use crate::objects::Reply;
use crate::problem::Problem;
use shared::id::MessageId;
use shared::message::Message;
use shared::policy::{Permit, Refusal};
use shared::thread::{Decline, Effect, Event, Step, Task, Thread};
use shared::time::Timestamp;
use std::rc::Rc;

/// What a committed step leaves to be done at once.
#[derive(Default)]
pub(super) struct Committed {
    /// The messages it touched.
    pub(super) messages: Vec<Message>,
    /// The permit it took, if it is an attempt.
    pub(super) permit: Option<Permit>,
    /// The earliest moment at which a task it asked for is due, by the rule's clock.
    pub(super) due: Option<Timestamp>,
    /// Whether the session record is to be written.
    pub(super) publish: bool,
}

impl Inner {
    /// Lets an event happen to the thread: decision and write in one run, nothing awaited in
    /// between. The runtime holds every answer back until the write is durable.
    pub(super) fn take(
        &self,
        thread: &Thread,
        event: Event<'_>,
    ) -> Reply<Result<Committed, Decline>> {
        self.take_with(thread, event, None)
    }

    /// The same, for an event that came by a webhook: that is kept, as it came, beside the message.
    pub(super) fn take_with(
        &self,
        thread: &Thread,
        event: Event<'_>,
        raw: Option<(&MessageId, &str)>,
    ) -> Reply<Result<Committed, Decline>> {
        let now = clock::domain();
        match shared::thread::step(thread, event, now) {
            Ok(step) => self.commit(thread, step, raw, now).map(Ok),
            Err(decline) => Ok(Err(decline)),
        }
    }

    fn commit(
        &self,
        before: &Thread,
        step: Step,
        raw: Option<(&MessageId, &str)>,
        now: Timestamp,
    ) -> Reply<Committed> {
        let store = self.store()?;
        let Step { thread, effects } = step;
        let mut committed = Committed::default();
        let mut given_back: Vec<(MessageId, Refusal)> = Vec::new();
        if thread != *before || thread.sequence == 0 {
            store.put_thread(&thread)?;
        }
        for effect in effects {
            match effect {
                // Claimed when it was asked about, in this same run.
                Effect::Claim(_) => {}
                Effect::Put(message) => {
                    let raw = raw.filter(|(id, _)| **id == message.id);
                    store.put(&message, raw.map(|(_, raw)| raw))?;
                    committed.messages.push(*message);
                }
                Effect::Keep { message, proposal } => store.keep_proposal(&message, &proposal)?,
                Effect::Schedule {
                    task: Task::Publish,
                    due,
                } => {
                    committed.publish = true;
                    // Who writes the record reads the row first, and the thread after that.
                    if !self.memory.borrow().asked {
                        store.schedule(&Task::Publish, due)?;
                        self.memory.borrow_mut().asked = true;
                    }
                }
                Effect::Schedule { task, due } => {
                    store.schedule(&task, due)?;
                    let earlier = committed.due.is_none_or(|known| due < known);
                    if earlier {
                        committed.due = Some(due);
                    }
                }
                Effect::Settle(task) => store.settle(&task)?,
                Effect::HandOver { permit, .. } => committed.permit = Some(permit),
                Effect::GiveBack { message, refusal } => given_back.push((message, refusal)),
            }
        }
        if thread != *before || !committed.messages.is_empty() {
            self.tell_changed(now, &thread, &committed.messages);
        }
        self.memory.borrow_mut().thread = Some(thread);
        for (message, refusal) in given_back {
            self.give_back(&message, refusal)?;
        }
        Ok(committed)
    }

    /// After a commit: the watchdog is set and what is due is carried out, while the caller already
    /// has its answer.
    pub(super) async fn follow_up(self: &Rc<Self>, committed: &Committed) {
        let now = clock::domain();
        let publish = committed.publish.then_some(now);
        let Some(first) = committed.due.into_iter().chain(publish).min() else {
            return;
        };
        self.arm(Some(first)).await;
        if committed.publish {
            self.begin_publishing();
        }
        if committed.due.is_some_and(|due| due <= now) {
            self.state.wait_until(self.clone().drain());
        }
    }

    /// Takes an event about a message that is only in the store, and follows up.
    pub(super) async fn happen(
        self: &Rc<Self>,
        id: &MessageId,
        event: impl FnOnce(Message) -> Event<'static>,
    ) -> Reply<Committed> {
        let (Some(thread), Some((message, _))) = (self.thread()?, self.store()?.message(id)?)
        else {
            self.store()?.settle(&Task::Send(id.clone()))?;
            self.store()?.settle(&Task::LookUp(id.clone()))?;
            return Ok(Committed::default());
        };
        match self.take(&thread, event(message))? {
            Ok(committed) => {
                self.follow_up(&committed).await;
                Ok(committed)
            }
            Err(_) => Err(Problem::new(409, "nothing-to-decide")),
        }
    }
}
