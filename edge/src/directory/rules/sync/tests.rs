//! What follows from Twilio's list of templates?

use super::*;
use crate::directory::rules::{Change, decide};
use crate::directory::setup::{Account, Usable};
use shared::id::AccountSid;
use shared::template::Kind;

const NOW: Timestamp = Timestamp(1_700_000_000_000);

fn sid(n: u32) -> ContentSid {
    ContentSid::trusted(format!("HX{n:032}"))
}

fn localization(language: &str, approval: Approval, body: &str) -> Localization {
    Localization {
        language: language.into(),
        content_sid: None,
        approval,
        kind: Kind::Text,
        body: body.into(),
        footer: None,
        buttons: vec![],
        samples: vec![],
    }
}

fn listed(n: u32, name: &str, language: &str, approval: Approval) -> Listed {
    let mut localization = localization(language, approval, "Ciao");
    localization.content_sid = Some(sid(n));
    Listed {
        sid: sid(n),
        name: name.into(),
        category: Category::Utility,
        localization,
        rejection: (approval == Approval::Rejected).then(|| "too vague".into()),
    }
}

fn setup() -> Setup {
    Setup {
        accounts: vec![Account {
            id: AccountId::trusted("demo"),
            version: 1,
            name: "Demo".into(),
            account_sid: AccountSid::trusted("AC00000000000000000000000000000001"),
            token: "v1.k.t".into(),
            next_token: None,
            api_key: None,
            active: true,
        }],
        ..Setup::default()
    }
}

fn sync(setup: &Setup, contents: Vec<Listed>) -> Decision {
    let listing = Listing {
        account: AccountId::trusted("demo"),
        at: NOW,
        contents,
    };
    decide(setup, Change::Sync(listing), None, NOW).unwrap()
}

fn after(setup: &Setup, decision: &Decision) -> Setup {
    let mut after = setup.clone();
    for entry in &decision.templates {
        after
            .templates
            .retain(|known| known.template.id != entry.template.id);
        after.templates.push(entry.clone());
    }
    after
}

#[test]
fn each_content_is_a_template_however_it_is_called() {
    let two = vec![
        listed(1, "hello", "it", Approval::Approved),
        listed(2, "hello", "it", Approval::Pending),
        listed(1, "hello", "it", Approval::Approved),
    ];
    let decision = sync(&setup(), two.clone());
    assert_eq!(decision.templates.len(), 2);
    assert_eq!((decision.tally.added, decision.entries.len()), (2, 1));
    let first = &decision.templates[0];
    assert_eq!(
        first.usable(&first.template.localizations[0]),
        Usable::Anywhere
    );
    let again = sync(&after(&setup(), &decision), two);
    assert_eq!((again.tally.unchanged, again.entries.len()), (2, 0));
}

#[test]
fn what_vanished_or_was_rejected_is_sent_no_more() {
    let first = sync(
        &setup(),
        vec![
            listed(1, "hello", "it", Approval::Approved),
            listed(2, "bye", "it", Approval::Approved),
        ],
    );
    let setup = after(&setup(), &first);
    let second = sync(&setup, vec![listed(2, "bye", "it", Approval::Rejected)]);
    assert_eq!((second.tally.vanished, second.tally.changed), (1, 1));
    let setup = after(&setup, &second);
    let vanished = setup.templates.iter().find(|t| t.template.name == "hello");
    assert_eq!(vanished.unwrap().clone().offered(), None);
    let rejected = setup.templates.iter().find(|t| t.template.name == "bye");
    let rejected = rejected.unwrap();
    assert_eq!(
        rejected.usable(&rejected.template.localizations[0]),
        Usable::Nowhere("not-approved")
    );
    assert_eq!(rejected.remarks[0].rejection.as_deref(), Some("too vague"));
    let back = sync(
        &setup,
        vec![
            listed(1, "hello", "it", Approval::Approved),
            listed(2, "bye", "it", Approval::Approved),
        ],
    );
    assert!(back.templates.iter().all(|entry| entry.remarks.is_empty()));
}

#[test]
fn a_template_by_hand_that_names_a_content_is_brought_up_to_date() {
    let mut setup = setup();
    let mut by_hand = localization("it", Approval::Approved, "Vecchio");
    by_hand.content_sid = Some(sid(7));
    setup.templates.push(TemplateEntry {
        version: 1,
        template: Template {
            id: TemplateId::trusted("hello"),
            name: "Saluto".into(),
            category: Category::Marketing,
            default_language: "it".into(),
            localizations: vec![by_hand, localization("en", Approval::Unsubmitted, "Hi")],
        },
        senders: vec![],
        active: true,
        source: None,
        remarks: vec![],
    });
    let decision = sync(&setup, vec![listed(7, "hello_it", "it", Approval::Paused)]);
    assert_eq!(decision.templates.len(), 1);
    let entry = &decision.templates[0];
    assert_eq!(
        (entry.template.name.as_str(), entry.template.category),
        ("Saluto", Category::Marketing)
    );
    assert_eq!(entry.template.localizations[0].approval, Approval::Paused);
    assert_eq!(entry.template.localizations[0].body, "Ciao");
    assert_eq!(entry.template.localizations[1].body, "Hi");
}
