//! Puts on the share what it lacks: own commits, others' that it has lost, and last a head that
//! says what this desk holds. Refuses to tell of a step that it has not put there.

use std::collections::BTreeMap;

use super::coverage::{self, Coverage, File};
use super::put::{self, NAMES, Written};
use super::report::{is_broken, is_here};
use super::{ACKNOWLEDGE, Meeting, Memory, Progress, Relay, Round, Sight, Stop, compact};
use crate::ledger::mutant::{self, Mutant};
use crate::ledger::{Hash, Key, first_prev, level};
use crate::sync::frame::MAX_RAW;
use crate::sync::key::DeviceKey;
use crate::sync::log::{FileVerdict, Line, Log};
use crate::sync::names;
use crate::sync::pack::{MAX_COMMITS, Pack, sign_tip};
use crate::sync::share::{Listed, ShareError};
use crate::sync::{Genesis, Head};

/// How many files a head says it could not verify.
const MISSES: usize = 100;
/// Of how many it is asked whether their steps are here.
const LOOKED_FOR: usize = 10_000;

pub(super) type Lines = BTreeMap<u64, Line>;

pub(super) fn all<L: Log>(
    log: &mut L,
    meeting: &Meeting<'_>,
    memory: &mut Memory,
    (sight, round): (&mut Sight, &mut Round),
) -> Result<(), L::Error> {
    let lines: Lines = log.lines()?.into_iter().map(|it| (it.num, it)).collect();
    let mut files = coverage::files(log, sight)?;
    let coverage = Coverage::of(&files, &lines, &|_| true);
    let own = meeting.key.map(DeviceKey::public);
    let gaps = gaps(log, (&lines, own), &coverage, round);
    let Some(key) = meeting.key else {
        return Ok(());
    };
    let mut written = Vec::new();
    // Nobody has let this device in, as far as it knows: nobody would look at what it signs. Who
    // has and cannot be heard, because a file is damaged here, must know of that file.
    let let_in = sight.membership.knows(&key.public());
    if let_in {
        memory
            .missing
            .retain(|tip, _| gaps.iter().any(|gap| gap.line.tip == *tip));
        let due: Vec<_> = gaps
            .iter()
            .filter(|gap| due(gap, meeting, memory))
            .collect();
        let of = due.iter().map(|gap| gap.hi - gap.lo + 1).sum();
        for gap in due {
            fill(log, meeting, (gap, of), (sight, round, &mut written))?;
            if round.stopped.is_some() {
                break;
            }
        }
        if round.stopped.is_none() {
            compact::merge(log, meeting, (&lines, &files), (sight, round, &mut written))?;
        }
    }
    let misses = misses(log, (&lines, sight), meeting.env.now)?;
    if round.stopped.is_none() && (let_in || !misses.is_empty()) {
        let of = (memory, key, &lines, misses);
        head(log, meeting, of, (sight, round, &mut written))?;
    }
    files.extend(note(meeting, written, sight));
    if let_in {
        compact::clear(log, meeting, (&lines, &files), (sight, round));
    }
    Ok(())
}

/// A run of a line that is not on the share.
struct Gap<'a> {
    line: &'a Line,
    lo: u64,
    hi: u64,
    own: bool,
}

fn gaps<'a, L: Log>(
    log: &L,
    (lines, key): (&'a Lines, Option<Key>),
    coverage: &Coverage,
    round: &mut Round,
) -> Vec<Gap<'a>> {
    let own = log.replica();
    let mut found = Vec::new();
    for line in lines.values() {
        for (lo, hi) in coverage.gaps(line) {
            // What this device wrote before it was put back is its own as well.
            let own = line.replica == own || (key.is_some() && line.key == key);
            if own {
                round.unpublished += hi - lo + 1;
            }
            found.push(Gap { line, lo, hi, own });
        }
    }
    found.sort_by_key(|gap| (!gap.own, gap.line.num, gap.lo));
    found
}

/// What is one's own goes at once; the rest after a while, so that not everybody does it.
fn due(gap: &Gap<'_>, meeting: &Meeting<'_>, memory: &mut Memory) -> bool {
    if gap.own {
        return true;
    }
    if mutant::is(Mutant::NoRelay) {
        return false;
    }
    let Relay::After(grace) = meeting.options.relay else {
        return true;
    };
    let now = meeting.env.now;
    let since = *memory.missing.entry(gap.line.tip).or_insert(now);
    let more = meeting.env.jitter % grace.unsigned_abs().max(1);
    // A clock that was put back must not make it wait for ever.
    now < since || now.saturating_sub(since) >= grace.saturating_add_unsigned(more)
}

/// Writes packs until a gap is filled, or no signature reaches further.
fn fill<L: Log>(
    log: &mut L,
    meeting: &Meeting<'_>,
    (gap, of): (&Gap<'_>, u64),
    (sight, round, written): (&mut Sight, &mut Round, &mut Vec<Written>),
) -> Result<(), L::Error> {
    let mut lo = gap.lo;
    while lo <= gap.hi && round.stopped.is_none() {
        let steps = round.published + round.relayed;
        meeting.tell(Progress::Published { steps, of });
        let Some(pack) = cut(log, meeting, gap.line, (lo, gap.hi))? else {
            break;
        };
        let (hi, count) = (pack.hi, pack.hi.min(gap.hi) - lo + 1);
        let Some(sealed) = put::seal(log, meeting, (&pack, gap.line.num), round) else {
            break;
        };
        // A head will say that it is there; its number is kept while the folder writes.
        let mut number = sight.number.map(Ok);
        let mut meanwhile = || {
            if gap.own && number.is_none() {
                number = Some(log.next_head(meeting.id));
            }
        };
        let file = put::place(meeting, sealed, (sight, round), &mut meanwhile);
        sight.number = number.transpose()?;
        let Some(file) = file else { break };
        if file.stamp.is_some() {
            let before = round.gone.len();
            round
                .gone
                .retain(|(line, (first, last))| *line != gap.line.num || *last < lo || hi < *first);
            round.again += (before - round.gone.len()) as u64;
        }
        written.push(file);
        if gap.own {
            round.published += count;
            round.unpublished -= count;
        } else {
            round.relayed += count;
        }
        lo = hi + 1;
    }
    Ok(())
}

/// A pack of a line from `lo`, as long as it may be and at least to `hi` if it can.
pub(super) fn cut<L: Log>(
    log: &L,
    meeting: &Meeting<'_>,
    line: &Line,
    (lo, hi): (u64, u64),
) -> Result<Option<Pack>, L::Error> {
    let (Some(key), Some(author)) = (meeting.key, line.key) else {
        return Ok(None);
    };
    let furthest = lo.saturating_add(MAX_COMMITS as u64 - 1);
    let signed = log.signed(line.num, lo)?;
    let mine = author == key.public();
    // A stranger's chain can only be told up to where its author signed it.
    let mut reach = signed.iter().filter(|it| it.seq <= furthest);
    let to = match reach.clone().find(|it| it.seq >= hi) {
        Some(boundary) => boundary.seq,
        None if mine => hi.min(furthest),
        None => match reach.next_back() {
            Some(boundary) => boundary.seq,
            None => return Ok(None),
        },
    };
    let to = if mine { to.min(hi).min(furthest) } else { to };
    let from = lo.saturating_sub(1).max(1);
    let mut commits = log.run(&line.tip, from, to)?;
    let prev = if lo == 1 {
        first_prev(&log.workspace(), &line.replica)
    } else if commits.is_empty() {
        return Ok(None);
    } else {
        commits.remove(0).0
    };
    let ends = |seq: u64| mine || signed.iter().any(|it| it.seq == seq);
    shorten(&mut commits, lo, &ends);
    let Some((tip, _)) = commits.last() else {
        return Ok(None);
    };
    let (tip, hi) = (*tip, lo + commits.len() as u64 - 1);
    let known = signed
        .iter()
        .find(|it| it.hash == tip)
        .map(|it| it.signature);
    let signature = known.unwrap_or_else(|| sign_tip(key, &log.workspace(), &tip));
    Ok(Some(Pack {
        origin: line.replica,
        lo,
        hi,
        prev,
        tip,
        author,
        signature,
        by: key.public(),
        commits,
    }))
}

/// Leaves no more than a file may hold, up to a number where it may end.
fn shorten(commits: &mut Vec<(Hash, Vec<u8>)>, lo: u64, ends: &dyn Fn(u64) -> bool) {
    let mut size = 0;
    let fits = commits.iter().take_while(|(_, bytes)| {
        size += bytes.len() + 1;
        size <= MAX_RAW
    });
    let fits = fits.count();
    if fits < commits.len() {
        let ending = (1..=fits).rev().find(|count| ends(lo + *count as u64 - 1));
        commits.truncate(ending.unwrap_or(0));
    }
}

/// Says what this desk holds, if that is not what its last head said.
fn head<L: Log>(
    log: &mut L,
    meeting: &Meeting<'_>,
    (memory, key, lines, misses): (&mut Memory, &DeviceKey, &Lines, Vec<String>),
    (sight, round, written): (&mut Sight, &mut Round, &mut Vec<Written>),
) -> Result<(), L::Error> {
    // First: where much came since it was kept, it is of a later moment than what was asked before.
    let digest = log.digest()?;
    let now = log.lines()?;
    // What somebody recorded meanwhile is not there yet: the next round puts it there, and says so.
    if now.len() != lines.len() || now.iter().any(|line| lines.get(&line.num) != Some(line)) {
        return Ok(());
    }
    let mut holds: Vec<_> = now.iter().map(|line| line.tip).collect();
    holds.sort_unstable();
    let replica = log.replica();
    let last = sight
        .currents()
        .filter_map(|(_, note)| match &note.verdict {
            FileVerdict::Head { head, .. } if head.replica == replica => Some(head),
            _ => None,
        });
    let last = last.max_by_key(|head| head.counter);
    let said = last
        .is_some_and(|head| head.holds == holds && head.digest == digest && head.misses == misses);
    if said || (holds.is_empty() && misses.is_empty()) {
        return Ok(());
    }
    let now = meeting.env.now;
    let lately = memory
        .acknowledged
        .is_some_and(|at| now >= at && now - at < ACKNOWLEDGE);
    if lately && written.is_empty() && meeting.options.relay != Relay::AtOnce {
        return Ok(());
    }
    let head = Head {
        replica,
        by: key.public(),
        counter: match sight.number.take() {
            Some(number) => number,
            None => log.next_head(meeting.id)?,
        },
        holds,
        digest,
        level: level(),
        wall: meeting.env.wall.clone(),
        misses,
    };
    let Ok(bytes) = head.write(&log.workspace(), key) else {
        return Ok(());
    };
    let hash = Hash::of(&[&bytes]);
    let name = |again| names::head(&replica, head.counter, &hash, again);
    if let Some((name, stamp)) = put::write(meeting, &name, &bytes, (sight, round), &mut || {}) {
        memory.acknowledged = Some(now);
        written.push(Written {
            name,
            stamp,
            size: bytes.len() as u64,
            verdict: FileVerdict::Head {
                head: Box::new(head),
                since: Some(now),
            },
            signed: None,
        });
    }
    Ok(())
}

/// Packs that should be whole and are not, after the time that a file may take to arrive, and whose
/// steps are not here. What a stranger laid beside the files of the desks must not crowd them out.
fn misses<L: Log>(
    log: &L,
    (lines, sight): (&Lines, &Sight),
    now: i64,
) -> Result<Vec<String>, L::Error> {
    let known = sight.writers(lines.values());
    let broken = sight.currents().filter(|(name, note)| {
        matches!(
            note.verdict,
            FileVerdict::Foreign { .. } | FileVerdict::Torn { .. }
        ) && is_broken(note, now)
            // Who has read nothing yet knows nobody.
            && names::replica_of(name)
                .is_some_and(|by| known.is_empty() || known.contains(&by))
            && names::tip_of(name).is_some()
    });
    let mut missed = Vec::new();
    for (name, _) in broken.take(LOOKED_FOR) {
        if !is_here(log, name)? {
            missed.push(name.to_owned());
        }
    }
    missed.truncate(MISSES);
    Ok(missed)
}

/// Notes the files that were written; they were read back then. One that somebody else wrote
/// before is read in the next round. Returns the packs among them, which count from now on.
fn note(meeting: &Meeting<'_>, written: Vec<Written>, sight: &mut Sight) -> Vec<File> {
    let mut packs = Vec::new();
    // What is signed is signed, whether the file is seen or not.
    sight
        .signed
        .extend(written.iter().filter_map(|it| it.signed));
    for file in written {
        if let Some(stamp) = file.stamp {
            if let FileVerdict::Pack {
                line: Some(line), ..
            } = file.verdict
            {
                let of = (&*file.name, names::replica_of(&file.name));
                packs.extend(File::of(of, &file.verdict, line));
            }
            let (name, size) = (file.name, file.size);
            sight.wrote(Listed { name, size, stamp }, file.verdict, meeting.env.now);
        }
    }
    packs
}

/// Puts the genesis on a share that has none; tells whether it is there.
pub(super) fn genesis<L: Log>(
    log: &L,
    meeting: &Meeting<'_>,
    round: &mut Round,
) -> Result<bool, L::Error> {
    let (Some(key), text) = (meeting.key, log.genesis()?) else {
        round.stopped = Some(Stop::Unrecognised);
        return Ok(false);
    };
    let Ok(bytes) = Genesis::write(&text, key) else {
        return Ok(false);
    };
    // The plain name is the founder's: only its signature lets others join by their phrase.
    let founder = log.membership()?.founder() == Some(key.public());
    let hash = log.workspace().0;
    for again in u16::from(!founder)..NAMES {
        match meeting.share.put_new(&names::genesis(&hash, again), &bytes) {
            Ok(_) => break,
            Err(ShareError::Taken(_)) => {}
            Err(error) => {
                round.stop(error);
                return Ok(false);
            }
        }
    }
    for (name, text) in [
        (names::README, names::README_TEXT),
        (names::ATTRIBUTES, names::ATTRIBUTES_TEXT),
    ] {
        // They are for the eye and for git; a share without them works.
        drop(meeting.share.put_new(name, text.as_bytes()));
    }
    Ok(true)
}
