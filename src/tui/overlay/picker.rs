//! A list that is searched as one types and of which one line is taken: the palette,
//! the help, records to jump to, what can be done to a record. Knows no desk.

use chrono::NaiveDate;
use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::{beyond, frame};
use crate::tui::command::Command;
use crate::tui::effect::Effect;
use crate::tui::keymap::Press;
use crate::tui::widget::field::Field;
use crate::tui::widget::pen::Pen;
use crate::workspace::deed::Deed;
use crate::workspace::look::board::rows::{Key, Sort};

/// A list to pick from.
#[derive(Debug)]
pub struct Picker {
    pub title: String,
    pub what: What,
    pub field: Field,
    pub items: Vec<Item>,
    /// The lines that fit what was typed, the best first.
    shown: Vec<usize>,
    at: usize,
    top: usize,
    /// The record that the commands of the palette are about.
    pub about: Option<Key>,
    /// An answer of the desk is on its way.
    pub waiting: bool,
    /// Its line will be taken as soon as the answer is there.
    pub owed: bool,
}

/// What is picked from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Everything that can be done; what is typed may go on with arguments.
    Commands,
    /// The keys that work here.
    Help,
    /// Records of the desk, which the desk finds.
    Records,
    /// What can be done to one record.
    Steps(Key),
    /// A day, which the screen reads as it is typed.
    Days,
    /// A question with few answers.
    Ask,
}

/// One line.
#[derive(Debug)]
pub struct Item {
    pub text: String,
    pub more: String,
    pub keys: String,
    /// Why it cannot be taken now, as a clause.
    pub not_now: Option<String>,
    pub pick: Pick,
}

/// What taking a line does.
#[derive(Clone, Debug)]
pub enum Pick {
    Command(&'static Command),
    Deed(&'static Deed, Key),
    Record(Key),
    Effects(Vec<Effect>),
    Sort(Sort),
    Column(&'static str),
    /// Look at the desk as of a day, or of today.
    Day(Option<NaiveDate>),
    /// It is there to be read.
    Nothing,
}

impl std::fmt::Debug for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Picker {
    pub fn new(title: impl Into<String>, what: What, items: Vec<Item>) -> Self {
        let mut picker = Self {
            title: title.into(),
            what,
            field: Field::new("", false),
            items,
            shown: Vec::new(),
            at: 0,
            top: 0,
            about: None,
            waiting: false,
            owed: false,
        };
        picker.search();
        picker
    }

    /// Takes other lines in, for what is typed already.
    pub fn take(&mut self, items: Vec<Item>) {
        let chosen = self.chosen().map(|item| item.text.clone());
        self.items = items;
        self.search();
        if let Some(text) = chosen {
            let place = |index: &usize| self.items[*index].text == text;
            self.at = self.shown.iter().position(place).unwrap_or(0);
        }
    }

    /// Takes a key in; true if the text is another one now.
    pub fn press(&mut self, press: Press) -> bool {
        let before = self.field.text();
        self.field.press(press);
        self.changed(&before)
    }

    pub fn paste(&mut self, text: &str) -> bool {
        let before = self.field.text();
        self.field.insert(text);
        self.changed(&before)
    }

    fn changed(&mut self, before: &str) -> bool {
        let other = self.field.text() != before;
        if other {
            self.search();
        }
        other
    }

    /// Finds the lines that fit.
    fn search(&mut self) {
        (self.at, self.top) = (0, 0);
        let wanted = self.field.text();
        // The desk has searched already; an empty text fits everything.
        if matches!(self.what, What::Records | What::Days) || wanted.trim().is_empty() {
            self.shown = (0..self.items.len()).collect();
            return;
        }
        let wanted = self.begins(&wanted).unwrap_or(&wanted).to_owned();
        let (case, plain) = (CaseMatching::Ignore, Normalization::Smart);
        let pattern = Pattern::new(&wanted, case, plain, AtomKind::Fuzzy);
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut letters = Vec::new();
        let mut fits: Vec<(u32, usize)> = Vec::new();
        for (index, item) in self.items.iter().enumerate() {
            // A hit in the name is worth more than one in its explanation.
            let name = pattern.score(Utf32Str::new(&item.text, &mut letters), &mut matcher);
            let line = format!("{} {} {}", item.text, item.more, item.keys);
            let any = pattern.score(Utf32Str::new(&line, &mut letters), &mut matcher);
            if let Some(score) = name.map(|score| score * 4).or(any) {
                let open = u32::from(item.not_now.is_none());
                fits.push((score * 2 + open, index));
            }
        }
        fits.sort_by_key(|(score, index)| (std::cmp::Reverse(*score), *index));
        self.shown = fits.into_iter().map(|(_, index)| index).collect();
    }

    /// The command that a typed line begins with; what follows are its arguments.
    fn begins<'t>(&self, typed: &'t str) -> Option<&'t str> {
        if self.what != What::Commands {
            return None;
        }
        let (deed, rest) = Deed::of_command(typed)?;
        (!rest.is_empty()).then(|| {
            let start = typed.len() - typed.trim_start().len();
            typed.get(start..start + deed.name.len())
        })?
    }

    pub fn chosen(&self) -> Option<&Item> {
        self.items.get(*self.shown.get(self.at)?)
    }

    pub fn step(&mut self, by: i64) {
        let last = i64::try_from(self.shown.len()).unwrap_or(0) - 1;
        let at = i64::try_from(self.at).unwrap_or(0).saturating_add(by);
        // One step past an end comes out at the other one.
        let at = match by {
            1 if at > last => 0,
            -1 if at < 0 => last,
            _ => at.clamp(0, last.max(0)),
        };
        self.at = usize::try_from(at).unwrap_or(0);
    }

    pub(super) fn settle(&mut self, height: u16) {
        let rows = usize::from(height.saturating_sub(2)).max(1);
        if self.at < self.top {
            self.top = self.at;
        } else if self.at >= self.top + rows {
            self.top = self.at + 1 - rows;
        }
    }

    pub(super) fn draw(&self, pen: &mut Pen<'_>, size: (u16, u16)) -> (u16, u16) {
        let (rect, inner) = frame(pen, size, &self.title, self.items.len() + 2);
        let theme = pen.theme;
        pen.style = theme.strong();
        pen.at(inner.x, inner.y, 2);
        pen.text(if self.what == What::Commands {
            ":"
        } else {
            "/"
        });
        let line = ratatui::layout::Rect {
            x: inner.x + 2,
            width: inner.width.saturating_sub(2),
            height: 1,
            ..inner
        };
        let cursor = self.field.draw(pen, line, theme.title(false));
        let rows = inner.height.saturating_sub(2);
        let first = inner.y + 2;
        let seen = self.shown.iter().enumerate().skip(self.top);
        for (y, (place, index)) in (first..first + rows).zip(seen) {
            self.draw_item(pen, &self.items[*index], (inner.x, y, inner.width));
            if place == self.at {
                let row = ratatui::layout::Rect {
                    y,
                    height: 1,
                    ..inner
                };
                pen.style = theme.strong();
                pen.at(rect.x + 1, y, 1);
                pen.cell(1, theme.pointer());
                pen.buf.set_style(row, theme.selected());
            }
        }
        if self.shown.is_empty() && rows > 0 {
            pen.style = theme.faint();
            pen.at(inner.x, first, inner.width);
            pen.text(if self.waiting {
                "Searching."
            } else {
                "Nothing fits."
            });
        }
        let all = self.shown.len();
        beyond(pen, rect, (self.top, if all == 0 { 0 } else { all + 2 }));
        cursor
    }

    fn draw_item(&self, pen: &mut Pen<'_>, item: &Item, (x, y, width): (u16, u16, u16)) {
        let theme = pen.theme;
        let keys = u16::try_from(item.keys.len()).unwrap_or(0).min(width / 3);
        let name = match self.what {
            What::Records => width / 4,
            _ => 20,
        };
        let name = name.min(width.saturating_sub(keys));
        pen.style = if item.not_now.is_some() {
            theme.faint()
        } else {
            theme.title(false)
        };
        pen.at(x, y, width.saturating_sub(keys + u16::from(keys > 0)));
        pen.cell(name, &item.text);
        pen.skip(1);
        if let Some(why) = &item.not_now {
            pen.say(format_args!("not now: "));
            pen.text(why);
        } else {
            pen.style = theme.faint();
            pen.text(&item.more);
        }
        pen.style = theme.strong();
        pen.at(x + width.saturating_sub(keys), y, keys);
        pen.text(&item.keys);
    }
}
