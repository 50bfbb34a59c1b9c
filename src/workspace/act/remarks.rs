//! What can be said of any record: a remark, "I'm on it", not before, and any field.

use serde_json::{Value, json};

use super::schedule::milestone;
use super::{product, rollout};
use crate::domain::calendar::spoken;
use crate::domain::field::parse as read_field;
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::queue::guard;
use crate::domain::violation::separation;
use crate::domain::when::When;
use crate::store::Reader;
use crate::workspace::plan::{Loaded, Plan};
use crate::workspace::refusal::Refusal;

/// A remark. A private one is left out of every export, report and message.
pub fn comment(
    plan: &mut Plan<'_, '_>,
    id: &str,
    text: &str,
    private: bool,
) -> Result<(), Refusal> {
    let loaded = plan.load_any(id)?;
    if text.trim().is_empty() {
        return Err(Refusal::usage(
            "A comment needs a text.",
            format!("Write `relmate comment {id} TEXT`."),
        ));
    }
    let body = if private {
        json!({"text": text, "private": true})
    } else {
        json!({"text": text})
    };
    plan.event(&loaded.entity, "comment", body);
    plan.say(format!(
        "Commented {}{}.",
        loaded.row.id,
        if private {
            ", for the managers only"
        } else {
            ""
        }
    ));
    plan.receipt.ids.push(loaded.row.id);
    Ok(())
}

/// "I'm on it", or no longer.
pub fn claim(plan: &mut Plan<'_, '_>, id: &str, drop: bool) -> Result<(), Refusal> {
    let loaded = plan.load_any(id)?;
    workable(loaded.row.kind, &loaded.row.id)?;
    let name = plan.actor.name().to_owned();
    let holder = loaded.row.value()["claimed_by"].as_str().map(str::to_owned);
    let id = loaded.row.id.clone();
    plan.receipt.ids.push(id.clone());
    if drop {
        plan.clear(&loaded.entity, "claimed_by")?;
        plan.say(format!("{id} is nobody's in particular."));
        return Ok(());
    }
    if let Some(holder) = holder.filter(|holder| *holder != name) {
        plan.warn(format!("{holder} was on it until now."));
    }
    if plan.set(&loaded.entity, "claimed_by", name.clone())? {
        plan.say(format!("{name} is on {id}."));
    } else {
        plan.say(format!("{name} is on {id} already."));
    }
    Ok(())
}

/// Not before this day in anybody's list. It hides nothing that is late.
pub fn later(plan: &mut Plan<'_, '_>, id: &str, until: When) -> Result<(), Refusal> {
    let loaded = plan.load_any(id)?;
    workable(loaded.row.kind, &loaded.row.id)?;
    let day = until.day(&plan.rules()?.zone);
    let id = loaded.row.id.clone();
    plan.receipt.ids.push(id.clone());
    if day <= plan.today()? {
        plan.clear(&loaded.entity, "later")?;
        plan.say(format!("{id} is back in the list."));
        return Ok(());
    }
    plan.put(&loaded.entity, "later", &day)?;
    plan.say(format!(
        "{id} comes back on {}; a limit that ends before shows all the same.",
        spoken(day)
    ));
    Ok(())
}

fn workable(kind: Kind, id: &str) -> Result<(), Refusal> {
    match kind {
        Kind::Ticket
        | Kind::Submission
        | Kind::Milestone
        | Kind::Action
        | Kind::Message
        | Kind::Announcement
        | Kind::Release
        | Kind::Problem => Ok(()),
        _ => Err(Refusal::rule(
            format!("Nobody works on {id}: it is a {}.", kind.word()),
            "Tickets, submissions, milestones, problems, actions and messages can be claimed or put off.",
        )),
    }
}

/// A person's roles are a set: two managers may each give one at once. Whoever manages
/// this desk stays its manager.
fn roles(plan: &mut Plan<'_, '_>, loaded: &Loaded, wanted: &Value) -> Result<bool, Refusal> {
    let Noun::Person(person) = &loaded.noun else {
        return Ok(false);
    };
    let wanted: Vec<&str> = wanted
        .as_array()
        .map(|roles| roles.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let manages = plan.desk.managers.contains(&person.name);
    if manages && !wanted.contains(&"manager") {
        return Err(Refusal::rule(
            format!("{} is a manager of this desk and stays one.", person.name),
            "Leave the role `manager` in the list.",
        ));
    }
    let mut wrote = false;
    for role in person
        .roles
        .iter()
        .filter(|it| !wanted.contains(&it.as_str()))
    {
        wrote |= plan.remove(&loaded.entity, "roles", role.as_str())?;
    }
    for role in wanted {
        wrote |= plan.add(&loaded.entity, "roles", role)?;
    }
    Ok(wrote)
}

/// Fields of any record, as far as its field table lets people write them.
pub fn set(plan: &mut Plan<'_, '_>, id: &str, fields: &[(String, String)]) -> Result<(), Refusal> {
    let loaded = plan.load_any(id)?;
    if fields.is_empty() {
        return Err(Refusal::usage(
            "No field was given.",
            format!("Write `relmate set {id} FIELD=VALUE`."),
        ));
    }
    let mut changed = Vec::new();
    for (name, text) in fields {
        super::problem::version_stays(&loaded.noun, name)?;
        for (field, value) in by_hand(plan, &loaded, name, text)? {
            let wrote = if (loaded.row.kind, field.as_str()) == (Kind::Person, "roles") {
                roles(plan, &loaded, &value)?
            } else if let ((Kind::Ticket, "verifier"), Some(name)) =
                ((loaded.row.kind, field.as_str()), value.as_str())
            {
                let person = plan.person(name)?;
                plan.verified_by(&loaded.entity, &person)?
            } else if value == Value::Null {
                plan.clear(&loaded.entity, &field)?
            } else {
                plan.set(&loaded.entity, &field, value)?
            };
            if wrote {
                let contact = (loaded.row.kind == Kind::Product && field == "contact")
                    .then(|| text.trim())
                    .filter(|contact| !contact.is_empty());
                if let Some(contact) = contact {
                    product::address_waiting(plan, &loaded.row.id, contact)?;
                }
                if (loaded.row.kind, field.as_str()) == (Kind::Person, "organisation") {
                    of_another_team(plan, &loaded.row.id, text.trim())?;
                }
                if (loaded.row.kind, field.as_str()) == (Kind::Site, "contact")
                    && !text.trim().is_empty()
                {
                    rollout::address_waiting(plan, &loaded.row.id, text.trim())?;
                }
                changed.push(name.clone());
            }
        }
    }
    let id = loaded.row.id;
    plan.say(if changed.is_empty() {
        format!("{id} says that already.")
    } else {
        format!("{id}: {} changed.", changed.join(", "))
    });
    plan.receipt.ids.push(id);
    Ok(())
}

/// What a typed value means to a record, under the rules that its field has.
pub(super) fn by_hand(
    plan: &mut Plan<'_, '_>,
    loaded: &Loaded,
    name: &str,
    text: &str,
) -> Result<Vec<(String, Value)>, Refusal> {
    let read = {
        let rules = plan.rules()?;
        read_field(loaded.row.kind, name, text, &rules.setting(), plan.time.now)?
    };
    let mut values = Vec::new();
    for (field, value) in read {
        if loaded.row.kind == Kind::Site
            && let Some(text) = value.as_str()
        {
            rollout::site_fits(&field, text)?;
        }
        let value = person_field(plan, &loaded.noun, &field, value)?;
        if let (Noun::Milestone(known), "rule") = (&loaded.noun, field.as_str()) {
            milestone::rule_fits(plan, known, value.as_str())?;
        }
        values.push((field, value));
    }
    Ok(values)
}

/// A field that names a person holds the name the desk knows; a verifier is never of
/// the product's own team, however the name gets there.
fn person_field(
    plan: &Plan<'_, '_>,
    noun: &Noun,
    field: &str,
    value: Value,
) -> Result<Value, Refusal> {
    if let (Noun::Ticket(ticket), "provider", Some(provider)) = (noun, field, value.as_str())
        && let Some(verifier) = &ticket.verifier
        && let Ok(person) = plan.person(verifier)
    {
        let mut ticket = ticket.clone();
        ticket.provider = Some(provider.to_owned());
        guard::independent(&ticket, &person)?;
    }
    let Some(name) = value
        .as_str()
        .filter(|_| matches!(field, "owner" | "verifier"))
    else {
        return Ok(value);
    };
    let person = plan.person(name)?;
    match (noun, field) {
        (Noun::Ticket(ticket), "verifier") => {
            guard::independent(ticket, &person)?;
            separation::apart(&ticket.id, ticket.owner.as_deref(), Some(&person.name))?;
        }
        (Noun::Ticket(ticket), "owner") => {
            separation::apart(&ticket.id, Some(&person.name), ticket.verifier.as_deref())?;
        }
        _ => {}
    }
    Ok(json!(person.name))
}

/// Tells the tickets that somebody verifies that this person is of another organisation now.
fn of_another_team(plan: &mut Plan<'_, '_>, name: &str, organisation: &str) -> Result<(), Refusal> {
    for row in plan.writing.reader().first_open(Kind::Ticket, usize::MAX)? {
        // Most tickets are somebody else's, and need not be read for that.
        if !row.body.contains(name) {
            continue;
        }
        let loaded = plan.loaded(row)?;
        if let Noun::Ticket(ticket) = &loaded.noun
            && ticket.verifier.as_deref() == Some(name)
        {
            plan.set(&loaded.entity, &format!("team:{name}"), organisation)?;
        }
    }
    Ok(())
}

/// Takes a record off the desk; its history stays and its id is never used again.
pub fn delete(plan: &mut Plan<'_, '_>, id: &str, reason: Option<&str>) -> Result<(), Refusal> {
    let loaded = plan.load_any(id)?;
    unneeded(&plan.writing.reader(), loaded.row.kind, &loaded.row.id)?;
    plan.take_off(&loaded.entity)?;
    if let Some(reason) = reason {
        plan.event(&loaded.entity, "comment", json!({"text": reason}));
    }
    plan.say(format!(
        "{} is off the desk; `relmate undo` brings it back.",
        loaded.row.id
    ));
    plan.receipt.ids.push(loaded.row.id);
    Ok(())
}

/// A record that others name or are part of stays while they do.
pub fn unneeded(reader: &Reader<'_>, kind: Kind, id: &str) -> Result<(), Refusal> {
    if matches!(kind, Kind::Person | Kind::Desk) {
        return Err(Refusal::rule(
            format!("{id} stays: records name it."),
            "An absence is recorded with `relmate person away`.",
        ));
    }
    if kind == Kind::Problem {
        super::problem::not_in_silence(reader, id)?;
    }
    let part = match kind {
        Kind::Submission => Kind::Ticket,
        Kind::Cycle => Kind::Milestone,
        Kind::Product => Kind::Submission,
        Kind::Problem => Kind::KnownError,
        Kind::Ticket => Kind::Announcement,
        Kind::Site => return unnamed(reader, id),
        _ => return Ok(()),
    };
    let parts = reader.children(part, id)?;
    let Some(first) = parts.first() else {
        return Ok(());
    };
    Err(Refusal::rule(
        format!(
            "{id} stays: {} {} on the desk, {} first among them.",
            parts.len(),
            if parts.len() == 1 {
                "record is part of it"
            } else {
                "records are part of it"
            },
            first.id
        ),
        format!(
            "Delete those first, or end them: `relmate list {}`.",
            part.plural().unwrap_or("tickets")
        ),
    ))
}

/// A site that announcements name stays, because its reports do.
fn unnamed(reader: &Reader<'_>, site: &str) -> Result<(), Refusal> {
    for row in reader.all(Kind::Announcement)? {
        if let Some(Noun::Announcement(it)) = row.noun()?
            && it.turn.contains_key(site)
        {
            return Err(Refusal::rule(
                format!("{site} stays: {} was announced to it.", it.id),
                format!(
                    "Record that it tries nothing any more with `relmate site absent {site} --reason R`."
                ),
            ));
        }
    }
    Ok(())
}
