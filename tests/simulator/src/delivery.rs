//! How does a webhook reach its server? Signed, form-encoded, tried again as its URL's overrides say.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use form_urlencoded::Serializer;
use http_body_util::{BodyExt, Full};
use hyper::{Request, header};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;

use crate::overrides::{Ending, Overrides};
use crate::signature::{sign, without_fragment};

/// Sends requests over plain HTTP; one connection pool for each connect timeout.
#[derive(Debug, Default)]
pub struct Courier {
    clients: Mutex<HashMap<Duration, Client<HttpConnector, Full<Bytes>>>>,
}

/// How a delivery ended, after the last attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// HTTP status; `None` if nobody answered.
    pub status: Option<u16>,
    /// Of the answer.
    pub content_type: String,
    /// Of the answer.
    pub body: Bytes,
    /// At least one.
    pub attempts: u32,
    /// All together.
    pub ms: u64,
}

impl Courier {
    /// Posts a signed form. The same idempotency token goes with every attempt.
    pub async fn deliver(
        &self,
        url: &str,
        auth_token: &str,
        params: &[(String, String)],
        token: &str,
    ) -> Receipt {
        let form = Serializer::new(String::new()).extend_pairs(params).finish();
        let signature = sign(auth_token, url, params);
        let request = || {
            Request::post(without_fragment(url))
                .header(
                    header::CONTENT_TYPE,
                    "application/x-www-form-urlencoded; charset=utf-8",
                )
                .header(header::USER_AGENT, "TwilioProxy/1.1")
                .header(header::ACCEPT, "*/*")
                .header("x-twilio-signature", &signature)
                .header("i-twilio-idempotency-token", token)
                .header("x-home-region", "us1")
                .body(Full::new(Bytes::from(form.clone())))
        };
        self.attempt(&Overrides::of_url(url), request).await
    }

    /// Posts JSON once, as a browser or a tool would.
    pub async fn post_json(&self, url: &str, body: String, patience: Duration) -> Option<u16> {
        let once = Overrides {
            read: patience,
            total: patience,
            retries: 0,
            ..Overrides::of_url("")
        };
        let request = || {
            Request::post(url)
                .header(header::CONTENT_TYPE, "application/json")
                .body(Full::new(Bytes::from(body.clone())))
        };
        self.attempt(&once, request).await.status
    }

    /// Fetches what a media address points to.
    pub async fn get(&self, url: &str) -> Receipt {
        let request = || Request::get(without_fragment(url)).body(Full::default());
        self.attempt(&Overrides::of_url(""), request).await
    }

    async fn attempt(
        &self,
        overrides: &Overrides,
        request: impl Fn() -> Result<Request<Full<Bytes>>, hyper::http::Error>,
    ) -> Receipt {
        let client = self.client(overrides.connect);
        let started = Instant::now();
        let mut receipt = Receipt {
            status: None,
            content_type: String::new(),
            body: Bytes::new(),
            attempts: 0,
            ms: 0,
        };
        while receipt.attempts <= overrides.retries {
            let left = overrides.total.saturating_sub(started.elapsed());
            if left.is_zero() {
                break;
            }
            receipt.attempts += 1;
            let patience = left.min(overrides.read);
            let ending = match request() {
                Ok(request) => one_attempt(&client, request, patience, &mut receipt).await,
                Err(_) => Ending::NoConnection,
            };
            if !overrides.policy.repeats(ending) {
                break;
            }
        }
        receipt.ms = started.elapsed().as_millis() as u64;
        receipt
    }

    fn client(&self, connect: Duration) -> Client<HttpConnector, Full<Bytes>> {
        let mut clients = self
            .clients
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let client = clients.entry(connect).or_insert_with(|| {
            let mut connector = HttpConnector::new();
            connector.set_connect_timeout(Some(connect));
            connector.set_nodelay(true);
            Client::builder(TokioExecutor::new())
                // Shorter than any server's own patience: a request must not meet a connection that closes.
                .pool_idle_timeout(Duration::from_secs(1))
                .pool_timer(hyper_util::rt::TokioTimer::new())
                .build(connector)
        });
        client.clone()
    }
}

async fn one_attempt(
    client: &Client<HttpConnector, Full<Bytes>>,
    request: Request<Full<Bytes>>,
    patience: Duration,
    receipt: &mut Receipt,
) -> Ending {
    receipt.status = None;
    let response = match tokio::time::timeout(patience, client.request(request)).await {
        Ok(Ok(response)) => response,
        Ok(Err(error)) if error.is_connect() => return Ending::NoConnection,
        Ok(Err(_)) | Err(_) => return Ending::NoAnswer,
    };
    let (head, body) = response.into_parts();
    match tokio::time::timeout(patience, body.collect()).await {
        Ok(Ok(body)) => receipt.body = body.to_bytes(),
        Ok(Err(_)) | Err(_) => return Ending::NoAnswer,
    }
    let content_type = head
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    receipt.content_type = content_type.unwrap_or_default().to_owned();
    receipt.status = Some(head.status.as_u16());
    Ending::Answered(head.status.as_u16())
}
