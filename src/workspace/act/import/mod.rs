//! Records from other people's files as one step: what is so is recorded, guards
//! are not asked, and what is missing becomes a duty.

mod promotions;
mod runs;

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::domain::distribution::release::ReleaseState;
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::queue::enter;
use crate::domain::queue::state::{Standing, State, SubmissionState};
use crate::domain::queue::submission::SubmissionStanding;
use crate::domain::retro::action_item::{ActionStanding, ActionState};
use crate::domain::schedule::cycle::{CycleStanding, CycleState};
use crate::domain::when::When;
use crate::exchange::{Import, Item, Rejected, key};
use crate::ledger::EntityId;
use crate::workspace::plan::Plan;
use crate::workspace::receipt::{ImportLine, ImportLines};
use crate::workspace::refusal::Refusal;

/// Fields that are not written as they are read.
const APART: [&str; 8] = [
    "state",
    "entered",
    "at_least",
    "name",
    "kind",
    "source_words",
    "submitted",
    promotions::FIELD,
];

/// What the desk has already.
#[derive(Default)]
struct Known {
    /// Ids by the key an import knows a record by.
    by_key: HashMap<(Kind, String), String>,
    releases: promotions::Releases,
}

/// Takes the items in; the receipt names every one of them.
pub fn import(plan: &mut Plan<'_, '_>, import: &Import) -> Result<(), Refusal> {
    let mut lines = ImportLines {
        format: import.format.clone(),
        mapped: import.mapped.clone(),
        rejected: import.rejected.clone(),
        ..ImportLines::default()
    };
    let mut known = known_keys(plan, &import.items)?;
    for item in &import.items {
        match take(plan, item, &mut known)? {
            Ok(line) => {
                match line.outcome {
                    "new" => lines.new += 1,
                    "changed" => lines.changed += 1,
                    _ => lines.unchanged += 1,
                }
                lines.lines.push(line);
            }
            Err(rejected) => lines.rejected.push(rejected),
        }
    }
    for sentence in told(&lines) {
        plan.say(sentence);
    }
    for mapped in &lines.mapped {
        plan.say(format!("  {mapped}"));
    }
    plan.receipt.import = Some(lines);
    Ok(())
}

/// One row: a record that is there already, or a new one.
fn take(
    plan: &mut Plan<'_, '_>,
    item: &Item,
    known: &mut Known,
) -> Result<Result<ImportLine, Rejected>, Refusal> {
    if runs::is_one(item) {
        return runs::take(plan, item);
    }
    let key = (item.kind, item.key.clone());
    let there = match known.by_key.get(&key) {
        Some(id) => Ok(Some(id.clone())),
        None => promotions::meets(known, item),
    };
    Ok(match there {
        Ok(Some(id)) => Ok(update(plan, item, &id)?),
        Ok(None) => {
            if item.fields.contains_key(promotions::FIELD) {
                promotions::doubt(plan, known, item);
            }
            let line = create(plan, item)?;
            known.by_key.insert(key, line.id.clone());
            let told = json!(item.fields);
            known.releases.learn(item.kind, &line.id, &told);
            Ok(line)
        }
        Err(why) => Err(Rejected {
            source: item.source.clone(),
            why,
        }),
    })
}

/// "New: 32 tickets, 32 products." and so on; nothing left out, zeros included.
fn told(lines: &ImportLines) -> Vec<String> {
    let count = |outcome: &str| {
        let mut kinds: Vec<(&str, usize)> = Vec::new();
        for line in lines.lines.iter().filter(|line| line.outcome == outcome) {
            match kinds.iter_mut().find(|(kind, _)| *kind == line.kind) {
                Some((_, n)) => *n += 1,
                None => kinds.push((line.kind, 1)),
            }
        }
        kinds.sort_by_key(|(kind, _)| *kind != Kind::Ticket.word());
        let parts: Vec<String> = kinds
            .iter()
            .map(|(kind, n)| {
                let plural = Kind::from_word(kind).and_then(Kind::plural);
                format!("{n} {}", plural.filter(|_| *n != 1).unwrap_or(kind))
            })
            .collect();
        if parts.is_empty() {
            "0".to_owned()
        } else {
            parts.join(", ")
        }
    };
    vec![
        format!("New: {}.", count("new")),
        format!(
            "Changed: {}; unchanged: {}; rejected: {}.",
            count("changed"),
            count("unchanged"),
            lines.rejected.len()
        ),
        format!("Read as {}:", lines.format),
    ]
}

/// The records that are here already.
fn known_keys(plan: &Plan<'_, '_>, items: &[Item]) -> Result<Known, Refusal> {
    let mut known = Known::default();
    let merges = items
        .iter()
        .any(|it| it.fields.contains_key(promotions::FIELD));
    let mut kinds: Vec<Kind> = items
        .iter()
        .filter(|it| !runs::is_one(it))
        .map(|item| item.kind)
        .chain(merges.then_some(Kind::Submission))
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    let mut read_as = Vec::new();
    for kind in kinds {
        for row in plan.writing.reader().all(kind)? {
            let body = row.value();
            if body["imported"].is_object() {
                let key = key_of(kind, &row.id, &body["imported"]);
                read_as.push(((kind, key), row.id.clone()));
            }
            if merges && matches!(kind, Kind::Ticket | Kind::Submission) {
                known.releases.learn(kind, &row.id, &body);
            }
            known
                .by_key
                .insert((kind, key_of(kind, &row.id, &body)), row.id);
        }
    }
    // A record is known by what the file said of it too, or naming the version that
    // a board left out would make the next import take it in again.
    for (key, id) in read_as {
        known.by_key.entry(key).or_insert(id);
    }
    Ok(known)
}

/// The key of a record on the desk, as `exchange` makes it for a row.
fn key_of(kind: Kind, id: &str, body: &Value) -> String {
    let text = |field: &str| body[field].as_str().unwrap_or_default();
    match kind {
        Kind::Ticket => key::ticket(
            text("product"),
            body["version"].as_str(),
            text("platform"),
            text("arch"),
        ),
        Kind::Submission => key::submission(text("product"), body["version"].as_str()),
        Kind::Milestone => key::key(&[text("cycle"), text("code")]),
        Kind::Lesson | Kind::Action => key::key(&[text("text")]),
        _ => key::key(&[id]),
    }
}

fn create(plan: &mut Plan<'_, '_>, item: &Item) -> Result<ImportLine, Refusal> {
    let (entity, id) = if item.kind.letter().is_some() {
        plan.create(item.kind)?
    } else {
        let name = item
            .fields
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or(&item.key)
            .to_owned();
        (plan.create_named(item.kind, &name)?, name)
    };
    for (field, value) in &item.fields {
        if !APART.contains(&field.as_str()) {
            plan.set(&entity, field, value.clone())?;
        }
    }
    if let Some(name) = item
        .fields
        .get("name")
        .filter(|_| item.kind.letter().is_some())
    {
        plan.set(&entity, "name", name.clone())?;
    }
    if let Some(kind) = item.fields.get("kind") {
        plan.set(&entity, "kind_of", kind.clone())?;
    }
    plan.set(&entity, "source", item.source.clone())?;
    plan.put(&entity, "imported", &item.fields)?;
    stand(plan, &entity, item, None)?;
    promotions::add(plan, &entity, item, &[])?;
    let owner = plan.actor.name().to_owned();
    if matches!(item.kind, Kind::Ticket | Kind::Submission) && !item.fields.contains_key("owner") {
        plan.set(&entity, "owner", owner)?;
    }
    Ok(line("new", item, id, Vec::new()))
}

fn line(
    outcome: &'static str,
    item: &Item,
    id: String,
    changes: Vec<(String, String, String)>,
) -> ImportLine {
    ImportLine {
        outcome,
        id,
        kind: item.kind.word(),
        what: what(item),
        source: item.source.clone(),
        changes,
    }
}

/// What a row is called in the report: its product and version, or its text.
fn what(item: &Item) -> String {
    let text = |field: &str| item.fields.get(field).and_then(Value::as_str);
    let parts = ["product", "version", "platform", "code", "text"].map(text);
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// When an imported record came where it is: said, or at least since its source.
fn entered(plan: &Plan<'_, '_>, item: &Item) -> (When, bool) {
    let said = item
        .fields
        .get("entered")
        .or_else(|| item.fields.get("submitted"))
        .and_then(Value::as_str)
        .and_then(|text| text.parse().ok());
    let at_least = item
        .fields
        .get("at_least")
        .and_then(Value::as_bool)
        .unwrap_or(said.is_none());
    (said.unwrap_or_else(|| plan.at()), at_least)
}

/// The `state` register of an imported record, by its kind; `old` is where a ticket stood.
fn stand(
    plan: &mut Plan<'_, '_>,
    entity: &EntityId,
    item: &Item,
    old: Option<&Noun>,
) -> Result<(), Refusal> {
    let (at, at_least) = entered(plan, item);
    let word = item.fields.get("state").and_then(Value::as_str);
    let standing = match item.kind {
        Kind::Ticket => json!(ticket_standing(plan, item, old)?),
        Kind::Release => json!({
            "state": word.unwrap_or(ReleaseState::Published.word()),
            "entered": at,
        }),
        Kind::Submission => {
            plan.set(entity, "submitted", at.to_string())?;
            if at_least {
                plan.set(entity, "at_least", true)?;
            }
            let profile = plan.whole_profile()?;
            plan.set_some(entity, "support_unit", profile.support_unit.as_ref())?;
            let state = word
                .and_then(|word| {
                    SubmissionState::ALL
                        .into_iter()
                        .find(|it| it.word() == word)
                })
                .unwrap_or(SubmissionState::Submitted);
            json!(SubmissionStanding {
                state,
                entered: at,
                limit: profile.injection_limit,
                pauses: Vec::new(),
                profile: profile.version,
            })
        }
        Kind::Action => {
            let state = match word {
                Some("done") => ActionState::Done,
                Some("dropped") => ActionState::Dropped,
                _ => ActionState::Open,
            };
            json!(ActionStanding {
                state,
                entered: at,
                reason: None
            })
        }
        Kind::Cycle => {
            json!(CycleStanding {
                state: CycleState::Draft,
                entered: at,
                decision: None
            })
        }
        Kind::Milestone => return milestone(plan, entity, item),
        _ => return Ok(()),
    };
    plan.set(entity, "state", standing)?;
    Ok(())
}

/// Where an imported ticket stands, behind where it has been.
fn ticket_standing(
    plan: &Plan<'_, '_>,
    item: &Item,
    old: Option<&Noun>,
) -> Result<Standing, Refusal> {
    let (at, at_least) = entered(plan, item);
    let word = item.fields.get("state").and_then(Value::as_str);
    let state = word.and_then(State::from_word).unwrap_or(State::Unverified);
    let profile = plan.whole_profile()?;
    let mut standing = enter::arrive(state, None, &at, &profile);
    if state == State::WaitingForResponse {
        standing.limit = profile.limit(State::Verification);
    }
    standing.at_least = at_least;
    if let Some(Noun::Ticket(ticket)) = old {
        standing.trail = enter::trail(&ticket.standing, at);
    }
    let beta = enter::arrive(State::StagedRollout, None, &at, &profile);
    if let Some(visit) = promotions::stay_in_beta(item, &standing, &beta)
        && standing.trail.iter().all(|it| it.state != visit.state)
    {
        standing.from = Some(visit.state);
        promotions::follow(&mut standing.trail, visit, &plan.rules()?.zone);
    }
    Ok(standing)
}

/// A milestone needs its cycle, and its planned date is its current one at first.
fn milestone(plan: &mut Plan<'_, '_>, entity: &EntityId, item: &Item) -> Result<(), Refusal> {
    if let Some(planned) = item
        .fields
        .get("planned")
        .filter(|_| !item.fields.contains_key("current"))
    {
        plan.set(entity, "current", planned.clone())?;
    }
    let Some(cycle) = item.fields.get("cycle").and_then(Value::as_str) else {
        return Ok(());
    };
    if plan.find(Kind::Cycle, cycle)?.is_none() && !plan.receipt.ids.iter().any(|id| id == cycle) {
        let standing = CycleStanding {
            state: CycleState::Draft,
            entered: plan.at(),
            decision: None,
        };
        let entity = plan.create_named(Kind::Cycle, cycle)?;
        plan.put(&entity, "state", &standing)?;
        plan.set(&entity, "source", item.source.clone())?;
    }
    Ok(())
}

/// What the file says now, over what an import said before; a field that a
/// person has changed since is the person's.
fn update(plan: &mut Plan<'_, '_>, item: &Item, id: &str) -> Result<ImportLine, Refusal> {
    let Some(loaded) = plan.find(item.kind, id)? else {
        // Twice in one file: the reader has told them apart or they are the same.
        return Ok(line("unchanged", item, id.to_owned(), Vec::new()));
    };
    let body = loaded.row.value();
    let mut changes = Vec::new();
    for (field, value) in &item.fields {
        if APART.contains(&field.as_str()) || body["imported"].get(field) == Some(value) {
            continue;
        }
        let old = body.get(field).cloned().unwrap_or(Value::Null);
        if old != *value && plan.set(&loaded.entity, field, value.clone())? {
            changes.push((field.clone(), plain(&old), plain(value)));
        }
    }
    let merges = promotions::of(&loaded.noun).to_vec();
    changes.extend(promotions::add(plan, &loaded.entity, item, &merges)?);
    let moved = state_change(plan, &loaded.entity, item, (&body, &loaded.noun))?;
    changes.extend(moved);
    if changes.is_empty() {
        return Ok(line("unchanged", item, id.to_owned(), changes));
    }
    plan.set(&loaded.entity, "source", item.source.clone())?;
    plan.put(&loaded.entity, "imported", &item.fields)?;
    plan.receipt.ids.push(id.to_owned());
    Ok(line("changed", item, id.to_owned(), changes))
}

/// A state that the file tells differently than the last import did.
fn state_change(
    plan: &mut Plan<'_, '_>,
    entity: &EntityId,
    item: &Item,
    (body, noun): (&Value, &Noun),
) -> Result<Option<(String, String, String)>, Refusal> {
    let Some(word) = item.fields.get("state").and_then(Value::as_str) else {
        return Ok(None);
    };
    if let (true, Noun::Ticket(ticket)) = (item.fields.contains_key(promotions::FIELD), noun)
        && !promotions::moves_on(item, ticket)
    {
        return Ok(None);
    }
    let standing = &body["state"];
    let old = standing["state"].as_str().unwrap_or_default().to_owned();
    let (at, _) = entered(plan, item);
    // A board of the same day that was mended counts while nobody has moved the record.
    let untouched = body["imported"]["state"] == old.as_str();
    let newer = standing["entered"]
        .as_str()
        .and_then(|text| text.parse::<When>().ok())
        .is_none_or(|then| {
            plan.rules().is_ok_and(|rules| {
                let (at, then) = (at.day(&rules.zone), then.day(&rules.zone));
                at > then || (at == then && untouched)
            })
        });
    if old == word || !newer {
        return Ok(None);
    }
    stand(plan, entity, item, Some(noun))?;
    if let Noun::Ticket(ticket) = noun {
        promotions::leave_rollout(plan, ticket, item, at)?;
    }
    Ok(Some(("state".to_owned(), old, word.to_owned())))
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Array(items) => format!("{} items", items.len()),
        other => other.to_string(),
    }
}
