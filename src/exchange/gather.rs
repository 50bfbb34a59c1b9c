//! Collects what a format reads: records once each, rejected rows with their line,
//! and how many words of the file became which words of the desk.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

use super::key::key;
use super::{Import, Item, Rejected};
use crate::domain::kind::Kind;

/// Beyond this many, remarks are only counted.
const MAX_NOTES: usize = 100;

/// A record's fields.
pub(super) type Fields = BTreeMap<String, Value>;

#[derive(Default)]
pub(super) struct Gather {
    /// Products, sites and the like that other rows only name; they come first.
    named: Vec<Item>,
    items: Vec<Item>,
    seen: HashMap<(Kind, String), usize>,
    mentioned: HashMap<(Kind, String), usize>,
    rejected: Vec<Rejected>,
    tally: BTreeMap<String, usize>,
    notes: Vec<String>,
    repeated: usize,
    /// Product, field and value of every contradiction that was noted.
    contradicted: HashSet<(String, String, String)>,
}

impl Gather {
    /// Takes a record and says whether it did; a second one with the same key is
    /// rejected unless it says the same.
    pub(super) fn add(&mut self, item: Item) -> bool {
        let place = (item.kind, item.key.clone());
        let Some(first) = self.seen.get(&place).and_then(|at| self.items.get(*at)) else {
            self.seen.insert(place, self.items.len());
            self.items.push(item);
            return true;
        };
        if first.fields == item.fields {
            self.repeated += 1;
            return false;
        }
        let why = format!(
            "{} is already the {} of {}",
            item.key,
            item.kind.word(),
            first.source
        );
        self.reject(item.source, why);
        false
    }

    /// Takes a product that a row names. Fields that a later row adds are taken,
    /// a field that it contradicts is noted and stays.
    pub(super) fn product(&mut self, name: &str, provider: Option<&str>, source: &str) {
        let place = (Kind::Product, key(&[name]));
        let mut fields = Fields::from([("name".to_owned(), Value::from(name))]);
        if let Some(provider) = provider {
            fields.insert("provider".to_owned(), Value::from(provider));
        }
        let known = self
            .mentioned
            .get(&place)
            .and_then(|at| self.named.get_mut(*at));
        let Some(known) = known else {
            self.mentioned.insert(place.clone(), self.named.len());
            let source = source.to_owned();
            self.named.push(Item {
                kind: place.0,
                key: place.1,
                source,
                fields,
            });
            return;
        };
        for (field, value) in fields {
            let first = known
                .fields
                .entry(field.clone())
                .or_insert_with(|| value.clone());
            if *first == value {
                continue;
            }
            let note = format!(
                "the {field} of {name} is {first} ({}) and {value} ({source}): the first is taken",
                known.source
            );
            let told = (known.key.clone(), field, value.to_string());
            if self.contradicted.insert(told) {
                self.notes.push(note);
            }
        }
    }

    pub(super) fn reject(&mut self, source: String, why: String) {
        self.rejected.push(Rejected { source, why });
    }

    /// Counts that `from` became `to`.
    pub(super) fn count(&mut self, from: &str, to: &str) {
        *self.tally.entry(format!("{from} → {to}")).or_default() += 1;
    }

    pub(super) fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    /// The import; files, format and the rows no sheet could read are the caller's.
    pub(super) fn finish(self) -> Import {
        let mut tally: Vec<(String, usize)> = self.tally.into_iter().collect();
        tally.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let mut mapped: Vec<String> = tally
            .iter()
            .map(|(words, count)| format!("{count} × {words}"))
            .collect();
        let more = self.notes.len().saturating_sub(MAX_NOTES);
        mapped.extend(self.notes.into_iter().take(MAX_NOTES));
        if more > 0 {
            mapped.push(format!("and {more} more remarks"));
        }
        if self.repeated > 0 {
            mapped.push(format!(
                "{} × a row that repeats an earlier one → left out",
                self.repeated
            ));
        }
        let mut items = self.named;
        items.extend(self.items);
        Import {
            mapped,
            items,
            rejected: self.rejected,
            ..Import::default()
        }
    }
}

/// The fields without those that are empty texts.
pub(super) fn texts(pairs: &[(&str, &str)]) -> Fields {
    pairs
        .iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| ((*name).to_owned(), Value::from(*text)))
        .collect()
}

/// An absent cell is no fact.
pub(super) fn given(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}
