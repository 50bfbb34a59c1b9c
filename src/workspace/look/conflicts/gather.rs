//! Reads from the log what stands beside what in one record, and whose it is.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Broken, Contest, Knowledge, Means, PutOff, Side, Step};
use crate::domain::dispute;
use crate::domain::field::{self, fields};
use crate::domain::plain::capital;
use crate::domain::violation::{self, Place};
use crate::ledger::{Dot, EntityId, Hash, Lineage, Op, Record, Register, ReplicaId};
use crate::store::{Entry, Gone, Names, Reader, RecordRow, gone, is_disputed};
use crate::workspace::action::{self, Action};
use crate::workspace::look::log;
use crate::workspace::refusal::Refusal;

/// One record's live values and its whole history.
pub(super) struct Gather<'r> {
    reader: &'r Reader<'r>,
    row: &'r RecordRow,
    entity: EntityId,
    record: Record,
    history: Vec<Entry>,
    devices: BTreeMap<ReplicaId, String>,
    /// No two desks are without a letter.
    one_founder: bool,
    names: Names,
}

/// The steps that wrote first what stands in a field, in one order.
fn steps(lineage: &Lineage<'_>, register: &Register) -> Vec<Hash> {
    let live = register.live.iter();
    let first = live.filter_map(|live| lineage.by(lineage.origin(live.dot)));
    let mut steps: Vec<Hash> = first.map(|by| by.hash).collect();
    steps.sort_unstable();
    // Two who took the same step back have each put both values back.
    steps.dedup();
    steps
}

impl<'r> Gather<'r> {
    pub(super) fn of(reader: &'r Reader<'_>, row: &'r RecordRow) -> Result<Option<Self>, Refusal> {
        let Some(entity) = super::entity(reader, row)? else {
            return Ok(None);
        };
        let owners = reader.owners()?;
        let lettered = owners
            .iter()
            .filter(|(_, member)| !member.letter.is_empty());
        let devices = lettered
            .map(|(replica, member)| (*replica, member.letter.clone()))
            .collect();
        // A founder's ids end in no letter: that says enough while there is one such desk.
        let founders = owners.values().filter(|member| member.letter.is_empty());
        let one_founder = founders.count() < 2;
        Ok(Some(Self {
            record: reader.standing(&entity)?,
            names: reader.names()?,
            history: reader.history_of(&entity)?,
            reader,
            row,
            entity,
            devices,
            one_founder,
        }))
    }

    pub(super) fn contests(&self) -> Result<Vec<Contest>, Refusal> {
        let mut found = Vec::new();
        for (name, register) in &self.record.fields {
            if is_disputed(&self.record, name, &self.names) {
                found.push(self.contest(name, register)?);
            }
        }
        let told = found.iter().any(|it| it.field == "deleted");
        if gone(&self.record) == Gone::Disputed && !told {
            found.extend(self.taken_off()?);
        }
        Ok(found)
    }

    fn contest(&self, name: &str, register: &Register) -> Result<Contest, Refusal> {
        let lineage = self.lineage(name);
        let mut sides: Vec<Side> = Vec::new();
        let mut dots = Vec::new();
        for live in &register.live {
            let origin = lineage.origin(live.dot);
            dots.push(origin);
            let value = self.names.read(name, &live.value);
            let by = lineage.by(origin);
            let Some(entry) = by.and_then(|by| self.entry(&by.hash)) else {
                continue;
            };
            match sides.iter_mut().find(|side| side.value == value) {
                Some(side) => side.steps.push(entry.applied.hash),
                None => sides.push(self.side(name, value, entry)),
            }
        }
        sides.sort_by(|left, right| left.recorded.cmp(&right.recorded));
        self.knowledge(&mut sides)?;
        let before = lineage.base(&dots);
        // What both replaced may have been in dispute itself: then neither began with one value.
        let mut stood: Vec<String> = before.iter().map(|value| text(name, value)).collect();
        stood.sort_unstable();
        stood.dedup();
        let base = match (stood.len(), before.last()) {
            (1, Some(value)) => (*value).clone(),
            _ => Value::Null,
        };
        let base_text = match (name, stood.is_empty()) {
            ("deleted", true) => ON_THE_DESK.to_owned(),
            ("deleted", false) if self.settles(&sides) => "in dispute".to_owned(),
            (_, true) => text(name, &base),
            (_, false) => stood.join(" against "),
        };
        let shown = if name == "deleted" {
            // In dispute it stays.
            ON_THE_DESK.to_owned()
        } else {
            let values: Vec<&Value> = register.live.iter().map(|live| &live.value).collect();
            let shown = dispute::shown(name, &values).map_or(&Value::Null, |at| values[at]);
            text(name, shown)
        };
        Ok(Contest {
            field: name.to_owned(),
            label: self.label(name),
            base_text,
            base,
            shown,
            sides,
            put_off: self.put_off(name)?,
            along: Vec::new(),
            words: field::in_own_words(self.row.kind, name),
            steps: steps(&lineage, register),
        })
    }

    /// The steps whose values stand beside each other in a field, whoever put them back.
    pub(super) fn beside(&self, name: &str) -> Vec<Hash> {
        let register = self.record.fields.get(name);
        register.map_or_else(Vec::new, |it| steps(&self.lineage(name), it))
    }

    /// Who said last that a field is settled later.
    fn put_off(&self, name: &str) -> Result<Option<PutOff>, Refusal> {
        for entry in self.history.iter().rev() {
            let commit = &entry.applied.commit;
            let said = commit.ops.iter().find_map(|op| match op {
                Op::Event { entity, kind, body } if *entity == self.entity => {
                    let settles = kind == "put-off" || kind == "resolved";
                    (settles && body["field"] == name).then_some((kind, body))
                }
                _ => None,
            });
            let Some((kind, body)) = said else { continue };
            if self.reader.undone(entry.num)? {
                continue;
            }
            // What was settled since is another dispute.
            return Ok((kind == "put-off").then(|| PutOff {
                by: commit.person.clone(),
                on_behalf: commit.on_behalf.clone(),
                recorded: commit.wall.clone(),
                because: field::text(&body["text"]),
            }));
        }
        Ok(None)
    }

    /// Whether one of these settled what was in dispute before.
    fn settles(&self, sides: &[Side]) -> bool {
        let settled = |side: &Side| {
            let entry = self.entry(&side.hash);
            entry.is_some_and(|entry| entry.applied.commit.intent["do"] == "resolve")
        };
        sides.iter().any(settled)
    }

    /// A record that one manager took off the desk while the other changed it.
    fn taken_off(&self) -> Result<Option<Contest>, Refusal> {
        let Some(register) = self.record.fields.get("deleted") else {
            return Ok(None);
        };
        let lineage = self.lineage("deleted");
        let mut sides = Vec::new();
        for live in &register.live {
            if let Some(by) = lineage.by(lineage.origin(live.dot))
                && let Some(entry) = self.entry(&by.hash)
            {
                sides.push(self.side("deleted", live.value.clone(), entry));
            }
        }
        let deleted: Vec<Hash> = sides.iter().map(|side: &Side| side.hash).collect();
        for (hash, what) in self.written() {
            let mut unseen = !deleted.contains(&hash);
            for by in &deleted {
                unseen &= !self.reader.had_seen(by, &hash)?;
            }
            let known = sides.iter().any(|side| side.hash == hash);
            if let Some(entry) = self.entry(&hash).filter(|_| unseen && !known) {
                let mut side = self.side("deleted", Value::Null, entry);
                side.text = format!("stays, with {what} changed");
                sides.push(side);
            }
        }
        self.knowledge(&mut sides)?;
        Ok(Some(Contest {
            field: "deleted".to_owned(),
            label: self.label("deleted"),
            base_text: ON_THE_DESK.to_owned(),
            shown: ON_THE_DESK.to_owned(),
            sides,
            put_off: self.put_off("deleted")?,
            ..Contest::default()
        }))
    }

    /// The commits whose values and elements stand, and what each wrote.
    fn written(&self) -> Vec<(Hash, String)> {
        let mut by: BTreeMap<Hash, Vec<String>> = BTreeMap::new();
        for (name, register) in &self.record.fields {
            for live in register.live.iter().filter(|_| name != "deleted") {
                by.entry(live.order.hash).or_default().push(name.clone());
            }
        }
        for ((set, _), added) in self.record.additions() {
            for (_, hash) in added {
                by.entry(hash).or_default().push(set.clone());
            }
        }
        by.into_iter()
            .map(|(hash, mut names)| {
                names.dedup();
                (hash, names.join(", "))
            })
            .collect()
    }

    fn side(&self, name: &str, value: Value, entry: &Entry) -> Side {
        let commit = &entry.applied.commit;
        let means = match (name, &value) {
            ("deleted", Value::Null) => Means::Keep,
            ("deleted", _) => Means::TakeOff,
            _ => Means::Write,
        };
        Side {
            text: text(name, &value),
            value,
            by: commit.person.clone(),
            on_behalf: commit.on_behalf.clone(),
            device: self.device(&commit.replica),
            desk: self.desk(&commit.replica),
            commit: short(&entry.applied.hash.to_string()),
            at: commit.at.clone().unwrap_or_else(|| commit.wall.clone()),
            recorded: commit.wall.clone(),
            seen: Vec::new(),
            hash: entry.applied.hash,
            steps: vec![entry.applied.hash],
            means,
        }
    }

    /// What each side's author had seen of the others.
    fn knowledge(&self, sides: &mut [Side]) -> Result<(), Refusal> {
        let others: Vec<(Hash, String)> = sides.iter().map(|it| (it.hash, it.by.clone())).collect();
        for side in sides {
            for (hash, person) in others.iter().filter(|(hash, _)| *hash != side.hash) {
                let last = self.reader.last_seen(&side.hash, hash)?;
                side.seen.push(Knowledge {
                    of: person.clone(),
                    up_to: last.as_ref().map(|it| short(&it.applied.hash.to_string())),
                    recorded: last.map(|it| it.applied.commit.wall),
                });
            }
        }
        Ok(())
    }

    /// The rules that are broken, each with the latest steps that wrote what breaks it.
    pub(super) fn broken(&self) -> Result<Vec<Broken>, Refusal> {
        let Some(noun) = self.row.noun()? else {
            return Ok(Vec::new());
        };
        let writers = |field: &str| {
            let register = self.record.fields.get(field);
            register.map_or(0, |it| it.live.len())
        };
        let found = violation::of(&noun, &writers).into_iter();
        Ok(found
            .map(|it| {
                let mut steps: Vec<Step> = Vec::new();
                for step in it.places.iter().flat_map(|place| self.steps(place)) {
                    if !steps.contains(&step) {
                        steps.push(step);
                    }
                }
                Broken {
                    rule: it.rule,
                    what: it.what,
                    steps,
                    mend: it.mend,
                    closes: it.closes,
                }
            })
            .collect())
    }

    fn steps(&self, place: &Place) -> Vec<Step> {
        match place {
            Place::Field(name) => {
                let live = self.record.fields.get(name).map(|it| it.live.as_slice());
                let lineage = self.lineage(name);
                let dots = live.unwrap_or_default().iter().map(|live| live.dot);
                let steps: Vec<_> = dots.filter_map(|dot| self.step_at(&lineage, dot)).collect();
                if steps.is_empty() {
                    self.emptied(name).into_iter().collect()
                } else {
                    steps
                }
            }
            // Whoever put it in or took it out last.
            Place::Element { set, element } => {
                let touches = |op: &Op| match op {
                    Op::Add { set: of, elem, .. } | Op::Remove { set: of, elem, .. } => {
                        of == set && elem == element
                    }
                    _ => false,
                };
                let last = self.history.iter().rev();
                let mut last = last.filter(|it| it.applied.commit.ops.iter().any(touches));
                last.next()
                    .map(|entry| self.step(entry))
                    .into_iter()
                    .collect()
            }
        }
    }

    /// The step that took back what stood in a field last.
    fn emptied(&self, name: &str) -> Option<Step> {
        let back = |op: &Op| match op {
            Op::Back { entity, field, .. } => *entity == self.entity && field == name,
            _ => false,
        };
        let mut last = self.history.iter().rev();
        let last = last.find(|it| it.applied.commit.ops.iter().any(back));
        last.map(|entry| self.step(entry))
    }

    fn step_at(&self, lineage: &Lineage<'_>, dot: Dot) -> Option<Step> {
        let by = lineage.by(lineage.origin(dot))?;
        self.entry(&by.hash).map(|entry| self.step(entry))
    }

    fn step(&self, entry: &Entry) -> Step {
        let commit = &entry.applied.commit;
        Step {
            commit: short(&entry.applied.hash.to_string()),
            by: commit.person.clone(),
            on_behalf: commit.on_behalf.clone(),
            device: self.device(&commit.replica),
            desk: self.desk(&commit.replica),
            action: action::called(&commit.intent, Action::title),
            recorded: commit.wall.clone(),
        }
    }

    fn lineage(&self, field: &str) -> Lineage<'_> {
        let commits = self.history.iter().map(|entry| &entry.applied);
        Lineage::of(&self.entity, field, commits)
    }

    fn entry(&self, hash: &Hash) -> Option<&Entry> {
        self.history.iter().find(|it| it.applied.hash == *hash)
    }

    fn device(&self, replica: &ReplicaId) -> String {
        let known = self.devices.get(replica).cloned();
        known.unwrap_or_else(|| short(&replica.to_string()))
    }

    /// Where somebody works, for people: their desk's letter where it has one.
    fn desk(&self, replica: &ReplicaId) -> String {
        match self.devices.get(replica) {
            Some(letter) => format!("on desk {letter}"),
            None if self.one_founder => String::new(),
            None => format!("on a copy of the desk ({})", short(&replica.to_string())),
        }
    }

    fn label(&self, name: &str) -> String {
        if name == "deleted" {
            return "Off the desk".to_owned();
        }
        let (head, more) = name.split_once(':').unwrap_or((name, ""));
        let known = fields(self.row.kind).iter().find(|it| it.name == head);
        let label = known.map_or_else(|| capital(head), |it| it.label.to_owned());
        format!("{label} {more}").trim_end().to_owned()
    }
}

const ON_THE_DESK: &str = "on the desk";

fn short(digits: &str) -> String {
    digits.get(..8).unwrap_or(digits).to_owned()
}

/// A value whole, as a person reads it: a register by its state.
fn text(name: &str, value: &Value) -> String {
    match (name, value) {
        ("deleted", Value::Null) => "stays on the desk".to_owned(),
        ("deleted", _) => "off the desk".to_owned(),
        (_, Value::String(text)) => text.clone(),
        ("state", Value::Object(_)) => log::short(name, value),
        _ => field::text(value),
    }
}
