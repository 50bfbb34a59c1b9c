//! A head file: what a replica holds, and what its desk came to (SYNC.md 3.6, 3.10). Its numbers
//! count up for each share, so that an old one put back is noticed. Refuses to say what of it is
//! true: it is its author's word.

use serde::{Deserialize, Serialize};
use serde_json::Map;

use super::frame::{Kind, Opened, Unreadable, Unwritable, open, seal};
use super::key::DeviceKey;
use crate::ledger::{Hash, Key, ReplicaId, Workspace};

/// What a replica says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    pub replica: ReplicaId,
    /// Who signed it.
    pub by: Key,
    pub counter: u64,
    /// The tips of all lines it has.
    pub holds: Vec<Hash>,
    /// Over what its desk shows, and its tips.
    pub digest: Hash,
    /// How its desk is projected: digests of two levels may differ.
    pub level: u32,
    /// Its clock, RFC 3339; for the eye only.
    pub wall: String,
    /// The names of files that it could not verify.
    pub misses: Vec<String>,
}

/// A head as it stands in its file; unknown keys are a newer version's, and let pass.
#[derive(Serialize, Deserialize)]
struct Told {
    replica: ReplicaId,
    counter: u64,
    holds: Vec<Hash>,
    digest: Hash,
    level: u32,
    wall: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    misses: Vec<String>,
}

impl Head {
    /// Writes the file, signed by `by` whatever `self.by` says.
    pub fn write(&self, workspace: &Workspace, by: &DeviceKey) -> Result<Vec<u8>, Unwritable> {
        let told = Told {
            replica: self.replica,
            counter: self.counter,
            holds: self.holds.clone(),
            digest: self.digest,
            level: self.level,
            wall: self.wall.clone(),
            misses: self.misses.clone(),
        };
        // Every key is a text, so that nothing here can fail.
        let raw = serde_json::to_vec(&told).unwrap_or_default();
        seal(Kind::Head, Map::new(), &raw, workspace, by)
    }

    pub fn read(bytes: &[u8], workspace: &Workspace) -> Result<Self, Unreadable> {
        Self::of(open(bytes, Some(workspace))?)
    }

    /// Reads a head from a file that is open already.
    pub fn of(file: Opened) -> Result<Self, Unreadable> {
        let mut file = file.of(Kind::Head)?;
        let told: Told = file.json()?;
        Ok(Self {
            replica: told.replica,
            by: file.by,
            counter: told.counter,
            holds: told.holds,
            digest: told.digest,
            level: told.level,
            wall: told.wall,
            misses: told.misses,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_as_it_was_written_and_is_small() {
        let workspace = Workspace::of_genesis(b"g");
        let key = DeviceKey::generate([1; 32]);
        let head = Head {
            replica: ReplicaId([2; 16]),
            by: key.public(),
            counter: 7,
            holds: vec![Hash::of(&[b"a"]), Hash::of(&[b"b"])],
            digest: Hash::of(&[b"d"]),
            level: 1,
            wall: "2026-03-02T09:00:00Z".to_owned(),
            misses: vec!["d/x/pk-a.pk".to_owned()],
        };
        let file = head.write(&workspace, &key).unwrap();
        assert_eq!(file, head.write(&workspace, &key).unwrap());
        assert_eq!(Head::read(&file, &workspace).unwrap(), head);
        assert!(file.len() <= 800, "{} bytes", file.len());
        let elsewhere = Head::read(&file, &Workspace::of_genesis(b"h"));
        assert_eq!(elsewhere, Err(Unreadable::OtherWorkspace));
    }
}
