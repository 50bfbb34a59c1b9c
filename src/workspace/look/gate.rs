//! Which gates are closed because two managers' work has met: what is contested stays where it
//! is until one of them settles it, and what breaks a rule goes no further until it is mended
//! (SYNC.md 3.8). Settles nothing itself.

use crate::domain::attention::quoted;
use crate::domain::desk::Desk;
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use serde_json::Value;

use crate::domain::queue::step::{STEPS, Step};
use crate::domain::violation;
use crate::domain::{distribution, problem};
use crate::store::{Reader, RecordRow, StoreError};
use crate::workspace::refusal::Refusal;

/// What a record says that a newer version wrote to.
pub const NEEDS_NEWER: &str = "needs a newer relmate";
/// The same with what follows from it.
pub const NEWER: &str = "a newer relmate wrote to it, so this one may read it and not change it";

/// What a record says beside its state where two managers' work met, or a newer version wrote.
pub const fn mark(newer: bool, contested: bool, broken: bool) -> Option<&'static str> {
    match (newer, contested, broken) {
        (true, _, _) => Some(NEEDS_NEWER),
        (false, true, _) => Some("contested"),
        (false, false, true) => Some("breaks a rule"),
        (false, false, false) => None,
    }
}

/// Whether a step brings its record nearer to production. One that holds it back, or mends
/// it, is open to a record that breaks a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    On,
    Aside,
}

impl From<Step> for Way {
    fn from(step: Step) -> Self {
        match step {
            Step::Verify | Step::Accept | Step::Promote => Self::On,
            Step::Start
            | Step::Ask
            | Step::Answer
            | Step::Check
            | Step::Reject
            | Step::Delay
            | Step::Resume
            | Step::Withdraw
            | Step::Recall
            | Step::Inform => Self::Aside,
        }
    }
}

impl From<distribution::guard::Step> for Way {
    fn from(step: distribution::guard::Step) -> Self {
        use distribution::guard::Step as S;
        match step {
            S::Freeze | S::Candidate | S::Sign | S::Publish => Self::On,
            S::FreezeDate | S::Compose | S::Recall => Self::Aside,
        }
    }
}

impl From<problem::guard::Deed> for Way {
    fn from(_: problem::guard::Deed) -> Self {
        Self::Aside
    }
}

/// The deeds that move a record of a kind without guards of its own place, by name.
pub const MOVES: [&str; 13] = [
    "inject",
    "submission refuse",
    "submission withdraw",
    "milestone done",
    "milestone move",
    "slip",
    "cycle approve",
    "cycle close",
    "action done",
    "action drop",
    "outbox edit",
    "outbox sent",
    "outbox skip",
];

/// Refuses a step of a record whose gate is closed.
pub fn open(reader: &Reader<'_>, row: &RecordRow, way: Way) -> Result<(), Refusal> {
    if row.contested {
        return Err(contested(row, None));
    }
    if way == Way::On && row.held {
        return Err(held(row)?);
    }
    let desk = reader.desk()?;
    if desk.disputed {
        return Err(profile(&desk));
    }
    if reader.needs_newer(row.kind, &row.id)? {
        return Err(StoreError::NeedsNewer.into());
    }
    match beside(reader, row)?.first() {
        Some(other) => Err(contested(other, Some(&row.id))),
        None => Ok(()),
    }
}

/// Refuses to settle for a state that a broken rule keeps a record from.
pub fn held_back(row: &RecordRow, standing: &Value) -> Result<(), Refusal> {
    let state = standing["state"].as_str().unwrap_or_default();
    let on = match row.kind {
        Kind::Ticket => STEPS
            .iter()
            .any(|it| Way::from(it.step) == Way::On && it.to.is_some_and(|to| to.word() == state)),
        Kind::Release => ["contents-frozen", "candidate", "published"].contains(&state),
        _ => false,
    };
    if on && row.held {
        return Err(held(row)?);
    }
    Ok(())
}

/// The contested records that keep this one where it is: a ticket's announcements, problems,
/// submission and release.
pub fn beside(reader: &Reader<'_>, row: &RecordRow) -> Result<Vec<RecordRow>, Refusal> {
    if row.kind != Kind::Ticket {
        return Ok(Vec::new());
    }
    let mut found = reader.contested_below(&row.id)?;
    found.retain(|other| matches!(other.kind, Kind::Announcement | Kind::Problem));
    // Two managers disagree whether it should be there at all.
    if let Some(submission) = &row.parent {
        let submission = reader.record(Some(Kind::Submission), submission)?;
        found.extend(submission.filter(|other| other.contested));
    }
    // Most tickets are in no release yet, and need not be read for that.
    if row.body.contains("\"release\":")
        && let Some(Noun::Ticket(ticket)) = row.noun()?
        && let Some(release) = &ticket.release
    {
        let release = reader.record(Some(Kind::Release), release)?;
        found.extend(release.filter(|other| other.contested));
    }
    Ok(found)
}

fn contested(row: &RecordRow, keeps: Option<&str>) -> Refusal {
    let id = &row.id;
    let (moved, until) = match keeps {
        Some(ticket) => (
            format!(
                "{id} is contested, and {ticket} waits for it: two managers changed it differently."
            ),
            format!("nothing of {ticket} is open until then"),
        ),
        None => (
            format!("{id} is contested: two managers changed it differently."),
            "nothing else is open until then".to_owned(),
        ),
    };
    Refusal::rule(
        moved,
        format!(
            "`relmate resolve {}` settles it; {until}. `relmate conflicts` shows both.",
            quoted(id)
        ),
    )
}

fn held(row: &RecordRow) -> Result<Refusal, Refusal> {
    let noun = row.noun()?;
    let broken = noun
        .map(|noun| violation::of(&noun, &|_| 1))
        .unwrap_or_default();
    let broken = broken.into_iter().find(|it| it.closes);
    let (what, mend) = broken.map_or_else(
        || {
            (
                "it breaks a rule".to_owned(),
                "relmate conflicts".to_owned(),
            )
        },
        |it| (it.what, it.mend),
    );
    Ok(Refusal::rule(
        format!("{} goes no further: {what}.", row.id),
        format!("`{mend}` mends it; `relmate conflicts` shows by whose steps it came about."),
    ))
}

fn profile(desk: &Desk) -> Refusal {
    Refusal::rule(
        format!(
            "The profile of {} is contested: two managers changed it differently.",
            desk.name
        ),
        "`relmate resolve desk profile` settles it; the one before both holds until then.",
    )
}
