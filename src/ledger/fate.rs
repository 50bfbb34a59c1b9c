//! What becomes of a commit in the log: applied, closed, or void. Refuses to drop anything: a
//! commit of any fate is kept, counted for causality and passed on (SYNC.md 3.2).

use super::commit::Commit;
use super::decode::Verdict;
use super::id::ReplicaId;
use super::membership::{Member, Role};
use super::mutant::{self, Mutant};

/// What a commit in the log does to the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    Valid,
    /// It needs a newer version: its entities can be read, not changed. What it says of members
    /// counts, because those ops never change shape.
    Opaque(String),
    /// Never interpreted.
    Void(String),
}

impl Fate {
    pub const fn is_void(&self) -> bool {
        matches!(self, Self::Void(_))
    }
}

/// Says what becomes of a commit that stands at `place` of its chain. `judged` is what its key
/// was; `closed` tells whether an opaque commit of its own past touches one of its entities.
pub fn fate(
    verdict: &Verdict,
    place: (ReplicaId, u64),
    judged: Result<Option<&Member>, &str>,
    closed: bool,
) -> Fate {
    match verdict {
        Verdict::Void { why } => Fate::Void(why.clone()),
        Verdict::Valid(commit) => fate_of((commit, None), place, judged, closed),
        Verdict::Opaque { commit, why } => fate_of((commit, Some(why)), place, judged, closed),
    }
}

/// The same for a commit that could be read, with why it needs a newer version, if it does.
pub fn fate_of(
    (commit, newer): (&Commit, Option<&str>),
    place: (ReplicaId, u64),
    judged: Result<Option<&Member>, &str>,
    closed: bool,
) -> Fate {
    let barred = || barred(commit, judged).filter(|_| !mutant::is(Mutant::VoidCounts));
    if let Some(why) = misplaced(commit, place).or_else(barred) {
        return Fate::Void(why);
    }
    match newer.filter(|_| !mutant::is(Mutant::OpaqueApplies)) {
        Some(why) => Fate::Opaque(why.to_owned()),
        None if closed => Fate::Opaque("builds on what a newer version wrote".into()),
        None => Fate::Valid,
    }
}

fn misplaced(commit: &Commit, (replica, seq): (ReplicaId, u64)) -> Option<String> {
    (commit.replica != replica || commit.seq != seq).then(|| {
        format!(
            "says it is commit {} of {}, and stands as {seq} of {replica}",
            commit.seq, commit.replica
        )
    })
}

fn barred(commit: &Commit, judged: Result<Option<&Member>, &str>) -> Option<String> {
    match judged {
        Err(why) => Some(why.to_owned()),
        Ok(None) => None,
        Ok(Some(member)) if member.role == Role::Observer => {
            Some(format!("{} observes and writes nothing", member.person))
        }
        Ok(Some(member)) => (member.person != commit.person).then(|| {
            format!(
                "names {}, and was signed with the key of {}",
                commit.person, member.person
            )
        }),
    }
}
