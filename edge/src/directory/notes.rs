//! What did not go as it should? Webhooks whose signature was refused, and webhooks that belong to no
//! sender of ours. Both point to a set-up that loses customers, so they are kept and shown.

use super::store::Store;
use serde::{Deserialize, Serialize};
use shared::id::AccountId;
use shared::time::Timestamp;
use worker::{Result, SqlStorageValue as Sql};

/// The most unrouted webhooks kept for one account; the oldest go first.
pub const MOST_UNROUTED: i64 = 1_000;

/// A webhook that belongs to no sender of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unrouted {
    /// When it came.
    pub at: Timestamp,
    /// Why it belongs nowhere: a stable code.
    pub reason: String,
    /// Twilio's name for the message, if it had one.
    pub message_sid: Option<String>,
    /// What Twilio said.
    pub params: Vec<(String, String)>,
}

/// How an account fares.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Health {
    /// How many webhooks were refused for their signature.
    pub refused_signatures: u64,
    /// When the last one was.
    pub last_refused_at: Option<Timestamp>,
    /// The URL by which a refused webhook would have verified: the public URL is wrong if there is one.
    pub right_url: Option<String>,
    /// When that one came.
    pub right_url_at: Option<Timestamp>,
    /// How many webhooks are kept as unrouted.
    pub unrouted: u64,
    /// Whether its record still has to be published.
    pub unpublished: bool,
}

#[derive(Deserialize)]
struct RefusedRow {
    count: u64,
    last_at: i64,
    right_url: Option<String>,
    right_url_at: Option<i64>,
}

#[derive(Deserialize)]
struct UnroutedRow {
    sid: Option<String>,
    at: i64,
    reason: String,
    params: String,
}

#[derive(Deserialize)]
struct Count {
    count: u64,
}

impl Store {
    /// A webhook's signature was refused. Only accounts that exist are counted, so that made-up ones
    /// take no room.
    pub(super) fn refused_signature(
        &self,
        account: &AccountId,
        right_url: Option<&str>,
        at: Timestamp,
    ) -> Result<()> {
        let right_url_at = right_url.map(|_| Sql::try_from_i64(at.0)).transpose()?;
        self.run(
            "INSERT INTO refused (account, count, last_at, right_url, right_url_at)
             SELECT id, 1, ?2, ?3, ?4 FROM account WHERE id = ?1
             ON CONFLICT (account) DO UPDATE SET count = count + 1, last_at = excluded.last_at,
                right_url = COALESCE(excluded.right_url, right_url),
                right_url_at = COALESCE(excluded.right_url_at, right_url_at)",
            vec![
                account.as_str().into(),
                Sql::try_from_i64(at.0)?,
                right_url.into(),
                right_url_at.unwrap_or(Sql::Null),
            ],
        )
    }

    /// Keeps a webhook that belongs nowhere, once for each message. `false`, and nothing is kept, if
    /// there is no such account.
    pub(super) fn keep_unrouted(&self, account: &AccountId, webhook: &Unrouted) -> Result<bool> {
        if self.account(account)?.is_none() {
            return Ok(false);
        }
        self.run(
            "INSERT INTO unrouted (account, sid, at, reason, params) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (account, sid) DO NOTHING",
            vec![
                account.as_str().into(),
                webhook.message_sid.as_deref().into(),
                Sql::try_from_i64(webhook.at.0)?,
                webhook.reason.as_str().into(),
                crate::json::write(&webhook.params)?.into(),
            ],
        )?;
        self.run(
            "DELETE FROM unrouted WHERE account = ?1 AND id <= (
                SELECT id FROM unrouted WHERE account = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
            vec![account.as_str().into(), MOST_UNROUTED.into()],
        )?;
        Ok(true)
    }

    /// The webhooks kept as unrouted, newest first.
    pub(super) fn unrouted(&self, account: &AccountId) -> Result<Vec<Unrouted>> {
        let query =
            "SELECT sid, at, reason, params FROM unrouted WHERE account = ? ORDER BY id DESC";
        let rows: Vec<UnroutedRow> = self.rows(query, vec![account.as_str().into()])?;
        let read = |row: UnroutedRow| {
            let params = crate::json::read(&row.params)?;
            Ok(Unrouted {
                at: Timestamp(row.at),
                reason: row.reason,
                message_sid: row.sid,
                params,
            })
        };
        rows.into_iter().map(read).collect()
    }

    /// How an account fares.
    pub(super) fn health(&self, account: &AccountId) -> Result<Health> {
        let id = || vec![Sql::from(account.as_str())];
        let query = "SELECT count, last_at, right_url, right_url_at FROM refused WHERE account = ?";
        let refused: Vec<RefusedRow> = self.rows(query, id())?;
        let count = |query: &'static str| -> Result<u64> {
            let rows: Vec<Count> = self.rows(query, id())?;
            Ok(rows.first().map_or(0, |row| row.count))
        };
        let mut health = Health {
            unrouted: count("SELECT count(*) AS count FROM unrouted WHERE account = ?")?,
            unpublished: count(
                "SELECT count(*) AS count FROM outbox WHERE family = 'account' AND id = ?",
            )? > 0,
            ..Health::default()
        };
        if let Some(refused) = refused.into_iter().next() {
            health.refused_signatures = refused.count;
            health.last_refused_at = Some(Timestamp(refused.last_at));
            health.right_url = refused.right_url;
            health.right_url_at = refused.right_url_at.map(Timestamp);
        }
        Ok(health)
    }
}
