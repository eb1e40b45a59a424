//! How do templates come from Twilio? The whole list is read first, and only then anything is changed: a
//! list that was cut off changes nothing, and what is there is marked stale.

use super::calls::{self, Changed};
use super::facts::{Fact, Sync};
use super::rules::Change;
use super::rules::sync::{Listed, Listing};
use crate::auth::caller::Caller;
use crate::objects::Reply;
use crate::problem::Problem;
use crate::records::AccountRecord;
use crate::twilio::content::{self, Content};
use crate::twilio::{Credentials, Failure};
use crate::{clock, together};
use futures_util::future::LocalBoxFuture;
use serde::Serialize;
use shared::id::AccountId;
use shared::template::{Category, Localization};
use shared::time::{Span, Timestamp};
use worker::Env;

/// How old a synchronisation may be before the cron repeats it.
const FRESH_FOR: Span = Span::minutes(15);

/// What a synchronisation came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Done {
    /// When the list was read.
    pub at: Timestamp,
    /// How many pages it had.
    pub pages: u32,
    /// How many contents.
    pub seen: u64,
    /// How many of those could not be read; what they stand for can no longer be sent.
    pub unreadable: u32,
    /// Templates that are new here.
    pub added: u32,
    /// Templates that are different now.
    pub changed: u32,
    /// Templates that Twilio lists no more.
    pub vanished: u32,
    /// Templates that are as they were.
    pub unchanged: u32,
}

/// Brings an account's templates up to date. `caller`: who asked; `None`: the cron.
///
/// # Errors
/// `404`, `409` without a token, `502` if Twilio refused or did not answer: then nothing is changed.
pub async fn synchronise(env: &Env, id: &AccountId, caller: Option<&Caller>) -> Reply<Done> {
    let account = calls::account(env, id)
        .await?
        .ok_or_else(Problem::not_found)?;
    let before = known(env, id).await?;
    let at = clock::domain();
    match content::list(env, &credentials(env, &account)?).await {
        Err(failure) => {
            let tried = Sync {
                tried_at: Some(at),
                error: Some(failure.code().into()),
                ..before
            };
            calls::note(env, id, Fact::Sync(tried)).await?;
            Err(refused(failure))
        }
        Ok(listing) => {
            let seen = listing.contents.len() as u64;
            let change = Change::Sync(Listing {
                account: id.clone(),
                at,
                contents: listing.contents.into_iter().map(listed).collect(),
            });
            let Changed { tally, .. } = match caller {
                Some(caller) => calls::change(env, change, caller).await?,
                None => calls::change_by_itself(env, change).await?,
            };
            let done = Sync {
                at: Some(at),
                tried_at: Some(at),
                count: seen,
                error: None,
            };
            calls::note(env, id, Fact::Sync(done)).await?;
            Ok(Done {
                at,
                pages: listing.pages,
                seen,
                unreadable: listing.unreadable,
                added: tally.added,
                changed: tally.changed,
                vanished: tally.vanished,
                unchanged: tally.unchanged,
            })
        }
    }
}

/// The cron's part: every account whose list is old.
pub async fn beat(env: &Env) {
    let accounts = calls::describe_accounts(env).await.unwrap_or_default();
    let now = clock::domain();
    let old = accounts.iter().filter(|facts| {
        let tried = facts.facts.sync.tried_at;
        facts.active && facts.token_set && tried.is_none_or(|tried| now - tried >= FRESH_FOR)
    });
    let all = old.map(|facts| -> LocalBoxFuture<'_, ()> {
        Box::pin(async move {
            if let Err(problem) = synchronise(env, &facts.id, None).await {
                worker::console_error!(
                    "account {}: templates are not synchronised: {}",
                    facts.id.as_str(),
                    problem.code
                );
            }
        })
    });
    together::each(all.collect()).await;
}

async fn known(env: &Env, id: &AccountId) -> Reply<Sync> {
    let facts = calls::describe_account(env, id).await?;
    Ok(facts.map(|facts| facts.facts.sync).unwrap_or_default())
}

/// As whom to call Twilio for this account.
///
/// # Errors
/// `409` if it has no token yet.
pub fn credentials(env: &Env, account: &AccountRecord) -> Reply<Credentials> {
    Credentials::of(env, account).ok_or_else(|| {
        Problem::new(409, "account-without-token")
            .remedy("give-auth-token")
            .because("The account has no auth token that can be opened.")
    })
}

/// Twilio refused, or did not answer.
#[must_use]
pub fn refused(failure: Failure) -> Problem {
    let problem = Problem::new(502, failure.code());
    match failure {
        Failure::Refused { code, status } => problem
            .remedy("check-account")
            .fact("twilio_code", code)
            .fact("twilio_status", status),
        Failure::Unreachable => problem.remedy("try-again"),
    }
}

/// A content in the directory's words. What WhatsApp has not put into a category is taken for the
/// strictest.
fn listed(content: Content) -> Listed {
    Listed {
        name: if shared::text::is_blank(&content.name) {
            content.sid.as_str().into()
        } else {
            content.name
        },
        category: content.category.unwrap_or(Category::Marketing),
        localization: Localization {
            language: content.language,
            content_sid: Some(content.sid.clone()),
            approval: content.status,
            kind: content.kind,
            body: content.body,
            footer: content.footer,
            buttons: content.buttons,
            samples: content.samples,
        },
        rejection: content.rejection_reason,
        sid: content.sid,
    }
}
