//! What of the log is on the share, by files that were read and are still there. Refuses to
//! count what was only written, and what another desk says it cannot read.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Sight;
use crate::ledger::Membership;
use crate::sync::log::{FileVerdict, Line, Log};
use crate::sync::mutant::{self, Mutant};

/// For each line, the numbers that are covered, as disjoint runs.
pub(super) struct Coverage(BTreeMap<u64, Runs>);

/// Lowest and highest of each run.
type Runs = BTreeMap<u64, u64>;

impl Coverage {
    /// What the files that `counts` takes cover.
    pub(super) fn of<L: Log>(
        log: &L,
        sight: &Sight,
        lines: &HashMap<u64, Line>,
        counts: &dyn Fn(&str) -> bool,
    ) -> Result<Self, L::Error> {
        let missed = missed(sight, &log.membership()?);
        let mut coverage = Self(BTreeMap::new());
        let all: Vec<_> = if mutant::is(Mutant::TrustPublished) {
            sight
                .notes
                .iter()
                .map(|(name, note)| (name.as_str(), note))
                .collect()
        } else {
            sight.currents().collect()
        };
        for (name, note) in all {
            if let FileVerdict::Pack { lo, hi, tip, .. } = &note.verdict
                && counts(name)
                && !missed.contains(name)
                && let Some(place) = log.place(tip)?
            {
                coverage.add(lines, place.line, (*lo, *hi));
            }
        }
        Ok(coverage)
    }

    /// Counts a run of a line; what lies before its first commit belongs to the line it grew from.
    pub(super) fn add(&mut self, lines: &HashMap<u64, Line>, num: u64, (lo, hi): (u64, u64)) {
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
    pub(super) fn holds(&self, lines: &HashMap<u64, Line>, num: u64, (lo, hi): (u64, u64)) -> bool {
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

fn join(runs: &mut Runs, mut lo: u64, mut hi: u64) {
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

/// Files that some desk could not verify, by the members' heads that are there: a stranger's
/// would have everything written again and again.
pub(super) fn missed(sight: &Sight, membership: &Membership) -> BTreeSet<String> {
    let mut missed = BTreeSet::new();
    for (_, note) in sight.currents() {
        if let FileVerdict::Head { head } = &note.verdict
            && membership.knows(&head.by)
        {
            missed.extend(head.misses.iter().cloned());
        }
    }
    missed
}
