//! A release's way into a repository: what is written for it, and the step into
//! production that a release manager takes.

use serde_json::json;

use crate::domain::calendar::spoken;
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::queue::enter::{self, Moment};
use crate::domain::queue::guard::{self, Request};
use crate::domain::queue::step::Step;
use crate::domain::queue::ticket::{Promotion, Repository, Ticket};
use crate::ledger::EntityId;
use crate::workspace::look;
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

/// Writes that a ticket's release entered a repository, by whom and on what proof. The
/// guards of the step have been asked by then.
pub fn promote(
    plan: &mut Plan<'_, '_>,
    entity: &EntityId,
    to: Repository,
    proof: String,
) -> Result<(), Refusal> {
    let promotion = Promotion {
        to,
        at: plan.at(),
        by: plan.actor.person.clone(),
        proof,
    };
    plan.add(entity, "promotions", json!(promotion))?;
    Ok(())
}

/// `ticket promote`: a ready ticket goes into production by itself.
pub fn to_production(plan: &mut Plan<'_, '_>, id: &str) -> Result<(), Refusal> {
    let loaded = plan.load(Kind::Ticket, id)?;
    let Noun::Ticket(ticket) = &loaded.noun else {
        return Err(Refusal::not_found(format!("{id} is not a ticket."), ""));
    };
    let freeze = look::release::freeze(&plan.writing.reader(), ticket)?;
    let profile = plan.whole_profile()?;
    let person = plan.person(&plan.actor.person)?;
    let today = plan.today()?.min(plan.day()?);
    guard::refuse(
        Step::Promote,
        ticket,
        &Request {
            contested: loaded.row.contested,
            freeze: freeze.as_ref(),
            ..Request::new(&profile, &person, today)
        },
    )?;
    plan.not_before(&ticket.id, ticket.standing.entered)?;
    let proof = proof(plan, ticket, None)?;
    release(plan, &loaded.entity, ticket, proof)?;
    plan.receipt.ids.insert(0, ticket.id.clone());
    plan.say(format!(
        "{} ({}) is now {}, in the production repository.",
        ticket.id,
        ticket.label(),
        profile.label(crate::domain::queue::state::State::Released)
    ));
    Ok(())
}

/// Writes the state that promotion leads to, and its proof.
pub fn release(
    plan: &mut Plan<'_, '_>,
    entity: &EntityId,
    ticket: &Ticket,
    proof: String,
) -> Result<(), Refusal> {
    let profile = plan.whole_profile()?;
    let moment = Moment {
        at: plan.at(),
        day: plan.day()?,
        due: None,
    };
    let standing = enter::enter(Step::Promote, ticket, &profile, &moment);
    plan.put(entity, "state", &standing)?;
    plan.clear(entity, "later")?;
    promote(plan, entity, Repository::Production, proof)
}

/// Why a ticket may go into production: how it came to be ready, who tried it, and the
/// release that it is part of.
pub fn proof(
    plan: &Plan<'_, '_>,
    ticket: &Ticket,
    release: Option<&str>,
) -> Result<String, Refusal> {
    let rules = plan.rules()?;
    let since = spoken(ticket.standing.entered.day(&rules.zone));
    let stands = guard::stands(ticket, &rules.profile);
    let tried = match ticket.tested_by.as_slice() {
        [] => String::new(),
        sites => format!(", tried by {}", sites.join(", ")),
    };
    let part = release
        .map(|name| format!(", part of {name}"))
        .unwrap_or_default();
    Ok(format!("{stands} since {since}{tried}{part}"))
}
