//! One frame from the model. Writes straight into cells and changes nothing.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::command::{self, Scope};
use super::layout::{self, Plan};
use super::model::{Model, Zoom};
use super::overlay::Overlay;
use super::overlay::text;
use super::overlay::which;
use super::pane;
use super::widget::{boxes, pen::Pen};
use crate::workspace::look::board::rows::{Cells, Pane, Tone};

/// Where things are, for the mouse and for the terminal's cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    pub panes: [Option<Rect>; Pane::COUNT],
    /// The selected line, where a screen reader reads.
    pub cursor: Option<(u16, u16)>,
}

/// Draws a frame.
pub fn view(model: &Model, frame: &mut Frame<'_>) -> Hits {
    let hits = paint(model, frame.buffer_mut());
    if let Some(cursor) = hits.cursor {
        frame.set_cursor_position(cursor);
    }
    hits
}

/// Draws a frame into a buffer.
pub fn paint(model: &Model, buf: &mut Buffer) -> Hits {
    let size = (buf.area.width, buf.area.height);
    if size.0 == 0 || size.1 == 0 {
        return Hits::default();
    }
    let plan = layout::plan(size, model.panes.focus, model.panes.zoom, model.wanted());
    let mut pen = Pen::new(buf, model.theme);
    let mut hits = Hits {
        panes: plan.panes,
        cursor: None,
    };
    if plan.tiny {
        draw_tiny(&mut pen, model, size);
        return hits;
    }
    draw_head(&mut pen, model, &plan, size.0);
    if model.user.founding {
        // Nothing lies below the welcome.
    } else if let Some(refusal) = &model.trouble {
        draw_trouble(&mut pen, (&refusal.message, refusal.hint.as_deref()), size);
    } else {
        hits.cursor = draw_panes(&mut pen, model, &plan);
    }
    if let Some(overlay) = model.overlays.last() {
        hits.cursor = Some(overlay.draw(&mut pen, size));
    }
    which::draw(&mut pen, model, size);
    if let Some(y) = plan.foot.filter(|_| !writes_in_foot(model)) {
        draw_foot(&mut pen, model, y, size.0);
    }
    hits
}

/// Whether a filter is typed where the keys stand else; what has to be said goes first.
fn writes_in_foot(model: &Model) -> bool {
    let filter = matches!(model.overlays.last(), Some(Overlay::Filter(_)));
    filter && model.talk.notice.is_none()
}

/// The most urgent line, then the release if there is a second one.
fn draw_tiny(pen: &mut Pen<'_>, model: &Model, (width, height): (u16, u16)) {
    pen.at(0, 0, width);
    if let Some(refusal) = &model.trouble {
        pen.text(&refusal.message);
    } else {
        match model.panes.lists[0].rows.first() {
            Some(row) => {
                pen.style = model.theme.tone(row.tone);
                let mark = model.theme.mark(row.tone);
                pen.say(format_args!("{mark} {} ", row.key.id));
                if let Cells::Duty(duty) = &row.cells {
                    if !duty.days.is_empty() {
                        pen.say(format_args!("{} ", duty.days));
                    }
                    pen.text(&duty.step);
                }
            }
            None if model.panes.lists[0].loaded => pen.text("Nothing needs a human."),
            None => {}
        }
    }
    if height > 1 {
        pen.style = model.theme.title(false);
        pen.at(0, 1, width);
        pen.text(&model.lines.brief);
    }
}

/// A text on the left and one on the right, if both fit.
fn draw_ends(pen: &mut Pen<'_>, (left, right): (&str, &str), (y, width): (u16, u16)) {
    let (wide, other) = (left.width(), right.width());
    pen.at(1, y, width.saturating_sub(2));
    pen.text(left);
    let room = usize::from(width).saturating_sub(wide + 4);
    // The time of day at least, if the whole of it has no room.
    let time = right.rsplit(' ').next().filter(|it| it.contains(':'));
    let right = if other <= room {
        right
    } else {
        time.unwrap_or_default()
    };
    if right.width() <= room
        && let Ok(other) = u16::try_from(right.width())
    {
        pen.at(width.saturating_sub(other + 1), y, other);
        pen.text(right);
    }
}

fn draw_head(pen: &mut Pen<'_>, model: &Model, plan: &Plan, width: u16) {
    let lines = &model.lines;
    let room = usize::from(width).saturating_sub(2);
    pen.style = model.theme.strong();
    let mut start = 0;
    if room >= 60 {
        pen.at(1, 0, 9);
        pen.text("relmate");
        start = 9;
    }
    let fits = usize::from(start) + lines.release.width() <= room;
    let release = if fits { &lines.release } else { &lines.brief };
    let beside = if plan.head == 1 {
        &lines.clock
    } else {
        &lines.people
    };
    pen.at(start + 1, 0, width.saturating_sub(start + 2));
    pen.text(release);
    pen.style = model.theme.title(false);
    let used = usize::from(start) + release.width() + 3;
    if used + beside.width() <= room {
        let other = u16::try_from(beside.width()).unwrap_or(0);
        pen.at(width.saturating_sub(other + 1), 0, other);
        pen.text(beside);
    }
    if plan.head > 1 {
        draw_ends(pen, (&lines.counts, &lines.clock), (1, width));
    }
}

fn draw_panes(pen: &mut Pen<'_>, model: &Model, plan: &Plan) -> Option<(u16, u16)> {
    for rect in plan.panes.iter().flatten() {
        boxes::draw(pen.buf, *rect, model.theme.border(), model.theme.ascii);
    }
    let mut cursor = None;
    for (pane, rect) in Pane::ALL.into_iter().zip(plan.panes) {
        let Some(rect) = rect else { continue };
        draw_title(pen, model, pane, rect);
        let inner = Rect::new(
            rect.x + 1,
            rect.y + 1,
            rect.width.saturating_sub(2),
            rect.height.saturating_sub(2),
        );
        cursor = cursor.or(pane::draw(pen, model, pane, inner));
    }
    cursor
}

/// Number and name on the left of the border, figures on its right.
fn draw_title(pen: &mut Pen<'_>, model: &Model, pane: Pane, rect: Rect) {
    let focused = model.panes.focus == pane;
    let room = rect.width.saturating_sub(2);
    let chip = pane::chip(model, pane);
    let figures = chip
        .as_ref()
        .unwrap_or(&model.lines.titles[pane as usize].1);
    let figures_wide = u16::try_from(figures.width()).unwrap_or(u16::MAX);
    pen.style = model.theme.on_border(model.theme.title(focused));
    pen.at(rect.x + 1, rect.y, room);
    pen.say(format_args!("{}", if focused { ">" } else { " " }));
    if pane != Pane::Attention && pane.in_grid() {
        pen.say(format_args!("{} ", pane as usize));
    }
    pen.text(super::header::name(pane));
    pen.say(format_args!(" "));
    if figures.is_empty() || pen.left() < figures_wide + 3 {
        return;
    }
    if pane == Pane::Attention {
        // As the sentence it is: "Needs a human ─ 6, mine 4".
        pen.skip(1);
        pen.say(format_args!(" {figures} "));
    } else {
        let gap = if pen.left() > figures_wide + 12 { 6 } else { 0 };
        pen.at(
            rect.right() - 1 - gap - figures_wide - 2,
            rect.y,
            figures_wide + 2,
        );
        pen.say(format_args!(" {figures} "));
    }
    draw_beyond(pen, model, pane, rect);
}

/// Says on the border that rows lie above or below.
fn draw_beyond(pen: &mut Pen<'_>, model: &Model, pane: Pane, rect: Rect) {
    let (above, below) = pane::beyond(model, pane);
    let (up, down) = if model.theme.ascii {
        ("^", "v")
    } else {
        ("↑", "↓")
    };
    if rect.width < 8 {
        return;
    }
    for (shown, glyph, y) in [(above, up, rect.y + 1), (below, down, rect.bottom() - 2)] {
        if shown {
            pen.style = model.theme.strong();
            pen.at(rect.right() - 1, y, 1);
            pen.cell(1, glyph);
        }
    }
}

fn draw_trouble(
    pen: &mut Pen<'_>,
    (message, hint): (&str, Option<&str>),
    (width, height): (u16, u16),
) {
    let room = width.saturating_sub(4).min(76);
    let longest = message.width().max(hint.map_or(0, str::width));
    let wide = u16::try_from(longest).unwrap_or(room).min(room);
    let x = width.saturating_sub(wide) / 2;
    let top = (height / 2).saturating_sub(2).max(1);
    let bottom = height.saturating_sub(1);
    let texts = [
        (message, pen.theme.alarm()),
        (hint.unwrap_or(""), pen.theme.title(false)),
    ];
    let lines = texts
        .into_iter()
        .flat_map(|(text, style)| text::wrap(text, room).map(move |part| (part, style)));
    for (y, (part, style)) in (top..bottom).zip(lines) {
        pen.style = style;
        pen.at(x, y, width - x);
        pen.text(part);
    }
}

fn draw_foot(pen: &mut Pen<'_>, model: &Model, y: u16, width: u16) {
    let state = match (model.as_of, model.user.read_only) {
        (Some(day), _) => day.format("as of %-d %b %Y").to_string(),
        (None, true) => "read-only".to_owned(),
        (None, false) => String::new(),
    };
    let mut right = u16::try_from(state.len()).unwrap_or(0);
    let taken = if right > 0 { right + 3 } else { 0 };
    let said = model.talk.notice.as_ref().map(|it| it.text.width());
    let others = model.share_words(usize::from(width.saturating_sub(taken)), said);
    if let Some(others) = &others {
        pen.style = if others.trouble {
            model.theme.tone(Tone::Risk)
        } else {
            model.theme.title(false)
        };
        let wide = u16::try_from(others.text.width()).unwrap_or(0);
        right = taken + wide;
        pen.at(width.saturating_sub(right + 1), y, wide);
        pen.text(&others.text);
    }
    let state_wide = u16::try_from(state.len()).unwrap_or(0);
    if state_wide > 0 && width > state_wide + 2 {
        pen.style = model.theme.strong();
        pen.at(width - state_wide - 1, y, state_wide);
        pen.text(&state);
    }
    pen.style = model.theme.title(false);
    let room = width.saturating_sub(2 + if right > 0 { right + 2 } else { 0 });
    pen.at(1, y, room);
    if let Some(notice) = &model.talk.notice {
        if notice.bad {
            pen.style = model.theme.alarm();
        }
        pen.text(&notice.text);
    } else if let Some(why) = &model.loads.unwatched {
        pen.style = model.theme.tone(Tone::Risk);
        pen.text(why);
    } else {
        draw_hints(pen, model);
    }
}

/// The keys of the footer, from the command table; those that fit.
fn draw_hints(pen: &mut Pen<'_>, model: &Model) {
    if let Some(first) = model.keys.pending {
        let more = model.theme.more();
        pen.say(format_args!("{first}{more} "));
    }
    let zoomed = model.panes.zoom != Zoom::Normal && model.overlays.is_empty();
    let mut first = true;
    for scope in model.scopes() {
        for command in command::of(*scope) {
            let short = match (command.short, *scope, zoomed) {
                ("", Scope::Rows, true) if command.keys.contains(&"esc") => "back",
                (short, _, _) => short,
            };
            if short.is_empty() || command.ready(model).is_err() {
                continue;
            }
            let Some(key) = model.keys.map.first(command) else {
                continue;
            };
            let wide = key.len() + 1 + short.len() + if first { 0 } else { 3 };
            if usize::from(pen.left()) < wide {
                continue;
            }
            if !first {
                pen.style = model.theme.faint();
                let dot = model.theme.dot();
                pen.say(format_args!("{dot}"));
            }
            pen.style = model.theme.strong();
            pen.say(format_args!("{key}"));
            pen.style = model.theme.title(false);
            pen.say(format_args!(" {short}"));
            first = false;
        }
    }
}
