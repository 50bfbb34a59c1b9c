//! The register of rollout sites: who they are, what they agreed to, when they are away
//! and what they run.

use chrono::NaiveDate;
use serde_json::json;

use crate::domain::calendar::spoken;
use crate::domain::kind::Kind;
use crate::domain::message::MessageState;
use crate::domain::noun::Noun;
use crate::domain::people::is_mail;
use crate::domain::rollout::guard;
use crate::domain::rollout::site::{Absence, ReportDuty, Running, Site, Sla, Tick, tick_name};
use crate::ledger::EntityId;
use crate::store::zones;
use crate::workspace::action::{Agreement, SiteCard};
use crate::workspace::perform::unknown_zone;
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

/// What a site may be called, reached under and timed by.
pub fn fits(field: &str, value: &str) -> Result<(), Refusal> {
    match field {
        "contact" if !is_mail(value) => Err(Refusal::usage(
            format!("{value:?} is not a mail address."),
            "Write it as name@example.org.",
        )),
        "timezone" => zones::zone(value)
            .map(drop)
            .map_err(|_| unknown_zone(value)),
        _ => Ok(()),
    }
}

pub fn add(plan: &mut Plan<'_, '_>, card: &SiteCard) -> Result<(), Refusal> {
    for (field, value) in [("contact", &card.contact), ("timezone", &card.timezone)] {
        if let Some(value) = value {
            fits(field, value)?;
        }
    }
    let name = &card.name;
    let entity = plan.create_named(Kind::Site, name)?;
    plan.set_some(&entity, "country", card.country.as_ref())?;
    plan.set_some(&entity, "contact", card.contact.as_ref())?;
    plan.set_some(&entity, "timezone", card.timezone.as_ref())?;
    if !card.platforms.is_empty() {
        plan.put(&entity, "platforms", &card.platforms)?;
    }
    plan.say(format!("{name} is a rollout site."));
    if card.contact.is_none() {
        plan.warn(format!("{name} has no contact."));
    }
    Ok(())
}

pub(super) fn sla(plan: &mut Plan<'_, '_>, asked: &Agreement) -> Result<(), Refusal> {
    let (entity, site) = plan.site(&asked.site)?;
    let product = plan.load(Kind::Product, &asked.product)?.row.id;
    let sla = Sla {
        days: asked.days,
        working: asked.working,
        from: asked.from,
        to: asked.to,
        target: asked.target,
        reports: asked.reports,
        reason: asked.reason.clone(),
    };
    guard::sane_agreement(&sla)?;
    let profile = plan.whole_profile()?;
    guard::listable(&site, &product, &profile, asked.reason.as_deref())?;
    let kept_as = site.kept_as(&product, &sla);
    plan.put(&entity, &format!("sla:{kept_as}"), &sla)?;
    let name = &site.name;
    let what = match sla.reports {
        ReportDuty::Always => "reports on",
        ReportDuty::FailuresOnly => "reports failures of",
    };
    plan.say(format!("{name} {what} {product} within {}.", sla.limit()));
    let unseen = profile
        .site_criterion
        .iter()
        .filter(|it| site.meets(&it.id, Some(&product)).is_none())
        .count();
    if unseen > 0 && site.criteria.is_empty() {
        plan.say(format!(
            "Nobody has looked yet at what a site needs: `relmate site criteria {name} --met ALL`."
        ));
    } else if unseen > 0 {
        plan.say(format!("{unseen} criteria of {name} have no tick yet."));
    }
    plan.receipt.ids.push(site.name);
    Ok(())
}

/// A product by the name that the desk knows, if one was named.
fn product_name(plan: &Plan<'_, '_>, named: Option<&str>) -> Result<Option<String>, Refusal> {
    let found = named.map(|product| plan.load(Kind::Product, product));
    Ok(found.transpose()?.map(|it| it.row.id))
}

pub(super) fn criteria(
    plan: &mut Plan<'_, '_>,
    name: &str,
    (met, lacking): (&[String], &[String]),
    product: Option<&str>,
) -> Result<(), Refusal> {
    let (entity, site) = plan.site(name)?;
    let product = product_name(plan, product)?;
    let profile = plan.whole_profile()?;
    let known = &profile.site_criterion;
    let ids: Vec<&str> = known.iter().map(|it| it.id.as_str()).collect();
    if met.is_empty() && lacking.is_empty() {
        return Err(Refusal::usage(
            "No criterion was given.",
            format!(
                "Write --met or --lacking and one of {}, or ALL.",
                ids.join(", ")
            ),
        ));
    }
    let mut ticks: Vec<(&str, bool)> = Vec::new();
    for (asked, is_met) in met
        .iter()
        .map(|it| (it, true))
        .chain(lacking.iter().map(|it| (it, false)))
    {
        if asked.eq_ignore_ascii_case("all") {
            ticks.extend(ids.iter().map(|id| (*id, is_met)));
            continue;
        }
        let Some(id) = ids.iter().find(|id| id.eq_ignore_ascii_case(asked)) else {
            return Err(Refusal::not_found(
                format!("The profile asks for no {asked:?} of a site."),
                format!("It asks for {}.", ids.join(", ")),
            ));
        };
        // What is named by itself counts over ALL.
        ticks.retain(|(known, _)| known != id);
        ticks.push((id, is_met));
    }
    let (on, by) = (plan.day()?, plan.actor.name().to_owned());
    for (id, met) in &ticks {
        let tick = Tick {
            met: *met,
            on,
            by: by.clone(),
        };
        let name = tick_name(id, product.as_deref());
        plan.put(&entity, &format!("criteria:{name}"), &tick)?;
    }
    let count = ticks.iter().filter(|(_, met)| *met).count();
    plan.say(format!(
        "{}: {count} of {} criteria met, {} lacking.",
        site.name,
        ids.len(),
        ticks.len() - count
    ));
    plan.receipt.ids.push(site.name);
    Ok(())
}

pub(super) fn absent(
    plan: &mut Plan<'_, '_>,
    name: &str,
    (from, to): (NaiveDate, Option<NaiveDate>),
    product: Option<&str>,
    reason: Option<&str>,
) -> Result<(), Refusal> {
    let (entity, site) = plan.site(name)?;
    if let Some(to) = to.filter(|to| *to < from) {
        return Err(Refusal::rule(
            format!(
                "An absence cannot end on {}, before it begins on {}.",
                spoken(to),
                spoken(from)
            ),
            "Give --to a later day.",
        ));
    }
    let product = product_name(plan, product)?;
    let absence = Absence {
        from,
        to,
        product: product.clone(),
        reason: reason.map(str::to_owned),
    };
    plan.add(&entity, "away", json!(absence))?;
    let what = product.map_or("nothing".to_owned(), |it| format!("no {it}"));
    let until = to.map_or("until further notice".to_owned(), |to| {
        format!("to {}", spoken(to))
    });
    plan.say(format!(
        "{} tries {what} from {} {until}.",
        site.name,
        spoken(from)
    ));
    plan.receipt.ids.push(site.name);
    Ok(())
}

pub(super) fn runs(
    plan: &mut Plan<'_, '_>,
    (name, product): (&str, &str),
    version: &str,
    platform: Option<&str>,
    how: Option<&str>,
) -> Result<(), Refusal> {
    let (entity, site) = plan.site(name)?;
    let product = plan.load(Kind::Product, product)?.row.id;
    if version.trim().is_empty() {
        return Err(Refusal::usage(
            "A version may not be empty.",
            "Write the version that the software reports.",
        ));
    }
    let running = Running {
        version: version.trim().to_owned(),
        platform: platform.map(str::to_owned),
        on: plan.day()?,
        how: how.map(str::to_owned),
    };
    let name = site.name.clone();
    sighted(plan, (&entity, &site), &product, &running)?;
    plan.receipt.ids.push(name);
    Ok(())
}

/// Keeps which version a site runs; what was seen earlier never stands over what was seen
/// later.
pub(super) fn sighted(
    plan: &mut Plan<'_, '_>,
    (entity, site): (&EntityId, &Site),
    product: &str,
    running: &Running,
) -> Result<(), Refusal> {
    let name = &site.name;
    if let Some(known) = site.runs.get(product).filter(|it| it.on > running.on) {
        plan.warn(format!(
            "{name} runs {product} {} since {}; what was seen on {} is older and is not kept.",
            known.version,
            spoken(known.on),
            spoken(running.on)
        ));
        return Ok(());
    }
    let was = match site.runs.get(product) {
        Some(before) if before.version != running.version => {
            format!(", {} until now", before.version)
        }
        _ => String::new(),
    };
    plan.put(entity, &format!("runs:{product}"), running)?;
    plan.say(format!("{name} runs {product} {}{was}.", running.version));
    Ok(())
}

/// A site is back: whatever kept it away without an end ends the day before.
pub(super) fn back(
    plan: &mut Plan<'_, '_>,
    name: &str,
    on: NaiveDate,
    product: Option<&str>,
) -> Result<(), Refusal> {
    let (entity, site) = plan.site(name)?;
    let product = product_name(plan, product)?;
    let ends = |away: &&Absence| {
        let of_it = product.is_none() || away.product == product;
        of_it && away.ends_after(on)
    };
    let open: Vec<&Absence> = site.away.iter().filter(ends).collect();
    guard::is_away(&site, &open)?;
    let last = on.pred_opt().unwrap_or(on);
    for away in open {
        plan.remove(&entity, "away", json!(away))?;
        if away.from <= last {
            let ended = Absence {
                to: Some(last),
                ..away.clone()
            };
            plan.add(&entity, "away", json!(ended))?;
        }
    }
    let what = product.unwrap_or_else(|| "releases".to_owned());
    plan.say(format!(
        "{} tries {what} again from {}.",
        site.name,
        spoken(on)
    ));
    plan.receipt.ids.push(site.name);
    Ok(())
}

/// Drafts to a site that had no addressee get the new contact.
pub fn address_waiting(plan: &mut Plan<'_, '_>, site: &str, contact: &str) -> Result<(), Refusal> {
    let drafted = MessageState::Drafted.word();
    for row in plan.writing.reader().in_state(Kind::Message, drafted)? {
        if let Some(Noun::Message(message)) = row.noun()?
            && message.to.is_empty()
            && message.site.as_deref() == Some(site)
        {
            let loaded = plan.loaded(row)?;
            plan.set(&loaded.entity, "to", json!([contact]))?;
            plan.say(format!("{} now goes to {contact}.", message.id));
        }
    }
    Ok(())
}
