//! A page of text that scrolls: *why*, the messages of the screen, a letter.

use ratatui::layout::Rect;

use super::{beyond, frame, text};
use crate::tui::layout;
use crate::tui::widget::pen::Pen;
use crate::workspace::look::board::rows::{Line, Page};
use crate::workspace::look::topic::Topic;
use crate::workspace::refusal::Refusal;

/// A page and how far it is scrolled.
#[derive(Debug)]
pub struct Sheet {
    pub page: Page,
    /// Lines scrolled away.
    pub scroll: usize,
    /// What it tells of, where it is read anew when that changes.
    pub topic: Option<Topic>,
}

impl From<Page> for Sheet {
    fn from(page: Page) -> Self {
        Self {
            page,
            scroll: 0,
            topic: None,
        }
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
        let (_, inner) = draw_page(pen, size, &self.page, self.scroll);
        (inner.x, inner.y)
    }
}

/// Draws a page in its frame from a line on; says where frame and text stand.
pub(super) fn draw_page(
    pen: &mut Pen<'_>,
    size: (u16, u16),
    page: &Page,
    scroll: usize,
) -> (Rect, Rect) {
    let (width, _) = layout::page_text(size);
    let all = text::height(page, width);
    let (rect, inner) = frame(pen, size, &page.title, all);
    let theme = pen.theme;
    text::draw(page, scroll, inner, pen, theme);
    beyond(pen, rect, (scroll, all));
    (rect, inner)
}
