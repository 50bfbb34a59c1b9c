//! A joiner's request: a key that asks to be let in, and what it says of whose it is. Refuses to
//! be proof of anything: the phrase that is read aloud is (SYNC.md 3.7).

use serde::{Deserialize, Serialize};
use serde_json::Map;

use super::frame::{Kind, Opened, Unreadable, Unwritable, open, seal};
use super::key::DeviceKey;
use crate::ledger::{Key, Workspace};

/// The longest name, in characters; what is longer is no name.
pub const MAX_NAME: usize = 100;

/// Somebody who wants to join.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Who signed it, and asks.
    pub key: Key,
    pub person: String,
    /// A name for the machine.
    pub device: String,
    /// Its clock, RFC 3339; for the eye only.
    pub wall: String,
}

#[derive(Serialize, Deserialize)]
struct Told {
    person: String,
    device: String,
    wall: String,
}

impl Request {
    /// Writes the file, signed by `by` whatever `self.key` says.
    pub fn write(&self, workspace: &Workspace, by: &DeviceKey) -> Result<Vec<u8>, Unwritable> {
        let told = Told {
            person: self.person.clone(),
            device: self.device.clone(),
            wall: self.wall.clone(),
        };
        // Every key is a text, so that nothing here can fail.
        let raw = serde_json::to_vec(&told).unwrap_or_default();
        seal(Kind::Request, Map::new(), &raw, workspace, by)
    }

    /// Whether the same person asks from the same machine.
    pub fn is_from_where(&self, other: &Self) -> bool {
        (&self.person, &self.device) == (&other.person, &other.device)
    }

    pub fn read(bytes: &[u8], workspace: &Workspace) -> Result<Self, Unreadable> {
        Self::of(open(bytes, Some(workspace))?)
    }

    /// Reads a request from a file that is open already.
    pub fn of(file: Opened) -> Result<Self, Unreadable> {
        let mut file = file.of(Kind::Request)?;
        let told: Told = file.json()?;
        for name in [&told.person, &told.device, &told.wall] {
            if name.trim().is_empty() || name.chars().count() > MAX_NAME {
                return Err(Unreadable::malformed("a name in it is empty or too long"));
            }
        }
        Ok(Self {
            key: file.by,
            person: told.person,
            device: told.device,
            wall: told.wall,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_as_it_was_written_and_its_names_are_bounded() {
        let workspace = Workspace::of_genesis(b"g");
        let key = DeviceKey::generate([1; 32]);
        let mut request = Request {
            key: key.public(),
            person: "bob".to_owned(),
            device: "bob's laptop".to_owned(),
            wall: "2026-03-02T09:00:00Z".to_owned(),
        };
        let file = request.write(&workspace, &key).unwrap();
        assert_eq!(Request::read(&file, &workspace).unwrap(), request);
        for name in [String::new(), " ".to_owned(), "x".repeat(MAX_NAME + 1)] {
            request.device = name;
            let file = request.write(&workspace, &key).unwrap();
            let told = Request::read(&file, &workspace);
            assert!(matches!(told, Err(Unreadable::Malformed(_))), "{told:?}");
        }
    }
}
