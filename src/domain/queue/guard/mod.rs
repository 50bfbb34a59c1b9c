//! What a step may not do: the rules of the process, each refusal with its reason
//! and its remedy. Changes nothing, and knows no step of an import.

use chrono::NaiveDate;
use thiserror::Error;

use crate::domain::distribution::facts::Facts;
use crate::domain::distribution::freeze::{self, Freeze};
use crate::domain::people::Person;
use crate::domain::profile::{Criterion, Profile};
use crate::domain::queue::state::State;
use crate::domain::queue::step::{Step, open_steps};
use crate::domain::queue::ticket::{Outcome, Ticket};
use crate::domain::rollout::decision::{Decision, Verdict};

/// Everything a step is asked with.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    pub profile: &'a Profile,
    /// Who acts.
    pub person: &'a Person,
    pub today: NaiveDate,
    /// Two managers moved the ticket differently and nobody has settled it yet.
    pub contested: bool,
    /// The reason, or the text of a question or an answer.
    pub reason: Option<&'a str>,
    /// Who will verify; the caller passes the ticket's verifier when none is named.
    pub verifier: Option<&'a Person>,
    /// The date promised with a delay, or given on resuming.
    pub promise: Option<NaiveDate>,
    /// The results to record, one a criterion.
    pub checks: &'a [(&'a str, Outcome)],
    /// The ticket that replaces a recalled one.
    pub successor: Option<&'a str>,
    /// The contents of a release that are frozen and not out yet.
    pub freeze: Option<&'a Freeze>,
    /// What a promotion is judged by besides: open problems, and what production holds.
    pub facts: Option<&'a Facts>,
    /// What the staged rollout adds up to, where it has one.
    pub rollout: Option<&'a Decision>,
    /// What a manager gives for entry to beta; none is what the verification itself says.
    pub certified: Option<&'a str>,
}

impl<'a> Request<'a> {
    pub fn new(profile: &'a Profile, person: &'a Person, today: NaiveDate) -> Self {
        Self {
            profile,
            person,
            today,
            contested: false,
            reason: None,
            verifier: None,
            promise: None,
            checks: &[],
            successor: None,
            freeze: None,
            facts: None,
            rollout: None,
            certified: None,
        }
    }

    fn has_reason(&self) -> bool {
        self.reason.is_some_and(|reason| !reason.trim().is_empty())
    }
}

/// Which of the exit codes a refusal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusedKind {
    /// Something was not given (2).
    MissingArgument,
    /// Something named does not exist (3).
    Unknown,
    /// The step is not open where the ticket stands (4).
    NotOpen,
    /// A rule of the process (4).
    Rule,
    /// Two managers disagree (4).
    Contested,
}

/// A step that may not be taken; the message is one sentence with a full stop.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct Refused {
    pub kind: RefusedKind,
    pub message: String,
    /// What would help.
    pub hint: Option<String>,
}

impl Refused {
    /// A rule of the process.
    pub fn rule(message: String, hint: String) -> Self {
        Self::new(RefusedKind::Rule, message, hint)
    }

    fn new(kind: RefusedKind, message: String, hint: String) -> Self {
        Self {
            kind,
            message,
            hint: Some(hint),
        }
    }
}

/// Says whether the step may be taken, and if not, why and what would help.
pub fn refuse(step: Step, ticket: &Ticket, request: &Request) -> Result<(), Refused> {
    place(step, ticket, request)?;
    arguments(step, ticket, request)?;
    match step {
        Step::Start => request
            .verifier
            .map_or(Ok(()), |verifier| independent(ticket, verifier)),
        Step::Check => {
            independent(ticket, request.person)?;
            checkable(ticket, request)
        }
        Step::Verify => {
            independent(ticket, request.person)?;
            verifiable(ticket, request.profile)?;
            certified(ticket, request)
        }
        Step::Accept => tested(ticket, request),
        Step::Promote => promotable(ticket, request),
        Step::Delay | Step::Resume => not_in_the_past(ticket, request),
        Step::Ask | Step::Answer | Step::Reject | Step::Withdraw | Step::Recall | Step::Inform => {
            Ok(())
        }
    }
}

/// What stops the step whatever arguments it is given; `next` shows it beside the step.
pub fn obstacle(step: Step, ticket: &Ticket, request: &Request) -> Result<(), Refused> {
    place(step, ticket, request)?;
    match step {
        Step::Verify => verifiable(ticket, request.profile),
        Step::Accept => tested(ticket, request),
        Step::Promote => promotable(ticket, request),
        Step::Start
        | Step::Check
        | Step::Delay
        | Step::Resume
        | Step::Ask
        | Step::Answer
        | Step::Reject
        | Step::Withdraw
        | Step::Recall
        | Step::Inform => Ok(()),
    }
}

fn place(step: Step, ticket: &Ticket, request: &Request) -> Result<(), Refused> {
    let id = &ticket.id;
    if request.contested {
        return Err(Refused::new(
            RefusedKind::Contested,
            format!("{id} is contested: two managers changed it differently."),
            format!("`relmate resolve {id}` settles it; nothing else is open until then."),
        ));
    }
    if step.is_open(&ticket.standing) {
        return Ok(());
    }
    let open: Vec<_> = open_steps(&ticket.standing).map(|row| row.word).collect();
    let hint = if open.is_empty() {
        "Nothing is open from there; a new version is a new submission.".to_owned()
    } else {
        format!("Open from there: {}.", open.join(", "))
    };
    let stands = stands(ticket, request.profile);
    let message = format!("{id} is {stands}, where `{}` is not open.", step.word());
    Err(Refused::new(RefusedKind::NotOpen, message, hint))
}

/// How a sentence says where a ticket stands: "in verification", "unverified".
pub fn stands(ticket: &Ticket, profile: &Profile) -> String {
    let standing = &ticket.standing;
    let said = |state: State| {
        let label = profile.label(state);
        match state {
            State::Verification | State::StagedRollout => format!("in {label}"),
            State::Unverified
            | State::WaitingForResponse
            | State::Ready
            | State::Released
            | State::Delayed
            | State::Rejected
            | State::Withdrawn
            | State::Recalled => label.to_owned(),
        }
    };
    match (standing.state, standing.delayed_from) {
        (State::Delayed, Some(from)) => {
            format!("{} ({})", said(State::Delayed), said(from))
        }
        (state, _) => said(state),
    }
}

/// The community's word for the stage a ticket is in, whether or not it is delayed there.
pub fn stage<'a>(ticket: &Ticket, profile: &'a Profile) -> &'a str {
    profile.label(ticket.standing.acts_as())
}

fn arguments(step: Step, ticket: &Ticket, request: &Request) -> Result<(), Refused> {
    let id = &ticket.id;
    let missing = match step {
        Step::Start if request.verifier.is_none() => "a verifier",
        Step::Ask if !request.has_reason() => "the question",
        Step::Answer if !request.has_reason() => "the answer",
        Step::Check if request.checks.is_empty() => "a criterion and its result",
        Step::Reject | Step::Delay if !request.has_reason() => "a reason",
        Step::Recall if !request.has_reason() && request.successor.is_none() => {
            "a reason or the ticket that replaces it"
        }
        Step::Start
        | Step::Ask
        | Step::Answer
        | Step::Check
        | Step::Verify
        | Step::Accept
        | Step::Reject
        | Step::Delay
        | Step::Resume
        | Step::Withdraw
        | Step::Promote
        | Step::Recall
        | Step::Inform => return Ok(()),
    };
    Err(Refused::new(
        RefusedKind::MissingArgument,
        format!("`{}` needs {missing}.", step.word()),
        format!("Write `{}`.", step.command(id)),
    ))
}

/// A verifier is never of the product's own team (DOMAIN.md C1).
pub fn independent(ticket: &Ticket, verifier: &Person) -> Result<(), Refused> {
    let (Some(organisation), Some(provider)) = (&verifier.organisation, &ticket.provider) else {
        return Ok(());
    };
    if !is_of(organisation, provider) {
        return Ok(());
    }
    Err(Refused::new(
        RefusedKind::Rule,
        format!(
            "{} is of {organisation}, which makes {}, and cannot verify it.",
            verifier.name, ticket.product
        ),
        "Name a verifier of another organisation.".to_owned(),
    ))
}

/// Whether an organisation is the one that makes a product.
pub fn is_of(organisation: &str, provider: &str) -> bool {
    organisation.trim().to_lowercase() == provider.trim().to_lowercase()
}

fn checkable(ticket: &Ticket, request: &Request) -> Result<(), Refused> {
    for (id, outcome) in request.checks {
        let Some(criterion) = request.profile.criterion(id) else {
            return Err(Refused::new(
                RefusedKind::Unknown,
                format!("The profile has no criterion {id}."),
                "`relmate profile show` lists the criteria.".to_owned(),
            ));
        };
        if !criterion.results.is_empty() && !criterion.results.contains(outcome) {
            let allowed: Vec<_> = criterion
                .results
                .iter()
                .map(|result| result.word())
                .collect();
            return Err(Refused::new(
                RefusedKind::Rule,
                format!(
                    "{} of {} does not take {}.",
                    criterion.id,
                    ticket.id,
                    outcome.word()
                ),
                format!("It takes {}.", allowed.join(", ")),
            ));
        }
    }
    Ok(())
}

/// The criteria that have no result yet, in the profile's order.
pub fn unchecked<'a>(ticket: &Ticket, profile: &'a Profile) -> Vec<&'a Criterion> {
    profile
        .criterion
        .iter()
        .filter(|it| !ticket.results.contains_key(&it.id))
        .collect()
}

/// The critical criteria that failed; one that is critical for some products
/// only counts as well, because NA is how a verifier says it does not apply.
pub fn critical_failures<'a>(ticket: &Ticket, profile: &'a Profile) -> Vec<&'a Criterion> {
    let failed = |id: &String| {
        ticket
            .results
            .get(id)
            .is_some_and(|it| it.result == Outcome::Fail)
    };
    profile
        .criterion
        .iter()
        .filter(|it| it.critical && failed(&it.id))
        .collect()
}

fn ids(criteria: &[&Criterion]) -> String {
    criteria
        .iter()
        .map(|it| it.id.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}

fn verifiable(ticket: &Ticket, profile: &Profile) -> Result<(), Refused> {
    let id = &ticket.id;
    let failed = critical_failures(ticket, profile);
    if !failed.is_empty() {
        return Err(Refused::new(
            RefusedKind::Rule,
            format!("{id} failed what is critical: {}.", ids(&failed)),
            format!(
                "Write `{}`, or record a new result with `{}`.",
                Step::Reject.command(id),
                Step::Check.command(id)
            ),
        ));
    }
    let open = unchecked(ticket, profile);
    if open.is_empty() {
        return Ok(());
    }
    Err(Refused::new(
        RefusedKind::Rule,
        format!("{id} has no result for {}.", ids(&open)),
        format!("Write `relmate ticket check {id} --all OK --except CRITERION=RESULT`."),
    ))
}

/// nothing enters beta without a certification mark and the test behind it: the
/// verifier's name stands for the mark unless another one is given.
fn certified(ticket: &Ticket, request: &Request) -> Result<(), Refused> {
    let given = |mark: Option<&str>| mark.is_some_and(|mark| !mark.trim().is_empty());
    if given(request.certified) || given(ticket.verifier.as_deref()) {
        return Ok(());
    }
    let id = &ticket.id;
    Err(Refused::new(
        RefusedKind::Rule,
        format!("{id} has no certification mark: nobody is named who verified it."),
        format!(
            "Name the verifier with `relmate set {id} verifier=NAME`, or give --certified MARK."
        ),
    ))
}

fn promotable(ticket: &Ticket, request: &Request) -> Result<(), Refused> {
    by_a_manager(ticket, request.person)?;
    if let Some(freeze) = request.freeze {
        return Err(freeze::blocked(freeze, ticket));
    }
    request.facts.map_or(Ok(()), |facts| safe(ticket, facts))
}

/// What holds a release up holds a ticket up that goes alone: a problem that nobody has
/// judged or that is critical, and a higher version in production.
fn safe(ticket: &Ticket, facts: &Facts) -> Result<(), Refused> {
    let id = &ticket.id;
    let problem = facts
        .holding(ticket)
        .first()
        .map(|(problem, why)| (&problem.id, format!("{} is open and {why}", problem.id)));
    let higher = facts.higher(ticket).map(|old| {
        let version = old.version.as_deref().unwrap_or_default();
        format!("production has {} {version} as {}", old.product, old.id)
    });
    let (message, hint) = match (problem, higher) {
        (None, None) => return Ok(()),
        (Some((problem, open)), higher) => (
            match higher {
                Some(higher) => format!("{open}, and {higher}"),
                None => open,
            },
            format!("`relmate why {problem}` says how it ends."),
        ),
        (None, Some(higher)) => (
            higher,
            format!(
                "A lower version replaces nothing: `relmate ticket withdraw {id}`, or recall the higher one first."
            ),
        ),
    };
    Err(Refused::rule(
        format!("{id} cannot go into production: {message}."),
        hint,
    ))
}

/// Only what the rule calls good ends its rollout.
fn tested(ticket: &Ticket, request: &Request) -> Result<(), Refused> {
    let id = &ticket.id;
    let needed = request.profile.min_reports as usize;
    let (good, sentence) = match request.rollout {
        Some(decision) => (decision.is_good(), decision.sentence.clone()),
        // Nobody has looked the rollout up: what the ticket itself says.
        None => (
            ticket.tried_by().len() >= needed.max(1),
            format!("{id} has not been tested."),
        ),
    };
    if good {
        return Ok(());
    }
    let hint = match request.rollout.map(|it| it.verdict) {
        Some(Verdict::NotAnnounced) => {
            format!(
                "Write `relmate announce {id}`, or name who has tried it with --tested-by SITE."
            )
        }
        Some(Verdict::NotTested) => format!(
            "Explain it with `{}`; a site's report counts once it has really tried it, silence does not.",
            Step::Delay.command(id)
        ),
        Some(Verdict::HeldUp) => format!("`relmate why {id}` says who can remove that."),
        Some(Verdict::Running | Verdict::Good) | None => {
            format!("A report is recorded with `relmate site report {id} SITE --outcome OUTCOME`.")
        }
    };
    Err(Refused::new(RefusedKind::Rule, sentence, hint))
}

fn by_a_manager(ticket: &Ticket, person: &Person) -> Result<(), Refused> {
    if person.is_manager() {
        return Ok(());
    }
    Err(Refused::new(
        RefusedKind::Rule,
        format!(
            "Only a release manager promotes, and {} is none.",
            person.name
        ),
        format!("A manager writes `{}`.", Step::Promote.command(&ticket.id)),
    ))
}

fn not_in_the_past(ticket: &Ticket, request: &Request) -> Result<(), Refused> {
    match request.promise {
        Some(promise) if promise < request.today => Err(Refused::new(
            RefusedKind::Rule,
            format!(
                "{} cannot be promised for {promise}, which is past.",
                ticket.id
            ),
            "Give today or a later day.".to_owned(),
        )),
        Some(_) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
