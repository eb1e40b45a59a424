//! What is noted of an account in passing? That a webhook came, and that Twilio refused something for the
//! account's sake. At most once a minute for each, so that the directory is not asked at every message;
//! a note that is lost is no loss.

use super::calls;
use super::facts::{Fact, Failure};
use crate::clock;
use futures_util::future::LocalBoxFuture;
use shared::id::AccountId;
use shared::time::{Span, Timestamp};
use shared::twilio::errors::{Consequence, rule};
use std::cell::RefCell;
use worker::{Context, Env};

/// How often the same thing is noted.
const EVERY: Span = Span::minutes(1);

/// The most things an isolate remembers to have noted; beyond, it begins anew.
const MOST: usize = 64;

thread_local! {
    /// What was noted last and when, by the wall's clock: account and code, or 0 for a webhook.
    static NOTED: RefCell<Vec<(AccountId, u32, Timestamp)>> = const { RefCell::new(Vec::new()) };
}

/// A genuine webhook came.
pub fn webhook(env: &Env, context: &Context, account: &AccountId, at: Timestamp) {
    if is_due(account, 0) {
        let (env, account) = (env.clone(), account.clone());
        let noted: LocalBoxFuture<'_, ()> = Box::pin(async move {
            let _lost = calls::note(&env, &account, Fact::Webhook(at)).await;
        });
        context.wait_until(noted);
    }
}

/// Twilio told an error after the answer to a webhook.
pub fn reported(env: &Env, context: &Context, account: &AccountId, code: Option<u32>) {
    if let Some(code) = code {
        let (env, account) = (env.clone(), account.clone());
        let noted: LocalBoxFuture<'_, ()> =
            Box::pin(async move { failed(&env, &account, code).await });
        context.wait_until(noted);
    }
}

/// Twilio refused something. Only what every message of the account or number would meet is noted.
pub async fn failed(env: &Env, account: &AccountId, code: u32) {
    if rule(code).consequence == Consequence::ConfigurationFault && is_due(account, code) {
        let at = clock::domain();
        let _lost = calls::note(env, account, Fact::Failure(Failure { at, code })).await;
    }
}

fn is_due(account: &AccountId, code: u32) -> bool {
    let now = clock::wall();
    NOTED.with_borrow_mut(|noted| {
        let known = noted
            .iter_mut()
            .find(|(known, what, _)| known == account && *what == code);
        match known {
            Some((_, _, last)) if now - *last < EVERY => false,
            Some((_, _, last)) => {
                *last = now;
                true
            }
            None => {
                if noted.len() >= MOST {
                    noted.clear();
                }
                noted.push((account.clone(), code, now));
                true
            }
        }
    })
}
