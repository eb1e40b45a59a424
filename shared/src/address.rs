//! Who is it? The customer's address on WhatsApp, and the number variants under which one phone is
//! known.
//!
//! Since 2026 a customer may have no phone number towards a business: `From` is then a
//! business-scoped user id. Both kinds appear with and without Twilio's `whatsapp:` prefix.

use serde::{Deserialize, Serialize};

/// A customer's address: a phone (`+391234567890`) or a business-scoped user id
/// (`IT.13491208655302741918`), always in its one canonical writing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CustomerAddress(String);

/// Why a text is not an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AddressError {
    /// Nothing was given.
    Empty,
    /// It looks like a phone number, but without the country: remedy, write it with `+` and the
    /// country code. A guess could reach a stranger.
    CountryMissing,
    /// It has a character that no phone number has.
    UnexpectedCharacter,
    /// Fewer than 7 or more than 15 digits (ITU E.164).
    WrongLength,
}

impl AddressError {
    /// The stable code by which interfaces and locale files know it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "address-empty",
            Self::CountryMissing => "address-country-missing",
            Self::UnexpectedCharacter => "address-unexpected-character",
            Self::WrongLength => "address-wrong-length",
        }
    }
}

impl CustomerAddress {
    /// Reads a phone in any usual writing (`+39 347 123-4567`, `0039…`, `tel:+39…`, `(+39) 347…`,
    /// `whatsapp:+39…`) or a business-scoped id, prefixed or bare.
    ///
    /// # Errors
    /// [`AddressError`], with what to do about it.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.trim_matches(crate::text::is_space);
        let text = strip_scheme(text);
        if text.is_empty() {
            return Err(AddressError::Empty);
        }
        business_scoped(text).map_or_else(|| phone(text), Ok)
    }

    /// Takes text that is known to be canonical: read back from where we wrote it.
    #[must_use]
    pub fn trusted(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The canonical writing.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is a phone number; otherwise it is a business-scoped id.
    #[must_use]
    pub fn is_phone(&self) -> bool {
        self.0.as_bytes().first() == Some(&b'+')
    }

    /// As Twilio writes it in `From` and `To`.
    #[must_use]
    pub fn to_twilio(&self) -> String {
        let mut text = String::from("whatsapp:");
        text.push_str(&self.0);
        text
    }

    /// The other writings under which WhatsApp may know the same phone (Brazil's ninth digit,
    /// Mexico's `1`, Argentina's `9`). They help to *find* a thread; two that both wrote are never
    /// one.
    #[must_use]
    pub fn variants(&self) -> Vec<Self> {
        variant(&self.0).into_iter().map(Self).collect()
    }
}

/// Twilio's channel prefix and the scheme of a telephone link, in any case.
fn strip_scheme(text: &str) -> &str {
    for scheme in ["whatsapp:", "tel:"] {
        if let (Some(head), Some(rest)) = (text.get(..scheme.len()), text.get(scheme.len()..))
            && head.eq_ignore_ascii_case(scheme)
        {
            return rest;
        }
    }
    text
}

/// Two letters, a dot, 1 to 128 letters and digits. Letters of the country are upper case.
fn business_scoped(text: &str) -> Option<CustomerAddress> {
    let (country, rest) = text.split_once('.')?;
    let fits = country.len() == 2
        && country.bytes().all(|b| b.is_ascii_alphabetic())
        && (1..=128).contains(&rest.len())
        && rest.bytes().all(|b| b.is_ascii_alphanumeric());
    if !fits {
        return None;
    }
    let mut canonical = country.to_ascii_uppercase();
    canonical.push('.');
    canonical.push_str(rest);
    Some(CustomerAddress(canonical))
}

fn phone(text: &str) -> Result<CustomerAddress, AddressError> {
    let mut digits = String::from("+");
    let mut international = false;
    for c in text.chars() {
        match c {
            '0'..='9' => digits.push(c),
            '+' | '＋' if digits.len() == 1 && !international => international = true,
            ' '
            | '\u{a0}'
            | '\u{202f}'
            | '\u{2009}'
            | '-'
            | '\u{2010}'..='\u{2013}'
            | '.'
            | '('
            | ')'
            | '/' => {}
            // Invisible marks that come along when a number is copied from a right-to-left page.
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            _ => return Err(AddressError::UnexpectedCharacter),
        }
    }
    if !international {
        // The international prefix of most of the world: 00.
        let Some(rest) = digits.strip_prefix("+00") else {
            return Err(AddressError::CountryMissing);
        };
        let mut canonical = String::from("+");
        canonical.push_str(rest);
        digits = canonical;
    }
    if digits.as_bytes().get(1) == Some(&b'0') {
        return Err(AddressError::CountryMissing);
    }
    if !(8..=16).contains(&digits.len()) {
        return Err(AddressError::WrongLength);
    }
    Ok(CustomerAddress(digits))
}

fn variant(number: &str) -> Option<String> {
    let with = |prefix: &str, rest: &str| {
        let mut text = String::from(prefix);
        text.push_str(rest);
        Some(text)
    };
    if let Some(national) = number.strip_prefix("+55") {
        let (area, local) = (national.get(..2)?, national.get(2..)?);
        let mut prefix = String::from("+55");
        prefix.push_str(area);
        // A mobile has nine digits and begins with 9, or is written in the old way without it.
        // Locals that begin with 2 to 5 are landlines and have one writing.
        return match (
            local.len(),
            local.as_bytes().first()?,
            local.as_bytes().get(1)?,
        ) {
            (9, b'9', b'6'..=b'9') => with(&prefix, local.get(1..)?),
            (8, b'6'..=b'9', _) => {
                prefix.push('9');
                with(&prefix, local)
            }
            _ => None,
        };
    }
    if let Some(national) = number.strip_prefix("+52") {
        return match (national.len(), national.strip_prefix('1')) {
            (11, Some(rest)) => with("+52", rest),
            (10, _) => with("+521", national),
            _ => None,
        };
    }
    if let Some(national) = number.strip_prefix("+54") {
        return match (national.len(), national.strip_prefix('9')) {
            // No area code begins with 9.
            (11, Some(rest)) if !rest.starts_with('9') => with("+54", rest),
            (10, None) => with("+549", national),
            _ => None,
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: Result<&str, AddressError>) {
        let found = CustomerAddress::parse(text);
        assert_eq!(
            found.as_ref().map(CustomerAddress::as_str),
            expected.as_ref().copied(),
            "{text}"
        );
    }

    #[test]
    fn phones_in_any_usual_writing() {
        for text in [
            "+393471234567",
            " +39 347 123-4567 ",
            "0039 347 1234567",
            "(+39) 347.123.4567",
            "tel:+39-347-1234567",
            "whatsapp:+393471234567",
            "WhatsApp:+39 347 1234567",
            "\u{200e}+39\u{a0}347\u{a0}1234567",
        ] {
            check(text, Ok("+393471234567"));
        }
        check("+390212345678", Ok("+390212345678"));
    }

    #[test]
    fn what_is_no_phone_says_why() {
        check("", Err(AddressError::Empty));
        check("  ", Err(AddressError::Empty));
        check("347 1234567", Err(AddressError::CountryMissing));
        check("02 1234567", Err(AddressError::CountryMissing));
        check("+0 347 1234567", Err(AddressError::CountryMissing));
        check("+39 12", Err(AddressError::WrongLength));
        check("+39 123456789012345", Err(AddressError::WrongLength));
        check("+39 347 CALL", Err(AddressError::UnexpectedCharacter));
        check("+39 347 +1234567", Err(AddressError::UnexpectedCharacter));
    }

    #[test]
    fn business_scoped_ids_prefixed_or_bare() {
        check(
            "whatsapp:IT.13491208655302741918",
            Ok("IT.13491208655302741918"),
        );
        check("us.1A2b3C", Ok("US.1A2b3C"));
        check("IT.", Err(AddressError::UnexpectedCharacter));
        assert!(!CustomerAddress::trusted("IT.1").is_phone());
    }

    #[test]
    fn variants_of_brazil_mexico_argentina() {
        let of = |text: &str| -> Vec<String> {
            CustomerAddress::trusted(text)
                .variants()
                .into_iter()
                .map(|v| v.0)
                .collect()
        };
        assert_eq!(of("+5511987654321"), ["+551187654321"]);
        assert_eq!(of("+551187654321"), ["+5511987654321"]);
        assert_eq!(of("+551132654321"), [""; 0], "a landline stays untouched");
        assert_eq!(of("+5215512345678"), ["+525512345678"]);
        assert_eq!(of("+525512345678"), ["+5215512345678"]);
        assert_eq!(of("+5491123456789"), ["+541123456789"]);
        assert_eq!(of("+541123456789"), ["+5491123456789"]);
        assert_eq!(of("+393471234567"), [""; 0]);
    }

    proptest! {
        #[test]
        fn parse_undoes_print(digits in "[1-9][0-9]{6,14}") {
            let address = CustomerAddress(format!("+{digits}"));
            prop_assert_eq!(CustomerAddress::parse(&address.to_twilio()), Ok(address.clone()));
            prop_assert_eq!(CustomerAddress::parse(address.as_str()), Ok(address));
        }

        #[test]
        fn business_scoped_parse_undoes_print(id in "[A-Z]{2}\\.[A-Za-z0-9]{1,128}") {
            let address = CustomerAddress(id);
            prop_assert_eq!(CustomerAddress::parse(&address.to_twilio()), Ok(address));
        }

        #[test]
        fn a_variant_of_a_variant_is_the_number(digits in "(55[1-9][1-9]9?|521?|549?)[0-9]{8,10}") {
            let address = CustomerAddress(format!("+{digits}"));
            for variant in address.variants() {
                prop_assert_eq!(variant.variants(), vec![address.clone()]);
            }
        }

        #[test]
        fn any_text_is_read_without_panic(text in any::<String>()) {
            let _ = CustomerAddress::parse(&text);
        }
    }
}
