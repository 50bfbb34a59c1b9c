//! How a list is narrowed, sorted and which columns it shows, and how many rows pass.
//! Only says what is wanted: the desk narrows, sorts and counts.

use super::{List, Question, Wish};
use crate::workspace::look::board::rows::{Count, Counted, Sort, Start, Window, WindowAsk};

/// How the rows are narrowed, sorted and shown, and what is known of that.
#[derive(Debug, Default)]
pub(super) struct Narrow {
    pub(super) filter: String,
    pub(super) sort: Sort,
    pub(super) columns: Vec<&'static str>,
    /// How many rows pass, as last counted.
    matches: Option<u64>,
    tally: Tally,
    note: Option<String>,
}

/// Where the question of how many rows there are stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Tally {
    /// Known, or not worth knowing.
    #[default]
    Done,
    Due,
    Asked,
}

impl List {
    pub fn filter(&self) -> &str {
        &self.narrow.filter
    }

    pub fn sort(&self) -> Sort {
        self.narrow.sort
    }

    pub fn columns(&self) -> &[&'static str] {
        &self.narrow.columns
    }

    /// How many rows pass the filter, as far as that is known.
    pub fn matches(&self) -> Option<u64> {
        self.narrow.matches
    }

    /// What of the filter was not understood.
    pub fn note(&self) -> Option<&str> {
        self.narrow.note.as_deref()
    }

    /// What a pane's title says of how it is narrowed and sorted: "/arc: 12, by owner".
    pub fn chip(&self, matches: Option<u64>) -> Option<String> {
        let Narrow { filter, sort, .. } = &self.narrow;
        let mut parts = Vec::new();
        if !filter.is_empty() {
            parts.push(match matches {
                Some(n) => format!("/{filter}: {n}"),
                None => format!("/{filter}"),
            });
        }
        if *sort != Sort::default() {
            let backwards = if sort.backwards { ", backwards" } else { "" };
            parts.push(format!("by {}{backwards}", sort.by.word()));
        }
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// Narrows the rows to what passes a filter; they are asked for from the top.
    pub fn set_filter(&mut self, filter: &str) {
        if filter == self.narrow.filter {
            return;
        }
        filter.clone_into(&mut self.narrow.filter);
        self.narrow.matches = None;
        self.narrow.note = None;
        self.recount();
        self.start_over();
    }

    /// Whether its rows are those that its filter and order ask for.
    pub fn is_narrowed(&self) -> bool {
        !matches!(self.wish, Wish::Fresh(_)) || !self.shown()
    }

    /// Puts the rows in another order; they are asked for from the top.
    pub fn set_sort(&mut self, sort: Sort) {
        if sort != self.narrow.sort {
            self.narrow.sort = sort;
            self.start_over();
        }
    }

    /// Shows these fields as well.
    pub fn set_columns(&mut self, columns: Vec<&'static str>) {
        if columns != self.narrow.columns {
            self.narrow.columns = columns;
            self.question = Question::Due;
        }
    }

    /// The rows on the screen stay until there are others.
    fn start_over(&mut self) {
        self.question = Question::Due;
        self.above = None;
        self.wish = Wish::Fresh(0);
        self.moved = false;
    }

    /// Takes in what a window says of all the rows.
    pub(super) fn noted(&mut self, window: &mut Window) {
        self.narrow.note = window.note.take();
        if window.matches.is_some() {
            self.narrow.matches = window.matches;
            self.narrow.tally = Tally::Done;
        }
    }

    pub(super) fn recount(&mut self) {
        self.narrow.tally = if self.narrow.filter.is_empty() {
            Tally::Done
        } else {
            Tally::Due
        };
    }

    /// The question how many rows there are, once the rows themselves are there.
    pub fn wants_count(&mut self) -> Option<WindowAsk> {
        let due = self.narrow.tally == Tally::Due;
        if !due || !self.shown() || self.question != Question::Answered {
            return None;
        }
        self.narrow.tally = Tally::Asked;
        Some(WindowAsk {
            filter: self.narrow.filter.clone(),
            ..WindowAsk::new(self.pane, Start::Top, 0)
        })
    }

    /// Takes a count in, if it is still the one that is wanted.
    pub fn counted(&mut self, counted: &Counted) {
        if counted.filter != self.narrow.filter {
            return;
        }
        let asked = self.narrow.tally == Tally::Asked;
        match counted.count {
            Count::Rows(rows) => self.narrow.matches = Some(rows),
            Count::GivenUp if asked => self.narrow.tally = Tally::Due,
            Count::GivenUp | Count::Failed => {}
        }
        if asked && counted.count != Count::GivenUp {
            self.narrow.tally = Tally::Done;
        }
    }
}
