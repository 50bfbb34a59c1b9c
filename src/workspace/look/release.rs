//! What stands beside a distribution release: its tickets and their problems, the freeze
//! that is in force, its countdown, its notes, and what the two repositories hold.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Look, resolve};
use crate::domain::calendar::Calendar;
use crate::domain::distribution::countdown::{self, Line, Planned};
use crate::domain::distribution::facts::Facts;
use crate::domain::distribution::freeze::{self, Freeze};
use crate::domain::distribution::release::{Release, ReleaseState};
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::problem::known_error::{ErrorState, KnownError};
use crate::domain::profile::Profile;
use crate::domain::queue::repository::{self, Entry};
use crate::domain::queue::state::State;
use crate::domain::queue::ticket::{Repository, Ticket};
use crate::report::release_notes::{self, Notes};
use crate::store::{Reader, RecordRow};
use crate::workspace::refusal::Refusal;

/// Every record of a kind that is a release, a ticket, a problem or a known error.
fn tickets(rows: Vec<RecordRow>) -> Result<Vec<Ticket>, Refusal> {
    let mut tickets = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(Noun::Ticket(ticket)) = row.noun()? {
            tickets.push(*ticket);
        }
    }
    Ok(tickets)
}

/// The releases that are planned and not out.
pub fn open(reader: &Reader<'_>) -> Result<Vec<Release>, Refusal> {
    releases(reader.first_open(Kind::Release, usize::MAX)?)
}

/// Every release of the desk.
pub fn all(reader: &Reader<'_>) -> Result<Vec<Release>, Refusal> {
    releases(reader.all(Kind::Release)?)
}

fn releases(rows: Vec<RecordRow>) -> Result<Vec<Release>, Refusal> {
    let mut releases = Vec::new();
    for row in rows {
        if let Some(Noun::Release(release)) = row.noun()? {
            releases.push(*release);
        }
    }
    Ok(releases)
}

/// The freeze that keeps a ticket from being promoted by itself, if one does.
pub fn freeze(reader: &Reader<'_>, ticket: &Ticket) -> Result<Option<Freeze>, Refusal> {
    Ok(freeze::in_force(&open(reader)?, ticket))
}

/// What a ticket is judged by that is promoted by itself.
pub fn alone(reader: &Reader<'_>, ticket: &Ticket) -> Result<Facts, Refusal> {
    let facts = Facts {
        tickets: vec![ticket.clone()],
        ..Facts::default()
    };
    beside(reader, facts)
}

/// What a release is judged by besides itself.
pub fn facts(reader: &Reader<'_>, release: &Release) -> Result<Facts, Refusal> {
    let mut facts = Facts::default();
    for id in release.contents() {
        match reader.record(Some(Kind::Ticket), id)? {
            Some(row) => {
                if row.contested {
                    facts.contested.push(id.to_owned());
                } else if row.held {
                    facts.held.push(id.to_owned());
                }
                facts.tickets.extend(tickets(vec![row])?);
            }
            None => facts.lost.push(id.to_owned()),
        }
    }
    beside(reader, facts)
}

/// The open problems, and what production has of the same products.
fn beside(reader: &Reader<'_>, mut facts: Facts) -> Result<Facts, Refusal> {
    for row in reader.first_open(Kind::Problem, usize::MAX)? {
        if let Some(Noun::Problem(problem)) = row.noun()? {
            facts.problems.push(*problem);
        }
    }
    let products: BTreeSet<&str> = facts.tickets.iter().map(|it| it.product.as_str()).collect();
    let mut production = Vec::new();
    for product in products {
        let released = State::Released.word();
        production.extend(tickets(reader.in_state_of(
            Kind::Ticket,
            released,
            product,
        )?)?);
    }
    facts.production = production;
    Ok(facts)
}

/// A release by its name.
pub fn named(reader: &Reader<'_>, name: &str) -> Result<Release, Refusal> {
    let row = resolve::of_kind(reader, Kind::Release, name)?;
    match row.noun()? {
        Some(Noun::Release(release)) => Ok(*release),
        _ => Err(Refusal::not_found(format!("{name} is not a release."), "")),
    }
}

/// A release's countdown: its own, else the profile's.
pub fn planned(
    reader: &Reader<'_>,
    release: &Release,
    calendar: &Calendar,
) -> Result<Vec<Planned>, Refusal> {
    let profile: Profile = reader.whole_profile()?;
    Ok(countdown::of(release, &profile, calendar))
}

/// The countdown as `release countdown` tells it.
#[derive(Debug, Serialize)]
pub struct Countdown {
    pub release: String,
    pub state: ReleaseState,
    pub date: Option<chrono::NaiveDate>,
    pub items: Vec<Line>,
}

pub fn countdown(look: &Look<'_>, name: &str) -> Result<Countdown, Refusal> {
    let release = named(look.reader, name)?;
    let planned = planned(look.reader, &release, &look.calendar()?)?;
    let items = countdown::lines(&release, &planned, look.today, |signature| {
        signature.on.day(&look.zone)
    });
    Ok(Countdown {
        release: release.name,
        state: release.standing.state,
        date: release.date,
        items,
    })
}

/// The notes of a release as Markdown, composed from its tickets.
pub fn notes(look: &Look<'_>, name: &str) -> Result<String, Refusal> {
    let release = named(look.reader, name)?;
    notes_of(look.reader, &release)
}

/// The notes of a release that is at hand.
pub fn notes_of(reader: &Reader<'_>, release: &Release) -> Result<String, Refusal> {
    let facts = facts(reader, release)?;
    let errors = known_errors(reader)?;
    let contact = reader.desk()?.contact;
    let notes = Notes::compose(release, &facts.tickets, &errors, contact.as_deref());
    release_notes::markdown(&notes)
        .map_err(|error| Refusal::failed(error.to_string(), "Check the template."))
}

fn known_errors(reader: &Reader<'_>) -> Result<Vec<KnownError>, Refusal> {
    let mut errors = Vec::new();
    for row in reader.in_state(Kind::KnownError, ErrorState::Open.word())? {
        if let Some(Noun::KnownError(error)) = row.noun()? {
            errors.push(*error);
        }
    }
    Ok(errors)
}

/// What `repository` asks for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    /// Both where none is named.
    pub repository: Option<Repository>,
    /// Every promotion instead of what is there now.
    pub log: bool,
}

/// What the repositories hold, or how it came there.
pub fn repository(look: &Look<'_>, asked: Asked) -> Result<Vec<Entry>, Refusal> {
    let tickets = tickets(look.reader.all(Kind::Ticket)?)?;
    let wanted = |it: Repository| asked.repository.is_none_or(|wanted| wanted == it);
    if asked.log {
        let mut log = repository::log(&tickets, &look.zone);
        log.retain(|entry| wanted(entry.repository));
        return Ok(log);
    }
    Ok([Repository::Beta, Repository::Production]
        .into_iter()
        .filter(|it| wanted(*it))
        .flat_map(|it| repository::holds(&tickets, it, &look.zone))
        .collect())
}

/// What a row says of an entry: the release, since when, and on what proof.
pub fn cells(entry: &Entry) -> [String; 3] {
    let parts = [
        entry.product.as_str(),
        entry.version.as_deref().unwrap_or_default(),
        &entry.platform,
        &entry.arch,
    ];
    let label: Vec<&str> = parts.into_iter().filter(|it| !it.is_empty()).collect();
    let proof = if entry.gone {
        format!("{}; taken back since", entry.proof)
    } else {
        entry.proof.clone()
    };
    [label.join(" "), entry.since.to_string(), proof]
}
