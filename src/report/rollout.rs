//! The consolidated report of one staged rollout (DOMAIN.md f5): who was told, what each site
//! said and when, what is missing, and the rule that decided.

use serde_json::json;

use super::document::{Document, Table};
use crate::domain::calendar::spoken;
use crate::domain::noun::Setting;
use crate::domain::problem::report::{Criticality, Problem};
use crate::domain::queue::ticket::Ticket;
use crate::domain::rollout::announcement::Announcement;
use crate::domain::rollout::decision::{Decision, SiteLine};

/// What the report is of.
pub struct Facts<'a> {
    pub ticket: &'a Ticket,
    pub decision: &'a Decision,
    /// Those of the ticket.
    pub announcements: &'a [Announcement],
    pub problems: &'a [Problem],
    pub setting: &'a Setting<'a>,
}

pub fn document(facts: &Facts<'_>) -> Document {
    let Facts {
        ticket, decision, ..
    } = facts;
    let title = format!("Staged rollout of {} {}", ticket.id, ticket.label());
    let mut it = Document::new("rollout", title);
    it.text(format!(
        "{} is {} since {}.",
        ticket.id,
        facts.setting.profile.label(ticket.standing.state),
        spoken(ticket.standing.entered.day(facts.setting.zone))
    ));
    it.heading("Decision");
    let over = facts
        .announcements
        .iter()
        .all(|it| !it.standing.state.is_open());
    // Once it is over, what ended it stands below with its day.
    if facts.announcements.is_empty() || !over {
        it.text(decision.sentence.clone());
    }
    let mut rule = Table::new(
        "decision",
        &["verdict", "told", "spoke", "silent", "needed"],
        "",
    );
    rule.row(vec![
        json!(decision.verdict.word()),
        json!(decision.told),
        json!(decision.spoke),
        json!(decision.silent),
        json!(decision.needed),
    ]);
    let against = &decision.against;
    it.list(
        against
            .iter()
            .map(|(what, who)| format!("{what} ({who})"))
            .collect(),
    );
    for announcement in facts.announcements {
        if let Some(sentence) = &announcement.standing.sentence {
            let on = spoken(announcement.standing.entered.day(facts.setting.zone));
            it.text(format!("{}, {on}: {sentence}", announcement.id));
        }
    }
    it.heading("Sites");
    it.table(sites(decision, facts));
    it.table(rule);
    missing(&mut it, decision);
    it.heading("What the sites wrote");
    it.table(reports(facts));
    it.heading("Problems");
    it.table(problems(facts));
    it
}

fn sites(decision: &Decision, facts: &Facts<'_>) -> Table {
    let mut table = Table::new(
        "sites",
        &[
            "site",
            "<result",
            ">mark",
            "announced",
            "limit=Period",
            "due",
            "reported",
            "days_used",
            ">late",
            "version",
            "how",
            "own_risk",
            "issues",
        ],
        "It was announced to no site.",
    );
    for line in &decision.sites {
        let last = line.last.as_ref();
        let mut issues: Vec<String> = last.map(|it| it.issues.clone()).unwrap_or_default();
        issues.extend(line.problem.clone());
        table.row(vec![
            json!(line.site),
            json!(line.label()),
            json!(line.mark.word()),
            json!(line.announced),
            json!(line.limit),
            json!(line.due),
            json!(
                line.first
                    .as_ref()
                    .map(|it| it.received.day(facts.setting.zone))
            ),
            json!(line.days_used),
            json!(line.late),
            json!(last.and_then(|it| it.version.as_deref())),
            json!(last.and_then(|it| it.how.as_deref())),
            json!(line.own_risk),
            json!(issues),
        ]);
    }
    table
}

/// The reports that have not come, and the sites that were never told.
fn missing(it: &mut Document, decision: &Decision) {
    let silent: Vec<&SiteLine> = decision
        .sites
        .iter()
        .filter(|line| line.told() && line.last.is_none())
        .collect();
    if silent.is_empty() {
        return;
    }
    it.heading("Missing reports");
    let line = |line: &&SiteLine| match line.due {
        Some(due) => format!("{}: {}, by {}", line.site, line.label(), spoken(due)),
        None => format!("{}: {}", line.site, line.label()),
    };
    it.list(silent.iter().map(line).collect());
}

/// Every report, two of one site both.
fn reports(facts: &Facts<'_>) -> Table {
    let mut table = Table::new(
        "reports",
        &[
            "site",
            "received",
            "outcome",
            "tested",
            "exposed",
            "minutes",
            "widely=Widely?",
            "note",
            "by",
        ],
        "No site has reported.",
    );
    let mut all: Vec<_> = facts
        .announcements
        .iter()
        .flat_map(|it| &it.reports)
        .collect();
    all.sort_by_key(|it| it.order(facts.setting.zone));
    for it in all {
        table.row(vec![
            json!(it.site),
            json!(it.received.day(facts.setting.zone)),
            json!(it.outcome.label()),
            json!(it.tested),
            json!(it.exposed),
            json!(it.minutes),
            json!(it.widely),
            json!(it.note),
            json!(it.by),
        ]);
    }
    table
}

fn problems(facts: &Facts<'_>) -> Table {
    let mut table = Table::new(
        "problems",
        &[
            "problem",
            "channel_id=Helpdesk id",
            "site",
            "state",
            "criticality",
            "text",
        ],
        "No problem is filed about it.",
    );
    for it in facts.problems.iter().filter(|it| !it.deleted) {
        table.row(vec![
            json!(it.id),
            json!(it.channel_id),
            json!(it.site),
            json!(it.standing.state.word()),
            json!(it.criticality().map(Criticality::word)),
            json!(it.text),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::metrics::fixture::{announcement, moved};
    use crate::domain::queue::examples::{day, profile, under};
    use crate::domain::queue::state::State;
    use crate::domain::rollout::decision::{self, decide};
    use crate::report::render::text::text;

    #[test]
    fn the_report_names_who_spoke_who_did_not_and_the_rule() {
        let turn = json!({"announced": "2026-11-02", "sent": true, "limit": "7 days"});
        let announcements = [announcement(json!({
            "turn": {"CNAF": turn, "PIC": turn},
            "reports": [{"site": "CNAF", "outcome": "issues", "received": "2026-11-05", "by": "Alice",
                "version": "6.0.2", "how": "bdii -v", "issues": ["GGUS-7"], "note": "slow"}],
        }))];
        let ticket = moved("T-1", &[(State::StagedRollout, "2026-11-02")]);
        let it = under(&profile(), |setting| {
            let facts = decision::Facts {
                ticket: &ticket,
                announcements: &announcements,
                problems: &[],
            };
            let decision = decide(&facts, setting, day("2026-11-30"));
            text(
                &document(&Facts {
                    ticket: &ticket,
                    decision: &decision,
                    announcements: &announcements,
                    problems: &[],
                    setting,
                }),
                true,
            )
        });
        for part in [
            "Site: CNAF\nResult: ok with issues\n",
            "Version: 6.0.2\nHow: bdii -v\nOwn risk: no\nIssues: GGUS-7",
            "Days used: 3",
            "Missing reports\n\n- PIC: silent, consent, by Mon 9 Nov 2026",
            "T-1 is good for wide deployment, 1 of 2 sites spoke",
            "Note: slow",
            "No problem is filed about it.",
        ] {
            assert!(it.contains(part), "{part:?} is not in {it}");
        }
    }
}
