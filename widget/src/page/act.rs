//! Doing what `update` asks for.

use super::slots::Handle;
use super::{ports, slots, view};
use crate::clock::Moment;
use crate::message::{Announcement, Effect, Message, News};
use crate::model::Model;
use crate::phrase::cut;
use shared::id::{ClientId, ThreadId};
use shared::protocol::{HEARTBEAT, SUBPROTOCOL};

/// The names under which this tab remembers: the draft, the names of texts on their way.
const DRAFT: &str = "draft";
const SENDING: &str = "sending";

/// Carries out one effect. Answers whether the end of the list must come into view, which can only be
/// done once it is shown.
pub(super) fn act(handle: Handle, model: &Model, effect: Effect, moment: Moment) -> bool {
    match effect {
        Effect::GetTicket => {
            ports::disconnect();
            ports::ticket();
        }
        Effect::Open { socket, opening } => ports::connect(&socket, SUBPROTOCOL, &opening),
        Effect::Close => ports::disconnect(),
        Effect::Send(bytes) => ports::send(&bytes),
        Effect::Ping => ports::ping(HEARTBEAT.0),
        Effect::Reload => ports::reload(),
        Effect::Recall(thread) => recall(handle, &thread),
        Effect::KeepDraft => keep(model, DRAFT, &model.draft),
        Effect::Keep(client, body) => {
            keep(model, client.as_str(), &body);
            keep_sending(model);
        }
        Effect::Forget(client) => {
            keep(model, client.as_str(), "");
            keep_sending(model);
        }
        Effect::OpenDialog(name) => ports::open(name),
        Effect::CloseDialog => ports::close(),
        Effect::AskPage(template, mut values) => {
            for value in &mut values {
                value.value = ports::known(template.as_str(), &value.name);
            }
            slots::dispatch(handle, Message::Known(values));
        }
        Effect::Emit(news) => {
            emit(model, &news);
            // Whoever heard it may have put another widget into the page.
            ports::enter(handle);
        }
        Effect::Announce(announcement) => {
            let words = match announcement {
                Announcement::Closing => view::left_in_words(model, moment),
                Announcement::Closed => ports::word("window.closed"),
                Announcement::Opened => ports::word("window.opened"),
            };
            ports::text("live", &words);
        }
        Effect::ToEnd => return true,
        Effect::FocusComposer => ports::focus("text"),
    }
    false
}

fn keep(model: &Model, name: &str, text: &str) {
    if let Some(thread) = &model.thread {
        ports::keep(thread.as_str(), name, text);
    }
}

fn keep_sending(model: &Model) {
    let mut names = String::new();
    for pending in &model.pending {
        names.push_str(pending.client.as_str());
        names.push(' ');
    }
    keep(model, SENDING, &names);
}

fn recall(handle: Handle, thread: &ThreadId) {
    let recall = |name: &str| ports::recall(thread.as_str(), name);
    let mut sending = Vec::new();
    let names = recall(SENDING);
    let mut rest = names.as_str();
    while let Some((name, others)) = cut(rest, b' ') {
        rest = others;
        let body = recall(name);
        if !body.is_empty() {
            sending.push((ClientId::trusted(name), body));
        }
    }
    slots::dispatch(
        handle,
        Message::Restored {
            draft: recall(DRAFT),
            sending,
        },
    );
}

fn emit(model: &Model, news: &News) {
    let thread = model.thread.as_ref().map_or("", ThreadId::as_str);
    match news {
        News::Ready => ports::tell("ready", "thread", thread, "", ""),
        News::Window { closes_at } => ports::tell_window(closes_at.map_or(0.0, |at| at.0 as f64)),
        News::Message { id, inbound } => {
            let direction = if *inbound { "inbound" } else { "outbound" };
            ports::tell("message", "id", id.as_str(), "direction", direction);
        }
        News::Sent { id } => ports::tell("sent", "id", id.as_str(), "thread", thread),
        News::Refused { code, remedy } => ports::tell("refused", "code", code, "remedy", remedy),
        News::Connection { state } => ports::tell("connection", "state", state, "thread", thread),
    }
}
