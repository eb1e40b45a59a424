//! What stands in a form? `application/x-www-form-urlencoded`, read whole and written back.
//!
//! Nothing is dropped, trimmed or merged: blank, repeated and unknown parameters are part of what
//! Twilio signed. What cannot be read exactly is refused, because a guess could not be verified.

use core::fmt;

/// Parameters in the order in which they stood.
pub type Params = Vec<(String, String)>;

/// A form that was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Form {
    params: Params,
}

/// Why bytes are not a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormError {
    /// A `%` without two hexadecimal digits after it.
    BadEscape,
    /// A name or value that is not UTF-8.
    NotUtf8,
}

impl FormError {
    /// The stable code for logs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::BadEscape => "form-bad-escape",
            Self::NotUtf8 => "form-not-utf8",
        }
    }
}

impl fmt::Display for FormError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl core::error::Error for FormError {}

impl Form {
    /// A form of these parameters.
    #[must_use]
    pub const fn new(params: Params) -> Self {
        Self { params }
    }

    /// The value of the first parameter of this name; it may be empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.params
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Every parameter, in the order in which it stood: what the signature is over.
    #[must_use]
    pub fn params(&self) -> &[(String, String)] {
        &self.params
    }
}

/// Reads a form. Nothing between two `&` is no parameter; a name without `=` has the empty value.
///
/// # Errors
/// [`FormError`], if a name or value cannot be read exactly.
pub fn parse(body: &[u8]) -> Result<Form, FormError> {
    let mut params = Params::new();
    for pair in body
        .split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
    {
        let mut halves = pair.splitn(2, |byte| *byte == b'=');
        let name = decode(halves.next().unwrap_or_default())?;
        let value = decode(halves.next().unwrap_or_default())?;
        params.push((name, value));
    }
    Ok(Form { params })
}

/// Writes a form: [`parse`] reads the same parameters from it.
#[must_use]
pub fn print(params: &[(String, String)]) -> String {
    let mut text = String::new();
    for (name, value) in params {
        if !text.is_empty() {
            text.push('&');
        }
        encode(name, &mut text);
        text.push('=');
        encode(value, &mut text);
    }
    text
}

fn decode(text: &[u8]) -> Result<String, FormError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let high = digit(rest.next()).ok_or(FormError::BadEscape)?;
                let low = digit(rest.next()).ok_or(FormError::BadEscape)?;
                high << 4 | low
            }
            other => *other,
        });
    }
    String::from_utf8(bytes).map_err(|_| FormError::NotUtf8)
}

fn digit(byte: Option<&u8>) -> Option<u8> {
    match byte? {
        byte @ b'0'..=b'9' => Some(byte - b'0'),
        byte @ b'a'..=b'f' => Some(byte - b'a' + 10),
        byte @ b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

fn encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'*' | b'-' | b'.' | b'_' => {
                out.push(char::from(byte))
            }
            b' ' => out.push('+'),
            _ => {
                out.push('%');
                out.push(hexadecimal(byte >> 4));
                out.push(hexadecimal(byte & 15));
            }
        }
    }
}

/// The digit of a number below 16.
fn hexadecimal(nibble: u8) -> char {
    char::from(if nibble < 10 {
        b'0' + nibble
    } else {
        b'A' + nibble - 10
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(body: &str, expected: &[(&str, &str)]) {
        let expected = expected
            .iter()
            .map(|(name, value)| ((*name).into(), (*value).into()))
            .collect();
        assert_eq!(parse(body.as_bytes()), Ok(Form::new(expected)), "{body}");
    }

    #[test]
    fn blank_repeated_and_unknown_parameters_stay() {
        check("", &[]);
        check("Body=", &[("Body", "")]);
        check("Body", &[("Body", "")]);
        check("=x&=", &[("", "x"), ("", "")]);
        check("a=1&b=2&a=3", &[("a", "1"), ("b", "2"), ("a", "3")]);
        check("&a=1&&b=2&", &[("a", "1"), ("b", "2")]);
        check("a=b=c", &[("a", "b=c")]);
        check("Body=%20Ciao+mondo%0A", &[("Body", " Ciao mondo\n")]);
        check(
            "From=whatsapp%3A%2B393471234567",
            &[("From", "whatsapp:+393471234567")],
        );
        check("N=%c3%A8&raw=è", &[("N", "è"), ("raw", "è")]);
        check("Body=a%00b", &[("Body", "a\0b")]);
    }

    #[test]
    fn what_cannot_be_read_exactly_is_refused() {
        for body in ["a=%", "a=%2", "a=%zz", "%=1", "a=%+1", "a=1&b=%e"] {
            assert_eq!(parse(body.as_bytes()), Err(FormError::BadEscape), "{body}");
        }
        for body in [
            &b"a=%ff"[..],
            b"a=\xff",
            b"%c3=1",
            b"a=%c3&b=%a8",
            b"a=%ed%a0%80",
        ] {
            assert_eq!(parse(body), Err(FormError::NotUtf8), "{body:?}");
        }
    }

    #[test]
    fn the_first_of_a_name_is_got() {
        let form = parse(b"a=1&b=&a=2").unwrap_or_default();
        assert_eq!(form.get("a"), Some("1"));
        assert_eq!(form.get("b"), Some(""));
        assert_eq!(form.get("A"), None, "names are case-sensitive");
    }

    #[test]
    fn printed_as_a_browser_prints() {
        let params = [
            ("To".into(), "whatsapp:+39 è&=%*-._~".into()),
            (String::new(), String::new()),
        ];
        assert_eq!(
            print(&params),
            "To=whatsapp%3A%2B39+%C3%A8%26%3D%25*-._%7E&="
        );
    }

    proptest! {
        #[test]
        fn parse_undoes_print(params in any::<Params>()) {
            prop_assert_eq!(parse(print(&params).as_bytes()), Ok(Form::new(params)));
        }

        #[test]
        fn any_bytes_are_read_without_panic(body in any::<Vec<u8>>(), dense in "[a%&=+0-9\0]{0,40}") {
            let _ = parse(&body);
            let _ = parse(dense.as_bytes());
        }
    }
}
