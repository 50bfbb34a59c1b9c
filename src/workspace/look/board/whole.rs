//! A pane that is read whole because it is never long: narrowed and sorted where it lies.
//! Knows what a row is found by, and not what it says.

use chrono::NaiveDate;

use super::order;
use super::rows::{Place, Row, Sort, SortBy, Window, WindowAsk};
use super::sieve::{Sieve, Term};
use crate::domain::kind::Kind;
use crate::store::Brief;
use crate::workspace::refusal::Refusal;

/// What one line is found and sorted by.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) kind: Kind,
    pub(super) id: String,
    pub(super) title: String,
    pub(super) words: String,
    pub(super) state: String,
    pub(super) owner: Option<String>,
    pub(super) due_on: Option<NaiveDate>,
}

impl Facts {
    fn brief<'b>(&'b self, sort: &'b str) -> Brief<'b> {
        Brief {
            num: 0,
            kind: self.kind,
            id: &self.id,
            open: true,
            state: &self.state,
            owner: self.owner.as_deref(),
            due_on: self.due_on,
            sort,
            title: &self.title,
            words: &self.words,
        }
    }
}

/// How a pane's lines pass an expression, and what they say.
pub(super) trait Lines {
    type Line;

    /// Whether a line passes an expression on one field.
    fn passes(&self, term: &Term, facts: &Facts, line: &Self::Line) -> Result<bool, Refusal>;

    fn row(&self, line: Self::Line, place: Place) -> Row;

    /// Whether a view of all lines in their own order begins with this one.
    fn first_seen(&self, _: &Self::Line) -> bool {
        false
    }
}

/// The lines that pass, in the order that was asked for.
pub(super) fn window<L: Lines>(
    lines: &L,
    ask: &WindowAsk,
    sieve: Sieve,
    all: Vec<(Facts, L::Line)>,
) -> Result<Window, Refusal> {
    let mut kept = Vec::with_capacity(all.len());
    for (n, (facts, line)) in all.into_iter().enumerate() {
        if !sieve.finds([&facts.title, &facts.id, &facts.words]) {
            continue;
        }
        let mut passes = true;
        for term in sieve.terms() {
            passes = passes && lines.passes(term, &facts, &line)?;
        }
        if passes {
            kept.push((key(ask.sort.by, &facts, n), line));
        }
    }
    if ask.sort.by != SortBy::Urgency {
        kept.sort_by(|(a, _), (b, _)| a.cmp(b));
    }
    if ask.sort.backwards {
        kept.reverse();
    }
    let anchor = (ask.sort == Sort::default())
        .then(|| kept.iter().position(|(_, line)| lines.first_seen(line)))
        .flatten();
    let rows: Vec<Row> = kept
        .into_iter()
        .enumerate()
        .map(|(n, (_, line))| lines.row(line, numbered(n)))
        .collect();
    Ok(Window {
        matches: (!sieve.is_empty()).then_some(rows.len() as u64),
        rows,
        anchor,
        serial: ask.serial,
        note: sieve.note,
        ..Window::default()
    })
}

fn key(by: SortBy, facts: &Facts, n: usize) -> String {
    let mut key = String::new();
    order::key(by, &facts.brief(&format!("{n:08}")), &mut key);
    key
}

/// The place of a row by its number.
fn numbered(n: usize) -> Place {
    Place {
        sort: format!("{n:08}"),
        ..Place::default()
    }
}
