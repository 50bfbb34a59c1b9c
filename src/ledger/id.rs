//! The names of things: hashes, replicas, dots, entities. Each has exactly one spelling;
//! refuses every other one, because ids are compared as text on disk and in indexes.

use std::fmt::{self, Display, Formatter};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::hex;

/// A SHA-256: the identity of a commit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

/// One incarnation of one desk file on one device.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReplicaId(pub [u8; 16]);

/// The public half of a device's key (Ed25519, RFC 8032).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub [u8; 32]);

/// What a device's key says of some bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signature(pub [u8; 64]);

/// The hash of a workspace's genesis.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Workspace(pub Hash);

/// The address of one op: replica, commit number, index of the op in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dot {
    pub replica: ReplicaId,
    pub seq: u64,
    pub op: u32,
}

/// A record's name: the text of the dot that created it, or the hash of a kind and a first name.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EntityId(pub String);

/// A text that is not an id of the wanted kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAnId(pub String);

impl Display for NotAnId {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "not an id: {}", self.0)
    }
}

impl std::error::Error for NotAnId {}

impl Hash {
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut sha = Sha256::new();
        for part in parts {
            sha.update(part);
        }
        Self(sha.finalize().into())
    }
}

impl Workspace {
    pub fn of_genesis(bytes: &[u8]) -> Self {
        Self(Hash::of(&[b"relmate genesis 1", bytes]))
    }
}

impl From<Dot> for EntityId {
    fn from(dot: Dot) -> Self {
        Self(dot.to_string())
    }
}

impl Display for EntityId {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl EntityId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Returns the id that everyone gives to the thing of this kind and first name, so that two
/// concurrent additions are one thing. Case and spacing do not matter.
pub fn named(kind: &str, name: &str) -> EntityId {
    let words: Vec<_> = name.split_whitespace().collect();
    let hash = Hash::of(&[
        kind.as_bytes(),
        &[0],
        words.join(" ").to_lowercase().as_bytes(),
    ]);
    EntityId(format!("{kind}:{}", hex::write(&hash.0[..16])))
}

/// Returns the id that everyone gives to what one cause makes, so that two who make it at once
/// make one thing. The parts are told apart whatever they hold.
pub fn derived(kind: &str, parts: &[&str]) -> EntityId {
    let mut told = Vec::new();
    for part in std::iter::once(&kind).chain(parts) {
        told.extend((part.len() as u64).to_le_bytes());
        told.extend(part.as_bytes());
    }
    let hash = Hash::of(&[b"relmate derived 1", &told]);
    EntityId(format!("{kind}:{}", hex::write(&hash.0[..16])))
}

impl Display for Hash {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::write(&self.0))
    }
}

impl Display for ReplicaId {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::write(&self.0))
    }
}

impl Display for Key {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::write(&self.0))
    }
}

impl Display for Signature {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::write(&self.0))
    }
}

impl Display for Workspace {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Display for Dot {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.replica, self.seq, self.op)
    }
}

impl FromStr for Hash {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        hex::read(text)
            .map(Self)
            .ok_or_else(|| NotAnId(text.into()))
    }
}

impl FromStr for ReplicaId {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        hex::read(text)
            .map(Self)
            .ok_or_else(|| NotAnId(text.into()))
    }
}

impl FromStr for Key {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        hex::read(text)
            .map(Self)
            .ok_or_else(|| NotAnId(text.into()))
    }
}

impl FromStr for Signature {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        hex::read(text)
            .map(Self)
            .ok_or_else(|| NotAnId(text.into()))
    }
}

impl FromStr for Workspace {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        text.parse().map(Self)
    }
}

impl FromStr for Dot {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        dot(text).ok_or_else(|| NotAnId(text.into()))
    }
}

fn dot(text: &str) -> Option<Dot> {
    let (replica, rest) = text.split_once('.')?;
    let (seq, op) = rest.split_once('.')?;
    Some(Dot {
        replica: ReplicaId(hex::read(replica)?),
        seq: decimal(seq)?,
        op: decimal(op)?,
    })
}

/// Reads a number in its only spelling; `parse` alone would also take `+1` and `01`.
fn decimal<N: FromStr>(text: &str) -> Option<N> {
    let plain = text == "0"
        || text
            .as_bytes()
            .first()
            .is_some_and(|b| matches!(b, b'1'..=b'9'));
    if plain { text.parse().ok() } else { None }
}

struct Text<T>(PhantomData<T>);

impl<T: FromStr<Err = NotAnId>> Visitor<'_> for Text<T> {
    type Value = T;
    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("an id")
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

/// Gives an id type its text form everywhere: in JSON and in `{:?}`.
macro_rules! as_text {
    ($($id:ty),*) => {$(
        impl Serialize for $id {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $id {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(Text(PhantomData))
            }
        }
        impl fmt::Debug for $id {
            fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
                Display::fmt(self, f)
            }
        }
    )*};
}
as_text!(Hash, ReplicaId, Key, Signature, Dot);

impl fmt::Debug for Workspace {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_has_one_spelling() {
        let text = "000102030405060708090a0b0c0d0e0f.12.0";
        assert_eq!(text.parse::<Dot>().unwrap().to_string(), text);
        for other in [
            "000102030405060708090A0B0C0D0E0F.12.0",
            "000102030405060708090a0b0c0d0e0f.012.0",
            "000102030405060708090a0b0c0d0e0f.+12.0",
            "000102030405060708090a0b0c0d0e0f.12",
            "00.12.0",
            "",
        ] {
            assert!(other.parse::<Dot>().is_err(), "{other}");
        }
    }

    #[test]
    fn a_named_thing_has_one_id_whatever_its_case_and_spacing() {
        assert_eq!(named("site", "  Alpha   Two "), named("site", "alpha two"));
        assert_ne!(named("site", "alpha"), named("product", "alpha"));
        assert_eq!(named("site", "a").0.len(), "site:".len() + 32);
    }
}
