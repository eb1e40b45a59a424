//! Everything an administrator does, by REST: checking, ending, editing, carrying over, looking back.

use edge_tests::setup::{NEW_SID, NEW_TOKEN, done, field, new_account, templates, told};
use edge_tests::{page, webhook};
use futures_util::future::join_all;
use serde_json::{Value, json};
use world::{Failure, Inbound, Options, Rest, World, demo, until};

const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread")]
async fn a_check_tells_what_is_wrong_and_the_webhook_is_set_from_here() -> Result<(), Failure> {
    let world = World::start(Options::default()).await?;
    new_account(&world).await?;
    let check = async || done(world.rest.post("/api/v1/accounts/roma/check", &json!({}))).await;
    let first = check().await?;
    assert_eq!(field(&first, "/check/token"), "ok", "{first}");
    assert_eq!(field(&first, "/check/outcome"), "wrong");
    assert_eq!(field(&first, "/check/senders/0/webhook"), "elsewhere");
    assert_eq!(field(&first, "/check/senders/0/quality_rating"), "HIGH");

    let line = done(world.rest.post("/api/v1/senders/roma/webhook", &json!({}))).await?;
    assert_eq!(field(&line, "/webhook"), "here", "{line}");
    let account = done(world.rest.get("/api/v1/accounts/roma")).await?;
    assert_eq!(field(&account, "/check/outcome"), "ok", "{account}");
    assert_eq!(field(&check().await?, "/check/outcome"), "ok");

    // And it is the phone's webhook from now on.
    world
        .simulator
        .writes(&Inbound::text(demo::ANNA, "+390612345678", "Ciao Roma"))
        .await?;
    let thread = world.rest.thread("roma", demo::ANNA).await?;
    assert_eq!(world.rest.messages(&thread).await?.len(), 1);
    until("the webhook is noted", PATIENCE, async || {
        let account = done(world.rest.get("/api/v1/accounts/roma")).await.ok()?;
        field(&account, "/last_webhook_at").as_i64()
    })
    .await?;

    // Another token, a key, a number that is not there, no answer.
    let account =
        |token: &str| json!({ "name": "Roma", "account_sid": NEW_SID, "auth_token": token });
    done(world.rest.put(
        "/api/v1/accounts/roma",
        &account("ffffffffffffffffffffffffffffffff"),
    ))
    .await?;
    let refused = check().await?;
    assert_eq!(field(&refused, "/check/token"), "refused");
    assert_eq!(field(&refused, "/check/outcome"), "wrong");
    let key: Value = world
        .simulator
        .post(&format!("/simulator/accounts/{NEW_SID}/keys"), &json!({}))
        .await?;
    let mut with_key = account(NEW_TOKEN);
    if let Some(fields) = with_key.as_object_mut() {
        let key = json!({ "sid": key["sid"], "secret": key["secret"] });
        fields.insert("api_key".into(), key);
    }
    let put = done(world.rest.put("/api/v1/accounts/roma", &with_key)).await?;
    assert_eq!(field(&put, "/api_key/sid"), &key["sid"]);
    assert_eq!(field(&check().await?, "/check/api_key"), "ok");
    let absent = json!({ "account": "roma", "name": "Nowhere", "number": "+390699999999", "language": "it" });
    done(world.rest.put("/api/v1/senders/nowhere", &absent)).await?;
    let partly = check().await?;
    assert_eq!(field(&partly, "/check/senders/0/found"), false, "{partly}");
    let answer = world
        .rest
        .post("/api/v1/senders/nowhere/webhook", &json!({}))
        .await?;
    assert_eq!(told(&answer), (404, "not-at-twilio"));
    world
        .simulator
        .faults(json!({ "rest": [{ "kind": "503", "count": 50 }] }))
        .await?;
    assert_eq!(field(&check().await?, "/check/outcome"), "unreachable");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_says_what_it_ends_and_leaves_no_orphan() -> Result<(), Failure> {
    let world = World::start(Options::default()).await?;
    let agent = world.rest_as("agent", "Giulia", &["milano"]);
    for (customer, body) in [(demo::ANNA, "Ciao"), (demo::BRUNO, "STOP")] {
        world
            .simulator
            .writes(&Inbound::text(customer, demo::MILANO, body))
            .await?;
    }
    let anna = world.rest.thread("milano", demo::ANNA).await?;
    let ends = until("both threads are known", PATIENCE, async || {
        let ends = done(world.rest.get("/api/v1/senders/milano/consequences"))
            .await
            .ok()?;
        (ends["threads"] == 2 && ends["open_threads"] == 2).then_some(ends)
    })
    .await?;
    assert!(
        !ends["templates"].as_array().is_none_or(Vec::is_empty),
        "{ends}"
    );
    assert_eq!(
        told(&world.rest.delete("/api/v1/accounts/demo").await?),
        (409, "account-in-use")
    );
    let answer = world
        .rest
        .delete("/api/v1/senders/milano?history=burn")
        .await?;
    assert_eq!(told(&answer), (400, "field-invalid"));

    let mut watching = page::open(&agent, "milano", demo::ANNA).await?;
    done(world.rest.delete("/api/v1/senders/milano?history=erase")).await?;
    watching
        .until("the socket closes", |page| page.closed)
        .await?;
    until("the record is gone", PATIENCE, async || {
        let answer = world
            .rest
            .get(&format!("/api/v1/sessions/{anna}"))
            .await
            .ok()?;
        (answer.status == 404).then_some(())
    })
    .await?;
    // The same number comes back: nothing of what was said, but the opt-out stands.
    let sender =
        json!({ "account": "demo", "name": "Milano", "number": demo::MILANO, "language": "it" });
    done(world.rest.put("/api/v1/senders/milano", &sender)).await?;
    for (customer, consent) in [(demo::ANNA, "none"), (demo::BRUNO, "opted-out")] {
        let thread = world.rest.thread("milano", customer).await?;
        assert!(world.rest.messages(&thread).await?.is_empty());
        let session = done(world.rest.get(&format!("/api/v1/sessions/{thread}"))).await?;
        let mark = field(&session, "/session/consent");
        let mark = if mark.is_null() {
            field(&session, "/consent")
        } else {
            mark
        };
        assert_eq!(mark, consent, "{session}");
    }

    done(
        world
            .rest
            .delete("/api/v1/accounts/demo?senders=delete&history=keep"),
    )
    .await?;
    assert_eq!(told(&world.rest.get("/api/v1/accounts/demo").await?).0, 404);
    let left = done(world.rest.get("/api/v1/senders")).await?;
    assert_eq!(left["senders"], json!([]));
    for template in templates(&world.rest).await? {
        assert_eq!(template["senders"], json!([]), "{template}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_arrives_while_a_number_is_erased_is_erased_too() -> Result<(), Failure> {
    let world = World::start(Options::default()).await?;
    let customers: Vec<String> = (10..34).map(|n| format!("+3934733300{n}")).collect();
    let mut threads = Vec::new();
    for customer in &customers {
        threads.push(world.rest.thread("milano", customer).await?);
    }
    let path = format!("/twilio/{}/messages", demo::ACCOUNT);
    let arriving = customers.iter().enumerate().map(|(n, customer)| {
        let params = webhook::text(&format!("SM{n:032x}"), customer, "Buongiorno a tutti");
        let (world, path) = (&world, &path);
        async move { webhook::post(world, path, &params, Some(demo::AUTH_TOKEN)).await }
    });
    // Half of them before, the rest while it is going on.
    let mut arriving: Vec<_> = arriving.collect();
    for early in arriving.split_off(customers.len() / 2) {
        assert_eq!(early.await?.status, 200);
    }
    let (answers, deleted) = tokio::join!(
        join_all(arriving),
        world.rest.delete("/api/v1/senders/milano?history=erase"),
    );
    deleted?.expect_success()?;
    for answer in answers {
        assert_eq!(answer?.status, 200);
    }
    for thread in &threads {
        until("nothing of it is left", PATIENCE, async || {
            let path = format!("/api/v1/threads/{thread}/messages");
            let said = world.rest.get(&path).await.ok()?;
            let empty = said.status == 200 && field(&said.body, "/messages") == &json!([]);
            (empty || said.status == 404).then_some(())
        })
        .await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_edit_the_same_thing_see_both_versions() -> Result<(), Failure> {
    let world = World::start(Options::default()).await?;
    let put = async |name: &str, header: (&str, &str)| {
        let body = json!({ "name": name, "distribution": "push" });
        let path = "/api/v1/workstreams/support";
        world
            .rest
            .call(reqwest::Method::PUT, path, Some(&body), &[header])
            .await
    };
    let first = put("Support", ("If-None-Match", "*")).await?;
    assert_eq!(first.status, 201);
    let version = format!("\"{}\"", first.body["version"]);
    let twice = put("Support", ("If-None-Match", "*")).await?;
    assert_eq!(told(&twice), (412, "changed-meanwhile"));
    assert_eq!(field(&twice.body, "/facts/current/name"), "Support");
    assert_eq!(put("Mine", ("If-Match", &version)).await?.status, 200);
    let theirs = put("Theirs", ("If-Match", &version)).await?;
    assert_eq!(told(&theirs), (412, "changed-meanwhile"));
    assert_eq!(field(&theirs.body, "/facts/current/name"), "Mine");
    done(world.rest.delete("/api/v1/workstreams/support")).await?;
    assert_eq!(
        told(&put("Late", ("If-Match", &version)).await?),
        (412, "gone-meanwhile")
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_set_up_is_carried_over_as_one_file() -> Result<(), Failure> {
    let world = World::start(Options::default()).await?;
    let workstream = json!({ "name": "Support", "distribution": "pick" });
    done(world.rest.put("/api/v1/workstreams/support", &workstream)).await?;
    let file = done(world.rest.get("/api/v1/configuration")).await?;
    let import = async |rest: &Rest, file: &Value, dry: bool| {
        rest.post(&format!("/api/v1/configuration?dry_run={dry}"), file)
            .await
    };
    let same = done(import(&world.rest, &file, false)).await?;
    assert_eq!(
        (&same["created"], &same["changed"]),
        (&json!(0), &json!(0)),
        "{same}"
    );

    let empty = World::start(Options {
        deployment: false,
        ..Options::default()
    })
    .await?;
    let dry = done(import(&empty.rest, &file, true)).await?;
    assert_eq!(dry["applied"], false);
    assert!(dry["created"].as_u64() > Some(5), "{dry}");
    assert_eq!(
        done(empty.rest.get("/api/v1/senders")).await?["senders"],
        json!([])
    );

    let flawed = |pointer: &str, value: Value| {
        let mut file = file.clone();
        if let Some(place) = file.pointer_mut(pointer) {
            *place = value;
        }
        file
    };
    for (file, code, place) in [
        (
            flawed("/senders/1/number", json!("12")),
            "field-invalid",
            "senders[1].number",
        ),
        (
            flawed("/senders/1/number", file["senders"][0]["number"].clone()),
            "number-taken",
            "senders[1].number",
        ),
        (
            flawed("/senders/0/account", json!("nobody")),
            "field-invalid",
            "senders[0].account",
        ),
        (
            flawed("/finestra", json!(2)),
            "configuration-newer",
            "finestra",
        ),
    ] {
        let answer = import(&empty.rest, &file, false).await?;
        assert_eq!(told(&answer).1, code, "{}", answer.body);
        assert_eq!(field(&answer.body, "/facts/field"), place);
    }
    assert_eq!(
        done(empty.rest.get("/api/v1/accounts")).await?["accounts"],
        json!([]),
        "nothing was applied"
    );

    done(import(&empty.rest, &file, false)).await?;
    let mut copy = done(empty.rest.get("/api/v1/configuration")).await?;
    let mut file = file;
    for file in [&mut copy, &mut file] {
        if let Some(fields) = file.as_object_mut() {
            fields.remove("exported_at");
        }
    }
    assert_eq!(copy, file);
    let account = done(empty.rest.get("/api/v1/accounts/demo")).await?;
    assert_eq!(account["token_set"], false);
    // Without its token it takes no webhook, however it is signed.
    let sync = empty
        .rest
        .post("/api/v1/accounts/demo/sync", &json!({}))
        .await?;
    assert_eq!(told(&sync), (409, "account-without-token"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_changed_what_can_be_searched_and_taken_away() -> Result<(), Failure> {
    let world = World::start(Options::default()).await?;
    let put = |name: &str| json!({ "name": name, "distribution": "push" });
    for name in ["One", "Two", "Three"] {
        done(world.rest.put("/api/v1/workstreams/support", &put(name))).await?;
    }
    let page = done(world.rest.get("/api/v1/audit?kind=workstream&limit=2")).await?;
    let names: Vec<&Value> = page["entries"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|line| field(line, "/after/name"))
        .collect();
    assert_eq!(names, ["Three", "Two"]);
    let older = format!("/api/v1/audit?kind=workstream&before={}", page["next"]);
    let older = done(world.rest.get(&older)).await?;
    assert_eq!(field(&older, "/entries/0/before"), &Value::Null);
    assert_eq!(older["next"], Value::Null);
    let nobody = done(world.rest.get("/api/v1/audit?who=nobody")).await?;
    assert_eq!(nobody["entries"], json!([]));
    let table = world.rest.get("/api/v1/audit.csv?kind=workstream").await?;
    assert_eq!(
        table.header("content-type"),
        Some("text/csv; charset=utf-8")
    );
    let table = table.body.as_str().unwrap_or_default().to_owned();
    assert_eq!(table.lines().count(), 4, "{table}");
    for (role, status) in [("supervisor", 200), ("agent", 403), ("service", 403)] {
        let rest = world.rest_as(role, "Somebody", &["*"]);
        assert_eq!(rest.get("/api/v1/audit").await?.status, status, "{role}");
        let change = rest.put("/api/v1/workstreams/support", &put("No")).await?;
        assert_eq!(change.status, 403, "{role}");
    }
    assert_eq!(
        world
            .rest_as("admin", "Some", &["milano"])
            .get("/api/v1/audit")
            .await?
            .status,
        404
    );
    Ok(())
}
