//! What wakes a thread's object? Calls, sockets and the watchdog.
//!
//! The class is written out, and not by `worker`'s attribute: that makes a promise and a task of every
//! call, and a call that brings a webhook has nothing to wait for but its own text.

#![allow(missing_docs)] // the attribute writes methods without any

use super::Inner;
use super::store::Store;
use crate::sql::Database;
use crate::{platform, prompt};
use std::cell::RefCell;
use std::rc::Rc;
use worker::js_sys::Promise;
use worker::wasm_bindgen::prelude::wasm_bindgen;
use worker::wasm_bindgen::{self, JsValue};
use worker::worker_sys::DurableObjectState;
use worker::{Env, State, WebSocketIncomingMessage, js_sys, web_sys};

/// The object of one thread.
#[wasm_bindgen(wasm_bindgen = worker::wasm_bindgen)]
pub struct ThreadObject(Rc<Inner>);

#[wasm_bindgen(wasm_bindgen = worker::wasm_bindgen, js_sys = worker::js_sys)]
impl ThreadObject {
    #[wasm_bindgen(constructor)]
    pub fn new(state: DurableObjectState, env: Env) -> Self {
        let state = State::from(state);
        let store = Store::open(Database::of(&state.storage().sql()));
        if let Err(error) = &store {
            worker::console_error!("a thread's tables cannot be opened: {error}");
        }
        let (ping, pong) = shared::protocol::HEARTBEAT;
        // Answered by the runtime, without waking the object.
        if let Ok(pair) = worker::WebSocketRequestResponsePair::new(ping, pong) {
            state.set_websocket_auto_response(&pair);
        }
        Self(Rc::new(Inner {
            state,
            env,
            store,
            memory: RefCell::default(),
        }))
    }

    pub fn fetch(&self, request: web_sys::Request) -> Result<JsValue, JsValue> {
        let inner = self.0.clone();
        if request.headers().has("upgrade")? {
            return prompt::begin(async move {
                inner.learn_clock().await;
                Ok(inner.open_socket(&request).await?.into())
            });
        }
        platform::after_text(&request.text()?, move |text| {
            prompt::begin(async move {
                inner.learn_clock().await;
                Ok(inner.asked(&text).await?.into())
            })
        })
    }

    pub fn alarm(&self) -> Promise {
        let inner = self.0.clone();
        platform::promise(Box::pin(async move {
            inner.learn_clock().await;
            inner.memory.borrow_mut().alarm = None;
            // First armed anew, so that a crash while draining is no end; never an error, which would
            // have the runtime count attempts.
            inner.arm(None).await;
            inner.close_expired();
            inner.begin_publishing();
            inner.drain().await;
        }))
    }

    #[wasm_bindgen(js_name = webSocketMessage)]
    pub fn websocket_message(&self, socket: web_sys::WebSocket, message: JsValue) -> Promise {
        let inner = self.0.clone();
        let message = match message.as_string() {
            Some(text) => WebSocketIncomingMessage::String(text),
            None => {
                let bytes = js_sys::Uint8Array::new(&message);
                WebSocketIncomingMessage::Binary(bytes.to_vec())
            }
        };
        platform::promise(Box::pin(async move {
            inner.learn_clock().await;
            inner.heard(&socket.into(), message).await;
        }))
    }

    #[wasm_bindgen(js_name = webSocketClose)]
    pub fn websocket_close(&self) {}

    #[wasm_bindgen(js_name = webSocketError)]
    pub fn websocket_error(&self) {}
}
