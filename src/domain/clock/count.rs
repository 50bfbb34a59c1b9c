//! Counts the days that count for a limit: working or calendar days, without the paused ones.
//! The only place that knows how pauses and holidays meet.

use chrono::NaiveDate;

use super::{Limit, Pause, Unit};
use crate::domain::calendar::{Calendar, NAMED, Skipped, add_days, add_months, days_after};

/// One way of counting, for one record.
pub(super) struct Count<'a> {
    calendar: &'a Calendar,
    working: bool,
    pauses: &'a [Pause],
    /// First and last paused day, apart from each other and in order.
    spans: Vec<(NaiveDate, NaiveDate)>,
}

impl<'a> Count<'a> {
    /// An open pause lasts through `today`; without a today it takes no day.
    pub(super) fn new(
        unit: Unit,
        pauses: &'a [Pause],
        calendar: &'a Calendar,
        today: Option<NaiveDate>,
    ) -> Self {
        let working = match unit {
            Unit::WorkingDays => true,
            Unit::Days | Unit::Weeks | Unit::Months => false,
        };
        Self {
            calendar,
            working,
            pauses,
            spans: spans(pauses, today),
        }
    }

    /// The limit's last day: still in time.
    pub(super) fn due(&self, limit: Limit, entry: NaiveDate) -> NaiveDate {
        match limit.unit {
            Unit::WorkingDays => self.nth_after(entry, i64::from(limit.n)),
            Unit::Days | Unit::Weeks | Unit::Months => {
                let days = (nominal(limit, entry) - entry).num_days();
                self.nth_after(entry, days)
            }
        }
    }

    /// How many days count after `from` up to and with `to`; negative when `to` is earlier.
    pub(super) fn between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        if to < from {
            return -self.between(to, from);
        }
        let paused: i64 = self
            .spans
            .iter()
            .map(|(first, last)| {
                self.unpaused(from.max(before(*first)), to.min(*last))
                    .max(0)
            })
            .sum();
        self.unpaused(from, to) - paused
    }

    /// The `n`th day that counts after `from`; `from` itself for 0.
    pub(super) fn nth_after(&self, from: NaiveDate, n: i64) -> NaiveDate {
        let (mut at, mut left) = (from, n);
        if n <= 0 {
            return from;
        }
        for (first, last) in &self.spans {
            let free = self.unpaused(at, before(*first)).max(0);
            if left <= free {
                break;
            }
            left -= free;
            at = at.max(*last);
        }
        if self.working {
            self.calendar.working_day(at, left)
        } else {
            add_days(at, left)
        }
    }

    /// Names the days that did not count after `from` up to and with `to` (at most [`NAMED`]).
    pub(super) fn skipped(&self, from: NaiveDate, to: NaiveDate) -> Vec<Skipped> {
        if self.working && self.spans.is_empty() {
            return self.calendar.skipped(from, to);
        }
        if self.working {
            // Two days of seven are skipped at least, so the limit on names ends the walk.
            let days = days_after(from).take_while(|day| *day <= to);
            return days
                .filter_map(|day| {
                    let reason = self.calendar.not_working(day);
                    let reason = reason.or_else(|| self.paused(day))?;
                    Some(Skipped { day, reason })
                })
                .take(NAMED)
                .collect();
        }
        let inside = self.spans.iter().flat_map(|(first, last)| {
            let last = *last.min(&to);
            days_after(from.max(before(*first))).take_while(move |day| *day <= last)
        });
        inside
            .filter_map(|day| {
                let reason = self.paused(day)?;
                Some(Skipped { day, reason })
            })
            .take(NAMED)
            .collect()
    }

    fn paused(&self, day: NaiveDate) -> Option<String> {
        if !self.spans.iter().any(|(a, z)| (*a..=*z).contains(&day)) {
            return None;
        }
        let of_day = |pause: &&Pause| pause.from <= day && pause.until.is_none_or(|end| day < end);
        let pause = self.pauses.iter().find(of_day)?;
        Some(format!("paused: {}", pause.reason))
    }

    fn unpaused(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        if self.working {
            self.calendar.working_days_between(from, to)
        } else {
            (to - from).num_days()
        }
    }
}

/// The last day of a limit in calendar units, before any pause prolongs it.
pub(super) fn nominal(limit: Limit, entry: NaiveDate) -> NaiveDate {
    let n = i64::from(limit.n);
    match limit.unit {
        Unit::Days | Unit::WorkingDays => add_days(entry, n),
        Unit::Weeks => add_days(entry, n * 7),
        Unit::Months => add_months(entry, i32::try_from(n).unwrap_or(i32::MAX)),
    }
}

fn before(day: NaiveDate) -> NaiveDate {
    day.pred_opt().unwrap_or(day)
}

/// Joins pauses that overlap or touch; a day paused twice is one day.
fn spans(pauses: &[Pause], today: Option<NaiveDate>) -> Vec<(NaiveDate, NaiveDate)> {
    let closed = pauses.iter().filter_map(|pause| {
        let last = match pause.until {
            Some(until) => until.pred_opt()?,
            None => today?,
        };
        (pause.from <= last).then_some((pause.from, last))
    });
    let mut found: Vec<_> = closed.collect();
    found.sort_unstable();
    let mut joined: Vec<(NaiveDate, NaiveDate)> = Vec::with_capacity(found.len());
    for (first, last) in found {
        match joined.last_mut() {
            Some(open) if first <= add_days(open.1, 1) => open.1 = open.1.max(last),
            _ => joined.push((first, last)),
        }
    }
    joined
}
