//! Which changes may be, and what follows?

mod together;

use super::*;
use crate::directory::settings::Settings;
use serde_json::json;
use shared::consent::ConsentWords;
use shared::template::{Category, Template};
use shared::window::DEFAULT_MARGIN;

fn account_id(id: &str) -> AccountId {
    AccountId::trusted(id)
}

fn sender_id(id: &str) -> SenderId {
    SenderId::trusted(id)
}

fn sid(n: u8) -> AccountSid {
    AccountSid::trusted(format!("AC{n:032}"))
}

fn account(id: &str) -> Account {
    Account {
        id: account_id(id),
        version: 1,
        name: id.into(),
        account_sid: sid(1),
        token: "v1.sealed.old".into(),
        next_token: None,
        api_key: None,
        active: true,
    }
}

fn account_draft(id: &str, token: Option<&str>) -> AccountDraft {
    AccountDraft {
        id: account_id(id),
        name: id.into(),
        account_sid: sid(1),
        token: token.map(Into::into),
        next_token: Given::Keep,
        api_key: Given::Keep,
        without_token: false,
        active: true,
    }
}

fn sender_draft(id: &str, account: &str, number: &str) -> SenderDraft {
    let sender = Sender {
        id: sender_id(id),
        name: id.into(),
        number: number.into(),
        language: "it".into(),
        margin: DEFAULT_MARGIN,
        active: true,
        templates: vec![],
    };
    SenderDraft {
        account: account_id(account),
        sender,
        settings: SettingsDraft::default(),
    }
}

fn sender(id: &str, account: &str, number: &str) -> SenderEntry {
    let draft = sender_draft(id, account, number);
    SenderEntry {
        version: 1,
        account: draft.account,
        sender: draft.sender,
        words: ConsentWords::default(),
        deleted: false,
        erased: false,
        settings: Settings::default(),
    }
}

fn template(id: &str, senders: &[&str]) -> TemplateEntry {
    let template = Template {
        id: TemplateId::trusted(id),
        name: id.into(),
        category: Category::Utility,
        default_language: "it".into(),
        localizations: vec![],
    };
    TemplateEntry {
        version: 1,
        template,
        senders: senders.iter().map(|id| sender_id(id)).collect(),
        active: true,
        source: None,
        remarks: vec![],
    }
}

const NOW: Timestamp = Timestamp(1_700_000_000_000);

/// Decides at [`NOW`], whatever is there.
fn decide(setup: &Setup, change: Change) -> Result<Decision, Problem> {
    super::decide(setup, change, None, NOW)
}

/// Two accounts, two senders of the first, one template for both.
fn setup() -> Setup {
    let other = Account {
        account_sid: sid(9),
        ..account("other")
    };
    Setup {
        revision: 9,
        accounts: vec![account("demo"), other],
        senders: vec![
            sender("milano", "demo", "+390212345678"),
            sender("london", "demo", "+442012345678"),
        ],
        workstreams: vec![],
        templates: vec![template("hello", &["london", "milano"])],
    }
}

fn code(result: Result<Decision, Problem>) -> (u16, String) {
    result.map_or_else(
        |problem| (problem.status, problem.code.clone()),
        |_| (200, "allowed".into()),
    )
}

fn refused(setup: &Setup, change: Change, status: u16, expected: &str) {
    assert_eq!(
        code(decide(setup, change.clone())),
        (status, expected.into()),
        "{change:?}"
    );
}

fn published(decision: &Decision) -> Vec<String> {
    let mut keys: Vec<String> = decision
        .publish
        .iter()
        .map(|publication| match publication {
            Publication::Account(id) => format!("account:{}", id.as_str()),
            Publication::Sender(id) => format!("sender:{}", id.as_str()),
        })
        .collect();
    keys.sort();
    keys
}

#[test]
fn a_new_account_needs_its_token() {
    let empty = Setup::default();
    refused(
        &empty,
        Change::PutAccount(account_draft("demo", None)),
        400,
        "field-invalid",
    );
    let decision = decide(
        &empty,
        Change::PutAccount(account_draft("demo", Some("v1.k.t"))),
    )
    .unwrap();
    assert!(decision.created);
    assert_eq!(decision.accounts[0].version, 1);
    assert_eq!(published(&decision), ["account:demo"]);
}

#[test]
fn an_account_keeps_its_token_unless_its_sid_changes() {
    let decision = decide(&setup(), Change::PutAccount(account_draft("demo", None))).unwrap();
    assert!(!decision.created);
    assert_eq!(decision.accounts[0].token, "v1.sealed.old");
    let mut draft = account_draft("demo", None);
    draft.account_sid = sid(2);
    refused(&setup(), Change::PutAccount(draft), 400, "field-invalid");
}

#[test]
fn a_rotation_goes_through_two_tokens() {
    let mut setup = setup();
    let put = |setup: &Setup, token: Option<&str>, next_token: Given<String>| {
        let draft = AccountDraft {
            next_token,
            ..account_draft("demo", token)
        };
        decide(setup, Change::PutAccount(draft))
            .unwrap()
            .accounts
            .remove(0)
    };
    let both = put(&setup, None, Given::Set("v1.sealed.new".into()));
    assert_eq!(
        (both.token.as_str(), both.next_token.as_deref()),
        ("v1.sealed.old", Some("v1.sealed.new"))
    );
    setup.accounts[0] = both;
    assert_eq!(
        put(&setup, None, Given::Keep).next_token.as_deref(),
        Some("v1.sealed.new")
    );
    assert_eq!(put(&setup, None, Given::Remove).next_token, None);
    let after = put(&setup, Some("v1.sealed.new"), Given::Keep);
    assert_eq!(
        (after.token.as_str(), after.next_token),
        ("v1.sealed.new", None)
    );
}

#[test]
fn what_threads_know_of_an_account_is_published_with_its_senders() {
    let renamed = AccountDraft {
        name: "New".into(),
        ..account_draft("demo", None)
    };
    assert_eq!(
        published(&decide(&setup(), Change::PutAccount(renamed)).unwrap()),
        ["account:demo"]
    );
    let stopped = AccountDraft {
        active: false,
        ..account_draft("demo", None)
    };
    let decision = decide(&setup(), Change::PutAccount(stopped)).unwrap();
    assert_eq!(
        published(&decision),
        ["account:demo", "sender:london", "sender:milano"]
    );
    assert!(decision.senders.iter().all(|entry| entry.version == 10));
    assert!(
        decision
            .senders
            .iter()
            .all(|entry| !entry.record(&decision.accounts[0]).sender.active)
    );
}

#[test]
fn an_account_with_senders_stays() {
    refused(
        &setup(),
        Change::DeleteAccount(Ending::only(account_id("demo"))),
        409,
        "account-in-use",
    );
    refused(
        &setup(),
        Change::DeleteAccount(Ending::only(account_id("nobody"))),
        404,
        "not-found",
    );
    let decision = decide(
        &setup(),
        Change::DeleteAccount(Ending::only(account_id("other"))),
    )
    .unwrap();
    assert_eq!(decision.gone, [Gone::Account(account_id("other"))]);
    assert_eq!(published(&decision), ["account:other"]);
}

#[test]
fn a_number_belongs_to_one_sender_of_one_account() {
    let put = |id: &str, account: &str, number: &str| {
        Change::PutSender(sender_draft(id, account, number))
    };
    refused(
        &setup(),
        put("roma", "demo", "+390212345678"),
        409,
        "number-taken",
    );
    refused(
        &setup(),
        put("roma", "other", "+390212345678"),
        409,
        "number-taken",
    );
    refused(
        &setup(),
        put("roma", "nobody", "+390612345678"),
        400,
        "field-invalid",
    );
    let decision = decide(&setup(), put("roma", "other", "+390612345678")).unwrap();
    assert!(decision.created);
    assert_eq!(published(&decision), ["account:other", "sender:roma"]);
    assert_eq!(
        (decision.senders[0].version, decision.accounts[0].version),
        (10, 10)
    );
}

#[test]
fn a_sender_keeps_its_number_even_through_deletion() {
    let put = |number: &str| Change::PutSender(sender_draft("milano", "demo", number));
    refused(&setup(), put("+390299999999"), 409, "number-fixed");
    let mut setup = setup();
    setup.senders[0].deleted = true;
    refused(&setup, put("+390299999999"), 409, "number-fixed");
    let decision = decide(&setup, put("+390212345678")).unwrap();
    assert!(decision.created && !decision.senders[0].deleted);
    let other = Change::PutSender(sender_draft("roma", "demo", "+390212345678"));
    assert_eq!(
        code(decide(&setup, other)).0,
        200,
        "a deleted sender's number is free"
    );
}

#[test]
fn a_sender_that_moves_is_published_with_both_accounts() {
    let decision = decide(
        &setup(),
        Change::PutSender(sender_draft("milano", "other", "+390212345678")),
    )
    .unwrap();
    assert_eq!(
        published(&decision),
        ["account:demo", "account:other", "sender:milano"]
    );
}

#[test]
fn a_deleted_sender_leaves_its_account_and_its_templates() {
    let decision = decide(
        &setup(),
        Change::DeleteSender(Ending::only(sender_id("milano"))),
    )
    .unwrap();
    assert!(decision.senders[0].deleted);
    assert_eq!(published(&decision), ["account:demo", "sender:milano"]);
    assert_eq!(decision.templates[0].senders, [sender_id("london")]);
    assert_eq!(decision.templates[0].version, 10);
    let mut setup = setup();
    setup.senders[0].deleted = true;
    refused(
        &setup,
        Change::DeleteSender(Ending::only(sender_id("milano"))),
        404,
        "not-found",
    );
    refused(
        &setup,
        Change::PutTemplate(template("hello", &["milano"])),
        400,
        "field-invalid",
    );
}

#[test]
fn a_template_is_for_senders_that_are_there() {
    refused(
        &setup(),
        Change::PutTemplate(template("bye", &["milano", "roma"])),
        400,
        "field-invalid",
    );
    let decision = decide(&setup(), Change::PutTemplate(template("bye", &["milano"]))).unwrap();
    assert!(decision.created);
    assert_eq!(decision.templates[0].version, 10);
    assert!(
        decision.publish.is_empty(),
        "templates are asked for, never published"
    );
    assert!(
        !decide(&setup(), Change::PutTemplate(template("hello", &[])))
            .unwrap()
            .created
    );
    refused(
        &setup(),
        Change::DeleteTemplate(Ending::only(TemplateId::trusted("bye"))),
        404,
        "not-found",
    );
    let gone = decide(
        &setup(),
        Change::DeleteTemplate(Ending::only(TemplateId::trusted("hello"))),
    )
    .unwrap();
    assert_eq!(gone.gone, [Gone::Template(TemplateId::trusted("hello"))]);
}

#[test]
fn the_audit_log_tells_before_and_after_and_no_token() {
    let mut setup = setup();
    setup.accounts[0].next_token = Some("v1.sealed.next".into());
    let draft = AccountDraft {
        name: "New".into(),
        ..account_draft("demo", Some("v1.sealed.new"))
    };
    let entry = decide(&setup, Change::PutAccount(draft))
        .unwrap()
        .entries
        .remove(0);
    assert_eq!(
        (
            entry.verb.as_str(),
            entry.kind.as_str(),
            entry.subject.as_str()
        ),
        ("put", "account", "demo")
    );
    assert_eq!(
        (&entry.before["name"], &entry.after["name"]),
        (&json!("demo"), &json!("New"))
    );
    assert_eq!(entry.after["token_replaced"], true);
    assert_eq!(
        (
            &entry.before["next_token_set"],
            &entry.after["next_token_set"]
        ),
        (&json!(true), &json!(false))
    );
    assert!(!format!("{entry:?}").contains("sealed"), "{entry:?}");
    let gone = decide(
        &setup,
        Change::DeleteSender(Ending::only(sender_id("milano"))),
    )
    .unwrap()
    .entries
    .remove(0);
    assert_eq!(
        (gone.subject.as_str(), &gone.after),
        ("milano", &Value::Null)
    );
    assert_eq!(gone.before["sender"]["number"], "+390212345678");
}
