//! How does the set-up get into KV? From the outbox: rows written together with the change that asked
//! for them, carried out at once and, if KV was out of reach, again by the alarm.
//!
//! A row says *that* a record has to be made true, not what it says: what is written is read at the
//! last moment, so it is always the newest. Whoever publishes a record leases its row, so that two
//! never do and an older record never lands after a newer one; a row is deleted only if its version is
//! still the one that was written.

use super::rules::Publication;
use super::store::Store;
use crate::clock::wall;
use crate::{kv, together};
use futures_util::future::{Either, LocalBoxFuture, select};
use serde::Deserialize;
use shared::time::{Span, Timestamp};
use std::pin::pin;
use std::time::Duration;
use worker::{Delay, Env, Error, Result, SqlStorageValue as Sql};

/// How long whoever publishes a record may take.
const LEASE: Span = Span::seconds(60);

/// The longest that one write to KV may take.
const LONGEST_WRITE: Duration = Duration::from_secs(10);

/// How long to wait after a failed write before trying again: KV takes one write a second per key.
const PAUSES: [Duration; 2] = [Duration::from_millis(600), Duration::from_millis(1_200)];

/// A row of the outbox.
#[derive(Deserialize)]
struct Row {
    family: String,
    id: String,
    version: i64,
}

impl Store {
    /// Takes the rows that nobody else is busy with.
    fn take(&self, now: Timestamp) -> Result<Vec<Row>> {
        self.rows(
            "UPDATE outbox SET leased_until = ? WHERE leased_until <= ? RETURNING family, id, version",
            vec![Sql::try_from_i64((now + LEASE).0)?, Sql::try_from_i64(now.0)?],
        )
    }

    /// A record was written as it was at `row`'s version. If it has changed since, the row that now
    /// has to be carried out, still leased.
    fn published(&self, row: &Row) -> Result<Option<Row>> {
        let key = || vec![Sql::from(row.family.as_str()), Sql::from(row.id.as_str())];
        let mut written = key();
        written.push(Sql::try_from_i64(row.version)?);
        self.run(
            "DELETE FROM outbox WHERE family = ? AND id = ? AND version <= ?",
            written,
        )?;
        let left = self.rows(
            "SELECT family, id, version FROM outbox WHERE family = ? AND id = ?",
            key(),
        )?;
        Ok(left.into_iter().next())
    }

    /// Leaves a row for the alarm.
    fn give_back(&self, row: &Row) -> Result<()> {
        let key = vec![row.family.as_str().into(), row.id.as_str().into()];
        self.run(
            "UPDATE outbox SET leased_until = 0 WHERE family = ? AND id = ?",
            key,
        )
    }

    /// Whether anything still has to be published.
    pub(super) fn unpublished(&self) -> Result<bool> {
        let rows: Vec<Row> = self.rows("SELECT family, id, version FROM outbox LIMIT 1", vec![])?;
        Ok(!rows.is_empty())
    }
}

/// Publishes what has to be, side by side. What cannot be is left for the alarm.
pub(super) async fn run(store: &Store, env: &Env) -> Result<()> {
    let rows = store.take(wall())?;
    let deeds = rows
        .into_iter()
        .map(|row| -> LocalBoxFuture<'_, _> { Box::pin(publish(store, env, row)) });
    let published = together::all(deeds.collect()).await;
    published.into_iter().collect()
}

async fn publish(store: &Store, env: &Env, mut row: Row) -> Result<()> {
    let mut pauses = PAUSES.into_iter();
    loop {
        match write(store, env, &row).await {
            Ok(()) => match store.published(&row)? {
                Some(newer) => row = newer,
                None => return Ok(()),
            },
            Err(error) => match pauses.next() {
                Some(pause) => Delay::from(pause).await,
                None => {
                    worker::console_error!(
                        "config:{}:{} is not published: {error}",
                        row.family,
                        row.id
                    );
                    return store.give_back(&row);
                }
            },
        }
    }
}

/// Makes one record true, within bounded time.
async fn write(store: &Store, env: &Env, row: &Row) -> Result<()> {
    let Some(publication) = Publication::of(&row.family, &row.id) else {
        return Ok(());
    };
    // What is read here is at least as new as the row's version.
    let deed = async {
        match publication {
            Publication::Account(id) => match store.account_record(&id)? {
                Some(record) => kv::put::<kv::Accounts>(env, &id, &record, None).await,
                None => kv::delete::<kv::Accounts>(env, &id).await,
            },
            Publication::Sender(id) => match store.sender_record(&id)? {
                Some(record) => kv::put::<kv::Senders>(env, &id, &record, None).await,
                None => kv::delete::<kv::Senders>(env, &id).await,
            },
        }
    };
    match select(pin!(deed), pin!(Delay::from(LONGEST_WRITE))).await {
        Either::Left((result, _)) => result,
        Either::Right(_) => Err(Error::RustError("KV took too long".into())),
    }
}
