//! A pack: a run of one replica's commits, verbatim, in an immutable file (SYNC.md 3.5). Refuses
//! a run whose hashes do not chain to the tip that its author signed. Says nothing of whether
//! that author may write: membership is judged where the log is.

use std::io::BufRead;

use serde_json::Map;

use super::frame::{Kind, Opened, Unreadable, Unwritable, id, number, open, seal};
use super::key::{DeviceKey, Domain, verify};
use super::pieces::Pieces;
use crate::ledger::mutant::{self, Mutant};
use crate::ledger::{Hash, Key, ReplicaId, Signature, Workspace, chain_hash, first_prev};

/// The most commits in one pack.
pub const MAX_COMMITS: usize = 10_000;

/// The commits `lo..=hi` of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pack {
    /// Whose commits they are. Beyond the first, only the log can tell that it is true: `prev`
    /// must stand there as number `lo - 1` of this replica.
    pub origin: ReplicaId,
    pub lo: u64,
    pub hi: u64,
    /// The hash before `lo`.
    pub prev: Hash,
    /// The hash of the last.
    pub tip: Hash,
    /// Who wrote the chain, and said so of its tip. It travels with every copy.
    pub author: Key,
    pub signature: Signature,
    /// Who put this file on the share.
    pub by: Key,
    pub commits: Vec<(Hash, Vec<u8>)>,
}

/// What an author signs of a chain: it covers every commit up to the tip.
pub fn sign_tip(author: &DeviceKey, workspace: &Workspace, tip: &Hash) -> Signature {
    author.sign(Domain::Tip, &[&workspace.0.0, &tip.0])
}

/// Returns whether the author signed this tip.
pub fn tip_holds(author: &Key, workspace: &Workspace, tip: &Hash, signature: &Signature) -> bool {
    verify(author, Domain::Tip, &[&workspace.0.0, &tip.0], signature)
}

impl Pack {
    /// Writes the file, signed by who puts it on the share. The same run gives the same bytes.
    pub fn write(&self, workspace: &Workspace, by: &DeviceKey) -> Result<Vec<u8>, Unwritable> {
        let count = self.commits.len();
        let told = self
            .hi
            .checked_sub(self.lo)
            .and_then(|it| it.checked_add(1));
        if count == 0 || count > MAX_COMMITS || told != Some(count as u64) {
            return Err(Unwritable::Count);
        }
        let mut lines = Vec::new();
        for (_, bytes) in &self.commits {
            if bytes.is_empty() || bytes.contains(&b'\n') {
                return Err(Unwritable::NotALine);
            }
            lines.extend(bytes);
            lines.push(b'\n');
        }
        let mut own = Map::new();
        let mut say = |name: &str, value: String| own.insert(name.to_owned(), value.into());
        say("origin", self.origin.to_string());
        say("prev", self.prev.to_string());
        say("tip", self.tip.to_string());
        // Most packs are put there by their author, and a lone change should be a small file.
        if self.author != by.public() {
            say("author", self.author.to_string());
        }
        say("signature", self.signature.to_string());
        own.insert("lo".to_owned(), self.lo.into());
        own.insert("hi".to_owned(), self.hi.into());
        seal(Kind::Pack, own, &lines, workspace, by)
    }

    pub fn read(bytes: &[u8], workspace: &Workspace) -> Result<Self, Unreadable> {
        Self::of(open(bytes, Some(workspace))?)
    }

    /// Reads a pack from a file that is open already.
    pub fn of(file: Opened) -> Result<Self, Unreadable> {
        let file = file.of(Kind::Pack)?;
        let workspace = file.workspace;
        let own = &file.own;
        let mut pack = Self {
            origin: id(own, "origin")?,
            lo: number(own, "lo")?,
            hi: number(own, "hi")?,
            prev: id(own, "prev")?,
            tip: id(own, "tip")?,
            author: match own.get("author") {
                Some(_) => id(own, "author")?,
                None => file.by,
            },
            signature: id(own, "signature")?,
            by: file.by,
            commits: Vec::new(),
        };
        if pack.lo == 0 || pack.hi < pack.lo {
            return Err(Unreadable::malformed("its commits are numbered wrongly"));
        }
        if pack.lo == 1 && pack.prev != first_prev(&workspace, &pack.origin) {
            return Err(Unreadable::malformed(
                "its first commit does not begin a chain",
            ));
        }
        let signed = tip_holds(&pack.author, &workspace, &pack.tip, &pack.signature);
        if !signed && !mutant::is(Mutant::UnsignedPacks) {
            return Err(Unreadable::malformed(
                "its author did not sign these commits",
            ));
        }
        pack.commits = chain(file.raw, &workspace, pack.prev, pack.hi - pack.lo)?;
        if pack.commits.last().map(|(hash, _)| *hash) == Some(pack.tip) {
            Ok(pack)
        } else {
            Err(Unreadable::malformed("its commits do not lead to its tip"))
        }
    }
}

/// Cuts the lines and hashes them one after the other; there must be one more than `after`.
fn chain(
    mut lines: Pieces,
    workspace: &Workspace,
    mut prev: Hash,
    after: u64,
) -> Result<Vec<(Hash, Vec<u8>)>, Unreadable> {
    let count = usize::try_from(after).ok().filter(|it| *it < MAX_COMMITS);
    let count =
        count.ok_or_else(|| Unreadable::malformed("it holds more than 10,000 commits"))? + 1;
    let others = || Unreadable::malformed("it does not hold the commits it names");
    let mut commits = Vec::with_capacity(count);
    loop {
        let mut line = Vec::new();
        let read = lines.read_until(b'\n', &mut line);
        if read.map_err(|error| Unreadable::malformed(error.to_string()))? == 0 {
            break;
        }
        if line.pop() != Some(b'\n') {
            return Err(Unreadable::malformed("its last line is not ended"));
        }
        if line.is_empty() || commits.len() == count {
            return Err(others());
        }
        prev = chain_hash(workspace, &prev, &line);
        commits.push((prev, line));
    }
    if commits.len() == count {
        Ok(commits)
    } else {
        Err(others())
    }
}

#[cfg(test)]
#[path = "pack_tests.rs"]
mod tests;
