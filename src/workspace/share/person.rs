//! Who this device is on a shared desk. What is recorded here is recorded by the person of its
//! key, for whoever is named (SYNC.md 3.2). Refuses who is not let in, observes, or was removed.

use crate::ledger::{Key, Member, Role};
use crate::store::Reader;
use crate::workspace::plan::Actor;
use crate::workspace::refusal::Refusal;

/// A role as a person reads it.
pub const fn role_word(role: Role) -> &'static str {
    match role {
        Role::Observer => "an observer",
        Role::Manager => "a manager",
        Role::Owner => "an owner",
    }
}

/// Whom this device's key belongs to.
pub fn this_member(reader: &Reader<'_>) -> Result<Member, Refusal> {
    let Some(key) = own_key(reader)? else {
        return Err(Refusal::rule(
            "This desk is shared, and this device has no key for it.",
            "`relmate share join FOLDER` asks to be let in.",
        ));
    };
    let member = reader.members()?.into_iter().find(|it| it.key == key);
    match member {
        Some(member) if member.removed => Err(Refusal::rule(
            format!("{} was removed from this desk.", member.person),
            "Looking and `relmate export` still work; an owner can let this device in again.",
        )),
        Some(member) => Ok(member),
        None => Err(Refusal::rule(
            "This device has not been let in yet.",
            "The founder runs `relmate share approve`; then run `relmate sync`.",
        )),
    }
}

/// The key of this device for this desk.
pub fn own_key(reader: &Reader<'_>) -> Result<Option<Key>, Refusal> {
    Ok(reader.own("key")?.and_then(|key| key.parse().ok()))
}

/// The actor as a shared desk counts it: the person is the one of this device's key.
pub fn acting(reader: &Reader<'_>, actor: &Actor) -> Result<Actor, Refusal> {
    if reader.founder()?.is_none() {
        return Ok(actor.clone());
    }
    let member = this_member(reader)?;
    if member.role == Role::Observer {
        return Err(Refusal::rule(
            format!("{} observes this desk and changes nothing.", member.person),
            "An owner can change that: `relmate share role PERSON manager`.",
        ));
    }
    let named = actor.name();
    Ok(Actor {
        on_behalf: (!named.eq_ignore_ascii_case(&member.person)).then(|| named.to_owned()),
        person: member.person,
    })
}
