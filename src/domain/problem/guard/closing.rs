//! How a problem may end: each way asks for its own proof, and none of them is silence
//! (DOMAIN.md C3).

use super::{Judgement, lacks, rule, said, stands, triage};
use crate::domain::problem::production::Production;
use crate::domain::problem::report::{Criticality, Ending, Problem};
use crate::domain::problem::walk::Step;
use crate::domain::profile::ProblemRules;
use crate::domain::queue::guard::Refused;
use crate::domain::queue::version;

/// What a closing is asked with, and what is so around the problem.
pub struct Closing<'a> {
    pub how: Option<Ending>,
    pub reason: Option<&'a str>,
    /// The problem it repeats.
    pub of: Option<&'a Problem>,
    /// The version that fixed one that is not critical.
    pub version: Option<&'a str>,
    pub workaround: Option<&'a str>,
    /// Who decided that it is less critical, and how critical it is then.
    pub judgement: Judgement<'a>,
    pub production: &'a Production,
    /// The tickets that were recalled, or what is so instead.
    pub recalled: Result<&'a str, &'a str>,
    /// Sites that run the bad version and were not warned.
    pub untold: &'a [String],
    /// Warnings that lie unsent: the message and the site.
    pub unsent: &'a [(String, String)],
}

/// A problem ends in one of six ways, and each asks for its own proof.
pub fn close(
    problem: &Problem,
    closing: &Closing<'_>,
    rules: &ProblemRules,
) -> Result<(), Refused> {
    let id = &problem.id;
    let Some(how) = closing.how else {
        return lacks(
            format!("{id} is not closed in silence."),
            format!(
                "Say how it ended: `relmate problem close {id} {}`.",
                Ending::WORDS.join("|")
            ),
        );
    };
    match how {
        Ending::Duplicate => return duplicate(problem, closing),
        Ending::NoDefect => {
            reasoned(problem, closing, "no defect")?;
            return unfounded(problem, closing, rules);
        }
        Ending::Fixed | Ending::Recalled | Ending::Downgraded | Ending::KnownError => {}
    }
    if problem.triage.is_none() {
        return rule(
            format!(
                "{id} is filed and not triaged, so it cannot be closed as {}.",
                how.label()
            ),
            format!("`relmate problem triage {id}` records who decided how critical it is."),
        );
    }
    match how {
        Ending::Fixed if problem.is_critical() => fixed(problem, closing),
        Ending::Fixed => match said(closing.version) {
            Some(version) => not_the_bad_one(problem, version),
            None => lacks(
                format!("{id} is fixed by some version, and that is missing."),
                format!("Write `relmate problem close {id} fixed --version V`."),
            ),
        },
        Ending::Recalled => taken_back(problem, closing),
        Ending::Downgraded => downgraded(problem, closing, rules),
        Ending::KnownError => known(problem, closing),
        Ending::Duplicate | Ending::NoDefect => Ok(()),
    }
}

fn not_the_bad_one(problem: &Problem, version: &str) -> Result<(), Refused> {
    if problem.version.as_deref() != Some(version) {
        return Ok(());
    }
    rule(
        format!(
            "{} has the problem {} itself, so {version} cannot be what fixed it.",
            problem.label(),
            problem.id
        ),
        "Name another version.",
    )
}

fn reasoned(problem: &Problem, closing: &Closing<'_>, label: &str) -> Result<(), Refused> {
    if said(closing.reason).is_some() {
        return Ok(());
    }
    lacks(
        format!("Closing {} as {label} needs a reason.", problem.id),
        "Give --reason R.",
    )
}

/// That a critical problem is none is decided where it was found critical.
fn unfounded(
    problem: &Problem,
    closing: &Closing<'_>,
    rules: &ProblemRules,
) -> Result<(), Refused> {
    if !problem.is_critical() {
        return Ok(());
    }
    let judgement = Judgement {
        criticality: problem.criticality(),
        priority: None,
        ..closing.judgement
    };
    triage(problem, &judgement, rules).map_err(|refused| Refused {
        message: format!(
            "{} is {}, and that it is no defect is decided as that was: {}",
            problem.id,
            stands(problem),
            refused.message
        ),
        hint: Some(format!(
            "Write `relmate problem close {} no-defect --reason R --body BODY --decided-by NAME`.",
            problem.id
        )),
        ..refused
    })
}

fn duplicate(problem: &Problem, closing: &Closing<'_>) -> Result<(), Refused> {
    let id = &problem.id;
    let Some(other) = closing.of else {
        return lacks(
            format!("Which problem {id} repeats is missing."),
            format!("Write `relmate problem close {id} duplicate --of P-ID`."),
        );
    };
    if other.id == *id {
        return rule(
            format!("{id} cannot repeat itself."),
            "Name the other problem.",
        );
    }
    let repeats = other
        .closing
        .as_ref()
        .filter(|it| it.how == Ending::Duplicate)
        .and_then(|it| it.of.as_deref());
    if let Some(first) = repeats {
        return rule(
            format!("{} is a duplicate itself: it repeats {first}.", other.id),
            format!("Write `relmate problem close {id} duplicate --of {first}`."),
        );
    }
    if !other.product.eq_ignore_ascii_case(&problem.product) {
        return rule(
            format!(
                "{id} is about {}, and {} about {}.",
                problem.product, other.id, other.product
            ),
            "A duplicate is about the same product.",
        );
    }
    if problem.is_critical() {
        return as_grave(problem, other);
    }
    Ok(())
}

/// A critical problem lives on in the one it repeats, so that one has to be as grave and open.
fn as_grave(problem: &Problem, other: &Problem) -> Result<(), Refused> {
    let id = &problem.id;
    if !other.is_open() || !other.is_critical() {
        return rule(
            format!(
                "{id} is {}, and {} is {}.",
                stands(problem),
                other.id,
                stands(other)
            ),
            "A critical problem repeats one that is open and critical itself.",
        );
    }
    match (&problem.version, &other.version) {
        (Some(here), Some(there)) if !version::same(here, there) => rule(
            format!(
                "{id} is about {}, and {} about {}.",
                problem.label(),
                other.id,
                other.label()
            ),
            "A critical problem repeats one of the same version.",
        ),
        _ => Ok(()),
    }
}

/// The whole walk is behind it, and production is consistent again.
fn fixed(problem: &Problem, closing: &Closing<'_>) -> Result<(), Refused> {
    let id = &problem.id;
    let steps = [
        (problem.engaged.is_none(), Step::Engage),
        (problem.halt.is_none(), Step::Halt),
        (problem.successor.is_none(), Step::Successor),
    ];
    if let Some((_, step)) = steps.into_iter().find(|(open, _)| *open) {
        return rule(
            format!("{id} is critical, and {}.", step.missing()),
            format!("Write `{}`.", step.command(id)),
        );
    }
    told(problem, closing)?;
    consistent(problem, closing)
}

fn consistent(problem: &Problem, closing: &Closing<'_>) -> Result<(), Refused> {
    if closing.production.is_consistent() {
        return Ok(());
    }
    rule(
        format!(
            "{} is critical and cannot be closed: {}.",
            problem.id, closing.production.sentence
        ),
        closing.production.hint.clone(),
    )
}

/// Who runs the bad version knows of it.
fn told(problem: &Problem, closing: &Closing<'_>) -> Result<(), Refused> {
    let id = &problem.id;
    if !closing.untold.is_empty() {
        let sites = closing.untold.join(", ");
        return rule(
            format!(
                "{id} is critical, and who runs {} has not been told: {sites}.",
                problem.label()
            ),
            format!("`relmate problem tell {id}` drafts the warnings."),
        );
    }
    match closing.unsent.first() {
        Some((message, site)) => rule(
            format!("{id} is critical, and the warning to {site} ({message}) is not sent."),
            format!("Send it and write `relmate outbox sent {message}`."),
        ),
        None => Ok(()),
    }
}

fn taken_back(problem: &Problem, closing: &Closing<'_>) -> Result<(), Refused> {
    if let Err(instead) = closing.recalled {
        return rule(
            format!("{} cannot be closed as recalled: {instead}.", problem.id),
            "`relmate ticket recall T-ID --reason R` takes a release back.",
        );
    }
    if problem.is_critical() {
        told(problem, closing)?;
        return consistent(problem, closing);
    }
    Ok(())
}

/// Who decided that it is not critical after all, and why.
fn downgraded(
    problem: &Problem,
    closing: &Closing<'_>,
    rules: &ProblemRules,
) -> Result<(), Refused> {
    let id = &problem.id;
    if !problem.is_critical() {
        return rule(
            format!("{id} is {}; there is nothing to lower.", stands(problem)),
            format!("`relmate problem triage {id}` records another criticality."),
        );
    }
    reasoned(problem, closing, "downgraded")?;
    triage(problem, &closing.judgement, rules)?;
    if closing.judgement.criticality == Some(Criticality::Critical) {
        return rule(
            format!("{id} is critical, and critical is no lower."),
            "Give --criticality high, moderate or low.",
        );
    }
    Ok(())
}

fn known(problem: &Problem, closing: &Closing<'_>) -> Result<(), Refused> {
    let id = &problem.id;
    if problem.is_critical() {
        return rule(
            format!("{id} is {}; a workaround does not end it.", stands(problem)),
            format!(
                "It ends fixed, recalled or downgraded; `relmate error add --problem {id}` keeps the workaround meanwhile."
            ),
        );
    }
    let described = said(closing.workaround)
        .or(said(problem.workaround.as_deref()))
        .is_some();
    if described || problem.known_error.is_some() {
        return Ok(());
    }
    lacks(
        format!("A known error is printed with its workaround, and that of {id} is missing."),
        format!(
            "Give --workaround TEXT; where there is none, say so in it: `relmate problem close {id} known-error --workaround 'none yet'`."
        ),
    )
}
