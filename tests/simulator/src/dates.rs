//! How does Twilio write a moment, and how does it read one in a filter?
//!
//! Messages carry RFC 2822 dates with whole seconds, the Content API ISO 8601. Filters take either an
//! ISO date (the whole UTC day) or an ISO date and time.

const DAY_MS: i64 = 86_400_000;
const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Year, month (1–12) and day of a number of days since 1970-01-01, in the proleptic Gregorian calendar.
fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

/// The inverse of [`civil`].
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let shifted = if month > 2 { month - 3 } else { month + 9 };
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * shifted + 2) / 5 + day - 1;
    year.div_euclid(400) * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100
        + day_of_year
        - 719_468
}

fn clock_of(ms: i64) -> (i64, i64, i64) {
    let second = ms.rem_euclid(DAY_MS) / 1_000;
    (second / 3_600, second / 60 % 60, second % 60)
}

/// `Sun, 22 Nov 2026 08:49:47 +0000`.
pub fn rfc2822(ms: i64) -> String {
    let days = ms.div_euclid(DAY_MS);
    let (year, month, day) = civil(days);
    let (hour, minute, second) = clock_of(ms);
    let weekday = WEEKDAYS[days.rem_euclid(7) as usize];
    let month = MONTHS[(month - 1) as usize];
    format!("{weekday}, {day:02} {month} {year} {hour:02}:{minute:02}:{second:02} +0000")
}

/// `2026-11-22T08:49:47Z`.
pub fn iso8601(ms: i64) -> String {
    let (year, month, day) = civil(ms.div_euclid(DAY_MS));
    let (hour, minute, second) = clock_of(ms);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// The first and the last millisecond that a filter value stands for: a day, or one second.
pub fn span(text: &str) -> Option<(i64, i64)> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let midnight = days_since_epoch(year, month, day) * DAY_MS;
    if text.len() == 10 {
        return Some((midnight, midnight + DAY_MS - 1));
    }
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let moment = midnight + ((hour * 60 + minute) * 60 + second) * 1_000;
    Some((moment, moment + 999))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_twilio_writes_it() {
        assert_eq!(rfc2822(0), "Thu, 01 Jan 1970 00:00:00 +0000");
        assert_eq!(
            rfc2822(1_795_337_387_123),
            "Sun, 22 Nov 2026 08:49:47 +0000"
        );
        assert_eq!(iso8601(1_709_164_800_000), "2024-02-29T00:00:00Z");
    }

    #[test]
    fn a_filter_is_a_day_or_a_second() {
        assert_eq!(span("1970-01-02"), Some((DAY_MS, 2 * DAY_MS - 1)));
        assert_eq!(
            span("2026-11-22T08:49:47Z"),
            Some((1_795_337_387_000, 1_795_337_387_999))
        );
        assert_eq!(span("yesterday"), None);
    }
}
