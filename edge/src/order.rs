//! What comes before what, and what is where? Lists by a text of each of their items.
//!
//! Every kind of item that is sorted or hashed by itself is a few kilobytes of code; here it is texts
//! and places that are sorted, whatever they belong to.

/// Texts in order, with the places where they stand in a list.
pub struct Index<'a>(Vec<(&'a str, usize)>);

impl<'a> Index<'a> {
    /// The index of a list's texts, with their places; a text may stand in several.
    pub fn of(texts: impl Iterator<Item = (&'a str, usize)>) -> Self {
        let mut places: Vec<_> = texts.collect();
        places.sort_unstable();
        Self(places)
    }

    /// The places of a text, in order.
    fn places(&self, text: &str) -> &[(&'a str, usize)] {
        let from = self.0.partition_point(|(known, _)| *known < text);
        let to = self.0.partition_point(|(known, _)| *known <= text);
        self.0.get(from..to).unwrap_or_default()
    }

    /// The first place of a text.
    #[must_use]
    pub fn first(&self, text: &str) -> Option<usize> {
        self.places(text).first().map(|(_, place)| *place)
    }

    /// The last place of a text.
    #[must_use]
    pub fn last(&self, text: &str) -> Option<usize> {
        self.places(text).last().map(|(_, place)| *place)
    }

    /// Whether a text stands anywhere.
    #[must_use]
    pub fn has(&self, text: &str) -> bool {
        !self.places(text).is_empty()
    }
}

/// A list in the order of a text of each item. Items with the same text stay as they were.
pub fn by<T>(items: Vec<T>, text: impl Fn(&T) -> &str) -> Vec<T> {
    let places = Index::of(items.iter().map(text).zip(0..)).0;
    let places: Vec<usize> = places.into_iter().map(|(_, place)| place).collect();
    let mut left: Vec<Option<T>> = items.into_iter().map(Some).collect();
    let next = |place: usize| left.get_mut(place)?.take();
    places.into_iter().filter_map(next).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_equal_stays_as_it_was() {
        let items = vec![("b", 1), ("a", 2), ("b", 3), ("", 4), ("a", 5)];
        let sorted = by(items, |(text, _)| text);
        assert_eq!(sorted, [("", 4), ("a", 2), ("a", 5), ("b", 1), ("b", 3)]);
    }

    #[test]
    fn a_text_is_found_where_it_stands() {
        let index = Index::of(["b", "a", "b"].into_iter().zip(0..));
        assert_eq!(index.first("a"), Some(1));
        assert_eq!((index.first("b"), index.last("b")), (Some(0), Some(2)));
        assert!(!index.has(""));
        assert!(!index.has("ab"));
        assert!(!index.has("c"));
    }
}
