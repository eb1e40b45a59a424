//! Is a template well-formed? What Twilio refuses before WhatsApp is asked.

use serde_json::{Map, Value};

const KINDS: [&str; 14] = [
    "twilio/text",
    "twilio/media",
    "twilio/location",
    "twilio/list-picker",
    "twilio/call-to-action",
    "twilio/quick-reply",
    "twilio/card",
    "twilio/carousel",
    "twilio/catalog",
    "twilio/flows",
    "twilio/schedule",
    "whatsapp/card",
    "whatsapp/authentication",
    "whatsapp/flows",
];

const MOST_VARIABLES: usize = 100;
const LONGEST_KEY: usize = 16;
const LONGEST_VALUE: usize = 1_600;

/// What is wrong with the body of a request to create a template, in words.
pub fn complaint(given: &Map<String, Value>) -> Option<String> {
    if given
        .get("friendly_name")
        .is_some_and(|name| !name.is_string() && !name.is_null())
    {
        return Some("friendly_name must be a string".to_owned());
    }
    match given.get("language").and_then(Value::as_str) {
        None | Some("") => {
            return Some("Missing required parameter language in the post body".to_owned());
        }
        Some(language) if !is_language(language) => {
            return Some(format!("Invalid language {language}"));
        }
        Some(_) => {}
    }
    match given.get("variables") {
        None | Some(Value::Null) => {}
        Some(Value::Object(samples)) => {
            if let Some(wrong) = variables_complaint(samples) {
                return Some(wrong);
            }
        }
        Some(_) => return Some("variables must be an object".to_owned()),
    }
    let types = given.get("types").and_then(Value::as_object);
    let Some(types) = types.filter(|types| !types.is_empty()) else {
        return Some("Missing required parameter types in the post body".to_owned());
    };
    types.iter().find_map(|(kind, fields)| {
        if !KINDS.contains(&kind.as_str()) {
            return Some(format!("Unknown content type {kind}"));
        }
        type_complaint(kind, fields).map(|words| format!("{kind}: {words}"))
    })
}

/// `it`, `fil`, `en_US`.
fn is_language(language: &str) -> bool {
    let (tongue, country) = match language.split_once('_') {
        Some((tongue, country)) => (tongue, Some(country)),
        None => (language, None),
    };
    (2..=3).contains(&tongue.len())
        && tongue.bytes().all(|b| b.is_ascii_lowercase())
        && country.is_none_or(|it| it.len() == 2 && it.bytes().all(|b| b.is_ascii_uppercase()))
}

fn variables_complaint(samples: &Map<String, Value>) -> Option<String> {
    if samples.len() > MOST_VARIABLES {
        return Some(format!("No more than {MOST_VARIABLES} variables"));
    }
    samples.iter().find_map(|(name, sample)| {
        if name.is_empty()
            || name.chars().count() > LONGEST_KEY
            || name.contains(char::is_whitespace)
        {
            return Some(format!("Invalid variable name {name}"));
        }
        match sample.as_str() {
            None => Some(format!("The value of variable {name} must be a string")),
            Some(text) if text.encode_utf16().count() > LONGEST_VALUE => {
                Some(format!("The value of variable {name} is too long"))
            }
            Some(_) => None,
        }
    })
}

fn type_complaint(kind: &str, fields: &Value) -> Option<String> {
    let required: &[&str] = match kind {
        "twilio/text" => &["body"],
        "twilio/media" => &["media"],
        "twilio/list-picker" => &["body", "button", "items"],
        "twilio/call-to-action" | "twilio/quick-reply" => &["body", "actions"],
        "twilio/card" => &["title"],
        "whatsapp/card" => &["body"],
        "twilio/carousel" => &["body", "cards"],
        "twilio/location" => &["latitude", "longitude"],
        "whatsapp/authentication" => &["actions"],
        _ => &[],
    };
    let missing = required.iter().find(|name| match fields.get(**name) {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(_) => false,
    });
    if let Some(name) = missing {
        return Some(format!("missing required field {name}"));
    }
    let longest = if kind == "twilio/text" || kind == "twilio/media" {
        1_600
    } else {
        1_024
    };
    let lengths = [
        ("body", longest),
        ("title", 1_024),
        ("subtitle", 60),
        ("footer", 60),
        ("button", 20),
    ];
    let long = lengths
        .iter()
        .find(|(name, most)| longer(fields.get(*name), *most));
    if let Some((name, most)) = long {
        return Some(format!("{name} is longer than {most} characters"));
    }
    match kind {
        "twilio/list-picker" => items_complaint(fields),
        "twilio/quick-reply" => actions_complaint(fields, &["QUICK_REPLY"], 10),
        "twilio/call-to-action" => {
            let types = [
                "URL",
                "PHONE_NUMBER",
                "COPY_CODE",
                "VOICE_CALL",
                "VOICE_CALL_REQUEST",
            ];
            actions_complaint(fields, &types, 10)
        }
        "twilio/card" | "whatsapp/card" if fields.get("actions").is_some() => {
            let types = [
                "URL",
                "PHONE_NUMBER",
                "QUICK_REPLY",
                "COPY_CODE",
                "VOICE_CALL",
            ];
            actions_complaint(fields, &types, 10)
        }
        "twilio/carousel" => {
            let cards = fields.get("cards").and_then(Value::as_array);
            match cards.map_or(0, Vec::len) {
                1..=10 => None,
                _ => Some("cards: between 1 and 10".to_owned()),
            }
        }
        _ => None,
    }
}

fn longer(field: Option<&Value>, most: usize) -> bool {
    field
        .and_then(Value::as_str)
        .is_some_and(|text| text.encode_utf16().count() > most)
}

fn items_complaint(fields: &Value) -> Option<String> {
    let items = fields.get("items").and_then(Value::as_array);
    let items = items.filter(|items| (1..=10).contains(&items.len()));
    let Some(items) = items else {
        return Some("items: between 1 and 10".to_owned());
    };
    items.iter().find_map(|item| {
        if ["id", "item"]
            .iter()
            .any(|name| item.get(*name).and_then(Value::as_str).is_none())
        {
            return Some("an item needs id and item".to_owned());
        }
        let long = longer(item.get("item"), 24) || longer(item.get("description"), 72);
        long.then(|| "an item is longer than 24, or its description than 72 characters".to_owned())
    })
}

fn actions_complaint(fields: &Value, types: &[&str], most: usize) -> Option<String> {
    let actions = fields.get("actions").and_then(Value::as_array);
    let actions = actions.filter(|actions| (1..=most).contains(&actions.len()));
    let Some(actions) = actions else {
        return Some(format!("actions: between 1 and {most}"));
    };
    actions.iter().find_map(|action| {
        let kind = action.get("type").and_then(Value::as_str);
        // A quick reply may leave its type out: it has only one.
        let usual = (types.len() == 1).then(|| types[0]);
        let Some(kind) = kind.or(usual).filter(|kind| types.contains(kind)) else {
            return Some("an action has an unknown type".to_owned());
        };
        if action
            .get("title")
            .and_then(Value::as_str)
            .is_none_or(str::is_empty)
        {
            return Some("an action needs a title".to_owned());
        }
        if longer(action.get("title"), 25) {
            return Some("an action's title is longer than 25 characters".to_owned());
        }
        if longer(action.get("id"), 256) {
            return Some("an action's id is longer than 256 characters".to_owned());
        }
        let needs = match kind {
            "URL" => "url",
            "PHONE_NUMBER" => "phone",
            "COPY_CODE" => "code",
            _ => return None,
        };
        let given = action.get(needs).and_then(Value::as_str);
        given
            .is_none_or(str::is_empty)
            .then(|| format!("an action of type {kind} needs {needs}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn judged(given: Value) -> Option<String> {
        complaint(given.as_object().expect("an object"))
    }

    #[test]
    fn what_the_demo_sends_is_well_formed() {
        let text = json!({"twilio/text": {"body": "Ciao {{1}}"}});
        let reply =
            json!({"twilio/quick-reply": {"body": "?", "actions": [{"title": "Sì", "id": "1"}]}});
        let call = json!({"twilio/call-to-action": {"body": "?", "actions": [{"type": "URL", "title": "x", "url": "https://a.test"}]}});
        for types in [text, reply, call] {
            let given = json!({"friendly_name": "x", "language": "it", "variables": {"1": "a"}, "types": types});
            assert_eq!(judged(given.clone()), None, "{given}");
        }
    }

    #[test]
    fn each_mistake_is_named() {
        let text = json!({"twilio/text": {"body": "x"}});
        let reply =
            |actions: Value| json!({"twilio/quick-reply": {"body": "x", "actions": actions}});
        let many: Vec<Value> = (0..11).map(|n| json!({"title": n.to_string()})).collect();
        for (given, words) in [
            (json!({"types": text}), "language"),
            (json!({"language": "Italian", "types": text}), "language"),
            (json!({"language": "it"}), "types"),
            (json!({"language": "it", "types": {}}), "types"),
            (
                json!({"language": "it", "types": {"twilio/poem": {}}}),
                "Unknown content type",
            ),
            (
                json!({"language": "it", "types": {"twilio/text": {"body": ""}}}),
                "body",
            ),
            (
                json!({"language": "it", "types": {"twilio/text": {"body": "x".repeat(1_601)}}}),
                "1600",
            ),
            (
                json!({"language": "it", "types": text, "friendly_name": 7}),
                "friendly_name",
            ),
            (
                json!({"language": "it", "types": text, "variables": ["a"]}),
                "variables",
            ),
            (
                json!({"language": "it", "types": text, "variables": {"1": 2}}),
                "variable 1",
            ),
            (
                json!({"language": "it", "types": text, "variables": {"a b": "x"}}),
                "variable name",
            ),
            (
                json!({"language": "it", "types": reply(json!([]))}),
                "between 1 and 10",
            ),
            (
                json!({"language": "it", "types": reply(many.into())}),
                "between 1 and 10",
            ),
            (
                json!({"language": "it", "types": reply(json!([{"title": "x".repeat(26)}]))}),
                "25",
            ),
            (
                json!({"language": "it", "types": reply(json!([{"type": "URL", "title": "x"}]))}),
                "unknown type",
            ),
            (
                json!({"language": "it", "types": {"twilio/call-to-action": {"body": "x", "actions": [{"type": "URL", "title": "x"}]}}}),
                "url",
            ),
        ] {
            let found = judged(given.clone());
            assert!(
                found.as_deref().is_some_and(|it| it.contains(words)),
                "{given}: {found:?}"
            );
        }
    }
}
