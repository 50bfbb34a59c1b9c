//! Records from other people's files. Reads the files, records nothing.

use super::{Deed, Entry, Filled, Group, On, PREVIEW, Preview, Value};
use crate::workspace::action::Action;
use crate::workspace::files;
use crate::workspace::look::list;
use crate::workspace::refusal::Refusal;
use crate::workspace::session::{ImportAsked, Session};

/// The lists that a plain CSV may hold.
const KINDS: &[&str] = &[
    "tickets",
    "submissions",
    "products",
    "sites",
    "milestones",
    "people",
    "lessons",
    "actions",
];

#[rustfmt::skip]
pub(super) const DEEDS: &[Deed] = &[
    Deed::new("import", "Take in records from files: status boards, submissions, releases, merges, what sites run, any CSV",
        (Group::Exchange, On::Desk), &[
        Entry::place(("files", "Files", "The files; submissions and their packages, releases and their products belong together"), Value::File).called("FILES").many(),
        Entry::named(("format", "Format", "The format; without it the header tells"), Value::Text).called("F"),
        Entry::named(("kind", "Holds", "What a plain CSV holds: tickets, submissions, products, sites, milestones, people, lessons, actions"), Value::Word(KINDS)).called("KIND"),
        Entry::named(("map", "Columns", "Which column a field is in: version=Release"), Value::Pair).called("FIELD=COLUMN").many()], import)
        .previewed(Preview { flag: "dry-run", ..PREVIEW }),
];

fn import(filled: &Filled, session: &Session) -> Result<Action, Refusal> {
    let asked = ImportAsked {
        format: filled.maybe("format"),
        kind: filled.one("kind").map(list::kind).transpose()?,
        mapping: filled.pairs("map", "--map version=Release")?,
    };
    // At least one: the first has to be there.
    filled.path("files")?;
    let mut read = Vec::new();
    for file in filled.paths("files")? {
        read.push((files::name(file), files::bytes(file, files::IMPORT_LIMIT)?));
    }
    Ok(Action::Import(session.read_import(&read, &asked)?))
}
