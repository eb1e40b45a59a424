//! The template picker: a list to choose from, then a field per variable beside the message as it
//! will look on the phone.

use super::bubble::{button, buttons};
use super::{hide, phrase, ports, reasons, runs};
use crate::clock::Moment;
use crate::model::{Held, Model};
use crate::picker::{Choice, obstacle, preview, variables};
use shared::policy::{Refusal, Remedy, authorize};
use shared::template::{Category, Localization, Template};
use shared::time::Timestamp;

pub(super) fn show(model: &Model, moment: Moment) {
    let (Some(picker), Some(held)) = (&model.picker, &model.held) else {
        return;
    };
    let now = model.about_now(moment);
    let choice = picker.choice.as_ref().and_then(|choice| {
        let template = held
            .sender
            .templates
            .iter()
            .find(|known| known.id == choice.template)?;
        Some((choice, template, template.localization(&choice.language)?))
    });
    hide("back", choice.is_none());
    hide("browse", choice.is_some());
    hide("fill", choice.is_none());
    match choice {
        Some((choice, template, localization)) => {
            filling(model, held, choice, template, localization, now, moment)
        }
        None => {
            if ports::into("title", "title") {
                ports::text("title", &ports::word("picker.title"));
                ports::focus("search");
            }
            browsing(model, held, &picker.search, picker.loaded, now, moment);
        }
    }
}

/// The templates that match the search.
fn browsing(
    model: &Model,
    held: &Held,
    search: &str,
    loaded: bool,
    now: Timestamp,
    moment: Moment,
) {
    let mut found = false;
    ports::begin("choices", "");
    for template in &held.sender.templates {
        let mut text = template.name.clone();
        for localization in &template.localizations {
            text.push(' ');
            text.push_str(&localization.body);
        }
        if ports::contains(&text, search) {
            found = true;
            offer(model, held, template, now, moment);
        }
    }
    ports::end();
    let key = match (found, loaded, held.sender.templates.is_empty()) {
        (true, ..) => "",
        (_, false, true) => "picker.loading",
        (_, true, true) => "picker.none",
        _ => "picker.no-match",
    };
    ports::text("found", &ports::word(key));
}

/// A template: what it says, and for each language a button, or why there is none.
fn offer(model: &Model, held: &Held, template: &Template, now: Timestamp, moment: Moment) {
    // In the sender's language if there is one, as agents of that number read it.
    let shown = template
        .localization(&held.sender.language)
        .or_else(|| template.localization(&template.default_language))
        .or_else(|| template.localizations.first());
    let Some(shown) = shown else { return };
    let mut stamp = shown.body.clone();
    let mut offers = Vec::new();
    for localization in &template.localizations {
        let refusal = obstacle(held, template, localization, now);
        stamp.push_str(&localization.language);
        stamp.push_str(refusal.as_ref().map_or("", Refusal::code));
        offers.push((localization, refusal));
    }
    // Untouched while it says the same, so that the keyboard stays where it is.
    if ports::row(template.id.as_str(), "choice", &stamp) == 0 {
        return;
    }
    ports::text("name", &template.name);
    ports::text(
        "kind",
        &ports::word(match template.category {
            Category::Utility => "category.utility",
            Category::Authentication => "category.authentication",
            Category::Marketing => "category.marketing",
        }),
    );
    ports::into("text", "");
    runs::fill(&shown.body, true);
    ports::into("row", "");
    // The language that the number's customers read comes first.
    let theirs =
        |offer: &&(&Localization, Option<Refusal>)| offer.0.language == held.sender.language;
    for (localization, refusal) in offers
        .iter()
        .filter(theirs)
        .chain(offers.iter().filter(|offer| !theirs(offer)))
    {
        let language = ports::language(&localization.language);
        let Some(refusal) = refusal else {
            let label = phrase(
                "picker.choose",
                &[("name", &template.name), ("language", &language)],
            );
            let mut about = String::from(template.id.as_str());
            about.push(' ');
            about.push_str(&localization.language);
            ports::button("choose", &language, &label, &about);
            continue;
        };
        let why = reasons::refusal(model, refusal, moment);
        ports::add(
            "span",
            "off",
            &phrase("picker.off", &[("language", &language), ("why", &why)]),
        );
        if refusal.remedy() == Remedy::RecordOptIn {
            button("consent");
        }
    }
}

fn filling(
    model: &Model,
    held: &Held,
    choice: &Choice,
    template: &Template,
    localization: &Localization,
    now: Timestamp,
    moment: Moment,
) {
    let mut key = String::from(template.id.as_str());
    key.push(' ');
    key.push_str(&localization.language);
    let fresh = ports::into("title", &key);
    if fresh {
        ports::text("title", &template.name);
        ports::into("preview-buttons", "");
        buttons(&localization.buttons);
        ports::text(
            "preview-small",
            localization.footer.as_deref().unwrap_or(""),
        );
        hide("preview-small", localization.footer.is_none());
    }
    let hole = fields(choice, localization, &key);
    let text = preview(localization, &choice.values);
    if ports::into("preview", &text) {
        runs::fill(&text, true);
    }
    let refusal = authorize(&held.thread, &held.sender, &choice.proposal(), now).err();
    let words = refusal.as_ref().map_or(String::new(), |refusal| {
        reasons::refusal(model, refusal, moment)
    });
    ports::text("obstacle", &words);
    ports::flag(
        "send-template",
        "disabled",
        refusal.is_some() || model.clock.is_doubted(),
    );
    if fresh {
        ports::focus(if hole { "fields" } else { "send-template" });
    }
}

/// A field per variable, the sample as a hint and never as a value. Answers whether one is empty.
fn fields(choice: &Choice, localization: &Localization, key: &str) -> bool {
    let mut hole = false;
    ports::begin("fields", "");
    for name in &variables(localization) {
        let value = choice
            .values
            .iter()
            .find(|value| value.name == *name)
            .map_or("", |value| &value.value);
        hole |= value.is_empty();
        if ports::row(name, "field", key) != 0 {
            ports::text("words", &phrase("picker.variable", &[("name", name)]));
            ports::set("input", "data-variable", name);
            if let Some(sample) = localization
                .samples
                .iter()
                .find(|sample| sample.name == *name)
            {
                ports::set(
                    "input",
                    "placeholder",
                    &phrase("picker.sample", &[("sample", &sample.value)]),
                );
            }
        }
        ports::value("input", value);
    }
    ports::end();
    hole
}
