//! Bad input and a bad world: every one ends with a sentence and a code, none
//! with a panic, and none harms the desk.

use std::io::Write;
use std::process::Stdio;

use crate::support::{Desk, Outcome, words};

/// An import of these bytes ends with this code and says this, and nothing is recorded.
#[track_caller]
fn import(bytes: impl AsRef<[u8]>, code: i32, says: &str) {
    let desk = Desk::new();
    let commits = desk.commits();
    let file = desk.file("input.csv", bytes);
    let outcome = desk.refused(code, &format!("import {}", file.display()));
    outcome.complains(&[says]);
    assert_eq!(desk.commits(), commits);
}

pub(crate) const HEADER: &str =
    "as_of,technology_provider,product,platform,arch,verification,staged_rollout,expected_finish\n";

#[test]
fn an_empty_import_is_refused() {
    import("", 2, "empty");
}

#[test]
fn an_import_without_rows_says_so() {
    import(HEADER, 2, "no rows");
}

#[test]
fn a_binary_import_is_refused() {
    import([0, 159, 146, 150, 0, 1, 2, 255].repeat(1000), 2, "text");
}

#[test]
fn a_row_that_is_not_utf8_is_named_and_left_out() {
    let desk = Desk::new();
    let commits = desk.commits();
    let mut latin = HEADER.as_bytes().to_vec();
    latin.extend(b"2011-06-20,EMI,caf\xe9,sl5,x86_64,DONE,OnGoing,2011-06-28\n");
    desk.file("latin.csv", latin);
    desk.ok("import latin.csv")
        .says(&["latin.csv:2", "not UTF-8"]);
    assert_eq!(desk.commits(), commits);
}

#[test]
fn a_file_of_no_known_format_says_which_formats_there_are() {
    import("colour,taste\nred,sweet\n", 2, "--kind");
    import("{\"not\": \"a table\"}", 2, "");
}

#[test]
fn an_import_of_a_file_that_is_not_there_is_not_found() {
    let desk = Desk::new();
    desk.refused(3, "import nowhere.csv")
        .complains(&["nowhere.csv"]);
    desk.refused(1, "import .");
    desk.refused(2, "import");
}

#[test]
fn a_huge_import_is_refused_before_it_is_read() {
    let desk = Desk::new();
    let file = std::fs::File::create(desk.home().join("huge.csv")).unwrap();
    file.set_len(65 << 20).unwrap();
    desk.refused(2, "import huge.csv").complains(&["64 MiB"]);
}

#[test]
fn the_good_rows_of_a_half_valid_file_are_taken_in_and_the_others_named() {
    let desk = Desk::new();
    let rows = "2011-06-20,EMI,apel,sl5,x86_64,DONE,OnGoing,2011-06-28\n\
        2011-06-20,EMI,,sl5,x86_64,DONE,OnGoing,2011-06-28\n\
        2011-06-20,EMI,argus,sl5,x86_64,Sideways,Nowhere,2011-06-28\n\
        2011-02-30,EMI,bdii-site,sl5,x86_64,DONE,OnGoing,2011-06-28\n\
        too,short\n";
    desk.file("board.csv", format!("{HEADER}{rows}"));
    let outcome = desk.ok("import board.csv");
    outcome.says(&["board.csv:3", "board.csv:4", "board.csv:5", "board.csv:6"]);
    assert_eq!(
        desk.json("list tickets")["items"].as_array().unwrap().len(),
        1
    );
}

#[test]
fn an_impossible_date_is_named_wherever_it_stands() {
    let desk = Desk::with_tickets();
    desk.ok("cycle add 1.4 --start 2026-11-02 --template meta-release");
    for line in [
        "slip M-3 --to 2026-02-30 --reason R",
        "ticket delay T-1 --reason R --promise 2026-13-01",
        "later T-1 --until 31.02.2027",
        "action add text --due 2026-11-31",
        "status --as-of 2026-11-31",
        "log --since yesterdayish",
        "cycle add 1.5 --start 0000-00-00",
        "person away Bob --from 2026-11-31 --to 2026-12-01",
        "slip M-3 --to '' --reason R",
    ] {
        desk.refused(2, line);
    }
    let output = desk
        .command()
        .env("RELMATE_NOW", "soon")
        .arg("status")
        .output()
        .unwrap();
    Outcome::of(output).is_refusal(2, "RELMATE_NOW=soon");
}

#[test]
fn dates_far_away_are_refused_or_counted_but_never_a_panic() {
    let desk = Desk::with_tickets();
    desk.ok("cycle add 1.4 --start 2026-11-02 --template meta-release");
    for to in [
        "9999-12-31",
        "+99999999d",
        "+99999999999999999999d",
        "-99999999w",
        "+9999999bd",
    ] {
        for line in [
            format!("slip M-3 --to={to} --preview"),
            format!("status --as-of={to}"),
            format!("why T-1 --as-of={to}"),
            format!("later T-1 --until={to}"),
        ] {
            let outcome = desk.run(&line);
            assert!([0, 2, 3, 4].contains(&outcome.code), "{line}:\n{outcome}");
        }
    }
}

#[test]
fn a_promise_that_has_passed_is_no_promise() {
    let desk = Desk::with_tickets();
    desk.refused(4, "ticket delay T-1 --reason R --promise 2026-11-20");
}

#[test]
fn text_of_other_peoples_terminals_never_reaches_ours() {
    let desk = Desk::new();
    let evil = "e\u{1b}[31mvil\u{7}\u{9b}2J\u{202e}";
    let run = |words: &[&str]| {
        let outcome = desk.run_words(words);
        assert_eq!(outcome.code, 0, "{words:?}:\n{outcome}");
    };
    run(&[
        "product",
        "add",
        evil,
        "--provider",
        evil,
        "--contact",
        "a@example.org",
    ]);
    run(&["lesson", "improve", evil]);
    run(&["person", "add", evil, "--organisation", evil]);
    run(&["site", "add", evil, "--country", evil]);
    run(&["comment", "L-1", evil]);
    run(&["action", "add", evil, "--owner", "Bob"]);
    for line in [
        "list products",
        "list lessons",
        "list people",
        "list sites",
        "show L-1",
        "log",
        "next",
        "status",
        "find vil",
        "export markdown products",
        "list products --plain",
        "show A-1",
    ] {
        desk.ok(line);
    }
    for line in [
        "list products --json",
        "log",
        "export json products",
        "show L-1 --json",
    ] {
        desk.ok(line);
    }
    desk.refused(3, "show e\u{1b}[31mvil");
    desk.refused(2, "list \u{1b}[2J");
    desk.refused(2, "\u{1b}[2J");
}

#[test]
fn csv_cells_that_a_spreadsheet_would_run_are_defused() {
    let desk = Desk::new();
    desk.ok("lesson improve '=cmd|calc!A1'");
    let csv = desk.ok("export csv lessons").stdout;
    assert!(!csv.contains(",=cmd") && csv.contains("=cmd"), "{csv}");
}

#[test]
fn long_and_empty_texts_are_kept_or_refused() {
    let desk = Desk::with_tickets();
    let long = "long text ".repeat(1000);
    desk.ok(&format!("comment T-1 '{long}'"));
    desk.ok(&format!("lesson improve '{long}'"));
    desk.ok(&format!("ticket delay T-1 --reason '{long}'"));
    assert_eq!(
        desk.show("L-1")["text"].as_str().unwrap().trim(),
        long.trim()
    );
    desk.ok("list lessons");
    desk.ok("show T-1");
    desk.ok("why T-1");
    for line in [
        "comment T-1 ''",
        "comment T-1 ' '",
        "lesson improve ''",
        "action add ''",
        "product add '' --provider P",
        "product add ' ' --provider P",
        "person add ''",
        "site add ''",
        "cycle add ''",
        "find ''",
        "set T-1 platform=",
        "init '' --manager A --manager B",
        "init X --manager '' --manager B",
    ] {
        desk.refused(2, line);
    }
    let name = "n".repeat(201);
    desk.refused(2, &format!("product add {name} --provider P"))
        .complains(&["200"]);
}

#[test]
fn arguments_that_are_not_utf8_are_refused() {
    use std::os::unix::ffi::OsStrExt;
    let desk = Desk::with_tickets();
    let bytes = std::ffi::OsStr::from_bytes(b"caf\xe9");
    for verb in ["show", "why", "find", "list"] {
        let outcome = desk.run_words(&[verb.as_ref(), bytes]);
        outcome.is_refusal(2, verb);
    }
    let outcome = desk.run_words(&["import".as_ref(), bytes]);
    assert!([2, 3].contains(&outcome.code), "{outcome}");
}

#[test]
fn a_broken_configuration_is_named_with_its_line_and_an_unknown_key_only_warned_of() {
    let desk = Desk::with_tickets();
    desk.config("person = \"Alice\"\ncolor = [\n");
    desk.refused(2, "status")
        .complains(&["config.toml", "line"]);
    desk.config("person = 3\n");
    desk.refused(2, "status").complains(&["line 1"]);
    desk.config(b"person = \"\xff\"\n");
    desk.refused(2, "status").complains(&["UTF-8"]);
    desk.config("person = \"Alice\"\nthem = \"mono\"\n");
    desk.ok("status").complains(&["unknown key them", "theme"]);
    desk.refused(2, "status --config nowhere.toml")
        .complains(&["nowhere.toml"]);
    std::fs::remove_file(desk.home().join("config/relmate/config.toml")).unwrap();
    desk.ok("status");
}

#[test]
fn a_value_that_the_configuration_does_not_know_is_named() {
    let desk = Desk::with_tickets();
    desk.config("person = \"Alice\"\ncolor = \"purple\"\n");
    let outcome = desk.run("status");
    assert!(outcome.stderr.contains("purple"), "{outcome}");
}

#[test]
fn a_closed_pipe_is_a_quiet_end() {
    let desk = Desk::with_tickets();
    for line in [
        "list tickets",
        "log --json",
        "man",
        "completions bash",
        "--help",
        "--version",
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = desk
            .command()
            .args(words(line))
            .stdout(writer)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{line}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{line}");
    }
}

#[test]
fn a_package_list_comes_from_standard_input_too() {
    let desk = Desk::new();
    desk.ok("product add ARC --provider NorduGrid --contact arc@example.org");
    let line = "submit --product ARC --version 7.0.3 --platform al9 --notes https://example.org/n \
        --channel-id 1 --packages -";
    let mut child = desk
        .command()
        .args(words(line))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(b"one-1.0\n# a remark\n\ntwo-2.0\n")
        .unwrap();
    assert!(child.wait_with_output().unwrap().status.success());
    assert_eq!(
        desk.show("S-1")["packages"],
        serde_json::json!(["one-1.0", "two-2.0"])
    );
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let desk = Desk::with_tickets();
    desk.refused(1, "export csv tickets -o nowhere/out.csv")
        .complains(&["nowhere/out.csv"]);
    desk.refused(1, "backup nowhere/copy.relmate");
    desk.refused(1, "export csv tickets -o .");
}

#[test]
fn a_profile_that_cannot_be_used_is_refused() {
    let desk = Desk::new();
    let shipped = desk.ok("profile show egi-cmd").stdout;
    desk.file(
        "bad.toml",
        "name = \"x\"\n[state.nowhere]\nlimit = \"1 month\"\n",
    );
    desk.refused(2, "profile test bad.toml");
    desk.refused(2, "profile edit bad.toml --reason R");
    desk.file("binary.toml", [0_u8, 255, 254]);
    desk.refused(2, "profile test binary.toml")
        .complains(&["UTF-8"]);
    let longer = shipped.replace("limit = \"1 week\"", "limit = \"2 weeks\"");
    desk.file("longer.toml", longer);
    desk.ok("profile test longer.toml");
    desk.refused(2, "profile edit longer.toml")
        .complains(&["reason"]);
    desk.ok("profile edit longer.toml --reason 'agreed in the TSC'");
    desk.ok("profile show").says(&["2 weeks"]);
}

#[test]
fn what_cannot_be_printed_is_said_and_what_was_done_is_kept() {
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full");
    if full().is_err() {
        eprintln!("skipped: this system has no /dev/full");
        return;
    }
    let desk = Desk::with_tickets();
    for line in ["status", "comment T-1 seen", "log --json"] {
        let words: Vec<&str> = line.split(' ').collect();
        let ran = desk.command().args(words).stdout(full().unwrap()).output();
        let outcome = Outcome::of(ran.unwrap());
        outcome.is_refusal(1, line);
        outcome.complains(&["cannot be printed", "is kept"]);
    }
    desk.ok("show T-1").says(&["seen"]);
}

#[test]
fn a_report_into_a_full_device_fails_and_a_wrong_year_is_said_in_words() {
    let desk = Desk::new();
    desk.refused(2, "report metrics --year abc")
        .complains(&["is not a year", "2026"]);
    // A device stays one: it is written into, never put out of its place.
    let device = std::path::Path::new("/dev/full");
    if std::fs::metadata(device).is_ok_and(|it| !it.is_file()) {
        desk.refused(1, "report sites -o /dev/full")
            .complains(&["cannot be written"]);
        assert!(!std::fs::metadata(device).unwrap().is_file());
    }
}
