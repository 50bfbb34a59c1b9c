//! Fuzzy search over everything on the desk, the best match first.

use std::path::Path;

use chrono::{DateTime, Utc};
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use serde::Serialize;

use super::Look;
use crate::domain::kind::Kind;
use crate::store::Store;
use crate::workspace::refusal::Refusal;

/// One record that matches.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Found {
    pub id: String,
    pub kind: &'static str,
    pub title: String,
    pub open: bool,
    #[serde(skip)]
    pub score: u32,
}

/// The best matches, read without leaving a trace; what is empty finds nothing.
pub fn load(
    path: &Path,
    wanted: &str,
    now: DateTime<Utc>,
    limit: usize,
) -> Result<Vec<Found>, Refusal> {
    if wanted.trim().is_empty() {
        return Ok(Vec::new());
    }
    Store::look(path, &mut |reader| {
        Ok(Look::new(reader, now).and_then(|look| find(&look, wanted, limit)))
    })?
}

/// The best matches, at most `limit`.
pub fn find(look: &Look<'_>, wanted: &str, limit: usize) -> Result<Vec<Found>, Refusal> {
    if wanted.trim().is_empty() {
        return Err(Refusal::usage(
            "There is nothing to search for.",
            "Write `relmate find TEXT`.",
        ));
    }
    let pattern = Pattern::parse(wanted, CaseMatching::Smart, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut letters = Vec::new();
    let mut line = String::new();
    let mut found = Vec::new();
    look.reader.titles(&mut |kind, id, (title, words), open| {
        if kind == Kind::Desk {
            return;
        }
        line.clear();
        line.push_str(&id);
        line.push(' ');
        line.push_str(title);
        line.push(' ');
        line.push_str(words);
        if let Some(score) = pattern.score(Utf32Str::new(&line, &mut letters), &mut matcher) {
            found.push(Found {
                kind: kind.word(),
                title: title.to_owned(),
                open,
                score,
                id,
            });
        }
    })?;
    found.sort_by(|a, b| {
        (b.score, b.open)
            .cmp(&(a.score, a.open))
            .then_with(|| a.title.len().cmp(&b.title.len()))
            .then_with(|| a.id.cmp(&b.id))
    });
    found.truncate(limit);
    Ok(found)
}
