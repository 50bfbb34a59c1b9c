//! The desk in one look: cycle, next milestone, counts, what needs a human.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::device_clock::{self, Ahead};
use super::{Judged, Look, gate, schedule};
use crate::domain::attention::Severity;
use crate::domain::clock::Unit;
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::queue::state::State;
use crate::domain::schedule::countdown;
use crate::domain::schedule::cycle::Cycle;
use crate::store::{AttentionRow, Counts};
use crate::workspace::refusal::Refusal;
use crate::workspace::share;

/// How many lines of attention a status shows; `next` shows more.
pub const LINES: usize = 20;

/// PRODUCT.md section 5, `status`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Status {
    pub project: String,
    pub cycle: Option<CycleLine>,
    pub next_milestone: Option<NextMilestone>,
    pub counts: StatusCounts,
    pub attention: Vec<AttentionLine>,
    /// All the lines there are, of which `attention` holds the first.
    pub attention_total: u64,
    /// Who asks to share the desk, as far as this desk has heard.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub asking: Vec<String>,
    /// What held the exchange with the others up when it was last tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sharing: Option<Sharing>,
    /// Whose device's clock is ahead of the reader's.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clocks_ahead: Vec<Ahead>,
    /// The same in a sentence.
    #[serde(skip)]
    pub clocks: Option<String>,
}

/// What holds an exchange up: in a word or two, and in a sentence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sharing {
    pub brief: &'static str,
    pub sentence: String,
}

/// The open cycle that is released next.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CycleLine {
    pub name: String,
    pub state: String,
    pub release: Option<NaiveDate>,
    pub days_left: Option<i64>,
    /// The countdown week: `R-4`.
    pub week: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NextMilestone {
    pub id: String,
    pub code: String,
    pub name: String,
    pub due: Option<NaiveDate>,
    pub days_left: Option<i64>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct StatusCounts {
    pub queue: BTreeMap<String, u64>,
    pub overdue: u64,
    pub due_soon: u64,
    pub broken_promises: u64,
    pub unsent_delay_notices: u64,
    pub to_sign: u64,
    pub critical_problems: u64,
    pub drafts: u64,
    pub conflicts: u64,
    /// Breaches of any kind, for `status --check`.
    #[serde(skip)]
    pub breaches: u64,
    #[serde(skip)]
    pub by_person: Vec<(String, u64)>,
}

/// One line of what needs a human.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AttentionLine {
    pub id: String,
    pub kind: &'static str,
    pub severity: Severity,
    pub title: String,
    pub what: String,
    /// What would settle it.
    pub step: String,
    pub due: Option<NaiveDate>,
    pub days_left: Option<i64>,
    /// What `days_left` counts: `d`, or `wd` for working days.
    pub unit: &'static str,
    pub who: Option<String>,
}

impl AttentionLine {
    fn new(row: AttentionRow, (days_left, unit): (Option<i64>, &'static str)) -> Self {
        Self {
            id: row.id,
            kind: row.kind.word(),
            severity: row.severity,
            title: row.title,
            what: row.what,
            step: row.step,
            days_left,
            unit,
            due: row.due_on,
            who: row.who,
        }
    }
}

/// The desk in one look.
pub fn status(look: &Look<'_>, lines: usize) -> Result<Status, Refusal> {
    let counts = look.reader.counts(look.today)?;
    let attention = next(look, None, lines)?;
    let ahead = device_clock::devices(look.reader, look.clock)?;
    Ok(Status {
        project: look.desk.name.clone(),
        cycle: cycle(look)?,
        next_milestone: next_milestone(look)?,
        attention_total: counts.attention,
        counts: status_counts(counts),
        attention,
        asking: share::facts::who_asked(look.reader)?,
        sharing: share::facts::held(look.reader)?.map(|held| Sharing {
            brief: share::words::held_brief(&held),
            sentence: share::words::held_sentence(&held, &look.zone),
        }),
        clocks: device_clock::told(&ahead, &look.zone, look.clock),
        clocks_ahead: ahead,
    })
}

/// What waits on a person, or on anybody; the most urgent first.
pub fn next(
    look: &Look<'_>,
    who: Option<&str>,
    lines: usize,
) -> Result<Vec<AttentionLine>, Refusal> {
    let rows = look.reader.attention(look.today, who, lines)?;
    lines_of(look, rows)
}

/// Rows of attention with their days counted as their limits count them.
pub fn lines_of(look: &Look<'_>, rows: Vec<AttentionRow>) -> Result<Vec<AttentionLine>, Refusal> {
    // Only a submission's limit may be in working days; the calendar is read for it alone.
    let working = rows.iter().any(|row| row.kind == Kind::Submission);
    let judged = working.then(|| look.judged()).transpose()?;
    let lines = rows.into_iter().map(|row| {
        let days = days_left(look.today, judged.as_ref(), &row);
        let newer = look.reader.needs_newer(row.kind, &row.id)?;
        let mut line = AttentionLine::new(row, days);
        if newer {
            gate::NEEDS_NEWER.clone_into(&mut line.step);
        }
        Ok(line)
    });
    lines.collect()
}

/// Days to a duty's last day, in working days where its limit is: a submission's.
pub fn days_left(
    today: NaiveDate,
    judged: Option<&Judged>,
    row: &AttentionRow,
) -> (Option<i64>, &'static str) {
    let Some(due) = row.due_on else {
        return (None, "d");
    };
    let in_working_days = judged.filter(|judged| {
        let limit = judged.profile.injection_limit;
        row.kind == Kind::Submission && limit.is_some_and(|it| it.unit == Unit::WorkingDays)
    });
    match in_working_days {
        Some(judged) if due >= today => {
            (Some(judged.calendar.working_days_between(today, due)), "wd")
        }
        _ => (Some((due - today).num_days()), "d"),
    }
}

fn status_counts(counts: Counts) -> StatusCounts {
    let mut queue: BTreeMap<String, u64> = State::ALL
        .into_iter()
        .map(|state| (state.word().to_owned(), 0))
        .collect();
    for (kind, state, n) in counts.states {
        if kind == Kind::Ticket.word() {
            queue.insert(state, n);
        }
    }
    StatusCounts {
        queue,
        overdue: counts.overdue,
        due_soon: counts.due_soon,
        broken_promises: counts.broken_promises,
        unsent_delay_notices: counts.unsent_delay_notices,
        to_sign: 0,
        critical_problems: counts.critical_problems,
        drafts: counts.drafts,
        conflicts: counts.conflicts,
        breaches: counts.breaches,
        by_person: counts.by_person,
    }
}

/// The open cycle with the nearest release.
pub fn open_cycle(look: &Look<'_>) -> Result<Option<Cycle>, Refusal> {
    for row in look.reader.first_open(Kind::Cycle, 1)? {
        if let Some(Noun::Cycle(cycle)) = row.noun()? {
            return Ok(Some(cycle));
        }
    }
    Ok(None)
}

fn cycle(look: &Look<'_>) -> Result<Option<CycleLine>, Refusal> {
    let Some(cycle) = open_cycle(look)? else {
        return Ok(None);
    };
    let release = schedule::release_day(look, &cycle)?;
    Ok(Some(CycleLine {
        state: cycle.standing.state.word().to_owned(),
        days_left: release.map(|day| (day - look.today).num_days()),
        week: release.map(|day| countdown::week_name(look.today, day)),
        release,
        name: cycle.name,
    }))
}

fn next_milestone(look: &Look<'_>) -> Result<Option<NextMilestone>, Refusal> {
    // The earliest that is not late; late ones are in the list of what needs a human.
    let open = look.reader.first_open(Kind::Milestone, 64)?;
    let coming = open
        .iter()
        .find(|row| row.due_on.is_some_and(|due| due >= look.today));
    let Some(row) = coming.or(open.first()) else {
        return Ok(None);
    };
    let Some(Noun::Milestone(milestone)) = row.noun()? else {
        return Ok(None);
    };
    Ok(Some(NextMilestone {
        days_left: row.due_on.map(|due| (due - look.today).num_days()),
        due: row.due_on,
        id: milestone.id,
        code: milestone.code,
        name: milestone.name,
    }))
}
