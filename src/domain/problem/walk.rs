//! The walk of a problem from filing to closing: which steps are open, since when, and by
//! when each is due (DOMAIN.md C3). Says what is left; lets nobody through.

use chrono::NaiveDate;

use super::known_error::KnownError;
use super::report::{Advisory, Problem};
use crate::domain::clock::{self, Entry, Limit, Reading};
use crate::domain::noun::Setting;
use crate::domain::profile::ProblemRules;
use crate::domain::when::When;

/// One step of the walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// A body decides how critical it is.
    Triage,
    /// The provider is asked for a fix.
    Engage,
    /// The rollout stops.
    Halt,
    /// A version that restores the function is on its way.
    Successor,
    /// Who runs the bad version knows.
    Tell,
    /// Not critical: how to live with it.
    Workaround,
    Close,
}

/// A step that is open, and since when its clock runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    pub step: Step,
    pub since: When,
}

impl Step {
    /// The profile's limit for it.
    pub fn limit(self, rules: &ProblemRules) -> Option<Limit> {
        match self {
            Self::Triage => rules.triage,
            Self::Engage => rules.engage,
            Self::Halt => rules.halt,
            Self::Successor => rules.successor,
            Self::Tell => rules.tell,
            Self::Workaround => rules.workaround,
            Self::Close => rules.close,
        }
    }

    /// What is missing while it is open.
    pub fn missing(self) -> &'static str {
        match self {
            Self::Triage => "nobody has decided how critical it is",
            Self::Engage => "the provider has not been engaged",
            Self::Halt => "the rollout is not halted",
            Self::Successor => "no version that restores the function is named",
            Self::Tell => "not every site that runs it has been told",
            Self::Workaround => "no workaround is described",
            Self::Close => "it is not closed",
        }
    }

    /// What would settle it, in one imperative phrase.
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Triage => "have it triaged",
            Self::Engage => "engage the provider",
            Self::Halt => "halt the rollout",
            Self::Successor => "open the fixing version",
            Self::Tell => "tell the sites",
            Self::Workaround => "describe a workaround",
            Self::Close => "close it",
        }
    }

    /// The command line of it.
    pub fn command(self, id: &str) -> String {
        match self {
            Self::Triage => {
                format!("relmate problem triage {id} --criticality C --body BODY --decided-by NAME")
            }
            Self::Engage => format!("relmate problem engage {id}"),
            Self::Halt => format!("relmate problem halt {id} --reason R --scope SCOPE"),
            Self::Successor => format!("relmate problem fix {id} --version V"),
            Self::Tell => format!("relmate problem tell {id}"),
            Self::Workaround => format!("relmate set {id} workaround=TEXT"),
            Self::Close => format!("relmate problem close {id} HOW"),
        }
    }
}

/// The steps that are open, in the order of the walk.
pub fn open_steps(problem: &Problem) -> Vec<Open> {
    if !problem.is_open() {
        return Vec::new();
    }
    let Some(triage) = &problem.triage else {
        return vec![Open {
            step: Step::Triage,
            since: problem.filed(),
        }];
    };
    let decided = triage.at;
    let open = |step, since| Open { step, since };
    if !problem.is_critical() {
        let described = problem.workaround.is_some() || problem.known_error.is_some();
        let step = if described {
            Step::Close
        } else {
            Step::Workaround
        };
        return vec![open(step, decided)];
    }
    let mut steps = Vec::new();
    if problem.engaged.is_none() {
        steps.push(open(Step::Engage, decided));
    }
    if problem.halt.is_none() {
        steps.push(open(Step::Halt, decided));
    }
    if let (Some(engaged), None) = (&problem.engaged, &problem.successor) {
        steps.push(open(Step::Successor, engaged.at));
    }
    if problem.untold().next().is_some() {
        steps.push(open(Step::Tell, decided));
    }
    if let (true, Some(successor)) = (steps.is_empty(), &problem.successor) {
        steps.push(open(Step::Close, successor.at));
    }
    steps
}

/// The last day in time of an open step.
pub fn due(open: Open, setting: &Setting<'_>) -> Option<NaiveDate> {
    let limit = open.step.limit(&setting.profile.problem)?;
    Some(clock::due(
        limit,
        open.since.day(setting.zone),
        &[],
        setting.calendar,
    ))
}

/// What its clock shows on a day.
pub fn reading(open: Open, setting: &Setting<'_>, today: NaiveDate) -> Option<Reading> {
    let limit = open.step.limit(&setting.profile.problem)?;
    Some(read(limit, open.since, setting, today))
}

fn read(limit: Limit, since: When, setting: &Setting<'_>, today: NaiveDate) -> Reading {
    let entry = Entry {
        day: since.day(setting.zone),
        at_least: false,
        amber_percent: setting.profile.amber_percent,
    };
    clock::read(limit, entry, &[], setting.calendar, today)
}

/// The step that is due first, with its day; those without a limit come last.
pub fn most_urgent(problem: &Problem, setting: &Setting<'_>) -> Option<(Open, Option<NaiveDate>)> {
    open_steps(problem)
        .into_iter()
        .map(|open| (open, due(open, setting)))
        .min_by_key(|(_, due)| (due.is_none(), *due))
}

/// By when an advisory wants a fix (DOMAIN.md C7), counted from a day.
pub fn target(advisory: &Advisory, since: When, setting: &Setting<'_>) -> Option<NaiveDate> {
    let limit = *setting.profile.problem.risk.get(&advisory.risk)?;
    Some(clock::due(
        limit,
        since.day(setting.zone),
        &[],
        setting.calendar,
    ))
}

/// The clock of a known error's advisory on a day.
pub fn error_reading(
    error: &KnownError,
    setting: &Setting<'_>,
    today: NaiveDate,
) -> Option<Reading> {
    let risk = error.advisory.as_ref()?.risk;
    let limit = *setting.profile.problem.risk.get(&risk)?;
    Some(read(limit, error.since(), setting, today))
}

/// By when the advisory of an open known error wants a fix.
pub fn error_due(error: &KnownError, setting: &Setting<'_>) -> Option<NaiveDate> {
    let advisory = error.advisory.as_ref().filter(|_| error.is_open())?;
    target(advisory, error.since(), setting)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::problem::examples::{critical, filed, triaged, walked};
    use crate::domain::problem::report::{Criticality, ProblemState, Told};
    use crate::domain::queue::examples::{at, day, profile, under};

    fn steps(problem: &Problem) -> Vec<Step> {
        open_steps(problem).iter().map(|open| open.step).collect()
    }

    #[test]
    fn r50_a_critical_problem_has_its_whole_walk_ahead() {
        assert_eq!(steps(&filed()), [Step::Triage]);
        assert_eq!(steps(&critical()), [Step::Engage, Step::Halt]);
        let mut problem = walked();
        assert_eq!(steps(&problem), [Step::Close]);
        problem.affected = vec!["CNAF".into(), "PIC".into()];
        assert_eq!(steps(&problem), [Step::Tell], "CNAF filed it and knows");
        let told = Told {
            at: at("2026-11-22"),
            message: None,
        };
        problem.told.insert("PIC".into(), told);
        problem.successor = None;
        assert_eq!(steps(&problem), [Step::Successor]);
        problem.standing.state = ProblemState::Closed;
        assert_eq!(steps(&problem), []);
    }

    #[test]
    fn a_problem_that_is_not_critical_needs_a_workaround_then_an_end() {
        let mut problem = triaged(Criticality::High);
        assert_eq!(steps(&problem), [Step::Workaround]);
        problem.workaround = Some("Restart it.".into());
        assert_eq!(steps(&problem), [Step::Close]);
    }

    #[test]
    fn each_step_has_its_clock_from_the_profile() {
        let profile = profile();
        under(&profile, |setting| {
            let first = |problem: &Problem| most_urgent(problem, setting).unwrap();
            // A Friday; one working day is the Monday.
            assert_eq!(first(&filed()).1, Some(day("2026-11-23")));
            let (open, due) = first(&critical());
            assert_eq!((open.step, due), (Step::Engage, Some(day("2026-11-22"))));
            let (open, due) = first(&walked());
            assert_eq!((open.step, due), (Step::Close, Some(day("2026-12-06"))));
        });
    }

    #[test]
    fn an_advisory_has_a_target_by_its_risk_class() {
        let profile = profile();
        let advisory = |risk| Advisory {
            id: "EGI-SVG-2026-1".into(),
            risk,
        };
        under(&profile, |setting| {
            let by = |risk| target(&advisory(risk), at("2026-11-20"), setting);
            assert_eq!(by(Criticality::Critical), Some(day("2026-11-23")));
            assert_eq!(by(Criticality::High), Some(day("2027-01-01")));
            assert_eq!(by(Criticality::Moderate), Some(day("2027-03-20")));
            assert_eq!(by(Criticality::Low), Some(day("2027-11-20")));
        });
    }
}
