//! An agent's page without a screen: gets a ticket, opens the socket, sends commands, reads frames.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use shared::id::ClientId;
use shared::message::Message;
use shared::policy::Proposal;
use shared::protocol::{Command, FINGERPRINT, Frame, SUBPROTOCOL, decode, encode};
use shared::thread::Thread;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message as Packet;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use world::{Failure, Rest};

/// How long a page waits for what it expects.
const PATIENCE: Duration = Duration::from_secs(20);

/// A page with an open socket, or one that was closed at once.
pub struct Page {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub thread: Option<Thread>,
    pub messages: BTreeMap<u64, Message>,
    pub now: i64,
    pub sender: Option<shared::policy::Sender>,
    /// The code it was closed with.
    pub closed: Option<u16>,
    /// Everything else that came, in order.
    pub frames: Vec<Frame>,
}

/// A ticket as the API gives it.
pub struct Ticket {
    pub thread: String,
    pub ticket: String,
    pub socket: String,
}

/// Asks for a ticket.
pub async fn ticket(rest: &Rest, sender: &str, customer: &str) -> Result<Ticket, Failure> {
    let answer = rest
        .post(
            "/api/v1/tickets",
            &json!({ "sender": sender, "customer": customer }),
        )
        .await?;
    let body = answer.expect_success()?;
    let text = |name: &str| {
        body.get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    Ok(Ticket {
        thread: text("thread"),
        ticket: text("ticket"),
        socket: text("socket"),
    })
}

/// Opens a socket with whatever is given as opening and origin.
pub async fn connect(url: &str, opening: &str, origin: Option<&str>) -> Result<Page, Failure> {
    let mut request = url
        .into_client_request()
        .map_err(|error| Failure::new(error.to_string()))?;
    let protocols = format!("{SUBPROTOCOL}, {opening}");
    let headers = request.headers_mut();
    headers.insert(
        "sec-websocket-protocol",
        protocols.parse().map_err(|_| Failure::new("opening"))?,
    );
    if let Some(origin) = origin {
        headers.insert(
            "origin",
            origin.parse().map_err(|_| Failure::new("origin"))?,
        );
    }
    let (socket, _) = connect_async(request)
        .await
        .map_err(|error| Failure::new(format!("{url}: {error}")))?;
    let mut page = Page {
        socket,
        thread: None,
        messages: BTreeMap::new(),
        now: 0,
        sender: None,
        closed: None,
        frames: Vec::new(),
    };
    page.until("welcome or close", |page| {
        (page.thread.is_some() || page.closed.is_some()).then_some(())
    })
    .await?;
    Ok(page)
}

/// Opens a page on a thread.
pub async fn open(rest: &Rest, sender: &str, customer: &str) -> Result<Page, Failure> {
    reopen(rest, sender, customer, 0).await
}

/// Opens a page that knows the thread up to a sequence number.
pub async fn reopen(
    rest: &Rest,
    sender: &str,
    customer: &str,
    sequence: u64,
) -> Result<Page, Failure> {
    let ticket = ticket(rest, sender, customer).await?;
    connect(
        &ticket.socket,
        &format!("{}.{FINGERPRINT}.{sequence}", ticket.ticket),
        None,
    )
    .await
}

impl Page {
    /// Sends a command.
    pub async fn send(&mut self, command: &Command) -> Result<(), Failure> {
        self.raw(Packet::Binary(encode(command).into())).await
    }

    /// Sends anything.
    pub async fn raw(&mut self, packet: Packet) -> Result<(), Failure> {
        self.socket
            .send(packet)
            .await
            .map_err(|error| Failure::new(error.to_string()))
    }

    /// Sends a proposal and waits for its answer: accepted, refused or failed.
    pub async fn propose(&mut self, client: &str, proposal: Proposal) -> Result<Frame, Failure> {
        let client = ClientId::trusted(client);
        self.send(&Command::Send {
            client: client.clone(),
            proposal,
        })
        .await?;
        self.answer(&client).await
    }

    /// Proposes a text.
    pub async fn say(&mut self, client: &str, body: &str) -> Result<Frame, Failure> {
        self.propose(client, Proposal::Text { body: body.into() })
            .await
    }

    /// Waits for the answer to a command.
    pub async fn answer(&mut self, client: &ClientId) -> Result<Frame, Failure> {
        let client = client.clone();
        self.until("an answer", move |page| {
            let index = page.frames.iter().position(|frame| match frame {
                Frame::Accepted { client: to, .. } | Frame::Refused { client: to, .. } => {
                    *to == client
                }
                Frame::Failed { client: to, .. } => to.as_ref() == Some(&client),
                _ => false,
            })?;
            Some(page.frames.remove(index))
        })
        .await
    }

    /// Reads until there is what is waited for.
    pub async fn until<T>(
        &mut self,
        what: &str,
        mut look: impl FnMut(&mut Self) -> Option<T>,
    ) -> Result<T, Failure> {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            if let Some(found) = look(self) {
                return Ok(found);
            }
            match tokio::time::timeout_at(deadline, self.socket.next()).await {
                Err(_) => {
                    return Err(Failure::new(format!(
                        "Waited in vain: {what}. Messages: {:#?}",
                        self.messages
                    )));
                }
                Ok(None) => self.closed = self.closed.or(Some(1006)),
                Ok(Some(Err(_))) => self.closed = self.closed.or(Some(1006)),
                Ok(Some(Ok(packet))) => self.take(packet),
            }
            if self.closed.is_some() && look(self).is_none() {
                return Err(Failure::new(format!(
                    "Closed with {:?} while waiting: {what}",
                    self.closed
                )));
            }
        }
    }

    fn take(&mut self, packet: Packet) {
        match packet {
            Packet::Binary(bytes) => match decode::<Frame>(&bytes) {
                Some(Frame::Welcome {
                    now,
                    sender,
                    thread,
                    messages,
                    snapshot,
                    ..
                }) => {
                    if snapshot {
                        self.messages.clear();
                    }
                    self.sender = Some(sender);
                    self.learn(now.0, thread, messages);
                }
                Some(Frame::Changed {
                    now,
                    thread,
                    messages,
                }) => self.learn(now.0, thread, messages),
                Some(frame) => self.frames.push(frame),
                None => panic!("a frame that cannot be read: {bytes:?}"),
            },
            Packet::Text(text) => assert_eq!(text.as_str(), "pong"),
            Packet::Close(frame) => {
                self.closed = Some(frame.map_or(1005, |frame| frame.code.into()))
            }
            _ => {}
        }
    }

    fn learn(&mut self, now: i64, thread: Thread, messages: Vec<Message>) {
        self.now = now;
        self.thread = Some(thread);
        for message in messages {
            self.messages.insert(message.place, message);
        }
    }
}
