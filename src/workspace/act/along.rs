//! What goes along when something contested is settled: what the same steps wrote in the same field
//! of other records of that kind. Refuses to choose another side there, and to hold up the rest for
//! one that cannot be settled so.

use super::settle::{Asked, one, side_of, stand};
use crate::domain::listed::listed;
use crate::ledger::Hash;
use crate::workspace::action::Settle;
use crate::workspace::look::conflicts::{self, Contest};
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

/// Settles them for the step that stands now, or puts them off like the first.
pub(super) fn settle(
    plan: &mut Plan<'_, '_>,
    contest: &Contest,
    won: Option<Hash>,
    asked: &Asked<'_>,
) -> Result<(), Refusal> {
    let mut went = Vec::new();
    for id in &contest.along {
        let row = conflicts::row(&plan.writing.reader(), id)?;
        let conflict = conflicts::of(&plan.writing.reader(), &row)?;
        let same = |it: &&Contest| it.field == contest.field;
        let Some(other) = conflict.fields.iter().find(same) else {
            continue;
        };
        let loaded = plan.loaded(row)?;
        let asked = Asked { id, ..*asked };
        let done = match (asked.how, won) {
            (Settle::Later, _) => one(plan, &loaded, other, &asked).map(drop),
            (_, Some(won)) => match side_of(other, won) {
                Some(chosen) => stand(plan, &loaded, (other, chosen), &asked),
                None => continue,
            },
            (_, None) => continue,
        };
        match done {
            Ok(()) => went.push(id.clone()),
            Err(refused) => plan.warn(format!("{id} stays contested: {refused}")),
        }
    }
    if !went.is_empty() {
        let goes = if went.len() == 1 { "goes" } else { "go" };
        plan.say(format!(
            "{} {goes} along: the same steps wrote {} there.",
            listed(&went),
            contest.field
        ));
        plan.receipt.ids.extend(went);
    }
    Ok(())
}
