//! Which auth tokens does an account have, opened? Kept for a while, so that not every webhook
//! decrypts.

use crate::records::{AccountRecord, ApiKey};
use crate::seal::{self, SealingKey};
use std::cell::RefCell;
use worker::Env;

/// The most opened tokens an isolate remembers; beyond, it starts anew.
const MOST: usize = 64;

thread_local! {
    /// Opened tokens by their sealed text, which changes with the token and with the key.
    static OPENED: RefCell<Vec<(String, String)>> = const { RefCell::new(Vec::new()) };
}

/// The token in use: what we call Twilio with.
#[must_use]
pub fn current(env: &Env, account: &AccountRecord) -> Option<String> {
    open(env, account, &account.token)
}

/// The secret of an account's API key.
#[must_use]
pub fn secret(env: &Env, account: &AccountRecord, key: &ApiKey) -> Option<String> {
    open(env, account, &key.secret)
}

/// Every token that Twilio may sign with: during a rotation there are two.
#[must_use]
pub fn all(env: &Env, account: &AccountRecord) -> Vec<String> {
    [Some(&account.token), account.next_token.as_ref()]
        .into_iter()
        .flatten()
        .filter_map(|sealed| open(env, account, sealed))
        .collect()
}

fn open(env: &Env, account: &AccountRecord, sealed: &str) -> Option<String> {
    if sealed.is_empty() {
        return None;
    }
    // The account is part of what was sealed: another account's text would not have opened before.
    let name = [account.id.as_str(), sealed].join("\n");
    if let Some(token) = OPENED.with_borrow(|opened| {
        opened
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, token)| token.clone())
    }) {
        return Some(token);
    }
    let token = seal::open(&SealingKey::from_env(env).ok()?, &account.id, sealed)?;
    OPENED.with_borrow_mut(|opened| {
        if opened.len() >= MOST {
            opened.clear();
        }
        opened.push((name, token.clone()));
    });
    Some(token)
}
