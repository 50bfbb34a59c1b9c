//! A site reports: what it ran, how that went, and by which problem a failure is filed.
//! A report is never written over; two that differ are both kept and told.

use std::cmp::Ordering;

use serde_json::json;

use super::{Trial, sites};
use crate::domain::calendar::spoken;
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::queue::ticket::Repository;
use crate::domain::queue::version;
use crate::domain::rollout::announcement::{Announcement, ReportOutcome, SiteReport};
use crate::domain::rollout::decision::{Mark, SiteLine};
use crate::domain::rollout::guard;
use crate::domain::rollout::site::{Running, Site};
use crate::domain::when::When;
use crate::ledger::EntityId;
use crate::workspace::action::Told;
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

pub(super) fn report(
    plan: &mut Plan<'_, '_>,
    id: &str,
    site: &str,
    told: &Told,
) -> Result<(), Refusal> {
    let trial = plan.trial(id)?;
    let (site_entity, site) = plan.site(site)?;
    let announcement =
        guard::answered(&trial.ticket, &trial.rollout.announcements, &site.name)?.clone();
    began(plan, &trial, &announcement, &site)?;
    right_version(plan, &trial, &site, told)?;
    let report = SiteReport {
        site: site.name.clone(),
        outcome: told.outcome,
        received: plan.at(),
        recorded: Some(When::Instant(plan.time.now)),
        version: told.version.clone(),
        how: told.how.clone(),
        tested: told.tested.clone(),
        exposed: told.exposed.clone(),
        issues: told.issues.clone(),
        minutes: told.minutes,
        widely: told.widely,
        note: told.note.clone(),
        by: plan.actor.name().to_owned(),
    };
    second(plan, &announcement, &report)?;
    let entity = plan.announcement_entity(&announcement.id)?;
    plan.add(&entity, "reports", json!(report))?;
    let turn = announcement.turn.get(&site.name);
    if let Some(turn) = turn.filter(|turn| !turn.sent) {
        // Who reports has been told.
        plan.put(&entity, &format!("sent:{}", site.name), &turn.announced)?;
        plan.say(format!(
            "{} reports, so it knows: its announcement counts as sent.",
            site.name
        ));
    }
    runs(plan, &trial, (&site_entity, &site), &report)?;
    plan.receipt.ids.extend([
        announcement.id.clone(),
        trial.ticket.id.clone(),
        site.name.clone(),
    ]);
    say(plan, &trial, &announcement, &report)
}

/// Nobody reports before being told.
fn began(
    plan: &Plan<'_, '_>,
    trial: &Trial,
    announcement: &Announcement,
    site: &Site,
) -> Result<(), Refusal> {
    let (since, how) = match (
        announcement.turn.get(&site.name),
        trial.ticket.early.get(&site.name),
    ) {
        (Some(turn), None) => (turn.announced, "was told of it"),
        (_, Some(early)) => (early.at, "went ahead"),
        (None, None) => return Ok(()),
    };
    let (zone, day) = (&plan.rules()?.zone, plan.day()?);
    if day >= since.day(zone) {
        return Ok(());
    }
    Err(Refusal::rule(
        format!(
            "A report of {} on {} cannot have come on {}: it {how} on {}.",
            site.name,
            trial.ticket.id,
            spoken(day),
            spoken(since.day(zone))
        ),
        "Give --at that day or a later one.",
    ))
}

/// What a site tried has to be what was announced; another version is another release.
fn right_version(
    plan: &Plan<'_, '_>,
    trial: &Trial,
    site: &Site,
    told: &Told,
) -> Result<(), Refusal> {
    let (Some(said), Some(announced)) = (&told.version, &trial.ticket.version) else {
        return Ok(());
    };
    let same = |left: &str, right: &str| {
        left.trim() == right.trim() || version::compare(left, right) == Some(Ordering::Equal)
    };
    if same(said, announced) || !told.outcome.is_trial() {
        return Ok(());
    }
    let (product, id) = (&trial.ticket.product, &trial.ticket.id);
    let mut known = None;
    for row in plan.writing.reader().all(Kind::Ticket)? {
        if let Some(Noun::Ticket(other)) = row.noun()?
            && other.product.eq_ignore_ascii_case(product)
            && other.version.as_deref().is_some_and(|it| same(it, said))
            && other.promoted(Repository::Beta).is_some()
        {
            known = Some(other.id);
            break;
        }
    }
    let name = &site.name;
    let message = match known {
        Some(other) => format!(
            "{name} ran {product} {said}, which is {other}; {id} announces {announced}. Both cannot be this trial."
        ),
        None => format!(
            "{name} ran {product} {said}, which was never in the beta repository; {id} announces {announced}."
        ),
    };
    Err(Refusal::rule(
        message,
        format!(
            "Report {id} as not-deployed, and record what it runs with `relmate site runs {name} --product {product} --version {said}`."
        ),
    ))
}

/// The same said twice is refused; something else is kept beside the first.
fn second(
    plan: &mut Plan<'_, '_>,
    announcement: &Announcement,
    report: &SiteReport,
) -> Result<(), Refusal> {
    let zone = plan.rules()?.zone.clone();
    let known = announcement
        .reports
        .iter()
        .filter(|it| it.site == report.site)
        .max_by_key(|it| it.order(&zone));
    let Some(known) = known else { return Ok(()) };
    let on = spoken(known.received.day(&zone));
    let (site, was, now) = (&report.site, known.outcome.label(), report.outcome.label());
    if (known.outcome, &known.version) == (report.outcome, &report.version) {
        return Err(Refusal::rule(
            format!("{site} reported {was} on {on} already."),
            format!(
                "Add a remark with `relmate comment {} TEXT`, or take it back with `relmate undo {}`.",
                announcement.id, announcement.id
            ),
        ));
    }
    plan.warn(format!(
        "{site} reported {was} on {on} and now {now}: both are kept; the first counts for its agreement, the last for the release."
    ));
    Ok(())
}

/// A report says what the site runs.
fn runs(
    plan: &mut Plan<'_, '_>,
    trial: &Trial,
    (entity, site): (&EntityId, &Site),
    report: &SiteReport,
) -> Result<(), Refusal> {
    let told = report.version.clone();
    let version = match report.outcome {
        ReportOutcome::NotDeployed => told,
        _ => told.or_else(|| trial.ticket.version.clone()),
    };
    let Some(version) = version else {
        return Ok(());
    };
    let product = &trial.ticket.product;
    if report.version.is_none() {
        plan.say(format!(
            "No version was told; {} is taken to run {version}, as announced.",
            site.name
        ));
    }
    let running = Running {
        version,
        platform: Some(trial.ticket.platform.clone()).filter(|it| !it.is_empty()),
        on: plan.day()?,
        how: Some(match (&report.how, &report.version) {
            (Some(how), _) => how.clone(),
            (None, Some(_)) => format!("report on {}", trial.ticket.id),
            (None, None) => format!("report on {}, version not told", trial.ticket.id),
        }),
    };
    sites::sighted(plan, (entity, site), product, &running)
}

/// In time or late, what a failure asks for, and what the rule says now.
fn say(
    plan: &mut Plan<'_, '_>,
    trial: &Trial,
    announcement: &Announcement,
    report: &SiteReport,
) -> Result<(), Refusal> {
    let (site, id) = (&report.site, &trial.ticket.id);
    let mut rollout = trial.rollout.clone();
    for known in &mut rollout.announcements {
        if known.id == announcement.id {
            known.reports.push(report.clone());
            if let Some(turn) = known.turn.get_mut(&report.site) {
                turn.sent = true;
            }
        }
    }
    let decision = {
        let rules = plan.rules()?;
        rollout.decide(&trial.ticket, &rules.setting(), plan.day()?)
    };
    let line = decision.sites.iter().find(|it| it.site == *site);
    let when = match line {
        Some(SiteLine {
            due: Some(due),
            late: true,
            ..
        }) => {
            format!("late: its period ended on {}", spoken(*due))
        }
        Some(SiteLine { due: Some(_), .. }) => "in time".to_owned(),
        _ => "at its own risk".to_owned(),
    };
    plan.say(format!(
        "{site} reports {} on {id}, {when}.",
        report.outcome.label()
    ));
    let failed = line.is_some_and(|it| it.mark == Mark::Reported(ReportOutcome::Failed));
    if failed && line.is_some_and(|it| it.problem.is_none()) {
        plan.say(format!(
            "File the failure: `relmate problem file --ticket {id} --site {site} --channel-id ID --text TEXT`."
        ));
    }
    plan.say(decision.sentence);
    Ok(())
}
