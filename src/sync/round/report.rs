//! What a round saw, for people: who has what, what waits, what is not ours. Only looks.

use std::collections::{BTreeMap, BTreeSet};

use super::sight::Sight;
use super::{Peer, Round};
use crate::ledger::mutant::{self, Mutant};
use crate::ledger::{Hash, ReplicaId, level};
use crate::sync::Head;
use crate::sync::log::{FileNote, FileVerdict, Line, Log, Place};
use crate::sync::names::{self, Hint};

/// The most files that are named one by one.
const NAMED: usize = 1_000;

pub(super) fn tell<L: Log>(log: &L, sight: &Sight, round: &mut Round) -> Result<(), L::Error> {
    let mut strange = Vec::new();
    for (name, there, note) in sight.seen() {
        if there.hint == Hint::Foreign {
            let why = "it is not a file of relmate".to_owned();
            strange.push((name.to_owned(), why));
        }
        let Some(note) = note else { continue };
        match &note.verdict {
            FileVerdict::Waiting { why } => round.waiting.push((name.to_owned(), why.clone())),
            FileVerdict::Foreign { why } => round.foreign.push((name.to_owned(), why.clone())),
            FileVerdict::Request { request } if there.hint == names::REQUEST => {
                round.asking.push((**request).clone());
            }
            FileVerdict::Request { .. }
            | FileVerdict::Pack { .. }
            | FileVerdict::Head { .. }
            | FileVerdict::Known => {}
        }
    }
    // What was damaged comes first.
    round.foreign.append(&mut strange);
    round.foreign.truncate(NAMED);
    round.asking.truncate(NAMED);
    // Before the lines, as where a head is written.
    let digest = log.digest()?;
    let lines = log.lines()?;
    round.forked = forked(&lines);
    round.reborn |= round.forked.contains(&log.replica());
    if mutant::is(Mutant::NoRebirth) {
        round.reborn = false;
    }
    let mut newest: BTreeMap<ReplicaId, (&FileNote, &Head)> = BTreeMap::new();
    for (_, note) in sight.currents() {
        if let FileVerdict::Head { head } = &note.verdict
            && newest
                .get(&head.replica)
                .is_none_or(|it| it.1.counter < head.counter)
        {
            newest.insert(head.replica, (note, head));
        }
    }
    let own = log.replica();
    for (replica, (note, head)) in newest {
        // Whose replica it is, its chain says; one without a chain is at least somebody's.
        let mut of = lines.iter().filter(|line| line.replica == replica);
        let theirs = of.clone().next().is_none() || of.any(|line| line.key == Some(head.by));
        if replica != own && theirs && sight.membership.knows(&head.by) {
            round.peers.push(peer(log, (&lines, &digest), note, head)?);
        }
    }
    round.digest = Some(digest);
    Ok(())
}

/// Whether who holds these tips has all of the lines. A tip that is not known here has no place.
pub fn has_all(lines: &[Line], held: &[Option<Place>]) -> bool {
    lines.iter().all(|line| {
        let mut held = held.iter().flatten();
        held.any(|place| place.line == line.num && place.seq >= line.tip_seq)
    })
}

fn peer<L: Log>(
    log: &L,
    (lines, digest): (&[Line], &Hash),
    note: &FileNote,
    head: &Head,
) -> Result<Peer, L::Error> {
    let tips = head.holds.iter().map(|tip| log.place(tip));
    let tips: Vec<_> = tips.collect::<Result<_, _>>()?;
    let ahead = tips.iter().any(Option::is_none);
    let acknowledged = has_all(lines, &tips) || mutant::is(Mutant::AlwaysInStep);
    let same: BTreeSet<&Hash> = head.holds.iter().collect();
    let mine: BTreeSet<&Hash> = lines.iter().map(|line| &line.tip).collect();
    let alarm = same == mine && head.level == level() && head.digest != *digest;
    Ok(Peer {
        replica: head.replica,
        key: head.by,
        counter: head.counter,
        wall: head.wall.clone(),
        read: note.read,
        acknowledged,
        ahead,
        alarm,
    })
}

fn forked(lines: &[Line]) -> Vec<ReplicaId> {
    let forks = lines
        .iter()
        .filter(|line| line.parent.is_some() || line.first > 1);
    let mut forked: Vec<_> = forks.map(|line| line.replica).collect();
    for line in lines.iter().filter(|line| line.first == 1) {
        let firsts = lines
            .iter()
            .filter(|it| it.replica == line.replica && it.key == line.key && it.first == 1);
        if firsts.count() > 1 {
            forked.push(line.replica);
        }
    }
    forked.sort_unstable();
    forked.dedup();
    forked
}
