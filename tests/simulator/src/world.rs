//! What is true in this world now? All state, behind one lock that is never held over an await.

use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

use tokio::sync::oneshot;

use crate::account::Account;
use crate::contents::Contents;
use crate::faults::Faults;
use crate::log::Log;
use crate::message::Messages;
use crate::people::People;
use crate::sandbox::{self, Members};
use crate::sender::Sender;
use crate::sid::Dice;
use crate::window::Windows;

/// Everything.
#[derive(Debug)]
pub struct World {
    /// Simulated time minus the machine's.
    pub offset_ms: i64,
    /// The offset before a jump forward that the edge is being told of: what it sends meanwhile is judged by the
    /// time it could know.
    pub before_jump: Option<i64>,
    /// By SID.
    pub accounts: HashMap<String, Account>,
    /// The customers.
    pub people: People,
    /// The referee's windows.
    pub windows: Windows,
    /// Both directions.
    pub messages: Messages,
    /// Templates.
    pub contents: Contents,
    /// Who joined the sandbox.
    pub members: Members,
    /// What goes wrong.
    pub faults: Faults,
    /// What happened.
    pub log: Log,
    /// As in the log, but since the start: no reset takes it back.
    pub refused_63016: u32,
    /// Never repeated.
    pub ids: Dice,
    /// Repeatable.
    pub chance: Dice,
    /// For each conversation, the end of the last webhook on its way: the next one waits for it.
    pub lanes: HashMap<(String, String), oneshot::Receiver<()>>,
}

impl Default for World {
    fn default() -> Self {
        Self {
            offset_ms: 0,
            before_jump: None,
            accounts: HashMap::new(),
            people: People::default(),
            windows: Windows::default(),
            messages: Messages::default(),
            contents: Contents::default(),
            members: Members::default(),
            faults: Faults::default(),
            log: Log::default(),
            refused_63016: 0,
            ids: Dice::unforeseeable(),
            chance: Dice::seeded(1),
            lanes: HashMap::new(),
        }
    }
}

impl World {
    /// Simulated milliseconds since 1970.
    pub fn now(&self) -> i64 {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH);
        wall.map_or(0, |since| since.as_millis() as i64) + self.offset_ms
    }

    /// The time by which a request to create a message is judged.
    pub fn judging_time(&self) -> i64 {
        self.now() - self.offset_ms + self.before_jump.unwrap_or(self.offset_ms)
    }

    /// The account and sender of one of our numbers, as this person reaches it: the sandbox's number is whose
    /// sandbox they joined.
    pub fn sender(&self, number: &str, person: &str) -> Option<(&Account, &Sender)> {
        if number == sandbox::NUMBER {
            let account = self.members.account_of(person, self.now())?;
            let account = self.accounts.get(account)?;
            return Some((account, account.sender(number)?));
        }
        self.accounts
            .values()
            .find_map(|account| Some((account, account.sender(number)?)))
    }

    /// Forgets messages, people, faults and the log. Accounts with their senders, templates and the clock stay: they are how
    /// the world is set up, and time does not run backwards.
    pub fn reset(&mut self) {
        *self = Self {
            offset_ms: self.offset_ms,
            before_jump: self.before_jump,
            accounts: std::mem::take(&mut self.accounts),
            contents: std::mem::take(&mut self.contents),
            refused_63016: self.refused_63016,
            ids: self.ids.clone(),
            ..Self::default()
        };
        for account in self.accounts.values_mut() {
            if let Some(sandbox) = &mut account.sandbox {
                sandbox.last_sent = None;
            }
        }
    }
}
