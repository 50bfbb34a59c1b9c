//! Where things live: data, configuration, state. XDG variables are obeyed on
//! every system (directories-rs itself ignores them on some).

use std::path::{Path, PathBuf};

use directories::ProjectDirs;

use super::refusal::Refusal;

/// How a desk's file ends.
pub const EXTENSION: &str = "relmate";

/// The folders of this user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    pub data: PathBuf,
    pub config: PathBuf,
    pub state: PathBuf,
}

impl Places {
    /// From the environment; fails only for a user without a home.
    pub fn new() -> Result<Self, Refusal> {
        let dirs = ProjectDirs::from("", "", "relmate");
        let place = |variable: &str, fallback: Option<PathBuf>| {
            std::env::var_os(variable)
                .map(PathBuf::from)
                .filter(|path| path.is_absolute())
                .map(|path| path.join("relmate"))
                .or(fallback)
                .ok_or_else(|| {
                    Refusal::failed(
                        "This user has no home directory.",
                        format!("Set HOME, or {variable}, or name the desk with --desk."),
                    )
                })
        };
        let data = place(
            "XDG_DATA_HOME",
            dirs.as_ref().map(|dirs| dirs.data_dir().to_owned()),
        )?;
        let state = dirs.as_ref().map(|dirs| {
            dirs.state_dir()
                .unwrap_or_else(|| dirs.data_local_dir())
                .to_owned()
        });
        Ok(Self {
            config: place(
                "XDG_CONFIG_HOME",
                dirs.as_ref().map(|dirs| dirs.config_dir().to_owned()),
            )?,
            state: place("XDG_STATE_HOME", state)?,
            data,
        })
    }

    pub fn config_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// The file of a desk: a path as it is, a bare name in the data directory.
    pub fn desk_file(&self, desk: &str) -> PathBuf {
        let path = Path::new(desk);
        let is_path = desk.contains(std::path::MAIN_SEPARATOR)
            || desk.contains('/')
            || path.extension().is_some_and(|it| it == EXTENSION)
            || path.exists();
        if is_path {
            path.to_owned()
        } else {
            self.data.join(file_name(desk))
        }
    }

    /// The desks in the data directory, by name.
    pub fn desks(&self) -> Vec<PathBuf> {
        let Ok(entries) = std::fs::read_dir(&self.data) else {
            return Vec::new();
        };
        let mut desks: Vec<PathBuf> = entries
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|it| it == EXTENSION))
            .collect();
        desks.sort();
        desks
    }

    /// The desk that is meant when none is named: the only one there.
    pub fn only_desk(&self) -> Result<PathBuf, Refusal> {
        let mut desks = self.desks();
        match desks.len() {
            1 => Ok(desks.remove(0)),
            0 => Err(Refusal::not_found(
                "There is no desk yet.",
                "Create one with `relmate init NAME --manager A --manager B`, join another manager's with `relmate share join FOLDER`, or look at the example with `relmate demo`.",
            )),
            _ => {
                let names: Vec<String> = desks
                    .iter()
                    .filter_map(|path| path.file_stem())
                    .map(|name| name.to_string_lossy().into_owned())
                    .collect();
                Err(Refusal::usage(
                    format!("There is more than one desk: {}.", names.join(", ")),
                    "Name one with --desk NAME, RELMATE_DESK, or `desk` in the configuration.",
                ))
            }
        }
    }
}

/// The file of a desk's name: lower case, letters, digits and dashes.
pub fn file_name(name: &str) -> String {
    let mut file = String::new();
    for letter in name.trim().chars().flat_map(char::to_lowercase) {
        if letter.is_alphanumeric() || letter == '.' || letter == '_' {
            file.push(letter);
        } else if !file.ends_with('-') && !file.is_empty() {
            file.push('-');
        }
    }
    let file = file.trim_matches(['-', '.']);
    format!(
        "{}.{EXTENSION}",
        if file.is_empty() { "desk" } else { file }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_desks_name_makes_a_plain_file_name() {
        assert_eq!(file_name("CMD 1.4"), "cmd-1.4.relmate");
        assert_eq!(file_name("../../etc/passwd"), "etc-passwd.relmate");
        assert_eq!(file_name("…"), "desk.relmate");
    }
}
