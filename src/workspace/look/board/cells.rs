//! What a row says of its record: one function a kind, a few lines each. Decides
//! nothing; every text in a row has been made plain.

use chrono::NaiveDate;

use super::grid;
use super::rollout;
use super::rows::{Cells, Key, Note, Place, Record, Row, Site, Ticket, Tone};
use super::{clean, short_day};
use crate::domain::clock::{Limit, Reading, Unit};
use crate::domain::field::{self, Seen};
use crate::domain::message::{Message, MessageState};
use crate::domain::noun::{Noun, Setting};
use crate::domain::people::Person;
use crate::domain::profile::Profile;
use crate::domain::queue::clocks::{self, Clock};
use crate::domain::queue::product::Product;
use crate::domain::queue::state::State;
use crate::domain::queue::submission::Submission;
use crate::domain::queue::ticket;
use crate::domain::retro::action_item::{ActionItem, ActionState};
use crate::domain::retro::lesson::{Lesson, LessonKind};
use crate::domain::rollout::ledger::Figures;
use crate::domain::rollout::site;
use crate::domain::schedule::countdown;
use crate::domain::schedule::cycle::{Cycle, CycleState};
use crate::store::RecordRow;
use crate::workspace::look::{Judged, Look, gate, schedule};
use crate::workspace::refusal::Refusal;

/// A record as a row of its pane; none for a kind that no pane lists.
pub(super) fn row(
    look: &Look<'_>,
    judged: &Judged,
    place: Place,
    record: &RecordRow,
    columns: &[&str],
) -> Result<Option<Row>, Refusal> {
    let Some(noun) = record.noun()? else {
        return Ok(None);
    };
    let setting = look.setting(judged);
    let (tone, cells) = match &noun {
        Noun::Ticket(ticket) => of_ticket(ticket, &setting, look.today),
        Noun::Site(site) => {
            let figures = look.figures(&noun, &setting)?;
            of_site(site, figures.as_ref())
        }
        Noun::Action(action) => of_action(action, look.today),
        Noun::Lesson(lesson) => of_lesson(lesson),
        Noun::Message(message) => of_message(message, &setting, look.today),
        Noun::Submission(submission) => of_submission(submission, &setting, look.today),
        Noun::Product(product) => of_product(product),
        Noun::Person(person) => of_person(person, look.today),
        Noun::Cycle(cycle) => of_cycle(look, cycle)?,
        Noun::Announcement(announcement) => rollout::of_announcement(look, &setting, announcement)?,
        Noun::Problem(problem) => rollout::of_problem(problem, &setting, look.today),
        Noun::KnownError(error) => rollout::of_error(error, &setting, look.today),
        Noun::Release(release) => rollout::of_release(release, look.today),
        Noun::Desk(_) | Noun::Milestone(_) => return Ok(None),
    };
    let key = Key {
        kind: record.kind,
        id: clean(&record.id),
    };
    let newer = look.reader.needs_newer(record.kind, &record.id)?;
    let (tone, cells) = disputed(record, newer, (tone, cells));
    // Nothing is worked out where no column asks for it.
    let extra = match columns {
        [] => Vec::new(),
        columns => extra(&look.seen(&noun, &setting)?, columns),
    };
    Ok(Some(Row {
        key,
        tone,
        place,
        cells,
        extra,
    }))
}

/// What two managers have to settle or to mend, and what only a newer version may change, says
/// so beside its state, or before its name where it shows none.
fn disputed(record: &RecordRow, newer: bool, (tone, mut cells): (Tone, Cells)) -> (Tone, Cells) {
    let Some(word) = gate::mark(newer, record.contested, record.broken) else {
        return (tone, cells);
    };
    match &mut cells {
        Cells::Ticket(Ticket { state, .. }) | Cells::Record(Record { state, .. }) => {
            *state = match state.as_str() {
                "" => word.to_owned(),
                state => format!("{word}, {state}"),
            };
        }
        Cells::Site(Site { name, .. }) | Cells::Note(Note { text: name, .. }) => {
            *name = marked(word, name);
        }
        Cells::Duty(_) | Cells::Milestone(_) => {}
    }
    (Tone::Duty, cells)
}

/// "contested: Code freeze"
pub(super) fn marked(word: &str, name: &str) -> String {
    format!("{word}: {name}")
}

/// The texts of further fields.
pub(super) fn extra(seen: &Seen<'_>, columns: &[&str]) -> Vec<String> {
    let fields = field::fields(seen.noun.kind());
    let text = |name: &&str| {
        let field = fields.iter().find(|field| field.name == *name);
        let value = field.map(|field| (field.get)(seen));
        clean(&value.as_ref().map(field::text).unwrap_or_default())
    };
    columns.iter().map(text).collect()
}

fn text(text: Option<&str>) -> String {
    text.map(clean).unwrap_or_default()
}

/// `+4 d` past the last day, `19 d` before it.
pub(super) fn left(days: i64, unit: &str) -> String {
    if days < 0 {
        format!("+{} {unit}", -days)
    } else {
        format!("{days} {unit}")
    }
}

pub(super) fn unit(limit: Limit) -> &'static str {
    match limit.unit {
        Unit::WorkingDays => "wd",
        Unit::Days | Unit::Weeks | Unit::Months => "d",
    }
}

fn day(day: Option<NaiveDate>, today: NaiveDate) -> String {
    day.map(|day| short_day(day, today)).unwrap_or_default()
}

fn label(profile: &Profile, state: State) -> String {
    clean(profile.label(state))
}

fn of_ticket(ticket: &ticket::Ticket, setting: &Setting<'_>, today: NaiveDate) -> (Tone, Cells) {
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
    let cells = Ticket {
        title: clean(&ticket.label()),
        arch: clean(&ticket.arch),
        state: label(setting.profile, state),
        permille,
        clock,
        due: day(shown.due, today),
        owner: text(ticket.who()),
        verifier: text(ticket.verifier.as_deref()),
    };
    (tone, Cells::Ticket(cells))
}

fn of_site(site: &site::Site, figures: Option<&Figures>) -> (Tone, Cells) {
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
        country: text(site.country.as_deref()),
        contact,
        sla: sla.join(", "),
        runs: grid::runs(site),
        ledger: figures.and_then(grid::ledger),
        ..Site::default()
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
        who: text(who),
        tail: day(action.due, today),
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

fn of_message(message: &Message, setting: &Setting<'_>, today: NaiveDate) -> (Tone, Cells) {
    let standing = &message.standing;
    let tone = match standing.state {
        MessageState::Drafted if message.kind.is_owed() => Tone::Duty,
        MessageState::Drafted => Tone::Info,
        MessageState::Sent | MessageState::Skipped => Tone::Closed,
    };
    let cells = Record {
        title: clean(&message.subject),
        state: standing.state.word().to_owned(),
        who: clean(&message.to.join(", ")),
        more: message.kind.label().to_owned(),
        day: short_day(standing.entered.day(setting.zone), today),
        ..Record::default()
    };
    (tone, Cells::Record(cells))
}

fn of_submission(
    submission: &Submission,
    setting: &Setting<'_>,
    today: NaiveDate,
) -> (Tone, Cells) {
    let shown = clocks::submission_reading(submission, setting, today);
    let running: Option<&Reading> = shown.reading.as_ref().filter(|_| shown.running);
    let amber = shown.amber_on.is_some_and(|amber_on| today >= amber_on);
    let tone = if shown.overdue {
        Tone::Late
    } else if !submission.standing.state.is_open() {
        Tone::Closed
    } else if amber {
        Tone::Risk
    } else {
        Tone::Info
    };
    let targets: Vec<String> = submission
        .targets
        .iter()
        .map(|target| format!("{}/{}", target.platform, target.arch))
        .collect();
    let cells = Record {
        title: clean(&submission.label()),
        state: submission.standing.state.word().to_owned(),
        permille: running.map(|reading| reading.permille),
        clock: running
            .map(|reading| left(reading.days_left, unit(reading.limit)))
            .unwrap_or_default(),
        who: text(submission.who()),
        more: clean(&targets.join(", ")),
        day: day(running.map(|reading| reading.due), today),
    };
    (tone, Cells::Record(cells))
}

/// A product without a contact cannot be told of delays.
fn of_product(product: &Product) -> (Tone, Cells) {
    let contact = product.contact.as_deref().filter(|mail| !mail.is_empty());
    let cells = Record {
        who: text(product.provider.as_deref()),
        more: contact.map_or_else(|| "no contact".to_owned(), clean),
        ..Record::default()
    };
    let tone = if contact.is_some() {
        Tone::Info
    } else {
        Tone::Risk
    };
    (tone, Cells::Record(cells))
}

fn of_person(person: &Person, today: NaiveDate) -> (Tone, Cells) {
    let next = person
        .away
        .iter()
        .filter(|away| away.to >= today)
        .min_by_key(|away| away.from);
    let away = match next {
        Some(away) if away.from <= today => format!("away until {}", short_day(away.to, today)),
        Some(away) => format!("away from {}", short_day(away.from, today)),
        None => String::new(),
    };
    let cells = Record {
        state: clean(&person.roles.join(", ")),
        who: text(person.organisation.as_deref()),
        more: text(person.mail.as_deref()),
        day: away,
        ..Record::default()
    };
    let tone = match next {
        Some(away) if away.from <= today => Tone::Closed,
        Some(_) | None => Tone::Info,
    };
    (tone, Cells::Record(cells))
}

fn of_cycle(look: &Look<'_>, cycle: &Cycle) -> Result<(Tone, Cells), Refusal> {
    let today = look.today;
    let state = cycle.standing.state;
    let release = match state {
        // Where it stands with its milestones; a closed one is not looked up again.
        CycleState::Draft | CycleState::Approved => schedule::release_day(look, cycle)?,
        CycleState::Closed => cycle.release.map(|when| when.day(&look.zone)),
    };
    let start = cycle.start.map(|when| when.day(&look.zone));
    let cells = Record {
        state: state.word().to_owned(),
        who: match (state, release) {
            (CycleState::Draft | CycleState::Approved, Some(day)) => {
                countdown::week_name(today, day)
            }
            _ => String::new(),
        },
        more: day(start, today),
        day: day(release, today),
        ..Record::default()
    };
    let tone = match state {
        CycleState::Draft => Tone::Planned,
        CycleState::Approved => Tone::Next,
        CycleState::Closed => Tone::Closed,
    };
    Ok((tone, Cells::Record(cells)))
}
