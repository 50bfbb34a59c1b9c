//! The windows of the panes whose rows may be many: which records, in which order. Reads
//! no more of them than a page, and leaves what is said of one to its cells.

use std::ops::ControlFlow;

use super::GoOn;
use super::cells;
use super::grid::Grid;
use super::rows::{Pane, Start, Window, WindowAsk};
use super::search::{OnPage, Search};
use crate::domain::kind::Kind;
use crate::store::Scan;
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
    const ANNOUNCEMENTS: &[Part] = &[open(Kind::Announcement), latest(Kind::Announcement)];
    const PROBLEMS: &[Part] = &[
        open(Kind::Problem),
        open(Kind::KnownError),
        latest(Kind::Problem),
        latest(Kind::KnownError),
    ];
    const RELEASES: &[Part] = &[open(Kind::Release), latest(Kind::Release)];
    match pane {
        Pane::Queue => QUEUE,
        Pane::Sites => SITES,
        Pane::Retro => RETRO,
        Pane::Outbox => OUTBOX,
        Pane::Submissions => SUBMISSIONS,
        Pane::Products => PRODUCTS,
        Pane::People => PEOPLE,
        Pane::Cycles => CYCLES,
        Pane::Announcements => ANNOUNCEMENTS,
        Pane::Problems => PROBLEMS,
        Pane::Releases => RELEASES,
        Pane::Attention | Pane::Schedule => &[],
    }
}

/// The kinds of a pane's records.
pub fn kinds(pane: Pane) -> &'static [Kind] {
    match pane {
        Pane::Queue => &[Kind::Ticket],
        Pane::Sites => &[Kind::Site],
        Pane::Retro => &[Kind::Action, Kind::Lesson],
        Pane::Outbox => &[Kind::Message],
        Pane::Submissions => &[Kind::Submission],
        Pane::Products => &[Kind::Product],
        Pane::People => &[Kind::Person],
        Pane::Cycles => &[Kind::Cycle],
        Pane::Announcements => &[Kind::Announcement],
        Pane::Problems => &[Kind::Problem, Kind::KnownError],
        Pane::Releases => &[Kind::Release],
        Pane::Schedule => &[Kind::Milestone],
        Pane::Attention => &[],
    }
}

/// A window on a pane; none if nobody waits for it any more.
pub(super) fn window(
    look: &Look<'_>,
    judged: &Judged,
    ask: &WindowAsk,
    go_on: GoOn<'_>,
) -> Result<Option<Window>, Refusal> {
    let wanted = ask.limit + 1;
    let (backwards, from) = match &ask.start {
        Start::Top => (false, None),
        Start::After(place) => (false, Some(place)),
        Start::Bottom => (true, None),
        Start::Before(place) => (true, Some(place)),
    };
    let mut search = Search::new(look, judged, ask, go_on);
    let Some(mut found) = search.page(ask, (backwards, from), wanted)? else {
        return Ok(None);
    };
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
    for OnPage { place, num } in found {
        if let Some(record) = look.reader.by_num(num)? {
            rows.extend(cells::row(look, judged, place, &record, &ask.columns)?);
        }
    }
    let whole = above.is_none() && !more;
    let Search { sieve, .. } = search;
    let mut window = Window {
        matches: (whole && !sieve.is_empty()).then_some(rows.len() as u64),
        rows,
        above,
        more,
        anchor: None,
        serial: ask.serial,
        note: sieve.note,
        heads: Vec::new(),
    };
    if ask.pane == Pane::Sites {
        Grid::load(look, &look.setting(judged))?.fill(&mut window);
    }
    Ok(Some(window))
}

/// How many records of a pane pass its filter; none if nobody wants to know any more.
pub(super) fn count(
    look: &Look<'_>,
    judged: &Judged,
    ask: &WindowAsk,
    go_on: GoOn<'_>,
) -> Result<Option<u64>, Refusal> {
    let mut search = Search::new(look, judged, ask, go_on);
    let mut count = 0;
    // Words alone are told by the texts; nothing else is fetched of what they find.
    let by_text = search.sieve.terms().is_empty();
    for part in parts(ask.pane) {
        let scan = Scan {
            kind: part.kind,
            open: part.open,
            beyond: None,
            backwards: false,
            by_text,
        };
        let whole = search.each(&scan, &mut |search, met| {
            let passes = by_text || met.brief(&mut |brief| search.passes(brief))?;
            count += u64::from(passes);
            Ok(ControlFlow::Continue(()))
        })?;
        if !whole {
            return Ok(None);
        }
    }
    Ok(Some(count))
}
