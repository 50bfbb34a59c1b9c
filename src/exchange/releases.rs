//! `egi-releases`: the releases of a distribution and the products that went out with
//! each, two files joined by distribution and version, or one of them. Drops no row: a
//! release that only its products name is made from them, and where the two files
//! disagree both facts are told.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde_json::json;

use super::error::ExchangeError;
use super::format::Context;
use super::gather::{Fields, Gather, given, texts};
use super::header::Header;
use super::key;
use super::row::Row;
use super::sheet::Sheet;
use super::{Import, Item};
use crate::domain::distribution::number;
use crate::domain::distribution::release::{ReleaseKind, ReleaseState, Shipped};
use crate::domain::kind::Kind;
use crate::domain::yes;

const RELEASED: &[&str] = &["distribution", "version", "kind", "release_date"];
const SHIPPED: &[&str] = &["distribution", "release", "product", "version"];

/// The word of a release that is out; any other is told.
const OUT: &str = "deployed";

pub(super) fn detect(header: &Header) -> bool {
    header.has_all(RELEASED) || header.has_all(SHIPPED)
}

/// What went out with one release, as the products file says.
struct Shipment<'a> {
    distribution: &'a str,
    version: &'a str,
    source: String,
    products: Vec<Shipped>,
    /// Every day its rows give, in their order.
    days: Vec<NaiveDate>,
    /// A row of the releases file has taken it.
    taken: bool,
}

/// Shipments in the order of the file, found by the release's key.
#[derive(Default)]
struct Shipments<'a> {
    list: Vec<Shipment<'a>>,
    by_key: HashMap<String, usize>,
}

pub(super) fn read(sheets: &[Sheet], _context: &Context<'_>) -> Result<Import, ExchangeError> {
    if let Some(other) = sheets.iter().find(|sheet| !detect(&sheet.header)) {
        return Err(ExchangeError::new(
            format!("{} holds neither releases nor their products.", other.name),
            format!(
                "Releases have the columns {}; their products have {}.",
                RELEASED.join(", "),
                SHIPPED.join(", ")
            ),
        ));
    }
    let mut gather = Gather::default();
    let (shipped, released): (Vec<&Sheet>, Vec<&Sheet>) = sheets
        .iter()
        .partition(|sheet| sheet.header.has_all(SHIPPED));
    let mut shipments = shipments(&shipped, &mut gather);
    let (rows, of) = (
        shipments
            .list
            .iter()
            .map(|it| it.products.len())
            .sum::<usize>(),
        shipments.list.len(),
    );
    for row in rows_of(&released) {
        if let Err(why) = release(row, &mut shipments, &mut gather) {
            gather.reject(row.source(), why);
        }
    }
    for shipment in shipments.list.iter().filter(|it| !it.taken) {
        own_release(shipment, !released.is_empty(), &mut gather);
    }
    if rows > 0 {
        gather.note(format!(
            "{} read, in {}",
            counted(rows, "product release"),
            counted(of, "release")
        ));
    } else {
        gather.note("without a products file it is not known what was in them".to_owned());
    }
    Ok(gather.finish())
}

fn rows_of<'a>(sheets: &[&'a Sheet]) -> impl Iterator<Item = Row<'a>> {
    sheets
        .iter()
        .flat_map(|sheet| sheet.rows.iter().map(|row| Row { sheet, row }))
}

fn shipments<'a>(sheets: &[&'a Sheet], gather: &mut Gather) -> Shipments<'a> {
    let mut found = Shipments::default();
    for row in rows_of(sheets) {
        let (distribution, of) = (row.cell("distribution"), row.cell("release"));
        let product = row.cell("product");
        if of.is_empty() || product.is_empty() {
            gather.reject(row.source(), "it names no release or no product".to_owned());
            continue;
        }
        let day = match row.day("release_date") {
            Ok(day) => day,
            Err(why) => {
                gather.reject(row.source(), why);
                continue;
            }
        };
        let Shipments { list, by_key } = &mut found;
        let at = *by_key
            .entry(key::key(&[&name(distribution, of)]))
            .or_insert_with(|| {
                list.push(Shipment {
                    distribution,
                    version: of,
                    source: row.source(),
                    products: Vec::new(),
                    days: Vec::new(),
                    taken: false,
                });
                list.len() - 1
            });
        if let Some(shipment) = list.get_mut(at) {
            shipment.days.extend(day);
            shipment.products.push(item(row));
        }
    }
    found
}

fn item(row: Row<'_>) -> Shipped {
    let maybe = |column| given(row.cell(column)).map(str::to_owned);
    Shipped {
        product: row.cell("product").to_owned(),
        version: maybe("version"),
        platform: maybe("platform"),
        arch: maybe("arch"),
        provider: maybe("technology_provider"),
    }
}

/// "UMD 4.1.0".
fn name(distribution: &str, version: &str) -> String {
    format!("{distribution} {version}").trim().to_owned()
}

fn release(row: Row<'_>, shipments: &mut Shipments<'_>, gather: &mut Gather) -> Result<(), String> {
    let (distribution, of) = (row.cell("distribution"), row.cell("version"));
    if of.is_empty() {
        return Err("it names no version".to_owned());
    }
    let name = name(distribution, of);
    let (created, date) = (row.day("created")?, row.day("release_date")?);
    let mut fields = basics(&name, distribution, of, date);
    fields.extend(created.map(|day| ("created".to_owned(), json!(day))));
    let kind = ReleaseKind::from_word(row.cell("kind"));
    fields.insert(
        "kind".to_owned(),
        json!(kind.unwrap_or_else(|| number::kind(of))),
    );
    let advisories = split(row.cell("advisories"));
    if !advisories.is_empty() {
        fields.insert("advisories".to_owned(), json!(advisories));
    }
    let marks = marks(row);
    if !marks.is_empty() {
        fields.insert("marks".to_owned(), json!(marks));
    }
    let key = key::key(&[&name]);
    let mut notes = Vec::new();
    let at = shipments.by_key.get(&key).copied();
    if let Some(shipment) = at.and_then(|at| shipments.list.get_mut(at)) {
        shipment.taken = true;
        fields.insert("shipped".to_owned(), json!(shipment.products));
        notes.extend(disagreements(&name, row, date, shipment));
    } else if !shipments.list.is_empty() {
        notes.push(format!("{name} ({}) comes without products", row.source()));
    }
    notes.extend(doubts(row, &name, kind, (created, date)));
    let source = row.source();
    let added = gather.add(Item {
        kind: Kind::Release,
        key,
        source,
        fields,
    });
    for note in notes.into_iter().filter(|_| added) {
        gather.note(note);
    }
    Ok(())
}

/// What a release's own row says that is not taken as it stands.
fn doubts(
    row: Row<'_>,
    name: &str,
    kind: Option<ReleaseKind>,
    (created, date): (Option<NaiveDate>, Option<NaiveDate>),
) -> Vec<String> {
    let mut notes = Vec::new();
    if let (Some(from), Some(to)) = (created, date)
        && from > to
    {
        notes.push(format!(
            "{name} was released on {to} and taken up on {from} ({})",
            row.source()
        ));
    }
    let (word, told) = (row.cell("state"), row.cell("kind"));
    if !word.is_empty() && word != OUT {
        notes.push(format!(
            "{name} is {word} ({}) and has a date: taken as {}",
            row.source(),
            ReleaseState::Published.word()
        ));
    }
    if kind.is_none() && !told.is_empty() {
        let taken = number::kind(row.cell("version")).word();
        notes.push(format!(
            "the kind of {name} is {told} ({}): taken as {taken}, by its version",
            row.source()
        ));
    }
    notes
}

/// What every release says of itself; a release of a file is out.
fn basics(name: &str, distribution: &str, version: &str, date: Option<NaiveDate>) -> Fields {
    let date = date.map(|day| day.to_string()).unwrap_or_default();
    texts(&[
        ("name", name),
        ("distribution", distribution),
        ("version", version),
        ("state", ReleaseState::Published.word()),
        ("date", &date),
        ("entered", &date),
    ])
}

fn split(text: &str) -> Vec<&str> {
    text.split([' ', ';', ','])
        .filter(|part| !part.is_empty())
        .collect()
}

/// Words that the notes mention; the source decides nothing by them.
fn marks(row: Row<'_>) -> Vec<&'static str> {
    let said = |column| yes::read(row.cell(column)) == Some(true) || row.cell(column) == "1";
    [
        ("emergency_mentioned", "emergency"),
        ("security_mentioned", "security"),
    ]
    .into_iter()
    .filter(|(column, _)| said(column))
    .map(|(_, word)| word)
    .collect()
}

/// Where the release's row and its products' rows say different things.
fn disagreements(
    name: &str,
    row: Row<'_>,
    date: Option<NaiveDate>,
    shipment: &Shipment<'_>,
) -> Vec<String> {
    let mut notes = Vec::new();
    let (told, counted) = (row.cell("product_count"), shipment.products.len());
    if !told.is_empty() && told.parse() != Ok(counted) {
        notes.push(format!(
            "{name} counts {told} in product_count ({}) and {} it as theirs (from {}): all are kept",
            row.source(),
            match counted {
                1 => "1 row names".to_owned(),
                n => format!("{n} rows name"),
            },
            shipment.source
        ));
    }
    let others = shipment.days.iter().filter(|day| Some(**day) != date);
    let count = self::counted(others.clone().count(), "product");
    if let (Some(date), Some(other)) = (date, others.min()) {
        notes.push(format!(
            "{name} was released on {date} ({}) and {count} of it on another day, the earliest on {other}: the release's is kept",
            row.source()
        ));
    }
    notes
}

/// "1 product", "2 products".
fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// A release that only its products name.
fn own_release(shipment: &Shipment<'_>, expected: bool, gather: &mut Gather) {
    let Shipment {
        distribution,
        version,
        source,
        products,
        days,
        ..
    } = shipment;
    let name = name(distribution, version);
    let mut fields = basics(&name, distribution, version, days.iter().max().copied());
    fields.insert("kind".to_owned(), json!(number::kind(version)));
    fields.insert("shipped".to_owned(), json!(products));
    if expected {
        gather.note(format!(
            "{name} is named by {} only (from {source}): made from what they say",
            counted(products.len(), "product")
        ));
    }
    gather.add(Item {
        kind: Kind::Release,
        key: key::key(&[&name]),
        source: source.clone(),
        fields,
    });
}

#[cfg(test)]
#[path = "releases_tests.rs"]
mod tests;
