//! Who changed what, when, from what to what? The audit log: written with each change, read by pages,
//! and as a table for spreadsheets. It holds no token, not even a sealed one.

use super::rules::Entry;
use super::store::{Editor, Store, json};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::time::Timestamp;
use worker::{Result, SqlStorageValue as Sql};

/// The most lines of one page.
pub const LARGEST_PAGE: u32 = 200;

/// Which lines are asked for; what is `None` does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// The `sub` of who did it.
    pub who: Option<String>,
    /// The kind of thing.
    pub kind: Option<String>,
    /// The thing.
    pub subject: Option<String>,
    /// Not before.
    pub since: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
    /// Older than the line of this number.
    pub before: Option<u64>,
    /// At most so many.
    pub limit: u32,
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its number; they grow.
    pub id: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: String,
    /// Their role then.
    pub role: String,
    /// What was done.
    pub verb: String,
    /// To what kind of thing.
    pub kind: String,
    /// To which of them.
    pub subject: String,
    /// What was there.
    pub before: Value,
    /// What was there afterwards.
    pub after: Value,
}

#[derive(Deserialize)]
struct Row {
    id: u64,
    at: i64,
    who: String,
    role: String,
    what: String,
    kind: String,
    subject: String,
    before: String,
    after: String,
}

impl Store {
    /// Writes a line.
    pub(super) fn log(&self, entry: &Entry, editor: &Editor, now: Timestamp) -> Result<()> {
        self.run(
            "INSERT INTO audit (at, who, role, what, kind, subject, before, after) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            vec![
                Sql::try_from_i64(now.0)?,
                editor.id.as_str().into(),
                editor.role.as_str().into(),
                entry.verb.as_str().into(),
                entry.kind.as_str().into(),
                entry.subject.as_str().into(),
                json(&entry.before)?,
                json(&entry.after)?,
            ],
        )
    }

    /// The lines that are asked for, newest first.
    pub(super) fn audit(&self, filter: &Filter) -> Result<Vec<Line>> {
        let text = |value: &Option<String>| Sql::from(value.as_deref());
        let number = |value: Option<i64>| value.map_or(Ok(Sql::Null), Sql::try_from_i64);
        let rows: Vec<Row> = self.rows(
            "SELECT id, at, who, role, what, kind, subject, before, after FROM audit
             WHERE (?1 IS NULL OR who = ?1) AND (?2 IS NULL OR kind = ?2) AND (?3 IS NULL OR subject = ?3)
               AND (?4 IS NULL OR at >= ?4) AND (?5 IS NULL OR at < ?5) AND (?6 IS NULL OR id < ?6)
             ORDER BY id DESC LIMIT ?7",
            vec![
                text(&filter.who),
                text(&filter.kind),
                text(&filter.subject),
                number(filter.since.map(|at| at.0))?,
                number(filter.until.map(|at| at.0))?,
                number(filter.before.and_then(|id| i64::try_from(id).ok()))?,
                Sql::Integer(filter.limit.clamp(1, LARGEST_PAGE).into()),
            ],
        )?;
        rows.into_iter()
            .map(|row| {
                Ok(Line {
                    id: row.id,
                    at: Timestamp(row.at),
                    who: row.who,
                    role: row.role,
                    verb: row.what,
                    kind: row.kind,
                    subject: row.subject,
                    before: crate::json::read(&row.before)?,
                    after: crate::json::read(&row.after)?,
                })
            })
            .collect()
    }
}

/// The first line of the table.
pub const CSV_HEAD: &str = "id,at,who,role,verb,kind,subject,before,after\r\n";

/// The lines as rows of a table (RFC 4180).
#[must_use]
pub fn csv(lines: &[Line]) -> String {
    let mut table = String::new();
    for line in lines {
        let cells = [
            line.id.to_string(),
            crate::iso::iso(line.at),
            line.who.clone(),
            line.role.clone(),
            line.verb.clone(),
            line.kind.clone(),
            line.subject.clone(),
            told(&line.before),
            told(&line.after),
        ];
        for (index, cell) in cells.iter().enumerate() {
            if index > 0 {
                table.push(',');
            }
            write_cell(&mut table, cell);
        }
        table.push_str("\r\n");
    }
    table
}

fn told(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        value => crate::json::write(value).unwrap_or_default(),
    }
}

/// Writes a cell, in quotes. A text that a spreadsheet would take for a formula gets an apostrophe.
fn write_cell(table: &mut String, cell: &str) {
    table.push('"');
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        table.push('\'');
    }
    table.push_str(&cell.replace('"', "\"\""));
    table.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_table_that_no_spreadsheet_runs() {
        let line = Line {
            id: 7,
            at: Timestamp(1_700_000_000_000),
            who: "=cmd()".into(),
            role: "admin".into(),
            verb: "put".into(),
            kind: "sender".into(),
            subject: "milano".into(),
            before: Value::Null,
            after: json!({ "name": "a \"b\", c" }),
        };
        assert_eq!(
            csv(&[line]),
            "\"7\",\"2023-11-14T22:13:20.000Z\",\"'=cmd()\",\"admin\",\"put\",\"sender\",\"milano\",\"\",\"{\"\"name\"\":\"\"a \\\"\"b\\\"\", c\"\"}\"\r\n"
        );
    }
}
