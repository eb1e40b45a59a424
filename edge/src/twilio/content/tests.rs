//! Twilio's entries, as its documentation and its answers have them, and what is read of them.

use super::*;
use serde_json::json;
use shared::template::ButtonKind;

const SID: &str = "HX0123456789abcdef0123456789abcdef";

/// An entry of the list with these types and this approval.
fn entry(types: Value, approval: Value) -> Value {
    json!({
        "sid": SID,
        "account_sid": "AC0123456789abcdef0123456789abcdef",
        "friendly_name": "Order shipped",
        "language": "it",
        "variables": { "1": "Anna", "10": "x", "2": "4711" },
        "types": types,
        "approval_requests": approval,
        "date_created": "2026-11-22T09:00:00Z",
    })
}

fn read(types: Value) -> Content {
    reading::content(&entry(types, json!({ "status": "approved" }))).expect("an entry")
}

fn button(kind: ButtonKind, title: &str, target: &str) -> Button {
    Button {
        kind,
        title: title.into(),
        target: target.into(),
    }
}

fn samples(all: &[(&str, &str)]) -> Vec<Sample> {
    let sample = |(name, value): &(&str, &str)| Sample {
        name: (*name).into(),
        value: (*value).into(),
    };
    all.iter().map(sample).collect()
}

fn submission() -> Submission {
    Submission {
        name: "order_shipped".into(),
        category: Category::Utility,
        language: "it".into(),
        body: "Ciao {{1}}, il tuo ordine {{2}} è partito oggi.".into(),
        footer: None,
        buttons: vec![],
        samples: samples(&[("1", "Anna"), ("2", "4711")]),
    }
}

#[test]
fn an_approved_text() {
    let approval = json!({
        "name": "order_shipped", "category": "UTILITY", "content_type": "twilio/text",
        "status": "approved", "rejection_reason": "", "allow_category_change": true,
    });
    let types = json!({ "twilio/text": { "body": "Ciao {{2}}, ordine {{1}}." } });
    let expected = Content {
        sid: ContentSid::trusted(SID),
        name: "Order shipped".into(),
        language: "it".into(),
        category: Some(Category::Utility),
        status: Approval::Approved,
        rejection_reason: None,
        kind: Kind::Text,
        body: "Ciao {{2}}, ordine {{1}}.".into(),
        footer: None,
        buttons: vec![],
        samples: samples(&[("2", "4711"), ("1", "Anna")]),
    };
    assert_eq!(reading::content(&entry(types, approval)), Some(expected));
}

#[test]
fn what_whatsapp_says() {
    let check = |approval: Value, status, category, reason: Option<&str>| {
        let verdict = reading::verdict(Some(&approval));
        let expected = Verdict {
            status,
            category,
            rejection_reason: reason.map(Into::into),
        };
        assert_eq!(verdict, expected, "{approval}");
    };
    check(
        json!({ "status": "rejected", "category": "TRANSACTIONAL", "rejection_reason": "INVALID_FORMAT" }),
        Approval::Rejected,
        Some(Category::Utility),
        Some("INVALID_FORMAT"),
    );
    check(
        json!({ "status": "unsubmitted", "category": "", "rejection_reason": "" }),
        Approval::Unsubmitted,
        None,
        None,
    );
    check(
        json!({ "status": "in_appeal", "category": "TRANSPORTATION_UPDATE" }),
        Approval::Unknown,
        Some(Category::Utility),
        None,
    );
    check(
        json!({ "status": "approved", "category": "HOLOGRAM" }),
        Approval::Approved,
        Some(Category::Marketing),
        None,
    );
    check(
        json!({ "status": "APPROVED" }),
        Approval::Unknown,
        None,
        None,
    );
    check(json!({}), Approval::Unknown, None, None);
    check(Value::Null, Approval::Unsubmitted, None, None);
    assert_eq!(reading::verdict(None).status, Approval::Unsubmitted);
}

#[test]
fn kinds_and_their_texts() {
    let check = |types: Value, kind, body: &str, footer: Option<&str>| {
        let content = read(types.clone());
        let told = (
            content.kind,
            content.body.as_str(),
            content.footer.as_deref(),
        );
        assert_eq!(told, (kind, body, footer), "{types}");
    };
    let media = json!({ "body": "Ecco", "media": ["https://example.com/a.jpg"] });
    check(json!({ "twilio/media": media }), Kind::Media, "Ecco", None);
    let no_text = json!({ "media": ["https://example.com/a.jpg"] });
    check(json!({ "twilio/media": no_text }), Kind::Media, "", None);
    let card = json!({ "title": "Titolo", "subtitle": "Sotto" });
    check(
        json!({ "twilio/card": card }),
        Kind::Card,
        "Titolo",
        Some("Sotto"),
    );
    let card = json!({ "body": "Testo", "footer": "Sotto", "header_text": "Sopra" });
    check(
        json!({ "whatsapp/card": card }),
        Kind::Card,
        "Testo",
        Some("Sotto"),
    );
    let list =
        json!({ "body": "Quale?", "button": "Scegli", "items": [{ "id": "a", "item": "A" }] });
    check(
        json!({ "twilio/list-picker": list }),
        Kind::ListPicker,
        "Quale?",
        None,
    );
    let code = json!({ "actions": [{ "type": "COPY_CODE", "copy_code_text": "Copia" }] });
    check(
        json!({ "whatsapp/authentication": code }),
        Kind::Authentication,
        "{{1}}",
        None,
    );
    let schedule = json!({ "id": "a", "title": "Quando?", "timeSlots": "" });
    check(
        json!({ "twilio/schedule": schedule }),
        Kind::Unknown,
        "Quando?",
        None,
    );
    check(
        json!({ "twilio/hologram": { "body": "Ciao" } }),
        Kind::Unknown,
        "Ciao",
        None,
    );
    check(json!({ "twilio/text": null }), Kind::Text, "", None);
    check(json!({}), Kind::Unknown, "", None);
    check(Value::Null, Kind::Unknown, "", None);
}

#[test]
fn of_several_types_the_one_that_was_handed_in() {
    let types = json!({
        "twilio/text": { "body": "semplice" },
        "twilio/quick-reply": { "body": "ricco", "actions": [] },
        "whatsapp/card": { "body": "suo" },
    });
    let kind = |content_type: &str| {
        let approval = json!({ "status": "approved", "content_type": content_type });
        reading::content(&entry(types.clone(), approval)).map(|content| content.kind)
    };
    assert_eq!(kind("twilio/quick-reply"), Some(Kind::QuickReply));
    assert_eq!(kind("twilio/text"), Some(Kind::Text));
    assert_eq!(kind(""), Some(Kind::Card));
    assert_eq!(kind("twilio/gone"), Some(Kind::Card));
}

#[test]
fn buttons() {
    let actions = json!([
        { "type": "QUICK_REPLY", "title": "Sì", "id": "yes" },
        { "title": "No", "id": "no" },
        { "type": "URL", "title": "Apri", "url": "https://example.com/{{1}}" },
        { "type": "URL", "title": "Altro", "url": ["https://example.com"] },
        { "type": "PHONE_NUMBER", "title": "Chiama", "phone": "+390212345678" },
        { "type": "COPY_CODE", "title": "Copia", "code": "SALE25" },
        { "type": "VOICE_CALL", "title": "Parla" },
        { "type": "URL", "url": "https://example.com" },
        "nothing",
    ]);
    let content = read(json!({ "whatsapp/card": { "body": "Ciao", "actions": actions } }));
    let expected = [
        button(ButtonKind::QuickReply, "Sì", "yes"),
        button(ButtonKind::QuickReply, "No", "no"),
        button(ButtonKind::Url, "Apri", "https://example.com/{{1}}"),
        button(ButtonKind::Url, "Altro", "https://example.com"),
        button(ButtonKind::Phone, "Chiama", "+390212345678"),
        button(ButtonKind::CopyCode, "Copia", "SALE25"),
    ];
    assert_eq!(content.buttons, expected);
    assert_eq!(content.samples, samples(&[("1", "Anna")]));
}

#[test]
fn a_variable_that_cannot_be_filled_in_opens_no_conversation() {
    let kind = |types: Value| read(types).kind;
    let media = json!({ "body": "Ecco {{1}}", "media": ["https://example.com/{{2}}"] });
    assert_eq!(kind(json!({ "twilio/media": media })), Kind::Unknown);
    let known = json!({ "body": "Ecco {{1}}", "media": ["https://example.com/{{1}}"] });
    assert_eq!(kind(json!({ "twilio/media": known })), Kind::Media);
    let cards = json!([{ "title": "{{2}}", "body": "a", "media": "b", "actions": [] }]);
    let carousel = json!({ "body": "Ecco {{1}}", "cards": cards });
    assert_eq!(kind(json!({ "twilio/carousel": carousel })), Kind::Unknown);
    let header = json!({ "body": "Ecco", "header_text": "Ciao {{1}}" });
    assert_eq!(kind(json!({ "whatsapp/card": header })), Kind::Unknown);
}

#[test]
fn what_has_no_name_is_left_out() {
    let types = json!({ "twilio/text": { "body": "Ciao" } });
    let without = |field: &str, value: Value| {
        let mut entry = entry(types.clone(), Value::Null);
        entry[field] = value;
        reading::content(&entry)
    };
    assert_eq!(without("sid", json!("HX1")), None);
    assert_eq!(without("sid", Value::Null), None);
    assert_eq!(without("language", json!("")), None);
    assert!(without("friendly_name", Value::Null).is_some());
    assert!(without("variables", json!([])).is_some());
    for odd in [json!(null), json!("x"), json!([]), json!({})] {
        assert_eq!(reading::content(&odd), None);
    }
}

#[test]
fn what_came_twice_is_there_once() {
    let content = |end: char, name: &str| {
        let mut content = read(json!({ "twilio/text": { "body": "Ciao" } }));
        content.sid = ContentSid::trusted(format!("HX{end}"));
        content.name = name.into();
        content
    };
    let all = vec![content('b', "1"), content('a', "2"), content('b', "3")];
    let names: Vec<String> = each_once(all).into_iter().map(|it| it.name).collect();
    assert_eq!(names, ["2", "1"]);
}

#[test]
fn a_submission_in_twilios_words() {
    let mut given = submission();
    let text = json!({
        "friendly_name": "order_shipped",
        "language": "it",
        "variables": { "1": "Anna", "2": "4711" },
        "types": { "twilio/text": { "body": given.body } },
    });
    assert_eq!(resource::content(&given), text);
    given.buttons = vec![
        button(ButtonKind::QuickReply, "Sì", ""),
        button(ButtonKind::Url, "Apri", "https://example.com"),
    ];
    given.footer = Some("Rispondi STOP".into());
    let card = json!({
        "body": given.body,
        "footer": "Rispondi STOP",
        "actions": [
            { "type": "QUICK_REPLY", "title": "Sì", "id": "Sì" },
            { "type": "URL", "title": "Apri", "url": "https://example.com" },
        ],
    });
    assert_eq!(
        resource::content(&given)["types"],
        json!({ "whatsapp/card": card })
    );
    given.footer = None;
    given.buttons.pop();
    assert!(resource::content(&given)["types"]["twilio/quick-reply"].is_object());
    given.buttons = vec![button(ButtonKind::CopyCode, "Copia", "SALE25")];
    let action = &resource::content(&given)["types"]["twilio/call-to-action"]["actions"][0];
    assert_eq!(
        action,
        &json!({ "type": "COPY_CODE", "title": "Copia", "code": "SALE25" })
    );
}

#[test]
fn what_was_made_is_found_again() {
    let mut given = submission();
    given.buttons = vec![
        button(ButtonKind::QuickReply, "Sì", ""),
        button(ButtonKind::Phone, "Chiama", "+390212345678"),
    ];
    let listed = |end: char, change: fn(&mut Content)| {
        let mut made = resource::content(&given);
        made["sid"] = json!(format!("HX{}", String::from(end).repeat(32)));
        made["approval_requests"] = json!({ "status": "unsubmitted", "category": "" });
        let mut content = reading::content(&made).expect("an entry");
        change(&mut content);
        content
    };
    let others = [
        listed('1', |it| it.name = "order_lost".into()),
        listed('2', |it| it.language = "en".into()),
        listed('3', |it| it.body = "Ciao".into()),
        listed('4', |it| it.buttons.clear()),
        listed('5', |it| it.status = Approval::Approved),
    ];
    let nobodys = |_: &ContentSid| false;
    assert_eq!(unclaimed(&others, &given, nobodys), None);
    let mut all = Vec::from(others);
    all.push(listed('6', |_| {}));
    all.push(listed('7', |_| {}));
    let found = |claimed: &[char]| {
        let is = |sid: &ContentSid| claimed.iter().any(|end| sid.as_str().ends_with(*end));
        unclaimed(&all, &given, is).map(|sid| sid.as_str().chars().last())
    };
    assert_eq!(found(&[]), Some(Some('6')));
    assert_eq!(found(&['6']), Some(Some('7')));
    assert_eq!(found(&['6', '7']), None);
}
