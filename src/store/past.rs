//! The desk as it was: what had happened by a moment, or what had been recorded
//! by then, projected in memory. The file is only read.

use serde_json::Value;

use super::log::Entry;
use super::query::Reader;
use super::{StoreError, apply, open, rebuild, undone};
use crate::ledger::EntityId;

/// Which facts count, in Unix seconds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Moment {
    /// What had happened by then (`--as-of`).
    pub happened_by: Option<i64>,
    /// What had been recorded by then (`--known-at`).
    pub recorded_by: Option<i64>,
    /// Steps that only told the desk of something that was so all along; they
    /// count whenever they happened. Judged by their intent.
    pub timeless: Option<fn(&Value) -> bool>,
}

impl Moment {
    fn includes(&self, entry: &Entry, undone: bool) -> bool {
        // What was told later and then taken back was never so.
        let timeless = || {
            !undone
                && self
                    .timeless
                    .is_some_and(|timeless| timeless(&entry.applied.commit.intent))
        };
        self.happened_by
            .is_none_or(|by| entry.happened <= by || timeless())
            && self.recorded_by.is_none_or(|by| entry.recorded <= by)
    }
}

impl Reader<'_> {
    /// Looks at the desk as it was. `scope` names the entities that the look
    /// needs, so that only their commits are folded; nothing means all.
    pub fn past<T>(
        &self,
        moment: Moment,
        scope: Option<&[EntityId]>,
        look: &mut dyn FnMut(&Reader<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let conn = self.conn();
        let condition = match scope {
            None => None,
            Some(entities) => {
                let mut nums = Vec::new();
                for entity in entities.iter().chain([&apply::desk_entity()]) {
                    if let Some(num) = self.num_of(entity)? {
                        nums.push(num.to_string());
                    }
                }
                Some(format!(
                    "WHERE num IN (SELECT log FROM touched WHERE entity IN ({})) ORDER BY num",
                    nums.join(",")
                ))
            }
        };
        let memory = open::memory()?;
        let undone = undone::all(conn)?;
        let wanted = |entry: &Entry| moment.includes(entry, undone.contains(&entry.num));
        rebuild::copy_log(conn, &memory, &wanted, condition.as_deref())?;
        rebuild::fill(&memory)?;
        look(&Reader::new(&memory))
    }
}
