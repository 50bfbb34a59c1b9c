//! What exchanging commits needs of a desk, so that the same round runs over a desk's file and
//! over a desk in memory. Refuses to know what a commit means.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::frame::Unreadable;
use super::head::Head;
use super::request::Request;
use crate::ledger::{Hash, Key, Membership, ReplicaId, Workspace};
pub use crate::ledger::{Line, Place, Received, Signed};
use crate::store::words::{number, word};

/// What is known of a file on the share. Trusted only while the file has the same size and stamp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileNote {
    pub size: u64,
    pub stamp: u64,
    /// Unix seconds of the last reading.
    pub read: i64,
    pub verdict: FileVerdict,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "lowercase")]
pub enum FileVerdict {
    /// A pack whose commits are in the log: these of this chain.
    Pack {
        lo: u64,
        hi: u64,
        tip: Hash,
        /// Unix seconds since when a file that stays holds the same commits.
        #[serde(default)]
        spare: Option<i64>,
        /// The line that they end on, once it was asked for.
        #[serde(default)]
        line: Option<u64>,
    },
    /// A head file that verified. In a box, as what follows: nearly every file is a pack, and a
    /// round moves what is noted of all of them.
    Head {
        head: Box<Head>,
        /// Unix seconds when it was first read here, whatever its own clock says.
        #[serde(default)]
        since: Option<i64>,
    },
    /// The genesis, that verified.
    Known,
    /// A request to join that verified: what it says, so that nobody reads it again for that.
    Request { request: Box<Request> },
    /// Whole, but something must come first: a commit, or the admission of its key. Tried again
    /// whenever something new is known.
    Waiting { why: String },
    /// Written by a newer version than the one that is named: another one reads it at once, the same
    /// one when it changes and once a day.
    Newer { than: String },
    /// Not whole: still arriving, or cut off; looked at again when it changes and once a day. Found
    /// to be so first at a moment, in Unix seconds.
    Torn {
        #[serde(default)]
        since: Option<i64>,
    },
    /// Not ours, or damaged; the same.
    Foreign {
        why: String,
        #[serde(default)]
        since: Option<i64>,
    },
}

impl FileVerdict {
    /// A file that is not ours, or damaged.
    pub fn foreign(why: impl Into<String>) -> Self {
        Self::Foreign {
            why: why.into(),
            since: None,
        }
    }

    /// Why a file is not used, or not yet; none of one that is.
    pub fn why(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Waiting { why } | Self::Foreign { why, .. } => Some(why.into()),
            Self::Newer { .. } => Some(Unreadable::Newer.to_string().into()),
            Self::Torn { .. } => Some(Unreadable::Torn.to_string().into()),
            _ => None,
        }
    }

    /// Since when it is known that a file is this, in Unix seconds.
    pub const fn since(&self) -> Option<i64> {
        match self {
            Self::Head { since, .. } | Self::Torn { since } | Self::Foreign { since, .. } => *since,
            _ => None,
        }
    }

    /// The line that a pack's commits end on: as it is noted, else where `place` finds its tip.
    /// None of another file, or where its commits are not in the log.
    pub fn line<E>(
        &self,
        place: impl FnOnce(&Hash) -> Result<Option<Place>, E>,
    ) -> Result<Option<u64>, E> {
        match self {
            Self::Pack {
                line: Some(line), ..
            } => Ok(Some(*line)),
            Self::Pack { tip, .. } => Ok(place(tip)?.map(|place| place.line)),
            _ => Ok(None),
        }
    }

    /// The text that a desk keeps of it. Most files are packs and every round reads what was noted
    /// of all of them, so a pack has a line of words; whatever else there is has JSON.
    pub fn kept(&self) -> Result<String, serde_json::Error> {
        let Self::Pack {
            lo,
            hi,
            tip,
            spare,
            line,
        } = self
        else {
            return serde_json::to_string(self);
        };
        let spare = spare.map_or_else(|| NONE.to_owned(), |it| it.to_string());
        let line = line.map_or_else(|| NONE.to_owned(), |it| it.to_string());
        Ok(format!("{PACK}{lo} {hi} {tip} {spare} {line}"))
    }

    /// Reads it; none where a newer version wrote it. An older one had JSON for packs as well.
    pub fn read(text: &str) -> Option<Self> {
        let Some(mut text) = text.strip_prefix(PACK) else {
            return serde_json::from_str(text).ok();
        };
        let (lo, hi) = (number(&mut text)?, number(&mut text)?);
        let (tip, spare) = (word(&mut text)?, word(&mut text)?);
        Some(Self::Pack {
            lo,
            hi,
            tip: tip.parse().ok()?,
            spare: maybe(spare).ok()?,
            line: maybe(text).ok()?,
        })
    }
}

/// A word that may stand for nothing.
fn maybe<T: std::str::FromStr>(word: &str) -> Result<Option<T>, T::Err> {
    if word == NONE {
        return Ok(None);
    }
    word.parse().map(Some)
}

/// What a pack's line begins with.
const PACK: &str = "pack ";
/// What stands for nothing.
const NONE: &str = "-";

/// What a round leaves beside the notes of files.
#[derive(Clone, Copy, Debug, Default)]
pub struct Left<'a> {
    /// What was signed of the files that were written.
    pub signed: &'a [Signed],
    /// When steps were exchanged, RFC 3339, if some were.
    pub exchanged: Option<&'a str>,
}

/// A desk's log, as `round` needs it. Errors are the implementation's own.
pub trait Log {
    type Error: std::error::Error + 'static;

    fn workspace(&self) -> Workspace;
    fn genesis(&self) -> Result<String, Self::Error>;
    /// The replica that this desk writes as.
    fn replica(&self) -> ReplicaId;
    fn membership(&self) -> Result<Membership, Self::Error>;

    /// Every line, with its tip.
    fn lines(&self) -> Result<Vec<Line>, Self::Error>;
    fn place(&self, hash: &Hash) -> Result<Option<Place>, Self::Error>;
    /// Whether a commit is here whose hash begins with these digits.
    fn begins(&self, digits: &str) -> Result<bool, Self::Error>;
    /// The hash and bytes of the commits `lo..=hi` of the chain that ends in `tip`, in order;
    /// `hi` is at most the tip's number.
    fn run(&self, tip: &Hash, lo: u64, hi: u64) -> Result<Vec<(Hash, Vec<u8>)>, Self::Error>;
    /// What its author signed of a line from a number on, lowest first.
    fn signed(&self, line: u64, from: u64) -> Result<Vec<Signed>, Self::Error>;
    /// How many bytes of a key's commits are kept that do not count.
    fn void_bytes(&self, key: &Key) -> Result<u64, Self::Error>;
    /// Takes commits into the log and the desk, in this order, with what their authors signed of
    /// them, in one transaction. Every `prev` and dependency is in the log or earlier in the list.
    /// Keeps the number of the next head file on `share` with them, if it is asked and all that was
    /// received is shown already.
    fn receive(
        &mut self,
        commits: Vec<Received>,
        signed: &[Signed],
        now: i64,
        share: Option<&str>,
    ) -> Result<Option<u64>, Self::Error>;
    /// Shows what was received, where much came at once. Called when nothing more is to come.
    fn settle(&mut self) -> Result<(), Self::Error>;

    /// Tells what is remembered of the files of this share, in the order of their names.
    fn files(&self, share: &str, each: &mut dyn FnMut(&str, FileNote)) -> Result<(), Self::Error>;
    /// Remembers, or forgets with `None`, in one transaction with what else a round leaves.
    fn note_files(
        &mut self,
        share: &str,
        notes: &[(String, Option<FileNote>)],
        left: &Left<'_>,
    ) -> Result<(), Self::Error>;

    /// The number of the next head file on this share, kept before the file is written.
    fn next_head(&mut self, share: &str) -> Result<u64, Self::Error>;
    /// A hash over what the desk shows and the tips it has: equal desks, equal digests.
    fn digest(&self) -> Result<Hash, Self::Error>;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pack(spare: Option<i64>, line: Option<u64>) -> FileVerdict {
        FileVerdict::Pack {
            lo: 1,
            hi: 10_000,
            tip: Hash([0xab; 32]),
            spare,
            line,
        }
    }

    #[test]
    fn a_verdict_is_read_as_it_was_kept() {
        let why = || "pack - \" 7".to_owned();
        for verdict in [
            pack(None, None),
            pack(Some(-5), None),
            pack(None, Some(3)),
            pack(Some(7), Some(u64::MAX)),
            FileVerdict::Known,
            FileVerdict::Newer { than: why() },
            FileVerdict::Torn { since: Some(7) },
            FileVerdict::Waiting { why: why() },
            FileVerdict::foreign(why()),
        ] {
            let kept = verdict.kept().unwrap();
            assert_eq!(FileVerdict::read(&kept), Some(verdict), "{kept}");
        }
    }

    #[test]
    fn what_an_older_version_kept_is_read_and_what_a_newer_one_keeps_is_no_note() {
        let tip = Hash([0xab; 32]);
        let older = format!(r#"{{"is":"pack","lo":1,"hi":10000,"tip":"{tip}","spare":7}}"#);
        assert_eq!(FileVerdict::read(&older), Some(pack(Some(7), None)));
        for newer in [
            r#"{"is":"sealed"}"#.to_owned(),
            format!("pack 1 10000 {tip} - 3 new"),
            format!("pack 1 10000 {tip} -"),
            format!("pack 1 ten {tip} - -"),
            "pack".to_owned(),
            String::new(),
        ] {
            assert_eq!(FileVerdict::read(&newer), None, "{newer}");
        }
    }
}
