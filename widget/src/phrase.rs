//! How does a fact get into a sentence? Puts values in the place of `{name}` in a locale's text.

/// `text` with every `{name}` replaced by its value. A name without a value stays as it is, so that
/// it is seen and mended.
#[must_use]
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = cut(rest, b'{') {
        filled.push_str(before);
        let given = cut(after, b'}').and_then(|(name, tail)| {
            Some((values.iter().find(|(known, _)| *known == name)?.1, tail))
        });
        if let Some((value, tail)) = given {
            filled.push_str(value);
            rest = tail;
        } else {
            filled.push('{');
            rest = after;
        }
    }
    filled.push_str(rest);
    filled
}

/// What stands before and after the first `at`, an ASCII character. Without the searchers of `str`,
/// which take more room than all sentences together.
#[must_use]
pub fn cut(text: &str, at: u8) -> Option<(&str, &str)> {
    let end = text.bytes().position(|byte| byte == at)?;
    Some((text.get(..end)?, text.get(end + 1..)?))
}

/// Writes a number in plain digits, without the machinery of `core::fmt`.
pub fn decimal(text: &mut String, number: u64) {
    if number >= 10 {
        decimal(text, number / 10);
    }
    text.push(char::from(b'0' + (number % 10) as u8));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_digits() {
        for number in [0, 7, 10, 63_016, u64::MAX] {
            let mut text = String::new();
            decimal(&mut text, number);
            assert_eq!(text, number.to_string());
        }
    }

    #[test]
    fn values_take_the_place_of_their_names() {
        assert_eq!(
            fill("closes in {left}", &[("left", "5 h")]),
            "closes in 5 h"
        );
        assert_eq!(
            fill("{a}{b} {a}", &[("a", "{b}"), ("b", "2")]),
            "{b}2 {b}",
            "a value is not read again"
        );
        assert_eq!(fill("{unknown} { {a}", &[("a", "1")]), "{unknown} { 1");
        assert_eq!(fill("", &[]), "");
    }
}
