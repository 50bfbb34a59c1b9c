//! Problems that the tests of their walk start from.

use super::report::{
    Criticality, Engaged, Halt, Problem, ProblemStanding, ProblemState, Stage, Successor, Triage,
};
use crate::domain::queue::examples::{at, ticket};
use crate::domain::queue::state::State;
use crate::domain::queue::ticket::{Promotion, Repository, Ticket};

/// Filed on a Friday by CNAF about T-1, ARC 7.0.3 on al9.
pub(crate) fn filed() -> Problem {
    Problem {
        id: "P-1".into(),
        channel_id: "GGUS-170001".into(),
        product: "ARC".into(),
        version: Some("7.0.3".into()),
        ticket: Some("T-1".into()),
        announcement: None,
        site: Some("CNAF".into()),
        stage: Some(Stage::General),
        text: "Jobs are lost.".into(),
        standing: ProblemStanding {
            state: ProblemState::Filed,
            entered: at("2026-11-20"),
            by: "Alice".into(),
        },
        filed: Some(at("2026-11-20")),
        triage: None,
        engaged: None,
        halt: None,
        successor: None,
        affected: Vec::new(),
        told: std::collections::BTreeMap::new(),
        workaround: None,
        known_error: None,
        advisory: None,
        closing: None,
        owner: Some("Alice".into()),
        claimed_by: None,
        later: None,
        deleted: false,
    }
}

pub(crate) fn triaged(criticality: Criticality) -> Problem {
    let mut problem = filed();
    problem.standing.state = ProblemState::Triaged;
    problem.triage = Some(Triage {
        criticality,
        priority: None,
        body: "MU".into(),
        by: "Marta".into(),
        at: at("2026-11-21"),
    });
    problem
}

pub(crate) fn critical() -> Problem {
    triaged(Criticality::Critical)
}

/// Everything is done but the closing.
pub(crate) fn walked() -> Problem {
    let mut problem = critical();
    problem.standing.state = ProblemState::Fixing;
    problem.engaged = Some(Engaged {
        at: at("2026-11-21"),
        whom: "arc@example.org".into(),
        message: None,
    });
    problem.halt = Some(Halt {
        at: at("2026-11-21"),
        reason: "jobs are lost".into(),
        scope: "all sites".into(),
        announcements: Vec::new(),
    });
    problem.successor = Some(Successor {
        at: at("2026-11-22"),
        id: "S-2".into(),
        version: Some("7.0.4".into()),
    });
    problem
}

/// A ticket of ARC for al9 that is in production since a day.
pub(crate) fn released(id: &str, version: &str, since: &str) -> Ticket {
    let mut ticket = Ticket {
        id: id.into(),
        product: "ARC".into(),
        version: Some(version.into()),
        ..ticket(State::Released)
    };
    ticket.standing.entered = at(since);
    ticket.promotions.push(Promotion {
        to: Repository::Production,
        at: at(since),
        by: "Alice".into(),
        proof: "good".into(),
    });
    ticket
}
