//! A point in time as people give it: a day, an instant, or a day anywhere on Earth.
//! Never asks what time it is; whoever parses a phrase brings now, the zone and the calendar.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike as _, NaiveDate, SecondsFormat, TimeDelta, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

mod day;
mod phrase;
#[cfg(test)]
mod tests;

use super::calendar::{Calendar, spoken};
use super::zone::{Zone, end_of_day_anywhere, start_of_day_anywhere};

/// A point in time, as exactly as it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum When {
    /// A day in whatever zone it is read in.
    Day(NaiveDate),
    /// One instant.
    Instant(DateTime<Utc>),
    /// A day that lasts until it has ended everywhere.
    AnywhereOnEarth(NaiveDate),
}

/// What words such as "tomorrow" and "+5bd" are measured from.
#[derive(Clone, Copy, Debug)]
pub struct Reference<'a> {
    /// The present.
    pub now: DateTime<Utc>,
    /// The desk's zone.
    pub zone: &'a Zone,
    /// The desk's working days.
    pub calendar: &'a Calendar,
}

/// The text is no point in time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct WhenError {
    /// What is wrong, one sentence.
    pub message: String,
    /// What to write instead.
    pub hint: String,
}

impl WhenError {
    fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: hint.into(),
        }
    }

    fn too_far() -> Self {
        Self::new(
            "That is too far away.",
            "Years run from 0001 to 9999; write a nearer date.",
        )
    }
}

impl Reference<'_> {
    /// Today in the desk's zone.
    pub fn today(&self) -> NaiveDate {
        self.zone.day(self.now)
    }
}

impl When {
    /// Reads what a person types.
    ///
    /// - `2026-11-27`, `27 Nov`, `27 Nov 2026`, `W48`, `2026-W48` (the Monday). Without a year
    ///   the occurrence nearest to today is meant.
    /// - `now`, `today`, `tomorrow`, `yesterday`, `eom` (last day of the month), `eow` (this
    ///   week's Friday; on a weekend the coming one).
    /// - `fri`: the coming one, never today. `next fri`: the one after the coming.
    ///   `last fri`: the latest before today.
    /// - `+3d`, `-2w`, `+1m`, `+5bd` (working days), `3d`: from today.
    /// - Any of these with a time: `2026-11-27T09:00:00Z`, `fri 14:00`, `2026-11-27 09:00 +02:00`;
    ///   without an offset in the desk's zone. `14:00` alone is today.
    /// - Any day with `AoE`.
    ///
    /// # Errors
    /// The text is none of these, names a day that does not exist, or leaves the years 1–9999.
    pub fn parse(text: &str, reference: &Reference) -> Result<Self, WhenError> {
        phrase::read(text, reference).map(|(when, _)| when)
    }

    /// Reads like [`When::parse`] and says what was understood, for a form to show.
    ///
    /// # Errors
    /// As [`When::parse`].
    pub fn parse_explained(text: &str, reference: &Reference) -> Result<(Self, String), WhenError> {
        let (when, remark) = phrase::read(text, reference)?;
        let said = match (when, remark) {
            (when, None) => when.echo(reference),
            (Self::Day(day), Some(remark)) => format!("{}, {remark}", spoken(day)),
            (Self::Instant(_) | Self::AnywhereOnEarth(_), Some(remark)) => {
                format!("{}, {remark}", when.echo(reference))
            }
        };
        Ok((when, said))
    }

    /// Says the point in time and its distance: "Fri 27 Nov 2026, in 6 days".
    pub fn echo(&self, reference: &Reference) -> String {
        let zone = reference.zone;
        let distance = distance((self.day(zone) - reference.today()).num_days());
        match self {
            Self::Day(day) => format!("{}, {distance}", spoken(*day)),
            Self::Instant(at) => format!("{}, {distance}", local(*at, zone)),
            Self::AnywhereOnEarth(day) => {
                let until = local(end_of_day_anywhere(*day), zone);
                format!("{} anywhere on Earth, until {until}", spoken(*day))
            }
        }
    }

    /// The day: an instant's in `zone`; the others name theirs.
    pub fn day(&self, zone: &Zone) -> NaiveDate {
        match self {
            Self::Day(day) | Self::AnywhereOnEarth(day) => *day,
            Self::Instant(at) => zone.day(*at),
        }
    }

    /// The first instant it covers.
    pub fn start(&self, zone: &Zone) -> DateTime<Utc> {
        match self {
            Self::Day(day) => zone.start_of_day(*day),
            Self::Instant(at) => *at,
            Self::AnywhereOnEarth(day) => start_of_day_anywhere(*day),
        }
    }

    /// The last instant that still counts, to the second.
    pub fn end(&self, zone: &Zone) -> DateTime<Utc> {
        match self {
            Self::Day(day) => zone.end_of_day(*day),
            Self::Instant(at) => *at,
            Self::AnywhereOnEarth(day) => {
                let over = end_of_day_anywhere(*day);
                over.checked_sub_signed(TimeDelta::seconds(1))
                    .unwrap_or(over)
            }
        }
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => write!(f, "{day}"),
            Self::Instant(at) => f.write_str(&at.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
            Self::AnywhereOnEarth(day) => write!(f, "{day} AoE"),
        }
    }
}

impl FromStr for When {
    type Err = WhenError;

    /// Reads exactly what `Display` writes; for stored values, not for people.
    fn from_str(text: &str) -> Result<Self, WhenError> {
        if let Some(day) = text.strip_suffix(" AoE") {
            return day::iso(day)
                .unwrap_or_else(|| Err(unknown(text)))
                .map(Self::AnywhereOnEarth);
        }
        if let Some(day) = day::iso(text) {
            return day.map(Self::Day);
        }
        let at = DateTime::parse_from_rfc3339(text).map_err(|_| unknown(text))?;
        instant(at.to_utc())
    }
}

impl Serialize for When {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Keeps instants within the years that can be written with four digits.
fn instant(at: DateTime<Utc>) -> Result<When, WhenError> {
    if (1..=9999).contains(&at.year()) {
        Ok(When::Instant(at))
    } else {
        Err(WhenError::too_far())
    }
}

fn unknown(text: &str) -> WhenError {
    let clean = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut quoted: String = clean.take(40).collect();
    if text.chars().count() > 40 {
        quoted.push('…');
    }
    WhenError::new(
        format!("“{}” is no date or time.", quoted.trim()),
        "Write 2026-11-27, 2026-11-27 09:00, fri, +5bd, 27 Nov, W48 or 2026-11-27 AoE.",
    )
}

fn local(at: DateTime<Utc>, zone: &Zone) -> String {
    let time = zone.local(at);
    let (day, offset) = (spoken(time.date()), zone.offset_label(at));
    format!("{day} {} {offset}", time.format("%H:%M"))
}

fn distance(days: i64) -> String {
    match days {
        0 => "today".into(),
        1 => "tomorrow".into(),
        -1 => "yesterday".into(),
        2.. => format!("in {days} days"),
        _ => format!("{} days ago", days.unsigned_abs()),
    }
}
