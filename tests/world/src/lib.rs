//! How does a test, or `cargo xtask dev`, get a whole Finestra on this machine?
//!
//! ```no_run
//! # async fn example() -> Result<(), world::Failure> {
//! use world::{Inbound, Options, World, demo};
//!
//! let world = World::start(Options::default()).await?;
//! let written = world.simulator.writes(&Inbound::text(demo::ANNA, demo::MILANO, "Ciao")).await?;
//! assert_eq!(written.webhook_status, Some(200));
//! let thread = world.rest.thread("milano", demo::ANNA).await?;
//! let messages = world.rest.messages(&thread).await?;
//! # Ok(()) }
//! ```
//!
//! A [`World`] is the built Worker in workerd (`xtask/workerd.mjs`) and the simulator, as child
//! processes on ports of their own, seeded with the demo deployment of [`demo`] through the REST
//! contract. Dropping it stops both, removes its state, and panics if the simulator's
//! WhatsApp refused what the edge had let through. The Worker (`cargo xtask build --dev`)
//! and the simulator (`cargo build -p simulator`) must have been built; `cargo xtask test` does.

pub mod demo;
mod ports;
mod process;
mod rest;
mod seed;
mod simulator;
mod token;
mod wait;
mod world;

pub use process::build_folder;
pub use rest::{Answer, Rest};
pub use simulator::{Conversation, Inbound, Log, Phone, SimulatorClient, Written};
pub use token::{Claims, DEVELOPMENT_SECRET, mint};
pub use wait::until;
pub use world::{Options, World};

/// What went wrong, for whoever reads a failed test.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    /// With a sentence that names what was attempted.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        use std::error::Error as _;
        let cause = error
            .source()
            .map(|it| format!(": {it}"))
            .unwrap_or_default();
        Self(format!("{error}{cause}"))
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}
