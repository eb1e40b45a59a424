//! How long is a text, and is it blank? Counted as WhatsApp's side counts.
//!
//! Written without Unicode tables and substring search: this runs in the page on every keystroke.

/// The longest session message Twilio takes, in UTF-16 units (error 21617 above).
pub const LONGEST_SESSION_TEXT: usize = 1_600;

/// The longest template message with its variables filled in, in UTF-16 units (error 63021 above).
pub const LONGEST_TEMPLATE_TEXT: usize = 1_024;

/// The length in UTF-16 units: what a browser's `maxLength` and Java-like back ends count. Twilio
/// does not say which unit it uses; this is the longest of the usual ones short of bytes.
#[must_use]
pub fn utf16_len(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// Whether nothing in it can be seen.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.chars().all(is_space)
}

/// White space, and the characters that take no room on a phone: a message of these alone is empty.
#[must_use]
pub fn is_space(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t'..='\r'
            | '\u{85}'
            | '\u{a0}'
            | '\u{1680}'
            | '\u{2000}'..='\u{200f}'
            | '\u{2028}'..='\u{202f}'
            | '\u{205f}'..='\u{2064}'
            | '\u{3000}'
            | '\u{feff}'
            | '\0'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emoji_counts_twice() {
        assert_eq!(utf16_len("a🙂à"), 4);
    }

    #[test]
    fn what_cannot_be_seen_is_blank() {
        assert!(is_blank(" \n\t\u{200b}\u{feff}\u{a0}"));
        assert!(!is_blank(" . "));
        assert!(is_blank(""));
    }
}
