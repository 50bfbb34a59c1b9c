//! What the reports about one ticket are made from.

use super::{Asked, records};
use crate::domain::kind::Kind;
use crate::domain::rollout::decision::{self, decide};
use crate::report::document::Document;
use crate::report::{rollout as trial, verification as checks};
use crate::workspace::look::Look;
use crate::workspace::refusal::Refusal;

pub(super) fn rollout(look: &Look<'_>, asked: &Asked) -> Result<Document, Refusal> {
    let ticket = asked.ticket(look)?;
    let judged = look.judged()?;
    let setting = look.setting(&judged);
    let announcements = records::of(look, Kind::Announcement, &ticket.id, records::announcement)?;
    let problems = records::of(look, Kind::Problem, &ticket.id, records::problem)?;
    let facts = decision::Facts {
        ticket: &ticket,
        announcements: &announcements,
        problems: &problems,
    };
    let decision = decide(&facts, &setting, look.today);
    Ok(trial::document(&trial::Facts {
        ticket: &ticket,
        decision: &decision,
        announcements: &announcements,
        problems: &problems,
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
