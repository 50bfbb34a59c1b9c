//! The floor of a full-screen program: one blocking read, one table of the rows that are
//! seen, and nothing behind it.

use ratatui::Frame;
use ratatui::crossterm::event::{self, Event, KeyCode};
use ratatui::layout::Constraint;
use ratatui::style::{Style, Stylize as _};
use ratatui::widgets::{Block, Row, Table, TableState};

/// Items in memory, of which one is selected.
pub(crate) struct Board {
    items: Vec<Item>,
    selected: usize,
    first: usize,
}

struct Item {
    id: String,
    title: String,
    state: &'static str,
    owner: &'static str,
    due: String,
}

/// Runs until `q`.
pub(crate) fn run(rows: usize) {
    let mut board = Board::new(rows);
    let mut terminal = ratatui::init();
    loop {
        terminal.draw(|frame| board.draw(frame)).unwrap();
        loop {
            let Event::Key(key) = event::read().unwrap() else {
                continue;
            };
            match key.code {
                KeyCode::Char('q') => return ratatui::restore(),
                KeyCode::Char('j') => board.select(board.selected + 1),
                KeyCode::Char('k') => board.select(board.selected.saturating_sub(1)),
                _ => continue,
            }
            break;
        }
    }
}

impl Board {
    pub(crate) fn new(rows: usize) -> Self {
        Self {
            items: (0..rows).map(item).collect(),
            selected: 0,
            first: 0,
        }
    }

    pub(crate) fn select(&mut self, row: usize) {
        self.selected = row.min(self.items.len() - 1);
    }

    pub(crate) fn draw(&mut self, frame: &mut Frame<'_>) {
        let area = frame.area();
        let height = usize::from(area.height.saturating_sub(3));
        self.first = self
            .first
            .min(self.selected)
            .max((self.selected + 1).saturating_sub(height));
        let end = (self.first + height).min(self.items.len());
        let mut state = TableState::default().with_selected(self.selected - self.first);
        let table = table(&self.items[self.first..end]);
        frame.render_stateful_widget(table, area, &mut state);
    }
}

fn item(number: usize) -> Item {
    let build = number * 7 % 1000;
    Item {
        id: format!("RM-{number}"),
        title: format!("Item {number} verify signatures and notes of build {build}"),
        state: ["todo", "doing", "review", "done"][number % 4],
        owner: ["maria", "tomek", "aiko"][number % 3],
        due: format!("2026-{:02}-{:02}", number % 12 + 1, number % 28 + 1),
    }
}

fn table(items: &[Item]) -> Table<'_> {
    let rows = items.iter().map(|item| {
        Row::new([
            item.id.as_str(),
            &item.title,
            item.state,
            item.owner,
            &item.due,
        ])
    });
    let widths = [
        Constraint::Length(12),
        Constraint::Fill(1),
        Constraint::Length(10),
        Constraint::Length(10),
        Constraint::Length(12),
    ];
    Table::new(rows, widths)
        .header(Row::new(["id", "title", "state", "owner", "due"]).bold())
        .row_highlight_style(Style::new().reversed())
        .block(Block::bordered().title("release board"))
}
