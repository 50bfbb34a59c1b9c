//! The days of a problem's walk, read from its record and from the tickets that fix it. The
//! only place of the metrics that knows where a problem keeps them.

use crate::domain::problem::report::{Criticality, Ending, Problem};
use crate::domain::queue::ticket::{Repository, Ticket};
use crate::domain::when::When;

/// When each step of a problem's walk was taken, as far as that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Walked {
    pub filed: When,
    pub triaged: Option<When>,
    pub engaged: Option<When>,
    /// Its fixing version is in production.
    pub fixed: Option<When>,
}

/// The steps of a problem. A fix counts from the promotion of the ticket that brings it; where
/// none is known, from the closing as fixed, which no bad version in production outlives.
pub fn walked<'a>(problem: &Problem, tickets: impl Iterator<Item = &'a Ticket>) -> Walked {
    let closed = problem
        .closing
        .as_ref()
        .filter(|it| it.how == Ending::Fixed)
        .map(|it| it.at);
    Walked {
        filed: filed(problem),
        triaged: problem.triage.as_ref().map(|it| it.at),
        engaged: problem.engaged.as_ref().map(|it| it.at),
        fixed: promoted(problem, tickets).or(closed),
    }
}

/// When it was filed.
pub fn filed(problem: &Problem) -> When {
    problem.filed.unwrap_or(problem.standing.entered)
}

/// When the version that fixes it entered production.
fn promoted<'a>(problem: &Problem, tickets: impl Iterator<Item = &'a Ticket>) -> Option<When> {
    let id = &problem.successor.as_ref()?.id;
    tickets
        .filter(|it| it.id == *id || it.submission.as_ref() == Some(id))
        .filter_map(|it| it.promoted(Repository::Production))
        .map(|it| it.at)
        .min_by_key(ToString::to_string)
}

pub fn is_critical(problem: &Problem) -> bool {
    problem.criticality() == Some(Criticality::Critical)
}
