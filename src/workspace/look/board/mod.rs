//! The data of the screen's panes, read in one look: only the rows that are shown and
//! the counts in their titles. Writes nothing and keeps nothing.

mod cells;
mod duties;
mod gates;
mod grid;
mod order;
mod panes;
mod rollout;
pub mod rows;
mod search;
mod sieve;
mod states;
#[cfg(test)]
mod tests;
mod whole;

use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};

use self::grid::Grid;
pub use self::panes::kinds;
use self::rows::{Ask, Board, CycleHead, HeadCounts, Header, Pane, States, Window, WindowAsk};
use self::sieve::Sieve;
pub use self::states::by_state;
use super::{Judged, Look, composer, news, schedule, status};
use crate::domain::clock::Limit;
use crate::domain::field;
use crate::domain::kind::Kind;
use crate::domain::plain::plain;
use crate::domain::queue::state::{State, SubmissionState};
use crate::domain::schedule::cycle::{Cycle, CycleState};
use crate::store::{Counts, Store};
use crate::workspace::refusal::Refusal;
use crate::workspace::share;

/// Told between two pieces of work whether the answer is still wanted.
pub type GoOn<'a> = &'a mut dyn FnMut() -> bool;

/// Reads what the screen asks for, all of it at one moment and without leaving a trace.
pub fn load(
    path: &Path,
    ask: &Ask,
    now: DateTime<Utc>,
    who: Option<&str>,
) -> Result<Board, Refusal> {
    Ok(load_while(path, ask, (now, who), &mut || true)?.unwrap_or_default())
}

/// The same while it is wanted; none once it is not.
pub fn load_while(
    path: &Path,
    ask: &Ask,
    (now, who): (DateTime<Utc>, Option<&str>),
    go_on: GoOn<'_>,
) -> Result<Option<Board>, Refusal> {
    Store::look(path, &mut |reader| {
        Ok(Look::on(reader, now, ask.as_of)
            .and_then(|look| board_while(&look, ask, who, &mut *go_on)))
    })?
}

/// The same on a desk that is open already.
pub fn board(look: &Look<'_>, ask: &Ask, who: Option<&str>) -> Result<Board, Refusal> {
    Ok(board_while(look, ask, who, &mut || true)?.unwrap_or_default())
}

fn board_while(
    look: &Look<'_>,
    ask: &Ask,
    who: Option<&str>,
    go_on: GoOn<'_>,
) -> Result<Option<Board>, Refusal> {
    let judged = look.judged()?;
    let mut board = Board::default();
    for asked in &ask.windows {
        let Some(window) = window(look, &judged, asked, &mut *go_on)? else {
            return Ok(None);
        };
        board.windows.push((asked.pane, window));
    }
    if let Some(asked) = &ask.states {
        let Some(columns) = by_state(look, &judged, asked, &mut *go_on)? else {
            return Ok(None);
        };
        board.states = Some(States {
            filter: asked.filter.clone(),
            columns,
            note: Sieve::new(&asked.filter, kinds(Pane::Queue), &[]).note,
        });
    }
    if ask.header {
        board.header = Some(header(look, &judged, who)?);
        board.news = Some(news::news(look, ask.looked.as_ref(), who)?);
    }
    Ok(Some(board))
}

fn window(
    look: &Look<'_>,
    judged: &Judged,
    ask: &WindowAsk,
    go_on: GoOn<'_>,
) -> Result<Option<Window>, Refusal> {
    match ask.pane {
        Pane::Attention => Ok(Some(duties::window(look, judged, ask)?)),
        Pane::Schedule => Ok(Some(gates::window(look, judged, ask)?)),
        Pane::Queue
        | Pane::Sites
        | Pane::Retro
        | Pane::Outbox
        | Pane::Submissions
        | Pane::Products
        | Pane::People
        | Pane::Cycles
        | Pane::Announcements
        | Pane::Problems
        | Pane::Releases => panes::window(look, judged, ask, go_on),
    }
}

/// The fields that may be asked for as columns of a pane, or named in its filter.
pub fn fields(pane: Pane) -> Vec<&'static str> {
    let mut names = Vec::new();
    for field in kinds(pane).iter().flat_map(|kind| field::fields(*kind)) {
        if !names.contains(&field.name) {
            names.push(field.name);
        }
    }
    names
}

/// How many rows of a pane pass its filter. Counted in pieces: none if it was not wanted
/// any more before the end.
pub fn count(
    path: &Path,
    ask: &WindowAsk,
    now: DateTime<Utc>,
    go_on: GoOn<'_>,
) -> Result<Option<u64>, Refusal> {
    Store::look(path, &mut |reader| {
        Ok(Look::on(reader, now, ask.as_of).and_then(|look| {
            let judged = look.judged()?;
            if matches!(ask.pane, Pane::Attention | Pane::Schedule) {
                let all = window(&look, &judged, ask, &mut *go_on)?;
                return Ok(all.map(|window| window.rows.len() as u64));
            }
            panes::count(&look, &judged, ask, &mut *go_on)
        }))
    })?
}

/// A text of somebody else, safe for a terminal.
fn clean(text: &str) -> String {
    plain(text).into_owned()
}

/// `3 wd`: days in the unit of their limit.
pub(super) fn days(n: i64, limit: Limit) -> String {
    format!("{n} {}", cells::unit(limit))
}

/// `17 Dec`, and the year where it is another one.
pub fn short_day(day: NaiveDate, today: NaiveDate) -> String {
    use chrono::Datelike as _;
    let format = if day.year() == today.year() {
        "%-d %b"
    } else {
        "%-d %b %y"
    };
    day.format(format).to_string()
}

fn cycle_head(look: &Look<'_>, cycle: &Cycle) -> Result<CycleHead, Refusal> {
    let release = schedule::release_day(look, cycle)?;
    Ok(CycleHead {
        name: clean(&cycle.name),
        release: release
            .map(|day| short_day(day, look.today))
            .unwrap_or_default(),
        week: release
            .map(|day| crate::domain::schedule::countdown::week_name(look.today, day))
            .unwrap_or_default(),
        days_left: release.map_or(0, |day| (day - look.today).num_days()),
    })
}

fn header(look: &Look<'_>, judged: &Judged, who: Option<&str>) -> Result<Header, Refusal> {
    let cycle = match status::open_cycle(look)? {
        Some(cycle) => Some(cycle_head(look, &cycle)?),
        None => None,
    };
    let counts = look.reader.counts(look.today)?;
    let mut heads = head_counts(look, &counts, who)?;
    if heads.announcements_open > 0 {
        heads.silent = Grid::load(look, &look.setting(judged))?.silent();
    }
    Ok(Header {
        project: clean(&look.desk.name),
        cycle,
        people: people(look),
        zone: look.zone.clone(),
        calendar: look.calendar()?,
        today: look.today,
        release: composer::head(look)?,
        next: gates::next_milestone(look)?,
        counts: heads,
        shared: share::is_shared(look.reader)?,
    })
}

/// Who is primary, and who is away or soon will be.
fn people(look: &Look<'_>) -> Vec<String> {
    let desk = &look.desk;
    let mut texts = Vec::new();
    if let Some(primary) = &desk.primary {
        texts.push(format!("{} primary", clean(primary)));
    }
    for (name, spells) in &desk.away {
        let near = spells
            .iter()
            .filter(|away| away.to >= look.today && (away.from - look.today).num_days() <= 14)
            .min_by_key(|away| away.from);
        if let Some(away) = near {
            let name = clean(name);
            texts.push(if away.from <= look.today {
                format!("{name} away until {}", short_day(away.to, look.today))
            } else {
                format!("{name} away from {}", short_day(away.from, look.today))
            });
        }
    }
    texts
}

fn head_counts(look: &Look<'_>, counts: &Counts, who: Option<&str>) -> Result<HeadCounts, Refusal> {
    let of = |kind: Kind, state: &str| -> u64 {
        let states = counts.states.iter();
        states
            .filter(|(k, s, _)| k == kind.word() && s == state)
            .map(|(_, _, n)| n)
            .sum()
    };
    let all = |kind: Kind| -> u64 {
        counts
            .states
            .iter()
            .filter(|(k, _, _)| k == kind.word())
            .map(|(_, _, n)| n)
            .sum()
    };
    let open = State::ALL.into_iter().filter(|state| state.is_open());
    let closed_cycles = of(Kind::Cycle, CycleState::Closed.word());
    let submissions = SubmissionState::ALL
        .into_iter()
        .filter(|state| state.is_open());
    let mine = counts
        .by_person
        .iter()
        .filter(|(name, _)| who.is_some_and(|who| who.eq_ignore_ascii_case(name)));
    Ok(HeadCounts {
        attention: counts.attention,
        mine: mine.map(|(_, n)| n).sum(),
        overdue: counts.overdue,
        broken_promises: counts.broken_promises,
        due_soon: counts.due_soon,
        drafts: counts.drafts,
        conflicts: counts.conflicts,
        ready: of(Kind::Ticket, State::Ready.word()),
        queue_open: open.map(|state| of(Kind::Ticket, state.word())).sum(),
        sites: all(Kind::Site),
        actions_open: of(Kind::Action, "open"),
        actions_late: duties::late_actions(look)?,
        lessons: all(Kind::Lesson),
        submissions_open: submissions
            .map(|state| of(Kind::Submission, state.word()))
            .sum(),
        products: all(Kind::Product),
        people: all(Kind::Person),
        cycles_open: all(Kind::Cycle).saturating_sub(closed_cycles),
        ..rollout::head_counts(counts)
    })
}
