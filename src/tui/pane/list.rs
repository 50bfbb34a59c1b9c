//! The rows of one pane: a window on the desk of about twice its height, a selection
//! that is an id and not an index, and steps that wait for rows still to come.

use super::marks::Marks;
use crate::workspace::look::board::rows::{
    Count, Counted, Key, Pane, Place, Row, Sort, Start, Window, WindowAsk,
};

/// The least rows of a window.
const LEAST: usize = 40;

/// One pane's rows.
#[derive(Debug)]
pub struct List {
    pane: Pane,
    pub rows: Vec<Row>,
    /// The place of the row above the first one.
    above: Option<Place>,
    /// There are rows below the last one.
    more: bool,
    /// Whether the desk has answered at all.
    pub loaded: bool,
    /// Whether it is on the screen.
    pub shown: bool,
    selected: Option<Key>,
    /// Where the selection is, or was when it went away.
    pub cursor: usize,
    /// The first row to be seen.
    pub top: usize,
    pub height: u16,
    wish: Wish,
    question: Question,
    pub(super) marks: Marks,
    /// Counts the questions, so that an old answer is not taken for a new one.
    serial: u64,
    narrow: Narrow,
}

/// How the rows are narrowed, sorted and shown, and what is known of that.
#[derive(Debug, Default)]
struct Narrow {
    filter: String,
    sort: Sort,
    columns: Vec<&'static str>,
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

/// Where the question for its rows stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Question {
    /// To be asked as soon as the list is shown.
    Due,
    /// On its way.
    Asked,
    Answered,
}

/// What is still owed to the user when rows arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    Nothing,
    Steps(i64),
    First,
    Last,
}

impl List {
    pub fn new(pane: Pane) -> Self {
        Self {
            pane,
            rows: Vec::new(),
            above: None,
            more: false,
            loaded: false,
            shown: false,
            selected: None,
            cursor: 0,
            top: 0,
            height: 0,
            wish: Wish::Nothing,
            question: Question::Due,
            marks: Marks::default(),
            serial: 0,
            narrow: Narrow::default(),
        }
    }

    pub fn pane(&self) -> Pane {
        self.pane
    }

    pub fn selected(&self) -> Option<&Key> {
        self.selected.as_ref()
    }

    /// Whether rows lie above or below those on the screen.
    pub fn beyond(&self) -> (bool, bool) {
        let seen = self.top + usize::from(self.height);
        (
            self.above.is_some() || self.top > 0,
            self.more || seen < self.rows.len(),
        )
    }

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
    pub fn chip(&self) -> Option<String> {
        let Narrow { filter, sort, .. } = &self.narrow;
        let mut parts = Vec::new();
        if !filter.is_empty() {
            parts.push(match self.narrow.matches {
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
        self.wish = Wish::Nothing;
        self.cursor = 0;
        self.top = 0;
    }

    fn recount(&mut self) {
        self.narrow.tally = if self.narrow.filter.is_empty() {
            Tally::Done
        } else {
            Tally::Due
        };
    }

    /// The question how many rows there are, once the rows themselves are there.
    pub fn wants_count(&mut self) -> Option<WindowAsk> {
        let due = self.narrow.tally == Tally::Due;
        if !due || !self.shown || self.question != Question::Answered {
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

    /// Moves the selection; what the window does not hold is owed.
    pub fn step(&mut self, by: i64) {
        let by = match self.wish {
            Wish::Steps(owed) => owed.saturating_add(by),
            Wish::Nothing => by,
            Wish::First | Wish::Last => return,
        };
        self.wish = Wish::Nothing;
        let last = i64::try_from(self.rows.len()).unwrap_or(i64::MAX) - 1;
        if last < 0 {
            return;
        }
        let target = i64::try_from(self.cursor).unwrap_or(0).saturating_add(by);
        if target < 0 && self.above.is_some() {
            self.wish = Wish::Steps(target);
        } else if target > last && self.more {
            self.wish = Wish::Steps(target - last);
        }
        self.select(usize::try_from(target.clamp(0, last)).unwrap_or(0));
    }

    pub fn to_top(&mut self) {
        if self.above.is_some() {
            self.wish = Wish::First;
        } else {
            self.select(0);
        }
    }

    pub fn to_bottom(&mut self) {
        if self.more {
            self.wish = Wish::Last;
        } else {
            self.select(self.rows.len().saturating_sub(1));
        }
    }

    /// The record after the selected one, or before it at the end.
    pub fn neighbour(&self) -> Option<Key> {
        let here = self.selected.as_ref()?;
        let other = |row: &&Row| row.key != *here;
        let below = self.rows.iter().skip(self.cursor).find(other);
        let above = self.rows.iter().take(self.cursor).rev().find(other);
        below.or(above).map(|row| row.key.clone())
    }

    /// Goes to a record, once it is there.
    pub fn go_to(&mut self, key: Key) {
        if let Some(place) = self.rows.iter().position(|row| row.key == key) {
            self.cursor = place;
        }
        self.selected = Some(key);
    }

    /// Selects a row that is there, instead of whatever was still owed.
    pub fn pick(&mut self, index: usize) {
        if index < self.rows.len() {
            self.wish = Wish::Nothing;
            self.select(index);
        }
    }

    fn select(&mut self, index: usize) {
        self.cursor = index;
        self.selected = self.rows.get(index).map(|row| row.key.clone());
    }

    fn limit(&self) -> usize {
        (usize::from(self.height) * 2).max(LEAST)
    }

    fn ask(&mut self, start: Start) -> WindowAsk {
        self.question = Question::Asked;
        self.serial += 1;
        WindowAsk {
            serial: self.serial,
            filter: self.narrow.filter.clone(),
            sort: self.narrow.sort,
            columns: self.narrow.columns.clone(),
            ..WindowAsk::new(self.pane, start, self.limit())
        }
    }

    /// Asks for the same rows again.
    fn again(&mut self) -> WindowAsk {
        let start = match &self.above {
            Some(place) => Start::After(place.clone()),
            None => Start::Top,
        };
        let least = self.rows.len();
        let ask = self.ask(start);
        WindowAsk {
            limit: ask.limit.max(least.min(ask.limit * 2)),
            ..ask
        }
    }

    /// The same rows again because the desk changed; nobody reads what nobody sees.
    pub fn reload(&mut self) -> Option<WindowAsk> {
        self.question = Question::Due;
        self.recount();
        self.shown.then(|| self.again())
    }

    /// The rows that the selection will soon reach, if they have not been asked for.
    pub fn wants(&mut self) -> Option<WindowAsk> {
        if !self.shown {
            return None;
        }
        match self.question {
            Question::Due => return Some(self.again()),
            Question::Asked => return None,
            Question::Answered if !self.loaded => return None,
            Question::Answered => {}
        }
        let height = usize::from(self.height).max(1);
        let start = match self.wish {
            Wish::First => Start::Top,
            Wish::Last => Start::Bottom,
            Wish::Nothing | Wish::Steps(_) => {
                let near_end = self.cursor + height / 2 + 1 >= self.rows.len();
                if self.more && near_end {
                    let from = self.cursor.saturating_sub(height);
                    match self.rows.get(from) {
                        Some(row) if from > 0 => Start::After(row.place.clone()),
                        _ => return self.wider(),
                    }
                } else if self.above.is_some() && self.cursor < height / 2 + 1 {
                    let until = (self.cursor + height).min(self.rows.len().saturating_sub(1));
                    Start::Before(self.rows.get(until)?.place.clone())
                } else {
                    return None;
                }
            }
        };
        Some(self.ask(start))
    }

    /// More rows from the same start: the window is smaller than the pane.
    fn wider(&mut self) -> Option<WindowAsk> {
        if self.rows.len() >= self.limit() {
            return None;
        }
        Some(self.again())
    }

    /// Takes a window in; the selection stays on its record.
    pub fn take(&mut self, window: Window) {
        if window.serial != self.serial {
            return;
        }
        self.answered();
        self.narrow.note = window.note;
        if window.matches.is_some() {
            self.narrow.matches = window.matches;
            self.narrow.tally = Tally::Done;
        }
        self.loaded = true;
        let offset = self.cursor.saturating_sub(self.top);
        self.rows = window.rows;
        self.above = window.above;
        self.more = window.more;
        let last = self.rows.len().saturating_sub(1);
        match std::mem::replace(&mut self.wish, Wish::Nothing) {
            Wish::First if self.above.is_none() => self.select(0),
            Wish::Last if !self.more => self.select(last),
            Wish::Nothing | Wish::First | Wish::Last => self.find(),
            Wish::Steps(by) => {
                self.find();
                self.step(by);
            }
        }
        // The selected row keeps its line on the screen where that is possible.
        self.top = self.cursor.saturating_sub(offset);
        self.settle();
    }

    /// A question that has become due in the meantime stays so.
    fn answered(&mut self) {
        if self.question == Question::Asked {
            self.question = Question::Answered;
        }
    }

    /// Finds the selected record; if it went away, its neighbour.
    fn find(&mut self) {
        let place = self
            .selected
            .as_ref()
            .and_then(|key| self.rows.iter().position(|row| row.key == *key));
        let last = self.rows.len().saturating_sub(1);
        self.select(place.unwrap_or(self.cursor).min(last));
    }

    /// The desk did not answer; it may be asked again.
    pub fn gave_up(&mut self) {
        self.answered();
        self.wish = Wish::Nothing;
    }

    /// Keeps the selected row on the screen, and the screen full.
    pub fn settle(&mut self) {
        let height = usize::from(self.height).max(1);
        if self.cursor < self.top {
            self.top = self.cursor;
        } else if self.cursor >= self.top + height {
            self.top = self.cursor + 1 - height;
        }
        if !self.more {
            self.top = self.top.min(self.rows.len().saturating_sub(height));
        }
    }
}
