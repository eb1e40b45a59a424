//! Do webhooks reach their server as Twilio's would? Order, retries, duplicates, loss.

mod stage;

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::json;
use simulator::Options;
use stage::Answer::{Never, Status};
use stage::{ACCOUNT, CUSTOMER, HOUR, Hooks, SENDER, Stage, statuses};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

#[tokio::test]
async fn webhooks_of_one_conversation_keep_the_order_of_writing() {
    let mut hooks = Hooks::open().await;
    let stage = Arc::new(Stage::open(&format!("{}/in", hooks.url)).await);
    let mut writing = JoinSet::new();
    for at in 0..40 {
        let stage = Arc::clone(&stage);
        writing.spawn(async move { stage.write(&at.to_string()).await });
    }
    writing.join_all().await;
    let arrived = hooks.take(40).await;
    let bodies: Vec<&str> = arrived.iter().map(|hook| hook.param("Body")).collect();
    assert_eq!(bodies, stage.phone().await);
}

#[tokio::test]
async fn a_later_message_waits_for_the_webhook_before_it() {
    let mut hooks = Hooks::open().await;
    let stage = Stage::open(&format!("{}/in#rt=400&rp=rt&rc=1", hooks.url)).await;
    hooks.answer(&[Never]);
    let message = |body: &str| json!({"from": CUSTOMER, "to": SENDER, "body": body});
    let first = stage.try_post("messages", message("first"));
    let second = async {
        // Written while the first is still on its way.
        assert_eq!(hooks.next().await.param("Body"), "first");
        stage.try_post("messages", message("second")).await
    };
    tokio::join!(first, second);
    let bodies = [hooks.next().await, hooks.next().await].map(|hook| hook.param("Body").to_owned());
    assert_eq!(
        bodies,
        ["first", "second"],
        "the first is tried again before the second starts"
    );
}

#[tokio::test]
async fn a_delayed_webhook_is_overtaken() {
    let mut hooks = Hooks::open().await;
    let stage = Stage::open(&format!("{}/in", hooks.url)).await;
    let late = json!({"from": CUSTOMER, "to": SENDER, "body": "written first", "webhook": "delay"});
    assert_eq!(
        stage.post("messages", late).await["webhook_status"],
        json!(null)
    );
    stage.write("written second").await;
    let bodies = [hooks.next().await, hooks.next().await].map(|hook| hook.param("Body").to_owned());
    assert_eq!(bodies, ["written second", "written first"]);
}

#[tokio::test]
async fn by_default_a_server_error_is_not_tried_again() {
    let mut hooks = Hooks::open().await;
    let stage = Stage::open(&format!("{}/in", hooks.url)).await;
    hooks.answer(&[Status(500)]);
    let answer = stage
        .post(
            "messages",
            json!({"from": CUSTOMER, "to": SENDER, "body": "x"}),
        )
        .await;
    assert_eq!(answer["webhook_status"], 500);
    hooks.next().await;
    assert!(hooks.rest().is_empty());
    let log = stage.get("simulator/log").await;
    assert_eq!(
        (
            &log["webhooks"][0]["attempts"],
            &log["webhooks"][0]["debugger"]
        ),
        (&json!(1), &json!(11200))
    );
}

#[tokio::test]
async fn overrides_in_the_fragment_are_obeyed() {
    let mut hooks = Hooks::open().await;
    let stage = Stage::open(&format!("{}/in?a=1#rc=3&rp=5xx,rt&rt=200", hooks.url)).await;
    hooks.answer(&[Status(503), Never, Status(500), Status(200)]);
    let answer = stage
        .post(
            "messages",
            json!({"from": CUSTOMER, "to": SENDER, "body": "x"}),
        )
        .await;
    assert_eq!(answer["webhook_status"], 200);
    let attempts = hooks.take(4).await;
    let tokens: HashSet<&str> = attempts.iter().map(|hook| hook.token.as_str()).collect();
    assert_eq!(tokens.len(), 1, "one idempotency token for all attempts");
    assert!(attempts.iter().all(|hook| hook.path == "/in?a=1"));
    let log = stage.get("simulator/log").await;
    assert_eq!(log["webhooks"][0]["attempts"], 4);
}

#[tokio::test]
async fn nobody_there_is_tried_once_more() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/in", listener.local_addr().unwrap());
    drop(listener);
    let stage = Stage::open(&url).await;
    let answer = stage
        .post(
            "messages",
            json!({"from": CUSTOMER, "to": SENDER, "body": "x"}),
        )
        .await;
    assert_eq!(answer["webhook_status"], json!(null));
    assert_eq!(
        stage.get("simulator/log").await["webhooks"][0]["attempts"],
        2
    );
}

#[tokio::test]
async fn fifteen_seconds_can_be_shortened_for_all_attempts_together() {
    let hooks = Hooks::open().await;
    let stage = Stage::open(&format!("{}/in#rc=5&rp=all&tt=500&rt=300", hooks.url)).await;
    hooks.answer(&[Never; 6]);
    stage.write("x").await;
    let log = stage.get("simulator/log").await;
    let delivery = &log["webhooks"][0];
    assert_eq!(delivery["attempts"], 2);
    assert!(
        (500..1_000).contains(&delivery["ms"].as_u64().unwrap()),
        "{delivery}"
    );
}

#[tokio::test]
async fn a_dropped_webhook_is_on_twilios_list_all_the_same() {
    let mut hooks = Hooks::open().await;
    let stage = Stage::open(&format!("{}/in", hooks.url)).await;
    let lost = json!({"from": CUSTOMER, "to": SENDER, "body": "lost", "webhook": "drop"});
    stage.post("messages", lost).await;
    stage.write("arrives").await;
    assert_eq!(hooks.next().await.param("Body"), "arrives");
    let list = stage
        .get(&format!("2010-04-01/Accounts/{ACCOUNT}/Messages.json"))
        .await;
    assert_eq!(list["messages"][1]["body"], "lost");
    assert_eq!(list["messages"][1]["direction"], "inbound");
}

#[tokio::test]
async fn duplicates_carry_the_same_token() {
    let mut hooks = Hooks::open().await;
    let stage = Stage::open(&format!("{}/in", hooks.url)).await;
    stage.post("faults", json!({"duplicate_webhooks": 2})).await;
    let sid = stage.write("x").await;
    let all = hooks.take(3).await;
    assert!(
        all.iter()
            .all(|hook| hook.param("MessageSid") == sid && hook.token == all[0].token)
    );
}

#[tokio::test]
async fn callbacks_come_in_order_unless_told_otherwise() {
    let mut hooks = Hooks::open().await;
    let options = Options {
        phone_autoread: true,
        ..Options::default()
    };
    let stage = Stage::with("", options).await;
    stage.write("hello").await;
    let callback = format!("{}/status?m=1", hooks.url);
    let params = [("Body", "x"), ("StatusCallback", callback.as_str())];
    stage.create(&params).await;
    assert_eq!(
        statuses(&hooks.take(3).await),
        ["sent", "delivered", "read"]
    );
    stage
        .post(
            "faults",
            json!({"reorder_callbacks": true, "duplicate_callbacks": true, "seed": 3}),
        )
        .await;
    let mut orders = HashSet::new();
    for _ in 0..8 {
        stage.create(&params).await;
        orders.insert(statuses(&hooks.take(6).await).join(" "));
    }
    assert!(orders.len() > 2, "{orders:?}");
    stage.post("faults", json!({"drop_callbacks": true})).await;
    let sid = stage.create(&params).await;
    while stage.message(&sid).await["status"] != "read" {
        tokio::task::yield_now().await;
    }
    assert!(hooks.rest().is_empty());
}

#[tokio::test]
async fn every_change_of_the_clock_reaches_the_edge_first() {
    let mut edge = Hooks::open().await;
    let options = Options {
        edge: Some(edge.url.clone()),
        ..Options::default()
    };
    let stage = Stage::with("", options).await;
    let started = edge.next().await;
    assert_eq!(
        (started.path.as_str(), started.param("json")),
        ("/development/clock", r#"{"offset_ms":0}"#)
    );
    stage.advance(HOUR).await;
    let pushed = edge.rest();
    assert_eq!(pushed.len(), 1, "before the answer");
    assert_eq!(pushed[0].param("json"), r#"{"offset_ms":3600000}"#);
    let clock = stage.post("clock", json!({"offset_ms": 5})).await;
    assert_eq!(
        (&clock["offset_ms"], &clock["edge_follows"]),
        (&json!(5), &json!(true))
    );
}

#[tokio::test]
async fn what_is_sent_while_the_edge_learns_of_a_jump_is_judged_by_the_time_before() {
    let mut edge = Hooks::open().await;
    let options = Options {
        edge: Some(edge.url.clone()),
        ..Options::default()
    };
    let stage = Stage::with("", options).await;
    edge.next().await;
    stage.write("hello").await;
    edge.answer(&[Never]);
    let jump = stage.try_post("clock", json!({"advance_ms": 25 * HOUR}));
    let send = async {
        edge.next().await;
        stage.create(&[("Body", "in time")]).await
    };
    tokio::select! {
        _ = send => {}
        _ = jump => panic!("the edge has not answered yet"),
    }
    assert_eq!(stage.get("simulator/log").await["refused_63016"], 0);
}

#[tokio::test]
async fn an_edge_that_is_late_learns_the_time_when_it_comes() {
    let place = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = place.local_addr().unwrap();
    drop(place);
    let options = Options {
        edge: Some(format!("http://{address}")),
        ..Options::default()
    };
    let stage = Stage::with("", options).await;
    let clock = stage.post("clock", json!({"advance_ms": HOUR})).await;
    assert_eq!(clock["edge_follows"], false);
    let mut edge = Hooks::on(TcpListener::bind(address).await.unwrap());
    assert_eq!(edge.next().await.param("json"), r#"{"offset_ms":3600000}"#);
}

#[tokio::test]
async fn a_page_from_elsewhere_may_not_touch_the_controls() {
    let stage = Stage::open("").await;
    assert_eq!(stage.status_for_page_of("https://example.org").await, 403);
    assert_eq!(
        stage
            .status_for_page_of("http://127.0.0.1.example.org")
            .await,
        403
    );
    assert_eq!(stage.status_for_page_of("http://127.0.0.1:8787").await, 204);
}
