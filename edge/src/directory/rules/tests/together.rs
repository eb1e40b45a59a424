//! What hangs together: conditions, ends, workstreams, several changes at once.

use super::*;

#[test]
fn two_who_edit_the_same_thing_do_not_overwrite_each_other() {
    let put = |expected| {
        let change = Change::PutAccount(account_draft("demo", None));
        code(crate::directory::rules::decide(
            &setup(),
            change,
            Some(expected),
            NOW,
        ))
    };
    assert_eq!(put(Expected::Version(1)).0, 200);
    assert_eq!(put(Expected::Version(2)), (412, "changed-meanwhile".into()));
    assert_eq!(put(Expected::Absent), (412, "changed-meanwhile".into()));
    let gone = Change::PutAccount(account_draft("nobody", Some("v1.k.t")));
    let gone = crate::directory::rules::decide(&setup(), gone, Some(Expected::Version(1)), NOW);
    assert_eq!(code(gone), (412, "gone-meanwhile".into()));
}

#[test]
fn one_sid_is_one_account() {
    let draft = account_draft("third", Some("v1.k.t"));
    refused(
        &setup(),
        Change::PutAccount(draft),
        409,
        "account-sid-taken",
    );
}

#[test]
fn an_account_goes_with_everything_that_hangs_on_it() {
    let mut setup = setup();
    let mut synced = template("hx1", &["milano"]);
    synced.source = Some(crate::directory::setup::Source {
        account: account_id("demo"),
        at: NOW,
    });
    setup.templates.push(synced);
    let ending = Ending {
        id: account_id("demo"),
        with: true,
        erase: true,
    };
    let decision = decide(&setup, Change::DeleteAccount(ending)).unwrap();
    let ended = |entry: &SenderEntry| entry.deleted && entry.erased;
    assert!(decision.senders.iter().all(ended));
    assert_eq!(decision.erase, [sender_id("milano"), sender_id("london")]);
    assert!(decision.accounts.is_empty(), "{:?}", decision.accounts);
    assert_eq!(
        decision.gone,
        [
            Gone::Template(TemplateId::trusted("hx1")),
            Gone::Account(account_id("demo"))
        ]
    );
    let hello: Vec<_> = decision.templates.iter().collect();
    assert_eq!(hello.len(), 1, "written once, without both: {hello:?}");
    assert!(hello[0].senders.is_empty());
}

#[test]
fn a_number_belongs_to_one_workstream_that_is_there() {
    let mut setup = setup();
    let put = |workstream: &str| {
        let mut draft = sender_draft("milano", "demo", "+390212345678");
        draft.settings.workstream = Given::Set(WorkstreamId::trusted(workstream));
        Change::PutSender(draft)
    };
    refused(&setup, put("support"), 400, "field-invalid");
    let support = Workstream {
        id: WorkstreamId::trusted("support"),
        version: 1,
        name: "Support".into(),
        distribution: crate::directory::setup::Distribution::Push,
        active: true,
    };
    setup.workstreams.push(support.clone());
    let decision = decide(&setup, put("support")).unwrap();
    setup.senders[0] = decision.senders[0].clone();
    let pick = Workstream {
        distribution: crate::directory::setup::Distribution::Pick,
        ..support.clone()
    };
    refused(
        &setup,
        Change::PutWorkstream(pick),
        409,
        "distribution-fixed",
    );
    let namesake = Workstream {
        id: WorkstreamId::trusted("other"),
        ..support
    };
    refused(&setup, Change::PutWorkstream(namesake), 409, "name-taken");
    let end = |with| {
        Change::DeleteWorkstream(Ending {
            with,
            ..Ending::only(WorkstreamId::trusted("support"))
        })
    };
    refused(&setup, end(false), 409, "workstream-in-use");
    let decision = decide(&setup, end(true)).unwrap();
    assert_eq!(decision.senders[0].settings.workstream, None);
    // What is left out of a later change stays.
    let draft = sender_draft("milano", "demo", "+390212345678");
    let again = decide(&setup, Change::PutSender(draft)).unwrap();
    assert_eq!(again.senders[0].settings, setup.senders[0].settings);
}

#[test]
fn many_changes_happen_together_or_not_at_all() {
    let account = Change::PutAccount(account_draft("third", Some("v1.k.t")));
    let account = match account {
        Change::PutAccount(draft) => Change::PutAccount(AccountDraft {
            account_sid: sid(3),
            ..draft
        }),
        other => other,
    };
    let sender = |number: &str| Change::PutSender(sender_draft("roma", "third", number));
    let all = |number: &str| {
        Change::Many(vec![
            ("accounts[0]".into(), account.clone()),
            ("senders[0]".into(), sender(number)),
        ])
    };
    let decision = decide(&setup(), all("+390612345678")).unwrap();
    assert_eq!((decision.tally.added, decision.entries.len()), (2, 2));
    assert_eq!(decision.revision, 10);
    let problem = decide(&setup(), all("+390212345678")).unwrap_err();
    assert_eq!(problem.facts["field"], "senders[0].number");
    let same = Change::Many(vec![(
        "senders[0]".into(),
        Change::PutSender(sender_draft("milano", "demo", "+390212345678")),
    )]);
    let same = decide(&setup(), same).unwrap();
    assert_eq!((same.tally.unchanged, same.entries.len()), (1, 0));
}
