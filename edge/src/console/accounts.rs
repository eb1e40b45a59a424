//! Where do Twilio's accounts come from, and where do they go? Lists, edits and deletes them; the
//! wizard is [`super::account_setup`].

use super::account_pages::{self, glance, href};
use super::account_setup as setup;
use super::client::{Deed, Next, Visit};
use super::desk::Desk;
use super::ending;
use super::form::{Form, Kind};
use super::look::{digits, flag, list, text, yes};
use super::page::{Act, Block, Link, Page, Section};
use crate::problem::Problem;
use serde_json::{Value, json};

/// The pages below `/admin/accounts`.
pub(super) async fn show(visit: &Visit<'_>, path: &[&str]) -> Result<Page, Problem> {
    let desk = &visit.desk;
    let id = match path {
        [] => {
            let accounts = visit.get("accounts").await?;
            return Ok(all(desk, list(&accounts, "accounts")));
        }
        ["new"] => return Ok(setup::new(desk)),
        [id, ..] => *id,
    };
    let at = ["accounts/", id].concat();
    let account = visit.get(&at).await?;
    match path {
        [_] => {
            let senders = visit.get("senders").await?;
            let workstreams = visit.maybe("workstreams").await?;
            Ok(account_pages::page(
                desk,
                &account,
                list(&senders, "senders"),
                list(&workstreams, "workstreams"),
            ))
        }
        [_, "edit"] => Ok(edit(desk, &account)),
        [_, "credentials"] => Ok(credentials(desk, &account)),
        [_, "unrouted"] => {
            let before = desk.asked("before");
            let query = if before.is_empty() || !before.bytes().all(|b| b.is_ascii_digit()) {
                String::new()
            } else {
                ["?before=", before].concat()
            };
            let told = visit.get(&[&at, "/unrouted", &query].concat()).await?;
            Ok(account_pages::unrouted(desk, &account, &told))
        }
        [_, "delete"] => {
            let told = visit.maybe(&[&at, "/consequences"].concat()).await?;
            let workstreams = visit.maybe("workstreams").await?;
            let workstreams = list(&workstreams, "workstreams");
            Ok(ending::account(desk, &account, &told, workstreams))
        }
        [_, step] => {
            let senders = visit.get("senders").await?;
            let workstreams = visit.maybe("workstreams").await?;
            let workstreams = list(&workstreams, "workstreams");
            setup::step(desk, &account, list(&senders, "senders"), workstreams, step)
        }
        _ => Err(Problem::not_found()),
    }
}

/// What their forms do to an account, which is `null` while it is new.
pub(super) fn act(desk: &Desk, path: &[&str], account: &Value) -> Result<Next, Problem> {
    let id = match path {
        ["new"] => return setup::create(desk),
        [id, ..] => *id,
        [] => return Err(Problem::not_found()),
    };
    let at = ["accounts/", id].concat();
    let page = ["/admin/accounts/", id].concat();
    let check = [&page, "/check"].concat();
    match (path, desk.typed("do").as_str()) {
        ([_, "edit"], "edit") => {
            let body = json!({
                "name": desk.typed("name").trim(),
                "account_sid": text(account, "account_sid"),
                "active": desk.typed("active") == "yes",
            });
            Deed::then(&page, "saved").replace(desk, &at, body).next()
        }
        ([_, "credentials"], deed) => {
            let body = secrets(desk, account, deed)?;
            Deed::then(&check, "credentials")
                .replace(desk, &at, body)
                .ask("POST", &[&at, "/check"], None)
                .next()
        }
        ([_, "delete"], "delete") => {
            ending::named(desk, text(account, "name"))?;
            let how = ["?senders=delete&history=", ending::history(desk)].concat();
            Deed::then("/admin/accounts", "deleted")
                .ask("DELETE", &[&at, &how], None)
                .next()
        }
        ([_, "check"], "webhook") => Deed::then(&check, "webhook")
            .ask(
                "POST",
                &["senders/", &desk.typed("sender"), "/webhook"],
                None,
            )
            .ask("POST", &[&at, "/check"], None)
            .next(),
        ([_, "check"], "check") => Deed::then(&check, "checked")
            .ask("POST", &[&at, "/check"], None)
            .next(),
        ([_, "numbers"], "number") => setup::add_number(desk, id),
        _ => Err(Problem::not_found()),
    }
}

fn all(desk: &Desk, accounts: &[Value]) -> Page {
    let mut page = Page {
        title: desk.say("accounts").into(),
        lead: desk.say("accounts.lead").into(),
        place: "accounts",
        ..Page::default()
    };
    if desk.admin() {
        let new = Act::link("/admin/accounts/new", desk.say("accounts.new"));
        page.acts.push(new.look("first"));
    }
    let mut section = Section::default();
    section.blocks.push(Block::Table(glance(desk, accounts)));
    page.sections.push(section);
    page
}

fn below(desk: &Desk, account: &Value, title: &str) -> Page {
    Page {
        title: desk.say(title).into(),
        place: "accounts",
        crumbs: vec![
            Link::new("/admin/accounts", desk.say("accounts")),
            Link::new(href(account, ""), text(account, "name")),
        ],
        ..Page::default()
    }
}

fn edit(desk: &Desk, account: &Value) -> Page {
    let mut page = below(desk, account, "account.edit");
    let mut form = Form::new(desk, "edit", desk.say("save"));
    form.version(desk, &digits(account, "version"));
    form.add(
        desk,
        Kind::Text,
        "name",
        "account.name",
        text(account, "name"),
    );
    in_use(desk, &mut form, flag(account, "active"));
    form.instead = Some(Link::new(href(account, ""), desk.say("cancel")));
    let mut section = Section::default();
    section.form(form);
    page.sections.push(section);
    page
}

/// Whether something is in use.
pub(super) fn in_use(desk: &Desk, form: &mut Form, active: bool) {
    form.add(desk, Kind::Radio, "active", "active", yes(active))
        .choice("yes", desk.say("active.yes"))
        .choice("no", desk.say("active.no"));
}

/// One form for each secret: each can be replaced without the others. A token belongs to its account SID, so
/// another SID is given with its token.
fn credentials(desk: &Desk, account: &Value) -> Page {
    let mut page = below(desk, account, "account.credentials");
    page.lead = desk.say("account.credentials-lead").into();
    let version = digits(account, "version");
    let mut add = |title: &str, about: &str, mut form: Form, there: bool, remove: Option<Act>| {
        let mut section = Section::new(desk.say(title));
        section.text(desk.say(about));
        let state = if there { "stored" } else { "not-stored" };
        section.fact(desk.say("now"), super::page::plain(desk.say(state)));
        form.version(desk, &version);
        section.form(form);
        if let Some(remove) = remove.filter(|_| there) {
            let remove = remove.with("version", &version).look("danger");
            section.blocks.push(Block::Acts(vec![remove]));
        }
        page.sections.push(section);
    };
    let mut token = Form::new(desk, "token", desk.say("replace"));
    let sid = text(account, "account_sid");
    token.add(desk, Kind::Mono, "account_sid", "account.account_sid", sid);
    token.add(desk, Kind::Secret, "auth_token", "account.auth_token", "");
    add(
        "account.auth_token",
        "account.token-about",
        token,
        flag(account, "token_set"),
        None,
    );
    let mut next = Form::new(desk, "next", desk.say("save"));
    next.add(
        desk,
        Kind::Secret,
        "next_auth_token",
        "account.next_auth_token",
        "",
    );
    let remove = Act::button("", "no-next", desk.say("account.remove-next"));
    let there = flag(account, "next_token_set");
    add(
        "account.next_auth_token",
        "account.next-about",
        next,
        there,
        Some(remove),
    );
    let mut key = Form::new(desk, "key", desk.say("save"));
    let sid = text(account, "api_key.sid");
    key.add(desk, Kind::Mono, "sid", "account.key-sid", sid);
    key.add(desk, Kind::Secret, "secret", "account.key-secret", "");
    let remove = Act::button("", "no-key", desk.say("account.remove-key"));
    add(
        "account.api_key",
        "account.key-about",
        key,
        !sid.is_empty(),
        Some(remove),
    );
    page
}

/// What is put to replace one secret and keep the rest.
fn secrets(desk: &Desk, account: &Value, deed: &str) -> Result<Value, Problem> {
    let (name, value) = match deed {
        "token" => ("auth_token", json!(desk.typed("auth_token").trim())),
        "next" => (
            "next_auth_token",
            json!(desk.typed("next_auth_token").trim()),
        ),
        "no-next" => ("next_auth_token", Value::Null),
        "key" => ("api_key", api_key(desk)),
        "no-key" => ("api_key", Value::Null),
        _ => return Err(Problem::not_found()),
    };
    let mut body = json!({
        "name": text(account, "name"),
        "account_sid": text(account, "account_sid"),
        "active": flag(account, "active"),
    });
    if let Some(fields) = body.as_object_mut() {
        if deed == "token" {
            let sid = desk.typed("account_sid").trim().into();
            fields.insert("account_sid".into(), sid);
        }
        fields.insert(name.into(), value);
    }
    Ok(body)
}

/// The API key as it was typed.
pub(super) fn api_key(desk: &Desk) -> Value {
    json!({ "sid": desk.typed("sid").trim(), "secret": desk.typed("secret").trim() })
}
