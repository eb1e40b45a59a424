//! How is a text of a template written? Lengths, blanks, words and spellings, each rule by itself.

use super::Fault;
use crate::template::{Piece, pieces};
use crate::text::{is_space, utf16_len};

/// The most line breaks in a row in a text.
const MOST_LINE_BREAKS: u32 = 1;

/// The most spaces in a row in a text.
const MOST_SPACES: u32 = 3;

/// The most spaces in a row in a variable (error 63013).
const MOST_SPACES_IN_VALUE: u32 = 4;

/// The longest name of a variable.
const LONGEST_VARIABLE: usize = 16;

/// A length as a fact.
pub(super) fn units(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// A text that is longer than `most` UTF-16 units.
pub(super) fn limit(text: &str, most: usize) -> Option<Fault> {
    let actual = utf16_len(text);
    (actual > most).then(|| Fault::TooLong {
        most: units(most),
        actual: units(actual),
    })
}

/// The longest runs in a text: line breaks, tabs and spaces. A blank between two line breaks does not
/// part them, and `\r\n` is one.
struct Runs {
    breaks: u32,
    tabs: u32,
    spaces: u32,
}

fn runs(text: &str) -> Runs {
    let mut longest = Runs {
        breaks: 0,
        tabs: 0,
        spaces: 0,
    };
    let (mut breaks, mut spaces) = (0, 0);
    let mut before = ' ';
    for c in text.chars() {
        match c {
            '\n' if before == '\r' => {}
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                breaks += 1;
                spaces = 0;
            }
            '\t' => {
                longest.tabs += 1;
                spaces = 0;
            }
            ' ' | '\u{a0}' => spaces += 1,
            _ => {
                spaces = 0;
                if !is_space(c) {
                    breaks = 0;
                }
            }
        }
        longest.breaks = longest.breaks.max(breaks);
        longest.spaces = longest.spaces.max(spaces);
        before = c;
    }
    longest
}

/// What is wrong with the blanks of a text of several lines.
pub(super) fn layout(text: &str) -> Vec<Fault> {
    blanks(text, MOST_LINE_BREAKS)
}

fn blanks(text: &str, most_breaks: u32) -> Vec<Fault> {
    let runs = runs(text);
    let mut faults = Vec::new();
    if runs.breaks > most_breaks {
        faults.push(Fault::LineBreaks { most: most_breaks });
    }
    if runs.tabs > 0 {
        faults.push(Fault::Tab);
    }
    if runs.spaces > MOST_SPACES {
        faults.push(Fault::Spaces { most: MOST_SPACES });
    }
    faults
}

/// How many words a text has beside its variables. Scripts that put no blanks between words are counted
/// by character.
pub(super) fn words(text: &str) -> usize {
    let mut count = 0;
    let mut inside = false;
    for piece in pieces(text) {
        let Piece::Text(text) = piece else {
            inside = false;
            continue;
        };
        for c in text.chars() {
            if is_space(c) {
                inside = false;
            } else if unspaced(c) {
                count += 1;
                inside = false;
            } else if c.is_alphanumeric() && !inside {
                count += 1;
                inside = true;
            }
        }
    }
    count
}

/// Whether it is of a script without blanks between words: Thai to Lao, Myanmar, Khmer, Japanese, Chinese.
fn unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
        || matches!(c, '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

/// Spellings.
pub(super) mod spelling {
    use super::*;

    /// A template's name.
    pub(in super::super) fn name(text: &str) -> bool {
        text.bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    }

    /// WhatsApp's language codes: `it`, `fil`, `en_GB`.
    pub(in super::super) fn language(text: &str) -> bool {
        let (tongue, country) = match text.split_once('_') {
            Some((tongue, country)) => (tongue, Some(country)),
            None => (text, None),
        };
        let fits = |text: &str, most: usize, of: fn(&u8) -> bool| {
            (2..=most).contains(&text.len()) && text.as_bytes().iter().all(of)
        };
        fits(tongue, 3, u8::is_ascii_lowercase)
            && country.is_none_or(|country| fits(country, 2, u8::is_ascii_uppercase))
    }

    /// A numbered variable's name.
    pub(in super::super) fn number(name: &str) -> bool {
        name.bytes().all(|b| b.is_ascii_digit())
    }

    /// The value of a variable.
    pub(in super::super) fn value(text: &str) -> bool {
        let runs = runs(text);
        runs.breaks == 0 && runs.tabs == 0 && runs.spaces <= MOST_SPACES_IN_VALUE
    }

    /// A phone number, as WhatsApp dials it.
    pub(in super::super) fn phone(text: &str) -> bool {
        text.strip_prefix('+').is_some_and(|digits| {
            (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
        })
    }

    /// What is wrong with a page's address.
    pub(in super::super) fn address(text: &str) -> Option<Fault> {
        let rest = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"));
        let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next());
        let fits = host.is_some_and(|host| !host.is_empty() && !host.contains('{'));
        if !fits || text.chars().any(|c| is_space(c) || c.is_control()) {
            return Some(Fault::AddressMalformed);
        }
        let mut parts = pieces(text).skip_while(|piece| matches!(piece, Piece::Text(_)));
        match (parts.next(), parts.next()) {
            (Some(Piece::Variable(name)), Some(_)) => Some(Fault::AddressVariable(name.into())),
            _ => braces(text),
        }
    }

    /// A variable where none may be.
    pub(in super::super) fn no_variable(text: &str) -> Option<Fault> {
        pieces(text).find_map(|piece| match piece {
            Piece::Variable(name) => Some(Fault::VariableNotAllowed(name.into())),
            Piece::Text(_) => None,
        })
    }

    /// What is wrong with a line that is taken as it stands: a footer, a button's title.
    pub(in super::super) fn plain_line(text: &str) -> Vec<Fault> {
        let mut faults = blanks(text, 0);
        faults.extend(no_variable(text));
        faults.extend(emoji(text));
        faults
    }

    /// The first emoji.
    fn emoji(text: &str) -> Option<Fault> {
        text.chars()
            .find(|c| matches!(c, '\u{2600}'..='\u{27bf}' | '\u{1f000}'..='\u{1faff}' | '\u{fe0f}'))
            .map(|c| Fault::Emoji(c.into()))
    }

    /// The first braces that are no variable, or stand around one.
    pub(in super::super) fn braces(text: &str) -> Option<Fault> {
        let mut after_variable = false;
        let mut rest = pieces(text).peekable();
        while let Some(piece) = rest.next() {
            let Piece::Text(part) = piece else {
                after_variable = true;
                continue;
            };
            let wrong = if after_variable && part.starts_with('}') {
                Some(part)
            } else if let Some(at) = part.find("{{").or_else(|| part.find("}}")) {
                part.get(at..)
            } else if part.ends_with('{') && rest.peek().is_some() {
                Some("{")
            } else {
                None
            };
            if let Some(wrong) = wrong {
                return Some(fault_of(wrong));
            }
            after_variable = false;
        }
        None
    }

    /// What the braces at the beginning of `text` are.
    fn fault_of(text: &str) -> Fault {
        let name = text
            .strip_prefix("{{")
            .and_then(|rest| rest.split_once("}}"))
            .map(|(name, _)| name);
        match name {
            Some(name)
                if name.len() > LONGEST_VARIABLE
                    && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') =>
            {
                Fault::VariableNameTooLong {
                    variable: name.into(),
                    most: units(LONGEST_VARIABLE),
                    actual: units(name.len()),
                }
            }
            _ => Fault::VariableMalformed(text.chars().take(40).collect()),
        }
    }
}
