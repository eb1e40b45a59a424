//! What does the world get to know of a thread? The session record in KV, the alias of a pointer, and, once,
//! the thread's name in the directory. And what is left of a thread that was erased.

use super::Inner;
use crate::objects::Reply;
use crate::{clock, directory, kv};
use shared::address::CustomerAddress;
use shared::consent::OptOut;
use shared::id::SenderId;
use shared::session::Session;
use shared::thread::{Task, Thread};
use shared::time::Timestamp;
use std::rc::Rc;

/// The thread's name is known to the directory.
const ENLISTED: &str = "enlisted";

/// The opt-out of a customer whose conversation was erased.
const SUPPRESSED: &str = "suppressed";

impl Inner {
    /// Makes the records in KV true: of a thread, of a pointer, or of neither.
    pub(super) async fn write_record(&self) -> Reply<()> {
        let name = self.name();
        if let Some(to) = self.pointer()? {
            kv::put::<kv::Aliases>(&self.env, &name, &to, None).await?;
            return Ok(kv::delete::<kv::Sessions>(&self.env, &name).await?);
        }
        let Some(thread) = self.thread()? else {
            return Ok(kv::delete::<kv::Sessions>(&self.env, &name).await?);
        };
        self.enlist(&thread.sender).await?;
        let sender = match self.sender().await {
            Ok(sender) => sender,
            // The number was deleted: its sessions are nobody's any more.
            Err(problem) if problem.status == 404 => {
                return Ok(kv::delete::<kv::Sessions>(&self.env, &name).await?);
            }
            Err(problem) => return Err(problem),
        };
        // Read again: it may have changed, or been erased, meanwhile.
        let Some(thread) = self.thread()? else {
            return Ok(kv::delete::<kv::Sessions>(&self.env, &name).await?);
        };
        let session = Session::of(&thread, &sender.sender);
        Ok(kv::put_session(&self.env, &name, &thread.sender, &session).await?)
    }

    /// Tells the directory, once, that there is this thread.
    async fn enlist(&self, sender: &SenderId) -> Reply<()> {
        if self.memory.borrow().enlisted {
            return Ok(());
        }
        if self.store()?.meta(ENLISTED)?.is_none() {
            let (name, now) = (self.name(), clock::domain());
            directory::calls::enlist(&self.env, name, sender.clone(), now).await?;
            self.store()?.set_meta(ENLISTED, "yes")?;
        }
        self.memory.borrow_mut().enlisted = true;
        Ok(())
    }

    /// A thread in which nothing has been said; an opt-out outlives what was erased.
    pub(super) fn begin(&self, sender: &SenderId, customer: &CustomerAddress) -> Reply<Thread> {
        let mut thread = Thread::new(sender.clone(), customer.clone());
        if let Some(json) = self.store()?.meta(SUPPRESSED)? {
            let out = crate::json::read::<OptOut>(&json).map_err(worker::Error::from)?;
            thread.consent.opted_out = Some(out);
        }
        Ok(thread)
    }

    /// Erases what was said here, who it was with, and what was to be sent. The hashes of what was seen
    /// stay, so that an old webhook replayed is no new message; so does an opt-out.
    pub(super) async fn erase(self: &Rc<Self>) -> Reply<()> {
        let opted_out = self.thread()?.and_then(|thread| thread.consent.opted_out);
        let store = self.store()?;
        if let Some(out) = opted_out {
            let json = crate::json::write(&out).map_err(worker::Error::from)?;
            store.set_meta(SUPPRESSED, &json)?;
        }
        store.empty()?;
        store.schedule(&Task::Publish, Timestamp(0))?;
        {
            let mut memory = self.memory.borrow_mut();
            memory.thread = None;
            memory.enlisted = false;
        }
        self.close_all();
        self.arm(Some(Timestamp(0))).await;
        self.state.wait_until(self.clone().drain());
        Ok(())
    }
}
