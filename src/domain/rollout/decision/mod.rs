//! What a staged rollout adds up to on a day: a mark for every site, and the rule that
//! decides whether the release is good for wide deployment (documents 001 and 002).
//! Missing is not failed and silent is not OK: the marks are never mixed. Moves nothing.

mod line;
mod sentence;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;

use super::announcement::{Announcement, AnnouncementState, ReportOutcome};
use crate::domain::noun::Setting;
use crate::domain::problem::report::Problem;
use crate::domain::queue::ticket::Ticket;

pub use line::{Mark, SiteLine, due, lines};

/// Everything the rule looks at.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    pub ticket: &'a Ticket,
    /// Those of the ticket; two managers may each have made one.
    pub announcements: &'a [Announcement],
    /// Those of the ticket.
    pub problems: &'a [Problem],
}

/// Where the rollout stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// No site has been told.
    NotAnnounced,
    /// Some site still has time.
    Running,
    /// A problem or a failure that nobody has judged stands against it.
    HeldUp,
    /// Every period is over and too few sites have really tried it.
    NotTested,
    /// Good for wide deployment.
    Good,
}

impl Verdict {
    pub fn word(self) -> &'static str {
        match self {
            Self::NotAnnounced => "not announced",
            Self::Running => "running",
            Self::HeldUp => "held up",
            Self::NotTested => "not tested",
            Self::Good => "good",
        }
    }
}

/// The rule's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub verdict: Verdict,
    /// The rule that decided and how strong it is: how many sites spoke.
    pub sentence: String,
    /// By site, in their order.
    pub sites: Vec<SiteLine>,
    /// What stands against it, and who can remove it.
    pub against: Vec<(String, String)>,
    /// Sites that were told, those that really tried it, those whose silence is over.
    pub told: usize,
    pub spoke: usize,
    pub silent: usize,
    /// How many have to have tried it (`min-reports`).
    pub needed: usize,
}

impl Decision {
    pub fn is_good(&self) -> bool {
        self.verdict == Verdict::Good
    }
}

/// Decides on a day. A site's last report counts; `not deployed` is an answer and no trial.
pub fn decide(facts: &Facts<'_>, setting: &Setting<'_>, today: NaiveDate) -> Decision {
    let mut sites = lines(facts, setting, today);
    let needed = setting.profile.min_reports as usize;
    let tried = |name: &String| {
        sites
            .iter()
            .any(|it| it.site.eq_ignore_ascii_case(name) && it.mark.is_trial())
    };
    let tried_elsewhere = facts
        .ticket
        .tried_by()
        .iter()
        .filter(|name| !tried(name))
        .count();
    let spoke = sites.iter().filter(|it| it.mark.is_trial()).count() + tried_elsewhere;
    let told = sites.iter().filter(|it| it.told()).count();
    let enough = spoke >= needed;
    for line in &mut sites {
        if let Mark::Silent { consent } = &mut line.mark {
            *consent = enough;
        }
    }
    let running: Vec<&SiteLine> = sites.iter().filter(|it| it.mark.is_running()).collect();
    let silent = sites
        .iter()
        .filter(|it| matches!(it.mark, Mark::Silent { .. }))
        .count();
    let against = against(facts, &sites);
    let verdict = if told == 0 && tried_elsewhere == 0 {
        Verdict::NotAnnounced
    } else if !against.is_empty() {
        Verdict::HeldUp
    } else if !running.is_empty() {
        Verdict::Running
    } else if !enough {
        Verdict::NotTested
    } else {
        Verdict::Good
    };
    let mut decision = Decision {
        verdict,
        sentence: String::new(),
        told,
        spoke,
        silent,
        needed,
        against,
        sites,
    };
    decision.sentence = sentence::sentence(facts, &decision, setting);
    decision
}

/// A halt, a failure that nobody has filed, a problem that nobody has judged or that is critical.
fn against(facts: &Facts<'_>, sites: &[SiteLine]) -> Vec<(String, String)> {
    const MANAGER: &str = "release manager";
    let mut against = Vec::new();
    for announcement in facts.announcements {
        if announcement.standing.state == AnnouncementState::Halted {
            let why = announcement
                .standing
                .sentence
                .as_deref()
                .unwrap_or("a problem");
            let why = why.trim_end_matches('.');
            against.push((format!("the rollout is halted: {why}"), MANAGER.to_owned()));
        }
    }
    for line in sites {
        if line.mark == Mark::Reported(ReportOutcome::Failed) && line.problem.is_none() {
            against.push((
                format!("{} reported failed, and no problem is filed", line.site),
                MANAGER.to_owned(),
            ));
        }
    }
    for problem in facts.problems {
        if let Some(why) = problem.holds_up() {
            let who = problem.who().unwrap_or(MANAGER).to_owned();
            against.push((format!("problem {} is open and {why}", problem.id), who));
        }
    }
    against
}
