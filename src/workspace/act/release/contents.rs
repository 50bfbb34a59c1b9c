//! What goes into a release: composed while it is planned, frozen in time; what is not
//! ready then moves on by itself (DOMAIN.md C4, R-75).

use std::collections::BTreeSet;

use serde_json::json;

use super::so_many;
use crate::domain::attention::{natural, quoted};
use crate::domain::distribution::facts::Facts;
use crate::domain::distribution::guard::{self, Step};
use crate::domain::distribution::number;
use crate::domain::distribution::release::{Moved, Release, ReleaseKind, ReleaseState};
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::queue::guard::stands;
use crate::domain::queue::state::State;
use crate::domain::queue::ticket::Ticket;
use crate::ledger::EntityId;
use crate::workspace::action::Compose;
use crate::workspace::look;
use crate::workspace::plan::{Loaded, Plan};
use crate::workspace::refusal::Refusal;

fn ticket_of(loaded: Loaded) -> Option<(EntityId, Ticket, bool)> {
    let contested = loaded.row.contested;
    match loaded.noun {
        Noun::Ticket(ticket) => Some((loaded.entity, *ticket, contested)),
        _ => None,
    }
}

/// The open release that a ticket is in, other than one.
fn elsewhere<'a>(open: &'a [Release], ticket: &Ticket, name: &str) -> Option<&'a str> {
    open.iter()
        .find(|it| it.name != name && it.has(&ticket.id))
        .map(|it| it.name.as_str())
}

pub(super) fn compose(plan: &mut Plan<'_, '_>, asked: &Compose) -> Result<(), Refusal> {
    if asked.tickets.is_empty() && !asked.all && asked.out.is_empty() {
        return Err(Refusal::usage(
            "Nothing to compose was named.",
            format!(
                "Write `relmate release compose {} --all`, or `--ticket T`.",
                quoted(&asked.name)
            ),
        ));
    }
    if !asked.out.is_empty() {
        take_out(plan, asked)?;
        if asked.tickets.is_empty() && !asked.all {
            return Ok(());
        }
        plan.receipt.ids.pop();
    }
    let passed = plan.passed(Step::Compose, &asked.name)?;
    let name = &passed.release.name;
    let mut taken = Vec::new();
    for (entity, ticket, _) in wanted(plan, asked, &passed)? {
        if asked.out.contains(&ticket.id) || taken.contains(&ticket.id) {
            continue;
        }
        plan.set(&entity, "release", name.as_str())?;
        if passed.release.kind == ReleaseKind::Emergency {
            plan.set(&entity, "emergency", true)?;
        }
        if plan.add(&passed.entity, "tickets", ticket.id.as_str())? {
            if ticket.standing.state != State::Ready {
                plan.warn(format!(
                    "{} ({}) is {}; it moves on if it is not ready at the contents freeze.",
                    ticket.id,
                    ticket.label(),
                    stands(&ticket, &passed.profile)
                ));
            }
            taken.push(ticket.id);
        }
    }
    warn_of_twins(plan, &passed.release, &taken)?;
    plan.say(match taken.len() {
        0 => format!("{name} says that already."),
        n => format!("{name} takes {}: {}.", so_many(n), taken.join(", ")),
    });
    Ok(())
}

/// Two versions of one product on one platform cannot both go out: said as soon as they stand
/// beside each other.
fn warn_of_twins(
    plan: &mut Plan<'_, '_>,
    release: &Release,
    taken: &[String],
) -> Result<(), Refusal> {
    let mut facts = Facts::default();
    let known = release.contents().into_iter().map(str::to_owned);
    let ids: BTreeSet<String> = known.chain(taken.iter().cloned()).collect();
    for id in &ids {
        if let Some(loaded) = plan.find(Kind::Ticket, id)? {
            facts
                .tickets
                .extend(ticket_of(loaded).map(|(_, ticket, _)| ticket));
        }
    }
    let twins = facts.doubled().map(|(one, other)| {
        format!(
            "{} ({}) and {} ({}) stand in each other's place: take one out with `relmate release compose {} --out {}`.",
            one.id,
            one.label(),
            other.id,
            other.label(),
            quoted(&release.name),
            one.id
        )
    });
    if let Some(twins) = twins {
        plan.warn(twins);
    }
    Ok(())
}

/// The tickets that were asked for, each allowed, and those that are ready if all were.
fn wanted(
    plan: &Plan<'_, '_>,
    asked: &Compose,
    passed: &super::Passed,
) -> Result<Vec<(EntityId, Ticket, bool)>, Refusal> {
    let (release, name) = (&passed.release, &passed.release.name);
    let open = look::release::open(&plan.writing.reader())?;
    let mut wanted = Vec::new();
    for id in &asked.tickets {
        wanted.extend(ticket_of(plan.load(Kind::Ticket, id)?));
    }
    for (_, ticket, _) in &wanted {
        let other = elsewhere(&open, ticket, name);
        guard::composable(release, ticket, &passed.profile, other)?;
    }
    if asked.all {
        let ready = State::Ready.word();
        for row in plan.writing.reader().in_state(Kind::Ticket, ready)? {
            let ready = ticket_of(plan.loaded(row)?);
            wanted.extend(ready.filter(|(_, it, _)| elsewhere(&open, it, name).is_none()));
        }
    }
    Ok(wanted)
}

/// A ticket leaves: freely while nothing is frozen, afterwards with a reason and on record.
fn take_out(plan: &mut Plan<'_, '_>, asked: &Compose) -> Result<(), Refusal> {
    let passed = plan.release(&asked.name)?;
    let release = &passed.release;
    let next = next(plan, release)?;
    let mut late = false;
    for id in &asked.out {
        let found = plan.find(Kind::Ticket, id)?.and_then(ticket_of);
        let id = found
            .as_ref()
            .map_or(id.clone(), |(_, it, _)| it.id.clone());
        guard::removable(release, &id, asked.reason.as_deref())?;
        plan.remove(&passed.entity, "tickets", id.as_str())?;
        if release.frozen.is_some() {
            late = true;
            plan.add(&passed.entity, "removed", id.as_str())?;
            let reason = asked.reason.clone().unwrap_or_default();
            if let Some((entity, _, _)) = &found {
                plan.set(entity, "release", next.as_str())?;
            }
            on(plan, &passed, &id, reason.trim(), &next)?;
            plan.say(format!("{id} leaves {} and is in {next}.", release.name));
        } else {
            if let Some((entity, _, _)) = &found {
                plan.clear(entity, "release")?;
            }
            plan.say(format!("{id} leaves {}.", release.name));
        }
    }
    if late {
        super::signing::again(plan, &passed, ReleaseState::ContentsFrozen)?;
    }
    Ok(())
}

/// The release that comes next of the same distribution: one that is planned and takes
/// tickets still, else what it will be called.
fn next(plan: &Plan<'_, '_>, release: &Release) -> Result<String, Refusal> {
    let rank = number::rank(release.version.as_deref());
    let open = look::release::open(&plan.writing.reader())?;
    let planned = open
        .iter()
        .filter(|it| it.name != release.name && it.distribution == release.distribution)
        .filter(|it| it.kind != ReleaseKind::Emergency)
        .filter(|it| {
            matches!(
                it.standing.state,
                ReleaseState::Planned | ReleaseState::DateFrozen
            )
        })
        .filter(|it| number::rank(it.version.as_deref()) > rank)
        .min_by_key(|it| number::rank(it.version.as_deref()));
    Ok(planned.map_or_else(
        || {
            number::after(
                release.distribution.as_deref().unwrap_or(&release.name),
                release.version.as_deref().unwrap_or_default(),
            )
        },
        |it| it.name.clone(),
    ))
}

/// Writes that a ticket missed a release and which one it is in now.
fn on(
    plan: &mut Plan<'_, '_>,
    passed: &super::Passed,
    id: &str,
    why: &str,
    next: &str,
) -> Result<(), Refusal> {
    let moved = Moved {
        ticket: id.to_owned(),
        why: why.to_owned(),
        next: next.to_owned(),
        on: plan.day()?,
    };
    plan.add(&passed.entity, "moved", json!(moved))?;
    if let Some(loaded) = plan.find(Kind::Release, next)? {
        plan.add(&loaded.entity, "tickets", id)?;
    }
    Ok(())
}

/// What a freeze finds: what is taken, and what is not ready, with why.
struct Pool {
    taken: Vec<(EntityId, Ticket)>,
    late: Vec<(EntityId, Ticket, String)>,
}

/// Of the composed tickets those that are ready; where none was composed all that are
/// ready, and everything else in the queue has missed it.
fn pool(plan: &Plan<'_, '_>, passed: &super::Passed) -> Result<Pool, Refusal> {
    let release = &passed.release;
    let reader = plan.writing.reader();
    let open = look::release::open(&reader)?;
    let mut found = Vec::new();
    if release.tickets.is_empty() {
        for row in reader.first_open(Kind::Ticket, usize::MAX)? {
            found.extend(ticket_of(plan.loaded(row)?));
        }
        found.retain(|(_, it, _)| elsewhere(&open, it, &release.name).is_none());
    } else {
        for id in &release.tickets {
            found.extend(plan.find(Kind::Ticket, id)?.and_then(ticket_of));
        }
    }
    let mut pool = Pool {
        taken: Vec::new(),
        late: Vec::new(),
    };
    for (entity, ticket, contested) in found {
        let is_ready = matches!(ticket.standing.state, State::Ready | State::Released);
        if is_ready && !contested {
            pool.taken.push((entity, ticket));
        } else {
            let why = if contested {
                "contested".to_owned()
            } else {
                stands(&ticket, &passed.profile)
            };
            pool.late.push((entity, ticket, why));
        }
    }
    Ok(pool)
}

pub(super) fn freeze(plan: &mut Plan<'_, '_>, name: &str) -> Result<(), Refusal> {
    let passed = plan.passed(Step::Freeze, name)?;
    let name = &passed.release.name;
    let pool = pool(plan, &passed)?;
    if pool.taken.is_empty() {
        return Err(Refusal::rule(
            format!(
                "{name} has nothing to freeze: none of {} is ready.",
                so_many(pool.late.len())
            ),
            "`relmate list tickets --filter state=ready` shows what is.",
        ));
    }
    let mut frozen = Vec::new();
    for (entity, ticket) in &pool.taken {
        plan.add(&passed.entity, "tickets", ticket.id.as_str())?;
        plan.set(entity, "release", name.as_str())?;
        if passed.release.kind == ReleaseKind::Emergency {
            plan.set(entity, "emergency", true)?;
        }
        frozen.push(ticket.id.clone());
    }
    frozen.sort_by(|left, right| natural(left).cmp(&natural(right)));
    plan.put(&passed.entity, "frozen", &frozen)?;
    warn_of_twins(plan, &passed.release, &frozen)?;
    let frozen_on = plan.day()?;
    plan.put(&passed.entity, "frozen_on", &frozen_on)?;
    if passed.release.countdown.is_empty()
        && let Some(date) = passed.release.date
    {
        super::planning::dated(plan, &passed.entity, date, &passed.profile)?;
    }
    plan.stand(&passed.entity, ReleaseState::ContentsFrozen)?;
    plan.say(format!(
        "The contents of {name} are frozen with {}: {}.",
        so_many(frozen.len()),
        frozen.join(", ")
    ));
    let next = next(plan, &passed.release)?;
    let mut lines = Vec::new();
    for (entity, ticket, why) in &pool.late {
        plan.remove(&passed.entity, "tickets", ticket.id.as_str())?;
        if ticket.standing.state.is_open() {
            plan.set(entity, "release", next.as_str())?;
            on(plan, &passed, &ticket.id, why, &next)?;
            lines.push(format!(
                "{} ({}) missed it, {why}, and is in {next}.",
                ticket.id,
                ticket.label()
            ));
        } else {
            // What was turned down goes into no release.
            plan.clear(entity, "release")?;
            lines.push(format!(
                "{} ({}) is out of it: {why}.",
                ticket.id,
                ticket.label()
            ));
        }
    }
    plan.say_each(lines);
    Ok(())
}
