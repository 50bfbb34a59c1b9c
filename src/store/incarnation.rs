//! Which incarnation of a shared desk a file is. One that was restored or copied goes on under a
//! new replica id, because what it writes next is no continuation of what others have seen
//! (SYNC.md 3.3). Refuses nothing: a desk that nobody shares is left alone.

use std::path::Path;
use std::sync::OnceLock;

use rusqlite::Connection;

use super::{Store, StoreError, Writing, exchange, open};
use crate::ledger::{Key, MemberOp, ReplicaId};

/// Where this file lives; another home means a copy, or a copy put back.
const HOME: &str = "home";
/// The suffix of the short ids that are given here.
const LETTER: &str = "letter";
/// The suffix that the member was admitted with.
const ADMITTED: &str = "admitted";
/// The public half of the device's key.
const KEY: &str = "key";

/// The letters of a new incarnation's suffix (RFC 4648, lower case).
const BASE32: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// The machine and the file on it; nothing for a desk in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Home {
    machine: String,
    file: String,
}

impl Home {
    fn of(path: &Path) -> Option<Self> {
        #[cfg(unix)]
        let file = {
            use std::os::unix::fs::MetadataExt as _;
            let meta = std::fs::metadata(path).ok()?;
            // The number of the device may change with a reboot; the file's own does not.
            meta.ino().to_string()
        };
        #[cfg(not(unix))]
        let file = open::real(path).to_string_lossy().into_owned();
        Some(Self {
            machine: machine().to_owned(),
            file,
        })
    }

    fn text(&self) -> String {
        format!("{}/{}", self.machine, self.file)
    }

    fn machine_of(text: &str) -> &str {
        text.split_once('/').map_or(text, |(machine, _)| machine)
    }
}

/// What this machine is called by itself; every transaction asks.
fn machine() -> &'static str {
    static MACHINE: OnceLock<String> = OnceLock::new();
    MACHINE.get_or_init(|| {
        let id = std::fs::read_to_string("/etc/machine-id").unwrap_or_default();
        id.trim().to_owned()
    })
}

/// Gives the desk a new replica id if its file is not where it was; returns the id.
pub(super) fn keep_up(conn: &Connection, path: &Path) -> Result<Option<ReplicaId>, StoreError> {
    let Some(known) = exchange::own(conn, HOME)? else {
        return Ok(None);
    };
    let Some(home) = Home::of(path).filter(|home| home.text() != known) else {
        return Ok(None);
    };
    if Home::machine_of(&known) != home.machine && known != RESTORED {
        // Its key is on the other machine; this one asks to be admitted by itself.
        put(conn, KEY, None)?;
    }
    put(conn, HOME, Some(&home.text()))?;
    go_on(conn).map(Some)
}

/// What stands for the home of a desk that was put back.
const RESTORED: &str = "restored";

pub(super) fn go_on(conn: &Connection) -> Result<ReplicaId, StoreError> {
    let mut id = [0; 16];
    getrandom::fill(&mut id)
        .map_err(|error| StoreError::Broken(format!("no random numbers: {error}")))?;
    // A history that is played again has the same replicas.
    #[cfg(test)]
    let id = super::trial::next_id().unwrap_or(id);
    let admitted = exchange::own(conn, ADMITTED)?.unwrap_or_default();
    put(conn, LETTER, Some(&suffix(&admitted, &id)))?;
    conn.execute("UPDATE meta SET value = ?1 WHERE key = 'replica'", [id])?;
    Ok(ReplicaId(id))
}

/// "b" and an id become "bz" and four letters of it.
fn suffix(admitted: &str, id: &[u8; 16]) -> String {
    let letters = id
        .iter()
        .take(4)
        .map(|byte| char::from(BASE32[usize::from(byte & 31)]));
    format!("{admitted}z{}", letters.collect::<String>())
}

/// What the first commit of an incarnation says of itself: whose it is, and its suffix.
pub(super) fn device(conn: &Connection) -> Result<Option<serde_json::Value>, StoreError> {
    let Some(key) = exchange::own(conn, KEY)?.and_then(|key| key.parse::<Key>().ok()) else {
        return Ok(None);
    };
    let letter = exchange::own(conn, LETTER)?.unwrap_or_default();
    let op = MemberOp::Device { key, letter };
    serde_json::to_value(op)
        .map(Some)
        .map_err(|error| StoreError::Broken(error.to_string()))
}

/// Marks a desk that was put back from a backup, for its next writer.
pub(super) fn restored(path: &Path) -> Result<(), StoreError> {
    let conn = open::writer(path)?;
    conn.execute(
        "UPDATE meta SET value = ?1 WHERE key = 'own:home'",
        [RESTORED.as_bytes()],
    )?;
    Ok(())
}

fn put(conn: &Connection, key: &str, value: Option<&str>) -> Result<(), StoreError> {
    exchange::set_own(conn, key, value)
}

impl Writing<'_> {
    /// Binds the desk to this file and to a device's key, from when it is shared. `founder` is
    /// the key that the workspace is founded on.
    pub fn share_here(&mut self, key: &Key, founder: &Key) -> Result<(), StoreError> {
        let home = Home::of(self.path()).map(|home| home.text());
        let conn = self.conn();
        conn.execute(
            "INSERT OR REPLACE INTO meta (key, value) VALUES ('founder', ?1)",
            [founder.0],
        )?;
        put(conn, HOME, home.as_deref())?;
        // Whoever is let in with a new key has another letter.
        if exchange::own(conn, KEY)?.as_deref() != Some(&*key.to_string()) {
            put(conn, ADMITTED, None)?;
        }
        put(conn, KEY, Some(&key.to_string()))
    }
}

impl Store {
    /// Goes on as a new replica: somebody else went on with this one's chain.
    pub fn go_on(&mut self) -> Result<(), StoreError> {
        self.write_as_is(|writing: &mut Writing<'_>| writing.go_on())
    }

    /// The same for a desk that joins.
    pub fn share_here(&mut self, key: &Key, founder: &Key) -> Result<(), StoreError> {
        self.write_as_is(|writing| writing.share_here(key, founder))
    }

    /// Keeps the suffix that this desk's member was admitted with.
    pub fn admitted(&mut self, letter: &str) -> Result<(), StoreError> {
        self.write_as_is(|writing| {
            let conn = writing.conn();
            put(conn, ADMITTED, Some(letter))?;
            put(conn, LETTER, Some(letter))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_incarnation_has_a_suffix_of_its_own() {
        assert_eq!(suffix("", &[0; 16]), "zaaaa");
        assert_eq!(suffix("b", &[31; 16]), "bz7777");
    }
}
