//! The configuration: a TOML file whose every key is optional. An unknown key is
//! a warning with the nearest name, never an error.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use thiserror::Error;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::domain::near::distance;
use crate::domain::profile::parse::place;

/// What the configuration file says (`config.example.toml` explains each key).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Config {
    /// The person this device belongs to.
    pub person: Option<String>,
    /// The desk that is used when none is named: a path, or a name in the data directory.
    pub desk: Option<String>,
    /// `auto`, `always` or `never`.
    pub color: Option<String>,
    /// The name of a shipped theme, or a file in `folder`.
    pub theme: Option<String>,
    /// Draw with ASCII only.
    pub ascii: Option<bool>,
    /// The screen listens to the mouse.
    pub mouse: Option<bool>,
    /// The program that opens links.
    pub browser: Option<String>,
    /// Plain, linear output for screen readers and pipes.
    pub plain: Option<bool>,
    /// The screen asks for no change.
    pub read_only: Option<bool>,
    /// `auto`: a shared desk is exchanged while the screen is open; `off`: only when asked.
    pub sync: Option<String>,
    /// Where the file is, for the paths in it.
    #[serde(skip)]
    pub folder: PathBuf,
    /// The screen's keys.
    #[serde(skip)]
    pub keys: OwnKeys,
}

/// Keys of one's own. Which commands and keys there are the screen knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnKeys {
    /// The keys of each command.
    pub asked: BTreeMap<String, Vec<String>>,
    /// What is neither a key nor a list of keys, a sentence each.
    pub wrong: Vec<String>,
}

/// Every key, for the warning about one that is not.
pub const KEYS: [&str; 10] = [
    "person",
    "desk",
    "color",
    "theme",
    "ascii",
    "mouse",
    "browser",
    "plain",
    "read_only",
    "sync",
];

/// Every table.
pub const TABLES: [&str; 1] = ["keys"];

/// What `sync` may be.
const SYNCS: &[&str] = &["auto", "off"];

/// What `color` may be.
const COLORS: &[&str] = &["auto", "always", "never"];

/// A configuration that cannot be used.
#[derive(Debug, Error)]
pub enum ConfigError {
    #[error("The configuration {} cannot be read: {detail}.", .path.display())]
    File { path: PathBuf, detail: String },
    #[error("The configuration {} cannot be written: {detail}.", .path.display())]
    Unwritten { path: PathBuf, detail: String },
    #[error("The configuration {} is not right: {detail}.", .path.display())]
    Toml { path: PathBuf, detail: String },
}

/// A configuration with what is odd about it.
#[derive(Debug, Default)]
pub struct Loaded {
    pub config: Config,
    pub warnings: Vec<String>,
}

/// Reads the file; one that is not there is an empty configuration unless it was asked for.
pub fn load(path: &Path, asked: bool) -> Result<Loaded, ConfigError> {
    match std::fs::read_to_string(path) {
        Ok(text) => parse(&text, path),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !asked => {
            Ok(Loaded::default())
        }
        Err(error) => {
            let detail = match error.kind() {
                std::io::ErrorKind::InvalidData => "it is not UTF-8 text".to_owned(),
                _ => error.to_string(),
            };
            Err(ConfigError::File {
                path: path.to_owned(),
                detail,
            })
        }
    }
}

fn parse(text: &str, path: &Path) -> Result<Loaded, ConfigError> {
    let wrong = |error: toml::de::Error| ConfigError::Toml {
        path: path.to_owned(),
        detail: place(text, &error),
    };
    let table: toml::Table = toml::from_str(text).map_err(wrong)?;
    let warnings = table
        .keys()
        .filter(|key| !names().any(|known| known == key.as_str()))
        .map(|key| match nearest(key) {
            Some(near) => {
                format!("The configuration has an unknown key {key}; did you mean {near}?")
            }
            None => format!("The configuration has an unknown key {key}."),
        })
        .collect();
    let mut config: Config = toml::from_str(text).map_err(wrong)?;
    config.folder = path.parent().map(Path::to_owned).unwrap_or_default();
    // Read once more for the places of its lines, where there is such a table.
    if table.contains_key("keys") {
        config.keys = own_keys(text, DeTable::parse(text).map_err(wrong)?.get_ref());
    }
    let mut warnings: Vec<String> = warnings;
    if let Some(color) = config.color.as_deref().filter(|it| !COLORS.contains(it)) {
        warnings.push(format!(
            "The configuration has the color {color:?}, which is none of {}.",
            COLORS.join(", ")
        ));
    }
    if let Some(sync) = config.sync.as_deref().filter(|it| !SYNCS.contains(it)) {
        warnings.push(format!(
            "The configuration has the sync {sync:?}, which is none of {}.",
            SYNCS.join(", ")
        ));
    }
    warnings.extend(config.keys.wrong.iter().cloned());
    Ok(Loaded { config, warnings })
}

/// The table of keys; what is none is left out and told with its line.
fn own_keys(text: &str, table: &DeTable<'_>) -> OwnKeys {
    let line = |value: &Spanned<DeValue<'_>>| {
        let before = text.get(..value.span().start).unwrap_or_default();
        before.matches('\n').count() + 1
    };
    let mut own = OwnKeys::default();
    let Some(keys) = table.get("keys") else {
        return own;
    };
    let DeValue::Table(commands) = keys.get_ref() else {
        own.wrong.push(format!(
            "The configuration has keys in line {} that are no table; write [keys] and below it undo = \"U\".",
            line(keys)
        ));
        return own;
    };
    for (name, value) in commands {
        let name = name.get_ref().as_ref();
        match key_list(value.get_ref()) {
            Some(keys) => {
                own.asked.insert(name.to_owned(), keys);
            }
            None => own.wrong.push(format!(
                "The configuration gives {name} no key in line {}; write a key, a list of keys, or [] for none.",
                line(value)
            )),
        }
    }
    own
}

/// A key or a list of keys, as texts.
fn key_list(value: &DeValue<'_>) -> Option<Vec<String>> {
    match value {
        DeValue::String(key) => Some(vec![key.to_string()]),
        DeValue::Array(keys) => keys
            .iter()
            .map(|key| key.get_ref().as_str().map(str::to_owned))
            .collect(),
        _ => None,
    }
}

/// Every name that may stand on the left of a line.
fn names() -> impl Iterator<Item = &'static str> {
    KEYS.into_iter().chain(TABLES)
}

/// Keeps who works on this device: a line before what the file says already.
pub fn keep_person(path: &Path, name: &str) -> Result<(), ConfigError> {
    let wrong = |error: std::io::Error| ConfigError::Unwritten {
        path: path.to_owned(),
        detail: error.to_string(),
    };
    let before = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(wrong(error)),
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(wrong)?;
    }
    write_whole(path, with_person(&before, name).as_bytes()).map_err(wrong)
}

/// Writes beside the file, and then in its place, so that a full disk or a crash leaves
/// the old one. Who may read it stays; a link to it stays one.
fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let mut beside = path.clone().into_os_string();
    beside.push(format!(".{}.part", std::process::id()));
    let beside = PathBuf::from(beside);
    let written = std::fs::File::create(&beside).and_then(|mut file| {
        if let Ok(old) = std::fs::metadata(&path) {
            file.set_permissions(old.permissions())?;
        }
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&beside, &path)
    });
    written.inspect_err(|_| drop(std::fs::remove_file(&beside)))
}

fn with_person(before: &str, name: &str) -> String {
    let name = toml::Value::String(name.to_owned());
    format!("person = {name}\n{before}")
}

/// The key that takes the fewest changes of letters, if it is near enough.
fn nearest(key: &str) -> Option<&'static str> {
    let (near, cost) = names()
        .map(|known| (known, distance(key, known)))
        .min_by_key(|(_, cost)| *cost)?;
    (cost <= 2.max(near.len() / 3)).then_some(near)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Loaded, ConfigError> {
        parse(text, Path::new("config.toml"))
    }

    #[test]
    fn an_unknown_key_is_a_warning_with_the_nearest_name() {
        let loaded = read("persn = \"Alice\"\n").unwrap();
        assert_eq!(loaded.config, Config::default());
        assert!(
            loaded.warnings[0].contains("did you mean person?"),
            "{:?}",
            loaded.warnings
        );
    }

    #[test]
    fn a_person_is_kept_before_what_was_there() {
        let text = with_person(
            "color = \"never\"\n[keys]\nundo = \"U\"\n",
            "Zoë \"Z\" O'Neil",
        );
        let loaded = read(&text).unwrap();
        assert_eq!(loaded.config.person.as_deref(), Some("Zoë \"Z\" O'Neil"));
        assert_eq!(loaded.config.color.as_deref(), Some("never"));
    }

    #[cfg(unix)]
    #[test]
    fn a_person_is_kept_whole_behind_a_link_and_for_the_same_eyes() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        keep_person(&at("new/config.toml"), "Alice").unwrap();
        std::fs::write(at("real.toml"), "ascii = true\n").unwrap();
        std::fs::set_permissions(at("real.toml"), PermissionsExt::from_mode(0o600)).unwrap();
        std::os::unix::fs::symlink("real.toml", at("link.toml")).unwrap();
        // Who still reads the old file has all of it: nothing is written into that one.
        std::fs::hard_link(at("real.toml"), at("old.toml")).unwrap();
        keep_person(&at("link.toml"), "Alice").unwrap();
        let text = |name: &str| std::fs::read_to_string(at(name)).unwrap();
        assert_eq!(text("real.toml"), "person = \"Alice\"\nascii = true\n");
        assert_eq!(text("old.toml"), "ascii = true\n");
        let mode = std::fs::metadata(at("real.toml")).unwrap().permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
        assert!(at("link.toml").is_symlink());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 4);
    }

    #[test]
    fn a_broken_file_names_the_line() {
        let error = read("person = \"Alice\"\ncolor = [\n")
            .unwrap_err()
            .to_string();
        assert!(error.contains("line "), "{error}");
        let error = read("person = 3\n").unwrap_err().to_string();
        assert!(error.contains("line 1"), "{error}");
    }

    #[test]
    fn the_example_explains_every_key_and_is_valid() {
        let text = include_str!("../config.example.toml");
        let uncommented: String = text
            .lines()
            .map(|line| {
                line.strip_prefix("# ")
                    .filter(|rest| rest.contains(" = ") || rest.starts_with('['))
                    .unwrap_or(line)
            })
            .collect::<Vec<_>>()
            .join("\n");
        let loaded = read(&uncommented).unwrap();
        assert!(loaded.warnings.is_empty(), "{:?}", loaded.warnings);
        let table: toml::Table = toml::from_str(&uncommented).unwrap();
        for name in names() {
            assert!(table.contains_key(name), "{name}");
        }
        assert_eq!(table.len(), names().count(), "each of them once");
        assert!(!loaded.config.keys.asked.is_empty());
    }

    #[test]
    fn keys_are_a_text_a_list_or_an_empty_list() {
        let text = "[keys]\nundo = \"U\"\n\"ticket delay\" = [\"t d\", \"ctrl-t\"]\ndelete = []\n";
        let loaded = read(text).unwrap();
        let asked: Vec<(&str, Vec<&str>)> = loaded
            .config
            .keys
            .asked
            .iter()
            .map(|(name, keys)| (name.as_str(), keys.iter().map(String::as_str).collect()))
            .collect();
        let expected = [
            ("delete", vec![]),
            ("ticket delay", vec!["t d", "ctrl-t"]),
            ("undo", vec!["U"]),
        ];
        assert_eq!(asked, expected);
        assert_eq!(loaded.warnings, Vec::<String>::new());
    }

    #[test]
    fn what_is_no_key_is_a_warning_with_its_line_and_leaves_the_others_be() {
        let text = "person = \"Alice\"\n\n[keys]\nundo = 3\nredo = [\"x\", 1]\nquit = \"Q\"\n";
        let loaded = read(text).unwrap();
        let own = &loaded.config.keys;
        assert_eq!(own.asked.keys().collect::<Vec<_>>(), ["quit"]);
        assert_eq!(loaded.warnings, own.wrong);
        let mut told = own.wrong.join("\n");
        assert!(told.contains("undo no key in line 4"), "{told}");
        assert!(told.contains("redo no key in line 5"), "{told}");
        let loaded = read("color = \"never\"\nkeys = \"u\"\n").unwrap();
        told = loaded.warnings.join("\n");
        assert!(told.contains("line 2") && told.contains("[keys]"), "{told}");
        assert_eq!(loaded.config.color.as_deref(), Some("never"));
    }

    #[test]
    fn a_misspelt_table_is_told_like_any_other_key() {
        let loaded = read("[key]\nundo = \"U\"\n").unwrap();
        let told = loaded.warnings.join("\n");
        assert!(told.contains("did you mean keys?"), "{told}");
    }
}
