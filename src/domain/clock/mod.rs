//! Reads a clock: from an entry, a limit and the pauses to the due day, what is past and what is left.
//! Decides nothing about the record and holds no policy number: from which share on it is amber comes with the entry.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

mod count;
mod limit;
mod sentence;
#[cfg(test)]
mod tests;

pub use limit::{Limit, LimitError, Unit};

use super::calendar::{Calendar, Skipped};
use count::Count;

/// A time during which a clock stands still.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// The first day that does not count.
    pub from: NaiveDate,
    /// The first day that counts again; `None` while the pause lasts.
    pub until: Option<NaiveDate>,
    /// Why, as shown after "paused: ".
    pub reason: String,
}

/// When a record came where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The local day; it does not count itself.
    pub day: NaiveDate,
    /// The true day is unknown: it has been here at least since this one.
    pub at_least: bool,
    /// From which share of its limit on the clock is amber, in percent.
    pub amber_percent: u32,
}

/// What a clock shows on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The day of the event.
    pub entered: NaiveDate,
    /// The record has been here at least since `entered`, perhaps longer.
    pub at_least: bool,
    /// The limit the clock runs against.
    pub limit: Limit,
    /// The last day still in time.
    pub due: NaiveDate,
    /// Days past: working days for a limit in working days, else calendar days; no paused ones.
    pub elapsed: i64,
    /// Days of the same kind from entry to `due`.
    pub allowed: i64,
    /// Days of the same kind from today to `due`; always negative when overdue.
    pub days_left: i64,
    /// Today is after `due`.
    pub overdue: bool,
    /// Elapsed in thousandths of allowed; may exceed 1000.
    pub permille: u32,
    /// The entry's share of the limit is past and it is not overdue.
    pub amber: bool,
    /// The first amber day.
    pub amber_on: NaiveDate,
    /// The days up to `due` that do not count, earliest first (at most `calendar::NAMED`).
    pub skipped: Vec<Skipped>,
    /// The sum in one sentence.
    pub arithmetic: String,
}

/// Reads a clock on the local day `today`. Stops at chrono's limits; never fails.
///
/// The limit's last day is in time and overdue begins with the next local day. A pause
/// prolongs the limit by its days; one that is still open has taken every day through today.
pub fn read(
    limit: Limit,
    entry: Entry,
    pauses: &[Pause],
    calendar: &Calendar,
    today: NaiveDate,
) -> Reading {
    let count = Count::new(limit.unit, pauses, calendar, Some(today));
    let due = count.due(limit, entry.day);
    let allowed = count.between(entry.day, due);
    let elapsed = count.between(entry.day, today).max(0);
    let overdue = today > due;
    let left = count.between(today, due);
    let permille = permille(elapsed, allowed, today >= due);
    let amber = entry.amber_percent.min(100);
    let amber_after = allowed.saturating_mul(amber.into());
    let mut reading = Reading {
        entered: entry.day,
        at_least: entry.at_least,
        limit,
        due,
        elapsed,
        allowed,
        // A Saturday after a Friday's limit is no working day late, yet it is late.
        days_left: if overdue { left.min(-1) } else { left },
        overdue,
        permille,
        amber: permille >= amber * 10 && !overdue,
        amber_on: count.nth_after(
            entry.day,
            amber_after.div_euclid(100) + i64::from(amber_after % 100 != 0),
        ),
        skipped: count.skipped(entry.day, due),
        arithmetic: String::new(),
    };
    reading.arithmetic = sentence::arithmetic(&reading);
    reading
}

/// The last day still in time, without the rest of the reading; for storing.
///
/// A pause still open takes no day here, so the result is never later than that of [`read`].
pub fn due(limit: Limit, entry: NaiveDate, pauses: &[Pause], calendar: &Calendar) -> NaiveDate {
    Count::new(limit.unit, pauses, calendar, None).due(limit, entry)
}

fn permille(elapsed: i64, allowed: i64, reached: bool) -> u32 {
    if allowed <= 0 {
        return if reached { 1000 } else { 0 };
    }
    u32::try_from(elapsed.saturating_mul(1000) / allowed).unwrap_or(u32::MAX)
}
