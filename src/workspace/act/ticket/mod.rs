//! The steps of a ticket: guards first, then the new register, what the step
//! records, and the text it owes.

mod reachable;
mod verification;

pub use reachable::reachable;

use chrono::NaiveDate;
use serde_json::json;

use super::letters::To;
use super::{promotion, rollout};
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
use crate::domain::queue::ticket::{Outcome, Repository, Ticket};
use crate::domain::rollout::announcement::AnnouncementState;
use crate::domain::rollout::decision::Decision;
use crate::domain::when::When;
use crate::ledger::EntityId;
use crate::workspace::action::Action;
use crate::workspace::look;
use crate::workspace::look::gate;
use crate::workspace::look::rollout::Rollout;
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
    certified: Option<&'a str>,
    rollout: Option<&'a Rollout>,
}

/// A ticket that passed the guards of a step.
struct Passed {
    entity: EntityId,
    ticket: Ticket,
    profile: Profile,
    day: NaiveDate,
    promise: Option<NaiveDate>,
    /// What its rollout adds up to, where that was asked for.
    decision: Option<Decision>,
}

/// Runs the ticket step that an action is.
pub fn run(plan: &mut Plan<'_, '_>, action: &Action) -> Result<(), Refusal> {
    match action {
        Action::TicketStart {
            id,
            verifier,
            testbed,
        } => verification::start(plan, id, verifier.as_deref(), testbed.as_deref()),
        Action::TicketAsk { id, text } => verification::ask(plan, id, text),
        Action::TicketAnswer { id, text } => verification::answer(plan, id, text),
        Action::TicketCheck {
            id,
            results,
            note,
            link,
        } => verification::check(plan, id, results, (note.as_deref(), link.as_deref())),
        Action::TicketVerify { id, ending } => verification::verify(plan, id, ending),
        Action::TicketAccept { id, tested_by } => accept(plan, id, tested_by),
        Action::TicketReject { id, reason } => reject(plan, id, reason.as_deref()),
        Action::TicketDelay {
            id,
            reason,
            promise,
        } => delay(plan, id, reason.as_deref(), *promise),
        Action::TicketResume { id, due } => resume(plan, id, *due),
        Action::TicketWithdraw { id, reason } => withdraw(plan, id, reason.as_deref()),
        Action::TicketPromote { id } => promote(plan, id),
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
        let loaded = self.load(Kind::Ticket, &rollout::meant(self, id)?)?;
        gate::open(&self.writing.reader(), &loaded.row, step.into())?;
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
        let decision = {
            let setting = self.setting()?;
            let rollout = ask.rollout;
            rollout.map(|rollout| rollout.decide(&ticket, &setting, day))
        };
        let (freeze, facts) = match step {
            Step::Promote => {
                let reader = self.writing.reader();
                let freeze = look::release::freeze(&reader, &ticket)?;
                (freeze, Some(look::release::alone(&reader, &ticket)?))
            }
            _ => (None, None),
        };
        guard::refuse(
            step,
            &ticket,
            &Request {
                freeze: freeze.as_ref(),
                facts: facts.as_ref(),
                contested: loaded.row.contested,
                reason: ask.reason,
                verifier: verifier.as_ref(),
                promise,
                checks: &checks,
                successor: ask.successor,
                certified: ask.certified,
                rollout: decision.as_ref(),
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
            decision,
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

/// The rollout ends as good: its announcements are closed and the sites are told.
fn accept(plan: &mut Plan<'_, '_>, id: &str, tested_by: &[String]) -> Result<(), Refusal> {
    let mut sites = Vec::new();
    for site in tested_by {
        sites.push(plan.load(Kind::Site, site)?.row.id);
    }
    let rollout = {
        let reader = plan.writing.reader();
        Rollout::of(&reader, &rollout::meant(plan, id)?)?
    };
    if let (Some(site), Some(told)) = (sites.first(), rollout.announcements.first()) {
        return Err(Refusal::rule(
            format!("{} announces {id}, so a site reports on that.", told.id),
            format!("Write `relmate site report {id} {site} --outcome ok`."),
        ));
    }
    let asked = Ask {
        rollout: Some(&rollout),
        ..Ask::default()
    };
    let passed = plan.pass(Step::Accept, id, &asked, |ticket| {
        ticket.tested_by.extend(sites.iter().cloned());
    })?;
    for site in &sites {
        plan.add(&passed.entity, "tested_by", site.as_str())?;
    }
    let ticket = plan.step(Step::Accept, &passed, None)?;
    match &passed.decision {
        Some(decision) => rollout::good(plan, &ticket, &rollout, decision),
        None => Ok(()),
    }
}

fn withdraw(plan: &mut Plan<'_, '_>, id: &str, reason: Option<&str>) -> Result<(), Refusal> {
    let passed = plan.pass(
        Step::Withdraw,
        id,
        &Ask {
            reason,
            ..Ask::default()
        },
        |_| (),
    )?;
    let ticket = plan.step(Step::Withdraw, &passed, None)?;
    plan.set_some(&passed.entity, "closing_reason", reason.as_ref())?;
    let why = reason.unwrap_or("its provider has withdrawn it");
    rollout::end(plan, &ticket, why)
}

/// Into the production repository, with the proof that it may be there.
fn promote(plan: &mut Plan<'_, '_>, id: &str) -> Result<(), Refusal> {
    let passed = plan.pass(Step::Promote, id, &Ask::default(), |_| ())?;
    plan.step(Step::Promote, &passed, None)?;
    let proof = proof(plan, &passed.ticket)?;
    promotion::promote(plan, &passed.entity, Repository::Production, proof)
}

/// The sentence that ended its rollout, else since when it is ready.
pub fn proof(plan: &Plan<'_, '_>, ticket: &Ticket) -> Result<String, Refusal> {
    let rollout = Rollout::of(&plan.writing.reader(), &ticket.id)?;
    let good = rollout
        .announcements
        .into_iter()
        .find(|it| it.standing.state == AnnouncementState::Good);
    if let Some(sentence) = good.and_then(|it| it.standing.sentence) {
        return Ok(sentence);
    }
    let tried = match ticket.tested_by.as_slice() {
        [] => String::new(),
        sites => format!(", tried by {}", sites.join(", ")),
    };
    let since = spoken(ticket.standing.entered.day(&plan.rules()?.zone));
    Ok(format!("{} is ready since {since}{tried}.", ticket.id))
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
    draft(plan, MessageKind::Rejection, &ticket, facts)?;
    rollout::end(plan, &ticket, reason.unwrap_or("it was rejected"))
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
    if let Some(until) = ticket.promised.or(ticket.review) {
        rollout::explained(plan, &ticket.id, until)?;
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
    plan.draft_of_ticket(kind, To::Product, ticket, facts)?;
    Ok(())
}
