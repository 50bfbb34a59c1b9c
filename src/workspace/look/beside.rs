//! What stands beside a problem and keeps it from closing: production, and who runs the bad
//! version. Asks the rules of the closing itself.

use super::Look;
use crate::domain::problem::guard::{Closing, Judgement, close};
use crate::domain::problem::report::{Ending, Problem};
use crate::domain::verdict::{Blocker, Why};
use crate::workspace::act::problem::around::{self, Found};
use crate::workspace::refusal::Refusal;

/// Adds it to the answer of `why`.
pub(super) fn problem(look: &Look<'_>, problem: &Problem, why: &mut Why) -> Result<(), Refusal> {
    if !problem.is_open() || !problem.is_critical() {
        return Ok(());
    }
    let found = around::found(look.reader, problem, &look.zone)?;
    let known: Vec<&str> = problem.untold().collect();
    let new: Vec<&str> = found
        .untold
        .iter()
        .map(String::as_str)
        .filter(|site| !known.contains(site))
        .collect();
    if !new.is_empty() {
        why.blockers.push(Blocker {
            what: format!("runs it and has not been told: {}", new.join(", ")),
            who: problem.who().unwrap_or("release manager").to_owned(),
        });
    }
    let production = &found.production.sentence;
    if found.production.is_consistent() {
        why.counted.push(format!("Production: {production}."));
    } else {
        why.blockers.push(Blocker {
            what: production.clone(),
            who: "release manager".to_owned(),
        });
    }
    let profile = look.reader.profile()?;
    for how in [Ending::Fixed, Ending::Recalled] {
        let command = format!("relmate problem close {} {}", problem.id, how.word());
        let step = why.next.iter_mut().find(|step| step.command == command);
        let refused = close(problem, &asked(how, &found), &profile.problem).err();
        if let (Some(step), Some(refused)) = (step, refused) {
            step.refused = Some(refused.message.trim_end_matches('.').to_owned());
        }
    }
    Ok(())
}

/// A closing with nothing else said.
fn asked(how: Ending, found: &Found) -> Closing<'_> {
    Closing {
        how: Some(how),
        reason: None,
        of: None,
        version: None,
        workaround: None,
        judgement: Judgement {
            criticality: None,
            priority: None,
            body: None,
            by: None,
        },
        production: &found.production,
        recalled: found.recalled.as_deref().map_err(String::as_str),
        untold: &found.untold,
        unsent: &found.unsent,
    }
}
