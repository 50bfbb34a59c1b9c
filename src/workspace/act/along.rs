//! What goes along when something contested is settled: what the same steps wrote in the same field
//! of other records of that kind. Refuses to choose another side there, and to hold up the rest for
//! one that cannot be settled so: that one is named, and stays contested.

use super::settle::{Asked, guard, one, side_of, stand};
use crate::domain::kind::Kind;
use crate::domain::listed::listed;
use crate::ledger::Hash;
use crate::workspace::action::Settle;
use crate::workspace::look::conflicts::{self, Contest};
use crate::workspace::plan::Plan;
use crate::workspace::refusal::{Refusal, RefusalKind};

/// Settles them for the steps whose value stands now, or puts them off like the first.
pub(super) fn settle(
    plan: &mut Plan<'_, '_>,
    (kind, contest): (Kind, &Contest),
    won: &[Hash],
    asked: &Asked<'_>,
) -> Result<(), Refusal> {
    let (mut went, mut differ) = (Vec::new(), Vec::new());
    for id in &contest.along {
        let reader = plan.writing.reader();
        let Some(row) = reader.record(Some(kind), id)? else {
            continue;
        };
        let conflict = conflicts::alone(&reader, &row)?;
        let same = |it: &&Contest| it.field == contest.field;
        let Some(other) = conflict.fields.iter().find(same) else {
            continue;
        };
        let loaded = plan.loaded(row)?;
        let asked = Asked { id, ..*asked };
        if asked.how == Settle::Later {
            one(plan, &loaded, other, &asked)?;
            went.push(id.clone());
            continue;
        }
        let Some(chosen) = side_of(other, won).filter(|_| !won.is_empty()) else {
            differ.push(id.clone());
            continue;
        };
        match guard(plan, &loaded, &other.field, &chosen.value) {
            Ok(()) => {
                stand(plan, &loaded, (other, &chosen), &asked)?;
                went.push(id.clone());
            }
            // That is the desk's fault, and no answer.
            Err(refused) if refused.kind == RefusalKind::Failed => return Err(refused),
            Err(refused) => plan.warn(format!("{id} stays contested: {refused}")),
        }
    }
    if !differ.is_empty() {
        let stay = if differ.len() == 1 { "stays" } else { "stay" };
        plan.warn(format!(
            "{} {stay} contested: what stands now is not what one of the steps wrote there.",
            listed(&differ)
        ));
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
