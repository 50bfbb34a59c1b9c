//! A page of text that scrolls: *why*, the messages of the screen, a letter.

use super::{beyond, frame, text};
use crate::tui::layout;
use crate::tui::widget::pen::Pen;
use crate::workspace::look::board::rows::{Line, Page};
use crate::workspace::refusal::Refusal;

/// A page and how far it is scrolled.
#[derive(Debug)]
pub struct Sheet {
    pub page: Page,
    /// Lines scrolled away.
    pub scroll: usize,
}

impl From<Page> for Sheet {
    fn from(page: Page) -> Self {
        Self { page, scroll: 0 }
    }
}

impl From<Refusal> for Sheet {
    fn from(refusal: Refusal) -> Self {
        let mut lines = vec![Line::Lead(refusal.message)];
        lines.extend(refusal.hint.map(Line::Text));
        Self::from(Page {
            title: "Not found".to_owned(),
            lines,
            ..Page::default()
        })
    }
}

impl Sheet {
    /// Keeps the last line in sight.
    pub(super) fn settle(&mut self, width: u16, height: u16) {
        let lines = text::height(&self.page, width);
        self.scroll = self.scroll.min(lines.saturating_sub(usize::from(height)));
    }

    pub(super) fn draw(&self, pen: &mut Pen<'_>, size: (u16, u16)) -> (u16, u16) {
        let (width, _) = layout::page_text(size);
        let all = text::height(&self.page, width);
        let (rect, inner) = frame(pen, size, &self.page.title, all);
        let theme = pen.theme;
        text::draw(&self.page, self.scroll, inner, pen, theme);
        beyond(pen, rect, (self.scroll, all));
        (inner.x, inner.y)
    }
}
