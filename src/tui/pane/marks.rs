//! Marked rows: one thing is done to all of them. Records are marked and not lines, so
//! a mark stays on its record while the desk changes.

use super::list::List;
use crate::workspace::look::board::rows::{Key, Row, Tone};

/// The marks of one pane.
#[derive(Debug, Default)]
pub(super) struct Marks {
    marked: Vec<Key>,
    /// Where a range began.
    anchor: Option<Key>,
}

impl List {
    /// Marks the selected row, or takes its mark away.
    pub fn mark(&mut self) {
        self.end_range();
        let Some(key) = self.selected().cloned() else {
            return;
        };
        let marks = &mut self.marks.marked;
        match marks.iter().position(|marked| *marked == key) {
            Some(place) => {
                marks.remove(place);
            }
            None => marks.push(key),
        }
    }

    /// Begins a range at the selected row, or ends one where it is.
    pub fn range(&mut self) {
        if self.marks.anchor.is_some() {
            self.end_range();
        } else {
            self.marks.anchor = self.selected().cloned();
        }
    }

    /// Marks every open row that is there to be seen, or every row where none is open; if
    /// all of them are marked, none.
    pub fn mark_all(&mut self) {
        let open = self.rows.iter().any(|row| row.tone != Tone::Closed);
        let meant = |row: &&Row| !open || row.tone != Tone::Closed;
        let all = self
            .rows
            .iter()
            .filter(meant)
            .all(|row| self.is_marked(&row.key));
        let keys = self
            .rows
            .iter()
            .filter(meant)
            .map(|row| row.key.clone())
            .collect();
        self.marks = Marks::default();
        if !all {
            self.marks.marked = keys;
            self.marks.marked.dedup();
        }
    }

    /// Takes all marks away; false if there were none.
    pub fn unmark(&mut self) -> bool {
        let any = self.marks.anchor.is_some() || !self.marks.marked.is_empty();
        self.marks = Marks::default();
        any
    }

    fn end_range(&mut self) {
        let range = self.in_range();
        self.marks.anchor = None;
        for key in range {
            if !self.marks.marked.contains(&key) {
                self.marks.marked.push(key);
            }
        }
    }

    /// The rows from where the range began to the selected one.
    fn in_range(&self) -> Vec<Key> {
        let Some(anchor) = &self.marks.anchor else {
            return Vec::new();
        };
        let start = self.rows.iter().position(|row| row.key == *anchor);
        let start = start.unwrap_or(0);
        let (from, to) = (start.min(self.cursor), start.max(self.cursor));
        let rows = self.rows.iter().skip(from).take(to - from + 1);
        rows.map(|row| row.key.clone()).collect()
    }

    pub fn is_marked(&self, key: &Key) -> bool {
        self.marks.marked.contains(key)
            || (self.marks.anchor.is_some() && self.in_range().contains(key))
    }

    /// Every marked record, in the order in which they were marked.
    pub fn marked(&self) -> Vec<Key> {
        let mut all = self.marks.marked.clone();
        for key in self.in_range() {
            if !all.contains(&key) {
                all.push(key);
            }
        }
        all
    }

    pub fn has_marks(&self) -> bool {
        self.marks.anchor.is_some() || !self.marks.marked.is_empty()
    }
}
