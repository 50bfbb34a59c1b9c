//! The steps between filing and closing: triage, the provider, the halt, the fixing version,
//! and who runs the bad one. Guards first, then the facts, then the texts they owe.

use serde_json::{Value, json};

use super::{Held, advisory, around, enter, facts, held, letter, look_around};
use crate::domain::calendar::spoken;
use crate::domain::kind::Kind;
use crate::domain::message::MessageKind;
use crate::domain::noun::Noun;
use crate::domain::people::is_mail;
use crate::domain::problem::guard::{self, Deed, Fixing, Judgement};
use crate::domain::problem::production::bad_tickets;
use crate::domain::problem::report::{
    Engaged, Halt, Problem, ProblemState, Successor, Told, Triage,
};
use crate::domain::problem::walk;
use crate::domain::queue::submission::Target;
use crate::domain::queue::ticket::Ticket;
use crate::domain::rollout::announcement::{Announcement, AnnouncementStanding, AnnouncementState};
use crate::workspace::act::letters::To;
use crate::workspace::act::submission;
use crate::workspace::action::{ProblemFix, ProblemTriage, Submit};
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

/// who decided, and how critical it is.
pub(super) fn triage(plan: &mut Plan<'_, '_>, asked: &ProblemTriage) -> Result<(), Refusal> {
    let mut held = held(plan, &asked.id, Deed::Triage)?;
    let rules = plan.rules()?.profile.problem.clone();
    let judgement = Judgement {
        criticality: asked.criticality,
        priority: asked.priority.as_deref(),
        body: asked.body.as_deref(),
        by: asked.by.as_deref(),
    };
    guard::triage(&held.problem, &judgement, &rules)?;
    let advisory = advisory(asked.advisory.as_deref(), asked.risk)?;
    let Some(triage) = decided(plan, &judgement, &rules.bodies) else {
        return Ok(());
    };
    enter(plan, &held, ProblemState::Triaged)?;
    plan.put(&held.entity, "triage", &triage)?;
    plan.set_some(&held.entity, "advisory", advisory.as_ref())?;
    plan.say(format!(
        "{} ({}) is {}, as {} ({}) decided.",
        held.problem.id,
        held.problem.label(),
        triage.criticality.word(),
        triage.body,
        triage.by
    ));
    held.problem.triage = Some(triage);
    held.problem.advisory = advisory;
    if held.problem.is_critical() {
        look_around(plan, &mut held)?;
    }
    say_next(plan, &held.problem)
}

/// The decision as it is kept: the body in the profile's spelling.
pub(super) fn decided(
    plan: &Plan<'_, '_>,
    judgement: &Judgement<'_>,
    bodies: &[String],
) -> Option<Triage> {
    let body = judgement.body?.trim();
    let known = bodies.iter().find(|it| it.eq_ignore_ascii_case(body));
    Some(Triage {
        criticality: judgement.criticality?,
        priority: judgement.priority.map(str::to_owned),
        body: known.cloned().unwrap_or_else(|| body.to_owned()),
        by: judgement.by?.trim().to_owned(),
        at: plan.at(),
    })
}

/// The open steps with their last days.
fn say_next(plan: &mut Plan<'_, '_>, problem: &Problem) -> Result<(), Refusal> {
    let lines: Vec<String> = {
        let setting = plan.setting()?;
        let line = |open: &walk::Open| match walk::due(*open, &setting) {
            Some(due) => format!("To do by {}: {}.", spoken(due), open.step.phrase()),
            None => format!("To do: {}.", open.step.phrase()),
        };
        walk::open_steps(problem).iter().map(line).collect()
    };
    for line in lines {
        plan.say(line);
    }
    Ok(())
}

/// the provider is asked for a fix as soon as possible.
pub(super) fn engage(
    plan: &mut Plan<'_, '_>,
    id: &str,
    whom: Option<&str>,
    text: Option<&str>,
) -> Result<(), Refusal> {
    let mut held = held(plan, id, Deed::Engage)?;
    let whom = whom.map(str::trim).filter(|it| !it.is_empty());
    let card = match plan.find(Kind::Product, &held.problem.product)? {
        Some(loaded) => match loaded.noun {
            Noun::Product(product) => product.contact.or(product.provider),
            _ => None,
        },
        None => None,
    };
    let Some(named) = whom.map(str::to_owned).or(card) else {
        return Err(Refusal::usage(
            format!(
                "Whom {} was engaged with is missing, and {} has neither contact nor provider.",
                held.problem.id, held.problem.product
            ),
            "Give --whom MAIL or a name.",
        ));
    };
    enter(plan, &held, ProblemState::Engaged)?;
    let mut facts = facts(&held.problem);
    facts["words"] = json!(text);
    facts["triage"] = json!(held.problem.triage);
    let addresses: Vec<String> = whom
        .filter(|it| is_mail(it))
        .map(str::to_owned)
        .into_iter()
        .collect();
    let to = if addresses.is_empty() {
        To::Product
    } else {
        To::These(&addresses)
    };
    let message = letter(plan, MessageKind::Engagement, to, &held.problem, facts)?;
    let engaged = Engaged {
        at: plan.at(),
        whom: named.clone(),
        message: Some(message),
    };
    plan.put(&held.entity, "engaged", &engaged)?;
    plan.say(format!("{} is engaged with {named}.", held.problem.id));
    held.problem.engaged = Some(engaged);
    say_next(plan, &held.problem)
}

/// The rollout stops, and its sites hear why.
pub(super) fn halt(
    plan: &mut Plan<'_, '_>,
    id: &str,
    reason: Option<&str>,
    scope: Option<&str>,
) -> Result<(), Refusal> {
    let mut held = held(plan, id, Deed::Halt)?;
    guard::halt(&held.problem, reason, scope)?;
    let mut halt = Halt {
        at: plan.at(),
        reason: reason.unwrap_or_default().trim().to_owned(),
        scope: scope.unwrap_or_default().trim().to_owned(),
        announcements: Vec::new(),
    };
    plan.receipt.ids.push(held.problem.id.clone());
    plan.say(format!(
        "{} halts the rollout ({}): {}.",
        held.problem.id,
        halt.scope,
        halt.reason.trim_end_matches('.')
    ));
    for announcement in around::of(&plan.writing.reader(), &held.problem)?.announcements {
        if announcement.standing.state == AnnouncementState::Running {
            halted(plan, &held, &halt, &announcement)?;
            halt.announcements.push(announcement.id);
        }
    }
    if halt.announcements.is_empty() {
        plan.say("No announcement was running; the halt stands on record.");
    }
    plan.put(&held.entity, "halt", &halt)?;
    plan.clear(&held.entity, "later")?;
    held.problem.halt = Some(halt);
    look_around(plan, &mut held)?;
    say_next(plan, &held.problem)
}

fn halted(
    plan: &mut Plan<'_, '_>,
    held: &Held,
    halt: &Halt,
    announcement: &Announcement,
) -> Result<(), Refusal> {
    let loaded = plan.load(Kind::Announcement, &announcement.id)?;
    let standing = AnnouncementStanding {
        state: AnnouncementState::Halted,
        entered: plan.at(),
        sentence: Some(format!(
            "Halted because of {} ({}): {}.",
            held.problem.id,
            halt.scope,
            halt.reason.trim_end_matches('.')
        )),
        profile: plan.profile_version(),
    };
    plan.put(&loaded.entity, "state", &standing)?;
    plan.receipt.ids.push(announcement.id.clone());
    plan.say(format!("{} is halted.", announcement.id));
    let mut facts = facts(&held.problem);
    facts["reason"] = json!(halt.reason);
    facts["scope"] = json!(halt.scope);
    tell_sites(plan, announcement, &held.problem, &facts)
}

/// Word to the sites of a rollout that it is halted or goes on. Who was never told of the
/// rollout needs no word of that.
pub(super) fn tell_sites(
    plan: &mut Plan<'_, '_>,
    announcement: &Announcement,
    problem: &Problem,
    facts: &Value,
) -> Result<(), Refusal> {
    let sent = announcement.turn.iter().filter(|(_, turn)| turn.sent);
    for (site, _) in sent {
        let mut facts = facts.clone();
        facts["site"] = json!(site);
        facts["platform"] = json!(announcement.platform);
        letter(
            plan,
            MessageKind::HaltNotice,
            To::Site(site),
            problem,
            facts,
        )?;
    }
    Ok(())
}

/// the version that restores the function, named or taken in as an emergency.
pub(super) fn fix(plan: &mut Plan<'_, '_>, asked: &ProblemFix) -> Result<(), Refusal> {
    let mut held = held(plan, &asked.id, Deed::Fix)?;
    let given = |text: &Option<String>| text.as_ref().is_some_and(|it| !it.trim().is_empty());
    let (id, version) = match (given(&asked.by), given(&asked.version)) {
        (true, _) => named(plan, &held.problem, asked.by.as_deref().unwrap_or_default())?,
        (false, true) => taken_in(plan, &held.problem, asked)?,
        (false, false) => {
            return Err(Refusal::usage(
                format!("What fixes {} is missing.", held.problem.id),
                "Give --by S-ID or T-ID, or --version V for a new emergency submission.",
            ));
        }
    };
    enter(plan, &held, ProblemState::Fixing)?;
    let successor = Successor {
        at: plan.at(),
        id: id.clone(),
        version: version.clone(),
    };
    plan.put(&held.entity, "successor", &successor)?;
    let version = version.map(|it| format!(" ({it})")).unwrap_or_default();
    plan.say(format!(
        "{} is to be fixed by {id}{version}.",
        held.problem.id
    ));
    held.problem.successor = Some(successor);
    say_next(plan, &held.problem)
}

/// A release that is on the desk already.
fn named(
    plan: &Plan<'_, '_>,
    problem: &Problem,
    by: &str,
) -> Result<(String, Option<String>), Refusal> {
    let (id, product, version, emergency) = match plan.load_any(by)?.noun {
        Noun::Submission(it) => (it.id, it.product, it.version, it.emergency),
        Noun::Ticket(it) => (it.id, it.product, it.version, it.emergency),
        _ => {
            return Err(Refusal::usage(
                format!("{by} is neither a submission nor a ticket."),
                "Name the release that fixes it, or give --version V.",
            ));
        }
    };
    guard::fix(
        problem,
        &Fixing {
            id: &id,
            product: &product,
            version: version.as_deref(),
            emergency,
        },
    )?;
    Ok((id, version))
}

/// A new emergency submission for the platforms that the bad version is on.
fn taken_in(
    plan: &mut Plan<'_, '_>,
    problem: &Problem,
    asked: &ProblemFix,
) -> Result<(String, Option<String>), Refusal> {
    let version = asked.version.as_deref().map(|it| it.trim().to_owned());
    guard::fix(
        problem,
        &Fixing {
            id: "the new submission",
            product: &problem.product,
            version: version.as_deref(),
            emergency: true,
        },
    )?;
    let tickets = around::tickets(&plan.writing.reader(), &problem.product)?;
    let bad = of_the_version(problem, &tickets);
    let mut targets: Vec<Target> = bad
        .iter()
        .map(|it| Target {
            platform: it.platform.clone(),
            arch: it.arch.clone(),
        })
        .collect();
    targets.sort();
    targets.dedup();
    if targets.is_empty() {
        return Err(Refusal::rule(
            format!(
                "No ticket on this desk is of {}, so nobody knows for which platforms the fix is.",
                problem.label()
            ),
            format!(
                "Take it in with `relmate submit --emergency`, then `relmate problem fix {} --by S-ID`.",
                problem.id
            ),
        ));
    }
    let id = submission::take_in(
        plan,
        &Submit {
            product: problem.product.clone(),
            version: version.clone(),
            targets,
            notes_url: asked.notes_url.clone(),
            packages: asked.packages.clone(),
            channel_id: asked
                .channel_id
                .clone()
                .or_else(|| Some(problem.channel_id.clone())),
            supersedes: bad.iter().find_map(|it| it.submission.clone()),
            emergency: true,
            waive: asked.waive.clone(),
        },
    )?;
    Ok((id, version))
}

/// The tickets of the version that has the problem, on every platform.
fn of_the_version<'t>(problem: &Problem, tickets: &'t [Ticket]) -> Vec<&'t Ticket> {
    let everywhere = Problem {
        ticket: None,
        ..problem.clone()
    };
    let found = bad_tickets(&everywhere, tickets);
    if found.is_empty() {
        bad_tickets(problem, tickets)
    } else {
        found
    }
}

/// Who runs the bad version is warned; nobody is asked to roll back.
pub(super) fn tell(
    plan: &mut Plan<'_, '_>,
    id: &str,
    sites: &[String],
    advice: bool,
) -> Result<(), Refusal> {
    let mut held = held(plan, id, Deed::Tell)?;
    look_around(plan, &mut held)?;
    let sites = to_tell(plan, &held.problem, sites)?;
    if sites.is_empty() {
        let knows = held.problem.affected.join(", ");
        let who = if knows.is_empty() {
            format!("no site is known to run {}", held.problem.label())
        } else {
            format!(
                "every site known to run {} knows: {knows}",
                held.problem.label()
            )
        };
        return Err(Refusal::rule(
            format!("{} has nobody left to tell; {who}.", held.problem.id),
            format!(
                "What a site runs is recorded with `relmate site runs`; `relmate problem tell {} SITE` warns one by name.",
                held.problem.id
            ),
        ));
    }
    plan.receipt.ids.push(held.problem.id.clone());
    for site in sites {
        let mut facts = facts(&held.problem);
        facts["site"] = json!(site);
        facts["advice"] = json!(advice);
        facts["workaround"] = json!(held.problem.workaround);
        facts["successor"] = json!(held.problem.successor);
        let message = letter(
            plan,
            MessageKind::Warning,
            To::Site(&site),
            &held.problem,
            facts,
        )?;
        let told = Told {
            at: plan.at(),
            message: Some(message),
        };
        plan.put(&held.entity, &format!("told:{site}"), &told)?;
        plan.add(&held.entity, "affected", site.as_str())?;
        held.problem.told.insert(site, told);
    }
    plan.clear(&held.entity, "later")?;
    say_next(plan, &held.problem)
}

/// The sites that are named, else every one that runs it and does not know.
fn to_tell(
    plan: &mut Plan<'_, '_>,
    problem: &Problem,
    named: &[String],
) -> Result<Vec<String>, Refusal> {
    if named.is_empty() {
        return Ok(problem.untold().map(str::to_owned).collect());
    }
    let mut sites = Vec::new();
    for name in named {
        let among = |it: &&String| it.eq_ignore_ascii_case(name.trim());
        let site = if let Some(known) = problem.affected.iter().find(among) {
            known.clone()
        } else {
            let known = plan.load(Kind::Site, name)?.row.id;
            plan.warn(format!("{known} was not known to run {}.", problem.label()));
            known
        };
        if let Some(told) = problem.told.get(&site) {
            let day = told.at.day(&plan.rules()?.zone);
            return Err(Refusal::rule(
                format!("{site} was told of {} on {}.", problem.id, spoken(day)),
                format!(
                    "A further word is a remark: `relmate comment {} TEXT`.",
                    problem.id
                ),
            ));
        }
        if !sites.contains(&site) {
            sites.push(site);
        }
    }
    Ok(sites)
}
