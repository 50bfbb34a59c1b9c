//! The end of a rollout: good for wide deployment, with the notice to all sites, or
//! over without being good.

use serde_json::json;

use crate::domain::clock::Pause;
use crate::domain::kind::Kind;
use crate::domain::message::MessageKind;
use crate::domain::noun::Noun;
use crate::domain::queue::ticket::Ticket;
use crate::domain::rollout::announcement::{Announcement, AnnouncementStanding, AnnouncementState};
use crate::domain::rollout::decision::Decision;
use crate::ledger::EntityId;
use crate::workspace::act::letters::To;
use crate::workspace::look::rollout::Rollout;
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

/// Closes the announcements of a ticket that is good, and drafts the notice to every
/// production site.
pub fn good(
    plan: &mut Plan<'_, '_>,
    ticket: &Ticket,
    rollout: &Rollout,
    decision: &Decision,
) -> Result<(), Refusal> {
    close(plan, rollout, AnnouncementState::Good, &decision.sentence)?;
    plan.say(decision.sentence.clone());
    let mut to = Vec::new();
    for row in plan.writing.reader().all(Kind::Site)? {
        if let Some(Noun::Site(site)) = row.noun()?
            && site.production != Some(false)
            && let Some(contact) = site.contact
            && !to.contains(&contact)
        {
            to.push(contact);
        }
    }
    if to.is_empty() {
        plan.say("No site has a contact, so there is no notice to draft.");
        return Ok(());
    }
    let mut facts = plan.ticket_facts(ticket)?;
    facts["sentence"] = json!(decision.sentence);
    facts["errors"] = json!(plan.known_errors(&ticket.product, ticket.version.as_deref())?);
    plan.draft_of_ticket(MessageKind::WideDeployment, To::These(&to), ticket, facts)?;
    Ok(())
}

/// Closes the announcements of a ticket that leaves its rollout otherwise, and drafts word
/// of it to the sites that were told. None of them is asked to take anything back.
pub fn end(plan: &mut Plan<'_, '_>, ticket: &Ticket, reason: &str) -> Result<(), Refusal> {
    let rollout = Rollout::of(&plan.writing.reader(), &ticket.id)?;
    let mut to = Vec::new();
    for announcement in &rollout.announcements {
        if !announcement.standing.state.is_open() {
            continue;
        }
        // Who was never told of it needs no word that it is over.
        for (site, _) in announcement.turn.iter().filter(|(_, turn)| turn.sent) {
            let site = plan.find(Kind::Site, site)?.map(|it| it.noun);
            if let Some(Noun::Site(site)) = site
                && let Some(contact) = site.contact
                && !to.contains(&contact)
            {
                to.push(contact);
            }
        }
    }
    close(plan, &rollout, AnnouncementState::Ended, reason)?;
    if to.is_empty() {
        return Ok(());
    }
    let mut facts = plan.ticket_facts(ticket)?;
    facts["reason"] = json!(reason);
    plan.draft_of_ticket(MessageKind::RolloutEnded, To::These(&to), ticket, facts)?;
    Ok(())
}

fn close(
    plan: &mut Plan<'_, '_>,
    rollout: &Rollout,
    state: AnnouncementState,
    sentence: &str,
) -> Result<(), Refusal> {
    for announcement in &rollout.announcements {
        if !announcement.standing.state.is_open() {
            continue;
        }
        let entity = plan.announcement_entity(&announcement.id)?;
        halted_until_now(plan, &entity, announcement)?;
        let standing = AnnouncementStanding {
            state,
            entered: plan.at(),
            sentence: Some(sentence.to_owned()),
            profile: plan.profile_version(),
        };
        plan.put(&entity, "state", &standing)?;
        plan.receipt.ids.push(announcement.id.clone());
    }
    Ok(())
}

/// The days on which a rollout was halted hold nothing against a site: whoever was told to
/// wait is not silent.
pub fn halted_until_now(
    plan: &mut Plan<'_, '_>,
    entity: &EntityId,
    announcement: &Announcement,
) -> Result<(), Refusal> {
    let standing = &announcement.standing;
    if standing.state != AnnouncementState::Halted {
        return Ok(());
    }
    let pause = Pause {
        from: standing.entered.day(&plan.rules()?.zone),
        until: Some(plan.day()?),
        reason: "the rollout was halted".to_owned(),
    };
    plan.add(entity, "pauses", json!(pause))?;
    Ok(())
}
