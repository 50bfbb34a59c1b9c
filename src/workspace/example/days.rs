//! The example's calendar: which day a step of the story falls on, so that the desk is
//! alive whenever it is opened. Everything recorded lies before today.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use serde_json::Value;

use super::story::Step;
use super::wrong;
use crate::domain::calendar::{Calendar, add_days};
use crate::domain::when::When;
use crate::domain::zone::Zone;
use crate::store::zones;
use crate::workspace::perform::unknown_zone;
use crate::workspace::plan::Time;
use crate::workspace::refusal::Refusal;

/// The milestones in days of the cycle: as planned, and where M4 and what hangs on it
/// end up after its slip of a week.
const GATES: [i64; 10] = [0, 14, 70, 84, 140, 147, 154, 161, 168, 175];
/// The day of the cycle on which M4 is due after its slip; it lies a few days ahead.
const FREEZE: i64 = 147;
/// How far ahead it may lie.
const AHEAD: std::ops::RangeInclusive<i64> = 5..=11;
/// When the desk was founded, in days of the cycle.
const FOUNDED: i64 = -22;

/// Holidays that fall on the same date every year.
const FIXED: [(u32, u32, &str); 3] = [
    (1, 1, "New Year's Day"),
    (12, 25, "Christmas Day"),
    (12, 26, "Second day of Christmas"),
];

pub(super) struct Days {
    today: NaiveDate,
    /// The first day of the cycle.
    start: NaiveDate,
    zone: Zone,
    calendar: Calendar,
}

impl Days {
    pub(super) fn new(now: DateTime<Utc>, timezone: &str) -> Result<Self, Refusal> {
        let zone = zones::zone(timezone).map_err(|_| unknown_zone(timezone))?;
        let today = zone.day(now);
        let years = today.year().saturating_sub(1)..=today.year().saturating_add(1);
        let holidays = years.flat_map(|year| {
            FIXED.into_iter().filter_map(move |(month, day, name)| {
                Some((NaiveDate::from_ymd_opt(year, month, day)?, name.to_owned()))
            })
        });
        let calendar = Calendar {
            holidays: holidays.collect(),
        };
        let works = |start: NaiveDate| {
            GATES
                .iter()
                .all(|gate| calendar.not_working(add_days(start, *gate)).is_none())
        };
        // Milestones are whole weeks apart, so one weekday suits them all or none.
        let start = AHEAD
            .map(|ahead| add_days(today, ahead - FREEZE))
            .find(|start| works(*start))
            .unwrap_or_else(|| add_days(today, AHEAD.start() - FREEZE));
        Ok(Self {
            today,
            start,
            zone,
            calendar,
        })
    }

    pub(super) fn holidays(&self) -> Vec<(NaiveDate, String)> {
        self.calendar.holidays.clone().into_iter().collect()
    }

    /// A day counted from today: the working day on or before it in the past, on or
    /// after it in the future.
    pub(super) fn counted(&self, offset: i64) -> NaiveDate {
        let day = add_days(self.today, offset);
        if offset < 0 {
            self.working_day_until(day)
        } else {
            self.calendar.next_working_day_on_or_after(day)
        }
    }

    fn in_cycle(&self, offset: i64) -> NaiveDate {
        self.working_day_until(add_days(self.start, offset))
    }

    fn working_day_until(&self, day: NaiveDate) -> NaiveDate {
        self.calendar.working_day(add_days(day, 1), -1)
    }

    /// Puts the date in the place of `today+6`, `today-3`, `start` or `start+7`.
    pub(super) fn date(&self, value: &mut Value) {
        if let Some(day) = value.as_str().and_then(|text| self.named(text)) {
            *value = Value::from(day.to_string());
        }
    }

    fn named(&self, text: &str) -> Option<NaiveDate> {
        let offset = |rest: &str| -> Option<i64> {
            if rest.is_empty() {
                Some(0)
            } else {
                rest.parse().ok()
            }
        };
        if let Some(rest) = text.strip_prefix("today") {
            return Some(self.counted(offset(rest)?));
        }
        Some(self.in_cycle(offset(text.strip_prefix("start")?)?))
    }

    pub(super) fn moments(&self) -> Moments<'_> {
        Moments {
            days: self,
            last: None,
        }
    }
}

/// One moment after the other: a desk's history never goes back.
pub(super) struct Moments<'d> {
    days: &'d Days,
    last: Option<(NaiveDate, DateTime<Utc>)>,
}

impl Moments<'_> {
    /// The first of all.
    pub(super) fn founding(&mut self) -> Time {
        self.next(self.days.in_cycle(FOUNDED))
    }

    /// When a step is recorded, and when it happened.
    pub(super) fn at(&mut self, step: &Step) -> Result<Time, Refusal> {
        let day = match (step.day, step.cycle_day) {
            (Some(day), None) if day < 0 => self.days.counted(day),
            (None, Some(day)) => self.days.in_cycle(day),
            _ => return Err(wrong(&format!("{} has no day of its own", step.deed))),
        };
        if self.last.is_some_and(|(last, _)| day < last) {
            return Err(wrong(&format!("{} on {day} comes too late", step.deed)));
        }
        let at = step.at.as_deref().and_then(|at| self.days.named(at));
        Ok(Time {
            at: at.map(When::Day),
            ..self.next(day)
        })
    }

    /// A little later on the same day.
    pub(super) fn soon_after(&mut self) -> Time {
        let day = self.last.map_or(self.days.start, |(day, _)| day);
        self.next(day)
    }

    /// From nine in the morning on, a few minutes apart.
    fn next(&mut self, day: NaiveDate) -> Time {
        let now = match self.last {
            Some((last, at)) if last == day => at + TimeDelta::minutes(7),
            _ => self.days.zone.start_of_day(day) + TimeDelta::hours(9),
        };
        self.last = Some((day, now));
        Time { now, at: None }
    }
}
