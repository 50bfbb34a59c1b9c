//! A pane as a table: which columns fit, their headings, their cells. Columns that have
//! no room are left out, the least important first; nothing is drawn over its end.

use unicode_width::UnicodeWidthStr;

use super::list::List;
use super::sites;
use crate::tui::widget::pen::Pen;
use crate::workspace::look::board::rows::{Row, Sort, SortBy};

/// One column of a table.
pub(super) struct Column {
    pub(super) heading: &'static str,
    pub(super) span: Span,
    /// The order that it stands for.
    pub(super) sort: Option<SortBy>,
    pub(super) draw: fn(&mut Pen<'_>, &Row),
}

impl Column {
    /// Says which order the column stands for.
    pub(super) const fn by(self, sort: SortBy) -> Self {
        Self {
            sort: Some(sort),
            ..self
        }
    }
}

/// How wide a column has to be, how wide it may be, and who goes first: one of rank 0 is
/// never left out, the highest rank is left out first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) least: u16,
    pub(super) most: u16,
    pub(super) rank: u8,
}

pub(super) const fn column(
    heading: &'static str,
    (least, most, rank): (u16, u16, u8),
    draw: fn(&mut Pen<'_>, &Row),
) -> Column {
    Column {
        heading,
        span: Span { least, most, rank },
        sort: None,
        draw,
    }
}

/// Blank cells between two columns.
fn gap(width: u16) -> u16 {
    if width >= 70 { 2 } else { 1 }
}

/// Columns of the terminal for each column; 0 for one that is left out.
pub(super) fn fit(spans: &[Span], width: u16) -> Vec<u16> {
    let gap = gap(width);
    let mut shown = vec![true; spans.len()];
    let used = |shown: &[bool]| -> u16 {
        let kept = spans.iter().zip(shown).filter(|(_, shown)| **shown);
        kept.map(|(span, _)| span.least.saturating_add(gap))
            .fold(0, u16::saturating_add)
            .saturating_sub(gap)
    };
    while used(&shown) > width {
        let last = (0..spans.len())
            .filter(|at| shown[*at] && spans[*at].rank > 0)
            .max_by_key(|at| (spans[*at].rank, *at));
        match last {
            Some(at) => shown[at] = false,
            None => break,
        }
    }
    let mut spare = width.saturating_sub(used(&shown));
    let mut widths: Vec<u16> = spans
        .iter()
        .zip(&shown)
        .map(|(span, shown)| if *shown { span.least } else { 0 })
        .collect();
    // What is left over goes round, so that no column has all of it.
    while spare > 0 {
        let before = spare;
        for (at, span) in spans.iter().enumerate() {
            // What matters most grows twice as fast.
            let more = if span.rank == 0 { 2 } else { 1 };
            if shown[at] {
                let more = more.min(spare).min(span.most.saturating_sub(widths[at]));
                widths[at] += more;
                spare -= more;
            }
        }
        if spare == before {
            break;
        }
    }
    widths
}

/// A column that stands in no list of ours.
pub(super) struct Extra {
    pub(super) heading: String,
    pub(super) span: Span,
    pub(super) cell: CellOf,
}

/// Where the text of such a column comes from.
pub(super) enum CellOf {
    /// A field that was chosen.
    Field(usize),
    /// How a site stands in one of the rollouts.
    Mark(usize),
    /// What a site runs of a product.
    Runs(String),
}

/// One place of a table: a column of its list, or one of the others.
#[derive(Clone, Copy)]
enum At {
    Own(usize),
    Extra(usize),
}

/// The widest that a chosen column may grow.
const WIDEST: usize = 28;

/// A table laid out for a width.
pub(super) struct Table {
    columns: &'static [Column],
    extra: Vec<Extra>,
    /// What stands where, from the left.
    order: Vec<At>,
    widths: Vec<u16>,
    sort: Sort,
    width: u16,
}

impl Table {
    pub(super) fn new(columns: &'static [Column], list: &List, width: u16) -> Self {
        Self::with(columns, Vec::new(), list, width)
    }

    /// The same with further columns behind the first one.
    pub(super) fn with(
        columns: &'static [Column],
        mut extra: Vec<Extra>,
        list: &List,
        width: u16,
    ) -> Self {
        let further = extra.len();
        let chosen = list.columns().iter().enumerate();
        extra.extend(chosen.map(|(n, name)| Extra::new(n, name, list)));
        let own = (0..columns.len()).map(At::Own);
        let mut order: Vec<At> = own.collect();
        let first = usize::from(!order.is_empty());
        order.splice(first..first, (0..further).map(At::Extra));
        order.extend((further..extra.len()).map(At::Extra));
        let span = |at: &At| match at {
            At::Own(n) => columns[*n].span,
            At::Extra(n) => extra[*n].span,
        };
        let spans: Vec<Span> = order.iter().map(span).collect();
        Self {
            columns,
            widths: fit(&spans, width),
            order,
            extra,
            sort: list.sort(),
            width,
        }
    }

    pub(super) fn headings(&self, pen: &mut Pen<'_>, at: (u16, u16)) {
        pen.style = pen.theme.faint();
        self.across(pen, at, &mut |pen, at| match at {
            At::Own(n) => {
                let column = &self.columns[n];
                pen.say(format_args!("{}", column.heading));
                let sorts = self.sort.by != SortBy::Urgency && column.sort == Some(self.sort.by);
                if sorts {
                    let mark = pen.theme.sorted(self.sort.backwards);
                    pen.say(format_args!(" {mark}"));
                }
            }
            At::Extra(n) => pen.text(&self.extra[n].heading),
        });
    }

    pub(super) fn row(&self, pen: &mut Pen<'_>, row: &Row, at: (u16, u16)) {
        self.across(pen, at, &mut |pen, at| {
            pen.style = pen.theme.title(false);
            match at {
                At::Own(n) => (self.columns[n].draw)(pen, row),
                At::Extra(n) => match &self.extra[n].cell {
                    CellOf::Field(n) => pen.text(row.extra.get(*n).map_or("", String::as_str)),
                    CellOf::Mark(n) => sites::draw_mark(pen, row, *n),
                    CellOf::Runs(product) => sites::draw_runs(pen, row, product),
                },
            }
        });
    }

    /// Draws each column that is shown in its place on a line.
    fn across(
        &self,
        pen: &mut Pen<'_>,
        (x, y): (u16, u16),
        draw: &mut dyn FnMut(&mut Pen<'_>, At),
    ) {
        let (mut at, end) = (x, x.saturating_add(self.width));
        for (place, wide) in self.order.iter().zip(&self.widths) {
            if *wide == 0 || at >= end {
                continue;
            }
            pen.at(at, y, (*wide).min(end - at));
            draw(pen, *place);
            at = at.saturating_add(*wide).saturating_add(gap(self.width));
        }
    }
}

impl Extra {
    /// As wide as its texts are, within reason; a chosen column stays when others go.
    fn new(n: usize, name: &str, list: &List) -> Self {
        let heading = name.replace('_', " ");
        let texts = list.rows.iter().filter_map(|row| row.extra.get(n));
        let widest = texts.map(|text| text.width()).max().unwrap_or(0);
        let most = widest.max(heading.width()).clamp(4, WIDEST);
        let most = u16::try_from(most).unwrap_or(u16::MAX);
        Self {
            span: Span {
                least: most.min(8),
                most,
                rank: 1,
            },
            heading,
            cell: CellOf::Field(n),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn span(least: u16, most: u16, rank: u8) -> Span {
        Span { least, most, rank }
    }

    #[test]
    fn the_least_important_column_goes_first_and_nothing_overflows() {
        let spans = [
            span(5, 7, 0),
            span(12, 30, 0),
            span(8, 10, 1),
            span(6, 20, 3),
            span(6, 9, 2),
        ];
        assert_eq!(fit(&spans, 41), [5, 12, 8, 6, 6]);
        assert_eq!(fit(&spans, 40), [7, 14, 9, 0, 7], "then the rest is shared");
        assert_eq!(fit(&spans, 30), [7, 13, 8, 0, 0]);
        assert_eq!(
            fit(&spans, 10),
            [5, 12, 0, 0, 0],
            "the rest is cut on drawing"
        );
        for width in 0..250_u16 {
            let widths = fit(&spans, width);
            let shown = widths.iter().filter(|wide| **wide > 0).count();
            let gaps = u16::try_from(shown.saturating_sub(1)).unwrap() * gap(width);
            let used: u16 = widths.iter().sum::<u16>() + gaps;
            assert!(used <= width.max(5 + 12 + 1), "{width}: {widths:?}");
            for (wide, span) in widths.iter().zip(&spans) {
                assert!(*wide <= span.most && (*wide == 0 || *wide >= span.least));
            }
        }
    }
}
