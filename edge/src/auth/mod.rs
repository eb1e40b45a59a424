//! Who is asking, and what may they see?
//!
//! [`caller`] is the answer; [`jwt`] gets it from a bearer token, [`ticket`] carries it to a socket.

pub mod caller;
pub mod jwt;
pub mod ticket;
