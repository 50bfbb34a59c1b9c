//! An open record: how it stands, what can be done next, its fields, links and history.
//! A mark walks over the lines that something can be done with.

use ratatui::layout::Rect;

use super::page::draw_page;
use super::text;
use crate::tui::layout;
use crate::tui::widget::pen::Pen;
use crate::workspace::look::board::rows::{Act, Key, Page};

/// A record on the screen.
#[derive(Debug)]
pub struct RecordView {
    pub key: Key,
    pub page: Page,
    /// Which of the page's acts is marked.
    at: usize,
    scroll: usize,
    /// The mark was moved, so it is kept in sight.
    follow: bool,
}

impl RecordView {
    pub fn new(key: Key, page: Page) -> Self {
        Self {
            key,
            page,
            at: 0,
            scroll: 0,
            follow: false,
        }
    }

    /// Takes the same record in as it is now; the mark stays where it was.
    pub fn take(&mut self, page: Page) {
        let marked = self.act().cloned();
        self.page = page;
        let same = |(_, act): &(usize, Act)| Some(act) == marked.as_ref();
        let last = self.page.acts.len().saturating_sub(1);
        self.at = self
            .page
            .acts
            .iter()
            .position(same)
            .unwrap_or(self.at)
            .min(last);
    }

    /// What is marked.
    pub fn act(&self) -> Option<&Act> {
        self.page.acts.get(self.at).map(|(_, act)| act)
    }

    /// The record that the marked line is about, where it is not the page's own.
    pub fn about(&self) -> Option<Key> {
        match self.act()? {
            Act::Contest(key, ..) | Act::Record(key) => Some(key.clone()),
            Act::Step(_) | Act::Field(_) => None,
        }
    }

    /// Moves the mark; where there is none left, the page scrolls.
    pub fn step(&mut self, by: i64) {
        let last = i64::try_from(self.page.acts.len()).unwrap_or(0) - 1;
        let at = i64::try_from(self.at).unwrap_or(0);
        let next = at.saturating_add(by).clamp(0, last.max(0));
        if next == at {
            self.scroll(by);
        } else {
            self.at = usize::try_from(next).unwrap_or(0);
            self.follow = true;
        }
    }

    /// Moves the page under the mark.
    pub fn scroll(&mut self, by: i64) {
        let by = isize::try_from(by).unwrap_or(0);
        self.scroll = self.scroll.saturating_add_signed(by);
        self.follow = false;
    }

    pub(super) fn settle(&mut self, width: u16, height: u16) {
        let height = usize::from(height);
        if self.follow
            && let Some((line, _)) = self.page.acts.get(self.at)
        {
            let top = text::top(&self.page, *line, width);
            if top < self.scroll + 1 {
                // The heading above it is worth a line.
                self.scroll = top.saturating_sub(2);
            } else if top + 1 >= self.scroll + height {
                self.scroll = top + 2 - height.min(top + 2);
            }
        }
        let lines = text::height(&self.page, width);
        self.scroll = self.scroll.min(lines.saturating_sub(height));
    }

    pub(super) fn draw(&self, pen: &mut Pen<'_>, size: (u16, u16)) -> (u16, u16) {
        let (width, _) = layout::page_text(size);
        let (rect, inner) = draw_page(pen, size, &self.page, self.scroll);
        let theme = pen.theme;
        let marked = self.page.acts.get(self.at);
        let top = marked.map(|(line, _)| text::top(&self.page, *line, width));
        let Some(y) = top.and_then(|top| top.checked_sub(self.scroll)) else {
            return (inner.x, inner.y);
        };
        let Some(y) = u16::try_from(y).ok().filter(|y| *y < inner.height) else {
            return (inner.x, inner.y);
        };
        let row = Rect {
            y: inner.y + y,
            height: 1,
            ..inner
        };
        pen.style = theme.strong();
        pen.at(rect.x + 1, row.y, 1);
        pen.cell(1, theme.pointer());
        pen.buf
            .set_style(row.intersection(pen.buf.area), theme.selected());
        (inner.x, row.y)
    }
}
