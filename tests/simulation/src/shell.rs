//! The shell's twin: carries tasks out as `ThreadObject` does, and may be cut off after any of its
//! effects.

use crate::random::Random;
use crate::store::Store;
use crate::twilio::{Fate, Twilio, Written};
use shared::address::CustomerAddress;
use shared::consent::ConsentWords;
use shared::content::Content;
use shared::id::{AgentId, ClientId, MessageId, SenderId};
use shared::message::{Author, Stage};
use shared::policy::{Proposal, Sender};
use shared::session::Session;
use shared::template::{Approval, Category, Kind, Localization, Template};
use shared::thread::{Decline, Event, Found, Incoming, Outcome, Step, Task, Thread, step};
use shared::time::{Span, Timestamp};

/// For how long a row is taken.
pub const LEASE: Span = Span::seconds(30);

/// One deployment: store, Twilio, the number, the clock.
pub struct Shell {
    pub store: Store,
    pub twilio: Twilio,
    pub sender: Sender,
    pub words: ConsentWords,
    pub now: Timestamp,
    pub directory_answers: bool,
    /// The effects left until the process dies; `None`: it lives.
    pub fuse: Option<u32>,
    names: u32,
}

/// The process died here. What was committed stays.
#[derive(Debug)]
pub struct Died;

impl Shell {
    #[must_use]
    pub fn new(now: Timestamp, margin: Span) -> Self {
        let thread = Thread::new(
            SenderId::trusted("milano"),
            CustomerAddress::trusted("+393471234567"),
        );
        let localization = Localization {
            language: "it".into(),
            content_sid: shared::id::ContentSid::parse("HX0123456789abcdef0123456789abcdef"),
            approval: Approval::Approved,
            kind: Kind::Text,
            body: "Ciao, a presto.".into(),
            footer: None,
            buttons: vec![],
            samples: vec![],
        };
        let template = Template {
            id: shared::id::TemplateId::trusted("hello"),
            name: "Hello".into(),
            category: Category::Utility,
            default_language: "it".into(),
            localizations: vec![localization],
        };
        let sender = Sender {
            id: SenderId::trusted("milano"),
            name: "Milano".into(),
            number: "+390200000001".into(),
            language: "it".into(),
            margin,
            active: true,
            templates: vec![template],
        };
        Self {
            store: Store {
                thread,
                ..Store::default()
            },
            twilio: Twilio::default(),
            sender,
            words: ConsentWords::default(),
            now,
            directory_answers: true,
            fuse: None,
            names: 0,
        }
    }

    fn name(&mut self) -> MessageId {
        self.names += 1;
        MessageId::trusted(format!("{:032x}", self.names))
    }

    /// One more effect; dies if the fuse has burnt down.
    fn live(&mut self) -> Result<(), Died> {
        match &mut self.fuse {
            Some(0) => Err(Died),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// A webhook, or a message of the list: the same door.
    pub fn receive(&mut self, written: &Written, stamp: Timestamp) -> Result<Step, Decline> {
        let seen = self.store.seen.contains(&written.sid);
        let (id, notices) = (self.name(), [self.name(), self.name()]);
        let event = Event::Inbound(Incoming {
            id,
            notices,
            sid: written.sid.clone(),
            seen,
            from: CustomerAddress::trusted("+393471234567"),
            external: None,
            profile_name: String::new(),
            content: Content::Text {
                body: written.body.clone(),
            },
            in_reply_to: None,
            at: stamp.min(self.now),
            opt_out_type: None,
            words: &self.words,
        });
        step(&self.store.thread, event, self.now)
    }

    /// Somebody proposes something; the client id is `client`.
    pub fn propose(&mut self, client: &str, proposal: Proposal) -> Result<MessageId, Decline> {
        let client = ClientId::trusted(client);
        let author = Author::Agent {
            id: AgentId::trusted("agent-1"),
            name: String::new(),
        };
        let earlier = self
            .store
            .messages
            .values()
            .find(|message| message.client.as_ref() == Some(&client))
            .cloned();
        let known = earlier.as_ref().map(|message| message.id.clone());
        let earlier = earlier.and_then(|message| {
            let proposal = self.store.proposals.get(&message.id).cloned()?;
            Some((message, proposal))
        });
        let id = self.name();
        let event = Event::Propose {
            id: id.clone(),
            client,
            author,
            proposal,
            sender: &self.sender,
            earlier,
        };
        let step = step(&self.store.thread, event, self.now)?;
        self.store.commit(step);
        Ok(known.unwrap_or(id))
    }

    /// Takes an event about a stored message.
    fn happen(
        &mut self,
        id: &MessageId,
        event: impl FnOnce(shared::message::Message) -> Event<'static>,
    ) {
        let Some(message) = self.store.messages.get(id).cloned() else {
            return;
        };
        if let Ok(step) = step(&self.store.thread, event(message), self.now) {
            self.store.commit(step);
        }
    }

    /// Delivers one status callback.
    pub fn report(&mut self, callback: &crate::twilio::Callback) {
        let (sid, report) = (callback.sid.clone(), callback.report);
        self.happen(&callback.name, |message| Event::Status {
            message,
            sid,
            report,
        });
    }

    /// Carries out everything that is due; `Err` if the process died on the way.
    pub fn drain(
        &mut self,
        random: &mut Random,
        fates: &[Fate],
        look_ups_answer: bool,
    ) -> Result<(), Died> {
        while let Some(task) = self.next_due() {
            if let Some(row) = self.store.outbox.get_mut(&task) {
                row.leased = self.now + LEASE;
                row.attempts += 1;
            }
            self.live()?;
            match &task {
                Task::Send(id) => self.send(id, random, fates)?,
                Task::LookUp(id) => self.look_up(id, look_ups_answer),
                Task::Publish => self.publish(&task)?,
                Task::Point(_) => {
                    self.store.outbox.remove(&task);
                }
            }
            self.live()?;
        }
        Ok(())
    }

    fn next_due(&self) -> Option<Task> {
        let place = |task: &Task| match task {
            Task::Send(id) => self
                .store
                .messages
                .get(id)
                .map_or(0, |message| message.place),
            _ => 0,
        };
        let first_send = self
            .store
            .outbox
            .keys()
            .filter(|task| matches!(task, Task::Send(_)))
            .min_by_key(|task| place(task))
            .cloned();
        let mut due: Vec<&Task> = self
            .store
            .outbox
            .iter()
            .filter(|(task, row)| {
                row.due <= self.now
                    && row.leased <= self.now
                    && (!matches!(task, Task::Send(_)) || Some(*task) == first_send.as_ref())
            })
            .map(|(task, _)| task)
            .collect();
        // HashMap's order is not the seed's.
        due.sort_by_key(|task| format!("{task:?}"));
        due.first().map(|task| (*task).clone())
    }

    fn send(&mut self, id: &MessageId, random: &mut Random, fates: &[Fate]) -> Result<(), Died> {
        let attempts = self
            .store
            .outbox
            .get(&Task::Send(id.clone()))
            .map_or(1, |row| row.attempts);
        let (Some(message), Some(proposal)) = (
            self.store.messages.get(id).cloned(),
            self.store.proposals.get(id).cloned(),
        ) else {
            self.store.outbox.remove(&Task::Send(id.clone()));
            return Ok(());
        };
        if matches!(message.stage, Stage::Attempting { .. }) {
            self.happen(id, |message| Event::Interrupted { message });
            return Ok(());
        }
        if matches!(proposal, Proposal::Template { .. }) && !self.directory_answers {
            self.happen(id, |message| Event::Postponed { message, attempts });
            return Ok(());
        }
        let event = Event::Attempt {
            message,
            proposal,
            sender: &self.sender,
        };
        let Ok(step) = step(&self.store.thread, event, self.now) else {
            return Ok(());
        };
        let Some(permit) = self.store.commit(step) else {
            return Ok(());
        };
        self.live()?;
        let fate = fates[random.below(fates.len())];
        let outcome = match fate {
            Fate::Throttled => Outcome::NotTaken { code: Some(20_429) },
            Fate::RequestLost => Outcome::Ambiguous,
            Fate::Answered | Fate::AnswerLost => {
                let (sid, report) = self.twilio.create(id, permit, self.now, random);
                if fate == Fate::Answered {
                    Outcome::Accepted { sid, report }
                } else {
                    Outcome::Ambiguous
                }
            }
        };
        self.live()?;
        // A callback may overtake the answer.
        if random.chance(20) {
            let early: Vec<_> = self
                .twilio
                .callbacks
                .iter()
                .filter(|callback| callback.name == *id)
                .cloned()
                .collect();
            for callback in early {
                self.report(&callback);
            }
        }
        self.happen(id, |message| Event::Answered {
            message,
            outcome,
            attempts,
        });
        Ok(())
    }

    fn look_up(&mut self, id: &MessageId, answers: bool) {
        let Some(message) = self.store.messages.get(id).cloned() else {
            return;
        };
        let Stage::Unconfirmed { since, .. } = message.stage else {
            return self.happen(id, |message| Event::LookedUp {
                message,
                found: Found::Nothing,
            });
        };
        let body = match &message.content {
            Content::Text { body } => body.clone(),
            _ => "HX0123456789abcdef0123456789abcdef".into(),
        };
        let fitting: Vec<_> = self
            .twilio
            .taken
            .iter()
            .filter(|taken| {
                answers && taken.body == body && taken.at >= since && !self.store.claims(&taken.sid)
            })
            .collect();
        let rivals =
            self.store.messages.values().filter(|other| {
                other.may_be_unnamed_at_twilio() && other.content == message.content
            });
        let found = match fitting.as_slice() {
            _ if rivals.count() > 1 => Found::Nothing,
            [one] => Found::One {
                sid: one.sid.clone(),
                report: one.report,
            },
            _ => Found::Nothing,
        };
        self.happen(id, |message| Event::LookedUp { message, found });
    }

    fn publish(&mut self, task: &Task) -> Result<(), Died> {
        let Some(version) = self.store.outbox.get(task).map(|row| row.version) else {
            return Ok(());
        };
        self.store
            .published
            .0
            .push(Session::of(&self.store.thread, &self.sender));
        self.live()?;
        if self
            .store
            .outbox
            .get(task)
            .is_some_and(|row| row.version == version)
        {
            self.store.outbox.remove(task);
        }
        Ok(())
    }
}
