//! The rule that decided, in a sentence, with how strong it is.

use super::{Decision, Facts, Mark, SiteLine, Verdict};
use crate::domain::calendar::spoken;
use crate::domain::noun::Setting;
use crate::domain::queue::state::State;

pub(super) fn sentence(facts: &Facts<'_>, decision: &Decision, setting: &Setting<'_>) -> String {
    let id = &facts.ticket.id;
    match decision.verdict {
        Verdict::NotAnnounced => format!("{id} has been announced to no site."),
        Verdict::Running => {
            let waits = waits(&decision.sites);
            format!("{id} is on trial, {}: {waits}.", strength(decision))
        }
        Verdict::HeldUp => {
            let first = decision.against.first().map_or("", |(what, _)| what);
            format!("{id} is held up, {}: {first}.", strength(decision))
        }
        Verdict::NotTested => {
            let rule = setting.profile.state.get(&State::StagedRollout);
            let rule = rule
                .and_then(|rule| rule.rule.as_deref())
                .map(|rule| format!(" ({rule})"))
                .unwrap_or_default();
            format!(
                "{id} has not been tested, {}, and every period is over; it takes {}{rule}.",
                strength(decision),
                reports(decision.needed)
            )
        }
        Verdict::Good => good(id, decision),
    }
}

fn good(id: &str, decision: &Decision) -> String {
    let rule = match (decision.needed, decision.silent) {
        (0, 1..) if decision.spoke == 0 => {
            "no issue was filed in the agreed periods and silence is taken as consent \
             (document 001, min-reports 0)"
                .to_owned()
        }
        (needed, 0) => format!(
            "everybody answered and it takes {} (min-reports {needed})",
            reports(needed)
        ),
        (needed, silent) => format!(
            "it takes {} (min-reports {needed}), and the silence of {silent} through {} period is taken as consent",
            reports(needed),
            if silent == 1 { "its" } else { "their" },
        ),
    };
    format!(
        "{id} is good for wide deployment, {}: {rule}.",
        strength(decision)
    )
}

/// "2 of 3 sites spoke".
fn strength(decision: &Decision) -> String {
    let elsewhere = decision.spoke > decision.told;
    match (decision.spoke, decision.told) {
        (spoke, 0) => format!("{spoke} site{} tried it", plural(spoke)),
        (spoke, _) if elsewhere => format!("{spoke} site{} spoke", plural(spoke)),
        (spoke, told) => format!("{spoke} of {told} site{} spoke", plural(told)),
    }
}

fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}

fn reports(n: usize) -> String {
    match n {
        0 => "no report".to_owned(),
        1 => "one real report".to_owned(),
        n => format!("{n} real reports"),
    }
}

fn waits(sites: &[SiteLine]) -> String {
    let mut parts = Vec::new();
    for line in sites {
        match (line.mark, line.due) {
            (Mark::NotTold, _) => parts.push(format!("{} has not been told yet", line.site)),
            (Mark::Running { .. }, Some(due)) => {
                parts.push(format!("{} has until {}", line.site, spoken(due)));
            }
            _ => {}
        }
    }
    parts.join(", ")
}
