//! `sync`: one exchange with the folder where the desk meets others, and what it came to in
//! words. Refuses to lose an edit to a share that is away: what is recorded is recorded, and
//! goes there when it can.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::aside::{self, Aside};
use super::facts;
use super::here::{FOLDER, Here, lies_apart};
use super::person::{not_shared, own_key};
use super::{approve, create};
use crate::domain::plain::plain;
use crate::domain::zone::Zone;
use crate::ledger::{Key, Member, ReplicaId};
use crate::store::Store;
pub use crate::sync::round::Memory;
use crate::sync::round::{Env, Meeting, Options, Relay, Round, Stop, round};
use crate::sync::{
    DeviceKey, Folder, LockError, Opening, PublishLock, Request, Share as _, ShareError, names,
    write_over,
};
use crate::workspace::look::device_clock;
use crate::workspace::refusal::Refusal;

/// How long others' commits may be missing before this desk puts them there, in seconds.
const GRACE: i64 = 600;

/// How often an exchange that was asked for tries to begin, and how long it waits between.
const TRIES: u32 = 50;
const PAUSE: Duration = Duration::from_millis(100);

/// How to exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// A person asked: everything that is missing goes there at once.
    Asked,
    /// By itself, in the background: whoever wrote it goes first.
    Background,
    /// Put everything on a folder that has lost it.
    Refill,
}

/// What keeps the desk from exchanging, as a sentence's end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Held {
    /// The folder is away since this instant.
    Away {
        since: String,
    },
    /// The folder is there and is not this desk's.
    Unrecognised,
    /// A merge or rebase of the git checkout is half done.
    Paused {
        why: String,
    },
    Full,
    ReadOnly,
    Other {
        why: String,
    },
}

/// What an exchange came to.
#[allow(clippy::struct_excessive_bools, reason = "each is told by itself")]
#[derive(Clone, Debug)]
pub struct Exchanged {
    pub folder: PathBuf,
    pub round: Round,
    pub held: Option<Held>,
    /// This device, once it was let in.
    pub member: Option<Member>,
    pub members: Vec<Member>,
    pub(super) owners: BTreeMap<ReplicaId, Member>,
    /// Steps that do not count, where that is news.
    pub aside: Vec<Aside>,
    /// Who asks to be let in.
    pub asking: Vec<Request>,
    /// This device waits to be let in, and its request does not lie there.
    pub unasked: bool,
    /// Records that two managers have to settle.
    pub conflicts: u64,
    /// Whose clock is ahead, where steps came in.
    pub clocks: Option<String>,
    /// It goes on as a new replica: it was put back or copied.
    pub reborn: bool,
    /// Everything was put back on a folder that had lost it, because a person said so.
    pub refilled: bool,
    /// The key of this device is not on this machine.
    pub keyless: bool,
    /// Four words of the desk afterwards: equal desks, equal words.
    pub code: String,
    /// When steps were last exchanged, before or now.
    pub last: Option<DateTime<Utc>>,
    pub zone: Zone,
}

impl Exchanged {
    /// Commits that came in.
    pub fn pulled(&self) -> u64 {
        self.round.pulled.values().sum()
    }

    /// Whose device a key is, as people say it.
    pub fn name_of(&self, key: &Key) -> String {
        let member = self.members.iter().find(|it| it.key == *key);
        name(member)
    }

    /// The names of who asks to be let in; who asked again asks once.
    pub fn who_asks(&self) -> BTreeSet<&str> {
        self.asking.iter().map(|it| it.person.as_str()).collect()
    }

    /// Whose desk a replica is, as people say it.
    pub fn name_of_replica(&self, replica: &ReplicaId) -> String {
        name(self.owners.get(replica))
    }
}

/// A member's name, safe to show.
pub(super) fn name(member: Option<&Member>) -> String {
    let name = member.map(|it| plain(&it.person).into_owned());
    name.unwrap_or_else(|| "somebody unknown".to_owned())
}

/// Exchanges once for a person who asked for something that the others must know, or that they
/// may have done.
pub fn once(here: &Here) -> Result<Exchanged, Refusal> {
    exchange(here, How::Asked, &mut Memory::default())
}

/// Exchanges once. `memory` is what the last exchange of this process left.
pub fn exchange(here: &Here, how: How, memory: &mut Memory) -> Result<Exchanged, Refusal> {
    let mut store = here.open()?;
    let folder = store.reader().own(FOLDER)?.map(PathBuf::from);
    let folder = folder.ok_or_else(not_shared)?;
    lies_apart(&store, &here.path)?;
    let _lock = locked(here, how)?;
    // The folder is looked into while the desk is read.
    let opening = Folder::opening(&folder);
    store.hold()?;
    let before = store.members()?;
    let reborn = ebb(here, &mut store)?;
    let members = if reborn {
        store.members()?
    } else {
        before.clone()
    };
    let look_again = || Folder::opening(&folder);
    let mut done = meet(here, &mut store, opening, (&folder, how, members), memory)?;
    if done.round.reborn || done.round.forked.contains(&store.replica()) {
        store.go_on()?;
        let members = store.members()?;
        let opening = look_again();
        done = meet(here, &mut store, opening, (&folder, how, members), memory)?;
        done.reborn = true;
    }
    if was_let_in(&before, &done) {
        // What it says of itself counts from now on, and the others wait for it.
        let pulled = std::mem::take(&mut done.round.pulled);
        let written_again = done.round.again;
        let members = std::mem::take(&mut done.members);
        let opening = look_again();
        done = meet(here, &mut store, opening, (&folder, how, members), memory)?;
        for (replica, steps) in pulled {
            *done.round.pulled.entry(replica).or_default() += steps;
        }
        done.round.again += written_again;
    }
    done.reborn |= reborn;
    if let Some(member) = &done.member
        && store.reader().own("admitted")?.is_none()
    {
        store.admitted(&member.letter)?;
        answered(&store, &folder);
    }
    let asks = done.member.is_none() || !done.round.asking.is_empty();
    if done.held.is_none() && asks {
        let requests = std::mem::take(&mut done.round.asking);
        let own = own_key(&store.reader())?;
        let mut keys = requests.iter().map(|it| it.key);
        done.unasked = done.member.is_none() && own.is_some_and(|own| !keys.any(|it| it == own));
        done.asking = approve::unanswered(requests, &done.members, own);
    }
    done.aside = aside::of(&store, &before, &done)?;
    if done.pulled() > 0 {
        let ahead = device_clock::devices(&store.reader(), here.now)?;
        done.clocks = device_clock::told(&ahead, &done.zone, here.now);
    }
    facts::remember(here, &mut store, &mut done)?;
    if done.round.published > 0 {
        flood(here, &store)?;
    }
    Ok(done)
}

/// Whether this device belongs to the desk by what came in just now.
fn was_let_in(before: &[Member], done: &Exchanged) -> bool {
    let member = done.member.as_ref().filter(|member| !member.removed);
    member.is_some_and(|member| !before.iter().any(|it| it.key == member.key && !it.removed))
}

/// Takes this device's request away once it was let in, and what its person asked from it before.
fn answered(store: &Store, folder: &Path) {
    let Ok(share) = Folder::open(folder) else {
        return;
    };
    let requests = create::requests(&share, &store.workspace()).unwrap_or_default();
    let requests: Vec<_> = requests.into_iter().map(|it| (it.name, it.what)).collect();
    let folder = names::folder(&store.replica());
    let own = requests.iter().find(|(name, _)| name.starts_with(&folder));
    let Some((_, own)) = own else { return };
    for (name, request) in &requests {
        // One that stays harms nobody, but everybody is told of it.
        if request.key == own.key || (request.is_from_where(own) && request.wall <= own.wall) {
            drop(share.delete(name));
        }
    }
}

fn meet(
    here: &Here,
    store: &mut Store,
    opening: Result<Opening, ShareError>,
    (folder, how, mut members): (&PathBuf, How, Vec<Member>),
    memory: &mut Memory,
) -> Result<Exchanged, Refusal> {
    let key = here.key(store)?;
    let keyless = key.is_none() && own_key(&store.reader())?.is_some();
    let (found, mut held) = match opening.and_then(Opening::open) {
        Ok(share) => {
            let paused = share.paused().map(|it| Held::Paused {
                why: it.to_string(),
            });
            (paused.is_none().then_some(share), paused)
        }
        Err(ShareError::Gone(_) | ShareError::Slow) => (None, Some(facts::away(here, store)?)),
        Err(error) => (
            None,
            Some(Held::Other {
                why: error.to_string(),
            }),
        ),
    };
    let mut round = Round::default();
    if let Some(share) = found {
        let key = key.as_ref().filter(|key| may_write(&members, key));
        if how == How::Refill && key.is_some() {
            create::not_anothers(store, &share, folder)?;
            create::lay_out(store, &share)?;
        }
        round = through(here, store, (&share, folder), (key, how), memory)?;
        if round.unfounded && key.is_some() {
            create::lay_out(store, &share)?;
        }
        held = match &round.stopped {
            None => None,
            Some(stop) => Some(stopped(here, store, stop)?),
        };
    }
    if !round.pulled.is_empty() {
        members = store.members()?;
    }
    let own = own_key(&store.reader())?;
    let digest = match round.digest {
        Some(digest) => digest,
        None => store.digest()?,
    };
    Ok(Exchanged {
        folder: folder.clone(),
        round,
        held,
        member: members.iter().find(|it| Some(it.key) == own).cloned(),
        owners: store.reader().owners_among(&members)?,
        members,
        asking: Vec::new(),
        unasked: false,
        conflicts: store.reader().contested()?,
        clocks: None,
        aside: Vec::new(),
        reborn: false,
        refilled: how == How::Refill,
        keyless,
        code: crate::sync::short_code(&digest),
        last: facts::last(store)?,
        zone: store.reader().zone()?,
    })
}

/// What kept a round from its end.
fn stopped(here: &Here, store: &mut Store, stop: &Stop) -> Result<Held, Refusal> {
    Ok(match stop {
        Stop::Unreachable(_) => facts::away(here, store)?,
        Stop::Unrecognised => Held::Unrecognised,
        Stop::Full => Held::Full,
        Stop::ReadOnly => Held::ReadOnly,
        Stop::Refused(error) => Held::Other {
            why: error.to_string(),
        },
    })
}

/// The right to exchange. Who asks for it waits a little for another process, such as a screen
/// that is open on the desk and exchanges by itself.
fn locked(here: &Here, how: How) -> Result<PublishLock, Refusal> {
    let mut tries = if how == How::Background { 0 } else { TRIES };
    loop {
        match PublishLock::take(&here.path) {
            Err(LockError::Busy(_)) if tries > 0 => {
                tries -= 1;
                std::thread::park_timeout(PAUSE);
            }
            taken => return Ok(taken?),
        }
    }
}

/// Whether this key was let in, so that others look at what it signs.
fn may_write(members: &[Member], key: &DeviceKey) -> bool {
    let key = key.public();
    members.iter().any(|it| it.key == key && !it.removed)
}

fn through(
    here: &Here,
    store: &mut Store,
    (share, folder): (&Folder, &PathBuf),
    (key, how): (Option<&DeviceKey>, How),
    memory: &mut Memory,
) -> Result<Round, Refusal> {
    let env = Env {
        now: here.now.timestamp(),
        wall: here.wall(),
        jitter: u64::from_le_bytes(first_eight(&store.replica())),
    };
    let id = folder.to_string_lossy();
    let listener = |progress| here.meter.set(progress);
    let meeting = Meeting {
        share,
        id: &id,
        key,
        env: &env,
        options: Options {
            relay: match how {
                How::Background => Relay::After(GRACE),
                How::Asked | How::Refill => Relay::AtOnce,
            },
            refill: how == How::Refill,
        },
        listener: Some(&listener),
    };
    let done = round(store, &meeting, memory)?;
    if key.is_some() {
        // What a crash left half written is no reason to fail.
        drop(share.sweep(&store.replica(), env.now));
    }
    Ok(done)
}

fn first_eight(replica: &ReplicaId) -> [u8; 8] {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&replica.0[..8]);
    bytes
}

/// How far this device has published, outside the desk: a desk that is behind it was put back.
#[derive(Serialize, Deserialize)]
struct Tide {
    replica: ReplicaId,
    hash: crate::ledger::Hash,
}

fn tide_file(here: &Here, store: &Store) -> Result<Option<PathBuf>, Refusal> {
    let key = own_key(&store.reader())?;
    Ok(key.map(|key| {
        let name: String = key.to_string().chars().take(16).collect();
        here.keys.join(format!("{name}.published"))
    }))
}

fn flood(here: &Here, store: &Store) -> Result<(), Refusal> {
    let own = store.replica();
    let line = store
        .reader()
        .lines()?
        .into_iter()
        .find(|it| it.replica == own);
    let (Some(line), Some(file)) = (line, tide_file(here, store)?) else {
        return Ok(());
    };
    let tide = Tide {
        replica: own,
        hash: line.tip,
    };
    // A mark that cannot be written costs one way of noticing, not the exchange.
    if let Ok(text) = serde_json::to_vec(&tide) {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(false);
        drop(
            options
                .open(file)
                .and_then(|mut file| write_over(&mut file, &text)),
        );
    }
    Ok(())
}

/// Goes on as a new replica where this device has published more than the desk knows.
fn ebb(here: &Here, store: &mut Store) -> Result<bool, Refusal> {
    let Some(file) = tide_file(here, store)? else {
        return Ok(false);
    };
    let tide = std::fs::read(file)
        .ok()
        .and_then(|text| serde_json::from_slice::<Tide>(&text).ok());
    let Some(tide) = tide.filter(|tide| tide.replica == store.replica()) else {
        return Ok(false);
    };
    if store.reader().place(&tide.hash)?.is_some() {
        return Ok(false);
    }
    store.go_on()?;
    Ok(true)
}

impl From<LockError> for Refusal {
    fn from(error: LockError) -> Self {
        if let LockError::Io { .. } = error {
            return Self::failed(
                super::here::sentence(&error.to_string()),
                "Check who may write beside the desk's file.",
            );
        }
        Self::rule(
            super::here::sentence(&error.to_string()),
            "What you record meanwhile goes with the next exchange.",
        )
    }
}
