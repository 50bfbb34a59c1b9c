//! The rows of each pane, from the desk's records. One file, because each is a few
//! lines: which records, in which order, and what is said of one.

use chrono::NaiveDate;

use super::rows::{
    Cells, Duty, Gate, Key, Note, Pane, Place, Row, Site, Start, Ticket, Tone, Window, WindowAsk,
};
use super::{clean, short_day};
use crate::domain::attention::{Severity, wording};
use crate::domain::clock::{Limit, Unit};
use crate::domain::kind::Kind;
use crate::domain::noun::{Noun, Setting};
use crate::domain::profile::Profile;
use crate::domain::queue::clocks::{self, Clock};
use crate::domain::queue::state::State;
use crate::domain::queue::ticket;
use crate::domain::retro::action_item::{ActionItem, ActionState};
use crate::domain::retro::lesson::{Lesson, LessonKind};
use crate::domain::rollout::site;
use crate::domain::schedule::milestone::Milestone;
use crate::domain::schedule::standing::{self, MilestoneState};
use crate::store::{AttentionRow, Order, RecordRow, Window as Page};
use crate::workspace::look::{Judged, Look, status};
use crate::workspace::refusal::Refusal;

/// The most lines of attention and of schedule that are ever read: more is not looked at.
const MOST: usize = 1000;

/// A pane's kinds in their order: open ones, closed ones, or both.
fn parts(pane: Pane) -> &'static [(Kind, Option<bool>)] {
    match pane {
        Pane::Queue => &[(Kind::Ticket, None)],
        Pane::Sites => &[(Kind::Site, None)],
        Pane::Retro => &[
            (Kind::Action, Some(true)),
            (Kind::Lesson, None),
            (Kind::Action, Some(false)),
        ],
        Pane::Attention | Pane::Schedule => &[],
    }
}

/// A window on a pane whose rows may be many.
pub(super) fn window(look: &Look<'_>, judged: &Judged, ask: &WindowAsk) -> Result<Window, Refusal> {
    let wanted = ask.limit + 1;
    let (backwards, from) = match &ask.start {
        Start::Top => (false, None),
        Start::After(place) => (false, Some(place)),
        Start::Bottom => (true, None),
        Start::Before(place) => (true, Some(place)),
    };
    let mut found = read(look, ask.pane, (backwards, from), wanted)?;
    let beyond = (found.len() == wanted).then(|| found.pop()).flatten();
    let (above, more) = if backwards {
        found.reverse();
        // The one row too many lies above the first.
        (
            beyond.map(|(place, _)| place),
            matches!(ask.start, Start::Before(_)),
        )
    } else {
        (from.cloned(), beyond.is_some())
    };
    let mut rows = Vec::with_capacity(found.len());
    for (place, record) in found {
        rows.extend(row(look, judged, place, &record)?);
    }
    Ok(Window { rows, above, more })
}

/// The records after (or before) a place, in the direction of reading.
fn read(
    look: &Look<'_>,
    pane: Pane,
    (backwards, from): (bool, Option<&Place>),
    wanted: usize,
) -> Result<Vec<(Place, RecordRow)>, Refusal> {
    let parts = parts(pane);
    let mut order: Vec<usize> = (0..parts.len()).collect();
    if backwards {
        order.reverse();
    }
    let passed = |part: usize| {
        from.is_some_and(|place| {
            if backwards {
                part > place.part
            } else {
                part < place.part
            }
        })
    };
    let mut found = Vec::new();
    for part in order.into_iter().filter(|part| !passed(*part)) {
        let (kind, open) = parts[part];
        let start = from
            .filter(|place| place.part == part)
            .map(|place| (place.open, place.sort.clone()));
        let edge = match (open, backwards) {
            (Some(false), false) => Some((true, "\u{10FFFF}".to_owned())),
            (Some(true), true) => Some((false, String::new())),
            _ => None,
        };
        let wish = Page {
            kind,
            order: Order::Urgency,
            after: start.or(edge),
            backwards,
            limit: wanted - found.len(),
        };
        for record in look.reader.window(&wish)? {
            if open.is_some_and(|open| record.open != open) {
                break;
            }
            let place = Place {
                part,
                open: record.open,
                sort: record.sort.clone(),
            };
            found.push((place, record));
        }
        if found.len() >= wanted {
            break;
        }
    }
    Ok(found)
}

fn row(
    look: &Look<'_>,
    judged: &Judged,
    place: Place,
    record: &RecordRow,
) -> Result<Option<Row>, Refusal> {
    let (tone, cells) = match record.noun()? {
        Some(Noun::Ticket(ticket)) => {
            let (tone, cells) = of_ticket(&ticket, &look.setting(judged), look.today);
            (tone, Cells::Ticket(cells))
        }
        Some(Noun::Site(site)) => of_site(&site),
        Some(Noun::Action(action)) => of_action(&action, look.today),
        Some(Noun::Lesson(lesson)) => of_lesson(&lesson),
        _ => return Ok(None),
    };
    let key = Key {
        kind: record.kind,
        id: clean(&record.id),
    };
    Ok(Some(Row {
        key,
        tone,
        place,
        cells,
    }))
}

/// What needs a human; not so many that they need a window.
pub(super) fn attention(
    look: &Look<'_>,
    judged: &Judged,
    ask: &WindowAsk,
) -> Result<Window, Refusal> {
    let limit = ask.limit.max(MOST);
    let mut lines = look.reader.attention(look.today, None, limit)?;
    lines.truncate(limit);
    let rows = lines.into_iter().enumerate().map(|(n, line)| Row {
        key: Key {
            kind: line.kind,
            id: clean(&line.id),
        },
        tone: match line.severity {
            Severity::Breach => Tone::Breach,
            Severity::Duty => Tone::Duty,
            Severity::Due => Tone::Due,
            Severity::Info => Tone::Info,
        },
        place: numbered(n),
        cells: Cells::Duty(of_duty(look, judged, &line)),
    });
    Ok(Window {
        rows: rows.collect(),
        above: None,
        more: false,
    })
}

fn numbered(n: usize) -> Place {
    Place {
        part: 0,
        open: true,
        sort: format!("{n:08}"),
    }
}

fn of_duty(look: &Look<'_>, judged: &Judged, line: &AttentionRow) -> Duty {
    let (what, step) = wording(line.code, line.severity, &line.what, &line.step);
    let days = match status::days_left(look.today, Some(judged), line) {
        (Some(days), unit) => left(days, unit),
        (None, _) => String::new(),
    };
    Duty {
        code: line.code,
        title: clean(&line.title),
        what: clean(what),
        days,
        who: line.who.as_deref().map(clean).unwrap_or_default(),
        step: clean(step),
    }
}

/// `+4 d` past the last day, `19 d` before it.
fn left(days: i64, unit: &str) -> String {
    if days < 0 {
        format!("+{} {unit}", -days)
    } else {
        format!("{days} {unit}")
    }
}

fn unit(limit: Limit) -> &'static str {
    match limit.unit {
        Unit::WorkingDays => "wd",
        Unit::Days | Unit::Weeks | Unit::Months => "d",
    }
}

fn label(profile: &Profile, state: State) -> String {
    clean(profile.label(state))
}

fn of_ticket(ticket: &ticket::Ticket, setting: &Setting<'_>, today: NaiveDate) -> (Tone, Ticket) {
    let shown = clocks::ticket_reading(ticket, setting, today);
    let state = ticket.standing.state;
    let amber = shown.amber_on.is_some_and(|amber_on| today >= amber_on);
    let (permille, clock, broken) = match &shown.clock {
        Clock::Running(reading) => (
            Some(reading.permille),
            left(reading.days_left, unit(reading.limit)),
            false,
        ),
        Clock::Until { days_left, .. } => (None, format!("until {}", left(*days_left, "d")), false),
        Clock::Promised {
            promise,
            days_left,
            broken,
        } => {
            let text = if *broken {
                format!("promised {}", left(*days_left, "d"))
            } else {
                format!("promised {}", short_day(*promise, today))
            };
            (None, text, *broken)
        }
        Clock::Review { on, days_left } if *days_left < 0 => {
            (None, format!("review {}", short_day(*on, today)), true)
        }
        Clock::Review { on, .. } => (None, format!("review {}", short_day(*on, today)), false),
        Clock::None => (None, String::new(), false),
    };
    let tone = if shown.overdue || broken {
        Tone::Late
    } else if !state.is_open() {
        Tone::Closed
    } else if amber {
        Tone::Risk
    } else {
        Tone::Info
    };
    let text = |text: &Option<String>| text.as_deref().map(clean).unwrap_or_default();
    let cells = Ticket {
        title: clean(&ticket.label()),
        arch: clean(&ticket.arch),
        state: label(setting.profile, state),
        permille,
        clock,
        due: shown
            .due
            .map(|due| format!("due {}", short_day(due, today)))
            .unwrap_or_default(),
        owner: ticket.who().map(clean).unwrap_or_default(),
        verifier: text(&ticket.verifier),
    };
    (tone, cells)
}

fn of_site(site: &site::Site) -> (Tone, Cells) {
    let contact = site
        .contact
        .as_deref()
        .is_some_and(|contact| !contact.is_empty());
    let sla: Vec<String> = site
        .sla
        .iter()
        .map(|(product, sla)| {
            let unit = if sla.working { "wd" } else { "d" };
            format!("{} {} {unit}", clean(product), sla.days)
        })
        .collect();
    let cells = Site {
        name: clean(&site.name),
        country: site.country.as_deref().map(clean).unwrap_or_default(),
        contact,
        sla: sla.join(", "),
    };
    (
        if contact { Tone::Info } else { Tone::Risk },
        Cells::Site(cells),
    )
}

fn of_action(action: &ActionItem, today: NaiveDate) -> (Tone, Cells) {
    let late = action.due.is_some_and(|due| due < today);
    let tone = match action.standing.state {
        ActionState::Open if late => Tone::Late,
        ActionState::Open => Tone::Planned,
        ActionState::Done => Tone::Done,
        ActionState::Dropped => Tone::Closed,
    };
    let who = action.claimed_by.as_deref().or(action.owner.as_deref());
    let cells = Note {
        action: true,
        text: clean(&action.text),
        who: who.map(clean).unwrap_or_default(),
        tail: action
            .due
            .map(|due| short_day(due, today))
            .unwrap_or_default(),
    };
    (tone, Cells::Note(cells))
}

fn of_lesson(lesson: &Lesson) -> (Tone, Cells) {
    let tone = match lesson.kind {
        LessonKind::WentWell => Tone::Good,
        LessonKind::Improve => Tone::Improve,
        LessonKind::Puzzle => Tone::Puzzle,
    };
    let votes = lesson.votes.len();
    let cells = Note {
        action: false,
        text: clean(&lesson.text),
        who: String::new(),
        tail: if votes == 0 {
            String::new()
        } else {
            format!("{votes}v")
        },
    };
    (tone, Cells::Note(cells))
}

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

pub(super) fn schedule(look: &Look<'_>, _: &Judged, _: &WindowAsk) -> Result<Window, Refusal> {
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
pub(super) fn next_milestone(
    look: &Look<'_>,
    _: &Judged,
) -> Result<Option<(String, i64)>, Refusal> {
    let all = milestones(look)?;
    Ok(standing::next(&all, look.now, &look.zone).and_then(|one| {
        let days = standing::days_left(one, look.now, &look.zone)?;
        Some((clean(&one.code), days))
    }))
}

/// Open actions whose day has passed; they come first, so few rows are read.
pub(super) fn late_actions(look: &Look<'_>) -> Result<u64, Refusal> {
    let open = look.reader.first_open(Kind::Action, 100)?;
    let late = open
        .iter()
        .filter(|row| row.due_on.is_some_and(|due| due < look.today));
    Ok(late.count() as u64)
}
