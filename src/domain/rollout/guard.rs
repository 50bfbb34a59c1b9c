//! What may not be done in a staged rollout, each refusal with its reason and its remedy.
//! Changes nothing; the rule that ends a rollout is in `decision`.

use chrono::NaiveDate;

use super::announcement::{Announcement, AnnouncementState};
use super::decision::{Decision, Mark, SiteLine};
use super::site::{Absence, Site, Sla};
use crate::domain::calendar::spoken;
use crate::domain::clock::{Limit, Unit};
use crate::domain::problem::report::{Criticality, Problem};
use crate::domain::profile::{Profile, SiteCriterion};
use crate::domain::queue::guard::{Refused, stands};
use crate::domain::queue::state::State;
use crate::domain::queue::ticket::Ticket;

/// The longest period that an agreement may give, in days: a leap year.
pub const LONGEST: u32 = 366;

/// A period of no days, or of more than a year, is none.
pub fn sane_days(days: u32) -> Result<(), Refused> {
    if (1..=LONGEST).contains(&days) {
        return Ok(());
    }
    Err(Refused::rule(
        format!("An SLA of {days} days is not one."),
        format!("Give between 1 and {LONGEST} days."),
    ))
}

/// The days it holds, in their order, and a share of a hundred.
pub fn sane_agreement(sla: &Sla) -> Result<(), Refused> {
    sane_days(sla.days)?;
    if let (Some(from), Some(to)) = (sla.from, sla.to)
        && to < from
    {
        return Err(Refused::rule(
            format!(
                "The agreement would end on {}, before it begins on {}.",
                spoken(to),
                spoken(from)
            ),
            "Give --to a later day.".to_owned(),
        ));
    }
    match sla.target {
        Some(target @ (0 | 101..)) => Err(Refused::rule(
            format!("A target of {target} percent is none."),
            "Give between 1 and 100.".to_owned(),
        )),
        Some(_) | None => Ok(()),
    }
}

/// The criteria that a site is known to lack; one that nobody has looked at is not lacking.
pub fn lacking<'p>(site: &Site, product: &str, profile: &'p Profile) -> Vec<&'p SiteCriterion> {
    let outside = site.production == Some(false);
    profile
        .site_criterion
        .iter()
        .filter(|it| {
            let unmet = site.meets(&it.id, Some(product)) == Some(false);
            unmet || (outside && it.production)
        })
        .collect()
}

/// a site that lacks a criterion is on a product's list only with a reason.
pub fn listable(
    site: &Site,
    product: &str,
    profile: &Profile,
    reason: Option<&str>,
) -> Result<(), Refused> {
    let lacking = lacking(site, product, profile);
    if lacking.is_empty() || reason.is_some_and(|it| !it.trim().is_empty()) {
        return Ok(());
    }
    let names: Vec<&str> = lacking.iter().map(|it| it.name.as_str()).collect();
    Err(Refused::rule(
        format!(
            "{} lacks what a rollout site needs: {}.",
            site.name,
            names.join(", ")
        ),
        "Say with --reason R why it is on the list all the same.".to_owned(),
    ))
}

/// Only a site that is away can be back.
pub fn is_away(site: &Site, open: &[&Absence]) -> Result<(), Refused> {
    if !open.is_empty() {
        return Ok(());
    }
    Err(Refused::rule(
        format!("{} is not away.", site.name),
        format!("`relmate show {}` says when it was.", site.name),
    ))
}

/// Only what is in the beta repository is announced.
pub fn announceable(ticket: &Ticket, profile: &Profile) -> Result<(), Refused> {
    if ticket.standing.acts_as() == State::StagedRollout {
        return Ok(());
    }
    let (id, stands) = (&ticket.id, stands(ticket, profile));
    let hint = match ticket.standing.acts_as() {
        State::Unverified | State::Verification | State::WaitingForResponse => {
            format!(
                "It is announced once its verification has passed: `relmate ticket verify {id}`."
            )
        }
        _ => format!("`relmate why {id}` says what is open."),
    };
    Err(Refused::rule(
        format!("{id} is {stands}, so it is not in a staged rollout."),
        hint,
    ))
}

/// A rollout that is halted, or that a critical problem stands against, is announced to
/// nobody more.
pub fn not_halted(
    ticket: &Ticket,
    announcements: &[Announcement],
    problems: &[Problem],
) -> Result<(), Refused> {
    let id = &ticket.id;
    let halted = announcements
        .iter()
        .find(|it| it.standing.state == AnnouncementState::Halted);
    let critical = problems
        .iter()
        .find(|it| it.is_open() && it.criticality() == Some(Criticality::Critical));
    let why = match (halted, critical) {
        (Some(halted), _) => {
            let why = halted.standing.sentence.as_deref().unwrap_or("a problem");
            format!("{} is halted: {}", halted.id, why.trim_end_matches('.'))
        }
        (None, Some(problem)) => format!("{} is open and critical", problem.id),
        (None, None) => return Ok(()),
    };
    Err(Refused::rule(
        format!("{id} is announced to nobody more: {why}."),
        format!("`relmate why {id}` says what has to come first."),
    ))
}

/// The period a site gets, or why it is not told.
pub fn period(
    site: &Site,
    ticket: &Ticket,
    own: Option<Limit>,
    day: NaiveDate,
) -> Result<Limit, Refused> {
    let (name, product) = (&site.name, &ticket.product);
    if site.production == Some(false) {
        return Err(Refused::rule(
            format!("{name} is no production site, and rollout sites are."),
            format!("`relmate set {name} production=yes` once it is one."),
        ));
    }
    if let Some(away) = site.absent(product, day) {
        let until = away.to.map_or_else(
            || "until further notice".to_owned(),
            |to| format!("until {}", spoken(to)),
        );
        let why = away
            .reason
            .as_deref()
            .map(|why| format!(" ({})", why.trim_end_matches('.')))
            .unwrap_or_default();
        return Err(Refused::rule(
            format!("{name} tries no {product} {until}{why}."),
            "Ask another site, or wait.".to_owned(),
        ));
    }
    if let Some(own) = own {
        return Ok(own);
    }
    match site.agreement(product, day) {
        Some(sla) if sla.holds(day) => Ok(sla.limit()),
        Some(sla) => {
            let ended = sla.to.filter(|to| *to < day);
            let when = match (ended, sla.from) {
                (Some(to), _) => format!("ended on {}", spoken(to)),
                (None, Some(from)) => format!("begins on {}", spoken(from)),
                (None, None) => "does not hold".to_owned(),
            };
            Err(Refused::rule(
                format!("The agreement of {name} on {product} {when}."),
                format!(
                    "Make a new one with `relmate site sla {name} --product {product} --days N`."
                ),
            ))
        }
        None => Err(Refused::rule(
            format!("{name} has no agreement on {product}, so it has no period to report in."),
            format!(
                "Make one with `relmate site sla {name} --product {product} --days N`, or give this case --days N."
            ),
        )),
    }
}

/// A period set for one case.
pub fn own_period(days: Option<u32>, working: bool) -> Result<Option<Limit>, Refused> {
    let Some(n) = days else { return Ok(None) };
    sane_days(n)?;
    let unit = if working {
        Unit::WorkingDays
    } else {
        Unit::Days
    };
    Ok(Some(Limit { n, unit }))
}

/// There is nothing to say of a release that nobody was told of.
pub fn announced(ticket: &Ticket, announcements: &[Announcement]) -> Result<(), Refused> {
    if !announcements.is_empty() {
        return Ok(());
    }
    let id = &ticket.id;
    Err(Refused::rule(
        format!("{id} has been announced to no site, so there is nothing to report on."),
        format!("Announce it with `relmate announce {id}`, or file a failure as a problem."),
    ))
}

/// Somebody's time runs.
pub fn remindable(ticket: &Ticket, decision: &Decision) -> Result<(), Refused> {
    let runs = |line: &SiteLine| matches!(line.mark, Mark::Running { .. });
    if decision.sites.iter().any(runs) {
        return Ok(());
    }
    let id = &ticket.id;
    Err(Refused::rule(
        format!("No site is to be reminded of {id}: nobody's time runs."),
        format!("`relmate why {id}` says how each stands."),
    ))
}

/// A site that is reminded knows of it and has said nothing.
pub fn silent(ticket: &Ticket, site: &str, line: Option<&SiteLine>) -> Result<(), Refused> {
    let stands = match line {
        Some(line) if matches!(line.mark, Mark::Running { .. } | Mark::Silent { .. }) => {
            return Ok(());
        }
        Some(line) => format!("is: {}", line.label()),
        None => "was not told of it".to_owned(),
    };
    let id = &ticket.id;
    Err(Refused::rule(
        format!("{site} cannot be reminded of {id}: it {stands}."),
        format!("`relmate why {id}` says who is silent."),
    ))
}

/// The announcement a site's report answers; a site that went ahead answers the first.
pub fn answered<'a>(
    ticket: &Ticket,
    announcements: &'a [Announcement],
    site: &str,
) -> Result<&'a Announcement, Refused> {
    announced(ticket, announcements)?;
    let id = &ticket.id;
    let told = announcements.iter().find(|it| it.turn.contains_key(site));
    if let Some(told) = told {
        return Ok(told);
    }
    if let Some(first) = announcements.first()
        && ticket.early.contains_key(site)
    {
        return Ok(first);
    }
    let sites: Vec<&str> = announcements
        .iter()
        .flat_map(|it| it.turn.keys().map(String::as_str))
        .collect();
    Err(Refused::rule(
        format!(
            "{id} was announced to {}, never to {site}.",
            sites.join(", ")
        ),
        format!(
            "Tell it with `relmate announce {id} --to {site}`, or record that it went ahead: `relmate site early {id} {site} --accepted-by NAME`."
        ),
    ))
}

/// Only what is in beta and not good yet is gone ahead with.
pub fn waits(ticket: &Ticket, profile: &Profile) -> Result<(), Refused> {
    let (id, stands) = (&ticket.id, stands(ticket, profile));
    match ticket.standing.acts_as() {
        State::StagedRollout => Ok(()),
        State::Ready | State::Released => Err(Refused::rule(
            format!("{id} is {stands} already, so nobody takes a risk with it."),
            format!(
                "Record what a site runs with `relmate site runs SITE --product {} --version V`.",
                ticket.product
            ),
        )),
        _ => Err(Refused::rule(
            format!(
                "{id} is {stands}, so it is not in the beta repository and no site can have it from there."
            ),
            format!("`relmate why {id}` says what is missing."),
        )),
    }
}

/// A site that goes ahead of the rollout, and not one that the release was announced to.
pub fn early(
    ticket: &Ticket,
    announcements: &[Announcement],
    site: &Site,
    profile: &Profile,
) -> Result<(), Refused> {
    let (id, name) = (&ticket.id, &site.name);
    waits(ticket, profile)?;
    if announcements.iter().any(|it| it.turn.contains_key(name)) {
        return Err(Refused::rule(
            format!("{id} was announced to {name}: it tries it for all, not at its own risk."),
            format!("Record that with `relmate site report {id} {name} --outcome OUTCOME`."),
        ));
    }
    Ok(())
}
