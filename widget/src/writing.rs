//! How does a command go out? A writer of postcard in which no step can fail: see [`crate::reading`].
//!
//! What must stay true: it writes what `shared::protocol::encode` writes.

use crate::reading::Never;
use serde::ser::{
    Impossible, Serialize, SerializeSeq, SerializeStruct, SerializeStructVariant, Serializer,
};
use shared::protocol::Command;

/// The command as a frame.
#[must_use]
pub fn command(command: &Command) -> Vec<u8> {
    let mut writer = Writer(Vec::new());
    let Ok(()) = command.serialize(&mut writer);
    writer.0
}

struct Writer(Vec<u8>);

impl Writer {
    /// Seven bits to the byte, the lowest first.
    fn number(&mut self, mut number: u64) {
        while number > 0x7f {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }
}

/// What no command is made of.
fn foreign() -> ! {
    std::process::abort()
}

/// Methods for types that no command is made of.
macro_rules! foreign {
    ($($name:ident($($type:ty),*) -> $returned:ty;)*) => {
        $(fn $name(self, $(_: $type),*) -> Result<$returned, Never> { foreign() })*
    };
}

impl Serializer for &mut Writer {
    type Ok = ();
    type Error = Never;
    type SerializeSeq = Self;
    type SerializeTuple = Impossible<(), Never>;
    type SerializeTupleStruct = Impossible<(), Never>;
    type SerializeTupleVariant = Impossible<(), Never>;
    type SerializeMap = Impossible<(), Never>;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    fn serialize_u64(self, number: u64) -> Result<(), Never> {
        self.number(number);
        Ok(())
    }

    fn serialize_str(self, text: &str) -> Result<(), Never> {
        self.number(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        variant: u32,
        _: &'static str,
    ) -> Result<(), Never> {
        self.serialize_u64(u64::from(variant))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Never> {
        value.serialize(self)
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Self, Never> {
        self.number(length.unwrap_or(0) as u64);
        Ok(self)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Never> {
        Ok(self)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        variant: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, Never> {
        self.number(u64::from(variant));
        Ok(self)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<(), Never> {
        foreign()
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Never> {
        foreign()
    }

    foreign! {
        serialize_bool(bool) -> ();
        serialize_i8(i8) -> ();
        serialize_i16(i16) -> ();
        serialize_i32(i32) -> ();
        serialize_i64(i64) -> ();
        serialize_u8(u8) -> ();
        serialize_u16(u16) -> ();
        serialize_u32(u32) -> ();
        serialize_f32(f32) -> ();
        serialize_f64(f64) -> ();
        serialize_char(char) -> ();
        serialize_bytes(&[u8]) -> ();
        serialize_none() -> ();
        serialize_unit() -> ();
        serialize_unit_struct(&'static str) -> ();
        serialize_tuple(usize) -> Self::SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant;
        serialize_map(Option<usize>) -> Self::SerializeMap;
    }

    fn collect_str<T: core::fmt::Display + ?Sized>(self, _: &T) -> Result<(), Never> {
        foreign()
    }
}

impl SerializeSeq for &mut Writer {
    type Ok = ();
    type Error = Never;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        value.serialize(&mut **self)
    }

    fn end(self) -> Result<(), Never> {
        Ok(())
    }
}

impl SerializeStruct for &mut Writer {
    type Ok = ();
    type Error = Never;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Never> {
        value.serialize(&mut **self)
    }

    fn end(self) -> Result<(), Never> {
        Ok(())
    }
}

impl SerializeStructVariant for &mut Writer {
    type Ok = ();
    type Error = Never;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Never> {
        value.serialize(&mut **self)
    }

    fn end(self) -> Result<(), Never> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::client;
    use proptest::prelude::*;
    use shared::id::{MessageId, TemplateId};
    use shared::policy::Proposal;
    use shared::protocol::encode;
    use shared::template::Value;
    use shared::thread::Choice;

    proptest! {
        #[test]
        fn every_command_goes_out_as_the_usual_writer_would_write_it(text in any::<String>(), place in any::<u64>(), n in 0..300usize) {
            let message = || MessageId::trusted("m");
            let values = vec![Value { name: "1".into(), value: text.clone() }; n];
            for written in [
                Command::Send { client: client("c"), proposal: Proposal::Text { body: text.clone() } },
                Command::Send {
                    client: client("c"),
                    proposal: Proposal::Template { template: TemplateId::trusted("t"), language: "it".into(), values },
                },
                Command::SendAgain { client: client("c"), message: message() },
                Command::OptIn { client: client("c"), source: text.clone(), wording: String::new() },
                Command::Decide { client: client("c"), message: message(), choice: Choice::Lost },
                Command::Seen { place },
                Command::Earlier { before: place },
                Command::Templates,
                Command::Clock,
            ] {
                prop_assert_eq!(command(&written), encode(&written));
            }
        }
    }
}
