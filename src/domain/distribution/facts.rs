//! What a release is judged by besides itself: its tickets, their open problems, and what
//! production holds. Plain values; the workspace reads them.

use crate::domain::problem::production::concerns;
use crate::domain::problem::report::Problem;
use crate::domain::queue::ticket::Ticket;
use crate::domain::queue::version;

/// The facts beside a release.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The tickets of its contents that are on the desk.
    pub tickets: Vec<Ticket>,
    /// Those of them that two managers moved differently.
    pub contested: Vec<String>,
    /// Those that break a rule which keeps them where they are.
    pub held: Vec<String>,
    /// Named in its contents, and not on the desk any more.
    pub lost: Vec<String>,
    /// Open problems of any release.
    pub problems: Vec<Problem>,
    /// Tickets in production of the same products.
    pub production: Vec<Ticket>,
}

impl Facts {
    /// The open problems that hold a ticket up, each with why.
    pub fn holding(&self, ticket: &Ticket) -> Vec<(&Problem, &'static str)> {
        self.problems
            .iter()
            .filter(|problem| concerns(problem, ticket))
            .filter_map(|problem| Some((problem, problem.holds_up()?)))
            .collect()
    }

    /// Two tickets of one product, platform and architecture in different versions.
    pub fn doubled(&self) -> Option<(&Ticket, &Ticket)> {
        self.tickets.iter().enumerate().find_map(|(index, one)| {
            let other = self.tickets[index + 1..]
                .iter()
                .find(|other| same_place(one, other));
            other.map(|other| (one, other))
        })
    }

    /// A ticket that would put a lower version over the one that production has.
    pub fn lowered(&self) -> Option<(&Ticket, &Ticket)> {
        let mut tickets = self.tickets.iter();
        tickets.find_map(|new| Some((new, self.higher(new)?)))
    }

    /// What production has in the place of a ticket, if that is a higher version.
    pub fn higher(&self, new: &Ticket) -> Option<&Ticket> {
        let lower = |old: &Ticket| match (&new.version, &old.version) {
            (Some(new), Some(old)) => version::compare(new, old) == Some(std::cmp::Ordering::Less),
            _ => false,
        };
        self.production
            .iter()
            .find(|old| old.id != new.id && same_place(new, old) && lower(old))
    }
}

/// Whether two tickets would stand in each other's place in a repository.
pub fn same_place(one: &Ticket, other: &Ticket) -> bool {
    (&one.product, &one.platform, &one.arch) == (&other.product, &other.platform, &other.arch)
}
