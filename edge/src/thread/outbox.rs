//! What is due, and who is at it? The outbox: rows, leases and the watchdog.
//!
//! Deeds run at once; the alarm is a watchdog for rows left behind. It is armed only when none
//! earlier is, and never moved at every event: an alarm for each webhook halves the throughput.
//! Whoever takes a row leases it, so that two never do. The session record alone has no such lease: it
//! may be written twice, so who is at it is remembered in memory.

use super::Inner;
use super::store::Row;
use crate::objects::Reply;
use crate::{clock, together};
use futures_util::future::LocalBoxFuture;
use shared::message::Stage;
use shared::thread::Task;
use shared::time::{Span, Timestamp};
use std::rc::Rc;
use std::time::Duration;

/// For how long a row is taken, and how late the watchdog looks after rows that are due at once. A
/// fetch is bounded to 10 s, so a lease that ran out belongs to nobody.
const LEASE: Span = Span::seconds(30);

/// The session record is written at most so often: KV takes one write a second for each key.
const PUBLISH_EVERY: Span = Span::seconds(1);

impl Inner {
    /// Sees to it that the alarm fires for a task that is due at `due` (by the rule's clock), or
    /// for whatever lies in the outbox.
    pub(super) async fn arm(&self, due: Option<Timestamp>) {
        let armed = self.memory.borrow().alarm;
        let wanted = match (due, armed) {
            // Armed before, so every row older than this one is looked after.
            (Some(due), Some(_)) => Some(self.wake_for(due, Timestamp(0))),
            _ => self.next_wake(),
        };
        let Some(wanted) = wanted.filter(|at| armed.is_none_or(|armed| *at < armed)) else {
            return;
        };
        self.memory.borrow_mut().alarm = Some(wanted);
        let delay = u64::try_from((wanted - clock::wall()).0)
            .unwrap_or(0)
            .max(1);
        if let Err(error) = self
            .state
            .storage()
            .set_alarm(Duration::from_millis(delay))
            .await
        {
            self.memory.borrow_mut().alarm = None;
            worker::console_error!(
                "thread {}: the watchdog cannot be set: {error}",
                self.name().as_str()
            );
        }
    }

    /// When to wake for one row, by the wall's clock.
    fn wake_for(&self, due: Timestamp, leased: Timestamp) -> Timestamp {
        let wall = clock::wall();
        let ahead = (due - clock::domain()).0;
        if ahead > 0 {
            wall + Span(ahead)
        } else {
            (wall + LEASE).max(leased + Span(1))
        }
    }

    fn next_wake(&self) -> Option<Timestamp> {
        let rows = self.store().ok()?.outbox().ok()?;
        let for_rows = rows
            .iter()
            .map(|row| self.wake_for(row.due, row.leased))
            .min();
        match (for_rows, self.next_expiry()) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    /// Carries out everything that is due, side by side, until nothing is.
    pub(super) async fn drain(self: Rc<Self>) {
        loop {
            let (rows, left) = match self.lease_due() {
                Ok(leased) => leased,
                Err(_) => return self.arm(None).await,
            };
            if rows.is_empty() {
                // Nothing is left, or somebody is at it: the watchdog is set already for what is due.
                if left {
                    self.arm(None).await;
                }
                return;
            }
            together::each(rows.iter().map(|row| self.carry_out(row)).collect()).await;
        }
    }

    /// Takes what is due and not taken, and tells whether anything is left. Messages leave one after the
    /// other, in the thread's order.
    fn lease_due(&self) -> Reply<(Vec<Row>, bool)> {
        let store = self.store()?;
        let (domain, wall) = (clock::domain(), clock::wall());
        let mut due = Vec::new();
        let mut first_send: Option<(u64, Row)> = None;
        let rows = store.outbox()?;
        let left = !rows.is_empty();
        for row in rows.into_iter().filter(|row| row.task != Task::Publish) {
            if let Task::Send(id) = &row.task {
                let place = store.message(id)?.map_or(0, |(message, _)| message.place);
                if first_send.as_ref().is_none_or(|(first, _)| place < *first) {
                    first_send = Some((place, row));
                }
            } else {
                due.push(row);
            }
        }
        due.extend(first_send.map(|(_, row)| row));
        due.retain(|row| row.due <= domain && row.leased <= wall);
        for row in &due {
            store.lease(row, wall + LEASE)?;
        }
        Ok((due, left))
    }

    fn carry_out<'a>(self: &'a Rc<Self>, row: &'a Row) -> LocalBoxFuture<'a, ()> {
        Box::pin(async move {
            let done = match &row.task {
                Task::Send(message) => self.send(message, row.attempts + 1).await,
                Task::LookUp(message) => self.look_up(message).await,
                Task::Point(address) => self.gather(address).await,
                // Not among the rows that are taken.
                Task::Publish => Ok(()),
            };
            if let Err(problem) = done {
                // The row stays, leased: the watchdog comes back to it.
                worker::console_error!(
                    "thread {}: {} is put off: {}",
                    self.name().as_str(),
                    name_of(&row.task),
                    problem.code
                );
            }
        })
    }

    /// Sees to it that somebody writes the session record. One at a time, and that is remembered here
    /// alone: what was asked for is a row, which the watchdog finds after a crash.
    pub(super) fn begin_publishing(self: &Rc<Self>) {
        let wall = clock::wall();
        let at_it = self.memory.borrow().publishing;
        if at_it <= wall {
            let until = wall + LEASE;
            self.memory.borrow_mut().publishing = until;
            self.state.wait_until(self.clone().publish(until));
        }
    }

    /// Writes the session record, at most once a second, until what is written is what is true.
    async fn publish(self: Rc<Self>, mut until: Timestamp) {
        if let Err(problem) = self.keep_publishing(&mut until).await {
            // The row stays: the watchdog comes back to it.
            worker::console_error!(
                "thread {}: the session record is put off: {}",
                self.name().as_str(),
                problem.code
            );
        }
        let mut memory = self.memory.borrow_mut();
        if memory.publishing == until {
            memory.publishing = Timestamp(0);
        }
    }

    /// `until` is for how long it is ours: if KV kept us waiting beyond that, another is at it.
    async fn keep_publishing(&self, until: &mut Timestamp) -> Reply<()> {
        loop {
            let wait = self.memory.borrow().published + PUBLISH_EVERY - clock::wall();
            if wait.0 > 0 {
                worker::Delay::from(Duration::from_millis(wait.0.unsigned_abs())).await;
            }
            // Read after waiting: what was asked for meanwhile is written, too.
            self.memory.borrow_mut().asked = false;
            let Some(version) = self.store()?.unpublished()? else {
                return Ok(());
            };
            *until = self.publish_from_now();
            self.write_record().await?;
            if self.store()?.published(version)? || self.memory.borrow().publishing != *until {
                return Ok(());
            }
        }
    }

    /// Notes that the session record is being written, and until when that is ours.
    fn publish_from_now(&self) -> Timestamp {
        let wall = clock::wall();
        let mut memory = self.memory.borrow_mut();
        memory.published = wall;
        memory.publishing = wall + LEASE;
        memory.publishing
    }

    /// Settles an attempt that nobody is making any more.
    pub(super) fn was_interrupted(stage: &Stage) -> bool {
        matches!(stage, Stage::Attempting { .. })
    }
}

fn name_of(task: &Task) -> &'static str {
    match task {
        Task::Send(_) => "a hand-over",
        Task::LookUp(_) => "a search",
        Task::Point(_) => "a joining",
        Task::Publish => "the session record",
    }
}
