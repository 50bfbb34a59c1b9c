//! `egi-submissions`: the products handed in and the packages of each, two files joined
//! by product and version. Drops nothing: packages that nobody submitted are a
//! submission of their own, and what does not agree is noted with both facts.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::error::ExchangeError;
use super::format::Context;
use super::gather::{Fields, Gather, given, texts};
use super::header::Header;
use super::key;
use super::row::Row;
use super::sheet::Sheet;
use super::submission_quirks::{package_note, path_note};
use super::{Import, Item};
use crate::domain::kind::Kind;
use crate::domain::queue::state::SubmissionState;
use crate::domain::queue::submission::Target;

const SUBMITTED: &[&str] = &[
    "product",
    "version",
    "technology_provider",
    "release_date",
    "path",
];
const PACKAGED: &[&str] = &["product", "version", "platform", "arch", "package_file"];

pub(super) fn detect(header: &Header) -> bool {
    header.has_all(SUBMITTED) || header.has_all(PACKAGED)
}

/// What the packages file says of one product and version.
struct Delivery<'a> {
    product: &'a str,
    version: &'a str,
    source: String,
    targets: Vec<Target>,
    packages: Vec<&'a str>,
    /// A submission has taken it.
    submitted: bool,
}

pub(super) fn read(sheets: &[Sheet], context: &Context<'_>) -> Result<Import, ExchangeError> {
    if let Some(other) = sheets.iter().find(|sheet| !detect(&sheet.header)) {
        return Err(ExchangeError::new(
            format!("{} holds neither submissions nor packages.", other.name),
            format!(
                "Submissions have the columns {}; packages have {}.",
                SUBMITTED.join(", "),
                PACKAGED.join(", ")
            ),
        ));
    }
    let mut gather = Gather::default();
    let (packaged, submitted): (Vec<&Sheet>, Vec<&Sheet>) = sheets
        .iter()
        .partition(|sheet| sheet.header.has_all(PACKAGED));
    let mut deliveries = deliveries(&packaged, &mut gather);
    if packaged.is_empty() {
        gather.note("without a packages file no platform is known".to_owned());
    }
    for row in rows(&submitted) {
        if let Err(why) = submission(row, context, &mut deliveries, &mut gather) {
            gather.reject(row.source(), why);
        }
    }
    for delivery in deliveries
        .list
        .iter()
        .filter(|delivery| !delivery.submitted)
    {
        own_submission(delivery, context, !submitted.is_empty(), &mut gather);
    }
    Ok(gather.finish())
}

fn rows<'a>(sheets: &[&'a Sheet]) -> impl Iterator<Item = Row<'a>> {
    sheets
        .iter()
        .flat_map(|sheet| sheet.rows.iter().map(|row| Row { sheet, row }))
}

/// Deliveries in the order of the file, found by key.
#[derive(Default)]
struct Deliveries<'a> {
    list: Vec<Delivery<'a>>,
    by_key: HashMap<String, usize>,
}

fn deliveries<'a>(sheets: &[&'a Sheet], gather: &mut Gather) -> Deliveries<'a> {
    let mut found = Deliveries::default();
    let mut seen: HashMap<String, String> = HashMap::new();
    for row in rows(sheets) {
        let (product, version) = (row.cell("product"), row.cell("version"));
        let (platform, arch) = (row.cell("platform"), row.cell("arch"));
        let package = row.cell("package_file");
        if product.is_empty() || package.is_empty() {
            gather.reject(row.source(), "it names no product or no package".to_owned());
            continue;
        }
        let whole = key::key(&[product, version, platform, arch, package]);
        if let Some(first) = seen.get(&whole) {
            gather.reject(
                row.source(),
                format!("the package stands in {first} already"),
            );
            continue;
        }
        seen.insert(whole, row.source());
        let Deliveries { list, by_key } = &mut found;
        let at = *by_key
            .entry(key::submission(product, given(version)))
            .or_insert_with(|| {
                let source = row.source();
                let (targets, packages) = (Vec::new(), Vec::new());
                list.push(Delivery {
                    product,
                    version,
                    source,
                    targets,
                    packages,
                    submitted: false,
                });
                list.len() - 1
            });
        if let Some(delivery) = list.get_mut(at) {
            let target = Target {
                platform: platform.to_owned(),
                arch: arch.to_owned(),
            };
            if !delivery.targets.contains(&target) {
                delivery.targets.push(target);
            }
            delivery.packages.push(package);
        }
    }
    found
}

fn submission(
    row: Row<'_>,
    context: &Context<'_>,
    deliveries: &mut Deliveries<'_>,
    gather: &mut Gather,
) -> Result<(), String> {
    let (product, words) = (row.cell("product"), row.cell("state"));
    if product.is_empty() {
        return Err("it names no product".to_owned());
    }
    let mapped = context
        .profile
        .submission_words
        .iter()
        .find(|(word, _)| word.eq_ignore_ascii_case(words))
        .map_or(words, |(_, state)| state.as_str());
    let state = SubmissionState::ALL
        .into_iter()
        .find(|state| state.word().eq_ignore_ascii_case(mapped));
    let mut fields = facts(row, context)?;
    if let Some(state) = state {
        fields.insert("state".to_owned(), json!(state));
    }
    let key = key::submission(product, given(row.cell("version")));
    let notes = joined(row, &key, deliveries, &mut fields);
    let source = row.source();
    gather.product(product, given(row.cell("technology_provider")), &source);
    let item = Item {
        kind: Kind::Submission,
        key,
        source,
        fields,
    };
    if gather.add(item) {
        let to = state.map_or(
            "no state of a submission, kept as source_state",
            SubmissionState::word,
        );
        gather.count(&format!("state {}", given(words).unwrap_or("-")), to);
        for note in notes {
            gather.note(note);
        }
    }
    Ok(())
}

/// What a row of the submissions file says by itself.
fn facts(row: Row<'_>, context: &Context<'_>) -> Result<Fields, String> {
    let submitted = row.day("release_date")?.or(context.as_of);
    let submitted = submitted.map(|day| day.to_string()).unwrap_or_default();
    let mut fields = texts(&[
        ("product", row.cell("product")),
        ("version", row.cell("version")),
        ("provider", row.cell("technology_provider")),
        ("submitted", &submitted),
        ("source_state", row.cell("state")),
        ("source_path", row.cell("path")),
    ]);
    fields.insert("at_least".to_owned(), Value::Bool(true));
    fields.insert("targets".to_owned(), json!([]));
    Ok(fields)
}

/// Adds what the packages file says; returns what does not agree.
fn joined(
    row: Row<'_>,
    key: &str,
    deliveries: &mut Deliveries<'_>,
    fields: &mut Fields,
) -> Vec<String> {
    let (product, version, source) = (row.cell("product"), row.cell("version"), row.source());
    let mut notes: Vec<String> = path_note(product, version, row.cell("path"))
        .map(|note| format!("{note} ({source})"))
        .into_iter()
        .collect();
    let Deliveries { list, by_key } = deliveries;
    let Some(delivery) = by_key.get(key).and_then(|at| list.get_mut(*at)) else {
        if !list.is_empty() {
            notes.push(format!(
                "{product} {version} ({source}) comes without packages: no platform is known"
            ));
        }
        return notes;
    };
    delivery.submitted = true;
    fields.insert("targets".to_owned(), json!(delivery.targets));
    fields.insert("packages".to_owned(), json!(delivery.packages));
    let Delivery {
        product: other,
        source: place,
        packages,
        ..
    } = delivery;
    if *other != product {
        notes.push(format!(
            "{product} ({source}) is written {other} in {place}: taken as one"
        ));
    }
    notes.extend(package_note(product, version, place, packages));
    notes
}

/// Packages that no submission names.
fn own_submission(
    delivery: &Delivery<'_>,
    context: &Context<'_>,
    expected: bool,
    gather: &mut Gather,
) {
    let Delivery {
        product,
        version,
        source,
        targets,
        packages,
        ..
    } = delivery;
    let mut fields = texts(&[
        ("product", product),
        ("version", version),
        (
            "submitted",
            &context.as_of.map(|day| day.to_string()).unwrap_or_default(),
        ),
    ]);
    fields.insert("at_least".to_owned(), Value::Bool(true));
    fields.insert("targets".to_owned(), json!(targets));
    fields.insert("packages".to_owned(), json!(packages));
    if expected {
        let count = packages.len();
        gather.note(format!(
            "{product} {version} has {count} packages ({source}) and no submission: taken as one of its own"
        ));
    }
    gather.product(product, None, source);
    let key = key::submission(product, given(version));
    gather.add(Item {
        kind: Kind::Submission,
        key,
        source: source.clone(),
        fields,
    });
}

#[cfg(test)]
#[path = "submissions_tests.rs"]
mod tests;
