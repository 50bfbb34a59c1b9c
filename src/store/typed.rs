//! When steps were typed, as the clocks of their devices said: those that a step depends on, the
//! last of each line, and the records that stand in a state from later on. Judges no clock.

use rusqlite::OptionalExtension;

use super::StoreError;
use super::log::{self, Entry};
use super::query::{COLUMNS, Reader, RecordRow, record_row, sql_limit};
use crate::ledger::Hash;

/// The step before a commit in its chain; a fork's first goes on from the line that it grew from.
const PREDECESSOR: &str = "SELECT before.recorded FROM log step
    JOIN replica line ON line.num = step.replica
    JOIN log before ON before.seq = step.seq - 1 AND before.replica =
        CASE WHEN step.seq = line.first THEN coalesce(line.parent, line.num) ELSE line.num END
    WHERE substr(step.hash, 1, 8) = substr(?1, 1, 8) AND step.hash = ?1";

/// The last steps of lines that were typed after a moment. Lines are few: they are asked first, and
/// each for one step. A device that went on as another replica is asked for the later line alone.
const LAST: &str = "SELECT log.hash FROM replica
    CROSS JOIN log ON log.replica = replica.num AND log.seq = replica.tip_seq
    WHERE log.recorded > ?1 AND log.fate = 0 AND NOT EXISTS (
        SELECT 1 FROM replica later WHERE later.key = replica.key AND later.num > replica.num)
    ORDER BY log.recorded DESC LIMIT ?2";

impl Reader<'_> {
    /// When the steps were typed that a commit depends on, in Unix seconds: the one before it in its
    /// chain, and its `deps`. What is not here is left out.
    pub fn causes_typed(&self, hash: &Hash, deps: &[Hash]) -> Result<Vec<i64>, StoreError> {
        let mut before = self.conn().prepare_cached(PREDECESSOR)?;
        let before = before.query_row([hash.0], |row| row.get(0)).optional()?;
        let mut typed: Vec<i64> = before.into_iter().collect();
        let mut select = self.conn().prepare_cached(
            "SELECT recorded FROM log WHERE substr(hash, 1, 8) = substr(?1, 1, 8) AND hash = ?1",
        )?;
        for dep in deps {
            let cause = select.query_row([dep.0], |row| row.get::<_, i64>(0));
            typed.extend(cause.optional()?);
        }
        Ok(typed)
    }

    /// The last steps of lines that were typed after a moment, in Unix seconds; the latest first.
    pub fn last_typed_after(&self, time: i64, limit: usize) -> Result<Vec<Entry>, StoreError> {
        let mut select = self.conn().prepare_cached(LAST)?;
        let hashes = select.query_map((time, sql_limit(limit)), |row| row.get(0))?;
        let mut found = Vec::new();
        for hash in hashes {
            found.extend(log::by_hash(self.conn(), &Hash(hash?))?);
        }
        Ok(found)
    }

    /// The records whose state was entered after a moment, both as they are written. Reads every
    /// record there is.
    pub fn entered_after(&self, moment: &str) -> Result<Vec<RecordRow>, StoreError> {
        let mut select = self.conn().prepare(&format!(
            "SELECT {COLUMNS} FROM record WHERE json_extract(body, '$.state.entered') > ?1
             ORDER BY kind, open DESC, sort"
        ))?;
        let rows = select.query_map([moment], record_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Store;
    use super::super::received_tests::{Chain, FOUNDER, GENESIS};
    use crate::ledger::{Draft, Hash, Header, Key, ReplicaId, named};

    /// A step typed so many seconds after 1970.
    fn types(chain: &mut Chain, replica: u8, seconds: i64, deps: &[Hash]) -> Hash {
        let seq = chain.made.len() as u64 + 1;
        let mut draft = Draft::new(ReplicaId([replica; 16]), seq);
        draft.set(&named("product", "x"), "kind", "product", []);
        let wall = chrono::DateTime::from_timestamp(seconds, 0).unwrap();
        let header = Header {
            deps: deps.to_vec(),
            person: "Anna".to_owned(),
            wall: wall.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            ..Header::default()
        };
        chain.sends(draft.finish(header).encode());
        chain.made.last().unwrap().hash
    }

    #[test]
    fn a_step_depends_on_the_one_before_it_through_a_fork_too_and_on_those_of_other_desks() {
        let mut chain = Chain::new();
        let first = types(&mut chain, 1, 100, &[]);
        let second = types(&mut chain, 1, 200, &[]);
        let mut fork = chain.clone();
        fork.goes_back_to(1);
        let forked = types(&mut fork, 1, 300, &[]);
        let mut other = Chain::of(3, FOUNDER);
        let seen = types(&mut other, 3, 400, &[second]);
        let last = types(&mut fork, 1, 500, &[seen]);
        let mut desk = Store::in_memory(GENESIS, ReplicaId([2; 16])).unwrap();
        desk.share_here(&Key([2; 32]), &FOUNDER).unwrap();
        let made = [chain.made, other.made, fork.made.split_off(1)].concat();
        desk.receive(made, &[], 0).unwrap();
        let reader = desk.reader();
        let causes = |step: &Hash, deps: &[Hash]| reader.causes_typed(step, deps).unwrap();
        assert!(causes(&first, &[]).is_empty());
        assert_eq!(causes(&second, &[]), [100]);
        assert_eq!(
            causes(&forked, &[]),
            [100],
            "the step that both went on from"
        );
        assert_eq!(causes(&seen, &[second]), [200]);
        assert_eq!(causes(&last, &[seen]), [300, 400]);
        let tips = reader.last_typed_after(199, 10).unwrap();
        let tips: Vec<i64> = tips.iter().map(|tip| tip.recorded).collect();
        assert_eq!(tips, [500], "of a device that went on the later line alone");
        assert!(reader.last_typed_after(500, 10).unwrap().is_empty());
    }
}
