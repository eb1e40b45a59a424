//! What does an entry of Twilio's list of templates say? Read leniently: what is odd is kept as something
//! that may not be sent.

use super::{Content, Verdict};
use crate::twilio::call::{given, text};
use serde_json::{Map, Value};
use shared::id::ContentSid;
use shared::template::{
    Approval, Button, ButtonKind, Category, Kind, Piece, Value as Sample, pieces, variables,
};

/// Reads an entry. `None` without a SID or a language: then there is nothing to keep it under.
pub(super) fn content(entry: &Value) -> Option<Content> {
    let approval = entry.get("approval_requests");
    let verdict = verdict(approval);
    let chosen = entry
        .get("types")
        .and_then(Value::as_object)
        .and_then(|types| choose(types, approval.map_or("", |it| text(it, "content_type"))));
    let (name, of) = chosen.map_or(("", &Value::Null), |(name, of)| (name.as_str(), of));
    let mut kind = Kind::parse(name);
    let body = body(kind, of);
    let buttons = buttons(of);
    let shown = shown(&body, &buttons);
    if hidden(of, &shown) {
        kind = Kind::Unknown;
    }
    Some(Content {
        sid: ContentSid::parse(text(entry, "sid"))?,
        name: text(entry, "friendly_name").into(),
        language: given(entry, "language")?,
        category: verdict.category,
        status: verdict.status,
        rejection_reason: verdict.rejection_reason,
        samples: samples(entry.get("variables"), &shown),
        kind,
        footer: given(of, "footer").or_else(|| given(of, "subtitle")),
        body,
        buttons,
    })
}

/// Reads what WhatsApp says. Nothing at all is what a content has that was never handed in.
pub(super) fn verdict(approval: Option<&Value>) -> Verdict {
    let Some(approval) = approval.filter(|it| it.is_object()) else {
        return Verdict {
            status: Approval::Unsubmitted,
            category: None,
            rejection_reason: None,
        };
    };
    Verdict {
        status: Approval::parse(text(approval, "status")),
        category: given(approval, "category").map(|word| Category::parse(&word)),
        rejection_reason: given(approval, "rejection_reason"),
    }
}

/// A content may have several types, each for other channels. WhatsApp has the one that was handed in;
/// before that, its own rather than Twilio's, and plain text last.
fn choose<'a>(types: &'a Map<String, Value>, handed_in: &str) -> Option<(&'a String, &'a Value)> {
    types.get_key_value(handed_in).or_else(|| {
        types.iter().min_by_key(|(name, _)| match name.as_str() {
            "twilio/text" => 2,
            name if name.starts_with("whatsapp/") => 0,
            _ => 1,
        })
    })
}

/// The text. A card's may stand in its title. The text of a one-time code is WhatsApp's own, about the
/// code, which is variable 1.
fn body(kind: Kind, of: &Value) -> String {
    given(of, "body")
        .or_else(|| given(of, "title"))
        .unwrap_or_else(|| match kind {
            Kind::Authentication => "{{1}}".into(),
            _ => String::new(),
        })
}

fn buttons(of: &Value) -> Vec<Button> {
    let actions = of.get("actions").and_then(Value::as_array);
    actions.into_iter().flatten().filter_map(button).collect()
}

fn button(action: &Value) -> Option<Button> {
    let (kind, target) = match text(action, "type") {
        // A quick reply need not say that it is one.
        "QUICK_REPLY" | "" => (ButtonKind::QuickReply, "id"),
        "URL" => (ButtonKind::Url, "url"),
        "PHONE_NUMBER" => (ButtonKind::Phone, "phone"),
        "COPY_CODE" => (ButtonKind::CopyCode, "code"),
        _ => return None,
    };
    Some(Button {
        kind,
        title: given(action, "title").or_else(|| given(action, "copy_code_text"))?,
        target: text(action, target).into(),
    })
}

/// The variables that are asked for when it is sent, in the order of appearance.
fn shown<'a>(body: &'a str, buttons: &'a [Button]) -> Vec<&'a str> {
    let mut names = variables(body);
    for name in buttons.iter().flat_map(|button| variables(&button.target)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Whether a variable stands where nobody would be asked for it.
fn hidden(of: &Value, shown: &[&str]) -> bool {
    match of {
        Value::String(text) => pieces(text)
            .any(|piece| matches!(piece, Piece::Variable(name) if !shown.contains(&name))),
        Value::Array(items) => items.iter().any(|item| hidden(item, shown)),
        Value::Object(fields) => fields.values().any(|field| hidden(field, shown)),
        _ => false,
    }
}

fn samples(variables: Option<&Value>, shown: &[&str]) -> Vec<Sample> {
    let sample = |name: &&str| {
        let value = match variables?.get(*name)? {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        Some(Sample {
            name: (*name).into(),
            value,
        })
    };
    shown.iter().filter_map(sample).collect()
}
