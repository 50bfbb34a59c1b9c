//! What can go wrong with a desk file, as sentences with a hint.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use thiserror::Error;

/// A failure of the desk file. Nothing acknowledged is ever lost by one.
#[derive(Debug, Error)]
pub enum StoreError {
    #[error("There is no desk at {}.", .0.display())]
    NoDesk(PathBuf),
    #[error("There is already a file at {}.", .0.display())]
    AlreadyThere(PathBuf),
    #[error("This file is not a relmate desk.")]
    NotADesk,
    #[error("{} is not a relmate desk.", .0.display())]
    NotADeskAt(PathBuf),
    #[error(
        "This desk was written by a newer relmate (its version {found}, this program knows {known}); it was left untouched."
    )]
    TooNew { found: i32, known: i32 },
    #[error("The desk at {} is damaged: {detail}.", .path.display())]
    Damaged { path: PathBuf, detail: String },
    /// Pages that its history may not need.
    #[error("The desk's file is damaged: {0}.")]
    Unsound(String),
    #[error("The desk is busy: another process has been writing to it for too long.")]
    Busy,
    #[error("The disk is full; nothing was changed.")]
    DiskFull,
    #[error("The desk at {} cannot be written.", .0.display())]
    ReadOnly(PathBuf),
    #[error("{} cannot be used: {detail}.", .path.display())]
    File { path: PathBuf, detail: String },
    #[error("The desk cannot promise to keep what it acknowledges (journal mode {mode}).")]
    NotDurable { mode: String },
    #[error("This is too much for one step: a step holds 15 MiB at most.")]
    TooLarge,
    #[error("The desk's file was replaced by another one.")]
    Replaced,
    #[error("A newer relmate wrote to this record; this one may read it and not change it.")]
    NeedsNewer,
    /// A desk that joined and has read nothing of the share yet.
    #[error("Nothing of this desk has arrived yet.")]
    NotArrived,
    #[error("The desk's history does not hold together: {0}.")]
    Broken(String),
    #[error("The desk answered: {0}.")]
    Sql(#[from] rusqlite::Error),
}

impl StoreError {
    pub(super) fn file(path: &Path, error: &std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull => Self::DiskFull,
            std::io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly(path.to_owned()),
            _ => Self::File {
                path: path.to_owned(),
                detail: plain(&error.to_string()),
            },
        }
    }

    pub(super) fn opening(path: &Path, error: rusqlite::Error) -> Self {
        Self::Sql(error).at(path)
    }

    /// The same failure, with the file it happened to.
    pub(super) fn at(self, path: &Path) -> Self {
        match self {
            Self::NotADesk => Self::NotADeskAt(path.to_owned()),
            Self::Sql(error) if is_full(&error) => Self::DiskFull,
            Self::Sql(error) => match error.sqlite_error_code() {
                Some(ErrorCode::DatabaseCorrupt) => Self::Damaged {
                    path: path.to_owned(),
                    detail: plain(&error.to_string()),
                },
                Some(ErrorCode::NotADatabase) => Self::NotADeskAt(path.to_owned()),
                Some(ErrorCode::ReadOnly) => Self::ReadOnly(path.to_owned()),
                Some(
                    ErrorCode::CannotOpen
                    | ErrorCode::PermissionDenied
                    | ErrorCode::SystemIoFailure,
                ) => Self::File {
                    path: path.to_owned(),
                    detail: if path.is_dir() {
                        "it is a folder".to_owned()
                    } else {
                        plain(&error.to_string())
                    },
                },
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
                _ => Self::Sql(error),
            },
            other => other,
        }
    }

    /// A bare answer of `SQLite` by what it means, where no path is at hand.
    #[must_use]
    pub fn known(self) -> Self {
        match &self {
            Self::Sql(error) if is_full(error) => Self::DiskFull,
            Self::Sql(error) => match error.sqlite_error_code() {
                Some(ErrorCode::DatabaseCorrupt) => Self::Broken("the file is damaged".to_owned()),
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
                _ => self,
            },
            _ => self,
        }
    }

    /// What the user can do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::NoDesk(_) => {
                "Create one with `relmate init NAME --manager A --manager B`, or look at the example with `relmate demo`."
            }
            Self::AlreadyThere(_) => "Give another name; a desk that is there already is used with `--desk`.",
            Self::NotADesk | Self::NotADeskAt(_) => "Name a desk with `--desk` (`relmate paths` shows where they live), or bring the last backup back with `relmate restore FILE`.",
            Self::TooNew { .. } | Self::NeedsNewer => "Install the newer relmate on this machine too.",
            Self::Damaged { .. } => "Run `relmate doctor`, or restore the last backup with `relmate restore FILE`.",
            Self::Unsound(_) => "`relmate doctor --rebuild` writes it anew if it can; else bring the last backup back with `relmate restore FILE`.",
            Self::Busy => "Close the other program, or try again.",
            Self::DiskFull => "Make room on the disk and try again.",
            Self::ReadOnly(_) => "Check who may write to the file and its folder; looking works all the same.",
            Self::File { .. } => "Check the path and who may use it.",
            Self::NotDurable { .. } => "Move the desk to a local disk.",
            Self::TooLarge => "Split the file and bring it in part by part; nothing was changed.",
            Self::Replaced => "Start relmate again to work on the new file.",
            Self::NotArrived => "`relmate sync` takes in what is in the shared folder; the rest may still be on its way.",
            Self::Broken(_) => "Run `relmate doctor`; a backup can be brought back with `relmate restore FILE`.",
            Self::Sql(_) => "Run `relmate doctor` to check the desk.",
        }
        .to_owned()
    }
}

/// The answers of `SQLite` for want of room: the desk's own, and that of its log's index.
fn is_full(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|answer| {
        answer.code == ErrorCode::DiskFull
            || answer.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE
    })
}

/// An inner error's text as a clause: no stop at its end, one line.
pub(super) fn plain(text: &str) -> String {
    text.trim().trim_end_matches('.').replace('\n', " ")
}
