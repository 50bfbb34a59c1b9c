//! The sites that try releases first: how each stands in the rollouts that are running,
//! how it kept what it agreed to, what it runs, and whether it can be reached.

use super::list::List;
use super::table::{CellOf, Column, Extra, Span, column};
use crate::tui::model::Model;
use crate::tui::widget::pen::Pen;
use crate::workspace::look::board::rows::{
    Cells, Ledger, Mark, Row, Site, SortBy, Tone, Turn, level,
};

/// The narrowest and the widest that a rollout's column gets.
const MARKS: (u16, u16) = (8, 18);
/// At most so many products have a column for what the sites run of them.
const PRODUCTS: usize = 8;

pub(super) fn empty(_: &Model) -> (&'static str, &'static str) {
    (
        "No site yet.",
        "{site add} names one, {site sla} what it agreed to.",
    )
}

/// Whether the pane shows how the sites stand, and not only who they are.
pub(super) fn is_grid(list: &List) -> bool {
    !list.heads.is_empty()
}

pub(super) fn row(pen: &mut Pen<'_>, row: &Row, width: u16) {
    let Cells::Site(site) = &row.cells else {
        return;
    };
    let wide = width >= 70;
    pen.cell(if wide { 20 } else { 12 }, &site.name);
    let plain = pen.style;
    if width >= 30 {
        pen.skip(1);
        if width >= 44 {
            pen.cell(if wide { 16 } else { 9 }, &site.country);
            pen.skip(1);
        }
        pen.within(10, |pen| contact(pen, row));
        pen.style = plain;
    }
    pen.skip(1);
    agreements(pen, row);
}

/// Beside other panes, while rollouts are running; their marks come after the first column.
#[rustfmt::skip]
pub(super) const GRID: &[Column] = &[
    column("", (8, 14, 0), name),
];

#[rustfmt::skip]
pub(super) const KEPT: &[Column] = &[
    column("", (8, 14, 0), name),
    column("SLA kept", (8, 8, 2), kept),
];

#[rustfmt::skip]
pub(super) const TABLE: &[Column] = &[
    column("name", (11, 30, 0), name).by(SortBy::Id),
    column("country", (7, 20, 2), country),
    column("contact", (10, 10, 1), contact),
    column("agreements", (12, 60, 0), agreements),
];

/// The same beside rollouts: how a site stands comes before who it is.
#[rustfmt::skip]
const TOLD: &[Column] = &[
    column("name", (11, 30, 0), name).by(SortBy::Id),
    column("country", (7, 20, 6), country),
    column("contact", (10, 10, 4), contact),
    column("agreements", (12, 60, 5), agreements),
];

/// And once periods are over and there is something to reckon with.
#[rustfmt::skip]
pub(super) const LEDGER: &[Column] = &[
    column("name", (11, 30, 0), name).by(SortBy::Id),
    column("SLA kept", (8, 8, 1), kept),
    column("answers in", (10, 10, 3), |pen, row| text(pen, row, days)),
    column("latest turns", (16, 30, 2), recent),
    column("country", (7, 20, 6), country),
    column("contact", (10, 10, 4), contact),
    column("agreements", (12, 60, 5), agreements),
];

/// The columns of the pane, zoomed or not.
pub(super) fn columns(list: &List, alone: bool) -> &'static [Column] {
    let reckoned = list.rows.iter().any(|row| {
        let ledger = |it: &Site| it.ledger.as_ref().is_some_and(|it| !it.kept.is_empty());
        matches!(&row.cells, Cells::Site(site) if ledger(site))
    });
    match (alone, reckoned) {
        (true, true) => LEDGER,
        (true, false) if is_grid(list) => TOLD,
        (true, false) => TABLE,
        (false, true) => KEPT,
        (false, false) => GRID,
    }
}

/// A column for each rollout, and with all the room one for each product that sites run.
pub(super) fn extra(model: &Model, list: &List, alone: bool) -> Vec<Extra> {
    let marks = list.heads.iter().enumerate();
    let marks = marks.map(|(n, head)| {
        // What a site reported is a change of its announcement.
        let fresh = model.since.is_new(&head.key);
        let mark = if fresh { model.theme.fresh() } else { "" };
        rollout(n, format!("{}{mark}", head.label), list)
    });
    let mut extra: Vec<Extra> = marks.collect();
    if alone {
        extra.extend(products(list).into_iter().map(runs));
    }
    extra
}

fn rollout(n: usize, heading: String, list: &List) -> Extra {
    let texts = list.rows.iter().filter_map(|row| mark(row, n));
    let widest = texts.map(|mark| wide(&mark.text)).max().unwrap_or(0);
    let most = widest.max(wide(&heading)).clamp(MARKS.0, MARKS.1);
    Extra {
        heading,
        span: Span {
            least: most,
            most,
            // The most urgent one stays the longest; all of them before where a site is.
            rank: u8::from(n > 0) * 3,
        },
        cell: CellOf::Mark(n),
    }
}

fn wide(text: &str) -> u16 {
    use unicode_width::UnicodeWidthStr as _;
    u16::try_from(text.width()).unwrap_or(u16::MAX)
}

/// The products that most of the sites run, the commonest first.
fn products(list: &List) -> Vec<String> {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for row in &list.rows {
        let Cells::Site(site) = &row.cells else {
            continue;
        };
        for (product, _) in &site.runs {
            match counts.iter_mut().find(|(name, _)| name == product) {
                Some((_, n)) => *n += 1,
                None => counts.push((product.clone(), 1)),
            }
        }
    }
    counts.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
    counts.truncate(PRODUCTS);
    counts.into_iter().map(|(name, _)| name).collect()
}

fn runs(product: String) -> Extra {
    let heading = format!("runs {product}");
    let most = wide(&heading).clamp(8, 18);
    Extra {
        heading,
        span: Span {
            least: most,
            most,
            rank: 5,
        },
        cell: CellOf::Runs(product),
    }
}

fn mark(row: &Row, n: usize) -> Option<&Mark> {
    match &row.cells {
        Cells::Site(site) => site.marks.get(n)?.as_ref(),
        _ => None,
    }
}

pub(super) fn draw_mark(pen: &mut Pen<'_>, row: &Row, n: usize) {
    if let Some(mark) = mark(row, n) {
        pen.style = pen.theme.tone(mark.tone);
        pen.text(&mark.text);
    } else {
        pen.style = pen.theme.faint();
        pen.text("-");
    }
}

pub(super) fn draw_runs(pen: &mut Pen<'_>, row: &Row, product: &str) {
    if let Cells::Site(site) = &row.cells
        && let Some((_, version)) = site.runs.iter().find(|(name, _)| name == product)
    {
        pen.text(version);
    }
}

/// Lines below the rows that say how each rollout stands.
pub(super) fn lines_below(list: &List, (_, height): (u16, u16)) -> u16 {
    let wanted = u16::try_from(list.heads.len())
        .unwrap_or(u16::MAX)
        .saturating_add(1);
    if list.heads.is_empty() || height < 8 {
        return 0;
    }
    wanted.min(height / 2)
}

/// The announcements in progress, one line each, below the rows.
pub(super) fn draw_below(
    pen: &mut Pen<'_>,
    list: &List,
    (x, y, width, height): (u16, u16, u16, u16),
) {
    if height == 0 {
        return;
    }
    let plain = pen.theme.title(false);
    pen.style = pen.theme.faint();
    pen.at(x, y, width);
    pen.text("in progress");
    for (at, head) in (y + 1..y + height).zip(&list.heads) {
        pen.at(x, at, width);
        pen.style = pen.theme.tone(head.tone);
        pen.cell(6, &head.key.id);
        pen.skip(1);
        pen.style = plain;
        pen.say(format_args!("{}: ", head.title));
        pen.text(&head.sentence);
    }
}

fn text(pen: &mut Pen<'_>, row: &Row, of: fn(&Site) -> &str) {
    if let Cells::Site(site) = &row.cells {
        pen.text(of(site));
    }
}

fn name(pen: &mut Pen<'_>, row: &Row) {
    text(pen, row, |site| &site.name);
}

fn country(pen: &mut Pen<'_>, row: &Row) {
    text(pen, row, |site| &site.country);
}

fn days(site: &Site) -> &str {
    site.ledger.as_ref().map_or("", |it| &it.days)
}

fn ledger(row: &Row) -> Option<&Ledger> {
    match &row.cells {
        Cells::Site(site) => site.ledger.as_ref(),
        _ => None,
    }
}

fn kept(pen: &mut Pen<'_>, row: &Row) {
    if let Some(ledger) = ledger(row) {
        if ledger.misses {
            pen.style = pen.theme.tone(Tone::Risk);
        }
        pen.text(&ledger.kept);
        if ledger.misses {
            pen.text(" !");
        }
    }
}

/// The latest turns as glyphs, and the last one in words.
fn recent(pen: &mut Pen<'_>, row: &Row) {
    let Some(ledger) = ledger(row) else {
        return;
    };
    let room = usize::from(pen.left().saturating_sub(9)).min(12);
    let skipped = ledger.recent.len().saturating_sub(room);
    for turn in ledger.recent.iter().skip(skipped) {
        let glyph = glyph(*turn, pen.theme.ascii);
        pen.say(format_args!("{glyph}"));
    }
    pen.say(format_args!(" "));
    pen.text(&ledger.last);
}

/// The sooner the answer, the lower its bar; what is no answer in time is a letter.
fn glyph(turn: Turn, ascii: bool) -> char {
    match turn {
        Turn::InTime(_) if ascii => '+',
        Turn::InTime(permille) => level(permille, false),
        Turn::Late => 'L',
        Turn::Consent => 's',
        Turn::Silent => 'S',
        Turn::CalledOff => 'x',
        Turn::Waiting => '.',
    }
}

fn contact(pen: &mut Pen<'_>, row: &Row) {
    if let Cells::Site(site) = &row.cells {
        if site.contact {
            pen.text("contact");
        } else {
            pen.style = pen.theme.tone(row.tone);
            pen.text("no contact");
        }
    }
}

fn agreements(pen: &mut Pen<'_>, row: &Row) {
    let plain = pen.style;
    if let Cells::Site(site) = &row.cells {
        if site.sla.is_empty() {
            pen.style = pen.theme.faint();
            pen.text("no agreement");
            pen.style = plain;
        } else {
            pen.text(&site.sla);
        }
    }
}
