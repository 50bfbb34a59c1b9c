//! The frame of every file on the share (SYNC.md 3.5): a magic that catches a changed line end, a
//! length and an end mark that catch what is torn, a hash and a signature that decide. Refuses
//! to take memory on a stranger's word: each size is held against its limit first.

use std::io::Read;

use serde_json::{Map, Value};
use thiserror::Error;

use super::key::{DeviceKey, Domain, verify};
use super::pieces::Pieces;
use crate::ledger::{Hash, Key, Signature, Workspace, canonical};

/// The first bytes of every file.
pub const MAGIC: &[u8; 9] = b"\x89RLM1\r\n\x1a\n";
const END: &[u8; 4] = b"RLME";
/// The framing that this version writes, and the newest that it reads.
pub const FMT: u64 = 1;
/// The largest file.
pub const MAX_FILE: usize = 16 << 20;
/// The most that a file may unpack to.
pub const MAX_RAW: usize = 64 << 20;
const MAX_HEADER: usize = 64 << 10;
/// 8 MiB, the most that unpacking may look back.
const MAX_WINDOW_LOG: u32 = 23;
/// Part of the format: another level would give another file for the same commits.
const LEVEL: i32 = 9;
/// Hash, signature, length, end mark.
const TRAILER: usize = 32 + 64 + 4 + 4;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Genesis,
    Head,
    Pack,
    Request,
}

impl Kind {
    pub const ALL: [Self; 4] = [Self::Genesis, Self::Head, Self::Pack, Self::Request];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Genesis => "genesis",
            Self::Head => "head",
            Self::Pack => "pack",
            Self::Request => "request",
        }
    }
}

/// Why a file is not read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unreadable {
    #[error("it is not a file of relmate")]
    NotOurs,
    #[error("it is not whole: still arriving, or cut off")]
    Torn,
    #[error("it was damaged: {0}")]
    Damaged(&'static str),
    #[error("it was written by a newer relmate: update to read it")]
    Newer,
    #[error("it belongs to another desk")]
    OtherWorkspace,
    #[error("it is not as a file of relmate must be: {0}")]
    Malformed(String),
}

impl Unreadable {
    pub(super) fn malformed(why: impl Into<String>) -> Self {
        Self::Malformed(why.into())
    }
}

/// Why a file is not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Unwritable {
    #[error("it would be larger than a file on the share may be")]
    TooLarge,
    #[error("it holds no commit, or more than a file may")]
    Count,
    #[error("a commit in it is not one line")]
    NotALine,
}

/// A file that was whole, and signed by `by`. Who that is, is for others to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    pub kind: Kind,
    pub workspace: Workspace,
    pub by: Key,
    /// The header, with what belongs to the kind.
    pub own: Map<String, Value>,
    pub raw: Pieces,
}

/// Writes a file. The same input gives the same bytes.
pub fn seal(
    kind: Kind,
    own: Map<String, Value>,
    raw: &[u8],
    workspace: &Workspace,
    by: &DeviceKey,
) -> Result<Vec<u8>, Unwritable> {
    if raw.len() > MAX_RAW {
        return Err(Unwritable::TooLarge);
    }
    let mut header = own;
    let mut say = |name: &str, value: Value| header.insert(name.to_owned(), value);
    say("fmt", FMT.into());
    say("min_reader", FMT.into());
    say("kind", kind.word().into());
    say("workspace", workspace.to_string().into());
    say("by", by.public().to_string().into());
    say("raw_len", (raw.len() as u64).into());
    let header = canonical(&Value::Object(header));
    // Only memory that ran out makes packing fail.
    let packed = zstd::bulk::compress(raw, LEVEL).map_err(|_| Unwritable::TooLarge)?;
    let total = MAGIC.len() + 4 + header.len() + packed.len() + TRAILER;
    if header.len() > MAX_HEADER || total > MAX_FILE {
        return Err(Unwritable::TooLarge);
    }
    let mut file = Vec::with_capacity(total);
    file.extend(MAGIC);
    file.extend(length(header.len()));
    file.extend(header.as_bytes());
    file.extend(packed);
    let hash = Hash::of(&[&file]);
    let signature = by.sign(Domain::File, &[&workspace.0.0, &hash.0]);
    file.extend(hash.0);
    file.extend(signature.0);
    file.extend(length(total));
    file.extend(END);
    Ok(file)
}

/// A length as four bytes; everything here is below its limit by then.
fn length(bytes: usize) -> [u8; 4] {
    u32::try_from(bytes).unwrap_or(u32::MAX).to_le_bytes()
}

/// Reads a file of this workspace; of any, if none is said.
pub fn open(bytes: &[u8], workspace: Option<&Workspace>) -> Result<Opened, Unreadable> {
    let (body, signature) = whole(bytes)?;
    let (header, packed) = split(body)?;
    let own = parse(header)?;
    let reader = number(&own, "min_reader")?;
    if reader > FMT || own.contains_key("enc") {
        // Another desk's people may have a newer version: that is nothing to us.
        let of = id::<Workspace>(&own, "workspace").ok();
        let ours = workspace.is_none_or(|ours| of.is_none_or(|of| of == *ours));
        return Err(if ours {
            Unreadable::Newer
        } else {
            Unreadable::OtherWorkspace
        });
    }
    if reader == 0 || number(&own, "fmt")? < reader {
        return Err(Unreadable::malformed("its version makes no sense"));
    }
    let word = text(&own, "kind")?;
    let known = Kind::ALL.into_iter().find(|kind| kind.word() == word);
    let kind = known.ok_or(Unreadable::Newer)?;
    let of: Workspace = id(&own, "workspace")?;
    if workspace.is_some_and(|it| *it != of) {
        return Err(Unreadable::OtherWorkspace);
    }
    let by: Key = id(&own, "by")?;
    let hash = Hash::of(&[body]);
    if !verify(&by, Domain::File, &[&of.0.0, &hash.0], &signature) {
        return Err(Unreadable::Damaged("its signature does not hold"));
    }
    let raw = unpack(packed, number(&own, "raw_len")?)?;
    Ok(Opened {
        kind,
        workspace: of,
        by,
        own,
        raw,
    })
}

/// Checks what can be checked without reading: returns what is hashed, and the signature.
fn whole(bytes: &[u8]) -> Result<(&[u8], Signature), Unreadable> {
    if bytes.len() > MAX_FILE {
        return Err(Unreadable::malformed("it is larger than 16 MiB"));
    }
    if MAGIC.starts_with(bytes) {
        return Err(Unreadable::Torn);
    }
    if !bytes.starts_with(MAGIC) {
        let ours = bytes.starts_with(&MAGIC[..5]) || bytes.starts_with(b"\x09RLM1");
        return Err(if ours {
            Unreadable::Damaged("its line ends or its eighth bits were changed on the way")
        } else {
            Unreadable::NotOurs
        });
    }
    let at = bytes.len().checked_sub(TRAILER).ok_or(Unreadable::Torn)?;
    let (body, trailer) = bytes.split_at_checked(at).ok_or(Unreadable::Torn)?;
    let (hash, trailer) = trailer.split_first_chunk::<32>().ok_or(Unreadable::Torn)?;
    let (signature, end) = trailer.split_first_chunk::<64>().ok_or(Unreadable::Torn)?;
    if end != [&length(bytes.len())[..], END].concat() {
        return Err(Unreadable::Torn);
    }
    if Hash::of(&[body]).0 != *hash {
        return Err(Unreadable::Damaged(
            "its bytes are not those that were written",
        ));
    }
    Ok((body, Signature(*signature)))
}

/// Returns the header and what is packed.
fn split(body: &[u8]) -> Result<(&[u8], &[u8]), Unreadable> {
    let short = || Unreadable::malformed("its header is not whole");
    let rest = body.get(MAGIC.len()..).ok_or_else(short)?;
    let (len, rest) = rest.split_first_chunk::<4>().ok_or_else(short)?;
    let len = usize::try_from(u32::from_le_bytes(*len)).map_err(|_| short())?;
    if len > MAX_HEADER {
        return Err(Unreadable::malformed("its header is larger than 64 KiB"));
    }
    rest.split_at_checked(len).ok_or_else(short)
}

/// A header has one spelling, so that no key can stand in it twice.
fn parse(header: &[u8]) -> Result<Map<String, Value>, Unreadable> {
    match serde_json::from_slice(header) {
        Ok(value) if canonical(&value).as_bytes() == header => match value {
            Value::Object(map) => Ok(map),
            _ => Err(Unreadable::malformed("its header is no object")),
        },
        _ => Err(Unreadable::malformed(
            "its header is not spelled as it must be",
        )),
    }
}

fn unpack(packed: &[u8], len: u64) -> Result<Pieces, Unreadable> {
    let broken = |_| Unreadable::Damaged("it cannot be unpacked");
    let claimed = usize::try_from(len).ok().filter(|len| *len <= MAX_RAW);
    let claimed = claimed.ok_or_else(|| Unreadable::malformed("it unpacks to more than 64 MiB"))?;
    let mut decoder = zstd::stream::read::Decoder::with_buffer(packed).map_err(broken)?;
    decoder.window_log_max(MAX_WINDOW_LOG).map_err(broken)?;
    let bounded = decoder.take(len.saturating_add(1));
    let (raw, there) = Pieces::of(bounded).map_err(broken)?;
    if there == claimed {
        Ok(raw)
    } else {
        Err(Unreadable::malformed(
            "it does not unpack to what its header says",
        ))
    }
}

pub(super) fn number(own: &Map<String, Value>, name: &str) -> Result<u64, Unreadable> {
    let value = own.get(name).and_then(Value::as_u64);
    value.ok_or_else(|| Unreadable::Malformed(format!("its header has no number {name:?}")))
}

pub(super) fn text<'a>(own: &'a Map<String, Value>, name: &str) -> Result<&'a str, Unreadable> {
    let value = own.get(name).and_then(Value::as_str);
    value.ok_or_else(|| Unreadable::Malformed(format!("its header has no text {name:?}")))
}

pub(super) fn id<T: std::str::FromStr>(
    own: &Map<String, Value>,
    name: &str,
) -> Result<T, Unreadable> {
    let value = text(own, name)?.parse().ok();
    value.ok_or_else(|| Unreadable::Malformed(format!("{name:?} in its header is no id")))
}

impl Opened {
    /// Refuses a file of another kind.
    pub(super) fn of(self, kind: Kind) -> Result<Self, Unreadable> {
        if self.kind == kind {
            return Ok(self);
        }
        let (is, not) = (self.kind.word(), kind.word());
        Err(Unreadable::Malformed(format!("it is a {is} and no {not}")))
    }

    /// Reads what is packed as JSON; nothing of it is left.
    pub(super) fn json<T: serde::de::DeserializeOwned>(&mut self) -> Result<T, Unreadable> {
        serde_json::from_slice(&std::mem::take(&mut self.raw).whole())
            .map_err(|_| Unreadable::Malformed(format!("it does not hold a {}", self.kind.word())))
    }
}

#[cfg(test)]
#[path = "frame_tests.rs"]
mod tests;
