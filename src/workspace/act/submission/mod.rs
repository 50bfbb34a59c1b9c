//! Taking a submission in, and bringing its tickets into being. The injection
//! clock stops with the sent answer, which is `outbox`'s part.

mod inject;

pub use inject::{inject, injectable};

use super::letters::{Draft, To};
use crate::domain::calendar::spoken;
use crate::domain::kind::Kind;
use crate::domain::message::MessageKind;
use crate::domain::noun::Noun;
use crate::domain::profile::Profile;
use crate::domain::queue::completeness::{self, Missing};
use crate::domain::queue::state::SubmissionState;
use crate::domain::queue::submission::{Submission, SubmissionStanding, Target};
use crate::domain::queue::{clocks, version};
use crate::ledger::EntityId;
use crate::workspace::action::Submit;
use crate::workspace::cause::Cause;
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

/// A provider hands in a product release.
pub fn submit(plan: &mut Plan<'_, '_>, asked: &Submit) -> Result<(), Refusal> {
    take_in(plan, asked).map(drop)
}

/// The same, and the id it got.
pub fn take_in(plan: &mut Plan<'_, '_>, asked: &Submit) -> Result<String, Refusal> {
    let known = plan.find(Kind::Product, &asked.product)?;
    let Some((of, Noun::Product(product))) = known.map(|it| (it.entity, it.noun)) else {
        let add = format!(
            "relmate product add {:?} --provider P --contact MAIL",
            asked.product
        );
        return Err(Refusal::not_found(
            format!("There is no product {}.", asked.product),
            format!("Add it with `{add}`."),
        ));
    };
    let profile = plan.whole_profile()?;
    let submission = as_asked(plan, asked, product.name, product.provider, &profile);
    let others = same_release(plan, &submission)?;
    superseded(plan, asked.supersedes.as_deref())?;
    let missing = completeness::missing(&submission, &profile, &others);
    complete(plan, &missing, asked.waive.as_deref())?;
    older_version(plan, &submission)?;
    // Two managers who take one release in apart have taken it in once.
    let cause = Cause {
        rule: "submit",
        subject: &of,
        trigger: &for_what(&submission),
    };
    let (entity, id) = plan.create_for(Kind::Submission, cause)?;
    let submission = Submission {
        id: id.clone(),
        ..submission
    };
    write(plan, &entity, &submission)?;
    let due = clocks::submission_due(&submission, &plan.setting()?);
    plan.say(format!(
        "{id}: {} taken in, {} packages.",
        submission.label(),
        submission.packages.len()
    ));
    if let (Some(due), Some(limit)) = (due, submission.standing.limit) {
        plan.say(format!(
            "To be injected and answered by {} ({limit}).",
            spoken(due)
        ));
    }
    let facts = plan.submission_facts(&submission)?;
    plan.draft_letter(Draft {
        kind: MessageKind::Receipt,
        to: To::Product,
        product: &submission.product,
        channel_id: submission.channel_id.as_deref(),
        about: vec![id.clone()],
        facts,
        trigger: String::new(),
    })?;
    Ok(id)
}

fn path(target: &Target) -> String {
    format!("{}/{}", target.platform, target.arch)
}

/// The version, and what it is for.
fn for_what(submission: &Submission) -> String {
    let mut targets: Vec<String> = submission.targets.iter().map(path).collect();
    targets.sort();
    let version = submission.version.as_deref().unwrap_or_default();
    format!("{version} {}", targets.join(" "))
}

/// What is superseded has to exist; its open tickets are named, because nothing moves by itself.
fn superseded(plan: &mut Plan<'_, '_>, id: Option<&str>) -> Result<(), Refusal> {
    let Some(id) = id else { return Ok(()) };
    let old = plan.load(Kind::Submission, id)?.row.id;
    still_open(plan, &old)
}

/// Names the tickets of a submission that go on without it.
fn still_open(plan: &mut Plan<'_, '_>, submission: &str) -> Result<(), Refusal> {
    for row in plan.writing.reader().children(Kind::Ticket, submission)? {
        if row.open {
            plan.warn(format!(
                "{} of {submission} is still open; `relmate ticket withdraw {}` ends it.",
                row.id, row.id
            ));
        }
    }
    Ok(())
}

fn as_asked(
    plan: &Plan<'_, '_>,
    asked: &Submit,
    product: String,
    provider: Option<String>,
    profile: &Profile,
) -> Submission {
    let at = plan.at();
    Submission {
        id: String::new(),
        product,
        version: asked.version.clone(),
        provider,
        notes_url: asked.notes_url.clone(),
        packages: asked.packages.clone(),
        channel_id: asked.channel_id.clone(),
        support_unit: profile.support_unit.clone(),
        targets: asked.targets.clone(),
        submitted: at,
        at_least: false,
        standing: SubmissionStanding {
            state: SubmissionState::Submitted,
            entered: at,
            limit: profile.injection_limit,
            pauses: Vec::new(),
            profile: profile.version,
        },
        injected: None,
        answered: None,
        tickets: Vec::new(),
        supersedes: asked.supersedes.clone(),
        emergency: asked.emergency,
        owner: Some(plan.actor.name().to_owned()),
        claimed_by: None,
        later: None,
        reason: asked.waive.clone(),
        source: None,
        deleted: false,
    }
}

/// Submissions of the same product and version that are not over.
fn same_release(plan: &Plan<'_, '_>, new: &Submission) -> Result<Vec<String>, Refusal> {
    let rows = plan
        .writing
        .reader()
        .children(Kind::Submission, &new.product)?;
    let mut same = Vec::new();
    for row in rows {
        if let Some(Noun::Submission(old)) = row.noun()? {
            let over = matches!(
                old.standing.state,
                SubmissionState::Withdrawn | SubmissionState::Refused
            );
            let shared = new
                .targets
                .iter()
                .any(|target| old.targets.contains(target));
            if !over && old.version == new.version && shared {
                same.push(old.id);
            }
        }
    }
    Ok(same)
}

/// a lower version within one major is warned about.
fn older_version(plan: &mut Plan<'_, '_>, new: &Submission) -> Result<(), Refusal> {
    let Some(version) = &new.version else {
        return Ok(());
    };
    for row in plan
        .writing
        .reader()
        .children(Kind::Submission, &new.product)?
    {
        if let Some(Noun::Submission(old)) = row.noun()?
            && let Some(known) = &old.version
            && version::lower_within_major(known, version)
        {
            plan.warn(format!(
                "{version} is lower than {known}, which {} brought.",
                old.id
            ));
            break;
        }
    }
    Ok(())
}

/// A missing part is named; with a reason the submission is taken in all the same.
fn complete(
    plan: &mut Plan<'_, '_>,
    missing: &[Missing],
    waive: Option<&str>,
) -> Result<(), Refusal> {
    let (hard, soft): (Vec<&Missing>, Vec<&Missing>) = missing.iter().partition(|it| it.hard);
    for it in soft {
        plan.warn(it.sentence.clone());
    }
    let Some(first) = hard.first() else {
        return Ok(());
    };
    if waive.is_some_and(|reason| !reason.trim().is_empty()) {
        for it in hard {
            plan.warn(format!("Waived: {}", it.sentence));
        }
        return Ok(());
    }
    let sentences: Vec<&str> = hard.iter().map(|it| it.sentence.as_str()).collect();
    let hint = format!(
        "Give --{}, or take it in all the same with --waive REASON.",
        first.option()
    );
    if hard.iter().all(|it| it.is_absence()) {
        Err(Refusal::usage(sentences.join(" "), hint))
    } else {
        Err(Refusal::rule(sentences.join(" "), hint))
    }
}

/// Writes every field of a new submission.
pub fn write(
    plan: &mut Plan<'_, '_>,
    entity: &EntityId,
    submission: &Submission,
) -> Result<(), Refusal> {
    let value = serde_json::to_value(submission)
        .map_err(|error| Refusal::failed(format!("The submission cannot be kept: {error}."), ""))?;
    for (field, value) in value.as_object().into_iter().flatten() {
        if field != "id" {
            plan.set(entity, field, value.clone())?;
        }
    }
    Ok(())
}

/// What it becomes, while it can still end before its tickets are there.
pub fn closable(submission: &Submission, refused: bool) -> Result<&'static str, Refusal> {
    let word = if refused { "refused" } else { "withdrawn" };
    if submission.standing.state == SubmissionState::Submitted {
        return Ok(word);
    }
    Err(Refusal::rule(
        format!(
            "{} is {}, so it cannot be {word}.",
            submission.id,
            submission.standing.state.word()
        ),
        "Its tickets can be rejected or withdrawn one by one.",
    ))
}

/// Whether a submission may come to a state that one of two managers brought it to.
pub fn reachable(
    plan: &mut Plan<'_, '_>,
    submission: &Submission,
    value: &serde_json::Value,
) -> Result<(), Refusal> {
    let Ok(target) = serde_json::from_value::<SubmissionStanding>(value.clone()) else {
        return Ok(());
    };
    let state = target.state;
    let mut before = submission.clone();
    before.standing = SubmissionStanding {
        state: SubmissionState::Submitted,
        ..target
    };
    match state {
        SubmissionState::Submitted => Ok(()),
        SubmissionState::Injected | SubmissionState::Answered => injectable(&before),
        SubmissionState::Withdrawn | SubmissionState::Refused => {
            closable(&before, state == SubmissionState::Refused)?;
            still_open(plan, &submission.id)
        }
    }
}

/// A submission that ends before it is answered: refused, or withdrawn by its provider.
pub fn close(
    plan: &mut Plan<'_, '_>,
    id: &str,
    refused: bool,
    reason: Option<&str>,
) -> Result<(), Refusal> {
    let loaded = plan.load(Kind::Submission, id)?;
    let Noun::Submission(mut submission) = loaded.noun else {
        return Err(Refusal::not_found(format!("{id} is not a submission."), ""));
    };
    let word = closable(&submission, refused)?;
    if refused && reason.is_none_or(|reason| reason.trim().is_empty()) {
        return Err(Refusal::usage(
            "A refusal needs a reason.",
            format!(
                "Write `relmate submission refuse {} --reason R`.",
                submission.id
            ),
        ));
    }
    plan.not_before(&submission.id, submission.standing.entered)?;
    let state = if refused {
        SubmissionState::Refused
    } else {
        SubmissionState::Withdrawn
    };
    submission.standing = SubmissionStanding {
        state,
        entered: plan.at(),
        ..submission.standing
    };
    plan.put(&loaded.entity, "state", &submission.standing)?;
    plan.set_some(&loaded.entity, "reason", reason.as_ref())?;
    plan.receipt.ids.push(submission.id.clone());
    plan.say(format!(
        "{} ({}) is {word}.",
        submission.id,
        submission.label()
    ));
    if refused {
        submission.reason = reason.map(str::to_owned);
        let facts = plan.submission_facts(&submission)?;
        plan.draft_letter(Draft {
            kind: MessageKind::Refusal,
            to: To::Product,
            product: &submission.product,
            channel_id: submission.channel_id.as_deref(),
            about: vec![submission.id.clone()],
            facts,
            trigger: String::new(),
        })?;
    }
    Ok(())
}
