//! What follows from what happened? One pure function: the state and a [`Message`] in, the state
//! changed and [`Effect`]s out.
//!
//! Invariant: whatever happens, the clock is looked at first; so after a sleep nothing is taken for
//! open, or sent, before the edge has been asked.

mod composing;
mod connecting;
#[cfg(test)]
mod connecting_tests;
mod picking;
mod receiving;
#[cfg(test)]
mod tests;

use crate::clock::Moment;
use crate::composer::{self, Composer};
use crate::link::WEAK_PULSE;
use crate::message::{Announcement, Effect, Effects, Message, News};
use crate::model::Model;
use crate::writing;
use shared::protocol::Command;

/// What `message` does to `model` at `moment`, and what is to be done.
pub fn update(model: &mut Model, message: Message, moment: Moment) -> Vec<Effect> {
    let mut effects = Effects::default();
    let before = model.link;
    if model.clock.look(moment) && model.link.is_live() {
        effects.push(command(&Command::Clock));
        effects.push(Effect::Ping);
        model.pulse = Some(moment.steady.saturating_add(WEAK_PULSE));
    }
    match message {
        Message::Started => connecting::start(model, &mut effects, moment),
        Message::Ticket {
            thread,
            socket,
            ticket,
        } => {
            connecting::open(model, &mut effects, moment, thread, socket, &ticket);
        }
        Message::TicketRefused { status, code } => connecting::refused(model, moment, status, code),
        Message::Restored { draft, sending } => {
            composing::restore(model, &mut effects, draft, sending, moment)
        }
        Message::Received(bytes) => receiving::receive(model, &mut effects, &bytes, moment),
        Message::Pong => connecting::pong(model, moment),
        Message::Closed(code) => connecting::closed(model, &mut effects, code, moment),
        Message::Tick { woken } => connecting::tick(model, &mut effects, woken, moment),
        Message::Typed(draft) => composing::typed(model, &mut effects, draft),
        Message::Submit(client) => composing::submit(model, &mut effects, client, moment),
        Message::SendAgain { client, message } => {
            composing::send_again(model, &mut effects, client, message, moment)
        }
        Message::Resend(client) => composing::resend(model, &mut effects, &client),
        Message::Discard(client) => composing::discard(model, &mut effects, &client),
        Message::Decide {
            client,
            message,
            choice,
        } => {
            composing::ask(
                model,
                &mut effects,
                client.clone(),
                Command::Decide {
                    client,
                    message,
                    choice,
                },
                moment,
            );
        }
        Message::Dismiss => model.returned = None,
        Message::Scrolled { top, bottom } => composing::scrolled(model, &mut effects, top, bottom),
        Message::Reveal => {
            model.sight.revealed = true;
            model.revision += 1;
        }
        Message::ToEnd => {
            composing::scrolled(model, &mut effects, false, true);
            effects.push(Effect::ToEnd);
        }
        Message::Open(dialog) => {
            model.picker = None;
            effects.push(Effect::OpenDialog(dialog));
        }
        Message::PickerOpened => picking::open(model, &mut effects),
        Message::PickerClosed => {
            model.picker = None;
            effects.push(Effect::CloseDialog);
        }
        Message::Searched(text) => picking::searched(model, text),
        Message::Chosen { template, language } => {
            picking::chosen(model, &mut effects, template, language)
        }
        Message::Known(values) => {
            for value in values {
                picking::filled(model, value);
            }
        }
        Message::Back => picking::back(model),
        Message::Filled(value) => picking::filled(model, value),
        Message::SubmitTemplate(client) => picking::submit(model, &mut effects, client, moment),
        Message::OptIn {
            client,
            source,
            wording,
        } => {
            effects.push(Effect::CloseDialog);
            composing::ask(
                model,
                &mut effects,
                client.clone(),
                Command::OptIn {
                    client,
                    source,
                    wording,
                },
                moment,
            );
        }
    }
    if model.link.code() != before.code() {
        effects.push(Effect::Emit(News::Connection {
            state: model.link.code(),
        }));
    }
    seen(model, &mut effects, moment);
    tell(model, &mut effects, moment);
    effects.0
}

/// The command as a frame.
fn command(command: &Command) -> Effect {
    Effect::Send(writing::command(command))
}

/// Tells the edge what the agent has before their eyes.
fn seen(model: &mut Model, effects: &mut Effects, moment: Moment) {
    if !moment.visible || !model.sight.at_end || !model.link.is_live() {
        return;
    }
    let Some(held) = &model.held else { return };
    let place = held.thread.places;
    if held.thread.unread > 0 && place > model.sight.seen {
        model.sight.seen = place;
        effects.push(command(&Command::Seen { place }));
    }
}

/// Tells the page, and those who listen, when the window opens, nears its end, closes.
fn tell(model: &mut Model, effects: &mut Effects, moment: Moment) {
    let composer = composer::composer(model, moment);
    let closes_at = match composer {
        Composer::Open { closes_at, .. } => Some(closes_at),
        Composer::Closed(_) => None,
        Composer::Loading | Composer::Checking => return,
    };
    let urgency = composer::urgency(&composer);
    if let Some(told) = model.told {
        if told.is_none() && closes_at.is_some() {
            effects.push(Effect::Announce(Announcement::Opened));
        } else if urgency > model.urgency {
            let closed = closes_at.is_none();
            effects.push(Effect::Announce(if closed {
                Announcement::Closed
            } else {
                Announcement::Closing
            }));
        }
    }
    model.urgency = urgency;
    if model.told != Some(closes_at) {
        model.told = Some(closes_at);
        effects.push(Effect::Emit(News::Window { closes_at }));
    }
}
