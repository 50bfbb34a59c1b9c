//! Puts one file on the share under a name that is free. Refuses to write over a name, and to wait
//! for one.

use super::{Meeting, Round, Sight, Stop};
use crate::ledger::ReplicaId;
use crate::ledger::mutant::{self, Mutant};
use crate::sync::log::{FileVerdict, Log, Signed};
use crate::sync::names;
use crate::sync::pack::Pack;
use crate::sync::share::ShareError;

/// How often another name is tried for one file.
pub(super) const NAMES: u16 = 100;

/// A file that was written in this round.
pub(super) struct Written {
    pub name: String,
    pub size: u64,
    /// Unknown where somebody wrote it before, or nobody was told in time.
    pub stamp: Option<u64>,
    pub verdict: FileVerdict,
    pub signed: Option<Signed>,
}

/// A pack as it will be written.
pub(super) struct Sealed<'p> {
    by: ReplicaId,
    pack: &'p Pack,
    bytes: Vec<u8>,
    verdict: FileVerdict,
}

impl Sealed<'_> {
    fn name(&self, again: u16) -> String {
        let Pack { lo, hi, .. } = *self.pack;
        names::pack(&self.by, &self.pack.origin, (lo, hi), &self.pack.tip, again)
    }
}

pub(super) fn seal<'p, L: Log>(
    log: &L,
    meeting: &Meeting<'_>,
    (pack, line): (&'p Pack, u64),
    round: &mut Round,
) -> Option<Sealed<'p>> {
    let verdict = FileVerdict::Pack {
        lo: pack.lo,
        hi: pack.hi,
        tip: pack.tip,
        spare: None,
        line: Some(line),
    };
    let mut sealed = Sealed {
        by: log.replica(),
        pack,
        bytes: Vec::new(),
        verdict,
    };
    match pack.write(&log.workspace(), meeting.key?) {
        Ok(bytes) => {
            sealed.bytes = bytes;
            Some(sealed)
        }
        Err(error) => {
            let (name, why) = (sealed.name(0), error.to_string());
            round.stopped = Some(Stop::Refused(ShareError::Failed { name, why }));
            None
        }
    }
}

/// Writes a pack under a name that is free, and does something else until it is written.
pub(super) fn place(
    meeting: &Meeting<'_>,
    sealed: Sealed<'_>,
    (sight, round): (&Sight, &mut Round),
    meanwhile: &mut dyn FnMut(),
) -> Option<Written> {
    let name = |again| sealed.name(again);
    let (name, stamp) = write(meeting, &name, &sealed.bytes, (sight, round), meanwhile)?;
    let Sealed {
        pack,
        bytes,
        verdict,
        ..
    } = sealed;
    Some(Written {
        name,
        stamp,
        size: bytes.len() as u64,
        verdict,
        signed: Some(Signed {
            seq: pack.hi,
            hash: pack.tip,
            signature: pack.signature,
        }),
    })
}

/// Writes a pack under a name that is free.
pub(super) fn put<L: Log>(
    log: &L,
    meeting: &Meeting<'_>,
    pack: (&Pack, u64),
    (sight, round): (&Sight, &mut Round),
) -> Option<Written> {
    let sealed = seal(log, meeting, pack, round)?;
    place(meeting, sealed, (sight, round), &mut || {})
}

/// Writes a file under the first name that nothing else has taken.
pub(super) fn write(
    meeting: &Meeting<'_>,
    name: &dyn Fn(u16) -> String,
    bytes: &[u8],
    (sight, round): (&Sight, &mut Round),
    meanwhile: &mut dyn FnMut(),
) -> Option<(String, Option<u64>)> {
    for again in 0..NAMES {
        let name = name(again);
        // What has our name and was not counted is something else, or cannot be read by somebody.
        if sight.there(&name).is_some() {
            if mutant::is(Mutant::OverwriteSquatted) {
                drop(meeting.share.delete(&name));
            } else {
                continue;
            }
        }
        match meeting.share.put_while(&name, bytes, meanwhile) {
            Ok(kept) => {
                round.durable(kept.durable);
                return Some((name, Some(kept.stamp)));
            }
            // Written before, and only the listing did not tell.
            Err(ShareError::Taken(_)) => {
                let there = meeting.share.get(&name, bytes.len() as u64);
                if there.is_ok_and(|there| there == bytes) {
                    return Some((name, None));
                }
            }
            Err(error) => {
                round.stop(error);
                return None;
            }
        }
    }
    round.stop(ShareError::Taken(name(NAMES - 1)));
    None
}
