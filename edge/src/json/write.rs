//! How is JSON written? Into a text, by pieces that are there once.
//!
//! serde_json writes into whatever takes bytes and may fail at each of them; for each of a hundred
//! structures that is twice the code. What comes out is the same to the byte.

use super::{NOTE, Unwritable, Wrong};
use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use serde_json::{Number, Value};
use std::fmt::{Display, Write as _};

/// Writes a value.
///
/// # Errors
/// [`Unwritable`]: if an object's key is no text, or the value itself refuses; none of ours does.
pub fn write<T: Serialize + ?Sized>(value: &T) -> Result<String, Unwritable> {
    let mut writer = Writer::new();
    if value.serialize(&mut writer).is_err() {
        writer.refused = true;
    }
    writer.done()
}

/// Makes a value of a structure, by writing and reading it: code that does so directly would be there
/// once more for each. `null` of what cannot be written; nothing of ours.
pub fn value<T: Serialize + ?Sized>(structure: &T) -> Value {
    again(write(structure))
}

/// An object of these fields; see `object!`.
pub(crate) fn object_of(fields: &[(&str, &dyn Piece)]) -> Value {
    let mut writer = Writer::new();
    writer.put("{");
    for (name, piece) in fields {
        writer.key(name);
        piece.write_to(&mut writer);
    }
    writer.put("}");
    again(writer.done())
}

fn again(written: Result<String, Unwritable>) -> Value {
    let read = written.ok().map(|text| super::parse(&text));
    read.and_then(Result::ok).unwrap_or_default()
}

/// Anything that can be written, whatever it is.
pub(crate) trait Piece {
    /// Writes it.
    fn write_to(&self, writer: &mut Writer);
}

impl<T: Serialize> Piece for T {
    fn write_to(&self, writer: &mut Writer) {
        if self.serialize(&mut *writer).is_err() {
            writer.refused = true;
        }
    }
}

/// The text so far. Nothing fails on the way, so what calls it has nothing to look at.
pub(crate) struct Writer {
    text: String,
    /// Whether something cannot be written; what, stands in `NOTE`.
    refused: bool,
}

impl Writer {
    /// With room for what is usual: a text that grows from nothing is moved again and again.
    fn new() -> Self {
        Self {
            text: String::with_capacity(128),
            refused: false,
        }
    }

    fn done(self) -> Result<String, Unwritable> {
        if self.refused {
            return Err(Unwritable(NOTE.take()));
        }
        Ok(self.text)
    }

    #[inline(never)]
    fn put(&mut self, plain: &str) {
        self.text.push_str(plain);
    }

    #[inline(never)]
    fn number(&mut self, number: &dyn Display) {
        // Writing into a text does not fail.
        let _ = write!(self.text, "{number}");
    }

    #[inline(never)]
    fn quote(&mut self, text: &str) {
        self.text.push('"');
        let mut rest = text;
        loop {
            let special = rest
                .bytes()
                .position(|b| b < b' ' || b == b'"' || b == b'\\');
            let at = special.unwrap_or(rest.len());
            let (plain, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
            self.text.push_str(plain);
            let mut after = after.chars();
            match after.next() {
                Some(special) => self.escape(special),
                None => break,
            }
            rest = after.as_str();
        }
        self.text.push('"');
    }

    #[cold]
    fn escape(&mut self, special: char) {
        let short = match special {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\u{8}' => "\\b",
            '\t' => "\\t",
            '\n' => "\\n",
            '\u{c}' => "\\f",
            '\r' => "\\r",
            _ => {
                let _ = write!(self.text, "\\u{:04x}", u32::from(special));
                return;
            }
        };
        self.text.push_str(short);
    }

    /// What stands before an item of a list: a comma, unless it is the first.
    #[inline(never)]
    fn item(&mut self) {
        if !matches!(self.text.as_bytes().last(), Some(b'[' | b'{')) {
            self.text.push(',');
        }
    }

    /// What stands before an entry's value.
    #[inline(never)]
    fn key(&mut self, name: &str) {
        self.item();
        self.quote(name);
        self.text.push(':');
    }

    /// A list or an object.
    fn open(&mut self, begin: &str, end: &'static str) -> Result<Open<'_>, Wrong> {
        self.put(begin);
        Ok(Open { writer: self, end })
    }

    /// A list or an object in the object that says which variant it is.
    fn open_variant(
        &mut self,
        name: &str,
        begin: &str,
        end: &'static str,
    ) -> Result<Open<'_>, Wrong> {
        self.put("{");
        self.key(name);
        self.open(begin, end)
    }
}

/// Something that is written item by item, and what it ends with.
pub(crate) struct Open<'a> {
    writer: &'a mut Writer,
    end: &'static str,
}

impl Open<'_> {
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Wrong> {
        self.writer.item();
        value.serialize(&mut *self.writer)
    }

    fn field<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Wrong> {
        self.writer.key(name);
        value.serialize(&mut *self.writer)
    }

    fn close(self) -> Result<(), Wrong> {
        self.writer.put(self.end);
        Ok(())
    }
}

/// Numbers, which are written alike.
macro_rules! numbers {
    ($($name:ident($kind:ty))*) => {
        $(fn $name(self, number: $kind) -> Result<(), Wrong> {
            self.number(&number);
            Ok(())
        })*
    };
}

impl<'a> Serializer for &'a mut Writer {
    type Ok = ();
    type Error = Wrong;
    type SerializeSeq = Open<'a>;
    type SerializeTuple = Open<'a>;
    type SerializeTupleStruct = Open<'a>;
    type SerializeTupleVariant = Open<'a>;
    type SerializeMap = Open<'a>;
    type SerializeStruct = Open<'a>;
    type SerializeStructVariant = Open<'a>;

    numbers! {
        serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64)
        serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64)
    }

    fn serialize_bool(self, value: bool) -> Result<(), Wrong> {
        self.put(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_f32(self, number: f32) -> Result<(), Wrong> {
        self.serialize_f64(number.into())
    }

    /// As serde_json does, which has its own way to write them.
    fn serialize_f64(self, number: f64) -> Result<(), Wrong> {
        match Number::from_f64(number) {
            Some(number) => self.number(&number),
            None => self.put("null"),
        }
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<(), Wrong> {
        self.quote(value.encode_utf8(&mut [0; 4]));
        Ok(())
    }

    fn serialize_str(self, text: &str) -> Result<(), Wrong> {
        self.quote(text);
        Ok(())
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<(), Wrong> {
        self.collect_seq(bytes)
    }

    fn serialize_none(self) -> Result<(), Wrong> {
        self.put("null");
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Wrong> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Wrong> {
        self.put("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Wrong> {
        self.put("null");
        Ok(())
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Wrong> {
        self.quote(variant);
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Wrong> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Wrong> {
        let mut open = self.open("{", "}")?;
        open.field(variant, value)?;
        open.close()
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Open<'a>, Wrong> {
        self.open("[", "]")
    }

    fn serialize_tuple(self, _: usize) -> Result<Open<'a>, Wrong> {
        self.open("[", "]")
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Open<'a>, Wrong> {
        self.open("[", "]")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Open<'a>, Wrong> {
        self.open_variant(variant, "[", "]}")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Open<'a>, Wrong> {
        self.open("{", "}")
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Open<'a>, Wrong> {
        self.open("{", "}")
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Open<'a>, Wrong> {
        self.open_variant(variant, "{", "}}")
    }
}

/// Lists of some kind.
macro_rules! lists {
    ($($kind:ident::$name:ident)*) => {
        $(impl $kind for Open<'_> {
            type Ok = ();
            type Error = Wrong;

            fn $name<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Wrong> {
                self.item(value)
            }

            fn end(self) -> Result<(), Wrong> {
                self.close()
            }
        })*
    };
}

lists! {
    SerializeSeq::serialize_element SerializeTuple::serialize_element
    SerializeTupleStruct::serialize_field SerializeTupleVariant::serialize_field
}

/// Objects with names that are known beforehand.
macro_rules! objects {
    ($($kind:ident)*) => {
        $(impl $kind for Open<'_> {
            type Ok = ();
            type Error = Wrong;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), Wrong> {
                self.field(name, value)
            }

            fn end(self) -> Result<(), Wrong> {
                self.close()
            }
        })*
    };
}

objects! { SerializeStruct SerializeStructVariant }

impl SerializeMap for Open<'_> {
    type Ok = ();
    type Error = Wrong;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Wrong> {
        self.item(key)?;
        // Only a text ends so.
        if !self.writer.text.ends_with('"') {
            Wrong::because(&"a key must be text");
            self.writer.refused = true;
        }
        self.writer.put(":");
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Wrong> {
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), Wrong> {
        self.close()
    }
}

#[cfg(test)]
mod tests;
