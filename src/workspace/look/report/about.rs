//! What the reports about one ticket are made from.

use super::Asked;
use crate::report::document::Document;
use crate::report::{rollout as trial, verification as checks};
use crate::workspace::look::Look;
use crate::workspace::look::rollout::Rollout;
use crate::workspace::refusal::Refusal;

pub(super) fn rollout(look: &Look<'_>, asked: &Asked) -> Result<Document, Refusal> {
    let ticket = asked.ticket(look)?;
    let judged = look.judged()?;
    let setting = look.setting(&judged);
    let rollout = Rollout::of(look.reader, &ticket.id)?;
    let decision = rollout.decide(&ticket, &setting, look.today);
    Ok(trial::document(&trial::Facts {
        ticket: &ticket,
        decision: &decision,
        announcements: &rollout.announcements,
        problems: &rollout.problems,
        setting: &setting,
    }))
}

pub(super) fn verification(look: &Look<'_>, asked: &Asked) -> Result<Document, Refusal> {
    let ticket = asked.ticket(look)?;
    let mut judged = look.judged()?;
    judged.profile = look.reader.whole_profile()?;
    let setting = look.setting(&judged);
    Ok(checks::document(&checks::Facts {
        ticket: &ticket,
        setting: &setting,
    }))
}
