//! A submission's tickets come into being, one for each platform and architecture, and its
//! answer is drafted. What it lacks was said when it was taken in.

use std::collections::BTreeMap;

use serde_json::json;

use super::path;
use crate::domain::calendar::spoken;
use crate::domain::clock;
use crate::domain::kind::Kind;
use crate::domain::message::MessageKind;
use crate::domain::noun::Noun;
use crate::domain::profile::Profile;
use crate::domain::queue::enter;
use crate::domain::queue::state::{State, SubmissionState};
use crate::domain::queue::submission::{Submission, SubmissionStanding, Target};
use crate::ledger::EntityId;
use crate::workspace::act::letters::{Draft, To};
use crate::workspace::cause::Cause;
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

/// One ticket per platform and architecture, and the drafted answer.
pub fn inject(
    plan: &mut Plan<'_, '_>,
    id: &str,
    tracking: &BTreeMap<String, String>,
) -> Result<(), Refusal> {
    let loaded = plan.load(Kind::Submission, id)?;
    let Noun::Submission(submission) = loaded.noun else {
        return Err(Refusal::not_found(format!("{id} is not a submission."), ""));
    };
    injectable(&submission)?;
    tracked(&submission, tracking)?;
    plan.not_before(&submission.id, submission.standing.entered)?;
    let profile = plan.whole_profile()?;
    plan.receipt.ids.push(submission.id.clone());
    let mut tickets: Vec<Made> = Vec::new();
    for target in &submission.targets {
        let tracking_id = tracking.get(&path(target)).cloned();
        let of = (&loaded.entity, &*submission);
        let id = ticket_of(plan, of, target, tracking_id.as_ref(), &profile)?;
        tickets.push((id, target.clone(), tracking_id));
    }
    let at = plan.at();
    let ids: Vec<String> = tickets.iter().map(|(id, _, _)| id.clone()).collect();
    let standing = SubmissionStanding {
        state: SubmissionState::Injected,
        entered: at,
        ..submission.standing.clone()
    };
    plan.put(&loaded.entity, "state", &standing)?;
    plan.put(&loaded.entity, "injected", &at)?;
    plan.put(&loaded.entity, "tickets", &ids)?;
    plan.clear(&loaded.entity, "later")?;
    plan.say(format!(
        "{} is injected: {}.",
        submission.id,
        ids.join(", ")
    ));
    answer(plan, &submission, &tickets)?;
    plan.say("The injection clock stops when that answer is marked sent.");
    Ok(())
}

/// A ticket, what it is for, and its id in the tracker.
type Made = (String, Target, Option<String>);

/// Drafts the answer that names the tickets.
fn answer(
    plan: &mut Plan<'_, '_>,
    submission: &Submission,
    tickets: &[Made],
) -> Result<(), Refusal> {
    let profile = plan.whole_profile()?;
    let ids: Vec<String> = tickets.iter().map(|(id, _, _)| id.clone()).collect();
    let rules = plan.rules()?;
    let day = plan.at().day(&rules.zone);
    let start_by = profile
        .limit(State::Unverified)
        .map(|limit| spoken(clock::due(limit, day, &[], &rules.calendar)));
    let listed: Vec<_> = tickets
        .iter()
        .map(|(id, target, tracking_id)| {
            json!({
                "id": id, "platform": target.platform, "arch": target.arch,
                "tracking_id": tracking_id, "state": profile.label(State::Unverified),
                "due": start_by,
            })
        })
        .collect();
    let mut facts = plan.submission_facts(submission)?;
    facts["tickets"] = json!(listed);
    facts["ticket_ids"] = json!(ids.join(", "));
    let about = std::iter::once(submission.id.clone()).chain(ids).collect();
    plan.draft_letter(Draft {
        kind: MessageKind::Answer,
        to: To::Product,
        product: &submission.product,
        channel_id: submission.channel_id.as_deref(),
        about,
        facts,
        trigger: String::new(),
    })?;
    Ok(())
}

/// Injected once, and into something.
pub fn injectable(submission: &Submission) -> Result<(), Refusal> {
    let id = &submission.id;
    if submission.standing.state != SubmissionState::Submitted {
        return Err(Refusal::rule(
            format!(
                "{id} is {}, so it cannot be injected.",
                submission.standing.state.word()
            ),
            format!("`relmate show {id}` names its tickets."),
        ));
    }
    if submission.targets.is_empty() {
        return Err(Refusal::rule(
            format!("{id} names no platform, so it has no ticket to make."),
            format!("Give it one with `relmate set {id} targets=PLATFORM/ARCH`."),
        ));
    }
    Ok(())
}

/// The tracker's ids are for what the submission is meant for.
fn tracked(submission: &Submission, tracking: &BTreeMap<String, String>) -> Result<(), Refusal> {
    let id = &submission.id;
    if let Some(unknown) = tracking.keys().find(|key| {
        !submission
            .targets
            .iter()
            .any(|target| path(target) == **key)
    }) {
        let targets: Vec<String> = submission.targets.iter().map(path).collect();
        return Err(Refusal::usage(
            format!("{id} is not meant for {unknown}."),
            format!("It is meant for {}.", targets.join(", ")),
        ));
    }
    Ok(())
}

fn ticket_of(
    plan: &mut Plan<'_, '_>,
    (subject, submission): (&EntityId, &Submission),
    target: &Target,
    tracking_id: Option<&String>,
    profile: &Profile,
) -> Result<String, Refusal> {
    let at = plan.at();
    let day = plan.day()?;
    // Named after the submission and what it is for: two managers who inject it apart bring one
    // ticket into being and not two that would each be verified, announced and promoted. What
    // they say of it differently stands in it side by side, as everywhere; an injection that was
    // taken back and is done again brings the same ticket back. No rule has to find two records
    // that are one, and no gate has to be closed for it.
    let cause = Cause {
        rule: "inject",
        subject,
        trigger: &path(target),
    };
    if let Some(id) = plan.made_by(Kind::Ticket, cause)? {
        return Ok(id);
    }
    let (entity, id) = plan.create_for(Kind::Ticket, cause)?;
    plan.put(
        &entity,
        "state",
        &enter::arrive(State::Unverified, None, &at, profile),
    )?;
    plan.set(&entity, "submission", submission.id.clone())?;
    plan.set(&entity, "product", submission.product.clone())?;
    plan.set_some(&entity, "version", submission.version.as_ref())?;
    plan.set(&entity, "platform", target.platform.clone())?;
    plan.set(&entity, "arch", target.arch.clone())?;
    plan.set_some(&entity, "provider", submission.provider.as_ref())?;
    plan.set_some(&entity, "notes_url", submission.notes_url.as_ref())?;
    plan.set_some(&entity, "channel_id", submission.channel_id.as_ref())?;
    plan.set_some(&entity, "tracking_id", tracking_id)?;
    plan.put(&entity, "packages", &submission.packages)?;
    plan.put(&entity, "informed", &day)?;
    let owner = submission
        .owner
        .clone()
        .unwrap_or_else(|| plan.actor.name().to_owned());
    plan.set(&entity, "owner", owner)?;
    if submission.emergency {
        plan.set(&entity, "emergency", true)?;
    }
    Ok(id)
}
