//! What follows from what the agent writes, sends, decides and looks at?

use super::{command, receiving};
use crate::clock::Moment;
use crate::composer;
use crate::message::{Effect, Effects};
use crate::model::{Answer, Model, Pending, keep};
use shared::content::Content;
use shared::id::{ClientId, MessageId};
use shared::policy::{Proposal, Remedy};
use shared::protocol::Command;

pub(super) fn typed(model: &mut Model, effects: &mut Effects, draft: String) {
    model.draft = draft;
    effects.push(Effect::KeepDraft);
}

/// Sends the draft if the rule lets it. What is in the way is shown where the agent is writing.
pub(super) fn submit(model: &mut Model, effects: &mut Effects, client: ClientId, moment: Moment) {
    if model.clock.now(moment).is_none() || composer::obstacle(model, moment).is_some() {
        return;
    }
    let body = core::mem::take(&mut model.draft);
    let proposal = Proposal::Text { body: body.clone() };
    effects.push(Effect::KeepDraft);
    effects.push(Effect::Keep(client.clone(), body.clone()));
    model.returned = None;
    send(
        model,
        effects,
        client.clone(),
        Command::Send { client, proposal },
        Some(body),
        moment,
    );
    effects.push(Effect::ToEnd);
    effects.push(Effect::FocusComposer);
}

/// Puts a command among those that wait for an answer, and on its way if there is one.
pub(super) fn send(
    model: &mut Model,
    effects: &mut Effects,
    client: ClientId,
    what: Command,
    body: Option<String>,
    moment: Moment,
) {
    if model.link.is_live() {
        effects.push(command(&what));
    }
    let at = model.about_now(moment);
    model.pending.push(Pending {
        client,
        command: what,
        body,
        at,
        answer: Answer::None,
    });
    model.sight.at_end = true;
    model.revision += 1;
}

/// A command that becomes no message.
pub(super) fn ask(
    model: &mut Model,
    effects: &mut Effects,
    client: ClientId,
    what: Command,
    moment: Moment,
) {
    let at_end = model.sight.at_end;
    send(model, effects, client, what, None, moment);
    model.sight.at_end = at_end;
}

pub(super) fn send_again(
    model: &mut Model,
    effects: &mut Effects,
    client: ClientId,
    message: MessageId,
    moment: Moment,
) {
    // A second click is not a second message.
    let twice = |pending: &Pending| matches!(&pending.command, Command::SendAgain { message: known, .. } if *known == message);
    if model.pending.iter().any(twice) {
        return;
    }
    let said = model
        .held
        .as_ref()
        .and_then(|held| held.messages.iter().find(|said| said.id == message));
    let body = match said.map(|said| &said.content) {
        Some(Content::Text { body } | Content::Template { body, .. }) => body.clone(),
        _ => return,
    };
    send(
        model,
        effects,
        client.clone(),
        Command::SendAgain { client, message },
        Some(body),
        moment,
    );
    effects.push(Effect::ToEnd);
}

/// What the edge could not take, once more and under the same name; what the rule refused cannot
/// have been taken, so it may be put to it again under the same name, too.
pub(super) fn resend(model: &mut Model, effects: &mut Effects, client: &ClientId) {
    let live = model.link.is_live();
    let Some(pending) = model.pending(client) else {
        return;
    };
    let may = match &pending.answer {
        Answer::Failed(_) => true,
        Answer::Refused(refusal) => refusal.remedy() == Remedy::TryAgain,
        _ => false,
    };
    if may {
        pending.answer = Answer::None;
        if live {
            effects.push(command(&pending.command));
        }
        model.revision += 1;
    }
}

pub(super) fn discard(model: &mut Model, effects: &mut Effects, client: &ClientId) {
    keep(&mut model.pending, &mut |pending| {
        pending.client != *client || matches!(pending.answer, Answer::None | Answer::Accepted(_))
    });
    effects.push(Effect::Forget(client.clone()));
    model.revision += 1;
}

/// What this browser tab remembers: the draft, and texts that the edge may or may not have got.
/// They are said again under their old names, so that none is lost and none is sent twice.
pub(super) fn restore(
    model: &mut Model,
    effects: &mut Effects,
    draft: String,
    sending: Vec<(ClientId, String)>,
    moment: Moment,
) {
    if model.draft.is_empty() {
        model.draft = draft;
    }
    for (client, body) in sending {
        if model.pending(&client).is_none() {
            let proposal = Proposal::Text { body: body.clone() };
            send(
                model,
                effects,
                client.clone(),
                Command::Send { client, proposal },
                Some(body),
                moment,
            );
        }
    }
}

pub(super) fn scrolled(model: &mut Model, effects: &mut Effects, top: bool, bottom: bool) {
    model.sight.at_end = bottom;
    if bottom {
        model.sight.below = 0;
    }
    if top {
        receiving::ask_earlier(model, effects);
    }
}
