//! Publication and recall: every ticket goes into production with its proof, and what is
//! to be told is drafted.

use std::collections::BTreeSet;

use serde_json::json;

use super::so_many;
use crate::domain::attention::quoted;
use crate::domain::calendar::spoken;
use crate::domain::distribution::guard::Step;
use crate::domain::distribution::release::{Release, ReleaseKind, ReleaseState, Signature};
use crate::domain::kind::Kind;
use crate::domain::message::MessageKind;
use crate::domain::noun::Noun;
use crate::domain::queue::state::State;
use crate::workspace::act::letters::{Draft, To};
use crate::workspace::act::{promotion, ticket};
use crate::workspace::action::Action;
use crate::workspace::look;
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

pub(super) fn publish(plan: &mut Plan<'_, '_>, name: &str) -> Result<(), Refusal> {
    let passed = plan.passed(Step::Publish, name)?;
    let name = passed.release.name.clone();
    let day = plan.day()?;
    let mut into = Vec::new();
    for known in &passed.facts.tickets {
        if known.standing.state == State::Released {
            continue;
        }
        let loaded = plan.load(Kind::Ticket, &known.id)?;
        plan.not_before(&known.id, known.standing.entered)?;
        promotion::publish(plan, &loaded.entity, known, &name)?;
        into.push(known.id.clone());
    }
    if let Some(item) = passed.planned.iter().find(|item| item.is_publication()) {
        let signature = Signature {
            by: plan.actor.person.clone(),
            on: plan.at(),
            covers: None,
            rests: None,
        };
        plan.put(&passed.entity, &format!("signed:{}", item.no), &signature)?;
    }
    let rests_on: Vec<&String> = passed.release.signed.keys().collect();
    if !rests_on.is_empty() {
        plan.put(&passed.entity, "rests_on", &rests_on)?;
    }
    plan.put(&passed.entity, "published", &day)?;
    plan.stand(&passed.entity, ReleaseState::Published)?;
    plan.say(format!(
        "{name} is published; {} into production: {}.",
        if into.len() == 1 {
            "1 ticket goes".to_owned()
        } else {
            format!("{} go", so_many(into.len()))
        },
        into.join(", ")
    ));
    if let Some(date) = passed.release.date.filter(|date| *date != day) {
        plan.warn(format!(
            "It was planned for {} and is out on {}.",
            spoken(date),
            spoken(day)
        ));
    }
    announce(plan, &passed, day)
}

/// The announcement, with the notes; of an emergency with its ground.
fn announce(
    plan: &mut Plan<'_, '_>,
    passed: &super::Passed,
    day: chrono::NaiveDate,
) -> Result<(), Refusal> {
    let release = Release {
        published: Some(day),
        ..passed.release.clone()
    };
    let notes = look::release::notes_of(&plan.writing.reader(), &release)?;
    let rules = &passed.profile.distribution;
    let ground = release.ground.map(|ground| {
        rules
            .ground
            .get(&ground)
            .map_or(ground.word(), String::as_str)
    });
    let facts = json!({
        "release": release,
        "kind": release.kind.word(),
        "published": spoken(day),
        "repository": release.repository,
        "ground": ground,
        "reason": release.reason,
        "notes": notes,
    });
    let kind = if release.kind == ReleaseKind::Emergency {
        MessageKind::EmergencyAnnouncement
    } else {
        MessageKind::ReleaseAnnouncement
    };
    draft(plan, kind, passed, facts)
}

/// To every site and to the teams whose products are in it.
fn draft(
    plan: &mut Plan<'_, '_>,
    kind: MessageKind,
    passed: &super::Passed,
    facts: serde_json::Value,
) -> Result<(), Refusal> {
    let mut to = BTreeSet::new();
    for row in plan.writing.reader().all(Kind::Site)? {
        if let Some(Noun::Site(site)) = row.noun()? {
            to.extend(site.contact);
        }
    }
    for ticket in &passed.facts.tickets {
        if let Some(Noun::Product(product)) = plan
            .find(Kind::Product, &ticket.product)?
            .map(|loaded| loaded.noun)
        {
            to.extend(product.contact);
        }
    }
    let to: Vec<String> = to.into_iter().collect();
    plan.draft_letter(Draft {
        kind,
        to: To::These(&to),
        product: "",
        channel_id: None,
        about: vec![passed.release.name.clone()],
        facts,
        trigger: String::new(),
    })?;
    Ok(())
}

pub(super) fn recall(
    plan: &mut Plan<'_, '_>,
    name: &str,
    reason: Option<&str>,
    (tickets, all): (&[String], bool),
) -> Result<(), Refusal> {
    let passed = plan.passed(Step::Recall, name)?;
    let release = &passed.release;
    let name = release.name.clone();
    let Some(reason) = reason.map(str::trim).filter(|it| !it.is_empty()) else {
        return Err(Refusal::usage(
            format!("{name} is not recalled without a reason."),
            format!(
                "Write `relmate release recall {} --reason R`.",
                quoted(&name)
            ),
        ));
    };
    let mut out = Vec::new();
    for id in tickets {
        let id = plan.load(Kind::Ticket, id)?.row.id;
        if !release.has(&id) {
            return Err(Refusal::rule(
                format!("{id} did not come with {name}."),
                format!("Recall it alone: `relmate ticket recall {id} --reason R`."),
            ));
        }
        out.push(id);
    }
    if all {
        let released = passed
            .facts
            .tickets
            .iter()
            .filter(|it| it.standing.state == State::Released);
        out.extend(released.map(|it| it.id.clone()));
    }
    out.sort();
    out.dedup();
    plan.put(&passed.entity, "recalled", &plan.day()?)?;
    plan.set(&passed.entity, "recall_reason", reason)?;
    plan.stand(&passed.entity, ReleaseState::Recalled)?;
    plan.say(format!("{name} is recalled."));
    let mut gone = Vec::new();
    for id in &out {
        let recall = Action::TicketRecall {
            id: id.clone(),
            reason: Some(format!("{name} is recalled: {reason}")),
            by: None,
        };
        ticket::run(plan, &recall)?;
        let known = passed.facts.tickets.iter().find(|it| it.id == *id);
        gone.extend(known.map(|it| format!("{id} {}", it.label())));
    }
    if out.is_empty() {
        plan.warn(format!(
            "What {name} brought stays in production: `relmate ticket recall T-… --reason R` takes one back."
        ));
    }
    let facts = json!({
        "release": release,
        "reason": reason,
        "recalled": spoken(plan.day()?),
        "tickets": gone,
    });
    draft(plan, MessageKind::RecallNotice, &passed, facts)
}
