//! What is a template, how is it filled in, and may it open a conversation?
//!
//! The traps are Twilio's own: a variable that is not given becomes the sample, without a word.

use serde_json::{Map, Value, json};

/// What WhatsApp thinks of a template.
#[derive(Debug, Clone)]
pub struct Approval {
    /// The template's name in WhatsApp.
    pub name: String,
    /// `UTILITY`, `MARKETING` or `AUTHENTICATION`.
    pub category: String,
    /// `received`, `pending`, `approved`, `rejected`, `paused`, `disabled`, and whatever comes to be.
    pub status: String,
    /// Why it was rejected.
    pub rejection_reason: String,
    /// WhatsApp may put it into another category.
    pub allow_category_change: bool,
    /// Milliseconds.
    pub submitted: i64,
}

impl Approval {
    /// As it stands, with nothing more to say.
    pub fn new(name: &str, category: &str, status: &str) -> Self {
        Self {
            name: name.to_owned(),
            category: category.to_owned(),
            status: status.to_owned(),
            rejection_reason: String::new(),
            allow_category_change: true,
            submitted: 0,
        }
    }

    /// True while WhatsApp has it, and its name with it.
    pub fn is_at_whatsapp(&self) -> bool {
        matches!(self.status.as_str(), "approved" | "paused" | "disabled")
    }
}

/// A Content resource.
#[derive(Debug, Clone)]
pub struct Content {
    /// `HX` and 32 hexadecimal digits.
    pub sid: String,
    /// The owner.
    pub account: String,
    /// A name for people.
    pub friendly_name: String,
    /// One language each.
    pub language: String,
    /// Samples by variable.
    pub variables: Map<String, Value>,
    /// The content by type, such as `twilio/text`.
    pub types: Map<String, Value>,
    /// Milliseconds.
    pub created: i64,
    /// Milliseconds.
    pub updated: i64,
    /// `None` until submitted.
    pub approval: Option<Approval>,
}

/// A template with its variables filled in.
#[derive(Debug, Default)]
pub struct Filled {
    /// The text.
    pub body: String,
    /// What the phone shows besides.
    pub shown: Value,
    /// Media addresses.
    pub media: Vec<String>,
    /// Variables that became the sample.
    pub samples_used: Vec<String>,
    /// Variables without value and without sample.
    pub unfilled: Vec<String>,
    /// A value that WhatsApp does not accept inside a template: line breaks, tabs, five spaces in a row.
    pub bad_whitespace: bool,
}

impl Content {
    /// The richest type: what WhatsApp shows.
    pub fn kind(&self) -> &str {
        self.types
            .keys()
            .find(|kind| *kind != "twilio/text")
            .or_else(|| self.types.keys().next())
            .map_or("twilio/text", String::as_str)
    }

    /// True for what WhatsApp approved and may start a conversation.
    pub fn may_open(&self) -> bool {
        let approved = self
            .approval
            .as_ref()
            .is_some_and(|approval| approval.status == "approved");
        approved && can_be_approved(self.kind())
    }

    /// True for what needs approval even inside the window, a quick reply with more than three buttons included.
    pub fn always_needs_approval(&self) -> bool {
        match self.kind() {
            "twilio/carousel" | "twilio/flows" | "whatsapp/flows" | "whatsapp/authentication" => {
                true
            }
            "twilio/quick-reply" => {
                let actions = self
                    .types
                    .get("twilio/quick-reply")
                    .and_then(|content| content.get("actions"));
                actions
                    .and_then(Value::as_array)
                    .is_some_and(|actions| actions.len() > 3)
            }
            _ => false,
        }
    }

    /// Fills the variables in, falling back to the samples as Twilio does.
    pub fn fill(&self, values: &Map<String, Value>) -> Filled {
        let mut filled = Filled::default();
        let empty = json!({});
        let content = self.types.get(self.kind()).unwrap_or(&empty);
        let content = self.substitute(content, values, &mut filled);
        let text = |key: &str| content.get(key).and_then(Value::as_str).map(str::to_owned);
        filled.body = text("body").or_else(|| text("title")).unwrap_or_default();
        filled.media = match content.get("media") {
            Some(Value::Array(urls)) => urls
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            Some(Value::String(url)) => vec![url.clone()],
            _ => Vec::new(),
        };
        let kind = self.kind();
        filled.shown = json!({
            "kind": kind.rsplit('/').next().unwrap_or(kind),
            "content_sid": self.sid,
            "header": text("header_text"),
            "footer": text("footer").or_else(|| text("subtitle")),
            "list_button": text("button"),
            "buttons": buttons(kind, &content),
        });
        if kind == "twilio/location"
            && let Some(shown) = filled.shown.as_object_mut()
        {
            shown.insert("location".to_owned(), content.clone());
        }
        filled
    }

    fn substitute(
        &self,
        content: &Value,
        values: &Map<String, Value>,
        filled: &mut Filled,
    ) -> Value {
        match content {
            Value::String(text) => Value::String(self.substitute_text(text, values, filled)),
            Value::Array(items) => items
                .iter()
                .map(|item| self.substitute(item, values, filled))
                .collect(),
            Value::Object(fields) => fields
                .iter()
                .map(|(name, value)| (name.clone(), self.substitute(value, values, filled)))
                .collect::<Map<_, _>>()
                .into(),
            other => other.clone(),
        }
    }

    fn substitute_text(
        &self,
        text: &str,
        values: &Map<String, Value>,
        filled: &mut Filled,
    ) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let Some((name, tail)) = after.split_once("}}") else {
                break;
            };
            out.push_str(before);
            let given = values
                .get(name)
                .and_then(Value::as_str)
                .filter(|value| !value.trim().is_empty());
            let sample = self.variables.get(name).and_then(Value::as_str);
            match (given, sample) {
                (Some(value), _) => {
                    filled.bad_whitespace |=
                        value.contains(['\n', '\r', '\t']) || value.contains("     ");
                    out.push_str(value);
                }
                (None, Some(sample)) => {
                    filled.samples_used.push(name.to_owned());
                    out.push_str(sample);
                }
                (None, None) => {
                    filled.unfilled.push(name.to_owned());
                    out.push_str("{{");
                    out.push_str(name);
                    out.push_str("}}");
                }
            }
            rest = tail;
        }
        out.push_str(rest);
        out
    }
}

/// List pickers and locations exist inside a conversation only.
pub fn can_be_approved(kind: &str) -> bool {
    !matches!(kind, "twilio/list-picker" | "twilio/location")
}

fn buttons(kind: &str, content: &Value) -> Vec<Value> {
    let list = |key: &str| {
        content
            .get(key)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    let field = |item: &Value, key: &str| {
        item.get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    if kind == "twilio/list-picker" {
        return list("items")
            .iter()
            .map(|item| {
                json!({"kind": "list-item", "title": field(item, "item"), "payload": field(item, "id"),
                       "description": field(item, "description")})
            })
            .collect();
    }
    let mut actions = list("actions");
    for card in list("cards") {
        actions.extend(
            card.get("actions")
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default(),
        );
    }
    actions
        .iter()
        .map(|action| {
            let title = field(action, "title");
            let (kind, target) = match field(action, "type").as_str() {
                "URL" => ("url", field(action, "url")),
                "PHONE_NUMBER" => ("phone", field(action, "phone")),
                "COPY_CODE" => ("copy-code", field(action, "code")),
                "VOICE_CALL" | "VOICE_CALL_REQUEST" => ("call", String::new()),
                _ => ("quick-reply", String::new()),
            };
            let id = field(action, "id");
            let payload = if id.is_empty() { title.clone() } else { id };
            json!({"kind": kind, "title": title, "target": target, "payload": payload})
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(types: Value, variables: Value) -> Content {
        let object = |value: Value| value.as_object().cloned().unwrap_or_default();
        Content {
            sid: "HX00000000000000000000000000000001".to_owned(),
            account: String::new(),
            friendly_name: String::new(),
            language: "it".to_owned(),
            variables: object(variables),
            types: object(types),
            created: 0,
            updated: 0,
            approval: None,
        }
    }

    fn values(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn values_go_everywhere_in_the_content() {
        let actions =
            json!([{"type": "URL", "title": "Track", "url": "https://example.org/{{2}}"}]);
        let content = content(
            json!({"twilio/call-to-action": {"body": "Ciao {{1}}", "actions": actions}}),
            json!({"1": "Anna", "2": "x"}),
        );
        let filled = content.fill(&values(json!({"1": "Luca", "2": "a1"})));
        assert_eq!(filled.body, "Ciao Luca");
        assert_eq!(
            filled.shown["buttons"][0]["target"],
            "https://example.org/a1"
        );
        assert!(filled.samples_used.is_empty());
    }

    #[test]
    fn missing_and_blank_values_become_the_sample_in_silence() {
        let content = content(
            json!({"twilio/text": {"body": "{{1}} {{2}} {{3}}"}}),
            json!({"1": "a", "2": "b"}),
        );
        let filled = content.fill(&values(json!({"2": " "})));
        assert_eq!(filled.body, "a b {{3}}");
        assert_eq!(filled.samples_used, ["1", "2"]);
        assert_eq!(filled.unfilled, ["3"]);
    }

    #[test]
    fn a_value_is_not_filled_in_again() {
        let content = content(json!({"twilio/text": {"body": "{{1}}"}}), json!({}));
        assert_eq!(content.fill(&values(json!({"1": "{{2}}"}))).body, "{{2}}");
    }

    #[test]
    fn only_what_is_approved_may_open() {
        let mut content = content(
            json!({"twilio/quick-reply": {"body": "x", "actions": []}}),
            json!({}),
        );
        assert!(!content.may_open(), "never submitted");
        for (status, may) in [
            ("received", false),
            ("paused", false),
            ("approved", true),
            ("disabled", false),
        ] {
            content.approval = Some(Approval::new("x", "UTILITY", status));
            assert_eq!(content.may_open(), may, "{status}");
        }
        content.types = values(json!({"twilio/list-picker": {"body": "x", "items": []}}));
        assert!(!content.may_open(), "a list picker never opens");
    }
}
