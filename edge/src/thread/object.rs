//! What wakes a thread's object? Calls, sockets and the watchdog.

#![allow(missing_docs)] // the attribute writes methods without any

use super::Inner;
use super::calls::Call;
use super::store::Store;
use std::cell::RefCell;
use std::rc::Rc;
// The attribute's expansion names `wasm_bindgen`.
use worker::{
    DurableObject, Env, Request, Response, State, WebSocket, WebSocketIncomingMessage,
    durable_object, wasm_bindgen,
};

/// The object of one thread.
#[durable_object]
pub struct ThreadObject(Rc<Inner>);

impl DurableObject for ThreadObject {
    fn new(state: State, env: Env) -> Self {
        let store = Store::open(state.storage().sql());
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

    async fn fetch(&self, mut request: Request) -> worker::Result<Response> {
        self.0.learn_clock().await;
        if request.headers().has("upgrade")? {
            return self.0.open_socket(&request).await;
        }
        // One reader of JSON for everything: `Request::json` would bring in a second one.
        let call: Call = crate::json::read(&request.text().await?)?;
        self.0.answer(call).await
    }

    async fn alarm(&self) -> worker::Result<Response> {
        self.0.learn_clock().await;
        self.0.memory.borrow_mut().alarm = None;
        // First armed anew, so that a crash while draining is no end; never `Err`, which would have
        // the runtime count attempts.
        self.0.arm(None).await;
        self.0.close_expired();
        self.0.clone().drain().await;
        Response::empty()
    }

    async fn websocket_message(
        &self,
        socket: WebSocket,
        message: WebSocketIncomingMessage,
    ) -> worker::Result<()> {
        self.0.learn_clock().await;
        self.0.heard(&socket, message).await;
        Ok(())
    }

    async fn websocket_close(
        &self,
        _: WebSocket,
        _: usize,
        _: String,
        _: bool,
    ) -> worker::Result<()> {
        Ok(())
    }

    async fn websocket_error(&self, _: WebSocket, _: worker::Error) -> worker::Result<()> {
        Ok(())
    }
}
