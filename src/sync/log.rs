//! What exchanging commits needs of a desk, so that the same round runs over a desk's file and
//! over a desk in memory. Refuses to know what a commit means.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::head::Head;
use crate::ledger::{Hash, Key, Membership, ReplicaId, Workspace};
pub use crate::ledger::{Line, Place, Received, Signed};

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
#[serde(into = "Noted", try_from = "Noted")]
pub enum FileVerdict {
    /// A pack whose commits are in the log: these of this chain.
    Pack {
        lo: u64,
        hi: u64,
        tip: Hash,
        /// Unix seconds since when a file that stays holds the same commits.
        spare: Option<i64>,
        /// The line that they end on, once it was asked for.
        line: Option<u64>,
    },
    /// A head file that verified.
    Head { head: Head },
    /// The genesis, or a request to join, that verified.
    Known,
    /// Whole, but something must come first: a commit, or the admission of its key. Tried again
    /// whenever something new is known.
    Waiting { why: String },
    /// Not ours, or not whole; looked at again when it changes and once a day.
    Foreign { why: String },
}

/// A verdict as it is kept: read in one go, since every round reads those of all files.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Noted {
    is: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    lo: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hi: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tip: Option<Hash>,
    #[serde(skip_serializing_if = "Option::is_none")]
    spare: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    head: Option<Head>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

impl From<FileVerdict> for Noted {
    fn from(verdict: FileVerdict) -> Self {
        let is = |is: &str| Self {
            is: is.to_owned(),
            ..Self::default()
        };
        match verdict {
            FileVerdict::Pack {
                lo,
                hi,
                tip,
                spare,
                line,
            } => Self {
                lo: Some(lo),
                hi: Some(hi),
                tip: Some(tip),
                spare,
                line,
                ..is("pack")
            },
            FileVerdict::Head { head } => Self {
                head: Some(head),
                ..is("head")
            },
            FileVerdict::Known => is("known"),
            FileVerdict::Waiting { why } => Self {
                why: Some(why),
                ..is("waiting")
            },
            FileVerdict::Foreign { why } => Self {
                why: Some(why),
                ..is("foreign")
            },
        }
    }
}

impl TryFrom<Noted> for FileVerdict {
    type Error = &'static str;

    fn try_from(noted: Noted) -> Result<Self, Self::Error> {
        let of = |it: &str| noted.is == it;
        if let (true, Some(lo), Some(hi), Some(tip)) = (of("pack"), noted.lo, noted.hi, noted.tip) {
            let (spare, line) = (noted.spare, noted.line);
            return Ok(Self::Pack {
                lo,
                hi,
                tip,
                spare,
                line,
            });
        }
        match (noted.is.as_str(), noted.head, noted.why) {
            ("head", Some(head), _) => Ok(Self::Head { head }),
            ("known", _, _) => Ok(Self::Known),
            ("waiting", _, Some(why)) => Ok(Self::Waiting { why }),
            ("foreign", _, Some(why)) => Ok(Self::Foreign { why }),
            _ => Err("no verdict of this version"),
        }
    }
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
    /// The hash and bytes of the commits `lo..=hi` of the chain that ends in `tip`, in order;
    /// `hi` is at most the tip's number.
    fn run(&self, tip: &Hash, lo: u64, hi: u64) -> Result<Vec<(Hash, Vec<u8>)>, Self::Error>;
    /// What its author signed of a line, lowest first.
    fn signed(&self, line: u64) -> Result<Vec<Signed>, Self::Error>;
    /// How many bytes of a key's commits are kept that do not count.
    fn void_bytes(&self, key: &Key) -> Result<u64, Self::Error>;
    /// Takes commits into the log and the desk, in this order, with what their authors signed of
    /// them, in one transaction. Every `prev` and dependency is in the log or earlier in the list.
    fn receive(
        &mut self,
        commits: Vec<Received>,
        signed: &[Signed],
        now: i64,
    ) -> Result<(), Self::Error>;
    /// Shows what was received, where much came at once. Called when nothing more is to come.
    fn settle(&mut self) -> Result<(), Self::Error>;

    /// What is remembered of the files of this share, by name.
    fn files(&self, share: &str) -> Result<BTreeMap<String, FileNote>, Self::Error>;
    /// Remembers, or forgets with `None`; with what was signed of the files that were written.
    fn note_files(
        &mut self,
        share: &str,
        notes: &[(String, Option<FileNote>)],
        signed: &[Signed],
    ) -> Result<(), Self::Error>;

    /// The number of the next head file on this share, kept before the file is written.
    fn next_head(&mut self, share: &str) -> Result<u64, Self::Error>;
    /// A hash over what the desk shows and the tips it has: equal desks, equal digests.
    fn digest(&self) -> Result<Hash, Self::Error>;
}
