//! What lies over the panes: a page of lines that scrolls. Help, a record and *why*
//! are pages; none of them knows how it is drawn.

pub mod help;
pub mod text;

use crate::workspace::look::board::rows::Page;

/// A page on top of the panes.
#[derive(Debug)]
pub struct Overlay {
    pub page: Page,
    /// Lines scrolled away.
    pub scroll: usize,
    pub help: bool,
}

impl Overlay {
    /// Keeps the last line in sight.
    pub fn settle(&mut self, width: u16, height: u16) {
        let lines = text::height(&self.page, width);
        self.scroll = self.scroll.min(lines.saturating_sub(usize::from(height)));
    }
}
