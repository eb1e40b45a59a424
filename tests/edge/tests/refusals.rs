//! Whatever the rule refuses is refused alike through the socket and through REST: the same code, the same
//! facts, the same remedy; and nothing of it reaches Twilio.

use edge_tests::page::{self, Page};
use serde_json::{Value, json};
use shared::id::TemplateId;
use shared::policy::{Proposal, Refusal};
use shared::protocol::Frame;
use shared::template;
use std::collections::BTreeMap;
use world::{Failure, Inbound, Options, Rest, World, demo};

const DAY: i64 = 86_400_000;
/// Never wrote, and nothing is recorded.
const NOBODY: &str = "+393470000009";

/// With whom, as things stand when the table is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum With {
    /// Anna wrote a moment ago.
    Open,
    /// Bruno wrote a day ago.
    Closed,
    /// Carla never wrote, but agreed.
    Agreed,
    /// Nobody ever heard of them.
    Never,
    /// Emma wrote STOP a moment ago: inside the window.
    Stopped,
    /// Anna again, but with a number that is not in use.
    Inactive,
}

/// One thread, seen from both ways in.
struct Ways {
    thread: String,
    rest: Rest,
    socket: Page,
}

/// What is said of a refusal: the same by both ways.
#[derive(Debug, PartialEq)]
struct Told {
    code: String,
    facts: Value,
    remedy: String,
}

fn told(code: &str, facts: Value, remedy: &str) -> Told {
    Told {
        code: code.into(),
        facts,
        remedy: remedy.into(),
    }
}

fn text(body: &str) -> Proposal {
    Proposal::Text { body: body.into() }
}

fn template(id: &str, language: &str, values: &[(&str, &str)]) -> Proposal {
    let value = |(name, value): &(&str, &str)| template::Value {
        name: (*name).into(),
        value: (*value).into(),
    };
    Proposal::Template {
        template: TemplateId::trusted(id),
        language: language.into(),
        values: values.iter().map(value).collect(),
    }
}

/// The appointment reminder, with everything it needs but for this value.
fn reminder(first: &str) -> Proposal {
    template(
        "appointment-reminder",
        "it",
        &[("1", first), ("2", "lunedì"), ("3", "10")],
    )
}

impl Ways {
    async fn to(world: &World, sender: &str, customer: &str) -> Result<Self, Failure> {
        let rest = world.rest_as("agent", "Giulia", &["*"]);
        let socket = page::open(&rest, sender, customer).await?;
        let thread = rest.thread(sender, customer).await?;
        Ok(Self {
            thread,
            rest,
            socket,
        })
    }

    async fn through_rest(&self, key: &str, proposal: &Proposal) -> Result<Told, Failure> {
        let body = match proposal {
            Proposal::Text { body } => json!({ "text": body }),
            Proposal::Template {
                template,
                language,
                values,
            } => {
                json!({ "template": { "id": template, "language": language, "values": values } })
            }
        };
        let answer = self.rest.send(&self.thread, key, &body).await?;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (409, Some("application/problem+json")),
            "{proposal:?}: {}",
            answer.body
        );
        let text = |name: &str| answer.body[name].as_str().unwrap_or_default().to_owned();
        Ok(Told {
            code: text("code"),
            facts: answer.body.get("facts").cloned().unwrap_or(json!({})),
            remedy: text("remedy"),
        })
    }

    async fn through_the_socket(
        &mut self,
        client: &str,
        proposal: &Proposal,
    ) -> Result<Told, Failure> {
        let frame = self.socket.propose(client, proposal.clone()).await?;
        let Frame::Refused { refusal, .. } = frame else {
            panic!("{proposal:?}: {frame:?}");
        };
        Ok(told(
            refusal.code(),
            facts(&refusal),
            refusal.remedy().code(),
        ))
    }
}

/// The fields of a refusal, which on the wire stand beneath its name.
fn facts(refusal: &Refusal) -> Value {
    let tagged = json!(refusal);
    let fields = tagged.as_object().and_then(|tagged| tagged.values().next());
    fields.cloned().unwrap_or(json!({}))
}

async fn wrote(world: &World, from: &str, body: &str) -> Result<(), Failure> {
    let message = Inbound::text(from, demo::MILANO, body);
    let written = world.simulator.writes(&message).await?;
    assert_eq!(written.webhook_status, Some(200), "{from}");
    Ok(())
}

/// Beyond the demo: a number that is not in use, and templates of two more standings.
async fn set_up(world: &World) -> Result<(), Failure> {
    let localization = |kind: &str, sid: Value, buttons: Value| {
        json!({ "language": "it", "content_sid": sid, "approval": "approved", "kind": kind,
            "body": "Quando possiamo chiamarla?", "footer": null, "buttons": buttons, "samples": [] })
    };
    let utility = |localization: Value| {
        json!({ "name": "Asked", "category": "utility", "default_language": "it",
            "senders": ["milano"], "localizations": [localization] })
    };
    let choices = json!([{ "kind": "quick-reply", "title": "Mattina", "target": "morning" }]);
    let sid = json!("HX0000000000000000000000000000abcd");
    for (path, body) in [
        (
            "senders/berlin",
            json!({ "account": "demo", "name": "Berlin", "number": "+493000000001", "language": "de", "active": false }),
        ),
        (
            "templates/list",
            utility(localization("list-picker", sid, choices)),
        ),
        (
            "templates/local",
            utility(localization("text", Value::Null, json!([]))),
        ),
    ] {
        let answer = world.rest.put(&format!("/api/v1/{path}"), &body).await?;
        answer
            .expect_success()
            .map_err(|failure| Failure::new(format!("{path}: {failure}")))?;
    }
    Ok(())
}

/// Everybody of the table, with the clock a day after Bruno wrote.
async fn everybody(world: &World) -> Result<BTreeMap<With, Ways>, Failure> {
    wrote(world, demo::BRUNO, "Ciao").await?;
    world.simulator.advance(DAY).await?;
    wrote(world, demo::ANNA, "Ciao").await?;
    wrote(world, demo::EMMA, "STOP").await?;
    let carla = world.rest.thread("milano", demo::CARLA).await?;
    world
        .rest
        .opt_in(&carla, "agreed", "checkout form", "Write to me")
        .await?;
    let mut everybody = BTreeMap::new();
    for (with, sender, customer) in [
        (With::Open, "milano", demo::ANNA),
        (With::Closed, "milano", demo::BRUNO),
        (With::Agreed, "milano", demo::CARLA),
        (With::Never, "milano", NOBODY),
        (With::Stopped, "milano", demo::EMMA),
        (With::Inactive, "berlin", demo::ANNA),
    ] {
        everybody.insert(with, Ways::to(world, sender, customer).await?);
    }
    Ok(everybody)
}

async fn messages(everybody: &BTreeMap<With, Ways>) -> Result<Vec<Vec<Value>>, Failure> {
    let mut messages = Vec::new();
    for ways in everybody.values() {
        messages.push(ways.rest.messages(&ways.thread).await?);
    }
    Ok(messages)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_through_socket_and_rest_and_nothing_reaches_twilio() -> Result<(), Failure> {
    let world = World::start(Options::default()).await?;
    set_up(&world).await?;
    let mut everybody = everybody(&world).await?;

    // When the customer stopped, and when the window closed: both are facts of their own message.
    let stamp = |with: With| {
        let socket = &everybody[&with].socket;
        let inbound = socket.messages.values().next();
        inbound
            .unwrap_or_else(|| panic!("{with:?}: {:?}", socket.thread))
            .at
            .0
    };
    let stopped = json!({ "since": stamp(With::Stopped) });
    let closed = json!({ "since": stamp(With::Closed) + DAY - 15_000 });
    let none = || json!({});
    let variable = |name: &str| json!({ "variable": name });
    let approval = |approval: &str| json!({ "approval": approval });
    let too_long = |limit: u32, actual: u32| json!({ "limit": limit, "actual": actual });

    use With::{Agreed, Closed, Inactive, Never, Open, Stopped};
    let offers = || template("autumn-offers", "it", &[("1", "Anna")]);
    let edit = "edit-text";
    let choose = "choose-template";
    let fill = "fill-variable";
    let wait = "wait-for-customer";
    #[rustfmt::skip]
    let table = [
        // The number.
        (Inactive, text("Ciao"), told("sender-inactive", none(), "ask-administrator")),
        (Inactive, reminder("Anna"), told("sender-inactive", none(), "ask-administrator")),
        // Consent.
        (Stopped, text("Ciao"), told("opted-out", stopped.clone(), wait)),
        (Stopped, text(""), told("opted-out", stopped.clone(), wait)),
        (Stopped, reminder("Emma"), told("opted-out", stopped.clone(), wait)),
        (Stopped, offers(), told("opted-out", stopped, wait)),
        (Never, reminder("Anna"), told("no-opt-in", none(), "record-opt-in")),
        (Never, offers(), told("marketing-without-opt-in", none(), "record-opt-in")),
        (Open, offers(), told("marketing-without-opt-in", none(), "record-opt-in")),
        (Closed, offers(), told("marketing-without-opt-in", none(), "record-opt-in")),
        // The window.
        (Closed, text("Ciao"), told("window-closed", closed.clone(), "send-template")),
        (Closed, text(""), told("window-closed", closed, "send-template")),
        (Never, text("Ciao"), told("window-never-opened", json!({ "since": null }), "send-template")),
        (Agreed, text("Ciao"), told("window-never-opened", json!({ "since": null }), "send-template")),
        // The text.
        (Open, text(""), told("text-empty", none(), edit)),
        (Open, text(" \n\t\u{200b}"), told("text-empty", none(), edit)),
        (Open, text(&"x".repeat(1_601)), told("text-too-long", too_long(1_600, 1_601), edit)),
        (Open, text(&"🙂".repeat(801)), told("text-too-long", too_long(1_600, 1_602), edit)),
        // The template.
        (Open, template("nothing", "it", &[]), told("template-unknown", none(), choose)),
        (Closed, template("nothing", "it", &[]), told("template-unknown", none(), choose)),
        (Open, template("appointment-reminder", "de", &[]), told("template-language", json!({ "language": "de" }), choose)),
        (Closed, template("delivery-delay", "it", &[("1", "1"), ("2", "2")]), told("template-not-approved", approval("pending"), choose)),
        (Open, template("delivery-delay", "it", &[("1", "1"), ("2", "2")]), told("template-not-approved", approval("pending"), choose)),
        (Agreed, template("overdue-invoice", "it", &[("1", "1")]), told("template-not-approved", approval("rejected"), choose)),
        (Closed, template("choose-time", "it", &[]), told("template-not-approved", approval("unsubmitted"), choose)),
        (Closed, template("list", "it", &[]), told("template-kind", json!({ "kind": "list-picker" }), choose)),
        (Closed, template("local", "it", &[]), told("template-without-content", none(), choose)),
        // Its variables.
        (Open, template("appointment-reminder", "it", &[("1", "Anna")]), told("variable-missing", variable("2"), fill)),
        (Closed, template("appointment-reminder", "it", &[]), told("variable-missing", variable("1"), fill)),
        (Closed, reminder(""), told("variable-blank", variable("1"), fill)),
        (Closed, reminder(" \u{200b}"), told("variable-blank", variable("1"), fill)),
        (Closed, reminder("a\nb"), told("variable-whitespace", variable("1"), fill)),
        (Closed, reminder("a\tb"), told("variable-whitespace", variable("1"), fill)),
        (Closed, reminder("a     b"), told("variable-whitespace", variable("1"), fill)),
        (Closed, template("continue-conversation", "it", &[("1", "Anna")]), told("variable-unexpected", variable("1"), fill)),
        (Closed, reminder(&"x".repeat(1_024)), told("text-too-long", too_long(1_024, 1_094), edit)),
    ];

    let before = messages(&everybody).await?;
    for (number, (with, proposal, expected)) in table.iter().enumerate() {
        let ways = everybody.get_mut(with).expect("everybody is here");
        let rest = ways.through_rest(&format!("k{number}"), proposal).await?;
        assert_eq!(rest, *expected, "REST, {with:?}: {proposal:?}");
        let socket = ways
            .through_the_socket(&format!("c{number}"), proposal)
            .await?;
        assert_eq!(socket, *expected, "socket, {with:?}: {proposal:?}");
    }

    // A refused proposal is no message, and Twilio was asked for none.
    assert_eq!(messages(&everybody).await?, before);
    assert!(world.simulator.log().await?.creates.is_empty());
    Ok(())
}
