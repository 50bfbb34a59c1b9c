//! All records of a kind, typed.

use crate::domain::distribution::release::Release;
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::problem::report::Problem;
use crate::domain::queue::ticket::Ticket;
use crate::domain::rollout::announcement::Announcement;
use crate::store::RecordRow;
use crate::workspace::look::Look;
use crate::workspace::refusal::Refusal;

/// Those of a kind that `pick` knows.
pub(crate) fn all<T>(
    look: &Look<'_>,
    kind: Kind,
    pick: fn(Noun) -> Option<T>,
) -> Result<Vec<T>, Refusal> {
    typed(&look.reader.all(kind)?, pick)
}

/// Those that belong to another record.
pub(crate) fn of<T>(
    look: &Look<'_>,
    kind: Kind,
    parent: &str,
    pick: fn(Noun) -> Option<T>,
) -> Result<Vec<T>, Refusal> {
    typed(&look.reader.children(kind, parent)?, pick)
}

fn typed<T>(rows: &[RecordRow], pick: fn(Noun) -> Option<T>) -> Result<Vec<T>, Refusal> {
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        found.extend(row.noun()?.and_then(pick));
    }
    Ok(found)
}

pub(crate) fn tickets(look: &Look<'_>) -> Result<Vec<Ticket>, Refusal> {
    all(look, Kind::Ticket, ticket)
}

pub(crate) fn ticket(noun: Noun) -> Option<Ticket> {
    match noun {
        Noun::Ticket(it) => Some(*it),
        _ => None,
    }
}

pub(crate) fn announcement(noun: Noun) -> Option<Announcement> {
    match noun {
        Noun::Announcement(it) => Some(*it),
        _ => None,
    }
}

pub(crate) fn release(noun: Noun) -> Option<Release> {
    match noun {
        Noun::Release(it) => Some(*it),
        _ => None,
    }
}

macro_rules! pick {
    ($name:ident, $kind:ident, $of:ty, $it:ident => $read:expr) => {
        pub(crate) fn $name(look: &Look<'_>) -> Result<Vec<$of>, Refusal> {
            all(look, Kind::$kind, |noun| match noun {
                Noun::$kind($it) => Some($read),
                _ => None,
            })
        }
    };
}

pick!(announcements, Announcement, Announcement, it => *it);
pick!(problems, Problem, Problem, it => *it);
pick!(sites, Site, crate::domain::rollout::site::Site, it => *it);
pick!(releases, Release, Release, it => *it);
pick!(submissions, Submission, crate::domain::queue::submission::Submission, it => *it);
pick!(messages, Message, crate::domain::message::Message, it => it);
pick!(milestones, Milestone, crate::domain::schedule::milestone::Milestone, it => it);
pick!(products, Product, crate::domain::queue::product::Product, it => it);
