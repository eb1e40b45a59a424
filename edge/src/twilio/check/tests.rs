//! Twilio's answers, and what they come to.

use super::*;
use crate::twilio::senders::{ChannelSid, Webhook};
use serde_json::json;

const HOOK: &str = "https://crm.example.com/twilio/demo#rc=3&rp=ct,5xx,rt";
const NUMBER: &str = "+390212345678";

/// What is kept of Twilio's account.
fn twilios_account(status: &str) -> Option<Holder> {
    holder(&json!({
        "sid": "AC1", "friendly_name": "Azienda", "status": status, "type": "Full", "auth_token": "x",
    }))
}

fn refused(status: u16) -> Failure {
    Failure::Refused { code: None, status }
}

fn listed(change: fn(&mut Listed)) -> Listed {
    let mut listed = Listed {
        sid: ChannelSid::parse("XE0123456789abcdef0123456789abcdef").expect("a SID"),
        number: NUMBER.into(),
        status: "ONLINE".into(),
        webhook: Some(Webhook {
            callback_url: Some("https://crm.example.com/twilio/demo/".into()),
            status_callback_url: None,
        }),
        quality_rating: Some("HIGH".into()),
        messaging_limit: Some("10K Customers/24hr".into()),
        offline_reasons: vec![],
    };
    change(&mut listed);
    listed
}

fn answers() -> Answers {
    Answers {
        token: Some(Ok(twilios_account("active"))),
        api_key: None,
        senders: Some(Ok(vec![listed(|_| {})])),
    }
}

/// The check of one number after a change of what Twilio answers.
fn check(change: impl FnOnce(&mut Answers)) -> Check {
    let mut answers = answers();
    change(&mut answers);
    let sender = SenderId::trusted("milano");
    let ours = [Ours {
        sender: &sender,
        number: NUMBER,
    }];
    judge(Timestamp(7), &answers, &ours, HOOK)
}

#[test]
fn all_is_well() {
    let check = check(|_| {});
    let told = serde_json::to_value(&check).expect("JSON");
    let expected = json!({
        "at": 7,
        "outcome": "ok",
        "token": "ok",
        "api_key": null,
        "twilio": { "name": "Azienda", "status": "active", "type": "Full" },
        "senders": [{
            "sender": "milano",
            "found": true,
            "status": "ONLINE",
            "webhook": "here",
            "webhook_url": "https://crm.example.com/twilio/demo/",
            "quality_rating": "HIGH",
            "messaging_limit": "10K Customers/24hr",
            "offline_reasons": [],
        }],
    });
    assert_eq!(told, expected);
    assert_eq!(crate::json::structure::<Check>(told), Ok(check));
}

#[test]
fn a_check_of_an_earlier_build_can_be_read() {
    assert_eq!(crate::json::read::<Check>("{}"), Ok(Check::default()));
    let short = crate::json::read::<Check>(r#"{"outcome":"wrong","senders":[{"sender":"a"}]}"#);
    let line = short.map(|check| check.senders[0].webhook);
    assert_eq!(line, Ok(Leads::Unknown));
}

#[test]
fn what_becomes_of_the_keys() {
    let cases = [
        (Some(Ok(twilios_account("active"))), Key::Ok, Outcome::Ok),
        (Some(Err(refused(401))), Key::Refused, Outcome::Wrong),
        (Some(Err(refused(404))), Key::Refused, Outcome::Wrong),
        (
            Some(Err(refused(429))),
            Key::Unreachable,
            Outcome::Unreachable,
        ),
        (
            Some(Err(Failure::Unreachable)),
            Key::Unreachable,
            Outcome::Unreachable,
        ),
        (None, Key::Missing, Outcome::Incomplete),
    ];
    for (answer, key, outcome) in cases {
        let told = check(|it| it.token = answer.clone());
        assert_eq!((told.token, told.outcome), (key, outcome), "{answer:?}");
        if answer.is_some() {
            let told = check(|it| it.api_key = answer.clone());
            assert_eq!(
                (told.api_key, told.outcome),
                (Some(key), outcome),
                "{answer:?}"
            );
        }
    }
    // A Standard key may not read the account, and is right all the same.
    let told = check(|it| (it.token, it.api_key) = (None, Some(Ok(None))));
    assert_eq!((told.api_key, told.twilio), (Some(Key::Ok), None));
    assert_eq!(told.outcome, Outcome::Incomplete);
}

#[test]
fn an_account_that_is_not_active() {
    let told = check(|it| it.token = Some(Ok(twilios_account("suspended"))));
    assert_eq!(told.outcome, Outcome::Wrong);
    assert_eq!(
        told.twilio.map(|it| it.status).as_deref(),
        Some("suspended")
    );
}

#[test]
fn what_is_wrong_with_a_number() {
    let line_of = |change: fn(&mut Listed)| {
        let mut told = check(|it| it.senders = Some(Ok(vec![listed(change)])));
        let line = told.senders.remove(0);
        (line.found, line.status, line.webhook, told.outcome)
    };
    let online = Some(String::from("ONLINE"));
    let wrong = |status, webhook| (true, status, webhook, Outcome::Wrong);
    assert_eq!(
        line_of(|_| {}),
        (true, online.clone(), Leads::Here, Outcome::Ok)
    );
    let elsewhere = |it: &mut Listed| {
        it.webhook = Some(Webhook {
            callback_url: Some("https://old.example.com/hook".into()),
            status_callback_url: None,
        });
    };
    assert_eq!(line_of(elsewhere), wrong(online.clone(), Leads::Elsewhere));
    let nowhere = |it: &mut Listed| {
        it.webhook = Some(Webhook {
            callback_url: None,
            status_callback_url: None,
        });
    };
    assert_eq!(line_of(nowhere), wrong(online.clone(), Leads::None));
    assert_eq!(line_of(|it| it.webhook = None), wrong(online, Leads::None));
    let offline = |it: &mut Listed| it.status = "OFFLINE".into();
    assert_eq!(line_of(offline), wrong(Some("OFFLINE".into()), Leads::Here));
    let updating = Some(String::from("ONLINE:UPDATING"));
    let told = line_of(|it| it.status = "ONLINE:UPDATING".into());
    assert_eq!(told, (true, updating, Leads::Here, Outcome::Ok));
    assert_eq!(
        line_of(|it| it.status.clear()),
        (true, None, Leads::Here, Outcome::Ok)
    );
    let other = |it: &mut Listed| it.number = "+390200000000".into();
    assert_eq!(line_of(other), (false, None, Leads::None, Outcome::Wrong));
}

#[test]
fn without_the_list_nothing_is_known_of_a_number() {
    let told = |senders: Option<Result<Vec<Listed>, Failure>>| {
        let mut told = check(|it| it.senders = senders);
        let line = told.senders.remove(0);
        (line.found, line.webhook, told.outcome)
    };
    let nothing = |outcome| (false, Leads::Unknown, outcome);
    assert_eq!(
        told(Some(Err(Failure::Unreachable))),
        nothing(Outcome::Unreachable)
    );
    assert_eq!(told(Some(Err(refused(403)))), nothing(Outcome::Incomplete));
    assert_eq!(told(None), nothing(Outcome::Incomplete));
}

#[test]
fn the_sandbox_is_in_no_list() {
    let sender = SenderId::trusted("sandbox");
    let ours = [Ours {
        sender: &sender,
        number: SANDBOX_NUMBER,
    }];
    let told = judge(Timestamp(7), &answers(), &ours, HOOK);
    let line = &told.senders[0];
    assert_eq!((line.found, line.webhook), (true, Leads::Unknown));
    assert_eq!(told.outcome, Outcome::Ok);
}

#[test]
fn the_same_url() {
    let check = |url: &str, expected: bool| assert_eq!(same(url, HOOK), expected, "{url}");
    check(HOOK, true);
    check("https://crm.example.com/twilio/demo", true);
    check("https://crm.example.com/twilio/demo/", true);
    check("https://crm.example.com/twilio/demo/#ct=1", true);
    check("https://crm.example.com/twilio/demo2", false);
    check("https://crm.example.com/twilio/demo?a=b", false);
    check("http://crm.example.com/twilio/demo", false);
    check("", false);
}
