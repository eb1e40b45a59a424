//! How is JSON read? By serde_json into a value, and from the value into a structure.
//!
//! Straight from text into structures is quicker by some microseconds, and costs a third of the
//! Worker: for each of a hundred structures the code to scan text, to read arrays as structures and
//! to carry an error along. Here text is scanned once, and an error has no size: what was wrong, and
//! where, is noted beside it.

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error, Expected, IntoDeserializer,
    MapAccess, SeqAccess, Unexpected, VariantAccess, Visitor,
};
use serde_json::Value;
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

/// Reads a value of which the whole text consists.
///
/// # Errors
/// [`Unreadable`]: with line and column if it is no JSON, with the field if it is not what is wanted.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Unreadable> {
    structure(parse(text)?)
}

/// Takes a structure out of a value.
///
/// # Errors
/// [`Unreadable`]: with the field that is not what is wanted.
pub fn structure<T: DeserializeOwned>(value: Value) -> Result<T, Unreadable> {
    T::deserialize(Reader(value)).map_err(|Wrong| Unreadable(NOTE.take()))
}

/// Reads a text into a value.
///
/// # Errors
/// [`Unreadable`]: with line and column.
pub fn parse(text: &str) -> Result<Value, Unreadable> {
    serde_json::from_str(text).map_err(|error| Unreadable(error.to_string()))
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

impl Error for Wrong {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::because(&message)
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::because(&format_args!("expected {expected}"))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::because(&format_args!("expected {expected}"))
    }

    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        Self::because(&format_args!("expected {expected}"))
    }

    fn unknown_variant(variant: &str, _: &'static [&'static str]) -> Self {
        Self::because(&format_args!("unknown variant `{variant}`"))
    }

    fn unknown_field(field: &str, _: &'static [&'static str]) -> Self {
        Self::because(&format_args!("unknown field `{field}`"))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::because(&format_args!("missing field `{field}`"))
    }
}

/// Takes a structure out of a value.
struct Reader(Value);

impl Reader {
    /// The value is of another kind than the visitor wants.
    fn other<'de, V: Visitor<'de>>(visitor: &V) -> Wrong {
        Wrong::invalid_type(Unexpected::Unit, visitor)
    }

    fn number<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let Value::Number(number) = self.0 else {
            return Err(Self::other(&visitor));
        };
        if let Some(number) = number.as_u64() {
            visitor.visit_u64(number)
        } else if let Some(number) = number.as_i64() {
            visitor.visit_i64(number)
        } else {
            visitor.visit_f64(number.as_f64().unwrap_or_default())
        }
    }

    fn text<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0 {
            Value::String(text) => visitor.visit_string(text),
            _ => Err(Self::other(&visitor)),
        }
    }

    fn items<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0 {
            Value::Array(items) => visitor.visit_seq(Items {
                rest: items.into_iter(),
                place: 0,
            }),
            _ => Err(Self::other(&visitor)),
        }
    }

    fn entries<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0 {
            Value::Object(entries) => visitor.visit_map(Entries {
                rest: entries.into_iter(),
                current: None,
            }),
            _ => Err(Self::other(&visitor)),
        }
    }
}

/// Methods that read alike.
macro_rules! as_one {
    ($how:ident: $($name:ident($($type:ty),*))*) => {
        $(fn $name<V: Visitor<'de>>(self, $(_: $type,)* visitor: V) -> Result<V::Value, Wrong> {
            self.$how(visitor)
        })*
    };
}

impl<'de> Deserializer<'de> for Reader {
    type Error = Wrong;

    as_one! { number:
        deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64() deserialize_u8() deserialize_u16()
        deserialize_u32() deserialize_u64() deserialize_f32() deserialize_f64()
    }
    as_one! { text: deserialize_char() deserialize_str() deserialize_string() deserialize_identifier() }
    as_one! { items: deserialize_seq() deserialize_tuple(usize) deserialize_tuple_struct(&'static str, usize) }
    as_one! { entries: deserialize_map() deserialize_struct(&'static str, &'static [&'static str]) }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Number(_) => self.number(visitor),
            Value::String(_) => self.text(visitor),
            Value::Array(_) => self.items(visitor),
            Value::Object(_) => self.entries(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0 {
            Value::Bool(value) => visitor.visit_bool(value),
            _ => Err(Self::other(&visitor)),
        }
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        Err(Self::other(&visitor))
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        Err(Self::other(&visitor))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        if self.0.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        if self.0.is_null() {
            visitor.visit_unit()
        } else {
            Err(Self::other(&visitor))
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        let variant = match self.0 {
            Value::String(name) => Variant {
                name,
                content: None,
            },
            Value::Object(entries) if entries.len() == 1 => match entries.into_iter().next() {
                Some((name, content)) => Variant {
                    name,
                    content: Some(content),
                },
                None => return Err(Self::other(&visitor)),
            },
            _ => return Err(Self::other(&visitor)),
        };
        visitor.visit_enum(variant)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_unit()
    }
}

/// A list.
struct Items {
    rest: std::vec::IntoIter<Value>,
    place: usize,
}

impl<'de> SeqAccess<'de> for Items {
    type Error = Wrong;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Wrong> {
        let Some(item) = self.rest.next() else {
            return Ok(None);
        };
        self.place += 1;
        seed.deserialize(Reader(item))
            .map(Some)
            .map_err(|wrong| wrong.at(&(self.place - 1)))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

/// An object.
struct Entries {
    rest: serde_json::map::IntoIter,
    current: Option<(String, Value)>,
}

impl Entries {
    /// Goes on to the next entry. Never a part of its callers, of which there is one for each structure.
    #[inline(never)]
    fn advance(&mut self) {
        self.current = self.rest.next();
    }

    /// The value of the entry it is at.
    #[inline(never)]
    fn taken(&mut self) -> (String, Value) {
        self.current.take().unwrap_or_default()
    }
}

impl<'de> MapAccess<'de> for Entries {
    type Error = Wrong;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Wrong> {
        self.advance();
        match &self.current {
            Some((key, _)) => seed.deserialize(key.as_str().into_deserializer()).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Wrong> {
        let (key, value) = self.taken();
        seed.deserialize(Reader(value))
            .map_err(|wrong| wrong.at(&key))
    }
}

/// One of several, by name.
struct Variant {
    name: String,
    content: Option<Value>,
}

impl<'de> EnumAccess<'de> for Variant {
    type Error = Wrong;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Wrong> {
        let variant = seed.deserialize(self.name.as_str().into_deserializer())?;
        Ok((variant, self))
    }
}

impl<'de> VariantAccess<'de> for Variant {
    type Error = Wrong;

    fn unit_variant(self) -> Result<(), Wrong> {
        match self.content {
            None | Some(Value::Null) => Ok(()),
            Some(_) => Err(Wrong::because(&"expected nothing more")),
        }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Wrong> {
        let content = Reader(self.content.unwrap_or_default());
        seed.deserialize(content)
            .map_err(|wrong| wrong.at(&self.name))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Wrong> {
        Reader(self.content.unwrap_or_default())
            .items(visitor)
            .map_err(|wrong| wrong.at(&self.name))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        Reader(self.content.unwrap_or_default())
            .entries(visitor)
            .map_err(|wrong| wrong.at(&self.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, serde::Deserialize, serde::Serialize)]
    #[serde(rename_all = "kebab-case")]
    enum Shape {
        Dot,
        Line(u32),
        Frame {
            wide: Option<i64>,
            names: Vec<String>,
        },
        Pair(u32, String),
    }

    #[derive(Debug, PartialEq, serde::Deserialize, serde::Serialize)]
    struct Picture {
        shapes: Vec<Shape>,
        #[serde(default)]
        inner: Option<Box<Picture>>,
        rest: Value,
    }

    fn picture() -> Picture {
        let inner = Picture {
            shapes: vec![Shape::Dot],
            inner: None,
            rest: Value::Null,
        };
        let frame = Shape::Frame {
            wide: Some(-1),
            names: vec!["a\n\"".into()],
        };
        Picture {
            shapes: vec![Shape::Line(3), frame, Shape::Pair(7, "b".into())],
            inner: Some(Box::new(inner)),
            rest: serde_json::json!({ "a": [1, 2.5, { "b": null }, -3] }),
        }
    }

    #[test]
    fn what_serde_json_writes_is_read_again_as_serde_json_reads_it() {
        let text = serde_json::to_string(&picture()).unwrap();
        assert_eq!(read::<Picture>(&text), Ok(picture()));
        assert_eq!(
            read::<Picture>(&text).ok(),
            serde_json::from_str(&text).ok()
        );
        assert_eq!(
            read::<Vec<(String, u8)>>("[[\"a\", 1]]"),
            Ok(vec![("a".into(), 1)])
        );
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        let why = |text: &str| read::<Picture>(text).unwrap_err().to_string();
        assert!(why("{\n \"shapes\" []}").contains("line 2"), "no JSON");
        assert_eq!(
            why("{\"shapes\": [\"dot\", \"hole\"], \"rest\": 1}"),
            "shapes: 1: unknown variant `hole`"
        );
        assert_eq!(why("{\"shapes\": []}"), "missing field `rest`");
        assert_eq!(
            why("{\"shapes\": [{\"line\": \"x\"}], \"rest\": 1}"),
            "shapes: 0: line: expected u32"
        );
        assert_eq!(
            why("{\"shapes\": [{\"line\": 4294967296}], \"rest\": 1}"),
            "shapes: 0: line: expected u32"
        );
        assert_eq!(why("[]"), "expected struct Picture");
    }
}
