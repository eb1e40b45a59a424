//! How did the tables come to be? Numbered migrations, each run once and never changed again.

use crate::sql::Database;
use serde::Deserialize;
use shared::time::Timestamp;
use worker::SqlStorageValue;

/// All of them, in order; the first has the number 1.
const MIGRATIONS: &[&str] = &[FIRST, CONSOLE];

/// The set-up lies in `body` as JSON; the other columns are what it is searched by.
const FIRST: &str = "
    CREATE TABLE setting (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
    CREATE TABLE account (id TEXT PRIMARY KEY, body TEXT NOT NULL);
    CREATE TABLE sender (
        id TEXT PRIMARY KEY, account TEXT NOT NULL, number TEXT NOT NULL,
        deleted INTEGER NOT NULL, body TEXT NOT NULL
    );
    CREATE UNIQUE INDEX sender_number ON sender (number) WHERE deleted = 0;
    CREATE TABLE template (id TEXT PRIMARY KEY, name TEXT NOT NULL, body TEXT NOT NULL);
    CREATE TABLE offer (sender TEXT NOT NULL, template TEXT NOT NULL, PRIMARY KEY (sender, template)) WITHOUT ROWID;
    CREATE INDEX offer_template ON offer (template);
    CREATE TABLE audit (
        id INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, role TEXT NOT NULL,
        what TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL
    );
    CREATE TABLE outbox (
        family TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
        leased_until INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (family, id)
    ) WITHOUT ROWID;
    CREATE TABLE refused (
        account TEXT PRIMARY KEY, count INTEGER NOT NULL, last_at INTEGER NOT NULL,
        right_url TEXT, right_url_at INTEGER
    );
    CREATE TABLE unrouted (
        id INTEGER PRIMARY KEY, account TEXT NOT NULL, sid TEXT, at INTEGER NOT NULL,
        reason TEXT NOT NULL, params TEXT NOT NULL
    );
    CREATE UNIQUE INDEX unrouted_sid ON unrouted (account, sid);
    CREATE INDEX unrouted_newest ON unrouted (account, id);
";

/// For the console: workstreams, what is known of how things fare, which threads a number has, how often
/// a template was sent, conversations to be erased, and an audit log that can be searched.
const CONSOLE: &str = "
    CREATE TABLE workstream (id TEXT PRIMARY KEY, name TEXT NOT NULL, body TEXT NOT NULL);
    CREATE TABLE fact (kind TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, subject)) WITHOUT ROWID;
    CREATE TABLE thread (id TEXT PRIMARY KEY, sender TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
    CREATE INDEX thread_sender ON thread (sender);
    CREATE TABLE sent (
        template TEXT NOT NULL, sender TEXT NOT NULL, count INTEGER NOT NULL, last_at INTEGER NOT NULL,
        PRIMARY KEY (template, sender)
    ) WITHOUT ROWID;
    CREATE TABLE erasure (thread TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
    ALTER TABLE audit ADD COLUMN kind TEXT NOT NULL DEFAULT '';
    ALTER TABLE audit ADD COLUMN subject TEXT NOT NULL DEFAULT '';
    UPDATE audit SET
        subject = substr(what, instr(what, ' ') + 1 + instr(substr(what, instr(what, ' ') + 1), ' ')),
        kind = substr(substr(what, instr(what, ' ') + 1), 1, instr(substr(what, instr(what, ' ') + 1), ' ') - 1),
        what = substr(what, 1, instr(what, ' ') - 1);
    CREATE INDEX audit_subject ON audit (kind, subject, id);
";

/// Brings the tables up to date.
///
/// # Errors
/// If SQL fails; what ran before stays and is not run again.
pub(super) fn run(sql: &Database, now: Timestamp) -> worker::Result<()> {
    #[derive(Deserialize)]
    struct Done {
        number: i64,
    }
    sql.run(
        "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, at INTEGER NOT NULL)",
        vec![],
    )?;
    let done: Vec<Done> = sql.rows("SELECT number FROM migration", vec![])?;
    for (number, migration) in (1_i64..).zip(MIGRATIONS) {
        if done.iter().any(|done| done.number == number) {
            continue;
        }
        sql.run(migration, vec![])?;
        let row = vec![
            SqlStorageValue::Integer(number),
            SqlStorageValue::try_from_i64(now.0)?,
        ];
        sql.run("INSERT INTO migration (number, at) VALUES (?, ?)", row)?;
    }
    Ok(())
}
