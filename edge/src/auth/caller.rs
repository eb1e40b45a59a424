//! Who is asking, and what may they see? The parsed thing that is passed on once a token was
//! verified.

use serde::{Deserialize, Serialize};
use shared::address::CustomerAddress;
use shared::id::{AgentId, SenderId};
use shared::message::Author;
use shared::time::Timestamp;

/// Somebody whose token was verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// The token's `sub`.
    pub id: AgentId,
    /// The token's `name`; may be empty.
    pub name: String,
    /// What they are.
    pub role: Role,
    /// The senders they may see.
    pub senders: Scope,
    /// The customers they may see, or all.
    pub customers: Option<Vec<CustomerAddress>>,
    /// When the token expires, by the wall's clock.
    pub expires: Timestamp,
}

/// What somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Talks with customers.
    Agent,
    /// Sees everything, changes no set-up.
    Supervisor,
    /// Changes the set-up.
    Admin,
    /// A program.
    Service,
}

/// The senders somebody may see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// All of them.
    All,
    /// These.
    These(Vec<SenderId>),
}

impl Caller {
    /// Whether the thread between these two is in scope. What is not looks as if it did not exist.
    #[must_use]
    pub fn may_see(&self, sender: &SenderId, customer: &CustomerAddress) -> bool {
        let customer_fits = self.customers.as_ref().is_none_or(|listed| {
            listed
                .iter()
                .any(|known| known == customer || known.variants().contains(customer))
        });
        self.may_see_sender(sender) && customer_fits
    }

    /// Whether this sender is in scope.
    #[must_use]
    pub fn may_see_sender(&self, sender: &SenderId) -> bool {
        match &self.senders {
            Scope::All => true,
            Scope::These(listed) => listed.contains(sender),
        }
    }

    /// Who a message of theirs is by.
    #[must_use]
    pub fn author(&self) -> Author {
        match self.role {
            Role::Service => Author::Service {
                id: self.id.clone(),
            },
            Role::Agent | Role::Supervisor | Role::Admin => Author::Agent {
                id: self.id.clone(),
                name: self.name.clone(),
            },
        }
    }
}
