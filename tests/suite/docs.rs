//! What is written about the program comes from the program: the README's list
//! of commands, the help of every verb, the manual page, the example configuration.

use std::collections::BTreeSet;
use std::fmt::Write;

use relmate::cli::{manual, verbs};
use relmate::workspace::deed::Group;

use crate::support::Desk;

const BEGIN: &str = "<!-- commands -->";
const END: &str = "<!-- /commands -->";

/// The README's list of commands, from the table.
fn commands() -> String {
    let mut text = String::new();
    for group in Group::ALL {
        let _ = write!(
            text,
            "\n**{}**\n\n| command | what it does |\n|---|---|\n",
            group.title()
        );
        for verb in verbs().filter(|verb| verb.group() == group) {
            let _ = writeln!(
                text,
                "| `{}` | {} |",
                verb.name(),
                verb.about().replace('|', "\\|")
            );
        }
    }
    text.push('\n');
    text
}

#[test]
fn the_readme_lists_every_command() {
    let path = format!("{}/README.md", env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(&path).expect("there is a README");
    let (before, rest) = readme
        .split_once(BEGIN)
        .expect("README has the commands' marker");
    let (list, after) = rest
        .split_once(END)
        .expect("README closes the commands' marker");
    if list.trim() == commands().trim() {
        return;
    }
    if std::env::var_os("UPDATE").is_some() {
        let text = format!("{before}{BEGIN}\n{}{END}{after}", commands());
        std::fs::write(&path, text).unwrap();
        return;
    }
    panic!("README.md lists other commands than there are; `UPDATE=1 cargo test` writes it");
}

#[test]
fn the_help_of_every_verb_is_as_it_was_last_read_over() {
    let desk = Desk::none();
    let mut text = desk.ok("--help").stdout;
    for verb in verbs() {
        let _ = write!(text, "\n==== {}\n", verb.name());
        let help = desk.ok(&format!("{} -h", verb.name())).stdout;
        // The global options are the same everywhere and stand at the top once.
        let own = help.split("\nGlobal options:").next().unwrap_or_default();
        text.push_str(own.trim_end());
        text.push('\n');
    }
    insta::assert_snapshot!("help", text);
}

#[test]
fn the_manual_page_has_every_verb_and_every_variable() {
    let page = manual::page();
    for verb in verbs() {
        let name = format!("relmate {}", verb.name()).replace('-', "\\-");
        assert!(page.contains(&name), "{name} is not in the manual page");
    }
    for variable in [
        "RELMATE_DESK",
        "RELMATE_CONFIG",
        "RELMATE_NOW",
        "NO_COLOR",
        "XDG_DATA_HOME",
    ] {
        assert!(page.contains(variable), "{variable}");
    }
    let printed = Desk::none().ok("man").stdout;
    assert!(printed.starts_with('.') && printed.contains("relmate"));
}

#[test]
fn completions_know_every_first_word() {
    let desk = Desk::none();
    for shell in ["bash", "zsh", "fish"] {
        let text = desk.ok(&format!("completions {shell}")).stdout;
        for verb in verbs() {
            let word = verb.name().split(' ').next().unwrap_or_default();
            assert!(text.contains(word), "{shell} does not know {word}");
        }
    }
    desk.refused(2, "completions tcsh");
}

#[test]
fn the_example_configuration_is_valid_with_and_without_its_remarks() {
    let example = std::fs::read_to_string(format!(
        "{}/config.example.toml",
        env!("CARGO_MANIFEST_DIR")
    ))
    .unwrap();
    let lines: Vec<&str> = example
        .lines()
        .filter_map(|line| line.strip_prefix("# "))
        .filter(|line| line.contains(" = ") || line.starts_with('['))
        .collect();
    let lines = lines.join("\n");
    let table: toml::Table = toml::from_str(&lines).unwrap();
    let known = relmate::config::KEYS.into_iter();
    let known: BTreeSet<&str> = known.chain(relmate::config::TABLES).collect();
    let shown: BTreeSet<&str> = table.keys().map(String::as_str).collect();
    assert_eq!(shown, known, "the example shows every key and no other one");
    let desk = Desk::new();
    std::fs::rename(desk.path(), desk.data().join("cmd.relmate")).unwrap();
    for text in [&example, &lines] {
        desk.config(text);
        let outcome = desk.ok("status");
        assert_eq!(outcome.stderr, "", "no warning");
        desk.ok("keys check").says(&["No key is in doubt."]);
    }
}
