//! `POST …/Messages.json`: what does Twilio accept, refuse at once, and leave to WhatsApp?

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::problem::Problem;
use super::weather::spoilt;
use crate::address::{CHANNEL, is_customer};
use crate::faults::{Failure, FailureKind};
use crate::lifecycle::{self, Fate, Judged};
use crate::log::Create;
use crate::message::{Media, Message};
use crate::request::Request;
use crate::sandbox;
use crate::sender::Sender;
use crate::simulator::Simulator;
use crate::template::Filled;
use crate::world::World;

/// A message as created: its resource and what will become of it.
struct Created {
    sid: String,
    resource: Value,
    fate: Fate,
}

/// Creates a message, unless something is wrong with the request or the day.
pub(super) async fn create(
    State(simulator): State<Arc<Simulator>>,
    Path(account): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (created, failure) = {
        let mut world = simulator.world();
        let mut entry = Create {
            at: world.now(),
            account: account.clone(),
            params: form_urlencoded::parse(&body).into_owned().collect(),
            http: None,
            code: None,
            sid: None,
            fault: None,
            window_open: None,
            unknown_fields: Vec::new(),
            samples_used: Vec::new(),
        };
        let failure = match super::authenticate(&world, &headers, Some(&account)) {
            Ok(_) => world.faults.next_failure(),
            Err(_) => None,
        };
        let attempted = match failure.as_ref().map(|failure| failure.kind) {
            Some(FailureKind::TooManyRequests | FailureKind::Timeout) => false,
            Some(FailureKind::ServerError | FailureKind::Unavailable) => {
                failure.as_ref().is_some_and(|f| f.created)
            }
            Some(FailureKind::LostAnswer | FailureKind::CutOff) | None => true,
        };
        let created = attempted.then(|| accept(&mut world, &headers, &mut entry));
        entry.fault = failure.as_ref().map(|failure| failure.kind.name());
        entry.http = match (&created, failure.as_ref().map(|failure| failure.kind)) {
            (_, Some(FailureKind::TooManyRequests)) => Some(429),
            (_, Some(FailureKind::ServerError)) => Some(500),
            (_, Some(FailureKind::Unavailable)) => Some(503),
            (_, Some(FailureKind::Timeout | FailureKind::LostAnswer)) => None,
            (Some(Err(problem)), _) => Some(problem.status),
            (_, _) => Some(201),
        };
        if let Some(Err(problem)) = &created {
            entry.code = Some(problem.code);
        }
        world.log.unknown_fields += entry.unknown_fields.len() as u32;
        world.log.samples_used += entry.samples_used.len() as u32;
        world.log.creates.push(entry);
        (created, failure)
    };
    if let Some(Ok(Created { sid, fate, .. })) = &created {
        // Spawned before the answer: a callback may overtake it, as Twilio's do.
        tokio::spawn(lifecycle::play(Arc::clone(&simulator), sid.clone(), *fate));
    }
    answer(created, failure).await
}

async fn answer(created: Option<Result<Created, Problem>>, failure: Option<Failure>) -> Response {
    let done = match created {
        Some(Ok(created)) => (StatusCode::CREATED, Json(created.resource)).into_response(),
        Some(Err(problem)) => problem.into_response(),
        None => Problem::of(20500).into_response(),
    };
    match failure {
        None => done,
        Some(failure) => spoilt(failure.kind, failure.hang, done).await,
    }
}

/// Everything Twilio checks before it answers 201.
fn accept(world: &mut World, headers: &HeaderMap, entry: &mut Create) -> Result<Created, Problem> {
    let account = super::authenticate(world, headers, Some(&entry.account))?.clone();
    let request = Request::read(&entry.params, &mut entry.unknown_fields)?;
    if !account.sender(&request.from).is_some_and(Sender::is_online) {
        return Err(Problem::of(63007));
    }
    if !is_customer(&request.to) {
        let words = format!(
            "The 'To' number {CHANNEL}{} is not a valid phone number.",
            request.to
        );
        return Err(Problem::of(21211).saying(words));
    }
    let in_sandbox = request.from == sandbox::NUMBER;
    let content = match &request.content_sid {
        Some(sid) if in_sandbox && sandbox::content(sid).is_some() => sandbox::content(sid),
        Some(sid) => match world.contents.get(sid) {
            Some(content) if content.account == account.account_sid => Some(content.clone()),
            _ => return Err(Problem::of(21655)),
        },
        None => None,
    };
    let person = world.people.identify(&request.to, None);
    let opted_out = world
        .people
        .get(&person)
        .is_some_and(|known| known.opted_out_of.contains(&request.from));
    if opted_out && world.faults.twilio_opt_out {
        return Err(Problem::of(21610));
    }
    let now = world.now();
    let open = world
        .windows
        .is_open(&request.from, &person, world.judging_time());
    entry.window_open = Some(open);
    let mut filled = match &content {
        Some(content) => content.fill(&request.content_variables),
        None => Filled {
            body: request.body.clone(),
            shown: request.shown(),
            ..Filled::default()
        },
    };
    entry.samples_used = std::mem::take(&mut filled.samples_used);
    let content_error = match &content {
        Some(_) if filled.body.encode_utf16().count() > 1_024 => Some(63021),
        Some(_) if !filled.unfilled.is_empty() => Some(63028),
        Some(_) if filled.bad_whitespace => Some(63013),
        Some(content) if open && content.always_needs_approval() && !content.may_open() => {
            Some(63013)
        }
        None if request.media.len() > 1 => Some(63021),
        _ => None,
    };
    let may_open =
        request.body.is_empty() && content.as_ref().is_some_and(|content| content.may_open());
    // The sandbox has no templates but its own, which belong to nobody.
    let may_open = may_open
        && (!in_sandbox
            || content
                .as_ref()
                .is_some_and(|content| content.account.is_empty()));
    let judged = Judged {
        account: &account.account_sid,
        sender: &request.from,
        person: &person,
        may_open,
        content_error,
    };
    let fate = lifecycle::judge(world, judged);
    let sources = if content.is_some() {
        std::mem::take(&mut filled.media)
    } else {
        request.media.clone()
    };
    let media: Vec<Media> = sources
        .into_iter()
        .map(|source| Media {
            sid: world.ids.sid("ME"),
            content_type: "image/png".to_owned(),
            // A template's sample lies on the public internet, which is not reached from here.
            source: content.is_none().then_some(source),
        })
        .collect();
    let sid = world.ids.sid(if media.is_empty() { "SM" } else { "MM" });
    let message = Message {
        sid: sid.clone(),
        account: account.account_sid,
        sender: request.from.clone(),
        customer: request.to.clone(),
        person,
        inbound: false,
        body: filled.body,
        status: "queued",
        error: None,
        created: now,
        updated: now,
        sent: None,
        media,
        shown: filled.shown,
        status_callback: request.status_callback.clone(),
        webhook: Vec::new(),
        on_phone: false,
    };
    let mut resource = message.to_twilio();
    if let Some(fields) = resource.as_object_mut() {
        // At creation nothing is known of media yet.
        fields.insert("num_media".to_owned(), json!("0"));
    }
    world.messages.add(message);
    entry.sid = Some(sid.clone());
    Ok(Created {
        sid,
        resource,
        fate,
    })
}
