//! What a move drags along, shown before it is made. A dependent is dated anew by its
//! rule and keeps the distance it already had from it, so a milestone moved by hand is
//! not pulled back. Done milestones and fixed dates never move; problems never block.

use std::collections::{BTreeMap, VecDeque};

use chrono::{NaiveDate, TimeDelta};

use super::graph::{Graph, key};
use super::milestone::Milestone;
use super::plan::{Plan, date};
use super::problem::{Problem, ProblemKind};
use super::rule::{Anchor, Rule};
use super::validate::validate;
use crate::domain::calendar::{add_days, spoken};
use crate::domain::when::When;
use crate::domain::zone::Zone;

/// One milestone that moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    pub id: String,
    pub code: String,
    pub name: String,
    /// The current date, else the planned one; none if only a rule dated it.
    pub from: Option<When>,
    pub to: When,
    pub by_days: i64,
    /// The code it counts from; none for the move that was asked for.
    pub dragged_by: Option<String>,
    /// How it stands to its rule, if not exactly on it.
    pub note: Option<String>,
}

/// One milestone that does not move, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay {
    pub id: String,
    pub code: String,
    pub why: String,
}

/// The cycle's own start or release that moves, where no milestone is it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CycleMove {
    pub anchor: Anchor,
    pub from: Option<When>,
    pub to: When,
    pub by_days: i64,
}

/// Everything that a move would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ripple {
    pub cycle: Option<CycleMove>,
    /// The one that was asked for, then what it drags, nearest first.
    pub moves: Vec<Move>,
    /// Everything else, in the schedule's order.
    pub stays: Vec<Stay>,
    /// What is wrong with the schedule after the move.
    pub problems: Vec<Problem>,
}

/// What moves if the milestone with this code, or the cycle's `start` or `release`, moves.
pub fn preview(plan: &Plan<'_>, moved_code: &str, to: When) -> Ripple {
    let mut wave = Wave::new(plan);
    let mut ripple = Ripple::default();
    let node = wave.node(moved_code);
    match node {
        Some(Node::Gate(at)) if wave.milestones[at].actual.is_none() => {
            wave.move_root(at, to);
        }
        Some(Node::Gate(_)) => {}
        Some(Node::Start) => ripple.cycle = Some(wave.move_cycle(Anchor::Start, to)),
        Some(Node::Release) => ripple.cycle = Some(wave.move_cycle(Anchor::Release, to)),
        None => {
            let sentence = format!("{} has no milestone {moved_code}.", plan.cycle.name);
            let kind = ProblemKind::UndefinedReference;
            ripple
                .problems
                .push(Problem::error(kind, &[moved_code], sentence));
            return ripple;
        }
    }
    wave.spread();
    ripple.stays = wave.stays();
    ripple.moves = wave.moves;
    ripple.problems = problems_after(plan, &ripple);
    ripple
}

/// The same date so many days later: a time of day stays that time in the zone.
pub fn shift(when: When, days: i64, zone: &Zone) -> When {
    match when {
        When::Day(day) => When::Day(add_days(day, days)),
        When::AnywhereOnEarth(day) => When::AnywhereOnEarth(add_days(day, days)),
        When::Instant(at) => {
            let local = zone.local(at);
            let moved = TimeDelta::try_days(days).and_then(|by| local.checked_add_signed(by));
            When::Instant(moved.map_or(at, |moved| zone.instant(moved).at))
        }
    }
}

/// What a rule can count from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Node {
    Start,
    Release,
    Gate(usize),
}

/// A node that moved: its day before, if it had one, and after.
struct Crest {
    node: Node,
    code: String,
    before: Option<NaiveDate>,
    after: NaiveDate,
}

/// A move on its way through the schedule.
struct Wave<'a> {
    plan: &'a Plan<'a>,
    milestones: Vec<&'a Milestone>,
    graph: Graph<'a>,
    /// Where each stood before the move.
    days: Vec<Option<NaiveDate>>,
    reached: Vec<bool>,
    crests: VecDeque<Crest>,
    moves: Vec<Move>,
    /// Why those that the wave met did not move.
    held: BTreeMap<usize, String>,
}

impl<'a> Wave<'a> {
    fn new(plan: &'a Plan<'a>) -> Self {
        let milestones: Vec<&Milestone> = plan.live().collect();
        Self {
            plan,
            reached: vec![false; milestones.len()],
            milestones,
            graph: plan.by_rules(),
            days: plan.as_it_stands().run(plan.calendar).days,
            crests: VecDeque::new(),
            moves: Vec::new(),
            held: BTreeMap::new(),
        }
    }

    /// The release milestone is the release, so that what hangs on either moves with it.
    fn node_of(&self, anchor: &Anchor) -> Option<Node> {
        match anchor {
            Anchor::Start if self.graph.start.is_some() => Some(Node::Start),
            Anchor::Start => self.graph.find("start").map(Node::Gate),
            Anchor::Release => self
                .graph
                .release_gate
                .map(Node::Gate)
                .or(Some(Node::Release)),
            Anchor::Milestone(code) => self.graph.find(code).map(Node::Gate),
        }
    }

    fn node(&self, code: &str) -> Option<Node> {
        match key(code).as_str() {
            key if self.graph.find(key).is_some() => self.graph.find(key).map(Node::Gate),
            "start" => Some(Node::Start),
            "release" => self.node_of(&Anchor::Release),
            _ => None,
        }
    }

    fn move_root(&mut self, at: usize, to: When) {
        let milestone = self.milestones[at];
        let before = self.days[at];
        let after = to.day(self.plan.zone);
        let note = self.graph.rule(at).and_then(|rule| {
            let node = self.node_of(&rule.anchor)?;
            let gives = rule.apply(self.day(node)?, self.plan.calendar).0;
            (gives != after).then(|| format!("its rule {rule} gives {}", spoken(gives)))
        });
        self.reached[at] = true;
        self.moves.push(Move {
            id: milestone.id.clone(),
            code: milestone.code.clone(),
            name: milestone.name.clone(),
            from: date(milestone),
            to,
            by_days: days_between(before, after),
            dragged_by: None,
            note,
        });
        let code = milestone.code.clone();
        self.crests.push_back(Crest {
            node: Node::Gate(at),
            code,
            before,
            after,
        });
    }

    fn move_cycle(&mut self, anchor: Anchor, to: When) -> CycleMove {
        let cycle = self.plan.cycle;
        let (node, from) = match anchor {
            Anchor::Start => (Node::Start, cycle.start),
            Anchor::Release | Anchor::Milestone(_) => (Node::Release, cycle.release),
        };
        let before = self.day(node);
        let after = to.day(self.plan.zone);
        self.crests.push_back(Crest {
            node,
            code: anchor.to_string(),
            before,
            after,
        });
        CycleMove {
            anchor,
            from,
            to,
            by_days: days_between(before, after),
        }
    }

    fn day(&self, node: Node) -> Option<NaiveDate> {
        match node {
            Node::Start => self.graph.start,
            Node::Release => self.graph.release,
            Node::Gate(at) => self.days[at],
        }
    }

    fn spread(&mut self) {
        while let Some(crest) = self.crests.pop_front() {
            if crest.before == Some(crest.after) {
                continue;
            }
            for at in 0..self.milestones.len() {
                let Some(rule) = self.graph.rule(at).cloned() else {
                    continue;
                };
                if !self.reached[at] && self.node_of(&rule.anchor) == Some(crest.node) {
                    self.reached[at] = true;
                    self.drag(at, &rule, &crest);
                }
            }
        }
    }

    /// Dates one dependent anew, or notes what holds it.
    fn drag(&mut self, at: usize, rule: &Rule, crest: &Crest) {
        let milestone = self.milestones[at];
        if milestone.actual.is_some() {
            return;
        }
        let gives = rule.apply(crest.after, self.plan.calendar).0;
        let gave = crest
            .before
            .map(|day| rule.apply(day, self.plan.calendar).0);
        let own = date(milestone);
        let apart = match (own, gave) {
            (None, _) => 0,
            (Some(own), Some(gave)) => (own.day(self.plan.zone) - gave).num_days(),
            (Some(_), None) => {
                self.held
                    .insert(at, format!("{} had no date to count from", crest.code));
                return;
            }
        };
        let before = self.days[at];
        let after = add_days(gives, apart);
        if before == Some(after) {
            self.held
                .insert(at, format!("{rule} still gives the same day"));
            return;
        }
        let by_days = days_between(before, after);
        self.moves.push(Move {
            id: milestone.id.clone(),
            code: milestone.code.clone(),
            name: milestone.name.clone(),
            from: own,
            to: own.map_or(When::Day(after), |own| shift(own, by_days, self.plan.zone)),
            by_days,
            dragged_by: Some(crest.code.clone()),
            note: distance(apart, rule),
        });
        let code = milestone.code.clone();
        self.crests.push_back(Crest {
            node: Node::Gate(at),
            code,
            before,
            after,
        });
    }

    /// Everything that does not move, with the reason.
    fn stays(&self) -> Vec<Stay> {
        let moved: Vec<&str> = self.moves.iter().map(|one| one.id.as_str()).collect();
        let staying = self.milestones.iter().enumerate();
        staying
            .filter(|(_, one)| !moved.contains(&one.id.as_str()))
            .map(|(at, one)| Stay {
                id: one.id.clone(),
                code: one.code.clone(),
                why: self.why(at),
            })
            .collect()
    }

    fn why(&self, at: usize) -> String {
        if let Some(actual) = &self.milestones[at].actual {
            return format!("done on {}", spoken(actual.day(self.plan.zone)));
        }
        if let Some(why) = self.held.get(&at) {
            return why.clone();
        }
        match &self.graph.gates[at].rule {
            None => "fixed date".to_owned(),
            Some(Err(_)) => "its rule cannot be read".to_owned(),
            Some(Ok(rule)) => format!("counts from {}, which does not move", rule.anchor),
        }
    }
}

fn days_between(before: Option<NaiveDate>, after: NaiveDate) -> i64 {
    before.map_or(0, |before| (after - before).num_days())
}

fn distance(apart: i64, rule: &Rule) -> Option<String> {
    let side = if apart < 0 { "before" } else { "after" };
    (apart != 0).then(|| format!("stays {} d {side} {rule}", apart.abs()))
}

/// Validates a copy of the schedule in which the moves have been made.
fn problems_after(plan: &Plan<'_>, ripple: &Ripple) -> Vec<Problem> {
    let mut cycle = plan.cycle.clone();
    match &ripple.cycle {
        Some(CycleMove {
            anchor: Anchor::Start,
            to,
            ..
        }) => cycle.start = Some(*to),
        Some(CycleMove { to, .. }) => cycle.release = Some(*to),
        None => {}
    }
    let mut milestones = plan.milestones.to_vec();
    for step in &ripple.moves {
        for one in milestones.iter_mut().filter(|one| one.id == step.id) {
            one.due = Some(step.to);
        }
    }
    validate(&Plan {
        cycle: &cycle,
        milestones: &milestones,
        ..*plan
    })
}

#[cfg(test)]
#[path = "ripple_tests.rs"]
mod tests;
