//! A ticket's staged rollout as the desk has it: its announcements and the problems filed
//! about it, read for whoever asks the rule. Decides nothing itself.

use chrono::NaiveDate;

use crate::domain::kind::Kind;
use crate::domain::noun::{Noun, Setting};
use crate::domain::problem::production::concerns;
use crate::domain::problem::report::Problem;
use crate::domain::queue::ticket::Ticket;
use crate::domain::rollout::announcement::Announcement;
use crate::domain::rollout::decision::{self, Decision, Facts};
use crate::store::Reader;
use crate::workspace::refusal::Refusal;

/// What stands beside a ticket in its rollout.
#[derive(Clone, Debug, Default)]
pub struct Rollout {
    pub announcements: Vec<Announcement>,
    pub problems: Vec<Problem>,
}

impl Rollout {
    /// Reads what belongs to a ticket; an announcement that was taken back is not there.
    pub fn of(reader: &Reader<'_>, ticket: &str) -> Result<Self, Refusal> {
        let mut rollout = Self::default();
        for row in reader.children(Kind::Announcement, ticket)? {
            if let Some(Noun::Announcement(it)) = row.noun()? {
                rollout.announcements.push(*it);
            }
        }
        rollout
            .announcements
            .sort_by(|left, right| left.id.cmp(&right.id));
        for row in reader.children(Kind::Problem, ticket)? {
            if let Some(Noun::Problem(it)) = row.noun()? {
                rollout.problems.push(*it);
            }
        }
        let row = reader.record(Some(Kind::Ticket), ticket)?;
        if let Some(Noun::Ticket(it)) = row.map(|row| row.noun()).transpose()?.flatten() {
            rollout.problems.extend(unnamed(reader, &it)?);
        }
        Ok(rollout)
    }

    /// The rule's answer on a day.
    pub fn decide(&self, ticket: &Ticket, setting: &Setting<'_>, today: NaiveDate) -> Decision {
        let facts = Facts {
            ticket,
            announcements: &self.announcements,
            problems: &self.problems,
        };
        decision::decide(&facts, setting, today)
    }
}

/// Open problems that name no ticket, and are about this one by product and version.
fn unnamed(reader: &Reader<'_>, ticket: &Ticket) -> Result<Vec<Problem>, Refusal> {
    let mut found = Vec::new();
    for row in reader.first_open(Kind::Problem, usize::MAX)? {
        if let Some(Noun::Problem(it)) = row.noun()?
            && it.ticket.is_none()
            && concerns(&it, ticket)
        {
            found.push(*it);
        }
    }
    Ok(found)
}

/// The ticket that an id names: its own, or that of the announcement.
pub fn ticket_id(reader: &Reader<'_>, id: &str) -> Result<String, Refusal> {
    let row = super::resolve::any(reader, id)?;
    match row.noun()? {
        Some(Noun::Ticket(ticket)) => Ok(ticket.id),
        Some(Noun::Announcement(announcement)) => Ok(announcement.ticket),
        _ => Err(Refusal::not_found(
            format!("{} is neither a ticket nor an announcement.", row.id),
            "`relmate list tickets --filter state=staged-rollout` lists what is on trial.",
        )),
    }
}
