//! Where do the variables go? Finds `{{1}}` and `{{name}}` in a template's text.
//!
//! Twilio's grammar: two braces, 1 to 16 letters, digits or underscores, two braces, no space in
//! between. Anything else is text.

/// A piece of a template's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// As it stands.
    Text(&'a str),
    /// A variable, by name.
    Variable(&'a str),
}

/// The pieces of a template's text, in order. Put together again they are the text.
#[derive(Debug, Clone)]
pub struct Pieces<'a> {
    rest: &'a str,
}

/// Takes a template's text apart.
#[must_use]
pub fn pieces(body: &str) -> Pieces<'_> {
    Pieces { rest: body }
}

/// The names of the variables in a text, each once, in order of first appearance.
#[must_use]
pub fn variables(body: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for piece in pieces(body) {
        if let Piece::Variable(name) = piece
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}

/// The name at the start of `text`, if a placeholder stands there, and what follows it.
fn placeholder(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix("{{")?;
    let end = inside
        .bytes()
        .position(|b| !(b.is_ascii_alphanumeric() || b == b'_'))?;
    let rest = inside.get(end..)?.strip_prefix("}}")?;
    (1..=16)
        .contains(&end)
        .then_some((inside.get(..end)?, rest))
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        if let Some((name, rest)) = placeholder(self.rest) {
            self.rest = rest;
            return Some(Piece::Variable(name));
        }
        // Braces are ASCII, so every position found is a character's boundary.
        let bytes = self.rest.as_bytes();
        let end = (1..bytes.len())
            .find(|&i| {
                bytes.get(i) == Some(&b'{')
                    && self.rest.get(i..).is_some_and(|r| placeholder(r).is_some())
            })
            .unwrap_or(bytes.len());
        let text = self.rest.get(..end).filter(|t| !t.is_empty())?;
        self.rest = self.rest.get(end..).unwrap_or("");
        Some(Piece::Text(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn print(pieces: Pieces<'_>) -> String {
        pieces
            .map(|piece| match piece {
                Piece::Text(text) => text.to_string(),
                Piece::Variable(name) => format!("{{{{{name}}}}}"),
            })
            .collect()
    }

    #[test]
    fn variables_are_found_and_look_alikes_are_text() {
        assert_eq!(
            variables("Ciao {{1}}, ordine {{order_no}} e {{1}}"),
            ["1", "order_no"]
        );
        assert_eq!(
            variables("{{ 1 }} {1} {{}} {{12345678901234567}} {{a-b}} {{1"),
            [""; 0]
        );
        assert_eq!(variables("{{{1}}}"), ["1"]);
        assert_eq!(variables("{{1}}{{2}}"), ["1", "2"]);
    }

    proptest! {
        #[test]
        fn print_undoes_parse(text in "[a{}1_ è]{0,40}") {
            prop_assert_eq!(print(pieces(&text)), text);
        }
    }
}
