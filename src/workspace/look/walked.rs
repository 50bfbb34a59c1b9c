//! The walk of one problem, step by step: what is done and since when, what is open and by
//! when, what comes later. Asks the domain; decides nothing.

use super::Look;
use crate::domain::calendar::spoken;
use crate::domain::noun::Setting;
use crate::domain::problem::report::Problem;
use crate::domain::problem::walk::{self, Step};
use crate::domain::when::When;
use crate::workspace::refusal::Refusal;

/// What a step is called once it is done, and what is known of that.
type Stop = (Step, &'static str, Option<String>);

/// Each step with how it stands, in the order of the walk.
pub(super) fn walk(
    look: &Look<'_>,
    problem: &Problem,
) -> Result<Vec<(&'static str, String)>, Refusal> {
    let judged = look.judged()?;
    let setting = look.setting(&judged);
    let open = walk::open_steps(problem);
    let filed = day(problem.filed(), &setting);
    let mut lines = vec![("filed", format!("done {filed}, {}", problem.channel_id))];
    for (step, name, done) in stops(problem, &setting) {
        let found = open.iter().find(|it| it.step == step);
        let text = match (done, found) {
            (_, Some(open)) => match walk::reading(*open, &setting, look.today) {
                Some(reading) if reading.overdue => format!(
                    "open, {} d over, was due {}",
                    -reading.days_left,
                    spoken(reading.due)
                ),
                Some(reading) => format!(
                    "open, {} left, by {}",
                    super::board::days(reading.days_left, reading.limit),
                    spoken(reading.due)
                ),
                None => format!("open, since {}", day(open.since, &setting)),
            },
            (Some(done), None) => format!("done {done}"),
            (None, None) if !problem.is_open() => continue,
            (None, None) => "to come".to_owned(),
        };
        lines.push((name, text));
    }
    Ok(lines)
}

fn day(when: When, setting: &Setting<'_>) -> String {
    spoken(when.day(setting.zone))
}

fn stops(problem: &Problem, setting: &Setting<'_>) -> Vec<Stop> {
    let on = |when: When| day(when, setting);
    let triage = problem.triage.as_ref().map(|it| {
        let word = it.criticality.word();
        format!("{}, {word} by {} ({})", on(it.at), it.body, it.by)
    });
    let mut stops: Vec<Stop> = vec![(Step::Triage, "triaged", triage)];
    let critical = problem.triage.is_none() || problem.is_critical();
    if critical {
        stops.extend(roll_forward(problem, setting));
    } else {
        let described = problem.workaround.is_some() || problem.known_error.is_some();
        let as_error = problem.known_error.as_deref().map(|id| format!("as {id}"));
        let text =
            described.then(|| as_error.unwrap_or_else(|| "a workaround is known".to_owned()));
        stops.push((Step::Workaround, "workaround", text));
    }
    let closing = problem.closing.as_ref();
    let closing = closing.map(|it| format!("{}, {} by {}", on(it.at), it.how.word(), it.by));
    stops.push((Step::Close, "closed", closing));
    stops
}

/// What a critical problem asks for besides.
fn roll_forward(problem: &Problem, setting: &Setting<'_>) -> [Stop; 4] {
    let on = |when: When| day(when, setting);
    let engaged = problem.engaged.as_ref();
    let halt = problem.halt.as_ref();
    let successor = problem.successor.as_ref();
    let told: Vec<&str> = problem.told.keys().map(String::as_str).collect();
    let sites = if told.is_empty() {
        "no site runs it, as far as is known".to_owned()
    } else {
        told.join(", ")
    };
    // Nobody is looked for before it is known to be critical.
    let told = problem.is_critical().then_some(sites);
    [
        (
            Step::Engage,
            "provider engaged",
            engaged.map(|it| format!("{}, {}", on(it.at), it.whom)),
        ),
        (
            Step::Halt,
            "rollout halted",
            halt.map(|it| format!("{}, {}: {}", on(it.at), it.scope, it.reason)),
        ),
        (
            Step::Successor,
            "fixing version",
            successor.map(|it| {
                let version = it.version.as_deref().unwrap_or_default();
                format!("{}, {} {version}", on(it.at), it.id)
                    .trim_end()
                    .to_owned()
            }),
        ),
        (Step::Tell, "sites told", told),
    ]
}
