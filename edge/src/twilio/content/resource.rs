//! How is a submission put into Twilio's words? The body of `POST /v1/Content`.

use crate::json::object;
use serde_json::{Map, Value};
use shared::submission::Submission;
use shared::template::{Button, ButtonKind, Category, Kind};

/// The content of a submission.
pub(super) fn content(submission: &Submission) -> Value {
    let mut of = Map::new();
    of.insert("body".into(), submission.body.as_str().into());
    if let Some(footer) = submission.footer() {
        of.insert("footer".into(), footer.into());
    }
    if !submission.buttons.is_empty() {
        let actions = submission.buttons.iter().map(action).collect();
        of.insert("actions".into(), Value::Array(actions));
    }
    let kind = match submission.kind() {
        Kind::QuickReply => "twilio/quick-reply",
        Kind::CallToAction => "twilio/call-to-action",
        // Twilio's own card has a title in place of the text, and means the same.
        Kind::Card => "whatsapp/card",
        _ => "twilio/text",
    };
    let mut types = Map::new();
    types.insert(kind.into(), Value::Object(of));
    // One by one: a map that is collected is sorted first, which is code of its own.
    let mut variables = Map::new();
    for sample in &submission.samples {
        variables.insert(sample.name.clone(), sample.value.as_str().into());
    }
    object! {
        "friendly_name": submission.name,
        "language": submission.language,
        "variables": variables,
        "types": types,
    }
}

fn action(button: &Button) -> Value {
    let (kind, field) = match button.kind {
        ButtonKind::QuickReply => ("QUICK_REPLY", "id"),
        ButtonKind::Url => ("URL", "url"),
        ButtonKind::Phone => ("PHONE_NUMBER", "phone"),
        ButtonKind::CopyCode => ("COPY_CODE", "code"),
    };
    // A reply without an identifier of its own answers with its title.
    let target = if button.target.is_empty() {
        &button.title
    } else {
        &button.target
    };
    let mut action = Map::new();
    action.insert("type".into(), kind.into());
    action.insert("title".into(), button.title.as_str().into());
    action.insert(field.into(), target.as_str().into());
    Value::Object(action)
}

/// WhatsApp's word for a category.
pub(super) const fn category(category: Category) -> &'static str {
    match category {
        Category::Utility => "UTILITY",
        Category::Authentication => "AUTHENTICATION",
        Category::Marketing => "MARKETING",
    }
}
