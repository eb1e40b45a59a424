//! A text in the page: pieces of text, in elements from a short list, one of them a link.

use super::ports;
use crate::formatting::{Piece, Style, pieces};
use shared::template;

/// Fills the element that was emptied last with `text`, formatted. Holes of a template (`{{name}}`)
/// are marked if `holes`.
pub(super) fn fill(text: &str, holes: bool) {
    for piece in &pieces(text) {
        match *piece {
            Piece::Mark(_) => {}
            Piece::Link(link, style) => ports::run(link.text, bits(style), &link.address()),
            Piece::Text(text, style) if holes => {
                for part in template::pieces(text) {
                    match part {
                        template::Piece::Text(text) => ports::run(text, bits(style), ""),
                        template::Piece::Variable(name) => ports::run(name, bits(style) | MARK, ""),
                    }
                }
            }
            Piece::Text(text, style) => ports::run(text, bits(style), ""),
        }
    }
}

const MARK: u32 = 16;

/// The styles as `place.js` counts them.
fn bits(style: Style) -> u32 {
    u32::from(style.bold)
        | u32::from(style.italic) << 1
        | u32::from(style.struck) << 2
        | u32::from(style.code) << 3
}
