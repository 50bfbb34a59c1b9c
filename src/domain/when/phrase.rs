//! Takes a typed phrase apart: Anywhere on Earth, a time of day, an offset, and the day before them.
//! Leaves the day itself to `day`.

use chrono::{NaiveTime, TimeDelta};

use super::When;
use super::{Reference, WhenError, day, instant, unknown};
use crate::domain::zone::Zone;

/// Reads a phrase; the remark says what was decided or skipped on the way.
pub(super) fn read(text: &str, reference: &Reference) -> Result<(When, Option<String>), WhenError> {
    let lower = text.trim().to_lowercase();
    if lower == "now" {
        return Ok((When::Instant(reference.now), None));
    }
    if let Some(rest) = lower.strip_suffix("aoe") {
        if rest.contains(':') || rest.trim() == "now" {
            return Err(WhenError::new(
                "Anywhere on Earth goes with a day, not with a time.",
                "Write 2026-11-27 AoE.",
            ));
        }
        let (day, remark) = day::read(rest.trim(), reference)?;
        return Ok((When::AnywhereOnEarth(day), remark));
    }
    let Some((before, clock)) = split_time(&lower) else {
        let (day, remark) = day::read(&lower, reference)?;
        return Ok((When::Day(day), remark));
    };
    let (day, remark) = match before.trim() {
        "" => (reference.today(), None),
        phrase => day::read(phrase, reference)?,
    };
    let (time, offset) = time(clock).ok_or_else(|| not_a_time(text))?;
    let zone = offset.map(Zone::fixed);
    let moment = zone
        .as_ref()
        .unwrap_or(reference.zone)
        .instant(day.and_time(time));
    let remark = moment.note.map(str::to_owned).or(remark);
    Ok((instant(moment.at)?, remark))
}

/// Splits "fri 14:00 z" before the hour; `None` when there is no time in it.
fn split_time(text: &str) -> Option<(&str, &str)> {
    let hour_end = text.find(':')?;
    let head = text.get(..hour_end)?;
    let hour = head.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let clock = text.get(hour..)?;
    let before = head.get(..hour)?;
    // The T of an ISO date-time; the t of "sat" is followed by a space.
    let before = match before.strip_suffix('t') {
        Some(day) if day.ends_with(|c: char| c.is_ascii_digit()) => day,
        _ => before,
    };
    Some((before, clock))
}

/// Reads "09:00", "9:00:30.5z", "09:00 +02:00": the time and its offset in minutes.
fn time(text: &str) -> Option<(NaiveTime, Option<i32>)> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == ':' || c == '.'));
    let (clock, offset) = text.split_at_checked(end.unwrap_or(text.len()))?;
    let mut parts = clock.split(':');
    let hour = digits(parts.next()?, 2)?;
    let minute = digits(parts.next()?, 2)?;
    let (second, fraction) = match parts.next() {
        Some(part) => part.split_once('.').unwrap_or((part, "0")),
        None => ("0", "0"),
    };
    if parts.next().is_some() || fraction.len() > 9 {
        return None;
    }
    let nanos = digits(&format!("{fraction:0<9}"), 9)?;
    let time = NaiveTime::from_hms_opt(hour, minute, digits(second, 2)?)?
        .overflowing_add_signed(TimeDelta::nanoseconds(nanos.into()))
        .0;
    let offset = match offset.trim() {
        "" => None,
        "z" | "utc" => Some(0),
        text => Some(offset_minutes(text)?),
    };
    Some((time, offset))
}

/// Reads "+02:00", "-0230", "+2".
fn offset_minutes(text: &str) -> Option<i32> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+')?),
    };
    let (hours, minutes) = match rest.split_once(':') {
        Some(parts) => parts,
        None if rest.len() > 2 => rest.split_at_checked(2)?,
        None => (rest, "0"),
    };
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
    let total = i32::try_from(hours * 60 + minutes).ok()?;
    (hours < 24 && minutes < 60).then_some(sign * total)
}

/// A number of at most `most` digits and nothing else.
fn digits(text: &str, most: usize) -> Option<u32> {
    let plain = text.len() <= most && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}

fn not_a_time(text: &str) -> WhenError {
    WhenError {
        hint: "Write a time as 09:00 or 09:00:30, if need be with Z or +02:00.".into(),
        ..unknown(text)
    }
}
