//! The history as people read it: who did what when, and which fields changed
//! from what to what. Private remarks are told to nobody here.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::Value;

use super::{Look, device_clock, news, off_desk, resolve, taken_back};
use crate::domain::device_clock::Off;
use crate::domain::field::text;
use crate::domain::when::When;
use crate::ledger::{Commit, Dot, EntityId, Hash, Op};
use crate::store::{Entry, Reader, SetAside};
use crate::workspace::action::{self, Action};
use crate::workspace::looked::Looked;
use crate::workspace::refusal::Refusal;

/// One commit (PRODUCT.md section 5, `log`).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LogLine {
    /// When it happened: an instant, or a day.
    pub at: String,
    pub recorded: String,
    /// How the clock was off that says so, as far as whoever looks can tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_clock: Option<Off>,
    /// The commit's hash.
    pub commit: String,
    pub by: String,
    #[serde(rename = "for")]
    pub on_behalf: Option<String>,
    pub replica: String,
    /// The words of the command: `ticket delay`.
    pub action: String,
    pub intent: Value,
    pub ids: Vec<String>,
    pub changes: Vec<Change>,
    /// The commit it takes back, if it is an undo.
    pub undoes: Option<String>,
    /// It has been taken back itself.
    pub undone: bool,
    /// Why it does not count, if it was set aside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aside: Option<String>,
}

/// One field of one record.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    pub id: String,
    pub field: String,
    pub from: Value,
    /// What stood beside it and was settled with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<Value>,
    pub to: Value,
    /// What stands beside it from then on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<Value>,
}

/// The fewest digits by which a step is named.
const DIGITS: usize = 6;
/// The most steps that are looked through for one that was set aside.
const SET_ASIDE: usize = 1_000;

/// Which part of the history.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// A record, or a step by its digits.
    pub id: Option<String>,
    /// What this desk has received since then.
    pub since: Option<DateTime<Utc>>,
    /// What it has received since somebody looked.
    pub looked: Option<Looked>,
    /// What had happened by then: what has no time of its own is on the desk at every moment, and was
    /// done at one all the same.
    pub by: Option<DateTime<Utc>>,
    /// The newest so many.
    pub limit: Option<usize>,
}

/// The newest first; of one record, what each step did to it before what it did to others.
pub fn log(look: &Look<'_>, asked: &Asked) -> Result<Vec<LogLine>, Refusal> {
    let reader = look.reader;
    let since = asked.since.map_or(i64::MIN, |since| since.timestamp());
    let most = asked.limit.unwrap_or(usize::MAX);
    // What is left out below does not count.
    let limit = asked.by.map_or(most, |_| usize::MAX);
    let after = match &asked.looked {
        Some(looked) => Some(news::start(look, looked)?),
        None => None,
    };
    let entries = match (&asked.id, after) {
        (None, None) => reader.recent(since, limit)?,
        (None, Some(after)) => {
            let mut found = Vec::new();
            reader.each_after(after, limit, &mut |entry| found.push(entry))?;
            found
        }
        (Some(id), after) => {
            let mut history = match resolve::history(reader, id) {
                Ok(history) => history,
                Err(refusal) => {
                    let step = by_hash(look, id)?;
                    return step.map(|step| vec![step]).ok_or(refusal);
                }
            };
            history.retain(|entry| {
                entry.recorded >= since && after.is_none_or(|after| entry.num > after)
            });
            history.reverse();
            history.truncate(limit);
            history
        }
    };
    let by = asked.by.map_or(i64::MAX, |by| by.timestamp());
    let mut lines: Vec<LogLine> = entries
        .iter()
        .filter(|entry| entry.happened <= by)
        .take(most)
        .map(|entry| told(look, entry))
        .collect::<Result<_, _>>()?;
    if let Some(id) = &asked.id {
        let row = resolve::any(reader, id);
        let id = row.map_or_else(|_| id.trim().to_owned(), |row| row.id);
        // An import touches hundreds: what it did to this one comes before the rest.
        for line in &mut lines {
            line.ids.sort_by_key(|it| !it.eq_ignore_ascii_case(&id));
            let changes = &mut line.changes;
            changes.sort_by_key(|it| !it.id.eq_ignore_ascii_case(&id));
        }
    }
    Ok(lines)
}

/// One commit as a line, with what whoever looks can tell of its clock.
pub fn told(look: &Look<'_>, entry: &Entry) -> Result<LogLine, Refusal> {
    Ok(LogLine {
        device_clock: device_clock::of(look, entry)?,
        ..line(look.reader, entry)?
    })
}

/// One commit as a line.
pub fn line(reader: &Reader<'_>, entry: &Entry) -> Result<LogLine, Refusal> {
    let applied = &entry.applied;
    let line = of_commit(reader, &applied.hash, &applied.commit)?;
    Ok(LogLine {
        undone: reader.undone(entry.num)? || off_desk::is_back(reader, entry)?,
        ..line
    })
}

/// A commit that was set aside as a line; none where a newer version is needed to read it.
pub fn aside(reader: &Reader<'_>, step: &SetAside) -> Result<Option<LogLine>, Refusal> {
    let run = reader.run(&step.hash, step.seq, step.seq)?;
    let Some((hash, bytes)) = run.first() else {
        return Ok(None);
    };
    let Ok(commit) = Commit::decode_trusted(bytes) else {
        return Ok(None);
    };
    let line = of_commit(reader, hash, &commit)?;
    Ok(Some(LogLine {
        aside: Some(step.why.clone()),
        ..line
    }))
}

/// The step whose hash begins with these digits; one that was set aside as well.
fn by_hash(look: &Look<'_>, text: &str) -> Result<Option<LogLine>, Refusal> {
    let reader = look.reader;
    let text = text.to_lowercase();
    if text.len() < DIGITS || !text.chars().all(|it| it.is_ascii_hexdigit()) {
        return Ok(None);
    }
    if let [entry] = reader.commits_starting(&text)?.as_slice() {
        return told(look, entry).map(Some);
    }
    let mut steps = reader.set_aside(SET_ASIDE)?.into_iter();
    match steps.find(|it| it.hash.to_string().starts_with(&text)) {
        Some(step) => aside(reader, &step),
        None => Ok(None),
    }
}

fn of_commit(reader: &Reader<'_>, hash: &Hash, commit: &Commit) -> Result<LogLine, Refusal> {
    let mut ids = Vec::new();
    for entity in &commit.entities {
        match reader.shown_id(entity)? {
            Some(id) => ids.push(id),
            None => ids.extend(Some(called(reader, entity)?).filter(|it| it != entity.as_str())),
        }
    }
    Ok(LogLine {
        at: commit.at.clone().unwrap_or_else(|| commit.wall.clone()),
        recorded: commit.wall.clone(),
        device_clock: None,
        commit: hash.to_string(),
        by: commit.person.clone(),
        on_behalf: commit.on_behalf.clone(),
        replica: commit.replica.to_string(),
        action: action::called(&commit.intent, Action::title),
        intent: shown_intent(commit),
        changes: changes(reader, hash, commit)?,
        ids,
        undoes: commit.undoes.map(|hash| hash.to_string()),
        undone: false,
        aside: None,
    })
}

/// The intent without what is for the managers alone.
fn shown_intent(commit: &Commit) -> Value {
    let mut intent = commit.intent.clone();
    hide(&mut intent);
    if let Some(actions) = intent.get_mut("actions").and_then(Value::as_array_mut) {
        actions.iter_mut().for_each(hide);
    }
    intent
}

fn hide(intent: &mut Value) {
    if intent["private"] == true {
        intent["text"] = Value::String("(private)".to_owned());
    }
}

/// What a record that is off the desk was called there.
pub(in crate::workspace) fn called(
    reader: &Reader<'_>,
    entity: &EntityId,
) -> Result<String, Refusal> {
    let record = reader.live(entity)?;
    let said = |field: &&str| {
        let live = &record.fields.get(*field)?.live;
        live.last()?.value.as_str()
    };
    let name = ["id", "name"].iter().find_map(said);
    Ok(name.map_or_else(|| entity.to_string(), str::to_owned))
}

/// How many values are told that stood beside each other and were settled.
const BESIDE: usize = 4;

fn changes(reader: &Reader<'_>, hash: &Hash, commit: &Commit) -> Result<Vec<Change>, Refusal> {
    let mut changes = Vec::new();
    for op in &commit.ops {
        let Some(entity) = op.entity() else { continue };
        let id = match reader.shown_id(entity)? {
            Some(id) => id,
            None => called(reader, entity)?,
        };
        let mut beside = Vec::new();
        let (field, from, to) = match op {
            Op::Set {
                field,
                value,
                replaces,
                ..
            } => {
                let mut before = before(reader, replaces)?.into_iter();
                let from = before.next().unwrap_or_default();
                beside = before.collect();
                (field.clone(), from, value.clone())
            }
            Op::Add { set, elem, .. } => (set.clone(), Value::Null, elem.clone()),
            Op::Remove { set, elem, .. } => (set.clone(), elem.clone(), Value::Null),
            Op::Event { kind, body, .. } if body["private"] == true => (
                kind.clone(),
                Value::Null,
                Value::String("(private)".to_owned()),
            ),
            Op::Event { kind, body, .. } => (kind.clone(), Value::Null, body.clone()),
            Op::Retract { event, .. } => match reader.op_at(event)? {
                Some(Op::Event { kind, body, .. }) if body["private"] != true => {
                    (kind, body, Value::Null)
                }
                _ => continue,
            },
            // Told below: what stood and stands follows from all of them.
            Op::Back { .. } | Op::Member { .. } | Op::Unknown(_) => continue,
        };
        changes.push(Change {
            id,
            field,
            from,
            beside,
            to,
            with: Vec::new(),
        });
    }
    changes.extend(taken_back::changes(reader, hash, commit)?);
    Ok(changes)
}

/// The values that an op replaced, each once, the latest first.
fn before(reader: &Reader<'_>, replaces: &[Dot]) -> Result<Vec<Value>, Refusal> {
    let mut before = Vec::new();
    for dot in replaces.iter().rev().take(BESIDE) {
        let value = match reader.op_at(dot)? {
            Some(Op::Set { value, .. }) => value,
            _ => Value::Null,
        };
        if !before.contains(&value) {
            before.push(value);
        }
    }
    Ok(before)
}

/// Fields that say nothing to a reader: the record's own, and an import's memory.
pub const UNTOLD: [&str; 3] = ["kind", "id", "imported"];

/// "Alice for Bob": whose device it was done on, and for whom if for somebody else.
pub fn who(by: &str, on_behalf: Option<&str>) -> String {
    match on_behalf {
        Some(other) => format!("{by} for {other}"),
        None => by.to_owned(),
    }
}

/// The badge of a wrong clock with a space after it, between a step's moment and who did it.
pub fn clock(line: &LogLine) -> String {
    let badge = line.device_clock.map(Off::badge);
    badge.map(|it| format!("{it} ")).unwrap_or_default()
}

/// "(clock ahead) Alice for Bob: ticket delay, taken back", beside its moment
pub fn who_did_what(line: &LogLine) -> String {
    let who = who(&line.by, line.on_behalf.as_deref());
    let undone = if line.undone { ", taken back" } else { "" };
    let clock = clock(line);
    format!("{clock}{who}: {}{undone}", line.action)
}

/// "set T-2 (T-2 testbed: oslo)": what a step was and what it would change.
pub fn in_short(line: &LogLine) -> String {
    let mut told = format!("{} {}", line.action, line.ids.join(" "));
    told.truncate(told.trim_end().len());
    let changes = line.changes.iter();
    let changes = changes.filter(|it| !UNTOLD.contains(&it.field.as_str()));
    let changes: Vec<_> = changes.take(3).map(change).collect();
    if !changes.is_empty() {
        told = format!("{told} ({})", changes.join(", "));
    }
    told
}

/// "T-12 state: unverified -> verification"
pub fn change(change: &Change) -> String {
    let all = |first: &Value, others: &[Value]| {
        let all = std::iter::once(first).chain(others);
        let mut all: Vec<String> = all.map(|it| short(&change.field, it)).collect();
        all.dedup();
        all.join(" and ")
    };
    let from = all(&change.from, &change.beside);
    let to = all(&change.to, &change.with);
    let (id, field) = (&change.id, &change.field);
    match (from.is_empty(), to.is_empty()) {
        (true, true) => format!("{id} {field}: (nothing)"),
        (true, false) => format!("{id} {field}: {to}"),
        (false, true) => format!("{id} {field}: {from} → (nothing)"),
        // A result with another note, a long text, a list of as many: in a few words the same.
        (false, false) if from == to => {
            let mut before = std::iter::once(&change.from).chain(&change.beside);
            let more = if before.all(|it| *it == change.to) {
                " (as before)"
            } else {
                " (changed in its details)"
            };
            format!("{id} {field}: {to}{more}")
        }
        (false, false) => format!("{id} {field}: {from} → {to}"),
    }
}

/// A value of the history in a few words: a register by its state, a text by its start.
pub fn short(field: &str, value: &Value) -> String {
    let of = match (field, value) {
        ("deleted", Value::Null) => "on the desk".to_owned(),
        ("deleted", _) => "off the desk".to_owned(),
        ("state", Value::Object(fields)) => fields.get("state").map(text).unwrap_or_default(),
        (_, Value::Object(fields)) if fields.contains_key("text") => {
            fields.get("text").map(text).unwrap_or_default()
        }
        (_, Value::Object(fields)) if field.starts_with("results:") => {
            fields.get("result").map(text).unwrap_or_default()
        }
        ("slip", Value::Object(fields)) => fields.get("reason").map(text).unwrap_or_default(),
        (_, Value::Array(items)) if items.len() > 3 => format!("{} items", items.len()),
        _ => text(value),
    };
    let line = of.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > 60 {
        format!("{}…", line.chars().take(59).collect::<String>())
    } else {
        line
    }
}

/// The day and time of a line in the desk's zone.
pub fn moment(look: &Look<'_>, at: &str) -> String {
    let day = |day: NaiveDate| day.to_string();
    match at.parse::<When>() {
        Ok(When::Day(at)) => day(at),
        Ok(When::AnywhereOnEarth(at)) => format!("{at} AoE"),
        Ok(When::Instant(at)) => look.zone.local(at).format("%Y-%m-%d %H:%M").to_string(),
        Err(_) => at.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_the_same_in_a_few_words_is_not_told_as_if_it_had_not_changed() {
        let told = |field: &str, [from, to]: [Value; 2]| {
            change(&Change {
                id: "T-1".to_owned(),
                field: field.to_owned(),
                from,
                beside: Vec::new(),
                to,
                with: Vec::new(),
            })
        };
        let result = |result: &str, note: &str| json!({"result": result, "note": note});
        for (field, values, expected) in [
            ("owner", [json!("Ann"), json!("Bob")], "owner: Ann → Bob"),
            (
                "results:1.1",
                [result("OK", ""), result("OK", "twice")],
                "results:1.1: OK (changed in its details)",
            ),
            (
                "packages",
                [json!(["a", "b", "c", "d"]), json!(["a", "b", "c", "e"])],
                "packages: 4 items (changed in its details)",
            ),
            (
                "owner",
                [json!("Ann"), json!("Ann")],
                "owner: Ann (as before)",
            ),
        ] {
            assert_eq!(told(field, values), format!("T-1 {expected}"));
        }
    }
}
