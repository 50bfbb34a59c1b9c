//! `egi-status-board`: where each product of a distribution stands on one day, as
//! two words. The profile's `board` maps them; unmapped words are rejected, not guessed.

use serde_json::Value;

use super::board;
use super::error::ExchangeError;
use super::format::Context;
use super::gather::{Gather, given, texts};
use super::header::Header;
use super::key;
use super::row::Row;
use super::sheet::Sheet;
use super::{Import, Item};
use crate::domain::kind::Kind;

pub(super) fn detect(header: &Header) -> bool {
    header.has_all(&[
        "product",
        "platform",
        "arch",
        "verification",
        "staged_rollout",
    ])
}

pub(super) fn read(sheets: &[Sheet], context: &Context<'_>) -> Result<Import, ExchangeError> {
    let mut gather = Gather::default();
    for sheet in sheets {
        if !detect(&sheet.header) {
            return Err(ExchangeError::new(
                format!("{} is no status board.", sheet.name),
                "It needs the columns product, platform, arch, verification and staged_rollout.",
            ));
        }
        for row in &sheet.rows {
            let row = Row { sheet, row };
            if let Err(why) = take(&row, context, &mut gather) {
                gather.reject(row.source(), why);
            }
        }
    }
    Ok(gather.finish())
}

fn take(row: &Row<'_>, context: &Context<'_>, gather: &mut Gather) -> Result<(), String> {
    let (product, platform, arch) = (row.cell("product"), row.cell("platform"), row.cell("arch"));
    if product.is_empty() {
        return Err("it names no product".to_owned());
    }
    let (verification, rollout) = (row.cell("verification"), row.cell("staged_rollout"));
    let words = board::words(verification, rollout);
    let state = board::state(context.profile, verification, rollout)
        .ok_or_else(|| format!("the profile's board does not map \"{words}\""))?;
    let as_of = row
        .day("as_of")?
        .or(context.as_of)
        .ok_or_else(|| "it does not say the day it was so (as_of)".to_owned())?;
    let expected = row.day("expected_finish")?;
    let provider = row.cell("technology_provider");
    let version = row.cell("version");

    let mut fields = texts(&[
        ("product", product),
        ("version", version),
        ("platform", platform),
        ("arch", arch),
        ("provider", provider),
        ("state", state.word()),
        ("entered", &as_of.to_string()),
        ("source_words", &words),
    ]);
    fields.insert("at_least".to_owned(), Value::Bool(true));
    if let Some(expected) = expected {
        fields.insert("expected".to_owned(), Value::from(expected.to_string()));
    }
    let source = row.source();
    gather.product(product, given(provider), &source);
    let key = key::ticket(product, given(version), platform, arch);
    if gather.add(Item {
        kind: Kind::Ticket,
        key,
        source,
        fields,
    }) {
        gather.count(&words, state.word());
    }
    Ok(())
}

#[cfg(test)]
#[path = "status_board_tests.rs"]
mod tests;
