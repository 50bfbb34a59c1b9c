//! What of the log is on the share, by files that were read, or written and read back, and are
//! still there. Refuses to count what an earlier round wrote and this one does not see, and what
//! another desk says it cannot read.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::Sight;
use super::publish::Lines;
use crate::ledger::ReplicaId;
use crate::ledger::mutant::{self, Mutant};
use crate::sync::log::{FileNote, FileVerdict, Line, Log};
use crate::sync::names;

/// A pack on the share that was read, and whose commits are in the log.
#[derive(Clone, Debug)]
pub(super) struct File {
    pub name: String,
    /// In whose folder it lies.
    pub by: Option<ReplicaId>,
    pub line: u64,
    pub lo: u64,
    pub hi: u64,
    pub spare: Option<i64>,
}

impl File {
    /// A pack whose commits end on a line.
    pub(super) fn of(
        (name, by): (&str, Option<ReplicaId>),
        verdict: &FileVerdict,
        line: u64,
    ) -> Option<Self> {
        let FileVerdict::Pack { lo, hi, spare, .. } = verdict else {
            return None;
        };
        Some(Self {
            name: name.to_owned(),
            by,
            line,
            lo: *lo,
            hi: *hi,
            spare: *spare,
        })
    }
}

/// The notes that count, with whose folder each file lies in.
fn counting(sight: &Sight) -> Vec<(&str, Option<ReplicaId>, &FileNote)> {
    if mutant::is(Mutant::TrustPublished) {
        let by = |name: &str| names::replica_of(name);
        return sight
            .notes()
            .map(|(name, note, _)| (name, by(name), note))
            .collect();
    }
    let seen = sight.seen();
    seen.filter_map(|(name, there, note)| Some((name, there.by, note?)))
        .collect()
}

/// Every pack that counts: as it was when it was read, and missed by nobody.
pub(super) fn files<L: Log>(log: &L, sight: &mut Sight) -> Result<Vec<File>, L::Error> {
    let missed = missed(sight);
    let mut found = Vec::new();
    let notes = counting(sight);
    let mut files = Vec::with_capacity(notes.len());
    for (name, by, note) in notes {
        if let FileVerdict::Head { head, .. } = &note.verdict
            && mutant::is(Mutant::HeadCovers)
        {
            for tip in &head.holds {
                files.extend(log.place(tip)?.map(|place| File {
                    name: name.to_owned(),
                    by,
                    line: place.line,
                    lo: 1,
                    hi: place.seq,
                    spare: None,
                }));
            }
        }
        if !missed.contains(name)
            && let Some(line) = note.verdict.line(|tip| log.place(tip))?
        {
            if let FileVerdict::Pack { line: None, .. } = note.verdict {
                found.push((name.to_owned(), line));
            }
            files.extend(File::of((name, by), &note.verdict, line));
        }
    }
    // Where a commit stands it stays: the next round need not ask.
    for (name, line) in found {
        sight.placed(&name, line);
    }
    Ok(files)
}

/// The names of those that have numbers in common with another: few, and most often none.
pub(super) fn overlapping<'f>(files: &'f [File], lines: &Lines) -> HashSet<&'f str> {
    // Most files that follow each other are of one line.
    let mut last: Option<(u64, Option<ReplicaId>)> = None;
    let mut replica = |file: &File| match last {
        Some((line, replica)) if line == file.line => replica,
        _ => {
            let replica = lines.get(&file.line).map(|line| line.replica);
            last = Some((file.line, replica));
            replica
        }
    };
    let mut sorted: Vec<_> = files.iter().map(|file| (replica(file), file)).collect();
    sorted.sort_unstable_by_key(|(replica, file)| (*replica, file.lo));
    let mut overlapping = HashSet::new();
    let mut furthest: Option<(Option<ReplicaId>, &File)> = None;
    for (replica, file) in sorted {
        match furthest {
            Some((of, before)) if of == replica => {
                if file.lo <= before.hi {
                    overlapping.extend([before.name.as_str(), file.name.as_str()]);
                }
                if file.hi > before.hi {
                    furthest = Some((replica, file));
                }
            }
            _ => furthest = Some((replica, file)),
        }
    }
    overlapping
}

/// For each line, the numbers that are covered, as disjoint runs.
pub(super) struct Coverage(BTreeMap<u64, Runs>);

/// Lowest and highest of each run.
type Runs = BTreeMap<u64, u64>;

impl Coverage {
    /// What those files cover that `counts` takes.
    pub(super) fn of(files: &[File], lines: &Lines, counts: &dyn Fn(&File) -> bool) -> Self {
        let mut coverage = Self(BTreeMap::new());
        // Most files begin where the one before them ends, and count as one run.
        let mut run: Option<(u64, u64, u64)> = None;
        for file in files.iter().filter(|file| counts(file)) {
            match &mut run {
                Some((line, _, hi))
                    if *line == file.line
                        && hi.checked_add(1) == Some(file.lo)
                        && file.lo <= file.hi =>
                {
                    *hi = file.hi;
                }
                _ => {
                    if let Some((line, lo, hi)) = run.replace((file.line, file.lo, file.hi)) {
                        coverage.add(lines, line, (lo, hi));
                    }
                }
            }
        }
        if let Some((line, lo, hi)) = run {
            coverage.add(lines, line, (lo, hi));
        }
        coverage
    }

    /// Counts a run of a line; what lies before its first commit belongs to the line it grew from.
    pub(super) fn add(&mut self, lines: &Lines, num: u64, (lo, hi): (u64, u64)) {
        let Some(line) = lines.get(&num) else { return };
        if let Some(parent) = line.parent.filter(|_| lo < line.first) {
            self.add(lines, parent, (lo, hi.min(line.first - 1)));
        }
        let (lo, hi) = (lo.max(line.first), hi);
        if lo <= hi {
            join(self.0.entry(num).or_default(), lo, hi);
        }
    }

    /// The runs of a line that are not covered.
    pub(super) fn gaps(&self, line: &Line) -> Vec<(u64, u64)> {
        let mut gaps = Vec::new();
        let mut next = line.first;
        for (lo, hi) in self.0.get(&line.num).into_iter().flatten() {
            if next < *lo {
                gaps.push((next, lo - 1));
            }
            next = next.max(hi + 1);
        }
        if next <= line.tip_seq {
            gaps.push((next, line.tip_seq));
        }
        gaps
    }

    /// Whether a run of a line is covered as a whole.
    pub(super) fn holds(&self, lines: &Lines, num: u64, (lo, hi): (u64, u64)) -> bool {
        let Some(line) = lines.get(&num) else {
            return false;
        };
        if let Some(parent) = line.parent.filter(|_| lo < line.first)
            && !self.holds(lines, parent, (lo, hi.min(line.first - 1)))
        {
            return false;
        }
        let (lo, runs) = (lo.max(line.first), self.0.get(&num));
        let before = runs.and_then(|runs| runs.range(..=lo).next_back());
        hi < lo || before.is_some_and(|(_, end)| *end >= hi)
    }
}

/// How many commits no pack holds, of the lines that `of` takes. A pack is the number of a line
/// and a run of it.
pub fn lacking(lines: &[Line], packs: &[(u64, (u64, u64))], of: &dyn Fn(&Line) -> bool) -> u64 {
    let all: Lines = lines.iter().map(|it| (it.num, it.clone())).collect();
    let mut coverage = Coverage(BTreeMap::new());
    for (line, run) in packs {
        coverage.add(&all, *line, *run);
    }
    let gaps = lines.iter().filter(|line| of(line));
    let gaps = gaps.flat_map(|line| coverage.gaps(line));
    gaps.map(|(lo, hi)| hi - lo + 1).sum()
}

fn join(runs: &mut Runs, mut lo: u64, mut hi: u64) {
    // Files come in the order of their numbers, most often one right after the other.
    if let Some(mut last) = runs.last_entry()
        && last.get().checked_add(1) == Some(lo)
        && lo <= hi
    {
        last.insert(hi);
        return;
    }
    let touching: Vec<_> = runs
        .range(..=hi.saturating_add(1))
        .filter(|(_, end)| end.saturating_add(1) >= lo)
        .map(|(start, end)| (*start, *end))
        .collect();
    for (start, end) in touching {
        runs.remove(&start);
        lo = lo.min(start);
        hi = hi.max(end);
    }
    runs.insert(lo, hi);
}

/// How often a file is written once more for a desk that cannot verify it.
const AGAIN: u16 = 2;

/// Files that some desk could not verify, by the members' heads that are there: a stranger's
/// would have everything written again and again.
pub(super) fn missed(sight: &Sight) -> BTreeSet<String> {
    let membership = &sight.membership;
    let mut missed = BTreeSet::new();
    if mutant::is(Mutant::NeverMissed) {
        return missed;
    }
    for (_, note) in sight.currents() {
        if let FileVerdict::Head { head, .. } = &note.verdict
            && membership.knows(&head.by)
            && !membership.is_removed(&head.by)
        {
            // Who could not read it twice will not read it the third time, or does not want to.
            let again = head.misses.iter().filter(|name| names::again(name) < AGAIN);
            missed.extend(again.cloned());
        }
    }
    missed
}
