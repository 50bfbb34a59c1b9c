//! Errors that are known: kept with their workaround until a version fixes them.

use super::{Held, advisory, close, held};
use crate::domain::calendar::spoken;
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::problem::guard::{self, Deed, Judgement};
use crate::domain::problem::known_error::{ErrorStanding, ErrorState, KnownError, Source};
use crate::domain::problem::production::{Holds, Production};
use crate::domain::problem::report::{Closing, Ending, Problem};
use crate::domain::problem::walk;
use crate::workspace::action::ErrorAdd;
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

/// Keeps an error; one of a problem that is not critical ends that problem.
pub(super) fn add(plan: &mut Plan<'_, '_>, asked: &ErrorAdd) -> Result<(), Refusal> {
    let Some(id) = &asked.problem else {
        let error = alone(plan, asked)?;
        return keep(plan, &error).map(drop);
    };
    let held = held(plan, id, Deed::Close)?;
    let workaround = asked
        .workaround
        .as_deref()
        .or(held.problem.workaround.as_deref());
    of_such_a_problem(&held.problem, asked, workaround, plan)?;
    let error = KnownError {
        product: held.problem.product.clone(),
        versions: if asked.versions.is_empty() {
            held.problem.version.clone().into_iter().collect()
        } else {
            asked.versions.clone()
        },
        symptom: text(asked.symptom.as_deref()).unwrap_or_else(|| held.problem.text.clone()),
        workaround: workaround.map(str::to_owned),
        source: asked.source.unwrap_or_default(),
        advisory: advisory(asked.advisory.as_deref(), asked.risk)?
            .or_else(|| held.problem.advisory.clone()),
        problem: Some(held.problem.id.clone()),
        ..blank(plan)
    };
    let kept = keep(plan, &error)?;
    plan.set(&held.entity, "known_error", kept.clone())?;
    plan.set_some(&held.entity, "workaround", error.workaround.as_ref())?;
    if held.problem.is_critical() {
        plan.receipt.ids.push(held.problem.id.clone());
        plan.say(format!(
            "{} is critical and stays open until it is fixed.",
            held.problem.id
        ));
        return Ok(());
    }
    let closing = Closing {
        body: None,
        decided_by: None,
        how: Ending::KnownError,
        at: plan.at(),
        by: plan.actor.name().to_owned(),
        reason: None,
        of: Some(kept),
        fixed_in: None,
        before: None,
        production: None,
    };
    close::ended(plan, &held, &closing, None)
}

/// Judged, not an error already, and described if it ends with this.
fn of_such_a_problem(
    problem: &Problem,
    asked: &ErrorAdd,
    workaround: Option<&str>,
    plan: &Plan<'_, '_>,
) -> Result<(), Refusal> {
    let id = &problem.id;
    if let Some(product) = asked
        .product
        .as_deref()
        .filter(|it| !it.eq_ignore_ascii_case(&problem.product))
    {
        return Err(Refusal::rule(
            format!(
                "{id} is about {}, and the error is said to be in {product}.",
                problem.product
            ),
            "Leave the product out.",
        ));
    }
    if let Some(known) = &problem.known_error {
        return Err(Refusal::rule(
            format!("{id} is the known error {known} already."),
            format!("Change it with `relmate set {known} workaround=TEXT`."),
        ));
    }
    if problem.is_critical() {
        return Ok(());
    }
    let production = Production {
        holds: Holds::Unknown,
        sentence: String::new(),
        hint: String::new(),
    };
    Ok(guard::close(
        problem,
        &guard::Closing {
            how: Some(Ending::KnownError),
            reason: None,
            of: None,
            version: None,
            workaround,
            judgement: Judgement {
                criticality: None,
                priority: None,
                body: None,
                by: None,
            },
            production: &production,
            recalled: Err(""),
            untold: &[],
            unsent: &[],
        },
        &plan.rules()?.profile.problem,
    )?)
}

/// The known error that a problem becomes when it is closed as one.
pub(super) fn of_problem(
    plan: &mut Plan<'_, '_>,
    held: &Held,
    workaround: Option<&str>,
) -> Result<String, Refusal> {
    let problem = &held.problem;
    if let Some(known) = &problem.known_error {
        return Ok(known.clone());
    }
    let error = KnownError {
        product: problem.product.clone(),
        versions: problem.version.clone().into_iter().collect(),
        symptom: problem.text.clone(),
        workaround: text(workaround).or_else(|| problem.workaround.clone()),
        advisory: problem.advisory.clone(),
        problem: Some(problem.id.clone()),
        ..blank(plan)
    };
    let id = keep(plan, &error)?;
    plan.set(&held.entity, "known_error", id.clone())?;
    plan.set_some(&held.entity, "workaround", error.workaround.as_ref())?;
    Ok(id)
}

fn text(text: Option<&str>) -> Option<String> {
    let text = text.map(str::trim).filter(|it| !it.is_empty());
    text.map(str::to_owned)
}

fn blank(plan: &Plan<'_, '_>) -> KnownError {
    KnownError {
        id: String::new(),
        product: String::new(),
        versions: Vec::new(),
        symptom: String::new(),
        workaround: None,
        source: Source::Production,
        advisory: None,
        problem: None,
        fixed_in: None,
        found: Some(plan.at()),
        standing: ErrorStanding {
            state: ErrorState::Open,
            entered: plan.at(),
        },
        owner: Some(plan.actor.name().to_owned()),
        deleted: false,
    }
}

/// An error that no problem brought.
fn alone(plan: &Plan<'_, '_>, asked: &ErrorAdd) -> Result<KnownError, Refusal> {
    let Some(product) = &asked.product else {
        return Err(Refusal::usage(
            "Which product has the error is missing.",
            "Give --product P, or --problem P-ID.",
        ));
    };
    let Some(symptom) = text(asked.symptom.as_deref()) else {
        return Err(Refusal::usage(
            "What is seen of the error is missing.",
            "Give --symptom TEXT.",
        ));
    };
    let advisory = advisory(asked.advisory.as_deref(), asked.risk)?;
    let source = match (asked.source, &advisory) {
        (Some(source), _) => source,
        (None, Some(_)) => Source::Advisory,
        (None, None) => Source::Production,
    };
    Ok(KnownError {
        product: plan.load(Kind::Product, product)?.row.id,
        versions: asked.versions.clone(),
        symptom,
        workaround: text(asked.workaround.as_deref()),
        source,
        advisory,
        ..blank(plan)
    })
}

/// Writes a new error, once for each advisory; returns its id.
fn keep(plan: &mut Plan<'_, '_>, error: &KnownError) -> Result<String, Refusal> {
    if let Some(advisory) = &error.advisory {
        for row in plan
            .writing
            .reader()
            .first_open(Kind::KnownError, usize::MAX)?
        {
            if let Some(Noun::KnownError(known)) = row.noun()?
                && known.product.eq_ignore_ascii_case(&error.product)
                && known
                    .advisory
                    .as_ref()
                    .is_some_and(|it| it.id.eq_ignore_ascii_case(&advisory.id))
            {
                return Err(Refusal::rule(
                    format!(
                        "{} keeps {} for {} already.",
                        known.id, advisory.id, known.product
                    ),
                    format!("Change it with `relmate set {} FIELD=VALUE`.", known.id),
                ));
            }
        }
    }
    let value = serde_json::to_value(error)
        .map_err(|error| Refusal::failed(format!("The error cannot be kept: {error}."), ""))?;
    let (entity, id) = plan.create(Kind::KnownError)?;
    for (field, value) in value.as_object().into_iter().flatten() {
        if field != "id" {
            plan.set(&entity, field, value.clone())?;
        }
    }
    plan.say(format!("{id} is a known error of {}.", error.label()));
    if let (Some(advisory), Some(due)) = (&error.advisory, walk::error_due(error, &plan.setting()?))
    {
        plan.say(format!(
            "{} is {}; a fix is wanted by {}.",
            advisory.id,
            advisory.risk.word(),
            spoken(due)
        ));
    }
    if error.workaround.is_none() {
        plan.warn(format!("{id} has no workaround yet."));
    }
    Ok(id)
}

/// An error is fixed once.
pub fn unfixed(error: &KnownError) -> Result<(), Refusal> {
    match (&error.fixed_in, error.standing.state) {
        (fixed_in, ErrorState::Fixed) => Err(Refusal::rule(
            format!(
                "{} is fixed already{}.",
                error.id,
                fixed_in
                    .as_ref()
                    .map(|it| format!(", in {it}"))
                    .unwrap_or_default()
            ),
            "An error that comes back is a new one.",
        )),
        (_, ErrorState::Open) => Ok(()),
    }
}

pub(super) fn fix(plan: &mut Plan<'_, '_>, id: &str, version: Option<&str>) -> Result<(), Refusal> {
    let loaded = plan.load(Kind::KnownError, id)?;
    let Noun::KnownError(error) = loaded.noun else {
        return Err(Refusal::not_found(
            format!("{id} is not a known error."),
            "",
        ));
    };
    unfixed(&error)?;
    let id = error.id.clone();
    let Some(version) = text(version) else {
        return Err(Refusal::usage(
            format!("The version that fixes {id} is missing."),
            format!("Write `relmate error fix {id} --version V`."),
        ));
    };
    if error.versions.contains(&version) {
        return Err(Refusal::rule(
            format!(
                "{id} is in {version} itself ({}), so {version} does not fix it.",
                error.label()
            ),
            "Name the version that does.",
        ));
    }
    plan.not_before(&id, error.standing.entered)?;
    let standing = ErrorStanding {
        state: ErrorState::Fixed,
        entered: plan.at(),
    };
    plan.put(&loaded.entity, "state", &standing)?;
    plan.set(&loaded.entity, "fixed_in", version.clone())?;
    plan.say(format!("{id} ({}) is fixed in {version}.", error.label()));
    plan.receipt.ids.push(id);
    Ok(())
}
