//! Why a distribution release is not out: what is missing, whose it is, and which actions
//! of the countdown are late.

use super::{Asking, NextStep, Verdict, Why, by_clock, distance};
use crate::domain::attention::quoted;
use crate::domain::calendar::spoken;
use crate::domain::distribution::countdown;
use crate::domain::distribution::facts::Facts;
use crate::domain::distribution::guard::{self, Request, Step};
use crate::domain::distribution::release::{Release, ReleaseState};

pub(super) fn why(release: &Release, asking: &Asking<'_>) -> Why {
    let setting = asking.setting;
    let planned = countdown::of(release, setting.profile, setting.calendar);
    let nothing = Facts::default();
    let request = Request {
        release,
        profile: setting.profile,
        planned: &planned,
        facts: asking.facts.unwrap_or(&nothing),
        person: asking.person,
        today: asking.today,
        contested: asking.contested,
    };
    let mut why = Why::new(
        &release.name,
        verdict(release, &request, asking),
        sentence(release, asking),
    );
    why.entered = Some(release.standing.entered);
    if !release.standing.state.is_open() {
        return why;
    }
    why.rule.clone_from(&setting.profile.distribution.rule);
    (why.due, why.days_left) = (
        release.date,
        release.date.map(|date| (date - asking.today).num_days()),
    );
    counted(release, &request, asking, &mut why);
    for missing in guard::missing(&request) {
        why.block(missing.what, missing.who);
    }
    if why.blockers.is_empty() {
        why.block(
            "everything is there, but nobody has published it",
            "release manager",
        );
    }
    why.next = next(&request);
    why
}

/// The day by which its next step has to be taken.
fn next_due(release: &Release, asking: &Asking<'_>) -> Option<chrono::NaiveDate> {
    let (profile, calendar) = (asking.setting.profile, asking.setting.calendar);
    let step = match release.standing.state {
        ReleaseState::Planned => countdown::date_freeze(release, profile, calendar)
            .or_else(|| countdown::contents_freeze(release, profile, calendar)),
        ReleaseState::DateFrozen => countdown::contents_freeze(release, profile, calendar),
        ReleaseState::ContentsFrozen
        | ReleaseState::Candidate
        | ReleaseState::Published
        | ReleaseState::Recalled => None,
    };
    step.or(release.date)
}

fn verdict(release: &Release, request: &Request<'_>, asking: &Asking<'_>) -> Verdict {
    if !release.standing.state.is_open() {
        return Verdict::Done;
    }
    let signature = countdown::unsigned(release, request.planned)
        .iter()
        .filter(|item| countdown::waits_for(item, release).is_none())
        .map(|item| item.due)
        .min();
    let due = next_due(release, asking).into_iter().chain(signature).min();
    let Some(due) = due else {
        return Verdict::NoClock;
    };
    let notice = asking.setting.profile.milestone_notice;
    let amber = notice.map_or(due, |notice| {
        countdown::before(due, notice, asking.setting.calendar)
    });
    by_clock(asking.today > due, Some(amber), asking.today)
}

fn sentence(release: &Release, asking: &Asking<'_>) -> String {
    let name = &release.name;
    let zone = asking.setting.zone;
    let since = spoken(release.standing.entered.day(zone));
    let stands = guard::state(release);
    match release.standing.state {
        ReleaseState::Published => {
            let on = release.published.map_or(since, spoken);
            format!(
                "{name} was published on {on} with {} in it.",
                so_many(release)
            )
        }
        ReleaseState::Recalled => {
            let reason = release
                .recall_reason
                .as_deref()
                .map(|reason| format!(" because “{}”", reason.trim().trim_end_matches('.')))
                .unwrap_or_default();
            format!("{name} has been recalled since {since}{reason}.")
        }
        _ => {
            let out = release.date.map_or_else(
                || "it has no date".to_owned(),
                |date| {
                    let left = (date - asking.today).num_days();
                    format!("it is to be out on {}, {}", spoken(date), distance(left))
                },
            );
            format!(
                "{name} ({}) has been {stands} since {since} with {} in it; {out}.",
                release.kind.word(),
                so_many(release)
            )
        }
    }
}

fn so_many(release: &Release) -> String {
    let n = release.contents().len().max(release.shipped.len());
    let noun = match (n, release.shipped.is_empty()) {
        (1, true) => "ticket",
        (_, true) => "tickets",
        (1, false) => "product",
        (_, false) => "products",
    };
    format!("{n} {noun}")
}

/// The days it is walked by, what it goes without, and what is late of its countdown.
fn counted(release: &Release, request: &Request<'_>, asking: &Asking<'_>, why: &mut Why) {
    let (profile, calendar) = (request.profile, asking.setting.calendar);
    let date = countdown::date_freeze(release, profile, calendar);
    let contents = countdown::contents_freeze(release, profile, calendar);
    let freezes = [
        ("The date is", ReleaseState::DateFrozen, date),
        ("The contents are", ReleaseState::ContentsFrozen, contents),
    ];
    for (what, state, day) in freezes {
        if let Some(day) = day.filter(|_| !countdown::reached(release, state)) {
            why.counted
                .push(format!("{what} to be frozen by {}.", spoken(day)));
        }
    }
    for (skip, reason) in &release.skips {
        why.counted.push(format!(
            "It goes without the {}: {}.",
            skip.word().replace('-', " "),
            reason.trim().trim_end_matches('.')
        ));
    }
    for item in countdown::unsigned(release, request.planned) {
        if asking.today > item.due {
            why.counted.push(format!(
                "Late: {} ({}), due on {}.",
                item.no,
                item.role,
                spoken(item.due)
            ));
        }
    }
    for moved in &release.moved {
        why.counted.push(format!(
            "{} missed it ({}) and is in {}.",
            moved.ticket, moved.why, moved.next
        ));
    }
}

/// The steps that lead on from where it stands; the first that is open leads.
fn next(request: &Request<'_>) -> Vec<NextStep> {
    let name = &request.release.name;
    let mut steps: Vec<NextStep> = Step::ALL
        .into_iter()
        .filter(|step| *step != Step::Recall)
        .filter_map(|step| {
            let refused = guard::refuse(step, request).err();
            let told = match &refused {
                Some(_) if step != Step::Publish => return None,
                Some(refused) => Some(refused.message.clone()),
                None => None,
            };
            let command = match (step, countdown::next(request.release, request.planned)) {
                (Step::Sign, Some(item)) => {
                    format!("relmate release sign {} {}", quoted(name), item.no)
                }
                _ => step.command(name),
            };
            Some(NextStep {
                command,
                needs: step.needs().to_owned(),
                refused: told,
            })
        })
        .collect();
    steps.sort_by_key(|step| step.refused.is_some());
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::distribution::examples::{complete, release};
    use crate::domain::queue::examples::{day, manager, profile, ticket, under};
    use crate::domain::queue::state::State;

    fn told(release: &Release, today: &str) -> Why {
        let facts = Facts {
            tickets: vec![ticket(State::Ready)],
            ..Facts::default()
        };
        under(&profile(), |setting| {
            why(
                release,
                &Asking {
                    facts: Some(&facts),
                    ..Asking::new(setting, day(today), &manager())
                },
            )
        })
    }

    #[test]
    fn a_planned_release_says_by_when_it_is_frozen_and_what_comes_next() {
        let why = told(&release(ReleaseState::Planned), "2026-11-21");
        assert_eq!(why.verdict, Verdict::InTime);
        assert!(why.sentence.contains("in 26 days"), "{}", why.sentence);
        assert_eq!(
            why.counted[0],
            "The date is to be frozen by Thu 3 Dec 2026."
        );
        assert_eq!(
            why.next[0].command,
            "relmate release freeze-date 'CMD 1.4.0'"
        );
        assert_eq!(why.blockers[0].who, "release manager");
    }

    #[test]
    fn what_is_late_of_the_countdown_is_named_with_its_role() {
        let mut late = complete();
        late.signed.remove("4.2");
        late.signed.remove("4");
        let why = told(&late, "2026-12-12");
        assert_eq!(why.verdict, Verdict::Overdue);
        assert!(
            why.counted
                .contains(&"Late: 4.2 (verification lead), due on Thu 10 Dec 2026.".to_owned()),
            "{:?}",
            why.counted
        );
        assert_eq!(why.blockers[0].who, "verification lead");
        assert!(why.next.last().unwrap().refused.is_some());
    }

    #[test]
    fn a_complete_release_waits_for_its_publication_alone() {
        let why = told(&complete(), "2026-12-11");
        assert_eq!(why.next.last().unwrap().refused, None);
        assert!(why.blockers[0].what.contains("nobody has published"));
    }
}
