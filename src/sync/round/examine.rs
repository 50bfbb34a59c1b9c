//! Reads the files that are new, have changed, wait for something, or were read a day ago, and
//! says what each is. Refuses to trust a name, and to judge a file that could not be read.

use std::collections::BTreeMap;

use super::pull::{Pool, Pulled};
use super::{DAY, Meeting, Memory, NAMED, Progress, Round, Sight};
use crate::ledger::mutant::{self, Mutant};
use crate::ledger::{Hash, Membership, ReplicaId};
use crate::sync::frame::{self, Kind, MAX_FILE};
use crate::sync::log::{FileNote, FileVerdict, Log};
use crate::sync::names::{self, Hint};
use crate::sync::pack::Pack;
use crate::sync::share::ShareError;
use crate::sync::{Genesis, Head, Request};

/// Reads what must be read and takes in what can be; tells whether the share kept answering.
pub(super) fn files<L: Log>(
    log: &mut L,
    meeting: &Meeting<'_>,
    memory: &mut Memory,
    (sight, round): (&mut Sight, &mut Round),
) -> Result<bool, L::Error> {
    let known = known(log)?;
    let news = memory.known != Some(known);
    let mut pool = Pool::new(log, meeting, sight.membership.clone())?;
    let strangers = sight
        .currents()
        .filter(|(name, _)| !names::is_like_ours(name));
    let mut strangers = strangers.count();
    let examined = sight.seen().filter(|(name, there, note)| {
        matches!(there.hint, Hint::Examine(_))
            && !note.is_some_and(|note| fresh(note, meeting.env.now))
            && (note.is_some() || names::is_like_ours(name) || {
                strangers += 1;
                strangers <= NAMED
            })
    });
    let names: Vec<_> = examined.map(|(name, ..)| name.to_owned()).collect();
    let (left, first): (Vec<_>, Vec<_>) = names
        .into_iter()
        .partition(|name| waits(sight.current(name)) && !news);
    let mut answers = each(log, meeting, (sight, round, &mut pool), &first)?;
    if answers && pool.moved() {
        // A head may have been read before the pack that admits who wrote it.
        let first = first.into_iter().filter(|name| waits(sight.current(name)));
        let left: Vec<_> = left.into_iter().chain(first).collect();
        answers = each(log, meeting, (sight, round, &mut pool), &left)?;
    }
    // What went in before the share fell silent is told all the same.
    let Pulled {
        verdicts,
        taken,
        reborn,
        number,
        membership,
    } = pool.close();
    sight.membership = membership;
    sight.number = number;
    for (name, verdict) in verdicts {
        // What was not tried to the end is read again.
        if !answers && matches!(verdict, FileVerdict::Waiting { .. }) {
            continue;
        }
        sight.note(&name, verdict, meeting.env.now);
    }
    round.pulled = taken;
    round.reborn = reborn;
    // What waited was read before the last packs went in: then the next round tries it again.
    if answers {
        memory.known = Some(known);
    }
    Ok(answers)
}

/// Reads these files and takes in what can be; tells whether the share still answers.
fn each<L: Log>(
    log: &mut L,
    meeting: &Meeting<'_>,
    (sight, round, pool): (&mut Sight, &mut Round, &mut Pool<'_>),
    names: &[String],
) -> Result<bool, L::Error> {
    let of = names.len() as u64;
    for (file, name) in (1..).zip(names) {
        meeting.tell(Progress::Reading { file, of });
        if !read(log, meeting, (sight, round, pool), name)? {
            return Ok(false);
        }
    }
    pool.drain(log)?;
    Ok(true)
}

/// Everything that a waiting file could be waiting for.
fn known<L: Log>(log: &L) -> Result<Hash, L::Error> {
    let mut tips: Vec<_> = log.lines()?.iter().map(|line| line.tip.0).collect();
    tips.sort_unstable();
    Ok(Hash::of(&[&tips.concat()]))
}

/// A file that is gone says nothing any more, and a pack of our own that we did not take away is
/// lost; the newest head of each desk is remembered, so that an older one put back is noticed.
pub(super) fn forget_absent(sight: &mut Sight, own: &ReplicaId, round: &mut Round) {
    if mutant::is(Mutant::TrustPublished) {
        return;
    }
    let newest = newest_heads(noted(sight));
    let absent: Vec<_> = sight
        .notes()
        .filter(|(_, _, there)| !there)
        .filter(|(name, ..)| !newest.values().any(|(newest, _)| newest == name))
        .map(|(name, ..)| name.to_owned())
        .collect();
    for name in absent {
        // One that is spare may be gone because we took it away, and had no time to note that.
        if let Some(FileVerdict::Pack {
            lo,
            hi,
            spare: None,
            line: Some(line),
            ..
        }) = sight.noted(&name).map(|note| &note.verdict)
            && names::replica_of(&name) == Some(*own)
        {
            round.gone.push((*line, (*lo, *hi)));
        }
        sight.forget(&name);
    }
}

fn noted(sight: &Sight) -> impl Iterator<Item = (&str, &FileNote)> {
    sight.notes().map(|(name, note, _)| (name, note))
}

type Newest<'a> = BTreeMap<ReplicaId, (&'a str, &'a Head)>;

fn newest_heads<'a>(notes: impl Iterator<Item = (&'a str, &'a FileNote)>) -> Newest<'a> {
    let mut newest: Newest<'a> = BTreeMap::new();
    for (name, note) in notes {
        let FileVerdict::Head { head, .. } = &note.verdict else {
            continue;
        };
        let known = newest.get(&head.replica);
        if known.is_none_or(|(_, known)| known.counter < head.counter) {
            newest.insert(head.replica, (name, head));
        }
    }
    newest
}

fn fresh(note: &FileNote, now: i64) -> bool {
    let another = |than: &str| than != env!("CARGO_PKG_VERSION");
    !waits(Some(note))
        && !matches!(&note.verdict, FileVerdict::Newer { than } if another(than))
        && (mutant::is(Mutant::NeverAgain)
            || (now.saturating_sub(note.read)).unsigned_abs() < DAY.unsigned_abs())
}

fn waits(note: Option<&FileNote>) -> bool {
    note.is_some_and(|note| matches!(note.verdict, FileVerdict::Waiting { .. }))
}

/// Reads one file; tells whether the share still answers.
fn read<L: Log>(
    log: &mut L,
    meeting: &Meeting<'_>,
    (sight, round, pool): (&mut Sight, &mut Round, &mut Pool<'_>),
    name: &str,
) -> Result<bool, L::Error> {
    round.reads += 1;
    let bytes = match meeting.share.get(name, MAX_FILE as u64) {
        Ok(bytes) => bytes,
        Err(error @ (ShareError::Gone(_) | ShareError::Slow)) => {
            round.stop(error);
            return Ok(false);
        }
        // It went while the share was listed: the next listing will say.
        Err(ShareError::Missing(_)) => return Ok(true),
        Err(error @ ShareError::TooLarge(..)) => {
            let why = error.to_string();
            sight.note(name, FileVerdict::foreign(why), meeting.env.now);
            return Ok(true);
        }
        // It could not be read just now, which says nothing of what it is: the next round tries
        // again.
        Err(error) => {
            sight.forget(name);
            round.waiting.push((name.to_owned(), error.to_string()));
            return Ok(true);
        }
    };
    match content(log, &bytes) {
        Ok(Content::Head(head)) => {
            let verdict = theirs(log, &pool.membership, head)?;
            sight.note(name, verdict, meeting.env.now);
        }
        Ok(Content::Other(verdict)) => sight.note(name, verdict, meeting.env.now),
        Ok(Content::Pack(pack)) => {
            if !pool.put(name, *pack) {
                pool.drain(log)?;
            }
        }
        Err(error) => sight.note(name, unreadable(&error), meeting.env.now),
    }
    Ok(true)
}

/// What a file is that is not read.
fn unreadable(error: &frame::Unreadable) -> FileVerdict {
    match error {
        frame::Unreadable::Newer => FileVerdict::Newer {
            than: env!("CARGO_PKG_VERSION").to_owned(),
        },
        frame::Unreadable::Torn => FileVerdict::Torn { since: None },
        other => FileVerdict::foreign(other.to_string()),
    }
}

#[cfg_attr(test, derive(Clone))]
enum Content {
    Pack(Box<Pack>),
    Head(Head),
    Other(FileVerdict),
}

#[cfg(not(test))]
fn content<L: Log>(log: &L, bytes: &[u8]) -> Result<Content, frame::Unreadable> {
    opened(log, bytes)
}

/// The simulation reads the same bytes on every desk; what they are is found out once.
#[cfg(test)]
fn content<L: Log>(log: &L, bytes: &[u8]) -> Result<Content, frame::Unreadable> {
    type Known = std::collections::HashMap<Hash, Result<Content, frame::Unreadable>>;
    thread_local! {
        static KNOWN: std::cell::RefCell<Known> = std::cell::RefCell::default();
    }
    let broken = format!("{:?}", mutant::broken());
    let hash = Hash::of(&[&log.workspace().0.0, broken.as_bytes(), bytes]);
    KNOWN.with_borrow_mut(|known| {
        if known.len() > 1_000 {
            known.clear();
        }
        known
            .entry(hash)
            .or_insert_with(|| opened(log, bytes))
            .clone()
    })
}

fn opened<L: Log>(log: &L, bytes: &[u8]) -> Result<Content, frame::Unreadable> {
    let opened = frame::open(bytes, Some(&log.workspace()))?;
    Ok(match opened.kind {
        Kind::Pack => Content::Pack(Box::new(Pack::of(opened)?)),
        Kind::Head => Content::Head(Head::of(opened)?),
        Kind::Genesis => {
            Genesis::of(opened)?;
            Content::Other(FileVerdict::Known)
        }
        Kind::Request => {
            let request = Box::new(Request::of(opened)?);
            Content::Other(FileVerdict::Request { request })
        }
    })
}

/// A head speaks for a replica only under the key of that replica's chain. One whose chain is not
/// known yet is at least a member's.
fn theirs<L: Log>(log: &L, membership: &Membership, head: Head) -> Result<FileVerdict, L::Error> {
    if !membership.knows(&head.by) {
        let why = "waits for its key to be admitted".into();
        return Ok(FileVerdict::Waiting { why });
    }
    let lines = log.lines()?;
    let mut of = lines
        .iter()
        .filter(|line| line.replica == head.replica)
        .peekable();
    if of.peek().is_none() || of.any(|line| line.key == Some(head.by)) {
        return Ok(FileVerdict::Head {
            head: Box::new(head),
            since: None,
        });
    }
    let why = "not signed by its author";
    Ok(FileVerdict::foreign(why))
}

/// Notices heads that count lower than they did; returns those that are remembered of them.
pub(super) fn heads(sight: &Sight, round: &mut Round) -> Vec<String> {
    let mut gone = Vec::new();
    let known = newest_heads(noted(sight));
    let present = newest_heads(sight.currents());
    for (replica, (name, head)) in &known {
        let there = present.get(replica);
        if there.is_none_or(|(_, there)| there.counter < head.counter)
            && sight.there(name).is_none()
        {
            round.rolled_back.push(*replica);
            gone.push((*name).to_owned());
        }
    }
    gone
}
