//! The rules, case by case: a template that is good, what somebody changes in it, what is found.

use super::*;
use crate::template::{Flaw, fill};
use proptest::prelude::*;

fn values(samples: &[(&str, &str)]) -> Vec<Value> {
    let value = |(name, value): &(&str, &str)| Value {
        name: (*name).into(),
        value: (*value).into(),
    };
    samples.iter().map(value).collect()
}

fn button(kind: ButtonKind, title: &str, target: &str) -> Button {
    Button {
        kind,
        title: title.into(),
        target: target.into(),
    }
}

fn reply(title: &str) -> Button {
    button(ButtonKind::QuickReply, title, "")
}

fn good() -> Submission {
    Submission {
        name: "order_shipped_2".into(),
        category: Category::Utility,
        language: "it".into(),
        body: "Ciao {{1}}, il tuo ordine {{2}} è partito oggi.".into(),
        footer: None,
        buttons: vec![],
        samples: values(&[("1", "Anna"), ("2", "4711")]),
    }
}

/// What is found after a change, as `field code`.
fn check(what: &str, change: impl FnOnce(&mut Submission), expected: &[&str]) -> Vec<Finding> {
    let mut submission = good();
    change(&mut submission);
    let found = findings(&submission);
    let told: Vec<String> = found
        .iter()
        .map(|finding| format!("{} {}", finding.field(), finding.code()))
        .collect();
    assert_eq!(told, expected, "{what}: {submission:?}");
    found
}

/// What is found for another text, with a sample for each of its variables.
fn body(text: &str, expected: &[&str]) -> Vec<Finding> {
    check(text, |it| with_body(it, text), expected)
}

fn with_body(submission: &mut Submission, text: &str) {
    submission.body = text.into();
    submission.samples = crate::template::variables(text)
        .into_iter()
        .map(|name| Value {
            name: name.into(),
            value: "x".into(),
        })
        .collect();
}

fn buttons(buttons: Vec<Button>, expected: &[&str]) {
    check("buttons", |it| it.buttons = buttons, expected);
}

#[test]
fn a_good_one_is_good() {
    check("nothing", |_| {}, &[]);
    body("Senza variabili", &[]);
    body(
        "Ciao {{nome}}, la tua visita è il {{giorno}} alle nove",
        &[],
    );
}

#[test]
fn names_and_languages() {
    for name in ["Order", "order-shipped", "order shipped", "è", "a.b"] {
        check(name, |it| it.name = name.into(), &["name name-malformed"]);
    }
    check("empty", |it| it.name.clear(), &["name blank"]);
    let long = |length| "a".repeat(length);
    check("512", |it| it.name = long(512), &[]);
    check("513", |it| it.name = long(513), &["name too-long"]);
    for language in ["it", "en_GB", "fil", "ckb_IQ"] {
        check(language, |it| it.language = language.into(), &[]);
    }
    for language in ["", "IT", "en-GB", "en_", "en_gb", "italian", "e"] {
        let change = |it: &mut Submission| it.language = language.into();
        check(language, change, &["language language-malformed"]);
    }
}

#[test]
fn one_time_codes_are_made_elsewhere() {
    let change = |it: &mut Submission| {
        it.category = Category::Authentication;
        it.body = "{{1}}".into();
    };
    check("code", change, &["category not-supported-here"]);
}

#[test]
fn lengths_of_the_text() {
    body("", &["body blank"]);
    body(" \u{200b}", &["body blank"]);
    body(&"a".repeat(1_024), &[]);
    body(&"🙂".repeat(512), &[]);
    body(&"a".repeat(1_025), &["body too-long"]);
    let filled = |it: &mut Submission| {
        it.samples = values(&[("1", &"a".repeat(1_000)), ("2", "4711")]);
    };
    let found = check("filled", filled, &["body too-long-with-samples"]);
    let facts = vec![
        ("most", Fact::Number(1_024)),
        ("actual", Fact::Number(1_041)),
    ];
    assert_eq!(found[0].facts(), facts);
}

#[test]
fn where_variables_stand() {
    body("{{1}}, ciao a te oggi", &["body variable-first"]);
    body(" \n{{1}}, ciao a te oggi", &["body variable-first"]);
    body("Ciao e grazie a {{1}}", &["body variable-last"]);
    body("Ciao e grazie a {{1}} ", &["body variable-last"]);
    body("Ciao e grazie a {{1}}.", &[]);
    body(
        "A te, {{1}}{{2}}, tanti saluti da noi",
        &["body variables-adjacent"],
    );
    body(
        "A te, {{1}} {{2}}, tanti saluti da noi",
        &["body variables-adjacent"],
    );
    body("A te, {{1}}, {{2}}, tanti saluti da noi", &[]);
    body(
        "{{1}}{{2}}",
        &[
            "body variable-first",
            "body variables-adjacent",
            "body variable-last",
            "body too-few-words",
        ],
    );
}

#[test]
fn twice_as_many_other_words_and_one() {
    body("Ciao {{1}}, ecco.", &["body too-few-words"]);
    body("Ciao {{1}}, ecco qua.", &[]);
    let found = body("Sì {{1}} - , . ! {{2}} no", &["body too-few-words"]);
    let facts = vec![("least", Fact::Number(5)), ("actual", Fact::Number(2))];
    assert_eq!(found[0].facts(), facts);
    body("您好{{1}}您的订单{{2}}已发货", &[]);
}

#[test]
fn how_variables_are_called() {
    let found = body(
        "Ciao {{1}}, il tuo ordine {{3}} è partito oggi.",
        &["body variables-not-sequential"],
    );
    let text = |text: &str| Fact::Text(text.into());
    let facts = vec![("expected", text("2")), ("actual", text("3"))];
    assert_eq!(found[0].facts(), facts);
    for wrong in [
        "Ciao {{2}}, il tuo ordine {{1}} è partito oggi.",
        "Ciao {{0}}, il tuo ordine {{1}} è partito oggi.",
        "Ciao {{01}}, il tuo ordine {{2}} è partito oggi.",
    ] {
        body(wrong, &["body variables-not-sequential"]);
    }
    body(
        "Ciao {{1}}, il tuo ordine {{numero}} è partito oggi.",
        &["body variables-mixed"],
    );
    let many = |count| {
        (1..=count).fold(String::from("a"), |text, n| {
            format!("{text} b c {{{{{n}}}}} d")
        })
    };
    body(&many(60), &[]);
    let too_many = |it: &mut Submission| {
        with_body(
            it,
            &(1..=101).fold(String::from("a"), |t, n| format!("{t} b c {{{{{n}}}}} d")),
        );
    };
    let found = {
        let mut submission = good();
        too_many(&mut submission);
        findings(&submission)
    };
    let codes: Vec<&str> = found.iter().map(Finding::code).collect();
    assert!(codes.contains(&"too-many-variables"), "{codes:?}");
}

#[test]
fn braces_that_are_no_variable() {
    for wrong in [
        "Ciao {{ 1 }}, il tuo ordine",
        "Ciao {{a-b}}, il tuo ordine",
        "Ciao {{}}, il tuo ordine",
        "Ciao {{1, il tuo ordine",
        "Ciao 1}}, il tuo ordine",
        "Ciao {{{1}}}, il tuo ordine",
        "Ciao {{1}}}, il tuo ordine",
        "Ciao {{{1}}, il tuo ordine",
    ] {
        body(wrong, &["body variable-malformed"]);
    }
    let found = body(
        "Ciao {{a_very_long_name_}}, il tuo ordine",
        &["body variable-name-too-long"],
    );
    let name = Fact::Text("a_very_long_name_".into());
    assert_eq!(found[0].facts()[0], ("variable", name));
    body("Ciao {1}, il {tuo} ordine", &[]);
}

#[test]
fn blanks_in_the_text() {
    body("Ciao\nAnna\nBruno", &[]);
    body("Ciao\r\nAnna", &[]);
    for wrong in [
        "Ciao\n\nAnna",
        "Ciao\r\n\r\nAnna",
        "Ciao\n \nAnna",
        "Ciao\u{2028}\nAnna",
    ] {
        body(wrong, &["body line-breaks"]);
    }
    body("Ciao\tAnna", &["body tab"]);
    body("Ciao   Anna", &[]);
    body("Ciao    Anna", &["body spaces"]);
    body("Ciao \u{a0} \u{a0}Anna", &["body spaces"]);
}

#[test]
fn the_footer_is_a_short_plain_line() {
    let footer = |text: &str, expected: &[&str]| {
        check(text, |it| it.footer = Some(text.into()), expected);
    };
    footer("Rispondi STOP per non ricevere altro", &[]);
    footer(" ", &[]);
    footer(&"a".repeat(60), &[]);
    footer(&"a".repeat(61), &["footer too-long"]);
    footer("Ciao {{1}}", &["footer variable-not-allowed"]);
    footer("Ciao\nAnna", &["footer line-breaks"]);
    footer("Ciao 🙂", &["footer emoji"]);
}

#[test]
fn a_sample_for_each_variable_and_no_other() {
    let samples = |given: &[(&str, &str)], expected: &[&str]| {
        check("samples", |it| it.samples = values(given), expected)
    };
    samples(&[], &["samples sample-missing", "samples sample-missing"]);
    let found = samples(&[("1", "a"), ("2", " ")], &["samples sample-missing"]);
    assert_eq!(found[0].facts(), vec![("variable", Fact::Text("2".into()))]);
    let more = [("1", "a"), ("2", "b"), ("3", "c")];
    samples(&more, &["samples sample-unexpected"]);
    let twice = [("1", "a"), ("2", "b"), ("1", "c")];
    samples(&twice, &["samples sample-repeated"]);
    for wrong in ["a\nb", "a\tb", "a     b"] {
        samples(&[("1", wrong), ("2", "b")], &["samples sample-whitespace"]);
    }
    samples(&[("1", "a    b"), ("2", "b")], &[]);
}

#[test]
fn how_many_buttons() {
    let replies = |count: usize| {
        (0..count)
            .map(|n| reply(&n.to_string()))
            .collect::<Vec<_>>()
    };
    buttons(replies(10), &[]);
    buttons(replies(11), &["buttons too-many-buttons"]);
    let url = |n: usize| button(ButtonKind::Url, &n.to_string(), "https://example.com");
    buttons(vec![url(0), url(1)], &[]);
    buttons(
        vec![url(0), url(1), url(2)],
        &["buttons[2] too-many-buttons"],
    );
    let phone = |title| button(ButtonKind::Phone, title, "+390212345678");
    buttons(
        vec![phone("a"), phone("b")],
        &["buttons[1] too-many-buttons"],
    );
    let code = |title| button(ButtonKind::CopyCode, title, "SALE25");
    buttons(vec![code("a"), code("b")], &["buttons[1] too-many-buttons"]);
    buttons(vec![url(0), phone("a"), code("b")], &[]);
    buttons(vec![reply("a"), reply("b"), url(0)], &[]);
    buttons(vec![url(0), reply("a"), reply("b")], &[]);
    buttons(
        vec![reply("a"), url(0), reply("b")],
        &["buttons buttons-not-grouped"],
    );
}

#[test]
fn what_stands_on_a_button() {
    buttons(vec![reply("a"), reply("")], &["buttons[1].title blank"]);
    buttons(vec![reply(&"a".repeat(20))], &[]);
    buttons(vec![reply(&"a".repeat(21))], &["buttons[0].title too-long"]);
    let url = |title: &str| button(ButtonKind::Url, title, "https://example.com");
    buttons(vec![url(&"a".repeat(25))], &[]);
    buttons(vec![url(&"a".repeat(26))], &["buttons[0].title too-long"]);
    // Beside a reply it is on a card.
    let mixed = vec![url(&"a".repeat(25)), reply("a")];
    buttons(mixed, &["buttons[0].title too-long"]);
    buttons(
        vec![reply("a"), reply("a")],
        &["buttons[1].title title-repeated"],
    );
    buttons(
        vec![reply("{{1}}")],
        &["buttons[0].title variable-not-allowed"],
    );
    buttons(vec![reply("Sì 👍")], &["buttons[0].title emoji"]);
}

#[test]
fn where_a_button_leads() {
    let target = |kind, target: &str, expected: &[&str]| {
        buttons(vec![button(kind, "Apri", target)], expected);
    };
    let of = |code: &str| format!("buttons[0].target {code}");
    for good in [
        "https://example.com",
        "http://example.com/a?b=c#d",
        "https://example.com/{{1}}",
        "https://example.com/?order={{2}}",
    ] {
        target(ButtonKind::Url, good, &[]);
    }
    for wrong in [
        "example.com",
        "ftp://example.com",
        "https://",
        "https:///a",
        "https://{{1}}",
        "https://a b",
    ] {
        target(ButtonKind::Url, wrong, &[&of("address-malformed")]);
    }
    for wrong in [
        "https://example.com/{{1}}/a",
        "https://example.com/{{1}}{{2}}",
    ] {
        target(ButtonKind::Url, wrong, &[&of("address-variable")]);
    }
    target(
        ButtonKind::Url,
        "https://example.com/{{ 1 }}",
        &[&of("address-malformed")],
    );
    target(
        ButtonKind::Url,
        "https://example.com/{{a-1}}",
        &[&of("variable-malformed")],
    );
    target(ButtonKind::Url, "", &[&of("blank")]);
    target(ButtonKind::Phone, "+390212345678", &[]);
    for wrong in [
        "390212345678",
        "+39 02 12345678",
        "+39",
        "+3902123456789012",
        "+{{1}}",
    ] {
        target(ButtonKind::Phone, wrong, &[&of("phone-malformed")]);
    }
    target(ButtonKind::CopyCode, "SALE25", &[]);
    target(ButtonKind::CopyCode, &"A".repeat(16), &[&of("too-long")]);
    target(ButtonKind::CopyCode, "", &[&of("blank")]);
    target(ButtonKind::QuickReply, "", &[]);
    target(ButtonKind::QuickReply, &"a".repeat(129), &[&of("too-long")]);
    target(
        ButtonKind::QuickReply,
        "{{1}}",
        &[&of("variable-not-allowed")],
    );
}

#[test]
fn a_buttons_variable_is_one_of_the_templates() {
    let open = |target: &str| vec![button(ButtonKind::Url, "Apri", target)];
    let change = |it: &mut Submission| it.buttons = open("https://example.com/{{3}}");
    check("no sample", change, &["samples sample-missing"]);
    let change = |it: &mut Submission| it.buttons = open("https://example.com/{{4}}");
    let expected = ["body variables-not-sequential", "samples sample-missing"];
    check("a gap", change, &expected);
}

#[test]
fn the_kind_has_room_for_all_of_it() {
    let kind = |buttons: Vec<Button>, footer: Option<&str>| {
        let footer = footer.map(Into::into);
        Submission {
            buttons,
            footer,
            ..good()
        }
        .kind()
    };
    let url = || button(ButtonKind::Url, "Apri", "https://example.com");
    assert_eq!(kind(vec![], None), Kind::Text);
    assert_eq!(kind(vec![], Some(" ")), Kind::Text);
    assert_eq!(kind(vec![reply("a")], None), Kind::QuickReply);
    assert_eq!(kind(vec![url()], None), Kind::CallToAction);
    assert_eq!(kind(vec![reply("a"), url()], None), Kind::Card);
    assert_eq!(kind(vec![], Some("a")), Kind::Card);
}

#[test]
fn the_preview_shows_what_is_there() {
    let mut submission = good();
    submission.samples.pop();
    submission.footer = Some(" ".into());
    submission.buttons = vec![button(ButtonKind::Url, "Apri", "https://example.com/{{1}}")];
    let seen = preview(&submission);
    assert_eq!(seen.body, "Ciao Anna, il tuo ordine {{2}} è partito oggi.");
    assert_eq!(seen.footer, None);
    assert_eq!(seen.buttons[0].target, "https://example.com/Anna");
}

proptest! {
    #[test]
    fn without_findings_it_can_be_filled_in(
        texts in prop::collection::vec("[a-zè]{1,5}( [a-z🙂]{1,5}){2,4}", 1..5),
        given in prop::collection::vec("[a-zà]{1,4} {0,5}[a-z\n]{0,4}", 4),
    ) {
        let mut submission = good();
        submission.body.clear();
        submission.samples.clear();
        for (at, text) in texts.iter().enumerate() {
            if at > 0 {
                submission.body.push_str(&format!(" {{{{{at}}}}} "));
                submission.samples.push(Value { name: at.to_string(), value: given[at - 1].clone() });
            }
            submission.body.push_str(text);
        }
        let filled = fill(&submission.localization(), &submission.samples);
        if findings(&submission).is_empty() {
            prop_assert_eq!(filled, Ok(preview(&submission).body));
        } else {
            prop_assert!(filled.is_err(), "nothing else is wrong with it than a sample");
        }
    }

    #[test]
    fn what_cannot_be_filled_in_has_a_finding(
        words in prop::collection::vec("[a-z]{1,9}|\\{\\{[123]\\}\\}", 1..12),
        samples in prop::collection::vec(("[123]", "[a \n]{0,6}"), 0..4),
    ) {
        let submission = Submission {
            body: words.join(" "),
            samples: samples.into_iter().map(|(name, value)| Value { name, value }).collect(),
            ..good()
        };
        let flaw: Result<String, Flaw> = fill(&submission.localization(), &submission.samples);
        prop_assert!(flaw.is_ok() || !findings(&submission).is_empty(), "{:?}", flaw);
    }

    #[test]
    fn any_submission_is_judged_without_panic(
        name in ".{0,20}", body in "\\PC{0,80}", footer in ".{0,70}", title in ".{0,30}", target in ".{0,40}",
    ) {
        let kinds = [ButtonKind::QuickReply, ButtonKind::Url, ButtonKind::Phone, ButtonKind::CopyCode];
        let submission = Submission {
            name,
            body,
            footer: Some(footer),
            buttons: kinds.into_iter().map(|kind| button(kind, &title, &target)).collect(),
            ..good()
        };
        for finding in findings(&submission) {
            prop_assert!(!finding.field().is_empty() && !finding.code().is_empty());
            let _ = finding.facts();
        }
        let _ = preview(&submission);
    }
}
