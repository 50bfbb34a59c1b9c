//! The composer of a release: which tickets are in it, ready, possible or late, and the
//! countdown to it with who signs. Only looks.

use super::board::rows::{Key, Line, ReleaseHead};
use super::{Look, release};
use crate::domain::calendar::spoken;
use crate::domain::distribution::countdown::{self, contents_freeze, date_freeze};
use crate::domain::distribution::pool::{Chance, chance};
use crate::domain::distribution::release::{Release, ReleaseState};
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::plain::plain;
use crate::workspace::refusal::Refusal;

/// At most so many tickets are looked at.
const TICKETS: usize = 2_000;

/// A ticket of the pool: how it stands, and a sentence about it.
struct Candidate {
    chance: Chance,
    id: String,
    text: String,
}

fn candidates(look: &Look<'_>, release: &Release) -> Result<Vec<Candidate>, Refusal> {
    let judged = look.judged()?;
    let setting = look.setting(&judged);
    let freeze = contents_freeze(release, &judged.profile, &judged.calendar);
    let mut found = Vec::new();
    for row in look.reader.first_open(Kind::Ticket, TICKETS)? {
        let Some(Noun::Ticket(ticket)) = row.noun()? else {
            continue;
        };
        if let Some((chance, by)) = chance(&ticket, release, freeze, (&setting, look.today)) {
            let state = judged.profile.label(ticket.standing.state);
            let by = by
                .map(|day| format!(", by {}", spoken(day)))
                .unwrap_or_default();
            found.push(Candidate {
                chance,
                text: format!("{}, {state}{by}", ticket.label()),
                id: ticket.id,
            });
        }
    }
    found.sort_by_key(|it| it.chance);
    Ok(found)
}

/// The pool's lines; those of a ticket lead to it.
pub(super) fn pool(
    look: &Look<'_>,
    release: &Release,
) -> Result<Vec<(Option<Key>, Line)>, Refusal> {
    let candidates = candidates(look, release)?;
    let head = head_of(look, release, &candidates)?;
    let mut lines = vec![(None, Line::Lead(head.text()))];
    for it in candidates {
        let key = Key {
            kind: Kind::Ticket,
            id: plain(&it.id).into_owned(),
        };
        let text = format!("{}: {} {}", it.chance.word(), it.id, it.text);
        lines.push((Some(key), Line::Text(plain(&text).into_owned())));
    }
    if lines.len() == 1 {
        let text = "No ticket is on its way; a submission brings some.";
        lines.push((None, Line::Text(text.to_owned())));
    }
    Ok(lines)
}

/// The countdown: an action's number, its last day, and who signs or has signed it.
pub(super) fn countdown(
    look: &Look<'_>,
    release: &Release,
) -> Result<Vec<(String, String)>, Refusal> {
    let planned = release::planned(look.reader, release, &look.calendar()?)?;
    let items = countdown::lines(release, &planned, look.today, |it| it.on.day(&look.zone));
    if items.is_empty() {
        let hint = "It has no date yet; a date dates the countdown.".to_owned();
        return Ok(vec![(String::new(), hint)]);
    }
    let line = |item: countdown::Line| {
        let days = (item.due - look.today).num_days();
        let stands = match (&item.signed_by, &item.waits_for) {
            (Some(by), _) if item.late => format!("signed late by {by}"),
            (Some(by), _) => format!("signed by {by}"),
            (None, _) if item.late => format!("open, {} d over, {} signs", -days, item.role),
            (None, Some(what)) => format!("not yet, {what}; {} signs", item.role),
            (None, None) => format!("open, {days} d left, {} signs", item.role),
        };
        let (due, action) = (spoken(item.due), item.action.trim_end_matches('.'));
        (item.no, format!("by {due}: {action}; {stands}"))
    };
    Ok(items.into_iter().map(line).collect())
}

fn head_of(
    look: &Look<'_>,
    release: &Release,
    candidates: &[Candidate],
) -> Result<ReleaseHead, Refusal> {
    let judged = look.judged()?;
    let (profile, calendar) = (&judged.profile, &judged.calendar);
    let state = release.standing.state;
    let days = |day: chrono::NaiveDate| (day - look.today).num_days();
    let count = |wanted: &[Chance]| {
        let found = candidates.iter().filter(|it| wanted.contains(&it.chance));
        found.count() as u64
    };
    let date = date_freeze(release, profile, calendar).filter(|_| state == ReleaseState::Planned);
    let contents = contents_freeze(release, profile, calendar)
        .filter(|_| matches!(state, ReleaseState::Planned | ReleaseState::DateFrozen));
    Ok(ReleaseHead {
        date: date.map(days),
        contents: contents.map(days),
        ready: count(&[Chance::Inside, Chance::Ready]),
        possible: count(&[Chance::Possible]),
        will_miss: count(&[Chance::WillMiss]),
    })
}

/// The release that is planned next, for the head of the screen; none where none has a date.
pub(super) fn head(look: &Look<'_>) -> Result<Option<ReleaseHead>, Refusal> {
    let mut open = release::open(look.reader)?;
    open.retain(|it| it.date.is_some());
    let Some(next) = open.into_iter().min_by_key(|it| it.date) else {
        return Ok(None);
    };
    let candidates = candidates(look, &next)?;
    head_of(look, &next, &candidates).map(Some)
}
