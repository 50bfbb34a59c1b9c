//! Keeps the number of files small without losing anything: own packs are merged into larger
//! ones, and what a larger one holds is taken away a day later (SYNC.md 3.10). An author never
//! counts copies that others made; a copy made for another gives way to its author's own file.

use std::collections::BTreeMap;

use super::coverage::{Coverage, File, overlapping};
use super::publish::{self, Lines};
use super::put::{self, Written};
use super::{DAY, Meeting, Round, Sight};
use crate::ledger::ReplicaId;
use crate::ledger::mutant::{self, Mutant};
use crate::sync::log::{FileVerdict, Log};
use crate::sync::names;
use crate::sync::pack::MAX_COMMITS;

/// So many packs of one size become one of the next.
/// Fewer in tests, whose histories are short.
const FANOUT: u64 = if cfg!(test) { 4 } else { 8 };
/// How many heads of its own a desk leaves there.
const HEADS: usize = 2;

/// Which size a pack belongs to.
fn level(own: &File) -> u32 {
    (own.hi - own.lo + 1).ilog(FANOUT)
}

fn mine<'a>(files: &'a [File], own: &ReplicaId) -> impl Iterator<Item = &'a File> {
    let folder = *own;
    files.iter().filter(move |file| file.by == Some(folder))
}

/// Writes larger packs where enough small ones of our own follow each other.
pub(super) fn merge<L: Log>(
    log: &mut L,
    meeting: &Meeting<'_>,
    (lines, files): (&Lines, &[File]),
    (sight, round, written): (&Sight, &mut Round, &mut Vec<Written>),
) -> Result<(), L::Error> {
    let own = log.replica();
    let mut levels: BTreeMap<(u64, u32), Vec<&File>> = BTreeMap::new();
    for pack in mine(files, &own).filter(|pack| pack.hi - pack.lo + 1 < MAX_COMMITS as u64) {
        let ours = lines
            .get(&pack.line)
            .is_some_and(|line| line.replica == own);
        if ours {
            let level = (pack.line, level(pack));
            levels.entry(level).or_default().push(pack);
        }
    }
    // Most often there are too few, whatever others hold of them.
    levels.retain(|_, packs| packs.len() as u64 >= FANOUT);
    if levels.is_empty() {
        return Ok(());
    }
    let shared = overlapping(files, lines);
    for ((line, _), mut packs) in levels {
        packs.retain(|pack| {
            let elsewhere = || held_elsewhere(&own, lines, (pack, files), &|_| true);
            !(shared.contains(&*pack.name) && elsewhere())
        });
        packs.sort_by_key(|pack| pack.lo);
        let Some((lo, hi)) = following(&packs) else {
            continue;
        };
        let Some(line) = lines.get(&line) else {
            continue;
        };
        let Some(pack) = publish::cut(log, meeting, line, (lo, hi))? else {
            continue;
        };
        if let Some(file) = put::put(log, meeting, (&pack, line.num), (sight, round)) {
            written.push(file);
            round.merged += 1;
        }
    }
    Ok(())
}

/// The first and last number of enough packs in a row.
fn following(packs: &[&File]) -> Option<(u64, u64)> {
    let mut row: Vec<&File> = Vec::new();
    for pack in packs {
        if row.last().is_some_and(|last| last.hi + 1 < pack.lo) {
            row.clear();
        }
        if row
            .first()
            .is_some_and(|first| pack.hi - first.lo >= MAX_COMMITS as u64)
        {
            break;
        }
        row.push(pack);
        if row.len() as u64 >= FANOUT && row.len() == packs.len() {
            break;
        }
    }
    let count = row.len() as u64;
    (count >= FANOUT).then(|| (row[0].lo, row[row.len() - 1].hi))
}

/// Takes away what has been spare for a day, and our own older heads.
pub(super) fn clear<L: Log>(
    log: &L,
    meeting: &Meeting<'_>,
    (lines, files): (&Lines, &[File]),
    (sight, round): (&mut Sight, &mut Round),
) {
    if round.stopped.is_some() {
        return;
    }
    for name in old_heads(sight, &log.replica()) {
        sight.goes(&name);
    }
    let own = log.replica();
    // What came only now has lain there for no day: not in the place of one that went bad.
    let fresh = sight.fresh.clone();
    let stays = |file: &File| !fresh.contains(&file.name) || mutant::is(Mutant::FreshCovers);
    let shared = overlapping(files, lines);
    for pack in mine(files, &own) {
        let held =
            shared.contains(&*pack.name) && held_elsewhere(&own, lines, (pack, files), &stays);
        let since = held.then(|| {
            let now = meeting.env.now;
            pack.spare.filter(|since| *since <= now).unwrap_or(now)
        });
        let day = if mutant::is(Mutant::ClearEarly) {
            0
        } else {
            DAY
        };
        if since.is_some_and(|since| meeting.env.now.saturating_sub(since) >= day) {
            sight.goes(&pack.name);
        } else if since != pack.spare
            && let Some(note) = sight.current(&pack.name)
        {
            let mut note = note.clone();
            if let FileVerdict::Pack { spare, .. } = &mut note.verdict {
                *spare = since;
            }
            sight.keep(&pack.name, note);
        }
    }
}

/// Whether files that stay hold the same commits: for our own only larger ones of ours, for
/// others' only those in their author's folder.
fn held_elsewhere(
    own: &ReplicaId,
    lines: &Lines,
    (pack, all): (&File, &[File]),
    stays: &dyn Fn(&File) -> bool,
) -> bool {
    let Some(line) = lines.get(&pack.line) else {
        return false;
    };
    let larger = |file: &File| {
        let (theirs, ours) = (file.hi - file.lo, pack.hi - pack.lo);
        theirs
            .cmp(&ours)
            .then_with(|| pack.name.cmp(&file.name))
            .is_gt()
    };
    let counts = |file: &File| {
        if file.hi < pack.lo || pack.hi < file.lo || !stays(file) {
            return false;
        }
        let folder = file.by;
        if line.replica != *own {
            folder == Some(line.replica)
        } else if mutant::is(Mutant::CountRelayed) {
            file.name != pack.name
        } else {
            folder == Some(*own) && larger(file)
        }
    };
    Coverage::of(all, lines, &counts).holds(lines, pack.line, (pack.lo, pack.hi))
}

fn old_heads(sight: &Sight, own: &ReplicaId) -> Vec<String> {
    let mut heads: Vec<_> = sight
        .currents()
        .filter_map(|(name, note)| match &note.verdict {
            FileVerdict::Head { head, .. }
                if head.replica == *own && names::replica_of(name) == Some(*own) =>
            {
                Some((head.counter, name.to_owned()))
            }
            _ => None,
        })
        .collect();
    heads.sort();
    let old = heads.len().saturating_sub(HEADS);
    heads.into_iter().take(old).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{Hash, Key};
    use crate::sync::log::Line;
    use proptest::prelude::*;

    /// Two replicas; the first one's chain forks after its twentieth commit.
    fn lines() -> Lines {
        let line = |num, replica: u8, first, parent| Line {
            num,
            replica: ReplicaId([replica; 16]),
            key: Some(Key([replica; 32])),
            first,
            parent,
            tip_seq: 60,
            tip: Hash([replica; 32]),
        };
        let lines = [
            line(1, 1, 1, None),
            line(2, 2, 1, None),
            line(3, 1, 21, Some(1)),
        ];
        lines.map(|line| (line.num, line)).into()
    }

    proptest! {
        /// Files that follow each other count as one run, and nothing else comes of it.
        #[test]
        fn what_files_cover_together_is_what_each_covers(
            packs in proptest::collection::vec((1_u64..4, 1_u64..50, 0_u64..10), 0..12),
            follow in any::<bool>(),
        ) {
            let lines = lines();
            let mut files: Vec<File> = Vec::new();
            for (at, (line, lo, more)) in packs.into_iter().enumerate() {
                let after = files.last().map(|it| (it.line, it.hi + 1)).filter(|_| follow);
                let (line, lo) = after.unwrap_or((line, lo));
                let by = Some(ReplicaId([1; 16]));
                files.push(File { name: format!("{at}"), by, line, lo, hi: lo + more, spare: None });
            }
            let on = |line: &Line, seq: u64| {
                let theirs = |it: &&File| it.lo <= seq && seq <= it.hi;
                files.iter().filter(theirs).any(|it| {
                    let parent = lines[&it.line].parent.filter(|_| seq < lines[&it.line].first);
                    parent.unwrap_or(it.line) == line.num
                })
            };
            let coverage = Coverage::of(&files, &lines, &|_| true);
            for line in lines.values() {
                let missing: Vec<u64> = (line.first..=60).filter(|seq| !on(line, *seq)).collect();
                let gaps = coverage.gaps(line).into_iter().flat_map(|(lo, hi)| lo..=hi);
                prop_assert_eq!(gaps.collect::<Vec<_>>(), missing, "line {}", line.num);
            }
        }

        #[test]
        fn what_another_file_holds_as_well_has_numbers_in_common_with_it(
            packs in proptest::collection::vec((1_u64..4, 1_u64..50, 0_u64..10, 1_u8..4), 0..12),
            own in 1_u8..4,
        ) {
            let (lines, own) = (lines(), ReplicaId([own; 16]));
            let files: Vec<_> = packs
                .into_iter()
                .enumerate()
                .map(|(at, (line, lo, more, by))| File {
                    name: format!("{at}"),
                    by: Some(ReplicaId([by; 16])),
                    line,
                    lo,
                    hi: lo + more,
                    spare: None,
                })
                .collect();
            let shared = overlapping(&files, &lines);
            for file in mine(&files, &own) {
                let held = held_elsewhere(&own, &lines, (file, &files), &|_| true);
                prop_assert!(!held || shared.contains(&*file.name), "{:?}", file);
            }
        }
    }
}
