//! `share status`: who shares the desk, how far everybody is, and every file in the folder with
//! what it is. Only looks: nothing is read into the desk here, and nothing written.

use std::collections::BTreeMap;

use serde::Serialize;

use super::exchange::name;
use super::facts::REFUSED;
use super::here::{FOLDER, Here};
use super::listed::{File, Told, current};
use super::person::{lets_in, not_shared, own_key};
use crate::domain::plain::plain;
use crate::ledger::{Key, Line, Member, ReplicaId, Role};
use crate::store::{EXCHANGED, Reader, Store};
use crate::sync::round::{forked, has_all, lacking};
use crate::sync::{
    FileNote, FileVerdict, Folder, Hint, Kind, Listed, ShareError, Strange, founder_phrase,
    joiner_phrase, names, notes, short_code,
};
use crate::workspace::look::log;
use crate::workspace::refusal::Refusal;

/// The most commits that are named as set aside.
const ASIDE: usize = 50;

/// What stands where.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    pub folder: String,
    /// Why it cannot be looked into, if it cannot.
    pub trouble: Option<String>,
    /// How it refused to be written to when that was last tried: "read-only" or "full".
    pub refused: Option<String>,
    /// It can be looked into, and this desk is not in it.
    pub unrecognised: bool,
    /// When something was last exchanged.
    pub synced: Option<String>,
    /// Six words that whoever may let somebody in reads to whoever joins: the founding's own.
    pub founder_words: Option<String>,
    /// Six words that this device reads to be let in, while it is not.
    pub own_words: Option<String>,
    /// Four words that are the same on both desks if the desks are.
    pub desk_words: String,
    pub commits: u64,
    pub to_publish: u64,
    pub members: Vec<Person>,
    pub asking: Vec<Asking>,
    /// Who was said different things of by managers who did not know of each other.
    pub disputed: Vec<String>,
    /// Of whose desks two histories go on from one step.
    pub forked: Vec<String>,
    pub files: Vec<File>,
    /// Files that are nobody's of the desk, beyond those that are named.
    pub unnamed: usize,
    /// What lies in the shared folder beside relmate's own; it is never read.
    pub beside: usize,
    /// Commits that are kept and do not count, and why.
    pub set_aside: Vec<Aside>,
}

/// Somebody who shares the desk.
#[derive(Clone, Debug, Serialize)]
pub struct Person {
    pub name: String,
    pub role: Role,
    pub letter: String,
    pub removed: bool,
    pub this_device: bool,
    pub commits: u64,
    /// The clock of the last head that was read of them.
    pub head: Option<String>,
    /// They have all that is here, as of that head.
    pub in_step: bool,
}

/// Somebody who wants to be let in.
#[derive(Clone, Debug, Serialize)]
pub struct Asking {
    pub name: String,
    pub device: String,
    pub since: String,
}

/// A commit that does not count.
#[derive(Clone, Debug, Serialize)]
pub struct Aside {
    pub commit: String,
    pub of: String,
    /// What it was, as `log` says it; nothing where only a newer version can read it.
    pub what: Option<String>,
    /// A newer version wrote it; else it is void.
    pub newer: bool,
    pub why: String,
}

/// Looks at everything.
pub fn status(here: &Here) -> Result<Status, Refusal> {
    let mut folder = None;
    Store::look(&here.path, &mut |reader| {
        folder = reader.own(FOLDER)?;
        Ok(())
    })?;
    let folder = folder.ok_or_else(not_shared)?;
    // The folder may take its time, and the desk is not held open for it.
    let looked = Folder::open(folder.as_ref()).and_then(|it| {
        let (files, strange) = it.look()?;
        let beside = match it.beside() {
            // Whoever may not see what lies there sees relmate's own all the same.
            Err(ShareError::Closed(_)) => 0,
            other => other?,
        };
        Ok((files, strange, beside))
    });
    Store::look(&here.path, &mut |reader| Ok(of(reader, &folder, &looked)))?
}

type Looked = Result<(Vec<Listed>, Vec<Strange>, usize), ShareError>;

fn of(reader: &Reader<'_>, folder: &str, looked: &Looked) -> Result<Status, Refusal> {
    let (listed, strange, beside, trouble): (&[_], &[_], _, _) = match looked {
        Ok((listed, strange, beside)) => (listed, strange, *beside, None),
        Err(error) => {
            let trouble = super::here::sentence(&error.to_string());
            (&[], &[], 0, Some(trouble))
        }
    };
    let notes = {
        let mut known = BTreeMap::new();
        notes(reader, folder, &mut |name, note| {
            known.insert(name.to_owned(), note);
        })?;
        known
    };
    let lines = reader.lines()?;
    let members = reader.members()?;
    let own = own_key(reader)?;
    let names = named(reader, &notes, &members)?;
    let people = people(reader, (&members, &lines, own), &notes)?;
    let told = Told::of(reader, (listed, &notes), (&lines, &names))?;
    let (files, unnamed) = told.files(listed, strange);
    let mut admitting = members.iter().filter(|it| lets_in(it));
    let admits = admitting.any(|it| Some(it.key) == own);
    let letting_in = own.is_some_and(|own| !members.iter().any(|it| it.key == own));
    let workspace = reader.workspace()?;
    let founder = reader.founder()?;
    let genesis = reader.genesis()?;
    let words = |key: Key| founder_phrase(&genesis, &key).to_string();
    Ok(Status {
        synced: reader.own(EXCHANGED)?,
        founder_words: founder.filter(|_| admits).map(words),
        own_words: own
            .filter(|_| letting_in)
            .map(|own| joiner_phrase(&workspace, &own).to_string()),
        desk_words: short_code(&reader.digest()?),
        commits: lines.iter().map(|line| line.tip_seq + 1 - line.first).sum(),
        to_publish: to_publish(reader, (&lines, own), (listed, &notes), trouble.is_some())?,
        asking: if trouble.is_none() {
            asking(reader)
        } else {
            Vec::new()
        },
        unrecognised: trouble.is_none() && !recognised(listed, &notes),
        trouble,
        refused: reader.own(REFUSED)?,
        members: people,
        disputed: disputed(reader, &members)?,
        forked: forked_of(&lines, &names),
        set_aside: set_aside(reader, &names)?,
        files,
        unnamed,
        beside,
        folder: folder.to_owned(),
    })
}

/// The names of those of whom two managers said different things; the more cautious stands.
fn disputed(reader: &Reader<'_>, members: &[Member]) -> Result<Vec<String>, Refusal> {
    let disputes = reader.member_disputes()?;
    let named = disputes
        .iter()
        .map(|dispute| name(members.iter().find(|it| it.key == dispute.key)));
    Ok(named.collect())
}

/// The names of those whose desks were put back without noticing.
fn forked_of(lines: &[Line], names: &BTreeMap<ReplicaId, String>) -> Vec<String> {
    let whose = |it: ReplicaId| names.get(&it).cloned().unwrap_or_else(|| name(None));
    forked(lines).into_iter().map(whose).collect()
}

fn asking(reader: &Reader<'_>) -> Vec<Asking> {
    let asking = super::approve::asking(reader).unwrap_or_default();
    let told = super::approve::once_each(&asking).into_iter();
    let told = told.map(|it| Asking {
        name: plain(&it.person).into_owned(),
        device: plain(&it.device).into_owned(),
        since: plain(&it.wall).into_owned(),
    });
    told.collect()
}

/// Whether the folder is this desk's: its founding lies there, or what its members signed. A founding
/// that was not read yet may be it.
fn recognised(listed: &[Listed], notes: &BTreeMap<String, FileNote>) -> bool {
    let verdict = |file: &Listed| current(file, notes).map(|note| &note.verdict);
    let founds = |file: &Listed| names::hint(&file.name) == Hint::Examine(Kind::Genesis);
    listed.iter().any(|file| match verdict(file) {
        None | Some(FileVerdict::Known) => founds(file),
        Some(other) => matches!(other, FileVerdict::Pack { .. } | FileVerdict::Head { .. }),
    })
}

/// The commits of this device that no accepted pack in the folder holds.
fn to_publish(
    reader: &Reader<'_>,
    (lines, own): (&[Line], Option<Key>),
    (listed, notes): (&[Listed], &BTreeMap<String, FileNote>),
    away: bool,
) -> Result<u64, Refusal> {
    // Of a folder that is away, what was last seen there counts.
    let seen: Vec<&FileNote> = if away {
        notes.values().collect()
    } else {
        listed.iter().filter_map(|it| current(it, notes)).collect()
    };
    let mut packs = Vec::new();
    for note in seen {
        if let FileVerdict::Pack { lo, hi, .. } = &note.verdict
            && let Some(line) = note.verdict.line(|tip| reader.place(tip))?
        {
            packs.push((line, (*lo, *hi)));
        }
    }
    let mine = |line: &Line| own.is_some() && line.key == own;
    Ok(lacking(lines, &packs, &mine))
}

fn people(
    reader: &Reader<'_>,
    (members, lines, own): (&[Member], &[Line], Option<Key>),
    notes: &BTreeMap<String, FileNote>,
) -> Result<Vec<Person>, Refusal> {
    let mut people = Vec::new();
    for member in members {
        let theirs = lines.iter().filter(|line| line.key == Some(member.key));
        let head = notes
            .values()
            .filter_map(|note| match &note.verdict {
                FileVerdict::Head { head, .. } if head.by == member.key => Some(head),
                _ => None,
            })
            .max_by(|one, other| (&one.wall, one.counter).cmp(&(&other.wall, other.counter)));
        let tips = head.iter().flat_map(|head| &head.holds);
        let tips: Vec<_> = tips
            .map(|tip| reader.place(tip))
            .collect::<Result<_, _>>()?;
        let in_step = head.is_some() && has_all(lines, &tips);
        people.push(Person {
            name: name(Some(member)),
            role: member.role,
            letter: member.letter.clone(),
            removed: member.removed,
            this_device: Some(member.key) == own,
            commits: theirs.map(|line| line.tip_seq + 1 - line.first).sum(),
            head: head.map(|head| plain(&head.wall).into_owned()),
            in_step,
        });
    }
    Ok(people)
}

/// Whose replica is whose, by name; of those who have written nothing yet their heads say it.
fn named(
    reader: &Reader<'_>,
    notes: &BTreeMap<String, FileNote>,
    members: &[Member],
) -> Result<BTreeMap<ReplicaId, String>, Refusal> {
    let owners = reader.owners()?.into_iter();
    let mut names: BTreeMap<_, _> = owners
        .map(|(replica, member)| (replica, name(Some(&member))))
        .collect();
    for note in notes.values() {
        if let FileVerdict::Head { head, .. } = &note.verdict
            && let Some(member) = members.iter().find(|it| it.key == head.by)
        {
            names
                .entry(head.replica)
                .or_insert_with(|| name(Some(member)));
        }
    }
    Ok(names)
}

fn set_aside(
    reader: &Reader<'_>,
    names: &BTreeMap<ReplicaId, String>,
) -> Result<Vec<Aside>, Refusal> {
    let steps = reader.set_aside(ASIDE)?.into_iter();
    let aside = steps.map(|it| {
        let line = log::aside(reader, &it)?;
        Ok(Aside {
            commit: it.hash.to_string().chars().take(8).collect(),
            of: names
                .get(&it.replica)
                .cloned()
                .unwrap_or_else(|| "somebody unknown".to_owned()),
            what: line.map(|it| plain(&log::in_short(&it)).into_owned()),
            newer: it.newer,
            why: plain(&it.why).into_owned(),
        })
    });
    aside.collect()
}
