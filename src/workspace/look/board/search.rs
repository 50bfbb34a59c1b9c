//! Which records stand on a page: walks a pane's parts in its order through its filter and
//! stops as soon as the page is full. Reads a record itself only where its row cannot tell.

use std::ops::ControlFlow;

use super::GoOn;
use super::order::Nearest;
use super::panes::{Part, kinds, parts};
use super::rows::{Place, SortBy, WindowAsk};
use super::sieve::{Sieve, Verdict};
use crate::store::{Brief, Met, Scan};
use crate::workspace::look::{Judged, Look};
use crate::workspace::refusal::Refusal;

/// Rows looked at between two questions whether to go on, and what a record that has to
/// be read counts among them.
const PIECE: u32 = 4096;
const RECORD: u32 = 64;

/// A record that is on the page.
pub(super) struct OnPage {
    pub(super) place: Place,
    pub(super) num: i64,
}

/// A pane's filter at work.
pub(super) struct Search<'s> {
    look: &'s Look<'s>,
    judged: &'s Judged,
    pub(super) sieve: Sieve,
    go_on: GoOn<'s>,
    work: u32,
}

/// Told of a record; says whether to go on.
type Each<'e, 's> =
    &'e mut dyn FnMut(&mut Search<'s>, &Met<'_>) -> Result<ControlFlow<()>, Refusal>;

impl<'s> Search<'s> {
    pub(super) fn new(
        look: &'s Look<'s>,
        judged: &'s Judged,
        ask: &WindowAsk,
        go_on: GoOn<'s>,
    ) -> Self {
        Self {
            look,
            judged,
            sieve: Sieve::new(&ask.filter, kinds(ask.pane), &[]),
            go_on,
            // Asked before the first row, too.
            work: PIECE,
        }
    }

    /// Whether a record passes the filter.
    pub(super) fn passes(&mut self, brief: &Brief<'_>) -> Result<bool, Refusal> {
        match self.sieve.brief(brief) {
            Verdict::Yes => return Ok(true),
            Verdict::No => return Ok(false),
            Verdict::Open => {}
        }
        self.work += RECORD;
        let record = self.look.reader.by_num(brief.num)?;
        let Some(noun) = record.map(|record| record.noun()).transpose()?.flatten() else {
            return Ok(false);
        };
        let setting = self.look.setting(self.judged);
        let seen = self.look.seen(&noun, &setting)?;
        Ok(self.sieve.record(brief, &seen))
    }

    /// Runs `each` on the records of a scan whose texts hold the words; says whether they
    /// were all wanted.
    pub(super) fn each(&mut self, scan: &Scan<'_>, each: Each<'_, 's>) -> Result<bool, Refusal> {
        let mut wanted = true;
        self.look.reader.scan(scan, &mut |met| {
            self.work += 1;
            if self.work >= PIECE {
                self.work = 0;
                wanted = (self.go_on)();
            }
            if !wanted {
                return Ok(ControlFlow::Break(()));
            }
            if self.sieve.lets_go(met.texts()?) {
                return Ok(ControlFlow::Continue(()));
            }
            each(self, met)
        })?;
        Ok(wanted)
    }

    /// The records after (or before) a place, in the direction of reading; none if the
    /// answer is not wanted any more.
    pub(super) fn page(
        &mut self,
        ask: &WindowAsk,
        (backwards, from): (bool, Option<&Place>),
        wanted: usize,
    ) -> Result<Option<Vec<OnPage>>, Refusal> {
        let parts = parts(ask.pane);
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
            let beyond = from
                .filter(|place| place.part == number)
                .map(|place| (place.sort.as_str(), place.id.as_str()));
            let step = Step {
                number,
                part: parts[number],
                beyond,
                backwards: backwards != ask.sort.backwards,
            };
            let whole = if ask.sort.by == SortBy::Urgency {
                self.along(&step, wanted, &mut found)?
            } else {
                self.sorted(&step, ask.sort.by, wanted, &mut found)?
            };
            if !whole {
                return Ok(None);
            }
            if found.len() >= wanted {
                break;
            }
        }
        Ok(Some(found))
    }

    /// By urgency the records lie in their order already.
    fn along(
        &mut self,
        step: &Step<'_>,
        wanted: usize,
        found: &mut Vec<OnPage>,
    ) -> Result<bool, Refusal> {
        let scan = Scan {
            beyond: step.beyond,
            by_text: self.sieve.terms().is_empty() && !self.sieve.is_empty(),
            ..step.scan(step.backwards != step.part.latest)
        };
        self.each(&scan, &mut |search, met| {
            met.brief(&mut |brief| {
                if search.passes(brief)? {
                    found.push(step.met(brief.sort.to_owned(), brief.id.to_owned(), brief.num));
                }
                Ok::<_, Refusal>(())
            })?;
            Ok(if found.len() < wanted {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            })
        })
    }

    /// In any other order all of them are looked at, and the nearest kept.
    fn sorted(
        &mut self,
        step: &Step<'_>,
        by: SortBy,
        wanted: usize,
        found: &mut Vec<OnPage>,
    ) -> Result<bool, Refusal> {
        let left = wanted - found.len();
        let mut nearest = Nearest::new(by, step.backwards, left).beyond(step.beyond);
        // Walked in the direction of reading, few are kept that are not kept in the end.
        let scan = step.scan(step.backwards);
        let whole = self.each(&scan, &mut |search, met| {
            met.brief(&mut |brief| {
                if nearest.would_keep(brief) && search.passes(brief)? {
                    nearest.keep(brief);
                }
                Ok(ControlFlow::Continue(()))
            })
        })?;
        for keyed in nearest.done() {
            found.push(step.met(keyed.key, keyed.id, keyed.num));
        }
        Ok(whole)
    }
}

/// One part of a pane on the way through it.
struct Step<'p> {
    number: usize,
    part: Part,
    beyond: Option<(&'p str, &'p str)>,
    backwards: bool,
}

impl Step<'_> {
    fn scan(&self, backwards: bool) -> Scan<'static> {
        Scan {
            kind: self.part.kind,
            open: self.part.open,
            beyond: None,
            backwards,
            by_text: false,
        }
    }

    fn met(&self, sort: String, id: String, num: i64) -> OnPage {
        let place = Place {
            part: self.number,
            sort,
            id,
        };
        OnPage { place, num }
    }
}
