//! What does the directory's object do? Load, decide, write in one synchronous run, then publish.
//!
//! The alarm is a watchdog for rows of the outbox that were left behind: armed only when none is.

#![allow(
    missing_docs,
    reason = "what the attribute expands to is not documented"
)]

use super::calls::{AccountFacts, Call, Changed, Editor, SenderFacts};
use super::draft::configuration;
use super::publish;
use super::rules::{Change, Expected, decide};
use super::setup::{Account, SenderEntry, TemplateEntry};
use super::store::Store;
use crate::clock::{domain, wall};
use crate::objects::{Reply, answer};
use crate::problem::Problem;
use crate::records::SenderRecord;
use crate::sql::Database;
use crate::thread::calls::{self as thread_calls, Call as ThreadCall};
use crate::{platform, prompt, together};
use futures_util::future::LocalBoxFuture;
use shared::id::{SenderId, TemplateId, ThreadId};
use shared::template::Template;
use shared::time::Timestamp;
use std::rc::Rc;
use std::time::Duration;
use worker::js_sys::Promise;
use worker::wasm_bindgen::prelude::wasm_bindgen;
use worker::wasm_bindgen::{self, JsValue};
use worker::web_sys::{Request, Response};
use worker::worker_sys::DurableObjectState;
use worker::{Env, Result, State};

/// When the watchdog looks for rows left behind.
const WATCHDOG: Duration = Duration::from_secs(30);

/// When what cannot wait for an answer is done.
const AT_ONCE: Duration = Duration::from_millis(100);

/// The one object that owns the set-up of the deployment.
#[wasm_bindgen(wasm_bindgen = worker::wasm_bindgen)]
pub struct DirectoryObject(Rc<Inner>);

#[wasm_bindgen(wasm_bindgen = worker::wasm_bindgen, js_sys = worker::js_sys)]
impl DirectoryObject {
    #[wasm_bindgen(constructor)]
    pub fn new(state: DurableObjectState, env: Env) -> Self {
        let state = State::from(state);
        let store = Store::open(Database::of(&state.storage().sql()), wall())
            .map_err(|error| error.to_string());
        Self(Rc::new(Inner { state, env, store }))
    }

    pub fn fetch(&self, request: Request) -> std::result::Result<JsValue, JsValue> {
        let inner = self.0.clone();
        platform::after_text(&request.text()?, move |call| {
            prompt::begin(async move { Ok(inner.answer(&call).await?.into()) })
        })
    }

    pub fn alarm(&self) -> Promise {
        let inner = self.0.clone();
        platform::promise(Box::pin(async move {
            if let Ok(store) = &inner.store
                && let Err(error) = inner.watch(store).await
            {
                worker::console_error!("the directory's watchdog: {error}");
            }
        }))
    }
}

/// What the object holds.
struct Inner {
    state: State,
    env: Env,
    /// The tables, or why they could not be opened.
    store: std::result::Result<Store, String>,
}

impl Inner {
    async fn answer(&self, call: &str) -> Result<Response> {
        let store = match &self.store {
            Ok(store) => store,
            Err(error) => {
                worker::console_error!("the directory's tables cannot be opened: {error}");
                return answer(&Reply::<()>::Err(Problem::unavailable()));
            }
        };
        match crate::json::read::<Call>(call) {
            Ok(Call::Change {
                change,
                editor,
                expected,
                rehearse,
            }) => answer(
                &self
                    .change(store, change, &editor, expected, rehearse)
                    .await,
            ),
            Ok(Call::Enlist { thread, sender, at }) => {
                answer(&self.enlist(store, &thread, &sender, at).await)
            }
            Ok(call) => handle(store, call),
            Err(error) => {
                worker::console_error!("the directory was asked something unknown: {error}");
                answer(&Reply::<()>::Err(Problem::unavailable()))
            }
        }
    }

    async fn change(
        &self,
        store: &Store,
        change: Change,
        editor: &Editor,
        expected: Option<Expected>,
        rehearse: bool,
    ) -> Reply<Changed> {
        // Nothing is decided before this await, and nothing awaited between decision and write.
        let armed = self.state.storage().get_alarm().await?.is_some();
        let decision = decide(&store.setup(&change)?, change, expected, domain())?;
        let lines = decision.entries.iter();
        let lines = lines
            .map(|e| (e.verb.clone(), e.kind.clone(), e.subject.clone()))
            .collect();
        let changed = Changed {
            revision: decision.revision,
            created: decision.created,
            tally: decision.tally.clone(),
            lines,
        };
        if rehearse {
            return Ok(changed);
        }
        store.write(&decision, editor, wall())?;
        if !armed {
            self.state.storage().set_alarm(WATCHDOG).await?;
        }
        if let Err(error) = publish::run(store, &self.env).await {
            // The change stands, and its rows wait for the alarm.
            worker::console_error!("the directory is published later: {error}");
        }
        // What was to be erased is gone when this is answered, unless it is a great deal.
        if !decision.erase.is_empty() && self.erase_some(store).await? {
            self.state.storage().set_alarm(AT_ONCE).await?;
        }
        Ok(changed)
    }

    /// A thread was begun. Its number may have been erased meanwhile: then so is the thread.
    async fn enlist(
        &self,
        store: &Store,
        thread: &ThreadId,
        sender: &SenderId,
        at: Timestamp,
    ) -> Reply<()> {
        store.enlist(thread, sender, at)?;
        if store.is_erased(sender)? {
            store.erase_all(sender, wall())?;
            self.state.storage().set_alarm(AT_ONCE).await?;
        }
        Ok(())
    }

    /// Carries out what was left behind, having armed itself first for what will be again.
    async fn watch(&self, store: &Store) -> Result<()> {
        if store.to_erase()?.is_empty() && !store.unpublished()? {
            return Ok(());
        }
        self.state.storage().set_alarm(WATCHDOG).await?;
        publish::run(store, &self.env).await?;
        if self.erase_some(store).await? {
            self.state.storage().set_alarm(AT_ONCE).await?;
        }
        Ok(())
    }

    /// Has some of what is to be erased erased. Whether to go on at once: there is more, and it can be
    /// reached.
    async fn erase_some(&self, store: &Store) -> Result<bool> {
        let threads = store.to_erase()?;
        let deeds = threads
            .iter()
            .map(|thread| -> LocalBoxFuture<'_, ()> { Box::pin(self.erase(store, thread)) });
        together::each(deeds.collect()).await;
        let left = store.to_erase()?;
        Ok(!left.is_empty() && left != threads)
    }

    /// Has a thread erased. One that cannot be reached is tried again.
    async fn erase(&self, store: &Store, thread: &ThreadId) {
        let erased: Reply<()> = thread_calls::call(&self.env, thread, &ThreadCall::Erase).await;
        let noted = match erased {
            Ok(()) => store.erased(thread).map_err(|error| error.to_string()),
            Err(problem) => Err(problem.code.clone()),
        };
        if let Err(error) = noted {
            worker::console_error!("thread {}: not erased yet: {error}", thread.as_str());
        }
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
        Call::SenderAndTemplate {
            sender,
            template,
            attempt,
        } => answer(&reply(sender_and_template(
            store, &sender, &template, attempt,
        ))),
        Call::Templates { sender } => {
            let templates = store.templates_of(&sender);
            answer(&reply(templates.map(|all| {
                all.into_iter()
                    .filter_map(TemplateEntry::offered)
                    .collect::<Vec<_>>()
            })))
        }
        Call::DescribeSenders => answer(&reply(senders(store))),
        Call::Workstreams => answer(&reply(store.workstreams())),
        Call::Sent => answer(&reply(store.all_sent())),
        Call::ThreadsOf { sender } => answer(&reply(store.threads_of(&sender))),
        Call::Note { account, fact } => answer(&reply(store.note(account.as_str(), &fact))),
        Call::Audit { filter } => answer(&reply(store.audit(&filter))),
        Call::Configuration => answer(&reply(whole(store))),
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
        Call::Change { .. } | Call::Enlist { .. } => {
            answer(&Reply::<()>::Err(Problem::unavailable()))
        }
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

/// The number, and the template as far as it may be sent for it.
fn sender_and_template(
    store: &Store,
    sender: &SenderId,
    template: &TemplateId,
    attempt: Option<Timestamp>,
) -> Result<Option<(SenderRecord, Option<Template>)>> {
    let Some(record) = store.sender_record(sender)? else {
        return Ok(None);
    };
    let entry = store.template(template)?;
    let offered = entry
        .filter(|entry| entry.senders.contains(sender))
        .and_then(TemplateEntry::offered);
    if let (Some(at), Some(offered)) = (attempt, &offered) {
        store.count_sent(&offered.id, sender, at)?;
    }
    Ok(Some((record, offered)))
}

fn senders(store: &Store) -> Result<Vec<SenderFacts>> {
    let accounts = store.accounts()?;
    let facts = |entry: SenderEntry| {
        let account = accounts.iter().find(|account| account.id == entry.account);
        let usable = entry.sender.active && account.is_some_and(|account| account.active);
        SenderFacts { entry, usable }
    };
    Ok(store.senders()?.into_iter().map(facts).collect())
}

fn whole(store: &Store) -> Result<serde_json::Value> {
    Ok(configuration::document(
        &store.accounts()?,
        &store.workstreams()?,
        &store.senders()?,
        &store.templates()?,
        domain(),
    ))
}

fn facts(store: &Store, account: Account) -> Result<AccountFacts> {
    Ok(AccountFacts {
        senders: store
            .senders_of(&account.id)?
            .into_iter()
            .map(|entry| entry.sender.id)
            .collect(),
        health: store.health(&account.id)?,
        facts: store.facts(account.id.as_str())?,
        token_set: !account.token.is_empty(),
        next_token_set: account.next_token.is_some(),
        api_key: account.api_key.map(|key| key.sid),
        id: account.id,
        version: account.version,
        name: account.name,
        account_sid: account.account_sid,
        active: account.active,
    })
}
