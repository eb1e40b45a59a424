//! Where does a fact live? The one place that names objects.

use crate::problem::Problem;
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::id::ThreadId;
use worker::{Env, Headers, Method, Request, RequestInit, Stub};

/// The object of a thread (or of the address that points to one).
///
/// # Errors
/// If the binding is missing.
pub fn object_of(env: &Env, thread: &ThreadId) -> worker::Result<Stub> {
    env.durable_object("THREAD")?.get_by_name(thread.as_str())
}

/// The object that owns the set-up.
///
/// # Errors
/// If the binding is missing.
pub fn directory(env: &Env) -> worker::Result<Stub> {
    env.durable_object("DIRECTORY")?.get_by_name("directory")
}

/// What an object answers to a call: what was asked for, or a problem.
pub type Reply<T> = Result<T, Problem>;

/// Calls an object: JSON over its `fetch`, so that the release before still understands it.
///
/// # Errors
/// The object's own [`Problem`], or `503` if it cannot be reached.
pub async fn call<C: Serialize, T: DeserializeOwned>(stub: &Stub, call: &C) -> Reply<T> {
    understood(&exchange(stub, said(call)?).await?)
}

/// A call, put into words.
///
/// # Errors
/// If it cannot be: a mistake of ours.
pub fn said<C: Serialize>(call: &C) -> Reply<String> {
    serde_json::to_string(call).map_err(|error| worker::Error::from(error).into())
}

/// What was answered, understood.
///
/// # Errors
/// `503` if it cannot be: another release speaks otherwise.
pub fn understood<T: DeserializeOwned>(text: &str) -> Reply<T> {
    crate::json::read(text).map_err(|error| worker::Error::from(error).into())
}

/// Puts a call that was put into words to an object. One for all kinds of calls, so that its code is
/// there once.
///
/// # Errors
/// The object's own [`Problem`], or `503` if it cannot be reached.
pub async fn exchange(stub: &Stub, call: String) -> Reply<String> {
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_body(Some(call.into()));
    let request = Request::new_with_init("http://object/", &init)?;
    let mut response = stub.fetch_with_request(request).await?;
    let text = response.text().await?;
    if response.status_code() == 200 {
        return Ok(text);
    }
    Err(crate::json::read::<Problem>(&text).unwrap_or_else(|_| Problem::unavailable()))
}

/// What an object's `fetch` returns for a [`Reply`].
///
/// # Errors
/// If the answer cannot be made.
pub fn answer<T: Serialize>(reply: &Reply<T>) -> worker::Result<worker::Response> {
    match reply {
        Ok(value) => response(200, serde_json::to_string(value)?),
        Err(problem) => response(problem.status, serde_json::to_string(problem)?),
    }
}

fn response(status: u16, body: String) -> worker::Result<worker::Response> {
    let headers = Headers::new();
    headers.set("content-type", "application/json")?;
    Ok(worker::Response::ok(body)?
        .with_status(status)
        .with_headers(headers))
}
