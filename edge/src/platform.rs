//! How is the platform reached in few steps? Bindings of our own, where those of `worker` take many.
//!
//! Every step from WASM into JavaScript and back costs a microsecond or so, every text that crosses
//! another, a promise ten. On the way of a webhook that is most of the time there is, so requests,
//! answers, KV and calls of objects go through here. And every request outwards does: `worker`'s would
//! bring along how to describe caching, minifying and the resizing of images.

#![allow(
    missing_docs,
    reason = "what the attribute expands to is not documented"
)]

use crate::prompt::Waiting;
use futures_util::future::{Either, LocalBoxFuture, select};
use std::cell::RefCell;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::time::Duration;
use worker::js_sys::futures::future_to_promise;
use worker::js_sys::{JSON, JsString, Object, Promise, Reflect, Uint8Array};
use worker::wasm_bindgen::closure::Closure;
use worker::wasm_bindgen::prelude::wasm_bindgen;
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::{Delay, Env, Error, Result, web_sys};

#[wasm_bindgen(wasm_bindgen = worker::wasm_bindgen, js_sys = worker::js_sys)]
extern "C" {
    /// A KV namespace.
    #[derive(Clone)]
    type Namespace;
    #[wasm_bindgen(method, catch)]
    fn get(this: &Namespace, key: &str) -> std::result::Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn put(
        this: &Namespace,
        key: &str,
        value: &str,
        options: &Object,
    ) -> std::result::Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn delete(this: &Namespace, key: &str) -> std::result::Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn list(this: &Namespace, options: &Object) -> std::result::Result<Promise, JsValue>;

    /// A class of objects.
    #[derive(Clone)]
    type Objects;
    #[wasm_bindgen(method, catch, js_name = getByName)]
    fn by_name(this: &Objects, name: &str) -> std::result::Result<Stub, JsValue>;

    /// A promise, and what is to be done once it is kept.
    type Promised;
    #[wasm_bindgen(method, catch)]
    fn then(this: &Promised, deed: &JsValue) -> std::result::Result<JsValue, JsValue>;

    /// What is asked as a server is: an object, from outside, or the static files.
    #[derive(Clone)]
    pub type Stub;
    #[wasm_bindgen(method, catch)]
    fn fetch(
        this: &Stub,
        url: &str,
        init: &web_sys::RequestInit,
    ) -> std::result::Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = fetch)]
    fn pass_on(this: &Stub, request: &web_sys::Request) -> std::result::Result<Promise, JsValue>;

    /// Asks whoever is at an address.
    #[wasm_bindgen(catch, js_name = fetch)]
    fn fetch_from(url: &str, init: &web_sys::RequestInit) -> std::result::Result<Promise, JsValue>;
}

thread_local! {
    /// The bindings that were asked for, by name: they are the isolate's and never change.
    static BINDINGS: RefCell<Vec<(&'static str, JsValue)>> = const { RefCell::new(Vec::new()) };
}

/// A binding of the Worker, as the kind that `edge/wrangler.toml` says it is.
fn binding<T: JsCast>(env: &Env, name: &'static str) -> Result<T> {
    let known = BINDINGS.with_borrow(|bindings| {
        let found = bindings.iter().find(|(known, _)| *known == name);
        found.map(|(_, binding)| binding.clone())
    });
    if let Some(binding) = known {
        return Ok(binding.unchecked_into());
    }
    let binding = Reflect::get(env, &JsValue::from_str(name))?;
    if binding.is_undefined() {
        return Err(worker::Error::BindingError(name.into()));
    }
    BINDINGS.with_borrow_mut(|bindings| bindings.push((name, binding.clone())));
    Ok(binding.unchecked_into())
}

/// The value of a key in KV.
///
/// # Errors
/// If KV does not answer.
pub async fn kv_get(env: &Env, key: &str) -> Result<Option<String>> {
    let asked = binding::<Namespace>(env, "KV")?.get(key)?;
    Ok(Waiting::on(&asked).await?.as_string())
}

/// Writes a key of KV, kept for so many seconds if they are given, with what lists tell beside it (JSON).
///
/// # Errors
/// If KV does not take it.
pub async fn kv_put(
    env: &Env,
    key: &str,
    value: &str,
    seconds: Option<u64>,
    beside: Option<&str>,
) -> Result<()> {
    let options = Object::new();
    if let Some(json) = beside {
        Reflect::set(&options, &"metadata".into(), &JSON::parse(json)?)?;
    }
    if let Some(seconds) = seconds {
        #[allow(clippy::cast_precision_loss)] // a few million
        Reflect::set(&options, &"expirationTtl".into(), &(seconds as f64).into())?;
    }
    let written = binding::<Namespace>(env, "KV")?.put(key, value, &options)?;
    Waiting::on(&written).await?;
    Ok(())
}

/// Deletes a key of KV.
///
/// # Errors
/// If KV does not answer.
pub async fn kv_delete(env: &Env, key: &str) -> Result<()> {
    Waiting::on(&binding::<Namespace>(env, "KV")?.delete(key)?).await?;
    Ok(())
}

/// A page of the keys of KV with a prefix, from a cursor on if one is given, as JSON: what `list` says.
///
/// # Errors
/// If KV does not answer.
pub async fn kv_list(env: &Env, prefix: &str, cursor: Option<&str>) -> Result<String> {
    let options = Object::new();
    Reflect::set(&options, &"prefix".into(), &prefix.into())?;
    if let Some(cursor) = cursor {
        Reflect::set(&options, &"cursor".into(), &cursor.into())?;
    }
    let page = Waiting::on(&binding::<Namespace>(env, "KV")?.list(&options)?).await?;
    Ok(JSON::stringify(&page)?.into())
}

/// An object of a class, by its name.
///
/// # Errors
/// If the binding is missing.
pub fn object(env: &Env, class: &'static str, name: &str) -> Result<Stub> {
    Ok(binding::<Objects>(env, class)?.by_name(name)?)
}

/// Posts to an object: the status and the text of its answer. An answer without content has none.
///
/// # Errors
/// If it cannot be reached.
pub async fn post(stub: &Stub, body: &str) -> Result<(u16, String)> {
    let init = web_sys::RequestInit::new();
    init.set_method("POST");
    init.set_body(&JsValue::from_str(body));
    let asked = stub.fetch("http://object/", &init)?;
    let answer: web_sys::Response = Waiting::on(&asked).await?.unchecked_into();
    let status = answer.status();
    if status == 204 {
        return Ok((status, String::new()));
    }
    let text = Waiting::on(&answer.text()?).await?;
    Ok((status, text.as_string().unwrap_or_default()))
}

/// Opens a socket to an object: its answer to a request that has these headers and says no more.
///
/// # Errors
/// If it cannot be reached.
pub async fn open(stub: &Stub, headers: &[(&str, &str)]) -> Result<web_sys::Response> {
    let init = web_sys::RequestInit::new();
    init.set_headers(&record(headers.iter().copied())?);
    let asked = stub.fetch("http://object/", &init)?;
    Ok(Waiting::on(&asked).await?.unchecked_into())
}

/// What the static files answer to a request.
///
/// # Errors
/// If they cannot be reached.
pub async fn asset(env: &Env, request: &web_sys::Request) -> Result<web_sys::Response> {
    let asked = binding::<Stub>(env, "ASSETS")?.pass_on(request)?;
    Ok(Waiting::on(&asked).await?.unchecked_into())
}

/// Asks an address, with a body or for nothing but an answer: its status and text.
///
/// # Errors
/// If none came in this time, or its body is no text. What was asked may have been done all the same.
pub async fn fetch(
    url: &str,
    headers: &[(&str, &str)],
    body: Option<&str>,
    longest: Duration,
) -> Result<(u16, String)> {
    let controller = web_sys::AbortController::new()?;
    let init = web_sys::RequestInit::new();
    init.set_headers(&record(headers.iter().copied())?);
    init.set_signal(Some(&controller.signal()));
    if let Some(body) = body {
        init.set_method("POST");
        init.set_body(&JsValue::from_str(body));
    }
    let asked = fetch_from(url, &init)?;
    let answer = async {
        let answer: web_sys::Response = Waiting::on(&asked).await?.unchecked_into();
        Ok((answer.status(), text(&answer).await?))
    };
    match select(pin!(answer), pin!(Delay::from(longest))).await {
        Either::Left((answer, _)) => answer,
        Either::Right(((), _)) => {
            controller.abort();
            Err(Error::RustError("no answer in time".into()))
        }
    }
}

/// The whole text of an answer.
///
/// # Errors
/// If it cannot be read, or is no UTF-8.
pub async fn text(answer: &web_sys::Response) -> Result<String> {
    let buffer = Waiting::on(&answer.array_buffer()?).await?;
    String::from_utf8(Uint8Array::new(&buffer).to_vec())
        .map_err(|error| Error::RustError(error.to_string()))
}

/// The whole body of a request.
///
/// # Errors
/// If it cannot be read.
pub async fn body(request: &web_sys::Request) -> Result<Vec<u8>> {
    let buffer = Waiting::on(&request.array_buffer()?).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// A header of a request.
///
/// # Errors
/// If its name is none.
pub fn header(headers: &web_sys::Headers, name: &str) -> Result<Option<String>> {
    Ok(headers.get(name)?)
}

/// An answer that says nothing but its status.
///
/// # Errors
/// If the status is not allowed.
pub fn empty(status: u16) -> Result<web_sys::Response> {
    let init = web_sys::ResponseInit::new();
    init.set_status(status);
    Ok(web_sys::Response::new_with_opt_str_and_init(None, &init)?)
}

/// An answer; an empty body is none.
///
/// # Errors
/// If a header or the status is not allowed.
pub fn response<'a>(
    status: u16,
    headers: impl Iterator<Item = (&'a str, &'a str)>,
    body: &[u8],
) -> Result<web_sys::Response> {
    let init = web_sys::ResponseInit::new();
    init.set_status(status);
    init.set_headers(&record(headers)?);
    if body.is_empty() {
        return Ok(web_sys::Response::new_with_opt_str_and_init(None, &init)?);
    }
    let bytes = Uint8Array::from(body);
    Ok(web_sys::Response::new_with_opt_buffer_source_and_init(
        Some(&bytes),
        &init,
    )?)
}

/// An answer that opens a socket.
///
/// # Errors
/// If a header is not allowed.
pub fn socket(client: &web_sys::WebSocket, headers: &[(&str, &str)]) -> Result<web_sys::Response> {
    let init = web_sys::ResponseInit::new();
    init.set_status(101);
    init.set_headers(&record(headers.iter().copied())?);
    Reflect::set(&init, &"webSocket".into(), client)?;
    Ok(web_sys::Response::new_with_opt_str_and_init(None, &init)?)
}

/// The same answer, with headers that can be changed.
///
/// # Errors
/// If its body was read already.
pub fn changeable(answer: &web_sys::Response) -> Result<web_sys::Response> {
    Ok(web_sys::Response::new_with_opt_readable_stream_and_init(
        answer.body().as_ref(),
        answer.unchecked_ref(),
    )?)
}

/// Headers as JavaScript takes them.
fn record<'a>(headers: impl Iterator<Item = (&'a str, &'a str)>) -> Result<JsValue> {
    let said = Object::new();
    for (name, value) in headers {
        Reflect::set(&said, &JsString::from(name), &JsString::from(value))?;
    }
    Ok(said.into())
}

/// A promise of something that answers nothing. Boxed, so that the code for it is there once.
pub fn promise(deed: LocalBoxFuture<'static, ()>) -> Promise {
    future_to_promise(AssertUnwindSafe(async move {
        deed.await;
        Ok(JsValue::UNDEFINED)
    }))
}

/// What a text will lead to, once it is there.
///
/// # Errors
/// What was thrown.
pub fn after_text(
    text: &Promise,
    deed: impl FnOnce(String) -> std::result::Result<JsValue, JsValue> + 'static,
) -> std::result::Result<JsValue, JsValue> {
    let deed =
        Closure::once_into_js(move |text: JsValue| deed(text.as_string().unwrap_or_default()));
    let text: &Promised = text.unchecked_ref();
    text.then(&deed)
}
