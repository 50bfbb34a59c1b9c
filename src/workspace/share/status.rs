//! `share status`: who shares the desk, how far everybody is, and every file in the folder with
//! what it is. Only looks: nothing is read into the desk here, and nothing written.

use std::collections::BTreeMap;

use serde::Serialize;

use super::exchange::name;
use super::here::{FOLDER, Here};
use super::person::{not_shared, own_key};
use crate::domain::plain::plain;
use crate::ledger::{Key, Line, Member, ReplicaId, Role};
use crate::store::{Reader, Store};
use crate::sync::round::{has_all, lacking};
use crate::sync::{
    FileNote, FileVerdict, Folder, Hint, Listed, Share, ShareError, founder_phrase, joiner_phrase,
    names, notes, short_code,
};
use crate::workspace::refusal::Refusal;

/// The most files that are named one by one.
const NAMED: usize = 1_000;
/// The most commits that are named as set aside.
const ASIDE: usize = 50;

/// What stands where.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    pub folder: String,
    /// Why it cannot be looked into, if it cannot.
    pub trouble: Option<String>,
    /// When something was last exchanged.
    pub synced: Option<String>,
    /// Six words that the founder reads to whoever joins.
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
    pub files: Vec<File>,
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

/// A file in the folder.
#[derive(Clone, Debug, Serialize)]
pub struct File {
    pub name: String,
    pub bytes: u64,
    /// `pack`, `head`, `known`, `waiting`, `foreign`, `new`.
    pub is: &'static str,
    pub what: String,
}

/// A commit that does not count.
#[derive(Clone, Debug, Serialize)]
pub struct Aside {
    pub commit: String,
    pub of: String,
    /// A newer version wrote it; else it is void.
    pub newer: bool,
    pub why: String,
}

/// Looks at everything.
pub fn status(here: &Here) -> Result<Status, Refusal> {
    Store::look(&here.path, &mut |reader| Ok(of(reader)))?
}

fn of(reader: &Reader<'_>) -> Result<Status, Refusal> {
    let folder = reader.own(FOLDER)?.ok_or_else(not_shared)?;
    let (listed, trouble) = match listing(&folder) {
        Ok(listed) => (listed, None),
        Err(error) => (Vec::new(), Some(super::here::sentence(&error.to_string()))),
    };
    let notes = notes(reader, &folder)?;
    let lines = reader.lines()?;
    let members = reader.members()?;
    let own = own_key(reader)?;
    let names = named(reader, &notes, &members)?;
    let people = people(reader, (&members, &lines, own), &notes)?;
    let letting_in = own.is_some_and(|own| !members.iter().any(|it| it.key == own));
    let workspace = reader.workspace()?;
    let founder = reader.founder()?;
    let genesis = reader.genesis()?;
    let words = |key: Key| founder_phrase(&genesis, &key).to_string();
    Ok(Status {
        synced: reader.own("synced")?,
        founder_words: founder.filter(|it| Some(*it) == own).map(words),
        own_words: own
            .filter(|_| letting_in)
            .map(|own| joiner_phrase(&workspace, &own).to_string()),
        desk_words: short_code(&reader.digest()?),
        commits: lines.iter().map(|line| line.tip_seq + 1 - line.first).sum(),
        to_publish: to_publish(reader, (&lines, own), (&listed, &notes), trouble.is_some())?,
        trouble,
        members: people,
        asking: asking(reader),
        disputed: disputed(reader, &members)?,
        files: files(&listed, &notes, &names),
        set_aside: set_aside(reader, &names)?,
        folder,
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

fn listing(folder: &str) -> Result<Vec<Listed>, ShareError> {
    Folder::open(folder.as_ref())?.list()
}

fn asking(reader: &Reader<'_>) -> Vec<Asking> {
    let asking = super::approve::asking(reader).unwrap_or_default();
    let told = asking.into_iter().map(|it| Asking {
        name: plain(&it.person).into_owned(),
        device: plain(&it.device).into_owned(),
        since: plain(&it.wall).into_owned(),
    });
    told.collect()
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
        if let FileVerdict::Pack { lo, hi, tip, .. } = &note.verdict
            && let Some(place) = reader.place(tip)?
        {
            packs.push((place.line, (*lo, *hi)));
        }
    }
    let mine = |line: &Line| own.is_some() && line.key == own;
    Ok(lacking(lines, &packs, &mine))
}

fn current<'n>(file: &Listed, notes: &'n BTreeMap<String, FileNote>) -> Option<&'n FileNote> {
    notes
        .get(&file.name)
        .filter(|note| (note.size, note.stamp) == (file.size, file.stamp))
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
                FileVerdict::Head { head } if head.by == member.key => Some(head),
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
        if let FileVerdict::Head { head } = &note.verdict
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
    let aside = reader.set_aside(ASIDE)?.into_iter().map(|it| Aside {
        commit: it.hash.to_string().chars().take(8).collect(),
        of: names
            .get(&it.replica)
            .cloned()
            .unwrap_or_else(|| "somebody unknown".to_owned()),
        newer: it.newer,
        why: plain(&it.why).into_owned(),
    });
    Ok(aside.collect())
}

fn files(
    listed: &[Listed],
    notes: &BTreeMap<String, FileNote>,
    names: &BTreeMap<ReplicaId, String>,
) -> Vec<File> {
    let told = listed.iter().take(NAMED).map(|file| {
        let (is, what) = told(file, current(file, notes), names);
        File {
            name: plain(&file.name).into_owned(),
            bytes: file.size,
            is,
            what,
        }
    });
    told.collect()
}

fn told(
    file: &Listed,
    note: Option<&FileNote>,
    names: &BTreeMap<ReplicaId, String>,
) -> (&'static str, String) {
    let whose = |replica: &ReplicaId| {
        let known = names.get(replica);
        known.map_or_else(|| "somebody unknown".to_owned(), Clone::clone)
    };
    match note.map(|note| &note.verdict) {
        Some(FileVerdict::Pack { lo, hi, spare, .. }) => {
            let by = names::replica_of(&file.name).map(|it| whose(&it));
            let by = by.unwrap_or_else(|| "somebody".to_owned());
            let spare = if spare.is_some() {
                ", also in a larger file"
            } else {
                ""
            };
            (
                "pack",
                format!("commits {lo} to {hi}, put there by {by}{spare}"),
            )
        }
        Some(FileVerdict::Head { head }) => (
            "head",
            format!(
                "what {} tips at {}",
                whose(&head.replica),
                plain(&head.wall)
            ),
        ),
        Some(FileVerdict::Known) => ("known", "signed and known".to_owned()),
        Some(FileVerdict::Waiting { why }) => ("waiting", plain(why).into_owned()),
        Some(FileVerdict::Foreign { why }) => ("foreign", plain(why).into_owned()),
        None => match names::hint(&file.name) {
            Hint::Text => ("known", "a note for people or for git".to_owned()),
            Hint::Temporary => ("foreign", "being written by another program".to_owned()),
            Hint::Foreign => ("foreign", "not a file of relmate".to_owned()),
            Hint::Examine(_) => ("new", "not read yet; `relmate sync` reads it".to_owned()),
        },
    }
}
