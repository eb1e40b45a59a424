//! How is JSON read? By serde_json into a value, and from the value into a structure.
//!
//! Straight from text into structures is quicker by some microseconds, and costs a third of the
//! Worker: for each of a hundred structures the code to scan text, to read arrays as structures and
//! to carry an error along. Here text is scanned once, and an error has no size: what was wrong, and
//! where, is noted beside it.

use super::{NOTE, Unreadable, Wrong};
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error, Expected, IntoDeserializer,
    MapAccess, SeqAccess, Unexpected, VariantAccess, Visitor,
};
use serde_json::Value;
use std::cell::Cell;
use std::fmt;

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
    T::deserialize(Reader(Some(value))).map_err(|Wrong| Unreadable(NOTE.take()))
}

/// Takes one of several words out of a value.
///
/// # Errors
/// [`Unreadable`]: with all of those words.
pub fn word<T: DeserializeOwned>(value: &Value) -> Result<T, Unreadable> {
    let word = value.as_str().unwrap_or_default().into_deserializer();
    T::deserialize(word).map_err(|Wrong| Unreadable(NOTE.take()))
}

/// Reads a value of which the whole text consists, and in which nothing else may stand: what somebody
/// wrote by hand, where a name that is not known is a mistake.
///
/// # Errors
/// [`Unreadable`], as [`read`]; also with the field that is not known.
pub fn read_exactly<T: DeserializeOwned>(text: &str) -> Result<T, Unreadable> {
    STRICT.set(true);
    let read = read(text);
    STRICT.set(false);
    read
}

/// Reads a text into a value.
///
/// # Errors
/// [`Unreadable`]: with line and column.
pub fn parse(text: &str) -> Result<Value, Unreadable> {
    serde_json::from_str(text).map_err(|error| Unreadable(error.to_string()))
}

thread_local! {
    /// The last field that was absent and had to be there, unless it has a default.
    static MISSING: Cell<&'static str> = const { Cell::new("") };
    /// Whether an object may have no other fields than the structure.
    static STRICT: Cell<bool> = const { Cell::new(false) };
}

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

    /// A list is too short; a structure is read as the list of its fields.
    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        match MISSING.take() {
            "" => Self::because(&format_args!("expected {expected}")),
            field => Self::because(&format_args!("missing field `{field}`")),
        }
    }
}

/// Takes a structure out of a value, or out of nothing where a field is absent.
struct Reader(Option<Value>);

impl Reader {
    /// The value is of another kind than the visitor wants. That something is absent is told by whoever
    /// knows its name.
    #[cold]
    #[inline(never)]
    fn other(absent: bool, expected: &dyn Expected) -> Wrong {
        if absent {
            return Wrong;
        }
        Wrong::because(&format_args!("expected {expected}"))
    }

    fn number<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let Some(Value::Number(number)) = self.0 else {
            return Err(Self::other(self.0.is_none(), &visitor));
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
            Some(Value::String(text)) => visitor.visit_string(text),
            other => Err(Self::other(other.is_none(), &visitor)),
        }
    }

    fn items<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0 {
            Some(Value::Array(items)) => visitor.visit_seq(Items {
                rest: items.into_iter(),
                place: 0,
            }),
            other => Err(Self::other(other.is_none(), &visitor)),
        }
    }

    fn entries<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0 {
            Some(Value::Object(entries)) => visitor.visit_map(Entries {
                rest: entries.into_iter(),
                current: None,
            }),
            other => Err(Self::other(other.is_none(), &visitor)),
        }
    }

    /// An object as the list of these fields.
    fn fields<'de, V: Visitor<'de>>(
        self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        let fields = Fields::of(self.0, names, &visitor)?;
        visitor.visit_seq(fields)
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
    as_one! { entries: deserialize_map() }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0 {
            None => Err(Wrong),
            Some(Value::Null) => visitor.visit_unit(),
            Some(Value::Bool(value)) => visitor.visit_bool(value),
            Some(Value::Number(_)) => self.number(visitor),
            Some(Value::String(_)) => self.text(visitor),
            Some(Value::Array(_)) => self.items(visitor),
            Some(Value::Object(_)) => self.entries(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0 {
            Some(Value::Bool(value)) => visitor.visit_bool(value),
            other => Err(Self::other(other.is_none(), &visitor)),
        }
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        Err(Self::other(self.0.is_none(), &visitor))
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_bytes(visitor)
    }

    /// What may be absent is none where it is.
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0 {
            None | Some(Value::Null) => visitor.visit_none(),
            Some(_) => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0 {
            Some(Value::Null) => visitor.visit_unit(),
            other => Err(Self::other(other.is_none(), &visitor)),
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

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.fields(names, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        let variant = Variant::of(self.0, names, &visitor)?;
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
            MISSING.set("");
            return Ok(None);
        };
        self.place += 1;
        seed.deserialize(Reader(Some(item)))
            .map(Some)
            .map_err(|wrong| wrong.at(&(self.place - 1)))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

/// An object as the list of a structure's fields, in the order in which it declares them. What is derived
/// reads such a list with a fifth of the code that it needs to find out which field comes next.
struct Fields {
    entries: serde_json::Map<String, Value>,
    rest: core::slice::Iter<'static, &'static str>,
}

impl Fields {
    #[inline(never)]
    fn of(
        value: Option<Value>,
        names: &'static [&'static str],
        expected: &dyn Expected,
    ) -> Result<Self, Wrong> {
        let entries = match value {
            Some(Value::Object(entries)) => entries,
            other => return Err(Reader::other(other.is_none(), expected)),
        };
        if STRICT.get()
            && let Some(unknown) = entries.keys().find(|key| !names.contains(&key.as_str()))
        {
            return Err(Wrong::because(&format_args!("unknown field `{unknown}`")));
        }
        let rest = names.iter();
        Ok(Self { entries, rest })
    }

    /// The next field: its name, and what is there.
    #[inline(never)]
    fn next(&mut self) -> Option<(&'static str, Reader)> {
        let name = *self.rest.next()?;
        let value = self.entries.get_mut(name).map(Value::take);
        Some((name, Reader(value)))
    }
}

impl<'de> SeqAccess<'de> for Fields {
    type Error = Wrong;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Wrong> {
        let Some((name, reader)) = self.next() else {
            return Ok(None);
        };
        let absent = reader.0.is_none();
        match seed.deserialize(reader) {
            Ok(value) => Ok(Some(value)),
            // It takes its default, or is missed.
            Err(Wrong) if absent => {
                MISSING.set(name);
                Ok(None)
            }
            Err(wrong) => Err(wrong.at(&name)),
        }
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
        seed.deserialize(Reader(Some(value)))
            .map_err(|wrong| wrong.at(&key))
    }
}

/// One of several: which, by its place among their names.
struct Variant {
    place: u32,
    name: &'static str,
    content: Option<Value>,
}

impl Variant {
    #[inline(never)]
    fn of(
        value: Option<Value>,
        names: &'static [&'static str],
        expected: &dyn Expected,
    ) -> Result<Self, Wrong> {
        let (name, content) = match value {
            Some(Value::String(name)) => (name, None),
            Some(Value::Object(entries)) if entries.len() == 1 => {
                let (name, content) = entries.into_iter().next().unwrap_or_default();
                (name, Some(content))
            }
            other => return Err(Reader::other(other.is_none(), expected)),
        };
        let places = 0u32..;
        match places.zip(names).find(|(_, known)| **known == name) {
            Some((place, name)) => Ok(Self {
                place,
                name,
                content,
            }),
            None => Err(Wrong::because(&format_args!("unknown variant `{name}`"))),
        }
    }

    fn content(self) -> Reader {
        Reader(Some(self.content.unwrap_or_default()))
    }
}

impl<'de> EnumAccess<'de> for Variant {
    type Error = Wrong;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Wrong> {
        let variant = seed.deserialize(self.place.into_deserializer())?;
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
        let name = self.name;
        seed.deserialize(self.content())
            .map_err(|wrong| wrong.at(&name))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Wrong> {
        let name = self.name;
        self.content()
            .items(visitor)
            .map_err(|wrong| wrong.at(&name))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        let name = self.name;
        self.content()
            .fields(names, visitor)
            .map_err(|wrong| wrong.at(&name))
    }
}

#[cfg(test)]
mod tests;
