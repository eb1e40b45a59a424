//! Which messages does Twilio know? Its list, read to find what we missed or cannot confirm.

use super::{Credentials, ask};
use crate::records::AccountRecord;
use serde::Deserialize;
use shared::address::CustomerAddress;
use shared::delivery::{Delivery, Status};
use shared::id::MessageSid;
use shared::time::Timestamp;
use shared::twilio::form;
use worker::Env;

/// What to look for.
pub struct Search<'a> {
    /// Our number, if it is about what we sent.
    pub from: Option<&'a str>,
    /// The customer, if it is about what we sent.
    pub to: Option<&'a CustomerAddress>,
    /// Nothing older than this, to the day.
    pub since: Timestamp,
}

/// A message of Twilio's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Twilio's name for it.
    pub sid: MessageSid,
    /// Whether we sent it.
    pub outbound: bool,
    /// Where it came from, as Twilio writes it.
    pub from: String,
    /// Where it went, as Twilio writes it.
    pub to: String,
    /// Its text.
    pub body: String,
    /// How many media it has.
    pub media: u32,
    /// What became of it.
    pub report: Delivery,
    /// When Twilio got it.
    pub created: Timestamp,
}

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    messages: Vec<Raw>,
    #[serde(default)]
    next_page_uri: Option<String>,
}

#[derive(Deserialize)]
struct Raw {
    sid: String,
    direction: String,
    from: Option<String>,
    to: Option<String>,
    body: Option<String>,
    status: String,
    error_code: Option<u32>,
    date_created: Option<String>,
    #[serde(default)]
    num_media: Option<String>,
}

/// The most pages that are followed: what is older is for another call.
const MOST_PAGES: usize = 50;

/// Reads Twilio's list, newest first. `None` if Twilio does not answer: that is no empty list.
pub async fn messages(
    env: &Env,
    account: &AccountRecord,
    search: &Search<'_>,
) -> Option<Vec<Listed>> {
    let credentials = Credentials::of(env, account)?;
    let mut params = vec![("PageSize".to_string(), "200".to_string())];
    if let Some(from) = search.from {
        params.push(("From".into(), ["whatsapp:", from].concat()));
    }
    if let Some(to) = search.to {
        params.push(("To".into(), to.to_twilio()));
    }
    params.push(("DateSent>".into(), day(search.since)));
    let mut path = [
        "/2010-04-01/Accounts/",
        account.account_sid.as_str(),
        "/Messages.json?",
        &form::print(&params),
    ]
    .concat();
    let mut found = Vec::new();
    for _ in 0..MOST_PAGES {
        let reply = ask(env, &credentials, &path, None).await?;
        let page: Page = if reply.status == 200 {
            crate::json::read(&reply.body).ok()?
        } else {
            return None;
        };
        found.extend(
            page.messages
                .into_iter()
                .filter_map(listed)
                .filter(|message| message.created >= search.since),
        );
        match page.next_page_uri {
            // Only a path of Twilio's own API is followed.
            Some(next) if next.starts_with("/2010-04-01/Accounts/") => path = next,
            _ => return Some(found),
        }
    }
    Some(found)
}

fn listed(raw: Raw) -> Option<Listed> {
    Some(Listed {
        sid: MessageSid::parse(&raw.sid)?,
        outbound: raw.direction.starts_with("outbound"),
        from: raw.from.unwrap_or_default(),
        to: raw.to.unwrap_or_default(),
        body: raw.body.unwrap_or_default(),
        media: raw.num_media.and_then(|n| n.parse().ok()).unwrap_or(0),
        report: Delivery::report(
            Status::parse(&raw.status).unwrap_or_default(),
            raw.error_code,
        ),
        created: rfc2822(&raw.date_created?)?,
    })
}

/// Days since 1970-01-01 of a date of the Gregorian calendar, by counting in 400-year eras.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Reads Twilio's dates: `Sun, 22 Nov 2026 09:00:01 +0000`.
fn rfc2822(text: &str) -> Option<Timestamp> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let text = text.split_once(", ").map_or(text, |(_, rest)| rest);
    let mut parts = text.split_ascii_whitespace();
    let day: i64 = parts.next()?.parse().ok()?;
    let name = parts.next()?;
    let month = MONTHS.iter().position(|month| *month == name)? as i64 + 1;
    let year: i64 = parts.next()?.parse().ok()?;
    let mut clock = parts
        .next()?
        .split(':')
        .map(|part| part.parse::<i64>().ok());
    let (hours, minutes, seconds) = (clock.next()??, clock.next()??, clock.next()??);
    let zone = parts.next().unwrap_or("+0000");
    let offset: i64 = zone.get(1..5)?.parse().ok()?;
    let offset = (offset / 100 * 60 + offset % 100) * if zone.starts_with('-') { -60 } else { 60 };
    let total = days_from_civil(year, month, day) * 86_400 + hours * 3_600 + minutes * 60 + seconds
        - offset;
    Some(Timestamp(total * 1_000))
}

/// The day of a point in time, as Twilio's filters want it: `2026-11-22`, in UTC.
fn day(at: Timestamp) -> String {
    let days = at.0.div_euclid(86_400_000) + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twilios_dates() {
        assert_eq!(
            rfc2822("Thu, 01 Jan 1970 00:00:01 +0000"),
            Some(Timestamp(1_000))
        );
        assert_eq!(
            rfc2822("Sun, 22 Nov 2026 09:00:00 +0000"),
            Some(Timestamp(1_795_338_000_000))
        );
        assert_eq!(
            rfc2822("Sun, 22 Nov 2026 10:00:00 +0100"),
            rfc2822("Sun, 22 Nov 2026 09:00:00 +0000")
        );
        assert_eq!(
            rfc2822("29 Feb 2028 00:00:00 +0000").map(day),
            Some("2028-02-29".into())
        );
        assert_eq!(rfc2822("yesterday"), None);
        for days in [-1, 0, 58, 59, 60, 365, 11_016, 20_779, 24_855] {
            let at = Timestamp(days * 86_400_000);
            let text = day(at);
            let mut parts = text.split('-').map(|part| part.parse::<i64>().unwrap());
            let (year, month, of_month) = (
                parts.next().unwrap(),
                parts.next().unwrap(),
                parts.next().unwrap(),
            );
            assert_eq!(days_from_civil(year, month, of_month), days, "{text}");
        }
    }
}
