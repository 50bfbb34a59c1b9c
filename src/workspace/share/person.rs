//! Who this device is on a shared desk. What is recorded here is recorded by the person of its
//! key, for whoever is named (SYNC.md 3.2). Refuses who is not let in, observes, or was removed.

use std::path::Path;

use crate::domain::plain::and;
use crate::ledger::{Key, Member, Role};
use crate::store::{Reader, Store, StoreError};
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

/// Whether somebody may let others in, and answers who asks.
pub fn lets_in(member: &Member) -> bool {
    !member.removed && member.role != Role::Observer
}

/// Whom this device's key belongs to.
pub fn this_member(reader: &Reader<'_>) -> Result<Member, Refusal> {
    if reader.founder()?.is_none() {
        return Err(not_shared());
    }
    let Some(key) = own_key(reader)? else {
        return Err(Refusal::rule(
            "This desk is shared, and this device has no key for it.",
            "`relmate share join FOLDER` asks to be let in.",
        ));
    };
    match member_of(reader, key)? {
        Some(member) if member.removed => Err(Refusal::rule(
            format!("{} was removed from this desk.", member.person),
            "Looking and `relmate export` still work; `relmate share join FOLDER` asks to be let in again, with a new key.",
        )),
        Some(member) => Ok(member),
        None => Err(Refusal::rule(
            "This device has not been let in yet.",
            "A manager of the desk runs `relmate share approve`; then run `relmate sync`.",
        )),
    }
}

/// Whom a key belongs to, or did.
fn member_of(reader: &Reader<'_>, key: Key) -> Result<Option<Member>, StoreError> {
    Ok(reader.members()?.into_iter().find(|it| it.key == key))
}

/// Whose device this is on a shared desk, where nobody says who acts; theirs it stays when they are
/// removed.
pub fn of_device(desk: &Path) -> Option<String> {
    let mut person = None;
    let looked = Store::look(desk, &mut |reader| {
        let member = match own_key(reader) {
            Ok(Some(key)) => member_of(reader, key)?,
            _ => None,
        };
        person = member.map(|member| member.person);
        Ok(())
    });
    looked.ok().and(person)
}

/// Says that nobody else has the desk.
pub fn not_shared() -> Refusal {
    Refusal::rule(
        "This desk is not shared.",
        "`relmate share create FOLDER` shares it; `relmate share join FOLDER` joins one.",
    )
}

/// Whom this device belongs to, who must be an owner to do this.
pub fn owner(reader: &Reader<'_>, does: &str) -> Result<Member, Refusal> {
    let own = this_member(reader)?;
    if own.role == Role::Owner {
        return Ok(own);
    }
    Err(Refusal::rule(
        format!("Only an owner {does}."),
        "`relmate share status` says who the owners are.",
    ))
}

/// The devices of somebody who shares the desk now.
pub fn devices(reader: &Reader<'_>, person: &str) -> Result<Vec<Member>, Refusal> {
    let members = reader.members()?;
    let of = |member: &&Member| !member.removed && member.person.eq_ignore_ascii_case(person);
    let found: Vec<Member> = members.iter().filter(of).cloned().collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let removed = |member: &&Member| member.person.eq_ignore_ascii_case(person);
    if let Some(member) = members.iter().find(removed) {
        return Err(Refusal::rule(
            format!("{} was removed from this desk.", member.person),
            "If they work here again, they run `relmate share join FOLDER`, and `relmate share approve` lets them in.",
        ));
    }
    let names: Vec<_> = members
        .iter()
        .filter(|member| !member.removed)
        .map(|member| member.person.as_str())
        .collect();
    Err(Refusal::not_found(
        format!("Nobody who shares this desk is called {person}."),
        format!("They are {}.", and(&names)),
    ))
}

/// Whether a person's role may be changed from here, or the person removed.
pub fn may_change(
    reader: &Reader<'_>,
    person: &str,
    removing: bool,
) -> Result<Vec<Member>, Refusal> {
    let does = if removing {
        "removes somebody"
    } else {
        "changes a role"
    };
    let own = owner(reader, does)?;
    let devices = devices(reader, person)?;
    if devices.iter().any(|device| device.key == own.key) {
        return Err(Refusal::rule(
            if removing {
                "You cannot remove yourself."
            } else {
                "You cannot change your own role."
            },
            "Another owner can: `relmate share role PERSON owner` makes one.",
        ));
    }
    Ok(devices)
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
