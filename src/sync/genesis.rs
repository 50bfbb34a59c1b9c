//! The genesis on the share: the text whose hash is the workspace, signed by the founder
//! (SYNC.md 3.7). Refuses a text that is another workspace's. That the signer is the founder, a
//! joiner learns from the phrase alone.

use serde_json::Map;

use super::frame::{Kind, Opened, Unreadable, Unwritable, open, seal};
use super::key::DeviceKey;
use crate::ledger::{Key, Workspace};

/// What a desk began with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Genesis {
    pub text: String,
    /// Who signed it.
    pub by: Key,
}

impl Genesis {
    pub fn workspace(&self) -> Workspace {
        Workspace::of_genesis(self.text.as_bytes())
    }

    /// Writes the file of a genesis text, signed by the founder.
    pub fn write(text: &str, founder: &DeviceKey) -> Result<Vec<u8>, Unwritable> {
        let workspace = Workspace::of_genesis(text.as_bytes());
        seal(
            Kind::Genesis,
            Map::new(),
            text.as_bytes(),
            &workspace,
            founder,
        )
    }

    /// Reads the genesis of this workspace; of any, if none is said, as a joiner must.
    pub fn read(bytes: &[u8], workspace: Option<&Workspace>) -> Result<Self, Unreadable> {
        Self::of(open(bytes, workspace)?)
    }

    /// Reads a genesis from a file that is open already.
    pub fn of(file: Opened) -> Result<Self, Unreadable> {
        let file = file.of(Kind::Genesis)?;
        let (workspace, by) = (file.workspace, file.by);
        let text = String::from_utf8(file.raw.whole())
            .map_err(|_| Unreadable::malformed("its text is no text"))?;
        let genesis = Self { text, by };
        if genesis.workspace() == workspace {
            Ok(genesis)
        } else {
            Err(Unreadable::malformed("its text is another desk's"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_genesis_is_read_by_a_desk_that_knows_it_and_by_one_that_does_not() {
        let key = DeviceKey::generate([1; 32]);
        let text = r#"{"nonce":"00"}"#;
        let file = Genesis::write(text, &key).unwrap();
        let read = Genesis::read(&file, None).unwrap();
        assert_eq!((read.text.as_str(), read.by), (text, key.public()));
        assert_eq!(Genesis::read(&file, Some(&read.workspace())).unwrap(), read);
        let other = Genesis::read(&file, Some(&Workspace::of_genesis(b"x")));
        assert_eq!(other, Err(Unreadable::OtherWorkspace));
    }

    #[test]
    fn a_text_that_is_another_workspaces_is_refused() {
        let key = DeviceKey::generate([1; 32]);
        let claimed = Workspace::of_genesis(b"a");
        let swapped = seal(Kind::Genesis, Map::new(), b"b", &claimed, &key).unwrap();
        let told = Genesis::read(&swapped, None);
        assert!(matches!(told, Err(Unreadable::Malformed(_))), "{told:?}");
        let odd = Workspace::of_genesis(b"\xff");
        let odd = seal(Kind::Genesis, Map::new(), b"\xff", &odd, &key).unwrap();
        assert!(Genesis::read(&odd, None).is_err());
    }
}
