//! What is there to fill in, and what was wrong with it? A form remembers what is stored beside what
//! was typed, so that a flaw keeps the typed text and a conflict can show both.

use super::desk::Desk;
use super::page::{Block, Difference, Link, Notice, Page, Section};
use crate::problem::Problem;

/// How a field is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A line.
    Text,
    /// A line that is read digit by digit.
    Mono,
    /// A line that is never shown again.
    Secret,
    /// Several lines.
    Area,
    /// One of a list.
    Select,
    /// One of a few, all to be seen.
    Radio,
    /// Several of a few; the value has a line for each.
    Checks,
    /// A file.
    File,
    /// A whole number.
    Number,
    /// A day, as in `2026-11-24`.
    Day,
    /// No field: a heading over those that follow, with a hint.
    Group,
}

/// One of several that can be chosen.
#[derive(Debug, Clone)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub text: String,
    /// What about it.
    pub hint: String,
}

/// A field.
#[derive(Debug)]
pub struct Field {
    /// Its name in the form: the last part of its place in the API's body.
    pub name: String,
    /// What it is.
    pub label: String,
    /// How it is filled in.
    pub kind: Kind,
    /// What stands in it: what was typed, if this form was just sent.
    pub value: String,
    /// What is stored.
    pub saved: String,
    /// What can be chosen.
    pub choices: Vec<Choice>,
    /// What helps to fill it in.
    pub hint: String,
    /// What was wrong with it.
    pub error: String,
    /// Whether it may be left empty.
    pub optional: bool,
    /// How many of six columns it takes where there is room.
    pub span: u8,
}

impl Field {
    /// Adds what can be chosen.
    pub fn choice(&mut self, value: &str, text: &str) -> &mut Self {
        self.choices.push(Choice {
            value: value.into(),
            text: text.into(),
            hint: String::new(),
        });
        self
    }

    /// Adds what can be chosen, with what it means.
    pub fn explained(&mut self, value: &str, text: &str, hint: &str) -> &mut Self {
        self.choice(value, text);
        if let Some(choice) = self.choices.last_mut() {
            choice.hint = hint.into();
        }
        self
    }

    /// May be left empty.
    pub fn optional(&mut self) -> &mut Self {
        self.optional = true;
        self
    }

    /// Takes so many of six columns.
    pub fn span(&mut self, span: u8) -> &mut Self {
        self.span = span;
        self
    }

    /// Whether this one is chosen.
    #[must_use]
    pub fn chosen(&self, choice: &Choice) -> bool {
        self.value.split('\n').any(|line| line == choice.value)
    }

    /// What a person reads of a value.
    fn shown(&self, value: &str) -> String {
        if self.choices.is_empty() {
            return value.into();
        }
        let texts: Vec<&str> = (self.choices.iter())
            .filter(|choice| value.split('\n').any(|line| line == choice.value))
            .map(|choice| choice.text.as_str())
            .collect();
        texts.join(", ")
    }
}

/// A form.
#[derive(Debug, Default)]
pub struct Form {
    /// Its name, sent along as `do`.
    pub id: &'static str,
    /// What stands on its button.
    pub submit: String,
    /// Where it is sent; nothing is this page.
    pub action: String,
    /// Whether it only filters: sent by `GET`, and for everybody.
    pub filter: bool,
    /// Whether everybody may send it.
    pub open: bool,
    /// Whether it ends something.
    pub danger: bool,
    /// Whether it has a file.
    pub file: bool,
    /// Whether it is checked while somebody types.
    pub live: bool,
    /// What must be typed before its button works.
    pub confirm: String,
    /// What it carries along.
    pub hidden: Vec<(&'static str, String)>,
    /// Its fields.
    pub fields: Vec<Field>,
    /// Further buttons, which send the same form with another `step`.
    pub others: Vec<(&'static str, String)>,
    /// Where to go instead.
    pub instead: Option<Link>,
    posted: bool,
}

impl Form {
    /// A form without fields, whose button says `submit`.
    #[must_use]
    pub fn new(desk: &Desk, id: &'static str, submit: &str) -> Self {
        Self {
            id,
            submit: submit.into(),
            posted: desk.posted(id),
            ..Self::default()
        }
    }

    /// Is shown again, with what `add` is given, as if it had been sent.
    pub fn again(&mut self) {
        self.posted = true;
    }

    /// Adds a field. `word` is the key of its label; the key with `-hint` is its hint, if there is one.
    pub fn add(
        &mut self,
        desk: &Desk,
        kind: Kind,
        name: &str,
        word: &str,
        saved: &str,
    ) -> &mut Field {
        let value = match (self.posted, kind) {
            (_, Kind::Secret | Kind::File) => String::new(),
            (true, Kind::Group) | (false, _) => saved.into(),
            (true, _) => desk.typed(name),
        };
        self.fields.push_mut(Field {
            name: name.into(),
            label: desk.words.of(word).into(),
            kind,
            value,
            saved: saved.into(),
            choices: Vec::new(),
            hint: desk.words.of(&[word, "-hint"].concat()).into(),
            error: String::new(),
            optional: false,
            span: 6,
        })
    }

    /// A field's name in the page.
    #[must_use]
    pub fn anchor(&self, field: &Field) -> String {
        [self.id, "-", &field.name].concat()
    }

    /// Carries something along.
    pub fn hide(&mut self, name: &'static str, value: impl Into<String>) {
        self.hidden.push((name, value.into()));
    }

    /// Carries along which version is being edited: after a flaw the one that was, after a conflict the
    /// one that is shown now.
    pub fn version(&mut self, desk: &Desk, version: &str) {
        let typed = desk.typed("version");
        let keeps = self.posted && !desk.conflict && !typed.is_empty();
        self.hide("version", if keeps { typed } else { version.into() });
    }

    /// Stored and typed beside each other.
    fn compared(&self) -> Vec<Difference> {
        (self.fields.iter())
            .filter(|field| !matches!(field.kind, Kind::Secret | Kind::File | Kind::Group))
            .map(|field| Difference {
                name: field.label.clone(),
                theirs: field.shown(&field.saved),
                yours: field.shown(&field.value),
                differs: field.saved != field.value,
            })
            .collect()
    }
}

/// Tells in a page what was wrong with the form that was sent to it.
pub fn tell(page: &mut Page, desk: &Desk, problem: &Problem) {
    page.status = match problem.status {
        400 => 422,
        other => other,
    };
    if problem.status == 412 && desk.conflict {
        return conflict(page, desk);
    }
    let mut words = desk.words.problem(problem);
    let place = problem.facts.get("field").and_then(|it| it.as_str());
    let place = place.unwrap_or_default();
    let name = field_of(place);
    let forms = page.sections.iter_mut().flat_map(|it| &mut it.blocks);
    for block in forms {
        if let Block::Form(form) = block
            && form.posted
            && let Some(field) = form.fields.iter_mut().find(|field| field.name == name)
        {
            field.error.clone_from(&words);
            let href = ["#", form.id, "-", &name].concat();
            page.flaws.push(Link::new(href, words));
            return;
        }
    }
    if place.contains('[') {
        // A place in a file.
        words = [place, ": ", &words].concat();
    }
    let mut notice = Notice::new("bad", "", words);
    if problem.status >= 500 {
        notice.title = desk.words.of("flaw.nothing-changed").into();
    }
    page.notices.push(notice);
}

/// Somebody else changed the same thing: both versions, and a choice.
fn conflict(page: &mut Page, desk: &Desk) {
    let mut section = Section::new(desk.words.of("conflict.title"));
    section.id = "conflict";
    section.notice("warn", desk.words.of("conflict.text"));
    let forms = page.sections.iter_mut().flat_map(|it| &mut it.blocks);
    for block in forms {
        if let Block::Form(form) = block
            && form.posted
        {
            section.blocks.push(Block::Compare(form.compared()));
            form.submit = desk.words.of("conflict.mine").into();
            form.instead = Some(Link::new(
                desk.path.as_str(),
                desk.words.of("conflict.theirs"),
            ));
        }
    }
    page.sections.insert(0, section);
}

/// The field of a form that a place of the API is about: `localizations[0].body` is `body`, `words[2]` is
/// `words`, `words.it.opt_out[2]` is `opt_out-it`, `buttons[1].title` is `title-1`.
#[must_use]
pub fn field_of(place: &str) -> String {
    let mut parts = place.rsplit('.');
    let last = parts.next().unwrap_or_default();
    let above = parts.next().unwrap_or_default();
    let (name, _) = last.split_once('[').unwrap_or((last, ""));
    let of = match above.strip_prefix("buttons[") {
        Some(rest) => rest.trim_end_matches(']'),
        None if place.starts_with("words.") => above,
        None => "",
    };
    if of.is_empty() {
        name.into()
    } else {
        [name, "-", of].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_names_its_field() {
        for (place, field) in [
            ("number", "number"),
            ("localizations[0].body", "body"),
            ("opt_out_words[2]", "opt_out_words"),
            ("words.it.opt_out[2]", "opt_out-it"),
            ("localizations[0].buttons[1].title", "title-1"),
            ("api_key.sid", "sid"),
        ] {
            assert_eq!(field_of(place), field);
        }
    }
}
