use proptest::prelude::*;

use super::*;
use crate::exchange::board;

fn profile() -> Profile {
    board::profile()
}

fn files(files: &[(&str, &str)]) -> Vec<(String, Vec<u8>)> {
    files
        .iter()
        .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
        .collect()
}

const BOARD: &str = "as_of,technology_provider,product,platform,arch,verification,staged_rollout\n\
                     2011-06-20,EMI,apel,sl5,x86_64,DONE,OnGoing\n";
const PACKAGES: &str = "product,version,platform,arch,package_file\n\
                        wn,5.1.0,al9,x86_64,wn-5.1.0-1.el9.x86_64.rpm\n";

#[track_caller]
fn refused(
    given: &[(&str, &str)],
    format: Option<&str>,
    kind: Option<Kind>,
    message: &str,
) -> String {
    let profile = profile();
    let context = Context {
        profile: &profile,
        mapping: &[],
        kind,
        as_of: None,
    };
    let error = read(&files(given), format, &context).unwrap_err();
    assert_eq!(error.message, message);
    error.hint
}

#[test]
fn the_header_tells_the_format() {
    let profile = profile();
    let context = Context {
        profile: &profile,
        mapping: &[],
        kind: None,
        as_of: None,
    };
    let import = read(&files(&[("a/b/board.csv", BOARD)]), None, &context).unwrap();
    assert_eq!(
        (import.format.as_str(), import.files.as_slice()),
        ("egi-status-board", &["board.csv".to_owned()][..])
    );
    let import = read(&files(&[("packages.csv", PACKAGES)]), None, &context).unwrap();
    assert_eq!(import.format, "egi-submissions");
}

#[test]
fn what_is_not_known_is_answered_with_what_is() {
    let hint = refused(
        &[("x.csv", BOARD)],
        Some("xls"),
        None,
        "There is no format \"xls\".",
    );
    assert_eq!(
        hint,
        "The formats are egi-status-board, egi-submissions, egi-releases, egi-promotions, site-runs, csv."
    );
    let hint = refused(
        &[("x.csv", "Component,Status\na,b\n")],
        None,
        None,
        "The format of x.csv is not known; its columns are Component, Status.",
    );
    assert!(
        hint.contains("--format csv --kind tickets --map product=COLUMN"),
        "{hint}"
    );
    let hint = refused(
        &[("x.csv", BOARD)],
        Some("csv"),
        None,
        "It is not said what the rows of the table are.",
    );
    assert!(hint.contains("tickets, submissions"), "{hint}");
    let kind = Some(Kind::Meeting);
    refused(
        &[("x.csv", BOARD)],
        None,
        kind,
        "A meeting is not imported from a table.",
    );
    refused(&[], None, None, "No file is given.");
}

#[test]
fn files_of_two_formats_are_not_read_as_one() {
    let given = [("board.csv", BOARD), ("packages.csv", PACKAGES)];
    refused(
        &given,
        None,
        None,
        "board.csv is egi-status-board and packages.csv is egi-submissions.",
    );
    refused(
        &given,
        Some("egi-status-board"),
        None,
        "packages.csv is no status board.",
    );
    refused(
        &given,
        Some("egi-submissions"),
        None,
        "board.csv holds neither submissions nor packages.",
    );
}

#[test]
fn a_mapping_is_for_tables_whose_columns_are_not_fixed() {
    let profile = profile();
    let mapping = [("product".to_owned(), "product".to_owned())];
    let context = Context {
        profile: &profile,
        mapping: &mapping,
        kind: None,
        as_of: None,
    };
    let error = read(
        &files(&[("b.csv", BOARD)]),
        Some("egi-status-board"),
        &context,
    )
    .unwrap_err();
    assert_eq!(
        error.message,
        "The columns of egi-status-board are fixed and take no mapping."
    );
}

#[test]
fn rejected_rows_stand_in_the_order_of_the_files() {
    let profile = profile();
    let context = Context {
        profile: &profile,
        mapping: &[],
        kind: None,
        as_of: None,
    };
    let broken = format!("{BOARD}short\n2011-06-20,EMI,ui,sl5,x86_64,Lost,\nshort\n");
    let import = read(
        &files(&[("b.csv", &broken), ("a.csv", &broken)]),
        None,
        &context,
    )
    .unwrap();
    let sources: Vec<&str> = import
        .rejected
        .iter()
        .map(|row| row.source.as_str())
        .collect();
    assert_eq!(
        sources,
        [
            "b.csv:3", "b.csv:4", "b.csv:5", "a.csv:3", "a.csv:4", "a.csv:5"
        ]
    );
    assert_eq!(import.items.len(), 2, "the repeated row is one ticket");
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), format in 0..3_usize) {
        let profile = profile();
        let context = Context { profile: &profile, mapping: &[], kind: Some(Kind::Ticket), as_of: None };
        for start in ["", BOARD, PACKAGES] {
            let body = [start.as_bytes(), &bytes].concat();
            let read = read(&[("x".to_owned(), body)], Some(FORMATS[format].name), &context);
            if let Err(error) = read {
                prop_assert!(error.message.ends_with('.') && error.hint.ends_with('.'));
            }
        }
    }

    #[test]
    fn no_table_loses_a_row_unsaid(text in "[a,\"\r\n;é\u{1b}]{0,80}") {
        let profile = profile();
        let context = Context { profile: &profile, mapping: &[], kind: Some(Kind::Product), as_of: None };
        let body = format!("name,provider\n{text}").into_bytes();
        if let Ok(import) = read(&[("x".to_owned(), body)], None, &context) {
            let said = import.items.len() + import.rejected.len() + import.mapped.len();
            prop_assert!(said > 0 || !text.contains('a'));
        }
    }
}
