//! Why a problem is where it is: which step of its walk is open, by when, and who has it;
//! and by when a known error is to be fixed.

use super::ticket::unsent;
use super::{Asking, Verdict, Why, by_clock, so_many};
use crate::domain::calendar::spoken;
use crate::domain::clock::Reading;
use crate::domain::problem::guard::stands;
use crate::domain::problem::known_error::KnownError;
use crate::domain::problem::report::{Closing, Problem};
use crate::domain::problem::walk::{self, Open, Step};

const MANAGER: &str = "release manager";

pub(super) fn problem(problem: &Problem, asking: &Asking<'_>) -> Why {
    let setting = asking.setting;
    let urgent = walk::most_urgent(problem, setting).map(|(open, _)| open);
    let Some(open) = urgent else {
        return closed(problem, asking);
    };
    let reading = walk::reading(open, setting, asking.today);
    let verdict = match &reading {
        Some(reading) => by_clock(reading.overdue, Some(reading.amber_on), asking.today),
        None => Verdict::NoClock,
    };
    let mut why = Why::new(
        &problem.id,
        verdict,
        sentence(problem, open, reading.as_ref(), asking),
    );
    why.rule.clone_from(&setting.profile.problem.rule);
    why.entered = Some(open.since);
    if let Some(reading) = &reading {
        why.read(reading);
    }
    for open in walk::open_steps(problem) {
        if let Some(due) = walk::due(open, setting) {
            why.counted
                .push(format!("To {}: by {}.", open.step.phrase(), spoken(due)));
        }
        why.block(open.step.missing(), who(problem, open.step, asking));
    }
    advised(problem, asking, &mut why);
    unsent(asking, &mut why);
    next(problem, &mut why);
    why
}

fn named(problem: &Problem) -> String {
    format!(
        "{} ({}, {})",
        problem.id,
        problem.label(),
        problem.channel_id
    )
}

fn sentence(
    problem: &Problem,
    open: Open,
    reading: Option<&Reading>,
    asking: &Asking<'_>,
) -> String {
    let rule = asking.setting.profile.problem.rule.as_deref();
    let by_rule = rule.map(|rule| format!(" ({rule})")).unwrap_or_default();
    let clock = match reading {
        Some(reading) => format!(
            ": {} are past; the limit is {}{by_rule}",
            so_many(reading),
            reading.limit
        ),
        None => String::new(),
    };
    let and = match &problem.triage {
        Some(triage) => format!(
            "{} on {}; {}",
            stands(problem),
            spoken(triage.at.day(asking.setting.zone)),
            open.step.missing()
        ),
        None => format!(
            "filed on {}; {}",
            spoken(problem.filed().day(asking.setting.zone)),
            open.step.missing()
        ),
    };
    let verb = if problem.triage.is_some() {
        "is"
    } else {
        "was"
    };
    format!("{} {verb} {and}{clock}.", named(problem))
}

/// Who can take a step.
fn who(problem: &Problem, step: Step, asking: &Asking<'_>) -> String {
    let bodies = &asking.setting.profile.problem.bodies;
    match step {
        Step::Triage if !bodies.is_empty() => bodies.join(", "),
        Step::Successor => match &problem.engaged {
            Some(engaged) => engaged.whom.clone(),
            None => "technology provider".to_owned(),
        },
        Step::Triage | Step::Engage | Step::Halt | Step::Tell | Step::Workaround | Step::Close => {
            problem.who().unwrap_or(MANAGER).to_owned()
        }
    }
}

/// By when its advisory wants a fix.
fn advised(problem: &Problem, asking: &Asking<'_>, why: &mut Why) {
    let Some(advisory) = &problem.advisory else {
        return;
    };
    if let Some(due) = walk::target(advisory, problem.filed(), asking.setting) {
        why.counted.push(format!(
            "{} is of risk class {}: a fix is wanted by {}.",
            advisory.id,
            advisory.risk.word(),
            spoken(due)
        ));
    }
}

fn needs(step: Step) -> &'static str {
    match step {
        Step::Triage => "a body, a person of it and what they decided",
        Step::Engage => "nothing more",
        Step::Halt => "a reason and a scope",
        Step::Successor => "another version, or --by a release that is there",
        Step::Tell => "nothing more; it drafts the warnings",
        Step::Workaround => "a text",
        Step::Close => "how it ended",
    }
}

fn next(problem: &Problem, why: &mut Why) {
    let id = &problem.id;
    let close = |how: &str| format!("relmate problem close {id} {how}");
    for open in walk::open_steps(problem) {
        if open.step != Step::Close {
            why.offer(open.step.command(id), needs(open.step));
        }
    }
    match &problem.triage {
        None => {}
        Some(_) if problem.is_critical() => {
            why.offer(
                close("fixed"),
                "the whole walk, and production without the bad version",
            );
            why.offer(close("recalled"), "the recall to have happened");
            why.offer(
                close("downgraded --criticality C --body BODY --decided-by NAME --reason R"),
                "who decided otherwise, and why",
            );
        }
        Some(_) => {
            why.offer(close("known-error --workaround TEXT"), "a workaround");
            why.offer(close("fixed --version V"), "the version that fixed it");
        }
    }
    why.offer(close("duplicate --of P-ID"), "the problem it repeats");
    why.offer(close("no-defect --reason R"), "a reason");
}

fn closed(problem: &Problem, asking: &Asking<'_>) -> Why {
    let Some(closing) = &problem.closing else {
        return Why::without_clock(&problem.id);
    };
    let mut why = Why::new(&problem.id, Verdict::Done, ended(problem, closing, asking));
    if let Some(production) = &closing.production {
        why.counted.push(format!("Production: {production}."));
    }
    if let Some(before) = &closing.before {
        why.counted.push(format!(
            "Before, {} ({}) had found it {}.",
            before.body,
            before.by,
            before.criticality.word()
        ));
    }
    why
}

fn ended(problem: &Problem, closing: &Closing, asking: &Asking<'_>) -> String {
    let of = closing.of.as_ref().map(|it| format!(" ({it})"));
    let version = closing.fixed_in.as_ref().map(|it| format!(" in {it}"));
    let reason = closing
        .reason
        .as_ref()
        .map(|it| format!(" because “{}”", it.trim_end_matches('.')));
    format!(
        "{} was closed as {}{}{} on {} by {}{}.",
        named(problem),
        closing.how.label(),
        version.unwrap_or_default(),
        of.unwrap_or_default(),
        spoken(closing.at.day(asking.setting.zone)),
        closing.by,
        reason.unwrap_or_default()
    )
}

pub(super) fn error(error: &KnownError, asking: &Asking<'_>) -> Why {
    let id = &error.id;
    let named = format!("{id} ({})", error.label());
    if !error.is_open() {
        let version = error.fixed_in.as_deref().unwrap_or("a later version");
        let on = spoken(error.standing.entered.day(asking.setting.zone));
        let sentence = format!("{named} was fixed in {version}, recorded on {on}.");
        return Why::new(id, Verdict::Done, sentence);
    }
    let since = spoken(error.since().day(asking.setting.zone));
    let reading = walk::error_reading(error, asking.setting, asking.today);
    let mut why = match (&error.advisory, &reading) {
        (Some(advisory), Some(reading)) => Why::new(
            id,
            by_clock(reading.overdue, Some(reading.amber_on), asking.today),
            format!(
                "{named} has been known since {since}: {} is of risk class {}, and of its target of {} {} are past.",
                advisory.id,
                advisory.risk.word(),
                reading.limit,
                so_many(reading)
            ),
        ),
        _ => Why::new(
            id,
            Verdict::NoClock,
            format!("{named} has been known since {since}; notes print it until it is fixed."),
        ),
    };
    why.entered = Some(error.since());
    if let Some(reading) = &reading {
        why.read(reading);
    }
    let owner = error.owner.as_deref().unwrap_or(MANAGER);
    if error
        .workaround
        .as_ref()
        .is_none_or(|it| it.trim().is_empty())
    {
        why.block("no workaround is described", owner);
        why.offer(format!("relmate set {id} workaround=TEXT"), "a text");
    }
    why.block(
        "no version that fixes it is recorded",
        "technology provider",
    );
    why.offer(
        format!("relmate error fix {id} --version V"),
        "the version that fixes it",
    );
    why
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::people::Person;
    use crate::domain::problem::examples::{critical, filed, walked};
    use crate::domain::queue::examples::{day, profile, under};

    fn of(found: &Problem, today: &str) -> Why {
        let profile = profile();
        under(&profile, |setting| {
            let person = Person::default();
            let asking = Asking::new(setting, day(today), &person);
            problem(found, &asking)
        })
    }

    #[test]
    fn r49_an_untriaged_problem_waits_for_the_bodies_that_decide() {
        let why = of(&filed(), "2026-11-24");
        assert_eq!(why.verdict, Verdict::Overdue);
        assert_eq!(why.blockers[0].who, "MU, OU, UCS");
        assert!(
            why.next[0]
                .command
                .starts_with("relmate problem triage P-1")
        );
        assert_eq!(why.limit.as_deref(), Some("1 working day"));
    }

    #[test]
    fn r50_a_critical_problem_names_every_open_step_with_its_day() {
        let why = of(&critical(), "2026-11-22");
        assert_eq!(why.verdict, Verdict::DueSoon);
        let whats: Vec<&str> = why.blockers.iter().map(|it| it.what.as_str()).collect();
        assert_eq!(
            whats,
            [
                "the provider has not been engaged",
                "the rollout is not halted"
            ]
        );
        assert!(
            why.sentence
                .contains("critical, as MU (Marta) decided on Sat 21 Nov 2026")
        );
        assert!(
            why.counted
                .iter()
                .any(|it| it.contains("halt the rollout: by Sun 22 Nov"))
        );
        let walked = of(&walked(), "2026-11-22");
        assert!(walked.next[0].command.ends_with("close P-1 fixed"));
    }
}
