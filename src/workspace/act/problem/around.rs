//! What stands beside a problem on the desk: its product's tickets, their announcements,
//! the sites. Reads only.

use std::ops::ControlFlow;

use crate::domain::kind::Kind;
use crate::domain::message::MessageState;
use crate::domain::noun::Noun;
use crate::domain::problem::affected::{Around, affected};
use crate::domain::problem::production::{self, Production, bad_tickets, same_version};
use crate::domain::problem::report::Problem;
use crate::domain::queue::state::State;
use crate::domain::queue::ticket::Ticket;
use crate::domain::rollout::announcement::Announcement;
use crate::domain::zone::Zone;
use crate::store::Reader;
use crate::workspace::refusal::Refusal;

/// All of it.
pub fn of(reader: &Reader<'_>, problem: &Problem) -> Result<Around, Refusal> {
    let tickets = tickets(reader, &problem.product)?;
    let mut announcements = Vec::new();
    for ticket in bad_tickets(problem, &tickets) {
        announcements.extend(of_ticket(reader, &ticket.id)?);
    }
    let mut sites = Vec::new();
    for row in reader.all(Kind::Site)? {
        if let Some(Noun::Site(site)) = row.noun()? {
            sites.push(*site);
        }
    }
    Ok(Around {
        sites,
        tickets,
        announcements,
    })
}

/// The tickets of a product, found by their titles, so that no other one is read.
pub fn tickets(reader: &Reader<'_>, product: &str) -> Result<Vec<Ticket>, Refusal> {
    let mut ids = Vec::new();
    reader.titles(&mut |kind, id, (title, _), _| {
        let head = title.get(..product.len());
        if kind == Kind::Ticket && head.is_some_and(|head| head.eq_ignore_ascii_case(product)) {
            ids.push(id.to_owned());
        }
        ControlFlow::Continue(())
    })?;
    let mut found = Vec::new();
    for id in ids {
        let row = reader.record(Some(Kind::Ticket), &id)?;
        if let Some(Noun::Ticket(ticket)) = row.map(|row| row.noun()).transpose()?.flatten()
            && ticket.product.eq_ignore_ascii_case(product)
        {
            found.push(*ticket);
        }
    }
    Ok(found)
}

/// The announcements of a ticket.
pub fn of_ticket(reader: &Reader<'_>, ticket: &str) -> Result<Vec<Announcement>, Refusal> {
    let mut found = Vec::new();
    for row in reader.children(Kind::Announcement, ticket)? {
        if let Some(Noun::Announcement(announcement)) = row.noun()? {
            found.push(*announcement);
        }
    }
    Ok(found)
}

/// The problem that has an id of the channel, if one has.
pub fn with_channel_id(reader: &Reader<'_>, channel_id: &str) -> Result<Option<Problem>, Refusal> {
    let mut ids = Vec::new();
    reader.titles(&mut |kind, id, (_, words), _| {
        let head = words.get(..channel_id.len());
        if kind == Kind::Problem && head.is_some_and(|head| head.eq_ignore_ascii_case(channel_id)) {
            ids.push(id.to_owned());
        }
        ControlFlow::Continue(())
    })?;
    for id in ids {
        let row = reader.record(Some(Kind::Problem), &id)?;
        if let Some(Noun::Problem(problem)) = row.map(|row| row.noun()).transpose()?.flatten()
            && problem.channel_id.eq_ignore_ascii_case(channel_id)
        {
            return Ok(Some(*problem));
        }
    }
    Ok(None)
}

/// What a closing has to know beside the problem.
pub struct Found {
    pub production: Production,
    /// The tickets that were recalled, or what is so instead.
    pub recalled: Result<String, String>,
    /// Sites that run the bad version and were not warned.
    pub untold: Vec<String>,
    /// Warnings that lie unsent: the message and the site.
    pub unsent: Vec<(String, String)>,
    /// Other tickets of the same version that are in production.
    pub also: Vec<String>,
}

/// Reads it, with who runs the bad version as of now.
pub fn found(reader: &Reader<'_>, problem: &Problem, zone: &Zone) -> Result<Found, Refusal> {
    let around = of(reader, problem)?;
    let mut now = problem.clone();
    now.affected = affected(problem, &around, zone).into_iter().collect();
    let mut unsent = Vec::new();
    for (site, told) in &problem.told {
        let Some(message) = &told.message else {
            continue;
        };
        let row = reader.record(Some(Kind::Message), message)?;
        // A warning that was skipped has warned nobody either.
        if row.is_some_and(|row| row.state != MessageState::Sent.word()) {
            unsent.push((message.clone(), site.clone()));
        }
    }
    let bad = bad_tickets(problem, &around.tickets);
    let also = around
        .tickets
        .iter()
        .filter(|it| it.standing.state == State::Released && same_version(problem, it))
        .filter(|it| bad.iter().all(|bad| bad.id != it.id))
        .map(|it| format!("{} ({})", it.id, it.label()))
        .collect();
    Ok(Found {
        production: production::production(problem, &around.tickets, zone),
        recalled: production::recalled(problem, &around.tickets),
        untold: now.untold().map(str::to_owned).collect(),
        unsent,
        also,
    })
}
