//! Which threads does a number have? Their names, told once when a thread is begun: what has to be ended
//! with the number. Nothing of what is said in them is here.
//!
//! An erasure is a row until the thread's object has answered that nothing is left.

use super::store::Store;
use serde::Deserialize;
use shared::id::{SenderId, TemplateId, ThreadId};
use shared::time::Timestamp;
use worker::{Result, SqlStorageValue as Sql};

/// How many threads are erased in one go.
const AT_ONCE: i64 = 50;

#[derive(Deserialize)]
struct Name {
    id: String,
}

#[derive(Deserialize)]
struct Count {
    count: u64,
}

/// How often a template was sent for a number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, serde::Serialize)]
pub struct Sent {
    /// The template.
    pub template: TemplateId,
    /// The number.
    pub sender: SenderId,
    /// How often it was handed to Twilio, or was about to be.
    pub count: u64,
    /// The last time.
    pub last_at: Timestamp,
}

impl Store {
    /// A thread was begun.
    pub(super) fn enlist(&self, thread: &ThreadId, sender: &SenderId, at: Timestamp) -> Result<()> {
        self.run(
            "INSERT INTO thread (id, sender, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            vec![
                thread.as_str().into(),
                sender.as_str().into(),
                Sql::try_from_i64(at.0)?,
            ],
        )
    }

    /// How many threads a number has.
    pub(super) fn threads_of(&self, sender: &SenderId) -> Result<u64> {
        let rows: Vec<Count> = self.rows(
            "SELECT count(*) AS count FROM thread WHERE sender = ?",
            vec![sender.as_str().into()],
        )?;
        Ok(rows.first().map_or(0, |row| row.count))
    }

    /// Whether this number was deleted, and its conversations with it.
    pub(super) fn is_erased(&self, sender: &SenderId) -> Result<bool> {
        let rows: Vec<Count> = self.rows(
            "SELECT count(*) AS count FROM sender WHERE id = ? AND deleted AND json_extract(body, '$.erased')",
            vec![sender.as_str().into()],
        )?;
        Ok(rows.first().is_some_and(|row| row.count > 0))
    }

    /// All threads of a number are to be erased.
    pub(super) fn erase_all(&self, sender: &SenderId, now: Timestamp) -> Result<()> {
        self.run(
            "INSERT INTO erasure (thread, at) SELECT id, ? FROM thread WHERE sender = ? ON CONFLICT DO NOTHING",
            vec![Sql::try_from_i64(now.0)?, sender.as_str().into()],
        )
    }

    /// Some threads that are to be erased.
    pub(super) fn to_erase(&self) -> Result<Vec<ThreadId>> {
        let rows: Vec<Name> = self.rows(
            "SELECT thread AS id FROM erasure ORDER BY at LIMIT ?",
            vec![Sql::Integer(AT_ONCE)],
        )?;
        Ok(rows
            .into_iter()
            .map(|row| ThreadId::trusted(row.id))
            .collect())
    }

    /// A thread is erased.
    pub(super) fn erased(&self, thread: &ThreadId) -> Result<()> {
        for statement in [
            "DELETE FROM erasure WHERE thread = ?",
            "DELETE FROM thread WHERE id = ?",
        ] {
            self.run(statement, vec![thread.as_str().into()])?;
        }
        Ok(())
    }

    /// A template is about to be sent.
    pub(super) fn count_sent(
        &self,
        template: &TemplateId,
        sender: &SenderId,
        at: Timestamp,
    ) -> Result<()> {
        self.run(
            "INSERT INTO sent (template, sender, count, last_at) VALUES (?, ?, 1, ?)
             ON CONFLICT (template, sender) DO UPDATE SET count = count + 1, last_at = excluded.last_at",
            vec![
                template.as_str().into(),
                sender.as_str().into(),
                Sql::try_from_i64(at.0)?,
            ],
        )
    }

    /// Which templates were sent how often.
    pub(super) fn all_sent(&self) -> Result<Vec<Sent>> {
        self.rows(
            "SELECT template, sender, count, last_at FROM sent ORDER BY template, sender",
            vec![],
        )
    }
}
