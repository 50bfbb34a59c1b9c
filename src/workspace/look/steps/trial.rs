//! What stands against a step of a staged rollout, of a ticket or of its announcement.
//! Asks the guards that the step itself asks.

use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::queue::step::Step;
use crate::domain::queue::ticket::Ticket;
use crate::domain::rollout::decision::Decision;
use crate::domain::rollout::guard;
use crate::store::RecordRow;
use crate::workspace::look::Look;
use crate::workspace::look::gate::{self, Way};
use crate::workspace::look::rollout::{Rollout, ticket_id};
use crate::workspace::refusal::Refusal;

/// No process asks for more reports than that.
const SITES: usize = 100;

/// Why `announce` or a step of a site would be refused whatever it is given.
pub(super) fn against(look: &Look<'_>, deed: &str, id: &str) -> Result<(), Refusal> {
    let id = ticket_id(look.reader, id)?;
    let row = look.reader.record(Some(Kind::Ticket), &id)?;
    let noun = row.as_ref().map(RecordRow::noun).transpose()?.flatten();
    let Some(Noun::Ticket(ticket)) = noun else {
        return Ok(());
    };
    if let Some(row) = &row {
        gate::open(look.reader, row, Way::Aside)?;
    }
    let profile = look.reader.profile()?;
    match deed {
        "announce" => {
            guard::announceable(&ticket, &profile)?;
            let rollout = Rollout::of(look.reader, &id)?;
            Ok(guard::not_halted(
                &ticket,
                &rollout.announcements,
                &rollout.problems,
            )?)
        }
        "site early" => Ok(guard::waits(&ticket, &profile)?),
        _ => {
            let rollout = Rollout::of(look.reader, &id)?;
            guard::announced(&ticket, &rollout.announcements)?;
            if deed == "site remind" {
                let judged = look.judged()?;
                let decision = rollout.decide(&ticket, &look.setting(&judged), look.today);
                guard::remindable(&ticket, &decision)?;
            }
            Ok(())
        }
    }
}

/// What the rule would say of a step that ends the rollout. Where nothing is announced the
/// sites that have tried it are named with the step itself.
pub(super) fn decision(
    look: &Look<'_>,
    step: Step,
    ticket: &Ticket,
) -> Result<Option<Decision>, Refusal> {
    if step != Step::Accept {
        return Ok(None);
    }
    let rollout = Rollout::of(look.reader, &ticket.id)?;
    let mut tried = ticket.clone();
    if rollout.announcements.is_empty() {
        let sites = look.reader.first(Kind::Site, SITES)?;
        tried.tested_by.extend(sites.into_iter().map(|row| row.id));
    }
    let judged = look.judged()?;
    let setting = look.setting(&judged);
    Ok(Some(rollout.decide(&tried, &setting, look.today)))
}
