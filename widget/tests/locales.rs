//! Do the locale files say all that can happen, in every language, with the same facts?

use serde_json::{Map, Value};
use shared::address::AddressError;
use shared::policy::{Refusal, Remedy};
use shared::protocol::Trouble;
use shared::template::{Approval, Kind};
use shared::time::Timestamp;
use widget::progress::KNOWN_CODES;

const LANGUAGES: [&str; 2] = ["en", "it"];

fn locale(name: &str) -> Map<String, Value> {
    let path = format!("{}/../www/locales/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let words: Map<String, Value> = serde_json::from_str(&text).unwrap_or_default();
    assert!(words.len() > 20, "{name}.json cannot be read");
    words
}

/// Both parts of a language: what is loaded first, and what later.
fn whole(language: &str) -> Map<String, Value> {
    let mut whole = locale(language);
    whole.extend(locale(&format!("later-{language}")));
    whole
}

fn facts(text: &str) -> Vec<&str> {
    let mut facts: Vec<&str> = text
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split('}').next())
        .collect();
    facts.sort_unstable();
    facts.dedup();
    facts
}

#[test]
fn every_language_has_the_same_keys_and_facts() {
    for part in ["", "later-"] {
        let english = locale(&format!("{part}en"));
        for language in LANGUAGES {
            let other = locale(&format!("{part}{language}"));
            assert_eq!(
                other.keys().collect::<Vec<_>>(),
                english.keys().collect::<Vec<_>>(),
                "{part}{language}"
            );
            for (key, text) in &other {
                let (text, english) = (
                    text.as_str().unwrap_or(""),
                    english[key].as_str().unwrap_or(""),
                );
                assert!(!text.trim().is_empty(), "{language} {key} is empty");
                assert_eq!(facts(text), facts(english), "{language} {key}");
            }
        }
    }
}

#[test]
fn every_code_has_its_words() {
    let mut keys: Vec<String> = Vec::new();
    let mut add = |family: &str, code: &str| keys.push(format!("{family}.{code}"));
    for refusal in refusals() {
        add("refusal", refusal.code());
        add("remedy", refusal.remedy().code());
    }
    for remedy in [
        Remedy::SendTemplate,
        Remedy::ChooseTemplate,
        Remedy::RecordOptIn,
        Remedy::WaitForCustomer,
        Remedy::EditText,
        Remedy::FillVariable,
        Remedy::AskAdministrator,
        Remedy::TryAgain,
    ] {
        add("remedy", remedy.code());
    }
    for trouble in [
        Trouble::Unreadable,
        Trouble::ClientReused,
        Trouble::NoSuchMessage,
        Trouble::NothingToDecide,
        Trouble::Malformed,
        Trouble::Unavailable,
    ] {
        add("trouble", trouble.code());
    }
    for error in [
        AddressError::Empty,
        AddressError::CountryMissing,
        AddressError::UnexpectedCharacter,
        AddressError::WrongLength,
    ] {
        add("shut", error.code());
    }
    for approval in [
        "unsubmitted",
        "received",
        "pending",
        "approved",
        "rejected",
        "paused",
        "disabled",
        "?",
    ] {
        add("approval", Approval::parse(approval).code());
    }
    for kind in [
        Kind::Text,
        Kind::Media,
        Kind::QuickReply,
        Kind::CallToAction,
        Kind::Card,
        Kind::Carousel,
        Kind::Catalog,
        Kind::Flows,
        Kind::Authentication,
        Kind::ListPicker,
        Kind::Location,
        Kind::Unknown,
    ] {
        add("kind", kind.code());
    }
    for code in KNOWN_CODES {
        add("failure", &code.to_string());
    }
    for language in LANGUAGES {
        let words = whole(language);
        let missing: Vec<&String> = keys
            .iter()
            .filter(|key| !words.contains_key(*key))
            .collect();
        assert!(missing.is_empty(), "{language} lacks {missing:?}");
    }
}

/// One of each. The match makes a new refusal fail to compile here until it has its place.
fn refusals() -> Vec<Refusal> {
    let all = vec![
        Refusal::SenderInactive,
        Refusal::OptedOut {
            since: Timestamp(0),
        },
        Refusal::NoOptIn,
        Refusal::MarketingWithoutOptIn,
        Refusal::WindowClosed { since: None },
        Refusal::WindowClosed {
            since: Some(Timestamp(0)),
        },
        Refusal::TextEmpty,
        Refusal::TextTooLong {
            limit: 1,
            actual: 2,
        },
        Refusal::TemplateUnknown,
        Refusal::TemplateLanguage {
            language: String::new(),
        },
        Refusal::TemplateNotApproved {
            approval: Approval::Pending,
        },
        Refusal::TemplateKind {
            kind: Kind::Location,
        },
        Refusal::TemplateWithoutContent,
        Refusal::VariableMissing {
            variable: String::new(),
        },
        Refusal::VariableBlank {
            variable: String::new(),
        },
        Refusal::VariableUnexpected {
            variable: String::new(),
        },
        Refusal::VariableWhitespace {
            variable: String::new(),
        },
        Refusal::ApprovalUnknown,
    ];
    for refusal in &all {
        match refusal {
            Refusal::SenderInactive
            | Refusal::OptedOut { .. }
            | Refusal::NoOptIn
            | Refusal::MarketingWithoutOptIn
            | Refusal::WindowClosed { .. }
            | Refusal::TextEmpty
            | Refusal::TextTooLong { .. }
            | Refusal::TemplateUnknown
            | Refusal::TemplateLanguage { .. }
            | Refusal::TemplateNotApproved { .. }
            | Refusal::TemplateKind { .. }
            | Refusal::TemplateWithoutContent
            | Refusal::VariableMissing { .. }
            | Refusal::VariableBlank { .. }
            | Refusal::VariableUnexpected { .. }
            | Refusal::VariableWhitespace { .. }
            | Refusal::ApprovalUnknown => {}
        }
    }
    all
}

/// Every word that markup and code ask for by name is there.
#[test]
fn whatever_is_asked_for_by_name_exists() {
    let words = whole("en");
    let root = format!("{}/..", env!("CARGO_MANIFEST_DIR"));
    let mut asked = Vec::new();
    for file in ["www/widget/thread.html", "www/widget/later-dialogs.html"] {
        let text = std::fs::read_to_string(format!("{root}/{file}")).unwrap_or_default();
        for attribute in ["data-word=\"", "data-label=\"", "data-hint=\""] {
            asked.extend(
                text.split(attribute)
                    .skip(1)
                    .filter_map(|rest| rest.split('"').next().map(String::from)),
            );
        }
    }
    for file in std::fs::read_dir(format!("{root}/widget/src/page/view"))
        .into_iter()
        .flatten()
        .flatten()
    {
        let text = std::fs::read_to_string(file.path()).unwrap_or_default();
        // A literal like "family.key": two words of letters and dashes with a dot in between.
        for literal in text.split('"').skip(1).step_by(2) {
            let is_key = literal.split_once('.').is_some_and(|(family, code)| {
                !code.is_empty()
                    && [family, code]
                        .iter()
                        .all(|part| part.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'))
            });
            if is_key {
                asked.push(literal.to_string());
            }
        }
    }
    assert!(asked.len() > 60, "found only {} names", asked.len());
    let missing: Vec<&String> = asked
        .iter()
        .filter(|key| !words.contains_key(*key))
        .collect();
    assert!(missing.is_empty(), "there are no words for {missing:?}");
}
