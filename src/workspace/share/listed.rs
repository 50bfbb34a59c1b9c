//! Every file in the shared folder with what it is. Refuses to read one: what a file is was found out
//! when it was last read.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::domain::plain::plain;
use crate::ledger::{Hash, Line, ReplicaId};
use crate::store::Reader;
use crate::sync::round::NAMED;
use crate::sync::{FileNote, FileVerdict, Hint, Listed, Strange, names};
use crate::workspace::refusal::Refusal;

/// A file in the folder.
#[derive(Clone, Debug, Serialize)]
pub struct File {
    pub name: String,
    pub bytes: u64,
    /// `pack`, `head`, `known`, `waiting`, `foreign`, `new`.
    pub is: &'static str,
    pub what: String,
    /// Who put it there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// How many steps it holds; other files may hold them as well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<u64>,
    /// Which steps of whose chain.
    #[serde(skip)]
    pub run: Option<(ReplicaId, u64, u64)>,
    /// The clock of who wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

impl File {
    pub(super) fn new(name: &str, bytes: u64, is: &'static str, what: impl Into<String>) -> Self {
        Self {
            name: plain(name).into_owned(),
            bytes,
            is,
            what: what.into(),
            by: None,
            steps: None,
            run: None,
            at: None,
        }
    }

    /// It is what it should be and was read.
    pub fn is_well(&self) -> bool {
        matches!(self.is, "pack" | "head" | "known")
    }
}

/// How many steps these files hold, each counted once.
pub fn held<'f>(files: impl Iterator<Item = &'f File>) -> u64 {
    let mut runs: Vec<_> = files.filter_map(|file| file.run).collect();
    runs.sort_unstable();
    let mut last: Option<(ReplicaId, u64)> = None;
    let mut count = 0;
    for (origin, lo, hi) in runs {
        let reached = last.filter(|(of, _)| *of == origin).map_or(0, |(_, to)| to);
        count += (hi + 1).saturating_sub(lo.max(reached + 1));
        last = Some((origin, hi.max(reached)));
    }
    count
}

/// What is known of a file, if that is still the one that was read.
pub(super) fn current<'n>(
    file: &Listed,
    notes: &'n BTreeMap<String, FileNote>,
) -> Option<&'n FileNote> {
    notes
        .get(&file.name)
        .filter(|note| (note.size, note.stamp) == (file.size, file.stamp))
}

/// What is known of the files, to say what each is.
pub(super) struct Told<'a> {
    notes: &'a BTreeMap<String, FileNote>,
    names: &'a BTreeMap<ReplicaId, String>,
    origins: BTreeMap<Hash, ReplicaId>,
    /// Those that cannot be used and whose steps are here.
    needless: BTreeSet<&'a str>,
    /// As many files as are read lie there already that are not called as ours are.
    crowded: bool,
}

impl<'a> Told<'a> {
    pub(super) fn of(
        reader: &Reader<'_>,
        (listed, notes): (&'a [Listed], &'a BTreeMap<String, FileNote>),
        (lines, names): (&[Line], &'a BTreeMap<ReplicaId, String>),
    ) -> Result<Self, Refusal> {
        Ok(Self {
            notes,
            names,
            origins: origins(reader, lines, notes)?,
            needless: needless(reader, listed, notes)?,
            crowded: notes.keys().filter(|it| !names::is_like_ours(it)).count() >= NAMED,
        })
    }

    /// Everything that lies there, and how many more are nobody's of the desk than are named.
    pub(super) fn files(&self, listed: &[Listed], strange: &[Strange]) -> (Vec<File>, usize) {
        let ours = listed.iter().map(|file| self.file(file));
        let other = strange
            .iter()
            .map(|it| File::new(&it.name, 0, "foreign", it.what));
        let mut files: Vec<_> = ours.chain(other).collect();
        let mut foreign = 0;
        files.retain(|file| {
            foreign += usize::from(file.is == "foreign");
            file.is != "foreign" || foreign <= NAMED
        });
        (files, foreign.saturating_sub(NAMED))
    }

    fn whose(&self, replica: &ReplicaId) -> String {
        let known = self.names.get(replica);
        known.map_or_else(|| "somebody unknown".to_owned(), Clone::clone)
    }

    fn file(&self, file: &Listed) -> File {
        let told = |is, what: &str| File::new(&file.name, file.size, is, what);
        match current(file, self.notes).map(|note| &note.verdict) {
            Some(FileVerdict::Pack {
                lo, hi, tip, spare, ..
            }) => self.pack(file, (*lo, *hi), tip, spare.is_some()),
            Some(FileVerdict::Head { head, .. }) => {
                let of = self.whose(&head.replica);
                File {
                    at: Some(plain(&head.wall).into_owned()),
                    by: Some(of.clone()),
                    ..told("head", &format!("what {of} had"))
                }
            }
            Some(FileVerdict::Known) => told("known", "the founding of this desk, signed"),
            Some(FileVerdict::Request { .. }) => told("known", "a request to be let in"),
            Some(not_used) => {
                let held = self.held(file);
                let is = match not_used {
                    FileVerdict::Torn { .. } if !held.is_empty() => "foreign",
                    FileVerdict::Foreign { .. } => "foreign",
                    _ => "waiting",
                };
                let why = not_used.why().unwrap_or_default();
                told(is, &format!("{}{held}", plain(&why)))
            }
            None => match names::hint(&file.name) {
                Hint::Text => told("known", "a note for people or for git"),
                Hint::Temporary => told("foreign", "being written by another program"),
                Hint::Foreign => told("foreign", "it is not a file of relmate"),
                Hint::Examine(_) if self.crowded && !names::is_like_ours(&file.name) => told(
                    "foreign",
                    "not looked at: too much here is not called as ours is",
                ),
                Hint::Examine(_) => told("new", "not read yet; `relmate sync` reads it"),
            },
        }
    }

    /// That the steps of a file which cannot be used are here all the same.
    fn held(&self, file: &Listed) -> &'static str {
        if self.needless.contains(file.name.as_str()) {
            "; its steps are here, so it may be deleted"
        } else {
            ""
        }
    }

    fn pack(&self, file: &Listed, (lo, hi): (u64, u64), tip: &Hash, spare: bool) -> File {
        let by = names::replica_of(&file.name);
        let origin = self.origins.get(tip).or(by.as_ref());
        let of = origin.map_or_else(|| "somebody unknown".to_owned(), |it| self.whose(it));
        let by = by.map_or_else(|| of.clone(), |it| self.whose(&it));
        let held = match hi - lo {
            0 => format!("step {lo} of {of}"),
            _ => format!("steps {lo} to {hi} of {of}"),
        };
        let put = if by == of {
            String::new()
        } else {
            format!(", put there by {by}")
        };
        let also = if spare { ", also in a larger file" } else { "" };
        let what = format!("{held}{put}{also}");
        File {
            by: Some(by),
            steps: Some(hi + 1 - lo),
            run: origin.map(|origin| (*origin, lo, hi)),
            ..File::new(&file.name, file.size, "pack", what)
        }
    }
}

/// Whose steps a pack holds, by its tip.
fn origins(
    reader: &Reader<'_>,
    lines: &[Line],
    notes: &BTreeMap<String, FileNote>,
) -> Result<BTreeMap<Hash, ReplicaId>, Refusal> {
    let mut origins = BTreeMap::new();
    for note in notes.values() {
        if let FileVerdict::Pack { tip, .. } = &note.verdict
            && let Some(on) = note.verdict.line(|tip| reader.place(tip))?
            && let Some(line) = lines.iter().find(|line| line.num == on)
        {
            origins.insert(*tip, line.replica);
        }
    }
    Ok(origins)
}

/// The files that cannot be used and whose names say that they hold steps which are here.
fn needless<'f>(
    reader: &Reader<'_>,
    listed: &'f [Listed],
    notes: &BTreeMap<String, FileNote>,
) -> Result<BTreeSet<&'f str>, Refusal> {
    let cannot_be_used = |file: &&Listed| {
        let note = current(file, notes).map(|it| &it.verdict);
        matches!(
            note,
            Some(FileVerdict::Foreign { .. } | FileVerdict::Torn { .. })
        )
    };
    let mut here = BTreeSet::new();
    // More are not named, and anybody may put there as many as they like.
    let packs = listed.iter().filter(cannot_be_used);
    let packs = packs.filter_map(|file| Some((file, names::tip_of(&file.name)?)));
    for (file, tip) in packs.take(NAMED) {
        if reader.has_commit_starting(tip)? {
            here.insert(file.name.as_str());
        }
    }
    Ok(here)
}
