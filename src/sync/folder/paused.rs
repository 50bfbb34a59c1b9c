//! Whether the folder lies in a git checkout that is in the middle of something: files come and
//! go there and mean nothing until it is done. Refuses to run git, and to change anything of it.

use std::fmt::{self, Display, Formatter};
use std::io::Read;
use std::path::{Path, PathBuf};

/// What a checkout is in the middle of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paused {
    Merge,
    Rebase,
    CherryPick,
    Revert,
}

impl Display for Paused {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let what = match self {
            Self::Merge => "merge",
            Self::Rebase => "rebase",
            Self::CherryPick => "cherry-pick",
            Self::Revert => "revert",
        };
        write!(
            f,
            "the git checkout of the shared folder is in the middle of a {what}: finish it, or \
             give it up with `git {what} --abort`"
        )
    }
}

const SIGNS: [(&str, Paused); 5] = [
    ("MERGE_HEAD", Paused::Merge),
    ("rebase-merge", Paused::Rebase),
    ("rebase-apply", Paused::Rebase),
    ("CHERRY_PICK_HEAD", Paused::CherryPick),
    ("REVERT_HEAD", Paused::Revert),
];

/// More than any path.
const LONGEST: u64 = 8192;

/// Looks from the folder upwards, as far as the first checkout.
pub(super) fn paused(root: &Path) -> Option<Paused> {
    let root = std::path::absolute(root).ok()?;
    let git = root.ancestors().find_map(repository)?;
    let signs = SIGNS.iter();
    let mut shown = signs.filter(|(sign, _)| git.join(sign).symlink_metadata().is_ok());
    shown.next().map(|(_, paused)| *paused)
}

/// Where git keeps a checkout's state; a second working tree has a file that says where.
fn repository(folder: &Path) -> Option<PathBuf> {
    let git = folder.join(".git");
    let meta = git.metadata().ok()?;
    if meta.is_dir() {
        return Some(git);
    }
    if !meta.is_file() {
        return None;
    }
    let mut text = String::new();
    let file = std::fs::File::open(&git).ok()?;
    file.take(LONGEST).read_to_string(&mut text).ok()?;
    let path = text.strip_prefix("gitdir:")?.trim();
    Some(folder.join(path))
}
