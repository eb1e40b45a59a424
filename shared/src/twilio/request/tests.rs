//! Does Twilio get what was permitted, and nothing more?

use super::*;
use crate::address::CustomerAddress;
use crate::id::{ContentSid, SenderId, TemplateId};
use crate::policy::{Proposal, Sender, authorize};
use crate::template::{Approval, Category, Kind, Localization, Template};
use crate::thread::Thread;
use crate::time::{Span, Timestamp};
use crate::twilio::form;
use proptest::prelude::*;
use std::collections::BTreeMap;

const NOW: Timestamp = Timestamp(1_800_000_000_000);
const CONTENT: &str = "HX0123456789abcdef0123456789abcdef";
const CALLBACK: &str =
    "https://finestra.example/twilio/demo/status?m=0123456789abcdef0123456789abcdef";

/// A sender whose one template has this text.
fn sender(body: &str) -> Sender {
    let localization = Localization {
        language: "it".into(),
        content_sid: ContentSid::parse(CONTENT),
        approval: Approval::Approved,
        kind: Kind::Text,
        body: body.into(),
        footer: None,
        buttons: vec![],
        samples: vec![],
    };
    Sender {
        id: SenderId::trusted("milano"),
        name: "Milano".into(),
        number: "+390212345678".into(),
        language: "it".into(),
        margin: Span::seconds(15),
        active: true,
        templates: vec![Template {
            id: TemplateId::trusted("consegna"),
            name: "Consegna".into(),
            category: Category::Utility,
            default_language: "it".into(),
            localizations: vec![localization],
        }],
    }
}

/// What Twilio is given, if the customer wrote `ago`.
fn check(
    customer: &str,
    ago: Span,
    template: &str,
    proposal: &Proposal,
    expected: &[(&str, &str)],
) {
    let mut thread = Thread::new(
        SenderId::trusted("milano"),
        CustomerAddress::trusted(customer),
    );
    thread.window.inbound(NOW - ago);
    let params = authorize(&thread, &sender(template), proposal, NOW)
        .map(|permit| create(&permit, CALLBACK));
    let expected = expected
        .iter()
        .map(|(name, value)| ((*name).into(), (*value).into()))
        .collect();
    assert_eq!(params, Ok(expected));
}

fn text(body: &str) -> Proposal {
    Proposal::Text { body: body.into() }
}

fn template(values: &[(&str, &str)]) -> Proposal {
    let values = values
        .iter()
        .map(|(name, value)| Value {
            name: (*name).into(),
            value: (*value).into(),
        })
        .collect();
    Proposal::Template {
        template: TemplateId::trusted("consegna"),
        language: "it".into(),
        values,
    }
}

#[test]
fn a_session_message_ends_with_its_window() {
    let expected = |to, validity| {
        [
            ("To", to),
            ("From", "whatsapp:+390212345678"),
            ("Body", "Buongiorno!\nArriva alle 15."),
            ("StatusCallback", CALLBACK),
            ("ValidityPeriod", validity),
        ]
    };
    let body = text("Buongiorno!\nArriva alle 15.");
    check(
        "+393471234567",
        Span::hours(1),
        "",
        &body,
        &expected("whatsapp:+393471234567", "36000"),
    );
    check(
        "IT.1A2b",
        Span::hours(23),
        "",
        &body,
        &expected("whatsapp:IT.1A2b", "3585"),
    );
}

#[test]
fn a_template_has_no_body() {
    let closed = Span::hours(30);
    check(
        "+393471234567",
        closed,
        "Il {{1}} di {{name}} arriva.",
        &template(&[("1", "\"pacco\" \\ 2"), ("name", "Anna è")]),
        &[
            ("To", "whatsapp:+393471234567"),
            ("From", "whatsapp:+390212345678"),
            ("ContentSid", CONTENT),
            (
                "ContentVariables",
                r#"{"1":"\"pacco\" \\ 2","name":"Anna è"}"#,
            ),
            ("StatusCallback", CALLBACK),
        ],
    );
    check(
        "+393471234567",
        closed,
        "Siamo aperti.",
        &template(&[]),
        &[
            ("To", "whatsapp:+393471234567"),
            ("From", "whatsapp:+390212345678"),
            ("ContentSid", CONTENT),
            ("StatusCallback", CALLBACK),
        ],
    );
}

#[test]
fn what_json_escapes() {
    let escaped = |text: &str| {
        let mut json = String::new();
        string(text, &mut json);
        json
    };
    assert_eq!(escaped("a\"b\\c/d"), r#""a\"b\\c/d""#);
    assert_eq!(
        escaped("\0\n\u{f}\u{10}\u{1f} \u{7f}"),
        "\"\\u0000\\u000a\\u000f\\u0010\\u001f \u{7f}\""
    );
    assert_eq!(escaped("è🙂\u{2028}"), "\"è🙂\u{2028}\"");
}

proptest! {
    #[test]
    fn a_json_reader_reads_the_same(variables in prop::collection::btree_map(any::<String>(), any::<String>(), 0..5)) {
        let values: Vec<Value> =
            variables.iter().map(|(name, value)| Value { name: name.clone(), value: value.clone() }).collect();
        let read: Option<BTreeMap<String, String>> = serde_json::from_str(&object(&values)).ok();
        prop_assert_eq!(read, Some(variables));
    }

    #[test]
    fn a_text_arrives_at_twilio_as_written(body in "\\PC{1,200}x") {
        let mut thread = Thread::new(SenderId::trusted("milano"), CustomerAddress::trusted("+393471234567"));
        thread.window.inbound(NOW);
        let sent = authorize(&thread, &sender(""), &text(&body), NOW).map(|permit| form::print(&create(&permit, CALLBACK)));
        let read = form::parse(sent.unwrap_or_default().as_bytes()).unwrap_or_default();
        prop_assert_eq!(read.get("Body"), Some(body.as_str()));
        prop_assert_eq!(read.get("ContentSid"), None);
    }
}
