//! The full lists: the outbox, submissions, products, people, cycles, announcements,
//! problems and releases. Each is a table and a sentence for when there is nothing in it.

use super::table::{Column, column};
use super::{clock, id};
use crate::tui::widget::pen::Pen;
use crate::workspace::look::board::rows::{Cells, Record, Row, SortBy};

/// What an empty list says, and what to do next.
type Words = (&'static str, &'static str);

pub(super) const NO_MESSAGE: Words = (
    "No message yet.",
    "A step that owes somebody a message drafts it here; nothing is sent by itself.",
);
pub(super) const NO_SUBMISSION: Words =
    ("No submission yet.", "{submit} takes a product release in.");
pub(super) const NO_PRODUCT: Words = (
    "No product yet.",
    "{product add} names one, and whom to tell when it is late.",
);
pub(super) const NO_PERSON: Words = (
    "No person yet.",
    "{person add} names a manager, a verifier or anybody with a part.",
);
pub(super) const NO_CYCLE: Words = (
    "No cycle yet.",
    "{cycle add} starts one with its milestones.",
);

pub(super) const NO_ANNOUNCEMENT: Words = (
    "No announcement yet.",
    "{announce} tells the rollout sites of a verified ticket, each with its own last day.",
);
pub(super) const NO_PROBLEM: Words = (
    "No problem and no known error yet.",
    "{problem file} takes in what a site filed through the helpdesk.",
);
pub(super) const NO_RELEASE: Words = (
    "No release of the distribution yet.",
    "{release add} plans one, {import} takes in those that were.",
);

#[rustfmt::skip]
pub(super) const OUTBOX: &[Column] = &[
    column("id", (5, 7, 0), id).by(SortBy::Id),
    column("state", (7, 8, 1), state).by(SortBy::State),
    column("subject", (14, 64, 0), title).by(SortBy::Title),
    column("to", (10, 36, 4), who),
    column("kind", (8, 14, 3), more),
    column("since", (6, 9, 2), day),
];

#[rustfmt::skip]
pub(super) const SUBMISSIONS: &[Column] = &[
    column("id", (5, 7, 0), id).by(SortBy::Id),
    column("product", (11, 36, 0), title).by(SortBy::Title),
    column("state", (9, 10, 1), state).by(SortBy::State),
    column("clock", (7, 20, 1), record_clock),
    column("due", (6, 9, 3), day).by(SortBy::Due),
    column("owner", (6, 14, 4), who).by(SortBy::Owner),
    column("for", (8, 48, 5), more),
];

#[rustfmt::skip]
pub(super) const PRODUCTS: &[Column] = &[
    column("name", (12, 34, 0), id).by(SortBy::Id),
    column("contact", (10, 36, 1), contact),
    column("provider", (10, 36, 2), who),
];

#[rustfmt::skip]
pub(super) const PEOPLE: &[Column] = &[
    column("name", (11, 30, 0), id).by(SortBy::Id),
    column("roles", (7, 28, 1), state),
    column("away", (17, 20, 2), day),
    column("mail", (10, 36, 3), more),
    column("organisation", (12, 34, 4), who),
];

#[rustfmt::skip]
pub(super) const CYCLES: &[Column] = &[
    column("name", (11, 34, 0), id).by(SortBy::Id),
    column("state", (8, 8, 1), state).by(SortBy::State),
    column("release", (7, 9, 1), day).by(SortBy::Due),
    column("week", (4, 5, 2), who),
    column("start", (6, 9, 3), more),
];

#[rustfmt::skip]
pub(super) const ANNOUNCEMENTS: &[Column] = &[
    column("id", (5, 7, 0), id).by(SortBy::Id),
    column("release", (11, 36, 0), title).by(SortBy::Title),
    column("state", (7, 8, 1), state).by(SortBy::State),
    column("sites", (15, 18, 1), more),
    column("next", (6, 7, 2), record_clock),
    column("due", (6, 9, 3), day),
    column("owner", (6, 14, 4), who).by(SortBy::Owner),
];

#[rustfmt::skip]
pub(super) const PROBLEMS: &[Column] = &[
    column("id", (5, 7, 0), id).by(SortBy::Id),
    column("state", (7, 8, 1), state).by(SortBy::State),
    column("how bad", (11, 18, 1), judged),
    column("problem", (14, 72, 0), title).by(SortBy::Title),
    column("owner", (6, 14, 3), who).by(SortBy::Owner),
    column("since", (6, 9, 2), day),
];

#[rustfmt::skip]
pub(super) const RELEASES: &[Column] = &[
    column("name", (11, 30, 0), id).by(SortBy::Id),
    column("state", (11, 15, 1), state).by(SortBy::State),
    column("date", (6, 10, 1), day).by(SortBy::Due),
    column("in", (6, 7, 2), record_clock),
    column("contents", (10, 14, 2), more),
    column("kind", (8, 9, 3), title),
    column("owner", (6, 14, 4), who).by(SortBy::Owner),
];

fn cells(row: &Row) -> Option<&Record> {
    match &row.cells {
        Cells::Record(record) => Some(record),
        _ => None,
    }
}

fn text(pen: &mut Pen<'_>, row: &Row, of: fn(&Record) -> &str) {
    if let Some(record) = cells(row) {
        pen.text(of(record));
    }
}

/// The same, as it stands.
fn toned(pen: &mut Pen<'_>, row: &Row, of: fn(&Record) -> &str) {
    pen.style = pen.theme.tone(row.tone);
    text(pen, row, of);
}

fn title(pen: &mut Pen<'_>, row: &Row) {
    text(pen, row, |record| &record.title);
}

fn state(pen: &mut Pen<'_>, row: &Row) {
    toned(pen, row, |record| &record.state);
}

fn who(pen: &mut Pen<'_>, row: &Row) {
    text(pen, row, |record| &record.who);
}

fn more(pen: &mut Pen<'_>, row: &Row) {
    text(pen, row, |record| &record.more);
}

/// How bad a problem is, or what helps against it until it is fixed.
fn judged(pen: &mut Pen<'_>, row: &Row) {
    toned(pen, row, |record| &record.more);
}

fn contact(pen: &mut Pen<'_>, row: &Row) {
    toned(pen, row, |record| &record.more);
}

fn day(pen: &mut Pen<'_>, row: &Row) {
    text(pen, row, |record| &record.day);
}

fn record_clock(pen: &mut Pen<'_>, row: &Row) {
    if let Some(record) = cells(row) {
        clock(pen, row.tone, (record.permille, &record.clock));
    }
}
