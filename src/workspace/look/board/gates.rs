//! The milestones of the open cycle as rows, in the order of their days. Moves none.

use super::cells::left;
use super::duties::{MOST, numbered};
use super::rows::{Cells, Gate, Key, Row, Tone, Window};
use super::{clean, short_day};
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::schedule::milestone::Milestone;
use crate::domain::schedule::standing::{self, MilestoneState};
use crate::workspace::look::{Look, status};
use crate::workspace::refusal::Refusal;

/// The milestones of the open cycle, in the order of their days.
fn milestones(look: &Look<'_>) -> Result<Vec<Milestone>, Refusal> {
    let Some(cycle) = status::open_cycle(look)? else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for record in look.reader.children(Kind::Milestone, &cycle.name)? {
        if let Some(Noun::Milestone(milestone)) = record.noun()? {
            found.push(milestone);
        }
    }
    found.sort_by_cached_key(|one| {
        let day = one.actual.or(one.due).map(|when| when.day(&look.zone));
        (day.is_none(), day, one.code.clone())
    });
    found.truncate(MOST);
    Ok(found)
}

pub(super) fn window(look: &Look<'_>) -> Result<Window, Refusal> {
    let all = milestones(look)?;
    let next = standing::next(&all, look.now, &look.zone).map(|one| one.id.clone());
    let rows = all.iter().enumerate().map(|(n, one)| {
        let state = standing::standing(one, look.now, &look.zone, next.as_deref() == Some(&one.id));
        Row {
            key: Key {
                kind: Kind::Milestone,
                id: clean(&one.id),
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
            place: numbered(n),
            cells: Cells::Milestone(of_milestone(look, one, state)),
        }
    });
    Ok(Window {
        rows: rows.collect(),
        above: None,
        more: false,
    })
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
