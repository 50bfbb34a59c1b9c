//! A problem that a site filed: what it is about, found out from what is known already.

use super::{around, facts, letter};
use crate::domain::calendar::spoken;
use crate::domain::kind::Kind;
use crate::domain::message::MessageKind;
use crate::domain::noun::Noun;
use crate::domain::problem::guard::{self, Filing};
use crate::domain::problem::report::{Problem, ProblemStanding, ProblemState, Stage};
use crate::domain::problem::walk;
use crate::domain::queue::state::State;
use crate::domain::queue::ticket::Ticket;
use crate::domain::rollout::announcement::Announcement;
use crate::ledger::EntityId;
use crate::store::desk_entity;
use crate::workspace::act::letters::To;
use crate::workspace::action::ProblemFile;
use crate::workspace::cause::Cause;
use crate::workspace::plan::{Plan, clean_name};
use crate::workspace::refusal::Refusal;

/// What a problem is about.
#[derive(Default)]
struct Origin {
    product: String,
    version: Option<String>,
    ticket: Option<Ticket>,
    announcement: Option<Announcement>,
    site: Option<String>,
}

/// by the standard channel, each request once. The support unit's text is the same
/// wherever in a rollout the site was.
pub(super) fn file(plan: &mut Plan<'_, '_>, asked: &ProblemFile) -> Result<(), Refusal> {
    let channel_id = asked.channel_id.as_deref().map(str::trim);
    let same = match channel_id.filter(|id| !id.is_empty()) {
        Some(id) => around::with_channel_id(&plan.writing.reader(), id)?,
        None => None,
    };
    let label = same.as_ref().map(Problem::label).unwrap_or_default();
    guard::file(&Filing {
        channel_id,
        text: asked.text.as_deref(),
        same: same.as_ref().map(|it| (it.id.as_str(), label.as_str())),
    })?;
    let origin = origin(plan, asked)?;
    // The channel gives each request one id: filed by two managers apart it is one problem.
    let request = channel_id.unwrap_or_default().trim().to_lowercase();
    let cause = Cause {
        rule: "file",
        subject: &desk_entity(),
        trigger: &request,
    };
    let (entity, id) = plan.create_for(Kind::Problem, cause)?;
    let problem = Problem {
        id,
        channel_id: channel_id.unwrap_or_default().to_owned(),
        text: asked.text.clone().unwrap_or_default(),
        ..as_found(plan, &origin)
    };
    write(plan, &entity, &problem)?;
    mark(plan, &origin, &problem)?;
    plan.say(format!(
        "{} is filed as {}: {}.",
        problem.channel_id,
        problem.id,
        problem.label()
    ));
    let due = walk::most_urgent(&problem, &plan.setting()?).and_then(|(_, due)| due);
    if let Some(due) = due {
        plan.say(format!("To be triaged by {}.", spoken(due)));
    }
    let facts = facts(&problem);
    letter(
        plan,
        MessageKind::ProblemReport,
        To::SupportUnit,
        &problem,
        facts,
    )?;
    Ok(())
}

fn as_found(plan: &Plan<'_, '_>, origin: &Origin) -> Problem {
    let at = plan.at();
    let by = plan.actor.name().to_owned();
    Problem {
        id: String::new(),
        channel_id: String::new(),
        product: origin.product.clone(),
        version: origin.version.clone(),
        ticket: origin.ticket.as_ref().map(|it| it.id.clone()),
        announcement: origin.announcement.as_ref().map(|it| it.id.clone()),
        site: origin.site.clone(),
        stage: Some(stage(origin)),
        text: String::new(),
        standing: ProblemStanding {
            state: ProblemState::Filed,
            entered: at,
            by: by.clone(),
        },
        filed: Some(at),
        triage: None,
        engaged: None,
        halt: None,
        successor: None,
        affected: Vec::new(),
        told: std::collections::BTreeMap::new(),
        workaround: None,
        known_error: None,
        advisory: None,
        closing: None,
        owner: Some(by),
        claimed_by: None,
        later: None,
        deleted: false,
    }
}

fn write(plan: &mut Plan<'_, '_>, entity: &EntityId, problem: &Problem) -> Result<(), Refusal> {
    let value = serde_json::to_value(problem)
        .map_err(|error| Refusal::failed(format!("The problem cannot be kept: {error}."), ""))?;
    for (field, value) in value.as_object().into_iter().flatten() {
        if field != "id" {
            plan.set(entity, field, value.clone())?;
        }
    }
    Ok(())
}

/// Where in a rollout the site was; for the managers alone.
fn stage(origin: &Origin) -> Stage {
    let Some(site) = &origin.site else {
        return Stage::General;
    };
    let in_turn = |it: &Announcement| it.standing.state.is_open() && it.turn.contains_key(site);
    if origin.announcement.as_ref().is_some_and(in_turn) {
        return Stage::First;
    }
    let before_good = |ticket: &&Ticket| match ticket.standing.acts_as() {
        State::Ready | State::Released | State::Recalled => false,
        State::Unverified
        | State::Verification
        | State::WaitingForResponse
        | State::StagedRollout
        | State::Delayed
        | State::Rejected
        | State::Withdrawn => true,
    };
    let early = origin.ticket.as_ref().filter(before_good);
    if early.is_some_and(|ticket| ticket.early.contains_key(site)) {
        Stage::OwnRisk
    } else {
        Stage::General
    }
}

/// An announcement knows which problem its site's failure became.
fn mark(plan: &mut Plan<'_, '_>, origin: &Origin, problem: &Problem) -> Result<(), Refusal> {
    let (Some(announcement), Some(site)) = (&origin.announcement, &origin.site) else {
        return Ok(());
    };
    if !announcement.turn.contains_key(site) || announcement.problem.contains_key(site) {
        return Ok(());
    }
    let loaded = plan.load(Kind::Announcement, &announcement.id)?;
    plan.set(
        &loaded.entity,
        &format!("problem:{site}"),
        problem.id.clone(),
    )?;
    Ok(())
}

fn origin(plan: &mut Plan<'_, '_>, asked: &ProblemFile) -> Result<Origin, Refusal> {
    let announcement = named_announcement(plan, asked.announcement.as_deref())?;
    let ticket = named_ticket(plan, asked.ticket.as_deref(), announcement.as_ref())?;
    let product = product(plan, asked.product.as_deref(), ticket.as_ref())?;
    let version = version(asked.version.as_deref(), ticket.as_ref())?;
    let site = site(plan, asked.site.as_deref())?;
    let mut origin = Origin {
        product,
        version,
        ticket,
        announcement,
        site,
    };
    if origin.ticket.is_none() {
        origin.ticket = likely_ticket(plan, &origin)?;
    }
    if let (None, Some(ticket), Some(site)) = (&origin.announcement, &origin.ticket, &origin.site) {
        let of_ticket = around::of_ticket(&plan.writing.reader(), &ticket.id)?;
        origin.announcement = of_ticket
            .into_iter()
            .find(|it| it.standing.state.is_open() && it.turn.contains_key(site));
    }
    if let (Some(announcement), Some(site)) = (&origin.announcement, &origin.site)
        && !announcement.turn.contains_key(site)
    {
        plan.warn(format!(
            "{} was never announced to {site}; its problem is filed all the same.",
            announcement.id
        ));
    }
    Ok(origin)
}

fn named_announcement(
    plan: &Plan<'_, '_>,
    id: Option<&str>,
) -> Result<Option<Announcement>, Refusal> {
    let Some(id) = id else { return Ok(None) };
    match plan.load(Kind::Announcement, id)?.noun {
        Noun::Announcement(announcement) => Ok(Some(*announcement)),
        _ => Ok(None),
    }
}

fn named_ticket(
    plan: &Plan<'_, '_>,
    id: Option<&str>,
    announcement: Option<&Announcement>,
) -> Result<Option<Ticket>, Refusal> {
    let Some(wanted) = id.or(announcement.map(|it| it.ticket.as_str())) else {
        return Ok(None);
    };
    let Noun::Ticket(ticket) = plan.load(Kind::Ticket, wanted)?.noun else {
        return Ok(None);
    };
    if let Some(announcement) = announcement.filter(|it| it.ticket != ticket.id) {
        return Err(Refusal::rule(
            format!(
                "{} is about {}, and the problem is said to be about {}.",
                announcement.id, announcement.ticket, ticket.id
            ),
            "Name one of the two.",
        ));
    }
    Ok(Some(*ticket))
}

fn product(
    plan: &Plan<'_, '_>,
    asked: Option<&str>,
    ticket: Option<&Ticket>,
) -> Result<String, Refusal> {
    match (asked, ticket) {
        (None, None) => Err(Refusal::usage(
            "Which product has the problem is missing.",
            "Give --product P, --ticket T-ID or --announcement N-ID.",
        )),
        (None, Some(ticket)) => Ok(ticket.product.clone()),
        (Some(asked), None) => Ok(plan.load(Kind::Product, asked)?.row.id),
        (Some(asked), Some(ticket)) if asked.eq_ignore_ascii_case(&ticket.product) => {
            Ok(ticket.product.clone())
        }
        (Some(asked), Some(ticket)) => Err(Refusal::rule(
            format!(
                "{} is of {}, and the problem is said to be about {asked}.",
                ticket.id, ticket.product
            ),
            "Leave the product out, or name another ticket.",
        )),
    }
}

fn version(asked: Option<&str>, ticket: Option<&Ticket>) -> Result<Option<String>, Refusal> {
    let asked = asked.map(str::trim).filter(|it| !it.is_empty());
    let known = ticket.and_then(|it| it.version.as_deref());
    match (asked, known, ticket) {
        (Some(asked), Some(known), Some(ticket)) if asked != known => Err(Refusal::rule(
            format!(
                "{} is version {known}, and the problem is said to be in {asked}.",
                ticket.id
            ),
            "Leave the version out, or name another ticket.",
        )),
        _ => Ok(asked.or(known).map(str::to_owned)),
    }
}

/// A site as the desk knows it; any other production site may file a problem as well.
fn site(plan: &mut Plan<'_, '_>, asked: Option<&str>) -> Result<Option<String>, Refusal> {
    let Some(asked) = asked else { return Ok(None) };
    if let Some(known) = plan.find(Kind::Site, asked)? {
        return Ok(Some(known.row.id));
    }
    let name = clean_name(asked)?;
    plan.warn(format!("{name} is not among the sites of this desk."));
    Ok(Some(name))
}

/// The one ticket that a product and a version mean; of several the one that was announced
/// to the site.
fn likely_ticket(plan: &mut Plan<'_, '_>, origin: &Origin) -> Result<Option<Ticket>, Refusal> {
    let Some(version) = &origin.version else {
        return Ok(None);
    };
    let mut likely = around::tickets(&plan.writing.reader(), &origin.product)?;
    likely.retain(|it| !it.deleted && it.version.as_ref() == Some(version));
    if likely.is_empty() {
        plan.warn(format!(
            "No ticket on this desk brought {} {version}.",
            origin.product
        ));
    }
    if let (true, Some(site)) = (likely.len() > 1, &origin.site) {
        let mut announced = Vec::new();
        for ticket in &likely {
            let of_ticket = around::of_ticket(&plan.writing.reader(), &ticket.id)?;
            if of_ticket.iter().any(|it| it.turn.contains_key(site)) {
                announced.push(ticket.clone());
            }
        }
        if announced.len() == 1 {
            return Ok(announced.pop());
        }
    }
    Ok(likely.pop().filter(|_| likely.is_empty()))
}
