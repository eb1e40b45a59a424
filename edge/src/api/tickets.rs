//! How does a page get a socket? `POST /api/v1/tickets`, and what the Worker does with the ticket.

use crate::auth::caller::Caller;
use crate::auth::ticket::{self, Ticket, TicketKey};
use crate::http::{Answer, Ask};
use crate::problem::Problem;
use crate::thread::watch::{SEQUENCE_HEADER, TICKET_HEADER};
use crate::{clock, config, objects, platform};
use serde::{Deserialize, Serialize};
use shared::id::ThreadId;
use shared::protocol::{FINGERPRINT, Opening, SUBPROTOCOL, close};
use worker::{Env, WebSocketPair, web_sys};

#[derive(Deserialize)]
struct Asked {
    sender: String,
    customer: String,
}

#[derive(Serialize)]
struct Issued {
    thread: ThreadId,
    ticket: String,
    socket: String,
}

/// Issues a ticket: good for 30 seconds, once, for this agent, thread and origin.
///
/// # Errors
/// `400` for an address that cannot be read, `403` for a foreign origin, `404` out of scope.
pub async fn issue(env: &Env, caller: &Caller, ask: &Ask) -> Result<Answer, Problem> {
    let asked: Asked = ask.json()?;
    let origin = ask.header("origin").unwrap_or_default();
    if !origin.is_empty() && !config::origin_allowed(env, origin) {
        return Err(Problem::new(403, "origin").remedy("ask-administrator"));
    }
    let (standing, sender) =
        super::threads::opened(env, caller, &asked.sender, &asked.customer).await?;
    let customer = super::customer(&asked.customer)?;
    let thread = standing.thread.clone();
    let ticket = Ticket::new(
        caller.clone(),
        sender.sender.id,
        customer,
        thread,
        origin.into(),
        clock::wall(),
    )?;
    let ticket = ticket.issue(&TicketKey::from_env(env)?);
    let public = config::public_url(env);
    let socket = match public.strip_prefix("http") {
        Some(rest) => ["ws", rest, "/socket/", standing.thread.as_str()].concat(),
        None => return Err(Problem::unavailable()),
    };
    Ok(Answer::json(
        200,
        &Issued {
            thread: standing.thread,
            ticket,
            socket,
        },
    ))
}

/// `GET /socket/{thread}`: checks the ticket and passes the socket on to the thread's object.
///
/// A browser cannot read a refused handshake: the socket is opened, and closed with the reason.
///
/// # Errors
/// If the platform fails.
pub async fn connect(env: &Env, ask: &Ask, thread: &str) -> worker::Result<web_sys::Response> {
    match admit(env, ask, thread) {
        Ok((ticket, sequence)) => {
            let object = objects::object_of(env, &ticket.thread)?;
            let (ticket, sequence) = (crate::json::write(&ticket)?, sequence.to_string());
            let headers = [
                ("upgrade", "websocket"),
                (TICKET_HEADER, &ticket),
                (SEQUENCE_HEADER, &sequence),
            ];
            platform::open(&object, &headers).await
        }
        Err(code) => {
            let pair = WebSocketPair::new()?;
            pair.server.accept()?;
            pair.server.close(Some(code), Some(""))?;
            let headers = [("sec-websocket-protocol", SUBPROTOCOL)];
            platform::socket(pair.client.as_ref(), &headers)
        }
    }
}

/// The ticket and the last sequence number the page has, or the code to close with.
fn admit(env: &Env, ask: &Ask, thread: &str) -> Result<(Ticket, u64), u16> {
    let protocols = ask.header("sec-websocket-protocol").unwrap_or_default();
    let mut protocols = protocols.split(',').map(str::trim);
    let opening = match (protocols.next(), protocols.next()) {
        (Some(SUBPROTOCOL), Some(opening)) => Opening::parse(opening).ok_or(close::TOKEN)?,
        _ => return Err(close::TOKEN),
    };
    let origin = ask.header("origin").unwrap_or_default();
    if !origin.is_empty() && !config::origin_allowed(env, origin) {
        return Err(close::SCOPE);
    }
    if opening.fingerprint != FINGERPRINT {
        return Err(close::FINGERPRINT);
    }
    let key = TicketKey::from_env(env).map_err(|_| close::TOKEN)?;
    let ticket =
        ticket::verify(&key, opening.ticket, origin, clock::wall()).map_err(
            |error| match error {
                ticket::TicketError::Origin => close::SCOPE,
                _ => close::TOKEN,
            },
        )?;
    if ticket.thread.as_str() != thread {
        return Err(close::SCOPE);
    }
    Ok((ticket, opening.sequence))
}
