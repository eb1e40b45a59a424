//! For what would it be refused? The rules, field by field.

use super::texts::{layout, limit, spelling, units, words};
use super::{
    Fault, Finding, LONGEST_ACTION_TITLE, LONGEST_ADDRESS, LONGEST_CODE, LONGEST_FOOTER,
    LONGEST_REPLY_ID, LONGEST_TEMPLATE_NAME, LONGEST_TITLE, MOST_BUTTONS, MOST_VARIABLES, Place,
    Submission,
};
use crate::template::{Button, ButtonKind, Category, Kind, Piece, pieces};
use crate::text::{LONGEST_TEMPLATE_TEXT, is_blank, utf16_len};

/// Everything that WhatsApp or Twilio would refuse it for, in the order in which it is read. None: it may
/// be handed in.
#[must_use]
pub fn findings(submission: &Submission) -> Vec<Finding> {
    let mut found = Findings(Vec::new());
    name(submission, &mut found);
    if !spelling::language(&submission.language) {
        found.add(Place::Language, Fault::LanguageMalformed);
    }
    // Its text is WhatsApp's own, and none of the rules below are for it.
    if submission.category == Category::Authentication {
        found.add(Place::Category, Fault::NotSupportedHere);
        return found.0;
    }
    body(submission, &mut found);
    footer(submission, &mut found);
    buttons(submission, &mut found);
    variables(submission, &mut found);
    samples(submission, &mut found);
    found.0
}

/// What was found so far.
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, place: Place, fault: Fault) {
        self.0.push(Finding { place, fault });
    }

    /// Adds a fault, if there is one.
    fn note(&mut self, place: Place, fault: impl IntoIterator<Item = Fault>) {
        for fault in fault {
            self.add(place, fault);
        }
    }
}

fn name(submission: &Submission, found: &mut Findings) {
    let name = submission.name.as_str();
    if name.is_empty() {
        found.add(Place::Name, Fault::Blank);
    } else if !spelling::name(name) {
        found.add(Place::Name, Fault::NameMalformed);
    }
    found.note(Place::Name, limit(name, LONGEST_TEMPLATE_NAME));
}

fn body(submission: &Submission, found: &mut Findings) {
    let body = submission.body.as_str();
    if is_blank(body) {
        return found.add(Place::Body, Fault::Blank);
    }
    let too_long = limit(body, LONGEST_TEMPLATE_TEXT);
    if too_long.is_none() {
        let actual = utf16_len(&submission.filled(body));
        if actual > LONGEST_TEMPLATE_TEXT {
            let (most, actual) = (units(LONGEST_TEMPLATE_TEXT), units(actual));
            found.add(Place::Body, Fault::TooLongWithSamples { most, actual });
        }
    }
    found.note(Place::Body, too_long);
    found.note(Place::Body, layout(body));
    found.note(Place::Body, spelling::braces(body));
    neighbours(body, found);
    let holes = pieces(body)
        .filter(|piece| matches!(piece, Piece::Variable(_)))
        .count();
    let (least, actual) = (units(2 * holes + 1), units(words(body)));
    if holes > 0 && actual < least {
        found.add(Place::Body, Fault::TooFewWords { least, actual });
    }
}

/// Where the variables of the text stand: not first, not last, and not next to each other. Blanks between
/// two of them part nothing.
fn neighbours(body: &str, found: &mut Findings) {
    let pieces = pieces(body).filter(|piece| !matches!(piece, Piece::Text(text) if is_blank(text)));
    let mut before: Option<Piece<'_>> = None;
    for piece in pieces {
        if let Piece::Variable(name) = piece {
            match before {
                None => found.add(Place::Body, Fault::VariableFirst(name.into())),
                Some(Piece::Variable(first)) => {
                    let (first, second) = (first.into(), name.into());
                    found.add(Place::Body, Fault::VariablesAdjacent { first, second });
                }
                Some(Piece::Text(_)) => {}
            }
        }
        before = Some(piece);
    }
    if let Some(Piece::Variable(name)) = before {
        found.add(Place::Body, Fault::VariableLast(name.into()));
    }
}

fn footer(submission: &Submission, found: &mut Findings) {
    if let Some(footer) = submission.footer() {
        found.note(Place::Footer, limit(footer, LONGEST_FOOTER));
        found.note(Place::Footer, spelling::plain_line(footer));
    }
}

fn buttons(submission: &Submission, found: &mut Findings) {
    let buttons = &submission.buttons;
    let over = |count: usize, most: usize| {
        let (most, actual) = (units(most), units(count));
        (actual > most).then_some(Fault::TooManyButtons { most, actual })
    };
    found.note(Place::Buttons, over(buttons.len(), MOST_BUTTONS));
    // Each beyond what a kind allows: that is where somebody would take one away.
    for (at, button) in buttons.iter().enumerate() {
        let most = match button.kind {
            ButtonKind::QuickReply => MOST_BUTTONS,
            ButtonKind::Url => 2,
            ButtonKind::Phone | ButtonKind::CopyCode => 1,
        };
        let alike = buttons.iter().take(at + 1);
        let count = alike.filter(|other| other.kind == button.kind).count();
        // More replies than that are more buttons than that.
        if button.kind != ButtonKind::QuickReply {
            found.note(Place::Button(at), over(count, most));
        }
    }
    // All replies first or all last: each change from one sort to the other begins another group.
    let replies = buttons.iter().map(|b| b.kind == ButtonKind::QuickReply);
    let changes = replies.clone().zip(replies.skip(1));
    if changes.filter(|(one, next)| one != next).count() > 1 {
        found.add(Place::Buttons, Fault::ButtonsNotGrouped);
    }
    let longest = match submission.kind() {
        Kind::CallToAction => LONGEST_ACTION_TITLE,
        _ => LONGEST_TITLE,
    };
    for (at, button) in buttons.iter().enumerate() {
        let title = Place::ButtonTitle(at);
        if is_blank(&button.title) {
            found.add(title, Fault::Blank);
        }
        found.note(title, limit(&button.title, longest));
        found.note(title, spelling::plain_line(&button.title));
        if buttons
            .iter()
            .take(at)
            .any(|other| other.title == button.title)
        {
            found.add(title, Fault::TitleRepeated);
        }
        found.note(Place::ButtonTarget(at), target(button));
    }
}

/// What is wrong with where a button leads.
fn target(button: &Button) -> Option<Fault> {
    let target = button.target.as_str();
    match button.kind {
        // Without an identifier of its own a reply has its title's.
        ButtonKind::QuickReply => {
            spelling::no_variable(target).or_else(|| limit(target, LONGEST_REPLY_ID))
        }
        _ if is_blank(target) => Some(Fault::Blank),
        ButtonKind::Url => spelling::address(target).or_else(|| limit(target, LONGEST_ADDRESS)),
        ButtonKind::Phone => (!spelling::phone(target)).then_some(Fault::PhoneMalformed),
        ButtonKind::CopyCode if pieces(target).any(|p| matches!(p, Piece::Variable(_))) => None,
        ButtonKind::CopyCode => limit(target, LONGEST_CODE),
    }
}

/// How many there are, and what they are called: `1`, `2`, `3`… as they appear, or names.
fn variables(submission: &Submission, found: &mut Findings) {
    let names = submission.variables();
    if names.len() > MOST_VARIABLES {
        let (most, actual) = (units(MOST_VARIABLES), units(names.len()));
        found.add(Place::Body, Fault::TooManyVariables { most, actual });
    }
    let numbers = names.iter().filter(|name| spelling::number(name)).count();
    if numbers == 0 {
        return;
    }
    if numbers < names.len() {
        return found.add(Place::Body, Fault::VariablesMixed);
    }
    for (at, name) in names.iter().enumerate() {
        let expected = (at + 1).to_string();
        if *name != expected {
            let found_there = (*name).into();
            return found.add(
                Place::Body,
                Fault::VariablesNotSequential {
                    expected,
                    actual: found_there,
                },
            );
        }
    }
}

fn samples(submission: &Submission, found: &mut Findings) {
    let names = submission.variables();
    for name in &names {
        if submission.sample(name).is_none() {
            found.add(Place::Samples, Fault::SampleMissing((*name).into()));
        }
    }
    for (at, sample) in submission.samples.iter().enumerate() {
        let name = || sample.name.clone();
        let before = submission.samples.iter().take(at);
        if !names.contains(&sample.name.as_str()) {
            found.add(Place::Samples, Fault::SampleUnexpected(name()));
        } else if before.clone().any(|other| other.name == sample.name) {
            found.add(Place::Samples, Fault::SampleRepeated(name()));
        } else if !spelling::value(&sample.value) {
            found.add(Place::Samples, Fault::SampleWhitespace(name()));
        }
    }
}
