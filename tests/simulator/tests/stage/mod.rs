//! What every scene needs: a simulator, a server for its webhooks, and somebody to call both.

#![allow(
    dead_code,
    missing_docs,
    reason = "each test file uses its own part of the stage"
)]

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use base64::{Engine, engine::general_purpose::STANDARD};
use form_urlencoded::Serializer;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use simulator::{Options, Running};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

pub const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
pub const SENDER: &str = "+390212345678";
pub const CUSTOMER: &str = "+393331234567";
pub const HOUR: i64 = 3_600_000;

/// Longer than anything a test waits for when it is right.
const PATIENCE: Duration = Duration::from_secs(20);

/// One webhook as it arrived.
#[derive(Debug, Clone)]
pub struct Hook {
    pub path: String,
    pub token: String,
    pub params: HashMap<String, String>,
}

impl Hook {
    pub fn param(&self, name: &str) -> &str {
        self.params.get(name).map_or("", String::as_str)
    }
}

/// What the server does with the next webhook.
#[derive(Debug, Clone, Copy)]
pub enum Answer {
    Status(u16),
    Never,
}

/// A server for webhooks. It answers 204, unless told otherwise.
pub struct Hooks {
    pub url: String,
    answers: Arc<Mutex<VecDeque<Answer>>>,
    arrived: UnboundedReceiver<Hook>,
}

impl Hooks {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::on(listener)
    }

    pub fn on(listener: TcpListener) -> Self {
        let url = format!("http://{}", listener.local_addr().unwrap());
        let answers: Arc<Mutex<VecDeque<Answer>>> = Arc::default();
        let (arrive, arrived) = unbounded_channel();
        let script = Arc::clone(&answers);
        let router = Router::new().fallback(move |uri: Uri, headers: HeaderMap, body: Bytes| {
            receive(arrive.clone(), Arc::clone(&script), uri, headers, body)
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            url,
            answers,
            arrived,
        }
    }

    /// The answers to the next webhooks, in order of arrival.
    pub fn answer(&self, answers: &[Answer]) {
        self.answers.lock().unwrap().extend(answers);
    }

    /// The next webhook.
    pub async fn next(&mut self) -> Hook {
        let next = tokio::time::timeout(PATIENCE, self.arrived.recv()).await;
        next.expect("no webhook came").expect("the server is gone")
    }

    /// The next so many webhooks.
    pub async fn take(&mut self, count: usize) -> Vec<Hook> {
        let mut hooks = Vec::new();
        while hooks.len() < count {
            hooks.push(self.next().await);
        }
        hooks
    }

    /// Everything that arrived and was not looked at.
    pub fn rest(&mut self) -> Vec<Hook> {
        std::iter::from_fn(|| self.arrived.try_recv().ok()).collect()
    }
}

async fn receive(
    arrive: UnboundedSender<Hook>,
    script: Arc<Mutex<VecDeque<Answer>>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let token = headers
        .get("i-twilio-idempotency-token")
        .and_then(|token| token.to_str().ok());
    let hook = Hook {
        path: uri.to_string(),
        token: token.unwrap_or_default().to_owned(),
        params: match serde_json::from_slice::<Value>(&body) {
            Ok(json) => HashMap::from([("json".to_owned(), json.to_string())]),
            Err(_) => form_urlencoded::parse(&body).into_owned().collect(),
        },
    };
    let answer = script
        .lock()
        .unwrap()
        .pop_front()
        .unwrap_or(Answer::Status(204));
    // The test may be over.
    let _ = arrive.send(hook);
    match answer {
        Answer::Status(status) => StatusCode::from_u16(status).unwrap().into_response(),
        Answer::Never => std::future::pending().await,
    }
}

/// A simulator with one account and one sender.
pub struct Stage {
    pub running: Running,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl Stage {
    /// `webhook` is the sender's webhook URL.
    pub async fn open(webhook: &str) -> Self {
        Self::with(webhook, Options::default()).await
    }

    pub async fn with(webhook: &str, options: Options) -> Self {
        let running = simulator::start(0, options).await.unwrap();
        let stage = Self {
            running,
            client: Client::builder(TokioExecutor::new()).build_http(),
        };
        let senders = json!([{"number": SENDER, "name": "Shop", "webhook_url": webhook}]);
        let account = json!({"account_sid": ACCOUNT, "auth_token": "token", "senders": senders});
        stage.post("accounts", account).await;
        stage
    }

    async fn send(&self, request: Request<Full<Bytes>>) -> Result<(u16, Value), String> {
        let answer = self
            .client
            .request(request)
            .await
            .map_err(|error| error.to_string())?;
        let status = answer.status().as_u16();
        let body = answer
            .into_body()
            .collect()
            .await
            .map_err(|error| error.to_string())?
            .to_bytes();
        Ok((status, serde_json::from_slice(&body).unwrap_or_default()))
    }

    /// A control request that must succeed.
    pub async fn post(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.try_post(path, body.clone()).await;
        assert!(status < 300, "{path} {body}: {status} {answer}");
        answer
    }

    pub async fn try_post(&self, path: &str, body: Value) -> (u16, Value) {
        let url = format!("{}/simulator/{path}", self.running.url);
        self.send(Request::post(url).body(body.to_string().into()).unwrap())
            .await
            .unwrap()
    }

    /// The status of a control request that a page of this origin makes.
    pub async fn status_for_page_of(&self, origin: &str) -> u16 {
        let url = format!("{}/simulator/reset", self.running.url);
        let request = Request::post(url)
            .header("origin", origin)
            .body(Full::default())
            .unwrap();
        self.send(request).await.unwrap().0
    }

    pub async fn get(&self, path: &str) -> Value {
        self.call("GET", path, None).await.1
    }

    /// A request to Twilio's REST API that is answered.
    pub async fn call(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        self.try_call(method, path, body).await.unwrap()
    }

    /// The same; an error is a connection without a whole answer.
    pub async fn try_call(
        &self,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> Result<(u16, Value), String> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}/{path}", self.running.url))
            .header("authorization", credentials())
            .header("content-type", "application/json");
        let body = body.map_or_else(Full::default, |body| body.to_string().into());
        self.send(request.body(body).unwrap()).await
    }

    /// The customer writes; the SID.
    pub async fn write(&self, body: &str) -> String {
        let writing = json!({"from": CUSTOMER, "to": SENDER, "body": body});
        text(&self.post("messages", writing).await["sid"])
    }

    /// We write to the customer. An error is a connection without an answer.
    pub async fn try_create(&self, params: &[(&str, &str)]) -> Result<(u16, Value), String> {
        let mut form = Serializer::new(String::new());
        if params.iter().all(|(name, _)| *name != "From") {
            form.append_pair("From", &format!("whatsapp:{SENDER}"));
        }
        if params.iter().all(|(name, _)| *name != "To") {
            form.append_pair("To", &format!("whatsapp:{CUSTOMER}"));
        }
        form.extend_pairs(params);
        let url = format!(
            "{}/2010-04-01/Accounts/{ACCOUNT}/Messages.json",
            self.running.url
        );
        let request = Request::post(url)
            .header("authorization", credentials())
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.finish().into())
            .unwrap();
        self.send(request).await
    }

    /// A message that must be accepted; its SID.
    pub async fn create(&self, params: &[(&str, &str)]) -> String {
        let (status, answer) = self.try_create(params).await.unwrap();
        assert_eq!(status, 201, "{answer}");
        text(&answer["sid"])
    }

    pub async fn message(&self, sid: &str) -> Value {
        self.get(&format!(
            "2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}.json"
        ))
        .await
    }

    /// The bodies on the customer's phone.
    pub async fn phone(&self) -> Vec<String> {
        let phone = self.get(&format!("simulator/phones/{CUSTOMER}")).await;
        let messages = phone["conversations"][0]["messages"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        messages
            .iter()
            .map(|message| text(&message["body"]))
            .collect()
    }

    pub async fn advance(&self, ms: i64) {
        self.post("clock", json!({"advance_ms": ms})).await;
    }
}

fn credentials() -> String {
    format!("Basic {}", STANDARD.encode(format!("{ACCOUNT}:token")))
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The statuses that some callbacks report.
pub fn statuses(hooks: &[Hook]) -> Vec<&str> {
    hooks
        .iter()
        .map(|hook| hook.param("MessageStatus"))
        .collect()
}
