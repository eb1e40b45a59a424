//! Who changed what? `/api/v1/audit` and `/api/v1/audit.csv`

use crate::auth::caller::Caller;
use crate::directory::audit::{self, Filter, LARGEST_PAGE, Line};
use crate::directory::{access, calls};
use crate::http::{Answer, Ask};
use crate::json::object;
use crate::problem::Problem;
use shared::time::Timestamp;
use worker::Env;

/// The lines of a page that does not say.
const USUAL_PAGE: u32 = 50;

/// The most lines of a table: what a spreadsheet opens without trouble.
const LONGEST_TABLE: usize = 100_000;

/// `GET /api/v1/audit?who=&kind=&id=&since=&until=&before=&limit=`: newest first.
///
/// # Errors
/// `403` for agents and programs, `404` if not all senders are in scope, `400` for what is no number.
pub async fn page(env: &Env, caller: &Caller, ask: &Ask) -> Result<Answer, Problem> {
    let filter = filter(caller, ask)?;
    let limit = filter.limit;
    let lines = calls::audit(env, filter).await?;
    let next = next(&lines, limit);
    Ok(Answer::json(
        200,
        &object! { "entries": lines, "next": next },
    ))
}

/// `GET /api/v1/audit.csv` with the same filters: all of them, as a table.
///
/// # Errors
/// As [`page`].
pub async fn table(env: &Env, caller: &Caller, ask: &Ask) -> Result<Answer, Problem> {
    let mut filter = filter(caller, ask)?;
    filter.limit = LARGEST_PAGE;
    let mut table = String::from(audit::CSV_HEAD);
    let mut lines = 0;
    loop {
        let page = calls::audit(env, filter.clone()).await?;
        table.push_str(&audit::csv(&page));
        lines += page.len();
        filter.before = next(&page, LARGEST_PAGE);
        if filter.before.is_none() || lines >= LONGEST_TABLE {
            break;
        }
    }
    let mut answer = Answer::text(200, "text/csv; charset=utf-8", &table);
    answer.headers.push((
        "content-disposition",
        "attachment; filename=\"finestra-audit.csv\"".into(),
    ));
    answer.headers.push(("cache-control", "no-store".into()));
    Ok(answer)
}

fn filter(caller: &Caller, ask: &Ask) -> Result<Filter, Problem> {
    access::inspect(caller)?;
    access::everything(caller)?;
    let text = |name: &str| ask.parameter(name).filter(|text| !text.is_empty());
    let number = |name: &str| match text(name) {
        None => Ok(None),
        Some(digits) => digits
            .parse::<u64>()
            .map(Some)
            .map_err(|_| Problem::new(400, "malformed").fact("field", name)),
    };
    let moment = |name: &str| -> Result<Option<Timestamp>, Problem> {
        Ok(number(name)?.and_then(|ms| i64::try_from(ms).ok().map(Timestamp)))
    };
    let limit = number("limit")?.unwrap_or(USUAL_PAGE.into());
    Ok(Filter {
        who: text("who"),
        kind: text("kind"),
        subject: text("id"),
        since: moment("since")?,
        until: moment("until")?,
        before: number("before")?,
        limit: u32::try_from(limit)
            .unwrap_or(LARGEST_PAGE)
            .clamp(1, LARGEST_PAGE),
    })
}

/// The line to ask before next, if the page was full.
fn next(lines: &[Line], limit: u32) -> Option<u64> {
    (lines.len() >= limit as usize)
        .then(|| lines.last().map(|line| line.id))
        .flatten()
}
