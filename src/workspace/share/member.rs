//! What somebody who shares the desk may do, and leaving: done once the folder has been read,
//! because steps that are not known here by then are cut off, and published at once. The one
//! place for shell and screen.

use super::exchange::{self, Exchanged, Held};
use super::here::Here;
use crate::domain::plain::{and, plain};
use crate::ledger::Member;
use crate::workspace::action::Action;
use crate::workspace::deed::Deed;
use crate::workspace::plan::Actor;
use crate::workspace::receipt::Receipt;
use crate::workspace::refusal::Refusal;
use crate::workspace::session::Session;

/// Whether a deed says who shares the desk and how.
pub fn is_ours(deed: &Deed) -> bool {
    matches!(deed.name, "share role" | "share remove")
}

/// Reads the folder, does it, and publishes it. `at` is when it happened, in a person's words.
pub fn change(
    here: &Here,
    actor: Actor,
    at: Option<&str>,
    action: impl FnOnce(&Session) -> Result<Action, Refusal>,
) -> Result<(Receipt, Exchanged), Refusal> {
    let before = exchange::once(here)?;
    let mut session = Session::open(&here.path, actor, here.now, at)?;
    let action = action(&session)?;
    let mut receipt = session.perform(&action)?;
    drop(session);
    if receipt.commit.is_some() {
        receipt.warnings.extend(unread(&before, &about(&action)));
    }
    Ok((receipt, exchange::once(here)?))
}

/// Whose part is changed.
fn about(action: &Action) -> Vec<&str> {
    match action {
        Action::Member(member) => member.subject().into_iter().collect(),
        Action::Batch { actions } => actions.iter().flat_map(about).collect(),
        _ => Vec::new(),
    }
}

/// Says that steps of somebody may be cut off without having been seen.
fn unread(before: &Exchanged, persons: &[&str]) -> Vec<String> {
    let name = |person: &&str| plain(person).into_owned();
    let names = || and(&persons.iter().map(name).collect::<Vec<_>>());
    match before.held {
        None | Some(Held::Full | Held::ReadOnly) => {}
        Some(_) => {
            return vec![format!(
                "The folder could not be read first: steps of {} that have not come in here yet will not count.",
                names()
            )];
        }
    }
    let mut behind = persons.to_vec();
    behind.retain(|person| {
        let mut ahead = before.round.peers.iter().filter(|peer| peer.ahead);
        let theirs = |member: &&Member| member.person.eq_ignore_ascii_case(person);
        ahead.any(|peer| {
            let mut devices = before.members.iter().filter(theirs);
            devices.any(|it| it.key == peer.key)
        })
    });
    let behind = behind.iter().map(|person| {
        let person = plain(person);
        format!("{person} has steps whose files have not arrived here: they will not count.")
    });
    behind.collect()
}
