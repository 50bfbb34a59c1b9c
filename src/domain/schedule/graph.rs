//! Which milestone counts from which, and the dates that follow. Every rule has one
//! anchor, so a chain is walked without recursion and a circle is found on the way.
//! Does not know where its dates come from: records, or a template.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::problem::{Problem, ProblemKind};
use super::rule::{Anchor, Rule, RuleError};
use crate::domain::calendar::Calendar;

/// One milestone: its rule gives its date, its own date if it has no rule.
#[derive(Clone, Debug)]
pub(super) struct Gate<'a> {
    pub(super) code: &'a str,
    pub(super) rule: Option<Result<Rule, RuleError>>,
    pub(super) own: Option<NaiveDate>,
}

/// The gates of one cycle and the two dates they may count from.
#[derive(Clone, Debug)]
pub(super) struct Graph<'a> {
    pub(super) cycle: &'a str,
    pub(super) start: Option<NaiveDate>,
    pub(super) release: Option<NaiveDate>,
    /// The gate that is the release.
    pub(super) release_gate: Option<usize>,
    pub(super) gates: Vec<Gate<'a>>,
    places: BTreeMap<String, usize>,
}

/// What an anchor stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Base {
    Day(NaiveDate),
    Gate(usize),
    Undefined,
}

/// The dates of the gates, in their order.
#[derive(Clone, Debug, Default)]
pub(super) struct Run {
    pub(super) days: Vec<Option<NaiveDate>>,
    pub(super) problems: Vec<Problem>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Unseen,
    OnPath,
    Settled,
}

impl<'a> Graph<'a> {
    /// Arranges gates; of two with one code the first is the one that rules mean.
    pub(super) fn new(cycle: &'a str, gates: Vec<Gate<'a>>, release_code: Option<&str>) -> Self {
        let mut places = BTreeMap::new();
        for (at, gate) in gates.iter().enumerate() {
            places.entry(key(gate.code)).or_insert(at);
        }
        let named = release_code.and_then(|code| places.get(&key(code)));
        let release_gate = named.or_else(|| places.get("release")).copied();
        Self {
            cycle,
            start: None,
            release: None,
            release_gate,
            gates,
            places,
        }
    }

    pub(super) fn find(&self, code: &str) -> Option<usize> {
        self.places.get(&key(code)).copied()
    }

    /// The gate's rule, if it has one that can be read.
    pub(super) fn rule(&self, at: usize) -> Option<&Rule> {
        self.gates.get(at)?.rule.as_ref()?.as_ref().ok()
    }

    pub(super) fn base(&self, anchor: &Anchor) -> Base {
        let (day, gate) = match anchor {
            Anchor::Start => (self.start, self.find("start")),
            Anchor::Release => (self.release, self.release_gate),
            Anchor::Milestone(code) => (None, self.find(code)),
        };
        match (day, gate) {
            (Some(day), _) => Base::Day(day),
            (None, Some(at)) => Base::Gate(at),
            (None, None) => Base::Undefined,
        }
    }

    /// Dates every gate. A rule that cannot be read counts as none.
    pub(super) fn run(&self, calendar: &Calendar) -> Run {
        let mut run = Run {
            days: vec![None; self.gates.len()],
            problems: Vec::new(),
        };
        let mut marks = vec![Mark::Unseen; self.gates.len()];
        let mut explained: Vec<bool> = self
            .gates
            .iter()
            .map(|gate| matches!(gate.rule, Some(Err(_))))
            .collect();
        for first in 0..self.gates.len() {
            let mut path = Vec::new();
            let mut at = first;
            let mut day = loop {
                match marks[at] {
                    Mark::Settled => break run.days[at],
                    Mark::OnPath => {
                        let begin = path.iter().position(|seen| *seen == at).unwrap_or(0);
                        run.problems.push(self.circle(&path[begin..]));
                        path[begin..]
                            .iter()
                            .for_each(|seen| explained[*seen] = true);
                        break None;
                    }
                    Mark::Unseen => {}
                }
                marks[at] = Mark::OnPath;
                path.push(at);
                match self.rule(at).map(|rule| self.base(&rule.anchor)) {
                    Some(Base::Gate(next)) => at = next,
                    Some(Base::Day(day)) => break Some(day),
                    Some(Base::Undefined) => {
                        run.problems.extend(self.undefined(at));
                        explained[at] = true;
                        break None;
                    }
                    None => break self.gates[at].own,
                }
            };
            for at in path.into_iter().rev() {
                day = match (day, self.rule(at)) {
                    (Some(day), Some(rule)) => Some(rule.apply(day, calendar).0),
                    (day, _) => day,
                };
                run.days[at] = day;
                marks[at] = Mark::Settled;
            }
        }
        let dateless =
            (0..self.gates.len()).filter(|at| run.days[*at].is_none() && !explained[*at]);
        run.problems
            .extend(dateless.map(|at| self.dateless(at)).collect::<Vec<_>>());
        run
    }

    /// Says which rules cannot be read.
    pub(super) fn bad_rules(&self) -> impl Iterator<Item = Problem> {
        self.gates.iter().filter_map(|gate| {
            let error = gate.rule.as_ref()?.as_ref().err()?;
            let sentence = format!("{}: {error}; {}.", gate.code, error.hint());
            Some(Problem::error(ProblemKind::BadRule, &[gate.code], sentence))
        })
    }

    /// Names the whole circle, beginning with the gate that stands first in the schedule.
    fn circle(&self, path: &[usize]) -> Problem {
        let mut path = path.to_vec();
        if let Some((least, _)) = path.iter().enumerate().min_by_key(|(_, at)| **at) {
            path.rotate_left(least);
        }
        let codes: Vec<&str> = path.iter().map(|at| self.gates[*at].code).collect();
        let circle = codes
            .iter()
            .chain(codes.first())
            .copied()
            .collect::<Vec<_>>()
            .join(" → ");
        let sentence = format!("The rules go round in a circle: {circle}.");
        Problem::error(ProblemKind::CircularRule, &codes, sentence)
    }

    fn undefined(&self, at: usize) -> Option<Problem> {
        let anchor = &self.rule(at)?.anchor;
        let (code, cycle) = (self.gates[at].code, self.cycle);
        let sentence = match anchor {
            Anchor::Start => {
                format!("{code} counts from the start, but {cycle} has no start date.")
            }
            Anchor::Release => {
                format!("{code} counts from the release, but {cycle} has no release date.")
            }
            Anchor::Milestone(other) => {
                format!("{code} counts from {other}, which {cycle} does not have.")
            }
        };
        Some(Problem::error(
            ProblemKind::UndefinedReference,
            &[code],
            sentence,
        ))
    }

    fn dateless(&self, at: usize) -> Problem {
        let code = self.gates[at].code;
        let sentence = match self.rule(at) {
            Some(rule) => format!(
                "{code} has no date: it counts from {}, which has none.",
                rule.anchor
            ),
            None => format!("{code} has neither a date nor a rule."),
        };
        Problem::warning(ProblemKind::NoDate, &[code], sentence)
    }
}

/// A code as rules compare it.
pub(super) fn key(code: &str) -> String {
    code.trim().to_lowercase()
}
