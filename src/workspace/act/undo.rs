//! Undo and redo: a new commit that restores what an earlier one replaced, only
//! while nothing came after (PRODUCT.md promise 10). Redo undoes the undo.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike as _};
use serde::Deserialize as _;

use super::taking_back::{puts_back, take_back};
use crate::domain::plain::plain;
use crate::domain::zone::Zone;
use crate::ledger::{Dot, EntityId, Hash, Live, NotUndone, Op};
use crate::store::{Entry, Reader};
use crate::workspace::action::{self, Action};
use crate::workspace::look::off_desk::is_back;
use crate::workspace::look::{log, resolve};
use crate::workspace::plan::{Actor, Plan, Time};
use crate::workspace::refusal::Refusal;

/// How far back a bare undo looks for the actor's last action.
const REACH: usize = 10_000;

/// How many records a step may touch to be tried in thought.
const WIDE: usize = 50;

/// Takes a commit back; returns what the new commit undoes.
pub fn undo(plan: &mut Plan<'_, '_>, target: Option<&str>) -> Result<Hash, Refusal> {
    let reader = plan.writing.reader();
    let entry = match target {
        Some(text) => named(&reader, text, false)?,
        None => last(&reader, &plan.actor, false)?,
    };
    let entry = done_again(&reader, entry)?;
    if reader.undone(entry.num)? {
        return Err(Refusal::rule(
            format!("{} has been taken back already.", short(&entry)),
            "`relmate redo` does it again.",
        ));
    }
    revert(plan, &entry, false)
}

/// Does again what an undo took back.
pub fn redo(plan: &mut Plan<'_, '_>, target: Option<&str>) -> Result<Hash, Refusal> {
    let reader = plan.writing.reader();
    let entry = match target {
        Some(text) => taken_back_before(&reader, named(&reader, text, true)?)?,
        None => last(&reader, &plan.actor, true)?,
    };
    revert(plan, &entry, true)
}

/// The undo that stands, of a step that is named itself.
fn taken_back_before(reader: &Reader<'_>, entry: Entry) -> Result<Entry, Refusal> {
    if depth(reader, &entry)? % 2 == 1 {
        return Ok(entry);
    }
    for undo in reader.undos(&entry)?.into_iter().rev() {
        if !reader.undone(undo.num)? {
            return Ok(undo);
        }
    }
    Err(Refusal::rule(
        format!("{} has not been taken back.", short(&entry)),
        "`relmate undo` takes back your last step, `relmate log` lists all of them.",
    ))
}

/// What did a step again that was taken back, if anything did: that is what is taken back then.
fn done_again(reader: &Reader<'_>, mut step: Entry) -> Result<Entry, Refusal> {
    'again: loop {
        for undo in reader.undos(&step)? {
            for redo in reader.undos(&undo)?.into_iter().rev() {
                if !reader.undone(redo.num)? {
                    step = redo;
                    continue 'again;
                }
            }
        }
        return Ok(step);
    }
}

/// Whether a commit, followed through its undos, is a redo: an undo of an undo.
fn depth(reader: &Reader<'_>, entry: &Entry) -> Result<usize, Refusal> {
    let mut depth = 0;
    let mut at = entry.applied.commit.undoes;
    while let Some(hash) = at {
        depth += 1;
        at = reader
            .commit(&hash)?
            .and_then(|entry| entry.applied.commit.undoes);
    }
    Ok(depth)
}

/// The actor's last action that is still there to undo, or last undo to redo.
/// Doing something new after an undo leaves nothing to redo, as everywhere.
fn last(reader: &Reader<'_>, actor: &Actor, redo: bool) -> Result<Entry, Refusal> {
    for entry in reader.recent(0, REACH)? {
        let commit = &entry.applied.commit;
        if commit.person != actor.person || commit.on_behalf != actor.on_behalf {
            continue;
        }
        if reader.undone(entry.num)? {
            continue;
        }
        // An odd depth is an undo that stands, an even one a redo, none an action.
        let depth = depth(reader, &entry)?;
        let undoing = depth % 2 == 1;
        if redo && depth == 0 {
            break;
        }
        if undoing == redo {
            return Ok(entry);
        }
    }
    let (what, hint) = if redo {
        (
            "There is nothing to do again.",
            "`relmate log` shows what was done.",
        )
    } else {
        (
            "There is nothing of yours to take back.",
            "`relmate undo ID` takes back the last change of a record.",
        )
    };
    Err(Refusal::not_found(what, hint))
}

/// What stands against taking back a record's last change, or doing it again. Of a step as
/// wide as an import only the doing tells, because a menu does not wait for that.
pub fn against(reader: &Reader<'_>, id: &str, redo: bool) -> Result<(), Refusal> {
    let entry = named(reader, id, redo)?;
    if entry.applied.commit.entities.len() > WIDE {
        return Ok(());
    }
    let step = original(reader, &entry)?;
    let target = if redo { &entry } else { meant(&entry, &step) };
    take_back(reader, target).map(drop)
}

/// A commit by the digits of its hash, or the last change of a record.
fn named(reader: &Reader<'_>, text: &str, redo: bool) -> Result<Entry, Refusal> {
    let hex = text.len() >= 6 && text.chars().all(|digit| digit.is_ascii_hexdigit());
    if hex {
        let mut found = reader.commits_starting(&text.to_lowercase())?;
        match found.len() {
            1 => return Ok(found.remove(0)),
            0 => {}
            _ => {
                return Err(Refusal::not_found(
                    format!("{text} may mean more than one step."),
                    "Write more of it.",
                ));
            }
        }
    }
    let history = resolve::history(reader, text)?;
    for entry in history.into_iter().rev() {
        if !reader.undone(entry.num)?
            && (depth(reader, &entry)? % 2 == 1) == redo
            && (redo || !is_back(reader, &entry)?)
        {
            return Ok(entry);
        }
    }
    Err(Refusal::not_found(
        format!(
            "{text} has no change to {}.",
            if redo { "do again" } else { "take back" }
        ),
        "`relmate log` lists the steps with their numbers.",
    ))
}

fn short(entry: &Entry) -> String {
    let hash = entry.applied.hash.to_string();
    let verb = verb(entry);
    format!("{} ({verb})", hash.get(..8).unwrap_or_default())
}

fn verb(entry: &Entry) -> String {
    action::called(&entry.applied.commit.intent, |it| it.verb().to_owned())
}

fn revert(plan: &mut Plan<'_, '_>, entry: &Entry, redo: bool) -> Result<Hash, Refusal> {
    let step = original(&plan.writing.reader(), entry)?;
    let target = if redo { entry } else { meant(entry, &step) };
    let ops = take_back(&plan.writing.reader(), target)?;
    let unmade = made(target);
    let reader = plan.writing.reader();
    let back = ops.iter().filter_map(|op| puts_back(&reader, op));
    let back: Vec<_> = back.cloned().collect();
    let stays = stays(&plan.writing.reader(), (&ops, &unmade), &step.applied.hash)?;
    for op in ops {
        // What nobody has made is taken off as it stands, so that a change that somebody
        // else made meanwhile keeps it (SYNC.md 3.8).
        let whole = |entity: &EntityId| unmade.contains(entity);
        let told = matches!(op, Op::Event { .. } | Op::Retract { .. });
        if told || !op.entity().is_some_and(whole) {
            plan.draft.push(op);
        }
    }
    for entity in &unmade {
        plan.unmake(entity, &step.applied.hash)?;
    }
    for entity in &entry.applied.commit.entities {
        if let Some(id) = plan.writing.reader().shown_id(entity)? {
            plan.receipt.ids.push(id);
        }
    }
    let reader = plan.writing.reader();
    let what = told(&reader, &step, &plan.time, &plan.rules()?.zone)?;
    plan.say(if redo {
        format!("Done again: {what}.")
    } else {
        format!("Taken back: {what}.")
    });
    for stays in stays {
        plan.say(stays);
    }
    // What is done again names what it made.
    for entity in back.iter().filter(|_| !redo) {
        let id = id_of(&plan.writing.reader(), entity);
        plan.say(format!("{id} is on the desk again."));
    }
    if !redo && sends(&step) {
        plan.warn("The message itself was sent; only the record of it is taken back.");
    }
    Ok(entry.applied.hash)
}

/// What stands although it is taken back, because somebody else wrote it as well: who, and where.
fn stays(
    reader: &Reader<'_>,
    (ops, unmade): (&[Op], &BTreeSet<EntityId>),
    step: &Hash,
) -> Result<Vec<String>, Refusal> {
    let mut said = Vec::new();
    let other = |live: &[Live]| {
        let mut live = live.iter().rev();
        live.find(|it| it.order.hash != *step && !it.value.is_null())
            .cloned()
    };
    for entity in unmade {
        let record = reader.standing(entity)?;
        let made = record.fields.get("kind").and_then(|it| other(&it.live));
        if let Some(who) = made.and_then(|it| whose(reader, entity, &it.dot)) {
            let id = id_of(reader, entity);
            said.push(format!("{id} stays on the desk: {who} made it as well."));
        }
    }
    let mut met = BTreeSet::new();
    for op in ops {
        let Op::Back { entity, field, .. } = op else {
            continue;
        };
        if unmade.contains(entity) || !met.insert((entity, field)) {
            continue;
        }
        let record = reader.live(entity)?;
        let Some(register) = record.fields.get(field) else {
            continue;
        };
        let own = register.live.iter().find(|it| it.order.hash == *step);
        let (Some(own), Some(other)) = (own, other(&register.live)) else {
            continue;
        };
        if let Some(who) = whose(reader, entity, &other.dot) {
            let (id, value) = (id_of(reader, entity), log::short(field, &other.value));
            let too = if other.value == own.value {
                " as well"
            } else {
                ""
            };
            said.push(format!(
                "{id} keeps {value} ({field}): {who} wrote it{too}."
            ));
        }
    }
    Ok(said)
}

/// The records that a step made: they are as if it had not, or, where somebody else made them too,
/// not knowing of it, what the other made of them. One that it brought back to life is what it was.
pub(super) fn made(entry: &Entry) -> BTreeSet<EntityId> {
    let commit = &entry.applied.commit;
    let own = |dot: &Dot| (dot.replica, dot.seq) == (commit.replica, commit.seq);
    let kinds = || commit.ops.iter().filter_map(|op| op.sets("kind"));
    let made = kinds().filter(|(_, value, _)| !value.is_null());
    let mut made: BTreeSet<EntityId> = made.map(|(entity, ..)| entity.clone()).collect();
    for (entity, _, replaces) in kinds() {
        if !replaces.iter().all(own) {
            made.remove(entity);
        }
    }
    made
}

/// "Alice's `ticket delay` of T-12, Sat 21 Nov 09:14": whose step, which, and when it was
/// recorded.
fn told(reader: &Reader<'_>, step: &Entry, now: &Time, zone: &Zone) -> Result<String, Refusal> {
    let commit = &step.applied.commit;
    let of = match concerned(reader, step)?.as_slice() {
        [] => String::new(),
        [one, two, three, rest @ ..] if !rest.is_empty() => {
            format!(" of {one}, {two}, {three} and {} more", rest.len())
        }
        [one] => format!(" of {one}"),
        [several @ .., last] => format!(" of {} and {last}", several.join(", ")),
    };
    let other = match &commit.on_behalf {
        Some(name) => format!(" for {name}"),
        None => String::new(),
    };
    let when = DateTime::parse_from_rfc3339(&commit.wall).map_or_else(
        |_| commit.wall.clone(),
        |wall| {
            let (then, now) = (zone.local(wall.to_utc()), zone.local(now.now));
            let year = if then.year() == now.year() { "" } else { " %Y" };
            then.format(&format!("%a %-d %b{year} %H:%M")).to_string()
        },
    );
    let (person, verb) = (&commit.person, verb(step));
    Ok(format!("{person}'s `{verb}`{of}{other}, {when}"))
}

/// The records that a step was for; else those that it made, but not the messages that were
/// drafted beside them.
fn concerned(reader: &Reader<'_>, step: &Entry) -> Result<Vec<String>, Refusal> {
    let commit = &step.applied.commit;
    let mut shown = Vec::new();
    for entity in &commit.entities {
        shown.extend(reader.shown_id(entity)?);
    }
    let mut ids: Vec<String> = Action::deserialize(&commit.intent)
        .map(|action| {
            let subjects = action.parts().iter().filter_map(Action::subject);
            subjects.map(|typed| as_shown(typed, &shown)).collect()
        })
        .unwrap_or_default();
    if ids.is_empty() {
        ids = commit.ops.iter().filter_map(numbered).collect();
        let drafted = |id: &String| id.starts_with("X-");
        if !ids.iter().all(drafted) {
            ids.retain(|id| !drafted(id));
        }
    }
    if ids.is_empty() {
        ids = shown;
    }
    let mut met = BTreeSet::new();
    ids.retain(|id| met.insert(id.clone()));
    Ok(ids)
}

/// A record as the desk names it; `12` and `t-12` are T-12.
fn as_shown(typed: &str, shown: &[String]) -> String {
    let same = |id: &&String| {
        let number = id.split_once('-').map(|(_, number)| number);
        id.eq_ignore_ascii_case(typed) || number == Some(typed)
    };
    shown
        .iter()
        .find(same)
        .map_or(typed, String::as_str)
        .to_owned()
}

/// The number that an op gives to a new record.
fn numbered(op: &Op) -> Option<String> {
    match op {
        Op::Set { field, value, .. } if field == "id" => value.as_str().map(str::to_owned),
        _ => None,
    }
}

/// What is taken back where a step was done again: the step as it was, unless doing it again wrote
/// anew that a record is off the desk.
fn meant<'e>(redo: &'e Entry, step: &'e Entry) -> &'e Entry {
    let mut ops = redo.applied.commit.ops.iter();
    let wrote = ops.any(|op| matches!(op, Op::Set { .. }));
    if wrote && made(step).is_empty() {
        redo
    } else {
        step
    }
}

/// What an undo, or an undo of one, is about in the end.
pub(super) fn original(reader: &Reader<'_>, entry: &Entry) -> Result<Entry, Refusal> {
    let mut at = entry.clone();
    while let Some(hash) = at.applied.commit.undoes {
        match reader.commit(&hash)? {
            Some(earlier) => at = earlier,
            None => break,
        }
    }
    Ok(at)
}

/// Who wrote the op at a dot.
fn whose(reader: &Reader<'_>, entity: &EntityId, dot: &Dot) -> Option<String> {
    let history = reader.history_of(entity).ok()?;
    let at = |entry: &Entry| {
        let commit = &entry.applied.commit;
        (commit.replica, commit.seq) == (dot.replica, dot.seq)
    };
    let found = history.into_iter().find(at)?;
    Some(found.applied.commit.person)
}

pub(super) fn founding(entry: &Entry) -> bool {
    entry.applied.commit.intent["do"] == "init"
}

/// Whether something left the desk with it, which no undo brings back.
fn sends(step: &Entry) -> bool {
    let sent = |action: &Action| matches!(action, Action::OutboxSent { .. });
    Action::deserialize(&step.applied.commit.intent)
        .is_ok_and(|action| action.parts().iter().any(sent))
}

/// The id of a record, also of one that was taken off the desk.
pub(in crate::workspace) fn id_of(reader: &Reader<'_>, entity: &EntityId) -> String {
    if let Ok(Some(id)) = reader.shown_id(entity) {
        return id;
    }
    let called = log::called(reader, entity);
    called.map_or_else(|_| entity.to_string(), |it| plain(&it).into_owned())
}

pub(super) fn refused(reader: &Reader<'_>, entry: &Entry, why: &NotUndone) -> Refusal {
    match why {
        NotUndone::Later { entity, field, dot } => {
            let id = id_of(reader, entity);
            let other = whose(reader, entity, dot);
            let other = other.filter(|name| *name != entry.applied.commit.person);
            let later = other.map_or_else(
                || "the later change".to_owned(),
                |name| format!("{name}'s later change"),
            );
            let what =
                matches!(reader.op_at(dot), Ok(Some(Op::Set { .. }))).then_some(field.as_str());
            Refusal::rule(
                format!(
                    "{} cannot be taken back: {id} changed after it{}.",
                    short(entry),
                    what.map(|field| format!(" ({field})")).unwrap_or_default()
                ),
                format!("Take back {later} first: `relmate undo {id}`, or see `relmate log {id}`."),
            )
        }
        NotUndone::Beyond { .. } => Refusal::rule(
            format!("{} cannot be taken back.", short(entry)),
            "It is about who belongs to the desk, or from a newer version.",
        ),
    }
}
