//! What follows from what the edge says?

use super::{command, connecting};
use crate::clock::Moment;
use crate::message::{Effect, News};
use crate::model::{Answer, Held, Model};
use crate::timeline;
use shared::content::Content;
use shared::id::{ClientId, MessageId};
use shared::message::Message as Said;
use shared::policy::{Proposal, Refusal};
use shared::protocol::{Command, Frame, Trouble, decode};
use shared::text;
use shared::thread::Thread;

pub(super) fn receive(model: &mut Model, effects: &mut Vec<Effect>, bytes: &[u8], moment: Moment) {
    // Both ends are the same build, so every frame can be read; one that cannot is not for us.
    let Some(frame) = decode::<Frame>(bytes) else { return };
    connecting::pong(model, moment);
    match frame {
        Frame::Welcome { now, agent, sender, thread, messages, snapshot } => {
            model.clock.set(now, moment);
            let first = model.held.is_none();
            let held = model.held.get_or_insert_with(|| Held {
                agent: agent.clone(),
                sender: sender.clone(),
                thread: thread.clone(),
                messages: Vec::new(),
                complete: false,
            });
            let templates = core::mem::take(&mut held.sender.templates);
            held.agent = agent;
            held.sender = sender;
            held.sender.templates = templates;
            if snapshot {
                held.messages = Vec::new();
                held.complete = false;
            }
            changed(model, effects, thread, messages, !first && !snapshot);
            connecting::live(model, effects, moment);
            if first {
                effects.push(Effect::Emit(News::Ready));
                effects.push(Effect::ToEnd);
            }
        }
        Frame::Changed { now, thread, messages } => {
            model.clock.hint(now, moment);
            changed(model, effects, thread, messages, true);
        }
        Frame::Accepted { client, message } => accepted(model, effects, client, message),
        Frame::Refused { client, refusal } => refused(model, effects, &client, refusal),
        Frame::Failed { client, trouble } => failed(model, client, trouble),
        Frame::GivenBack { message: _, proposal, refusal } => given_back(model, effects, proposal, refusal),
        Frame::Earlier { messages } => earlier(model, messages),
        Frame::Templates { templates } => {
            if let Some(held) = &mut model.held {
                held.sender.templates = templates;
            }
            if let Some(picker) = &mut model.picker {
                picker.loaded = true;
            }
        }
        Frame::Clock { now } => model.clock.set(now, moment),
    }
}

/// The thread as it is now, and messages that are new or changed.
fn changed(model: &mut Model, effects: &mut Vec<Effect>, thread: Thread, messages: Vec<Said>, news: bool) {
    let Some(held) = &mut model.held else { return };
    held.thread = thread;
    let first = held.messages.first().map_or(0, |said| said.place);
    for said in messages {
        // What stands before the part that is loaded will come with the part.
        if said.place < first {
            continue;
        }
        let at = held.messages.partition_point(|known| known.place < said.place);
        match held.messages.get_mut(at) {
            Some(known) if known.place == said.place => *known = said,
            _ => {
                let inbound = said.author.is_customer();
                if news && !matches!(said.content, Content::Notice(_)) {
                    effects.push(Effect::Emit(News::Message { id: said.id.clone(), inbound }));
                }
                if news && inbound && !model.sight.at_end {
                    model.sight.below += 1;
                }
                held.messages.insert(at, said);
            }
        }
    }
    held.complete |= held.messages.first().is_none_or(|said| said.place <= 1);
    // A message that has come is no longer on its way.
    let messages = &held.messages;
    model.pending.retain(|pending| {
        let arrived = pending.body.is_some() && timeline::has_arrived(messages, pending);
        if arrived {
            effects.push(Effect::Forget(pending.client.clone()));
        }
        !arrived
    });
    model.revision += 1;
    if model.sight.at_end {
        effects.push(Effect::ToEnd);
    }
}

fn accepted(model: &mut Model, effects: &mut Vec<Effect>, client: ClientId, message: Option<MessageId>) {
    effects.push(Effect::Forget(client.clone()));
    if let Some(id) = &message {
        effects.push(Effect::Emit(News::Sent { id: id.clone() }));
    }
    let known = model.held.as_ref().map_or(&[][..], |held| &held.messages);
    model.pending.retain_mut(|pending| {
        if pending.client != client {
            return true;
        }
        // It stays until its message is here, so that it does not vanish in between.
        pending.answer = Answer::Accepted(message.clone());
        pending.body.is_some() && message.is_some() && !timeline::has_arrived(known, pending)
    });
    model.revision += 1;
}

fn refused(model: &mut Model, effects: &mut Vec<Effect>, client: &ClientId, refusal: Refusal) {
    emit(effects, &refusal);
    effects.push(Effect::Forget(client.clone()));
    let Some(at) = model.pending.iter().position(|pending| pending.client == *client) else { return };
    let text = model.pending.get(at).and_then(|pending| match &pending.command {
        Command::Send { proposal: Proposal::Text { body }, .. } => Some(body.clone()),
        _ => None,
    });
    if let Some(body) = text.filter(|_| text::is_blank(&model.draft)) {
        model.pending.remove(at);
        take_back(model, effects, body, refusal);
    } else if let Some(pending) = model.pending.get_mut(at) {
        if pending.body.is_some() {
            pending.answer = Answer::Refused(refusal);
        } else {
            model.pending.remove(at);
            model.returned = Some(refusal);
        }
    }
    model.revision += 1;
}

fn failed(model: &mut Model, client: Option<ClientId>, trouble: Trouble) {
    if let Some(pending) = client.and_then(|client| model.pending(&client)) {
        if pending.body.is_some() {
            pending.answer = Answer::Failed(trouble);
        } else {
            let client = pending.client.clone();
            model.pending.retain(|pending| pending.client != client);
        }
        model.revision += 1;
    }
}

/// A text that was accepted comes back: into the composer if nothing else is being written there;
/// else it stays readable beside its reason in the list.
fn given_back(model: &mut Model, effects: &mut Vec<Effect>, proposal: Proposal, refusal: Refusal) {
    emit(effects, &refusal);
    match proposal {
        Proposal::Text { body } if text::is_blank(&model.draft) => take_back(model, effects, body, refusal),
        _ => model.returned = Some(refusal),
    }
}

fn take_back(model: &mut Model, effects: &mut Vec<Effect>, body: String, refusal: Refusal) {
    model.draft = body;
    model.returned = Some(refusal);
    effects.push(Effect::KeepDraft);
}

fn emit(effects: &mut Vec<Effect>, refusal: &Refusal) {
    effects.push(Effect::Emit(News::Refused { code: refusal.code(), remedy: refusal.remedy().code() }));
}

fn earlier(model: &mut Model, messages: Vec<Said>) {
    model.sight.asked_earlier = false;
    let Some(held) = &mut model.held else { return };
    let first = held.messages.first().map_or(u64::MAX, |said| said.place);
    let mut older: Vec<Said> = messages.into_iter().filter(|said| said.place < first).collect();
    held.complete = older.first().is_none_or(|said| said.place <= 1);
    older.append(&mut held.messages);
    held.messages = older;
    model.revision += 1;
}

/// Asks for older messages, once at a time.
pub(super) fn ask_earlier(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(held) = &model.held else { return };
    if held.complete || model.sight.asked_earlier || model.link != crate::link::Link::Live {
        return;
    }
    if let Some(first) = held.messages.first() {
        model.sight.asked_earlier = true;
        effects.push(command(&Command::Earlier { before: first.place }));
    }
}
