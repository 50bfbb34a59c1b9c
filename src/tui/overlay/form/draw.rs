//! A form as it is drawn: facts, lines, choices and what would follow, as pieces below
//! each other of which those around the line with the focus are seen.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::line::{Line, Verdict};
use super::{Form, Preview};
use crate::tui::layout;
use crate::tui::overlay::text::wrap;
use crate::tui::overlay::{beyond, frame};
use crate::tui::talk;
use crate::tui::theme::Theme;
use crate::tui::widget::pen::Pen;
use crate::workspace::deed::{Need, Value};
use crate::workspace::receipt::Receipt;

/// The most lines of a long text that are seen at once.
const LONG: u16 = 8;
/// The most lines of a letter that stand in a form.
const LETTER: usize = 200;

/// Something below something else.
enum Piece<'f> {
    /// What the deed does.
    Head(String),
    Text(&'f str, Style),
    /// Below a line, and a little to its right.
    Said(String, Style),
    Entry(usize, &'f Line),
    Choice(bool, &'f str, &'f str),
}

/// Columns of the labels.
fn labels(width: u16) -> u16 {
    if width >= 60 { 22 } else { 0 }
}

impl Piece<'_> {
    fn height(&self, width: u16) -> u16 {
        let lines = |text: &str, indent: u16| {
            let lines = wrap(text, width.saturating_sub(indent)).count();
            u16::try_from(lines).unwrap_or(1).min(12)
        };
        match self {
            Piece::Head(text) => lines(text, 0),
            Piece::Text(text, _) => lines(text, 0),
            Piece::Said(text, _) => lines(text, labels(width).min(2)),
            Piece::Choice(..) => 1,
            Piece::Entry(_, line) => {
                let label = u16::from(labels(width) == 0);
                let text = if line.is_long() {
                    let wanted = u16::try_from(line.field.lines()).unwrap_or(LONG);
                    wanted.clamp(3, LONG)
                } else {
                    1
                };
                label + text
            }
        }
    }
}

/// Draws it; says where the cursor stands.
pub(in crate::tui) fn draw(form: &Form, pen: &mut Pen<'_>, size: (u16, u16)) -> (u16, u16) {
    let (width, _) = layout::page_text(size);
    let pieces = pieces(form, pen.theme);
    let heights: Vec<u16> = pieces.iter().map(|piece| piece.height(width)).collect();
    let all: usize = heights.iter().map(|height| usize::from(*height)).sum();
    let (rect, inner) = frame(pen, size, &title(form), all);
    let scroll = scroll(form, &pieces, &heights, inner.height);
    let mut cursor = (inner.x, inner.y);
    let mut y = -i32::from(scroll);
    for (piece, height) in pieces.iter().zip(&heights) {
        // A piece that begins above is not drawn; one that ends below is cut.
        let top = y;
        y += i32::from(*height);
        if top < 0 || top >= i32::from(inner.height) {
            continue;
        }
        let area = Rect {
            y: inner.y + u16::try_from(top).unwrap_or(0),
            height: *height,
            ..inner
        }
        .intersection(inner);
        if let Some(at) = one(form, piece, pen, area) {
            cursor = at;
        }
    }
    beyond(pen, rect, (usize::from(scroll), all));
    cursor
}

/// "T-12 ARC 7.0.3 al9, ticket delay"
fn title(form: &Form) -> String {
    match form.title.as_str() {
        "" => form.deed.name.to_owned(),
        title => format!("{title}, {}", form.deed.name),
    }
}

/// How many lines are scrolled away so that the focus and its choices are seen.
fn scroll(form: &Form, pieces: &[Piece<'_>], heights: &[u16], room: u16) -> u16 {
    let sum = |heights: &[u16]| {
        heights
            .iter()
            .fold(0_u16, |all, it| all.saturating_add(*it))
    };
    let total = sum(heights);
    if total <= room {
        return 0;
    }
    let focus = |piece: &Piece<'_>| matches!(piece, Piece::Entry(index, _) if *index == form.at);
    let Some(place) = pieces.iter().position(focus) else {
        return 0;
    };
    let mut after = place + 1;
    while matches!(pieces.get(after), Some(Piece::Choice(..) | Piece::Said(..))) {
        after += 1;
    }
    let start = sum(&heights[..place]);
    let end = sum(&heights[..after]);
    // What would follow stands at the end: without a line below, it is what one wants to see.
    let last = form.at + 1 >= form.lines.len();
    let wish = if last { total } else { end.saturating_add(2) };
    wish.saturating_sub(room).min(start).min(total - room)
}

fn pieces(form: &Form, theme: Theme) -> Vec<Piece<'_>> {
    let faint = theme.faint();
    let mut pieces = vec![
        Piece::Head(format!("{}.", form.deed.about)),
        Piece::Text("", faint),
    ];
    for fact in &form.facts {
        pieces.push(Piece::Text(fact, faint));
    }
    if !form.facts.is_empty() {
        pieces.push(Piece::Text("", faint));
    }
    for line in form.letter.iter().take(LETTER) {
        pieces.push(Piece::Text(line, theme.title(false)));
    }
    if form.letter.len() > LETTER {
        pieces.push(Piece::Text("The rest is in the open record.", faint));
    }
    if !form.letter.is_empty() {
        pieces.push(Piece::Text("", faint));
    }
    for (index, line) in form.lines.iter().enumerate() {
        pieces.push(Piece::Entry(index, line));
        below(&mut pieces, (index == form.at, line), theme);
    }
    if let Some(note) = &form.note {
        pieces.push(Piece::Text(note, faint));
    }
    pieces.push(Piece::Text("", faint));
    consequences(&mut pieces, form, theme);
    pieces
}

/// What stands below a line: what is wrong, what is meant, what can be chosen.
fn below<'f>(pieces: &mut Vec<Piece<'f>>, (focus, line): (bool, &'f Line), theme: Theme) {
    match &line.verdict {
        Verdict::Bad(why) => pieces.push(Piece::Said(format!("! {why}"), theme.alarm())),
        Verdict::Good(echo) if !echo.is_empty() => {
            pieces.push(Piece::Said(format!("= {echo}"), theme.faint()));
        }
        Verdict::Good(_) | Verdict::Empty | Verdict::Missing if focus => {
            let many = if line.many {
                "; several apart by commas"
            } else {
                ""
            };
            pieces.push(Piece::Said(format!("{}{many}", line.help), theme.faint()));
        }
        Verdict::Good(_) | Verdict::Empty | Verdict::Missing => {}
    }
    if focus && line.has_choices() {
        for (marked, choice) in line.shown() {
            pieces.push(Piece::Choice(marked, &choice.value, &choice.label));
        }
    }
}

/// What it would set in motion, or why it cannot be done.
fn consequences<'f>(pieces: &mut Vec<Piece<'f>>, form: &'f Form, theme: Theme) {
    let plain = theme.title(false);
    if let Some(refusal) = &form.refused {
        pieces.push(Piece::Said(format!("! {}", refusal.message), theme.alarm()));
        if let Some(hint) = &refusal.hint {
            pieces.push(Piece::Said(in_its_words(form, hint), plain));
        }
        return;
    }
    if form.saving {
        pieces.push(Piece::Text("Recording.", theme.strong()));
        return;
    }
    if let Some(missing) = form.missing() {
        pieces.push(Piece::Said(missing, theme.faint()));
        return;
    }
    match &form.preview {
        Preview::None => {}
        Preview::Waiting => {
            pieces.push(Piece::Text("Looking at what would follow.", theme.faint()));
        }
        Preview::Refused(refusal) => {
            pieces.push(Piece::Said(
                format!("! It would be refused: {}", refusal.message),
                theme.alarm(),
            ));
            if let Some(hint) = &refusal.hint {
                pieces.push(Piece::Said(in_its_words(form, hint), plain));
            }
        }
        Preview::Would(receipt) => would(pieces, receipt, theme),
    }
}

/// A hint that names the shell's options names the form's lines here.
fn in_its_words(form: &Form, hint: &str) -> String {
    if hint.contains('`') {
        // A whole line of the shell stays what it is.
        return hint.to_owned();
    }
    let mut hint = hint.to_owned();
    for entry in form.deed.entries {
        let option = format!("--{}", entry.name);
        let label = format!("{:?}", entry.label);
        for value in [entry.value_name(), "REASON", "NAME", "WHEN", "MAIL"] {
            hint = hint.replace(&format!("{option} {value}"), &label);
        }
        hint = hint.replace(&option, &label);
    }
    hint
}

fn would<'f>(pieces: &mut Vec<Piece<'f>>, receipt: &'f Receipt, theme: Theme) {
    pieces.push(Piece::Text("What this sets in motion", theme.strong()));
    for said in &receipt.said {
        pieces.push(Piece::Said(format!("- {said}"), theme.title(false)));
    }
    for warning in talk::warnings(receipt) {
        let tone = theme.tone(crate::workspace::look::board::rows::Tone::Risk);
        pieces.push(Piece::Said(format!("! {warning}"), tone));
    }
    if receipt.said.is_empty() && receipt.warnings.is_empty() {
        pieces.push(Piece::Text("Nothing would change.", theme.faint()));
    }
}

fn one(form: &Form, piece: &Piece<'_>, pen: &mut Pen<'_>, area: Rect) -> Option<(u16, u16)> {
    let text = |pen: &mut Pen<'_>, text: &str, style: Style, area: Rect| {
        pen.style = style;
        for (y, part) in (area.y..area.bottom()).zip(wrap(text, area.width)) {
            pen.at(area.x, y, area.width);
            pen.text(part);
        }
    };
    match piece {
        Piece::Head(said) => text(pen, said, pen.theme.strong(), area),
        Piece::Text(said, style) => text(pen, said, *style, area),
        Piece::Said(said, style) => {
            let indent = labels(area.width).min(2);
            let area = Rect {
                x: area.x + indent,
                width: area.width.saturating_sub(indent),
                ..area
            };
            text(pen, said, *style, area);
        }
        Piece::Choice(marked, value, label) => choice(pen, area, *marked, (value, label)),
        Piece::Entry(index, line) => {
            let cursor = entry(pen, area, line, *index == form.at);
            return (*index == form.at).then_some(cursor);
        }
    }
    None
}

/// A label that begins with the value says it twice beside it.
fn besides<'c>(value: &str, label: &'c str) -> &'c str {
    match label.strip_prefix(value) {
        Some("") => "",
        Some(rest) if rest.starts_with([' ', ',']) => rest.trim_start_matches([' ', ',']),
        _ => label,
    }
}

fn choice(pen: &mut Pen<'_>, area: Rect, marked: bool, (value, label): (&str, &str)) {
    let label = besides(value, label);
    let indent = labels(area.width).max(2);
    let theme = pen.theme;
    pen.style = theme.title(false);
    pen.at(area.x + indent, area.y, area.width.saturating_sub(indent));
    let pointer = if marked { theme.pointer() } else { " " };
    pen.cell(2, pointer);
    pen.cell(18, value);
    pen.skip(1);
    pen.style = theme.faint();
    pen.text(label);
    if marked {
        let row = Rect {
            x: area.x + indent,
            width: area.width.saturating_sub(indent),
            height: 1,
            ..area
        };
        pen.buf
            .set_style(row.intersection(pen.buf.area), theme.selected());
    }
}

fn entry(pen: &mut Pen<'_>, area: Rect, line: &Line, focus: bool) -> (u16, u16) {
    let theme = pen.theme;
    let beside = labels(area.width);
    pen.style = if focus {
        theme.strong()
    } else {
        theme.title(false)
    };
    let room = if beside > 0 { beside } else { area.width };
    pen.at(area.x, area.y, room);
    let pointer = if focus { theme.pointer() } else { " " };
    pen.cell(2, pointer);
    pen.text(&line.label);
    if line.need != Need::May {
        pen.style = theme.tone(crate::workspace::look::board::rows::Tone::Duty);
        pen.text(" *");
    }
    let below = u16::from(beside == 0);
    let field = Rect {
        x: area.x + beside.max(2),
        y: area.y + below,
        width: area.width.saturating_sub(beside.max(2)),
        height: area.height.saturating_sub(below),
    };
    if line.value == Value::Yes {
        let on = line.text() == "yes";
        pen.style = theme.title(false);
        pen.at(field.x, field.y, field.width);
        pen.text(if on { "[x] yes" } else { "[ ] no" });
        if focus {
            pen.style = theme.faint();
            pen.text("   space changes it");
        }
        return (field.x + 1, field.y);
    }
    let style = theme.input(focus);
    if focus {
        return line.field.draw(pen, field, style);
    }
    pen.style = style;
    pen.buf.set_style(field.intersection(pen.buf.area), style);
    let text = line.text();
    for (y, part) in (field.y..field.bottom()).zip(text.lines()) {
        pen.at(field.x, y, field.width);
        pen.text(part);
    }
    (field.x, field.y)
}
