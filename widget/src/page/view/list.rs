//! The list of messages: rows are kept by key, so that a change touches the row it concerns and
//! nothing else, the place the agent reads at does not move, and nothing is read out twice.

use super::{bubble, hide, phrase, ports};
use crate::clock::Moment;
use crate::link::Link;
use crate::model::{Answer, Model};
use crate::phrase::decimal;
use crate::timeline::{Row, rows};
use shared::time::Timestamp;

pub(super) fn show(model: &Model, moment: Moment) {
    let now = model.about_now(moment);
    // Which state it is: what the model counts, and the agent's day.
    let mut stamp = String::new();
    decimal(&mut stamp, u64::from(model.revision));
    stamp.push(' ');
    decimal(&mut stamp, day_of(now).unsigned_abs());
    if ports::begin("list", &stamp) {
        for row in &rows(model, &day_of) {
            place(model, row, now, moment);
        }
        ports::end();
    }
    let held = model.held.as_ref();
    hide("bones", held.is_some() || matches!(model.link, Link::Shut));
    hide(
        "empty",
        held.is_none_or(|held| !held.messages.is_empty()) || !model.pending.is_empty(),
    );
    hide("earlier", held.is_none_or(|held| held.complete));
    ports::set(
        "log",
        "aria-busy",
        if held.is_none() { "true" } else { "false" },
    );
    let below = model.sight.below;
    hide("below", model.sight.at_end || held.is_none());
    let words = if below > 0 {
        phrase("log.below", &[("count", &ports::number(below))])
    } else {
        ports::word("log.end")
    };
    ports::text("below", &words);
}

fn place(model: &Model, row: &Row<'_>, now: Timestamp, moment: Moment) {
    let (key, stamp) = key(row);
    let template = if matches!(row, Row::Said { .. } | Row::Pending(_)) {
        "said"
    } else {
        "mark"
    };
    let news = ports::row(&key, template, &stamp);
    match row {
        Row::Day(at) => ports::text("words", &ports::day(at.0 as f64, now.0 as f64)),
        _ if news == 0 => {}
        Row::Said { said, follows } => bubble::said(model, said, *follows, moment),
        Row::Notice {
            said,
            notice,
            folds,
        } => bubble::notice(model, said, *notice, *folds, moment),
        Row::Pending(pending) => bubble::pending(model, pending, moment),
    }
}

fn day_of(at: Timestamp) -> i64 {
    ports::day_number(at.0 as f64) as i64
}

/// By what a row is known again, and what must change for it to be shown anew. A message keeps the
/// name under which it was pending, so that it is one row from the first moment.
fn key(row: &Row<'_>) -> (String, String) {
    let (mut key, mut stamp) = (String::new(), String::new());
    match row {
        Row::Day(at) => {
            key.push_str("day");
            decimal(&mut key, day_of(*at).unsigned_abs());
        }
        Row::Said { said, follows } => {
            key.push_str(
                said.client
                    .as_ref()
                    .map_or(said.id.as_str(), |client| client.as_str()),
            );
            decimal(&mut stamp, said.changed);
            stamp.push(if *follows { '+' } else { '.' });
        }
        Row::Notice { said, folds, .. } => {
            key.push_str(said.id.as_str());
            stamp.push(if *folds { '+' } else { '.' });
        }
        Row::Pending(pending) => {
            key.push_str(pending.client.as_str());
            stamp.push(match pending.answer {
                Answer::None => 'n',
                Answer::Accepted(_) => 'a',
                Answer::Refused(_) => 'r',
                Answer::Failed(_) => 'f',
            });
        }
    }
    (key, stamp)
}
