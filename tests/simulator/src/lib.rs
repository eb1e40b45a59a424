//! Twilio and WhatsApp as far as the product calls them, and a customer's phone in the browser.
//!
//! The referee: it keeps its own 24-hour window and answers 63016 as WhatsApp would, so it shares no code with
//! what it judges.
//!
//! Invariant: this crate depends on nothing else of the workspace.
//! Invariant: the world's lock is never held over an await.

mod account;
pub mod address;
mod contents;
mod control;
mod customer;
mod dates;
pub mod delivery;
mod edge_clock;
mod faults;
mod inbound;
mod lifecycle;
mod log;
mod media;
mod message;
mod overrides;
mod people;
mod phone;
mod request;
mod rest_faults;
mod review;
mod sandbox;
mod sender;
mod server;
mod sid;
pub mod signature;
mod simulator;
mod template;
mod twilio;
mod well_formed;
mod window;
mod world;

use std::io;
use std::sync::Arc;

use tokio::net::TcpListener;

pub use simulator::Options;

/// A simulator that listens.
#[derive(Debug)]
pub struct Running {
    /// Where.
    pub url: String,
    /// Ends when the listener fails. Abort it to stop.
    pub serving: tokio::task::JoinHandle<io::Result<()>>,
    simulator: Arc<simulator::Simulator>,
}

impl Running {
    /// How many messages WhatsApp refused since the start because the window was closed.
    pub fn refused_63016(&self) -> u32 {
        self.simulator.world().refused_63016
    }
}

/// Listens on a port of the loopback interface (0: any free one) and serves in the background.
pub async fn start(port: u16, options: Options) -> io::Result<Running> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let simulator = simulator::Simulator::new(url.clone(), options);
    tokio::spawn(edge_clock::keep_in_time(Arc::clone(&simulator)));
    let router = server::router(Arc::clone(&simulator));
    let serving = tokio::spawn(server::serve(listener, router));
    Ok(Running {
        url,
        serving,
        simulator,
    })
}
