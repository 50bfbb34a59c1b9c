//! Working days, holidays and months that are clamped.
//! Knows days only: no instants, no time zones, and never what day it is today.

use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Included, Unbounded};

use chrono::{Datelike, Months, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

/// How many skipped days are named at most; an absurd limit must not fill the memory.
pub const NAMED: usize = 1_000;

/// Monday to Friday, minus the desk's holidays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// The name of each holiday by its day; one on a weekend changes nothing.
    pub holidays: BTreeMap<NaiveDate, String>,
}

/// A day that did not count, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// The day, in the desk's zone.
    pub day: NaiveDate,
    /// "Saturday", "Sunday", a holiday's name, or "paused: …".
    pub reason: String,
}

impl Calendar {
    /// Says why nobody works on `day`; `None` on a working day.
    pub fn not_working(&self, day: NaiveDate) -> Option<String> {
        match day.weekday() {
            Weekday::Sat => Some("Saturday".into()),
            Weekday::Sun => Some("Sunday".into()),
            _ => self.holidays.get(&day).cloned(),
        }
    }

    /// Finds the `n`th working day after `from`, or before it when `n` is negative.
    ///
    /// `from` itself is not counted and 0 gives it back. Costs the holidays in between,
    /// not the days; stops at the first or last day chrono knows.
    pub fn working_day(&self, from: NaiveDate, n: i64) -> NaiveDate {
        if n == 0 {
            return from;
        }
        let start = index(from);
        if n > 0 {
            let mut at = weekdays_before(start + 1).saturating_add(n - 1);
            for holiday in self.weekday_holidays_after(from) {
                if holiday > weekday_at(at) {
                    break;
                }
                at = at.saturating_add(1);
            }
            return weekday_at(at);
        }
        let mut at = weekdays_before(start).saturating_add(n);
        for holiday in self.weekday_holidays_before(from) {
            if holiday < weekday_at(at) {
                break;
            }
            at = at.saturating_sub(1);
        }
        weekday_at(at)
    }

    /// Counts `n` working days forward and names the days skipped on the way (at most [`NAMED`]).
    ///
    /// The day of the event, `from`, does not count.
    pub fn add_working_days(&self, from: NaiveDate, n: u32) -> (NaiveDate, Vec<Skipped>) {
        let day = self.working_day(from, i64::from(n));
        (day, self.skipped(from, day))
    }

    /// Counts `n` working days back and names the days skipped on the way, earliest first.
    pub fn sub_working_days(&self, from: NaiveDate, n: u32) -> (NaiveDate, Vec<Skipped>) {
        let day = self.working_day(from, -i64::from(n));
        let through = from.pred_opt().unwrap_or(from);
        (day, self.skipped(day, through))
    }

    /// Gives `day` if somebody works on it, else the working day after it.
    pub fn next_working_day_on_or_after(&self, day: NaiveDate) -> NaiveDate {
        if self.not_working(day).is_none() {
            day
        } else {
            self.working_day(day, 1)
        }
    }

    /// Counts the working days after `from_exclusive` up to and with `to_inclusive`.
    ///
    /// Negative when the second day is the earlier one. Costs the holidays in between.
    pub fn working_days_between(&self, from_exclusive: NaiveDate, to_inclusive: NaiveDate) -> i64 {
        if to_inclusive < from_exclusive {
            return -self.working_days_between(to_inclusive, from_exclusive);
        }
        let weekdays =
            weekdays_before(index(to_inclusive) + 1) - weekdays_before(index(from_exclusive) + 1);
        let holidays = self
            .weekday_holidays_after(from_exclusive)
            .take_while(|day| *day <= to_inclusive)
            .count();
        weekdays - i64::try_from(holidays).unwrap_or(weekdays)
    }

    /// Names the days nobody works on after `from_exclusive` up to `to_inclusive`.
    pub(super) fn skipped(
        &self,
        from_exclusive: NaiveDate,
        to_inclusive: NaiveDate,
    ) -> Vec<Skipped> {
        days_after(from_exclusive)
            .take_while(|day| *day <= to_inclusive)
            .filter_map(|day| {
                let reason = self.not_working(day)?;
                Some(Skipped { day, reason })
            })
            .take(NAMED)
            .collect()
    }

    fn weekday_holidays_after(&self, day: NaiveDate) -> impl Iterator<Item = NaiveDate> {
        let range = self.holidays.range((Excluded(day), Unbounded));
        range.map(|(day, _)| *day).filter(is_weekday)
    }

    fn weekday_holidays_before(&self, day: NaiveDate) -> impl Iterator<Item = NaiveDate> {
        let last = day.pred_opt().unwrap_or(day);
        let range = self.holidays.range((Unbounded, Included(last)));
        range.map(|(day, _)| *day).rev().filter(is_weekday)
    }
}

/// Gives the same day `n` months on (or back), clamped to the month's last day.
///
/// 31 January plus one month is 28 or 29 February. Stops at chrono's limits.
pub fn add_months(day: NaiveDate, n: i32) -> NaiveDate {
    let months = Months::new(n.unsigned_abs());
    if n < 0 {
        day.checked_sub_months(months).unwrap_or(NaiveDate::MIN)
    } else {
        day.checked_add_months(months).unwrap_or(NaiveDate::MAX)
    }
}

/// Gives the day `n` days on (or back), stopping at chrono's limits.
pub fn add_days(day: NaiveDate, n: i64) -> NaiveDate {
    day_at(index(day).saturating_add(n))
}

/// Writes a day the way people say it: "Fri 27 Nov 2026".
pub fn spoken(day: NaiveDate) -> String {
    day.format("%a %-d %b %Y").to_string()
}

/// Every day after `day`, until chrono knows no more.
pub(super) fn days_after(day: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    std::iter::successors(day.succ_opt(), NaiveDate::succ_opt)
}

// `filter` hands out references.
#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "the shape Iterator::filter asks for"
)]
fn is_weekday(day: &NaiveDate) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// Days since Monday, 1 January of the year 1, so that a remainder of seven is a weekday.
fn index(day: NaiveDate) -> i64 {
    i64::from(day.num_days_from_ce()) - 1
}

fn day_at(index: i64) -> NaiveDate {
    let limit = if index < 0 {
        NaiveDate::MIN
    } else {
        NaiveDate::MAX
    };
    i32::try_from(index.saturating_add(1))
        .ok()
        .and_then(NaiveDate::from_num_days_from_ce_opt)
        .unwrap_or(limit)
}

/// How many Mondays to Fridays lie before the day with this index.
fn weekdays_before(index: i64) -> i64 {
    index.div_euclid(7) * 5 + index.rem_euclid(7).min(5)
}

/// The inverse of [`weekdays_before`].
fn weekday_at(ordinal: i64) -> NaiveDate {
    let days = ordinal.div_euclid(5).saturating_mul(7);
    day_at(days.saturating_add(ordinal.rem_euclid(5)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn thanksgiving() -> Calendar {
        let holidays = [
            ("2026-11-26", "Thanksgiving"),
            ("2026-12-25", "Christmas"),
            ("2026-12-26", "Boxing Day"),
        ];
        let holidays = holidays.map(|(at, name)| (day(at), name.to_owned()));
        Calendar {
            holidays: holidays.into(),
        }
    }

    #[track_caller]
    fn check(from: &str, n: u32, expected: &str, skipped: &[(&str, &str)]) {
        let (at, named) = thanksgiving().add_working_days(day(from), n);
        let named: Vec<_> = named
            .iter()
            .map(|s| (s.day.to_string(), s.reason.clone()))
            .collect();
        let skipped: Vec<_> = skipped
            .iter()
            .map(|(d, r)| ((*d).to_owned(), (*r).to_owned()))
            .collect();
        assert_eq!((at, named), (day(expected), skipped));
    }

    #[track_caller]
    fn check_back(from: &str, n: u32, expected: &str) {
        assert_eq!(
            thanksgiving().sub_working_days(day(from), n).0,
            day(expected)
        );
    }

    #[track_caller]
    fn check_months(from: &str, n: i32, expected: &str) {
        assert_eq!(add_months(day(from), n), day(expected));
    }

    #[test]
    fn the_day_of_the_event_does_not_count_and_skipped_days_are_named() {
        check("2026-11-23", 1, "2026-11-24", &[]);
        check("2026-11-23", 0, "2026-11-23", &[]);
        check("2026-11-28", 0, "2026-11-28", &[]);
        check("2026-11-28", 1, "2026-11-30", &[("2026-11-29", "Sunday")]);
        check(
            "2026-11-20",
            4,
            "2026-11-27",
            &[
                ("2026-11-21", "Saturday"),
                ("2026-11-22", "Sunday"),
                ("2026-11-26", "Thanksgiving"),
            ],
        );
    }

    #[test]
    fn a_holiday_on_a_saturday_is_a_saturday() {
        check(
            "2026-12-24",
            1,
            "2026-12-28",
            &[
                ("2026-12-25", "Christmas"),
                ("2026-12-26", "Saturday"),
                ("2026-12-27", "Sunday"),
            ],
        );
    }

    #[test]
    fn counting_back_skips_the_same_days() {
        check_back("2026-11-27", 1, "2026-11-25");
        check_back("2026-11-27", 5, "2026-11-19");
        check_back("2026-11-29", 1, "2026-11-27");
        check_back("2026-11-29", 0, "2026-11-29");
    }

    #[test]
    fn the_next_working_day_may_be_the_day_itself() {
        let calendar = thanksgiving();
        let on_or_after = |text| calendar.next_working_day_on_or_after(day(text));
        assert_eq!(on_or_after("2026-11-25"), day("2026-11-25"));
        assert_eq!(on_or_after("2026-11-26"), day("2026-11-27"));
        assert_eq!(on_or_after("2026-12-25"), day("2026-12-28"));
    }

    #[test]
    fn a_month_is_the_same_day_clamped() {
        check_months("2026-01-31", 1, "2026-02-28");
        check_months("2028-01-31", 1, "2028-02-29");
        check_months("2026-03-31", -1, "2026-02-28");
        check_months("2028-02-29", 12, "2029-02-28");
    }

    #[test]
    fn absurd_numbers_stop_at_the_ends_of_the_calendar() {
        let calendar = thanksgiving();
        let today = day("2026-11-21");
        assert_eq!(add_months(today, i32::MAX), NaiveDate::MAX);
        assert_eq!(add_months(today, i32::MIN), NaiveDate::MIN);
        assert_eq!(add_days(today, i64::MIN), NaiveDate::MIN);
        assert_eq!(calendar.add_working_days(today, u32::MAX).0, NaiveDate::MAX);
        assert_eq!(calendar.working_day(today, i64::MIN), NaiveDate::MIN);
        assert_eq!(calendar.working_day(today, i64::MAX), NaiveDate::MAX);
        assert!(calendar.working_days_between(NaiveDate::MIN, NaiveDate::MAX) > 100_000_000);
    }

    proptest! {
        #[test]
        fn arithmetic_agrees_with_walking(start in -900i64..900, n in 0u32..80) {
            let calendar = thanksgiving();
            let from = add_days(day("2026-11-21"), start);
            let walked = days_after(from)
                .filter(|d| calendar.not_working(*d).is_none())
                .take(n as usize)
                .last()
                .unwrap_or(from);
            let (there, _) = calendar.add_working_days(from, n);
            prop_assert_eq!(there, walked);
            prop_assert_eq!(calendar.working_days_between(from, there), i64::from(n));
            prop_assert_eq!(calendar.working_days_between(there, from), -i64::from(n));
            let back = calendar.sub_working_days(there, n).0;
            prop_assert!(calendar.working_days_between(back, from) <= 1);
        }
    }
}
