//! Do requests fail the way a test orders, and is Twilio left in the state the fault promises?

mod stage;

use std::time::Duration;

use serde_json::json;
use stage::{ACCOUNT, Hooks, Stage};

async fn bodies(stage: &Stage) -> Vec<String> {
    let list = stage
        .get(&format!("2010-04-01/Accounts/{ACCOUNT}/Messages.json"))
        .await;
    let messages = list["messages"].as_array().cloned().unwrap_or_default();
    messages
        .iter()
        .map(|message| stage::text(&message["body"]))
        .collect()
}

#[tokio::test]
async fn a_rejected_request_creates_nothing_and_is_logged() {
    let stage = Stage::open("").await;
    stage
        .post(
            "faults",
            json!({"fail_next": [{"kind": "429", "count": 2}, {"kind": "503"}]}),
        )
        .await;
    for expected in [429, 429, 503, 201] {
        let (status, _) = stage
            .try_create(&[("Body", "x"), ("Surprise", "y")])
            .await
            .unwrap();
        assert_eq!(status, expected);
    }
    assert_eq!(bodies(&stage).await, ["x"]);
    let log = stage.get("simulator/log").await;
    assert_eq!(log["creates"].as_array().map(Vec::len), Some(4));
    assert_eq!(
        (&log["creates"][0]["http"], &log["creates"][0]["fault"]),
        (&json!(429), &json!("429"))
    );
    assert_eq!(
        (&log["creates"][3]["params"]["Body"], &log["unknown_fields"]),
        (&json!("x"), &json!(1))
    );
}

#[tokio::test]
async fn a_server_error_may_have_created_the_message() {
    let stage = Stage::open("").await;
    stage
        .post(
            "faults",
            json!({"fail_next": [{"kind": "500"}, {"kind": "500", "created": true}]}),
        )
        .await;
    for body in ["gone", "kept"] {
        assert_eq!(stage.try_create(&[("Body", body)]).await.unwrap().0, 500);
    }
    assert_eq!(bodies(&stage).await, ["kept"]);
}

#[tokio::test]
async fn a_time_out_creates_nothing() {
    let stage = Stage::open("").await;
    stage
        .post("faults", json!({"fail_next": [{"kind": "timeout"}]}))
        .await;
    let request = stage.try_create(&[("Body", "x")]);
    assert!(
        tokio::time::timeout(Duration::from_millis(300), request)
            .await
            .is_err(),
        "it was answered"
    );
    assert!(bodies(&stage).await.is_empty());
}

#[tokio::test]
async fn a_lost_answer_creates_the_message_and_its_callbacks() {
    let mut hooks = Hooks::open().await;
    let stage = Stage::open("").await;
    stage.write("hello").await;
    let lost = json!([{"kind": "lost_answer"}, {"kind": "lost_answer", "hang": true}]);
    stage.post("faults", json!({"fail_next": lost})).await;
    let callback = format!("{}/status?m=7", hooks.url);
    let params = [("Body", "closed"), ("StatusCallback", callback.as_str())];
    assert!(
        stage.try_create(&params).await.is_err(),
        "the connection is closed"
    );
    assert_eq!(hooks.next().await.path, "/status?m=7");
    let request = stage.try_create(&[("Body", "silent")]);
    assert!(
        tokio::time::timeout(Duration::from_millis(300), request)
            .await
            .is_err(),
        "it was answered"
    );
    assert_eq!(bodies(&stage).await, ["silent", "closed", "hello"]);
}

#[tokio::test]
async fn an_asynchronous_error_comes_by_callback() {
    let mut hooks = Hooks::open().await;
    let stage = Stage::open("").await;
    stage.write("hello").await;
    stage
        .post(
            "faults",
            json!({"error_next": {"code": 63018, "status": "failed"}}),
        )
        .await;
    let callback = format!("{}/status", hooks.url);
    let params = [("Body", "x"), ("StatusCallback", callback.as_str())];
    stage.create(&params).await;
    let hook = hooks.next().await;
    assert_eq!(
        (hook.param("MessageStatus"), hook.param("ErrorCode")),
        ("failed", "63018")
    );
    stage.create(&params).await;
    assert_eq!(hooks.next().await.param("MessageStatus"), "sent");
    assert_eq!(
        stage.get("simulator/log").await["refused_63016"],
        0,
        "an ordered error is no verdict"
    );
}

#[tokio::test]
async fn a_misspelt_fault_is_refused() {
    let stage = Stage::open("").await;
    let (status, answer) = stage
        .try_post("faults", json!({"duplicate_webhook": 1}))
        .await;
    assert_eq!(status, 400, "{answer}");
}

#[tokio::test]
async fn a_reset_forgets_messages_and_faults_and_keeps_accounts_and_time() {
    let stage = Stage::open("").await;
    stage.write("hello").await;
    stage.advance(1_000).await;
    stage
        .post("faults", json!({"fail_next": [{"kind": "500"}]}))
        .await;
    stage.post("reset", json!({})).await;
    assert!(stage.phone().await.is_empty());
    assert_eq!(stage.get("simulator/clock").await["offset_ms"], 1_000);
    assert_eq!(stage.try_create(&[("Body", "x")]).await.unwrap().0, 201);
}
