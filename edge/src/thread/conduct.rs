//! What is done when somebody asks? The verbs of a thread, the same for sockets, REST and webhooks.

use super::Inner;
use super::calls::{Page, Standing};
use super::watch::in_scope;
use super::{new_message, new_messages};
use crate::auth::caller::Caller;
use crate::clock;
use crate::objects::Reply;
use crate::problem::Problem;
use crate::records::SenderRecord;
use shared::address::CustomerAddress;
use shared::consent::OptIn;
use shared::id::{ClientId, MessageId};
use shared::identity;
use shared::message::{Author, Message};
use shared::policy::Proposal;
use shared::session::Session;
use shared::thread::{Choice, Decline, Event, Incoming};
use shared::time::Timestamp;
use shared::twilio::{Callback, Form, Inbound, form};
use std::rc::Rc;

/// The longest source or wording of an opt-in, in bytes.
const LONGEST_RECORD: usize = 2_000;

impl Inner {
    /// The customer wrote. `body` is the webhook's form as it came.
    pub(super) async fn inbound(
        self: &Rc<Self>,
        body: &str,
        at: Timestamp,
        sender: Rc<SenderRecord>,
    ) -> Reply<()> {
        self.here()?;
        let refused = |code| Problem::new(400, code);
        let form = form::parse(body.as_bytes()).map_err(|error| refused(error.code()))?;
        let inbound = Inbound::parse(&form).map_err(|error| refused(error.code()))?;
        let thread = match self.thread()? {
            Some(thread) => thread,
            None => {
                self.find_other_writing(&sender, &inbound.from).await?;
                // Another event may have come while that was asked.
                match self.thread()? {
                    Some(thread) => thread,
                    None => self.begin(&sender.sender.id, &inbound.from)?,
                }
            }
        };
        let [id, notice, other_notice] = new_messages()?;

        // Nothing is awaited from here until everything is written: one run asks whether the SID is
        // new, claims it, decides and writes.
        let store = self.store()?;
        let hash = identity::seen_hash(&self.key()?, &inbound.sid);
        if !store.claim(&hash)? {
            return Ok(());
        }
        let event = Event::Inbound(Incoming {
            id: id.clone(),
            notices: [notice, other_notice],
            sid: inbound.sid,
            seen: false,
            from: inbound.from,
            external: inbound.external,
            profile_name: inbound.profile_name,
            content: inbound.content,
            in_reply_to: inbound.in_reply_to,
            at: at.min(clock::domain()),
            opt_out_type: inbound.opt_out_type.as_deref(),
            words: &sender.words,
        });
        let taken = self.take_with(&thread, event, Some((&id, body)));
        if taken.is_err() {
            // Not written, so not seen: whoever sends it again is heard.
            store.disclaim(&hash)?;
        }
        self.remember(sender);
        if let Ok(committed) = taken? {
            self.follow_up(&committed).await;
        }
        Ok(())
    }

    /// Twilio reported a status.
    pub(super) async fn status(
        self: &Rc<Self>,
        message: Option<MessageId>,
        params: &[(String, String)],
    ) -> Reply<()> {
        self.here()?;
        let form = Form::new(params.to_vec());
        let callback = Callback::parse(&form).map_err(|error| Problem::new(400, error.code()))?;
        let store = self.store()?;
        let found = match message {
            Some(id) => store.message(&id)?.map(|(message, _)| message),
            None => store.message_by_sid(&callback.sid)?,
        };
        let (Some(thread), Some(message)) = (self.thread()?, found) else {
            return Ok(());
        };
        let event = Event::Status {
            message,
            sid: callback.sid,
            report: callback.report,
        };
        if let Ok(committed) = self.take(&thread, event)? {
            self.follow_up(&committed).await;
        }
        Ok(())
    }

    /// Makes sure there is a thread, so that somebody can write first.
    pub(super) async fn open(
        self: &Rc<Self>,
        caller: &Caller,
        sender: SenderRecord,
        customer: &CustomerAddress,
    ) -> Reply<Standing> {
        self.here()?;
        if !caller.may_see(&sender.sender.id, customer) {
            return Err(Problem::not_found());
        }
        if self.thread()?.is_none() {
            self.find_other_writing(&sender, customer).await?;
        }
        self.remember(Rc::new(sender.clone()));
        if self.thread()?.is_none() {
            let thread = self.begin(&sender.sender.id, customer)?;
            self.store()?.put_thread(&thread)?;
            self.memory.borrow_mut().thread = Some(thread);
        }
        self.session(caller).await
    }

    /// Somebody wants to send something.
    pub(super) async fn propose(
        self: &Rc<Self>,
        caller: &Caller,
        client: ClientId,
        proposal: Proposal,
    ) -> Reply<Message> {
        self.here()?;
        if ClientId::parse(client.as_str()).is_none() {
            return Err(Problem::new(400, "malformed").fact("field", "client"));
        }
        in_scope(caller, self.thread()?)?;
        let sender = self.sender_now(&proposal, None).await?;
        let thread = in_scope(caller, self.thread()?)?;
        let earlier = self.store()?.message_by_client(&caller.id, &client)?;
        let earlier = earlier.and_then(|(message, proposal)| Some((message, proposal?)));
        let first = earlier.as_ref().map(|(message, _)| message.clone());
        let event = Event::Propose {
            id: new_message()?,
            client,
            author: caller.author(),
            proposal,
            sender: &sender.sender,
            earlier,
        };
        match self.take(&thread, event)? {
            Ok(mut committed) => {
                self.follow_up(&committed).await;
                first
                    .or_else(|| committed.messages.pop())
                    .ok_or_else(Problem::unavailable)
            }
            Err(Decline::Refused(refusal)) => Err(Problem::refused(&refusal)),
            Err(_) => Err(Problem::new(422, "idempotency-key-reused").remedy("use-a-new-key")),
        }
    }

    /// What failed is sent once more, as a new message with the same proposal.
    pub(super) async fn send_again(
        self: &Rc<Self>,
        caller: &Caller,
        client: ClientId,
        id: &MessageId,
    ) -> Reply<Message> {
        let Some((message, Some(proposal))) = self.store()?.message(id)? else {
            return Err(Problem::not_found());
        };
        if !message.has_failed() {
            return Err(Problem::new(409, "nothing-to-decide"));
        }
        self.propose(caller, client, proposal).await
    }

    /// A page of messages.
    pub(super) fn messages(&self, caller: &Caller, before: Option<u64>, limit: u32) -> Reply<Page> {
        self.here()?;
        in_scope(caller, self.thread()?)?;
        let messages = self.store()?.before(before.unwrap_or(u64::MAX), limit)?;
        let next = messages
            .first()
            .map(|first| first.place)
            .filter(|place| *place > 1);
        Ok(Page { messages, next })
    }

    /// The session as it is now.
    pub(super) async fn session(&self, caller: &Caller) -> Reply<Standing> {
        self.here()?;
        in_scope(caller, self.thread()?)?;
        let sender = self.sender().await?;
        let thread = in_scope(caller, self.thread()?)?;
        Ok(Standing {
            thread: self.name(),
            session: Session::of(&thread, &sender.sender),
        })
    }

    /// Somebody records that the customer agreed.
    pub(super) async fn opt_in(
        self: &Rc<Self>,
        caller: &Caller,
        client: ClientId,
        source: String,
        wording: String,
        at: Option<Timestamp>,
    ) -> Reply<Standing> {
        self.here()?;
        let thread = in_scope(caller, self.thread()?)?;
        for (field, value) in [("source", &source), ("wording", &wording)] {
            if shared::text::is_blank(value) || value.len() > LONGEST_RECORD {
                return Err(Problem::new(400, "malformed")
                    .fact("field", field)
                    .remedy("fill-in"));
            }
        }
        let now = clock::domain();
        let name = [caller.id.as_str(), client.as_str()].join(" ");
        let command = [source.as_str(), wording.as_str()].join("\n");
        match self.store()?.done(&name)? {
            Some(done) if done == command => return self.session(caller).await,
            Some(_) => {
                return Err(Problem::new(422, "idempotency-key-reused").remedy("use-a-new-key"));
            }
            None => self.store()?.mark_done(&name, &command)?,
        }
        let opt_in = OptIn {
            at: at.unwrap_or(now).min(now),
            source,
            wording,
            recorded_by: Some(caller.id.clone()),
            recorded_at: now,
        };
        if let Ok(committed) = self.take(&thread, Event::OptIn(opt_in))? {
            self.follow_up(&committed).await;
        }
        self.session(caller).await
    }

    /// Somebody decides about an unconfirmed message.
    pub(super) async fn decide(
        self: &Rc<Self>,
        caller: &Caller,
        id: &MessageId,
        choice: Choice,
    ) -> Reply<()> {
        self.here()?;
        let thread = in_scope(caller, self.thread()?)?;
        let (message, _) = self.store()?.message(id)?.ok_or_else(Problem::not_found)?;
        if matches!(message.author, Author::Customer | Author::System) {
            return Err(Problem::new(409, "nothing-to-decide"));
        }
        match self.take(&thread, Event::Decided { message, choice })? {
            Ok(committed) => {
                self.follow_up(&committed).await;
                Ok(())
            }
            Err(_) => Err(Problem::new(409, "nothing-to-decide")),
        }
    }
}
