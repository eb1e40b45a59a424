//! Doing what `update` asks for.

use super::socket::Socket;
use super::{Widget, ports, slots};
use crate::clock::Moment;
use crate::message::{Announcement, Effect, Message, News};
use shared::id::{ClientId, ThreadId};
use wasm_bindgen::JsValue;

/// The names under which this tab remembers: the draft, the list of texts on their way.
const DRAFT: &str = "draft";
const SENDING: &str = "sending";

impl Widget {
    pub(super) fn act(&mut self, effect: Effect, moment: Moment) {
        match effect {
            Effect::GetTicket => {
                self.socket = None;
                ports::ask_ticket(&self.bus, &self.host, &self.kit);
            }
            Effect::Open { socket, opening } => {
                self.socket = Socket::open(self.handle, &socket, &opening);
                if self.socket.is_none() {
                    slots::dispatch(self.handle, Message::Closed(1006));
                }
            }
            Effect::Close => self.socket = None,
            Effect::Send(bytes) => {
                if let Some(socket) = &self.socket {
                    socket.send(&bytes);
                }
            }
            Effect::Ping => {
                if let Some(socket) = &self.socket {
                    socket.ping();
                }
            }
            Effect::Reload => self.kit.reload(),
            Effect::Recall(thread) => self.recall(&thread),
            Effect::KeepDraft => self.keep(DRAFT, &self.model.draft),
            Effect::Keep(client, body) => {
                self.keep(client.as_str(), &body);
                self.keep_sending();
            }
            Effect::Forget(client) => {
                self.keep(client.as_str(), "");
                self.keep_sending();
            }
            Effect::CloseDialog => self.close_dialog(),
            Effect::Emit(news) => self.emit(&news),
            Effect::Announce(announcement) => self.announce(announcement, moment),
            Effect::ToEnd => self.list.to_end = true,
            Effect::FocusComposer => self.focus("text"),
        }
    }

    fn keep(&self, name: &str, text: &str) {
        if let Some(thread) = &self.model.thread {
            ports::keep(thread.as_str(), name, text);
        }
    }

    /// Remembers which texts are on their way: their names, each followed by a space.
    fn keep_sending(&self) {
        let mut names = String::new();
        for pending in &self.model.pending {
            names.push_str(pending.client.as_str());
            names.push(' ');
        }
        self.keep(SENDING, &names);
    }

    fn recall(&mut self, thread: &ThreadId) {
        let recall = |name: &str| ports::recall(thread.as_str(), name);
        let sending = recall(SENDING)
            .split(' ')
            .map(|name| (ClientId::trusted(name), recall(name)))
            .filter(|(name, body)| !name.as_str().is_empty() && !body.is_empty())
            .collect();
        slots::dispatch(self.handle, Message::Restored { draft: recall(DRAFT), sending });
    }

    fn emit(&self, news: &News) {
        let text = |text: &str| JsValue::from_str(text);
        let emit = |name: &str, first: &str, one: &JsValue, second: &str, two: &JsValue| {
            ports::emit(&self.host, name, first, one, second, two);
        };
        match news {
            News::Ready => {
                let thread = self.model.thread.as_ref().map_or("", ThreadId::as_str);
                emit("ready", "thread", &text(thread), "state", &text(self.model.link.code()));
            }
            News::Window { closes_at } => {
                let at = closes_at.map_or(JsValue::NULL, |at| JsValue::from_f64(at.0 as f64));
                emit("window", "open", &closes_at.is_some().into(), "closesAt", &at);
            }
            News::Message { id, inbound } => {
                let direction = if *inbound { "inbound" } else { "outbound" };
                emit("message", "id", &text(id.as_str()), "direction", &text(direction));
            }
            News::Sent { id } => {
                let thread = self.model.thread.as_ref().map_or("", ThreadId::as_str);
                emit("sent", "id", &text(id.as_str()), "thread", &text(thread));
            }
            News::Refused { code, remedy } => emit("refused", "code", &text(code), "remedy", &text(remedy)),
            News::Connection { state } => {
                emit("connection", "state", &text(state), "live", &(*state == "live").into());
            }
        }
    }

    fn announce(&self, announcement: Announcement, moment: Moment) {
        let text = match announcement {
            Announcement::Closing => self.left_in_words(moment),
            Announcement::Closed => self.word("window.closed"),
            Announcement::Opened => self.word("window.opened"),
        };
        self.text("live", &text);
    }
}
