//! A desk's file with what sharing needs beside it: the folder of this device's keys, the
//! clock, and the folder where the desks meet. Refuses to put a key beside the desk: a copied
//! desk must not be able to sign.

use std::path::{Path, PathBuf};

use chrono::{DateTime, SecondsFormat, Utc};

use super::progress::Meter;
use crate::domain::plain::{capital, plain};
use crate::domain::zone::Zone;
use crate::ledger::Key;
use crate::store::{Reader, Store};
use crate::sync::{DeviceKey, Folder, KeyError, ShareError};
use crate::workspace::perform::random;
use crate::workspace::places::Places;
use crate::workspace::refusal::Refusal;

/// The fact of a desk that says where it meets others.
pub(super) const FOLDER: &str = "share";
/// The signed genesis as it goes on a share.
pub(super) const GENESIS: &str = "genesis-file";

/// Where a desk is shared from.
#[derive(Clone, Debug)]
pub struct Here {
    pub path: PathBuf,
    /// The folder of this device's keys.
    pub keys: PathBuf,
    pub now: DateTime<Utc>,
    /// What is being done with the folder, for whoever waits.
    pub meter: Meter,
}

impl Here {
    pub fn new(path: &Path, places: &Places, now: DateTime<Utc>) -> Self {
        Self {
            path: path.to_owned(),
            keys: keys(places),
            now,
            meter: Meter::default(),
        }
    }

    pub(super) fn open(&self) -> Result<Store, Refusal> {
        let mut store = Store::open(&self.path)?;
        store.bring_up()?;
        Ok(store)
    }

    /// The desk's own time zone.
    pub fn zone(&self) -> Result<Zone, Refusal> {
        Ok(Store::look(&self.path, &mut |reader| reader.zone())?)
    }

    /// The clock as files tell it.
    pub(super) fn wall(&self) -> String {
        self.now.to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    fn key_file(&self, key: &Key) -> PathBuf {
        key_file(&self.keys, key)
    }

    /// A new key of this device, kept before it is used.
    pub(super) fn new_key(&self) -> Result<DeviceKey, Refusal> {
        let key = DeviceKey::generate(random()?);
        key.save_new(&self.key_file(&key.public()))?;
        Ok(key)
    }

    /// The key that this device has for the desk; none if it lies on another machine.
    pub(super) fn key(&self, store: &Store) -> Result<Option<DeviceKey>, Refusal> {
        let Some(public) = super::person::own_key(&store.reader())? else {
            return Ok(None);
        };
        let file = self.key_file(&public);
        if !file.exists() {
            return Ok(None);
        }
        let key = DeviceKey::load(&file)?;
        Ok((key.public() == public).then_some(key))
    }
}

fn keys(places: &Places) -> PathBuf {
    places.data.join("keys")
}

fn key_file(keys: &Path, key: &Key) -> PathBuf {
    let name: String = key.to_string().chars().take(16).collect();
    keys.join(format!("{name}.key"))
}

/// Refuses to record on a shared desk whose key lies elsewhere: nobody could sign that, so it
/// would never reach the others.
pub fn key_is_here(store: &Store) -> Result<(), Refusal> {
    let Some(public) = super::person::own_key(&store.reader())? else {
        return Ok(());
    };
    if key_file(&keys(&Places::new()?), &public).exists() {
        return Ok(());
    }
    Err(Refusal::rule(
        "The key of this desk is not on this device.",
        "`relmate share join FOLDER` asks to be let in with a new one; looking works as before.",
    ))
}

/// What comes next where a desk that was shared was put back, a line each; `kept` is the desk
/// that was there.
pub fn after_restore(
    path: &Path,
    places: &Places,
    kept: Option<&Path>,
) -> Result<Vec<String>, Refusal> {
    let (mut folder, mut key) = (None, None);
    Store::look(path, &mut |reader| {
        folder = reader.own(FOLDER)?;
        key = reader.own("key")?.and_then(|key| key.parse::<Key>().ok());
        Ok(())
    })?;
    let Some(folder) = folder else {
        return Ok(Vec::new());
    };
    let folder = plain(&folder).into_owned();
    let has_key = key.is_some_and(|key| key_file(&keys(places), &key).exists());
    let mut said = vec![if has_key {
        format!("Next: `relmate sync` brings back what was published through {folder}.")
    } else {
        format!(
            "The desk was shared through {folder}. Next: `relmate share join FOLDER` asks to be let in from this device."
        )
    }];
    if let Some(kept) = kept {
        said.push(format!(
            "Steps that were never published are only in {}.",
            kept.display()
        ));
    }
    Ok(said)
}

/// The folder where a desk meets others, if it is shared.
pub fn folder(store: &Store) -> Result<Option<PathBuf>, Refusal> {
    Ok(store.reader().own(FOLDER)?.map(PathBuf::from))
}

/// Whether the desk meets others.
pub fn is_shared(reader: &Reader<'_>) -> Result<bool, Refusal> {
    Ok(reader.own(FOLDER)?.is_some())
}

/// Whether a desk's file lies somewhere in a folder.
fn lies_in(desk: &Path, folder: &Path) -> bool {
    let home = desk.parent().unwrap_or(desk);
    std::fs::canonicalize(home).is_ok_and(|home| home.starts_with(folder))
}

/// Refuses to work on a desk that was put into the folder through which it is shared: what carries
/// the folder about would damage it, and who gets a copy would write as this desk.
pub fn lies_apart(store: &Store, path: &Path) -> Result<(), Refusal> {
    let Some(folder) = folder(store)? else {
        return Ok(());
    };
    if !lies_in(path, &folder) {
        return Ok(());
    }
    Err(Refusal::rule(
        "This desk's file lies in the folder through which it is shared, where it can be damaged.",
        "Move it: `relmate backup FILE`, then `relmate restore FILE --desk PLACE` with another place; looking works as before.",
    ))
}

/// A folder to share through: there, and not the desk's own.
pub(super) fn meeting_place(folder: &Path, desk: &Path) -> Result<(PathBuf, Folder), Refusal> {
    let whole = Folder::whole(folder)?.map_err(|error| {
        Refusal::not_found(
            format!(
                "The folder {} cannot be reached: {error}.",
                folder.display()
            ),
            "Make it, or mount it, and try again.",
        )
    })?;
    if lies_in(desk, &whole) {
        return Err(Refusal::rule(
            "The desk itself lies in that folder.",
            "A desk never lies where it is shared: move it with `relmate backup` and `relmate restore`, or give another folder.",
        ));
    }
    let opened = Folder::open(&whole)?;
    Ok((whole, opened))
}

impl From<ShareError> for Refusal {
    fn from(error: ShareError) -> Self {
        let hint = match &error {
            ShareError::Gone(_) => "Mount it, or name another with `relmate share create FOLDER`.",
            ShareError::Full => {
                "Make room there; nothing of yours is lost, and `relmate sync` tries again."
            }
            ShareError::ReadOnly => {
                "Ask for the right to write there; what others publish is still read."
            }
            ShareError::Closed(_) => "Ask whoever keeps the folder for the right to read it.",
            ShareError::Slow => "Try again when the network is back; your work is kept here.",
            _ => "`relmate share status` says what stands in the folder.",
        };
        Self::failed(sentence(&error.to_string()), hint)
    }
}

impl From<KeyError> for Refusal {
    fn from(error: KeyError) -> Self {
        Self::failed(
            sentence(&error.to_string()),
            "A key that is lost is made anew with `relmate share join FOLDER`, and approved again.",
        )
    }
}

/// A clause as a sentence.
pub fn sentence(text: &str) -> String {
    let text = plain(text.trim().trim_end_matches('.'));
    format!("{}.", capital(&text))
}
