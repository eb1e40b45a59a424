//! What does a body ask for? Reads the bodies of `PUT` into a [`Change`], or tells the field that is
//! wrong. Whether the change fits what is there already is decided by [`super::rules`].
//!
//! One file for each kind of thing; [`configuration`] reads many of them out of one file.

mod account;
pub mod configuration;
mod sender;
mod template;
mod workstream;

pub use account::account;
pub use sender::sender;
pub use template::template;
pub use workstream::workstream;

use super::fields::{Fields, flaw};
use super::rules::{Change, Given};
use crate::problem::Problem;
use serde_json::Value;

/// The longest name of anything.
const LONGEST_NAME: usize = 100;

/// A language tag.
fn language(fields: &Fields<'_>, name: &str, separators: &str) -> Result<String, Problem> {
    let tag = fields.text(name, 35)?;
    if is_tag(&tag, separators) {
        Ok(tag)
    } else {
        Err(no_tag(fields, name))
    }
}

/// Whether it is a language tag: two or three letters, then parts of two to eight letters and digits.
fn is_tag(tag: &str, separators: &str) -> bool {
    let mut parts = tag.split(|c| separators.contains(c));
    let first = parts.next().unwrap_or_default();
    (2..=3).contains(&first.len())
        && first.bytes().all(|b| b.is_ascii_lowercase())
        && parts.all(|part| {
            (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        })
}

fn no_tag(fields: &Fields<'_>, name: &str) -> Problem {
    fields.flaw(
        name,
        "give-language-tag",
        "A language is written it, en-GB or pt-BR.",
    )
}

/// Something that may be set, taken away by `null`, or left as it is by leaving it out.
fn given<'a, T>(
    fields: &Fields<'a>,
    name: &str,
    read: impl FnOnce(&Fields<'a>) -> Result<T, Problem>,
) -> Result<Given<T>, Problem> {
    if fields.is_null(name) {
        Ok(Given::Remove)
    } else if fields.has(name) {
        read(fields).map(Given::Set)
    } else {
        Ok(Given::Keep)
    }
}

#[cfg(test)]
mod tests;
