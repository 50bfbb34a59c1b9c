//! Weeks counted towards a release: `R-4`, `R+0`, `R+2`. Weeks begin on Monday and the
//! release's own week is `R+0`. Knows days only; where a release stands is the caller's.

use chrono::{Datelike, NaiveDate};

use crate::domain::calendar::add_days;

/// One week of a countdown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Week {
    pub name: String,
    pub monday: NaiveDate,
}

/// The countdown's name for the week that a day lies in.
pub fn week_name(day: NaiveDate, release: NaiveDate) -> String {
    format!("R{:+}", week_number(day) - week_number(release))
}

/// Every week from the start's to the release's, first to last; none if it starts after.
pub fn weeks(start: NaiveDate, release: NaiveDate) -> impl Iterator<Item = Week> {
    let first = monday(start);
    let last = week_number(release) - week_number(start);
    (0..=last).map(move |n| {
        let monday = add_days(first, i64::from(n) * 7);
        Week {
            name: format!("R{:+}", n - last),
            monday,
        }
    })
}

/// Days until the release; negative after it.
pub fn days_left(day: NaiveDate, release: NaiveDate) -> i64 {
    (release - day).num_days()
}

/// The Monday of a day's week.
pub fn monday(day: NaiveDate) -> NaiveDate {
    add_days(day, -i64::from(day.weekday().num_days_from_monday()))
}

/// Counts Monday-based weeks from a fixed Monday; 1 January of year 1 was one.
fn week_number(day: NaiveDate) -> i32 {
    (day.num_days_from_ce() - 1).div_euclid(7)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(day: &str, release: &str, name: &str, left: i64) {
        let (day, release) = (day.parse().unwrap(), release.parse().unwrap());
        assert_eq!(
            (week_name(day, release).as_str(), days_left(day, release)),
            (name, left)
        );
    }

    #[test]
    fn the_release_week_is_zero_and_weeks_begin_on_monday() {
        check("2026-11-21", "2026-12-17", "R-4", 26);
        check("2026-12-13", "2026-12-17", "R-1", 4);
        check("2026-12-14", "2026-12-17", "R+0", 3);
        check("2026-12-17", "2026-12-17", "R+0", 0);
        check("2026-12-20", "2026-12-17", "R+0", -3);
        check("2026-12-21", "2026-12-17", "R+1", -4);
        check("2026-12-31", "2026-12-17", "R+2", -14);
        check("2027-01-01", "2026-12-17", "R+2", -15);
    }

    #[test]
    fn the_weeks_of_a_cycle_are_listed_by_their_mondays() {
        let days = |start: &str, release: &str| {
            weeks(start.parse().unwrap(), release.parse().unwrap())
                .map(|week| format!("{} {}", week.name, week.monday))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            days("2026-12-02", "2026-12-17"),
            ["R-2 2026-11-30", "R-1 2026-12-07", "R+0 2026-12-14"]
        );
        assert!(
            days("2026-12-21", "2026-12-17").is_empty(),
            "it starts after its release"
        );
    }

    #[test]
    fn the_ends_of_the_calendar_are_no_trouble() {
        assert!(week_name(NaiveDate::MIN, NaiveDate::MAX).starts_with("R-"));
        assert!(weeks(NaiveDate::MIN, NaiveDate::MAX).next().is_some());
    }

    proptest! {
        #[test]
        fn a_day_lies_in_the_week_that_bears_its_name(start in 0_i64..900, length in 0_i64..900) {
            let start = add_days(NaiveDate::default(), start);
            let release = add_days(start, length);
            let week = weeks(start, release).next().unwrap();
            prop_assert_eq!(&week.name, &week_name(start, release));
            prop_assert_eq!(week.monday, monday(start));
            prop_assert_eq!(weeks(start, release).last().unwrap().name, "R+0");
        }
    }
}
