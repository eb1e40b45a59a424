//! Which bodies are taken, and which field is named if one is not?

use super::*;
use crate::directory::rules::{AccountDraft, SenderDraft};
use crate::directory::settings::LanguageWords;
use crate::seal::{SealingKey, open};
use serde_json::json;
use shared::consent::ConsentWords;
use shared::id::{AccountId, SenderId, TemplateId, WorkstreamId};
use shared::template::{Approval, Category, Kind};
use shared::time::Timestamp;
use shared::window::DEFAULT_MARGIN;

const SID: &str = "AC0123456789abcdef0123456789abcdef";
const CONTENT: &str = "HX0123456789abcdef0123456789abcdef";

/// `body` with the value at `pointer` exchanged.
fn with(mut body: Value, pointer: &str, value: Value) -> Value {
    match body.pointer_mut(pointer) {
        Some(place) => *place = value,
        None => {
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            body.pointer_mut(parent)
                .unwrap()
                .as_object_mut()
                .unwrap()
                .insert(name.into(), value);
        }
    }
    body
}

fn field_of(result: Result<Change, Problem>) -> String {
    match result {
        Ok(_) => "taken".into(),
        Err(problem) => {
            assert_eq!(
                (problem.status, problem.code.as_str()),
                (400, "field-invalid")
            );
            assert!(problem.remedy.is_some(), "{problem:?}");
            problem.facts["field"].as_str().unwrap().into()
        }
    }
}

fn account_body() -> Value {
    json!({ "name": "Demo", "account_sid": SID, "auth_token": "0123456789abcdef0123456789abcdef" })
}

fn read_account(body: &Value) -> Result<Change, Problem> {
    account(&AccountId::trusted("demo"), body, &SealingKey::new("key"))
}

fn account_draft(body: &Value) -> AccountDraft {
    match read_account(body) {
        Ok(Change::PutAccount(draft)) => draft,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_account_comes_with_its_token_sealed() {
    let draft = account_draft(&account_body());
    let sealed = draft.token.unwrap();
    let opened = open(
        &SealingKey::new("key"),
        &AccountId::trusted("demo"),
        &sealed,
    );
    assert_eq!(opened.as_deref(), Some("0123456789abcdef0123456789abcdef"));
    assert_eq!((draft.next_token, draft.active), (Given::Keep, true));
}

#[test]
fn tokens_may_be_kept_and_a_rotation_ended() {
    let body = json!({ "name": "Demo", "account_sid": SID, "next_auth_token": null });
    let draft = account_draft(&body);
    assert_eq!((draft.token, draft.next_token), (None, Given::Remove));
    let draft = account_draft(&with(
        account_body(),
        "/next_auth_token",
        json!("another-token"),
    ));
    assert!(matches!(draft.next_token, Given::Set(_)));
}

#[test]
fn a_wrong_field_of_an_account_is_named() {
    for (pointer, value, field) in [
        ("/name", json!(""), "name"),
        ("/name", json!(" \u{200b}"), "name"),
        ("/name", json!(7), "name"),
        ("/name", json!("x".repeat(101)), "name"),
        ("/account_sid", json!("AC123"), "account_sid"),
        ("/account_sid", Value::Null, "account_sid"),
        ("/auth_token", json!("short"), "auth_token"),
        ("/auth_token", json!("with space in it"), "auth_token"),
        ("/next_auth_token", json!(1), "next_auth_token"),
        ("/active", json!("yes"), "active"),
        ("/token", json!("misspelt"), "token"),
    ] {
        let body = with(account_body(), pointer, value);
        assert_eq!(field_of(read_account(&body)), field, "{body}");
    }
    assert_eq!(field_of(read_account(&json!([]))), "");
}

fn sender_body() -> Value {
    json!({ "account": "demo", "name": "Milano", "number": "+39 02 1234 5678", "language": "it" })
}

fn read_sender(body: &Value) -> Result<Change, Problem> {
    sender(&SenderId::trusted("milano"), body)
}

fn sender_draft(body: &Value) -> SenderDraft {
    match read_sender(body) {
        Ok(Change::PutSender(draft)) => draft,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_sender_has_defaults() {
    let draft = sender_draft(&sender_body());
    assert_eq!(draft.sender.number, "+390212345678");
    assert_eq!(draft.sender.margin, DEFAULT_MARGIN);
    assert_eq!(draft.settings.words, None, "left to the rules");
    assert!(draft.sender.active);
}

#[test]
fn words_are_trimmed_and_each_there_once() {
    let draft = sender_draft(&with(
        sender_body(),
        "/opt_out_words",
        json!([" Fermo ", "FERMO", "alt"]),
    ));
    let words = draft.settings.words.unwrap();
    assert_eq!(words[0].language, "it");
    assert_eq!(words[0].opt_out, ["Fermo", "alt"]);
    assert_eq!(words[0].opt_in, ConsentWords::default().opt_in);
}

#[test]
fn what_is_set_of_a_sender_besides() {
    let body = with(sender_body(), "/workstream", json!("support"));
    let body = with(body, "/attachments", json!({ "customers": true }));
    let body = with(body, "/recover_from", Value::Null);
    let body = with(body, "/sandbox", json!({ "join_code": "join brave-otter" }));
    let words = json!({ "it": { "opt_out": ["BASTA"] }, "en": { "opt_out": ["STOP"], "opt_in": ["START"] } });
    let settings = sender_draft(&with(body, "/words", words)).settings;
    assert_eq!(
        settings.workstream,
        Given::Set(WorkstreamId::trusted("support"))
    );
    let attachments = settings.attachments.unwrap();
    assert!(attachments.customers && !attachments.agents);
    assert_eq!(settings.behaviours, None);
    assert_eq!(settings.recover_from, Given::<Timestamp>::Remove);
    assert_eq!(settings.sandbox, Given::Set("brave-otter".into()));
    let en = LanguageWords {
        language: "en".into(),
        opt_out: vec!["STOP".into()],
        opt_in: vec!["START".into()],
    };
    assert_eq!(settings.words.unwrap()[0], en);
}

#[test]
fn a_wrong_field_of_a_sender_is_named() {
    for (pointer, value, field) in [
        ("/account", json!("De Mo"), "account"),
        ("/number", json!("02 12345678"), "number"),
        ("/number", json!("IT.13491208655302741918"), "number"),
        ("/number", Value::Null, "number"),
        ("/language", json!("Italiano"), "language"),
        ("/language", json!("it_IT"), "language"),
        ("/language", json!("it-"), "language"),
        ("/margin_ms", json!(-1), "margin_ms"),
        ("/margin_ms", json!(600_001), "margin_ms"),
        ("/margin_ms", json!(1.5), "margin_ms"),
        ("/margin_ms", json!("15000"), "margin_ms"),
        ("/opt_out_words", json!("STOP"), "opt_out_words"),
        ("/opt_out_words", json!(["STOP", ""]), "opt_out_words[1]"),
        ("/opt_out_words", json!([1]), "opt_out_words[0]"),
        ("/opt_in_words", json!(["stop"]), "opt_in_words"),
        ("/margin", json!(1), "margin"),
        ("/workstream", json!("No Slug"), "workstream"),
        ("/attachments", json!({ "all": true }), "attachments.all"),
        ("/behaviours", json!({ "survey": 1 }), "behaviours.survey"),
        ("/recover_from", json!("today"), "recover_from"),
        ("/sandbox", json!({}), "sandbox.join_code"),
        ("/words", json!({ "Italiano": {} }), "words.Italiano"),
        (
            "/words",
            json!({ "it": { "opt_out": [1] } }),
            "words.it.opt_out[0]",
        ),
        (
            "/words",
            json!({ "it": { "opt_out": ["A"], "opt_in": ["a"] } }),
            "words.it.opt_in",
        ),
    ] {
        let body = with(sender_body(), pointer, value);
        assert_eq!(field_of(read_sender(&body)), field, "{body}");
    }
    for (pointer, value) in [
        ("/margin_ms", json!(0)),
        ("/margin_ms", json!(600_000)),
        ("/language", json!("zh-Hant-TW")),
    ] {
        let body = with(sender_body(), pointer, value);
        assert_eq!(field_of(read_sender(&body)), "taken", "{body}");
    }
}

fn template_body() -> Value {
    let localization = |language: &str, sid: Value| {
        json!({
            "language": language, "content_sid": sid, "approval": "approved", "kind": "quick-reply",
            "body": "Ciao {{1}}", "footer": null,
            "buttons": [{ "kind": "quick-reply", "title": "Sì", "target": "" }],
            "samples": [{ "name": "1", "value": "Anna" }],
        })
    };
    json!({
        "name": "Saluto", "category": "utility", "default_language": "it", "senders": ["milano", "london", "milano"],
        "localizations": [localization("it", json!(CONTENT)), localization("en_GB", Value::Null)],
    })
}

fn read_template(body: &Value) -> Result<Change, Problem> {
    template(&TemplateId::trusted("hello"), body)
}

#[test]
fn a_template_is_sorted() {
    let Ok(Change::PutTemplate(entry)) = read_template(&template_body()) else {
        panic!("not taken")
    };
    let languages: Vec<&str> = entry
        .template
        .localizations
        .iter()
        .map(|l| l.language.as_str())
        .collect();
    assert_eq!(languages, ["en_GB", "it"]);
    assert_eq!(entry.senders, ["london", "milano"].map(SenderId::trusted));
    assert_eq!(entry.template.category, Category::Utility);
    let italian = entry.template.localization("it").unwrap();
    assert_eq!(
        (italian.approval, italian.kind, &italian.footer),
        (Approval::Approved, Kind::QuickReply, &None)
    );
}

#[test]
fn a_wrong_field_of_a_template_is_named() {
    for (pointer, value, field) in [
        ("/category", json!("UTILITY"), "category"),
        ("/category", Value::Null, "category"),
        ("/default_language", json!("de"), "default_language"),
        ("/senders", json!(["Milano"]), "senders[0]"),
        ("/senders", json!("milano"), "senders"),
        ("/localizations", json!([]), "default_language"),
        ("/localizations", json!({}), "localizations"),
        ("/localizations/0", json!("it"), "localizations[0]"),
        ("/localizations/1/language", json!("it"), "localizations"),
        (
            "/localizations/1/content_sid",
            json!(CONTENT),
            "localizations",
        ),
        (
            "/localizations/0/content_sid",
            json!("HX1"),
            "localizations[0].content_sid",
        ),
        (
            "/localizations/0/approval",
            json!("APPROVED"),
            "localizations[0].approval",
        ),
        (
            "/localizations/0/kind",
            json!("hologram"),
            "localizations[0].kind",
        ),
        ("/localizations/1/body", json!(" "), "localizations[1].body"),
        (
            "/localizations/1/body",
            json!("x".repeat(1_025)),
            "localizations[1].body",
        ),
        (
            "/localizations/0/buttons/0/kind",
            json!("swipe"),
            "localizations[0].buttons[0].kind",
        ),
        (
            "/localizations/0/buttons/0/title",
            json!(""),
            "localizations[0].buttons[0].title",
        ),
        (
            "/localizations/0/samples/0/name",
            json!("a-b"),
            "localizations[0].samples[0].name",
        ),
        (
            "/localizations/0/sample",
            json!([]),
            "localizations[0].sample",
        ),
    ] {
        let body = with(template_body(), pointer, value);
        assert_eq!(field_of(read_template(&body)), field, "{pointer}");
    }
}

#[test]
fn a_text_keeps_its_line_breaks() {
    let body = with(
        template_body(),
        "/localizations/0/body",
        json!("Ciao {{1}},\n\ngrazie.\n"),
    );
    let Ok(Change::PutTemplate(entry)) = read_template(&body) else {
        panic!("not taken")
    };
    assert_eq!(
        entry.template.localization("it").unwrap().body,
        "Ciao {{1}},\n\ngrazie.\n"
    );
}

#[test]
fn a_file_of_the_whole_set_up_is_read_back_as_it_was_written() {
    let file = json!({
        "finestra": 1,
        "accounts": [{ "id": "demo", "name": "Demo", "account_sid": SID, "active": true }],
        "workstreams": [{ "id": "support", "name": "Support", "distribution": "push", "active": true }],
        "senders": [with(sender_body(), "/id", json!("milano"))],
        "templates": [with(with(template_body(), "/id", json!("hello")), "/source", json!("demo"))],
    });
    let read = |file: &Value| configuration::changes(file, Timestamp(5));
    let changes = read(&file).unwrap();
    let places: Vec<&str> = changes.iter().map(|(place, _)| place.as_str()).collect();
    assert_eq!(
        places,
        [
            "accounts[0]",
            "workstreams[0]",
            "senders[0]",
            "templates[0]"
        ]
    );
    let flawed = |pointer: &str, value: Value| {
        let problem = read(&with(file.clone(), pointer, value)).unwrap_err();
        (
            problem.code.clone(),
            problem.facts["field"].as_str().unwrap().to_string(),
        )
    };
    let invalid = |field: &str| ("field-invalid".to_string(), field.to_string());
    assert_eq!(
        flawed("/senders/0/number", json!("12")),
        invalid("senders[0].number")
    );
    assert_eq!(
        flawed("/senders/0/id", json!("A B")),
        invalid("senders[0].id")
    );
    assert_eq!(
        flawed("/accounts/0/auth_token", json!("x")),
        invalid("accounts[0].auth_token")
    );
    assert_eq!(flawed("/nonsense", json!([])), invalid("nonsense"));
    assert_eq!(flawed("/finestra", json!(2)).0, "configuration-newer");
    assert_eq!(flawed("/finestra", json!("1")), invalid("finestra"));
}
