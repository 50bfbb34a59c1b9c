//! Which rare paths were reached: a simulation that never meets a fault proves nothing of it.

use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rare {
    Torn,
    Deleted,
    Flipped,
    ConflictCopy,
    Renamed,
    Rewound,
    Wiped,
    Crashed,
    ZeroFilled,
    CrashedAfterRename,
    Full,
    ReadOnly,
    Squatted,
    Relayed,
    Restored,
    RolledBack,
    Forked,
    Void,
    Opaque,
    Removed,
    Returned,
    Conflict,
    Refilled,
    ForeignReplaces,
    Waited,
    Merged,
    Cleared,
    Reseeded,
    MutualRemoval,
}

pub(super) const ALL: [Rare; 29] = [
    Rare::Torn,
    Rare::Deleted,
    Rare::Flipped,
    Rare::ConflictCopy,
    Rare::Renamed,
    Rare::Rewound,
    Rare::Wiped,
    Rare::Crashed,
    Rare::ZeroFilled,
    Rare::CrashedAfterRename,
    Rare::Full,
    Rare::ReadOnly,
    Rare::Squatted,
    Rare::Relayed,
    Rare::Restored,
    Rare::RolledBack,
    Rare::Forked,
    Rare::Void,
    Rare::Opaque,
    Rare::Removed,
    Rare::Returned,
    Rare::Conflict,
    Rare::Refilled,
    Rare::ForeignReplaces,
    Rare::Waited,
    Rare::Merged,
    Rare::Cleared,
    Rare::Reseeded,
    Rare::MutualRemoval,
];

#[derive(Debug, Default)]
pub(super) struct Counters(BTreeMap<Rare, u64>);

impl Counters {
    pub(super) fn count(&mut self, rare: Rare) {
        *self.0.entry(rare).or_default() += 1;
    }

    pub(super) fn of(&self, rare: Rare) -> u64 {
        self.0.get(&rare).copied().unwrap_or(0)
    }
}
