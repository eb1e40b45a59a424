//! Who is watching? The sockets of a thread.
//!
//! Watchers are the object's sockets and their attachments, never stored state; the runtime may
//! put the object to sleep while they stay open.

use super::Inner;
use crate::auth::caller::Caller;
use crate::auth::ticket::Ticket;
use crate::objects::Reply;
use crate::problem::Problem;
use crate::{clock, platform};
use serde::{Deserialize, Serialize};
use shared::id::MessageId;
use shared::message::Message;
use shared::policy::{Refusal, Sender};
use shared::protocol::{self, Frame, close};
use shared::thread::Thread;
use shared::time::Timestamp;
use std::rc::Rc;
use worker::wasm_bindgen::JsValue;
use worker::worker_sys::ext::WebSocketExt;
use worker::{WebSocket, WebSocketPair, web_sys};

/// Header in which the Worker passes a verified ticket on, as JSON. It cannot come from outside:
/// the Worker builds the request.
pub const TICKET_HEADER: &str = "x-finestra-ticket";
/// Header with the last sequence number the page has.
pub const SEQUENCE_HEADER: &str = "x-finestra-sequence";

/// What a socket knows of itself, across the object's sleep.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Watcher {
    /// Who is behind it.
    pub(super) caller: Caller,
}

/// The most changed messages that are sent one by one; beyond, a snapshot is cheaper.
const MOST_MISSING: u32 = 200;

impl Inner {
    /// Opens a socket for a ticket that the Worker has verified.
    pub(super) async fn open_socket(
        self: &Rc<Self>,
        request: &web_sys::Request,
    ) -> worker::Result<web_sys::Response> {
        let pair = WebSocketPair::new()?;
        let headers = request.headers();
        let ticket: Option<Ticket> = headers
            .get(TICKET_HEADER)?
            .and_then(|json| crate::json::read(&json).ok());
        let sequence = headers
            .get(SEQUENCE_HEADER)?
            .and_then(|text| text.parse().ok())
            .unwrap_or(0);
        let sender = self.sender().await;
        self.state.accept_web_socket(&pair.server);
        let opened = match (ticket, sender) {
            (Some(ticket), Ok(sender)) => {
                self.welcome(&pair.server, ticket, sender.sender, sequence)
            }
            (Some(_), Err(_)) => Err(close::SCOPE),
            (None, _) => Err(close::TOKEN),
        };
        if let Err(code) = opened {
            pair.server.close(Some(code), Some(""))?;
        } else {
            let inner = self.clone();
            self.state.wait_until(async move { inner.arm(None).await });
        }
        let headers = [("sec-websocket-protocol", protocol::SUBPROTOCOL)];
        platform::socket(pair.client.as_ref(), &headers)
    }

    fn welcome(
        self: &Rc<Self>,
        socket: &WebSocket,
        ticket: Ticket,
        sender: Sender,
        sequence: u64,
    ) -> Result<(), u16> {
        let wall = clock::wall();
        let store = self.store().map_err(|_| close::TOKEN)?;
        match store.burn(&ticket.id, ticket.expires, wall) {
            Ok(true) => {}
            // Used before.
            _ => return Err(close::TOKEN),
        }
        let thread = self.thread().ok().flatten().ok_or(close::SCOPE)?;
        if !ticket.caller.may_see(&thread.sender, &thread.customer) {
            return Err(close::SCOPE);
        }
        let snapshot = sequence == 0 || sequence > thread.sequence;
        let missing = if snapshot {
            Vec::new()
        } else {
            store
                .changed_since(sequence, MOST_MISSING + 1)
                .map_err(|_| close::TOKEN)?
        };
        let snapshot = snapshot || missing.len() > MOST_MISSING as usize;
        let messages = if snapshot {
            store
                .before(u64::MAX, protocol::PAGE_OF_MESSAGES)
                .map_err(|_| close::TOKEN)?
        } else {
            missing
        };
        let agent = ticket.caller.id.clone();
        let watcher = Watcher {
            caller: ticket.caller,
        };
        let attachment = crate::json::write(&watcher).map_err(|_| close::TOKEN)?;
        let raw: &web_sys::WebSocket = socket.as_ref();
        raw.serialize_attachment(JsValue::from_str(&attachment))
            .map_err(|_| close::TOKEN)?;
        let frame = Frame::Welcome {
            now: clock::domain(),
            agent,
            sender,
            thread,
            messages,
            snapshot,
        };
        send(socket, &frame);
        Ok(())
    }

    /// Shows a change to everybody who is watching.
    pub(super) fn tell_changed(&self, now: Timestamp, thread: &Thread, messages: &[Message]) {
        let sockets = self.state.get_websockets();
        if sockets.is_empty() {
            return;
        }
        let frame = Frame::Changed {
            now,
            thread: thread.clone(),
            messages: messages.to_vec(),
        };
        let bytes = protocol::encode(&frame);
        for socket in sockets {
            // A socket that is gone is closed by the runtime.
            let _ = socket.send_with_bytes(&bytes);
        }
    }

    /// The simulator moved the clock.
    #[cfg(feature = "simulated-clock")]
    pub(super) fn tell_clock(&self) {
        let bytes = protocol::encode(&Frame::Clock {
            now: clock::domain(),
        });
        for socket in self.state.get_websockets() {
            let _ = socket.send_with_bytes(&bytes);
        }
    }

    /// Gives a text back to its author, if they are watching.
    pub(super) fn give_back(&self, id: &MessageId, refusal: Refusal) -> Reply<()> {
        let Some((message, Some(proposal))) = self.store()?.message(id)? else {
            return Ok(());
        };
        let frame = Frame::GivenBack {
            message: id.clone(),
            proposal,
            refusal,
        };
        for socket in self.state.get_websockets() {
            let is_author = watcher(&socket)
                .is_some_and(|watcher| Some(&watcher.caller.id) == message.author.id());
            if is_author {
                send(&socket, &frame);
            }
        }
        Ok(())
    }

    /// Closes the sockets whose token has expired.
    pub(super) fn close_expired(&self) {
        let now = clock::wall();
        for socket in self.state.get_websockets() {
            if watcher(&socket).is_none_or(|watcher| watcher.caller.expires <= now) {
                let _ = socket.close(Some(close::TOKEN), Some(""));
            }
        }
    }

    /// Closes every socket: what they watched is no more.
    pub(super) fn close_all(&self) {
        for socket in self.state.get_websockets() {
            let _ = socket.close(Some(close::SCOPE), Some(""));
        }
    }

    /// When the first token behind a socket expires, by the wall's clock.
    pub(super) fn next_expiry(&self) -> Option<Timestamp> {
        self.state
            .get_websockets()
            .iter()
            .filter_map(watcher)
            .map(|watcher| watcher.caller.expires)
            .min()
    }
}

/// Who is behind a socket.
pub(super) fn watcher(socket: &WebSocket) -> Option<Watcher> {
    let raw: &web_sys::WebSocket = socket.as_ref();
    let attachment = raw.deserialize_attachment().ok()?.as_string()?;
    crate::json::read(&attachment).ok()
}

/// Sends one frame; a socket that is gone is closed by the runtime.
pub(super) fn send(socket: &WebSocket, frame: &Frame) {
    let _ = socket.send_with_bytes(protocol::encode(frame));
}

/// The problem for a thread that is out of scope: it looks as if it did not exist.
pub(super) fn in_scope(caller: &Caller, thread: Option<Thread>) -> Reply<Thread> {
    thread
        .filter(|thread| caller.may_see(&thread.sender, &thread.customer))
        .ok_or_else(Problem::not_found)
}
