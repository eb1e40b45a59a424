//! What may be sent when? The referee's rule, through Twilio's door.

mod stage;

use serde_json::json;
use stage::{ACCOUNT, CUSTOMER, HOUR, Hooks, SENDER, Stage, statuses};

/// Sends, and waits until the callbacks say how it ended: the last status and its code.
async fn outcome(stage: &Stage, hooks: &mut Hooks, params: &[(&str, &str)]) -> (String, String) {
    let callback = format!("{}/status", hooks.url);
    let mut params = params.to_vec();
    params.push(("StatusCallback", &callback));
    stage.create(&params).await;
    loop {
        let hook = hooks.next().await;
        let status = hook.param("MessageStatus").to_owned();
        if matches!(status.as_str(), "delivered" | "failed" | "undelivered") {
            return (status, hook.param("ErrorCode").to_owned());
        }
    }
}

#[tokio::test]
async fn a_free_form_message_passes_until_the_last_minute_of_the_window() {
    let mut hooks = Hooks::open().await;
    let stage = Stage::open("").await;
    stage.write("hello").await;
    stage.advance(24 * HOUR - 60_000).await;
    assert_eq!(
        outcome(&stage, &mut hooks, &[("Body", "in time")]).await.0,
        "delivered"
    );
    stage.advance(60_000).await;
    assert_eq!(
        outcome(&stage, &mut hooks, &[("Body", "late")]).await.1,
        "63016"
    );
    assert_eq!(
        stage.phone().await,
        ["hello", "in time"],
        "what was refused is not on the phone"
    );
    let log = stage.get("simulator/log").await;
    assert_eq!(log["refused_63016"], 1);
    assert_eq!(log["creates"][1]["window_open"], false);
}

#[tokio::test]
async fn a_customer_who_never_wrote_gets_nothing_free_form() {
    let mut hooks = Hooks::open().await;
    let stage = Stage::open("").await;
    assert_eq!(
        outcome(&stage, &mut hooks, &[("Body", "hello")]).await.1,
        "63016"
    );
}

#[tokio::test]
async fn what_we_send_does_not_move_the_window_and_a_button_does() {
    let mut hooks = Hooks::open().await;
    let stage = Stage::open("").await;
    stage.write("hello").await;
    stage.advance(23 * HOUR).await;
    assert_eq!(
        outcome(&stage, &mut hooks, &[("Body", "still there?")])
            .await
            .0,
        "delivered"
    );
    stage.advance(2 * HOUR).await;
    assert_eq!(
        outcome(&stage, &mut hooks, &[("Body", "late")]).await.1,
        "63016"
    );
    let tap = json!({"from": CUSTOMER, "to": SENDER, "button": {"text": "Yes", "payload": "yes"}});
    stage.post("messages", tap).await;
    assert_eq!(
        outcome(&stage, &mut hooks, &[("Body", "good")]).await.0,
        "delivered"
    );
}

#[tokio::test]
async fn the_window_starts_at_the_time_of_writing_and_not_of_delivery() {
    let stage = Stage::open("").await;
    stage
        .post(
            "messages",
            json!({"from": CUSTOMER, "to": SENDER, "webhook": "drop"}),
        )
        .await;
    let phone = stage.get(&format!("simulator/phones/{CUSTOMER}")).await;
    let conversation = &phone["conversations"][0];
    let wrote = conversation["messages"][0]["at"].as_i64().unwrap();
    assert_eq!(
        conversation["window_closes_at"].as_i64().unwrap(),
        wrote + 24 * HOUR
    );
}

#[tokio::test]
async fn the_same_sid_again_does_not_move_the_window() {
    let mut hooks = Hooks::open().await;
    let stage = Stage::open(&format!("{}/in", hooks.url)).await;
    let sid = stage.write("hello").await;
    let first = hooks.next().await;
    stage.advance(25 * HOUR).await;
    let again = json!({"from": CUSTOMER, "to": SENDER, "body": "other", "sid": sid});
    assert_eq!(stage.post("messages", again).await["sid"], sid.as_str());
    assert_eq!(
        hooks.next().await.params,
        first.params,
        "the old webhook, replayed"
    );
    assert_eq!(
        outcome(&stage, &mut hooks, &[("Body", "late")]).await.1,
        "63016"
    );
}

#[tokio::test]
async fn a_refusal_ends_as_failed_or_undelivered_or_both() {
    let mut hooks = Hooks::open().await;
    let stage = Stage::open("").await;
    stage.post("faults", json!({"seed": 7})).await;
    let callback = format!("{}/status", hooks.url);
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..12 {
        let sid = stage
            .create(&[("Body", "late"), ("StatusCallback", &callback)])
            .await;
        let mut reported = vec![hooks.next().await];
        // A refusal is reported within one run of callbacks; the log says when that is over.
        while stage.message(&sid).await["status"]
            != reported[reported.len() - 1].param("MessageStatus")
        {
            reported.push(hooks.next().await);
        }
        seen.insert(statuses(&reported).join(" "));
    }
    let expected = ["failed", "failed undelivered", "sent undelivered"];
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn a_number_that_changed_hands_does_not_inherit_the_window() {
    let mut hooks = Hooks::open().await;
    let stage = Stage::open("").await;
    stage.write("hello").await;
    stage
        .post(
            "customers",
            json!({"customer": CUSTOMER, "external_user_id": "IT.42"}),
        )
        .await;
    assert_eq!(
        outcome(&stage, &mut hooks, &[("Body", "who are you?")])
            .await
            .1,
        "63016"
    );
}

#[tokio::test]
async fn a_customer_without_a_number_is_written_to_by_id() {
    let mut hooks = Hooks::open().await;
    let stage = Stage::open(&format!("{}/in", hooks.url)).await;
    stage
        .post(
            "messages",
            json!({"from": "IT.42", "to": SENDER, "body": "hello"}),
        )
        .await;
    let hook = hooks.next().await;
    assert_eq!(
        (hook.param("From"), hook.param("ExternalUserId")),
        ("whatsapp:IT.42", "whatsapp:IT.42")
    );
    assert!(!hook.params.contains_key("WaId"));
    let params = [("To", "whatsapp:IT.42"), ("Body", "hello")];
    assert_eq!(outcome(&stage, &mut hooks, &params).await.0, "delivered");
}

#[tokio::test]
async fn a_business_the_customer_blocked_stays_at_sent() {
    let mut hooks = Hooks::open().await;
    let stage = Stage::open("").await;
    stage.write("hello").await;
    stage
        .post("customers", json!({"customer": CUSTOMER, "blocked": true}))
        .await;
    let callback = format!("{}/status", hooks.url);
    let sid = stage
        .create(&[("Body", "hello?"), ("StatusCallback", &callback)])
        .await;
    assert_eq!(hooks.next().await.param("MessageStatus"), "sent");
    assert_eq!(stage.message(&sid).await["status"], "sent");
    assert_eq!(stage.phone().await, ["hello"]);
}

#[tokio::test]
async fn a_number_without_whatsapp_is_an_invalid_recipient() {
    let mut hooks = Hooks::open().await;
    let stage = Stage::open("").await;
    stage
        .post(
            "customers",
            json!({"customer": CUSTOMER, "on_whatsapp": false}),
        )
        .await;
    let code = outcome(&stage, &mut hooks, &[("Body", "hello")]).await.1;
    assert!(["63024", "63003"].contains(&code.as_str()), "{code}");
}

#[tokio::test]
async fn twilio_blocks_after_stop_only_where_it_is_set_to() {
    let mut hooks = Hooks::open().await;
    let stage = Stage::open("").await;
    stage.write(" Stop ").await;
    assert_eq!(
        outcome(&stage, &mut hooks, &[("Body", "bye")]).await.0,
        "delivered"
    );
    stage.post("faults", json!({"twilio_opt_out": true})).await;
    let (status, problem) = stage.try_create(&[("Body", "bye")]).await.unwrap();
    assert_eq!((status, &problem["code"]), (400, &json!(21610)));
    stage.write("start").await;
    assert_eq!(
        outcome(&stage, &mut hooks, &[("Body", "welcome back")])
            .await
            .0,
        "delivered"
    );
}

#[tokio::test]
async fn media_are_fetched_before_they_are_handed_on() {
    let mut hooks = Hooks::open().await;
    let stage = Stage::open("").await;
    stage.write("hello").await;
    let missing = format!("{}/nothing", stage.running.url);
    assert_eq!(
        outcome(&stage, &mut hooks, &[("MediaUrl", &missing)])
            .await
            .1,
        "63019"
    );
    let page = format!("{}/", stage.running.url);
    assert_eq!(
        outcome(&stage, &mut hooks, &[("MediaUrl", &page)]).await.1,
        "63021"
    );
    let picture =
        json!({"from": CUSTOMER, "to": SENDER, "media": [{"content_type": "image/jpeg"}]});
    let sid = stage.post("messages", picture).await["sid"]
        .as_str()
        .unwrap()
        .to_owned();
    let media = stage
        .get(&format!(
            "2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}/Media.json"
        ))
        .await;
    let medium = media["media_list"][0]["sid"].as_str().unwrap();
    let picture = format!("{}/simulator/media/{sid}.{medium}", stage.running.url);
    assert_eq!(
        outcome(&stage, &mut hooks, &[("MediaUrl", &picture)])
            .await
            .0,
        "delivered"
    );
}
