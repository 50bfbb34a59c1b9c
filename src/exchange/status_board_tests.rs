use super::*;
use crate::exchange::format;
use crate::exchange::gather::Fields;

const HEADER: &str =
    "as_of,technology_provider,product,platform,arch,verification,staged_rollout,expected_finish";

fn import(rows: &str) -> Import {
    let profile = board::profile();
    let context = Context {
        profile: &profile,
        mapping: &[],
        kind: None,
        as_of: None,
    };
    let file = (
        "board.csv".to_owned(),
        format!("{HEADER}\n{rows}").into_bytes(),
    );
    format::read(&[file], None, &context).unwrap()
}

fn tickets(import: &Import) -> Vec<&Item> {
    import
        .items
        .iter()
        .filter(|item| item.kind == Kind::Ticket)
        .collect()
}

/// Rows of UMD 1's board of 20 June 2011 (`egi_umd1_status_board_2011-06-20.csv`).
const UMD_1: &str = "2011-06-20,EMI,apel,sl5,x86_64,DONE,OnGoing,2011-06-28\n\
                     2011-06-20,EMI,arc-ce,sl5,x86_64,OnGoing,,\n\
                     2011-06-20,EMI,bdii-site,sl5,x86_64,DONE,OnGoing,2011-06-23\n\
                     2011-06-20,EMI,dcache,sl5,x86_64,NotStarted,,\n\
                     2011-06-20,EMI,lfc_oracle,sl5,x86_64,OnHold,,\n\
                     2011-06-20,EMI,wms,sl5,x86_64,Rejected,,\n";

#[test]
fn a_row_is_a_ticket_that_is_there_at_least_since_that_day() {
    let import = import(UMD_1);
    let first = tickets(&import)[0];
    assert_eq!(
        (first.key.as_str(), first.source.as_str()),
        ("apel||sl5|x86_64", "board.csv:2")
    );
    let mut expected = texts(&[
        ("product", "apel"),
        ("platform", "sl5"),
        ("arch", "x86_64"),
        ("provider", "EMI"),
        ("state", "staged-rollout"),
        ("entered", "2011-06-20"),
        ("expected", "2011-06-28"),
        ("source_words", "DONE / OnGoing"),
    ]);
    expected.insert("at_least".to_owned(), Value::Bool(true));
    assert_eq!(first.fields, expected);
    assert!(!tickets(&import)[1].fields.contains_key("expected"));
}

#[test]
fn the_import_says_how_it_mapped() {
    let import = import(UMD_1);
    assert_eq!(
        import.mapped,
        [
            "2 × DONE / OnGoing → staged-rollout",
            "1 × NotStarted / - → unverified",
            "1 × OnGoing / - → verification",
            "1 × OnHold / - → waiting-for-response",
            "1 × Rejected / - → rejected",
        ]
    );
    assert!(import.rejected.is_empty());
}

#[test]
fn every_product_comes_once_with_its_provider() {
    let import = import(&format!(
        "{UMD_1}2011-06-20,EMI,APEL,sl6,x86_64,DONE,DONE,\n"
    ));
    let products: Vec<&Item> = import
        .items
        .iter()
        .filter(|item| item.kind == Kind::Product)
        .collect();
    assert_eq!(products.len(), 6);
    assert_eq!(
        products[0].fields,
        Fields::from([
            ("name".to_owned(), Value::from("apel")),
            ("provider".to_owned(), Value::from("EMI")),
        ])
    );
    let note =
        "the name of APEL is \"apel\" (board.csv:2) and \"APEL\" (board.csv:8): the first is taken";
    assert!(
        import.mapped.iter().any(|line| line == note),
        "{:?}",
        import.mapped
    );
}

#[track_caller]
fn rejected(row: &str, why: &str) {
    let import = import(&format!("{UMD_1}{row}\n"));
    assert_eq!(tickets(&import).len(), 6);
    assert_eq!(
        (
            import.rejected[0].source.as_str(),
            import.rejected[0].why.as_str()
        ),
        ("board.csv:8", why)
    );
}

#[test]
fn a_row_that_cannot_be_taken_is_rejected_with_what_stands_there() {
    rejected(
        "2011-06-20,EMI,ui,sl5,x86_64,Lost,,",
        "the profile's board does not map \"Lost / -\"",
    );
    rejected(
        "20 June,EMI,ui,sl5,x86_64,DONE,,",
        "as_of is \"20 June\", a day is written YYYY-MM-DD",
    );
    rejected(
        "2011-06-20,EMI,ui,sl5,x86_64,DONE,,2011-06-31",
        "expected_finish is \"2011-06-31\", which is no day of 1970 to 2199",
    );
    rejected(
        ",EMI,ui,sl5,x86_64,DONE,,",
        "it does not say the day it was so (as_of)",
    );
    rejected("2011-06-20,EMI,,sl5,x86_64,DONE,,", "it names no product");
    rejected(
        "2011-06-20,EMI,WMS,sl5,x86_64,DONE,,",
        "wms||sl5|x86_64 is already the ticket of board.csv:7",
    );
}

#[test]
fn a_row_that_repeats_another_is_left_out_and_counted() {
    let import = import(&format!(
        "{UMD_1}2011-06-20,EMI,wms,sl5,x86_64,Rejected,,\n"
    ));
    assert_eq!(tickets(&import).len(), 6);
    assert!(import.rejected.is_empty());
    assert_eq!(
        import.mapped.last().map(String::as_str),
        Some("1 × a row that repeats an earlier one → left out")
    );
}
