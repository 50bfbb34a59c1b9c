//! What may not be done to a problem, each refusal with what is so and what is asked for.
//! Pure: whoever asks brings the tickets and the sites. Changes nothing.

mod closing;

pub use closing::{Closing, close};

use super::report::{Criticality, Problem, ProblemState};
use super::walk::Step;
use crate::domain::profile::ProblemRules;
use crate::domain::queue::guard::{Refused, RefusedKind};

/// What is done to a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Deed {
    Triage,
    Engage,
    Halt,
    Fix,
    Tell,
    Close,
}

impl Deed {
    pub const ALL: [Self; 6] = [
        Self::Triage,
        Self::Engage,
        Self::Halt,
        Self::Fix,
        Self::Tell,
        Self::Close,
    ];

    /// The word after `relmate problem`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Triage => "triage",
            Self::Engage => "engage",
            Self::Halt => "halt",
            Self::Fix => "fix",
            Self::Tell => "tell",
            Self::Close => "close",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.word() == word)
    }
}

fn refused(kind: RefusedKind, message: String, hint: impl Into<String>) -> Refused {
    Refused {
        kind,
        message,
        hint: Some(hint.into()),
    }
}

fn rule(message: String, hint: impl Into<String>) -> Result<(), Refused> {
    Err(refused(RefusedKind::Rule, message, hint))
}

fn lacks(message: String, hint: impl Into<String>) -> Result<(), Refused> {
    Err(refused(RefusedKind::MissingArgument, message, hint))
}

/// A text that says something.
fn said(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// "critical, as MU (Marta) decided".
pub fn stands(problem: &Problem) -> String {
    match (&problem.closing, &problem.triage) {
        (Some(closing), _) if problem.standing.state == ProblemState::Closed => {
            format!("closed as {}", closing.how.label())
        }
        (_, Some(triage)) => format!(
            "{}, as {} ({}) decided",
            triage.criticality.word(),
            triage.body,
            triage.by
        ),
        (_, None) => "filed and not triaged".to_owned(),
    }
}

/// What stops a deed whatever it is asked with.
pub fn obstacle(deed: Deed, problem: &Problem, contested: bool) -> Result<(), Refused> {
    let id = &problem.id;
    if contested {
        return Err(refused(
            RefusedKind::Contested,
            format!("{id} is contested: two managers changed it differently."),
            format!("`relmate resolve {id}` settles it."),
        ));
    }
    if !problem.is_open() {
        return Err(refused(
            RefusedKind::NotOpen,
            format!(
                "{id} is {}, so nothing is done about it any more.",
                stands(problem)
            ),
            "What comes back is filed as a new problem; `relmate undo` takes a wrong closing back.",
        ));
    }
    let stands = stands(problem);
    match deed {
        Deed::Triage if problem.is_critical() => rule(
            format!("{id} is {stands}; a critical problem is not lowered in passing."),
            format!("`relmate problem close {id} downgraded` says who decided otherwise and why."),
        ),
        Deed::Triage | Deed::Close => Ok(()),
        Deed::Engage | Deed::Halt | Deed::Fix | Deed::Tell => {
            walked(problem, &stands)?;
            once(deed, problem, &stands)
        }
    }
}

/// The walk is for what a body has found critical.
fn walked(problem: &Problem, stands: &str) -> Result<(), Refused> {
    let id = &problem.id;
    if problem.triage.is_none() {
        return rule(
            format!("{id} is {stands}; nobody has decided how critical it is."),
            format!("`relmate problem triage {id}` records who did."),
        );
    }
    if problem.is_critical() {
        return Ok(());
    }
    rule(
        format!("{id} is {stands}; only a critical problem is walked that way."),
        format!(
            "Describe a workaround: `relmate problem close {id} known-error --workaround TEXT`."
        ),
    )
}

/// Each step is taken once, the fix after the provider was asked for it.
fn once(deed: Deed, problem: &Problem, stands: &str) -> Result<(), Refused> {
    let id = &problem.id;
    match deed {
        Deed::Engage => match &problem.engaged {
            Some(engaged) => rule(
                format!("{id} is engaged already: {} was told.", engaged.whom),
                "A further word to them is a remark: `relmate comment`.",
            ),
            None => Ok(()),
        },
        Deed::Halt => match &problem.halt {
            Some(halt) => rule(
                format!(
                    "{id} has halted the rollout already ({}): {}.",
                    halt.scope,
                    halt.reason.trim_end_matches('.')
                ),
                format!("`relmate log {id}` says since when."),
            ),
            None => Ok(()),
        },
        Deed::Fix => match (&problem.engaged, &problem.successor) {
            (None, _) => rule(
                format!("{id} is {stands}, and its provider has not been engaged."),
                format!("`relmate problem engage {id}` asks for the fix first."),
            ),
            (_, Some(successor)) => rule(
                format!("{id} has its fixing version already: {}.", successor.id),
                format!("`relmate why {id}` says what is left."),
            ),
            (Some(_), None) => Ok(()),
        },
        Deed::Triage | Deed::Tell | Deed::Close => Ok(()),
    }
}

/// What a problem is filed with.
pub struct Filing<'a> {
    pub channel_id: Option<&'a str>,
    pub text: Option<&'a str>,
    /// The problem that has this id of the channel already, and what it is about.
    pub same: Option<(&'a str, &'a str)>,
}

/// through the standard channel, each request once.
pub fn file(filing: &Filing<'_>) -> Result<(), Refused> {
    let Some(channel_id) = said(filing.channel_id) else {
        return lacks(
            "A problem comes through the standard channel, and the id it has there is missing."
                .to_owned(),
            "Give --channel-id ID; a site that called is asked to write to the helpdesk.",
        );
    };
    if said(filing.text).is_none() {
        return lacks(
            format!("What is wrong is missing of {channel_id}."),
            "Give --text TEXT, in the site's own words.",
        );
    }
    match filing.same {
        Some((id, label)) => rule(
            format!("{channel_id} is {id} already, about {label}."),
            format!("See it with `relmate show {id}`; a remark is `relmate comment {id} TEXT`."),
        ),
        None => Ok(()),
    }
}

/// What a triage is asked with.
#[derive(Clone, Copy)]
pub struct Judgement<'a> {
    pub criticality: Option<Criticality>,
    pub priority: Option<&'a str>,
    pub body: Option<&'a str>,
    pub by: Option<&'a str>,
}

/// a body and a person of it decide.
pub fn triage(
    problem: &Problem,
    judgement: &Judgement<'_>,
    rules: &ProblemRules,
) -> Result<(), Refused> {
    let id = &problem.id;
    let missing: Vec<&str> = [
        (judgement.criticality.is_none(), "how critical it is"),
        (said(judgement.body).is_none(), "the body that decided"),
        (said(judgement.by).is_none(), "the person who decided there"),
    ]
    .into_iter()
    .filter_map(|(missing, what)| missing.then_some(what))
    .collect();
    if !missing.is_empty() {
        return lacks(
            format!("The triage of {id} lacks {}.", missing.join(", ")),
            format!(
                "Write `relmate problem triage {id} --criticality C --body {} --decided-by NAME`.",
                if rules.bodies.is_empty() {
                    "BODY".to_owned()
                } else {
                    rules.bodies.join("|")
                }
            ),
        );
    }
    body(judgement.body, rules)?;
    let Some(priority) = said(judgement.priority) else {
        return Ok(());
    };
    if rules.priorities.is_empty() || one_of(&rules.priorities, priority) {
        return Ok(());
    }
    rule(
        format!("{priority:?} is no priority of the helpdesk."),
        format!("There are {}.", rules.priorities.join(", ")),
    )
}

fn one_of(words: &[String], word: &str) -> bool {
    words.iter().any(|it| it.eq_ignore_ascii_case(word))
}

/// Only the bodies of the process decide.
fn body(given: Option<&str>, rules: &ProblemRules) -> Result<(), Refused> {
    let given = said(given).unwrap_or_default();
    if rules.bodies.is_empty() || one_of(&rules.bodies, given) {
        return Ok(());
    }
    rule(
        format!("{given} does not decide about problems in this process."),
        format!("These do: {}.", rules.bodies.join(", ")),
    )
}

/// A halt says why and how far.
pub fn halt(problem: &Problem, reason: Option<&str>, scope: Option<&str>) -> Result<(), Refused> {
    if said(reason).is_some() && said(scope).is_some() {
        return Ok(());
    }
    let missing = match (said(reason), said(scope)) {
        (None, None) => "a reason and a scope",
        (None, Some(_)) => "a reason",
        (Some(_), _) => "a scope",
    };
    lacks(
        format!("Halting the rollout needs {missing}."),
        format!("Write `{}`.", Step::Halt.command(&problem.id)),
    )
}

/// A release that is to fix a problem.
pub struct Fixing<'a> {
    pub id: &'a str,
    pub product: &'a str,
    pub version: Option<&'a str>,
    pub emergency: bool,
}

/// the fix is another version of the same product, and it does not queue behind others.
pub fn fix(problem: &Problem, by: &Fixing<'_>) -> Result<(), Refused> {
    let (id, other) = (&problem.id, by.id);
    if !by.product.eq_ignore_ascii_case(&problem.product) {
        return rule(
            format!(
                "{id} is about {}, and {other} is of {}.",
                problem.product, by.product
            ),
            format!("Name a release of {}.", problem.product),
        );
    }
    if by.version.is_some() && by.version == problem.version.as_deref() {
        return rule(
            format!(
                "{} has the problem {id} itself, so {other} cannot fix it.",
                problem.label()
            ),
            "Name another version: a fix rolls forward.",
        );
    }
    if !by.emergency {
        return rule(
            format!("{id} is critical, and {other} is no emergency."),
            format!(
                "Submit the fix as one with `relmate problem fix {id} --version V`, or compose {other} into an emergency release."
            ),
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests;
