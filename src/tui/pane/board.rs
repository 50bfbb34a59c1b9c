//! The queue as a board: a column for each open state, its tickets as cards. Which cards
//! there are is the desk's business; here is where the selection goes and what is seen.

use ratatui::layout::Rect;

use super::clock;
use crate::tui::model::Model;
use crate::tui::widget::cards;
use crate::tui::widget::pen::Pen;
use crate::workspace::look::board::rows::{Cells, Key, Row, StateColumn, States, StatesAsk};

/// The cards that are read of a state at first.
const CARDS: usize = 60;
/// Lines of a column above its cards: its name and a rule.
const HEAD: u16 = 2;

/// The board and where the user is on it.
#[derive(Debug)]
pub struct BoardState {
    columns: Vec<StateColumn>,
    /// Column and card of the selection.
    at: (usize, usize),
    /// The first card that is seen of each column.
    tops: Vec<usize>,
    /// The first column that is seen.
    first: usize,
    selected: Option<Key>,
    size: (u16, u16),
    limit: usize,
    filter: String,
    note: Option<String>,
    question: Question,
    loaded: bool,
}

/// Where the question for the cards stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Question {
    Due,
    Asked,
    Answered,
}

impl BoardState {
    /// A board that begins at a record, if it is on it.
    pub fn new(selected: Option<Key>) -> Self {
        Self {
            columns: Vec::new(),
            at: (0, 0),
            tops: Vec::new(),
            first: 0,
            selected,
            size: (0, 0),
            limit: CARDS,
            filter: String::new(),
            note: None,
            question: Question::Due,
            loaded: false,
        }
    }

    pub fn columns(&self) -> &[StateColumn] {
        &self.columns
    }

    /// How many tickets are on the board, those included that are not read.
    pub fn count(&self) -> u64 {
        self.columns.iter().map(|column| column.count).sum()
    }

    /// What of the filter was not understood.
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    pub fn at(&self) -> (usize, usize) {
        self.at
    }

    /// The record that is selected; none in an empty column.
    pub fn selected(&self) -> Option<&Key> {
        self.row().map(|row| &row.key)
    }

    fn row(&self) -> Option<&Row> {
        self.columns.get(self.at.0)?.rows.get(self.at.1)
    }

    /// The cards again, because the desk changed.
    pub fn reload(&mut self, filter: &str) -> StatesAsk {
        filter.clone_into(&mut self.filter);
        self.question = Question::Asked;
        StatesAsk {
            limit: self.limit,
            filter: filter.to_owned(),
        }
    }

    /// What has to be read: all of it, or more cards below the selected one.
    pub fn wants(&mut self, filter: &str) -> Option<StatesAsk> {
        if self.question == Question::Due || self.filter != filter {
            return Some(self.reload(filter));
        }
        let column = self.columns.get(self.at.0)?;
        let more = column.count > column.rows.len() as u64;
        let near = self.at.1 + self.fit_down() >= column.rows.len();
        if self.question == Question::Answered && more && near && column.rows.len() >= self.limit {
            self.limit *= 2;
            return Some(self.reload(filter));
        }
        None
    }

    /// Takes the cards in; the selection follows its record into another column.
    pub fn take(&mut self, states: States) {
        if states.filter != self.filter {
            return;
        }
        self.question = Question::Answered;
        self.loaded = true;
        self.columns = states.columns;
        self.note = states.note;
        self.tops.resize(self.columns.len(), 0);
        let found = self.selected.as_ref().and_then(|key| {
            let place = |column: &StateColumn| column.rows.iter().position(|row| row.key == *key);
            let mut all = self.columns.iter().enumerate();
            all.find_map(|(n, column)| Some((n, place(column)?)))
        });
        match found {
            Some(at) => self.at = at,
            // Its neighbour, or the first card there is.
            None if self.selected.is_some() => self.select(self.at.0, self.at.1),
            None => {
                let first = self
                    .columns
                    .iter()
                    .position(|column| !column.rows.is_empty());
                self.select(first.unwrap_or(0), 0);
            }
        }
        self.settle(self.size);
    }

    /// The desk did not answer; it may be asked again.
    pub fn gave_up(&mut self) {
        self.question = Question::Answered;
    }

    fn select(&mut self, column: usize, card: usize) {
        let column = column.min(self.columns.len().saturating_sub(1));
        let cards = self.columns.get(column).map_or(0, |it| it.rows.len());
        self.at = (column, card.min(cards.saturating_sub(1)));
        self.selected = self.row().map(|row| row.key.clone());
    }

    pub fn left(&mut self) {
        self.across(self.at.0.saturating_sub(1));
    }

    pub fn right(&mut self) {
        self.across(self.at.0 + 1);
    }

    /// Goes to another column, to the card at the same height.
    fn across(&mut self, column: usize) {
        let column = column.min(self.columns.len().saturating_sub(1));
        if column == self.at.0 {
            return;
        }
        let top = |n: usize| self.tops.get(n).copied().unwrap_or(0);
        let height = self.at.1.saturating_sub(top(self.at.0));
        self.select(column, top(column) + height);
        self.settle(self.size);
    }

    pub fn up(&mut self) {
        self.step(-1);
    }

    pub fn down(&mut self) {
        self.step(1);
    }

    /// Goes so many cards down, or up.
    pub fn step(&mut self, by: isize) {
        self.select(self.at.0, self.at.1.saturating_add_signed(by));
        self.settle(self.size);
    }

    /// How many cards of a column are seen at once.
    pub fn fit_down(&self) -> usize {
        cards::fit_down(self.size.1.saturating_sub(HEAD))
    }

    /// Keeps the selected card on a board of this size.
    pub fn settle(&mut self, (width, height): (u16, u16)) {
        self.size = (width, height);
        let count = self.columns.len();
        let fit = cards::fit_across(width, count);
        self.first = cards::scroll(self.first, self.at.0, fit, count);
        let down = self.fit_down();
        for (n, (top, column)) in self.tops.iter_mut().zip(&self.columns).enumerate() {
            let at = if n == self.at.0 { self.at.1 } else { *top };
            *top = cards::scroll(*top, at, down, column.rows.len());
        }
    }
}

/// Draws the board inside of its pane; says where the selected card is.
pub(super) fn draw(
    pen: &mut Pen<'_>,
    model: &Model,
    board: &BoardState,
    area: Rect,
) -> Option<(u16, u16)> {
    if !board.loaded {
        pen.style = model.theme.title(false);
        pen.at(area.x + 1, area.y, area.width.saturating_sub(2));
        pen.text("Reading the desk.");
        return None;
    }
    let fit = cards::fit_across(area.width, board.columns.len());
    let seen = board.columns.iter().enumerate().skip(board.first);
    let mut cursor = None;
    for ((n, column), rect) in seen.zip(cards::across(area, fit)) {
        if rect.x > area.x {
            draw_line(
                pen,
                Rect {
                    x: rect.x - 1,
                    width: 1,
                    ..area
                },
            );
        }
        draw_head(pen, board, (n, column), rect);
        let below = Rect {
            y: rect.y + HEAD.min(rect.height),
            height: rect.height.saturating_sub(HEAD),
            ..rect
        };
        let found = draw_cards(pen, model, board, (n, column), below);
        cursor = cursor.or(found);
    }
    cursor
}

fn draw_line(pen: &mut Pen<'_>, line: Rect) {
    pen.style = pen.theme.border();
    let glyph = if pen.theme.ascii { "|" } else { "│" };
    for y in line.top()..line.bottom() {
        pen.at(line.x, y, 1);
        pen.cell(1, glyph);
    }
}

/// The name of a state and how many tickets are in it; at the ends, what lies beyond.
fn draw_head(
    pen: &mut Pen<'_>,
    board: &BoardState,
    (n, column): (usize, &StateColumn),
    rect: Rect,
) {
    let focused = board.at.0 == n;
    let fit = cards::fit_across(board.size.0, board.columns.len());
    let (before, after) = (
        n == board.first && n > 0,
        n + 1 == board.first + fit && n + 1 < board.columns.len(),
    );
    pen.style = pen.theme.title(focused);
    pen.at(rect.x, rect.y, rect.width);
    pen.cell(1, if before { "<" } else { "" });
    let count = column.count.to_string();
    let wide = u16::try_from(count.len()).unwrap_or(0);
    pen.cell(rect.width.saturating_sub(wide + 4), &column.label);
    pen.skip(1);
    pen.cell(wide, &count);
    pen.right(pen.left().min(1), if after { ">" } else { "" });
    pen.style = pen.theme.border();
    let glyph = match (pen.theme.ascii, focused) {
        (true, true) => "=",
        (true, false) => "-",
        (false, true) => "━",
        (false, false) => "─",
    };
    pen.at(rect.x, rect.y + 1, rect.width);
    for _ in 0..rect.width {
        pen.cell(1, glyph);
    }
}

fn draw_cards(
    pen: &mut Pen<'_>,
    model: &Model,
    board: &BoardState,
    (n, column): (usize, &StateColumn),
    area: Rect,
) -> Option<(u16, u16)> {
    let top = board.tops.get(n).copied().unwrap_or(0);
    if column.rows.is_empty() {
        pen.style = pen.theme.faint();
        pen.at(area.x + 1, area.y, area.width.saturating_sub(1));
        pen.text("none");
    }
    let mut cursor = None;
    let seen = column.rows.iter().enumerate().skip(top);
    for (place, (index, row)) in seen.take(cards::fit_down(area.height)).enumerate() {
        let Some(rect) = cards::card(area, place) else {
            break;
        };
        draw_card(pen, row, rect);
        if model.since.is_new(&row.key) {
            super::draw_new(pen, model, rect);
        }
        if board.at == (n, index) && model.overlays.is_empty() {
            super::draw_pointer(pen, model, rect);
            cursor = Some((rect.x, rect.y));
        }
    }
    cursor
}

/// Id and title, and below them the clock and who is on it.
fn draw_card(pen: &mut Pen<'_>, row: &Row, rect: Rect) {
    let Cells::Ticket(ticket) = &row.cells else {
        return;
    };
    pen.style = pen.theme.title(false);
    pen.at(rect.x + 1, rect.y, rect.width.saturating_sub(1));
    pen.cell(6, &row.key.id);
    pen.text(&ticket.title);
    if rect.height < 2 {
        return;
    }
    pen.at(rect.x + 1, rect.y + 1, rect.width.saturating_sub(1));
    let who = (rect.width / 3).min(12);
    let room = rect.width.saturating_sub(who + 2);
    pen.within(room, |pen| {
        clock(pen, row.tone, (ticket.permille, &ticket.clock));
    });
    pen.skip(1);
    pen.style = pen.theme.title(false);
    pen.text(&ticket.owner);
}
