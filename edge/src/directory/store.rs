//! How does the set-up lie in SQL? Every function is one synchronous run: nothing is awaited here.

use super::migrations;
use super::rules::{Change, Decision, Gone, Publication};
use super::setup::{Account, SenderEntry, Setup, TemplateEntry, Workstream};
use crate::records::{AccountRecord, SenderRecord};
use crate::sql::Database;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use shared::id::{AccountId, SenderId, TemplateId};
use shared::time::Timestamp;
use worker::{Result, SqlStorageValue as Sql};

/// The directory's tables.
pub(super) struct Store {
    sql: Database,
}

/// Who changes the set-up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Editor {
    /// The `sub` of their token.
    pub id: String,
    /// Their role.
    pub role: String,
}

#[derive(Deserialize)]
struct Body {
    body: String,
}

#[derive(Deserialize)]
struct Value {
    value: i64,
}

impl Store {
    /// Opens the tables, bringing them up to date.
    pub(super) fn open(sql: Database, now: Timestamp) -> Result<Self> {
        migrations::run(&sql, now)?;
        Ok(Self { sql })
    }

    /// The rows that a query finds.
    pub(super) fn rows<T: DeserializeOwned>(
        &self,
        query: &'static str,
        values: Vec<Sql>,
    ) -> Result<Vec<T>> {
        self.sql.rows(query, values)
    }

    /// Runs a statement.
    pub(super) fn run(&self, statement: &'static str, values: Vec<Sql>) -> Result<()> {
        self.sql.run(statement, values).map(|_| ())
    }

    /// The `body` of each row that a query finds, read.
    pub(super) fn bodies<T: DeserializeOwned>(
        &self,
        query: &'static str,
        values: Vec<Sql>,
    ) -> Result<Vec<T>> {
        let rows: Vec<Body> = self.rows(query, values)?;
        rows.iter()
            .map(|row| crate::json::read(&row.body).map_err(Into::into))
            .collect()
    }

    fn body<T: DeserializeOwned>(&self, query: &'static str, id: &str) -> Result<Option<T>> {
        Ok(self.bodies(query, vec![id.into()])?.into_iter().next())
    }

    /// A number kept under a name.
    pub(super) fn setting(&self, name: &str) -> Result<Option<i64>> {
        let rows: Vec<Value> = self.rows(
            "SELECT value FROM setting WHERE name = ?",
            vec![name.into()],
        )?;
        Ok(rows.first().map(|row| row.value))
    }

    /// Keeps a number under a name.
    pub(super) fn set(&self, name: &str, value: i64) -> Result<()> {
        self.run(
            "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            vec![name.into(), Sql::try_from_i64(value)?],
        )
    }

    /// An account.
    pub(super) fn account(&self, id: &AccountId) -> Result<Option<Account>> {
        self.body("SELECT body FROM account WHERE id = ?", id.as_str())
    }

    /// All accounts, by id.
    pub(super) fn accounts(&self) -> Result<Vec<Account>> {
        self.bodies("SELECT body FROM account ORDER BY id", vec![])
    }

    /// A sender, unless it was deleted.
    pub(super) fn sender(&self, id: &SenderId) -> Result<Option<SenderEntry>> {
        self.body(
            "SELECT body FROM sender WHERE id = ? AND deleted = 0",
            id.as_str(),
        )
    }

    /// The senders of an account, by id.
    pub(super) fn senders_of(&self, account: &AccountId) -> Result<Vec<SenderEntry>> {
        let query = "SELECT body FROM sender WHERE account = ? AND deleted = 0 ORDER BY id";
        self.bodies(query, vec![account.as_str().into()])
    }

    /// All senders that were not deleted, by id.
    pub(super) fn senders(&self) -> Result<Vec<SenderEntry>> {
        self.bodies(
            "SELECT body FROM sender WHERE deleted = 0 ORDER BY id",
            vec![],
        )
    }

    /// All workstreams, by name.
    pub(super) fn workstreams(&self) -> Result<Vec<Workstream>> {
        self.bodies(
            "SELECT body FROM workstream ORDER BY name COLLATE NOCASE, id",
            vec![],
        )
    }

    /// A template.
    pub(super) fn template(&self, id: &TemplateId) -> Result<Option<TemplateEntry>> {
        self.body("SELECT body FROM template WHERE id = ?", id.as_str())
    }

    /// All templates, by name.
    pub(super) fn templates(&self) -> Result<Vec<TemplateEntry>> {
        self.bodies(
            "SELECT body FROM template ORDER BY name COLLATE NOCASE, id",
            vec![],
        )
    }

    /// The templates offered for a sender, by name.
    pub(super) fn templates_of(&self, sender: &SenderId) -> Result<Vec<TemplateEntry>> {
        let query = "SELECT template.body FROM template JOIN offer ON offer.template = template.id
            WHERE offer.sender = ? ORDER BY template.name COLLATE NOCASE, template.id";
        self.bodies(query, vec![sender.as_str().into()])
    }

    /// What is published of an account.
    pub(super) fn account_record(&self, id: &AccountId) -> Result<Option<AccountRecord>> {
        let Some(account) = self.account(id)? else {
            return Ok(None);
        };
        let senders = self
            .senders_of(id)?
            .iter()
            .map(|entry| entry.record(&account))
            .collect();
        Ok(Some(account.record(senders)))
    }

    /// What is published of a sender.
    pub(super) fn sender_record(&self, id: &SenderId) -> Result<Option<SenderRecord>> {
        let Some(entry) = self.sender(id)? else {
            return Ok(None);
        };
        Ok(self
            .account(&entry.account)?
            .map(|account| entry.record(&account)))
    }

    /// What is published of all senders, by id.
    pub(super) fn sender_records(&self) -> Result<Vec<SenderRecord>> {
        let mut records = Vec::new();
        for account in self.accounts()? {
            records.extend(
                self.senders_of(&account.id)?
                    .iter()
                    .map(|entry| entry.record(&account)),
            );
        }
        Ok(crate::order::by(records, |record: &SenderRecord| {
            record.id().as_str()
        }))
    }

    /// What the decision about a change needs.
    pub(super) fn setup(&self, change: &Change) -> Result<Setup> {
        let templates = match change {
            Change::PutTemplate(entry) => self.template(&entry.template.id)?.into_iter().collect(),
            Change::Judge(said) => self.template(&said.template)?.into_iter().collect(),
            Change::DeleteTemplate(ending) => self.template(&ending.id)?.into_iter().collect(),
            Change::DeleteSender(ending) => self.templates_of(&ending.id)?,
            Change::DeleteAccount(_) | Change::Sync(_) | Change::Many(_) => self.templates()?,
            Change::PutAccount(_)
            | Change::PutSender(_)
            | Change::PutWorkstream(_)
            | Change::DeleteWorkstream(_) => Vec::new(),
        };
        Ok(Setup {
            revision: u64::try_from(self.setting("revision")?.unwrap_or(0)).unwrap_or(0),
            accounts: self.accounts()?,
            senders: self.bodies("SELECT body FROM sender ORDER BY id", vec![])?,
            workstreams: self.workstreams()?,
            templates,
        })
    }

    /// Writes what follows from a decision: the set-up, the audit log and the outbox, together.
    pub(super) fn write(&self, decision: &Decision, editor: &Editor, now: Timestamp) -> Result<()> {
        self.set("revision", version(decision.revision))?;
        for account in &decision.accounts {
            self.run(
                "INSERT INTO account (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
                vec![account.id.as_str().into(), json(account)?],
            )?;
        }
        for entry in &decision.senders {
            self.write_sender(entry)?;
        }
        for entry in &decision.templates {
            self.write_template(entry)?;
        }
        for workstream in &decision.workstreams {
            self.run(
                "INSERT INTO workstream (id, name, body) VALUES (?, ?, ?)
                 ON CONFLICT (id) DO UPDATE SET name = excluded.name, body = excluded.body",
                vec![
                    workstream.id.as_str().into(),
                    workstream.name.as_str().into(),
                    json(workstream)?,
                ],
            )?;
        }
        for gone in &decision.gone {
            self.remove(gone)?;
        }
        for sender in &decision.erase {
            self.erase_all(sender, now)?;
        }
        for publication in &decision.publish {
            let (family, id) = publication.key();
            self.run(
                "INSERT INTO outbox (family, id, version) VALUES (?, ?, ?)
                 ON CONFLICT (family, id) DO UPDATE SET version = excluded.version",
                vec![
                    family.into(),
                    id.into(),
                    Sql::try_from_i64(version(decision.revision))?,
                ],
            )?;
        }
        for entry in &decision.entries {
            self.log(entry, editor, now)?;
        }
        Ok(())
    }

    /// Takes something away with all that is kept about it.
    fn remove(&self, gone: &Gone) -> Result<()> {
        let (statements, id): (&[&str], &str) = match gone {
            Gone::Account(id) => (
                &[
                    "DELETE FROM account WHERE id = ?",
                    "DELETE FROM refused WHERE account = ?",
                    "DELETE FROM unrouted WHERE account = ?",
                    "DELETE FROM fact WHERE subject = ?",
                ],
                id.as_str(),
            ),
            Gone::Workstream(id) => (&["DELETE FROM workstream WHERE id = ?"], id.as_str()),
            Gone::Template(id) => (
                &[
                    "DELETE FROM template WHERE id = ?",
                    "DELETE FROM offer WHERE template = ?",
                    "DELETE FROM sent WHERE template = ?",
                ],
                id.as_str(),
            ),
        };
        for statement in statements {
            self.run(statement, vec![id.into()])?;
        }
        Ok(())
    }

    fn write_sender(&self, entry: &SenderEntry) -> Result<()> {
        self.run(
            "INSERT INTO sender (id, account, number, deleted, body) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET account = excluded.account, number = excluded.number,
                deleted = excluded.deleted, body = excluded.body",
            vec![
                entry.sender.id.as_str().into(),
                entry.account.as_str().into(),
                entry.sender.number.as_str().into(),
                Sql::Integer(entry.deleted.into()),
                json(entry)?,
            ],
        )
    }

    fn write_template(&self, entry: &TemplateEntry) -> Result<()> {
        let id = entry.template.id.as_str();
        self.run(
            "INSERT INTO template (id, name, body) VALUES (?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, body = excluded.body",
            vec![id.into(), entry.template.name.as_str().into(), json(entry)?],
        )?;
        self.run("DELETE FROM offer WHERE template = ?", vec![id.into()])?;
        for sender in &entry.senders {
            let row = vec![sender.as_str().into(), id.into()];
            self.run(
                "INSERT OR IGNORE INTO offer (sender, template) VALUES (?, ?)",
                row,
            )?;
        }
        Ok(())
    }
}

impl Publication {
    /// Its row in the outbox.
    pub(super) fn key(&self) -> (&'static str, &str) {
        match self {
            Self::Account(id) => ("account", id.as_str()),
            Self::Sender(id) => ("sender", id.as_str()),
        }
    }

    /// Reads back [`Publication::key`].
    pub(super) fn of(family: &str, id: &str) -> Option<Self> {
        match family {
            "account" => Some(Self::Account(AccountId::trusted(id))),
            "sender" => Some(Self::Sender(SenderId::trusted(id))),
            _ => None,
        }
    }
}

/// A value as JSON text.
pub(super) fn json<T: Serialize>(value: &T) -> Result<Sql> {
    Ok(Sql::String(crate::json::write(value)?))
}

fn version(revision: u64) -> i64 {
    i64::try_from(revision).unwrap_or(i64::MAX)
}
