//! A cycle with its milestones and what is needed to read their dates. Every question
//! about a schedule is asked of a plan; deleted milestones and other cycles' are left out.

use chrono::NaiveDate;

use super::cycle::Cycle;
use super::graph::{Gate, Graph, key};
use super::milestone::Milestone;
use crate::domain::calendar::Calendar;
use crate::domain::when::When;
use crate::domain::zone::Zone;

/// One cycle's schedule.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    pub cycle: &'a Cycle,
    pub milestones: &'a [Milestone],
    /// The code of the milestone that its template names as the release.
    pub release_code: Option<&'a str>,
    pub calendar: &'a Calendar,
    pub zone: &'a Zone,
}

impl<'a> Plan<'a> {
    /// The cycle's milestones, in the order they were given.
    pub fn live(&self) -> impl Iterator<Item = &'a Milestone> + use<'a> {
        let cycle = self.cycle.name.as_str();
        self.milestones
            .iter()
            .filter(move |one| !one.deleted && one.cycle == cycle)
    }

    /// The milestone with a code; case does not count.
    pub fn find(&self, code: &str) -> Option<&'a Milestone> {
        let wanted = key(code);
        self.live().find(|one| key(&one.code) == wanted)
    }

    /// The milestone that is the release.
    pub fn release_milestone(&self) -> Option<&'a Milestone> {
        self.release_code
            .and_then(|code| self.find(code))
            .or_else(|| self.find("release"))
    }

    /// Where the release stands now: its milestone's date, else what the cycle planned.
    pub fn release_day(&self) -> Option<NaiveDate> {
        self.release_milestone()
            .and_then(|one| self.day_of(one))
            .or_else(|| self.cycle.release.map(|when| when.day(self.zone)))
    }

    /// Where a milestone stands now by its own dates: done, else current, else planned.
    pub fn day_of(&self, milestone: &Milestone) -> Option<NaiveDate> {
        let when = milestone.actual.or_else(|| date(milestone));
        when.map(|when| when.day(self.zone))
    }

    /// The graph in which rules give the dates and the cycle's release comes first.
    pub(super) fn by_rules(&self) -> Graph<'a> {
        let gates = self.live().map(|one| self.gate(one)).collect();
        let mut graph = Graph::new(&self.cycle.name, gates, self.release_code);
        graph.start = self.cycle.start.map(|when| when.day(self.zone));
        graph.release = self.cycle.release.map(|when| when.day(self.zone));
        graph
    }

    /// The graph in which a milestone's own date comes first, the release's too.
    pub(super) fn as_it_stands(&self) -> Graph<'a> {
        let mut graph = self.by_rules();
        for gate in &mut graph.gates {
            if gate.own.is_some() {
                gate.rule = None;
            }
        }
        if graph
            .release_gate
            .is_some_and(|at| graph.gates[at].own.is_some())
        {
            graph.release = None;
        }
        graph
    }

    fn gate(&self, milestone: &'a Milestone) -> Gate<'a> {
        let rule = milestone
            .rule
            .as_deref()
            .filter(|rule| !rule.trim().is_empty());
        Gate {
            code: &milestone.code,
            rule: rule.map(str::parse),
            own: self.day_of(milestone),
        }
    }
}

/// The date a milestone is due on, as it was written.
pub(super) fn date(milestone: &Milestone) -> Option<When> {
    milestone.due.or(milestone.planned)
}

#[cfg(test)]
mod tests {
    use crate::domain::schedule::fixture::{Desk, cycle, milestone, when};

    #[track_caller]
    fn check(desk: &Desk, expected: Option<&str>) {
        let day = desk.plan().release_day().map(|day| day.to_string());
        assert_eq!(day.as_deref(), expected);
    }

    #[test]
    fn the_release_stands_where_its_milestone_does_else_where_it_was_planned() {
        let release = milestone("S", Some("start + 10w"), Some("2026-12-17"));
        let mut desk = Desk::new(cycle(None, Some("2026-12-10")), vec![release]);
        check(&desk, Some("2026-12-10"));
        desk.release_code = Some("s");
        check(&desk, Some("2026-12-17"));
        desk.set("S", |one| one.actual = Some(when("2026-12-18")));
        check(&desk, Some("2026-12-18"));
        desk.set("S", |one| one.deleted = true);
        check(&desk, Some("2026-12-10"));
        desk.cycle.release = None;
        check(&desk, None);
    }
}
