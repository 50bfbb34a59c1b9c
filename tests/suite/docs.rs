//! What is written about the program comes from the program: the README's lists of
//! commands and keys, the help of every verb, the manual page, the example configuration.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Mutex;

use relmate::cli::{manual, verbs};
use relmate::tui::command::{self, Command, Do, PREFIXES, Scope};
use relmate::workspace::deed::Group;

use crate::support::Desk;

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

/// The README's list of keys, from the screen's tables: where one is, then what is done to
/// the desk, the first of two keys after each other explained.
fn keys() -> String {
    let mut text = String::from("\n");
    let groups: Vec<String> = PREFIXES
        .iter()
        .map(|(key, name)| format!("`{key}` {name}"))
        .collect();
    let _ = writeln!(
        text,
        "Two keys are pressed one after the other; the first one names the group, and the screen\n\
         lists what can follow: {}.",
        groups.join(", ")
    );
    let mut titles: Vec<&str> = Scope::ALL.map(Scope::title).to_vec();
    titles.dedup();
    for title in titles {
        let here = |command: &&Command| {
            matches!(command.run, Do::Here(..)) && command.scope.title() == title
        };
        table(&mut text, title, command::all().filter(here));
    }
    let deeds = command::all().filter(|command| matches!(command.run, Do::Deed(_)));
    let mut deeds: Vec<&Command> = deeds.collect();
    // Those of a group stand together; single keys come first.
    deeds.sort_by_key(|command| {
        let key = command.keys.first().copied().unwrap_or_default();
        key.split_once(' ').map(|(first, _)| first)
    });
    table(&mut text, "On the desk", deeds.into_iter());
    text.push_str(
        "\nEverything else that is done to the desk is in the palette (`:`) by the name of its\n\
         command, and what can be done to a record is in its menu (`d`).\n\n",
    );
    text
}

/// Commands with keys, a row each.
fn table(text: &mut String, title: &str, commands: impl Iterator<Item = &'static Command>) {
    let _ = write!(
        text,
        "\n**{title}**\n\n| keys | command | what it does |\n|---|---|---|\n"
    );
    for command in commands.filter(|command| !command.keys.is_empty()) {
        let keys = command.keys.iter();
        let keys: Vec<String> = keys
            .map(|key| format!("`{}`", key.replace('|', "\\|")))
            .collect();
        let _ = writeln!(
            text,
            "| {} | `{}` | {} |",
            keys.join(" "),
            command.name,
            command.help.replace('|', "\\|")
        );
    }
}

/// The README says between two marks what the tables say; `UPDATE=1` writes it.
#[track_caller]
fn readme_says(name: &str, said: &str) {
    // Two tests write to one file.
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock();
    let path = format!("{}/README.md", env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(&path).expect("there is a README");
    let (begin, end) = (format!("<!-- {name} -->"), format!("<!-- /{name} -->"));
    let (before, rest) = readme.split_once(&begin).expect("README has the mark");
    let (list, after) = rest.split_once(&end).expect("README closes the mark");
    if list.trim() == said.trim() {
        return;
    }
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, format!("{before}{begin}\n{said}{end}{after}")).unwrap();
        return;
    }
    panic!("README.md has other {name} than there are; `UPDATE=1 cargo test` writes it");
}

#[test]
fn the_readme_lists_every_command() {
    readme_says("commands", &commands());
}

#[test]
fn the_readme_lists_every_key() {
    readme_says("keys", &keys());
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
