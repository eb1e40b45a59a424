//! How does a frame come in? A reader of postcard in which no step can fail.
//!
//! The usual reader may fail at every field, and the code for it (return the error, drop what was
//! read so far) is a third of all that a frame takes. This one reads nothing past the end, puts the
//! first variant in the place of one that does not exist, remembers that something was wrong, and
//! says so when it is done. Its error type has no values, so the compiler leaves all of that out.
//!
//! What must stay true: a frame that `shared::protocol::decode` reads comes out the same.

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error, IntoDeserializer, SeqAccess,
    VariantAccess, Visitor,
};
use shared::protocol::Frame;

/// Reads a frame; `None` if the bytes are not exactly one.
#[must_use]
pub fn frame(bytes: &[u8]) -> Option<Frame> {
    let mut reader = Reader {
        rest: bytes,
        sound: true,
    };
    let Ok(frame) = Frame::deserialize(&mut reader);
    (reader.sound && reader.rest.is_empty()).then_some(frame)
}

struct Reader<'de> {
    rest: &'de [u8],
    sound: bool,
}

/// An error that does not occur.
#[derive(Debug)]
pub(crate) enum Never {}

impl core::fmt::Display for Never {
    fn fmt(&self, _: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match *self {}
    }
}

impl core::error::Error for Never {}

impl serde::ser::Error for Never {
    fn custom<T: core::fmt::Display>(_: T) -> Self {
        std::process::abort()
    }
}

impl Error for Never {
    /// Called for a type that asks for what this reader does not know: none that a frame is made of.
    fn custom<T: core::fmt::Display>(_: T) -> Self {
        std::process::abort()
    }
}

impl<'de> Reader<'de> {
    /// Something was wrong.
    fn wrong<T: Default>(&mut self) -> T {
        self.sound = false;
        T::default()
    }

    fn byte(&mut self) -> u8 {
        match self.rest.split_first() {
            Some((byte, rest)) => {
                self.rest = rest;
                *byte
            }
            None => self.wrong(),
        }
    }

    /// A number, seven bits to the byte, the lowest first.
    fn number(&mut self) -> u64 {
        let mut number = 0;
        for shift in 0..10 {
            let byte = self.byte();
            number |= u64::from(byte & 0x7f) << (7 * shift);
            if byte < 0x80 {
                return if shift == 9 && byte > 1 {
                    self.wrong()
                } else {
                    number
                };
            }
        }
        self.wrong()
    }

    fn number32(&mut self) -> u32 {
        let number = self.number();
        u32::try_from(number).unwrap_or_else(|_| self.wrong())
    }

    /// How many follow. Each takes a byte at least.
    fn length(&mut self) -> usize {
        match usize::try_from(self.number()) {
            Ok(length) if length <= self.rest.len() => length,
            _ => self.wrong(),
        }
    }

    /// A text in UTF-8. Read character by character: the check of `core` is made for megabytes, and
    /// takes more room than all else here.
    fn text(&mut self) -> String {
        let length = self.length();
        let end = self.rest.len().saturating_sub(length);
        let mut text = String::new();
        while self.rest.len() > end {
            text.push(self.character());
        }
        text
    }

    fn character(&mut self) -> char {
        let lead = self.byte();
        let (mut code, more) = match lead {
            0..0x80 => (u32::from(lead), 0),
            0xc2..0xe0 => (u32::from(lead & 0x1f), 1),
            0xe0..0xf0 => (u32::from(lead & 0x0f), 2),
            0xf0..0xf5 => (u32::from(lead & 0x07), 3),
            _ => return self.wrong(),
        };
        for _ in 0..more {
            let byte = self.byte();
            self.sound &= byte & 0xc0 == 0x80;
            code = code << 6 | u32::from(byte & 0x3f);
        }
        char::from_u32(code).unwrap_or_else(|| self.wrong())
    }
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = Never;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Never> {
        visitor.visit_unit()
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Never> {
        visitor.visit_bool(self.byte() != 0)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Never> {
        let number = self.number();
        // Zigzag: the sign is the lowest bit.
        visitor.visit_i64((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    fn deserialize_u16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Never> {
        visitor.visit_u16(self.number32() as u16)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Never> {
        visitor.visit_u32(self.number32())
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Never> {
        visitor.visit_u64(self.number())
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Never> {
        visitor.visit_string(self.text())
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Never> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Never> {
        if self.byte() == 0 {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Never> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Never> {
        let left = self.length();
        visitor.visit_seq(Counted { reader: self, left })
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Never> {
        visitor.visit_seq(Fields(self))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Never> {
        visitor.visit_seq(Fields(self))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Never> {
        visitor.visit_seq(Fields(self))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Never> {
        let given = self.number32();
        let variant = if (given as usize) < variants.len() {
            given
        } else {
            self.wrong()
        };
        visitor.visit_enum(Variant {
            reader: self,
            variant,
        })
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i32 u8 f32 f64 char bytes byte_buf unit unit_struct map identifier ignored_any
    }
}

/// The elements of a list.
struct Counted<'a, 'de> {
    reader: &'a mut Reader<'de>,
    left: usize,
}

impl<'de> SeqAccess<'de> for Counted<'_, 'de> {
    type Error = Never;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Never> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        seed.deserialize(&mut *self.reader).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left)
    }
}

/// The fields of a struct: whoever asks knows how many there are.
struct Fields<'a, 'de>(&'a mut Reader<'de>);

impl<'de> SeqAccess<'de> for Fields<'_, 'de> {
    type Error = Never;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Never> {
        seed.deserialize(&mut *self.0).map(Some)
    }
}

struct Variant<'a, 'de> {
    reader: &'a mut Reader<'de>,
    variant: u32,
}

impl<'a, 'de> EnumAccess<'de> for Variant<'a, 'de> {
    type Error = Never;
    type Variant = &'a mut Reader<'de>;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Self::Variant), Never> {
        let Ok(value) =
            seed.deserialize(IntoDeserializer::<Never>::into_deserializer(self.variant));
        Ok((value, self.reader))
    }
}

impl<'de> VariantAccess<'de> for &mut Reader<'de> {
    type Error = Never;

    fn unit_variant(self) -> Result<(), Never> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Never> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Never> {
        visitor.visit_seq(Fields(self))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Never> {
        visitor.visit_seq(Fields(self))
    }
}

#[cfg(test)]
mod tests;
