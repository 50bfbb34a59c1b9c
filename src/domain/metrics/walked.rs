//! The days of a problem's walk, read from its record. The only place of the metrics that
//! knows where a problem keeps them.

use crate::domain::problem::report::{Criticality, Problem, ProblemState};
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

/// A step that is not dated in the record is dated by the state it stands in, else unknown.
pub fn walked(problem: &Problem) -> Walked {
    let standing = &problem.standing;
    let of = |state| (standing.state == state).then_some(standing.entered);
    Walked {
        filed: standing.entered,
        triaged: of(ProblemState::Triaged),
        engaged: of(ProblemState::Engaged),
        fixed: None,
    }
}

pub fn is_critical(problem: &Problem) -> bool {
    problem.criticality == Some(Criticality::Critical)
}
