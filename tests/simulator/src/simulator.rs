//! What do all parts of the simulator share? The world, the courier, and who wants to hear of changes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::json;
use tokio::sync::{Notify, broadcast};

use crate::delivery::Courier;
use crate::world::World;

/// How the simulator is started.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The edge whose clock follows ours, without a slash at the end.
    pub edge: Option<String>,
    /// Every message is read the moment it arrives.
    pub phone_autoread: bool,
}

/// Shared by every request.
#[derive(Debug)]
pub struct Simulator {
    world: Mutex<World>,
    /// Takes webhooks to their servers.
    pub courier: Courier,
    /// What changed, as JSON, for the phones that are on a screen.
    pub changes: broadcast::Sender<String>,
    /// As started.
    pub options: Options,
    /// Where we listen: `http://127.0.0.1:8788`.
    pub base_url: String,
    /// The edge has missed a change of the clock.
    pub clock_is_late: Notify,
    /// Held while the edge is told the time.
    pub telling: tokio::sync::Mutex<()>,
}

impl Simulator {
    /// A world without accounts, listening at `base_url`.
    pub fn new(base_url: String, options: Options) -> Arc<Self> {
        Arc::new(Self {
            world: Mutex::default(),
            courier: Courier::default(),
            changes: broadcast::channel(1_024).0,
            options,
            base_url,
            clock_is_late: Notify::new(),
            telling: tokio::sync::Mutex::default(),
        })
    }

    /// The world. Never hold this over an await.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the phones that something changed: `message`, `status`, `clock`, `people`, `reset`.
    pub fn changed(&self, what: &str, person: Option<&str>, sender: Option<&str>) {
        if self.changes.receiver_count() > 0 {
            let change = json!({"changed": what, "person": person, "sender": sender});
            // Nobody listening any more is no failure.
            let _ = self.changes.send(change.to_string());
        }
    }
}
