//! A new desk's first commit, and the desk's own facts afterwards.

use chrono::NaiveDate;
use serde_json::json;

use crate::domain::desk::Holiday;
use crate::domain::kind::Kind;
use crate::domain::people::{Away, Person, is_mail};
use crate::domain::plain::and;
use crate::domain::profile::parse;
use crate::exchange::Rejected;
use crate::ledger::named;
use crate::store::desk_entity;
use crate::workspace::action::Init;
use crate::workspace::plan::{Plan, clean_name};
use crate::workspace::refusal::Refusal;

/// The desk's facts and its managers.
pub fn init(plan: &mut Plan<'_, '_>, init: &Init) -> Result<(), Refusal> {
    let profile = parse::parse(&init.profile)?;
    let entity = desk_entity();
    let name = clean_name(&init.name)?;
    plan.set(&entity, "kind", Kind::Desk.word())?;
    plan.set(&entity, "name", name.clone())?;
    plan.set(&entity, "timezone", init.timezone.clone())?;
    plan.set(&entity, "profile", init.profile.clone())?;
    plan.set(&entity, "profile_version", profile.version)?;
    let mut managers: Vec<String> = Vec::new();
    for manager in &init.managers {
        let manager = clean_name(manager)?;
        if managers
            .iter()
            .any(|known| known.eq_ignore_ascii_case(&manager))
        {
            return Err(Refusal::usage(
                format!("{manager} is named twice."),
                "Two different people share a desk.",
            ));
        }
        let person = named(Kind::Person.word(), &manager);
        plan.set(&person, "kind", Kind::Person.word())?;
        plan.set(&person, "name", manager.clone())?;
        plan.add(&person, "roles", "manager")?;
        managers.push(manager);
    }
    plan.put(&entity, "managers", &managers)?;
    if let Some(first) = managers.first() {
        plan.set(&entity, "primary", first.clone())?;
    }
    add_holidays(plan, &init.holidays)?;
    plan.receipt.ids.push(name.clone());
    plan.say(format!(
        "The desk {name} is ready, with the process {}.",
        profile.title
    ));
    if managers.len() < 2 {
        plan.warn("A desk has two release managers; add the other with `relmate person add NAME --role manager`.");
    }
    Ok(())
}

fn add_holidays(plan: &mut Plan<'_, '_>, days: &[(NaiveDate, String)]) -> Result<usize, Refusal> {
    let mut added = 0;
    for (day, name) in days {
        let holiday = json!(Holiday {
            day: *day,
            name: name.clone()
        });
        added += usize::from(plan.add(&desk_entity(), "holidays", holiday)?);
    }
    Ok(added)
}

/// Days on which nobody works.
pub fn holidays(
    plan: &mut Plan<'_, '_>,
    days: &[(NaiveDate, String)],
    source: &str,
    rejected: &[Rejected],
) -> Result<(), Refusal> {
    for line in rejected {
        plan.warn(format!("{}: {}", line.source, line.why));
    }
    let added = add_holidays(plan, days)?;
    plan.receipt.ids.push(plan.desk.name.clone());
    plan.say(format!(
        "{added} new holidays from {source}, {} known already.",
        days.len() - added
    ));
    Ok(())
}

/// Another version of the process profile, with its reason.
pub fn profile(plan: &mut Plan<'_, '_>, text: &str, reason: &str) -> Result<(), Refusal> {
    let profile = parse::parse(text)?;
    if reason.trim().is_empty() {
        return Err(Refusal::usage(
            "A change of the process needs a reason.",
            "Write `relmate profile edit FILE --reason R`.",
        ));
    }
    let entity = desk_entity();
    if !plan.set(&entity, "profile", text)? {
        plan.say("The profile is the same as before.");
        return Ok(());
    }
    let version = plan.desk.profile_version + 1;
    plan.set(&entity, "profile_version", version)?;
    plan.event(
        &entity,
        "profile",
        json!({"version": version, "reason": reason}),
    );
    plan.receipt.ids.push(plan.desk.name.clone());
    plan.say(format!(
        "The process is now {} (change {version}): {reason}. Limits in force on entry still apply.",
        profile.title
    ));
    Ok(())
}

/// A person with a part in the release.
pub fn person_add(
    plan: &mut Plan<'_, '_>,
    name: &str,
    mail: Option<&str>,
    organisation: Option<&str>,
    roles: &[String],
) -> Result<(), Refusal> {
    let entity = plan.create_named(Kind::Person, name)?;
    plan.set_some(&entity, "mail", mail.as_ref())?;
    plan.set_some(&entity, "organisation", organisation.as_ref())?;
    for role in roles {
        plan.add(&entity, "roles", role.as_str())?;
    }
    if roles.iter().any(|role| role == "manager") {
        let mut managers = plan.desk.managers.clone();
        managers.push(clean_name(name)?);
        plan.put(&desk_entity(), "managers", &managers)?;
    }
    let list = if roles.is_empty() {
        String::new()
    } else {
        format!(" ({})", roles.join(", "))
    };
    plan.say(format!("{name} is on the desk{list}."));
    Ok(())
}

/// An absence, so that the other manager knows.
pub fn person_away(plan: &mut Plan<'_, '_>, name: &str, away: Away) -> Result<(), Refusal> {
    let loaded = plan.load(Kind::Person, name)?;
    if away.to < away.from {
        return Err(Refusal::usage(
            format!("{} is before {}.", away.to, away.from),
            "Give the first day, then the last one.",
        ));
    }
    plan.say(format!(
        "{} is away from {} to {}.",
        loaded.row.id, away.from, away.to
    ));
    plan.add(&loaded.entity, "away", json!(away))?;
    let mut all = plan.desk.away.clone();
    all.entry(loaded.row.id.clone()).or_default().push(away);
    let list = all.remove(&loaded.row.id).unwrap_or_default();
    plan.put(&desk_entity(), &format!("away:{}", loaded.row.id), &list)?;
    plan.receipt.ids.push(loaded.row.id);
    Ok(())
}

/// The address under every text; without one there is none.
pub fn contact(plan: &mut Plan<'_, '_>, mail: Option<&str>) -> Result<(), Refusal> {
    let mail = mail.map(str::trim).filter(|mail| !mail.is_empty());
    if let Some(mail) = mail.filter(|mail| !is_mail(mail)) {
        return Err(Refusal::usage(
            format!("{mail:?} is not a mail address."),
            "Write it as name@example.org.",
        ));
    }
    match mail {
        Some(mail) => plan.set(&desk_entity(), "contact", mail)?,
        None => plan.clear(&desk_entity(), "contact")?,
    };
    plan.say(match mail {
        Some(mail) => format!("Questions go to {mail}."),
        None => "No address stands under the texts.".to_owned(),
    });
    Ok(())
}

/// Only a release manager is primary.
pub fn manages(person: &Person, managers: &[String]) -> Result<(), Refusal> {
    if person.is_manager() {
        return Ok(());
    }
    Err(Refusal::rule(
        format!("{} is not a release manager of this desk.", person.name),
        format!("The managers are {}.", and(managers)),
    ))
}

/// Who is primary today.
pub fn primary(plan: &mut Plan<'_, '_>, name: &str) -> Result<(), Refusal> {
    let person = plan.person(name)?;
    manages(&person, &plan.desk.managers)?;
    plan.set(&desk_entity(), "primary", person.name.clone())?;
    plan.receipt.ids.push(person.name.clone());
    plan.say(format!("{} is primary.", person.name));
    Ok(())
}
