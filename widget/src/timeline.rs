//! What stands in the list, row by row? Messages in groups, the days between them, notices, what is
//! still on its way.

use crate::model::{Answer, Model, Pending};
use shared::content::{Content, Notice};
use shared::message::{Author, Message as Said};
use shared::time::{Span, Timestamp};

/// One row of the list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Row<'a> {
    /// A new day begins.
    Day(Timestamp),
    /// A message.
    Said {
        /// The message.
        said: &'a Said,
        /// Whether it follows, closely, another by the same author.
        follows: bool,
    },
    /// Something the agent must know at this place.
    Notice {
        /// The message that carries it.
        said: &'a Said,
        /// What it says.
        notice: Notice,
        /// Whether older history lies behind it, not shown.
        folds: bool,
    },
    /// Something that is not a message yet.
    Pending(&'a Pending),
}

/// How close two messages of one author are to stand in one group.
const CLOSE: Span = Span::minutes(5);

/// The rows, oldest first. `day` numbers the days of the agent's calendar.
pub fn rows<'a>(model: &'a Model, day: &dyn Fn(Timestamp) -> i64) -> Vec<Row<'a>> {
    let messages = model.held.as_ref().map_or(&[][..], |held| &held.messages);
    let fold = if model.sight.revealed {
        None
    } else {
        last_owner(messages)
    };
    let mut rows = Vec::new();
    let mut before: Option<&Said> = None;
    let mut today = i64::MIN;
    for said in messages.get(fold.unwrap_or(0)..).unwrap_or(&[]) {
        let its_day = day(said.at);
        // Recovered messages stand where they came in; their day is told only going forward.
        if its_day > today {
            today = its_day;
            before = None;
            rows.push(Row::Day(said.at));
        }
        if let Content::Notice(notice) = said.content {
            rows.push(Row::Notice {
                said,
                notice,
                folds: fold.is_some() && rows.len() == 1,
            });
            before = None;
            continue;
        }
        let follows = before.is_some_and(|before| {
            same_author(&before.author, &said.author) && said.at - before.at < CLOSE
        });
        rows.push(Row::Said { said, follows });
        before = Some(said);
    }
    for pending in &model.pending {
        if pending.body.is_some() && !has_arrived(messages, pending) {
            let its_day = day(pending.at);
            if its_day > today {
                today = its_day;
                rows.push(Row::Day(pending.at));
            }
            rows.push(Row::Pending(pending));
        }
    }
    rows
}

/// Where the present owner's history begins: at the last notice of a new owner.
fn last_owner(messages: &[Said]) -> Option<usize> {
    messages
        .iter()
        .rposition(|said| matches!(said.content, Content::Notice(Notice::NewOwner)))
        .filter(|at| *at > 0)
}

/// Whether the message that a command became is among `messages`.
#[must_use]
pub fn has_arrived(messages: &[Said], pending: &Pending) -> bool {
    messages.iter().rev().any(|said| {
        said.client.as_ref() == Some(&pending.client)
            || matches!(&pending.answer, Answer::Accepted(Some(id)) if *id == said.id)
    })
}

fn same_author(a: &Author, b: &Author) -> bool {
    a.is_customer() == b.is_customer() && a.id() == b.id()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{NOON, notice, open_thread, said, welcomed};
    use shared::id::ClientId;
    use shared::protocol::Command;

    /// Days in UTC.
    fn day(at: Timestamp) -> i64 {
        at.0.div_euclid(86_400_000)
    }

    fn told(model: &Model) -> Vec<String> {
        rows(model, &day)
            .iter()
            .map(|row| match row {
                Row::Day(_) => "day".into(),
                Row::Said { said, follows } => {
                    format!("{}{}", said.place, if *follows { "+" } else { "" })
                }
                Row::Notice { said, folds, .. } => format!(
                    "notice {}{}",
                    said.place,
                    if *folds { " folds" } else { "" }
                ),
                Row::Pending(pending) => format!("pending {}", pending.client.as_str()),
            })
            .collect()
    }

    fn model_of(messages: Vec<Said>) -> Model {
        let (mut model, _) = welcomed(open_thread(Span::hours(3)));
        if let Some(held) = &mut model.held {
            held.messages = messages;
        }
        model
    }

    #[test]
    fn days_and_groups() {
        let mut messages = vec![said(1, true), said(2, true), said(3, false), said(4, false)];
        for message in &mut messages {
            message.at = NOON;
        }
        messages[0].at = NOON - Span::hours(24);
        messages[3].at = NOON + Span::minutes(6);
        assert_eq!(
            told(&model_of(messages)),
            ["day", "1", "day", "2", "3", "4"]
        );
        let close = (1..=3).map(|place| said(place, true)).collect();
        assert_eq!(told(&model_of(close)), ["day", "1", "2+", "3+"]);
    }

    #[test]
    fn a_message_recovered_late_does_not_turn_the_calendar_back() {
        let mut messages: Vec<Said> = (1..=3).map(|place| said(place, true)).collect();
        messages[1].at = NOON - Span::hours(24);
        assert_eq!(
            told(&model_of(messages))
                .iter()
                .filter(|row| *row == "day")
                .count(),
            1
        );
    }

    #[test]
    fn another_persons_history_lies_behind_the_notice() {
        let mut model = model_of(vec![
            said(1, true),
            notice(2, Notice::NewOwner),
            said(3, true),
        ]);
        assert_eq!(told(&model), ["day", "notice 2 folds", "3"]);
        model.sight.revealed = true;
        assert_eq!(told(&model), ["day", "1", "notice 2", "3"]);
    }

    #[test]
    fn what_is_on_its_way_stands_last_and_once() {
        let mut model = model_of(vec![said(1, true)]);
        model.pending.push(Pending {
            client: ClientId::trusted("c"),
            command: Command::Clock,
            body: Some("ciao".into()),
            at: NOON,
            answer: Answer::None,
        });
        assert_eq!(told(&model), ["day", "1", "pending c"]);
        let mut arrived = said(2, false);
        arrived.client = Some(ClientId::trusted("c"));
        if let Some(held) = &mut model.held {
            held.messages.push(arrived);
        }
        assert_eq!(told(&model), ["day", "1", "2"]);
    }
}
