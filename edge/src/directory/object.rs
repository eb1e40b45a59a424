//! What does the directory's object do? Load, decide, write in one synchronous run, then publish.
//!
//! The alarm is a watchdog for rows of the outbox that were left behind: armed only when none is.

#![allow(
    missing_docs,
    reason = "what the attribute expands to is not documented"
)]

use super::calls::{AccountFacts, Call, Changed, Editor};
use super::publish;
use super::rules::{Change, decide};
use super::setup::Account;
use super::store::Store;
use crate::clock::wall;
use crate::objects::{Reply, answer};
use crate::problem::Problem;
use crate::sql::Database;
use shared::template::Template;
use shared::time::Timestamp;
use std::time::Duration;
// The attribute's expansion names `wasm_bindgen`.
use worker::{DurableObject, Env, Request, Response, Result, State, durable_object, wasm_bindgen};

/// When the watchdog looks for rows left behind.
const WATCHDOG: Duration = Duration::from_secs(30);

/// The one object that owns the set-up of the deployment.
#[durable_object(alarm)]
pub struct DirectoryObject {
    state: State,
    env: Env,
    /// The tables, or why they could not be opened.
    store: std::result::Result<Store, String>,
}

impl DurableObject for DirectoryObject {
    fn new(state: State, env: Env) -> Self {
        let store = Store::open(Database::of(&state.storage().sql()), wall())
            .map_err(|error| error.to_string());
        Self { state, env, store }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let store = match &self.store {
            Ok(store) => store,
            Err(error) => {
                worker::console_error!("the directory's tables cannot be opened: {error}");
                return answer(&Reply::<()>::Err(Problem::unavailable()));
            }
        };
        // One reader of JSON for everything: `Request::json` would bring in a second one.
        let call = request.text().await?;
        match crate::json::read::<Call>(&call) {
            Ok(Call::Change { change, editor }) => {
                answer(&self.change(store, change, &editor).await)
            }
            Ok(call) => handle(store, call),
            Err(error) => {
                worker::console_error!("the directory was asked something unknown: {error}");
                answer(&Reply::<()>::Err(Problem::unavailable()))
            }
        }
    }

    async fn alarm(&self) -> Result<Response> {
        if let Ok(store) = &self.store
            && let Err(error) = self.watch(store).await
        {
            worker::console_error!("the directory's watchdog: {error}");
        }
        Response::empty()
    }
}

impl DirectoryObject {
    async fn change(&self, store: &Store, change: Change, editor: &Editor) -> Reply<Changed> {
        // Nothing is decided before this await, and nothing awaited between decision and write.
        let armed = self.state.storage().get_alarm().await?.is_some();
        let decision = decide(&store.setup(&change)?, change)?;
        store.write(&decision, editor, wall())?;
        if !armed {
            self.state.storage().set_alarm(WATCHDOG).await?;
        }
        if let Err(error) = publish::run(store, &self.env).await {
            // The change stands, and its rows wait for the alarm.
            worker::console_error!("the directory is published later: {error}");
        }
        Ok(Changed {
            revision: decision.revision,
            created: decision.created,
        })
    }

    /// Carries out what was left behind, having armed itself first for what will be again.
    async fn watch(&self, store: &Store) -> Result<()> {
        if store.unpublished()? {
            self.state.storage().set_alarm(WATCHDOG).await?;
            publish::run(store, &self.env).await?;
        }
        Ok(())
    }
}

/// Answers every call that needs nothing but the tables.
fn handle(store: &Store, call: Call) -> Result<Response> {
    match call {
        Call::ClockOffset => answer(&reply(
            store.setting("clock_offset").map(Option::unwrap_or_default),
        )),
        Call::SetClockOffset { offset } => answer(&reply(store.set("clock_offset", offset))),
        Call::Account { account } => answer(&reply(store.account_record(&account))),
        Call::AllAccounts => answer(&reply(all_accounts(store))),
        Call::Sender { sender } => answer(&reply(store.sender_record(&sender))),
        Call::AllSenders => answer(&reply(store.sender_records())),
        Call::SenderAndTemplate { sender, template } => {
            let offered = || -> Result<Option<Template>> {
                let entry = store.template(&template)?;
                Ok(entry
                    .filter(|entry| entry.senders.contains(&sender))
                    .map(|entry| entry.template))
            };
            let both = store
                .sender_record(&sender)
                .and_then(|record| match record {
                    Some(record) => Ok(Some((record, offered()?))),
                    None => Ok(None),
                });
            answer(&reply(both))
        }
        Call::Templates { sender } => {
            let templates = store.templates_of(&sender);
            answer(&reply(templates.map(|all| {
                all.into_iter()
                    .map(|entry| entry.template)
                    .collect::<Vec<_>>()
            })))
        }
        Call::TemplateEntry { template } => answer(&reply(store.template(&template))),
        Call::AllTemplates => answer(&reply(store.templates())),
        Call::DescribeAccount { account } => {
            let facts = store
                .account(&account)
                .and_then(|found| found.map(|one| facts(store, one)).transpose());
            answer(&reply(facts))
        }
        Call::DescribeAccounts => {
            let all = store.accounts();
            let all = all.and_then(|all| {
                all.into_iter()
                    .map(|one| facts(store, one))
                    .collect::<Result<Vec<_>>>()
            });
            answer(&reply(all))
        }
        Call::RefusedSignature {
            account,
            right_url,
            at,
        } => answer(&reply(store.refused_signature(
            &account,
            right_url.as_deref(),
            at,
        ))),
        Call::KeepUnrouted { account, webhook } => {
            let kept = reply(store.keep_unrouted(&account, &webhook));
            answer(&kept.and_then(|kept| {
                if kept {
                    Ok(())
                } else {
                    Err(Problem::not_found())
                }
            }))
        }
        Call::Unrouted { account } => answer(&reply(store.unrouted(&account))),
        Call::Health { account } => answer(&reply(store.health(&account))),
        Call::Heartbeat { at } => {
            let before = store.setting("heartbeat");
            let beat = before
                .and_then(|before| store.set("heartbeat", at.0).map(|()| before.map(Timestamp)));
            answer(&reply(beat))
        }
        // Handled by the object itself, which can await.
        Call::Change { .. } => answer(&Reply::<()>::Err(Problem::unavailable())),
    }
}

/// An outage is logged where it is turned into a problem.
fn reply<T>(result: Result<T>) -> Reply<T> {
    result.map_err(Problem::from)
}

fn all_accounts(store: &Store) -> Result<Vec<crate::records::AccountRecord>> {
    let mut records = Vec::new();
    for account in store.accounts()? {
        records.extend(store.account_record(&account.id)?);
    }
    Ok(records)
}

fn facts(store: &Store, account: Account) -> Result<AccountFacts> {
    Ok(AccountFacts {
        senders: store
            .senders_of(&account.id)?
            .into_iter()
            .map(|entry| entry.sender.id)
            .collect(),
        health: store.health(&account.id)?,
        next_token_set: account.next_token.is_some(),
        id: account.id,
        version: account.version,
        name: account.name,
        account_sid: account.account_sid,
        active: account.active,
    })
}
