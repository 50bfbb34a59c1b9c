use super::*;
use crate::domain::clock::Limit;
use crate::domain::queue::enter::{Moment, enter};
use crate::domain::queue::examples::{
    at, day, delayed_from, profile, submission, ticket, ticket_standing, under,
};
use crate::domain::queue::step::Step;

/// "due left amber overdue", `-` where there is none.
fn shown(ticket: &Ticket, profile: &Profile, today: &str) -> String {
    let clock = under(profile, |setting| {
        ticket_reading(ticket, setting, day(today))
    });
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".into());
    format!(
        "{} {} {}{}",
        or_dash(clock.due.map(|it| it.to_string())),
        or_dash(clock.days_left.map(|it| it.to_string())),
        or_dash(clock.amber_on.map(|it| it.to_string())),
        if clock.overdue { " overdue" } else { "" },
    )
}

#[track_caller]
fn check(ticket: &Ticket, today: &str, expected: &str) {
    assert_eq!(shown(ticket, &profile(), today), expected);
}

#[test]
fn r65_a_ticket_may_be_unverified_for_a_month() {
    let unverified = ticket(State::Unverified);
    check(&unverified, "2026-11-30", "2026-11-30 0 2026-11-23");
    check(
        &unverified,
        "2026-12-01",
        "2026-11-30 -1 2026-11-23 overdue",
    );
}

#[test]
fn r70_a_ticket_may_be_in_verification_for_a_week() {
    check(
        &ticket(State::Verification),
        "2026-11-06",
        "2026-11-06 0 2026-11-05",
    );
    check(
        &ticket(State::Verification),
        "2026-11-07",
        "2026-11-06 -1 2026-11-05 overdue",
    );
}

#[test]
fn r73_a_ticket_may_be_in_staged_rollout_for_a_month() {
    check(
        &ticket(State::StagedRollout),
        "2026-12-01",
        "2026-11-30 -1 2026-11-23 overdue",
    );
}

#[test]
fn r75_what_is_ready_or_over_has_no_clock() {
    for state in [
        State::Ready,
        State::Released,
        State::Rejected,
        State::Withdrawn,
    ] {
        check(&ticket(state), "2027-11-06", "- - -");
    }
}

#[test]
fn the_limit_in_force_on_entry_applies() {
    let mut shorter = profile();
    let rule = shorter.state.get_mut(&State::Unverified).unwrap();
    rule.limit = "1 day".parse().ok();
    let unverified = ticket(State::Unverified);
    assert_eq!(
        shown(&unverified, &shorter, "2026-11-20"),
        "2026-11-30 10 2026-11-23"
    );
}

#[test]
fn r68_a_delayed_ticket_is_not_overdue_and_its_clock_is_the_promise() {
    let delayed = Ticket {
        promised: Some(day("2026-11-20")),
        ..ticket_standing(delayed_from(State::Verification))
    };
    check(&delayed, "2026-11-20", "2026-11-20 0 2026-11-15");
    check(&delayed, "2026-11-21", "2026-11-20 -1 2026-11-15");
    let broken = under(&profile(), |setting| {
        ticket_reading(&delayed, setting, day("2026-11-21"))
    });
    let promise = day("2026-11-20");
    assert_eq!(
        broken.clock,
        Clock::Promised {
            promise,
            days_left: -1,
            broken: true
        }
    );
}

#[test]
fn r68_a_delayed_ticket_without_a_promise_is_reviewed_in_two_weeks() {
    let delayed = ticket_standing(delayed_from(State::Unverified));
    check(&delayed, "2026-11-10", "2026-11-13 3 2026-11-13");
    let reviewed = Ticket {
        review: Some(day("2026-11-27")),
        ..delayed
    };
    check(&reviewed, "2026-11-10", "2026-11-27 17 2026-11-27");
}

fn asked() -> Ticket {
    let verification = ticket(State::Verification);
    let moment = Moment {
        at: at("2026-11-02"),
        day: day("2026-11-02"),
        due: None,
    };
    Ticket {
        standing: enter(Step::Ask, &verification, &profile(), &moment),
        ..verification
    }
}

fn answered() -> Ticket {
    let asked = asked();
    let moment = Moment {
        at: at("2026-11-05"),
        day: day("2026-11-05"),
        due: None,
    };
    Ticket {
        standing: enter(Step::Answer, &asked, &profile(), &moment),
        ..asked
    }
}

fn waited(ticket: &Ticket, today: &str) -> i64 {
    under(&profile(), |setting| {
        ticket_reading(ticket, setting, day(today)).waited_days
    })
}

#[test]
fn waiting_runs_on_and_is_booked_to_the_provider() {
    check(&asked(), "2026-11-04", "2026-11-06 2 2026-11-05");
    check(
        &answered(),
        "2026-11-07",
        "2026-11-06 -1 2026-11-05 overdue",
    );
    assert_eq!(
        (
            waited(&asked(), "2026-11-04"),
            waited(&answered(), "2026-11-20")
        ),
        (2, 3)
    );
}

#[test]
fn a_profile_may_let_waiting_pause_the_clock() {
    let pausing = Profile {
        waiting: Waiting::Pauses,
        ..profile()
    };
    assert_eq!(
        shown(&answered(), &pausing, "2026-11-07"),
        "2026-11-09 2 2026-11-08"
    );
    under(&pausing, |setting| {
        assert_eq!(ticket_due(&asked(), setting), None, "its last day moves on");
        assert_eq!(ticket_due(&answered(), setting), Some(day("2026-11-09")));
    });
}

#[test]
fn a_wait_that_was_imported_counts_from_its_entry() {
    assert_eq!(waited(&ticket(State::WaitingForResponse), "2026-11-06"), 7);
}

#[test]
fn an_entry_that_is_not_known_is_said() {
    let mut imported = ticket(State::Unverified);
    imported.standing.at_least = true;
    let clock = under(&profile(), |setting| {
        ticket_reading(&imported, setting, day("2026-12-01"))
    });
    assert_eq!(
        clock.since.as_deref(),
        Some("Here at least since Fri 30 Oct 2026")
    );
    assert!(clock.overdue, "late by that alone");
}

#[test]
fn a_due_date_given_on_resuming_replaces_the_limit() {
    let mut resumed = ticket(State::Verification);
    resumed.standing.due = Some(day("2026-11-20"));
    check(&resumed, "2026-11-20", "2026-11-20 0 2026-11-15");
    check(&resumed, "2026-11-21", "2026-11-20 -1 2026-11-15 overdue");
}

#[test]
fn r66_what_a_delay_missed_is_the_day_the_limit_ended() {
    under(&profile(), |setting| {
        assert_eq!(
            limit_due(&ticket(State::Unverified), setting),
            Some(day("2026-11-30"))
        );
        let mut delayed = delayed_from(State::Unverified);
        delayed.first_due = Some(day("2026-11-15"));
        assert_eq!(
            limit_due(&ticket_standing(delayed), setting),
            Some(day("2026-11-15"))
        );
        assert_eq!(limit_due(&ticket(State::Ready), setting), None);
    });
}

#[track_caller]
fn check_submission(change: impl FnOnce(&mut Submission), today: &str, expected: &str) {
    let mut submission = submission();
    change(&mut submission);
    let clock = under(&profile(), |setting| {
        submission_reading(&submission, setting, day(today))
    });
    let shown = match (clock.overdue, clock.in_time) {
        (true, _) => "overdue",
        (false, Some(true)) => "answered in time",
        (false, Some(false)) => "answered late",
        (false, None) => "",
    };
    let left = clock.days_left.map(|it| it.to_string()).unwrap_or_default();
    assert_eq!(format!("{left} {shown}").trim(), expected);
}

fn answer(submission: &mut Submission, on: &str) {
    submission.standing.state = SubmissionState::Answered;
    submission.answered = Some(at(on));
}

#[test]
fn r62_a_submission_is_answered_within_five_working_days() {
    check_submission(|_| (), "2026-11-20", "5");
    check_submission(|_| (), "2026-11-30", "0");
    check_submission(|_| (), "2026-12-01", "-1 overdue");
}

#[test]
fn r62_the_clock_stops_with_the_sent_answer_and_not_with_injection() {
    let injected = |it: &mut Submission| it.standing.state = SubmissionState::Injected;
    check_submission(injected, "2026-12-01", "-1 overdue");
    check_submission(
        |it| answer(it, "2026-11-30"),
        "2027-01-01",
        "answered in time",
    );
    check_submission(|it| answer(it, "2026-12-01"), "2027-01-01", "answered late");
}

#[test]
fn a_submission_that_nobody_waits_for_has_no_clock() {
    let refused = |it: &mut Submission| it.standing.state = SubmissionState::Refused;
    check_submission(refused, "2027-01-01", "");
    let unlimited = |it: &mut Submission| it.standing.limit = None::<Limit>;
    check_submission(unlimited, "2027-01-01", "");
}
