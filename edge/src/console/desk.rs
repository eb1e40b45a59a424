//! What does a page know of its visitor? Who they are, what they speak, and what they just typed.

use super::words::Words;
use crate::auth::caller::{Caller, Role};
use shared::twilio::form::Form as Params;
use std::rc::Rc;

/// A visitor at one page.
#[derive(Debug, Default)]
pub struct Desk {
    /// The words to speak in.
    pub words: Rc<Words>,
    /// Who it is, once they have signed in.
    pub caller: Option<Caller>,
    /// What every form must send back.
    pub csrf: String,
    /// The page's path.
    pub path: String,
    /// What stands in the query.
    pub query: Params,
    /// What was sent by a form.
    pub form: Params,
    /// Whether what was edited had been changed by somebody else meanwhile.
    pub conflict: bool,
    /// Four random characters: the end of the id of what a form may create.
    pub chance: String,
    /// Whether they came by a session of ours, which they can end.
    pub session: bool,
}

impl Desk {
    /// Whether this visitor may change the set-up.
    #[must_use]
    pub fn admin(&self) -> bool {
        (self.caller.as_ref()).is_some_and(|caller| caller.role == Role::Admin)
    }

    /// Whether the form of this name was sent.
    #[must_use]
    pub fn posted(&self, form: &str) -> bool {
        self.form.get("do") == Some(form)
    }

    /// What was typed into a field, whose name may stand there several times: a line for each.
    #[must_use]
    pub fn typed(&self, name: &str) -> String {
        let values: Vec<&str> = (self.form.params().iter())
            .filter(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
            .collect();
        values.join("\n").replace("\r\n", "\n")
    }

    /// A parameter of the query; nothing if it is absent.
    #[must_use]
    pub fn asked(&self, name: &str) -> &str {
        self.query.get(name).unwrap_or_default()
    }

    /// The words for a key.
    #[must_use]
    pub fn say(&self, key: &str) -> &str {
        self.words.of(key)
    }

    /// This page in another language.
    #[must_use]
    pub fn in_language(&self, lang: &str) -> String {
        let mut query: Vec<(String, String)> = (self.query.params().iter())
            .filter(|(name, _)| name != "lang" && name != "done")
            .cloned()
            .collect();
        query.push(("lang".into(), lang.into()));
        [&self.path, "?", &shared::twilio::form::print(&query)].concat()
    }
}

/// An id for something new: its name as far as it can stand in a path, and what chance adds.
#[must_use]
pub fn new_id(name: &str, chance: &str) -> String {
    let mut id = String::new();
    for c in name.chars() {
        match c {
            'a'..='z' | '0'..='9' => id.push(c),
            'A'..='Z' => id.push(c.to_ascii_lowercase()),
            'à' | 'á' | 'â' | 'ä' => id.push('a'),
            'è' | 'é' | 'ê' | 'ë' => id.push('e'),
            'ì' | 'í' | 'î' | 'ï' => id.push('i'),
            'ò' | 'ó' | 'ô' | 'ö' => id.push('o'),
            'ù' | 'ú' | 'û' | 'ü' => id.push('u'),
            _ if !id.is_empty() && !id.ends_with('-') => id.push('-'),
            _ => {}
        }
        if id.len() >= 30 {
            break;
        }
    }
    let chance = chance.chars().filter(char::is_ascii_alphanumeric).take(8);
    if !id.is_empty() && !id.ends_with('-') {
        id.push('-');
    }
    id.extend(chance);
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_like_its_name() {
        assert_eq!(new_id("Caffè Roma", "x7k2"), "caffe-roma-x7k2");
        assert_eq!(new_id("  Bottega: Milano! ", "aaaa"), "bottega-milano-aaaa");
        assert_eq!(new_id("日本", "x7k2"), "x7k2");
        assert_eq!(new_id(&"x".repeat(100), "x7k2").len(), 35);
        let id = new_id("A name", "../x");
        assert!(shared::id::AccountId::parse(&id).is_some(), "{id}");
    }
}
