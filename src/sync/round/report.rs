//! What a round saw, for people: who has what, what waits, what is not ours. Only looks.

use std::collections::{BTreeMap, BTreeSet};

use super::sight::Sight;
use super::{ARRIVES, Peer, Round};
use crate::ledger::mutant::{self, Mutant};
use crate::ledger::{Hash, ReplicaId, level};
use crate::sync::Head;
use crate::sync::frame::Unreadable;
use crate::sync::log::{FileNote, FileVerdict, Line, Log, Place};
use crate::sync::names::{self, Hint};

/// The most files that are named one by one, and that are read of those that are not called as ours
/// are.
pub const NAMED: usize = 1_000;

/// What a round saw, at `now`; `forked` are the replicas that were forked before it.
pub(super) fn tell<L: Log>(
    log: &L,
    sight: &Sight,
    (now, before): (i64, &[ReplicaId]),
    round: &mut Round,
) -> Result<(), L::Error> {
    files(log, sight, now, round)?;
    // Before the lines, as where a head is written.
    let digest = log.digest()?;
    let lines = log.lines()?;
    round.forked = forked(&lines);
    let news = round.forked.iter().filter(|it| !before.contains(it));
    round.forked_now = news.copied().collect();
    round.reborn |= round.forked.contains(&log.replica());
    if mutant::is(Mutant::NoRebirth) {
        round.reborn = false;
    }
    let mut newest: BTreeMap<ReplicaId, (&FileNote, &Head)> = BTreeMap::new();
    for (_, note) in sight.currents() {
        if let FileVerdict::Head { head, .. } = &note.verdict
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
        let member = sight.membership.knows(&head.by) && !sight.membership.is_removed(&head.by);
        if replica != own && theirs && member {
            round.peers.push(peer(log, (&lines, &digest), note, head)?);
        }
    }
    round.digest = Some(digest);
    Ok(())
}

/// The files that wait, that are not used, and that ask something.
fn files<L: Log>(log: &L, sight: &Sight, now: i64, round: &mut Round) -> Result<(), L::Error> {
    let mut strange = Vec::new();
    let known = sight.writers(&log.lines()?);
    for (name, there, note) in sight.seen() {
        if there.hint == Hint::Foreign {
            strange.push((name.to_owned(), Unreadable::NotOurs.to_string()));
        }
        let Some(note) = note else { continue };
        let named = || {
            let why = note.verdict.why().unwrap_or_default();
            (name.to_owned(), why.into_owned())
        };
        match &note.verdict {
            FileVerdict::Waiting { .. } => round.waiting.push(named()),
            // Whoever is not known yet writes nothing that this desk waits for.
            FileVerdict::Newer { .. } if there.by.is_none_or(|by| !known.contains(&by)) => {}
            FileVerdict::Newer { .. } if round.newer.len() >= NAMED || is_here(log, name)? => {}
            FileVerdict::Newer { .. } => round.newer.push(name.to_owned()),
            // One that is still arriving is nobody's concern.
            FileVerdict::Torn { .. } if !is_broken(note, now) => {}
            FileVerdict::Torn { .. } | FileVerdict::Foreign { .. }
                if round.foreign.len() >= NAMED => {}
            FileVerdict::Torn { .. } | FileVerdict::Foreign { .. } if is_here(log, name)? => {}
            FileVerdict::Torn { .. } | FileVerdict::Foreign { .. } => round.foreign.push(named()),
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
    Ok(())
}

/// Whether a file that cannot be used has been so for longer than one takes to arrive.
pub(super) fn is_broken(note: &FileNote, now: i64) -> bool {
    let since = note.verdict.since().unwrap_or(note.read);
    now.saturating_sub(since).unsigned_abs() >= ARRIVES
}

/// Whether the steps of a pack that cannot be used are here all the same, by its name.
pub(super) fn is_here<L: Log>(log: &L, name: &str) -> Result<bool, L::Error> {
    match names::tip_of(name) {
        Some(tip) => log.begins(tip),
        None => Ok(false),
    }
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
        seen: note.verdict.since().unwrap_or(note.read),
        acknowledged,
        ahead,
        alarm,
    })
}

/// The replicas of which there are two commits of one number.
pub fn forked(lines: &[Line]) -> Vec<ReplicaId> {
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
