//! The WebSocket, for as long as it is held: dropped, it is closed and heard no more.

use super::listener::Listener;
use super::slots::{self, Handle};
use crate::message::Message;
use shared::protocol::{HEARTBEAT, SUBPROTOCOL};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BinaryType, CloseEvent, Event, MessageEvent, WebSocket};

/// An open, or opening, socket.
pub(crate) struct Socket {
    socket: WebSocket,
    _listeners: [Listener; 2],
}

impl Socket {
    /// Opens it. `None` if the browser will not even try.
    pub(crate) fn open(handle: Handle, url: &str, opening: &str) -> Option<Self> {
        let protocols = js_sys::Array::of2(&JsValue::from_str(SUBPROTOCOL), &JsValue::from_str(opening));
        let socket = WebSocket::new_with_str_sequence(url, &protocols).ok()?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let listeners = [
            Listener::new(&socket, "message", Box::new(move |event| heard(handle, &event))),
            Listener::new(&socket, "close", Box::new(move |event| {
                let code = event.unchecked_ref::<CloseEvent>().code();
                slots::dispatch(handle, Message::Closed(code));
            })),
        ];
        Some(Self { socket, _listeners: listeners })
    }

    /// Sends a frame. One that cannot be sent is said again after the reconnection.
    pub(crate) fn send(&self, bytes: &[u8]) {
        let _ = self.socket.send_with_u8_array(bytes);
    }

    /// Sends the heartbeat.
    pub(crate) fn ping(&self) {
        let _ = self.socket.send_with_str(HEARTBEAT.0);
    }
}

fn heard(handle: Handle, event: &Event) {
    let data = event.unchecked_ref::<MessageEvent>().data();
    let message = if data.is_string() {
        Message::Pong
    } else {
        Message::Received(js_sys::Uint8Array::new(&data).to_vec())
    };
    slots::dispatch(handle, message);
}

impl Drop for Socket {
    fn drop(&mut self) {
        let _ = self.socket.close();
    }
}
