//! A release is announced to its rollout sites: each with its own last day, each with a
//! text of its own.

use serde_json::{Value, json};

use super::Trial;
use crate::domain::calendar::spoken;
use crate::domain::clock::{self, Limit};
use crate::domain::kind::Kind;
use crate::domain::message::{Message, MessageKind};
use crate::domain::noun::Noun;
use crate::domain::rollout::announcement::{
    Announcement, AnnouncementStanding, AnnouncementState, Turn,
};
use crate::domain::rollout::guard;
use crate::domain::rollout::site::{ReportDuty, Site};
use crate::ledger::EntityId;
use crate::workspace::act::letters::{Draft, To};
use crate::workspace::action::Announce;
use crate::workspace::cause::Cause;
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

pub(super) fn announce(plan: &mut Plan<'_, '_>, asked: &Announce) -> Result<(), Refusal> {
    let trial = plan.trial(&asked.ticket)?;
    let profile = plan.whole_profile()?;
    guard::announceable(&trial.ticket, &profile)?;
    guard::not_halted(
        &trial.ticket,
        &trial.rollout.announcements,
        &trial.rollout.problems,
    )?;
    plan.not_before(&trial.ticket.id, trial.ticket.standing.entered)?;
    let own = guard::own_period(asked.days, asked.working)?;
    let sites = if asked.sites.is_empty() {
        listed(plan, &trial, own)?
    } else {
        named(plan, &trial, asked, own)?
    };
    let (entity, id) = of_ticket(plan, &trial)?;
    plan.receipt.ids.insert(0, trial.ticket.id.clone());
    plan.put(&trial.entity, "announced", &plan.at())?;
    plan.say(format!(
        "{id} announces {} to {} site{}.",
        trial.ticket.label(),
        sites.len(),
        if sites.len() == 1 { "" } else { "s" }
    ));
    for (site, limit) in &sites {
        tell(plan, &trial, (&entity, &id), (site, *limit), asked.told)?;
    }
    Ok(())
}

/// The sites that a person names; each has to be fit to be told.
fn named(
    plan: &Plan<'_, '_>,
    trial: &Trial,
    asked: &Announce,
    own: Option<Limit>,
) -> Result<Vec<(Site, Limit)>, Refusal> {
    let day = plan.day()?;
    let mut sites: Vec<(Site, Limit)> = Vec::new();
    for name in &asked.sites {
        let (_, site) = plan.site(name)?;
        if let Some(since) = told_since(plan, trial, &site.name)? {
            return Err(Refusal::rule(
                format!("{} was told of {} on {since}.", site.name, trial.ticket.id),
                format!(
                    "Remind it with `relmate site remind {} {}`.",
                    trial.ticket.id, site.name
                ),
            ));
        }
        let limit = guard::period(&site, &trial.ticket, own, day)?;
        if !sites.iter().any(|(known, _)| known.name == site.name) {
            sites.push((site, limit));
        }
    }
    Ok(sites)
}

/// Every site with an agreement on the product; who is left out is named.
fn listed(
    plan: &mut Plan<'_, '_>,
    trial: &Trial,
    own: Option<Limit>,
) -> Result<Vec<(Site, Limit)>, Refusal> {
    let (day, ticket) = (plan.day()?, &trial.ticket);
    let mut sites = Vec::new();
    let mut left_out = Vec::new();
    for row in plan.writing.reader().all(Kind::Site)? {
        let Some(Noun::Site(site)) = row.noun()? else {
            continue;
        };
        if site.agreement(&ticket.product, day).is_none()
            || told_since(plan, trial, &site.name)?.is_some()
        {
            continue;
        }
        match guard::period(&site, ticket, own, day) {
            Ok(limit) => sites.push((*site, limit)),
            Err(refused) => left_out.push(refused.message),
        }
    }
    if sites.is_empty() {
        let told = trial
            .rollout
            .announcements
            .iter()
            .any(|it| !it.turn.is_empty());
        let (product, id) = (&ticket.product, &ticket.id);
        let mut message = if told {
            format!("Every site with an agreement on {product} has been told of {id}.")
        } else {
            format!("No site has an agreement on {product} that holds.")
        };
        for reason in left_out {
            message = format!("{message} {reason}");
        }
        return Err(Refusal::usage(
            message,
            format!(
                "Name sites with --to SITE; `relmate site pick {product}` shows who could try it; `relmate site sla SITE --product {product} --days N` makes an agreement."
            ),
        ));
    }
    for reason in left_out {
        plan.warn(format!("Left out: {reason}"));
    }
    Ok(sites)
}

fn told_since(plan: &Plan<'_, '_>, trial: &Trial, site: &str) -> Result<Option<String>, Refusal> {
    let zone = &plan.rules()?.zone;
    let turn = trial
        .rollout
        .announcements
        .iter()
        .find_map(|it| it.turn.get(site));
    Ok(turn.map(|turn| spoken(turn.announced.day(zone))))
}

/// The ticket's announcement, or a new one.
fn of_ticket(plan: &mut Plan<'_, '_>, trial: &Trial) -> Result<(EntityId, String), Refusal> {
    if let Some(known) = trial.rollout.announcements.first() {
        plan.receipt.ids.push(known.id.clone());
        return Ok((plan.announcement_entity(&known.id)?, known.id.clone()));
    }
    let ticket = &trial.ticket;
    let standing = AnnouncementStanding {
        state: AnnouncementState::Running,
        entered: plan.at(),
        sentence: None,
        profile: plan.profile_version(),
    };
    let cause = Cause {
        rule: "announce",
        subject: &trial.entity,
        trigger: "",
    };
    let (entity, id) = plan.create_for(Kind::Announcement, cause)?;
    plan.set(&entity, "ticket", ticket.id.clone())?;
    plan.set(&entity, "product", ticket.product.clone())?;
    plan.set_some(&entity, "version", ticket.version.as_ref())?;
    plan.set(&entity, "platform", ticket.platform.clone())?;
    plan.set(&entity, "arch", ticket.arch.clone())?;
    plan.put(&entity, "state", &standing)?;
    let owner = ticket.owner.clone();
    let owner = owner.unwrap_or_else(|| plan.actor.name().to_owned());
    plan.set(&entity, "owner", owner)?;
    Ok((entity, id))
}

fn tell(
    plan: &mut Plan<'_, '_>,
    trial: &Trial,
    (entity, id): (&EntityId, &str),
    (site, limit): (&Site, Limit),
    told: bool,
) -> Result<(), Refusal> {
    let rules = plan.rules()?;
    let due = spoken(clock::due(
        limit,
        plan.at().day(&rules.zone),
        &[],
        &rules.calendar,
    ));
    let reports = site
        .agreement(&trial.ticket.product, plan.day()?)
        .map_or(ReportDuty::Always, |sla| sla.reports);
    let message = if told {
        None
    } else {
        let facts = facts(plan, trial, site, (limit, &due), reports)?;
        Some(plan.draft_letter(Draft {
            kind: MessageKind::Announcement,
            to: To::Site(&site.name),
            product: &trial.ticket.product,
            channel_id: None,
            about: vec![id.to_owned(), trial.ticket.id.clone()],
            facts,
            trigger: String::new(),
        })?)
    };
    let turn = Turn {
        announced: plan.at(),
        sent: told,
        message,
        limit,
        reports,
        pauses: Vec::new(),
    };
    plan.put(entity, &format!("turn:{}", site.name), &turn)?;
    if told {
        plan.put(entity, &format!("sent:{}", site.name), &turn.announced)?;
    }
    plan.say(format!("{} has {limit}, until {due}.", site.name));
    Ok(())
}

/// What an announcement tells a site.
fn facts(
    plan: &Plan<'_, '_>,
    trial: &Trial,
    site: &Site,
    (limit, due): (Limit, &str),
    reports: ReportDuty,
) -> Result<Value, Refusal> {
    let ticket = &trial.ticket;
    let product = match plan.find(Kind::Product, &ticket.product)?.map(|it| it.noun) {
        Some(Noun::Product(product)) => Some(product),
        _ => None,
    };
    let mut facts = plan.ticket_facts(ticket)?;
    facts["site"] = json!(site.name);
    facts["limit"] = json!(limit.to_string());
    facts["due"] = json!(due);
    facts["announced"] = json!(spoken(plan.day()?));
    facts["failures_only"] = json!(reports == ReportDuty::FailuresOnly);
    facts["packages"] = json!(ticket.packages);
    facts["notes_url"] = json!(ticket.notes_url);
    facts["watch"] = json!(ticket.watch);
    facts["documentation"] = json!(product.as_ref().and_then(|it| it.documentation.clone()));
    facts["version_report"] = json!(product.and_then(|it| it.version_report));
    facts["errors"] = json!(plan.known_errors(&ticket.product, ticket.version.as_deref())?);
    Ok(facts)
}

/// A site whose announcement is not sent after all is not one of those that were told.
pub fn left_out(
    plan: &mut Plan<'_, '_>,
    entity: &EntityId,
    announcement: &Announcement,
    message: &Message,
) -> Result<(), Refusal> {
    let Some(site) = message.site.as_deref() else {
        return Ok(());
    };
    let turn = announcement.turn.get(site);
    let of_it = turn.is_some_and(|it| !it.sent && it.message.as_ref() == Some(&message.id));
    if message.kind == MessageKind::Announcement && of_it {
        plan.clear(entity, &format!("turn:{site}"))?;
        plan.say(format!("{site} is not told of {}.", announcement.ticket));
    }
    Ok(())
}

/// What follows for an announcement once a text about it is out: only now the site knows,
/// and its period begins.
pub fn announced(
    plan: &mut Plan<'_, '_>,
    entity: &EntityId,
    announcement: &Announcement,
    message: &Message,
) -> Result<(), Refusal> {
    let Some(site) = message.site.as_deref() else {
        return Ok(());
    };
    let Some(turn) = announcement.turn.get(site) else {
        return Ok(());
    };
    if message.kind != MessageKind::Announcement || turn.sent {
        return Ok(());
    }
    let rules = plan.rules()?;
    let due = |at: crate::domain::when::When| {
        clock::due(turn.limit, at.day(&rules.zone), &[], &rules.calendar)
    };
    let (told, begins) = (due(turn.announced), due(plan.at()));
    let at = plan.at();
    plan.put(entity, &format!("sent:{site}"), &at)?;
    if begins > told {
        plan.warn(format!(
            "{} tells {site} to report by {}; sent today, its period ends on {}.",
            message.id,
            spoken(told),
            spoken(begins)
        ));
    } else {
        plan.say(format!("{site} has until {}.", spoken(told)));
    }
    Ok(())
}
