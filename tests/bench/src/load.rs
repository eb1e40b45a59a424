//! How much does a Worker take? A round of load: some connections, each with its next webhook as
//! soon as the last one is answered.

use crate::webhook::Webhook;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::task::LocalSet;
use world::Failure;

/// Connections, and so the most webhooks under way.
const CONNECTIONS: usize = 16;

/// What a round came to.
pub(crate) struct Round {
    /// Milliseconds from sending to the last byte of the answer, for each webhook.
    pub(crate) latencies: Vec<f64>,
    /// From the first webhook to the last answer.
    pub(crate) elapsed: Duration,
}

impl Round {
    /// Webhooks a second.
    pub(crate) fn rate(&self) -> f64 {
        self.latencies.len() as f64 / self.elapsed.as_secs_f64()
    }
}

/// Sends webhooks for so long, or until there are none left; `None`: all of them. Every answer must
/// be 200; a connection that breaks is said and replaced.
pub(crate) async fn round(
    url: &str,
    webhooks: Vec<Webhook>,
    length: Option<Duration>,
) -> Result<Round, Failure> {
    let host = url.trim_start_matches("http://").to_owned();
    let waiting = Rc::new(RefCell::new(webhooks.into_iter()));
    let mut connections = Vec::new();
    for _ in 0..CONNECTIONS {
        connections.push(connect(&host).await?);
    }
    let started = Instant::now();
    let until = length.map(|length| started + length);
    let local = LocalSet::new();
    let tasks: Vec<_> = connections
        .into_iter()
        .map(|connection| {
            let (waiting, host) = (Rc::clone(&waiting), host.clone());
            local.spawn_local(async move { drive(connection, &host, &waiting, until).await })
        })
        .collect();
    local.await;
    let elapsed = started.elapsed();
    let mut latencies = Vec::new();
    for task in tasks {
        latencies.extend(
            task.await
                .map_err(|error| Failure::new(error.to_string()))??,
        );
    }
    Ok(Round { latencies, elapsed })
}

type Connection = SendRequest<Full<Bytes>>;

async fn connect(host: &str) -> Result<Connection, Failure> {
    let stream = TcpStream::connect(host).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(broken)?;
    // It ends with its sender; what goes wrong there, the sender is told.
    tokio::spawn(async move {
        let _told_elsewhere = connection.await;
    });
    Ok(sender)
}

async fn drive(
    mut connection: Connection,
    host: &str,
    waiting: &RefCell<std::vec::IntoIter<Webhook>>,
    until: Option<Instant>,
) -> Result<Vec<f64>, Failure> {
    let mut latencies = Vec::new();
    while until.is_none_or(|until| Instant::now() < until) {
        let Some(webhook) = waiting.borrow_mut().next() else {
            break;
        };
        let sent = Instant::now();
        let (status, body) = match post(&mut connection, host, &webhook).await {
            Ok(answer) => answer,
            // As Twilio does: once more, over a new connection. It counts as one webhook that took long.
            Err(error) => {
                eprintln!("  {error}");
                connection = connect(host).await?;
                post(&mut connection, host, &webhook).await?
            }
        };
        latencies.push(sent.elapsed().as_secs_f64() * 1000.0);
        if status != StatusCode::OK {
            let text = String::from_utf8_lossy(&body);
            return Err(Failure::new(format!(
                "A webhook was answered {status}: {text}"
            )));
        }
    }
    Ok(latencies)
}

async fn post(
    connection: &mut Connection,
    host: &str,
    webhook: &Webhook,
) -> Result<(StatusCode, Bytes), Failure> {
    let request = Request::post(webhook.path.as_str())
        .header("host", host)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("x-twilio-signature", webhook.signature.as_str())
        .header("user-agent", "TwilioProxy/1.1")
        .body(Full::new(Bytes::from(webhook.body.clone())))
        .map_err(|error| Failure::new(error.to_string()))?;
    connection.ready().await.map_err(broken)?;
    let answer = connection.send_request(request).await.map_err(broken)?;
    let status = answer.status();
    let body = answer.into_body().collect().await.map_err(broken)?;
    Ok((status, body.to_bytes()))
}

fn broken(error: hyper::Error) -> Failure {
    Failure::new(format!("A connection broke: {error}."))
}
