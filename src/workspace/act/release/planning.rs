//! Planning a release and freezing its date.

use chrono::NaiveDate;
use serde_json::json;

use crate::domain::attention::quoted;
use crate::domain::calendar::spoken;
use crate::domain::distribution::countdown;
use crate::domain::distribution::guard::{self, Step};
use crate::domain::distribution::number;
use crate::domain::distribution::release::{
    Release, ReleaseKind, ReleaseStanding, ReleaseState, Skip,
};
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::profile::Profile;
use crate::domain::schedule::milestone::Slip;
use crate::domain::when::When;
use crate::ledger::EntityId;
use crate::workspace::action::ReleaseAdd;
use crate::workspace::look;
use crate::workspace::plan::{Plan, clean_name};
use crate::workspace::refusal::Refusal;

pub(super) fn add(plan: &mut Plan<'_, '_>, asked: &ReleaseAdd) -> Result<(), Refusal> {
    let name = clean_name(&asked.name)?;
    let (distribution, version) = number::split(&name)?;
    let name = format!("{distribution} {version}");
    let kind = number::fits(&name, &version, asked.kind, asked.incompatible)?;
    let profile = plan.whole_profile()?;
    let skips = emergency(&name, kind, asked, &profile)?;
    let Some(date) = asked.date else {
        return Err(Refusal::usage(
            format!("{name} has no date."),
            format!("Write `relmate release add {} --date WHEN`.", quoted(&name)),
        ));
    };
    guard::not_past(&name, date, plan.today()?.min(plan.day()?))?;
    let cycle = match &asked.cycle {
        Some(cycle) => Some(plan.load(Kind::Cycle, cycle)?.row.id),
        None => None,
    };
    let entity = plan.create_named(Kind::Release, &name)?;
    plan.set(&entity, "distribution", distribution.clone())?;
    plan.set(&entity, "version", version.clone())?;
    plan.put(&entity, "kind_of", &kind)?;
    let standing = ReleaseStanding {
        state: ReleaseState::Planned,
        entered: plan.at(),
    };
    plan.put(&entity, "state", &standing)?;
    plan.put(&entity, "created", &plan.day()?)?;
    plan.put(&entity, "date", &date)?;
    plan.set(&entity, "owner", plan.actor.name().to_owned())?;
    plan.set_some(&entity, "cycle", cycle.as_ref())?;
    plan.set_some(&entity, "ground", asked.ground.as_ref())?;
    plan.set_some(&entity, "reason", asked.reason.as_ref())?;
    for (skip, why) in &skips {
        plan.set(&entity, &format!("skips:{}", skip.word()), why.as_str())?;
    }
    if skips.iter().any(|(skip, _)| *skip == Skip::DateFreeze) {
        // Its date is never frozen, so that its countdown runs from here.
        dated(plan, &entity, date, &profile)?;
    }
    plan.say(format!(
        "{name} is planned as {} for {}.",
        article(kind),
        spoken(date)
    ));
    for (skip, _) in &skips {
        plan.say(format!(
            "It goes without the {}.",
            skip.word().replace('-', " ")
        ));
    }
    lower(plan, &name, &distribution, &version)?;
    waiting(plan, &entity, &name)?;
    freezes(plan, kind, date, &profile)
}

fn article(kind: ReleaseKind) -> &'static str {
    match kind {
        ReleaseKind::Major => "a major release",
        ReleaseKind::Minor => "a minor release",
        ReleaseKind::Revision => "a revision",
        ReleaseKind::Emergency => "an emergency release",
    }
}

/// An emergency has a ground and a reason, and goes only without what the profile lets it.
fn emergency(
    name: &str,
    kind: ReleaseKind,
    asked: &ReleaseAdd,
    profile: &Profile,
) -> Result<Vec<(Skip, String)>, Refusal> {
    if kind != ReleaseKind::Emergency {
        if asked.ground.is_some() || !asked.skips.is_empty() {
            return Err(Refusal::rule(
                format!(
                    "{name} is {}, and only an emergency has a ground and goes without something.",
                    article(kind)
                ),
                "Add `--kind emergency`, or leave out --ground and --skip.",
            ));
        }
        return Ok(Vec::new());
    }
    if asked.ground.is_none() {
        return Err(Refusal::rule(
            format!("{name} cannot be an emergency without a ground."),
            "There are two: `--ground critical-security-patch` and `--ground critical-bug-at-several-sites`.",
        ));
    }
    let reason = asked.reason.as_deref().map(str::trim).unwrap_or_default();
    if reason.is_empty() {
        return Err(Refusal::rule(
            format!("{name} cannot be an emergency without a reason."),
            "Say what happened: `--reason R`.",
        ));
    }
    let allowed = &profile.distribution.emergency_skips;
    if let Some(skip) = asked.skips.iter().find(|skip| !allowed.contains(skip)) {
        return Err(Refusal::rule(
            format!(
                "{name} was to go without the {}, which the profile asks of an emergency, too.",
                skip.word().replace('-', " ")
            ),
            "`relmate profile show` says what an emergency may go without.",
        ));
    }
    let skips = if asked.skips.is_empty() {
        allowed
    } else {
        &asked.skips
    };
    let mut skips: Vec<_> = skips.iter().map(|it| (*it, reason.to_owned())).collect();
    skips.sort_unstable();
    skips.dedup();
    Ok(skips)
}

/// A number below one that is out is worth a word.
fn lower(
    plan: &mut Plan<'_, '_>,
    name: &str,
    distribution: &str,
    version: &str,
) -> Result<(), Refusal> {
    let new = number::rank(Some(version));
    let known = look::release::all(&plan.writing.reader())?;
    let higher = known
        .iter()
        .filter(|it| it.distribution.as_deref() == Some(distribution))
        .filter(|it| it.standing.state == ReleaseState::Published)
        .filter(|it| number::rank(it.version.as_deref()) > new)
        .max_by_key(|it| number::rank(it.version.as_deref()));
    if let Some(higher) = higher {
        plan.warn(format!("{name} is below {}, which is out.", higher.name));
    }
    Ok(())
}

/// What missed an earlier release and was moved here before this one was planned.
fn waiting(plan: &mut Plan<'_, '_>, entity: &EntityId, name: &str) -> Result<(), Refusal> {
    let known = look::release::all(&plan.writing.reader())?;
    let mut moved: Vec<&str> = known
        .iter()
        .flat_map(|it| &it.moved)
        .filter(|it| it.next == name)
        .map(|it| it.ticket.as_str())
        .collect();
    moved.sort_unstable();
    moved.dedup();
    let mut taken = Vec::new();
    for id in moved {
        let Some(loaded) = plan.find(Kind::Ticket, id)? else {
            continue;
        };
        if let Noun::Ticket(ticket) = &loaded.noun
            && ticket.standing.state.is_open()
            && ticket.release.as_deref() == Some(name)
        {
            plan.add(entity, "tickets", id)?;
            taken.push(id.to_owned());
        }
    }
    if !taken.is_empty() {
        plan.say(format!(
            "What missed an earlier release is in it: {}.",
            taken.join(", ")
        ));
    }
    Ok(())
}

/// Says by when its date and its contents are frozen; a warning where that is past.
fn freezes(
    plan: &mut Plan<'_, '_>,
    kind: ReleaseKind,
    date: NaiveDate,
    profile: &Profile,
) -> Result<(), Refusal> {
    if kind == ReleaseKind::Emergency {
        return Ok(());
    }
    let calendar = plan.rules()?.calendar.clone();
    let rules = &profile.distribution;
    let today = plan.today()?;
    for (what, notice) in [
        ("date", rules.date_freeze),
        ("contents", rules.contents_freeze),
    ] {
        let Some(notice) = notice else { continue };
        let day = countdown::before(date, notice, &calendar);
        let line = format!("Its {what} {} by {}", to_be(what), spoken(day));
        if day < today {
            plan.warn(format!("{line}, which is past ({notice} before)."));
        } else {
            plan.say(format!("{line} ({notice} before)."));
        }
    }
    Ok(())
}

fn to_be(what: &str) -> &'static str {
    if what == "contents" {
        "are to be frozen"
    } else {
        "is to be frozen"
    }
}

/// Writes the countdown to a date, as the profile in force has it.
pub(super) fn dated(
    plan: &mut Plan<'_, '_>,
    entity: &EntityId,
    date: NaiveDate,
    profile: &Profile,
) -> Result<(), Refusal> {
    let calendar = plan.rules()?.calendar.clone();
    let planned = countdown::plan(&profile.countdown, date, &calendar);
    if !planned.is_empty() {
        plan.put(entity, "countdown", &planned)?;
    }
    Ok(())
}

pub(super) fn freeze_date(
    plan: &mut Plan<'_, '_>,
    name: &str,
    date: Option<NaiveDate>,
    reason: Option<&str>,
) -> Result<(), Refusal> {
    let passed = plan.passed(Step::FreezeDate, name)?;
    let release = &passed.release;
    let name = &release.name;
    let Some(day) = date.or(release.date) else {
        return Err(Refusal::usage(
            format!("{name} has no date to freeze."),
            format!(
                "Write `relmate release freeze-date {} --date WHEN`.",
                quoted(name)
            ),
        ));
    };
    guard::not_past(name, day, passed.today)?;
    if release.standing.state == ReleaseState::DateFrozen {
        return slip(plan, &passed, day, reason);
    }
    plan.put(&passed.entity, "date", &day)?;
    dated(plan, &passed.entity, day, &passed.profile)?;
    plan.stand(&passed.entity, ReleaseState::DateFrozen)?;
    plan.say(format!("The date of {name} is frozen: {}.", spoken(day)));
    let planned = Release {
        date: Some(day),
        ..release.clone()
    };
    let calendar = plan.rules()?.calendar.clone();
    if let Some(last) = countdown::date_freeze(&planned, &passed.profile, &calendar)
        && last < passed.today
    {
        plan.warn(format!(
            "It was to be frozen by {}; today is {}.",
            spoken(last),
            spoken(passed.today)
        ));
    }
    Ok(())
}

/// A frozen date moves with a reason, and its move is kept.
fn slip(
    plan: &mut Plan<'_, '_>,
    passed: &super::Passed,
    day: NaiveDate,
    reason: Option<&str>,
) -> Result<(), Refusal> {
    let release = &passed.release;
    let name = &release.name;
    if release.date == Some(day) {
        return Err(Refusal::rule(
            format!("The date of {name} is frozen already: {}.", spoken(day)),
            "Another day needs `--date WHEN --reason R`.",
        ));
    }
    let Some(reason) = reason.map(str::trim).filter(|it| !it.is_empty()) else {
        return Err(Refusal::usage(
            format!(
                "The date of {name} is frozen at {} and was to move to {} without a reason.",
                release.date.map(spoken).unwrap_or_default(),
                spoken(day)
            ),
            "Say why: `--reason R`.",
        ));
    };
    plan.put(&passed.entity, "date", &day)?;
    dated(plan, &passed.entity, day, &passed.profile)?;
    let slip = Slip {
        from: release.date.map(When::Day),
        to: When::Day(day),
        reason: reason.to_owned(),
        dragged_by: None,
        by: plan.actor.name().to_owned(),
        on: plan.at(),
    };
    plan.event(&passed.entity, "slip", json!(slip));
    plan.say(format!(
        "{name} moves from {} to {}.",
        release.date.map(spoken).unwrap_or_default(),
        spoken(day)
    ));
    super::signing::again(plan, passed, ReleaseState::DateFrozen)
}
