//! The verification report of one ticket (DOMAIN.md f4).

use chrono::NaiveDate;
use serde_json::json;

use super::document::{Document, Table};
use crate::domain::noun::Setting;
use crate::domain::queue::state::State;
use crate::domain::queue::ticket::{Outcome, Ticket, Verified};

/// What the report is of; the profile is whole, with its criteria.
pub struct Facts<'a> {
    pub ticket: &'a Ticket,
    pub setting: &'a Setting<'a>,
}

pub fn document(facts: &Facts<'_>) -> Document {
    let ticket = facts.ticket;
    let title = format!("Verification of {} {}", ticket.id, ticket.label());
    let mut it = Document::new("verification", title);
    it.table(data(facts));
    it.heading("Quality criteria");
    it.table(criteria(facts));
    let of = |outcome: Outcome| {
        let with = ticket
            .results
            .iter()
            .filter(move |(_, it)| it.result == outcome);
        with.map(|(id, check)| match &check.note {
            Some(note) => format!("{id}: {note}"),
            None => id.clone(),
        })
        .collect::<Vec<_>>()
    };
    for (heading, items) in [
        ("Failures", of(Outcome::Fail)),
        ("Warnings", of(Outcome::Warning)),
        ("To be watched in the rollout", ticket.watch.clone()),
    ] {
        if !items.is_empty() {
            it.heading(heading);
            it.list(items);
        }
    }
    it
}

/// How the verification ended, as far as it has.
fn outcome(ticket: &Ticket) -> &'static str {
    let standing = &ticket.standing;
    match (ticket.verified, standing.state, standing.acts_as()) {
        (Some(Verified::WithWarnings), ..) => "verified with warnings",
        (None, State::Rejected, _) => "rejected",
        (None, State::Withdrawn, _) => "withdrawn",
        (None, _, State::Unverified) => "not started",
        (None, _, State::Verification | State::WaitingForResponse) => "not finished",
        (Some(Verified::Clean) | None, ..) => "verified",
    }
}

/// The first day in verification and the day it was left.
fn days(facts: &Facts<'_>) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let standing = &facts.ticket.standing;
    let zone = facts.setting.zone;
    let mut visits = standing
        .trail
        .iter()
        .filter(|it| it.state == State::Verification);
    let first = visits.clone().next().map(|it| it.from.day(zone));
    let last = visits.next_back().map(|it| it.to.day(zone));
    match standing.state {
        State::Verification => (first.or(Some(standing.entered.day(zone))), None),
        State::WaitingForResponse => (first, None),
        _ => (first, last),
    }
}

fn data(facts: &Facts<'_>) -> Table {
    let ticket = facts.ticket;
    let (started, ended) = days(facts);
    let day = |day: Option<NaiveDate>| day.map(|it| it.to_string());
    let effort = ticket.effort.map(|minutes| match minutes % 60 {
        0 => format!("{} h", minutes / 60),
        rest => format!("{} h {rest} min", minutes / 60),
    });
    let mut table = Table::new("data", &["what", "value"], "");
    for (what, value) in [
        ("ticket", Some(ticket.id.clone())),
        ("submission", ticket.submission.clone()),
        ("helpdesk id", ticket.channel_id.clone()),
        ("tracking id", ticket.tracking_id.clone()),
        ("product", Some(ticket.product.clone())),
        ("version", ticket.version.clone()),
        ("platform", Some(ticket.platform.clone())),
        ("architecture", Some(ticket.arch.clone())),
        ("provider", ticket.provider.clone()),
        ("verifier", ticket.verifier.clone()),
        ("testbed", ticket.testbed.clone()),
        ("effort", effort),
        ("started", day(started)),
        ("ended", day(ended)),
        ("outcome", Some(outcome(ticket).to_owned())),
        ("reason", ticket.closing_reason.clone()),
    ] {
        if let Some(value) = value.filter(|it| !it.is_empty()) {
            table.row(vec![json!(what), json!(value)]);
        }
    }
    table
}

/// Every criterion of the profile, with what was found; and results of criteria it no longer has.
fn criteria(facts: &Facts<'_>) -> Table {
    let mut table = Table::new(
        "criteria",
        &[
            "criterion",
            "area",
            "name",
            "critical",
            "result",
            "note",
            "link",
            "by",
            "on",
        ],
        "The profile has no criterion.",
    );
    let ticket = facts.ticket;
    let profile = facts.setting.profile;
    let found = |id: &str| {
        let mut all = ticket.results.iter();
        all.find(|(name, _)| name.eq_ignore_ascii_case(id))
            .map(|(_, it)| it)
    };
    let strange = ticket
        .results
        .keys()
        .filter(|id| profile.criterion(id).is_none())
        .map(|id| (id.as_str(), "", "", String::new()));
    let known = profile.criterion.iter().map(|it| {
        let critical = match (&it.critical_for, it.critical) {
            (Some(whom), true) => format!("for {whom}"),
            (None, true) => "yes".to_owned(),
            (_, false) => String::new(),
        };
        (it.id.as_str(), it.area.as_str(), it.name.as_str(), critical)
    });
    for (id, area, name, critical) in known.chain(strange) {
        let check = found(id);
        table.row(vec![
            json!(id),
            json!(area),
            json!(name),
            json!(critical),
            json!(check.map(|it| it.result.word())),
            json!(check.and_then(|it| it.note.as_deref())),
            json!(check.and_then(|it| it.link.as_deref())),
            json!(check.map(|it| it.by.as_str())),
            json!(check.map(|it| it.on.day(facts.setting.zone))),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::metrics::fixture::moved;
    use crate::domain::queue::examples::{passed, profile, under};
    use crate::report::render::text::text;

    #[test]
    fn the_report_has_ids_effort_every_criterion_warnings_and_what_to_watch() {
        let mut it = passed(moved(
            "T-1",
            &[
                (State::Verification, "2026-11-02"),
                (State::StagedRollout, "2026-11-05"),
            ],
        ));
        it.effort = Some(150);
        it.testbed = Some("cmd-al9".to_owned());
        it.verified = Some(Verified::WithWarnings);
        it.watch = vec!["memory of the service".to_owned()];
        if let Some(check) = it.results.get_mut("QC_DOC_3") {
            check.result = Outcome::Warning;
            check.note = Some("thin".to_owned());
        }
        it.results.remove("QC_SEC_6");
        let profile = profile();
        let told = under(&profile, |setting| {
            text(
                &document(&Facts {
                    ticket: &it,
                    setting,
                }),
                false,
            )
        });
        for part in [
            "effort        2 h 30 min",
            "testbed       cmd-al9",
            "started       2026-11-02",
            "ended         2026-11-05",
            "outcome       verified with warnings",
            "- QC_DOC_3: thin",
            "- memory of the service",
        ] {
            assert!(told.contains(part), "{part:?} is not in {told}");
        }
        for criterion in &profile.criterion {
            assert!(told.contains(&criterion.id), "{}", criterion.id);
        }
    }
}
