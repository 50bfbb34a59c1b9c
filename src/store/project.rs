//! Turns what the ledger says of an entity into the desk's row for it. The one
//! place where ledger and domain meet; decides nothing itself.

use serde_json::{Map, Value};

use super::StoreError;
use crate::domain::attention::{self, Duty};
use crate::domain::calendar::Calendar;
use crate::domain::caution;
use crate::domain::kind::Kind;
use crate::domain::noun::{Noun, Setting, Summary};
use crate::domain::profile::Profile;
use crate::domain::queue::state::{Standing, State};
use crate::domain::zone::Zone;
use crate::ledger::{Record, Register};

/// What records are judged by while they are projected.
pub struct Rules {
    pub profile: Profile,
    pub calendar: Calendar,
    pub zone: Zone,
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
    pub contested: bool,
    pub body: String,
    pub duties: Vec<Duty>,
    pub noun: Noun,
}

/// The fields of a record as one JSON object: `a:b` nests, sets are arrays.
pub(super) fn fields(record: &Record) -> (Map<String, Value>, bool) {
    let mut body = Map::new();
    let mut contested = false;
    for (field, register) in &record.fields {
        contested |= register.contested();
        let Some(value) = provisional(field, register) else {
            continue;
        };
        match field.split_once(':') {
            Some((outer, inner)) => {
                let nest = body
                    .entry(outer)
                    .or_insert_with(|| Value::Object(Map::new()));
                if let Value::Object(nest) = nest {
                    nest.insert(inner.to_owned(), value.clone());
                }
            }
            None => {
                body.insert(field.clone(), value.clone());
            }
        }
    }
    for (set, elements) in &record.sets {
        let elements = elements
            .keys()
            .filter_map(|text| serde_json::from_str(text).ok())
            .collect();
        body.insert(set.clone(), Value::Array(elements));
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

/// The value shown while two stand: of a state, and of how critical a problem is, the most
/// cautious one (SYNC.md 3.8).
fn provisional<'r>(field: &str, register: &'r Register) -> Option<&'r Value> {
    let cautious = matches!(field, "state" | "triage");
    if cautious && register.live.len() > 1 {
        let caution = |value: &Value| {
            serde_json::from_value::<Standing>(value.clone()).map_or_else(
                |_| caution::of(value),
                |standing: Standing| State::caution(standing.state),
            )
        };
        return register.provisional_by(caution).map(|live| &live.value);
    }
    register.value()
}

/// The same for a record that others may have written to: nothing for one that cannot be read.
pub(super) fn readable(record: &Record, rules: &Rules) -> Option<Projected> {
    project(record, rules).ok().flatten()
}

/// What the desk shows of a record; nothing for one that was taken back.
pub(super) fn project(record: &Record, rules: &Rules) -> Result<Option<Projected>, StoreError> {
    let (mut body, contested) = fields(record);
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
    let duties = attention::duties(&noun, &setting);
    Ok(Some(Projected {
        kind,
        summary,
        contested,
        body: text,
        duties,
        noun,
    }))
}
