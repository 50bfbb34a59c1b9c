//! Fuzzy search over everything on the desk, the best match first; with nothing to search
//! for, what was touched last. Searches ids, titles and further words; where something is said is
//! `said`'s.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::ops::ControlFlow;
use std::path::Path;

use chrono::{DateTime, Utc};
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use serde::Serialize;

use super::Look;
use super::board::GoOn;
use super::board::rows::Key;
use super::said::{self, Said, Words};
use crate::domain::kind::Kind;
use crate::domain::plain::plain;
use crate::store::{RecordRow, Store};
use crate::workspace::refusal::Refusal;

/// Records looked at between two questions whether the answer is still wanted.
const PIECE: u32 = 2048;

/// One record that matches.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Found {
    pub id: String,
    pub kind: &'static str,
    pub title: String,
    pub open: bool,
    /// Where it is said, if its title does not have the words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<Said>,
    #[serde(skip)]
    pub score: u32,
}

/// A record to go to, its texts plain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    pub key: Key,
    pub title: String,
    pub state: String,
    pub open: bool,
}

/// Where the screen may go: the best matches, and with an empty text what was touched
/// last. Leaves no trace; none if nobody waits for the answer any more.
pub fn load(
    path: &Path,
    text: &str,
    now: DateTime<Utc>,
    limit: usize,
    go_on: GoOn<'_>,
) -> Result<Option<Vec<Hit>>, Refusal> {
    Store::look(path, &mut |reader| {
        Ok(Look::new(reader, now).and_then(|look| hits(&look, text, limit, &mut *go_on)))
    })?
}

/// The same on a desk that is open already.
pub fn hits(
    look: &Look<'_>,
    text: &str,
    limit: usize,
    go_on: GoOn<'_>,
) -> Result<Option<Vec<Hit>>, Refusal> {
    if text.trim().is_empty() {
        let recent = look.reader.touched_last(limit)?;
        return Ok(Some(recent.iter().map(hit).collect()));
    }
    let Some(found) = search(look, text, limit, go_on)? else {
        return Ok(None);
    };
    let mut hits = Vec::with_capacity(found.len());
    for one in found {
        let kind = Kind::from_word(one.kind);
        hits.extend(look.reader.record(kind, &one.id)?.as_ref().map(hit));
    }
    Ok(Some(hits))
}

fn hit(row: &RecordRow) -> Hit {
    let clean = |text: &str| plain(text).into_owned();
    Hit {
        key: Key {
            kind: row.kind,
            id: clean(&row.id),
        },
        title: clean(&row.title),
        state: clean(&row.state),
        open: row.open,
    }
}

/// The best matches, at most `limit`: titles that have the words, then where these are said, then
/// titles that have their letters. What is for the managers alone is read only when it was asked for.
pub fn find(
    look: &Look<'_>,
    wanted: &str,
    limit: usize,
    private: bool,
) -> Result<Vec<Found>, Refusal> {
    let Some(words) = Words::of(wanted) else {
        return Err(Refusal::usage(
            "There is nothing to search for.",
            "Write `relmate find TEXT`.",
        ));
    };
    let titles = search(look, wanted, limit, &mut || true)?.unwrap_or_default();
    let has = |it: &Found| words.are_in(&format!("{} {}", it.id, it.title));
    let (mut found, rough): (Vec<_>, Vec<_>) = titles.into_iter().partition(has);
    let known = keys(&found);
    let left = limit - found.len();
    let mut said = said::records(look, &words, (left, private), &known)?;
    // Half of what is left is enough for either, if both have as many.
    let others = without(&rough, &keys(&said)).count();
    said.truncate(left - others.min(left / 2));
    let rest: Vec<_> = without(&rough, &keys(&said)).cloned().collect();
    found.extend(said);
    found.extend(rest);
    found.truncate(limit);
    Ok(found)
}

type Keys<'f> = HashSet<(&'f str, &'f str)>;

fn keys(found: &[Found]) -> Keys<'_> {
    found.iter().map(key).collect()
}

fn key(found: &Found) -> (&str, &str) {
    (found.kind, &found.id)
}

fn without<'f>(found: &'f [Found], known: &Keys<'_>) -> impl Iterator<Item = &'f Found> {
    found.iter().filter(|it| !known.contains(&key(it)))
}

fn search(
    look: &Look<'_>,
    wanted: &str,
    limit: usize,
    go_on: GoOn<'_>,
) -> Result<Option<Vec<Found>>, Refusal> {
    let pattern = Pattern::parse(wanted, CaseMatching::Smart, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut letters = Vec::new();
    let mut line = String::new();
    let mut best = Best::new(limit);
    let (mut work, mut wanted) = (PIECE, true);
    look.reader.titles(&mut |kind, id, (title, words), open| {
        work += 1;
        if work > PIECE {
            work = 0;
            wanted = go_on();
        }
        if !wanted {
            return ControlFlow::Break(());
        }
        if kind == Kind::Desk {
            return ControlFlow::Continue(());
        }
        line.clear();
        line.push_str(id);
        line.push(' ');
        line.push_str(title);
        line.push(' ');
        line.push_str(words);
        if let Some(score) = pattern.score(Utf32Str::new(&line, &mut letters), &mut matcher) {
            best.meet(&Candidate {
                kind,
                id,
                title,
                open,
                score,
            });
        }
        ControlFlow::Continue(())
    })?;
    Ok(wanted.then(|| best.done()))
}

/// A match that may not be good enough to be kept.
struct Candidate<'c> {
    kind: Kind,
    id: &'c str,
    title: &'c str,
    open: bool,
    score: u32,
}

impl Candidate<'_> {
    /// The better one is less: the score, then open ones, short titles, ids.
    fn order(&self, other: &Found) -> Ordering {
        (other.score, other.open)
            .cmp(&(self.score, self.open))
            .then_with(|| self.title.len().cmp(&other.title.len()))
            .then_with(|| self.id.cmp(&other.id))
    }
}

/// The best matches so far, in order; whatever is worse than the last costs nothing.
struct Best {
    limit: usize,
    found: Vec<Found>,
}

impl Best {
    fn new(limit: usize) -> Self {
        Self {
            limit,
            found: Vec::new(),
        }
    }

    fn meet(&mut self, candidate: &Candidate<'_>) {
        let full = self.found.len() >= self.limit;
        let last = self.found.last();
        if full && last.is_none_or(|last| candidate.order(last).is_ge()) {
            return;
        }
        let place = self
            .found
            .partition_point(|found| candidate.order(found).is_ge());
        let found = Found {
            id: candidate.id.to_owned(),
            kind: candidate.kind.word(),
            title: candidate.title.to_owned(),
            open: candidate.open,
            said: None,
            score: candidate.score,
        };
        self.found.insert(place, found);
        self.found.truncate(self.limit);
    }

    fn done(self) -> Vec<Found> {
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_best_are_kept_and_in_their_order() {
        let meet = |limit: usize, all: &[(u32, bool, &str)]| -> Vec<String> {
            let mut best = Best::new(limit);
            for (score, open, id) in all {
                best.meet(&Candidate {
                    kind: Kind::Ticket,
                    id,
                    title: "t",
                    open: *open,
                    score: *score,
                });
            }
            best.done().into_iter().map(|found| found.id).collect()
        };
        let all = [
            (5, true, "c"),
            (9, false, "a"),
            (5, true, "b"),
            (5, false, "d"),
            (9, true, "e"),
            (1, true, "f"),
        ];
        assert_eq!(meet(10, &all), ["e", "a", "b", "c", "d", "f"]);
        assert_eq!(meet(3, &all), ["e", "a", "b"]);
        assert_eq!(meet(0, &all), [""; 0]);
    }
}
