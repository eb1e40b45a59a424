//! What follows from what the edge says?

use super::{command, connecting};
use crate::clock::Moment;
use crate::message::{Effect, Effects, News};
use crate::model::{Answer, Held, Model, keep};
use crate::progress::Failure;
use crate::timeline;
use shared::content::Content;
use shared::id::{ClientId, MessageId};
use shared::message::Message as Said;
use shared::policy::{Proposal, Refusal};
use shared::protocol::{Command, Frame, Trouble};
use shared::text;

pub(super) fn receive(model: &mut Model, effects: &mut Effects, bytes: &[u8], moment: Moment) {
    // Both ends are the same build, so every frame can be read; one that cannot is not for us.
    let Some(frame) = crate::reading::frame(bytes) else {
        return;
    };
    connecting::pong(model, moment);
    match frame {
        Frame::Welcome {
            now,
            agent,
            sender,
            thread,
            messages,
            snapshot,
        } => {
            model.clock.set(now, moment);
            let before = model.held.take();
            let first = before.is_none();
            let (mut known, mut complete, mut sender) = (Vec::new(), false, sender);
            if let Some(before) = before {
                sender.templates = before.sender.templates;
                if !snapshot {
                    (known, complete) = (before.messages, before.complete);
                }
            }
            model.held = Some(Held {
                agent,
                sender,
                thread,
                messages: known,
                complete,
            });
            changed(model, effects, messages, !first && !snapshot);
            connecting::live(model, effects, moment);
            if first {
                effects.push(Effect::Emit(News::Ready));
                effects.push(Effect::ToEnd);
            }
        }
        Frame::Changed {
            now,
            thread,
            messages,
        } => {
            model.clock.hint(now, moment);
            if let Some(held) = &mut model.held {
                held.thread = thread;
            }
            changed(model, effects, messages, true);
        }
        Frame::Accepted { client, message } => accepted(model, effects, &client, message),
        Frame::Refused { client, refusal } => refused(model, effects, &client, refusal),
        Frame::Failed {
            client: Some(client),
            trouble,
        } => failed(model, &client, trouble),
        Frame::Failed { client: None, .. } => {}
        Frame::GivenBack {
            message: _,
            proposal,
            refusal,
        } => given_back(model, effects, proposal, refusal),
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

/// Messages that are new or changed; `news`: such as nobody here has seen.
fn changed(model: &mut Model, effects: &mut Effects, messages: Vec<Said>, news: bool) {
    let Some(held) = &mut model.held else { return };
    let first = held.messages.first().map_or(0, |said| said.place);
    for said in messages {
        // What stands before the part that is loaded will come with the part.
        if said.place < first {
            continue;
        }
        if let Some(known) = held
            .messages
            .iter_mut()
            .find(|known| known.place == said.place)
        {
            *known = said;
            continue;
        }
        if news && !matches!(said.content, Content::Notice(_)) {
            let inbound = said.author.is_customer();
            effects.push(Effect::Emit(News::Message {
                id: said.id.clone(),
                inbound,
            }));
            if inbound && !model.sight.at_end {
                model.sight.below += 1;
            }
        }
        put_in_place(&mut held.messages, said);
    }
    held.complete |= held.messages.first().is_none_or(|said| said.place <= 1);
    // A message that has come is no longer on its way.
    settle(model, effects);
    if model.sight.at_end {
        effects.push(Effect::ToEnd);
    }
}

/// Puts a message where it belongs: nearly always last.
fn put_in_place(messages: &mut Vec<Said>, said: Said) {
    messages.push(said);
    let mut at = messages.len();
    while let Some([before, after]) = at
        .checked_sub(2)
        .and_then(|start| messages.get_mut(start..at))
    {
        if before.place < after.place {
            break;
        }
        core::mem::swap(before, after);
        at -= 1;
    }
}

/// Lets go of what has become a message that is here.
fn settle(model: &mut Model, effects: &mut Effects) {
    let messages = model.held.as_ref().map_or(&[][..], |held| &held.messages);
    keep(&mut model.pending, &mut |pending| {
        let stays = match (&pending.answer, &pending.body) {
            (Answer::Accepted(None), _) | (Answer::Accepted(_), None) => false,
            (_, Some(_)) => !timeline::has_arrived(messages, pending),
            _ => true,
        };
        if !stays {
            effects.push(Effect::Forget(pending.client.clone()));
        }
        stays
    });
    model.revision += 1;
}

/// It stays until its message is here, so that it does not vanish in between.
fn accepted(
    model: &mut Model,
    effects: &mut Effects,
    client: &ClientId,
    message: Option<MessageId>,
) {
    effects.push(Effect::Forget(client.clone()));
    if let Some(id) = &message {
        effects.push(Effect::Emit(News::Sent { id: id.clone() }));
    }
    if let Some(pending) = model.pending(client) {
        pending.answer = Answer::Accepted(message);
    }
    settle(model, effects);
}

fn refused(model: &mut Model, effects: &mut Effects, client: &ClientId, refusal: Refusal) {
    emit(effects, &refusal);
    effects.push(Effect::Forget(client.clone()));
    let free = text::is_blank(&model.draft);
    let Some(pending) = model.pending(client) else {
        return;
    };
    match &pending.command {
        Command::Send {
            proposal: Proposal::Text { body },
            ..
        } if free => {
            let body = body.clone();
            drop_pending(model, client);
            take_back(model, effects, body, refusal);
        }
        _ if pending.body.is_some() => pending.answer = Answer::Refused(refusal),
        _ => {
            drop_pending(model, client);
            model.returned = Some(Failure::Refused(refusal));
        }
    }
    model.revision += 1;
}

fn failed(model: &mut Model, client: &ClientId, trouble: Trouble) {
    let Some(pending) = model.pending(client) else {
        return;
    };
    if pending.body.is_some() {
        pending.answer = Answer::Failed(trouble);
    } else {
        drop_pending(model, client);
        model.returned = Some(Failure::Trouble(trouble));
    }
    model.revision += 1;
}

fn drop_pending(model: &mut Model, client: &ClientId) {
    keep(&mut model.pending, &mut |pending| pending.client != *client);
}

/// A text that was accepted comes back: into the composer if nothing else is being written there;
/// else it stays readable beside its reason in the list.
fn given_back(model: &mut Model, effects: &mut Effects, proposal: Proposal, refusal: Refusal) {
    emit(effects, &refusal);
    match proposal {
        Proposal::Text { body } if text::is_blank(&model.draft) => {
            take_back(model, effects, body, refusal)
        }
        _ => model.returned = Some(Failure::Refused(refusal)),
    }
}

fn take_back(model: &mut Model, effects: &mut Effects, body: String, refusal: Refusal) {
    model.draft = body;
    model.returned = Some(Failure::Refused(refusal));
    effects.push(Effect::KeepDraft);
}

fn emit(effects: &mut Effects, refusal: &Refusal) {
    effects.push(Effect::Emit(News::Refused {
        code: refusal.code(),
        remedy: refusal.remedy().code(),
    }));
}

fn earlier(model: &mut Model, messages: Vec<Said>) {
    model.sight.asked_earlier = false;
    let Some(held) = &mut model.held else { return };
    let first = held.messages.first().map_or(u64::MAX, |said| said.place);
    let mut older = Vec::new();
    for said in messages
        .into_iter()
        .filter(|said| said.place < first)
        .chain(core::mem::take(&mut held.messages))
    {
        older.push(said);
    }
    // An empty page: there is nothing before.
    held.complete = older
        .first()
        .is_none_or(|said| said.place <= 1 || said.place == first);
    held.messages = older;
    model.revision += 1;
}

/// Asks for older messages, once at a time.
pub(super) fn ask_earlier(model: &mut Model, effects: &mut Effects) {
    let Some(held) = &model.held else { return };
    if held.complete || model.sight.asked_earlier || !model.link.is_live() {
        return;
    }
    if let Some(first) = held.messages.first() {
        model.sight.asked_earlier = true;
        effects.push(command(&Command::Earlier {
            before: first.place,
        }));
    }
}
