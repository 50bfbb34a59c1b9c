//! The rules the source keeps: who may know whom, what is read and printed
//! where, and how long a file may be (ARCHITECTURE.md 3).

use std::collections::BTreeMap;
use std::path::Path;

/// Which modules a module may name. A module that is not here may name none.
#[rustfmt::skip]
const MAY_USE: &[(&str, &[&str])] = &[
    ("ledger", &[]),
    ("domain", &[]),
    ("config", &["domain"]),
    ("report", &["domain"]),
    ("exchange", &["domain"]),
    ("store", &["domain", "ledger"]),
    ("sync", &["ledger", "store"]),
    ("workspace", &["config", "domain", "exchange", "ledger", "report", "store", "sync"]),
    ("cli", &["config", "domain", "report", "workspace"]),
    ("tui", &["domain", "workspace"]),
    ("lib", &["cli", "config", "domain", "exchange", "ledger", "report", "store", "sync", "tui", "workspace"]),
    ("main", &["cli"]),
];

/// The one folder of the command line that knows of the screen.
const DOOR: &str = "cli/verbs/screen/";

/// A word and the only places where it may stand.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("rusqlite", &["store/"]),
    ("ratatui", &["tui/"]),
    ("crossterm", &["tui/terminal/", "tui/keymap.rs"]),
    ("clap", &["cli/"]),
    ("clap_complete", &["cli/"]),
    ("clap_mangen", &["cli/"]),
    ("tokio", &["tui/"]),
    ("notify", &["tui/watch.rs", "workspace/share/watch.rs"]),
    ("minijinja", &["report/"]),
    ("Utc::now", &["workspace/now.rs"]),
    ("Local::now", &[]),
    ("SystemTime::now", &[]),
    ("thread::sleep", &[]),
];

/// What pure modules never name.
const IMPURE: &[&str] = &[
    "rusqlite",
    "tokio",
    "ratatui",
    "crossterm",
    "std::fs",
    "std::io",
    "std::env",
    "std::process",
    "SystemTime",
    "Instant::now",
    "Utc::now",
    "std::thread",
];

/// The longest file, in lines.
const LONGEST: usize = 500;

/// Source files by their path below `src` or `tests`.
fn files(folder: &str) -> BTreeMap<String, String> {
    fn walk(folder: &Path, root: &Path, files: &mut BTreeMap<String, String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, root, files);
            } else if path.extension().is_some_and(|it| it == "rs") {
                let name = path.strip_prefix(root).unwrap().display().to_string();
                files.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files = BTreeMap::new();
    walk(&root, &root, &mut files);
    files
}

/// Lines of code with their numbers; remarks and lint attributes are none.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text
        .lines()
        .enumerate()
        .map(|(number, line)| (number + 1, line.trim()));
    lines.filter(|(_, line)| !line.starts_with("//") && !line.starts_with("reason ="))
}

/// Whether a word stands in a line on its own, as a path and not inside a text.
fn names(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let letter = |it: Option<char>| it.is_some_and(|it| it.is_alphanumeric() || it == '_');
        let quoted = line[..at].matches('"').count() % 2 == 1;
        let path =
            word.contains("::") || after == Some(':') || line.contains(&format!("use {word}"));
        !letter(before) && !letter(after) && !quoted && path
    })
}

fn module(file: &str) -> &str {
    match file.split_once('/') {
        Some((module, _)) => module,
        None if file.starts_with("tui") => "tui",
        None => file.trim_end_matches(".rs"),
    }
}

#[track_caller]
fn none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_module_names_only_those_below_it() {
    let modules: Vec<&str> = MAY_USE.iter().map(|(module, _)| *module).collect();
    let mut faults = Vec::new();
    for (file, text) in files("src") {
        let own = module(&file);
        let Some((_, may)) = MAY_USE.iter().find(|(module, _)| *module == own) else {
            faults.push(format!("{file}: the module {own} has no row in MAY_USE"));
            continue;
        };
        for (number, line) in code(&text) {
            for other in &modules {
                let named = names(line, &format!("crate::{other}"))
                    || names(line, &format!("relmate::{other}"));
                let door = *other == "tui" && file.starts_with(DOOR);
                if named && *other != own && !may.contains(other) && !door {
                    faults.push(format!(
                        "{file}:{number}: {own} may not name {other}: {line}"
                    ));
                }
            }
        }
    }
    none(&faults);
}

#[test]
fn a_library_is_named_only_where_it_lives() {
    let mut faults = Vec::new();
    for (file, text) in files("src") {
        for (number, line) in code(&text) {
            for (word, places) in ONLY_IN {
                let home = places.iter().any(|place| file.starts_with(place));
                if names(line, word) && !home {
                    faults.push(format!(
                        "{file}:{number}: {word} is not at home here: {line}"
                    ));
                }
            }
        }
    }
    none(&faults);
}

#[test]
fn rules_and_reports_are_pure() {
    let mut faults = Vec::new();
    for (file, text) in files("src") {
        if !["domain", "ledger", "report"].contains(&module(&file)) {
            continue;
        }
        for (number, line) in code(&text) {
            for word in IMPURE {
                if names(line, word) {
                    faults.push(format!("{file}:{number}: {word} is not pure: {line}"));
                }
            }
        }
    }
    none(&faults);
}

#[test]
fn no_file_is_longer_than_a_reader_can_hold() {
    let all = files("src").into_iter().chain(files("tests"));
    let faults: Vec<String> = all
        .map(|(file, text)| (file, text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(file, lines)| format!("{file}: {lines} lines"))
        .collect();
    none(&faults);
}

#[test]
fn nothing_is_left_undone_or_left_out() {
    // Put together, so that this file does not name them itself.
    let words = ["todo", "unimplemented", "dbg"].map(|word| format!("{word}!"));
    let ignored = ["ignore", "should_panic"].map(|word| format!("#[{word}"));
    let mut faults = Vec::new();
    for (file, text) in files("src").into_iter().chain(files("tests")) {
        for (number, line) in code(&text) {
            for word in words.iter().chain(&ignored) {
                if line.contains(word.as_str()) {
                    faults.push(format!("{file}:{number}: {line}"));
                }
            }
        }
    }
    none(&faults);
}

#[test]
fn every_file_says_what_it_is_for() {
    let faults: Vec<String> = files("src")
        .into_iter()
        .chain(files("tests/suite"))
        .filter(|(file, text)| {
            !text.starts_with("//!") && !text.starts_with("#![doc") && !file.ends_with("tests.rs")
        })
        .map(|(file, _)| format!("{file} has no header"))
        .collect();
    none(&faults);
}

#[test]
fn no_folder_is_a_drawer_and_every_folder_has_its_mod() {
    let mut faults = Vec::new();
    for (file, _) in files("src") {
        for part in file.trim_end_matches(".rs").split('/') {
            if ["utils", "util", "helpers", "helper", "common", "misc"].contains(&part) {
                faults.push(format!("{file}: {part} says nothing"));
            }
        }
    }
    none(&faults);
}

#[test]
fn every_file_of_the_suite_is_run() {
    let main = include_str!("main.rs");
    let faults: Vec<String> = files("tests/suite")
        .into_keys()
        .filter(|file| !file.contains('/') && file != "main.rs")
        .filter(|file| !main.contains(&format!("mod {};", file.trim_end_matches(".rs"))))
        .collect();
    none(&faults);
}

#[test]
fn policy_numbers_live_in_a_profile_and_not_in_code() {
    let units = [" working day", " day", " week", " month"];
    let policy = |line: &str| {
        line.split('"').skip(1).step_by(2).any(|text| {
            let after = text.trim_start_matches(|letter: char| letter.is_ascii_digit());
            after.len() < text.len() && units.iter().any(|unit| after.starts_with(unit))
        })
    };
    let mut faults = Vec::new();
    for (file, text) in files("src") {
        let rules = file.starts_with("domain/queue") || file.starts_with("workspace/act");
        if !rules || file.contains("test") || file.contains("example") {
            continue;
        }
        let tested = text.find("#[cfg(test)]").unwrap_or(text.len());
        for (number, line) in code(&text[..tested]).filter(|(_, line)| policy(line)) {
            faults.push(format!("{file}:{number}: {line}"));
        }
    }
    none(&faults);
}
