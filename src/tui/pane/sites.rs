//! The sites that try releases first: where, whether they can be reached, and the
//! days they agreed to.

use super::table::{Column, column};
use crate::tui::model::Model;
use crate::tui::widget::pen::Pen;
use crate::workspace::look::board::rows::{Cells, Row, Site, SortBy};

pub(super) fn empty(_: &Model) -> (&'static str, &'static str) {
    (
        "No site yet.",
        "`:site add` names one, `:site sla` what it agreed to.",
    )
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

#[rustfmt::skip]
pub(super) const TABLE: &[Column] = &[
    column("name", (11, 30, 0), name).by(SortBy::Id),
    column("country", (7, 20, 2), |pen, row| text(pen, row, |site| &site.country)),
    column("contact", (10, 10, 1), contact),
    column("agreements", (12, 60, 0), agreements),
];

fn text(pen: &mut Pen<'_>, row: &Row, of: fn(&Site) -> &str) {
    if let Cells::Site(site) = &row.cells {
        pen.text(of(site));
    }
}

fn name(pen: &mut Pen<'_>, row: &Row) {
    text(pen, row, |site| &site.name);
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
