//! Who had seen what. Takes commits with their causes first and answers for each its Lamport number
//! and its causal past, forks included. Refuses a commit whose causes are missing.

use std::collections::{BTreeMap, HashMap};
use std::fmt::{self, Display, Formatter};
use std::rc::Rc;

use super::commit::Commit;
use super::id::{Dot, Hash, ReplicaId};
use super::membership::Ancestry;
use super::merge::Seen;

/// The past of every commit added so far. A commit without deps shares its predecessor's view.
#[derive(Clone, Debug, Default)]
pub struct Causality {
    nodes: HashMap<Hash, Node>,
    lines: Vec<Line>,
    of_replica: HashMap<ReplicaId, Vec<usize>>,
}

/// A commit that must come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing(pub Hash);

impl Display for Missing {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "commit {} is missing", self.0)
    }
}

impl std::error::Error for Missing {}

/// How far a commit had seen every line but its own.
type View = BTreeMap<usize, u64>;

#[derive(Clone, Debug)]
struct Node {
    line: usize,
    seq: u64,
    lamport: u64,
    view: Rc<View>,
}

/// An unforked run of one replica's commits. A fork begins a new line, whose first commit joins
/// the line it grew from into its view.
#[derive(Clone, Debug)]
struct Line {
    first: u64,
    hashes: Vec<Hash>,
}

impl Line {
    fn at(&self, seq: u64) -> Option<&Hash> {
        self.hashes
            .get(usize::try_from(seq.checked_sub(self.first)?).ok()?)
    }
}

impl Causality {
    /// Adds a commit after its causes and returns its Lamport number. `prev` is the previous commit
    /// of its replica, or nothing for the first.
    pub fn add(&mut self, hash: Hash, prev: Option<Hash>, commit: &Commit) -> Result<u64, Missing> {
        if let Some(known) = self.nodes.get(&hash) {
            return Ok(known.lamport);
        }
        for cause in prev.iter().chain(&commit.deps) {
            if !self.nodes.contains_key(cause) {
                return Err(Missing(*cause));
            }
        }
        let causes = prev
            .iter()
            .chain(&commit.deps)
            .filter_map(|cause| self.nodes.get(cause));
        let lamport = 1 + causes.map(|node| node.lamport).max().unwrap_or(0);
        let mut view = prev
            .and_then(|prev| self.nodes.get(&prev))
            .map(|node| node.view.clone());
        let line = self.line(hash, prev, commit);
        if !commit.deps.is_empty() || self.lines[line].hashes.len() == 1 {
            view = Some(Rc::new(self.join(line, prev, &commit.deps)));
        }
        let view = view.unwrap_or_default();
        self.nodes.insert(
            hash,
            Node {
                line,
                seq: commit.seq,
                lamport,
                view,
            },
        );
        Ok(lamport)
    }

    pub fn contains(&self, hash: &Hash) -> bool {
        self.nodes.contains_key(hash)
    }

    pub fn lamport(&self, hash: &Hash) -> Option<u64> {
        self.nodes.get(hash).map(|node| node.lamport)
    }

    /// Tells whether a dot's commit lies in the causal past of another, which is not its own past.
    pub fn knows(&self, commit: &Hash, dot: &Dot) -> bool {
        self.seen(commit, dot) != Seen::No
    }

    /// Tells the same, naming the commits where the address is forked. This is `past` for the fold.
    pub fn seen(&self, commit: &Hash, dot: &Dot) -> Seen {
        let (Some(node), Some(lines)) = (self.nodes.get(commit), self.of_replica.get(&dot.replica))
        else {
            return Seen::No;
        };
        let holding = lines
            .iter()
            .filter(|line| self.lines[**line].at(dot.seq).is_some());
        let known = |line: usize| {
            let own = if line == node.line {
                node.seq.saturating_sub(1)
            } else {
                0
            };
            own.max(node.view.get(&line).copied().unwrap_or(0)) >= dot.seq
        };
        if holding.clone().count() < 2 {
            return holding.copied().any(known).into();
        }
        let branches: Vec<_> = holding
            .filter(|line| known(**line))
            .filter_map(|line| self.lines[*line].at(dot.seq).copied())
            .collect();
        if branches.is_empty() {
            Seen::No
        } else {
            Seen::Branches(branches)
        }
    }

    /// Returns the tips of a replica: more than one is a fork.
    pub fn tips(&self, replica: &ReplicaId) -> Vec<Hash> {
        let lines = self.of_replica.get(replica).into_iter().flatten();
        lines
            .filter_map(|line| self.lines[*line].hashes.last().copied())
            .collect()
    }

    /// Puts the commit on its predecessor's line, or on a new one if that has already gone on or
    /// the number does not follow.
    fn line(&mut self, hash: Hash, prev: Option<Hash>, commit: &Commit) -> usize {
        let before = prev.and_then(|prev| self.nodes.get(&prev));
        if let Some(node) = before.filter(|node| node.seq.checked_add(1) == Some(commit.seq)) {
            let known = &mut self.lines[node.line];
            if known.hashes.last() == prev.as_ref() {
                known.hashes.push(hash);
                return node.line;
            }
        }
        self.lines.push(Line {
            first: commit.seq,
            hashes: vec![hash],
        });
        let line = self.lines.len() - 1;
        self.of_replica
            .entry(commit.replica)
            .or_default()
            .push(line);
        line
    }

    fn join(&self, own: usize, prev: Option<Hash>, deps: &[Hash]) -> View {
        let mut view = View::new();
        for node in prev
            .iter()
            .chain(deps)
            .filter_map(|cause| self.nodes.get(cause))
        {
            for (line, seq) in &*node.view {
                raise(&mut view, *line, *seq);
            }
            raise(&mut view, node.line, node.seq);
        }
        // Its own line is told by its number; a second copy here would differ in every commit.
        view.remove(&own);
        view
    }
}

impl Ancestry for Causality {
    fn includes(&self, later: &Hash, earlier: &Hash) -> bool {
        let (Some(later), Some(earlier)) = (self.nodes.get(later), self.nodes.get(earlier)) else {
            return false;
        };
        if later.line == earlier.line {
            return later.seq >= earlier.seq;
        }
        later.view.get(&earlier.line).copied().unwrap_or(0) >= earlier.seq
    }
}

fn raise(view: &mut View, line: usize, seq: u64) {
    let known = view.entry(line).or_insert(0);
    *known = seq.max(*known);
}
