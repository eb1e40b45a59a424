//! What does an administrator see of an account? Its state at a glance, and a page that says what is
//! wrong and what to do.

use super::desk::Desk;
use super::look::{at, digits, flag, list, moment, number, text};
use super::page::{Act, Bit, Block, Cell, Copy, Link, Notice, Page, Section, Table, badge, code};
use super::page::{linked, plain};
use serde_json::Value;

/// Where an account's pages are.
pub(super) fn href(account: &Value, below: &str) -> String {
    ["/admin/accounts/", text(account, "id"), below].concat()
}

/// All accounts, a row each.
pub(super) fn glance(desk: &Desk, accounts: &[Value]) -> Table {
    let heads = [
        "account",
        "check",
        "last-webhook",
        "unrouted",
        "refused",
        "synced",
    ];
    let mut rows = Vec::new();
    for account in accounts {
        let mut name = linked(href(account, ""), text(account, "name"));
        if !flag(account, "active") {
            name.push(Bit::Badge("plain", desk.say("inactive").into()));
        }
        let unrouted = match number(account, "unrouted") {
            0 => plain("0"),
            n => linked(href(account, "/unrouted"), &n.to_string()),
        };
        let refused = number(account, "refused_signatures.count").to_string();
        rows.push(vec![
            name,
            outcome(desk, account),
            moment(&desk.words, account, "last_webhook_at"),
            unrouted,
            plain(refused),
            moment(&desk.words, account, "sync.at"),
        ]);
    }
    Table {
        name: desk.say("accounts").into(),
        heads: heads
            .map(|head| desk.words.of(&["glance.", head].concat()).into())
            .into(),
        rows,
        empty: desk.say("accounts.none").into(),
    }
}

/// How the last check came out.
fn outcome(desk: &Desk, account: &Value) -> Cell {
    let (tone, word) = match text(account, "check.outcome") {
        "ok" => ("good", "ok"),
        "wrong" => ("bad", "wrong"),
        "unreachable" => ("warn", "unreachable"),
        "incomplete" => ("warn", "incomplete"),
        _ => ("plain", "never"),
    };
    badge(tone, desk.words.of(&["check.outcome.", word].concat()))
}

/// The page of one account.
pub(super) fn page(desk: &Desk, account: &Value, senders: &[Value], workstreams: &[Value]) -> Page {
    let mut page = Page {
        title: text(account, "name").into(),
        place: "accounts",
        crumbs: vec![Link::new("/admin/accounts", desk.say("accounts"))],
        notices: attention(desk, account),
        ..Page::default()
    };
    if desk.admin() {
        page.acts = vec![
            Act::link(href(account, "/edit"), desk.say("edit")),
            Act::link(
                href(account, "/credentials"),
                desk.say("account.credentials"),
            ),
            Act::link(href(account, "/delete"), desk.say("delete")).look("danger"),
        ];
    }
    page.sections.push(check(desk, account, senders));
    page.sections
        .push(numbers(desk, account, senders, workstreams));
    page.sections.push(facts(desk, account));
    let mut urls = Section::new(desk.say("callbacks"));
    callbacks(desk, account, &mut urls);
    page.sections.push(urls);
    page
}

/// What somebody should look at now.
fn attention(desk: &Desk, account: &Value) -> Vec<Notice> {
    let mut notices = Vec::new();
    if at(account, "active") == &Value::Bool(false) {
        notices.push(Notice::new("warn", "", desk.say("account.is-inactive")));
    }
    let right = text(account, "refused_signatures.right_url");
    if !right.is_empty() {
        // The public URL is what stands before the webhook's path.
        let public = right.split("/twilio/").next().unwrap_or_default();
        let ours = text(account, "webhook_url")
            .split("/twilio/")
            .next()
            .unwrap_or_default();
        let facts = [("right", public), ("ours", ours)];
        let told = desk.words.fill("account.public-url-wrong", &facts);
        notices.push(Notice::new("bad", desk.say("account.customers-lost"), told));
    } else if number(account, "refused_signatures.count") > 0 {
        let count = number(account, "refused_signatures.count");
        let told = desk.words.count("account.refused", count);
        notices.push(Notice::new("warn", "", told));
    }
    if number(account, "unrouted") > 0 {
        let told = desk
            .words
            .count("account.unrouted", number(account, "unrouted"));
        let mut notice = Notice::new("warn", "", told);
        let see = Act::link(href(account, "/unrouted"), desk.say("account.see-unrouted"));
        notice.acts.push(see);
        notices.push(notice);
    }
    notices
}

/// What the last check found, in words, with what to do next.
pub(super) fn check(desk: &Desk, account: &Value, senders: &[Value]) -> Section {
    let mut section = Section::new(desk.say("check"));
    let here = href(account, "/check");
    let again = Act::button(here.as_str(), "check", desk.say("check.now"));
    section.acts.push(again);
    let result = at(account, "check");
    if result.is_null() {
        section.text(desk.say("check.never"));
        return section;
    }
    let word = text(result, "outcome");
    let tone = match word {
        "ok" => "good",
        "wrong" => "bad",
        _ => "warn",
    };
    section.notice(tone, desk.words.of(&["check.says.", word].concat()));
    for (place, family, tokens) in [
        ("token", "check.token.", "/credentials"),
        ("api_key", "check.key.", "/credentials"),
    ] {
        let found = text(result, place);
        if matches!(found, "refused" | "missing") {
            let told = desk.words.of(&[family, found].concat());
            let mut notice = Notice::new("bad", "", told);
            let fix = Act::link(href(account, tokens), desk.say("account.credentials"));
            notice.acts.push(fix);
            section.blocks.push(Block::Notice(notice));
        }
    }
    for line in list(result, "senders") {
        let sender = super::look::by_id(senders, text(line, "sender"));
        if let Some(notice) = wired(desk, &here, sender, line) {
            section.blocks.push(Block::Notice(notice));
        }
    }
    section.fact(desk.say("check.at"), moment(&desk.words, result, "at"));
    let twilio = text(result, "twilio.name");
    if !twilio.is_empty() {
        let mut told = plain(twilio);
        let status = text(result, "twilio.status");
        told.push(Bit::Soft(desk.words.code("twilio.status.", status).into()));
        if text(result, "twilio.type") == "Trial" {
            told.push(Bit::Badge("warn", desk.say("check.trial").into()));
        }
        section.fact(desk.say("check.twilio"), told);
    }
    section
}

/// What is wrong with one number at Twilio, if anything is.
fn wired(desk: &Desk, here: &str, sender: &Value, line: &Value) -> Option<Notice> {
    let number = text(sender, "number");
    let facts = [("number", number), ("url", text(line, "webhook_url"))];
    let set = || {
        Act::button(here, "webhook", desk.say("check.set-webhook"))
            .look("first")
            .with("sender", text(line, "sender"))
    };
    let offline = super::look::lines(line, "offline_reasons").replace('\n', ", ");
    if !flag(line, "found") {
        let key = if text(line, "webhook") == "unknown" && text(line, "status").is_empty() {
            "check.sender.unknown"
        } else {
            "check.sender.missing"
        };
        return Some(Notice::new("bad", "", desk.words.fill(key, &facts)));
    }
    if !offline.is_empty() {
        let facts = [("number", number), ("reasons", offline.as_str())];
        let told = desk.words.fill("check.sender.offline", &facts);
        return Some(Notice::new("bad", "", told));
    }
    let key = match text(line, "webhook") {
        "elsewhere" => "check.webhook.elsewhere",
        "none" => "check.webhook.none",
        _ => return None,
    };
    let mut notice = Notice::new("bad", "", desk.words.fill(key, &facts));
    notice.acts.push(set());
    Some(notice)
}

fn numbers(desk: &Desk, account: &Value, senders: &[Value], workstreams: &[Value]) -> Section {
    let mut section = Section::new(desk.say("numbers"));
    if desk.admin() {
        let add = Act::link(href(account, "/numbers"), desk.say("numbers.add"));
        section.acts.push(add);
    }
    let table = number_table(desk, account, senders, workstreams);
    section.blocks.push(Block::Table(table));
    section
}

/// How Meta rates a number's quality.
pub(super) fn quality(desk: &Desk, line: &Value) -> Cell {
    let rating = text(line, "quality_rating").to_ascii_lowercase();
    let tone = match rating.as_str() {
        "" => return plain("–"),
        "high" | "green" => "good",
        "medium" | "yellow" => "warn",
        "low" | "red" => "bad",
        _ => "plain",
    };
    badge(tone, desk.words.code("quality.", &rating))
}

/// The numbers of an account, a row each.
pub(super) fn number_table(
    desk: &Desk,
    account: &Value,
    senders: &[Value],
    workstreams: &[Value],
) -> Table {
    let heads = [
        "name",
        "number",
        "language",
        "workstream",
        "status",
        "quality",
        "limit",
    ];
    let mut rows = Vec::new();
    for sender in senders {
        if text(sender, "account") != text(account, "id") {
            continue;
        }
        let id = text(sender, "id");
        let line = (list(account, "check.senders").iter())
            .find(|line| text(line, "sender") == id)
            .unwrap_or(&Value::Null);
        let mut name = linked(["/admin/numbers/", id].concat(), text(sender, "name"));
        if !flag(sender, "active") {
            name.push(Bit::Badge("plain", desk.say("inactive").into()));
        }
        let workstream = match text(sender, "workstream") {
            "" => plain("–"),
            id => super::workstreams::named(workstreams, id),
        };
        let told = |place: &str| match text(line, place) {
            "" => plain("–"),
            words => plain(words),
        };
        rows.push(vec![
            name,
            code(text(sender, "number")),
            plain(desk.words.code("tongue.", text(sender, "language"))),
            workstream,
            told("status"),
            quality(desk, line),
            told("messaging_limit"),
        ]);
    }
    Table {
        name: desk.say("numbers").into(),
        heads: heads
            .map(|head| desk.words.of(&["numbers.", head].concat()).into())
            .into(),
        rows,
        empty: desk.say("numbers.none").into(),
    }
}

fn facts(desk: &Desk, account: &Value) -> Section {
    let words = &desk.words;
    let mut section = Section::new(desk.say("account.facts"));
    let set = |is_set: bool| {
        let word = if is_set { "stored" } else { "not-stored" };
        plain(words.of(word))
    };
    section.fact(
        desk.say("account.account_sid"),
        code(text(account, "account_sid")),
    );
    section.fact(
        desk.say("account.auth_token"),
        set(flag(account, "token_set")),
    );
    section.fact(
        desk.say("account.next_auth_token"),
        set(flag(account, "next_token_set")),
    );
    section.fact(
        desk.say("account.api_key"),
        code(text(account, "api_key.sid")),
    );
    section.fact(
        desk.say("glance.last-webhook"),
        moment(words, account, "last_webhook_at"),
    );
    let mut error = moment(words, account, "last_error.at");
    let number = digits(account, "last_error.code");
    if !number.is_empty() {
        error.insert(0, Bit::Text(words.code("twilio.", &number).into()));
        error.insert(1, Bit::Code(number));
    }
    section.fact(desk.say("account.last-error"), error);
    let mut refused = plain(self::number(account, "refused_signatures.count").to_string());
    if at(account, "refused_signatures.last_at").is_number() {
        refused.extend(moment(words, account, "refused_signatures.last_at"));
    }
    section.fact(desk.say("glance.refused"), refused);
    let unrouted = self::number(account, "unrouted").to_string();
    section.fact(
        desk.say("glance.unrouted"),
        linked(href(account, "/unrouted"), &unrouted),
    );
    let mut synced = moment(words, account, "sync.at");
    if flag(account, "sync.stale") {
        synced.push(Bit::Badge("warn", desk.say("sync.stale").into()));
    }
    section.fact(desk.say("glance.synced"), synced);
    section
}

/// What has to be copied into Twilio's console, and where.
pub(super) fn callbacks(desk: &Desk, account: &Value, into: &mut Section) {
    for (id, place, word) in [
        ("webhook-url", "webhook_url", "callbacks.webhook"),
        ("status-url", "status_url", "callbacks.status"),
    ] {
        into.blocks.push(Block::Copy(Copy {
            id,
            label: desk.say(word).into(),
            value: text(account, place).into(),
            hint: desk.words.of(&[word, "-hint"].concat()).into(),
        }));
    }
}

/// Webhooks that belong to no number of ours.
pub(super) fn unrouted(desk: &Desk, account: &Value, told: &Value) -> Page {
    let mut page = Page {
        title: desk.say("unrouted").into(),
        lead: desk.say("unrouted.lead").into(),
        place: "accounts",
        crumbs: vec![
            Link::new("/admin/accounts", desk.say("accounts")),
            Link::new(href(account, ""), text(account, "name")),
        ],
        ..Page::default()
    };
    let mut rows = Vec::new();
    for webhook in list(told, "unrouted") {
        let param = |name: &str| {
            let params = list(webhook, "params");
            let found = params.iter().find(|one| text(one, "name") == name);
            code(found.map_or("", |one| text(one, "value")))
        };
        rows.push(vec![
            moment(&desk.words, webhook, "at"),
            plain(desk.words.code("unrouted.reason.", text(webhook, "reason"))),
            param("From"),
            param("To"),
            param("AccountSid"),
            code(text(webhook, "message_sid")),
        ]);
    }
    let heads = ["at", "reason", "from", "to", "sid", "message"];
    let mut section = Section::default();
    section.blocks.push(Block::Table(Table {
        name: desk.say("unrouted").into(),
        heads: heads
            .map(|head| desk.words.of(&["unrouted.", head].concat()).into())
            .into(),
        rows,
        empty: desk.say("unrouted.none").into(),
    }));
    let next = digits(told, "next");
    if !next.is_empty() {
        let href = ["?before=", &next].concat();
        section
            .blocks
            .push(Block::Acts(vec![Act::link(href, desk.say("older"))]));
    }
    page.sections.push(section);
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::words::Words;
    use serde_json::json;
    use std::rc::Rc;

    fn desk() -> Desk {
        let text = include_str!("../../../www/locales/console-en.json");
        Desk {
            words: Rc::new(Words::read("en", text).unwrap()),
            ..Desk::default()
        }
    }

    #[test]
    fn a_wrong_public_url_is_told_with_the_right_one() {
        let account = json!({
            "id": "a", "active": true, "webhook_url": "https://new.example/twilio/a/messages#rc=3",
            "refused_signatures": { "count": 3, "right_url": "https://old.example/twilio/a/messages" },
        });
        let notices = attention(&desk(), &account);
        let [notice] = notices.as_slice() else {
            panic!("{notices:?}")
        };
        assert!(
            notice
                .text
                .contains("Set PUBLIC_URL to https://old.example,")
        );
        assert!(notice.text.contains("https://new.example"));
    }

    #[test]
    fn each_thing_that_is_wrong_has_words_and_something_to_do() {
        let sender = json!({ "id": "s", "number": "+390212345678" });
        let line = |webhook: &str, found: bool| {
            json!({ "sender": "s", "found": found, "webhook": webhook, "status": "ONLINE",
                "webhook_url": "https://elsewhere.example", "offline_reasons": [] })
        };
        for (webhook, found, text, acts) in [
            ("elsewhere", true, "https://elsewhere.example", 1),
            ("none", true, "does not know yet", 1),
            ("unknown", false, "no WhatsApp sender", 0),
        ] {
            let notice = wired(&desk(), "/here", &sender, &line(webhook, found)).unwrap();
            assert!(notice.text.contains("+390212345678"), "{notice:?}");
            assert!(notice.text.contains(text), "{notice:?}");
            assert_eq!(notice.acts.len(), acts);
        }
        assert!(wired(&desk(), "/here", &sender, &line("here", true)).is_none());
        let account = json!({ "id": "a", "check": { "outcome": "wrong", "token": "refused", "senders": [] } });
        let section = check(&desk(), &account, &[]);
        let notices = (section.blocks.iter())
            .filter(|block| matches!(block, Block::Notice(_)))
            .count();
        assert_eq!(notices, 2);
    }

    #[test]
    fn what_is_not_told_yet_is_left_out() {
        let account = json!({ "id": "a", "name": "Bottega" });
        let page = page(
            &desk(),
            &account,
            &[json!({ "id": "s", "account": "a" })],
            &[],
        );
        assert_eq!(page.sections.len(), 4);
        assert!(page.notices.is_empty());
    }
}
