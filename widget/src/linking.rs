//! What in a text is a link, and where does it lead? Four schemes and no other: `http`, `https`,
//! `tel`, `mailto`.

/// A link found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link<'a> {
    /// As written.
    pub text: &'a str,
    /// What must be put before it to make it an address; often nothing.
    pub prefix: &'static str,
}

/// Beginnings of a link, and what they lack.
const BEGINNINGS: [(&str, &str); 5] = [
    ("https://", ""),
    ("http://", ""),
    ("mailto:", ""),
    ("tel:", ""),
    ("www.", "https://"),
];

impl Link<'_> {
    /// Where it leads. Begins with one of the four schemes.
    #[must_use]
    pub fn address(&self) -> String {
        let mut address = String::from(self.prefix);
        address.push_str(self.text);
        address
    }
}

/// The link that `rest` begins with, if it does.
#[must_use]
pub fn at_start(rest: &str) -> Option<Link<'_>> {
    for (beginning, prefix) in BEGINNINGS {
        if rest
            .get(..beginning.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(beginning))
        {
            let text = rest.get(..end(rest))?;
            let named = text
                .as_bytes()
                .get(beginning.len())
                .is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'+' || *b >= 0x80);
            return named.then_some(Link { text, prefix });
        }
    }
    mail(rest)
}

/// A bare mail address: a name, an `@`, a domain with a dot in it.
fn mail(rest: &str) -> Option<Link<'_>> {
    let text = rest.get(..end(rest))?;
    let bytes = text.as_bytes();
    let at = bytes
        .iter()
        .position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'+' | b'_')))?;
    let domain = bytes.get(at + 1..)?;
    let dot = domain.iter().position(|b| *b == b'.')?;
    let fits = at > 0
        && bytes.get(at) == Some(&b'@')
        && bytes.first().is_some_and(u8::is_ascii_alphanumeric)
        && dot > 0
        && domain.len() > dot + 2
        && domain
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
    fits.then_some(Link {
        text,
        prefix: "mailto:",
    })
}

/// Where a link that starts here ends: before white space, quotes and invisible marks, and without
/// the sentence's own punctuation; a closing bracket belongs to it only if it opened there.
fn end(rest: &str) -> usize {
    let mut end = 0;
    let mut open = 0;
    for (at, c) in rest.char_indices() {
        match c {
            '(' => open += 1,
            ')' if open == 0 => break,
            ')' => open -= 1,
            '<' | '>' | '"' | '`' | '{' | '}' | '|' | '\\' | '^' | '[' | ']' | '«' | '»' | '“'
            | '”' => break,
            // Invisible and direction marks: a link must lead where it seems to lead.
            '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}' => break,
            '\u{0}'..=' '
            | '\u{7f}'..='\u{a0}'
            | '\u{1680}'
            | '\u{2000}'..='\u{200a}'
            | '\u{205f}'
            | '\u{3000}' => break,
            _ => {}
        }
        if !matches!(
            c,
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '~' | '(' | '…' | '’'
        ) {
            end = at + c.len_utf8();
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(
            at_start(text).map(|link| link.address()).as_deref(),
            expected,
            "{text}"
        );
    }

    #[test]
    fn four_schemes_and_no_other() {
        check(
            "https://example.com/a?b=c#d rest",
            Some("https://example.com/a?b=c#d"),
        );
        check("HTTP://example.com", Some("HTTP://example.com"));
        check("www.example.com.", Some("https://www.example.com"));
        check("tel:+393471234567", Some("tel:+393471234567"));
        check("mailto:a@example.com", Some("mailto:a@example.com"));
        check(
            "anna.rossi@example.com,",
            Some("mailto:anna.rossi@example.com"),
        );
        for text in [
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc",
            "ftp://a.b",
            "//a.b",
            "https://",
            "a@b",
            "@b.it",
            "anna",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn the_sentences_punctuation_is_not_part_of_it() {
        check("https://example.com).", Some("https://example.com"));
        check(
            "https://example.com/a_(b), c",
            Some("https://example.com/a_(b)"),
        );
        check("https://example.com!\"", Some("https://example.com"));
        check(
            "https://good.example\u{202e}moc.live",
            Some("https://good.example"),
        );
    }

    proptest! {
        #[test]
        fn every_address_has_an_allowed_scheme(text in "(https?://|www\\.|tel:|mailto:|javascript:|data:)?[ -~è\u{200e}\n]{0,30}|\\PC{0,30}") {
            if let Some(link) = at_start(&text) {
                let address = link.address().to_ascii_lowercase();
                prop_assert!(["http://", "https://", "tel:", "mailto:"].iter().any(|s| address.starts_with(s)), "{}", address);
                prop_assert!(text.starts_with(link.text));
                prop_assert!(!link.text.contains(|c: char| c.is_whitespace() || c.is_control()));
            }
        }
    }
}
