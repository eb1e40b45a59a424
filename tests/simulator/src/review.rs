//! What does WhatsApp find wrong with a template? The rules its review goes by before a person looks.

use serde_json::Value;

use crate::template::Content;

/// A piece of a text: a variable's name, or what stands between variables.
#[derive(Debug, PartialEq, Eq)]
enum Piece<'a> {
    Variable(&'a str),
    Words(&'a str),
}

/// The rejection as Twilio words it.
pub fn reason(name: &str, sid: &str, words: &str) -> String {
    let template = format!("{name}_{}", sid.to_lowercase());
    format!(
        "INVALID_FORMAT. Facebook is not able to create template with templateName={template} due to the \
         following error: Invalid parameter. More Details: {words}"
    )
}

/// The first rule that a template breaks.
pub fn objection(content: &Content) -> Option<&'static str> {
    let kind = content.kind();
    let approval = content.approval.as_ref();
    let authentication = approval.is_some_and(|it| it.category == "AUTHENTICATION");
    if authentication != (kind == "whatsapp/authentication") {
        return Some("The category does not fit the template's content");
    }
    let fields = content.types.get(kind)?;
    let body = text(fields, "body").or_else(|| text(fields, "title"));
    body.and_then(body_objection)
        .or_else(|| sample_objection(content, fields))
}

fn text<'a>(fields: &'a Value, name: &str) -> Option<&'a str> {
    fields.get(name).and_then(Value::as_str)
}

fn body_objection(body: &str) -> Option<&'static str> {
    let pieces = pieces(body);
    let variables: Vec<&str> = pieces
        .iter()
        .filter_map(|piece| match piece {
            Piece::Variable(name) => Some(*name),
            Piece::Words(_) => None,
        })
        .collect();
    if body.contains("\n\n\n") || body.contains("     ") {
        return Some("The body has too many line breaks or spaces in a row");
    }
    if body.encode_utf16().count() > 1_024 {
        return Some("The body is longer than 1024 characters");
    }
    if matches!(pieces.first(), Some(Piece::Variable(_)))
        || matches!(pieces.last(), Some(Piece::Variable(_)))
    {
        return Some("Variables can't be at the start or end of the template");
    }
    let adjacent = pieces
        .windows(2)
        .any(|pair| matches!(pair, [Piece::Variable(_), Piece::Variable(_)]));
    if adjacent {
        return Some("Variables can't stand next to each other");
    }
    let mut different = variables.clone();
    different.sort_unstable();
    different.dedup();
    let count = different.len();
    let sequential = (1..=count).all(|number| different.contains(&number.to_string().as_str()));
    let numbered = different
        .iter()
        .any(|name| name.bytes().all(|b| b.is_ascii_digit()));
    if numbered && !sequential {
        return Some("Variables must be numbered from 1 without a gap");
    }
    let words: usize = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Words(words) => words
                .split_whitespace()
                .filter(|word| word.contains(char::is_alphanumeric))
                .count(),
            Piece::Variable(_) => 0,
        })
        .sum();
    if count > 0 && words < 2 * count + 1 {
        return Some("This template has too many variables for its length");
    }
    None
}

/// Each variable, wherever it stands, needs a sample.
fn sample_objection(content: &Content, fields: &Value) -> Option<&'static str> {
    let bare = match fields {
        Value::String(text) => pieces(text).iter().any(|piece| {
            matches!(piece, Piece::Variable(name)
                if content.variables.get(*name).and_then(Value::as_str).is_none_or(|it| it.trim().is_empty()))
        }),
        Value::Array(items) => items.iter().any(|item| sample_objection(content, item).is_some()),
        Value::Object(items) => items.values().any(|item| sample_objection(content, item).is_some()),
        _ => false,
    };
    bare.then_some(
        "Message template 'components' param is missing expected field(s). component of type BODY is missing expected field(s) (example)",
    )
}

/// Cuts a text at its variables. Blank text between two of them counts as nothing.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, tail)) = after.split_once("}}") else {
            break;
        };
        if !before.trim().is_empty() {
            pieces.push(Piece::Words(before));
        }
        pieces.push(Piece::Variable(name));
        rest = tail;
    }
    if !rest.trim().is_empty() {
        pieces.push(Piece::Words(rest));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::Approval;
    use serde_json::json;

    fn judged(body: &str, samples: Value, category: &str) -> Option<&'static str> {
        let object = |value: Value| value.as_object().cloned().unwrap_or_default();
        objection(&Content {
            sid: String::new(),
            account: String::new(),
            friendly_name: String::new(),
            language: "it".to_owned(),
            variables: object(samples),
            types: object(json!({"twilio/text": {"body": body}})),
            created: 0,
            updated: 0,
            approval: Some(Approval::new("x", category, "received")),
        })
    }

    #[test]
    fn each_rule_has_a_text_that_breaks_it() {
        let samples = json!({"1": "Anna", "2": "domani", "3": "x"});
        let long = "x".repeat(1_025);
        for (body, broken) in [
            ("Ciao, il tuo ordine è pronto.", None),
            ("Ciao {{1}}, il tuo ordine arriva {{2}}.", None),
            ("{{1}}, il tuo ordine è pronto.", Some("start or end")),
            ("Il tuo ordine è pronto, {{1}}", Some("start or end")),
            (
                "Ciao a te {{1}} {{2}} e tanti saluti a casa.",
                Some("next to each other"),
            ),
            (
                "Ciao a te {{1}} e tanti saluti a {{3}} di cuore.",
                Some("without a gap"),
            ),
            ("Ciao a te {{2}} e tanti saluti.", Some("without a gap")),
            (
                "Ciao {{1}} e {{2}}!",
                Some("start or end|too many variables"),
            ),
            ("Ciao {{1}}, ciao!", Some("too many variables")),
            ("Prima riga\n\n\nseconda riga", Some("line breaks")),
            (&long, Some("1024")),
            (
                "Ciao {{1}}, arriva {{2}} con {{3}} e {{4}} insieme a tutti gli altri.",
                Some("example"),
            ),
        ] {
            let found = judged(body, samples.clone(), "UTILITY");
            let fits = match broken {
                None => found.is_none(),
                Some(words) => {
                    found.is_some_and(|found| words.split('|').any(|it| found.contains(it)))
                }
            };
            assert!(fits, "{body}: {found:?}");
        }
    }

    #[test]
    fn a_name_may_repeat_and_a_category_must_fit() {
        let samples = json!({"1": "Anna"});
        let body = "Ciao {{1}}, sei proprio tu, {{1}}, oppure no?";
        assert_eq!(judged(body, samples.clone(), "MARKETING"), None);
        assert!(judged(body, samples, "AUTHENTICATION").is_some());
    }
}
