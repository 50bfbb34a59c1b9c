//! `site-runs`: what runs at which site, one row a site and product, told apart from
//! reports. Whether the site is known is the desk's part, not the file's.

use std::collections::HashMap;

use serde_json::json;

use super::error::ExchangeError;
use super::format::Context;
use super::gather::{Gather, given, texts};
use super::header::Header;
use super::key;
use super::row::Row;
use super::sheet::Sheet;
use super::{Import, Item};
use crate::domain::kind::Kind;

const COLUMNS: &[&str] = &["site", "product", "version"];

pub(super) fn detect(header: &Header) -> bool {
    header.has_all(COLUMNS)
}

pub(super) fn read(sheets: &[Sheet], context: &Context<'_>) -> Result<Import, ExchangeError> {
    let mut gather = Gather::default();
    let mut seen: HashMap<String, (String, String)> = HashMap::new();
    for sheet in sheets {
        if !detect(&sheet.header) {
            return Err(ExchangeError::new(
                format!("{} does not say what runs where.", sheet.name),
                format!(
                    "It needs the columns {}, and may have platform, on and how.",
                    COLUMNS.join(", ")
                ),
            ));
        }
        for row in &sheet.rows {
            let row = Row { sheet, row };
            if let Err(why) = take(row, context, &mut seen, &mut gather) {
                gather.reject(row.source(), why);
            }
        }
    }
    Ok(gather.finish())
}

fn take(
    row: Row<'_>,
    context: &Context<'_>,
    seen: &mut HashMap<String, (String, String)>,
    gather: &mut Gather,
) -> Result<(), String> {
    let (site, product) = (row.cell("site"), row.cell("product"));
    let version = row.cell("version");
    for (column, text) in [("site", site), ("product", product), ("version", version)] {
        if text.is_empty() {
            return Err(format!("it names no {column}"));
        }
    }
    let on = row.day("on")?.or(context.as_of);
    let key = key::key(&[site, product]);
    if let Some((first, source)) = seen.get(&key)
        && first != version
    {
        return Err(format!(
            "{site} runs {product} {version} here and {product} {first} in {source}"
        ));
    }
    seen.insert(key.clone(), (version.to_owned(), row.source()));
    let mut fields = texts(&[
        ("site", site),
        ("product", product),
        ("version", version),
        ("platform", row.cell("platform")),
        ("how", given(row.cell("how")).unwrap_or("import")),
    ]);
    fields.extend(on.map(|on| ("on".to_owned(), json!(on))));
    gather.add(Item {
        kind: Kind::Site,
        key,
        source: row.source(),
        fields,
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{board, format};

    #[test]
    fn each_row_is_what_runs_at_a_site_and_two_versions_of_one_are_told_with_both() {
        let text = "site,product,version,platform,on,how\n\
                    CNAF,FTS,3.13.2,al9,2026-11-02,probe\n\
                    CNAF,fts,3.13.4,al9,,\n\
                    PIC,FTS,,,,\n\
                    RAL,ARC,7.0.3,,,\n";
        let profile = board::profile();
        let context = Context {
            profile: &profile,
            mapping: &[],
            kind: None,
            as_of: None,
        };
        let files = [("runs.csv".to_owned(), text.as_bytes().to_vec())];
        let import = format::read(&files, None, &context).unwrap();
        assert_eq!(import.format, "site-runs");
        assert_eq!(
            json!(import.items[0].fields),
            json!({ "site": "CNAF", "product": "FTS", "version": "3.13.2",
                "platform": "al9", "on": "2026-11-02", "how": "probe" })
        );
        assert_eq!(import.items[1].fields["how"], "import");
        let why: Vec<&str> = import.rejected.iter().map(|it| it.why.as_str()).collect();
        assert_eq!(
            why,
            [
                "CNAF runs fts 3.13.4 here and fts 3.13.2 in runs.csv:2",
                "it names no version"
            ]
        );
    }
}
