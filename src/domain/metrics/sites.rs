//! How rollout sites keep what they agreed to, and who did not wait (metrics 6, 7, 8 and 13).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::walked::filed;
use super::{Facts, Figure, Measure, Metric};
use crate::domain::queue::state::State;
use crate::domain::rollout::announcement::{Announcement, ReportOutcome};
use crate::domain::rollout::ledger::{Line, turns};

const COLUMNS: &[&str] = &[
    "site",
    "announcement",
    "ticket",
    "release",
    "announced",
    "due",
    "answered",
    "days",
    "answer",
    "turnout",
];

/// The turns that are looked at.
fn lines(facts: &Facts<'_>) -> Vec<Line> {
    let mut lines = turns(&facts.records(), facts.setting, facts.today);
    lines.retain(|it| facts.wants(&it.product) && facts.wants_site(&it.site));
    lines
}

/// Those whose last day is past and in the period: what every rate is of.
fn due(facts: &Facts<'_>) -> Vec<Line> {
    let mut lines = lines(facts);
    lines.retain(|it| it.counts && facts.period.contains(it.due));
    lines
}

fn row(line: &Line) -> Vec<Value> {
    vec![
        json!(line.site),
        json!(line.announcement),
        json!(line.ticket),
        json!(line.label),
        json!(line.announced),
        json!(line.due),
        json!(line.answered),
        json!(line.days()),
        json!(line.answer()),
        json!(line.turnout.label()),
    ]
}

fn by_site(lines: &[Line]) -> BTreeMap<&str, Vec<&Line>> {
    let mut sites: BTreeMap<&str, Vec<&Line>> = BTreeMap::new();
    for line in lines {
        sites.entry(&line.site).or_default().push(line);
    }
    sites
}

/// Metric 6. Of the announcements to a site whose last day (the announcement plus the limit it
/// was told, on the desk's calendar) is in the period and past: those answered on or before
/// it. A problem that the site filed about the release within its period is an answer, as is
/// `not deployed`; under `failures-only` a silence keeps the agreement. Beside it the report
/// rate: those answered at any time. A rollout stopped before the last day holds nothing
/// against a silent site.
pub(super) const COMPLIANCE: Metric = Metric {
    number: 6,
    name: "sla",
    title: "SLA kept",
    formula: "Announcements answered by their last day (an agreed silence keeps) / announcements whose last day fell in the period.",
    of_a_site: true,
    columns: COLUMNS,
    measure: compliance,
};

fn compliance(facts: &Facts<'_>) -> Measure {
    let lines = due(facts);
    let pair = |name: &str, of: &[&Line]| {
        let count = |passes: fn(&Line) -> bool| of.iter().filter(|it| passes(it)).count();
        [
            Figure::share(
                format!("{name}: SLA kept"),
                count(|it| it.turnout.keeps()),
                of.len(),
            ),
            Figure::share(
                format!("{name}: reported at any time"),
                count(|it| it.answered.is_some()),
                of.len(),
            ),
        ]
    };
    let all: Vec<&Line> = lines.iter().collect();
    let mut figures = pair("all sites", &all).to_vec();
    for (site, of) in by_site(&lines) {
        figures.extend(pair(site, &of));
    }
    Measure {
        figures,
        rows: lines.iter().map(row).collect(),
    }
}

/// Metric 7. By site: the median, ninth decile and maximum of (first answer − announcement) in
/// calendar days, of the answers that came in the period.
pub(super) const RESPONSE: Metric = Metric {
    number: 7,
    name: "response-time",
    title: "Response time of sites",
    formula: "Days from the announcement to the first answer, of the answers that came in the period.",
    of_a_site: true,
    columns: COLUMNS,
    measure: response,
};

fn response(facts: &Facts<'_>) -> Measure {
    let mut lines = lines(facts);
    lines.retain(|it| it.answered.is_some_and(|day| facts.period.contains(day)));
    let days = |of: &[&Line]| of.iter().filter_map(|it| it.days()).collect::<Vec<_>>();
    let all: Vec<&Line> = lines.iter().collect();
    let mut figures = vec![Figure::days("all sites", &days(&all))];
    for (site, of) in by_site(&lines) {
        figures.push(Figure::days(site, &days(&of)));
    }
    Measure {
        figures,
        rows: lines.iter().map(row).collect(),
    }
}

/// Metric 8. Announcements that nobody answered / announcements whose last day is in the period
/// and past; an agreed silence is a silence. Beside it the tickets that became ready in the
/// period although no site had really tried them: a number, with their names in the rows.
pub(super) const SILENCE: Metric = Metric {
    number: 8,
    name: "silence",
    title: "Silent announcements",
    formula: "Announcements with no answer / announcements whose last day fell in the period.",
    of_a_site: true,
    columns: COLUMNS,
    measure: silence,
};

fn silence(facts: &Facts<'_>) -> Measure {
    let lines = due(facts);
    let quiet: Vec<&Line> = lines.iter().filter(|it| it.answered.is_none()).collect();
    let mut figures = vec![Figure::share("all sites", quiet.len(), lines.len())];
    for (site, of) in by_site(&lines) {
        let quiet = of.iter().filter(|it| it.answered.is_none()).count();
        figures.push(Figure::share(site, quiet, of.len()));
    }
    let mut rows: Vec<Vec<Value>> = quiet.into_iter().map(row).collect();
    let unheard = unheard(facts);
    if facts.site.is_none() {
        figures.push(Figure::count("accepted on silence alone", unheard.len()));
        rows.extend(unheard);
    }
    Measure { figures, rows }
}

/// Tickets that became ready on no trial at all, a row each.
fn unheard(facts: &Facts<'_>) -> Vec<Vec<Value>> {
    let mut rows = Vec::new();
    let mut announcements: BTreeMap<&str, Vec<&Announcement>> = BTreeMap::new();
    for it in facts.announcements.iter().filter(|it| !it.deleted) {
        announcements.entry(&it.ticket).or_default().push(it);
    }
    for ticket in facts.tickets() {
        let standing = &ticket.standing;
        let past = standing.trail.iter().map(|it| (it.state, it.from));
        let all = past.chain([(standing.state, standing.entered)]);
        let ready: Vec<_> = all
            .filter(|(state, _)| *state == State::Ready)
            .map(|(_, from)| facts.day(from))
            .filter(|day| *day <= facts.today && facts.period.contains(*day))
            .collect();
        let Some(ready) = ready.first() else { continue };
        let of_it = announcements.get(ticket.id.as_str());
        let told = of_it.is_some();
        let tried = of_it
            .into_iter()
            .flatten()
            .flat_map(|it| &it.reports)
            .any(|report| report.outcome.is_trial() && facts.day(report.received) <= *ready);
        if told && !tried && ticket.tested_by.is_empty() {
            let mut row = vec![Value::Null; COLUMNS.len()];
            (row[2], row[3]) = (json!(ticket.id), json!(ticket.label()));
            row[9] = json!(format!("ready on {ready} on silence alone"));
            rows.push(row);
        }
    }
    rows
}

/// Metric 13. Sites that went ahead at their own risk in the period: how many times, and how
/// many of these filed a problem about the release, or reported issues or a failure, since.
pub(super) const OWN_RISK: Metric = Metric {
    number: 13,
    name: "own-risk",
    title: "Own-risk deployments",
    formula: "Deployments at a site's own risk in the period; those whose site filed an issue since / all of them.",
    of_a_site: true,
    columns: &[
        "site",
        "ticket",
        "release",
        "on",
        "accepted_by",
        "version",
        "issue",
    ],
    measure: own_risk,
};

fn own_risk(facts: &Facts<'_>) -> Measure {
    let mut filed = 0;
    let mut rows = Vec::new();
    for ticket in facts.tickets() {
        for (site, early) in ticket
            .early
            .iter()
            .filter(|(site, _)| facts.wants_site(site))
        {
            let on = facts.day(early.at);
            if on > facts.today || !facts.period.contains(on) {
                continue;
            }
            let issue = issue(facts, &ticket.id, site, on);
            filed += usize::from(issue.is_some());
            rows.push(vec![
                json!(site),
                json!(ticket.id),
                json!(ticket.label()),
                json!(on),
                json!(early.accepted_by),
                json!(early.version),
                json!(issue),
            ]);
        }
    }
    Measure {
        figures: vec![
            Figure::count("deployments", rows.len()),
            Figure::share("filed an issue", filed, rows.len()),
        ],
        rows,
    }
}

fn issue(facts: &Facts<'_>, ticket: &str, site: &str, since: chrono::NaiveDate) -> Option<String> {
    let then = |day: chrono::NaiveDate| (since..=facts.today).contains(&day);
    let problem = facts.problems.iter().find(|it| {
        let of_site = it
            .site
            .as_deref()
            .is_some_and(|it| it.eq_ignore_ascii_case(site));
        let of_it = !it.deleted && it.ticket.as_deref() == Some(ticket);
        of_it && of_site && then(facts.day(filed(it)))
    });
    let reported = || {
        let mut reports = facts
            .announcements
            .iter()
            .filter(|it| !it.deleted && it.ticket == ticket)
            .flat_map(|it| &it.reports);
        let bad = reports.find(|it| {
            let is_bad = matches!(it.outcome, ReportOutcome::Issues | ReportOutcome::Failed);
            is_bad && it.site.eq_ignore_ascii_case(site) && then(facts.day(it.received))
        })?;
        Some(bad.outcome.label().to_owned())
    };
    problem.map(|it| it.id.clone()).or_else(reported)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{announcement, moved, on, problem, says, with};
    use super::*;

    /// Told on Monday the 2nd: CNAF has 5 working days (to the 9th), PIC and RAL 7 days (to
    /// the 9th), RAL for failures only.
    fn told() -> Announcement {
        let turn = |limit: &str, reports: &str| json!({"announced": "2026-11-02", "sent": true, "limit": limit, "reports": reports});
        announcement(json!({
            "turn": {
                "CNAF": turn("5 working days", "always"),
                "PIC": turn("7 days", "always"),
                "RAL": turn("7 days", "failures-only"),
            },
            "reports": [
                {"site": "CNAF", "outcome": "ok", "received": "2026-11-09", "by": "Alice"},
                {"site": "PIC", "outcome": "not-deployed", "received": "2026-11-10", "by": "Alice"},
            ],
        }))
    }

    #[test]
    fn metric_6_the_last_day_is_in_time_an_agreed_silence_keeps_and_not_deployed_is_an_answer() {
        with(|facts| {
            facts.announcements = vec![told()];
            says(
                &COMPLIANCE,
                facts,
                &[
                    "all sites: SLA kept: 2 of 3, 67 %",
                    "all sites: reported at any time: 2 of 3, 67 %",
                    "CNAF: SLA kept: 1 of 1, 100 %",
                    "PIC: SLA kept: 0 of 1, 0 %",
                    "PIC: reported at any time: 1 of 1, 100 %",
                    "RAL: SLA kept: 1 of 1, 100 %",
                    "RAL: reported at any time: 0 of 1, 0 %",
                ],
            );
            facts.site = Some("cnaf".to_owned());
            says(&COMPLIANCE, facts, &["all sites: SLA kept: 1 of 1, 100 %"]);
        });
    }

    #[test]
    fn metric_6_a_problem_filed_in_time_counts_as_a_report_and_one_filed_late_does_not() {
        with(|facts| {
            facts.announcements = vec![told()];
            let filed = |on: &str| {
                problem(json!({
                    "ticket": "T-1", "site": "PIC",
                    "state": {"state": "filed", "entered": on, "by": "Alice"},
                }))
            };
            facts.problems = vec![filed("2026-11-09")];
            says(&COMPLIANCE, facts, &["PIC: SLA kept: 1 of 1, 100 %"]);
            facts.problems = vec![filed("2026-11-10")];
            says(&COMPLIANCE, facts, &["PIC: SLA kept: 0 of 1, 0 %"]);
        });
    }

    #[test]
    fn metric_6_nothing_is_due_before_the_day_after_the_last_one() {
        with(|facts| {
            facts.announcements = vec![told()];
            facts.today = on("2026-11-09");
            says(&COMPLIANCE, facts, &["all sites: SLA kept: no data"]);
            facts.today = on("2026-11-10");
            says(&COMPLIANCE, facts, &["all sites: SLA kept: 2 of 3, 67 %"]);
            facts.period.to = on("2026-11-08");
            says(&COMPLIANCE, facts, &["all sites: SLA kept: no data"]);
        });
    }

    #[test]
    fn metric_7_the_days_run_from_the_announcement_to_the_first_answer() {
        with(|facts| {
            let mut it = told();
            let mut second = it.reports[0].clone();
            second.received = crate::domain::queue::examples::at("2026-11-20");
            it.reports.push(second);
            facts.announcements = vec![it];
            says(
                &RESPONSE,
                facts,
                &[
                    "all sites: median 7.5 d, p90 8 d, max 8 d",
                    "CNAF: median 7 d, p90 7 d, max 7 d",
                ],
            );
        });
    }

    #[test]
    fn metric_8_silence_is_counted_and_what_rests_on_it_alone_is_named() {
        with(|facts| {
            facts.announcements = vec![told()];
            facts.tickets = vec![moved(
                "T-1",
                &[
                    (State::StagedRollout, "2026-11-02"),
                    (State::Ready, "2026-11-12"),
                ],
            )];
            says(
                &SILENCE,
                facts,
                &[
                    "all sites: 1 of 3, 33 %",
                    "RAL: 1 of 1, 100 %",
                    "accepted on silence alone: no data",
                ],
            );
            facts.announcements[0].reports.remove(0);
            says(
                &SILENCE,
                facts,
                &["all sites: 2 of 3, 67 %", "accepted on silence alone: 1"],
            );
            let rows = silence(facts).rows;
            assert_eq!(rows[2][2], "T-1", "metric 8: the ticket is in the rows");
        });
    }

    #[test]
    fn metric_13_an_early_deployment_with_an_issue_since_then_is_counted() {
        with(|facts| {
            let mut it = moved("T-1", &[(State::StagedRollout, "2026-11-02")]);
            it.early = serde_json::from_value(json!({
                "CNAF": {"at": "2026-11-04", "accepted_by": "Carla", "by": "Alice"},
                "PIC": {"at": "2026-11-04", "accepted_by": "Pau", "by": "Alice"},
                "RAL": {"at": "2026-10-31", "accepted_by": "Rob", "by": "Alice"},
            }))
            .unwrap();
            facts.tickets = vec![it];
            says(
                &OWN_RISK,
                facts,
                &["deployments: 2", "filed an issue: 0 of 2, 0 %"],
            );
            facts.problems = vec![problem(json!({"ticket": "T-1", "site": "CNAF"}))];
            says(&OWN_RISK, facts, &["filed an issue: 1 of 2, 50 %"]);
        });
    }
}
