//! `share join`: a desk of one's own from a shared folder. Refuses to trust a folder: the words
//! that the founder reads aloud say whose desk it is (SYNC.md 3.7).

use std::path::{Path, PathBuf};

use super::create::found;
use super::exchange::{self, Exchanged};
use super::here::{FOLDER, GENESIS, Here, meeting_place};
use crate::ledger::{Hash, ReplicaId};
use crate::store::Store;
use crate::sync::{
    DeviceKey, Folder, Genesis, Phrase, Request, Share, ShareError, founder_phrase, joiner_phrase,
    names,
};
use crate::workspace::perform::random;
use crate::workspace::places::{Places, file_name};
use crate::workspace::refusal::Refusal;

/// Who wants to join, and from where.
#[derive(Clone, Debug)]
pub struct Joining {
    pub folder: PathBuf,
    pub person: String,
    /// A name for this machine.
    pub device: String,
    /// The six words that the founder read aloud.
    pub phrase: String,
}

/// A desk that waits to be let in.
#[derive(Clone, Debug)]
pub struct Joined {
    pub path: PathBuf,
    /// What the joiner reads to the founder.
    pub phrase: Phrase,
    /// What came at once.
    pub done: Exchanged,
}

/// Makes a desk that belongs to the one shared in a folder, and asks to be let in; what is
/// there comes with it.
pub fn join(here: &Here, joining: &Joining) -> Result<Joined, Refusal> {
    let (whole, share) = meeting_place(&joining.folder, &here.path)?;
    let (genesis, file) = trusted(&share, &joining.phrase)?;
    // Together, so that a desk that is cut short here joins as if it had not begun.
    let belongs = |store: &mut Store, key: &DeviceKey| {
        store.write(|writing| {
            writing.share_here(&key.public(), &genesis.by)?;
            writing.set_own_bytes(GENESIS, &file)?;
            writing.set_own(FOLDER, Some(&whole.to_string_lossy()))
        })
    };
    let (store, key) = if here.path.exists() {
        let (mut store, known) = known(here, &genesis)?;
        let key = known.map_or_else(|| here.new_key(), Ok)?;
        belongs(&mut store, &key)?;
        (store, key)
    } else {
        let (key, replica) = (here.new_key()?, ReplicaId(random()?));
        let first = |store: &mut Store| belongs(store, &key);
        let (store, ()) = Store::create_with(&here.path, &genesis.text, replica, first)?;
        (store, key)
    };
    ask(here, &store, &share, (&key, joining))?;
    let phrase = joiner_phrase(&store.workspace(), &key.public());
    drop(store);
    Ok(Joined {
        path: here.path.clone(),
        phrase,
        done: exchange::once(here)?,
    })
}

/// Where the desk that joins lies if nobody says: the desk that belongs to the folder's already,
/// such as a backup that was put back without its key; else one named after the folder.
pub fn place(places: &Places, folder: &Path) -> Result<PathBuf, Refusal> {
    let usual = places.data.join(file_name(&usual_name(folder)));
    let (_, share) = meeting_place(folder, &usual)?;
    let shared = candidates(&share)?;
    let belongs = |path: &PathBuf| {
        let mut same = false;
        let looked = Store::look(path, &mut |reader| {
            let workspace = reader.workspace()?;
            same = shared.iter().any(|(it, _)| it.workspace() == workspace);
            Ok(())
        });
        looked.is_ok() && same
    };
    if usual.exists() && belongs(&usual) {
        return Ok(usual);
    }
    Ok(places.desks().into_iter().find(belongs).unwrap_or(usual))
}

/// A desk file that is there: of this desk, without a key on this device or not let in yet.
fn known(here: &Here, genesis: &Genesis) -> Result<(Store, Option<DeviceKey>), Refusal> {
    let mut store = here.open()?;
    if store.workspace() != genesis.workspace() {
        return Err(Refusal::rule(
            format!("There is another desk at {}.", here.path.display()),
            "Give the desk that joins a file of its own: `relmate --desk FILE share join FOLDER`.",
        ));
    }
    // A copied file notices by writing that it is one, and drops the other machine's key; what
    // is written stands there already, so that a refusal leaves the desk as it was.
    let folder = store.reader().own(FOLDER)?;
    store.set_own(FOLDER, folder.as_deref())?;
    let Some(key) = here.key(&store)? else {
        store.go_on()?;
        return Ok((store, None));
    };
    let public = key.public();
    let members = store.reader().members()?;
    let member = members.iter().find(|it| it.key == public);
    // Whoever was removed asks with a new key: what the old one signs counts nowhere.
    if member.is_some_and(|it| it.removed) {
        store.go_on()?;
        return Ok((store, None));
    }
    if member.is_some() {
        return Err(Refusal::rule(
            "This desk has joined already.",
            "`relmate sync` exchanges; `relmate share status` says who is in step.",
        ));
    }
    // Not let in yet: its request may never have got there, and is put there again.
    Ok((store, Some(key)))
}

/// Refuses a folder in which nothing can be joined, before anybody is asked for words.
pub fn look(here: &Here, folder: &Path) -> Result<(), Refusal> {
    let (_, share) = meeting_place(folder, &here.path)?;
    candidates(&share).map(|_| ())
}

/// The desks that are shared in a folder, with their files.
fn candidates(share: &Folder) -> Result<Vec<(Genesis, Vec<u8>)>, Refusal> {
    let candidates = found(share)?;
    if candidates.is_empty() {
        return Err(Refusal::not_found(
            "No desk is shared in this folder.",
            "Check the path, or wait until the files have arrived; the founder shares with `relmate share create`.",
        ));
    }
    Ok(candidates)
}

/// The genesis whose founder's words were typed, with its file.
fn trusted(share: &Folder, typed: &str) -> Result<(Genesis, Vec<u8>), Refusal> {
    for (genesis, file) in candidates(share)? {
        let phrase = founder_phrase(&genesis.text, &genesis.by);
        let same = phrase.matches(typed).map_err(|error| {
            Refusal::usage(
                super::here::sentence(&error.to_string()),
                "The founder reads six words from `relmate share status`.",
            )
        })?;
        if same {
            return Ok((genesis, file));
        }
    }
    Err(Refusal::rule(
        "These are not the words of this folder's founder.",
        "Ask a manager of the desk to read them again from `relmate share status`. If they are right, somebody else wrote into the folder.",
    ))
}

/// Puts the request into the folder.
fn ask(
    here: &Here,
    store: &Store,
    share: &Folder,
    (key, joining): (&DeviceKey, &Joining),
) -> Result<(), Refusal> {
    let request = Request {
        key: key.public(),
        person: crate::workspace::plan::clean_name(&joining.person)?,
        device: crate::workspace::plan::clean_name(&joining.device)?,
        wall: here.wall(),
    };
    let bytes = request
        .write(&store.workspace(), key)
        .map_err(|error| Refusal::failed(super::here::sentence(&error.to_string()), ""))?;
    let name = names::request(&store.replica(), 1, &Hash::of(&[&bytes]), 0);
    match share.put_new(&name, &bytes) {
        // Named after what it says: it is there already.
        Ok(_) | Err(ShareError::Taken(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// The name of a new desk that joins: the folder's.
fn usual_name(folder: &Path) -> String {
    let name = folder
        .file_name()
        .map(|it| it.to_string_lossy().into_owned());
    name.unwrap_or_else(|| "desk".to_owned())
}

/// A name for this machine, for people.
pub fn this_device() -> String {
    let name = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
    let name = name.trim();
    if name.is_empty() {
        "this device".to_owned()
    } else {
        name.to_owned()
    }
}
