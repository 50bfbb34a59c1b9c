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
    /// A newer version came to a desk that held what it could not read.
    Understood,
    /// It answered nothing in time; it did what was asked and nobody heard of it in time.
    Slow,
    SlowAndDone,
    /// A listing that is a while old.
    NotSeenYet,
    ListedAndGone,
    FullInTheMiddle,
    /// Stamps that tell two seconds.
    Coarse,
    /// A damaged copy that nothing repairs.
    Damaged,
    YearAway,
    ClockYears,
    /// Somebody wrote in another's name.
    Forged,
    Undone,
    UndoRefused,
    /// Taken back beside what somebody else wrote.
    UndoneBeside,
    InStep,
    /// Two versions that show one record differently.
    Divided,
}

pub(super) const ALL: [Rare; 45] = [
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
    Rare::Understood,
    Rare::Slow,
    Rare::SlowAndDone,
    Rare::NotSeenYet,
    Rare::ListedAndGone,
    Rare::FullInTheMiddle,
    Rare::Coarse,
    Rare::Damaged,
    Rare::YearAway,
    Rare::ClockYears,
    Rare::Forged,
    Rare::Undone,
    Rare::UndoRefused,
    Rare::UndoneBeside,
    Rare::InStep,
    Rare::Divided,
];

/// What only happens to desks with files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum FileRare {
    KilledInReceive,
    KilledInBulk,
    KilledInRefill,
    KilledBeforeSettling,
    /// Many came at once and were shown at the end.
    Bulk,
    RefusedNewer,
    RefusedBroken,
    /// Something needs a human, breaks a rule, is in dispute, or cannot be read.
    Duty,
    Violation,
    Dispute,
    Unreadable,
    Counted,
}

pub(super) const ALL_OF_FILES: [FileRare; 12] = [
    FileRare::KilledInReceive,
    FileRare::KilledInBulk,
    FileRare::KilledInRefill,
    FileRare::KilledBeforeSettling,
    FileRare::Bulk,
    FileRare::RefusedNewer,
    FileRare::RefusedBroken,
    FileRare::Duty,
    FileRare::Violation,
    FileRare::Dispute,
    FileRare::Unreadable,
    FileRare::Counted,
];

#[derive(Debug, Default)]
pub(super) struct Counters {
    reached: BTreeMap<Rare, u64>,
    files: BTreeMap<FileRare, u64>,
}

impl Counters {
    pub(super) fn count(&mut self, rare: Rare) {
        *self.reached.entry(rare).or_default() += 1;
    }

    pub(super) fn of(&self, rare: Rare) -> u64 {
        self.reached.get(&rare).copied().unwrap_or(0)
    }

    pub(super) fn count_file(&mut self, rare: FileRare) {
        *self.files.entry(rare).or_default() += 1;
    }

    pub(super) fn of_file(&self, rare: FileRare) -> u64 {
        self.files.get(&rare).copied().unwrap_or(0)
    }
}
