//! What a share can do: four verbs, so that a folder, a simulator and later an object store
//! are one thing to everything above. Refuses to rename, to lock and to rewrite: a name that is
//! there stays what it is (SYNC.md 3.6).

use thiserror::Error;

/// A file on the share.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    /// Relative to the share's own folder, parts separated by `/`.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Another number means that the file may have been touched. Says nothing of when.
    pub stamp: u64,
}

/// How sure it is that a written file outlives a power cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durable {
    Yes,
    /// The folder could not be told to keep it (FAT, some network drives).
    Unknown,
}

/// A file that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// As the next listing tells it, if nobody touches the file.
    pub stamp: u64,
    pub durable: Durable,
}

/// Why the share did not do it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ShareError {
    #[error("the shared folder {0} cannot be reached")]
    Gone(String),
    #[error("{0} is not on the share")]
    Missing(String),
    #[error("{0} is on the share already")]
    Taken(String),
    #[error("{0} is larger than {1} bytes")]
    TooLarge(String, u64),
    #[error("the share is full")]
    Full,
    #[error("the share cannot be written to")]
    ReadOnly,
    /// Said of a place as people find it.
    #[error("this user may not read {0}")]
    Closed(String),
    #[error("the shared folder does not answer")]
    Slow,
    /// Written, and something else was read back.
    #[error("{0} was not kept as it was written")]
    Mangled(String),
    #[error("{name}: {why}")]
    Failed { name: String, why: String },
}

/// Takes one after the other; returns how many went before one was refused.
pub(super) fn until_refused(
    names: &[String],
    mut delete: impl FnMut(&str) -> Result<(), ShareError>,
) -> (usize, Result<(), ShareError>) {
    for (went, name) in names.iter().enumerate() {
        if let Err(error) = delete(name) {
            return (went, Err(error));
        }
    }
    (names.len(), Ok(()))
}

/// A place where desks meet.
pub trait Share {
    /// Every file below the share's own folder, sorted by name; temporary files are left out.
    fn list(&self) -> Result<Vec<Listed>, ShareError>;

    /// A file's bytes, at most `cap` of them.
    fn get(&self, name: &str, cap: u64) -> Result<Vec<u8>, ShareError>;

    /// Writes a new file whole and reads it back; `Taken` if the name is there. Something else is
    /// done meanwhile, before or after it where nothing is done at once.
    fn put_while(
        &self,
        name: &str,
        bytes: &[u8],
        meanwhile: &mut dyn FnMut(),
    ) -> Result<Kept, ShareError>;

    /// The same, and nothing else.
    fn put_new(&self, name: &str, bytes: &[u8]) -> Result<Kept, ShareError> {
        self.put_while(name, bytes, &mut || {})
    }

    /// Takes files away, one after the other until one cannot be, and something else is done
    /// meanwhile. Returns how many went; one that is gone is no error.
    fn delete_while(
        &self,
        names: &[String],
        meanwhile: &mut dyn FnMut(),
    ) -> (usize, Result<(), ShareError>);

    /// Takes one away.
    fn delete(&self, name: &str) -> Result<(), ShareError> {
        self.delete_while(&[name.to_owned()], &mut || {}).1
    }
}
