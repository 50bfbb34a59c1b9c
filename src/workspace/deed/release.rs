//! What is done to a distribution release.

use super::{Deed, Entry, Filled, Group, On, PREVIEW, Place, Value, unknown_word};
use crate::domain::distribution::release::{Ground, ReleaseKind, Skip};
use crate::domain::kind::Kind;
use crate::workspace::action::{Action, Compose, ReleaseAction, ReleaseAdd};
use crate::workspace::refusal::Refusal;
use crate::workspace::session::Session;

const DESK: Place = (Group::Releases, On::Desk);
const RELEASES: Place = (Group::Releases, On::One(&[Kind::Release]));
const NAME: Entry = Entry::place(
    ("name", "Release", "The release: \"CMD 1.4.0\""),
    Value::Named(Kind::Release),
);
const REASON: Entry = Entry::named(("reason", "Reason", "Why"), Value::Text).called("R");
const TICKET: Entry = Entry::named(
    ("ticket", "Tickets", "A ticket"),
    Value::Id(&[Kind::Ticket]),
)
.called("T")
.many();

#[rustfmt::skip]
pub(super) const DEEDS: &[Deed] = &[
    Deed::new("release add", "Plan a release of the distribution; an emergency only on one of two grounds", DESK, &[
        Entry::place(("name", "Name", "Distribution and version: \"CMD 1.4.0\""), Value::Text).called("NAME"),
        Entry::named(("kind", "Kind", "major, minor, revision or emergency; else what the number says"), Value::Choice(&ReleaseKind::WORDS)).called("KIND"),
        Entry::named(("date", "Date", "The day it is to be out"), Value::When).asked(),
        Entry::named(("cycle", "Cycle", "The cycle it closes"), Value::Named(Kind::Cycle)),
        Entry::flag(("incompatible", "Incompatible", "It changes something incompatibly, which makes it major")),
        Entry::named(("ground", "Ground", "The ground of an emergency: critical-security-patch or critical-bug-at-several-sites"), Value::Choice(&Ground::WORDS)).called("G"),
        REASON,
        Entry::named(("skip", "Goes without", "What an emergency goes without; else all that the profile lets it"), Value::Choice(&Skip::WORDS)).called("WHAT").many()], add),
    Deed::new("release freeze-date", "Freeze the date; one that is frozen moves with a reason", RELEASES, &[NAME,
        Entry::named(("date", "Date", "Another day than the planned one"), Value::When), REASON], freeze_date),
    Deed::new("release compose", "Put tickets into a release, or take them out", RELEASES, &[NAME, TICKET,
        Entry::flag(("all", "All", "Every ticket that is ready")),
        Entry::named(("out", "Take out", "A ticket that leaves it"), Value::Id(&[Kind::Ticket])).called("T").many(),
        REASON], compose),
    Deed::new("release freeze", "Freeze the contents; what is not ready moves on to the next release", RELEASES, &[NAME],
        freeze).previewed(PREVIEW),
    Deed::new("release rc", "Build a release candidate, or tell which sites installed one", RELEASES, &[NAME,
        Entry::named(("candidate", "Candidate", "One that is built already: RC1"), Value::Text).called("RC"),
        Entry::named(("site", "Sites", "A site that has installed it"), Value::Named(Kind::Site)).called("S").many()], candidate),
    Deed::new("release sign", "Sign an action of the countdown with your own name", RELEASES, &[NAME,
        Entry::place(("no", "Action", "The number of the action: 4.1"), Value::Text).called("NO")], sign),
    Deed::new("release publish", "Publish a release: its tickets go into production, the announcement is drafted", RELEASES, &[NAME],
        publish).previewed(PREVIEW),
    Deed::new("release recall", "Take a published release back, and draft the recall notice", RELEASES, &[NAME, REASON.asked(),
        Entry::named(("ticket", "Tickets", "A ticket that is recalled with it"), Value::Id(&[Kind::Ticket])).called("T").many(),
        Entry::flag(("all", "All", "Every ticket in it is recalled"))], recall),
];

/// Reads a word of a list.
fn word<T>(
    filled: &Filled,
    name: &str,
    words: &[&str],
    read: fn(&str) -> Option<T>,
) -> Result<Option<T>, Refusal> {
    let of = |text: &str| read(text).ok_or_else(|| unknown_word(text, words));
    filled.one(name).map(of).transpose()
}

fn day(
    filled: &Filled,
    name: &str,
    session: &Session,
) -> Result<Option<chrono::NaiveDate>, Refusal> {
    let when = session.dates.maybe(filled.one(name))?;
    Ok(when.map(|when| when.day(&session.dates.zone)))
}

fn done(action: ReleaseAction) -> Result<Action, Refusal> {
    Ok(Action::Release(action))
}

fn add(filled: &Filled, session: &Session) -> Result<Action, Refusal> {
    let skip =
        |text: &String| Skip::from_word(text).ok_or_else(|| unknown_word(text, &Skip::WORDS));
    done(ReleaseAction::Add(ReleaseAdd {
        name: filled.must("name")?,
        kind: word(filled, "kind", &ReleaseKind::WORDS, ReleaseKind::from_word)?,
        incompatible: filled.yes("incompatible"),
        date: day(filled, "date", session)?,
        cycle: filled.maybe("cycle"),
        ground: word(filled, "ground", &Ground::WORDS, Ground::from_word)?,
        reason: filled.maybe("reason"),
        skips: filled
            .many("skip")
            .iter()
            .map(skip)
            .collect::<Result<_, _>>()?,
    }))
}

fn freeze_date(filled: &Filled, session: &Session) -> Result<Action, Refusal> {
    done(ReleaseAction::FreezeDate {
        name: filled.must("name")?,
        date: day(filled, "date", session)?,
        reason: filled.maybe("reason"),
    })
}

fn compose(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    done(ReleaseAction::Compose(Compose {
        name: filled.must("name")?,
        tickets: filled.many("ticket").to_vec(),
        all: filled.yes("all"),
        out: filled.many("out").to_vec(),
        reason: filled.maybe("reason"),
    }))
}

fn freeze(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    done(ReleaseAction::Freeze {
        name: filled.must("name")?,
    })
}

fn candidate(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    done(ReleaseAction::Candidate {
        name: filled.must("name")?,
        candidate: filled.maybe("candidate"),
        sites: filled.many("site").to_vec(),
    })
}

fn sign(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    done(ReleaseAction::Sign {
        name: filled.must("name")?,
        no: filled.must("no")?,
    })
}

fn publish(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    done(ReleaseAction::Publish {
        name: filled.must("name")?,
    })
}

fn recall(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    done(ReleaseAction::Recall {
        name: filled.must("name")?,
        reason: filled.maybe("reason"),
        tickets: filled.many("ticket").to_vec(),
        all: filled.yes("all"),
    })
}
