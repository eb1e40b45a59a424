//! End to end: the real Worker in workerd, over HTTP and sockets, against the simulator.
//!
//! [`page`] is an agent's page without a screen: ticket, socket, frames. Each file under `tests/`
//! starts a world of its own.

pub mod page;
pub mod setup;
pub mod webhook;
