//! A digest of what stands in a record: for what somebody decided about the whole of it, so that
//! everybody can tell later whether it is still that what was meant. Says nothing of events.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::canonical::canonical;
use super::id::Hash;
use super::merge::Record;

impl Record {
    /// Sixteen digits over all values and elements that stand, but those of the fields named.
    /// The same whatever the order of arrival; an emptied field counts as one never written.
    pub fn covered(&self, but: &[&str]) -> String {
        let mut fields: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (field, register) in &self.fields {
            let values = register.live.iter().filter(|live| !live.value.is_null());
            let mut values: Vec<String> = values.map(|live| canonical(&live.value)).collect();
            values.sort();
            values.dedup();
            if !values.is_empty() && !but.contains(&field.as_str()) {
                fields.insert(field, values);
            }
        }
        let sets: BTreeMap<&String, Vec<&String>> = self
            .sets
            .iter()
            .map(|(set, elements)| (set, elements.keys().collect()))
            .collect();
        let told: Value = json!([fields, sets]);
        let mut digits = Hash::of(&[canonical(&told).as_bytes()]).to_string();
        digits.truncate(16);
        digits
    }
}
