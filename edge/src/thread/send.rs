//! How does a message leave? The attempt, and the search for what may have left.

use super::Inner;
use crate::objects::Reply;
use crate::problem::Problem;
use crate::records::{AccountRecord, SenderRecord};
use crate::twilio::{client, list};
use crate::{clock, config, directory, kv};
use shared::content::Content;
use shared::id::MessageId;
use shared::message::{Message, Stage};
use shared::policy::Proposal;
use shared::thread::{Event, Found, Outcome, Task};
use shared::time::{Span, Timestamp};
use std::rc::Rc;

/// How much earlier than our hand-over Twilio may have stamped a message: the clocks differ.
const CLOCKS_DIFFER: Span = Span::minutes(1);

impl Inner {
    /// One attempt. What must be true now is asked first; then gate, lease and write in one run;
    /// then the permit is used up.
    pub(super) async fn send(self: &Rc<Self>, id: &MessageId, attempts: u32) -> Reply<()> {
        let store = self.store()?;
        let Some((message, Some(proposal))) = store.message(id)? else {
            return Ok(store.settle(&Task::Send(id.clone()))?);
        };
        if Self::was_interrupted(&message.stage) {
            return self
                .happen(id, |message| Event::Interrupted { message })
                .await
                .map(|_| ());
        }
        let prepared = match self.sender_now(&proposal, Some(clock::domain())).await {
            Ok(sender) => self.account(&sender).await.map(|account| (sender, account)),
            Err(problem) => Err(problem),
        };
        let Ok((sender, account)) = prepared else {
            return self
                .happen(id, |message| Event::Postponed { message, attempts })
                .await
                .map(|_| ());
        };

        // Nothing is awaited from here until the permit is in Twilio's hands.
        let (Some(thread), Some((message, Some(proposal)))) =
            (self.thread()?, self.store()?.message(id)?)
        else {
            return Ok(());
        };
        let attempt = Event::Attempt {
            message,
            proposal,
            sender: &sender.sender,
        };
        let mut committed = match self.take(&thread, attempt)? {
            Ok(committed) => committed,
            Err(_) => return Ok(()),
        };
        let Some(permit) = committed.permit.take() else {
            self.follow_up(&committed).await;
            return Ok(());
        };
        let callback = self.callback(&sender, id);
        let outcome = client::hand_over(&self.env, &account, permit, &callback).await;
        let refused = match outcome {
            Outcome::Refused { code } => Some(code),
            _ => None,
        };
        self.happen(id, |message| Event::Answered {
            message,
            outcome,
            attempts,
        })
        .await?;
        if let Some(code) = refused {
            directory::passing::failed(&self.env, &account.id, code).await;
        }
        Ok(())
    }

    /// The sender, and for a template what the directory says of it *now*.
    /// `attempt`: when it is about to be handed over.
    pub(super) async fn sender_now(
        &self,
        proposal: &Proposal,
        attempt: Option<Timestamp>,
    ) -> Reply<SenderRecord> {
        let Proposal::Template { template, .. } = proposal else {
            return self.sender().await;
        };
        let thread = self.thread()?.ok_or_else(Problem::not_found)?;
        let (mut sender, template) =
            directory::calls::sender_and_template(&self.env, &thread.sender, template, attempt)
                .await?
                .ok_or_else(Problem::not_found)?;
        self.remember(Rc::new(sender.clone()));
        sender.sender.templates = template.into_iter().collect();
        Ok(sender)
    }

    async fn account(&self, sender: &SenderRecord) -> Reply<AccountRecord> {
        match kv::get::<kv::Accounts>(&self.env, &sender.account).await? {
            Some(account) => Ok(account),
            None => directory::calls::account(&self.env, &sender.account)
                .await?
                .ok_or_else(Problem::not_found),
        }
    }

    /// Where Twilio reports to: our names for thread and message, so that a report finds its way
    /// even before we know Twilio's name for the message.
    fn callback(&self, sender: &SenderRecord, id: &MessageId) -> String {
        let mut url = config::public_url(&self.env);
        for part in [
            "/twilio/",
            sender.account.as_str(),
            "/status?m=",
            self.name().as_str(),
            ".",
            id.as_str(),
        ] {
            url.push_str(part);
        }
        url
    }

    /// Searches Twilio's list for a message that may have left.
    pub(super) async fn look_up(self: &Rc<Self>, id: &MessageId) -> Reply<()> {
        let Some((message, _)) = self.store()?.message(id)? else {
            return Ok(self.store()?.settle(&Task::LookUp(id.clone()))?);
        };
        let Stage::Unconfirmed { since, .. } = message.stage else {
            return Ok(self.store()?.settle(&Task::LookUp(id.clone()))?);
        };
        let thread = self.thread()?.ok_or_else(Problem::not_found)?;
        let sender = self.sender().await?;
        let account = self.account(&sender).await?;
        let wanted = list::Search {
            from: Some(&sender.sender.number),
            to: Some(&thread.reply_to),
            since: since - CLOCKS_DIFFER,
        };
        // Unreachable or refused is no answer: searched again later.
        let listed = list::messages(&self.env, &account, &wanted)
            .await
            .unwrap_or_default();
        let fitting = listed.into_iter().filter(|found| {
            found.outbound && found.created >= since - CLOCKS_DIFFER && fits(&message, &found.body)
        });
        // What is found must be the only one that fits, for the only message it can be. From here
        // on it is one run: nothing else can happen in between.
        let store = self.store()?;
        let mut unclaimed = Vec::new();
        for candidate in fitting {
            if store.message_by_sid(&candidate.sid)?.is_none() {
                unclaimed.push(candidate);
            }
        }
        let rivals = store
            .unnamed()?
            .into_iter()
            .filter(|other| other.content == message.content)
            .count();
        let found = match unclaimed.pop() {
            Some(one) if unclaimed.is_empty() && rivals <= 1 => Found::One {
                sid: one.sid,
                report: one.report,
            },
            _ => Found::Nothing,
        };
        self.happen(id, |message| Event::LookedUp { message, found })
            .await
            .map(|_| ())
    }
}

/// Whether a message of Twilio's list can be this one, by its text.
fn fits(message: &Message, body: &str) -> bool {
    match &message.content {
        Content::Text { body: ours } | Content::Template { body: ours, .. } => ours == body,
        _ => false,
    }
}
