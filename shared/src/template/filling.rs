//! What will the customer read? A template's text with its variables filled in, or the flaw that
//! keeps it from being sent.
//!
//! Twilio fills a variable left out with its sample and sends it; WhatsApp refuses line breaks,
//! tabs and more than four spaces in a row inside a variable (error 63013). Both are caught here.

use super::placeholders::{Piece, pieces};
use super::{Localization, Value};
use crate::text;
use serde::{Deserialize, Serialize};

/// Why a text cannot be filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Flaw {
    /// No value for this variable.
    Missing(String),
    /// Nothing to be seen in this variable's value.
    Blank(String),
    /// A value for a variable the template does not have: a sign of the wrong template.
    Unexpected(String),
    /// A line break, a tab or more than four spaces in a row in this variable's value.
    Whitespace(String),
    /// Longer than WhatsApp takes.
    TooLong {
        /// Its length in UTF-16 units.
        actual: u32,
    },
}

/// The most spaces in a row that WhatsApp takes inside a variable.
const MOST_SPACES: usize = 4;

/// The text of `localization` with `values` in it.
///
/// # Errors
/// The first [`Flaw`], in the order of the text.
pub fn fill(localization: &Localization, values: &[Value]) -> Result<String, Flaw> {
    let mut filled = String::new();
    for piece in pieces(&localization.body) {
        match piece {
            Piece::Text(text) => filled.push_str(text),
            Piece::Variable(name) => filled.push_str(value_of(name, values)?),
        }
    }
    // Variables may stand in a button's address, too.
    for button in &localization.buttons {
        for piece in pieces(&button.target) {
            if let Piece::Variable(name) = piece {
                value_of(name, values)?;
            }
        }
    }
    for value in values {
        let known = pieces(&localization.body)
            .chain(localization.buttons.iter().flat_map(|b| pieces(&b.target)))
            .any(|piece| piece == Piece::Variable(&value.name));
        if !known {
            return Err(Flaw::Unexpected(value.name.clone()));
        }
    }
    let length = text::utf16_len(&filled);
    if length > text::LONGEST_TEMPLATE_TEXT {
        return Err(Flaw::TooLong {
            actual: u32::try_from(length).unwrap_or(u32::MAX),
        });
    }
    Ok(filled)
}

/// The value of one variable, if it may be sent.
fn value_of<'a>(name: &str, values: &'a [Value]) -> Result<&'a str, Flaw> {
    let Some(given) = values.iter().find(|value| value.name == name) else {
        return Err(Flaw::Missing(name.into()));
    };
    let value = given.value.as_str();
    if text::is_blank(value) {
        return Err(Flaw::Blank(name.into()));
    }
    let mut spaces = 0;
    for c in value.chars() {
        spaces = if c == ' ' || c == '\u{a0}' {
            spaces + 1
        } else {
            0
        };
        let breaks = matches!(
            c,
            '\n' | '\r' | '\t' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
        );
        if breaks || spaces > MOST_SPACES {
            return Err(Flaw::Whitespace(name.into()));
        }
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::{Approval, Button, ButtonKind, Kind};
    use proptest::prelude::*;

    fn localization(body: &str) -> Localization {
        Localization {
            language: "it".into(),
            content_sid: None,
            approval: Approval::Approved,
            kind: Kind::Text,
            body: body.into(),
            footer: None,
            buttons: vec![],
            samples: vec![],
        }
    }

    fn check(body: &str, values: &[(&str, &str)], expected: Result<&str, Flaw>) {
        let values: Vec<Value> = values
            .iter()
            .map(|(name, value)| Value {
                name: (*name).into(),
                value: (*value).into(),
            })
            .collect();
        assert_eq!(
            fill(&localization(body), &values),
            expected.map(String::from),
            "{body}"
        );
    }

    #[test]
    fn every_variable_is_given_or_nothing_is_sent() {
        let body = "Ciao {{1}}, il {{2}} arriva. Saluti, {{1}}!";
        check(
            body,
            &[("1", "Anna"), ("2", "pacco")],
            Ok("Ciao Anna, il pacco arriva. Saluti, Anna!"),
        );
        check(body, &[("1", "Anna")], Err(Flaw::Missing("2".into())));
        check(
            body,
            &[("1", "Anna"), ("2", " \u{200b}")],
            Err(Flaw::Blank("2".into())),
        );
        check(
            body,
            &[("1", "a"), ("2", "b"), ("3", "c")],
            Err(Flaw::Unexpected("3".into())),
        );
        check("Nessuna variabile", &[], Ok("Nessuna variabile"));
    }

    #[test]
    fn what_whatsapp_refuses_inside_a_variable() {
        for bad in ["a\nb", "a\tb", "a     b", "a\r\nb", "a\u{2028}b"] {
            check("{{1}}.", &[("1", bad)], Err(Flaw::Whitespace("1".into())));
        }
        check("{{1}}.", &[("1", "a    b")], Ok("a    b."));
    }

    #[test]
    fn at_most_1024_units() {
        check(
            "{{1}}",
            &[("1", &"x".repeat(1_025))],
            Err(Flaw::TooLong { actual: 1_025 }),
        );
        check(
            "{{1}}",
            &[("1", &"x".repeat(1_024))],
            Ok(&"x".repeat(1_024)),
        );
    }

    #[test]
    fn a_buttons_address_needs_its_variable() {
        let mut with_button = localization("Vedi sotto");
        with_button.buttons.push(Button {
            kind: ButtonKind::Url,
            title: "Apri".into(),
            target: "https://example.com/{{1}}".into(),
        });
        assert_eq!(fill(&with_button, &[]), Err(Flaw::Missing("1".into())));
        let value = Value {
            name: "1".into(),
            value: "42".into(),
        };
        assert_eq!(fill(&with_button, &[value]), Ok("Vedi sotto".into()));
    }

    proptest! {
        #[test]
        fn what_is_filled_has_no_hole(body in "[a-z {}12]{0,60}", one in "[a-zA-Z]{1,9}", two in "[a-zA-Z]{1,9}") {
            let all = [Value { name: "1".into(), value: one }, Value { name: "2".into(), value: two }];
            let wanted: Vec<Value> = all.iter().filter(|v| crate::template::variables(&body).contains(&v.name.as_str())).cloned().collect();
            if let Ok(filled) = fill(&localization(&body), &wanted) {
                let holes = crate::template::variables(&filled).len();
                // A value has no braces, so a hole could only come from the text around it.
                prop_assert!(holes == 0 || body.contains("{{{"), "{}", filled);
            }
        }
    }
}
