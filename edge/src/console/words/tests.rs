//! Are the words all there, in every language, and none too many?

use super::*;
use crate::problem::Problem;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).into()
}

fn locale(lang: &'static str) -> Words {
    let file = root().join(format!("../www/locales/console-{lang}.json"));
    Words::read(lang, &fs::read_to_string(file).unwrap()).unwrap()
}

/// The console's sources and templates, without its tests.
fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for folder in ["src/console", "templates"] {
        for file in fs::read_dir(root().join(folder)).unwrap() {
            let path = file.unwrap().path();
            if path.is_file() {
                let text = fs::read_to_string(&path).unwrap();
                let text = text.split("#[cfg(test)]").next().unwrap().to_string();
                found.push((path.display().to_string(), text));
            }
        }
    }
    found
}

fn from(text: &str, at: usize) -> &str {
    text.get(at..).unwrap()
}

/// The literals that a source asks words for.
fn asked(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for call in ["say(", ".of(", ".fill(", ".count("] {
        for (at, _) in text.match_indices(call) {
            let rest = from(text, at + call.len()).trim_start();
            if let Some(rest) = rest.strip_prefix('"') {
                let key = rest.split('"').next().unwrap().to_string();
                found.push(if call == ".count(" { key + ".one" } else { key });
            }
        }
    }
    for (at, _) in text
        .match_indices(" Kind::")
        .filter(|_| text.starts_with("//!"))
    {
        let call = from(text, at).split(')').next().unwrap();
        let literals: Vec<&str> = call.split('"').skip(1).step_by(2).collect();
        // Name and word; a name that is put together is no literal.
        let words = literals
            .iter()
            .take(2)
            .filter(|it| it.contains('.') && !it.ends_with('.'));
        found.extend(words.map(|word| (*word).to_string()));
    }
    found
}

#[test]
fn every_language_has_the_same_words_with_the_same_places_for_facts() {
    let places = |text: &str| {
        let mut places: Vec<String> = (text.split('{').skip(1))
            .map(|rest| rest.split('}').next().unwrap().to_string())
            .collect();
        places.sort();
        places.dedup();
        places
    };
    let english = locale("en");
    for lang in LANGUAGES {
        let other = locale(lang);
        let keys = |words: &Words| words.map.keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&english), keys(&other), "{lang}");
        for (key, text) in &other.map {
            let text = text.as_str().unwrap();
            assert!(!text.trim().is_empty(), "{lang}: {key}");
            assert_eq!(places(text), places(english.of(key)), "{lang}: {key}");
        }
    }
}

#[test]
fn every_word_that_is_asked_for_is_there() {
    let words = locale("en");
    let mut missing = Vec::new();
    for (file, text) in sources() {
        for key in asked(&text) {
            if words.of(&key).is_empty() {
                missing.push(format!("{file}: {key}"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn no_word_is_there_for_nothing() {
    let words = locale("en");
    let sources = sources();
    let literal = |text: &str| {
        let text = format!("\"{text}\"");
        sources.iter().any(|(_, source)| source.contains(&text))
    };
    // A word, or one of a family whose name the sources complete.
    let used = |key: &str| {
        let mut families = key
            .match_indices('.')
            .map(|(at, _)| key.get(..=at).unwrap());
        literal(key) || families.any(literal)
    };
    let endings = ["-hint", "-lead", "-text", ".one", ".many"];
    let unused: Vec<&String> = (words.map.keys())
        .filter(|key| {
            !used(key)
                && !endings
                    .iter()
                    .any(|it| key.strip_suffix(it).is_some_and(used))
        })
        .collect();
    assert!(unused.is_empty(), "{unused:#?}");
}

#[test]
fn no_word_stands_in_a_template() {
    for (file, text) in sources() {
        // What stands inside a tag has a template of its own: attributes, and nothing to be read.
        if !file.ends_with(".html") || file.ends_with("described.html") {
            continue;
        }
        let mut rest = text.as_str();
        let mut shown = String::new();
        // What is left without tags and without what askama reads.
        while let Some(c) = rest.chars().next() {
            let skipped = [("{{", "}}"), ("{%", "%}"), ("<", ">")]
                .into_iter()
                .find(|(open, _)| rest.starts_with(open));
            match skipped {
                Some((_, close)) => rest = tail(rest, close),
                None => {
                    shown.push(c);
                    rest = from(rest, c.len_utf8());
                }
            }
        }
        let letters: String = shown.chars().filter(|c| c.is_alphabetic()).collect();
        // `title` names product and page with a sign between; nothing has letters.
        assert_eq!(letters, "", "{file}");
    }
}

/// What follows the end of a tag; what askama reads may stand inside it, with signs of its own.
fn tail<'a>(text: &'a str, close: &str) -> &'a str {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix(close) {
            return after;
        }
        let inner = [("{{", "}}"), ("{%", "%}")]
            .into_iter()
            .find(|(open, it)| close == ">" && *it != close && rest.starts_with(open));
        rest = match inner {
            Some((_, end)) => rest.split_once(end).map_or("", |(_, after)| after),
            None => from(rest, c.len_utf8()),
        };
    }
    ""
}

#[test]
fn the_language_is_the_chosen_one_or_the_browsers() {
    assert_eq!(choose("it", "en"), "it");
    assert_eq!(choose("", "de-DE,de;q=0.9,it-IT;q=0.8,en;q=0.5"), "it");
    assert_eq!(choose("", "fr"), "en");
    assert_eq!(choose("xx", ""), "en");
    assert_eq!(choose("ì", ""), "en");
}

#[test]
fn a_problem_is_told_by_field_and_remedy_then_by_remedy_then_by_code() {
    let words = locale("en");
    let flaw = |field: &str, remedy: &str| {
        let problem = Problem::new(400, "field-invalid").fact("field", field);
        words.problem(&problem.remedy(remedy))
    };
    assert!(flaw("account_sid", "copy-from-console").contains("AC"));
    assert!(flaw("localizations[0].content_sid", "copy-from-console").contains("HX"));
    assert!(flaw("other", "copy-from-console").contains("again"));
    let long = Problem::new(400, "field-invalid")
        .remedy("shorten-text")
        .fact("limit", 100)
        .fact("actual", 101);
    assert!(words.problem(&long).contains("101"));
    let unknown = Problem::new(409, "made-up").because("Why not.");
    assert!(words.problem(&unknown).contains("made-up"));
    let reason = Problem::new(400, "field-invalid")
        .fact("reason", "address-country-missing")
        .remedy("give-phone-number");
    assert!(words.problem(&reason).contains("country"));
}
