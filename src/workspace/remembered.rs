//! Where a desk's screen keeps what it remembers: a folder for each desk's file in the
//! state directory, for this user's eyes alone. Knows names and texts, not what they say,
//! and never touches the desk.

use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::files;
use super::places::file_name;
use super::refusal::Refusal;
use crate::sync::private_folder;

/// The longest text that is read.
const LIMIT: u64 = 16 << 20;

/// The folder of one desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelf {
    folder: PathBuf,
    desk: String,
}

impl Shelf {
    /// The same desk has the same folder, however its file is named.
    pub fn of(state: &Path, desk: &Path) -> Self {
        let whole = desk
            .canonicalize()
            .or_else(|_| std::path::absolute(desk))
            .unwrap_or_else(|_| desk.to_owned());
        let hash = Sha256::digest(whole.as_os_str().as_encoded_bytes());
        let hash = hash.iter().take(6);
        let hash = hash.fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        let stem = whole.file_stem().unwrap_or_default().to_string_lossy();
        let stem: String = stem.chars().take(40).collect();
        // A name for people, and what tells two desks of one name apart.
        let name = file_name(&stem);
        let name = name.strip_suffix(".relmate").unwrap_or(&name);
        Self {
            folder: state.join("screens").join(format!("{name}-{hash:012x}")),
            desk: whole.display().to_string(),
        }
    }

    /// While there is no desk: what is typed to make one.
    pub fn founding(state: &Path) -> Self {
        Self {
            // No desk's folder is called so: theirs end in a number.
            folder: state.join("screens").join("founding"),
            desk: String::new(),
        }
    }

    /// The desk's file, written out; empty while there is none.
    pub fn desk(&self) -> &str {
        &self.desk
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A text, if there is one; or why it cannot be read, as a clause.
    pub fn read(&self, name: &str) -> Result<Option<String>, String> {
        let mut bytes = Vec::new();
        let read = std::fs::File::open(self.folder.join(name)).and_then(|file| {
            let mut file = file.take(LIMIT + 1);
            file.read_to_end(&mut bytes)
        });
        let none = [ErrorKind::NotFound, ErrorKind::NotADirectory];
        match read {
            Err(error) if none.contains(&error.kind()) => return Ok(None),
            Err(error) => return Err(format!("the file cannot be read, {error}")),
            Ok(_) if bytes.len() as u64 > LIMIT => return Err("the file is too large".to_owned()),
            Ok(_) => {}
        }
        let text = String::from_utf8(bytes).map_err(|_| "the file is not UTF-8 text".to_owned());
        text.map(Some)
    }

    /// Writes a text whole, or removes it where there is none.
    pub fn write(&self, name: &str, text: Option<&str>) -> Result<(), Refusal> {
        let path = self.folder.join(name);
        let written = match text {
            Some(text) => private_folder(&self.folder)
                .and_then(|()| files::write_private(&path, text.as_bytes())),
            None => match std::fs::remove_file(&path) {
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
                other => other,
            },
        };
        written.map_err(|error| {
            Refusal::failed(
                format!("{} cannot be written: {error}.", path.display()),
                "Check the room on the disk and who may write there.",
            )
        })
    }

    /// Puts a text away that cannot be used, for whoever can, and never over another one;
    /// says where it lies: there, or where it was.
    pub fn set_aside(&self, name: &str) -> Result<PathBuf, PathBuf> {
        let path = self.folder.join(name);
        let mut aside = self.folder.join(format!("{name}.aside"));
        let mut n = 2;
        while aside.symlink_metadata().is_ok() {
            aside = self.folder.join(format!("{name}.aside-{n}"));
            n += 1;
        }
        match std::fs::rename(&path, &aside) {
            Ok(()) => Ok(aside),
            Err(_) => Err(path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_can_be_removed() {
        let state = tempfile::tempdir().unwrap();
        let shelf = Shelf::of(state.path(), Path::new("/desks/cmd.relmate"));
        assert_eq!(shelf.read("screen.toml").unwrap(), None);
        shelf
            .write("screen.toml", Some("zoom = \"full\"\n"))
            .unwrap();
        shelf
            .write("screen.toml", Some("zoom = \"wide\"\n"))
            .unwrap();
        let text = shelf.read("screen.toml").unwrap();
        assert_eq!(text.as_deref(), Some("zoom = \"wide\"\n"));
        let files = std::fs::read_dir(shelf.folder()).unwrap().count();
        assert_eq!(files, 1, "nothing is left beside it");
        shelf.write("screen.toml", None).unwrap();
        shelf.write("screen.toml", None).unwrap();
        assert_eq!(shelf.read("screen.toml").unwrap(), None);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_user_may_look_into_it() {
        use std::os::unix::fs::PermissionsExt;
        let state = tempfile::tempdir().unwrap();
        let shelf = Shelf::of(state.path(), Path::new("/desks/cmd.relmate"));
        shelf.write("drafts.json", Some("{}")).unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&shelf.folder().join("drafts.json")), 0o600);
        assert_eq!(mode(shelf.folder()), 0o700);
    }

    #[test]
    fn two_desks_share_nothing_and_one_desk_has_one_folder() {
        let state = tempfile::tempdir().unwrap();
        let desk = state.path().join("cmd.relmate");
        std::fs::write(&desk, "").unwrap();
        let shelf = Shelf::of(state.path(), &desk);
        let other = Shelf::of(state.path(), &state.path().join("old/cmd.relmate"));
        assert_ne!(shelf.folder(), other.folder());
        let around = state.path().join("./cmd.relmate");
        assert_eq!(shelf, Shelf::of(state.path(), &around));
    }

    #[test]
    fn what_is_no_text_is_a_clause_and_is_put_aside_beside_the_others() {
        let state = tempfile::tempdir().unwrap();
        let shelf = Shelf::of(state.path(), Path::new("/desks/cmd.relmate"));
        shelf.write("screen.toml", Some("")).unwrap();
        std::fs::write(shelf.folder().join("screen.toml"), [0xff, 0xfe]).unwrap();
        let why = shelf.read("screen.toml").unwrap_err();
        assert!(why.contains("UTF-8"), "{why}");
        let first = shelf.set_aside("screen.toml").unwrap();
        shelf.write("screen.toml", Some("second")).unwrap();
        let second = shelf.set_aside("screen.toml").unwrap();
        assert_eq!(std::fs::read(first).unwrap(), [0xff, 0xfe]);
        assert_eq!(std::fs::read(second).unwrap(), b"second");
        assert!(shelf.set_aside("screen.toml").is_err(), "nothing is there");
    }
}
