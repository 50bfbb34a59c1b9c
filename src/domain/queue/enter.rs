//! Where a step leaves a ticket: the new value of its `state` register.
//! Asks no permission; that is `guard`'s part.

use chrono::NaiveDate;

use super::state::{Standing, State, Visit};
use super::step::Step;
use super::ticket::Ticket;
use crate::domain::clock::Pause;
use crate::domain::profile::Profile;
use crate::domain::when::When;

/// What a wait for the provider is called where days are explained.
pub const WAITING: &str = "waiting for the product team";

/// When a step is taken.
#[derive(Clone, Debug)]
pub struct Moment {
    pub at: When,
    /// The day of `at` on the desk.
    pub day: NaiveDate,
    /// For `delay`: the last day in time that is missed. For `resume`: the new due date, if given.
    pub due: Option<NaiveDate>,
}

/// The register of a ticket that arrives in a state: by injection, by a step
/// or by an import. An import that knows no entry date sets `at_least` itself.
pub fn arrive(state: State, from: Option<State>, at: &When, profile: &Profile) -> Standing {
    Standing {
        state,
        from,
        entered: *at,
        at_least: false,
        clock_from: *at,
        limit: profile.limit(state),
        due: None,
        delayed_from: None,
        first_due: None,
        waits: Vec::new(),
        profile: profile.version,
        trail: Vec::new(),
    }
}

/// The register after the step.
///
/// A new stage starts its own clock. A question and its answer stay within the
/// stage of verification and restart nothing; asked or answered while delayed,
/// the promise (else the review day) goes on as the due date. A delay keeps the
/// stage's clock for the record and the first day it missed. `resume` goes back
/// with the given date, else with the promise if that is not past, else with the
/// stage's limit afresh from that day.
pub fn enter(step: Step, ticket: &Ticket, profile: &Profile, moment: &Moment) -> Standing {
    let old = &ticket.standing;
    let mut new = match (step, step.row().to) {
        (Step::Delay, _) => delayed(old, profile, moment),
        (Step::Resume, _) => resumed(ticket, profile, moment),
        (Step::Ask | Step::Answer, Some(to)) => within_stage(to, ticket, profile, moment),
        (_, Some(to)) => arrive(to, Some(old.state), &moment.at, profile),
        (_, None) => old.clone(),
    };
    if new.state != old.state {
        new.trail.clone_from(&old.trail);
        new.trail.push(visit(old, moment.at));
    }
    new
}

/// Where a ticket has been once it leaves a standing that no step of ours ends.
pub fn trail(old: &Standing, to: When) -> Vec<Visit> {
    let mut trail = old.trail.clone();
    trail.push(visit(old, to));
    trail
}

/// The stay that ends with a step.
fn visit(old: &Standing, to: When) -> Visit {
    Visit {
        state: old.state,
        from: old.entered,
        to,
        at_least: old.at_least,
        delayed_from: old.delayed_from,
        clock_from: old.clock_from,
        limit: old.limit,
        due: old.due,
    }
}

fn delayed(old: &Standing, profile: &Profile, moment: &Moment) -> Standing {
    if old.state == State::Delayed {
        return old.clone();
    }
    Standing {
        state: State::Delayed,
        from: Some(old.state),
        entered: moment.at,
        due: None,
        delayed_from: Some(old.state),
        first_due: old.first_due.or(moment.due),
        profile: profile.version,
        ..old.clone()
    }
}

/// A ticket that was imported as delayed, from nobody knows where, goes back to the queue.
fn resumed(ticket: &Ticket, profile: &Profile, moment: &Moment) -> Standing {
    let old = &ticket.standing;
    let state = old.delayed_from.unwrap_or(State::Unverified);
    let due = moment
        .due
        .or(ticket.promised.filter(|promise| *promise >= moment.day));
    let back = Standing {
        state,
        from: Some(State::Delayed),
        entered: moment.at,
        due,
        delayed_from: None,
        profile: profile.version,
        ..old.clone()
    };
    if due.is_some() {
        return back;
    }
    let limited_by = if state == State::WaitingForResponse {
        State::Verification
    } else {
        state
    };
    Standing {
        at_least: false,
        clock_from: moment.at,
        limit: profile.limit(limited_by),
        ..back
    }
}

fn within_stage(to: State, ticket: &Ticket, profile: &Profile, moment: &Moment) -> Standing {
    let old = &ticket.standing;
    let mut waits = old.waits.clone();
    if to == State::WaitingForResponse {
        let reason = WAITING.to_owned();
        waits.push(Pause {
            from: moment.day,
            until: None,
            reason,
        });
    } else {
        if old.acts_as() == State::WaitingForResponse && waits.iter().all(|it| it.until.is_some()) {
            waits.push(imported_wait(old));
        }
        for wait in waits.iter_mut().filter(|wait| wait.until.is_none()) {
            wait.until = Some(moment.day);
        }
    }
    let due = match old.state {
        State::Delayed => ticket.promised.or(ticket.review),
        _ => old.due,
    };
    Standing {
        state: to,
        from: Some(old.state),
        entered: moment.at,
        due,
        delayed_from: None,
        waits,
        profile: profile.version,
        ..old.clone()
    }
}

/// An import knows no question, only since when it waits; a day given as an instant is UTC's.
fn imported_wait(old: &Standing) -> Pause {
    let from = match old.entered {
        When::Day(day) | When::AnywhereOnEarth(day) => day,
        When::Instant(at) => at.date_naive(),
    };
    Pause {
        from,
        until: None,
        reason: WAITING.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::queue::examples::{at, day, delayed_from, profile, ticket, ticket_standing};

    fn take(step: Step, ticket: &Ticket, on: &str, due: Option<&str>) -> Standing {
        let moment = Moment {
            at: at(on),
            day: day(on),
            due: due.map(day),
        };
        enter(step, ticket, &profile(), &moment)
    }

    #[track_caller]
    fn check(step: Step, from: State, to: State, limit: Option<&str>) {
        let entered = take(step, &ticket(from), "2026-11-02", None);
        assert_eq!((entered.state, entered.from), (to, Some(from)));
        assert_eq!(
            (entered.entered, entered.clock_from),
            (at("2026-11-02"), at("2026-11-02"))
        );
        assert_eq!(entered.limit.map(|it| it.to_string()).as_deref(), limit);
        assert_eq!(
            (entered.due, entered.delayed_from, entered.first_due),
            (None, None, None)
        );
    }

    #[test]
    fn a_new_stage_starts_its_own_clock() {
        check(
            Step::Start,
            State::Unverified,
            State::Verification,
            Some("1 week"),
        );
        check(
            Step::Verify,
            State::Verification,
            State::StagedRollout,
            Some("1 month"),
        );
        check(Step::Accept, State::StagedRollout, State::Ready, None);
        check(Step::Promote, State::Ready, State::Released, None);
        check(Step::Recall, State::Released, State::Recalled, None);
        check(Step::Reject, State::Unverified, State::Rejected, None);
        check(Step::Withdraw, State::Ready, State::Withdrawn, None);
    }

    #[test]
    fn every_stay_that_is_over_is_kept_in_the_trail() {
        let delayed = take(
            Step::Delay,
            &ticket(State::Verification),
            "2026-11-10",
            Some("2026-11-06"),
        );
        let resumed = take(
            Step::Resume,
            &ticket_standing(delayed),
            "2026-11-12",
            Some("2026-11-20"),
        );
        let verified = take(Step::Verify, &ticket_standing(resumed), "2026-11-14", None);
        let stays: Vec<_> = verified
            .trail
            .iter()
            .map(|it| (it.state, it.from, it.to))
            .collect();
        assert_eq!(
            stays,
            [
                (State::Verification, at("2026-10-30"), at("2026-11-10")),
                (State::Delayed, at("2026-11-10"), at("2026-11-12")),
                (State::Verification, at("2026-11-12"), at("2026-11-14")),
            ]
        );
        assert_eq!(verified.trail[2].due, Some(day("2026-11-20")));
    }

    #[test]
    fn a_check_and_a_status_message_move_nothing() {
        let verification = ticket(State::Verification);
        for step in [Step::Check, Step::Inform] {
            assert_eq!(
                take(step, &verification, "2026-11-02", None),
                verification.standing
            );
        }
    }

    #[test]
    fn a_question_and_its_answer_restart_no_clock() {
        let verification = ticket(State::Verification);
        let asked = take(Step::Ask, &verification, "2026-11-02", None);
        assert_eq!(asked.state, State::WaitingForResponse);
        assert_eq!(asked.clock_from, verification.standing.clock_from);
        assert_eq!(asked.limit, verification.standing.limit);
        let answered = take(Step::Answer, &ticket_standing(asked), "2026-11-05", None);
        assert_eq!(answered.state, State::Verification);
        assert_eq!(answered.clock_from, verification.standing.clock_from);
        assert_eq!(answered.entered, at("2026-11-05"));
        let wait = Pause {
            from: day("2026-11-02"),
            until: Some(day("2026-11-05")),
            reason: "waiting for the product team".into(),
        };
        assert_eq!(answered.waits, [wait]);
    }

    #[test]
    fn a_wait_that_was_imported_is_booked_when_it_is_answered() {
        let waiting = ticket(State::WaitingForResponse);
        let answered = take(Step::Answer, &waiting, "2026-11-05", None);
        assert_eq!(answered.waits.len(), 1);
        assert_eq!(answered.waits[0].until, Some(day("2026-11-05")));
    }

    #[test]
    fn r66_a_delay_keeps_the_stage_and_the_first_day_it_missed() {
        let unverified = ticket(State::Unverified);
        let delayed = take(Step::Delay, &unverified, "2026-12-02", Some("2026-11-30"));
        assert_eq!(
            (delayed.state, delayed.delayed_from),
            (State::Delayed, Some(State::Unverified))
        );
        assert_eq!(delayed.first_due, Some(day("2026-11-30")));
        assert_eq!(delayed.clock_from, unverified.standing.clock_from);
        let again = take(
            Step::Delay,
            &ticket_standing(delayed.clone()),
            "2026-12-20",
            None,
        );
        assert_eq!(
            again, delayed,
            "promised again, still delayed since the first day"
        );
    }

    #[track_caller]
    fn check_resume(promise: Option<&str>, given: Option<&str>, due: Option<&str>) -> Standing {
        let mut delayed = ticket_standing(delayed_from(State::Verification));
        delayed.standing.first_due = Some(day("2026-11-06"));
        delayed.promised = promise.map(day);
        let resumed = take(Step::Resume, &delayed, "2026-11-10", given);
        assert_eq!(
            (resumed.state, resumed.delayed_from),
            (State::Verification, None)
        );
        assert_eq!(resumed.due, due.map(day));
        assert_eq!(
            resumed.first_due,
            Some(day("2026-11-06")),
            "kept for the record"
        );
        resumed
    }

    #[test]
    fn r68_resuming_takes_the_date_given_else_the_promise_else_a_fresh_limit() {
        check_resume(Some("2026-11-20"), Some("2026-11-15"), Some("2026-11-15"));
        check_resume(Some("2026-11-20"), None, Some("2026-11-20"));
        check_resume(Some("2026-11-10"), None, Some("2026-11-10"));
        for promise in [None, Some("2026-11-09")] {
            let fresh = check_resume(promise, None, None);
            assert_eq!(fresh.clock_from, at("2026-11-10"));
            assert_eq!(fresh.limit, profile().limit(State::Verification));
        }
    }

    #[test]
    fn a_delayed_import_from_nowhere_resumes_into_the_queue() {
        let mut delayed = ticket(State::Delayed);
        delayed.standing.at_least = true;
        let resumed = take(Step::Resume, &delayed, "2026-11-10", None);
        assert_eq!(resumed.state, State::Unverified);
        assert!(!resumed.at_least, "its clock starts on a known day");
    }

    #[test]
    fn asked_while_delayed_the_promise_goes_on_as_the_due_date() {
        let mut delayed = ticket_standing(delayed_from(State::Verification));
        delayed.promised = Some(day("2026-11-20"));
        let asked = take(Step::Ask, &delayed, "2026-11-10", None);
        assert_eq!(
            (asked.state, asked.due),
            (State::WaitingForResponse, Some(day("2026-11-20")))
        );
        delayed.promised = None;
        delayed.review = Some(day("2026-11-24"));
        let asked = take(Step::Ask, &delayed, "2026-11-10", None);
        assert_eq!(asked.due, Some(day("2026-11-24")));
    }

    #[test]
    fn an_entry_that_was_not_known_stays_unknown_while_the_stage_lasts() {
        let mut imported = ticket(State::Verification);
        imported.standing.at_least = true;
        for (step, kept) in [
            (Step::Ask, true),
            (Step::Delay, true),
            (Step::Verify, false),
        ] {
            assert_eq!(
                take(step, &imported, "2026-11-10", None).at_least,
                kept,
                "{}",
                step.word()
            );
        }
    }
}
