//! What each action does, a subject a file. Guards and rules are the domain's;
//! here they are asked, and the answer is written.

mod along;
mod drafted;
pub mod import;
pub mod init;
mod let_go;
pub mod letters;
mod member;
pub mod outbox;
pub mod problem;
pub mod product;
pub mod promotion;
pub mod records;
pub mod release;
pub mod remarks;
pub mod rollout;
pub mod schedule;
pub mod settle;
pub mod submission;
mod taking_back;
pub mod ticket;
pub mod undo;
#[cfg(test)]
mod undo_tests;

use super::action::Action;
use super::look::gate::{self, Way};
use super::look::resolve;
use super::plan::Plan;
use super::refusal::Refusal;
use crate::domain::kind::Kind;
use crate::domain::people::Away;
use crate::domain::retro::action_item::ActionState;
use crate::ledger::Hash;

/// Runs an action's use case; returns the commit it takes back, if it is an undo.
pub fn run(plan: &mut Plan<'_, '_>, action: &Action) -> Result<Option<Hash>, Refusal> {
    match action {
        Action::Undo { target } => return undo::undo(plan, target.as_deref()).map(Some),
        Action::Redo { target } => return undo::redo(plan, target.as_deref()).map(Some),
        _ => {}
    }
    gate(plan, action)?;
    desk(plan, action)?;
    Ok(None)
}

/// What is contested stays where it is, also where no guard of its own asks.
fn gate(plan: &Plan<'_, '_>, action: &Action) -> Result<(), Refusal> {
    let Some(id) = action.subject() else {
        return Ok(());
    };
    if !gate::MOVES.contains(&action.verb()) {
        return Ok(());
    }
    let reader = plan.writing.reader();
    let row = match action {
        Action::CycleApprove { .. } | Action::CycleClose { .. } => {
            resolve::of_kind(&reader, Kind::Cycle, id)
        }
        _ => resolve::any(&reader, id),
    };
    match row {
        Ok(row) => gate::open(&reader, &row, Way::Aside),
        // The use case itself says what is wrong with the name.
        Err(_) => Ok(()),
    }
}

/// The desk, its people, its schedule.
fn desk(plan: &mut Plan<'_, '_>, action: &Action) -> Result<(), Refusal> {
    match action {
        Action::Init(asked) => init::init(plan, asked),
        Action::Holidays {
            days,
            source,
            rejected,
        } => init::holidays(plan, days, source, rejected),
        Action::Profile { text, reason } => init::profile(plan, text, reason),
        Action::Contact { mail } => init::contact(plan, mail.as_deref()),
        Action::PersonAdd {
            name,
            mail,
            organisation,
            roles,
        } => init::person_add(plan, name, mail.as_deref(), organisation.as_deref(), roles),
        Action::PersonAway {
            name,
            from,
            to,
            reason,
        } => init::person_away(
            plan,
            name,
            Away {
                from: *from,
                to: *to,
                reason: reason.clone(),
            },
        ),
        Action::Primary { name } => init::primary(plan, name),
        Action::CycleAdd(asked) => schedule::cycle::add(plan, asked),
        Action::CycleApprove { name, decision } => {
            schedule::cycle::approve(plan, name, decision.as_deref())
        }
        Action::CycleClose { name } => schedule::cycle::close(plan, name),
        Action::MilestoneAdd(asked) => schedule::milestone::add(plan, asked),
        Action::MilestoneMove { id, to, reason } => {
            schedule::slip::slip(plan, id, *to, reason.as_deref())
        }
        Action::MilestoneDone { id } => schedule::milestone::done(plan, id),
        _ => queue(plan, action),
    }
}

/// Products, submissions and tickets.
fn queue(plan: &mut Plan<'_, '_>, action: &Action) -> Result<(), Refusal> {
    match action {
        Action::ProductAdd(card) => product::add(plan, card),
        Action::ProductEdit(card) => product::edit(plan, card),
        Action::Submit(asked) => submission::submit(plan, asked),
        Action::SubmissionClose {
            id,
            refused,
            reason,
        } => submission::close(plan, id, *refused, reason.as_deref()),
        Action::Inject { id, tracking } => submission::inject(plan, id, tracking),
        Action::TicketStart { .. }
        | Action::TicketAsk { .. }
        | Action::TicketAnswer { .. }
        | Action::TicketCheck { .. }
        | Action::TicketVerify { .. }
        | Action::TicketAccept { .. }
        | Action::TicketReject { .. }
        | Action::TicketDelay { .. }
        | Action::TicketResume { .. }
        | Action::TicketWithdraw { .. }
        | Action::TicketPromote { .. }
        | Action::TicketRecall { .. }
        | Action::TicketInform { .. } => ticket::run(plan, action),
        _ => records(plan, action),
    }
}

/// Remarks on any record, sites, lessons, actions, the outbox, imports.
fn records(plan: &mut Plan<'_, '_>, action: &Action) -> Result<(), Refusal> {
    match action {
        Action::Comment { id, text, private } => remarks::comment(plan, id, text, *private),
        Action::Claim { id, drop } => remarks::claim(plan, id, *drop),
        Action::Later { id, until } => remarks::later(plan, id, *until),
        Action::Set { id, fields } => remarks::set(plan, id, fields),
        Action::Delete { id, reason } => remarks::delete(plan, id, reason.as_deref()),
        Action::Resolve(asked) => settle::settle(plan, asked),
        Action::SiteAdd(card) => rollout::site_add(plan, card),
        Action::LessonAdd { kind, text, about } => {
            records::lesson(plan, *kind, text, about.as_deref())
        }
        Action::Vote { id } => records::vote(plan, id),
        Action::ActionAdd {
            text,
            owner,
            due,
            about,
        } => records::action_add(plan, text, owner.as_deref(), *due, about.as_deref()),
        Action::ActionDone { id } => records::action_end(plan, id, ActionState::Done, None),
        Action::ActionDrop { id, reason } => {
            records::action_end(plan, id, ActionState::Dropped, reason.as_deref())
        }
        Action::OutboxEdit {
            id,
            to,
            subject,
            body,
        } => outbox::edit(plan, id, to.as_deref(), subject.as_deref(), body.as_deref()),
        Action::OutboxSent { id } => outbox::sent(plan, id),
        Action::OutboxSkip { id, reason } => outbox::skip(plan, id, reason.as_deref()),
        Action::Rollout(action) => rollout::run(plan, action),
        Action::Problem(action) => problem::run(plan, action),
        Action::Release(action) => release::run(plan, action),
        Action::Member(action) => member::run(plan, action),
        Action::Import(asked) => import::import(plan, asked),
        // Every other action has been run before this one is reached.
        _ => Ok(()),
    }
}
