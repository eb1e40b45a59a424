//! How does it fare? What was learned of an account last: the check, the synchronisation of templates,
//! the last webhook, the last error. Each is a fact under a name; a new one takes its place.

use super::store::{Store, json};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::time::Timestamp;
use worker::Result;

/// What can be noted of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// What Twilio answered to the last check: the `check` of the API.
    Check(Value),
    /// A synchronisation was tried.
    Sync(Sync),
    /// A genuine webhook came at this time.
    Webhook(Timestamp),
    /// A call to Twilio failed for the account's sake.
    Failure(Failure),
}

/// When templates were synchronised.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sync {
    /// When it last went through.
    pub at: Option<Timestamp>,
    /// When it was last tried.
    pub tried_at: Option<Timestamp>,
    /// How many contents Twilio listed.
    pub count: u64,
    /// Why the last try did not go through: a code.
    pub error: Option<String>,
}

/// A call to Twilio failed for the account's sake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// When.
    pub at: Timestamp,
    /// Twilio's error code.
    pub code: u32,
}

/// All that is noted of an account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// See [`Fact::Check`].
    pub check: Option<Value>,
    /// See [`Fact::Sync`].
    pub sync: Sync,
    /// See [`Fact::Webhook`].
    pub last_webhook_at: Option<Timestamp>,
    /// See [`Fact::Failure`].
    pub last_error: Option<Failure>,
}

#[derive(Deserialize)]
struct Row {
    kind: String,
    body: String,
}

impl Store {
    /// Notes a fact of an account that exists.
    pub(super) fn note(&self, account: &str, fact: &Fact) -> Result<()> {
        let (kind, body) = match fact {
            Fact::Check(check) => ("check", json(check)?),
            Fact::Sync(sync) => ("sync", json(sync)?),
            Fact::Webhook(at) => ("webhook", json(at)?),
            Fact::Failure(failure) => ("failure", json(failure)?),
        };
        self.run(
            "INSERT INTO fact (kind, subject, body) SELECT ?1, id, ?3 FROM account WHERE id = ?2
             ON CONFLICT (kind, subject) DO UPDATE SET body = excluded.body",
            vec![kind.into(), account.into(), body],
        )
    }

    /// What is noted of an account.
    pub(super) fn facts(&self, account: &str) -> Result<Facts> {
        let rows: Vec<Row> = self.rows(
            "SELECT kind, body FROM fact WHERE subject = ?",
            vec![account.into()],
        )?;
        let mut facts = Facts::default();
        for row in rows {
            match row.kind.as_str() {
                "check" => facts.check = crate::json::read(&row.body)?,
                "sync" => facts.sync = crate::json::read(&row.body)?,
                "webhook" => facts.last_webhook_at = crate::json::read(&row.body)?,
                "failure" => facts.last_error = crate::json::read(&row.body)?,
                _ => {}
            }
        }
        Ok(facts)
    }
}
