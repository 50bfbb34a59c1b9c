//! Chains as they are exchanged: lines, places in them, signatures over them, commits on their
//! way in. Plain data; what it means is decided elsewhere.

use super::id::{Hash, Key, ReplicaId, Signature};

/// An unforked run of one replica's commits. A fork is a line of its own, which begins where it
/// left the line it grew from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub num: u64,
    pub replica: ReplicaId,
    /// Whose chain it says it is; none before its desk was shared.
    pub key: Option<Key>,
    /// The number of its first commit.
    pub first: u64,
    /// The line before `first`, if it is a fork.
    pub parent: Option<u64>,
    pub tip_seq: u64,
    pub tip: Hash,
}

/// Where a commit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub line: u64,
    pub seq: u64,
}

/// What an author's key said of a chain up to a commit: it covers everything before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed {
    pub seq: u64,
    pub hash: Hash,
    pub signature: Signature,
}

/// A commit as it came, its pack verified and its causes in the log.
#[derive(Clone, Debug)]
pub struct Received {
    pub hash: Hash,
    pub prev: Hash,
    pub replica: ReplicaId,
    pub seq: u64,
    /// Who signed the chain that it is in.
    pub key: Key,
    pub bytes: Vec<u8>,
}
