//! What lies over the panes: a page of text, an open record, a list to pick from, a
//! form. They stand on top of each other, and only the topmost one has the keys.

pub mod filter;
pub mod form;
pub mod help;
pub mod page;
pub mod picker;
pub mod record;
pub mod text;
pub mod welcome;
pub mod which;

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use self::filter::Filter;
use self::form::Form;
use self::page::Sheet;
use self::picker::Picker;
use self::record::RecordView;
use super::command::Scope;
use super::layout;
use super::widget::{boxes, pen::Pen};

/// Something on top of the panes.
#[derive(Debug)]
pub enum Overlay {
    Page(Sheet),
    Record(Box<RecordView>),
    /// What two managers have to settle, drawn and walked like a record.
    Contests(Box<RecordView>),
    Picker(Box<Picker>),
    Form(Box<Form>),
    Filter(Box<Filter>),
}

impl Overlay {
    /// Where its keys are looked up, the innermost first.
    pub fn scopes(&self) -> &'static [Scope] {
        match self {
            Self::Page(_) => &[Scope::Page, Scope::Global, Scope::Always],
            Self::Record(_) => &[Scope::Record, Scope::Global, Scope::Always],
            Self::Contests(_) => &[Scope::Contests, Scope::Record, Scope::Global, Scope::Always],
            Self::Picker(_) => &[Scope::Picker, Scope::Always],
            Self::Form(_) => &[Scope::Form, Scope::Always],
            Self::Filter(_) => &[Scope::Filter, Scope::Always],
        }
    }

    /// Keeps what is drawn within its bounds.
    pub fn settle(&mut self, size: (u16, u16)) {
        let (width, height) = layout::page_text(size);
        match self {
            Self::Page(sheet) => sheet.settle(width, height),
            Self::Record(record) | Self::Contests(record) => record.settle(width, height),
            Self::Picker(picker) => picker.settle(height),
            Self::Form(_) | Self::Filter(_) => {}
        }
    }

    /// Draws it; says where the cursor stands.
    pub fn draw(&self, pen: &mut Pen<'_>, size: (u16, u16)) -> (u16, u16) {
        match self {
            Self::Page(sheet) => sheet.draw(pen, size),
            Self::Record(record) | Self::Contests(record) => record.draw(pen, size),
            Self::Picker(picker) => picker.draw(pen, size),
            Self::Form(form) => form::draw::draw(form, pen, size),
            Self::Filter(filter) => filter.draw(pen, size),
        }
    }
}

/// Draws the frame of an overlay that would like to show so many lines; says what is
/// inside of it.
fn frame(pen: &mut Pen<'_>, size: (u16, u16), title: &str, lines: usize) -> (Rect, Rect) {
    let rect = layout::page(size, lines);
    let theme = pen.theme;
    boxes::clear(pen.buf, rect);
    boxes::draw(pen.buf, rect, theme.border(), theme.ascii);
    pen.style = theme.on_border(theme.strong());
    pen.at(rect.x + 2, rect.y, rect.width.saturating_sub(4));
    pen.say(format_args!(" "));
    // A blank behind it, also where it is cut.
    let room = pen.left().saturating_sub(1);
    pen.within(room.min(wide(title)), |pen| pen.text(title));
    pen.say(format_args!(" "));
    let inner = Rect::new(
        rect.x + 2,
        rect.y + 1,
        rect.width.saturating_sub(4),
        rect.height.saturating_sub(2),
    );
    (rect, inner)
}

fn wide(text: &str) -> u16 {
    u16::try_from(text.width()).unwrap_or(u16::MAX)
}

/// Says on the lower border how far down one is.
fn beyond(pen: &mut Pen<'_>, rect: Rect, (scroll, all): (usize, usize)) {
    let height = usize::from(rect.height.saturating_sub(2));
    if all > height && rect.width > 24 {
        let last = (scroll + height).min(all);
        let text = format!(" to line {last} of {all} ");
        let wide = u16::try_from(text.len()).unwrap_or(0).min(rect.width - 3);
        pen.style = pen.theme.on_border(pen.theme.faint());
        pen.at(rect.right() - wide - 2, rect.bottom() - 1, wide);
        pen.text(&text);
    }
}
