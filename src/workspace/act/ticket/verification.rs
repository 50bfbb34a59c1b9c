//! The verification of a ticket: who verifies it where, what was asked and found, and its
//! end, which is the entry into the beta repository.

use serde_json::json;

use super::{Ask, draft, named};
use crate::domain::kind::Kind;
use crate::domain::message::MessageKind;
use crate::domain::noun::Noun;
use crate::domain::people::Person;
use crate::domain::queue::guard;
use crate::domain::queue::step::Step;
use crate::domain::queue::ticket::{CheckResult, Outcome, Repository, Ticket, Verified};
use crate::domain::violation::separation;
use crate::ledger::EntityId;
use crate::workspace::act::promotion;
use crate::workspace::action::VerificationEnd;
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

pub(super) fn start(
    plan: &mut Plan<'_, '_>,
    id: &str,
    verifier: Option<&str>,
    testbed: Option<&str>,
) -> Result<(), Refusal> {
    let passed = plan.pass(
        Step::Start,
        id,
        &Ask {
            verifier,
            ..Ask::default()
        },
        |_| (),
    )?;
    let ticket = plan.step(Step::Start, &passed, None)?;
    if let Some(name) = verifier {
        let person = plan.person(name)?;
        separation::apart(&ticket.id, ticket.owner.as_deref(), Some(&person.name))?;
        plan.verified_by(&passed.entity, &person)?;
    }
    plan.set_some(&passed.entity, "testbed", testbed.as_ref())?;
    plan.say_due(&ticket)
}

impl Plan<'_, '_> {
    /// Names who verifies a ticket, and whose that person is: what the ticket needs to know of
    /// another record is written there.
    pub fn verified_by(&mut self, ticket: &EntityId, person: &Person) -> Result<bool, Refusal> {
        if let Some(organisation) = &person.organisation {
            let field = format!("team:{}", person.name);
            self.set(ticket, &field, organisation.as_str())?;
        }
        self.set(ticket, "verifier", person.name.clone())
    }
}

pub(super) fn ask(plan: &mut Plan<'_, '_>, id: &str, text: &str) -> Result<(), Refusal> {
    let passed = plan.pass(
        Step::Ask,
        id,
        &Ask {
            reason: Some(text),
            ..Ask::default()
        },
        |_| (),
    )?;
    let stage = guard::stage(&passed.ticket, &passed.profile).to_owned();
    let ticket = plan.step(Step::Ask, &passed, None)?;
    plan.set(&passed.entity, "question", text)?;
    let mut facts = plan.ticket_facts(&ticket)?;
    facts["text"] = json!(text);
    facts["stage"] = json!(stage);
    draft(plan, MessageKind::Question, &ticket, facts)
}

pub(super) fn answer(plan: &mut Plan<'_, '_>, id: &str, text: &str) -> Result<(), Refusal> {
    let passed = plan.pass(
        Step::Answer,
        id,
        &Ask {
            reason: Some(text),
            ..Ask::default()
        },
        |_| (),
    )?;
    let ticket = plan.step(Step::Answer, &passed, None)?;
    plan.clear(&passed.entity, "question")?;
    let body = json!({"text": text, "answer": true});
    plan.event(&passed.entity, "comment", body);
    plan.say_due(&ticket)
}

pub(super) fn check(
    plan: &mut Plan<'_, '_>,
    id: &str,
    results: &[(String, Outcome)],
    (note, link): (Option<&str>, Option<&str>),
) -> Result<(), Refusal> {
    let passed = plan.pass(
        Step::Check,
        id,
        &Ask {
            checks: results,
            ..Ask::default()
        },
        |_| (),
    )?;
    let (by, on) = (plan.actor.name().to_owned(), plan.at());
    let mut ticket = passed.ticket;
    for (criterion, result) in results {
        let known = passed
            .profile
            .criterion
            .iter()
            .find(|it| it.id.eq_ignore_ascii_case(criterion));
        let critical = known.is_some_and(|it| it.critical) && result.is_failure();
        let criterion = known.map_or(criterion.as_str(), |it| it.id.as_str());
        let check = CheckResult {
            result: *result,
            critical,
            note: note.map(str::to_owned),
            link: link.map(str::to_owned),
            by: by.clone(),
            on,
        };
        plan.put(&passed.entity, &format!("results:{criterion}"), &check)?;
        ticket.results.insert(criterion.to_owned(), check);
    }
    plan.receipt.ids.push(ticket.id.clone());
    let left = guard::unchecked(&ticket, &passed.profile).len();
    let failed = guard::critical_failures(&ticket, &passed.profile).len();
    let noun = if results.len() == 1 {
        "result"
    } else {
        "results"
    };
    plan.say(format!(
        "Recorded {} {noun} for {}.",
        results.len(),
        named(&ticket)
    ));
    plan.say(match (left, failed) {
        (_, 1..) => format!(
            "{failed} critical failed: the next step is `relmate ticket reject {}`.",
            ticket.id
        ),
        (0, 0) if Step::Verify.is_open(&ticket.standing) => format!(
            "Every criterion has a result: `relmate ticket verify {}` is open.",
            ticket.id
        ),
        (0, 0) => "Every criterion has a result.".to_owned(),
        (left, 0) => format!("{left} criteria have no result yet."),
    });
    Ok(())
}

/// Verified, perhaps with warnings; in beta from now on, on a mark and a test.
pub(super) fn verify(
    plan: &mut Plan<'_, '_>,
    id: &str,
    ending: &VerificationEnd,
) -> Result<(), Refusal> {
    let asked = Ask {
        certified: ending.certified.as_deref(),
        ..Ask::default()
    };
    let passed = plan.pass(Step::Verify, id, &asked, |_| ())?;
    let ticket = plan.step(Step::Verify, &passed, None)?;
    let warnings: Vec<&str> = ticket
        .results
        .iter()
        .filter(|(_, it)| matches!(it.result, Outcome::Warning | Outcome::Fail))
        .map(|(id, _)| id.as_str())
        .collect();
    let ended = if warnings.is_empty() {
        Verified::Clean
    } else {
        plan.say(format!("Verified with warnings: {}.", warnings.join(", ")));
        Verified::WithWarnings
    };
    // What the profile does not call critical any more passes, and says so.
    for (id, result) in ticket.results.iter().filter(|(_, it)| it.critical) {
        let minor = CheckResult {
            critical: false,
            ..result.clone()
        };
        plan.put(&passed.entity, &format!("results:{id}"), &minor)?;
    }
    plan.put(&passed.entity, "verified", &ended)?;
    plan.set_some(&passed.entity, "effort", ending.minutes.as_ref())?;
    if !ending.watch.is_empty() {
        plan.put(&passed.entity, "watch", &ending.watch)?;
    }
    let mark = match (&ending.certified, &ticket.verifier) {
        (Some(mark), _) => mark.clone(),
        (None, Some(verifier)) => format!("verified by {verifier}"),
        (None, None) => String::new(),
    };
    let test = match &ending.test_reference {
        Some(reference) => reference.clone(),
        None => format!("verification report of {}", ticket.id),
    };
    promotion::promote(
        plan,
        &passed.entity,
        Repository::Beta,
        format!("{mark}; {test}"),
    )?;
    plan.say_due(&ticket)?;
    let sites = with_agreement(plan, &ticket)?;
    plan.say(match sites {
        0 => format!(
            "No site has an agreement on {} yet: `relmate site pick {}` shows who could try it.",
            ticket.product, ticket.id
        ),
        n => format!(
            "{n} site{} to be told: `relmate announce {}`.",
            if n == 1 { " is" } else { "s are" },
            ticket.id
        ),
    });
    Ok(())
}

fn with_agreement(plan: &Plan<'_, '_>, ticket: &Ticket) -> Result<usize, Refusal> {
    let day = plan.day()?;
    let mut sites = 0;
    for row in plan.writing.reader().all(Kind::Site)? {
        if let Some(Noun::Site(site)) = row.noun()?
            && site
                .agreement(&ticket.product, day)
                .is_some_and(|sla| sla.holds(day))
        {
            sites += 1;
        }
    }
    Ok(sites)
}
