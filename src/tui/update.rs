//! What each message does to the model, and what it asks of the world. Pure: cannot
//! fail, waits for nothing and knows no clock.

use super::command;
use super::effect::{Effect, Next};
use super::header::Lines;
use super::keymap::Press;
use super::keys::Found;
use super::model::{Model, Typed};
use super::msg::Msg;
use super::overlay::Overlay;
use super::overlay::picker::What;
use super::{another_day, mouse, talk};
use crate::workspace::look::board::rows::Board;
use crate::workspace::refusal::Refusal;

/// Takes one message in.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let nudging = model.panes.nudge.is_some();
    let mut effects = match msg {
        Msg::Key(press) => came(model, Typed::Key(press)),
        Msg::Paste { text, cut } => came(model, Typed::Paste { text, cut }),
        Msg::Resized(width, height) => {
            model.size = (width, height);
            Vec::new()
        }
        Msg::Touched => vec![Effect::Settle],
        Msg::Settled => settled(model),
        Msg::Minute(now) => minute(model, now),
        Msg::Unwatched(why) => {
            model.loads.unwatched = Some(why);
            Vec::new()
        }
        // A click is never meant for what is not there yet.
        Msg::Mouse { .. } if waits(model) => Vec::new(),
        Msg::Mouse { kind, x, y } => mouse::mouse(model, kind, (x, y)),
        Msg::Ended => vec![Effect::Leave(Next::Quit)],
        answer => answered(model, answer),
    };
    await_opening(model, &effects);
    effects.extend(held(model));
    effects.extend(model.settle());
    effects.extend(model.nudge_left(nudging, &effects));
    model.filter_told();
    another_day::seen_at(model.as_of, &mut effects);
    effects
}

/// Whether an effect ends in something over the panes, for which the next keys are meant.
fn opens(effect: &Effect) -> bool {
    matches!(effect, Effect::Fill(_) | Effect::Duty(..) | Effect::Open(_))
}

/// What is about to open is waited for.
fn await_opening(model: &mut Model, effects: &[Effect]) {
    model.loads.opening += effects.iter().filter(|it| opens(it)).count();
}

/// Whether keys have to wait for what they are meant for.
fn waits(model: &Model) -> bool {
    let under_way = match model.overlays.last() {
        Some(Overlay::Form(form)) => form.saving,
        // Enter was pressed before the list that it is meant for is there.
        Some(Overlay::Picker(picker)) => picker.owed,
        // So was what comes after a filter.
        None => model.trouble.is_none() && !model.list().is_narrowed(),
        Some(Overlay::Page(_) | Overlay::Record(_) | Overlay::Contests(_) | Overlay::Filter(_)) => {
            false
        }
    };
    model.loads.opening > 0 || under_way
}

/// The most keys that wait.
const HELD: usize = 4096;

/// What is typed ahead waits for the form that is about to open, or to be saved.
fn came(model: &mut Model, typed: Typed) -> Vec<Effect> {
    let end = Press::parse("ctrl-c").map(Typed::Key);
    if end.as_ref() != Some(&typed) && (waits(model) || !model.keys.held.is_empty()) {
        if model.keys.held.len() < HELD {
            model.keys.held.push_back(typed);
        } else {
            model.complain("The desk takes long to answer; what you type is dropped.");
        }
        return Vec::new();
    }
    takes(model, typed)
}

fn takes(model: &mut Model, typed: Typed) -> Vec<Effect> {
    match typed {
        Typed::Key(press) => key(model, press),
        Typed::Paste { text, cut } => pasted(model, &text, cut),
    }
}

/// Does what was typed ahead, as far as nothing has to be waited for.
fn held(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    while !waits(model) {
        let Some(typed) = model.keys.held.pop_front() else {
            break;
        };
        let more = takes(model, typed);
        await_opening(model, &more);
        effects.extend(more);
    }
    effects
}

/// Keys that were meant for what did not open, or for what comes after a form that was not
/// saved, would do something else: they are dropped, and it is said.
fn fails(msg: &Msg) -> bool {
    match msg {
        Msg::Page(_, answer) => answer.is_err(),
        Msg::Filled(_, answer) => answer.is_err(),
        Msg::Done(doing, answer) => doing.form.is_some() && answer.is_err(),
        Msg::Unsettled(_) | Msg::Overtaken(..) => true,
        _ => false,
    }
}

/// The world answers what it was asked.
fn answered(model: &mut Model, msg: Msg) -> Vec<Effect> {
    if let Msg::Page(..) | Msg::Filled(..) | Msg::Unsettled(_) = msg {
        model.loads.opening = model.loads.opening.saturating_sub(1);
    }
    let dropped = fails(&msg) && !model.keys.held.is_empty();
    if dropped {
        model.keys.held.clear();
    }
    let effects = taken(model, msg);
    if dropped {
        model.add("What you typed meanwhile was dropped.");
    }
    effects
}

fn taken(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Board(answer) => return board(model, answer),
        Msg::Counted(counted) => {
            model.panes.lists[counted.pane as usize].counted(&counted);
        }
        Msg::Page(ask, answer) => model.page(ask, answer),
        Msg::Told(answer) => model.told(answer),
        Msg::Sharing(answer) => model.sharing_page(answer),
        Msg::Exchanged(news) => return model.exchanged(news),
        Msg::Exchanging(doing) => model.exchanging(doing),
        Msg::Exported(answer) => model.exported(answer),
        Msg::Filled(ask, answer) => return model.filled(&ask, answer),
        Msg::Taken(key, what, page) => return model.taken(&key, what, page.as_ref()),
        Msg::Steps(key, answer) => return model.steps(&key, answer),
        Msg::Found(text, answer) => return model.found(&text, answer),
        Msg::Previewed(doing, answer) => return model.previewed(&doing, answer),
        Msg::Done(doing, answer) => return model.done(&doing, answer),
        Msg::Overtaken(doing, how) => return model.overtaken(&doing, &how),
        Msg::Edited { name, result } => return model.edited(&name, result),
        Msg::Founded(founded) => {
            model.founded();
            return vec![Effect::Leave(Next::Desk(founded))];
        }
        Msg::Launched(Ok(())) => model.say("Handed over."),
        Msg::Unsettled(refusal)
        | Msg::Unkept(refusal)
        | Msg::Copied(Err(refusal))
        | Msg::Launched(Err(refusal)) => {
            model.complain(talk::sentence(&refusal));
        }
        // Everything else has been taken in before.
        _ => {}
    }
    Vec::new()
}

fn key(model: &mut Model, press: Press) -> Vec<Effect> {
    model.talk.notice = None;
    let pending = model.keys.pending.take();
    match model.keys.map.find(model.scopes(), pending, press) {
        Found::Command(command) => command::run(command, model),
        Found::Prefix => {
            model.keys.pending = Some(press);
            Vec::new()
        }
        // A chord that leads nowhere: esc leaves it, another key counts on its own.
        Found::Nothing if pending.is_some() => match Press::parse("esc") {
            Some(esc) if esc == press => Vec::new(),
            _ => key(model, press),
        },
        Found::Nothing => typed(model, press),
    }
}

/// A key that is no command: a letter, where text is written.
fn typed(model: &mut Model, press: Press) -> Vec<Effect> {
    match model.overlays.last_mut() {
        Some(Overlay::Form(form)) => {
            form.press(press);
            model.rehearse()
        }
        Some(Overlay::Picker(picker)) => {
            let other = picker.press(press);
            searched(model, other)
        }
        Some(Overlay::Filter(filter)) => {
            filter.field.press(press);
            model.filter_typed();
            Vec::new()
        }
        Some(Overlay::Page(_) | Overlay::Record(_) | Overlay::Contests(_)) | None => {
            let help = model.keys.map.spoken("help");
            model.complain(format!(
                "{press} means nothing here; {help} lists the keys."
            ));
            Vec::new()
        }
    }
}

/// What is typed in a list of records is searched by the desk.
fn searched(model: &mut Model, other: bool) -> Vec<Effect> {
    match model.overlays.last_mut() {
        Some(Overlay::Picker(picker)) if other && picker.what == What::Records => {
            picker.waiting = true;
            vec![Effect::Find(picker.field.text())]
        }
        Some(Overlay::Picker(picker)) if other && picker.what == What::Days => {
            model.days_typed();
            Vec::new()
        }
        _ => Vec::new(),
    }
}

fn pasted(model: &mut Model, text: &str, cut: bool) -> Vec<Effect> {
    model.talk.notice = None;
    let (whole, effects) = match model.overlays.last_mut() {
        Some(Overlay::Form(form)) => {
            let whole = form.paste(text);
            (whole, model.rehearse())
        }
        Some(Overlay::Picker(picker)) => {
            let other = picker.paste(text);
            (true, searched(model, other))
        }
        Some(Overlay::Filter(filter)) => {
            let whole = filter.field.insert(text);
            model.filter_typed();
            (whole, Vec::new())
        }
        Some(Overlay::Page(_) | Overlay::Record(_) | Overlay::Contests(_)) | None => {
            model.complain("There is nothing to paste into here.");
            return Vec::new();
        }
    };
    if cut || !whole {
        model.complain("The pasted text was too long; its end was cut off.");
    }
    effects
}

/// The desk was changed by somebody: what is on the screen is read again.
fn settled(model: &mut Model) -> Vec<Effect> {
    let mut effects = model.reload();
    effects.extend(model.reopen());
    effects.extend(model.reread_contests());
    effects
}

fn board(model: &mut Model, answer: Result<Box<Board>, Refusal>) -> Vec<Effect> {
    model.loads.waiting = model.loads.waiting.saturating_sub(1);
    match answer {
        Ok(board) => {
            if model.trouble.take().is_some() {
                model.talk.notice = None;
            }
            for (pane, window) in board.windows {
                model.panes.lists[pane as usize].take(window);
            }
            if let (Some(cards), Some(states)) = (&mut model.panes.board, board.states) {
                cards.take(states);
            }
            if let Some(header) = board.header {
                model.header = Some(header);
                if let Some(news) = board.news {
                    model.take_news(news);
                }
                if std::mem::take(&mut model.loads.announce) {
                    model.say("Read again.");
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
    let mut effects: Vec<_> = model.meet().into_iter().collect();
    if model.loads.waiting == 0 && std::mem::take(&mut model.loads.stale) {
        effects.extend(model.reload());
    }
    effects
}

/// The header's minute; the desk is read only when its day changed, or when nobody
/// says that it changed.
fn minute(model: &mut Model, now: chrono::DateTime<chrono::Utc>) -> Vec<Effect> {
    model.now = now;
    let new_day = model
        .header
        .as_ref()
        .is_some_and(|header| model.as_of.unwrap_or(header.zone.day(now)) != header.today);
    model.lines = Lines::of(model);
    for overlay in &mut model.overlays {
        if let Overlay::Form(form) = overlay {
            form.at_time(now);
        }
    }
    if new_day || model.trouble.is_some() || model.loads.unwatched.is_some() {
        return model.reload();
    }
    Vec::new()
}
