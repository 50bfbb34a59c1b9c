//! What the same steps wrote in other records: who slips a milestone moves those that hang on it, so
//! that two who slip it apart disagree on every one of them, and settle that once. Refuses states
//! and what leaves the desk: there each record is judged by itself.

use std::collections::BTreeMap;

use super::Contest;
use super::gather::Gather;
use crate::domain::kind::Kind;
use crate::ledger::{Hash, Register};
use crate::store::{Reader, RecordRow, is_disputed};
use crate::workspace::refusal::Refusal;

/// What is contested on a desk, by the kind of record, the field, and the steps that stand beside
/// each other there.
#[derive(Default)]
pub(super) struct Along(BTreeMap<(Kind, String, Vec<Hash>), Vec<String>>);

/// Fields of which each record is judged by itself.
const BY_ITSELF: [&str; 2] = ["deleted", "state"];

impl Along {
    /// Of these records.
    pub(super) fn of(reader: &Reader<'_>, rows: &[RecordRow]) -> Result<Self, Refusal> {
        let mut along = Self::default();
        let names = reader.names()?;
        for row in rows.iter().filter(|row| row.contested) {
            // What a newer version wrote to is settled there.
            if reader.needs_newer(row.kind, &row.id)? {
                continue;
            }
            let Some(entity) = super::entity(reader, row)? else {
                continue;
            };
            let record = reader.standing(&entity)?;
            let disputed = record.fields.iter();
            for (field, register) in disputed.filter(|it| is_disputed(&record, it.0, &names)) {
                let steps = steps(reader, row, (field, register))?;
                let key = (row.kind, field.clone(), steps);
                along.0.entry(key).or_default().push(row.id.clone());
            }
        }
        Ok(along)
    }

    /// Tells each contested field of a record what goes along with it.
    pub(super) fn tell(&self, (kind, id): (Kind, &str), contests: &mut [Contest]) {
        let by_itself = |it: &&mut Contest| BY_ITSELF.contains(&it.field.as_str());
        for contest in contests.iter_mut().filter(|it| !by_itself(it)) {
            let key = (kind, contest.field.clone(), contest.steps.clone());
            let all = self.0.get(&key).into_iter().flatten();
            contest.along = all.filter(|it| *it != id).cloned().collect();
        }
    }
}

/// The steps whose values stand beside each other, as `Gather` finds them. The history is read only
/// where an undo put one of them back.
fn steps(
    reader: &Reader<'_>,
    row: &RecordRow,
    (field, register): (&str, &Register),
) -> Result<Vec<Hash>, Refusal> {
    let mut steps: Vec<Hash> = register.live.iter().map(|it| it.order.hash).collect();
    steps.sort_unstable();
    steps.dedup();
    let mut put_back = false;
    for step in &steps {
        put_back |= reader.is_undo(step)?;
    }
    let gathered = if put_back {
        Gather::of(reader, row)?
    } else {
        None
    };
    Ok(gathered.map_or(steps, |it| it.beside(field)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_and_what_leaves_the_desk_are_settled_for_each_record_by_itself() {
        let steps = vec![Hash([1; 32]), Hash([2; 32])];
        let fields = ["current", "state", "deleted"];
        let both = || vec!["T-1".to_owned(), "T-2".to_owned()];
        let key = |field: &str| (Kind::Ticket, field.to_owned(), steps.clone());
        let along = Along(fields.map(|field| (key(field), both())).into());
        let mut contests = fields.map(|field| Contest {
            field: field.to_owned(),
            steps: steps.clone(),
            ..Contest::default()
        });
        along.tell((Kind::Ticket, "T-1"), &mut contests);
        let [current, state, deleted] = contests.map(|it| it.along);
        assert_eq!(current, ["T-2"]);
        assert!(state.is_empty() && deleted.is_empty());
    }
}
