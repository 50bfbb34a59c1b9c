//! Why a staged rollout is where it is: each site's clock, and the rule.

use super::{Asking, Verdict, Why, by_clock, rollout, ticket};
use crate::domain::rollout::announcement::{Announcement, AnnouncementState};
use crate::domain::rollout::decision::Verdict as Outcome;

const MANAGER: &str = "release manager";

pub(super) fn why(announcement: &Announcement, asking: &Asking<'_>) -> Why {
    let (id, of) = (&announcement.id, &announcement.ticket);
    if !announcement.standing.state.is_open() {
        let sentence = announcement.standing.sentence.as_deref().unwrap_or("");
        let over = match announcement.standing.state {
            AnnouncementState::Good => "is over and good",
            AnnouncementState::Ended | AnnouncementState::Running | AnnouncementState::Halted => {
                "is over"
            }
        };
        let mut why = Why::new(id, Verdict::Done, format!("{id} {over}: {sentence}"));
        why.entered = Some(announcement.standing.entered);
        return why;
    }
    let Some(decision) = asking.rollout else {
        return Why::without_clock(id);
    };
    let running = decision.sites.iter().filter(|it| it.mark.is_running());
    let due = running.filter_map(|it| it.due).max();
    let verdict = match decision.verdict {
        Outcome::Good => Verdict::Done,
        Outcome::HeldUp | Outcome::NotAnnounced | Outcome::NotTested => Verdict::Waiting,
        Outcome::Running => by_clock(false, due, asking.today),
    };
    let mut why = Why::new(id, verdict, decision.sentence.clone());
    why.entered = Some(announcement.standing.entered);
    why.due = due;
    why.days_left = due.map(|due| (due - asking.today).num_days());
    rollout::add(asking, &mut why);
    match decision.verdict {
        Outcome::Good => why.offer(format!("relmate ticket accept {of}"), "nothing more"),
        Outcome::NotTested => why.offer(
            format!("relmate ticket delay {of} --reason R [--promise WHEN]"),
            "a reason, perhaps a promised date",
        ),
        Outcome::NotAnnounced => {
            why.offer(format!("relmate announce {of}"), "sites with an agreement");
        }
        Outcome::Running | Outcome::HeldUp => {}
    }
    why.offer(
        format!("relmate site report {of} SITE --outcome OUTCOME"),
        "what the site says",
    );
    if decision.sites.iter().any(|it| it.mark.is_running()) {
        why.offer(format!("relmate site remind {of}"), "sites whose time runs");
    }
    ticket::unsent(asking, &mut why);
    if why.blockers.is_empty() {
        why.block("nothing holds it up", MANAGER);
    }
    why
}
