//! The rows of one pane: a window on the desk of about twice its height, a selection
//! that is an id and not an index, and steps that wait for rows still to come.

mod narrow;

use self::narrow::Narrow;
use super::marks::Marks;
use crate::workspace::look::board::rows::{Head, Key, Pane, Place, Row, Start, Window, WindowAsk};

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
    stands: Stands,
    selected: Option<Key>,
    /// The row that an unmoved view begins with, if it is not the first.
    anchor: Option<usize>,
    /// The user has gone somewhere; until then the view stays at its beginning.
    moved: bool,
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
    /// The rollouts over the marks of the sites.
    pub heads: Vec<Head>,
    /// Lines at its end that say what others changed: one or none.
    pub foot: u16,
}

/// Where a list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// Not on the screen: nothing of it is read.
    Away,
    /// Beside others.
    Shared,
    /// With the room for a table.
    Alone,
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
    /// The start of other rows, and so many steps from there.
    Fresh(i64),
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
            stands: Stands::Away,
            selected: None,
            anchor: None,
            moved: false,
            cursor: 0,
            top: 0,
            height: 0,
            wish: Wish::Nothing,
            question: Question::Due,
            marks: Marks::default(),
            serial: 0,
            narrow: Narrow::default(),
            heads: Vec::new(),
            foot: 0,
        }
    }

    pub fn pane(&self) -> Pane {
        self.pane
    }

    pub fn shown(&self) -> bool {
        self.stands != Stands::Away
    }

    /// Puts it somewhere; chosen columns are read only for a table.
    pub fn stand(&mut self, stands: Stands) {
        let table = stands == Stands::Alone && self.stands != Stands::Alone;
        if table && !self.narrow.columns.is_empty() {
            self.question = Question::Due;
        }
        self.stands = stands;
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
            Wish::Fresh(owed) => {
                self.wish = Wish::Fresh(owed.saturating_add(by));
                return;
            }
        };
        self.moved = true;
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
        // The beginning itself is no place that is kept when others come before it.
        self.moved = self.anchor.is_some();
        if self.above.is_some() {
            self.wish = Wish::First;
        } else {
            self.select(0);
        }
    }

    /// Selects a record, if it is among the rows.
    pub fn go_to(&mut self, key: &Key) {
        if let Some(index) = self.rows.iter().position(|row| row.key == *key) {
            self.moved = true;
            self.select(index);
        }
    }

    pub fn to_bottom(&mut self) {
        self.moved = true;
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
            columns: if self.stands == Stands::Alone {
                self.narrow.columns.clone()
            } else {
                Vec::new()
            },
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
        self.shown().then(|| self.again())
    }

    /// The rows that the selection will soon reach, if they have not been asked for.
    pub fn wants(&mut self) -> Option<WindowAsk> {
        if !self.shown() {
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
            Wish::First | Wish::Fresh(_) => Start::Top,
            Wish::Last => Start::Bottom,
            Wish::Nothing | Wish::Steps(_) => {
                let unfilled = self.top + height > self.rows.len();
                let near_end = self.cursor + height / 2 + 1 >= self.rows.len();
                if self.more && unfilled && self.rows.len() < self.limit() {
                    return Some(self.again());
                } else if self.above.is_some() && !self.more && self.rows.len() < height {
                    // The end of a list that has become too short for its pane.
                    Start::Bottom
                } else if self.more && near_end {
                    let from = self.cursor.saturating_sub(height);
                    match self.rows.get(from) {
                        Some(row) if from > 0 => Start::After(row.place.clone()),
                        _ => return self.wider(),
                    }
                } else if self.above.is_some() && self.cursor < height / 2 + 1 {
                    match self.rows.get(self.cursor + height) {
                        Some(row) => Start::Before(row.place.clone()),
                        // What is below stays in the window, or the pane would lack it.
                        None if self.more => return self.wider(),
                        None => Start::Bottom,
                    }
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
    pub fn take(&mut self, mut window: Window) {
        if window.serial != self.serial {
            return;
        }
        self.answered();
        self.noted(&mut window);
        let begins = self.begins();
        self.loaded = true;
        let offset = self.cursor.saturating_sub(self.top);
        self.rows = window.rows;
        self.above = window.above;
        self.more = window.more;
        self.anchor = window.anchor;
        self.heads = window.heads;
        let last = self.rows.len().saturating_sub(1);
        match std::mem::replace(&mut self.wish, Wish::Nothing) {
            Wish::First if self.above.is_none() => self.select(0),
            Wish::Last if !self.more => self.select(last),
            Wish::Nothing if begins => self.select(self.anchor.unwrap_or(0).min(last)),
            Wish::Nothing | Wish::First | Wish::Last => self.find(),
            Wish::Fresh(by) => {
                self.begin();
                if by != 0 {
                    self.step(by);
                }
            }
            Wish::Steps(by) => {
                self.find();
                self.step(by);
            }
        }
        // The selected row keeps its line on the screen where that is possible.
        if self.moved {
            self.top = self.cursor.saturating_sub(offset);
        }
        self.settle();
    }

    /// A question that has become due in the meantime stays so.
    fn answered(&mut self) {
        if self.question == Question::Asked {
            self.question = Question::Answered;
        }
    }

    /// Whether the selection is where the view begins by itself, so that it follows.
    fn begins(&self) -> bool {
        match (&self.selected, self.anchor) {
            (None, _) => true,
            (Some(_), Some(anchor)) => !self.moved && self.cursor == anchor,
            (Some(_), None) => false,
        }
    }

    /// Selects the first of other rows; the record that was selected if it is in sight.
    fn begin(&mut self) {
        let height = usize::from(self.height).max(1);
        let seen = self.rows.iter().take(height);
        let place = self
            .selected
            .as_ref()
            .and_then(|key| seen.clone().position(|row| row.key == *key));
        let last = self.rows.len().saturating_sub(1);
        self.select(place.unwrap_or(self.anchor.unwrap_or(0)).min(last));
        self.top = 0;
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

    /// Keeps the selected row on the screen, and the screen full. Until the user goes
    /// somewhere, the view is at its beginning, however the screen grows and shrinks.
    pub fn settle(&mut self) {
        let height = usize::from(self.height).max(1);
        if !self.moved {
            // The row before it, to say where it stands.
            self.top = self.anchor.unwrap_or(0).saturating_sub(1);
        }
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
