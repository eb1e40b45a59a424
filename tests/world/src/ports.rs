//! Which port is nobody listening on?

use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicU16, Ordering};

/// The first port that is given away, and how many there are. They lie below those that systems give to
/// outgoing connections (Linux from 32,768 on): one of those might be taken again before our server binds.
const FIRST: u16 = 20_000;
const COUNT: u16 = 12_000;

/// Each process begins elsewhere, so that tests that run side by side do not meet.
const STRIDE: u16 = 20;

static GIVEN: AtomicU16 = AtomicU16::new(0);

/// A free port of the loopback interface, never the same twice in one process.
///
/// # Errors
/// When there is none.
pub(crate) fn free() -> std::io::Result<u16> {
    let slots = u32::from(COUNT / STRIDE);
    let begin = u16::try_from(std::process::id() % slots).unwrap_or_default() * STRIDE;
    for _ in 0..COUNT {
        let next = GIVEN.fetch_add(1, Ordering::Relaxed) % COUNT;
        let port = FIRST + (begin + next) % COUNT;
        if !taken(port) {
            return Ok(port);
        }
    }
    Err(std::io::ErrorKind::AddrInUse.into())
}

/// Whether somebody listens there already.
pub(crate) fn taken(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_err()
}
