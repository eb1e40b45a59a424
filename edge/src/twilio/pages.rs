//! How is a long list read? Page by page, each tried again, and whole or not at all.
//!
//! A list of which a part is missing looks like one from which something vanished. So a page that cannot
//! be had, that is no page, or that leads astray fails all of it.

use super::Credentials;
use super::call::{self, Failure};
use serde_json::Value;

/// The most pages that are followed. An account has at most 6,000 templates, which are 12 pages of 500;
/// beyond this the list leads in circles.
const MOST_PAGES: u32 = 40;

/// Reads the list that begins at `first`, a path under `base`, and gives each entry of the field `key` to
/// `on`. Returns the number of pages.
///
/// # Errors
/// [`Failure`], and what `on` was given must be forgotten.
pub(super) async fn all(
    credentials: &Credentials,
    base: &str,
    first: &str,
    key: &str,
    on: &mut dyn FnMut(&Value),
) -> Result<u32, Failure> {
    let ask = async |url: String| call::get_patiently(credentials, &url).await;
    walk(base, first, key, ask, on).await
}

async fn walk(
    base: &str,
    first: &str,
    key: &str,
    ask: impl AsyncFn(String) -> Result<Value, Failure>,
    on: &mut dyn FnMut(&Value),
) -> Result<u32, Failure> {
    let mut url = [base, first].concat();
    for pages in 1..=MOST_PAGES {
        let page = ask(url).await?;
        let entries = page.get(key).and_then(Value::as_array);
        let meta = page.get("meta").filter(|meta| meta.is_object());
        let (Some(entries), Some(meta)) = (entries, meta) else {
            return Err(Failure::Unreachable);
        };
        entries.iter().for_each(&mut *on);
        url = match meta.get("next_page_url") {
            None | Some(Value::Null) => return Ok(pages),
            Some(Value::String(next)) if next.is_empty() => return Ok(pages),
            Some(next) => next
                .as_str()
                .filter(|next| under(base, next))
                .ok_or(Failure::Unreachable)?
                .into(),
        };
    }
    Err(Failure::Unreachable)
}

/// Whether an address is on the host that is asked: it will be told the credentials.
fn under(base: &str, url: &str) -> bool {
    url.strip_prefix(base)
        .is_some_and(|path| path.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;
    use serde_json::json;
    use std::cell::RefCell;

    const BASE: &str = "https://content.twilio.com";

    /// Reads a list whose pages are answered so; what was asked, and what was read.
    fn check(
        answers: &[Result<Value, Failure>],
    ) -> (Result<u32, Failure>, Vec<String>, Vec<Value>) {
        let asked = RefCell::new(Vec::new());
        let mut seen = Vec::new();
        let ask = async |url: String| {
            let answer = asked.borrow().len();
            asked.borrow_mut().push(url);
            answers[answer % answers.len()].clone()
        };
        let mut on = |entry: &Value| seen.push(entry.clone());
        let end = walk(BASE, "/v1/Things?PageSize=2", "things", ask, &mut on)
            .now_or_never()
            .unwrap();
        (end, asked.take(), seen)
    }

    fn page(things: &[u32], next: Value) -> Result<Value, Failure> {
        Ok(json!({ "things": things, "meta": { "key": "things", "next_page_url": next } }))
    }

    #[test]
    fn pages_are_followed_to_the_last() {
        let next = format!("{BASE}/v1/Things?PageSize=2&Page=1&PageToken=DNx");
        let (end, asked, seen) = check(&[page(&[1, 2], json!(next)), page(&[3], Value::Null)]);
        assert_eq!(end, Ok(2));
        assert_eq!(asked, [format!("{BASE}/v1/Things?PageSize=2"), next]);
        assert_eq!(seen, [json!(1), json!(2), json!(3)]);
        assert_eq!(check(&[page(&[], json!(""))]).0, Ok(1));
        let no_next = Ok(json!({ "things": [], "meta": {} }));
        assert_eq!(check(&[no_next]).0, Ok(1));
    }

    #[test]
    fn one_page_that_fails_fails_the_list() {
        let next = json!(format!("{BASE}/v1/Things?Page=1"));
        let refused = Failure::Refused {
            code: Some(20_003),
            status: 401,
        };
        for failure in [Failure::Unreachable, refused] {
            let answers = [page(&[1], next.clone()), Err(failure)];
            assert_eq!(check(&answers).0, Err(failure));
        }
    }

    #[test]
    fn what_is_no_page_is_no_end_of_the_list() {
        for wrong in [
            json!([]),
            json!({}),
            json!({ "things": [1] }),
            json!({ "meta": {} }),
            json!({ "things": {}, "meta": {} }),
            json!({ "things": [], "meta": { "next_page_url": 2 } }),
        ] {
            let (end, ..) = check(&[Ok(wrong.clone())]);
            assert_eq!(end, Err(Failure::Unreachable), "{wrong}");
        }
    }

    #[test]
    fn credentials_stay_with_the_host() {
        for elsewhere in [
            "https://example.com/v1/Things",
            "https://content.twilio.com.example.com/v1/Things",
            "https://content.twilio.com@example.com/v1/Things",
            "https://content.twilio.com:8443/v1/Things",
            "http://content.twilio.com/v1/Things",
            "/v1/Things?Page=1",
        ] {
            let (end, asked, _) = check(&[page(&[1], json!(elsewhere))]);
            assert_eq!(end, Err(Failure::Unreachable), "{elsewhere}");
            assert_eq!(asked.len(), 1, "{elsewhere}");
        }
    }

    #[test]
    fn a_circle_ends() {
        let (end, asked, _) = check(&[page(&[1], json!(format!("{BASE}/v1/Things?Page=1")))]);
        assert_eq!((end, asked.len()), (Err(Failure::Unreachable), 40));
    }
}
