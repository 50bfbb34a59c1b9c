//! Spells a clock's sum out in one sentence, so that nobody has to trust it.

use chrono::{Datelike as _, NaiveDate};

use super::count::nominal;
use super::{Reading, Unit};
use crate::domain::calendar::spoken;

/// One sentence: what the limit comes to, what did not count, how much is past.
pub(super) fn arithmetic(reading: &Reading) -> String {
    let since = if reading.at_least {
        format!("Here at least since {}: ", spoken(reading.entered))
    } else {
        String::new()
    };
    let limit = reading.limit;
    let sum = match limit.unit {
        Unit::WorkingDays => working(reading),
        Unit::Days | Unit::Weeks | Unit::Months => calendar(reading),
    };
    let counted = Unit::noun(
        match limit.unit {
            Unit::WorkingDays => Unit::WorkingDays,
            Unit::Days | Unit::Weeks | Unit::Months => Unit::Days,
        },
        u32::try_from(reading.allowed).unwrap_or(u32::MAX),
    );
    let verb = if reading.elapsed == 1 { "is" } else { "are" };
    let (elapsed, allowed) = (reading.elapsed, reading.allowed);
    format!("{since}{limit} from {sum}; {elapsed} of {allowed} {counted} {verb} past.")
}

fn working(reading: &Reading) -> String {
    let (entered, due) = (spoken(reading.entered), spoken(reading.due));
    let mut parts = Vec::new();
    let (weekend, other): (Vec<_>, Vec<_>) = reading
        .skipped
        .iter()
        .partition(|s| matches!(s.reason.as_str(), "Saturday" | "Sunday"));
    if !weekend.is_empty() {
        parts.push(days(weekend.len(), "weekend "));
    }
    let (paused, holidays): (Vec<_>, Vec<_>) = other
        .into_iter()
        .partition(|s| s.reason.starts_with("paused: "));
    for holiday in holidays.iter().take(3) {
        parts.push(format!(
            "{} {}",
            holiday.day.format("%a %-d %b"),
            holiday.reason
        ));
    }
    if holidays.len() > 3 {
        parts.push(format!("{} more", days(holidays.len() - 3, "holi")));
    }
    if !paused.is_empty() {
        parts.push(days(paused.len(), "paused "));
    }
    if parts.is_empty() {
        return format!("{entered} is {due}");
    }
    let verb = if reading.skipped.len() == 1 {
        "does"
    } else {
        "do"
    };
    format!("{entered} is {due} ({} {verb} not count)", parts.join(", "))
}

fn calendar(reading: &Reading) -> String {
    let entered = reading.entered;
    let plain = nominal(reading.limit, entered);
    let clamped = if reading.limit.unit == Unit::Months && plain.day() < entered.day() {
        format!(" ({} has no {})", plain.format("%B"), ordinal(entered))
    } else {
        String::new()
    };
    let prolonged = match usize::try_from((reading.due - plain).num_days()) {
        Ok(added @ 1..) => {
            let verb = if added == 1 { "makes" } else { "make" };
            let (paused, due) = (days(added, "paused "), spoken(reading.due));
            format!(", and {paused} {verb} it {due}")
        }
        Ok(0) | Err(_) => String::new(),
    };
    let (entered, plain) = (spoken(entered), spoken(plain));
    format!("{entered} is {plain}{clamped}{prolonged}")
}

fn days(n: usize, kind: &str) -> String {
    format!("{n} {kind}day{}", if n == 1 { "" } else { "s" })
}

/// Only the 29th to the 31st are ever missing from a month.
fn ordinal(day: NaiveDate) -> String {
    let suffix = if day.day() == 31 { "st" } else { "th" };
    format!("{}{suffix}", day.day())
}
