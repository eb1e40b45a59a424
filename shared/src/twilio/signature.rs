//! Is it from Twilio? `X-Twilio-Signature`, made and checked.
//!
//! base64 of HMAC-SHA1, keyed with the account's primary auth token, over the URL without its
//! fragment and then the name and value of every parameter, sorted by name, nothing in between.
//! Twilio's own libraries disagree in corners; this follows the one for Node: repeated values of a
//! name are de-duplicated and sorted, and the URL is also tried without its port, with the port of
//! its scheme, and with `'` in the query written the other way.
//!
//! A signature carries no time: it proves who, never when. What defends against replay is that a
//! SID counts only when first seen.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// What Twilio would write into `X-Twilio-Signature` for a `POST` of `params` to `url`.
#[must_use]
pub fn sign(auth_token: &str, url: &str, params: &[(String, String)]) -> String {
    let signed = digest(auth_token, without_fragment(url), &joined(params));
    signed.map_or_else(String::new, |mac| {
        STANDARD.encode(mac.finalize().into_bytes())
    })
}

/// Whether `signature` is Twilio's for a `POST` of `params` to `url`, compared in constant time.
///
/// `url` is the configured public URL with the path and query as received. Anything that cannot be
/// checked (no token, a signature that is not base64) is false.
#[must_use]
pub fn verify(auth_token: &str, url: &str, params: &[(String, String)], signature: &str) -> bool {
    // With an empty key anybody could sign.
    if auth_token.is_empty() {
        return false;
    }
    let Ok(claimed) = STANDARD.decode(signature) else {
        return false;
    };
    let joined = joined(params);
    writings(url).iter().any(|writing| {
        digest(auth_token, writing, &joined).is_some_and(|mac| mac.verify_slice(&claimed).is_ok())
    })
}

fn digest(auth_token: &str, url: &str, joined: &str) -> Option<Hmac<Sha1>> {
    // HMAC takes a key of any length: there always is one.
    let mut mac = Hmac::<Sha1>::new_from_slice(auth_token.as_bytes()).ok()?;
    mac.update(url.as_bytes());
    mac.update(joined.as_bytes());
    Some(mac)
}

/// Names and values, sorted by name, repeated values once and sorted.
fn joined(params: &[(String, String)]) -> String {
    let mut sorted: Vec<&(String, String)> = params.iter().collect();
    sorted.sort_unstable();
    sorted.dedup();
    let mut text = String::new();
    for (name, value) in sorted {
        text.push_str(name);
        text.push_str(value);
    }
    text
}

/// The part of a URL that is requested and signed: instructions to Twilio (`#rc=3`) are not.
fn without_fragment(url: &str) -> &str {
    url.split_once('#').map_or(url, |(requested, _)| requested)
}

/// The writings under which Twilio may have signed this URL, the given one first; each once.
fn writings(url: &str) -> Vec<String> {
    let url = without_fragment(url);
    let mut writings: Vec<String> = vec![url.into()];
    let mut add = |writing: String| {
        if !writings.contains(&writing) {
            writings.push(writing);
        }
    };
    for ported in [Some(url.into()), without_port(url), with_default_port(url)]
        .into_iter()
        .flatten()
    {
        if let Some((path, query)) = ported.split_once('?') {
            for query in [query.replace('\'', "%27"), query.replace("%27", "'")] {
                add([path, "?", &query].concat());
            }
        }
        add(ported);
    }
    writings
}

/// Scheme, authority, and the rest from the first `/` or `?` on.
fn parts(url: &str) -> Option<(&str, &str, &str)> {
    let (scheme, after) = url.split_once("://")?;
    let end = after.find(['/', '?']).unwrap_or(after.len());
    let (authority, rest) = after.split_at_checked(end)?;
    Some((scheme, authority, rest))
}

/// The authority without its port, if it has one. The colons of an IPv6 address stand in brackets.
fn portless(authority: &str) -> Option<&str> {
    let (host, port) = authority.rsplit_once(':')?;
    (!port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())).then_some(host)
}

fn without_port(url: &str) -> Option<String> {
    let (scheme, authority, rest) = parts(url)?;
    Some([scheme, "://", portless(authority)?, rest].concat())
}

fn with_default_port(url: &str) -> Option<String> {
    let (scheme, authority, rest) = parts(url)?;
    let port = match scheme {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    portless(authority)
        .is_none()
        .then(|| [scheme, "://", authority, port, rest].concat())
}

#[cfg(test)]
mod tests;
