//! The ledger on each day, from hand-made announcements.

use serde_json::{Value, json};

use super::*;
use crate::domain::queue::examples::{day, profile, under};

/// Told on Monday 2 November: CNAF has 5 working days, PIC 7 and RAL 10 days.
fn announcement(id: &str, ticket: &str, state: &Value, reports: &Value) -> Announcement {
    let turn = |limit: &str| json!({"announced": "2026-11-02", "sent": true, "limit": limit});
    serde_json::from_value(json!({
        "id": id, "ticket": ticket, "product": "bdii", "state": state,
        "turn": {"CNAF": turn("5 working days"), "PIC": turn("7 days"), "RAL": turn("10 days")},
        "reports": reports,
    }))
    .unwrap()
}

fn running() -> Value {
    json!({"state": "running", "entered": "2026-11-02"})
}

fn report(site: &str, on: &str) -> Value {
    json!({"site": site, "outcome": "ok", "received": on, "by": "Alice"})
}

/// One in time, one late, one silent.
fn mixed() -> Announcement {
    announcement(
        "N-1",
        "T-1",
        &running(),
        &json!([report("CNAF", "2026-11-05"), report("PIC", "2026-11-11")]),
    )
}

fn of(announcements: &[Announcement], sites: &[Site], site: &str, today: &str) -> Figures {
    let records = Records {
        announcements,
        problems: &[],
        sites,
    };
    under(&profile(), |setting| {
        ledger(&records, setting, day(today)).of(site)
    })
}

#[track_caller]
fn check(site: &str, today: &str, expected: (usize, usize, usize, usize, Option<f64>)) {
    let it = of(&[mixed()], &[], site, today);
    assert_eq!(
        (it.announced, it.reported, it.on_time, it.n, it.sla_kept),
        expected,
        "{site} on {today}"
    );
}

#[test]
fn r40_the_ledger_follows_the_day() {
    check("CNAF", "2026-11-01", (0, 0, 0, 0, None));
    check("CNAF", "2026-11-04", (1, 0, 0, 0, None));
    check("CNAF", "2026-11-09", (1, 1, 1, 0, None));
    check("cnaf", "2026-11-10", (1, 1, 1, 1, Some(1.0)));
    check("PIC", "2026-11-09", (1, 0, 0, 0, None));
    check("PIC", "2026-11-10", (1, 0, 0, 1, Some(0.0)));
    check("PIC", "2026-11-11", (1, 1, 0, 1, Some(0.0)));
    check("RAL", "2026-11-12", (1, 0, 0, 0, None));
    check("RAL", "2026-11-13", (1, 0, 0, 1, Some(0.0)));
    check("KIT", "2026-11-13", (0, 0, 0, 0, None));
}

#[test]
fn r40_a_late_report_is_a_report_and_its_days_count() {
    let pic = of(&[mixed()], &[], "PIC", "2026-11-30");
    assert_eq!(
        (pic.report_rate, pic.median_days, pic.sla_kept),
        (Some(1.0), Some(9.0), Some(0.0))
    );
    assert_eq!(pic.series, [(Turnout::Late, Some(1285))]);
    let ral = of(&[mixed()], &[], "RAL", "2026-11-30");
    assert_eq!((ral.report_rate, ral.median_days), (Some(0.0), None));
    assert_eq!(ral.series, [(Turnout::Silent, None)]);
}

#[test]
fn r40_the_target_is_the_agreements_else_the_profiles() {
    let second = announcement(
        "N-2",
        "T-2",
        &running(),
        &json!([report("PIC", "2026-11-03")]),
    );
    let all = [mixed(), second];
    let pic = |target: &Value| -> Site {
        serde_json::from_value(
            json!({"name": "PIC", "sla": {"BDII": {"days": 7, "target": target}}}),
        )
        .unwrap()
    };
    let meets = |target| of(&all, &[pic(&target)], "PIC", "2026-11-30").meets;
    assert_eq!(meets(Value::Null), Some(false), "half is less than 80 %");
    assert_eq!(meets(json!(50)), Some(true));
    assert_eq!(of(&all, &[], "PIC", "2026-11-05").meets, None);
}

#[test]
fn a_site_that_nobody_told_is_not_announced_to_and_silence_after_a_stop_is_no_breach() {
    let mut drafted = mixed();
    for turn in drafted.turn.values_mut() {
        turn.sent = false;
    }
    assert_eq!(
        of(&[drafted.clone()], &[], "RAL", "2026-11-30").announced,
        0
    );
    assert_eq!(of(&[drafted], &[], "CNAF", "2026-11-30").on_time, 1);
    let stopped = |on: &str| {
        let state = json!({"state": "halted", "entered": on});
        let it = announcement("N-1", "T-1", &state, &json!([]));
        of(&[it], &[], "RAL", "2026-11-30")
    };
    let (early, late) = (stopped("2026-11-12"), stopped("2026-11-13"));
    assert_eq!((early.n, late.n), (0, 1));
    assert_eq!(early.series[0].0, Turnout::CalledOff);
}

#[test]
fn a_release_announced_twice_at_once_counts_once_from_the_earlier_day() {
    let mut again = mixed();
    again.id = "N-2b".to_owned();
    for turn in again.turn.values_mut() {
        turn.announced = crate::domain::queue::examples::at("2026-11-20");
    }
    let pic = of(&[again, mixed()], &[], "PIC", "2026-11-30");
    assert_eq!((pic.announced, pic.n, pic.median_days), (1, 1, Some(9.0)));
}
