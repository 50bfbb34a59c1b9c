use super::*;

fn sheet(text: &str) -> Sheet {
    read("board.csv", text.as_bytes()).unwrap()
}

#[track_caller]
fn refused(bytes: &[u8], message: &str) {
    let error = read("folder/board.csv", bytes).unwrap_err();
    assert_eq!(error.message, message);
    assert!(error.hint.ends_with('.'), "{}", error.hint);
}

fn lines(sheet: &Sheet) -> Vec<usize> {
    sheet.rows.iter().map(|row| row.line).collect()
}

fn rejections(sheet: &Sheet) -> Vec<String> {
    sheet
        .rejected
        .iter()
        .map(|row| format!("{} {}", row.source, row.why))
        .collect()
}

#[test]
fn a_mark_at_the_start_and_windows_line_ends_do_not_matter() {
    let sheet = sheet("\u{feff}product;arch\r\napel;x86_64\r\nargus;x86_64\r\n");
    assert_eq!(sheet.header.columns(), ["product", "arch"]);
    assert_eq!(sheet.rows[1].cells, ["argus", "x86_64"]);
    assert_eq!(lines(&sheet), [2, 3]);
}

#[test]
fn commas_semicolons_and_tabs_are_told_apart_by_the_header() {
    for text in [
        "a,b\n1;x,2\n",
        "a;b\n1;2\n",
        "a\tb\n1\t2\n",
        "\"a,b,c\";b\n1;2\n",
    ] {
        assert_eq!(sheet(text).rows[0].cells.len(), 2, "{text}");
    }
}

#[test]
fn a_row_knows_its_starting_line_behind_quoted_and_blank_lines() {
    let sheet = sheet("a,b\n\n1,\"two\nlines\"\r\n\r\n2,x\n3,y\n");
    assert_eq!(lines(&sheet), [3, 6, 7]);
    assert_eq!(sheet.rows[0].cells[1], "two lines");
    assert_eq!(sheet.source(&sheet.rows[0]), "board.csv:3");
    assert_eq!(lines(&self::sheet("a,b\r1,2\r\r3,4\r")), [2, 4]);
}

#[test]
fn a_ragged_row_is_rejected_alone() {
    let sheet = sheet("a,b\n1\n2,x\n3,y,z\n4,z,,\n,\n");
    assert_eq!(lines(&sheet), [3, 5]);
    assert_eq!(
        rejections(&sheet),
        [
            "board.csv:2 it has 1 cells where the header names 2",
            "board.csv:4 it has 3 cells where the header names 2"
        ]
    );
}

#[test]
fn a_row_that_is_not_utf_8_is_rejected_alone() {
    let sheet = read("board.csv", b"a,b\n1,caf\xe9\n2,x\n").unwrap();
    assert_eq!(lines(&sheet), [3]);
    assert_eq!(
        rejections(&sheet),
        ["board.csv:2 the text under b is not UTF-8"]
    );
}

#[test]
fn a_quotation_mark_that_is_never_closed_costs_one_row() {
    let sheet = sheet("a,b\n1,\"x\n2,y\n3,5\" disk\n");
    assert_eq!(lines(&sheet), [3, 4]);
    assert_eq!(sheet.rows[1].cells[1], "5\" disk");
    assert_eq!(
        rejections(&sheet),
        ["board.csv:2 a quotation mark is opened and never closed"]
    );
}

#[test]
fn a_row_that_swallowed_others_names_all_its_lines() {
    let sheet = sheet("a,b\n\"1,x\n2,y\n3\",z,z\n4,u\n");
    assert_eq!(lines(&sheet), [5]);
    assert_eq!(
        rejections(&sheet),
        ["board.csv:2 it has 3 cells where the header names 2, lines 2 to 4"]
    );
}

#[test]
fn control_characters_in_cells_become_spaces() {
    let sheet = sheet("a,b\n \u{1b}[31m x\u{7} ,\u{9b}y\n");
    assert_eq!(sheet.rows[0].cells, ["[31m x", "y"]);
}

#[test]
fn a_file_that_is_no_table_is_one_sentence_and_a_hint() {
    refused(b"", "board.csv is empty.");
    refused(b"\xef\xbb\xbf \r\n\n", "board.csv is empty.");
    refused(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "board.csv is not text.");
    refused(b"\xff\xfea,b\n1,2\n", "board.csv is not text.");
    refused(b"product,arch\n", "board.csv has a header and no rows.");
    refused(b",,\n,,\n", "board.csv has no header.");
    refused(b"a,b,a\n1,2,3\n", "board.csv has two columns named a.");
    refused(
        b"a,\"b\n1,2\n",
        "The header of board.csv has a quotation mark that is never closed.",
    );
}

#[test]
fn what_is_too_large_is_refused_with_the_limit() {
    refused(
        &vec![b'a'; MAX_BYTES + 1],
        "board.csv is larger than 64 MiB.",
    );
    let many = format!("a\n{}", "1\n".repeat(MAX_ROWS + 1));
    refused(many.as_bytes(), "board.csv has more than 500000 rows.");
    let long = format!("a,b\n1,{}\n", "x".repeat(MAX_CELL + 1));
    refused(
        long.as_bytes(),
        "board.csv has a cell of more than 64 KiB in line 2.",
    );
    let wide = format!("{}a\n1\n", "a,".repeat(MAX_COLUMNS));
    refused(wide.as_bytes(), "board.csv has more than 1000 columns.");
}

#[test]
fn an_export_comes_back_without_its_apostrophe() {
    assert_eq!(
        sheet("a,b\n'=1+1,'plain\n").rows[0].cells,
        ["=1+1", "'plain"]
    );
}

#[test]
fn quotation_marks_without_end_do_not_take_for_ever() {
    let sheet = sheet(&format!("a,b\n{}", "\"x,\n".repeat(20_000)));
    assert_eq!((sheet.rows.len(), sheet.rejected.len()), (0, 20_000));
}
