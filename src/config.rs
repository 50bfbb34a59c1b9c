//! The configuration: a TOML file whose every key is optional. An unknown key is
//! a warning with the nearest name, never an error.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use thiserror::Error;

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
    /// Where the file is, for the paths in it.
    #[serde(skip)]
    pub folder: PathBuf,
}

/// Every key, for the warning about one that is not.
pub const KEYS: [&str; 9] = [
    "person",
    "desk",
    "color",
    "theme",
    "ascii",
    "mouse",
    "browser",
    "plain",
    "read_only",
];

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
        .filter(|key| !KEYS.contains(&key.as_str()))
        .map(|key| match nearest(key) {
            Some(near) => {
                format!("The configuration has an unknown key {key}; did you mean {near}?")
            }
            None => format!("The configuration has an unknown key {key}."),
        })
        .collect();
    let mut config: Config = toml::from_str(text).map_err(wrong)?;
    config.folder = path.parent().map(Path::to_owned).unwrap_or_default();
    let mut warnings: Vec<String> = warnings;
    if let Some(color) = config.color.as_deref().filter(|it| !COLORS.contains(it)) {
        warnings.push(format!(
            "The configuration has the color {color:?}, which is none of {}.",
            COLORS.join(", ")
        ));
    }
    Ok(Loaded { config, warnings })
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
    std::fs::write(path, with_person(&before, name)).map_err(wrong)
}

fn with_person(before: &str, name: &str) -> String {
    let name = toml::Value::String(name.to_owned());
    format!("person = {name}\n{before}")
}

/// The key that takes the fewest changes of letters, if it is near enough.
fn nearest(key: &str) -> Option<&'static str> {
    let (near, cost) = KEYS
        .iter()
        .map(|known| (*known, distance(key, known)))
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
        for key in KEYS {
            assert!(text.contains(&format!("{key} = ")), "{key}");
        }
        let uncommented: String = text
            .lines()
            .map(|line| {
                line.strip_prefix("# ")
                    .filter(|rest| rest.contains(" = "))
                    .unwrap_or(line)
            })
            .collect::<Vec<_>>()
            .join("\n");
        let loaded = read(&uncommented).unwrap();
        assert!(loaded.warnings.is_empty(), "{:?}", loaded.warnings);
    }
}
