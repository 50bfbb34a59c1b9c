//! Turns what the ledger says of an entity into the desk's row for it. The one
//! place where ledger and domain meet; decides nothing itself.

use serde_json::{Map, Value};

use super::StoreError;
use super::names::Names;
use super::standing::{Gone, gone, is_disputed, provisional, standing};
use crate::domain::attention::{self, Duty};
use crate::domain::calendar::Calendar;
use crate::domain::kind::Kind;
use crate::domain::noun::{Noun, Setting, Summary};
use crate::domain::profile::Profile;
use crate::domain::violation::{self, Place, Violation};
use crate::domain::zone::Zone;
use crate::ledger::{EntityId, Order, Record};

/// What records are judged by while they are projected.
pub struct Rules {
    pub profile: Profile,
    pub calendar: Calendar,
    pub zone: Zone,
    /// The ids that are read as another.
    pub names: Names,
}

impl Rules {
    pub fn setting(&self) -> Setting<'_> {
        Setting {
            profile: &self.profile,
            calendar: &self.calendar,
            zone: &self.zone,
        }
    }
}

/// A record's row, ready to be written.
pub(super) struct Projected {
    pub kind: Kind,
    pub summary: Summary,
    /// Bit 0: two managers disagree. Bit 1: it breaks a rule. Bit 2: it goes no further.
    pub contested: u8,
    pub body: String,
    pub duties: Vec<Duty>,
    pub noun: Noun,
}

/// The fields of a record as one JSON object: `a:b` nests, sets are arrays.
pub(super) fn fields(record: &Record, names: &Names) -> (Map<String, Value>, bool) {
    let mut body = Map::new();
    let mut contested = false;
    for field in record.fields.keys() {
        contested |= is_disputed(record, field, names);
        let Some(value) = provisional(record, field, names) else {
            continue;
        };
        match field.split_once(':') {
            Some((outer, inner)) => {
                let nest = body
                    .entry(outer)
                    .or_insert_with(|| Value::Object(Map::new()));
                if let Value::Object(nest) = nest {
                    nest.insert(inner.to_owned(), value);
                }
            }
            None => {
                body.insert(field.clone(), value);
            }
        }
    }
    for (set, elements) in &record.sets {
        let elements = elements
            .keys()
            .filter_map(|text| serde_json::from_str(text).ok())
            .collect();
        body.insert(set.clone(), names.read(set, &Value::Array(elements)));
    }
    let slips: Vec<Value> = record
        .events
        .iter()
        .filter(|event| event.kind == "slip")
        .map(|event| event.body.clone())
        .collect();
    if !slips.is_empty() {
        body.insert("slips".to_owned(), Value::Array(slips));
    }
    (body, contested)
}

/// The rules that a record breaks, each with the steps by which it came about.
fn broken(noun: &Noun, record: &Record) -> Vec<(Violation, String)> {
    let writers = |field: &str| {
        let register = record.fields.get(field);
        register.map_or(0, |it| it.live.len())
    };
    violation::of(noun, &writers)
        .into_iter()
        .map(|violation| {
            let steps = writers_of(&violation, record);
            let said = match steps.as_slice() {
                [] => violation.what.clone(),
                steps => format!("{} ({})", violation.what, steps.join(", ")),
            };
            (violation, said)
        })
        .collect()
}

/// The first digits of the steps that wrote what breaks a rule, the earliest first.
fn writers_of(violation: &Violation, record: &Record) -> Vec<String> {
    let mut steps: Vec<Order> = Vec::new();
    let mut elements = Vec::new();
    for place in &violation.places {
        match place {
            Place::Field(field) => {
                let live = record.fields.get(field).map(|it| it.live.as_slice());
                steps.extend(live.unwrap_or_default().iter().map(|live| live.order));
            }
            Place::Element { set, element } => {
                let element = crate::ledger::canonical(&Value::String(element.clone()));
                let added = record.additions().into_iter();
                let of_it = added.filter(|(key, _)| *key == (set.clone(), element.clone()));
                elements.extend(of_it.flat_map(|(_, added)| added));
            }
        }
    }
    steps.sort_unstable();
    let mut said: Vec<String> = steps.iter().map(|it| it.hash.to_string()).collect();
    said.extend(elements.iter().map(|(_, hash)| hash.to_string()));
    for hash in &mut said {
        hash.truncate(8);
    }
    let mut met = std::collections::BTreeSet::new();
    said.retain(|hash| met.insert(hash.clone()));
    said
}

/// The same for a record that others may have written to: nothing for one that cannot be read.
pub(super) fn readable(entity: &EntityId, record: &Record, rules: &Rules) -> Option<Projected> {
    project(entity, record, rules).ok().flatten()
}

/// What the desk shows of a record; nothing for one that was taken back.
pub(super) fn project(
    entity: &EntityId,
    record: &Record,
    rules: &Rules,
) -> Result<Option<Projected>, StoreError> {
    let record = &*standing(record);
    let (mut body, mut contested) = fields(record, &rules.names);
    match gone(record) {
        Gone::Yes => return Ok(None),
        Gone::Disputed => contested = true,
        Gone::No => {}
    }
    body.remove("deleted");
    if let Some(id) = rules.names.of(entity) {
        body.insert("id".to_owned(), id.into());
    }
    let Some(kind) = body
        .remove("kind")
        .and_then(|kind| Kind::from_word(kind.as_str()?))
    else {
        return Ok(None);
    };
    if let Some(kind_of) = body.remove("kind_of") {
        body.insert("kind".to_owned(), kind_of);
    }
    let text =
        serde_json::to_string(&body).map_err(|error| StoreError::Broken(error.to_string()))?;
    let noun = Noun::read(kind, Value::Object(body)).map_err(|error| {
        StoreError::Broken(format!("a {} that cannot be read: {error}", kind.word()))
    })?;
    let Some(noun) = noun else { return Ok(None) };
    let setting = rules.setting();
    let summary = noun.summary(&setting);
    if summary.gone {
        return Ok(None);
    }
    let mut duties = attention::duties(&noun, &setting);
    let broken = broken(&noun, record);
    let closes = broken.iter().any(|(violation, _)| violation.closes);
    if contested {
        duties.push(attention::settle(None));
    }
    if !broken.is_empty() {
        let said: Vec<String> = broken.iter().map(|(_, said)| said.clone()).collect();
        duties.push(attention::mend(&said, None));
    }
    let bits = [contested, !broken.is_empty(), closes];
    let contested = (0..).zip(bits).map(|(at, is)| u8::from(is) << at).sum();
    Ok(Some(Projected {
        kind,
        summary,
        contested,
        body: text,
        duties,
        noun,
    }))
}
