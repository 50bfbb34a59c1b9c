//! The duties of problems and known errors: the steps of the walk that are open, each with
//! its clock, and what a known error still lacks.

use super::duties::{pushed, short};
use super::{Class, Duty, DutyCode};
use crate::domain::noun::Setting;
use crate::domain::problem::known_error::KnownError;
use crate::domain::problem::report::Problem;
use crate::domain::problem::walk::{self, Open, Step};
use crate::domain::queue::clocks::share_of_the_way;

/// A line for each open step. Until it is judged a problem may be critical; once it is not,
/// nothing about it is a breach.
pub(super) fn problem(problem: &Problem, setting: &Setting<'_>) -> Vec<Duty> {
    let clocked = problem.triage.is_none() || problem.is_critical();
    walk::open_steps(problem)
        .into_iter()
        .map(|open| duty(problem, open, clocked, setting))
        .collect()
}

fn duty(problem: &Problem, open: Open, clocked: bool, setting: &Setting<'_>) -> Duty {
    let due_on = walk::due(open, setting).filter(|_| clocked);
    let since = open.since.day(setting.zone);
    Duty {
        code: code(open.step),
        class: if due_on.is_some() {
            Class::Clock
        } else {
            Class::Standing
        },
        due_on,
        show_from: pushed(since, problem.later, due_on),
        who: problem.who().map(str::to_owned),
        what: what(problem, open.step),
        step: open.step.phrase().to_owned(),
    }
}

fn code(step: Step) -> DutyCode {
    match step {
        Step::Triage => DutyCode::TriageProblem,
        Step::Engage => DutyCode::EngageProvider,
        Step::Halt => DutyCode::HaltRollout,
        Step::Successor => DutyCode::OpenSuccessor,
        Step::Tell => DutyCode::TellSites,
        Step::Workaround => DutyCode::DescribeWorkaround,
        Step::Close => DutyCode::CloseProblem,
    }
}

fn what(problem: &Problem, step: Step) -> String {
    let grade = problem.criticality().map_or("", |it| it.word());
    match step {
        Step::Triage => format!("{}, not triaged", problem.channel_id),
        Step::Engage => format!("{grade}, provider not engaged"),
        Step::Halt => format!("{grade}, rollout not halted"),
        Step::Successor => format!("{grade}, no fixing version"),
        Step::Tell => match problem.untold().count() {
            1 => format!("{grade}, 1 site not told"),
            n => format!("{grade}, {n} sites not told"),
        },
        Step::Workaround => format!("{grade}, no workaround"),
        Step::Close => format!("{grade}, not closed"),
    }
}

/// An advisory's target comes before a missing workaround.
pub(super) fn error(error: &KnownError, setting: &Setting<'_>) -> Option<Duty> {
    if !error.is_open() {
        return None;
    }
    let since = error.since().day(setting.zone);
    if let (Some(advisory), Some(due)) = (&error.advisory, walk::error_due(error, setting)) {
        let what = format!(
            "{}, {}, fix wanted by {}",
            advisory.id,
            advisory.risk.word(),
            short(due)
        );
        return Some(Duty {
            code: DutyCode::FixError,
            class: Class::Clock,
            due_on: Some(due),
            show_from: share_of_the_way(since, due, setting.profile),
            who: error.owner.clone(),
            what,
            step: "fix it".to_owned(),
        });
    }
    let described = error
        .workaround
        .as_ref()
        .is_some_and(|it| !it.trim().is_empty());
    (!described).then(|| Duty {
        code: DutyCode::DescribeWorkaround,
        class: Class::Standing,
        due_on: None,
        show_from: since,
        who: error.owner.clone(),
        what: "known error, no workaround".to_owned(),
        step: "describe a workaround".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::attention::{Severity, is_visible, severity};
    use crate::domain::problem::examples::{critical, filed, triaged};
    use crate::domain::problem::report::Criticality;
    use crate::domain::queue::examples::{day, profile, under};

    fn shown(found: &Problem, today: &str) -> Vec<String> {
        let (profile, today) = (profile(), day(today));
        under(&profile, |setting| problem(found, setting))
            .iter()
            .filter(|duty| is_visible(duty, today))
            .map(|duty| {
                format!(
                    "{:?} {}: {}",
                    duty.code,
                    severity(duty, today).word(),
                    duty.what
                )
            })
            .collect()
    }

    #[test]
    fn r49_what_nobody_has_judged_becomes_a_breach() {
        let due = ["TriageProblem due: GGUS-170001, not triaged"];
        assert_eq!(shown(&filed(), "2026-11-23"), due);
        let late = ["TriageProblem breach: GGUS-170001, not triaged"];
        assert_eq!(shown(&filed(), "2026-11-24"), late);
    }

    #[test]
    fn r50_each_open_step_of_a_critical_problem_is_a_clock() {
        let late = [
            "EngageProvider breach: critical, provider not engaged",
            "HaltRollout breach: critical, rollout not halted",
        ];
        assert_eq!(shown(&critical(), "2026-11-23"), late);
        let mut hidden = critical();
        hidden.later = Some(day("2026-12-31"));
        assert_eq!(shown(&hidden, "2026-11-23"), late, "nothing late is hidden");
    }

    #[test]
    fn what_is_not_critical_stands_and_breaks_nothing() {
        let high = triaged(Criticality::High);
        let stands = ["DescribeWorkaround duty: high, no workaround"];
        assert_eq!(shown(&high, "2027-11-23"), stands);
        let profile = profile();
        let duties = under(&profile, |setting| problem(&high, setting));
        assert_eq!(severity(&duties[0], day("2027-11-23")), Severity::Duty);
    }
}
