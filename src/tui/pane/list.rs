//! The rows of one pane: a window on the desk of about twice its height, a selection
//! that is an id and not an index, and steps that wait for rows still to come.

use crate::workspace::look::board::rows::{Key, Pane, Place, Row, Start, Window, WindowAsk};

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
    selected: Option<Key>,
    /// Where the selection is, or was when it went away.
    pub cursor: usize,
    /// The first row to be seen.
    pub top: usize,
    pub height: u16,
    wish: Wish,
    /// A question is on its way.
    waiting: bool,
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
            selected: None,
            cursor: 0,
            top: 0,
            height: 0,
            wish: Wish::Nothing,
            waiting: false,
        }
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
        self.waiting = true;
        WindowAsk {
            pane: self.pane,
            start,
            limit: self.limit(),
        }
    }

    /// Asks for the same rows again.
    pub fn again(&mut self) -> WindowAsk {
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

    /// The rows that the selection will soon reach, if they have not been asked for.
    pub fn wants(&mut self) -> Option<WindowAsk> {
        if self.waiting || !self.loaded {
            return None;
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
        self.waiting = false;
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
        self.waiting = false;
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
