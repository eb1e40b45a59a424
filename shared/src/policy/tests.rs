//! The gate, case by case: given a thread, who wants to send what, and when.

use super::*;
use crate::address::CustomerAddress;
use crate::consent::{OptIn, OptOutSource};
use crate::id::ContentSid;
use crate::template::{Kind, Localization};
use proptest::prelude::*;

const NOW: Timestamp = Timestamp(1_800_000_000_000);
const SID: &str = "HX0123456789abcdef0123456789abcdef";

fn thread() -> Thread {
    let mut thread = Thread::new(
        SenderId::trusted("milano"),
        CustomerAddress::trusted("+393471234567"),
    );
    thread.window.inbound(NOW - Span::hours(1));
    thread
}

fn silent() -> Thread {
    let mut thread = thread();
    thread.window.last_inbound = Some(NOW - Span::hours(30));
    thread
}

fn stranger() -> Thread {
    let mut thread = thread();
    thread.window.last_inbound = None;
    thread
}

fn opt_in() -> OptIn {
    OptIn {
        at: NOW,
        source: "form".into(),
        wording: "Yes".into(),
        recorded_by: None,
        recorded_at: NOW,
    }
}

fn localization() -> Localization {
    Localization {
        language: "it".into(),
        content_sid: Some(ContentSid::trusted(SID)),
        approval: Approval::Approved,
        kind: Kind::Text,
        body: "Ciao {{1}}, a presto.".into(),
        footer: None,
        buttons: vec![],
        samples: vec![],
    }
}

fn sender(category: Category, localization: Localization) -> Sender {
    Sender {
        id: SenderId::trusted("milano"),
        name: "Milano".into(),
        number: "+390200000001".into(),
        language: "it".into(),
        margin: Span::seconds(15),
        active: true,
        templates: vec![Template {
            id: TemplateId::trusted("hello"),
            name: "Hello".into(),
            category,
            default_language: "it".into(),
            localizations: vec![localization],
        }],
    }
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
        template: TemplateId::trusted("hello"),
        language: "it".into(),
        values,
    }
}

fn text(body: &str) -> Proposal {
    Proposal::Text { body: body.into() }
}

fn check(thread: &Thread, sender: &Sender, proposal: &Proposal, expected: Result<(), Refusal>) {
    let decided = authorize(thread, sender, proposal, NOW).map(|_| ());
    assert_eq!(decided, expected, "{proposal:?}");
}

#[test]
fn a_text_inside_the_window_leaves_with_the_rest_of_the_window_as_its_validity() {
    let sender = sender(Category::Utility, localization());
    let permit = authorize(&thread(), &sender, &text("Ciao"), NOW).unwrap();
    assert_eq!(permit.from(), "+390200000001");
    assert_eq!(permit.to().as_str(), "+393471234567");
    assert_eq!(
        permit.load(),
        &Load::Text {
            body: "Ciao".into()
        }
    );
    assert_eq!(
        permit.validity(),
        Some(36_000),
        "23 hours are more than Twilio takes"
    );
    let mut late = thread();
    late.window.last_inbound = Some(NOW - Span::hours(24) + Span::seconds(25));
    let permit = authorize(&late, &sender, &text("Ciao"), NOW).unwrap();
    assert_eq!(permit.validity(), Some(10), "25 s less the margin");
}

#[test]
fn a_text_outside_the_window_is_refused() {
    let sender = sender(Category::Utility, localization());
    let since = Some(NOW - Span::hours(6) - Span::seconds(15));
    check(
        &silent(),
        &sender,
        &text("Ciao"),
        Err(Refusal::WindowClosed { since }),
    );
    check(
        &stranger(),
        &sender,
        &text("Ciao"),
        Err(Refusal::WindowClosed { since: None }),
    );
    let mut refused = thread();
    refused.window.refused(NOW);
    check(
        &refused,
        &sender,
        &text("Ciao"),
        Err(Refusal::WindowClosed { since: Some(NOW) }),
    );
}

#[test]
fn a_text_has_between_one_and_1600_units() {
    let sender = sender(Category::Utility, localization());
    check(&thread(), &sender, &text(" \n"), Err(Refusal::TextEmpty));
    check(&thread(), &sender, &text(&"x".repeat(1_600)), Ok(()));
    check(
        &thread(),
        &sender,
        &text(&"x".repeat(1_601)),
        Err(Refusal::TextTooLong {
            limit: 1_600,
            actual: 1_601,
        }),
    );
    check(
        &thread(),
        &sender,
        &text(&"🙂".repeat(801)),
        Err(Refusal::TextTooLong {
            limit: 1_600,
            actual: 1_602,
        }),
    );
}

#[test]
fn a_template_leaves_at_any_time_with_every_variable() {
    let sender = sender(Category::Utility, localization());
    for thread in [thread(), silent()] {
        let permit = authorize(&thread, &sender, &template(&[("1", "Anna")]), NOW).unwrap();
        assert!(
            matches!(permit.load(), Load::Content { content, values } if content.as_str() == SID && values.len() == 1)
        );
        assert_eq!(permit.validity(), None);
        check(
            &thread,
            &sender,
            &template(&[]),
            Err(Refusal::VariableMissing {
                variable: "1".into(),
            }),
        );
        check(
            &thread,
            &sender,
            &template(&[("1", " ")]),
            Err(Refusal::VariableBlank {
                variable: "1".into(),
            }),
        );
        check(
            &thread,
            &sender,
            &template(&[("1", "a\nb")]),
            Err(Refusal::VariableWhitespace {
                variable: "1".into(),
            }),
        );
    }
}

#[test]
fn only_what_whatsapp_approved_opens_a_conversation() {
    for approval in [
        Approval::Pending,
        Approval::Received,
        Approval::Rejected,
        Approval::Paused,
        Approval::Disabled,
        Approval::Unknown,
        Approval::Unsubmitted,
    ] {
        let sender = sender(
            Category::Utility,
            Localization {
                approval,
                ..localization()
            },
        );
        check(
            &silent(),
            &sender,
            &template(&[("1", "Anna")]),
            Err(Refusal::TemplateNotApproved { approval }),
        );
    }
    for kind in [Kind::ListPicker, Kind::Location, Kind::Unknown] {
        let sender = sender(
            Category::Utility,
            Localization {
                kind,
                ..localization()
            },
        );
        check(
            &silent(),
            &sender,
            &template(&[("1", "Anna")]),
            Err(Refusal::TemplateKind { kind }),
        );
        check(&thread(), &sender, &template(&[("1", "Anna")]), Ok(()));
    }
}

#[test]
fn without_a_content_sid_it_is_a_text_for_inside_the_window() {
    let sender = sender(
        Category::Utility,
        Localization {
            content_sid: None,
            approval: Approval::Unsubmitted,
            ..localization()
        },
    );
    let permit = authorize(&thread(), &sender, &template(&[("1", "Anna")]), NOW).unwrap();
    assert_eq!(
        permit.load(),
        &Load::Text {
            body: "Ciao Anna, a presto.".into()
        }
    );
    let approved = self::sender(
        Category::Utility,
        Localization {
            content_sid: None,
            ..localization()
        },
    );
    check(
        &silent(),
        &approved,
        &template(&[("1", "Anna")]),
        Err(Refusal::TemplateWithoutContent),
    );
}

#[test]
fn who_never_wrote_must_have_agreed_and_marketing_always() {
    let utility = sender(Category::Utility, localization());
    let marketing = sender(Category::Marketing, localization());
    let hello = template(&[("1", "Anna")]);
    check(&stranger(), &utility, &hello, Err(Refusal::NoOptIn));
    check(
        &silent(),
        &marketing,
        &hello,
        Err(Refusal::MarketingWithoutOptIn),
    );
    let mut agreed = stranger();
    agreed.consent.opt_in(opt_in());
    check(&agreed, &utility, &hello, Ok(()));
    check(&agreed, &marketing, &hello, Ok(()));
}

#[test]
fn after_an_opt_out_only_an_answer_to_a_new_message_leaves() {
    let sender = sender(Category::Utility, localization());
    let mut out = thread();
    let stopped = NOW - Span::hours(1);
    out.consent.opt_out(stopped, OptOutSource::Word);
    check(
        &out,
        &sender,
        &text("Ciao"),
        Err(Refusal::OptedOut { since: stopped }),
    );
    out.window.inbound(NOW - Span::minutes(1));
    check(&out, &sender, &text("Ciao"), Ok(()));
    check(
        &out,
        &sender,
        &template(&[("1", "Anna")]),
        Err(Refusal::OptedOut { since: stopped }),
    );
    out.consent.opt_in(opt_in());
    check(&out, &sender, &template(&[("1", "Anna")]), Ok(()));
}

#[test]
fn a_number_out_of_use_or_of_another_thread_sends_nothing() {
    let mut inactive = sender(Category::Utility, localization());
    inactive.active = false;
    check(
        &thread(),
        &inactive,
        &text("Ciao"),
        Err(Refusal::SenderInactive),
    );
    let mut other = sender(Category::Utility, localization());
    other.id = SenderId::trusted("london");
    check(
        &thread(),
        &other,
        &text("Ciao"),
        Err(Refusal::SenderInactive),
    );
    let unknown = Proposal::Template {
        template: TemplateId::trusted("bye"),
        language: "it".into(),
        values: vec![],
    };
    check(
        &thread(),
        &sender(Category::Utility, localization()),
        &unknown,
        Err(Refusal::TemplateUnknown),
    );
    let language = Proposal::Template {
        template: TemplateId::trusted("hello"),
        language: "de".into(),
        values: vec![],
    };
    check(
        &thread(),
        &sender(Category::Utility, localization()),
        &language,
        Err(Refusal::TemplateLanguage {
            language: "de".into(),
        }),
    );
}

proptest! {
    #[test]
    fn no_text_leaves_outside_the_window(last in prop::option::of(0i64..200_000_000), forced in prop::option::of(0i64..200_000_000), margin in 0i64..900_000, now in 0i64..300_000_000) {
        let mut thread = stranger();
        thread.window.last_inbound = last.map(Timestamp);
        thread.window.forced_closed = forced.map(Timestamp);
        let mut sender = sender(Category::Utility, localization());
        sender.margin = Span(margin);
        let allowed = authorize(&thread, &sender, &text("Ciao"), Timestamp(now)).is_ok();
        // The rule once more, written down as the design says it.
        let open = last.is_some_and(|last| now < last + 86_400_000 - margin.min(600_000) && forced.is_none_or(|refused| last > refused));
        prop_assert_eq!(allowed, open);
    }

    #[test]
    fn outside_only_an_approved_template_leaves(approved in any::<bool>(), sid in any::<bool>(), body in "[a-z{}1 ]{0,20}", value in "[a-z \n]{0,8}") {
        let localization = Localization {
            approval: if approved { Approval::Approved } else { Approval::Paused },
            content_sid: sid.then(|| ContentSid::trusted(SID)),
            body,
            ..localization()
        };
        let sender = sender(Category::Utility, localization.clone());
        let proposal = template(&[("1", &value)]);
        if let Ok(permit) = authorize(&silent(), &sender, &proposal, NOW) {
            prop_assert!(approved && sid);
            prop_assert!(!crate::text::is_blank(&value));
            let is_content = matches!(permit.load(), Load::Content { .. });
            prop_assert!(is_content, "never a Body");
        }
    }
}
