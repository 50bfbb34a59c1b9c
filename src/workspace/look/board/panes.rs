//! The windows of the panes whose rows may be many: which records, in which order. Reads
//! no more of them than a page, and leaves what is said of one to its cells.

use std::ops::ControlFlow;

use super::cells;
use super::rows::{Pane, Place, Start, Window, WindowAsk};
use crate::domain::kind::Kind;
use crate::store::{Brief, Scan};
use crate::workspace::look::{Judged, Look};
use crate::workspace::refusal::Refusal;

/// Some records of a pane: a kind's open or closed ones.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub(super) kind: Kind,
    pub(super) open: bool,
    /// The latest first: what is over is looked back at.
    pub(super) latest: bool,
}

const fn open(kind: Kind) -> Part {
    Part {
        kind,
        open: true,
        latest: false,
    }
}

const fn closed(kind: Kind) -> Part {
    Part {
        kind,
        open: false,
        latest: false,
    }
}

const fn latest(kind: Kind) -> Part {
    Part {
        kind,
        open: false,
        latest: true,
    }
}

/// A pane's records in their order.
pub(super) fn parts(pane: Pane) -> &'static [Part] {
    const QUEUE: &[Part] = &[open(Kind::Ticket), closed(Kind::Ticket)];
    const SITES: &[Part] = &[open(Kind::Site)];
    const RETRO: &[Part] = &[open(Kind::Action), open(Kind::Lesson), closed(Kind::Action)];
    const OUTBOX: &[Part] = &[open(Kind::Message), latest(Kind::Message)];
    const SUBMISSIONS: &[Part] = &[open(Kind::Submission), latest(Kind::Submission)];
    const PRODUCTS: &[Part] = &[open(Kind::Product)];
    const PEOPLE: &[Part] = &[open(Kind::Person)];
    const CYCLES: &[Part] = &[open(Kind::Cycle), latest(Kind::Cycle)];
    match pane {
        Pane::Queue => QUEUE,
        Pane::Sites => SITES,
        Pane::Retro => RETRO,
        Pane::Outbox => OUTBOX,
        Pane::Submissions => SUBMISSIONS,
        Pane::Products => PRODUCTS,
        Pane::People => PEOPLE,
        Pane::Cycles => CYCLES,
        Pane::Attention | Pane::Schedule => &[],
    }
}

/// A window on a pane.
pub(super) fn window(look: &Look<'_>, judged: &Judged, ask: &WindowAsk) -> Result<Window, Refusal> {
    let wanted = ask.limit + 1;
    let (backwards, from) = match &ask.start {
        Start::Top => (false, None),
        Start::After(place) => (false, Some(place)),
        Start::Bottom => (true, None),
        Start::Before(place) => (true, Some(place)),
    };
    let mut found = read(look, ask.pane, (backwards, from), wanted)?;
    let beyond = (found.len() == wanted).then(|| found.pop()).flatten();
    let (above, more) = if backwards {
        found.reverse();
        // The one row too many lies above the first.
        (
            beyond.map(|met| met.place),
            matches!(ask.start, Start::Before(_)),
        )
    } else {
        (from.cloned(), beyond.is_some())
    };
    let mut rows = Vec::with_capacity(found.len());
    for Met { place, num } in found {
        if let Some(record) = look.reader.by_num(num)? {
            rows.extend(cells::row(look, judged, place, &record)?);
        }
    }
    Ok(Window { rows, above, more })
}

/// A record that is on the page.
struct Met {
    place: Place,
    num: i64,
}

/// The records after (or before) a place, in the direction of reading.
fn read(
    look: &Look<'_>,
    pane: Pane,
    (backwards, from): (bool, Option<&Place>),
    wanted: usize,
) -> Result<Vec<Met>, Refusal> {
    let parts = parts(pane);
    let mut order: Vec<usize> = (0..parts.len()).collect();
    if backwards {
        order.reverse();
    }
    let passed = |part: usize| {
        from.is_some_and(|place| {
            if backwards {
                part > place.part
            } else {
                part < place.part
            }
        })
    };
    let mut found = Vec::new();
    for number in order.into_iter().filter(|part| !passed(*part)) {
        let part = parts[number];
        let scan = Scan {
            kind: part.kind,
            open: part.open,
            beyond: from
                .filter(|place| place.part == number)
                .map(|place| (place.sort.as_str(), place.id.as_str())),
            backwards: backwards != part.latest,
        };
        look.reader.scan(&scan, &mut |brief| {
            found.push(met(number, brief));
            Ok::<_, Refusal>(if found.len() < wanted {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            })
        })?;
        if found.len() >= wanted {
            break;
        }
    }
    Ok(found)
}

fn met(part: usize, brief: &Brief<'_>) -> Met {
    Met {
        place: Place {
            part,
            sort: brief.sort.to_owned(),
            id: brief.id.to_owned(),
        },
        num: brief.num,
    }
}
