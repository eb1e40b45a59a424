//! What follows from what the agent does in the template picker?

use super::{command, composing};
use crate::clock::Moment;
use crate::message::{Effect, Effects};
use crate::model::Model;
use crate::picker::{self, Choice, Picker};
use shared::id::{ClientId, TemplateId};
use shared::policy::authorize;
use shared::protocol::Command;
use shared::template::Value;

/// Opens the picker; the templates are always asked for anew, since their approval may have changed.
pub(super) fn open(model: &mut Model, effects: &mut Effects) {
    model.picker = Some(Picker::default());
    if model.link.is_live() {
        effects.push(command(&Command::Templates));
    }
}

pub(super) fn searched(model: &mut Model, text: String) {
    if let Some(picker) = &mut model.picker {
        picker.search = text;
    }
}

/// Chooses a template and asks the CRM page what it knows of its variables.
pub(super) fn chosen(
    model: &mut Model,
    effects: &mut Effects,
    template: TemplateId,
    language: String,
) {
    let (Some(picker), Some(held)) = (&mut model.picker, &model.held) else {
        return;
    };
    let mut choice = Choice {
        template,
        language,
        values: Vec::new(),
    };
    let Some(localization) = choice.localization(&held.sender.templates) else {
        return;
    };
    choice.values = picker::values(localization, "");
    effects.push(Effect::AskPage(
        choice.template.clone(),
        choice.values.clone(),
    ));
    picker.choice = Some(choice);
}

pub(super) fn back(model: &mut Model) {
    if let Some(picker) = &mut model.picker {
        picker.choice = None;
    }
}

pub(super) fn filled(model: &mut Model, value: Value) {
    let values = model
        .picker
        .as_mut()
        .and_then(|picker| picker.choice.as_mut())
        .map(|choice| &mut choice.values);
    if let Some(known) =
        values.and_then(|values| values.iter_mut().find(|known| known.name == value.name))
    {
        known.value = value.value;
    }
}

/// Sends the chosen template if the rule lets it: not with a hole, not unapproved.
pub(super) fn submit(model: &mut Model, effects: &mut Effects, client: ClientId, moment: Moment) {
    let (Some(held), Some(now)) = (&model.held, model.clock.now(moment)) else {
        return;
    };
    let Some(choice) = model
        .picker
        .as_ref()
        .and_then(|picker| picker.choice.as_ref())
    else {
        return;
    };
    let proposal = choice.proposal();
    if authorize(&held.thread, &held.sender, &proposal, now).is_err() {
        return;
    }
    let Some(localization) = choice.localization(&held.sender.templates) else {
        return;
    };
    let body = picker::preview(localization, &choice.values);
    model.picker = None;
    model.returned = None;
    effects.push(Effect::CloseDialog);
    composing::send(
        model,
        effects,
        client.clone(),
        Command::Send { client, proposal },
        Some(body),
        moment,
    );
    effects.push(Effect::ToEnd);
}
