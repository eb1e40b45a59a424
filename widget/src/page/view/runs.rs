//! A text in the page: one element per run, from a list of six, filled in with text alone.

use crate::formatting::{Piece, Style, pieces};
use crate::linking::Link;
use shared::template;
use web_sys::{Document, Element, Node};

/// Puts `text` into `parent`, formatted. Holes of a template (`{{name}}`) are marked if `holes`.
pub(super) fn fill(parent: &Element, text: &str, holes: bool) {
    let Some(document) = parent.owner_document() else { return };
    parent.set_text_content(None);
    for piece in pieces(text) {
        match piece {
            Piece::Mark(_) => {}
            Piece::Link(link, style) => {
                if let Some(anchor) = anchor(&document, &link) {
                    put(&document, parent, anchor, style);
                }
            }
            Piece::Text(text, style) if holes => {
                for part in template::pieces(text) {
                    match part {
                        template::Piece::Text(text) => put(&document, parent, document.create_text_node(text).into(), style),
                        template::Piece::Variable(name) => {
                            if let Ok(mark) = document.create_element("mark") {
                                mark.set_text_content(Some(name));
                                put(&document, parent, mark.into(), style);
                            }
                        }
                    }
                }
            }
            Piece::Text(text, style) => put(&document, parent, document.create_text_node(text).into(), style),
        }
    }
}

fn anchor(document: &Document, link: &Link<'_>) -> Option<Node> {
    let anchor = document.create_element("a").ok()?;
    anchor.set_text_content(Some(link.text));
    for (name, value) in [("href", link.address().as_str()), ("target", "_blank"), ("rel", "noopener noreferrer nofollow")] {
        anchor.set_attribute(name, value).ok()?;
    }
    Some(anchor.into())
}

/// Wraps the node in its style's elements, innermost last.
fn put(document: &Document, parent: &Element, node: Node, style: Style) {
    let mut node = node;
    for (on, name) in [(style.code, "code"), (style.struck, "s"), (style.italic, "em"), (style.bold, "strong")] {
        if on && let Ok(element) = document.create_element(name) {
            let _ = element.append_child(&node);
            node = element.into();
        }
    }
    let _ = parent.append_child(&node);
}
