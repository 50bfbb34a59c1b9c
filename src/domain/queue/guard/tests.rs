use super::*;
use crate::domain::queue::examples::{
    day, delayed_from, manager, passed, profile, ticket, ticket_standing, under, untold, verifier,
};
use crate::domain::queue::step::STEPS;
use crate::domain::queue::ticket::CheckResult;

const TODAY: &str = "2026-11-21";

/// Asks with everything a step could need, then lets the test take something away.
fn asked(
    step: Step,
    ticket: &Ticket,
    change: impl FnOnce(&mut Request<'_>),
) -> Result<(), Refused> {
    let (profile, person, verifier) = (profile(), manager(), verifier("INFN"));
    let mut request = Request {
        reason: Some("the testbed is down"),
        verifier: Some(&verifier),
        promise: Some(day("2026-12-01")),
        checks: &[("QC_DOC_1", Outcome::Ok)],
        successor: Some("T-13"),
        ..Request::new(&profile, &person, day(TODAY))
    };
    change(&mut request);
    refuse(step, ticket, &request)
}

#[track_caller]
fn check(step: Step, ticket: &Ticket, kind: RefusedKind, part: &str) {
    check_asked(step, ticket, |_| (), kind, part);
}

#[track_caller]
fn check_asked(
    step: Step,
    ticket: &Ticket,
    change: impl FnOnce(&mut Request<'_>),
    kind: RefusedKind,
    part: &str,
) {
    let refused = asked(step, ticket, change).unwrap_err();
    assert_eq!(refused.kind, kind, "{refused}");
    assert!(refused.message.contains(part), "{refused}");
    assert!(refused.message.ends_with('.') && refused.hint.unwrap().ends_with('.'));
}

/// A ticket that every rule is content with.
fn content(ticket: Ticket) -> Ticket {
    Ticket {
        tested_by: vec!["CNAF".into()],
        ..passed(ticket)
    }
}

/// The steps that are open, a row a state; the rest of the matrix is refused.
const OPEN: &[(State, &str)] = &[
    (State::Unverified, "start reject delay withdraw inform"),
    (
        State::Verification,
        "ask check verify reject delay withdraw inform",
    ),
    (
        State::WaitingForResponse,
        "answer check reject delay withdraw inform",
    ),
    (State::StagedRollout, "accept reject delay withdraw inform"),
    (State::Ready, "reject withdraw promote inform"),
    (State::Released, "recall"),
    (State::Delayed, "reject delay resume withdraw inform"),
    (State::Rejected, ""),
    (State::Withdrawn, ""),
    (State::Recalled, ""),
];

#[test]
fn every_step_from_every_state_is_open_or_refused_as_the_process_says() {
    assert_eq!(OPEN.len(), State::ALL.len());
    for (state, open) in OPEN {
        let ticket = content(ticket(*state));
        for row in STEPS {
            let result = asked(row.step, &ticket, |_| ());
            if open.split(' ').any(|word| word == row.word) {
                assert_eq!(result, Ok(()), "{} {}", state.word(), row.word);
            } else {
                let refused = result.unwrap_err();
                assert_eq!(
                    refused.kind,
                    RefusedKind::NotOpen,
                    "{} {}",
                    state.word(),
                    row.word
                );
            }
        }
    }
}

#[test]
fn r68_from_delayed_every_step_of_the_state_it_came_from_is_open() {
    for (from, open) in &OPEN[..4] {
        let delayed = content(ticket_standing(delayed_from(*from)));
        for row in STEPS {
            let expected = row.step == Step::Resume || open.split(' ').any(|word| word == row.word);
            let open = asked(row.step, &delayed, |_| ()).is_ok();
            assert_eq!(open, expected, "{} {}", from.word(), row.word);
        }
    }
}

#[test]
fn a_step_that_is_not_open_names_the_state_and_what_is_open() {
    let refused = asked(Step::Promote, &ticket(State::Verification), |_| ()).unwrap_err();
    assert_eq!(
        refused.message,
        "T-12 is in verification, where `promote` is not open."
    );
    assert_eq!(
        refused.hint.as_deref(),
        Some("Open from there: ask, check, verify, reject, delay, withdraw, inform.")
    );
    let delayed = ticket_standing(delayed_from(State::Unverified));
    check(
        Step::Verify,
        &delayed,
        RefusedKind::NotOpen,
        "T-12 is delayed (unverified), where",
    );
}

#[test]
fn r66_a_delay_without_a_reason_is_a_missing_argument() {
    let missing = RefusedKind::MissingArgument;
    for state in [State::Unverified, State::Verification, State::StagedRollout] {
        let ticket = ticket(state);
        check_asked(
            Step::Delay,
            &ticket,
            |it| it.reason = None,
            missing,
            "needs a reason",
        );
        check_asked(
            Step::Delay,
            &ticket,
            |it| it.reason = Some(" "),
            missing,
            "needs a reason",
        );
    }
}

#[test]
fn r66_a_delay_needs_no_promise_but_never_takes_a_past_one() {
    let unverified = ticket(State::Unverified);
    assert_eq!(
        asked(Step::Delay, &unverified, |it| it.promise = None),
        Ok(())
    );
    assert_eq!(
        asked(Step::Delay, &unverified, |it| it.promise = Some(day(TODAY))),
        Ok(())
    );
    let past = |it: &mut Request<'_>| it.promise = Some(day("2026-11-20"));
    check_asked(
        Step::Delay,
        &unverified,
        past,
        RefusedKind::Rule,
        "which is past",
    );
}

#[test]
fn every_argument_that_is_missing_is_named() {
    let missing = RefusedKind::MissingArgument;
    let verification = ticket(State::Verification);
    let waiting = ticket(State::WaitingForResponse);
    let unverified = ticket(State::Unverified);
    check_asked(
        Step::Start,
        &unverified,
        |it| it.verifier = None,
        missing,
        "a verifier",
    );
    check_asked(
        Step::Ask,
        &verification,
        |it| it.reason = None,
        missing,
        "the question",
    );
    check_asked(
        Step::Answer,
        &waiting,
        |it| it.reason = None,
        missing,
        "the answer",
    );
    check_asked(
        Step::Reject,
        &verification,
        |it| it.reason = None,
        missing,
        "a reason",
    );
    check_asked(
        Step::Check,
        &verification,
        |it| it.checks = &[],
        missing,
        "a criterion",
    );
}

#[test]
fn a_recall_needs_a_reason_or_the_ticket_that_replaces_it() {
    let released = ticket(State::Released);
    assert_eq!(
        asked(Step::Recall, &released, |it| it.reason = None),
        Ok(())
    );
    assert_eq!(
        asked(Step::Recall, &released, |it| it.successor = None),
        Ok(())
    );
    let neither = |it: &mut Request<'_>| (it.reason, it.successor) = (None, None);
    check_asked(
        Step::Recall,
        &released,
        neither,
        RefusedKind::MissingArgument,
        "a reason or",
    );
}

#[test]
fn r69_a_verifier_is_not_of_the_products_own_team() {
    let unverified = ticket(State::Unverified);
    let (profile, manager, own) = (profile(), manager(), verifier(" cern "));
    let by_own = Request {
        verifier: Some(&own),
        ..Request::new(&profile, &manager, day(TODAY))
    };
    let refused = refuse(Step::Start, &unverified, &by_own).unwrap_err();
    assert_eq!(refused.kind, RefusedKind::Rule);
    assert!(refused.message.starts_with("Vera is of"), "{refused}");
    let nobodys = Ticket {
        provider: None,
        ..unverified
    };
    assert_eq!(refuse(Step::Start, &nobodys, &by_own), Ok(()));
}

#[test]
fn r69_verification_ends_when_every_criterion_has_a_result() {
    check(
        Step::Verify,
        &ticket(State::Verification),
        RefusedKind::Rule,
        "no result for QC_DOC_1,",
    );
    let mut almost = passed(ticket(State::Verification));
    almost.results.remove("QC_FUNC_2");
    check(
        Step::Verify,
        &almost,
        RefusedKind::Rule,
        "no result for QC_FUNC_2.",
    );
    assert_eq!(
        asked(Step::Verify, &passed(ticket(State::Verification)), |_| ()),
        Ok(())
    );
}

fn with_result(id: &str, result: Outcome) -> Ticket {
    let mut ticket = passed(ticket(State::Verification));
    let known = ticket.results["QC_DOC_1"].clone();
    ticket
        .results
        .insert(id.into(), CheckResult { result, ..known });
    ticket
}

#[test]
fn r69_a_critical_failure_stops_verification_and_a_plain_one_does_not() {
    let failed = RefusedKind::Rule;
    check(
        Step::Verify,
        &with_result("QC_SEC_6", Outcome::Fail),
        failed,
        "critical: QC_SEC_6.",
    );
    check(
        Step::Verify,
        &with_result("QC_DOC_2", Outcome::Fail),
        failed,
        "critical: QC_DOC_2.",
    );
    for (id, result) in [
        ("QC_DOC_2", Outcome::Na),
        ("QC_DOC_1", Outcome::Warning),
        ("QC_DOC_3", Outcome::Fail),
        ("QC_FUNC_1", Outcome::NotTested),
    ] {
        assert_eq!(
            asked(Step::Verify, &with_result(id, result), |_| ()),
            Ok(()),
            "{id}"
        );
    }
}

#[test]
fn a_result_is_one_that_the_criterion_takes() {
    let verification = ticket(State::Verification);
    let record = |checks: &'static [(&'static str, Outcome)]| {
        asked(Step::Check, &verification, |it| it.checks = checks).map_err(|it| it.kind)
    };
    assert_eq!(
        record(&[("QC_ACC_1", Outcome::Na), ("qc_doc_1", Outcome::Na)]),
        Ok(())
    );
    assert_eq!(record(&[("QC_SEC_6", Outcome::Na)]), Err(RefusedKind::Rule));
    assert_eq!(
        record(&[("QC_DOC_1", Outcome::Ok), ("QC_X", Outcome::Ok)]),
        Err(RefusedKind::Unknown)
    );
}

#[test]
fn r74_a_rollout_that_nobody_tried_is_not_accepted() {
    let strict = Profile {
        min_reports: 2,
        ..profile()
    };
    let accept = |ticket: &Ticket, profile: &Profile| {
        let decision = under(profile, |setting| untold(ticket, setting, "2026-12-01"));
        let person = manager();
        let request = Request {
            rollout: Some(&decision),
            ..Request::new(profile, &person, day("2026-12-01"))
        };
        refuse(Step::Accept, ticket, &request).map_err(|it| it.message)
    };
    let untold = accept(&ticket(State::StagedRollout), &profile());
    assert_eq!(
        untold,
        Err("T-12 has been announced to no site.".to_owned())
    );
    let tried = Ticket {
        tested_by: vec!["CNAF".into()],
        ..ticket(State::StagedRollout)
    };
    assert_eq!(accept(&tried, &profile()), Ok(()));
    let twice = Ticket {
        tested_by: vec!["CNAF".into(), "cnaf".into()],
        ..tried
    };
    let once = accept(&twice, &strict).unwrap_err();
    assert!(
        once.contains("2 real reports"),
        "one site counts once: {once}"
    );
}

#[test]
fn r35_nothing_enters_beta_without_a_mark() {
    let unsigned = Ticket {
        verifier: None,
        ..passed(ticket(State::Verification))
    };
    check(
        Step::Verify,
        &unsigned,
        RefusedKind::Rule,
        "no certification mark",
    );
    let certified = |it: &mut Request<'_>| it.certified = Some("EMI 2011-12");
    assert_eq!(asked(Step::Verify, &unsigned, certified), Ok(()));
    assert_eq!(
        asked(Step::Verify, &passed(ticket(State::Verification)), |_| ()),
        Ok(())
    );
}

#[test]
fn r34_only_a_manager_promotes_and_only_what_is_ready() {
    let outsider = verifier("INFN");
    let (profile, ready) = (profile(), ticket(State::Ready));
    let request = Request::new(&profile, &outsider, day(TODAY));
    let refused = refuse(Step::Promote, &ready, &request).unwrap_err();
    assert_eq!(refused.kind, RefusedKind::Rule);
    assert_eq!(asked(Step::Promote, &ready, |_| ()), Ok(()));
    check(
        Step::Promote,
        &ticket(State::StagedRollout),
        RefusedKind::NotOpen,
        "in staged rollout",
    );
}

#[test]
fn a_problem_that_holds_it_up_and_a_higher_version_in_production_are_both_named() {
    use crate::domain::distribution::facts::Facts;
    let ready = ticket(State::Ready);
    let mut higher = Ticket {
        id: "T-99".to_owned(),
        version: Some("99.0.0".to_owned()),
        ..ticket(State::Released)
    };
    let mut problem = crate::domain::problem::examples::filed();
    problem.ticket = Some(ready.id.clone());
    let mut facts = Facts {
        problems: vec![problem.clone()],
        production: vec![higher.clone()],
        ..Facts::default()
    };
    let (profile, person) = (profile(), manager());
    let ask = |facts: &Facts| {
        let request = Request {
            facts: Some(facts),
            ..Request::new(&profile, &person, day(TODAY))
        };
        refuse(Step::Promote, &ready, &request)
    };
    let refused = ask(&facts).unwrap_err();
    for part in [problem.id.as_str(), "is open and", "99.0.0 as T-99"] {
        assert!(refused.message.contains(part), "{refused}");
    }
    facts.problems.clear();
    assert!(ask(&facts).is_err());
    higher.version = Some("0.0.1".to_owned());
    facts.production = vec![higher];
    assert_eq!(ask(&facts), Ok(()));
}

#[test]
fn a_contested_ticket_refuses_everything_but_resolve() {
    for row in STEPS {
        let ticket = ticket(State::Ready);
        let contested = |it: &mut Request<'_>| it.contested = true;
        check_asked(
            row.step,
            &ticket,
            contested,
            RefusedKind::Contested,
            "T-12 is contested",
        );
    }
}
