//! How does a widget get, keep and regain its connection?

use super::command;
use crate::clock::Moment;
use crate::link::{HEARTBEAT, Link, PATIENCE, PULSE, Trouble, backoff};
use crate::message::{Effect, Effects};
use crate::model::{Answer, Model};
use crate::phrase::decimal;
use shared::id::ThreadId;
use shared::protocol::{Command, FINGERPRINT, close};

pub(super) fn start(model: &mut Model, effects: &mut Effects, moment: Moment) {
    go(model, Link::Ticketing, moment);
    effects.push(Effect::GetTicket);
}

pub(super) fn open(
    model: &mut Model,
    effects: &mut Effects,
    moment: Moment,
    thread: ThreadId,
    socket: String,
    ticket: &str,
) {
    if !matches!(model.link, Link::Ticketing) {
        return;
    }
    if model.thread.is_none() {
        effects.push(Effect::Recall(thread.clone()));
        model.thread = Some(thread);
    }
    let mut opening = String::from(ticket);
    opening.push('.');
    opening.push_str(FINGERPRINT);
    opening.push('.');
    decimal(
        &mut opening,
        model.held.as_ref().map_or(0, |held| held.thread.sequence),
    );
    go(model, Link::Opening, moment);
    effects.push(Effect::Open { socket, opening });
}

pub(super) fn refused(model: &mut Model, moment: Moment, status: u16, code: String) {
    if !matches!(model.link, Link::Ticketing) {
        return;
    }
    match status {
        401 => retry(model, Trouble::Token, moment),
        // Too many at once, or the edge is in trouble: that passes.
        0 | 408 | 429 | 500.. => retry(model, Trouble::Away, moment),
        _ => {
            model.shut = code;
            go(model, Link::Shut, moment);
        }
    }
}

pub(super) fn closed(model: &mut Model, effects: &mut Effects, code: u16, moment: Moment) {
    match code {
        close::SCOPE => {
            model.shut = String::from("scope");
            go(model, Link::Shut, moment);
        }
        close::FINGERPRINT => {
            retry(model, Trouble::Outdated, moment);
            effects.push(Effect::Reload);
        }
        // An old token is nothing out of the ordinary: the page is asked for a new one at once.
        close::TOKEN if model.link.is_live() => start(model, effects, moment),
        close::TOKEN => retry(model, Trouble::Token, moment),
        _ => retry(model, Trouble::Away, moment),
    }
}

fn retry(model: &mut Model, why: Trouble, moment: Moment) {
    // A connection that held for a while starts a new count.
    if model.link.is_live() && moment.steady - model.linked_at > PULSE {
        model.tries = 0;
    }
    let until = moment.steady.saturating_add(backoff(model.tries, moment));
    model.tries = model.tries.saturating_add(1);
    go(model, Link::Waiting { until, why }, moment);
}

fn go(model: &mut Model, link: Link, moment: Moment) {
    model.link = link;
    model.linked_at = moment.steady;
    model.pulse = None;
}

/// The edge said welcome: everything that it has not answered is said again, under the same names.
pub(super) fn live(model: &mut Model, effects: &mut Effects, moment: Moment) {
    go(model, Link::Live, moment);
    model.heard = moment.steady;
    model.sight.asked_earlier = false;
    for pending in &model.pending {
        if matches!(pending.answer, Answer::None) {
            effects.push(command(&pending.command));
        }
    }
    if model.picker.as_ref().is_some_and(|picker| !picker.loaded) {
        effects.push(command(&Command::Templates));
    }
}

pub(super) fn pong(model: &mut Model, moment: Moment) {
    model.heard = moment.steady;
    model.pulse = None;
}

pub(super) fn tick(model: &mut Model, effects: &mut Effects, woken: bool, moment: Moment) {
    let age = moment.steady - model.linked_at;
    match model.link {
        Link::Waiting { until, .. } if woken || moment.steady >= until => {
            start(model, effects, moment)
        }
        Link::Ticketing | Link::Opening if age > PATIENCE => {
            effects.push(Effect::Close);
            retry(model, Trouble::Away, moment);
        }
        Link::Live if model.pulse.is_some_and(|by| moment.steady > by) => {
            effects.push(Effect::Close);
            retry(model, Trouble::Away, moment);
        }
        Link::Live
            if model.pulse.is_none() && (woken || moment.steady - model.heard >= HEARTBEAT) =>
        {
            effects.push(Effect::Ping);
            model.pulse = Some(moment.steady.saturating_add(PULSE));
        }
        _ => {}
    }
}
