//! The marks and the rule, day by day.

use std::collections::BTreeMap;

use super::*;
use crate::domain::clock::{Limit, Unit};
use crate::domain::problem::report::{Criticality, ProblemStanding, ProblemState, Triage};
use crate::domain::queue::examples::{at, day, profile, ticket, under};
use crate::domain::queue::state::State;
use crate::domain::queue::ticket::Early;
use crate::domain::rollout::announcement::{AnnouncementStanding, SiteReport, Turn};
use crate::domain::rollout::site::ReportDuty;

fn turn(n: u32, unit: Unit) -> Turn {
    Turn {
        announced: at("2026-11-20"),
        sent: true,
        message: None,
        limit: Limit { n, unit },
        reports: ReportDuty::Always,
        pauses: Vec::new(),
    }
}

fn report(site: &str, outcome: ReportOutcome, on: &str) -> SiteReport {
    SiteReport {
        site: site.to_owned(),
        outcome,
        received: at(on),
        recorded: None,
        version: None,
        how: None,
        tested: None,
        exposed: None,
        issues: Vec::new(),
        minutes: None,
        widely: None,
        note: None,
        by: "Alice".to_owned(),
    }
}

/// Announced on Friday, 20 November: CNAF has 5 working days (Thanksgiving is none),
/// PIC 7 and RAL 10 days.
fn announcement(reports: Vec<SiteReport>) -> Announcement {
    Announcement {
        id: "N-1".to_owned(),
        ticket: "T-12".to_owned(),
        product: "bdii".to_owned(),
        version: Some("6.0.2".to_owned()),
        platform: "al9".to_owned(),
        arch: "x86_64".to_owned(),
        standing: AnnouncementStanding {
            state: AnnouncementState::Running,
            entered: at("2026-11-20"),
            sentence: None,
            profile: 1,
        },
        turn: BTreeMap::from([
            ("CNAF".to_owned(), turn(5, Unit::WorkingDays)),
            ("PIC".to_owned(), turn(7, Unit::Days)),
            ("RAL".to_owned(), turn(10, Unit::Days)),
        ]),
        sent: BTreeMap::new(),
        reminder: BTreeMap::new(),
        pauses: Vec::new(),
        accepted: BTreeMap::new(),
        deployed: BTreeMap::new(),
        reports,
        problem: BTreeMap::new(),
        owner: None,
        claimed_by: None,
        later: None,
        deleted: false,
    }
}

fn problem(criticality: Option<Criticality>) -> Problem {
    serde_json::from_value(serde_json::json!({
        "id": "P-1", "channel_id": "GGUS-1", "product": "bdii", "ticket": "T-12", "site": "PIC",
        "state": ProblemStanding { state: ProblemState::Filed, entered: at("2026-11-23"), by: "Alice".to_owned() },
        "triage": criticality.map(|it| Triage { criticality: it, priority: None, body: "MU".to_owned(), by: "Marta".to_owned(), at: at("2026-11-23") }),
    }))
    .unwrap()
}

/// In time, late, silent.
fn mixed() -> Announcement {
    announcement(vec![
        report("CNAF", ReportOutcome::Ok, "2026-11-25"),
        report("PIC", ReportOutcome::Issues, "2026-11-29"),
    ])
}

fn on(announcement: &Announcement, problems: &[Problem], min: u32, today: &str) -> Decision {
    let mut profile = profile();
    profile.min_reports = min;
    under(&profile, |setting| {
        decide(
            &Facts {
                ticket: &ticket(State::StagedRollout),
                announcements: std::slice::from_ref(announcement),
                problems,
            },
            setting,
            day(today),
        )
    })
}

#[track_caller]
fn marks(
    announcement: &Announcement,
    min: u32,
    today: &str,
    expected: [&str; 3],
    verdict: Verdict,
) {
    let decision = on(announcement, &[], min, today);
    let labels: Vec<String> = decision.sites.iter().map(SiteLine::label).collect();
    assert_eq!(labels, expected, "{today}, min {min}");
    assert_eq!(
        decision.verdict, verdict,
        "{today}, min {min}: {}",
        decision.sentence
    );
}

#[test]
fn r42_each_site_has_its_own_last_day() {
    let decision = on(&mixed(), &[], 1, "2026-11-20");
    let dues: Vec<_> = decision.sites.iter().map(|it| it.due.unwrap()).collect();
    assert_eq!(
        dues,
        [day("2026-11-30"), day("2026-11-27"), day("2026-11-30")]
    );
}

#[test]
fn r43_the_marks_and_the_verdict_are_those_of_the_day() {
    let it = mixed();
    marks(
        &it,
        1,
        "2026-11-20",
        ["10 d left", "7 d left", "10 d left"],
        Verdict::Running,
    );
    marks(
        &it,
        1,
        "2026-11-25",
        ["ok", "2 d left", "5 d left"],
        Verdict::Running,
    );
    marks(
        &it,
        1,
        "2026-11-27",
        ["ok", "0 d left", "3 d left"],
        Verdict::Running,
    );
    marks(
        &it,
        1,
        "2026-11-28",
        ["ok", "silent, consent", "2 d left"],
        Verdict::Running,
    );
    marks(
        &it,
        1,
        "2026-11-29",
        ["ok", "ok with issues, late", "1 d left"],
        Verdict::Running,
    );
    marks(
        &it,
        1,
        "2026-11-30",
        ["ok", "ok with issues, late", "0 d left"],
        Verdict::Running,
    );
    marks(
        &it,
        1,
        "2026-12-01",
        ["ok", "ok with issues, late", "silent, consent"],
        Verdict::Good,
    );
}

#[test]
fn r43_the_rule_says_how_many_real_reports_it_takes() {
    let one = announcement(vec![report("CNAF", ReportOutcome::Ok, "2026-11-25")]);
    let silent = announcement(Vec::new());
    for (it, min, verdict, said) in [
        (&one, 0, Verdict::Good, "1 of 3 sites spoke"),
        (&one, 1, Verdict::Good, "silence of 2"),
        (&one, 2, Verdict::NotTested, "it takes 2 real reports"),
        (&silent, 0, Verdict::Good, "document 001"),
        (&silent, 1, Verdict::NotTested, "CMD process, step 2.4"),
    ] {
        let decision = on(it, &[], min, "2026-12-01");
        assert_eq!(decision.verdict, verdict, "min {min}");
        assert!(decision.sentence.contains(said), "{}", decision.sentence);
    }
    let consent = on(&silent, &[], 1, "2026-12-01").sites[0].mark;
    assert_eq!(
        consent,
        Mark::Silent { consent: false },
        "silence of all is no consent"
    );
}

#[test]
fn not_deployed_is_an_answer_and_no_trial() {
    let answers =
        ["CNAF", "PIC", "RAL"].map(|it| report(it, ReportOutcome::NotDeployed, "2026-11-24"));
    let decision = on(&announcement(answers.into()), &[], 1, "2026-11-25");
    assert_eq!((decision.spoke, decision.verdict), (0, Verdict::NotTested));
}

#[test]
fn everybody_answered_so_it_is_good_before_the_periods_are_over() {
    let answers = ["CNAF", "PIC", "RAL"].map(|it| report(it, ReportOutcome::Ok, "2026-11-24"));
    let decision = on(&announcement(answers.into()), &[], 1, "2026-11-24");
    assert!(decision.is_good() && decision.sentence.contains("3 of 3 sites spoke"));
}

#[test]
fn a_failure_holds_it_up_until_its_problem_is_filed_and_judged() {
    let it = announcement(vec![
        report("CNAF", ReportOutcome::Ok, "2026-11-23"),
        report("PIC", ReportOutcome::Failed, "2026-11-23"),
    ]);
    let check = |problems: &[Problem], verdict: Verdict, said: &str| {
        let decision = on(&it, problems, 1, "2026-12-01");
        assert_eq!(decision.verdict, verdict, "{}", decision.sentence);
        assert!(decision.sentence.contains(said), "{}", decision.sentence);
    };
    check(
        &[],
        Verdict::HeldUp,
        "PIC reported failed, and no problem is filed",
    );
    check(
        &[problem(None)],
        Verdict::HeldUp,
        "P-1 is open and not triaged",
    );
    check(
        &[problem(Some(Criticality::Critical))],
        Verdict::HeldUp,
        "P-1 is open and critical",
    );
    check(
        &[problem(Some(Criticality::Low))],
        Verdict::Good,
        "2 of 3 sites spoke",
    );
    let line = &on(&it, &[problem(None)], 1, "2026-12-01").sites[1];
    assert_eq!(line.label(), "failed, P-1");
}

#[test]
fn a_site_that_nobody_told_is_not_silent() {
    let mut it = mixed();
    it.turn.get_mut("RAL").unwrap().sent = false;
    let decision = on(&it, &[], 1, "2026-12-05");
    assert_eq!(decision.sites[2].mark, Mark::NotTold);
    assert_eq!(decision.verdict, Verdict::Running);
    assert!(
        decision.sentence.contains("RAL has not been told yet"),
        "{}",
        decision.sentence
    );
}

#[test]
fn a_second_report_is_kept_beside_the_first() {
    let it = announcement(vec![
        report("PIC", ReportOutcome::Failed, "2026-11-30"),
        report("PIC", ReportOutcome::Ok, "2026-11-24"),
    ]);
    let line = &on(&it, &[], 1, "2026-12-01").sites[1];
    assert!(line.contradicts && !line.late, "the first one was in time");
    assert_eq!(
        line.mark,
        Mark::Reported(ReportOutcome::Failed),
        "the last one counts"
    );
    assert_eq!(line.days_used, Some(4));
}

#[test]
fn r44_a_site_that_did_not_wait_has_a_line_of_its_own() {
    let mut ahead = ticket(State::StagedRollout);
    let early = Early {
        at: at("2026-11-22"),
        accepted_by: "Dora".to_owned(),
        version: None,
        by: "Alice".to_owned(),
    };
    ahead.early.insert("DESY".to_owned(), early);
    let it = mixed();
    let decision = under(&profile(), |setting| {
        let facts = Facts {
            ticket: &ahead,
            announcements: std::slice::from_ref(&it),
            problems: &[],
        };
        decide(&facts, setting, day("2026-12-01"))
    });
    assert_eq!(decision.sites[1].site, "DESY");
    assert_eq!(decision.sites[1].mark, Mark::OwnRisk);
    assert_eq!((decision.told, decision.verdict), (3, Verdict::Good));
}

#[test]
fn a_halted_rollout_and_one_that_nobody_was_told_of_decide_nothing() {
    let mut it = mixed();
    it.standing.state = AnnouncementState::Halted;
    it.standing.sentence = Some("P-1 is critical.".to_owned());
    let decision = on(&it, &[], 0, "2026-12-01");
    assert_eq!(decision.verdict, Verdict::HeldUp);
    assert!(
        decision
            .sentence
            .contains("the rollout is halted: P-1 is critical")
    );
    it.turn.clear();
    it.reports.clear();
    it.standing.state = AnnouncementState::Running;
    assert_eq!(on(&it, &[], 0, "2026-12-01").verdict, Verdict::NotAnnounced);
}
