//! Which words does the visitor read? The locale files, fetched once per isolate from the static files.
//!
//! No word that a person reads stands in the console's Rust or in its template.

use crate::platform;
use crate::problem::Problem;
use serde_json::{Map, Value};
use std::cell::RefCell;
use std::rc::Rc;
use worker::{Env, web_sys};

/// The languages there are; the first is for everybody else.
pub const LANGUAGES: [&str; 2] = ["en", "it"];

/// The words of one language.
#[derive(Debug, Default)]
pub struct Words {
    /// Which one.
    pub lang: &'static str,
    map: Map<String, Value>,
}

thread_local! {
    static LOADED: RefCell<Vec<Rc<Words>>> = const { RefCell::new(Vec::new()) };
}

/// The words of a language, one of [`LANGUAGES`].
///
/// # Errors
/// If the static files cannot be read.
pub async fn load(env: &Env, lang: &'static str) -> worker::Result<Rc<Words>> {
    let known = LOADED.with_borrow(|all| all.iter().find(|words| words.lang == lang).cloned());
    if let Some(words) = known {
        return Ok(words);
    }
    let file = ["http://assets/locales/console-", lang, ".json"].concat();
    let answer = platform::asset(env, &web_sys::Request::new_with_str(&file)?).await?;
    let text = platform::text(&answer).await?;
    let words = Rc::new(Words::read(lang, &text)?);
    LOADED.with_borrow_mut(|all| all.push(words.clone()));
    Ok(words)
}

/// The language to speak: the one chosen, else the first of the browser's that we know.
#[must_use]
pub fn choose(chosen: &str, accepted: &str) -> &'static str {
    let known = |tag: &str| {
        let tag = tag.trim();
        LANGUAGES
            .into_iter()
            .find(|lang| tag.get(..2).is_some_and(|it| it.eq_ignore_ascii_case(lang)))
    };
    // Browsers list them with the most wanted first.
    known(chosen)
        .or_else(|| accepted.split(',').find_map(known))
        .unwrap_or(LANGUAGES[0])
}

impl Words {
    /// Reads a locale file.
    ///
    /// # Errors
    /// If it is no JSON object.
    pub fn read(lang: &'static str, text: &str) -> worker::Result<Self> {
        let map = crate::json::read(text)?;
        Ok(Self { lang, map })
    }

    /// The words for a key; nothing if there are none.
    #[must_use]
    pub fn of(&self, key: &str) -> &str {
        self.map
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// The words for a code out of a family, such as `approval.` and `approved`; else the code itself.
    #[must_use]
    pub fn code<'a>(&'a self, family: &str, code: &'a str) -> &'a str {
        let words = self.of(&[family, code].concat());
        if words.is_empty() { code } else { words }
    }

    /// The words for a key, with facts in the places of `{name}`.
    #[must_use]
    pub fn fill(&self, key: &str, facts: &[(&str, &str)]) -> String {
        let mut text = String::from(self.of(key));
        for (name, value) in facts {
            text = text.replace(&["{", name, "}"].concat(), value);
        }
        text
    }

    /// The words for a number of something: `key.one` and `key.many`, with `{n}`.
    #[must_use]
    pub fn count(&self, key: &str, n: i64) -> String {
        let which = if n == 1 { ".one" } else { ".many" };
        self.fill(&[key, which].concat(), &[("n", &n.to_string())])
    }

    /// The words for a problem's code out of a family, with its facts.
    #[must_use]
    pub fn told(&self, family: &str, problem: &Problem) -> String {
        let facts: Vec<(&str, String)> = (problem.facts.iter())
            .map(|(name, value)| (name.as_str(), written(value)))
            .collect();
        let facts: Vec<(&str, &str)> = (facts.iter())
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        self.fill(&[family, &problem.code].concat(), &facts)
    }

    /// What went wrong, and what to do about it: by field and remedy, by remedy, or by code.
    #[must_use]
    pub fn problem(&self, problem: &Problem) -> String {
        let fact = |name: &str| problem.facts.get(name);
        let field = fact("field").and_then(Value::as_str).unwrap_or_default();
        let last = field.rsplit('.').next().unwrap_or_default();
        let last = last.split('[').next().unwrap_or_default();
        let remedy = problem.remedy.as_deref().unwrap_or_default();
        let reason = fact("reason").and_then(Value::as_str).unwrap_or_default();
        let keys = [
            ["flaw.", reason].concat(),
            ["flaw.", last, ".", remedy].concat(),
            ["flaw.", remedy].concat(),
            ["problem.", &problem.code].concat(),
            "problem.other".into(),
        ];
        let facts: Vec<(&str, String)> = (problem.facts.iter())
            .map(|(name, value)| (name.as_str(), written(value)))
            .collect();
        let mut facts: Vec<(&str, &str)> = (facts.iter())
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        facts.push(("code", &problem.code));
        facts.push(("detail", problem.detail.as_deref().unwrap_or_default()));
        keys.iter()
            .map(|key| self.fill(key, &facts))
            .find(|text| !text.is_empty())
            .unwrap_or_default()
    }
}

/// A fact as it is read.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(written).collect();
            items.join(", ")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests;
