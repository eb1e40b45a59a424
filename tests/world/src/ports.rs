//! Which port is nobody listening on?

use std::net::{Ipv4Addr, TcpListener};

/// A free port of the loopback interface, chosen by the system.
///
/// # Errors
/// When the system has none.
pub(crate) fn free() -> std::io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port())
}

/// Whether somebody listens there already.
pub(crate) fn taken(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_err()
}
