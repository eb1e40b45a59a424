//! How far has it come? What is set up, what is left to do, and how the accounts fare.

use super::account_pages::glance;
use super::client::Visit;
use super::desk::Desk;
use super::look::{at, list, text};
use super::page::{Act, Block, Link, Page, Section, Step};
use crate::problem::Problem;
use serde_json::Value;

/// `GET /admin`
pub(super) async fn show(visit: &Visit<'_>) -> Result<Page, Problem> {
    let accounts = visit.get("accounts").await?;
    let senders = visit.get("senders").await?;
    let templates = visit.get("templates").await?;
    Ok(page(
        &visit.desk,
        list(&accounts, "accounts"),
        list(&senders, "senders"),
        list(&templates, "templates"),
    ))
}

fn page(desk: &Desk, accounts: &[Value], senders: &[Value], templates: &[Value]) -> Page {
    let mut page = Page {
        title: desk.say("home").into(),
        place: "home",
        ..Page::default()
    };
    let (steps, left) = steps(desk, accounts, senders, templates);
    let mut setup = Section::new(desk.say("home.setup"));
    setup.blocks.push(Block::Steps(steps));
    let mut fare = Section::new(desk.say("home.accounts"));
    fare.blocks.push(Block::Table(glance(desk, accounts)));
    if accounts.is_empty() {
        page.lead = desk.say("home.lead").into();
        let begin = Act::link("/admin/accounts/new", desk.say("accounts.new"));
        let try_out = Act::link("/admin/sandboxes", desk.say("home.sandbox"));
        page.acts = vec![begin.look("first"), try_out];
        page.sections.push(setup);
    } else if left {
        page.sections.extend([setup, fare]);
    } else {
        page.lead = desk.say("home.complete").into();
        page.sections.push(fare);
    }
    page
}

/// The way from nothing to the first answered message, and whether any of it is left.
fn steps(
    desk: &Desk,
    accounts: &[Value],
    senders: &[Value],
    templates: &[Value],
) -> (Vec<Step>, bool) {
    let first = accounts.first().map_or("", |account| text(account, "id"));
    let below = |what: &str| {
        if first.is_empty() {
            String::new()
        } else {
            ["/admin/accounts/", first, what].concat()
        }
    };
    let account = if first.is_empty() {
        "/admin/accounts/new".into()
    } else {
        below("")
    };
    let outcome = |wanted: &str| (accounts.iter()).any(|one| text(one, "check.outcome") == wanted);
    let heard = (accounts.iter()).any(|one| at(one, "last_webhook_at").is_number());
    let placed = senders
        .iter()
        .any(|one| !text(one, "workstream").is_empty());
    let usable = templates.iter().any(|template| {
        (list(template, "localizations").iter()).any(|one| text(one, "approval") == "approved")
    });
    let all = [
        ("account", !accounts.is_empty(), account),
        ("numbers", !senders.is_empty(), below("/numbers")),
        // Whoever writes to us proves that the callbacks are right; unless a check said otherwise.
        (
            "callbacks",
            (outcome("ok") || heard) && !outcome("wrong"),
            below("/callbacks"),
        ),
        ("workstream", placed, "/admin/workstreams".into()),
        ("templates", usable, "/admin/templates".into()),
        ("test", heard, below("/test")),
    ];
    let mut left = false;
    let mut steps = Vec::new();
    for (name, is_done, href) in all {
        let state = if is_done {
            "done"
        } else if left {
            "later"
        } else {
            "now"
        };
        left |= !is_done;
        steps.push(Step {
            state,
            link: Link::new(href, desk.words.of(&["home.step.", name].concat())),
            text: desk
                .words
                .of(&["home.step.", name, "-text"].concat())
                .into(),
        });
    }
    (steps, left)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn states(accounts: &Value, senders: &Value, templates: &Value) -> Vec<&'static str> {
        let (steps, _) = steps(
            &Desk::default(),
            accounts.as_array().unwrap(),
            senders.as_array().unwrap(),
            templates.as_array().unwrap(),
        );
        steps.iter().map(|step| step.state).collect()
    }

    #[test]
    fn the_first_thing_left_is_the_next() {
        let nothing = json!([]);
        assert_eq!(
            states(&nothing, &nothing, &nothing),
            ["now", "later", "later", "later", "later", "later"]
        );
        let account = json!([{ "id": "a" }]);
        let sender = json!([{ "id": "s", "workstream": null }]);
        assert_eq!(
            states(&account, &sender, &nothing),
            ["done", "done", "now", "later", "later", "later"]
        );
        let heard = json!([{ "id": "a", "last_webhook_at": 5, "check": { "outcome": "ok" } }]);
        let wrong = json!([{ "id": "a", "last_webhook_at": 5, "check": { "outcome": "wrong" } }]);
        assert_eq!(states(&wrong, &sender, &nothing)[2], "now");
        let placed = json!([{ "id": "s", "workstream": "w" }]);
        let template = json!([{ "localizations": [{ "approval": "approved" }] }]);
        assert_eq!(states(&heard, &placed, &template), ["done"; 6]);
    }
}
