//! One round of exchange with a share: look, take what is new, put there what it lacks
//! (SYNC.md 3.6). Refuses to write to a share that is not this desk's, to believe that a file is
//! there because an earlier round wrote it, and to delete anything locally.

mod compact;
mod coverage;
mod examine;
mod publish;
mod pull;
mod put;
mod report;
mod sight;

pub use coverage::lacking;
#[cfg(test)]
pub(in crate::sync) use pull::bound;
pub use report::{NAMED, forked, has_all};

use std::collections::BTreeMap;

use super::frame::Kind;
use super::key::DeviceKey;
use super::log::{FileNote, FileVerdict, Log};
use super::names::Hint;
use super::request::Request;
use super::share::{Durable, Share, ShareError};
use crate::ledger::{Hash, Key, ReplicaId};
use sight::{Files, Sight};

/// After how long a file that was read is read again, in seconds.
const DAY: i64 = 24 * 60 * 60;
/// How long a file may take to be whole, in seconds.
const ARRIVES: u64 = 600;
/// How often a head is written that only acknowledges, in seconds.
const ACKNOWLEDGE: i64 = 30;

/// When, and with what luck.
#[derive(Clone, Debug)]
pub struct Env {
    /// Unix seconds.
    pub now: i64,
    /// The same for the eye, RFC 3339.
    pub wall: String,
    /// Anything; it spreads what several desks would do at once.
    pub jitter: u64,
}

/// When commits of others that the share has lost are put there again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relay {
    AtOnce,
    /// After so many seconds, and up to as many again.
    After(i64),
}

#[derive(Clone, Copy, Debug)]
pub struct Options {
    pub relay: Relay,
    /// Put everything on a share that does not know this desk.
    pub refill: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            relay: Relay::AtOnce,
            refill: false,
        }
    }
}

/// What a round does just now, for whoever waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    Looking,
    Reading {
        file: u64,
        of: u64,
    },
    /// Steps that came in so far.
    Received(u64),
    /// What came in is made to be seen.
    Showing,
    /// Steps that this round has to put there, and how many are there.
    Published {
        steps: u64,
        of: u64,
    },
}

/// Who is told how far a round is; quick, and may be nobody.
pub type Listener<'a> = Option<&'a dyn Fn(Progress)>;

/// Where desks meet, and as whom this one comes.
#[derive(Clone, Copy)]
pub struct Meeting<'a> {
    pub share: &'a dyn Share,
    /// What the desk remembers the share by.
    pub id: &'a str,
    /// Without a key nothing is written.
    pub key: Option<&'a DeviceKey>,
    pub env: &'a Env,
    pub options: Options,
    pub listener: Listener<'a>,
}

impl Meeting<'_> {
    fn tell(&self, progress: Progress) {
        if let Some(listener) = self.listener {
            listener(progress);
        }
    }
}

/// What one round leaves for the next. Losing it costs time, nothing else.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// Since when the share lacks a chain's commits, by the tip.
    missing: BTreeMap<Hash, i64>,
    /// What was known when the waiting files were read last.
    known: Option<Hash>,
    acknowledged: Option<i64>,
}

/// Why a round ended early, or wrote nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    Unreachable(ShareError),
    /// The genesis of this desk is not on it: another share, an empty one, one not mounted.
    Unrecognised,
    Full,
    ReadOnly,
    Refused(ShareError),
}

/// What is known of another desk by its newest head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    pub replica: ReplicaId,
    pub key: Key,
    pub counter: u64,
    /// Its clock when it wrote that; for the eye.
    pub wall: String,
    /// Unix seconds when that file was last read here, and when it was first.
    pub read: i64,
    pub seen: i64,
    /// It has all that this desk has.
    pub acknowledged: bool,
    /// It has what this desk has not.
    pub ahead: bool,
    /// Same commits, another desk: something is wrong with one of them.
    pub alarm: bool,
}

/// What a round did and saw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Commits taken in, by whose they are.
    pub pulled: BTreeMap<ReplicaId, u64>,
    /// Own commits put there.
    pub published: u64,
    /// Commits of others put there.
    pub relayed: u64,
    /// Larger packs that were made of small ones, and files that were spare and went.
    pub merged: u64,
    pub cleared: u64,
    /// Own packs that were there and are gone and not written again: the line of each, and its run.
    pub gone: Vec<(u64, (u64, u64))>,
    /// How many of them were written again.
    pub again: u64,
    /// Own commits that the share does not have yet.
    pub unpublished: u64,
    /// Files that must wait, and for what.
    pub waiting: Vec<(String, String)>,
    /// Files that a newer version wrote.
    pub newer: Vec<String>,
    /// Files that are not ours or damaged, and whose steps are not here, and why.
    pub foreign: Vec<(String, String)>,
    pub peers: Vec<Peer>,
    /// Replicas with two commits of one number.
    pub forked: Vec<ReplicaId>,
    /// Those of them that this round found out about.
    pub forked_now: Vec<ReplicaId>,
    /// Own commits were on the share that this desk did not have: it must go on as a new replica.
    pub reborn: bool,
    /// Whose heads count lower than they did: the share was put back to an earlier state.
    pub rolled_back: Vec<ReplicaId>,
    pub stopped: Option<Stop>,
    /// The share lost its genesis, and is this desk's all the same: it has to be put back.
    pub unfounded: bool,
    /// A file may not outlive a power cut.
    pub uncertain: bool,
    /// What the desk shows when the round ends; none where the share was not reached.
    pub digest: Option<Hash>,
    /// The requests to be let in that lie there.
    pub asking: Vec<Request>,
    /// Files that were read, and listings that were made.
    pub reads: u64,
    pub listings: u64,
}

impl Round {
    /// Whether steps went there or came from there.
    pub fn worked(&self) -> bool {
        self.published + self.relayed + self.pulled.values().sum::<u64>() > 0
    }

    fn stop(&mut self, error: ShareError) {
        self.stopped = Some(match error {
            ShareError::Gone(_) | ShareError::Slow => Stop::Unreachable(error),
            ShareError::Full => Stop::Full,
            ShareError::ReadOnly => Stop::ReadOnly,
            _ => Stop::Refused(error),
        });
    }

    fn durable(&mut self, durable: Durable) {
        self.uncertain |= durable == Durable::Unknown;
    }
}

/// Looks at a share once, takes what is new and puts there what it lacks.
pub fn round<L: Log>(
    log: &mut L,
    meeting: &Meeting<'_>,
    memory: &mut Memory,
) -> Result<Round, L::Error> {
    let mut round = Round::default();
    // What a round received before it was cut short is shown, whether the share answers or not.
    log.settle()?;
    let Some(mut sight) = look(log, meeting, &mut round)? else {
        return Ok(round);
    };
    let forked = forked(&log.lines()?);
    let read = examine::files(log, meeting, memory, (&mut sight, &mut round))?;
    if !round.pulled.is_empty() {
        meeting.tell(Progress::Showing);
    }
    log.settle()?;
    if read {
        round.unfounded = unfounded(&sight);
        if founded(&sight) || round.unfounded {
            let gone = examine::heads(&sight, &mut round);
            examine::forget_absent(&mut sight, &log.replica(), &mut round);
            publish::all(log, meeting, memory, (&mut sight, &mut round))?;
            // What was lost is there again and was told of: a replica that nobody goes on with
            // writes no other head.
            if round.published + round.relayed > 0 {
                for name in &gone {
                    sight.forget(name);
                }
            }
        } else {
            refill(log, meeting, memory, (&mut sight, &mut round))?;
        }
    }
    report::tell(log, &sight, (meeting.env.now, &forked), &mut round)?;
    let exchanged = round.stopped.is_none() && round.worked();
    let exchanged = exchanged.then_some(meeting.env.wall.as_str());
    let (went, ended) = sight.end(log, meeting, exchanged)?;
    round.cleared += went as u64;
    if let Err(error) = ended {
        round.stop(error);
    }
    Ok(round)
}

fn look<L: Log>(
    log: &L,
    meeting: &Meeting<'_>,
    round: &mut Round,
) -> Result<Option<Sight>, L::Error> {
    round.listings += 1;
    meeting.tell(Progress::Looking);
    match meeting.share.list() {
        Ok(listed) => {
            let mut files = Files::of(listed);
            log.files(meeting.id, &mut |name, note| files.note(name, note))?;
            Ok(Some(Sight::of(files, log.membership()?)))
        }
        Err(error) => {
            round.stop(error);
            Ok(None)
        }
    }
}

/// Whether the genesis of this desk is there.
fn founded(sight: &Sight) -> bool {
    sight
        .seen()
        .filter(|(_, there, _)| there.hint == GENESIS)
        .any(|(.., note)| note.is_some_and(|note| matches!(note.verdict, FileVerdict::Known)))
}

const GENESIS: Hint = Hint::Examine(Kind::Genesis);

/// Whether the share is this desk's and has lost its genesis: what members signed for it is there.
/// What else lies in the place of the genesis, damaged or a stranger's, changes nothing about that.
fn unfounded(sight: &Sight) -> bool {
    let signed = |note: &FileNote| {
        matches!(
            note.verdict,
            FileVerdict::Pack { .. } | FileVerdict::Head { .. }
        )
    };
    !founded(sight) && sight.currents().any(|(_, note)| signed(note))
}

/// Puts everything on a share that does not know this desk, if a person has said so.
fn refill<L: Log>(
    log: &mut L,
    meeting: &Meeting<'_>,
    memory: &mut Memory,
    (sight, round): (&mut Sight, &mut Round),
) -> Result<(), L::Error> {
    if !meeting.options.refill {
        round.stopped = Some(Stop::Unrecognised);
        return Ok(());
    }
    if publish::genesis(log, meeting, round)? {
        publish::all(log, meeting, memory, (sight, round))?;
    }
    Ok(())
}
