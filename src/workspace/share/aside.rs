//! Steps that are kept and do not count, because whoever wrote them may not write, or no longer.
//! Only counts: why each does not count stands with it on the desk.

use std::collections::BTreeMap;

use super::exchange::{Exchanged, name};
use super::person::own_key;
use crate::domain::plain::plain;
use crate::ledger::{Member, Role};
use crate::store::Store;
use crate::workspace::refusal::Refusal;

/// The most steps that are counted.
const MOST: usize = 1_000;

/// How many steps of whom do not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aside {
    pub of: String,
    /// They are this device's own.
    pub own: bool,
    pub steps: u64,
}

/// Whose steps do not count, where an exchange may have changed that, and as long as this device
/// may not write. `before` are the members as they were.
pub(super) fn of(
    store: &Store,
    before: &[Member],
    done: &Exchanged,
) -> Result<Vec<Aside>, Refusal> {
    let own = done.member.as_ref().is_some_and(bound);
    let theirs = |replica| done.owners.get(replica).is_some_and(bound);
    let came = done.round.pulled.keys().any(theirs);
    let lowered = done.members.iter().any(|member| {
        let was = before.iter().find(|it| it.key == member.key);
        bound(member) && was.is_some_and(|was| !bound(was))
    });
    if !own && !came && !lowered {
        return Ok(Vec::new());
    }
    let reader = store.reader();
    let key = own_key(&reader)?;
    let mut counted: BTreeMap<(bool, String), u64> = BTreeMap::new();
    for step in reader.set_aside(MOST)?.into_iter().filter(|it| !it.newer) {
        let of = done.owners.get(&step.replica);
        let own = key.is_some() && of.map(|it| it.key) == key;
        *counted.entry((own, name(of))).or_default() += 1;
    }
    let counted = counted.into_iter();
    Ok(counted
        .map(|((own, of), steps)| Aside { of, own, steps })
        .collect())
}

/// Somebody who may not write, or no longer.
fn bound(member: &Member) -> bool {
    member.removed || member.role == Role::Observer
}

/// What is said of them, a sentence each.
pub(super) fn said(aside: &[Aside]) -> impl Iterator<Item = String> {
    aside.iter().map(|it| {
        let steps = super::words::steps(it.steps);
        let of = if it.own { "yours" } else { &*plain(&it.of) };
        let (are, do_not) = if it.steps == 1 {
            ("is", "does not")
        } else {
            ("are", "do not")
        };
        format!(
            "{steps} of {of} {are} set aside and {do_not} count: `relmate share status` names them."
        )
    })
}
