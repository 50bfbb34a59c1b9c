use proptest::prelude::*;

use super::super::calendar::add_days;
use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn calendar() -> Calendar {
    Calendar {
        holidays: [(day("2026-11-26"), "Thanksgiving".to_owned())].into(),
    }
}

fn pause(from: &str, until: Option<&str>) -> Pause {
    Pause {
        from: day(from),
        until: until.map(day),
        reason: "waits for the provider".into(),
    }
}

fn reading(limit: &str, entered: &str, pauses: &[Pause], today: &str) -> Reading {
    let entry = Entry {
        day: day(entered),
        at_least: false,
        amber_percent: 75,
    };
    read(
        limit.parse().unwrap(),
        entry,
        pauses,
        &calendar(),
        day(today),
    )
}

/// `shown` is "due left" and one of: ok, amber, overdue.
#[track_caller]
fn check(limit: &str, entered: &str, today: &str, shown: &str) {
    check_paused(limit, entered, &[], today, shown);
}

#[track_caller]
fn check_paused(limit: &str, entered: &str, pauses: &[Pause], today: &str, shown: &str) {
    let r = reading(limit, entered, pauses, today);
    let state = match (r.overdue, r.amber) {
        (true, _) => "overdue",
        (false, true) => "amber",
        (false, false) => "ok",
    };
    assert_eq!(format!("{} {} {state}", r.due, r.days_left), shown);
    assert_eq!(r.amber, !r.overdue && day(today) >= r.amber_on);
}

#[track_caller]
fn check_sentence(limit: &str, entered: &str, pauses: &[Pause], today: &str, sentence: &str) {
    assert_eq!(reading(limit, entered, pauses, today).arithmetic, sentence);
}

#[test]
fn r62_five_working_days_skip_weekends_and_holidays() {
    check(
        "5 working days",
        "2026-11-20",
        "2026-11-20",
        "2026-11-30 5 ok",
    );
    check(
        "5 working days",
        "2026-11-20",
        "2026-11-25",
        "2026-11-30 2 ok",
    );
    check(
        "5 working days",
        "2026-11-20",
        "2026-11-27",
        "2026-11-30 1 amber",
    );
    check(
        "5 working days",
        "2026-11-20",
        "2026-11-30",
        "2026-11-30 0 amber",
    );
    check(
        "5 working days",
        "2026-11-20",
        "2026-12-01",
        "2026-11-30 -1 overdue",
    );
    let skipped = reading("5bd", "2026-11-20", &[], "2026-11-20").skipped;
    let reasons: Vec<_> = skipped.iter().map(|s| s.reason.as_str()).collect();
    assert_eq!(
        reasons,
        ["Saturday", "Sunday", "Thanksgiving", "Saturday", "Sunday"]
    );
}

#[test]
fn r62_a_limit_that_ends_on_friday_is_overdue_on_saturday() {
    check(
        "4 working days",
        "2026-11-23",
        "2026-11-30",
        "2026-11-30 0 amber",
    );
    check(
        "1 working day",
        "2026-11-19",
        "2026-11-20",
        "2026-11-20 0 amber",
    );
    check(
        "1 working day",
        "2026-11-19",
        "2026-11-21",
        "2026-11-20 -1 overdue",
    );
    check(
        "1 working day",
        "2026-11-19",
        "2026-11-24",
        "2026-11-20 -2 overdue",
    );
}

#[test]
fn r65_a_month_in_unverified_ends_on_the_same_day_clamped() {
    check("1 month", "2026-01-30", "2026-02-28", "2026-02-28 0 amber");
    check(
        "1 month",
        "2026-01-30",
        "2026-03-01",
        "2026-02-28 -1 overdue",
    );
    check("1 month", "2028-01-31", "2028-02-29", "2028-02-29 0 amber");
    check("1 month", "2026-02-28", "2026-03-01", "2026-03-28 27 ok");
    check("1 month", "2026-12-15", "2026-12-16", "2027-01-15 30 ok");
}

#[test]
fn r70_a_week_in_verification_is_seven_days() {
    check("1 week", "2026-11-20", "2026-11-20", "2026-11-27 7 ok");
    check("1 week", "2026-11-20", "2026-11-25", "2026-11-27 2 ok");
    check("1 week", "2026-11-20", "2026-11-26", "2026-11-27 1 amber");
    check("1 week", "2026-11-20", "2026-11-27", "2026-11-27 0 amber");
    check(
        "1 week",
        "2026-11-20",
        "2026-11-28",
        "2026-11-27 -1 overdue",
    );
}

#[test]
fn r73_a_month_in_staged_rollout_is_a_calendar_month() {
    check("1 month", "2026-03-31", "2026-04-30", "2026-04-30 0 amber");
    check(
        "1 month",
        "2026-03-31",
        "2026-05-01",
        "2026-04-30 -1 overdue",
    );
    check("2 months", "2026-12-31", "2027-01-01", "2027-02-28 58 ok");
}

#[test]
fn a_pause_prolongs_a_limit_by_its_days() {
    let three = [pause("2026-11-22", Some("2026-11-25"))];
    check_paused(
        "1 week",
        "2026-11-20",
        &three,
        "2026-11-21",
        "2026-11-30 6 ok",
    );
    check_paused(
        "1 week",
        "2026-11-20",
        &three,
        "2026-11-24",
        "2026-11-30 6 ok",
    );
    check_paused(
        "1 week",
        "2026-11-20",
        &three,
        "2026-11-25",
        "2026-11-30 5 ok",
    );
    let late = [pause("2026-11-28", Some("2026-12-05"))];
    check_paused(
        "1 week",
        "2026-11-20",
        &late,
        "2026-11-30",
        "2026-11-27 -1 overdue",
    );
    let last_day = [pause("2026-11-27", Some("2026-12-01"))];
    check_paused(
        "1 week",
        "2026-11-20",
        &last_day,
        "2026-11-30",
        "2026-12-01 1 amber",
    );
}

#[test]
fn paused_working_days_are_skipped_and_named() {
    let week = [pause("2026-11-19", Some("2026-11-24"))];
    check_paused("2bd", "2026-11-18", &week, "2026-11-24", "2026-11-25 1 ok");
    let skipped = reading("2bd", "2026-11-18", &week, "2026-11-24").skipped;
    let reasons: Vec<_> = skipped.iter().map(|s| s.reason.as_str()).collect();
    let paused = "paused: waits for the provider";
    assert_eq!(reasons, [paused, paused, "Saturday", "Sunday", paused]);
}

#[test]
fn pauses_that_overlap_count_once() {
    let twice = [
        pause("2026-11-22", Some("2026-11-24")),
        pause("2026-11-21", Some("2026-11-23")),
        pause("2026-11-23", Some("2026-11-22")),
    ];
    check_paused(
        "1 week",
        "2026-11-20",
        &twice,
        "2026-11-21",
        "2026-11-30 7 ok",
    );
}

#[test]
fn an_open_pause_lasts_through_today() {
    let open = [pause("2026-11-22", None)];
    check_paused(
        "1 week",
        "2026-11-20",
        &open,
        "2026-11-21",
        "2026-11-27 6 ok",
    );
    check_paused(
        "1 week",
        "2026-11-20",
        &open,
        "2026-11-22",
        "2026-11-28 6 ok",
    );
    check_paused(
        "1 week",
        "2026-11-20",
        &open,
        "2027-01-22",
        "2027-01-28 6 ok",
    );
    let limit = "1 week".parse().unwrap();
    let stored = due(limit, day("2026-11-20"), &open, &calendar());
    assert_eq!(stored, day("2026-11-27"));
}

#[test]
fn a_clock_read_before_the_entry_has_not_begun() {
    let r = reading("1 week", "2026-11-20", &[], "2026-11-10");
    assert_eq!((r.elapsed, r.days_left, r.overdue), (0, 17, false));
}

#[test]
fn a_limit_of_nothing_is_the_day_itself() {
    check("0 days", "2026-11-20", "2026-11-20", "2026-11-20 0 amber");
    check("0bd", "2026-11-21", "2026-11-22", "2026-11-21 -1 overdue");
}

#[test]
fn the_arithmetic_is_spelled_out() {
    check_sentence(
        "1 month",
        "2026-01-30",
        &[],
        "2026-03-01",
        "1 month from Fri 30 Jan 2026 is Sat 28 Feb 2026 (February has no 30th); \
         30 of 29 days are past.",
    );
    check_sentence(
        "5 working days",
        "2026-11-20",
        &[],
        "2026-11-23",
        "5 working days from Fri 20 Nov 2026 is Mon 30 Nov 2026 \
         (4 weekend days, Thu 26 Nov Thanksgiving do not count); 1 of 5 working days is past.",
    );
    check_sentence(
        "1 week",
        "2026-11-20",
        &[pause("2026-11-22", Some("2026-11-23"))],
        "2026-11-20",
        "1 week from Fri 20 Nov 2026 is Fri 27 Nov 2026, \
         and 1 paused day makes it Sat 28 Nov 2026; 0 of 7 days are past.",
    );
}

#[test]
fn a_day_of_entry_that_is_not_known_is_said() {
    let entry = Entry {
        day: day("2026-11-20"),
        at_least: true,
        amber_percent: 75,
    };
    let limit = "1 week".parse().unwrap();
    let r = read(limit, entry, &[], &calendar(), day("2026-11-21"));
    assert!(r.at_least);
    let start = "Here at least since Fri 20 Nov 2026: 1 week from";
    assert!(r.arithmetic.starts_with(start), "{}", r.arithmetic);
}

#[test]
fn absurd_limits_stop_at_the_end_of_the_calendar() {
    let open = [pause("2026-11-22", None)];
    for unit in ["days", "working days", "weeks", "months"] {
        let limit = format!("{} {unit}", u32::MAX);
        let r = reading(&limit, "2026-11-20", &open, "2026-11-25");
        assert_eq!((r.due, r.overdue), (NaiveDate::MAX, false));
        let entry = Entry {
            day: NaiveDate::MAX,
            at_least: true,
            amber_percent: 75,
        };
        read(
            limit.parse().unwrap(),
            entry,
            &open,
            &calendar(),
            NaiveDate::MIN,
        );
    }
}

fn units() -> impl Strategy<Value = Unit> {
    prop_oneof![
        Just(Unit::Days),
        Just(Unit::WorkingDays),
        Just(Unit::Weeks),
        Just(Unit::Months)
    ]
}

proptest! {
    #[test]
    fn due_never_precedes_entry_and_elapsed_plus_left_is_allowed(
        (unit, n) in (units(), 0u32..40),
        start in 0i64..800,
        past in 0i64..1600,
        stops in prop::collection::vec((0i64..900, prop::option::of(0i64..40)), 0..4),
    ) {
        let entered = add_days(day("2026-01-01"), start);
        let pauses: Vec<_> = stops
            .iter()
            .map(|(from, length)| {
                let from = add_days(day("2026-01-01"), *from);
                let until = length.map(|n| add_days(from, n));
                Pause { from, until, reason: String::new() }
            })
            .collect();
        let limit = Limit { n, unit };
        let entry = Entry { day: entered, at_least: false, amber_percent: 75 };
        let r = read(limit, entry, &pauses, &calendar(), add_days(entered, past));
        prop_assert!(r.due >= entered);
        prop_assert!(due(limit, entered, &pauses, &calendar()) <= r.due);
        prop_assert_eq!(r.overdue, r.days_left < 0);
        if r.overdue {
            prop_assert!(r.elapsed >= r.allowed);
        } else {
            prop_assert_eq!(r.elapsed + r.days_left, r.allowed);
            prop_assert_eq!(r.amber, add_days(entered, past) >= r.amber_on);
        }
    }
}
