//! What does an account look like that has been used for years? Made-up templates, the same for the same number.
//!
//! Names repeat in several languages, and some in the same language twice; categories and statuses are there that
//! nobody gives any more, or that nobody knows yet.

use serde_json::{Map, Value, json};

use super::templates::{Seeded, SeededApproval};
use crate::template::can_be_approved;

const LANGUAGES: [&str; 5] = ["it", "en", "de", "pt_BR", "fil"];

const CATEGORIES: [&str; 7] = [
    "UTILITY",
    "MARKETING",
    "UTILITY",
    "TRANSACTIONAL",
    "MARKETING",
    "TRANSPORTATION_UPDATE",
    "ACCOUNT_UPDATE",
];

/// `approved` more often than anything else.
const STATUSES: [&str; 11] = [
    "approved",
    "approved",
    "pending",
    "approved",
    "rejected",
    "approved",
    "paused",
    "disabled",
    "received",
    "approved",
    "in_appeal",
];

/// The template of a number, counted from 0.
pub(super) fn template(number: usize) -> Seeded {
    // Three languages to a name; every fiftieth is the one before once more.
    let twin = if number % 50 == 49 {
        number - 1
    } else {
        number
    };
    let name = format!("seeded_{}", twin / 3);
    let language = LANGUAGES[twin % 3 + 2 * usize::from(twin % 7 == 0)];
    let (kind, fields) = content(number);
    let status = STATUSES[number % STATUSES.len()];
    let submitted = can_be_approved(kind) && number % 13 != 12;
    let category = match kind {
        "whatsapp/authentication" => "AUTHENTICATION",
        _ => CATEGORIES[number % CATEGORIES.len()],
    };
    let rejection_reason = match status {
        "rejected" => "INVALID_FORMAT. Variables can't be at the start or end of the template",
        _ => "",
    };
    Seeded {
        sid: None,
        friendly_name: name,
        language: language.to_owned(),
        variables: object(json!({"1": "Anna", "2": format!("{number}")})),
        types: object(json!({ kind: fields })),
        approval: submitted.then(|| SeededApproval {
            name: None,
            category: category.to_owned(),
            status: status.to_owned(),
            rejection_reason: rejection_reason.to_owned(),
        }),
    }
}

fn content(number: usize) -> (&'static str, Value) {
    let body = format!(
        "Template {number}: hello {{{{1}}}}, your order {{{{2}}}} is on its way to you now."
    );
    let url = json!({"type": "URL", "title": "Track", "url": "https://example.com/{{2}}"});
    let reply = json!({"type": "QUICK_REPLY", "title": "Thanks", "id": "thanks"});
    match number % 9 {
        0 | 1 => ("twilio/text", json!({"body": body})),
        2 => (
            "twilio/quick-reply",
            json!({"body": body, "actions": [reply]}),
        ),
        3 => (
            "twilio/call-to-action",
            json!({"body": body, "actions": [url]}),
        ),
        4 => (
            "twilio/media",
            json!({"body": body, "media": ["https://example.com/picture.png"]}),
        ),
        5 => (
            "twilio/card",
            json!({"title": body, "subtitle": "Example", "actions": [url, reply]}),
        ),
        6 => (
            "twilio/list-picker",
            json!({"body": body, "button": "Choose", "items": [{"id": "a", "item": "A", "description": ""}]}),
        ),
        7 => (
            "whatsapp/authentication",
            json!({"add_security_recommendation": true, "code_expiration_minutes": 5,
                   "actions": [{"type": "COPY_CODE", "copy_code_text": "Copy"}]}),
        ),
        _ => (
            "twilio/carousel",
            json!({"body": body, "cards": [{"title": "A", "body": "A thing", "media": "https://example.com/a.png", "actions": [url]}]}),
        ),
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn two_thousand_have_everything_that_is_hard_to_read() {
        let all: Vec<Seeded> = (0..2_000).map(template).collect();
        let approvals = || all.iter().filter_map(|it| it.approval.as_ref());
        for category in ["TRANSACTIONAL", "AUTHENTICATION"] {
            assert!(approvals().any(|it| it.category == category), "{category}");
        }
        for status in STATUSES {
            assert!(approvals().any(|it| it.status == status), "{status}");
        }
        assert!(all.iter().any(|it| it.approval.is_none()));
        let names: HashSet<&str> = all.iter().map(|it| it.friendly_name.as_str()).collect();
        let pairs: HashSet<(&str, &str)> = all
            .iter()
            .map(|it| (it.friendly_name.as_str(), it.language.as_str()))
            .collect();
        assert!(names.len() < pairs.len(), "one name in several languages");
        assert!(pairs.len() < all.len(), "some twice in one language");
        let languages: HashSet<&str> = all.iter().map(|it| it.language.as_str()).collect();
        assert_eq!(languages.len(), LANGUAGES.len());
    }
}
