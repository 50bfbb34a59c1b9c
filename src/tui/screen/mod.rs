//! A screen without a terminal: a desk of hand-made rows, keys as text, and what was
//! asked of the world. The tests of the whole screen.

mod anchors;
mod board;
mod covers;
mod desk;
mod layouts;
mod lists;
mod looks;
mod moves;
mod news;
mod pictures;
mod pointer;
mod real;
mod sharing;
mod sites;
mod styles;
mod svg;
mod tables;
mod timeline;
mod typing;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use self::desk::{Fixture, now};
use super::effect::Effect;
use super::keymap::Press;
use super::model::{Model, User};
use super::msg::Msg;
use super::theme::Theme;
use super::update::update;
use super::view::{Hits, paint};
use crate::workspace::look::board::rows::{
    Ask, Board, Cells, Count, Counted, Pane, Place, Row, Start, StateColumn, States, StatesAsk,
    Tone, Window, WindowAsk,
};

impl Fixture {
    /// Answers as the desk would; places are the rows' numbers.
    fn answer(&self, ask: &Ask) -> Board {
        let windows = ask
            .windows
            .iter()
            .map(|ask| (ask.pane, self.window(ask)))
            .collect();
        Board {
            header: self.header.clone().filter(|_| ask.header),
            windows,
            states: ask.states.as_ref().map(|ask| self.states(ask)),
            news: self.news.clone().filter(|_| ask.header),
        }
    }

    /// The tickets whose ids hold the filter, by the words of their states.
    fn states(&self, ask: &StatesAsk) -> States {
        let column = |state: &&'static str| {
            let rows = self.rows[Pane::Queue as usize].iter();
            let mut rows: Vec<Row> = rows
                .filter(|row| row.key.id.contains(&ask.filter))
                .filter(|row| matches!(&row.cells, Cells::Ticket(it) if it.state == **state))
                .cloned()
                .collect();
            let count = rows.len() as u64;
            rows.truncate(ask.limit);
            StateColumn {
                state,
                label: (*state).to_owned(),
                count,
                rows,
            }
        };
        States {
            filter: ask.filter.clone(),
            columns: desk::STATES.iter().map(column).collect(),
            note: None,
        }
    }

    /// The rows whose ids hold the filter; sorting turns them round at most.
    fn passing(&self, ask: &WindowAsk) -> Vec<Row> {
        let rows = self.rows[ask.pane as usize].iter();
        let mut rows: Vec<Row> = rows
            .filter(|row| row.key.id.contains(&ask.filter))
            .cloned()
            .collect();
        if ask.sort.backwards {
            rows.reverse();
        }
        rows
    }

    fn window(&self, ask: &WindowAsk) -> Window {
        let rows = self.passing(ask);
        let at = |place: &Place| place.sort.parse::<usize>().unwrap();
        let from = match &ask.start {
            Start::Top => 0,
            Start::After(place) => (at(place) + 1).min(rows.len()),
            Start::Before(place) => at(place).saturating_sub(ask.limit),
            Start::Bottom => rows.len().saturating_sub(ask.limit),
        };
        let until = match &ask.start {
            Start::Before(place) => at(place).min(rows.len()),
            Start::Top | Start::After(_) | Start::Bottom => (from + ask.limit).min(rows.len()),
        };
        let place = |n: usize| Place {
            sort: n.to_string(),
            ..Place::default()
        };
        Window {
            rows: (from..until)
                .map(|n| Row {
                    place: place(n),
                    extra: ask
                        .columns
                        .iter()
                        .map(|name| format!("{name} of {}", rows[n].key.id))
                        .collect(),
                    ..rows[n].clone()
                })
                .collect(),
            above: (from > 0).then(|| place(from - 1)),
            more: until < rows.len(),
            // A schedule begins with what comes next.
            anchor: rows.iter().position(|row| row.tone == Tone::Next),
            serial: ask.serial,
            heads: if ask.pane == Pane::Sites {
                self.heads.clone()
            } else {
                Vec::new()
            },
            ..Window::default()
        }
    }
}

struct Screen {
    model: Model,
    desk: Fixture,
    /// What was asked of the world since the last look at it, reading left out.
    effects: Vec<Effect>,
    buffer: Buffer,
    hits: Hits,
}

impl Screen {
    fn with(desk: Fixture, size: (u16, u16)) -> Self {
        Self::themed(desk, size, Theme::new(false, true))
    }

    fn themed(desk: Fixture, size: (u16, u16), theme: Theme) -> Self {
        let user = User {
            who: Some("Alice".to_owned()),
            ..User::default()
        };
        let mut screen = Self {
            model: Model::new(size, theme, user, now()),
            desk,
            effects: Vec::new(),
            buffer: Buffer::default(),
            hits: Hits::default(),
        };
        let effects = screen.model.reload();
        screen.perform(effects);
        screen.draw();
        screen
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Load(ask) => {
                    let board = self.desk.answer(&ask);
                    self.send(Msg::Board(Ok(Box::new(board))));
                }
                Effect::Count(ask) => self.send(Msg::Counted(Counted {
                    pane: ask.pane,
                    count: Count::Rows(self.desk.passing(&ask).len() as u64),
                    filter: ask.filter,
                })),
                other => self.effects.push(other),
            }
        }
    }

    fn send(&mut self, msg: Msg) {
        let effects = update(&mut self.model, msg);
        self.perform(effects);
    }

    fn press(mut self, keys: &str) -> Self {
        for key in keys.split(' ').filter(|key| !key.is_empty()) {
            self.send(Msg::Key(Press::parse(key).unwrap()));
        }
        self.draw();
        self
    }

    fn draw(&mut self) {
        let (width, height) = self.model.size;
        self.buffer = Buffer::empty(Rect::new(0, 0, width, height));
        self.hits = paint(&self.model, &mut self.buffer);
    }

    fn text(&self) -> String {
        text(&self.buffer)
    }

    fn selected(&self) -> &str {
        self.model.list().selected().map_or("", |key| &key.id)
    }
}

/// What is to be read of a frame, a line each.
fn text(buffer: &Buffer) -> String {
    let mut text = String::new();
    let area = buffer.area;
    for y in 0..area.height {
        let mut line = String::new();
        let mut skip = 0;
        for x in 0..area.width {
            if skip > 0 {
                skip -= 1;
                continue;
            }
            let symbol = buffer[(x, y)].symbol();
            skip = unicode_width::UnicodeWidthStr::width(symbol).saturating_sub(1);
            line.push_str(symbol);
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
