//! Who belongs to a workspace: keys, persons, roles, letters, folded from the membership ops of
//! the log. Refuses nobody's commit by itself: it only says what a commit's key was allowed to.

use serde::{Deserialize, Serialize};

use super::id::{Hash, Key};
use super::register::Order;

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads; what an observer writes is void.
    Observer,
    /// Writes, and admits managers and observers.
    Manager,
    /// Also removes, and changes roles.
    Owner,
}

/// The body of a membership op.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "lowercase")]
pub enum MemberOp {
    /// In a chain of its own: from here on it belongs to this key. `letter` is the suffix of the
    /// short ids that this incarnation gives.
    Device {
        key: Key,
        letter: String,
    },
    Admit {
        key: Key,
        person: String,
        role: Role,
        letter: String,
    },
    /// `cut` names the tips of the key's chains up to which it counts as before.
    Role {
        key: Key,
        role: Role,
        cut: Vec<Hash>,
    },
    Remove {
        key: Key,
        cut: Vec<Hash>,
    },
}

/// A membership op in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub commit: Hash,
    pub order: Order,
    /// The key of the chain it stands in.
    pub by: Key,
    /// The person the commit names.
    pub person: String,
    pub op: MemberOp,
}

/// Tells causes: whether `earlier` is `later` or lies in its causal past.
pub trait Ancestry {
    fn includes(&self, later: &Hash, earlier: &Hash) -> bool;
}

/// Somebody as a commit knew them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub key: Key,
    pub person: String,
    pub role: Role,
    pub letter: String,
    /// Removed since; kept for the history.
    pub removed: bool,
}

/// The founder's key, if the desk is shared, and every op about members.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Membership {
    pub founder: Option<Key>,
    pub told: Vec<Told>,
}
