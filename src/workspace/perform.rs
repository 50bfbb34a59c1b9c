//! One action, one commit: who may, what it writes, what follows. Used by the
//! command line and the screen alike.

use std::path::Path;

use chrono::SecondsFormat;

use super::act;
use super::action::{Action, Init};
use super::batch;
use super::plan::{Actor, Plan, Time};
use super::receipt::Receipt;
use super::refusal::Refusal;
use super::share::person::acting;
use crate::domain::desk::Desk;
use crate::domain::kind::Kind;
use crate::domain::plain::and;
use crate::domain::when::When;
use crate::domain::zone::Zone;
use crate::ledger::{Commit, Hash, Header, ReplicaId};
use crate::store::{Store, Writing, zones};

/// Does it.
pub fn perform(
    store: &mut Store,
    action: &Action,
    actor: &Actor,
    time: &Time,
) -> Result<Receipt, Refusal> {
    if let Action::Batch { actions } = action {
        return batch::perform(store, actions, actor, time);
    }
    store.write(|writing| run(writing, action, actor, time).map(|(receipt, _)| receipt))
}

/// Does it and takes it back: what it would do, under the same guards.
pub fn preview(
    store: &mut Store,
    action: &Action,
    actor: &Actor,
    time: &Time,
) -> Result<Receipt, Refusal> {
    let receipt = match action {
        Action::Batch { actions } => batch::preview(store, actions, actor, time),
        _ => store.rehearse(|writing| run(writing, action, actor, time).map(|(it, _)| it)),
    };
    receipt.map(|mut receipt| {
        receipt.commit = None;
        receipt
    })
}

/// One action as one commit, which is returned if there was something to change.
pub(super) fn run(
    writing: &mut Writing<'_>,
    action: &Action,
    actor: &Actor,
    time: &Time,
) -> Result<(Receipt, Option<Commit>), Refusal> {
    let founding = matches!(action, Action::Init(_));
    let desk = if founding {
        Desk::default()
    } else {
        writing.reader().desk()?
    };
    let actor = if founding {
        actor.clone()
    } else {
        known_actor(writing, actor)?
    };
    if !founding {
        let zone = writing
            .rules()
            .map_or_else(Zone::utc, |rules| rules.zone.clone());
        not_in_the_future(time, &zone)?;
    }
    let mut plan = Plan::new(writing, desk, actor.clone(), time.clone())?;
    let undoes = act::run(&mut plan, action)?;
    let Plan {
        draft, mut receipt, ..
    } = plan;
    receipt.name_each_once();
    if draft.is_empty() {
        return Ok((receipt, None));
    }
    let header = Header {
        undoes,
        ..header(action, &actor, time)?
    };
    let entry = writing.append(draft, header, time.now.timestamp())?;
    receipt.commit = Some(entry.applied.hash.to_string());
    Ok((receipt, Some(entry.applied.commit)))
}

/// What a commit says of itself: what was meant, by whom, when.
pub(super) fn header(action: &Action, actor: &Actor, time: &Time) -> Result<Header, Refusal> {
    let intent = serde_json::to_value(action)
        .map_err(|error| Refusal::failed(format!("The step cannot be kept: {error}."), ""))?;
    Ok(Header {
        wall: time.now.to_rfc3339_opts(SecondsFormat::Secs, true),
        at: time.at.map(|at| at.to_string()),
        person: actor.person.clone(),
        on_behalf: actor.on_behalf.clone(),
        intent,
        ..Header::default()
    })
}

/// The actor by the names that the desk's own records give; on a shared desk the person of this
/// device's key, who records for whoever was named.
pub(super) fn known_actor(writing: &Writing<'_>, actor: &Actor) -> Result<Actor, Refusal> {
    let actor = &acting(&writing.reader(), actor)?;
    let known = |name: &str| -> Result<String, Refusal> {
        let reader = writing.reader();
        if let Some(row) = reader.record(Some(Kind::Person), name)? {
            return Ok(row.id);
        }
        let managers = and(&reader.desk()?.managers);
        let hint = if name == actor.person && actor.on_behalf.is_some() {
            format!(
                "{name} is the configuration's `person`; the managers here are {managers}. Use another --config."
            )
        } else {
            format!("Its managers are {managers}; others are added with `relmate person add NAME`.")
        };
        Err(Refusal::not_found(
            format!("Nobody on this desk is called {name}."),
            hint,
        ))
    };
    // The key vouches for whoever acts: what somebody did to a record of persons locks nobody out.
    let shared = writing.reader().founder()?.is_some();
    Ok(Actor {
        person: if shared {
            actor.person.clone()
        } else {
            known(&actor.person)?
        },
        on_behalf: actor.on_behalf.as_deref().map(known).transpose()?,
    })
}

/// `--at` records what has happened, never what will.
fn not_in_the_future(time: &Time, zone: &Zone) -> Result<(), Refusal> {
    let Some(at) = time.at else { return Ok(()) };
    let ahead = match at {
        When::Instant(at) => at > time.now,
        When::Day(day) | When::AnywhereOnEarth(day) => day > zone.day(time.now),
    };
    if ahead {
        return Err(Refusal::rule(
            format!("{at} has not come yet, so it cannot be recorded as past."),
            "Leave --at out, or give a day until today.",
        ));
    }
    Ok(())
}

/// What `init` needs besides the action.
pub struct Founding<'a> {
    pub path: &'a Path,
    pub init: Init,
    pub actor: Actor,
    pub time: Time,
}

/// A new desk: its genesis, its replica and its first commit.
pub fn found(founding: &Founding<'_>) -> Result<Receipt, Refusal> {
    let (genesis, replica) = born(&founding.init, &founding.time)?;
    let action = Action::Init(founding.init.clone());
    let (_, receipt) = Store::create_with(founding.path, &genesis, replica, |store| {
        perform(store, &action, &founding.actor, &founding.time)
    })?;
    Ok(receipt)
}

/// A new desk that lives in memory until it is kept.
pub fn found_in_memory(init: &Init, actor: &Actor, time: &Time) -> Result<Store, Refusal> {
    let (genesis, replica) = born(init, time)?;
    let mut store = Store::in_memory(&genesis, replica)?;
    perform(&mut store, &Action::Init(init.clone()), actor, time)?;
    Ok(store)
}

/// What a new desk begins with, once all that it is told is right.
fn born(init: &Init, time: &Time) -> Result<(String, ReplicaId), Refusal> {
    if init.managers.is_empty() {
        return Err(Refusal::usage(
            "A desk needs its release managers.",
            "Write `relmate init NAME --manager A --manager B`.",
        ));
    }
    crate::domain::profile::parse::parse(&init.profile)?;
    zones::zone(&init.timezone).map_err(|_| unknown_zone(&init.timezone))?;
    let replica = ReplicaId(random()?);
    let nonce: [u8; 32] = random()?;
    Ok((genesis(time, &replica, &nonce), replica))
}

/// What a workspace is named after: nobody can make the same one twice.
pub fn genesis(time: &Time, replica: &ReplicaId, nonce: &[u8; 32]) -> String {
    let nonce = Hash(*nonce);
    let wall = time.now.to_rfc3339_opts(SecondsFormat::Secs, true);
    serde_json::json!({"relmate": 1, "replica": replica, "nonce": nonce, "wall": wall}).to_string()
}

/// Bytes that nobody can guess.
pub(super) fn random<const N: usize>() -> Result<[u8; N], Refusal> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| {
        Refusal::failed(
            format!("The system has no random numbers to give: {error}."),
            "",
        )
    })?;
    Ok(bytes)
}

/// An error about a zone's name, with what it may have meant.
pub fn unknown_zone(name: &str) -> Refusal {
    let similar = zones::similar(name);
    let hint = if similar.is_empty() {
        "Write it as Region/City: Europe/Rome.".to_owned()
    } else {
        format!("Did you mean {}?", similar.join(", "))
    };
    Refusal::usage(format!("There is no time zone {name:?}."), hint)
}

impl Actor {
    /// Who acts: the device's person, or with `--as` somebody that person records for.
    pub fn resolve(device: Option<&str>, named: Option<&str>) -> Result<Self, Refusal> {
        match (device, named) {
            (Some(device), Some(named)) if !device.eq_ignore_ascii_case(named) => Ok(Self {
                person: device.to_owned(),
                on_behalf: Some(named.to_owned()),
            }),
            (Some(person), _) | (None, Some(person)) => Ok(Self {
                person: person.to_owned(),
                on_behalf: None,
            }),
            (None, None) => Err(Refusal::usage(
                "Nobody is named who does this.",
                "Say --as NAME, or put `person = \"NAME\"` into the configuration.",
            )),
        }
    }
}
