//! What each message does to the model, and what it asks of the world. Pure: cannot
//! fail, waits for nothing and knows no clock.

use super::command;
use super::effect::Effect;
use super::header::Lines;
use super::keymap::{self, Found, Press};
use super::model::Model;
use super::msg::Msg;
use super::overlay::Overlay;
use crate::workspace::look::board::rows::{Board, Line, Page};
use crate::workspace::refusal::Refusal;

/// Takes one message in.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let mut effects = match msg {
        Msg::Key(press) => key(model, press),
        Msg::Resized(width, height) => {
            model.size = (width, height);
            Vec::new()
        }
        Msg::Board(answer) => board(model, answer),
        Msg::Counted(counted) => {
            model.panes.lists[counted.pane as usize].counted(&counted);
            Vec::new()
        }
        Msg::Page(answer) => {
            page(model, answer);
            Vec::new()
        }
        Msg::Touched => vec![Effect::Settle],
        Msg::Settled => model.reload(),
        Msg::Minute(now) => minute(model, now),
        Msg::Unwatched(why) => {
            model.loads.unwatched = Some(why);
            Vec::new()
        }
        Msg::Ended => vec![Effect::Quit],
    };
    effects.extend(model.settle());
    effects
}

fn key(model: &mut Model, press: Press) -> Vec<Effect> {
    model.notice = None;
    let pending = model.pending.take();
    let scopes = model.scopes();
    match keymap::find(scopes, pending, press) {
        Found::Command(command) => command::run(command, model),
        Found::Prefix => {
            model.pending = Some(press);
            Vec::new()
        }
        // A chord that leads nowhere: the second key counts on its own.
        Found::Nothing if pending.is_some() => key(model, press),
        Found::Nothing => Vec::new(),
    }
}

fn board(model: &mut Model, answer: Result<Box<Board>, Refusal>) -> Vec<Effect> {
    model.loads.waiting = model.loads.waiting.saturating_sub(1);
    match answer {
        Ok(board) => {
            if model.trouble.take().is_some() {
                model.notice = None;
            }
            for (pane, window) in board.windows {
                model.panes.lists[pane as usize].take(window);
            }
            if let (Some(cards), Some(states)) = (&mut model.panes.board, board.states) {
                cards.take(states);
            }
            if let Some(header) = board.header {
                model.header = Some(header);
                if std::mem::take(&mut model.loads.announce) {
                    model.notice = Some("Read again.".to_owned());
                }
            }
            model.lines = Lines::of(model);
        }
        Err(refusal) => {
            model.trouble = Some(refusal);
            for list in &mut model.panes.lists {
                list.gave_up();
            }
            if let Some(cards) = &mut model.panes.board {
                cards.gave_up();
            }
        }
    }
    if model.loads.waiting == 0 && std::mem::take(&mut model.loads.stale) {
        return model.reload();
    }
    Vec::new()
}

fn page(model: &mut Model, answer: Result<Page, Refusal>) {
    match answer {
        Ok(page) => model.overlays.push(Overlay {
            page,
            scroll: 0,
            help: false,
        }),
        Err(refusal) => {
            let mut lines = vec![Line::Lead(refusal.message)];
            lines.extend(refusal.hint.map(Line::Text));
            let page = Page {
                title: "Not found".to_owned(),
                lines,
            };
            model.overlays.push(Overlay {
                page,
                scroll: 0,
                help: false,
            });
        }
    }
}

/// The header's minute; the desk is read only when its day changed, or when nobody
/// says that it changed.
fn minute(model: &mut Model, now: chrono::DateTime<chrono::Utc>) -> Vec<Effect> {
    model.now = now;
    let new_day = model
        .header
        .as_ref()
        .is_some_and(|header| header.zone.day(now) != header.today);
    model.lines = Lines::of(model);
    if new_day || model.trouble.is_some() || model.loads.unwatched.is_some() {
        return model.reload();
    }
    Vec::new()
}
