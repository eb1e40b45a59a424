//! Does an administrator find at the simulator what Twilio would say of accounts, senders and templates?

mod stage;

use serde_json::{Value, json};
use stage::{ACCOUNT, Answer, CUSTOMER, Hooks, SENDER, Stage, text};

const SENDERS: &str = "v2/Channels/Senders";

async fn sender(stage: &Stage) -> Value {
    let list = stage.get(&format!("{SENDERS}?Channel=whatsapp")).await;
    list["senders"][0].clone()
}

/// Creates a template with this text and submits it.
async fn submitted(stage: &Stage, name: &str, body: &str) -> String {
    let content = json!({"friendly_name": name, "language": "it", "variables": {"1": "Anna"},
                         "types": {"twilio/text": {"body": body}}});
    let (status, content) = stage.call("POST", "v1/Content", Some(content)).await;
    assert_eq!(status, 201, "{content}");
    let sid = text(&content["sid"]);
    let path = format!("v1/Content/{sid}/ApprovalRequests/whatsapp");
    let (status, _) = stage
        .call(
            "POST",
            &path,
            Some(json!({"name": name, "category": "UTILITY"})),
        )
        .await;
    assert_eq!(status, 201);
    sid
}

async fn approval(stage: &Stage, sid: &str) -> Value {
    stage
        .get(&format!("v1/Content/{sid}/ApprovalRequests"))
        .await["whatsapp"]
        .clone()
}

#[tokio::test]
async fn a_webhook_set_at_the_senders_api_is_the_one_that_is_called() {
    let mut hooks = Hooks::open().await;
    let stage = Stage::open("http://127.0.0.1:9/old").await;
    let before = sender(&stage).await;
    assert_eq!(before["webhook"]["callback_url"], "http://127.0.0.1:9/old");
    let path = format!("{SENDERS}/{}", text(&before["sid"]));
    let (callback, status) = (
        format!("{}/in?a=1#rc=2&rp=5xx", hooks.url),
        format!("{}/status", hooks.url),
    );
    let body =
        json!({"webhook": {"callback_url": callback.as_str(), "status_callback_url": status}});
    let (http, answer) = stage.call("POST", &path, Some(body)).await;
    assert_eq!(
        (http, &answer["status"]),
        (202, &json!("ONLINE:UPDATING")),
        "{answer}"
    );
    let after = stage.get(&path).await;
    assert_eq!(
        (&after["status"], &after["webhook"]["callback_url"]),
        (&json!("ONLINE"), &json!(callback))
    );
    // Two retries of a 503, as the fragment orders, which itself is not sent.
    hooks.answer(&[
        Answer::Status(503),
        Answer::Status(503),
        Answer::Status(200),
    ]);
    stage.write("hello").await;
    let paths: Vec<String> = hooks
        .take(3)
        .await
        .into_iter()
        .map(|hook| hook.path)
        .collect();
    assert_eq!(paths, ["/in?a=1", "/in?a=1", "/in?a=1"]);
    stage.create(&[("Body", "x")]).await;
    assert_eq!(
        hooks.next().await.path,
        "/status",
        "a message without an address of its own"
    );
}

#[tokio::test]
async fn a_fallback_is_called_when_the_webhook_fails() {
    let mut hooks = Hooks::open().await;
    let stage = Stage::open(&format!("{}/first", hooks.url)).await;
    let fallback = format!("{}/second", hooks.url);
    let change = json!({"account_sid": ACCOUNT, "number": SENDER, "fallback_url": fallback});
    stage.post("senders", change).await;
    hooks.answer(&[Answer::Status(500)]);
    stage.write("hello").await;
    let paths: Vec<String> = hooks
        .take(2)
        .await
        .into_iter()
        .map(|hook| hook.path)
        .collect();
    assert_eq!(paths, ["/first", "/second"]);
}

#[tokio::test]
async fn a_wrong_update_changes_nothing_and_says_63100() {
    let stage = Stage::open("http://127.0.0.1:9/old").await;
    let path = format!("{SENDERS}/{}", text(&sender(&stage).await["sid"]));
    for body in [
        json!({"webhook": {"callback_url": "http://127.0.0.1:9/new", "fallback_url": "nowhere"}}),
        json!({"webhook": "http://127.0.0.1:9/new"}),
        json!({"profile": {"name": " "}}),
        json!([]),
    ] {
        let (http, answer) = stage.call("POST", &path, Some(body.clone())).await;
        assert_eq!((http, &answer["code"]), (400, &json!(63100)), "{body}");
    }
    assert_eq!(
        sender(&stage).await["webhook"]["callback_url"],
        "http://127.0.0.1:9/old"
    );
    let (http, answer) = stage.call("GET", SENDERS, None).await;
    assert_eq!(
        (http, &answer["code"]),
        (400, &json!(63100)),
        "Channel is required"
    );
}

#[tokio::test]
async fn a_sender_has_its_days_and_may_go() {
    let stage = Stage::open("").await;
    let offline = json!({"account_sid": ACCOUNT, "number": SENDER, "status": "OFFLINE", "quality_rating": "LOW",
        "messaging_limit": null, "offline_reasons": [{"code": "63020", "message": "No invitation"}]});
    stage.post("senders", offline).await;
    let known = sender(&stage).await;
    assert_eq!(
        known["properties"],
        json!({"quality_rating": "LOW", "messaging_limit": null})
    );
    assert_eq!(known["offline_reasons"][0]["code"], "63020");
    let (_, refused) = stage.try_create(&[("Body", "x")]).await.unwrap();
    assert_eq!(refused["code"], 63007);
    let path = format!("{SENDERS}/{}", text(&known["sid"]));
    assert_eq!(stage.call("DELETE", &path, None).await.0, 204);
    assert_eq!(stage.call("GET", &path, None).await.0, 404);
}

#[tokio::test]
async fn a_suspended_account_says_so_and_does_nothing_else() {
    let stage = Stage::open("").await;
    let path = format!("2010-04-01/Accounts/{ACCOUNT}.json");
    assert_eq!(stage.get(&path).await["status"], "active");
    let control = format!("accounts/{ACCOUNT}");
    stage.post(&control, json!({"status": "suspended"})).await;
    assert_eq!(stage.get(&path).await["status"], "suspended");
    let (http, refused) = stage.try_create(&[("Body", "x")]).await.unwrap();
    assert_eq!((http, &refused["code"]), (403, &json!(20005)));
    stage.post(&control, json!({"status": "closed"})).await;
    assert_eq!(stage.call("GET", &path, None).await.0, 401);
}

#[tokio::test]
async fn a_review_goes_by_whatsapps_rules_and_may_come_by_itself() {
    let stage = Stage::open("").await;
    let good = submitted(&stage, "good", "Ciao {{1}}, il tuo ordine è pronto.").await;
    let bad = submitted(&stage, "bad", "{{1}}, il tuo ordine è pronto.").await;
    let review = format!("templates/{good}/review");
    assert_eq!(stage.post(&review, json!({})).await["status"], "approved");
    assert_eq!(
        stage.try_post(&review, json!({})).await.0,
        400,
        "judged already"
    );
    stage.post("reviewing", json!({"after_ms": 60_000})).await;
    assert_eq!(approval(&stage, &bad).await["status"], "received");
    stage.advance(60_000).await;
    let judged = approval(&stage, &bad).await;
    assert_eq!(judged["status"], "rejected");
    assert!(
        text(&judged["rejection_reason"]).starts_with("INVALID_FORMAT"),
        "{judged}"
    );
}

#[tokio::test]
async fn a_page_fails_once_and_an_answer_is_cut_off() {
    let stage = Stage::open("").await;
    let seed = json!({"account_sid": ACCOUNT, "count": 7});
    stage.post("templates", seed).await;
    let list = "/v1/ContentAndApprovals";
    let faults = json!([{"kind": "500", "path": list, "page": 3}, {"kind": "cut_off", "path": list, "page": 4},
                        {"kind": "429", "method": "GET", "path": "/v2/Channels/*"}]);
    stage.post("faults", json!({"rest": faults})).await;
    let mut path = format!("{}?PageSize=2", list.trim_start_matches('/'));
    let mut seen = Vec::new();
    for expected in [Ok(200), Ok(200), Ok(500), Ok(200), Err(()), Ok(200)] {
        let answer = stage.try_call("GET", &path, None).await;
        assert_eq!(
            answer.as_ref().map(|(status, _)| *status).map_err(|_| ()),
            expected
        );
        seen.push(path.clone());
        let next = answer.map(|(_, body)| text(&body["meta"]["next_page_url"]));
        if let Some(next) = next.ok().filter(|next| !next.is_empty()) {
            path = next.replace(&format!("{}/", stage.running.url), "");
        }
    }
    assert_eq!(
        (&seen[2], &seen[4]),
        (&seen[3], &seen[5]),
        "the same page again"
    );
    let log = stage.get("simulator/log").await;
    let asked = log["requests"].as_array().cloned().unwrap_or_default();
    let told: Vec<(&Value, &Value)> = asked.iter().map(|it| (&it["http"], &it["fault"])).collect();
    assert_eq!(told[2], (&json!(500), &json!("500")));
    assert_eq!(told[4], (&Value::Null, &json!("cut_off")));
    assert_eq!(asked[5]["user"], ACCOUNT);
    let senders = format!("{SENDERS}?Channel=whatsapp");
    for expected in [429, 200] {
        assert_eq!(stage.call("GET", &senders, None).await.0, expected);
    }
}

#[tokio::test]
async fn a_lost_answer_leaves_a_template_behind() {
    let stage = Stage::open("").await;
    let faults = json!([{"kind": "lost_answer", "method": "POST", "path": "/v1/Content"}, {"kind": "500", "method": "POST"}]);
    stage.post("faults", json!({"rest": faults})).await;
    let content = json!({"language": "it", "types": {"twilio/text": {"body": "x"}}});
    let lost = stage
        .try_call("POST", "v1/Content", Some(content.clone()))
        .await;
    assert!(lost.is_err(), "it was answered");
    assert_eq!(stage.call("POST", "v1/Content", Some(content)).await.0, 500);
    let list = stage.get("v1/Content").await;
    assert_eq!(list["contents"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn the_sandbox_reaches_who_joined_for_three_days() {
    let mut hooks = Hooks::open().await;
    let stage = Stage::open("").await;
    let sandbox = json!({"account_sid": ACCOUNT, "join_code": "brave-lion",
        "webhook_url": format!("{}/in", hooks.url), "status_callback_url": format!("{}/status", hooks.url)});
    stage.post("sandbox", sandbox).await;
    let number = "+14155238886";
    let from = format!("whatsapp:{number}");
    let write = |body: &'static str| {
        stage.post(
            "messages",
            json!({"from": CUSTOMER, "to": number, "body": body}),
        )
    };
    let send = async |params: &[(&str, &str)], hooks: &mut Hooks| {
        let mut params = params.to_vec();
        params.push(("From", from.as_str()));
        let sid = stage.create(&params).await;
        loop {
            let hook = hooks.next().await;
            match hook.param("MessageStatus") {
                _ if hook.param("MessageSid") != sid => {}
                "delivered" => return String::new(),
                "failed" | "undelivered" => return hook.param("ErrorCode").to_owned(),
                _ => {}
            }
        }
    };
    write("hello?").await;
    assert_eq!(
        send(&[("Body", "x")], &mut hooks).await,
        "63015",
        "a stranger"
    );
    write("join wrong-code").await;
    write("Join brave-lion").await;
    assert!(
        hooks.rest().iter().all(|hook| hook.path != "/in"),
        "joining is the sandbox's own business"
    );
    let phone = stage.phone().await;
    assert!(
        phone.last().is_some_and(|it| it.contains("all set")),
        "{phone:?}"
    );
    write("hello!").await;
    assert_eq!(hooks.next().await.param("Body"), "hello!");
    assert_eq!(send(&[("Body", "x")], &mut hooks).await, "");
    assert_eq!(
        send(&[("Body", "x")], &mut hooks).await,
        "63018",
        "too soon"
    );
    stage.advance(25 * stage::HOUR).await;
    assert_eq!(send(&[("Body", "x")], &mut hooks).await, "63016");
    stage.advance(3_000).await;
    let template = [
        ("ContentSid", "HXb5b62575e6e4ff6129ad7c8efe1f983e"),
        ("ContentVariables", r#"{"1":"lunedì","2":"9"}"#),
    ];
    assert_eq!(send(&template, &mut hooks).await, "");
    stage.advance(48 * stage::HOUR).await;
    assert_eq!(
        send(&template, &mut hooks).await,
        "63015",
        "three days are over"
    );
}
