//! How do we speak JSON? [`read`] says how it is read, [`write`] how it is written.
//!
//! In both an error has no size: what was wrong, and where, is noted beside it.

mod read;
mod write;

pub use read::{parse, read, read_exactly, structure, word};
pub(crate) use write::object_of;
pub use write::{value, write};

/// An object of these fields.
macro_rules! object {
    ($($name:literal: $value:expr),* $(,)?) => {
        $crate::json::object_of(&[$(($name, &$value)),*])
    };
}
pub(crate) use object;

use std::cell::RefCell;
use std::fmt;

/// Why a text cannot be read: a sentence for whoever wrote it, with the place.
#[derive(Debug, PartialEq, Eq)]
pub struct Unreadable(String);

impl fmt::Display for Unreadable {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.0)
    }
}

impl From<Unreadable> for worker::Error {
    fn from(error: Unreadable) -> Self {
        Self::RustError(error.0)
    }
}

/// Why a value cannot be written: a mistake of ours.
#[derive(Debug, PartialEq, Eq)]
pub struct Unwritable(String);

impl fmt::Display for Unwritable {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.0)
    }
}

impl From<Unwritable> for worker::Error {
    fn from(error: Unwritable) -> Self {
        Self::RustError(error.0)
    }
}

thread_local! {
    /// What was wrong, written when a [`Wrong`] is made and taken when it is told.
    static NOTE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Something was wrong; what, stands in `NOTE`.
#[derive(Debug)]
pub struct Wrong;

impl Wrong {
    #[cold]
    #[inline(never)]
    fn because(what: &dyn fmt::Display) -> Self {
        NOTE.set(what.to_string());
        Self
    }

    /// Puts the field, or the place in a list, before what is noted.
    #[cold]
    #[inline(never)]
    fn at(self, place: &dyn fmt::Display) -> Self {
        NOTE.with_borrow_mut(|note| *note = format!("{place}: {note}"));
        self
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        NOTE.with_borrow(|note| to.write_str(note))
    }
}

impl std::error::Error for Wrong {}

impl serde::ser::Error for Wrong {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::because(&message)
    }
}
