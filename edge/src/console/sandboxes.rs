//! How does one try it out? Twilio's sandbox, set up with what is published of it; and ours, in
//! development builds, which needs no account.

use super::client::{Deed, Next, Visit};
use super::desk::{Desk, new_id};
use super::form::{Form, Kind};
use super::look::{list, text};
use super::page::{Act, Block, Copy, Page, Section, code, linked, plain};
use crate::problem::Problem;
use serde_json::{Value, json};

/// Twilio's sandbox number, the same for everybody.
const NUMBER: &str = "+14155238886";

/// The sandbox's templates: their name's key, text, samples, and Content SID where Twilio publishes it.
const TEMPLATES: [(&str, &str, &[&str], Option<&str>); 3] = [
    (
        "appointment",
        "Your appointment is coming up on {{1}} at {{2}}",
        &["July 21", "3PM"],
        Some("HXb5b62575e6e4ff6129ad7c8efe1f983e"),
    ),
    (
        "order",
        "Your {{1}} order of {{2}} has shipped and should be delivered on {{3}}. Details: {{4}}",
        &[
            "Bottega",
            "12 plates",
            "July 21",
            "https://example.com/4711",
        ],
        None,
    ),
    (
        "code",
        "Your {{1}} code is {{2}}",
        &["Bottega", "1234"],
        None,
    ),
];

/// `GET /admin/sandboxes`
pub(super) async fn show(visit: &Visit<'_>) -> Result<Page, Problem> {
    let accounts = visit.get("accounts").await?;
    let senders = visit.get("senders").await?;
    let mut page = page(
        &visit.desk,
        list(&accounts, "accounts"),
        list(&senders, "senders"),
    );
    if let Some(ours) = ours(visit) {
        page.sections.insert(0, ours);
    }
    Ok(page)
}

/// The simulator's phone: there is none in a release.
fn ours(visit: &Visit<'_>) -> Option<Section> {
    if !cfg!(feature = "simulated-clock") {
        return None;
    }
    let desk = &visit.desk;
    let mut section = Section::new(desk.say("sandbox.ours"));
    section.text(desk.say("sandbox.ours-about"));
    let phone = [&crate::config::twilio_api(visit.env), "/"].concat();
    let act = Act::link(phone, desk.say("sandbox.phone"));
    let desk_page = Act::link("/demo/", desk.say("sandbox.crm"));
    section.blocks.push(Block::Acts(vec![act, desk_page]));
    let given = [
        (
            "simulator-sid",
            "SIMULATOR_ACCOUNT_SID",
            "account.account_sid",
        ),
        (
            "simulator-token",
            "SIMULATOR_AUTH_TOKEN",
            "account.auth_token",
        ),
        ("simulator-number", "SIMULATOR_NUMBER", "number.number"),
    ];
    let given = given.map(|(id, name, word)| (id, crate::config::variable(visit.env, name), word));
    if given.iter().all(|(_, value, _)| !value.is_empty()) {
        section.text(desk.say("sandbox.ours-account"));
        for (id, value, word) in given {
            section.blocks.push(Block::Copy(Copy {
                id,
                label: desk.words.of(word).into(),
                value,
                hint: String::new(),
            }));
        }
        let connect = Act::link("/admin/accounts/new", desk.say("accounts.new"));
        section
            .blocks
            .push(Block::Acts(vec![connect.look("first")]));
    }
    Some(section)
}

fn page(desk: &Desk, accounts: &[Value], senders: &[Value]) -> Page {
    let mut page = Page {
        title: desk.say("sandboxes").into(),
        lead: desk.say("sandboxes.lead").into(),
        place: "sandboxes",
        ..Page::default()
    };
    let mut section = Section::new(desk.say("sandbox.twilio"));
    section.text(desk.say("sandbox.about"));
    let limits = ["days", "rate", "templates", "joined"];
    let limits = limits.map(|it| plain(desk.words.of(&["sandbox.limit.", it].concat())));
    section.blocks.push(Block::List(limits.into()));
    page.sections.push(section);
    match senders.iter().find(|one| text(one, "number") == NUMBER) {
        Some(sender) => page.sections.push(there(desk, accounts, sender)),
        None => page.sections.push(set_up(desk, accounts)),
    }
    page
}

/// What to do once it is set up here.
fn there(desk: &Desk, accounts: &[Value], sender: &Value) -> Section {
    let mut section = Section::new(desk.say("sandbox.use"));
    let href = ["/admin/numbers/", text(sender, "id")].concat();
    section.fact(desk.say("number.number"), linked(href, NUMBER));
    let join = ["join ", text(sender, "sandbox.join_code")].concat();
    section.fact(desk.say("sandbox.join"), code(&join));
    section.text(desk.say("sandbox.write-join"));
    let account = super::look::by_id(accounts, text(sender, "account"));
    for (id, place, word) in [
        ("comes-in", "webhook_url", "sandbox.comes-in"),
        ("status", "status_url", "sandbox.status"),
    ] {
        section.blocks.push(Block::Copy(Copy {
            id,
            label: desk.words.of(word).into(),
            value: text(account, place).into(),
            hint: desk.words.of(&[word, "-hint"].concat()).into(),
        }));
    }
    section
}

fn set_up(desk: &Desk, accounts: &[Value]) -> Section {
    let mut section = Section::new(desk.say("sandbox.set-up"));
    if accounts.is_empty() {
        section.text(desk.say("sandbox.needs-account"));
        let new = Act::link("/admin/accounts/new", desk.say("accounts.new"));
        section.blocks.push(Block::Acts(vec![new.look("first")]));
        return section;
    }
    section.text(desk.say("sandbox.makes"));
    let mut form = Form::new(desk, "sandbox", desk.say("sandbox.set-up"));
    let first = accounts.first().map_or("", |one| text(one, "id"));
    let field = form.add(desk, Kind::Select, "account", "glance.account", first);
    for one in accounts {
        field.choice(text(one, "id"), text(one, "name"));
    }
    form.add(desk, Kind::Mono, "join_code", "sandbox.code", "");
    section.form(form);
    section
}

/// Makes the number and its templates.
pub(super) fn act(desk: &Desk) -> Result<Next, Problem> {
    let typed = desk.typed("join_code");
    let typed = typed.trim();
    let join = typed.strip_prefix("join ").unwrap_or(typed).trim();
    if join.is_empty() {
        return Err(super::account_setup::empty("join_code"));
    }
    let account = desk.typed("account");
    // One account has one sandbox, so its id needs no chance.
    let id = new_id(
        "sandbox",
        account
            .get(account.len().saturating_sub(4)..)
            .unwrap_or_default(),
    );
    let sender = json!({
        "account": account,
        "name": desk.say("sandbox.name"),
        "number": NUMBER,
        "language": "en",
        "sandbox": { "join_code": join },
    });
    let mut deed = Deed::then("/admin/sandboxes", "sandbox").create(&["senders/", &id], sender);
    for (name, body, samples, sid) in TEMPLATES {
        let samples: Vec<Value> = (samples.iter().enumerate())
            .map(|(place, value)| json!({ "name": (place + 1).to_string(), "value": value }))
            .collect();
        let template = json!({
            "name": desk.words.of(&["sandbox.template.", name].concat()),
            "category": "utility",
            "default_language": "en",
            "senders": [id],
            "localizations": [{
                "language": "en", "content_sid": sid, "kind": "text", "body": body,
                "approval": "approved", "samples": samples,
            }],
        });
        deed = deed.create(&["templates/", &id, "-", name], template);
    }
    deed.next()
}
