//! The floor of a full-screen program: one blocking read, one table of the rows that are
//! seen, and nothing behind it.

use ratatui::crossterm::event::{self, Event, KeyCode};
use ratatui::layout::Constraint;
use ratatui::style::{Style, Stylize as _};
use ratatui::widgets::{Block, Row, Table, TableState};

struct Item {
    id: String,
    title: String,
    state: &'static str,
    owner: &'static str,
    due: String,
}

/// Runs until `q`.
pub(crate) fn run(rows: usize) {
    let items: Vec<Item> = (0..rows).map(item).collect();
    let mut terminal = ratatui::init();
    let (mut selected, mut first) = (0_usize, 0_usize);
    loop {
        terminal
            .draw(|frame| {
                let area = frame.area();
                let height = usize::from(area.height.saturating_sub(3));
                first = first
                    .min(selected)
                    .max((selected + 1).saturating_sub(height));
                let end = (first + height).min(items.len());
                let mut state = TableState::default().with_selected(selected - first);
                frame.render_stateful_widget(table(&items[first..end]), area, &mut state);
            })
            .unwrap();
        loop {
            let Event::Key(key) = event::read().unwrap() else {
                continue;
            };
            match key.code {
                KeyCode::Char('q') => return ratatui::restore(),
                KeyCode::Char('j') => selected = (selected + 1).min(rows - 1),
                KeyCode::Char('k') => selected = selected.saturating_sub(1),
                _ => continue,
            }
            break;
        }
    }
}

fn item(number: usize) -> Item {
    Item {
        id: format!("RM-{number}"),
        title: format!(
            "Item {number} verify signatures and notes of build {}",
            number * 7 % 1000
        ),
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
