//! Whether the production repository still holds a version that has a critical problem
//! the one place that decides it, and says what it saw. Moves nothing.

use std::cmp::Ordering;

use super::report::Problem;
use crate::domain::calendar::spoken;
use crate::domain::queue::state::State;
use crate::domain::queue::ticket::{Repository, Ticket};
use crate::domain::queue::version;
use crate::domain::when::When;
use crate::domain::zone::Zone;

/// What is so, the gravest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holds {
    /// No bad version, by what this desk knows.
    NoBadOne,
    /// Which version is bad is not known.
    Unknown,
    /// A bad version may still be promoted.
    OnItsWay,
    BadOne,
}

/// What production holds, in sentences without their stops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Production {
    pub holds: Holds,
    pub sentence: String,
    /// What would make it consistent again.
    pub hint: String,
}

impl Production {
    pub fn is_consistent(&self) -> bool {
        self.holds == Holds::NoBadOne
    }
}

/// Whether a problem is about a ticket: the one it names, else any of its product and version.
/// Of which version it is has to be known.
pub fn concerns(problem: &Problem, ticket: &Ticket) -> bool {
    match &problem.ticket {
        Some(id) => ticket.id == *id,
        None => same_version(problem, ticket),
    }
}

/// The tickets that a problem is about.
pub fn bad_tickets<'t>(problem: &Problem, tickets: &'t [Ticket]) -> Vec<&'t Ticket> {
    let of_it = |ticket: &&Ticket| !ticket.deleted && concerns(problem, ticket);
    tickets.iter().filter(of_it).collect()
}

/// Whether a ticket is of the product and the version that have the problem.
pub fn same_version(problem: &Problem, ticket: &Ticket) -> bool {
    let versions = problem.version.as_ref().zip(ticket.version.as_ref());
    versions.is_some_and(|(bad, its)| version::same(bad, its))
        && problem.product.eq_ignore_ascii_case(&ticket.product)
}

/// A bad version is bad on every platform, whichever ticket the problem was filed about.
fn of_the_version<'t>(problem: &Problem, tickets: &'t [Ticket]) -> Vec<&'t Ticket> {
    let of_it = |ticket: &&Ticket| {
        !ticket.deleted && (concerns(problem, ticket) || same_version(problem, ticket))
    };
    tickets.iter().filter(of_it).collect()
}

/// Judges production; `tickets` are those of the product, at the least.
pub fn production(problem: &Problem, tickets: &[Ticket], zone: &Zone) -> Production {
    let bad = of_the_version(problem, tickets);
    if bad.is_empty() {
        return without_ticket(problem);
    }
    let mut judged: Vec<Production> = bad.iter().map(|it| one(it, tickets, zone)).collect();
    judged.sort_by_key(|it| std::cmp::Reverse(it.holds));
    let gravest = judged.first().map_or(Holds::NoBadOne, |it| it.holds);
    judged.retain(|it| it.holds == gravest);
    let sentences: Vec<String> = judged.iter().map(|it| it.sentence.clone()).collect();
    Production {
        holds: gravest,
        sentence: sentences.join("; "),
        hint: judged
            .into_iter()
            .next()
            .map(|it| it.hint)
            .unwrap_or_default(),
    }
}

fn without_ticket(problem: &Problem) -> Production {
    match &problem.version {
        None => Production {
            holds: Holds::Unknown,
            sentence: format!(
                "{} names neither a version nor a ticket, so nobody can say what is to leave production",
                problem.id
            ),
            hint: format!("Name it: `relmate set {} version=VERSION`.", problem.id),
        },
        Some(version) => Production {
            holds: Holds::NoBadOne,
            sentence: format!(
                "no ticket on this desk brought {} {version} into production",
                problem.product
            ),
            hint: String::new(),
        },
    }
}

fn named(ticket: &Ticket) -> String {
    format!("{} ({})", ticket.id, ticket.label())
}

fn one(bad: &Ticket, tickets: &[Ticket], zone: &Zone) -> Production {
    let (name, state) = (named(bad), bad.standing.state.word().replace('-', " "));
    let gone = |sentence: String| Production {
        holds: Holds::NoBadOne,
        sentence,
        hint: String::new(),
    };
    match bad.standing.state {
        State::Released => in_place(bad, successor(bad, tickets, zone), zone),
        State::Recalled => gone(format!("{name} is recalled")),
        State::Rejected | State::Withdrawn => {
            gone(format!("{name} is {state} and never came into production"))
        }
        State::Unverified
        | State::Verification
        | State::WaitingForResponse
        | State::StagedRollout
        | State::Ready
        | State::Delayed => Production {
            holds: Holds::OnItsWay,
            sentence: format!("{name} is still on its way into production ({state})"),
            hint: format!(
                "Turn it down, so that nobody promotes it: `relmate ticket reject {} --reason R`.",
                bad.id
            ),
        },
    }
}

/// A bad version that was promoted, and the one that took its place if one did.
fn in_place(bad: &Ticket, later: Option<&Ticket>, zone: &Zone) -> Production {
    let since = |ticket: &Ticket| spoken(in_production(ticket).day(zone));
    match later {
        Some(later) => Production {
            holds: Holds::NoBadOne,
            sentence: format!(
                "{} took the place of {} in production on {}",
                named(later),
                named(bad),
                since(later)
            ),
            hint: String::new(),
        },
        None => Production {
            holds: Holds::BadOne,
            sentence: format!(
                "{} has been in production since {}, and no later version of {} for {} has been promoted after it",
                named(bad),
                since(bad),
                bad.product,
                bad.platform
            ),
            hint: format!(
                "Promote the version that fixes it, or take this one back: `relmate ticket recall {} --reason R`.",
                bad.id
            ),
        },
    }
}

/// When a released ticket came into production.
fn in_production(ticket: &Ticket) -> When {
    ticket
        .promoted(Repository::Production)
        .map_or(ticket.standing.entered, |it| it.at)
}

/// A later version of the same product for the same platform that came into production
/// after it and is there still.
fn successor<'t>(bad: &Ticket, tickets: &'t [Ticket], zone: &Zone) -> Option<&'t Ticket> {
    let since = in_production(bad).start(zone);
    tickets.iter().find(|it| {
        let same_place = it.id != bad.id
            && it.product.eq_ignore_ascii_case(&bad.product)
            && it.platform == bad.platform
            && it.arch == bad.arch;
        same_place
            && !it.deleted
            && it.standing.state == State::Released
            && in_production(it).end(zone) >= since
            && is_later(bad, it)
    })
}

fn is_later(bad: &Ticket, other: &Ticket) -> bool {
    match (&bad.version, &other.version) {
        (Some(bad), Some(other)) => version::compare(other, bad) == Some(Ordering::Greater),
        (None | Some(_), None) | (None, Some(_)) => false,
    }
}

/// The bad tickets that were taken back; else what is so instead.
pub fn recalled(problem: &Problem, tickets: &[Ticket]) -> Result<String, String> {
    let bad = bad_tickets(problem, tickets);
    if let Some(there) = bad.iter().find(|it| it.standing.state == State::Released) {
        return Err(format!("{} is released and not recalled", named(there)));
    }
    let taken: Vec<&str> = bad
        .iter()
        .filter(|it| it.standing.state == State::Recalled)
        .map(|it| it.id.as_str())
        .collect();
    if taken.is_empty() {
        let label = problem.label();
        return Err(match bad.first() {
            Some(it) => format!(
                "{} is {} and not recalled",
                named(it),
                it.standing.state.word().replace('-', " ")
            ),
            None => format!("no ticket of {label} was recalled"),
        });
    }
    Ok(taken.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::problem::examples::{critical, released};
    use crate::domain::queue::examples::at;

    fn judged(problem: &Problem, tickets: &[Ticket]) -> Production {
        production(problem, tickets, &Zone::utc())
    }

    #[test]
    fn r50_a_bad_version_in_production_is_said_with_both_facts() {
        let tickets = [released("T-1", "7.0.3", "2026-11-02")];
        let found = judged(&critical(), &tickets);
        assert_eq!(found.holds, Holds::BadOne);
        for part in ["T-1", "Mon 2 Nov 2026", "no later version of ARC for al9"] {
            assert!(found.sentence.contains(part), "{}", found.sentence);
        }
        assert!(found.hint.contains("ticket recall T-1"));
        assert_eq!(
            recalled(&critical(), &tickets).unwrap_err(),
            "T-1 (ARC 7.0.3 al9) is released and not recalled"
        );
    }

    #[test]
    fn r50_a_later_version_of_the_same_platform_after_it_takes_its_place() {
        let bad = released("T-1", "7.0.3", "2026-11-02");
        let fixed = released("T-3", "7.0.4", "2026-11-20");
        assert!(judged(&critical(), &[bad.clone(), fixed.clone()]).is_consistent());
        let elsewhere = Ticket {
            platform: "el9".into(),
            ..fixed.clone()
        };
        assert!(!judged(&critical(), &[bad.clone(), elsewhere]).is_consistent());
        let older = released("T-3", "7.0.2", "2026-11-20");
        assert!(!judged(&critical(), &[bad.clone(), older]).is_consistent());
        let before = released("T-3", "7.0.4", "2026-10-20");
        assert!(!judged(&critical(), &[bad.clone(), before]).is_consistent());
        let taken_back = Ticket {
            standing: crate::domain::queue::state::Standing {
                state: State::Recalled,
                ..fixed.standing.clone()
            },
            ..fixed
        };
        assert!(!judged(&critical(), &[bad, taken_back]).is_consistent());
    }

    #[test]
    fn a_version_that_may_still_be_promoted_is_not_out_of_the_way() {
        let mut ticket = released("T-1", "7.0.3", "2026-11-02");
        ticket.standing.state = State::Ready;
        let found = judged(&critical(), &[ticket.clone()]);
        assert_eq!(found.holds, Holds::OnItsWay);
        ticket.standing.state = State::Rejected;
        assert!(judged(&critical(), &[ticket]).is_consistent());
    }

    #[test]
    fn r50_production_is_judged_on_every_platform_whichever_ticket_is_named() {
        let bad = released("T-1", "7.0.3", "2026-11-02");
        let fixed = released("T-3", "7.0.4", "2026-11-20");
        let mut other = released("T-2", "7.0.3.0", "2026-11-02");
        other.platform = "el9".into();
        let found = judged(&critical(), &[bad, other, fixed]);
        assert_eq!(found.holds, Holds::BadOne);
        assert!(found.sentence.starts_with("T-2 "), "{}", found.sentence);
    }

    #[test]
    fn a_problem_concerns_the_ticket_it_names_else_its_version_and_else_none() {
        let (one, mut two) = (released("T-1", "7.0.3", "2026-11-02"), critical());
        let other = released("T-2", "7.0.3", "2026-11-02");
        assert!(concerns(&two, &one) && !concerns(&two, &other));
        two.ticket = None;
        two.product = "arc".into();
        two.version = Some("7.0.3.0".into());
        assert!(concerns(&two, &one) && concerns(&two, &other));
        two.version = None;
        assert!(!concerns(&two, &one));
    }

    #[test]
    fn without_ticket_every_platform_counts_and_without_version_nothing_is_known() {
        let mut problem = critical();
        problem.ticket = None;
        let bad = released("T-1", "7.0.3", "2026-11-02");
        let mut other = released("T-2", "7.0.3", "2026-11-02");
        other.platform = "el9".into();
        let fixed = released("T-3", "7.0.4", "2026-11-20");
        let found = judged(&problem, &[bad, other, fixed]);
        assert!(found.sentence.starts_with("T-2 "), "{}", found.sentence);
        assert_eq!(found.holds, Holds::BadOne);
        problem.version = None;
        assert_eq!(judged(&problem, &[]).holds, Holds::Unknown);
        problem.version = Some("1.0.0".into());
        assert_eq!(judged(&problem, &[]).holds, Holds::NoBadOne);
        problem.filed = Some(at("2026-11-21"));
    }
}
