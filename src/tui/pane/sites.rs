//! The sites that try releases first: where, whether they can be reached, and the
//! days they agreed to.

use crate::tui::model::Model;
use crate::tui::widget::pen::Pen;
use crate::workspace::look::board::rows::{Cells, Row};

pub(super) fn empty(_: &Model) -> (&'static str, &'static str) {
    (
        "No site yet.",
        "`relmate site add …` names one, `relmate site sla …` what it agreed to.",
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
        let contact = if site.contact {
            "contact"
        } else {
            "no contact"
        };
        if !site.contact {
            pen.style = pen.theme.tone(row.tone);
        }
        pen.cell(10, contact);
        pen.style = plain;
    }
    pen.skip(1);
    if site.sla.is_empty() {
        pen.style = pen.theme.faint();
        pen.text("no agreement");
        pen.style = plain;
    } else {
        pen.text(&site.sla);
    }
}
