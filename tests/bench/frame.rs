//! Goal 11: a frame of 200 by 60 cells after a key, in instructions and allocations,
//! beside the virtualised table. Counted in processes that draw few frames and many.

use std::path::Path;
use std::process::Command;

use chrono::{DateTime, Utc};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use relmate::tui::effect::Effect;
use relmate::tui::keymap::Press;
use relmate::tui::model::{Model, User};
use relmate::tui::msg::Msg;
use relmate::tui::theme::Theme;
use relmate::tui::update::update;
use relmate::tui::view::view;
use relmate::workspace::look::board;

use crate::desk::{MANAGERS, NOW, Size};
use crate::floors;
use crate::gauge::{self, Tools};
use crate::report::{Figure, Floor, Report};

const FEW: u32 = 20;
const MANY: u32 = 220;

pub(crate) fn run(report: &mut Report, tools: &Tools, desk: &Path, size: Size) {
    if !tools.valgrind {
        report.skip(11, "valgrind is not installed, so no frame is counted");
        return;
    }
    let desk = desk.display().to_string();
    let ours = |frames: u32| floors::command("frames", &[&desk, &frames.to_string()]);
    let table = |frames: u32| floors::command("table", &["10000", &frames.to_string()]);
    let cells = |frames: u32| floors::command("cells", &[&frames.to_string()]);
    let mine = each(ours, gauge::instructions);
    let what = format!("frame {}, instructions", size.name);
    let floor = Floor {
        name: "table",
        value: each(table, gauge::instructions),
        most: 0.8,
    };
    report.ratio(11, what, Figure(mine, ""), &floor);
    report.growth(11, ("frame instructions", size.name), mine, 1.02);
    let cells = each(cells, gauge::instructions);
    report.note(
        11,
        "cells alone, instructions".to_owned(),
        Figure(cells, ""),
    );
    let mine = each(ours, gauge::allocations);
    let what = format!("frame {}, allocations", size.name);
    report.at_most(11, what, Figure(mine, ""), 100.0);
}

/// What one frame costs more.
fn each(frames: impl Fn(u32) -> Command, count: fn(&Command) -> Option<f64>) -> f64 {
    let (few, many) = (count(&frames(FEW)).unwrap(), count(&frames(MANY)).unwrap());
    (many - few) / f64::from(MANY - FEW)
}

fn terminal() -> Terminal<TestBackend> {
    Terminal::new(TestBackend::new(200, 60)).unwrap()
}

/// Draws frames of the screen, the selection going down and up.
pub(crate) fn draw(desk: &str, frames: u32) {
    let mut model = loaded(Path::new(desk));
    let mut terminal = terminal();
    let keys = ["j", "k"].map(|key| Press::parse(key).unwrap());
    for key in keys.into_iter().cycle().take(frames as usize) {
        drop(update(&mut model, Msg::Key(key)));
        terminal
            .draw(|frame| {
                view(&model, frame);
            })
            .unwrap();
    }
}

/// The model with all that it asks for.
fn loaded(desk: &Path) -> Model {
    let now: DateTime<Utc> = NOW.parse().unwrap();
    let theme = Theme::new(false, true);
    let user = User {
        who: Some(MANAGERS[0].to_owned()),
        ..User::default()
    };
    let mut model = Model::new((200, 60), theme, user, now);
    let mut effects = model.reload();
    while let Some(effect) = effects.pop() {
        if let Effect::Load(ask) = effect {
            let board = board::load(desk, &ask, now, Some(MANAGERS[0])).map(Box::new);
            effects.extend(update(&mut model, Msg::Board(board)));
        }
    }
    model
}

/// Draws frames of the virtualised table.
pub(crate) fn table(rows: usize, frames: u32) {
    let mut board = crate::ratmin::Board::new(rows);
    let mut terminal = terminal();
    for turn in 0..frames {
        board.select(usize::from(turn % 2 == 0));
        terminal.draw(|frame| board.draw(frame)).unwrap();
    }
}

/// Draws frames with nothing in them but two cells that change.
pub(crate) fn cells(frames: u32) {
    let mut terminal = terminal();
    for turn in 0..frames {
        let mark = ["x", "o"][usize::from(turn % 2 == 0)];
        terminal
            .draw(|frame| {
                frame.buffer_mut()[(0, 0)].set_symbol(mark);
            })
            .unwrap();
    }
}
