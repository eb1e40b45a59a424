//! How does what is due lie in SQLite? The outbox's rows.

use super::{Store, counter, number, parsed, text};
use crate::json;
use serde::Deserialize;
use shared::thread::Task;
use shared::time::Timestamp;

/// A row of the outbox: a task that is due, or will be.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::thread) struct Row {
    /// What to do.
    pub(in crate::thread) task: Task,
    /// When, by the rule's clock.
    pub(in crate::thread) due: Timestamp,
    /// Until when somebody is at it, by the wall's clock.
    pub(in crate::thread) leased: Timestamp,
    /// How often it was begun.
    pub(in crate::thread) attempts: u32,
}

#[derive(Deserialize)]
struct RawRow {
    task: String,
    due: i64,
    leased: i64,
    attempts: u32,
}

#[derive(Deserialize)]
struct Version {
    version: u64,
}

impl Store {
    /// Asks for a task, or asks again: then whoever is at it is free to take it anew.
    ///
    /// # Errors
    /// If the database fails.
    pub(in crate::thread) fn schedule(&self, task: &Task, due: Timestamp) -> worker::Result<()> {
        self.run(
            "INSERT INTO outbox (task, due) VALUES (?, ?)
             ON CONFLICT (task) DO UPDATE SET due = excluded.due, leased = 0, version = version + 1",
            vec![text(&json::write(task)?), number(due.0.max(0))],
        )
    }

    /// The task is done with.
    ///
    /// # Errors
    /// If the database fails.
    pub(in crate::thread) fn settle(&self, task: &Task) -> worker::Result<()> {
        self.run(
            "DELETE FROM outbox WHERE task = ?",
            vec![text(&json::write(task)?)],
        )
    }

    /// Which version of the session record is to be written, if any is.
    ///
    /// # Errors
    /// If the database fails.
    pub(in crate::thread) fn unpublished(&self) -> worker::Result<Option<u64>> {
        let rows: Vec<Version> = self.rows(
            "SELECT version FROM outbox WHERE task = ?",
            vec![text(&json::write(&Task::Publish)?)],
        )?;
        Ok(rows.first().map(|row| row.version))
    }

    /// This version of the session record is written. Whether it was the last.
    ///
    /// # Errors
    /// If the database fails.
    pub(in crate::thread) fn published(&self, version: u64) -> worker::Result<bool> {
        self.0.run(
            "DELETE FROM outbox WHERE task = ? AND version = ?",
            vec![text(&json::write(&Task::Publish)?), counter(version)],
        )
    }

    /// Takes a row until `until`: nobody else may carry it out before.
    ///
    /// # Errors
    /// If the database fails.
    pub(in crate::thread) fn lease(&self, row: &Row, until: Timestamp) -> worker::Result<()> {
        self.run(
            "UPDATE outbox SET leased = ?, attempts = attempts + 1 WHERE task = ?",
            vec![number(until.0), text(&json::write(&row.task)?)],
        )
    }

    /// All rows of the outbox.
    ///
    /// # Errors
    /// If the database fails.
    pub(in crate::thread) fn outbox(&self) -> worker::Result<Vec<Row>> {
        let rows: Vec<RawRow> =
            self.rows("SELECT task, due, leased, attempts FROM outbox", vec![])?;
        rows.into_iter()
            .map(|row| {
                Ok(Row {
                    task: parsed(&row.task)?,
                    due: Timestamp(row.due),
                    leased: Timestamp(row.leased),
                    attempts: row.attempts,
                })
            })
            .collect()
    }
}
