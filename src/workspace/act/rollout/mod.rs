//! The staged rollout: what sites agree to, who is told, what they report. Guards and
//! the deciding rule are the domain's; here they are asked, and the answer is written.

mod announce;
mod ending;
mod reachable;
mod report;
mod sites;
mod told;

use chrono::NaiveDate;

use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::problem::known_error::KnownError;
use crate::domain::queue::ticket::Ticket;
use crate::domain::rollout::site::Site;
use crate::ledger::EntityId;
use crate::workspace::action::RolloutAction;
use crate::workspace::look::errors;
use crate::workspace::look::gate::{self, Way};
use crate::workspace::look::rollout::{Rollout, ticket_id};
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

pub use announce::{announced, left_out};
pub use ending::{end, good, halted_until_now};
pub use reachable::reachable;
pub use sites::{add as site_add, address_waiting, fits as site_fits};

/// A ticket with all that belongs to its rollout.
struct Trial {
    entity: EntityId,
    ticket: Ticket,
    rollout: Rollout,
}

pub fn run(plan: &mut Plan<'_, '_>, action: &RolloutAction) -> Result<(), Refusal> {
    match action {
        RolloutAction::Sla(asked) => sites::sla(plan, asked),
        RolloutAction::Criteria {
            site,
            met,
            lacking,
            product,
        } => sites::criteria(plan, site, (met, lacking), product.as_deref()),
        RolloutAction::Back { site, on, product } => {
            sites::back(plan, site, *on, product.as_deref())
        }
        RolloutAction::Absent {
            site,
            from,
            to,
            product,
            reason,
        } => sites::absent(
            plan,
            site,
            (*from, *to),
            product.as_deref(),
            reason.as_deref(),
        ),
        RolloutAction::Runs {
            site,
            product,
            version,
            platform,
            how,
        } => sites::runs(
            plan,
            (site, product),
            version,
            platform.as_deref(),
            how.as_deref(),
        ),
        RolloutAction::Announce(asked) => announce::announce(plan, asked),
        RolloutAction::Accept { id, site, deployed } => told::accept(plan, id, site, *deployed),
        RolloutAction::Report { id, site, told } => report::report(plan, id, site, told),
        RolloutAction::Remind { id, sites } => told::remind(plan, id, sites),
        RolloutAction::Early {
            id,
            site,
            accepted_by,
            version,
        } => told::early(plan, id, site, (accepted_by.as_deref(), version.as_deref())),
    }
}

/// The ticket that an id means: a step of a ticket may be asked of its announcement.
pub fn meant(plan: &Plan<'_, '_>, id: &str) -> Result<String, Refusal> {
    let reader = plan.writing.reader();
    match reader.record(Some(Kind::Announcement), id)? {
        Some(row) => ticket_id(&reader, &row.id),
        None => Ok(id.to_owned()),
    }
}

/// A delay that was explained keeps its rollout out of the list until the day it names.
pub fn explained(plan: &mut Plan<'_, '_>, ticket: &str, until: NaiveDate) -> Result<(), Refusal> {
    let rollout = Rollout::of(&plan.writing.reader(), ticket)?;
    for announcement in rollout
        .announcements
        .iter()
        .filter(|it| it.standing.state.is_open())
    {
        let entity = plan.announcement_entity(&announcement.id)?;
        plan.put(&entity, "later", &until)?;
    }
    Ok(())
}

impl Plan<'_, '_> {
    /// The ticket that an id means, with its rollout.
    fn trial(&self, id: &str) -> Result<Trial, Refusal> {
        let reader = self.writing.reader();
        let id = ticket_id(&reader, id)?;
        let loaded = self.load(Kind::Ticket, &id)?;
        let Noun::Ticket(ticket) = loaded.noun else {
            return Err(Refusal::not_found(format!("{id} is not a ticket."), ""));
        };
        gate::open(&reader, &loaded.row, Way::Aside)?;
        Ok(Trial {
            entity: loaded.entity,
            rollout: Rollout::of(&reader, &id)?,
            ticket: *ticket,
        })
    }

    fn site(&self, name: &str) -> Result<(EntityId, Site), Refusal> {
        let loaded = self.load(Kind::Site, name)?;
        match loaded.noun {
            Noun::Site(site) => Ok((loaded.entity, *site)),
            _ => Err(Refusal::not_found(format!("{name} is not a site."), "")),
        }
    }

    /// The ledger's name of an announcement.
    fn announcement_entity(&self, id: &str) -> Result<EntityId, Refusal> {
        Ok(self.load(Kind::Announcement, id)?.entity)
    }

    /// What a text about a product prints of its known errors.
    pub fn known_errors(
        &self,
        product: &str,
        version: Option<&str>,
    ) -> Result<Vec<KnownError>, Refusal> {
        errors::of_product(&self.writing.reader(), product, version)
    }
}
