//! The steps of a ticket: guards first, then the new register, what the step
//! records, and the text it owes.

use chrono::NaiveDate;
use serde_json::json;

use super::letters::{Draft, To};
use super::promotion;
use crate::domain::calendar::spoken;
use crate::domain::kind::Kind;
use crate::domain::message::MessageKind;
use crate::domain::noun::Noun;
use crate::domain::people::Person;
use crate::domain::profile::Profile;
use crate::domain::queue::clocks;
use crate::domain::queue::enter::{self, Moment};
use crate::domain::queue::guard::{self, Request};
use crate::domain::queue::state::State;
use crate::domain::queue::step::Step;
use crate::domain::queue::ticket::{CheckResult, Outcome, Ticket};
use crate::domain::when::When;
use crate::ledger::EntityId;
use crate::workspace::action::Action;
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

/// What a step was asked with, as far as its guards care.
#[derive(Default)]
struct Ask<'a> {
    reason: Option<&'a str>,
    verifier: Option<&'a str>,
    promise: Option<When>,
    checks: &'a [(String, Outcome)],
    successor: Option<&'a str>,
}

/// A ticket that passed the guards of a step.
struct Passed {
    entity: EntityId,
    ticket: Ticket,
    profile: Profile,
    day: NaiveDate,
    promise: Option<NaiveDate>,
}

/// Runs the ticket step that an action is.
pub fn run(plan: &mut Plan<'_, '_>, action: &Action) -> Result<(), Refusal> {
    match action {
        Action::TicketStart { id, verifier } => start(plan, id, verifier.as_deref()),
        Action::TicketAsk { id, text } => ask(plan, id, text),
        Action::TicketAnswer { id, text } => answer(plan, id, text),
        Action::TicketCheck { id, results, note } => check(plan, id, results, note.as_deref()),
        Action::TicketVerify { id } => plainly(plan, Step::Verify, id, None),
        Action::TicketAccept { id, tested_by } => accept(plan, id, tested_by),
        Action::TicketReject { id, reason } => reject(plan, id, reason.as_deref()),
        Action::TicketDelay {
            id,
            reason,
            promise,
        } => delay(plan, id, reason.as_deref(), *promise),
        Action::TicketResume { id, due } => resume(plan, id, *due),
        Action::TicketWithdraw { id, reason } => {
            plainly(plan, Step::Withdraw, id, reason.as_deref())
        }
        Action::TicketPromote { id } => promotion::to_production(plan, id),
        Action::TicketRecall { id, reason, by } => {
            recall(plan, id, reason.as_deref(), by.as_deref())
        }
        Action::TicketInform { id, text } => inform(plan, id, text.as_deref()),
        _ => Ok(()),
    }
}

impl Plan<'_, '_> {
    /// Loads a ticket and asks every guard of a step.
    fn pass(
        &self,
        step: Step,
        id: &str,
        ask: &Ask<'_>,
        prepare: impl FnOnce(&mut Ticket),
    ) -> Result<Passed, Refusal> {
        let loaded = self.load(Kind::Ticket, id)?;
        let Noun::Ticket(mut ticket) = loaded.noun else {
            return Err(Refusal::not_found(format!("{id} is not a ticket."), ""));
        };
        prepare(&mut ticket);
        let profile = self.whole_profile()?;
        let person = self.person(self.guard_name())?;
        let named = ask.verifier.or(ticket.verifier.as_deref());
        let verifier: Option<Person> = match (step, named) {
            (Step::Start, Some(name)) => Some(self.person(name)?),
            _ => None,
        };
        let (today, day) = (self.today()?, self.day()?);
        let zone = &self.rules()?.zone;
        let promise = ask.promise.map(|when| when.day(zone));
        let checks: Vec<(&str, Outcome)> = ask
            .checks
            .iter()
            .map(|(id, outcome)| (id.as_str(), *outcome))
            .collect();
        guard::refuse(
            step,
            &ticket,
            &Request {
                contested: loaded.row.contested,
                reason: ask.reason,
                verifier: verifier.as_ref(),
                promise,
                checks: &checks,
                successor: ask.successor,
                ..Request::new(&profile, &person, today.min(day))
            },
        )?;
        self.not_before(&ticket.id, ticket.standing.entered)?;
        Ok(Passed {
            entity: loaded.entity,
            ticket: *ticket,
            profile,
            day,
            promise,
        })
    }

    /// Guards count the person whose device this is, not the one it is recorded for.
    fn guard_name(&self) -> &str {
        &self.actor.person
    }

    /// `--at` is never before the record's last transition.
    pub fn not_before(&self, id: &str, entered: When) -> Result<(), Refusal> {
        let Some(at) = self.time.at else {
            return Ok(());
        };
        let zone = &self.rules()?.zone;
        if at.end(zone) >= entered.start(zone) {
            return Ok(());
        }
        Err(Refusal::rule(
            format!(
                "{id} came where it is on {}, after {}.",
                spoken(entered.day(zone)),
                spoken(at.day(zone))
            ),
            "Give --at that day or a later one.",
        ))
    }

    /// Writes the register that a step leads to; returns it with the ticket as it is now.
    fn step(
        &mut self,
        step: Step,
        passed: &Passed,
        due: Option<NaiveDate>,
    ) -> Result<Ticket, Refusal> {
        let moment = Moment {
            at: self.at(),
            day: passed.day,
            due,
        };
        let standing = enter::enter(step, &passed.ticket, &passed.profile, &moment);
        self.put(&passed.entity, "state", &standing)?;
        self.clear(&passed.entity, "later")?;
        if passed.ticket.standing.state == State::Delayed && standing.state != State::Delayed {
            // A promise is kept or overtaken once the ticket moves on.
            self.clear(&passed.entity, "promised")?;
            self.clear(&passed.entity, "review")?;
        }
        self.receipt.ids.insert(0, passed.ticket.id.clone());
        let ticket = Ticket {
            standing,
            ..passed.ticket.clone()
        };
        if ticket.standing.state != passed.ticket.standing.state {
            let profile = &passed.profile;
            self.say(format!(
                "{} is now {}.",
                named(&ticket),
                guard::stands(&ticket, profile)
            ));
        }
        Ok(ticket)
    }

    /// After a step: by when the next one is due.
    fn say_due(&mut self, ticket: &Ticket) -> Result<(), Refusal> {
        let due = clocks::ticket_due(ticket, &self.setting()?);
        if let (Some(due), Some(limit)) = (due, ticket.standing.limit) {
            self.say(format!("Its limit of {limit} ends on {}.", spoken(due)));
        }
        Ok(())
    }
}

fn named(ticket: &Ticket) -> String {
    format!("{} ({})", ticket.id, ticket.label())
}

/// A step that only moves the ticket.
fn plainly(
    plan: &mut Plan<'_, '_>,
    step: Step,
    id: &str,
    reason: Option<&str>,
) -> Result<(), Refusal> {
    let passed = plan.pass(
        step,
        id,
        &Ask {
            reason,
            ..Ask::default()
        },
        |_| (),
    )?;
    let ticket = plan.step(step, &passed, None)?;
    plan.set_some(&passed.entity, "closing_reason", reason.as_ref())?;
    plan.say_due(&ticket)
}

fn start(plan: &mut Plan<'_, '_>, id: &str, verifier: Option<&str>) -> Result<(), Refusal> {
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
        let name = plan.person(name)?.name;
        plan.set(&passed.entity, "verifier", name)?;
    }
    plan.say_due(&ticket)
}

fn ask(plan: &mut Plan<'_, '_>, id: &str, text: &str) -> Result<(), Refusal> {
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

fn answer(plan: &mut Plan<'_, '_>, id: &str, text: &str) -> Result<(), Refusal> {
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

fn check(
    plan: &mut Plan<'_, '_>,
    id: &str,
    results: &[(String, Outcome)],
    note: Option<&str>,
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
        let criterion = known.map_or(criterion.as_str(), |it| it.id.as_str());
        let check = CheckResult {
            result: *result,
            note: note.map(str::to_owned),
            link: None,
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

fn accept(plan: &mut Plan<'_, '_>, id: &str, tested_by: &[String]) -> Result<(), Refusal> {
    let mut sites = Vec::new();
    for site in tested_by {
        sites.push(plan.load(Kind::Site, site)?.row.id);
    }
    let passed = plan.pass(Step::Accept, id, &Ask::default(), |ticket| {
        ticket.tested_by.extend(sites.iter().cloned());
    })?;
    for site in &sites {
        plan.add(&passed.entity, "tested_by", site.as_str())?;
    }
    plan.step(Step::Accept, &passed, None)?;
    Ok(())
}

fn reject(plan: &mut Plan<'_, '_>, id: &str, reason: Option<&str>) -> Result<(), Refusal> {
    let passed = plan.pass(
        Step::Reject,
        id,
        &Ask {
            reason,
            ..Ask::default()
        },
        |_| (),
    )?;
    let stage = guard::stage(&passed.ticket, &passed.profile).to_owned();
    let ticket = plan.step(Step::Reject, &passed, None)?;
    plan.set_some(&passed.entity, "closing_reason", reason.as_ref())?;
    let mut facts = plan.ticket_facts(&ticket)?;
    facts["reason"] = json!(reason);
    facts["stage"] = json!(stage);
    draft(plan, MessageKind::Rejection, &ticket, facts)
}

/// Explanation, status and notice in one step, as the process says.
fn delay(
    plan: &mut Plan<'_, '_>,
    id: &str,
    reason: Option<&str>,
    promise: Option<When>,
) -> Result<(), Refusal> {
    let passed = plan.pass(
        Step::Delay,
        id,
        &Ask {
            reason,
            promise,
            ..Ask::default()
        },
        |_| (),
    )?;
    let missed = clocks::limit_due(&passed.ticket, &plan.setting()?);
    let early = missed.is_some_and(|due| due >= passed.day);
    let mut ticket = plan.step(Step::Delay, &passed, missed.filter(|_| !early))?;
    ticket.delay_reason = reason.map(str::to_owned);
    ticket.promised = passed.promise;
    plan.set_some(&passed.entity, "delay_reason", reason.as_ref())?;
    if let Some(promise) = passed.promise {
        plan.put(&passed.entity, "promised", &promise)?;
        plan.clear(&passed.entity, "review")?;
        plan.say(format!("Promised for {}.", spoken(promise)));
    } else {
        ticket.review = clocks::review_day(passed.day, &plan.setting()?);
        plan.set_some(&passed.entity, "review", ticket.review.as_ref())?;
        plan.clear(&passed.entity, "promised")?;
        if let Some(review) = ticket.review {
            let review = spoken(review);
            plan.say(format!(
                "No date is promised; it is looked at again by {review}."
            ));
        }
    }
    if early {
        plan.warn(format!(
            "{id} was still within its limit; the delay is recorded early."
        ));
    }
    let mut facts = plan.ticket_facts(&ticket)?;
    facts["early"] = json!(early);
    draft(plan, MessageKind::DelayNotice, &ticket, facts)
}

fn resume(plan: &mut Plan<'_, '_>, id: &str, due: Option<When>) -> Result<(), Refusal> {
    let passed = plan.pass(
        Step::Resume,
        id,
        &Ask {
            promise: due,
            ..Ask::default()
        },
        |_| (),
    )?;
    let ticket = plan.step(Step::Resume, &passed, passed.promise)?;
    let due = clocks::ticket_due(&ticket, &plan.setting()?);
    if let Some(due) = due {
        plan.say(format!("It is now due on {}.", spoken(due)));
    }
    Ok(())
}

fn recall(
    plan: &mut Plan<'_, '_>,
    id: &str,
    reason: Option<&str>,
    by: Option<&str>,
) -> Result<(), Refusal> {
    let successor = by
        .map(|by| plan.load(Kind::Ticket, by))
        .transpose()?
        .map(|it| it.row.id);
    let asked = Ask {
        reason,
        successor: successor.as_deref(),
        ..Ask::default()
    };
    let passed = plan.pass(Step::Recall, id, &asked, |_| ())?;
    plan.step(Step::Recall, &passed, None)?;
    plan.set_some(&passed.entity, "closing_reason", reason.as_ref())?;
    plan.set_some(&passed.entity, "superseded_by", successor.as_ref())?;
    Ok(())
}

fn inform(plan: &mut Plan<'_, '_>, id: &str, text: Option<&str>) -> Result<(), Refusal> {
    let passed = plan.pass(Step::Inform, id, &Ask::default(), |_| ())?;
    plan.receipt.ids.push(passed.ticket.id.clone());
    let mut facts = plan.ticket_facts(&passed.ticket)?;
    facts["text"] = json!(text);
    draft(plan, MessageKind::StatusMessage, &passed.ticket, facts)
}

fn draft(
    plan: &mut Plan<'_, '_>,
    kind: MessageKind,
    ticket: &Ticket,
    facts: serde_json::Value,
) -> Result<(), Refusal> {
    plan.draft_letter(Draft {
        kind,
        to: To::Product,
        product: &ticket.product,
        channel_id: None,
        about: vec![ticket.id.clone()],
        facts,
    })?;
    Ok(())
}
