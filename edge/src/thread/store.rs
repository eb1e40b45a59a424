//! How does a thread lie in its object's SQLite? Tables, reading and writing.
//!
//! Everything here is synchronous: a run of these without an `.await` is one transaction. Rows hold
//! the columns that are searched by, and the rest as JSON with serde defaults, so that a release
//! reads what the one before wrote.

mod outbox;

pub(in crate::thread) use outbox::Row;

use crate::json;
use crate::sql::Database;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use shared::id::{AgentId, ClientId, MessageId, MessageSid, ThreadId};
use shared::message::Message;
use shared::policy::Proposal;
use shared::thread::Thread;
use shared::time::Timestamp;
use worker::SqlStorageValue as Value;

/// The migrations, in order; the number of the last one applied is kept in `meta`.
const MIGRATIONS: [&str; 2] = [
    "
    CREATE TABLE message (
        id TEXT PRIMARY KEY, place INTEGER NOT NULL, changed INTEGER NOT NULL,
        sid TEXT, client TEXT, author TEXT, json TEXT NOT NULL, proposal TEXT, raw TEXT
    ) WITHOUT ROWID;
    CREATE UNIQUE INDEX message_by_place ON message (place);
    CREATE INDEX message_by_change ON message (changed);
    CREATE INDEX message_by_sid ON message (sid) WHERE client IS NOT NULL;
    CREATE INDEX message_by_client ON message (author, client) WHERE client IS NOT NULL;
    CREATE TABLE seen (hash TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE outbox (
        task TEXT PRIMARY KEY, due INTEGER NOT NULL, leased INTEGER NOT NULL DEFAULT 0,
        attempts INTEGER NOT NULL DEFAULT 0, version INTEGER NOT NULL DEFAULT 1
    ) WITHOUT ROWID;
    CREATE TABLE ticket (id TEXT PRIMARY KEY, expires INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE done (client TEXT PRIMARY KEY, command TEXT NOT NULL) WITHOUT ROWID;
",
    MESSAGES_BY_PLACE,
];

/// A customer's message goes into one tree and no index: its place is its key, nobody asks for it by its
/// name, and it came after all that were there. `created` grows with the place; `changed` is set where a
/// message became another one later.
const MESSAGES_BY_PLACE: &str = "
    CREATE TABLE placed (
        place INTEGER PRIMARY KEY, id TEXT NOT NULL, created INTEGER NOT NULL, changed INTEGER,
        sid TEXT, client TEXT, author TEXT, json TEXT NOT NULL, proposal TEXT, raw TEXT
    );
    INSERT INTO placed SELECT place, id, 0, changed, sid, client, author, json, proposal, raw FROM message;
    DROP TABLE message;
    ALTER TABLE placed RENAME TO message;
    CREATE UNIQUE INDEX message_by_id ON message (id) WHERE client IS NOT NULL;
    CREATE INDEX message_by_change ON message (changed) WHERE changed IS NOT NULL;
    CREATE INDEX message_by_sid ON message (sid) WHERE client IS NOT NULL;
    CREATE INDEX message_by_client ON message (author, client) WHERE client IS NOT NULL;
";

/// The object's database.
pub(super) struct Store(Database);

#[derive(Deserialize)]
struct Json {
    json: String,
}

#[derive(Deserialize)]
struct Kept {
    json: String,
    proposal: Option<String>,
}

fn text(value: &str) -> Value {
    Value::String(value.into())
}

/// Milliseconds and counters stay far below 2^53, where JavaScript's numbers are exact.
fn number(value: i64) -> Value {
    Value::Integer(value)
}

fn counter(value: u64) -> Value {
    Value::Integer(i64::try_from(value).unwrap_or(i64::MAX))
}

fn parsed<T: DeserializeOwned>(json: &str) -> worker::Result<T> {
    json::read(json).map_err(Into::into)
}

impl Store {
    /// Opens the database and brings its tables up to date.
    ///
    /// # Errors
    /// If a migration fails; then nothing may be done with the object.
    pub(super) fn open(sql: Database) -> worker::Result<Self> {
        let store = Self(sql);
        store.run("CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID", vec![])?;
        let applied = store
            .meta("migration")?
            .and_then(|n| n.parse().ok())
            .unwrap_or(0usize);
        for (index, migration) in MIGRATIONS.iter().enumerate().skip(applied) {
            store.run(migration, vec![])?;
            store.set_meta("migration", &(index + 1).to_string())?;
        }
        Ok(store)
    }

    fn rows<T: DeserializeOwned>(
        &self,
        query: &'static str,
        values: Vec<Value>,
    ) -> worker::Result<Vec<T>> {
        self.0.rows(query, values)
    }

    fn run(&self, statement: &'static str, values: Vec<Value>) -> worker::Result<()> {
        self.0.run(statement, values).map(|_| ())
    }

    /// What is kept under a name.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn meta(&self, key: &str) -> worker::Result<Option<String>> {
        let rows: Vec<Json> = self.rows(
            "SELECT value AS json FROM meta WHERE key = ?",
            vec![text(key)],
        )?;
        Ok(rows.into_iter().next().map(|row| row.json))
    }

    /// Keeps something under a name.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn set_meta(&self, key: &str, value: &str) -> worker::Result<()> {
        self.run("INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", vec![text(key), text(value)])
    }

    /// The thread, if this object has one.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn thread(&self) -> worker::Result<Option<Thread>> {
        self.meta("thread")?.map(|json| parsed(&json)).transpose()
    }

    /// Writes the thread.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn put_thread(&self, thread: &Thread) -> worker::Result<()> {
        self.set_meta("thread", &json::write(thread)?)
    }

    /// The thread this object points to, if its address belongs to another one.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn pointer(&self) -> worker::Result<Option<ThreadId>> {
        Ok(self.meta("pointer")?.as_deref().and_then(ThreadId::parse))
    }

    /// Makes this object a pointer. What it has stays, to be handed over again if asked.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn point(&self, to: &ThreadId) -> worker::Result<()> {
        self.set_meta("pointer", to.as_str())
    }

    /// Forgets everything but the SIDs seen and what is kept under names of its own.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn empty(&self) -> worker::Result<()> {
        self.run(
            "DELETE FROM message; DELETE FROM outbox; DELETE FROM ticket; DELETE FROM done;
             DELETE FROM meta WHERE key IN ('thread', 'enlisted')",
            vec![],
        )
    }

    /// Remembers a SID for good. Whether it is new here: one statement asks and writes.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn claim(&self, hash: &str) -> worker::Result<bool> {
        let statement = "INSERT INTO seen (hash) VALUES (?) ON CONFLICT DO NOTHING";
        self.0.run(statement, vec![text(hash)])
    }

    /// Forgets a SID that was claimed in this very run, for a message that could not be written.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn disclaim(&self, hash: &str) -> worker::Result<()> {
        self.run("DELETE FROM seen WHERE hash = ?", vec![text(hash)])
    }

    /// All SIDs seen, hashed.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn all_seen(&self) -> worker::Result<Vec<String>> {
        let rows: Vec<Json> = self.rows("SELECT hash AS json FROM seen", vec![])?;
        Ok(rows.into_iter().map(|row| row.json).collect())
    }

    /// Writes a message, new or changed; a new one with the webhook it came by, as that came. What was
    /// kept beside it stays.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn put(&self, message: &Message, raw: Option<&str>) -> worker::Result<()> {
        let optional = |value: Option<&str>| value.map_or(Value::Null, text);
        self.run(
            "INSERT INTO message (place, id, created, sid, client, author, json, raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (place) DO UPDATE SET changed = excluded.created, sid = excluded.sid, json = excluded.json",
            vec![
                counter(message.place),
                text(message.id.as_str()),
                counter(message.changed),
                optional(message.sid.as_ref().map(MessageSid::as_str)),
                optional(message.client.as_ref().map(ClientId::as_str)),
                optional(message.author.id().map(AgentId::as_str)),
                text(&json::write(message)?),
                optional(raw),
            ],
        )
    }

    /// Keeps what was proposed beside a message.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn keep_proposal(
        &self,
        message: &MessageId,
        proposal: &Proposal,
    ) -> worker::Result<()> {
        self.run(
            "UPDATE message SET proposal = ? WHERE id = ? AND client IS NOT NULL",
            vec![text(&json::write(proposal)?), text(message.as_str())],
        )
    }

    fn kept(
        &self,
        query: &'static str,
        values: Vec<Value>,
    ) -> worker::Result<Option<(Message, Option<Proposal>)>> {
        let rows: Vec<Kept> = self.rows(query, values)?;
        let Some(row) = rows.into_iter().next() else {
            return Ok(None);
        };
        let proposal = row.proposal.map(|json| parsed(&json)).transpose()?;
        Ok(Some((parsed(&row.json)?, proposal)))
    }

    /// A message of ours and what was proposed, by our name for it.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn message(
        &self,
        id: &MessageId,
    ) -> worker::Result<Option<(Message, Option<Proposal>)>> {
        self.kept(
            "SELECT json, proposal FROM message WHERE id = ? AND client IS NOT NULL",
            vec![text(id.as_str())],
        )
    }

    /// A message of ours by Twilio's name for it.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn message_by_sid(&self, sid: &MessageSid) -> worker::Result<Option<Message>> {
        Ok(self
            .kept(
                "SELECT json, proposal FROM message WHERE sid = ? AND client IS NOT NULL",
                vec![text(sid.as_str())],
            )?
            .map(|(message, _)| message))
    }

    /// What an author called by this name before.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn message_by_client(
        &self,
        author: &AgentId,
        client: &ClientId,
    ) -> worker::Result<Option<(Message, Option<Proposal>)>> {
        self.kept(
            "SELECT json, proposal FROM message WHERE author = ? AND client = ?",
            vec![text(author.as_str()), text(client.as_str())],
        )
    }

    fn messages(&self, query: &'static str, values: Vec<Value>) -> worker::Result<Vec<Message>> {
        let rows: Vec<Json> = self.rows(query, values)?;
        rows.iter().map(|row| parsed(&row.json)).collect()
    }

    /// The last `limit` messages before a place, by place.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn before(&self, place: u64, limit: u32) -> worker::Result<Vec<Message>> {
        let mut messages = self.messages(
            "SELECT json FROM message WHERE place < ? ORDER BY place DESC LIMIT ?",
            vec![counter(place.min(1 << 52)), number(limit.into())],
        )?;
        messages.reverse();
        Ok(messages)
    }

    /// Up to `limit` messages that changed after a sequence number, by place.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn changed_since(&self, sequence: u64, limit: u32) -> worker::Result<Vec<Message>> {
        self.messages(
            "SELECT json FROM (
                SELECT place, json FROM message WHERE changed > ?1
                UNION ALL
                SELECT place, json FROM message WHERE changed IS NULL AND place > coalesce(
                    (SELECT place FROM message WHERE created <= ?1 ORDER BY place DESC LIMIT 1), 0
                )
             ) ORDER BY place LIMIT ?2",
            vec![counter(sequence), number(limit.into())],
        )
    }

    /// Messages of ours that may be with Twilio under a name we do not know.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn unnamed(&self) -> worker::Result<Vec<Message>> {
        let without_sid = self.messages(
            "SELECT json FROM message WHERE sid IS NULL AND client IS NOT NULL",
            vec![],
        )?;
        Ok(without_sid
            .into_iter()
            .filter(Message::may_be_unnamed_at_twilio)
            .collect())
    }

    /// Every message with what is kept beside it, by place: for a joining.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn everything(&self) -> worker::Result<Vec<(Message, Option<Proposal>)>> {
        let rows: Vec<Kept> =
            self.rows("SELECT json, proposal FROM message ORDER BY place", vec![])?;
        rows.into_iter()
            .map(|row| {
                Ok((
                    parsed(&row.json)?,
                    row.proposal.map(|json| parsed(&json)).transpose()?,
                ))
            })
            .collect()
    }

    /// Makes room for all places to be given anew: see [`Store::place_anew`].
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn free_places(&self) -> worker::Result<()> {
        self.run("UPDATE message SET place = -place WHERE place > 0", vec![])
    }

    /// Gives a message that was at `before` its new place.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn place_anew(&self, before: u64, message: &Message) -> worker::Result<()> {
        self.run(
            "UPDATE message SET place = ?, json = ? WHERE place = -?",
            vec![
                counter(message.place),
                text(&json::write(message)?),
                counter(before),
            ],
        )
    }

    /// All messages became others: at this sequence number.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn all_changed(&self, sequence: u64) -> worker::Result<()> {
        self.run(
            "UPDATE message SET created = 0, changed = ?",
            vec![counter(sequence)],
        )
    }

    /// Whether a message of this name is here.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn has(&self, id: &MessageId) -> worker::Result<bool> {
        let found: Vec<serde::de::IgnoredAny> = self.rows(
            "SELECT 1 AS one FROM message WHERE id = ?",
            vec![text(id.as_str())],
        )?;
        Ok(!found.is_empty())
    }

    /// Burns a ticket. Whether it had not been used before.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn burn(
        &self,
        ticket: &str,
        expires: Timestamp,
        now: Timestamp,
    ) -> worker::Result<bool> {
        let used: Vec<serde::de::IgnoredAny> = self.rows(
            "SELECT 1 AS one FROM ticket WHERE id = ?",
            vec![text(ticket)],
        )?;
        if !used.is_empty() {
            return Ok(false);
        }
        self.run("DELETE FROM ticket WHERE expires < ?", vec![number(now.0)])?;
        self.run(
            "INSERT INTO ticket (id, expires) VALUES (?, ?)",
            vec![text(ticket), number(expires.0)],
        )?;
        Ok(true)
    }

    /// What was commanded under this name before (`author client`), for commands that become no
    /// message.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn done(&self, name: &str) -> worker::Result<Option<String>> {
        let rows: Vec<Json> = self.rows(
            "SELECT command AS json FROM done WHERE client = ?",
            vec![text(name)],
        )?;
        Ok(rows.into_iter().next().map(|row| row.json))
    }

    /// Remembers that a command was carried out.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn mark_done(&self, name: &str, command: &str) -> worker::Result<()> {
        self.run(
            "INSERT INTO done (client, command) VALUES (?, ?) ON CONFLICT DO NOTHING",
            vec![text(name), text(command)],
        )
    }
}
