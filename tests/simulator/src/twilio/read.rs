//! `GET …/Messages.json` and `GET …/Messages/{SID}.json`: what does Twilio remember?

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use form_urlencoded::Serializer;
use serde_json::{Value, json};

use super::problem::Problem;
use crate::address::CHANNEL;
use crate::dates::span;
use crate::message::Message;
use crate::simulator::Simulator;

const DEFAULT_PAGE: usize = 50;
const LARGEST_PAGE: usize = 1_000;

/// One message.
pub(super) async fn fetch(
    State(simulator): State<Arc<Simulator>>,
    Path((account, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let world = simulator.world();
    super::authenticate(&world, &headers, Some(&account))?;
    let sid = file.strip_suffix(".json").unwrap_or(&file);
    match world
        .messages
        .get(sid)
        .filter(|message| message.account == account)
    {
        Some(message) => Ok(Json(message.to_twilio())),
        None => Err(Problem::not_found(&format!(
            "/2010-04-01/Accounts/{account}/Messages/{sid}.json"
        ))),
    }
}

/// Which messages are asked for, and which page of them.
#[derive(Debug, Default)]
struct Filter {
    to: Option<String>,
    from: Option<String>,
    sent_from: Option<i64>,
    sent_until: Option<i64>,
    page_size: usize,
    page: usize,
    after: Option<String>,
}

impl Filter {
    fn read(query: &str) -> Result<Self, Problem> {
        let mut filter = Self {
            page_size: DEFAULT_PAGE,
            ..Self::default()
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let wrong = || Problem::of(20001).saying(format!("Invalid value for {name}"));
            match &*name {
                "To" => filter.to = Some(value.into_owned()),
                "From" => filter.from = Some(value.into_owned()),
                "DateSent" => {
                    let (first, last) = span(&value).ok_or_else(wrong)?;
                    (filter.sent_from, filter.sent_until) = (Some(first), Some(last));
                }
                // `DateSent>=x` reaches us as the name `DateSent>` and the value `x`.
                "DateSent>" => filter.sent_from = Some(span(&value).ok_or_else(wrong)?.0),
                "DateSent<" => filter.sent_until = Some(span(&value).ok_or_else(wrong)?.1),
                "PageSize" => {
                    let size: usize = value.parse().map_err(|_| wrong())?;
                    filter.page_size = size.clamp(1, LARGEST_PAGE);
                }
                "Page" => filter.page = value.parse().map_err(|_| wrong())?,
                "PageToken" => filter.after = value.strip_prefix("PA").map(str::to_owned),
                _ => {}
            }
        }
        Ok(filter)
    }

    fn takes(&self, message: &Message) -> bool {
        let (ours, theirs) = (&message.sender, &message.customer);
        let (from, to) = if message.inbound {
            (theirs, ours)
        } else {
            (ours, theirs)
        };
        let is = |wanted: &Option<String>, actual: &str| {
            wanted
                .as_deref()
                .is_none_or(|wanted| wanted.strip_prefix(CHANNEL) == Some(actual))
        };
        let in_time = match message.sent {
            Some(sent) => {
                self.sent_from.is_none_or(|first| sent >= first)
                    && self.sent_until.is_none_or(|last| sent <= last)
            }
            None => self.sent_from.is_none() && self.sent_until.is_none(),
        };
        is(&self.to, to) && is(&self.from, from) && in_time
    }

    /// The query of another page with the same filter.
    fn page_query(&self, query: &str, page: usize, after: Option<&str>) -> String {
        let kept = form_urlencoded::parse(query.as_bytes())
            .filter(|(name, _)| !matches!(&**name, "Page" | "PageToken" | "PageSize"));
        let mut out = Serializer::new(String::new());
        out.extend_pairs(kept);
        out.append_pair("PageSize", &self.page_size.to_string());
        out.append_pair("Page", &page.to_string());
        if let Some(sid) = after {
            out.append_pair("PageToken", &format!("PA{sid}"));
        }
        out.finish()
    }
}

/// Messages of the account, newest first, by pages.
pub(super) async fn list(
    State(simulator): State<Arc<Simulator>>,
    Path(account): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let world = simulator.world();
    super::authenticate(&world, &headers, Some(&account))?;
    let query = query.unwrap_or_default();
    let filter = Filter::read(&query)?;
    let mut found = world
        .messages
        .newest_first()
        .filter(|message| message.account == account && filter.takes(message));
    match &filter.after {
        Some(sid) => {
            found.by_ref().find(|message| &message.sid == sid);
        }
        None => {
            found
                .by_ref()
                .take(filter.page * filter.page_size)
                .for_each(drop);
        }
    }
    let page: Vec<&Message> = found.by_ref().take(filter.page_size).collect();
    let path = format!("/2010-04-01/Accounts/{account}/Messages.json");
    let uri = |page: usize, after: Option<&str>| {
        format!("{path}?{}", filter.page_query(&query, page, after))
    };
    let last = page.last().map(|message| message.sid.as_str());
    let next = found.next().is_some().then(|| uri(filter.page + 1, last));
    let start = filter.page * filter.page_size;
    Ok(Json(json!({
        "messages": page.iter().map(|message| message.to_twilio()).collect::<Vec<_>>(),
        "first_page_uri": uri(0, None),
        "previous_page_uri": (filter.page > 0).then(|| uri(filter.page - 1, None)),
        "next_page_uri": next,
        "uri": uri(filter.page, filter.after.as_deref()),
        "page": filter.page,
        "page_size": filter.page_size,
        "start": start,
        "end": start + page.len().saturating_sub(1),
    })))
}
