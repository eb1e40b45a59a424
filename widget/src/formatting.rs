//! How would WhatsApp show it? Takes a text apart into pieces of plain, bold, italic, struck and
//! fixed-width text and links. Put together again, marks included, the pieces are the text.
//!
//! The rules are WhatsApp's: `*bold*`, `_italic_`, `~struck~`, `` `code` `` and ```` ```block``` ````; a
//! mark opens at the start of a word and closes at the end of one, on the same line. Nothing here
//! makes markup: the page builds one element per piece from a short list and fills in its text.

use crate::linking::{self, Link};
use shared::text::is_space;

/// How a piece is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// `*bold*`
    pub bold: bool,
    /// `_italic_`
    pub italic: bool,
    /// `~struck~`
    pub struck: bool,
    /// `` `code` `` or ```` ```block``` ````
    pub code: bool,
}

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text to be shown.
    Text(&'a str, Style),
    /// A link to be shown.
    Link(Link<'a>, Style),
    /// A mark that did its work: not shown.
    Mark(&'a str),
}

/// What stands at one place of the text, found in the first pass.
struct Token<'a> {
    kind: Kind,
    text: &'a str,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Text,
    Link,
    Code,
    /// A mark that nobody has matched yet.
    Loose(Marker),
    /// A mark that belongs to a pair.
    Opens(Marker),
    Closes(Marker),
    /// The marks around code.
    Fence,
}

#[derive(Clone, Copy, PartialEq)]
enum Marker {
    Bold,
    Italic,
    Struck,
}

impl Marker {
    fn of(byte: u8) -> Option<Self> {
        match byte {
            b'*' => Some(Self::Bold),
            b'_' => Some(Self::Italic),
            b'~' => Some(Self::Struck),
            _ => None,
        }
    }
}

/// Takes a text apart.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut tokens = tokens(text);
    pair(&mut tokens);
    let mut style = Style::default();
    let mut pieces = Vec::new();
    for token in &tokens {
        if let Kind::Opens(marker) | Kind::Closes(marker) = token.kind {
            let on = matches!(token.kind, Kind::Opens(_));
            match marker {
                Marker::Bold => style.bold = on,
                Marker::Italic => style.italic = on,
                Marker::Struck => style.struck = on,
            }
        }
        pieces.push(match token.kind {
            Kind::Text | Kind::Loose(_) => Piece::Text(token.text, style),
            Kind::Code => Piece::Text(
                token.text,
                Style {
                    code: true,
                    ..style
                },
            ),
            Kind::Link => match linking::at_start(token.text) {
                Some(link) => Piece::Link(link, style),
                None => Piece::Text(token.text, style),
            },
            Kind::Opens(_) | Kind::Closes(_) | Kind::Fence => Piece::Mark(token.text),
        });
    }
    pieces
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut start = 0; // of the plain text not yet taken
    let mut at = 0;
    let mut before = ' ';
    while let Some(rest) = text.get(at..)
        && let Some(c) = rest.chars().next()
    {
        let found = if let Some(code) = code(rest) {
            Some((
                code,
                [3, 1]
                    .into_iter()
                    .find(|n| rest.bytes().take(*n).all(|b| b == b'`') && code > 2 * n)
                    .unwrap_or(1),
            ))
        } else if is_word(before) {
            None
        } else {
            linking::at_start(rest).map(|link| (link.text.len(), 0))
        };
        let marker = rest.bytes().next().and_then(Marker::of);
        if found.is_none() && marker.is_none() {
            at += c.len_utf8();
            before = c;
            continue;
        }
        push(&mut tokens, Kind::Text, text.get(start..at));
        match (found, marker) {
            (Some((length, 0)), _) => push(&mut tokens, Kind::Link, rest.get(..length)),
            (Some((length, fence)), _) => {
                push(&mut tokens, Kind::Fence, rest.get(..fence));
                push(&mut tokens, Kind::Code, rest.get(fence..length - fence));
                push(&mut tokens, Kind::Fence, rest.get(length - fence..length));
            }
            (None, Some(marker)) => push(&mut tokens, Kind::Loose(marker), rest.get(..1)),
            (None, None) => {}
        }
        let length = found.map_or(1, |(length, _)| length);
        before = rest
            .get(..length)
            .and_then(|taken| taken.chars().next_back())
            .unwrap_or(c);
        at += length;
        start = at;
    }
    push(&mut tokens, Kind::Text, text.get(start..));
    tokens
}

fn push<'a>(tokens: &mut Vec<Token<'a>>, kind: Kind, text: Option<&'a str>) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        tokens.push(Token { kind, text });
    }
}

/// The length of the code at the start of `rest`, its marks included. A block may run over lines,
/// a single mark may not.
fn code(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let fence = bytes.iter().take(3).take_while(|b| **b == b'`').count();
    let run = |n: usize, lines: bool| {
        let inside = bytes.get(n..)?;
        let ends = (1..inside.len()).find(|&i| {
            inside
                .get(i..i + n)
                .is_some_and(|end| end.iter().all(|b| *b == b'`'))
        })?;
        let held = inside.get(..ends)?;
        (held.iter().any(|b| !b.is_ascii_whitespace() && *b != b'`')
            && (lines || held.iter().all(|b| *b != b'\n')))
        .then_some(ends + 2 * n)
    };
    match fence {
        3 => run(3, true),
        1 => run(1, false),
        _ => None,
    }
}

/// Finds the marks that belong together: one open mark of each kind at most, and an inner pair
/// never reaches out of an outer one.
fn pair(tokens: &mut [Token<'_>]) {
    let mut open: [Option<usize>; 3] = [None; 3];
    let mut before = ' ';
    for i in 0..tokens.len() {
        let after = tokens
            .get(i + 1)
            .and_then(|next| next.text.chars().next())
            .unwrap_or(' ');
        let Some(token) = tokens.get(i) else { break };
        let last = token.text.chars().next_back().unwrap_or(' ');
        let Kind::Loose(marker) = token.kind else {
            // No pair runs over lines.
            if token.kind == Kind::Text && token.text.bytes().any(|b| b == b'\n') {
                open = [None; 3];
            }
            before = last;
            continue;
        };
        let slot = marker as usize;
        let partner = open.get(slot).copied().flatten();
        let closes = !is_space(before) && !is_word(after);
        if let Some(first) = partner.filter(|first| closes && first + 1 < i) {
            if let Some(token) = tokens.get_mut(first) {
                token.kind = Kind::Opens(marker);
            }
            if let Some(token) = tokens.get_mut(i) {
                token.kind = Kind::Closes(marker);
            }
            for other in &mut open {
                *other = other.filter(|start| *start < first);
            }
        } else if !is_word(before)
            && !is_space(after)
            && let Some(slot) = open.get_mut(slot)
        {
            *slot = Some(i);
        }
        before = last;
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || (c > '\u{7f}'
            && !is_space(c)
            && !matches!(c, '\u{2000}'..='\u{206f}' | '\u{ab}' | '\u{bb}' | '\u{bf}' | '\u{a1}' | '\u{3000}'..='\u{303f}'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Writes the pieces as a reader would describe them.
    fn shown(text: &str) -> String {
        let mut runs: Vec<(String, String)> = Vec::new();
        for piece in pieces(text) {
            let (text, style) = match piece {
                Piece::Text(text, style) => (text.to_string(), style),
                Piece::Link(link, style) => (format!("<{}>", link.text), style),
                Piece::Mark(_) => continue,
            };
            let mut tags = String::new();
            for (on, tag) in [
                (style.bold, 'b'),
                (style.italic, 'i'),
                (style.struck, 's'),
                (style.code, 'c'),
            ] {
                if on {
                    tags.push(tag);
                }
            }
            match runs.last_mut() {
                Some(run) if run.0 == tags => run.1.push_str(&text),
                _ => runs.push((tags, text)),
            }
        }
        let tagged = |(tags, text): &(String, String)| {
            if tags.is_empty() {
                text.clone()
            } else {
                format!("[{tags}:{text}]")
            }
        };
        runs.iter().map(tagged).collect()
    }

    #[test]
    fn marks_as_whatsapp_reads_them() {
        for (text, expected) in [
            (
                "Ciao *Anna*, _come_ ~va~?",
                "Ciao [b:Anna], [i:come] [s:va]?",
            ),
            ("*_both_*", "[bi:both]"),
            ("2 * 3 * 4", "2 * 3 * 4"),
            ("snake_case_name", "snake_case_name"),
            ("*not\nover lines*", "*not\nover lines*"),
            ("** empty **", "** empty **"),
            ("*open only", "*open only"),
            ("(*bold*)", "([b:bold])"),
            ("`*as it is*`", "[c:*as it is*]"),
            ("```line\n*two*```!", "[c:line\n*two*]!"),
            ("`open", "`open"),
            ("*a _b* c_", "[b:a _b] c_"),
            ("è*n*", "è*n*"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn links_keep_their_underscores_and_code_has_none() {
        assert_eq!(
            shown("see https://a.example/x_y_z_ now"),
            "see <https://a.example/x_y_z_> now"
        );
        assert_eq!(shown("*https://a.example*"), "[b:<https://a.example>]");
        assert_eq!(shown("`https://a.example`"), "[c:https://a.example]");
        assert_eq!(shown("xhttps://a.example"), "xhttps://a.example");
    }

    proptest! {
        #[test]
        fn the_text_is_preserved(text in "[a*_~`è \n.:/@h-w🙂]{0,60}|(\\*|_|~|`|```|https://a.b/|www.c.d| |\n|x|è|tel:+391234567){0,20}") {
            let mut again = String::new();
            for piece in pieces(&text) {
                again.push_str(match piece {
                    Piece::Text(text, _) | Piece::Mark(text) => text,
                    Piece::Link(link, _) => link.text,
                });
            }
            prop_assert_eq!(again, text);
        }

        #[test]
        fn only_marks_are_hidden(text in any::<String>()) {
            for piece in pieces(&text) {
                if let Piece::Mark(mark) = piece {
                    prop_assert!(mark.bytes().all(|b| b"*_~`".contains(&b)), "{:?}", mark);
                }
            }
        }
    }
}
