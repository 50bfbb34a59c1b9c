//! Reads the words for a day: dates, weekdays, weeks and distances from today.
//! Expects trimmed lower case and knows no time of day.

use chrono::{Datelike as _, Month, NaiveDate, Weekday};

use super::{Reference, WhenError, unknown};
use crate::domain::calendar::{add_days, add_months};
use crate::domain::clock::Unit;

type Day = Result<(NaiveDate, Option<String>), WhenError>;

/// Reads a day; the remark tells what a count of working days skipped.
pub(super) fn read(text: &str, reference: &Reference) -> Day {
    let today = reference.today();
    let plain = word(text, today)
        .or_else(|| weekday(text, today))
        .map(Ok)
        .or_else(|| iso(text))
        .or_else(|| week(text, today))
        .or_else(|| named_month(text, today));
    let (day, remark) = match plain {
        Some(day) => (day?, None),
        None => distance(text, reference).unwrap_or_else(|| Err(unknown(text)))?,
    };
    if (1..=9999).contains(&day.year()) {
        Ok((day, remark))
    } else {
        Err(WhenError::too_far())
    }
}

/// Reads exactly `YYYY-MM-DD`; `None` when the text has another shape.
pub(super) fn iso(text: &str) -> Option<Result<NaiveDate, WhenError>> {
    let (year, rest) = text.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    if (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return None;
    }
    Some(ymd(number(year)?, number(month)?, number(day)?))
}

fn word(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    match text {
        "today" => Some(today),
        "tomorrow" => Some(add_days(today, 1)),
        "yesterday" => Some(add_days(today, -1)),
        "eom" => {
            let first = add_days(today, 1 - i64::from(today.day()));
            Some(add_days(add_months(first, 1), -1))
        }
        "eow" if today.weekday() == Weekday::Fri => Some(today),
        "eow" => Some(coming(Weekday::Fri, today)),
        _ => None,
    }
}

fn weekday(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let (shift, name) = match text.split_once(char::is_whitespace) {
        Some(("next", name)) => (7, name),
        Some(("last", name)) => (-7, name),
        Some(_) => return None,
        None => (0, text),
    };
    let weekday: Weekday = name.trim().parse().ok()?;
    let coming = coming(weekday, today);
    // Today's own weekday comes in seven days, so one week back is today: not "last".
    let days = if shift < 0 && weekday == today.weekday() {
        -14
    } else {
        shift
    };
    Some(add_days(coming, days))
}

/// The first such weekday after today.
fn coming(weekday: Weekday, today: NaiveDate) -> NaiveDate {
    let days = (weekday.days_since(today.weekday()) + 6) % 7 + 1;
    add_days(today, days.into())
}

/// Reads `w48` and `2026-w48`.
fn week(text: &str, today: NaiveDate) -> Option<Result<NaiveDate, WhenError>> {
    let monday = |year, week| NaiveDate::from_isoywd_opt(year, week, Weekday::Mon);
    let missing = || {
        WhenError::new(
            format!("There is no week {} there.", text.to_uppercase()),
            "Weeks run from W01 to W52; some years have a W53.",
        )
    };
    if let Some(week) = text.strip_prefix('w') {
        let week = number(week)?;
        let near = nearest(today, today.iso_week().year(), |year| monday(year, week));
        return Some(near.ok_or_else(missing));
    }
    let (year, week) = text.split_once("-w")?;
    if year.len() != 4 {
        return None;
    }
    let year = i32::try_from(number(year)?).ok()?;
    Some(monday(year, number(week)?).ok_or_else(missing))
}

/// Reads `27 nov` and `27 nov 2026`.
fn named_month(text: &str, today: NaiveDate) -> Option<Result<NaiveDate, WhenError>> {
    let mut words = text.split_whitespace();
    let day = number(words.next()?)?;
    let month: Month = words.next()?.parse().ok()?;
    let month = month.number_from_month();
    let Some(year) = words.next() else {
        let near = nearest(today, today.year(), |year| {
            NaiveDate::from_ymd_opt(year, month, day)
        });
        let this_year = u32::try_from(today.year()).unwrap_or_default();
        return Some(near.map_or_else(|| ymd(this_year, month, day), Ok));
    };
    if year.len() != 4 || words.next().is_some() {
        return None;
    }
    Some(ymd(number(year)?, month, day))
}

/// The occurrence closest to today, of last year's, this year's and next year's.
fn nearest(
    today: NaiveDate,
    year: i32,
    of_year: impl Fn(i32) -> Option<NaiveDate>,
) -> Option<NaiveDate> {
    (year - 1..=year + 1)
        .filter_map(of_year)
        .min_by_key(|day| (*day - today).num_days().abs())
}

/// Reads `+3d`, `-2w`, `+1m`, `+5bd`, `3d`.
fn distance(text: &str, reference: &Reference) -> Option<Day> {
    let (back, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let rest = rest.trim_start();
    let unit_at = rest.find(|c: char| !c.is_ascii_digit())?;
    let (digits, unit) = rest.split_at_checked(unit_at)?;
    let unit = Unit::named(unit)?;
    if digits.is_empty() {
        return None;
    }
    let Ok(n) = digits.parse::<u32>() else {
        return Some(Err(WhenError::too_far()));
    };
    let today = reference.today();
    let signed = if back { -i64::from(n) } else { i64::from(n) };
    let day = match unit {
        Unit::Days => add_days(today, signed),
        Unit::Weeks => add_days(today, signed * 7),
        Unit::Months => match i32::try_from(signed) {
            Ok(n) => add_months(today, n),
            Err(_) => return Some(Err(WhenError::too_far())),
        },
        Unit::WorkingDays => return Some(Ok(working_days(n, back, reference))),
    };
    Some(Ok((day, None)))
}

/// Counts working days from today and names the holidays skipped; weekends go without saying.
fn working_days(n: u32, back: bool, reference: &Reference) -> (NaiveDate, Option<String>) {
    let (calendar, today) = (reference.calendar, reference.today());
    let (day, skipped) = if back {
        calendar.sub_working_days(today, n)
    } else {
        calendar.add_working_days(today, n)
    };
    let noun = Unit::WorkingDays.noun(n);
    let direction = if back { " back" } else { "" };
    let mut holidays: Vec<String> = skipped
        .iter()
        .filter(|s| !matches!(s.day.weekday(), Weekday::Sat | Weekday::Sun))
        .map(|s| {
            let same_month = (s.day.year(), s.day.month()) == (day.year(), day.month());
            let shape = if same_month { "%a %-d" } else { "%a %-d %b" };
            format!("{} {}", s.day.format(shape), s.reason)
        })
        .collect();
    let more = holidays.len().saturating_sub(3);
    holidays.truncate(3);
    let skips = match (holidays.is_empty(), more) {
        (true, _) => String::new(),
        (false, 0) => format!(", skips {}", holidays.join(", ")),
        (false, more) => format!(", skips {} and {more} more", holidays.join(", ")),
    };
    (day, Some(format!("{n} {noun}{direction}{skips}")))
}

fn number(text: &str) -> Option<u32> {
    let plain = !text.is_empty() && text.len() <= 4;
    let plain = plain && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}

fn ymd(year: u32, month: u32, day: u32) -> Result<NaiveDate, WhenError> {
    let number = i32::try_from(year).unwrap_or_default();
    if number == 0 {
        return Err(WhenError::too_far());
    }
    if let Some(day) = NaiveDate::from_ymd_opt(number, month, day) {
        return Ok(day);
    }
    let Some(first) = NaiveDate::from_ymd_opt(number, month, 1) else {
        return Err(WhenError::new(
            format!("There is no month {month:02}."),
            "Write year, month and day, as in 2026-11-27.",
        ));
    };
    let last = add_days(add_months(first, 1), -1).day();
    let month = first.format("%B");
    Err(WhenError::new(
        format!("There is no {day} {month} {year}."),
        format!("{month} {year} has {last} days."),
    ))
}
