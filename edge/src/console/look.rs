//! How is the API's answer read? By path, and what is not there is nothing: the console shows what it
//! is told and needs no more.

use super::page::{Bit, Cell, plain};
use super::words::Words;
use serde_json::Value;

/// What stands at a place such as `check.twilio`; `null` if there is nothing.
#[must_use]
pub fn at<'a>(value: &'a Value, place: &str) -> &'a Value {
    place
        .split('.')
        .fold(value, |value, name| value.get(name).unwrap_or(&Value::Null))
}

/// A text; nothing if there is none.
#[must_use]
pub fn text<'a>(value: &'a Value, place: &str) -> &'a str {
    at(value, place).as_str().unwrap_or_default()
}

/// A number as text; nothing if there is none.
#[must_use]
pub fn digits(value: &Value, place: &str) -> String {
    match at(value, place) {
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// A whole number; 0 if there is none.
#[must_use]
pub fn number(value: &Value, place: &str) -> i64 {
    at(value, place).as_i64().unwrap_or_default()
}

/// Yes or no; no if nothing stands there.
#[must_use]
pub fn flag(value: &Value, place: &str) -> bool {
    at(value, place).as_bool().unwrap_or_default()
}

/// A list; empty if there is none.
#[must_use]
pub fn list<'a>(value: &'a Value, place: &str) -> &'a [Value] {
    at(value, place).as_array().map_or(&[], Vec::as_slice)
}

/// Texts of a list, a line for each.
#[must_use]
pub fn lines(value: &Value, place: &str) -> String {
    let texts: Vec<&str> = list(value, place)
        .iter()
        .filter_map(Value::as_str)
        .collect();
    texts.join("\n")
}

/// The one of a list whose `id` is this.
#[must_use]
pub fn by_id<'a>(list: &'a [Value], id: &str) -> &'a Value {
    (list.iter())
        .find(|one| text(one, "id") == id)
        .unwrap_or(&Value::Null)
}

/// `yes` or `no`, as forms send it.
#[must_use]
pub fn yes(flag: bool) -> &'static str {
    if flag { "yes" } else { "no" }
}

/// A moment, or what is said if there was none.
#[must_use]
pub fn moment(words: &Words, value: &Value, place: &str) -> Cell {
    match at(value, place).as_i64() {
        Some(at) => vec![time(at)],
        None => plain(words.of("never")),
    }
}

/// A moment of which we know that it was.
#[must_use]
pub fn time(at: i64) -> Bit {
    Bit::Time(iso(at), at)
}

/// A moment as `2026-11-24 10:05 UTC`, from Unix milliseconds.
#[must_use]
pub fn iso(at: i64) -> String {
    let whole = crate::iso::iso(shared::time::Timestamp(at));
    let to_the_minute = whole.get(..16).unwrap_or(&whole);
    [&to_the_minute.replace('T', " "), " UTC"].concat()
}

/// The moment a day begins in UTC, in Unix milliseconds, from `2026-11-24`.
#[must_use]
pub fn day(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let sane = (1970..=9999).contains(&year) && (1..=12).contains(&month);
    if !sane || !(1..=31).contains(&day) {
        return None;
    }
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * shifted + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some((era * 146_097 + day_of_era - 719_468) * 86_400_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_not_there_is_nothing() {
        let value = json!({ "check": { "twilio": { "name": "Bottega" } }, "n": 3 });
        assert_eq!(text(&value, "check.twilio.name"), "Bottega");
        assert_eq!(text(&value, "check.nothing.name"), "");
        assert_eq!(digits(&value, "n"), "3");
        assert_eq!(list(&value, "check"), &[] as &[Value]);
    }

    #[test]
    fn moments_are_written_and_days_are_read() {
        assert_eq!(iso(0), "1970-01-01 00:00 UTC");
        assert_eq!(iso(1_795_514_700_000), "2026-11-24 10:05 UTC");
        assert_eq!(iso(951_782_400_000), "2000-02-29 00:00 UTC");
        for day_text in ["1970-01-01", "2000-02-29", "2026-11-24", "2027-01-01"] {
            let at = day(day_text).unwrap();
            assert_eq!(iso(at), format!("{day_text} 00:00 UTC"));
        }
        assert_eq!(day("2026-13-01"), None);
        assert_eq!(day("yesterday"), None);
    }
}
