//! Where does a fact live? The one place that names objects.

use crate::json;
use crate::platform::{self, Stub};
use crate::problem::Problem;
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::id::ThreadId;
use worker::Env;
use worker::web_sys::Response;

/// The object of a thread (or of the address that points to one).
///
/// # Errors
/// If the binding is missing.
pub fn object_of(env: &Env, thread: &ThreadId) -> worker::Result<Stub> {
    platform::object(env, "THREAD", thread.as_str())
}

/// The object that owns the set-up.
///
/// # Errors
/// If the binding is missing.
pub fn directory(env: &Env) -> worker::Result<Stub> {
    platform::object(env, "DIRECTORY", "directory")
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
    json::write(call).map_err(|error| worker::Error::from(error).into())
}

/// What was answered, understood.
///
/// # Errors
/// `503` if it cannot be: another release speaks otherwise.
pub fn understood<T: DeserializeOwned>(text: &str) -> Reply<T> {
    json::read(text).map_err(|error| worker::Error::from(error).into())
}

/// Puts a call that was put into words to an object. One for all kinds of calls, so that its code is
/// there once.
///
/// # Errors
/// The object's own [`Problem`], or `503` if it cannot be reached.
pub async fn exchange(stub: &Stub, call: String) -> Reply<String> {
    match platform::post(stub, &call).await? {
        (200, text) => Ok(text),
        (204, _) => Ok(NOTHING.into()),
        (_, text) => Err(json::read::<Problem>(&text).unwrap_or_else(|_| Problem::unavailable())),
    }
}

/// `()` as JSON: an answer that says nothing but "done" travels without a body.
const NOTHING: &str = "null";

/// What an object's `fetch` returns for a [`Reply`].
///
/// # Errors
/// If it cannot be put into words: a mistake of ours.
pub fn answer<T: Serialize>(reply: &Reply<T>) -> worker::Result<Response> {
    told(reply.as_ref().map(json::write))
}

/// The same for a value that was put into words. One for all kinds of values, as [`exchange`] is.
fn told(said: Result<Result<String, json::Unwritable>, &Problem>) -> worker::Result<Response> {
    let (status, text) = match said {
        Ok(text) => (200, text?),
        Err(problem) => (problem.status, json::write(problem)?),
    };
    if text == NOTHING {
        return platform::empty(204);
    }
    let kind = ("content-type", "application/json");
    platform::response(status, core::iter::once(kind), text.as_bytes())
}
