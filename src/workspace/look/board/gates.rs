//! The milestones of the open cycle as rows, in the order of their days. Moves none.

use super::cells::{self, left};
use super::duties::MOST;
use super::rows::{Cells, Gate, Key, Place, Row, Tone, Window, WindowAsk};
use super::sieve::{Sieve, Term};
use super::whole::{self, Facts, Lines};
use super::{clean, short_day};
use crate::domain::field::Seen;
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::schedule::milestone::Milestone;
use crate::domain::schedule::standing::{self, MilestoneState};
use crate::workspace::look::{Judged, Look, gate, status};
use crate::workspace::refusal::Refusal;

/// The milestones of the open cycle, in the order of their days.
fn milestones(look: &Look<'_>) -> Result<Vec<Milestone>, Refusal> {
    let Some(cycle) = status::open_cycle(look)? else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for record in look.reader.children(Kind::Milestone, &cycle.name)? {
        let Some(Noun::Milestone(mut milestone)) = record.noun()? else {
            continue;
        };
        let newer = look.reader.needs_newer(Kind::Milestone, &milestone.id)?;
        if let Some(word) = gate::mark(newer, record.contested, record.broken) {
            milestone.name = cells::marked(word, &milestone.name);
        }
        found.push(milestone);
    }
    found.sort_by_cached_key(|one| {
        let day = one.actual.or(one.due).map(|when| when.day(&look.zone));
        (day.is_none(), day, one.code.clone())
    });
    found.truncate(MOST);
    Ok(found)
}

pub(super) fn window(look: &Look<'_>, judged: &Judged, ask: &WindowAsk) -> Result<Window, Refusal> {
    let all = milestones(look)?;
    let next = standing::next(&all, look.now, &look.zone).map(|one| one.id.clone());
    let all: Vec<_> = all
        .into_iter()
        .map(|one| {
            let is_next = next.as_deref() == Some(&one.id);
            let state = standing::standing(&one, look.now, &look.zone, is_next);
            (facts(look, &one, state), (one, state))
        })
        .collect();
    let sieve = Sieve::new(&ask.filter, &[Kind::Milestone], &[]);
    let gates = Gates {
        look,
        judged,
        first: first_seen(&all),
        columns: &ask.columns,
    };
    whole::window(&gates, ask, sieve, all)
}

fn facts(look: &Look<'_>, one: &Milestone, state: MilestoneState) -> Facts {
    let owner = one.claimed_by.as_ref().or(one.owner.as_ref());
    let day = one.actual.or(one.due).map(|when| when.day(&look.zone));
    Facts {
        kind: Kind::Milestone,
        id: one.id.clone(),
        title: format!("{} {}", one.code, one.name),
        words: String::new(),
        state: state.word().to_owned(),
        owner: owner.cloned(),
        due_on: day,
    }
}

struct Gates<'g> {
    look: &'g Look<'g>,
    judged: &'g Judged,
    columns: &'g [&'static str],
    first: Option<String>,
}

/// What comes next; if nothing does, what is late, and of a cycle that is through its end.
fn first_seen(all: &[(Facts, (Milestone, MilestoneState))]) -> Option<String> {
    let next = |(_, (_, state)): &&(Facts, (Milestone, MilestoneState))| {
        !state.is_done() && *state != MilestoneState::Late
    };
    let open = |(_, (_, state)): &&(Facts, (Milestone, MilestoneState))| !state.is_done();
    let found = all.iter().find(next).or_else(|| all.iter().find(open));
    found.or(all.last()).map(|(facts, _)| facts.id.clone())
}

impl Lines for Gates<'_> {
    type Line = (Milestone, MilestoneState);

    fn passes(&self, term: &Term, facts: &Facts, (one, _): &Self::Line) -> Result<bool, Refusal> {
        Ok(match term.field.as_str() {
            // The record does not know that it comes next.
            "state" => term.filter.passes_value(&facts.state.as_str().into()),
            // As in every pane: who is asked first.
            "owner" => {
                let owner = facts.owner.as_deref().unwrap_or_default();
                term.filter.passes_value(&owner.into())
            }
            _ => {
                let setting = self.look.setting(self.judged);
                let noun = Noun::Milestone(one.clone());
                term.record(&Seen::new(&noun, &setting, self.look.now))
            }
        })
    }

    fn first_seen(&self, (one, _): &Self::Line) -> bool {
        self.first.as_ref() == Some(&one.id)
    }

    fn row(&self, (one, state): Self::Line, place: Place) -> Row {
        let cells = Cells::Milestone(of_milestone(self.look, &one, state));
        let id = clean(&one.id);
        let setting = self.look.setting(self.judged);
        let noun = Noun::Milestone(one);
        let seen = Seen::new(&noun, &setting, self.look.now);
        let extra = cells::extra(&seen, self.columns);
        Row {
            key: Key {
                kind: Kind::Milestone,
                id,
            },
            tone: match state {
                MilestoneState::Done => Tone::Done,
                MilestoneState::DoneLate => Tone::DoneLate,
                MilestoneState::Late => Tone::Late,
                MilestoneState::Due => Tone::Today,
                MilestoneState::Risk => Tone::Risk,
                MilestoneState::Next => Tone::Next,
                MilestoneState::Planned | MilestoneState::NoDate => Tone::Planned,
            },
            place,
            cells,
            extra,
        }
    }
}

fn of_milestone(look: &Look<'_>, one: &Milestone, state: MilestoneState) -> Gate {
    let slipped = standing::slipped_days(one, &look.zone);
    let days = standing::days_left(one, look.now, &look.zone);
    let note = match (state, days) {
        (MilestoneState::Done, _) => "on time".to_owned(),
        (MilestoneState::DoneLate, _) => format!("{} d late", slipped.max(1)),
        (MilestoneState::Late, Some(days)) => left(days.min(-1), "d"),
        (MilestoneState::Due, _) => "today".to_owned(),
        (MilestoneState::Risk, _) => format!("slipped {slipped} d"),
        (MilestoneState::NoDate, _) | (_, None) => "no date".to_owned(),
        (MilestoneState::Next | MilestoneState::Planned, Some(days)) => format!("{days} d"),
    };
    let day = one.actual.or(one.due).map(|when| when.day(&look.zone));
    Gate {
        code: clean(&one.code),
        name: clean(&one.name),
        date: day
            .map(|day| short_day(day, look.today))
            .unwrap_or_default(),
        note,
        day,
        planned: one.planned.map(|when| when.day(&look.zone)),
    }
}

/// The code of the milestone that comes next, and the days to it.
pub(super) fn next_milestone(look: &Look<'_>) -> Result<Option<(String, i64)>, Refusal> {
    let all = milestones(look)?;
    Ok(standing::next(&all, look.now, &look.zone).and_then(|one| {
        let days = standing::days_left(one, look.now, &look.zone)?;
        Some((clean(&one.code), days))
    }))
}
