//! `egi-promotions`: what was merged into which repository, one row a merge. Every
//! product, version and platform is one ticket; a row that its branch contradicts is
//! kept as its columns say, and told.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::error::ExchangeError;
use super::format::Context;
use super::gather::{Gather, given, texts};
use super::header::{Header, folded};
use super::key;
use super::row::Row;
use super::sheet::Sheet;
use super::{Import, Item};
use crate::domain::kind::Kind;
use crate::domain::queue::state::State;
use crate::domain::queue::ticket::Repository;
use crate::domain::when::When;

const COLUMNS: &[&str] = &["merged_at", "repository_stage", "product", "version"];

pub(super) fn detect(header: &Header) -> bool {
    header.has_all(COLUMNS)
}

/// One merge.
struct Merge {
    to: Repository,
    at: DateTime<Utc>,
    proof: String,
    major: String,
}

/// All merges of one product, version and platform.
struct Found<'a> {
    product: &'a str,
    version: &'a str,
    platform: &'a str,
    source: String,
    merges: Vec<Merge>,
}

pub(super) fn read(sheets: &[Sheet], _context: &Context<'_>) -> Result<Import, ExchangeError> {
    let mut gather = Gather::default();
    let mut found: Vec<Found<'_>> = Vec::new();
    let mut by_key: HashMap<String, usize> = HashMap::new();
    for sheet in sheets {
        if !detect(&sheet.header) {
            return Err(ExchangeError::new(
                format!("{} tells of no promotions.", sheet.name),
                format!("It needs the columns {}.", COLUMNS.join(", ")),
            ));
        }
        for row in &sheet.rows {
            let row = Row { sheet, row };
            match merge(row) {
                Ok(merge) => {
                    gather.count(row.cell("repository_stage"), merge.to.word());
                    for note in branch_notes(row) {
                        gather.note(note);
                    }
                    take(row, merge, &mut found, &mut by_key);
                }
                Err(why) => gather.reject(row.source(), why),
            }
        }
    }
    for found in &found {
        ticket(found, &mut gather);
    }
    Ok(gather.finish())
}

fn merge(row: Row<'_>) -> Result<Merge, String> {
    if row.cell("product").is_empty() {
        return Err("it names no product".to_owned());
    }
    let to = match row.cell("repository_stage").to_lowercase().as_str() {
        "testing" | "beta" => Repository::Beta,
        "production" => Repository::Production,
        other => {
            return Err(format!(
                "repository_stage is \"{other}\", neither testing nor production"
            ));
        }
    };
    let text = row.cell("merged_at");
    let at = DateTime::parse_from_rfc3339(text)
        .map_err(|_| format!("merged_at is \"{text}\", no time with an offset (RFC 3339)"))?;
    let major = row.cell("umd_major").to_owned();
    let parts = [
        given(row.cell("pull_request")).map(|number| format!("pull request {number}")),
        given(&major).map(|major| format!("UMD {major}")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let proof = if parts.is_empty() {
        row.source()
    } else {
        parts.join(", ")
    };
    Ok(Merge {
        to,
        at: at.with_timezone(&Utc),
        proof,
        major,
    })
}

fn take<'a>(
    row: Row<'a>,
    merge: Merge,
    found: &mut Vec<Found<'a>>,
    by_key: &mut HashMap<String, usize>,
) {
    let (product, version) = (row.cell("product"), row.cell("version"));
    let platform = row.cell("platform");
    let key = key::ticket(product, given(version), platform, "");
    let at = *by_key.entry(key).or_insert_with(|| {
        found.push(Found {
            product,
            version,
            platform,
            source: row.source(),
            merges: Vec::new(),
        });
        found.len() - 1
    });
    if let Some(found) = found.get_mut(at) {
        found.merges.push(merge);
    }
}

/// The ticket of a product's merges: with its sites while only in beta, else released.
fn ticket(found: &Found<'_>, gather: &mut Gather) {
    let Found {
        product,
        version,
        platform,
        source,
        merges,
    } = found;
    let first = |to| {
        let times = merges.iter().filter(|it| it.to == to);
        times.map(|it| it.at).min()
    };
    let (beta, production) = (first(Repository::Beta), first(Repository::Production));
    let state = match production {
        Some(_) => State::Released,
        None => State::StagedRollout,
    };
    let entered = production.or(beta).map(When::Instant);
    let mut fields = texts(&[
        ("product", product),
        ("version", version),
        ("platform", platform),
        ("state", state.word()),
    ]);
    if let Some(entered) = entered {
        fields.insert("entered".to_owned(), json!(entered));
    }
    let promotions: Vec<Value> = merges
        .iter()
        .map(|it| json!({ "to": it.to, "at": When::Instant(it.at), "proof": it.proof }))
        .collect();
    fields.insert("promotions".to_owned(), json!(promotions));
    let mut majors: Vec<&str> = merges.iter().map(|it| it.major.as_str()).collect();
    majors.sort_unstable();
    majors.dedup();
    let key = key::ticket(product, given(version), platform, "");
    // What is out asks nothing of its product team, so its product is not made for it.
    if state != State::Released {
        gather.product(product, None, source);
    }
    let added = gather.add(Item {
        kind: Kind::Ticket,
        key,
        source: source.clone(),
        fields,
    });
    if added && majors.len() > 1 {
        gather.note(format!(
            "{product} {version} went to UMD {}: one ticket, as no platform tells them apart",
            majors.join(" and to UMD ")
        ));
    }
}

/// Where a branch's name and the row's columns say different things.
fn branch_notes(row: Row<'_>) -> Vec<String> {
    let (product, version) = (row.cell("product"), row.cell("version"));
    let (platform, branch) = (row.cell("platform"), row.cell("branch"));
    if branch.is_empty() {
        return Vec::new();
    }
    let lower = branch.to_lowercase();
    let told = if version.is_empty() {
        None
    } else {
        lower.split_once(&version.to_lowercase())
    };
    let mut differs = Vec::new();
    if !folded(&lower).contains(&folded(product)) {
        differs.push(format!("the product is {product}"));
    }
    if !version.is_empty() && !told.is_some_and(|(_, rest)| ends_there(rest)) {
        differs.push(format!("the version is {version}"));
    }
    let behind = told
        .map_or("", |(_, rest)| rest)
        .trim_matches(['-', '.', '_']);
    if !behind.is_empty() && ends_there(behind) && folded(behind) != folded(platform) {
        let named = given(platform).unwrap_or("not given");
        differs.push(format!("the platform is {named}"));
    }
    let (major, first) = (row.cell("umd_major"), major(&lower));
    if !major.is_empty() && first.is_some_and(|first| first != major) {
        differs.push(format!("it went to UMD {major}"));
    }
    differs
        .into_iter()
        .map(|fact| {
            format!(
                "{} ({}): the branch is {branch} and {fact}; the column is kept",
                [product, version].join(" ").trim_end(),
                row.source()
            )
        })
        .collect()
}

/// A version does not go on behind where it was found.
fn ends_there(rest: &str) -> bool {
    let mut letters = rest.chars();
    match letters.next() {
        Some('.') => !letters.next().is_some_and(|it| it.is_ascii_digit()),
        Some(letter) => !letter.is_ascii_digit(),
        None => true,
    }
}

/// The distribution's major version that a branch begins with: `UMD-5-`, `UMD4-`.
fn major(branch: &str) -> Option<&str> {
    let rest = branch.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
    let rest = rest.strip_prefix('-').unwrap_or(rest);
    let end = rest.find('-')?;
    let number = &rest[..end];
    (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(number)
}

#[cfg(test)]
#[path = "promotions_tests.rs"]
mod tests;
