//! `share create`: a desk that others can join from here on. Refuses a folder in which another
//! desk is shared.

use std::path::{Path, PathBuf};

use super::exchange::{self, Exchanged};
use super::here::{FOLDER, GENESIS, Here, meeting_place};
use super::person::not_shared;
use crate::ledger::Workspace;
use crate::store::Store;
use crate::sync::{
    Folder, Genesis, Hint, Kind, Phrase, Request, Share, ShareError, founder_phrase, names,
};
use crate::workspace::action::{Action, MemberAction};
use crate::workspace::perform;
use crate::workspace::plan::{Actor, Time};
use crate::workspace::refusal::Refusal;

/// A desk that is shared.
#[derive(Clone, Debug)]
pub struct Created {
    pub folder: PathBuf,
    /// What the founder reads to whoever joins.
    pub phrase: Phrase,
    /// Where the desk met others before.
    pub before: Option<PathBuf>,
    /// What was exchanged at once.
    pub done: Exchanged,
}

impl Created {
    /// What the other manager does now, in a sentence.
    pub fn next(&self) -> String {
        let here = self.folder.display();
        let others = self.done.members.iter();
        let own = self.done.member.as_ref().map(|it| it.key);
        let shared = others
            .filter(|it| !it.removed && Some(it.key) != own)
            .count()
            > 0;
        if !shared {
            return format!(
                "Next: the other manager runs `relmate share join {here} --as NAME`, and reads six words back; type them into `relmate share approve`."
            );
        }
        if self.before.as_ref() == Some(&self.folder) {
            return "Next: `relmate sync` exchanges; whoever is new runs `relmate share join`."
                .to_owned();
        }
        format!(
            "Next: whoever shares the desk already runs `relmate share create {here}` as well, with the path that the folder has there; nobody has to join again."
        )
    }

    /// What happened, in a sentence.
    pub fn said(&self) -> String {
        let here = self.folder.display();
        match &self.before {
            None => format!("The desk is shared through {here}."),
            Some(before) if *before == self.folder => {
                format!("The desk is shared through {here} already.")
            }
            Some(before) => format!(
                "The desk is shared through {here} from now on; {} is left as it is.",
                before.display()
            ),
        }
    }
}

/// Shares the desk through a folder, and publishes what is on it.
pub fn create(here: &Here, actor: &Actor, folder: &Path) -> Result<Created, Refusal> {
    let (whole, share) = meeting_place(folder, &here.path)?;
    let mut store = here.open()?;
    let there = found(&share)?;
    only_ours(&store, &there, &whole)?;
    let founder = store.reader().founder()?;
    let again = founder.is_some();
    if !again && !there.is_empty() {
        return Err(Refusal::rule(
            "This desk is shared in that folder already, from a later copy of it.",
            "This copy joins as a device of its own: `relmate share join FOLDER`.",
        ));
    }
    if !again {
        first(here, &mut store, actor)?;
    }
    lay_out(&store, &share)?;
    let before = store.reader().own(FOLDER)?.map(PathBuf::from);
    store.set_own(FOLDER, Some(&whole.to_string_lossy()))?;
    let genesis = store.reader().genesis()?;
    let founder = store.reader().founder()?.ok_or_else(not_shared)?;
    drop(store);
    Ok(Created {
        folder: whole,
        phrase: founder_phrase(&genesis, &founder),
        before,
        done: exchange::once(here)?,
    })
}

/// Refuses a folder that is another desk's, and not this one's as well: what a stranger put beside
/// ours keeps nobody from writing it again.
pub(super) fn not_anothers(store: &Store, share: &Folder, folder: &Path) -> Result<(), Refusal> {
    let there = found(share)?;
    let ours = store.workspace();
    if there.iter().any(|it| it.0.workspace() == ours) {
        return Ok(());
    }
    only_ours(store, &there, folder)
}

/// Refuses a folder in which another desk is shared.
fn only_ours(store: &Store, there: &[(Genesis, Vec<u8>)], folder: &Path) -> Result<(), Refusal> {
    let ours = store.workspace();
    match there.iter().find(|it| it.0.workspace() != ours) {
        None => Ok(()),
        Some((other, _)) => Err(Refusal::rule(
            format!(
                "Another desk is shared in {} already ({}).",
                folder.display(),
                short(&other.workspace())
            ),
            "A folder is for one desk: give another one to `relmate share create`.",
        )),
    }
}

/// Makes the key, and the commit from which the desk is this device's.
fn first(here: &Here, store: &mut Store, actor: &Actor) -> Result<(), Refusal> {
    let key = here.new_key()?;
    let public = key.public();
    let genesis = store.reader().genesis()?;
    let file = Genesis::write(&genesis, &key)
        .map_err(|error| Refusal::failed(super::here::sentence(&error.to_string()), ""))?;
    let actor = Actor {
        person: actor.person.clone(),
        on_behalf: None,
    };
    let action = Action::Member(MemberAction::Share { key: public });
    let time = Time {
        now: here.now,
        at: None,
    };
    store.write(|writing| {
        perform::run(writing, &action, &actor, &time)?;
        writing.set_own_bytes(GENESIS, &file)?;
        writing.share_here(&public, &public)?;
        Ok(())
    })
}

/// Puts what a share begins with into a folder, where it is not there yet.
pub(super) fn lay_out(store: &Store, share: &dyn Share) -> Result<(), Refusal> {
    let genesis = store.reader().own_bytes(GENESIS)?.ok_or_else(not_shared)?;
    found_here(share, &store.workspace(), &genesis)?;
    let files: [(&str, &[u8]); 2] = [
        (names::README, names::README_TEXT.as_bytes()),
        (names::ATTRIBUTES, names::ATTRIBUTES_TEXT.as_bytes()),
    ];
    for (name, bytes) in files {
        match share.put_new(name, bytes) {
            Ok(_) | Err(ShareError::Taken(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// How many names are tried for a genesis where something else has taken them.
const NAMES: u16 = 100;

/// Puts the founder's signed genesis under the first name that nothing else has taken.
fn found_here(share: &dyn Share, workspace: &Workspace, genesis: &[u8]) -> Result<(), Refusal> {
    for again in 0..NAMES {
        let name = names::genesis(&workspace.0, again);
        match share.put_new(&name, genesis) {
            Ok(_) => return Ok(()),
            Err(ShareError::Taken(_)) => {
                let there = share.get(&name, LARGEST);
                if there.is_ok_and(|there| there == genesis) {
                    return Ok(());
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
    Err(ShareError::Taken(names::genesis(&workspace.0, 0)).into())
}

/// The desks that are shared in a folder: each signed genesis that verifies, with its file.
pub(super) fn found(share: &Folder) -> Result<Vec<(Genesis, Vec<u8>)>, Refusal> {
    let read = |bytes: &[u8]| Genesis::read(bytes, None).ok();
    let files = verified(share, Kind::Genesis, read)?.into_iter();
    Ok(files.map(|it| (it.what, it.bytes)).collect())
}

/// How many files of a kind that verify are taken; more is no honest folder.
const MOST: usize = 200;
/// How many are looked at that are called as ours are, and that are not.
const OURS: usize = 10_000;
const STRANGERS: usize = 1_000;
/// The largest genesis or request, in bytes.
const LARGEST: u64 = 64 << 10;

/// A file that is what its name hints at.
pub(super) struct Verified<T> {
    pub name: String,
    pub bytes: Vec<u8>,
    pub what: T,
}

/// The files whose names hint at a kind and which are of it, as `read` says; those first that are
/// called as ours are. One that cannot be read keeps nobody from the others.
pub(super) fn verified<T>(
    share: &Folder,
    kind: Kind,
    read: impl Fn(&[u8]) -> Option<T>,
) -> Result<Vec<Verified<T>>, Refusal> {
    let mut listed = share.list()?;
    listed.retain(|it| names::hint(&it.name) == Hint::Examine(kind) && it.size <= LARGEST);
    let (ours, strangers): (Vec<_>, Vec<_>) = listed
        .into_iter()
        .partition(|it| names::is_like_ours(&it.name));
    let mut found = Vec::new();
    let (ours, strangers) = (ours.into_iter().take(OURS), strangers.into_iter());
    for file in ours.chain(strangers.take(STRANGERS)) {
        let bytes = match share.get(&file.name, LARGEST) {
            Ok(bytes) => bytes,
            Err(error @ (ShareError::Gone(_) | ShareError::Slow)) => return Err(error.into()),
            Err(_) => continue,
        };
        if let Some(what) = read(&bytes) {
            let name = file.name;
            found.push(Verified { name, bytes, what });
        }
        if found.len() >= MOST {
            break;
        }
    }
    Ok(found)
}

/// The requests to be let into a desk that lie in a folder.
pub(super) fn requests(
    share: &Folder,
    workspace: &Workspace,
) -> Result<Vec<Verified<Request>>, Refusal> {
    verified(share, Kind::Request, |bytes| {
        Request::read(bytes, workspace).ok()
    })
}

fn short(workspace: &Workspace) -> String {
    workspace.to_string().chars().take(8).collect()
}
