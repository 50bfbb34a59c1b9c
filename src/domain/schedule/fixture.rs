//! Schedules for the tests beside the rules of schedules.

use super::cycle::{Cycle, CycleStanding, CycleState};
use super::milestone::{Committee, Milestone};
use super::plan::Plan;
use crate::domain::calendar::Calendar;
use crate::domain::when::When;
use crate::domain::zone::Zone;

/// The seven milestones of a meta-release.
pub(super) const M0_TO_M6: [(&str, &str); 7] = [
    ("M0", "start"),
    ("M1", "M0 + 2 weeks"),
    ("M3", "M1 + 8 weeks"),
    ("M2", "M1 + 10 weeks"),
    ("M4", "M3 + 10 weeks"),
    ("M5", "M4 + 2 weeks"),
    ("M6", "M5 + 2 weeks"),
];

pub(super) fn when(text: &str) -> When {
    text.parse().unwrap()
}

pub(super) fn cycle(start: Option<&str>, release: Option<&str>) -> Cycle {
    Cycle {
        name: "CMD 1.4.0".into(),
        start: start.map(when),
        release: release.map(when),
        standing: CycleStanding {
            state: CycleState::Approved,
            entered: when("2026-01-02"),
            decision: None,
        },
        template: None,
        source: None,
        deleted: false,
    }
}

pub(super) fn milestone(code: &str, rule: Option<&str>, due: Option<&str>) -> Milestone {
    Milestone {
        id: format!("M-{code}"),
        cycle: "CMD 1.4.0".into(),
        code: code.into(),
        name: format!("{code}'s name"),
        rule: rule.map(str::to_owned),
        planned: due.map(when),
        due: due.map(when),
        actual: None,
        never_reached: false,
        committee: Committee::None,
        owner: None,
        claimed_by: None,
        later: None,
        slips: Vec::new(),
        source: None,
        deleted: false,
    }
}

/// A schedule that a test owns; `plan` borrows it.
pub(super) struct Desk {
    pub(super) cycle: Cycle,
    pub(super) milestones: Vec<Milestone>,
    pub(super) release_code: Option<&'static str>,
    pub(super) calendar: Calendar,
    pub(super) zone: Zone,
}

impl Desk {
    pub(super) fn new(cycle: Cycle, milestones: Vec<Milestone>) -> Self {
        let (calendar, zone) = (Calendar::default(), Zone::utc());
        Self {
            cycle,
            milestones,
            release_code: None,
            calendar,
            zone,
        }
    }

    /// Milestones with rules, none dated yet.
    pub(super) fn with_rules(cycle: Cycle, rules: &[(&str, &str)]) -> Self {
        let all = rules
            .iter()
            .map(|(code, rule)| milestone(code, Some(rule), None));
        Self::new(cycle, all.collect())
    }

    /// M0 to M6 from Monday, 5 January 2026, on the dates their rules give.
    pub(super) fn m0_to_m6() -> Self {
        let mut desk = Self::with_rules(cycle(Some("2026-01-05"), None), &M0_TO_M6);
        desk.release_code = Some("M5");
        desk.settle();
        desk
    }

    /// Gives every milestone the date of its rule, as planned and as current.
    pub(super) fn settle(&mut self) {
        let dates = super::resolve::resolve(&self.plan()).dates;
        for one in &mut self.milestones {
            let day = dates.get(&one.code).copied().map(When::Day);
            (one.planned, one.due) = (day, day);
        }
    }

    pub(super) fn set(&mut self, code: &str, change: impl FnOnce(&mut Milestone)) {
        change(
            self.milestones
                .iter_mut()
                .find(|one| one.code == code)
                .unwrap(),
        );
    }

    pub(super) fn plan(&self) -> Plan<'_> {
        Plan {
            cycle: &self.cycle,
            milestones: &self.milestones,
            release_code: self.release_code,
            calendar: &self.calendar,
            zone: &self.zone,
        }
    }
}
