//! The staged rollout within the answer of `why`: the rule, each site, and who holds it up.

use chrono::NaiveDate;
use serde::Serialize;

use super::ticket::MANAGER;
use super::{Asking, NextStep, Verdict, Why, days};
use crate::domain::attention::quoted;
use crate::domain::calendar::spoken;
use crate::domain::queue::state::State;
use crate::domain::queue::ticket::Ticket;
use crate::domain::rollout::announcement::ReportOutcome;
use crate::domain::rollout::decision::{Decision, Mark, SiteLine, Verdict as Outcome};

/// What a rollout adds up to, with each site's part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trial {
    pub verdict: &'static str,
    pub sentence: String,
    /// Sites that were told, those that really tried it, those that were silent through
    /// their period, and how many real reports it takes.
    pub told: usize,
    pub spoke: usize,
    pub silent: usize,
    pub needed: usize,
    pub sites: Vec<TrialSite>,
}

/// One site, as `why` tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TrialSite {
    pub site: String,
    /// `running`, `ok`, `silence-taken-as-consent` and so on.
    pub mark: &'static str,
    pub announced: Option<NaiveDate>,
    pub due: Option<NaiveDate>,
    pub late: bool,
    pub version: Option<String>,
    pub problem: Option<String>,
    pub sentence: String,
}

impl Trial {
    fn of(decision: &Decision) -> Self {
        let site = |line: &SiteLine| TrialSite {
            site: line.site.clone(),
            mark: line.mark.word(),
            announced: line.announced,
            due: line.due,
            late: line.late,
            version: line.last.as_ref().and_then(|it| it.version.clone()),
            problem: line.problem.clone(),
            sentence: sentence(line),
        };
        Self {
            verdict: decision.verdict.word(),
            sentence: decision.sentence.clone(),
            told: decision.told,
            spoke: decision.spoke,
            silent: decision.silent,
            needed: decision.needed,
            sites: decision.sites.iter().map(site).collect(),
        }
    }
}

/// How each site stands, and what the rule says of it.
pub(super) fn add(asking: &Asking<'_>, why: &mut Why) {
    let Some(decision) = asking.rollout else {
        why.block("its rollout sites have not been looked up", MANAGER);
        return;
    };
    why.rollout = Some(Trial::of(decision));
    match decision.verdict {
        Outcome::NotAnnounced => why.block("it has been announced to no site", MANAGER),
        Outcome::Good => why.block("it is good, but nobody has accepted it", MANAGER),
        Outcome::NotTested => {
            let lacking = decision.needed.saturating_sub(decision.spoke);
            why.block(
                format!("{lacking} of {} real reports missing", decision.needed),
                "rollout sites",
            );
        }
        Outcome::HeldUp => {}
        Outcome::Running => {
            let mut waits: Vec<&SiteLine> = decision.sites.iter().collect();
            waits.retain(|it| it.mark.is_running());
            // Whom nobody told first, then whose time is up first.
            waits.sort_by_key(|it| (it.sent, it.due));
            for line in waits {
                match line.mark {
                    Mark::NotTold => {
                        why.block(format!("{} has not been told yet", line.site), MANAGER);
                    }
                    _ => why.block(
                        format!("{} has not reported, {}", line.site, line.mark.label()),
                        line.site.as_str(),
                    ),
                }
            }
        }
    }
    for (what, who) in &decision.against {
        why.block(what.clone(), who.clone());
    }
}

/// One site in a sentence: its period, its mark, what it said.
fn sentence(line: &SiteLine) -> String {
    let mut text = format!("{}: {}", line.site, line.label());
    if let (Some(announced), Some(limit), Some(due)) = (line.announced, &line.limit, line.due) {
        let (announced, due) = (spoken(announced), spoken(due));
        text = if line.sent {
            format!("{text}; told on {announced}, {limit}, last day {due}")
        } else {
            format!("{text}; drafted on {announced}, {limit} once it is sent")
        };
    }
    if let (Some(days_used), Some(report)) = (line.days_used, &line.first) {
        let version = report
            .version
            .as_deref()
            .map(|version| format!(" on {version}"))
            .unwrap_or_default();
        text = format!("{text}; answered after {}{version}", days(days_used));
    }
    if line.contradicts {
        text.push_str("; its reports differ, all are kept");
    }
    text.push('.');
    text
}

/// What a rollout asks for before the ticket's own steps: telling, reporting, filing.
pub(super) fn offers(ticket: &Ticket, asking: &Asking<'_>, why: &mut Why) {
    let on_trial = ticket.standing.acts_as() == State::StagedRollout;
    let Some(decision) = asking.rollout.filter(|_| on_trial) else {
        return;
    };
    let (id, mut first) = (&ticket.id, Vec::new());
    let offer = |command: String, needs: &str| NextStep {
        command,
        needs: needs.to_owned(),
        refused: None,
    };
    let unfiled = |line: &&SiteLine| {
        line.problem.is_none() && line.mark == Mark::Reported(ReportOutcome::Failed)
    };
    for line in decision.sites.iter().filter(unfiled) {
        first.push(offer(
            format!(
                "relmate problem file --ticket {id} --site {} --channel-id ID --text TEXT",
                quoted(&line.site)
            ),
            "the request in the helpdesk and what is wrong",
        ));
    }
    match decision.verdict {
        Outcome::NotAnnounced => first.push(offer(
            format!("relmate announce {id}"),
            "sites with an agreement on the product",
        )),
        Outcome::Running | Outcome::NotTested | Outcome::HeldUp => first.push(offer(
            format!("relmate site report {id} SITE --outcome OUTCOME"),
            "what the site says",
        )),
        Outcome::Good => {}
    }
    // What a breach calls for stays in the first place.
    let breach = matches!(why.verdict, Verdict::Overdue | Verdict::PromiseBroken);
    let at = usize::from(breach).min(why.next.len());
    why.next.splice(at..at, first);
}
