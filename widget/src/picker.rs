//! Which template, in which language, with which words in it? The picker's state, and what keeps a
//! template from being sent.
//!
//! The rule decides (`shared::policy::authorize`), with the very proposal that would be sent; so what
//! the picker lets through is what the edge lets through.

use crate::model::Held;
use shared::id::TemplateId;
use shared::policy::{Proposal, Refusal, authorize};
use shared::template::{self, Localization, Piece, Template, Value};
use shared::text;
use shared::time::Timestamp;

/// The open picker.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Picker {
    /// Whether the templates have come.
    pub loaded: bool,
    /// What is being looked for.
    pub search: String,
    /// What was chosen.
    pub choice: Option<Choice>,
}

/// A template in one language, being filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The template.
    pub template: TemplateId,
    /// The language.
    pub language: String,
    /// A value for each variable, in the order of the text; blank until filled in.
    pub values: Vec<Value>,
}

impl Choice {
    /// What would be sent.
    #[must_use]
    pub fn proposal(&self) -> Proposal {
        Proposal::Template {
            template: self.template.clone(),
            language: self.language.clone(),
            values: self.values.clone(),
        }
    }

    /// The template's text in the chosen language.
    #[must_use]
    pub fn localization<'a>(&self, templates: &'a [Template]) -> Option<&'a Localization> {
        templates
            .iter()
            .find(|known| known.id == self.template)?
            .localization(&self.language)
    }
}

/// The names of a localization's variables, those in its buttons included, each once.
#[must_use]
pub fn variables(localization: &Localization) -> Vec<&str> {
    let mut names = template::variables(&localization.body);
    for button in &localization.buttons {
        for name in template::variables(&button.target) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// A value for every variable: always the same.
#[must_use]
pub fn values(localization: &Localization, value: &str) -> Vec<Value> {
    let mut values = Vec::new();
    for name in &variables(localization) {
        values.push(Value {
            name: (*name).into(),
            value: value.into(),
        });
    }
    values
}

/// Why this localization could not be sent even with every variable filled in; `None` if it could.
#[must_use]
pub fn obstacle(
    held: &Held,
    template: &Template,
    localization: &Localization,
    now: Timestamp,
) -> Option<Refusal> {
    let values = values(localization, "-");
    let proposal = Proposal::Template {
        template: template.id.clone(),
        language: localization.language.clone(),
        values,
    };
    authorize(&held.thread, &held.sender, &proposal, now).err()
}

/// How the localization reads with what is filled in; what is not stays `{{name}}`.
#[must_use]
pub fn preview(localization: &Localization, values: &[Value]) -> String {
    let mut text = String::new();
    for piece in template::pieces(&localization.body) {
        match piece {
            Piece::Text(plain) => text.push_str(plain),
            Piece::Variable(name) => match values.iter().find(|value| value.name == name) {
                Some(value) if !text::is_blank(&value.value) => text.push_str(&value.value),
                _ => {
                    text.push_str("{{");
                    text.push_str(name);
                    text.push_str("}}");
                }
            },
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{NOON, localization, open_thread, template, value, welcomed};
    use shared::template::{Approval, Button, ButtonKind, Kind};
    use shared::time::Span;

    #[test]
    fn the_list_says_why_a_template_cannot_be_sent() {
        let (mut model, _) = welcomed(open_thread(Span(0)));
        let held = model.held.as_mut().expect("welcomed");
        let mut known = template("ordine", "Ciao {{1}}");
        let mut pending = localization("en", "Hi {{1}}");
        pending.approval = Approval::Pending;
        let mut list = localization("fr", "Salut");
        list.kind = Kind::ListPicker;
        known.localizations.extend([pending, list]);
        held.sender.templates = vec![known.clone()];
        let found: Vec<_> = known
            .localizations
            .iter()
            .map(|l| obstacle(held, &known, l, NOON))
            .collect();
        assert_eq!(
            found,
            [
                None,
                Some(Refusal::TemplateNotApproved {
                    approval: Approval::Pending
                }),
                Some(Refusal::TemplateKind {
                    kind: Kind::ListPicker
                }),
            ]
        );
    }

    #[test]
    fn variables_of_buttons_are_asked_for_too() {
        let mut it = localization("it", "Ciao {{1}}, {{2}}. {{1}}!");
        it.buttons.push(Button {
            kind: ButtonKind::Url,
            title: "Apri".into(),
            target: "https://e.example/{{code}}".into(),
        });
        assert_eq!(variables(&it), ["1", "2", "code"]);
    }

    #[test]
    fn a_hole_stays_visible_in_the_preview() {
        let it = localization("it", "Ciao {{1}}, ordine {{2}}");
        assert_eq!(
            preview(&it, &[value("1", "Anna"), value("2", "  ")]),
            "Ciao Anna, ordine {{2}}"
        );
    }
}
