//! A page's lines, wrapped to a width and drawn from any of them on. Cuts between
//! words, and inside a word only when it is wider than the page.

use ratatui::layout::Rect;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::tui::theme::Theme;
use crate::tui::widget::pen::Pen;
use crate::workspace::look::board::rows::{Line, Page};

/// Columns of a field's label, where the page has room for two columns.
const LABEL: u16 = 18;

/// The pieces of a text that fit a width, one a line.
pub struct Wrap<'t> {
    rest: Option<&'t str>,
    width: usize,
}

/// Cuts a text into pieces that fit a width.
pub fn wrap(text: &str, width: u16) -> Wrap<'_> {
    Wrap {
        rest: Some(text),
        width: usize::from(width.max(1)),
    }
}

impl<'t> Iterator for Wrap<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let text = self.rest?;
        let (mut used, mut space) = (0, None);
        for (at, grapheme) in text.grapheme_indices(true) {
            let wide = grapheme.width();
            if used + wide > self.width && at > 0 {
                let (end, next) = match space {
                    Some(space) if grapheme != " " => (space, space + 1),
                    _ if grapheme == " " => (at, at + 1),
                    _ => (at, at),
                };
                self.rest = Some(&text[next..]);
                return Some(&text[..end]);
            }
            if grapheme == " " && at > 0 {
                space = Some(at);
            }
            used += wide;
        }
        self.rest = None;
        Some(text)
    }
}

/// How many columns a field's label and its value get.
fn columns(width: u16) -> (u16, u16) {
    if width >= 40 {
        (LABEL, width - LABEL)
    } else {
        (0, width.saturating_sub(2))
    }
}

fn label_fits(label: &str) -> bool {
    label.width() < usize::from(LABEL)
}

fn line_height(line: &Line, width: u16) -> usize {
    match line {
        Line::Gap | Line::Heading(_) => 1,
        Line::Text(text) | Line::Lead(text) => wrap(text, width).count(),
        Line::Field(label, value) => {
            let (left, right) = columns(width);
            let lines = wrap(value, right).count();
            if left == 0 || !label_fits(label) {
                lines + 1
            } else {
                lines
            }
        }
    }
}

/// Lines of the whole page at a width.
pub fn height(page: &Page, width: u16) -> usize {
    page.lines.iter().map(|line| line_height(line, width)).sum()
}

/// The first row of one of the page's lines.
pub fn top(page: &Page, line: usize, width: u16) -> usize {
    let above = page.lines.iter().take(line);
    above.map(|line| line_height(line, width)).sum()
}

/// Draws the page's lines from `scroll` on.
pub fn draw(page: &Page, scroll: usize, area: Rect, pen: &mut Pen<'_>, theme: Theme) {
    let mut place = Place {
        area,
        skip: scroll,
        y: area.y,
    };
    for line in &page.lines {
        if place.full() {
            return;
        }
        match line {
            Line::Gap => place.put(pen, 0, ""),
            Line::Heading(text) => {
                pen.style = theme.strong();
                place.put(pen, 0, text);
            }
            Line::Lead(text) => {
                pen.style = theme.strong();
                wrap(text, area.width).for_each(|part| place.put(pen, 0, part));
            }
            Line::Text(text) => {
                pen.style = theme.title(false);
                wrap(text, area.width).for_each(|part| place.put(pen, 0, part));
            }
            Line::Field(label, value) => field(&mut place, pen, (label, value), theme),
        }
    }
}

fn field(place: &mut Place, pen: &mut Pen<'_>, (label, value): (&str, &str), theme: Theme) {
    let (left, right) = columns(place.area.width);
    let beside = left > 0 && label_fits(label);
    pen.style = theme.faint();
    if !beside {
        place.put(pen, 0, label);
    }
    for (index, part) in wrap(value, right).enumerate() {
        if beside && index == 0 && place.shows() {
            pen.style = theme.faint();
            pen.at(place.area.x, place.y, left);
            pen.text(label);
        }
        pen.style = theme.title(false);
        place.put(pen, left.max(2), part);
    }
}

/// Where the next line goes.
struct Place {
    area: Rect,
    skip: usize,
    y: u16,
}

impl Place {
    fn full(&self) -> bool {
        self.y >= self.area.bottom()
    }

    fn shows(&self) -> bool {
        self.skip == 0 && !self.full()
    }

    fn put(&mut self, pen: &mut Pen<'_>, indent: u16, text: &str) {
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        if self.full() {
            return;
        }
        pen.at(
            self.area.x + indent,
            self.y,
            self.area.width.saturating_sub(indent),
        );
        pen.text(text);
        self.y += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, width: u16, expected: &[&str]) {
        assert_eq!(wrap(text, width).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn text_is_cut_between_words_and_a_long_word_inside() {
        check("one two three", 7, &["one two", "three"]);
        check("one two three", 8, &["one two", "three"]);
        check("abcdefgh", 3, &["abc", "def", "gh"]);
        check("", 3, &[""]);
        check("漢字漢字", 3, &["漢", "字", "漢", "字"]);
        check("漢", 1, &["漢"]);
    }
}
