//! What comes back before a report: that a site will try it, that it runs it, that it did
//! not wait; and the reminder to one that is silent.

use serde_json::json;

use super::Trial;
use crate::domain::calendar::spoken;
use crate::domain::kind::Kind;
use crate::domain::message::MessageKind;
use crate::domain::queue::ticket::Early;
use crate::domain::rollout::decision::{Mark, SiteLine};
use crate::domain::rollout::guard;
use crate::workspace::act::letters::{Draft, To};
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

/// A site will try it, or runs it now.
pub(super) fn accept(
    plan: &mut Plan<'_, '_>,
    id: &str,
    site: &str,
    deployed: bool,
) -> Result<(), Refusal> {
    let trial = plan.trial(id)?;
    let (_, site) = plan.site(site)?;
    let announcement = guard::answered(&trial.ticket, &trial.rollout.announcements, &site.name)?;
    if let Some(turn) = announcement.turn.get(&site.name) {
        plan.not_before(&announcement.id, turn.announced)?;
    }
    let entity = plan.announcement_entity(&announcement.id)?;
    let (field, said) = if deployed {
        ("deployed", "runs")
    } else {
        ("accepted", "will try")
    };
    let at = plan.at();
    plan.put(&entity, &format!("{field}:{}", site.name), &at)?;
    plan.say(format!("{} {said} {}.", site.name, trial.ticket.label()));
    plan.receipt
        .ids
        .extend([announcement.id.clone(), trial.ticket.id.clone()]);
    Ok(())
}

/// A site goes ahead of the rollout at its own risk.
pub(super) fn early(
    plan: &mut Plan<'_, '_>,
    id: &str,
    site: &str,
    (accepted_by, version): (Option<&str>, Option<&str>),
) -> Result<(), Refusal> {
    let trial = plan.trial(id)?;
    let (_, site) = plan.site(site)?;
    let (ticket, name) = (&trial.ticket, &site.name);
    let profile = plan.whole_profile()?;
    guard::early(ticket, &trial.rollout.announcements, &site, &profile)?;
    let Some(accepted_by) = accepted_by.filter(|it| !it.trim().is_empty()) else {
        return Err(Refusal::usage(
            format!("Who at {name} takes the risk is not said."),
            format!(
                "Write `relmate site early {} {name} --accepted-by NAME`.",
                ticket.id
            ),
        ));
    };
    plan.not_before(&ticket.id, ticket.standing.entered)?;
    if let Some(known) = ticket.early.get(name) {
        let since = spoken(known.at.day(&plan.rules()?.zone));
        return Err(Refusal::rule(
            format!(
                "{name} has gone ahead since {since}; {} took the risk.",
                known.accepted_by
            ),
            format!(
                "What came of it: `relmate site report {} {name} --outcome OUTCOME`.",
                ticket.id
            ),
        ));
    }
    let early = Early {
        at: plan.at(),
        accepted_by: accepted_by.trim().to_owned(),
        version: version
            .map(str::to_owned)
            .or_else(|| ticket.version.clone()),
        by: plan.actor.name().to_owned(),
    };
    plan.put(&trial.entity, &format!("early:{name}"), &early)?;
    plan.say(format!(
        "{name} goes ahead with {} at its own risk, taken by {}.",
        ticket.label(),
        early.accepted_by
    ));
    plan.receipt.ids.extend([ticket.id.clone(), name.clone()]);
    let mut facts = plan.ticket_facts(ticket)?;
    facts["site"] = json!(name);
    facts["accepted_by"] = json!(early.accepted_by);
    facts["on"] = json!(spoken(plan.day()?));
    plan.draft_of_ticket(MessageKind::OwnRisk, To::Site(name), ticket, facts)?;
    Ok(())
}

/// Drafts reminders to sites that still have time and have said nothing.
pub(super) fn remind(plan: &mut Plan<'_, '_>, id: &str, sites: &[String]) -> Result<(), Refusal> {
    let trial = plan.trial(id)?;
    guard::announced(&trial.ticket, &trial.rollout.announcements)?;
    let decision = {
        let rules = plan.rules()?;
        let today = plan.day()?;
        trial.rollout.decide(&trial.ticket, &rules.setting(), today)
    };
    let mut names = Vec::new();
    for site in sites {
        names.push(plan.load(Kind::Site, site)?.row.id);
    }
    if names.is_empty() {
        guard::remindable(&trial.ticket, &decision)?;
    }
    for name in &names {
        let line = decision.sites.iter().find(|it| it.site == *name);
        guard::silent(&trial.ticket, name, line)?;
    }
    let reminded = |line: &SiteLine| {
        let mut all = trial.rollout.announcements.iter();
        all.any(|it| it.reminder.contains_key(&line.site))
    };
    let wanted = |line: &&SiteLine| match names.as_slice() {
        // Who was reminded is reminded again only by name.
        [] => matches!(line.mark, Mark::Running { .. }) && !reminded(line),
        names => names.contains(&line.site),
    };
    let lines: Vec<&SiteLine> = decision.sites.iter().filter(wanted).collect();
    if lines.is_empty() {
        plan.say("Every site whose time runs has been reminded; name one to remind it again.");
    }
    for line in lines {
        remind_one(plan, &trial, line)?;
    }
    plan.receipt.ids.push(trial.ticket.id);
    Ok(())
}

fn remind_one(plan: &mut Plan<'_, '_>, trial: &Trial, line: &SiteLine) -> Result<(), Refusal> {
    let (Some(id), Some(announced), Some(due)) = (&line.announcement, line.announced, line.due)
    else {
        return Ok(());
    };
    let mut facts = plan.ticket_facts(&trial.ticket)?;
    facts["site"] = json!(line.site);
    facts["announced"] = json!(spoken(announced));
    facts["due"] = json!(spoken(due));
    let message = plan.draft_letter(Draft {
        kind: MessageKind::Reminder,
        to: To::Site(&line.site),
        product: &trial.ticket.product,
        channel_id: None,
        about: vec![id.clone(), trial.ticket.id.clone()],
        facts,
        trigger: String::new(),
    })?;
    let entity = plan.announcement_entity(id)?;
    plan.set(&entity, &format!("reminder:{}", line.site), message)?;
    Ok(())
}
