//! A desk in a folder of its own and the program run on it: no home, no clock
//! and no file of the machine reaches a test.

pub(crate) mod dice;
pub(crate) mod mounted;
mod outcome;
pub(crate) mod screen;
mod tree;
pub(crate) mod two;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

pub(crate) use outcome::Outcome;
pub(crate) use tree::{Tree, tree};

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_relmate");
/// A Saturday in November: ten in the morning in Rome.
pub(crate) const NOW: &str = "2026-11-21T09:14:00Z";

/// A folder that is this test's whole world.
pub(crate) struct Desk {
    home: TempDir,
    now: String,
}

impl Desk {
    /// No desk yet; the device is Alice's.
    pub(crate) fn none() -> Self {
        Self::none_of("Alice")
    }

    /// No desk yet, on somebody's device.
    pub(crate) fn none_of(person: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        let config = home.path().join("config/relmate");
        std::fs::create_dir_all(&config).unwrap();
        let text = format!("person = \"{person}\"\n");
        std::fs::write(config.join("config.toml"), text).unwrap();
        Self {
            home,
            now: NOW.to_owned(),
        }
    }

    /// The desk Demo of Alice and Bob in Rome.
    pub(crate) fn new() -> Self {
        let desk = Self::none();
        desk.ok("init Demo --manager Alice --manager Bob --timezone Europe/Rome");
        desk
    }

    /// With the product ARC and one submission for two platforms.
    pub(crate) fn with_submission() -> Self {
        let desk = Self::new();
        desk.ok("product add ARC --provider NorduGrid --contact arc@example.org");
        desk.submit(
            "ARC",
            "7.0.3",
            "--platform al9 --platform el9 --at 2026-11-02",
        );
        desk
    }

    /// With the tickets T-1 (al9) and T-2 (el9), injected on 2 November.
    pub(crate) fn with_tickets() -> Self {
        let desk = Self::with_submission();
        desk.ok("inject S-1 --at 2026-11-02");
        desk.ok("person add Vera --organisation INFN --role verifier");
        desk
    }

    /// Submits a product release with two packages.
    #[track_caller]
    pub(crate) fn submit(&self, product: &str, version: &str, more: &str) -> Outcome {
        let packages = self.file("packages.txt", "arc-ce-7.0.3\narc-client-7.0.3\n");
        self.ok(&format!(
            "submit --product {product} --version {version} --notes https://example.org/notes \
             --packages {} --channel-id 4711 {more}",
            packages.display()
        ))
    }

    /// The same desk at another time.
    pub(crate) fn now(&mut self, now: &str) -> &mut Self {
        now.clone_into(&mut self.now);
        self
    }

    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.home().join("data/relmate")
    }

    /// The file of the desk Demo.
    pub(crate) fn path(&self) -> PathBuf {
        self.data().join("demo.relmate")
    }

    /// Writes a file beside the desk, never among its own.
    pub(crate) fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.home().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    pub(crate) fn config(&self, text: impl AsRef<[u8]>) {
        std::fs::write(self.home().join("config/relmate/config.toml"), text).unwrap();
    }

    /// The program in this world, not started yet.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(PROGRAM);
        command
            .env_clear()
            .envs(self.world())
            .current_dir(self.home())
            .stdin(Stdio::null());
        command
    }

    /// What the program finds in its environment.
    pub(crate) fn world(&self) -> Vec<(String, String)> {
        let place = |name: &str| self.home().join(name).display().to_string();
        let world = [
            ("HOME", place("home")),
            ("XDG_DATA_HOME", place("data")),
            ("XDG_CONFIG_HOME", place("config")),
            ("XDG_STATE_HOME", place("state")),
            ("TMPDIR", place("")),
            ("RELMATE_NOW", self.now.clone()),
            ("LC_ALL", "C.UTF-8".to_owned()),
        ];
        world.map(|(name, value)| (name.to_owned(), value)).into()
    }

    pub(crate) fn run(&self, line: &str) -> Outcome {
        self.run_words(&words(line))
    }

    pub(crate) fn run_words<S: AsRef<std::ffi::OsStr>>(&self, words: &[S]) -> Outcome {
        Outcome::of(self.command().args(words).output().unwrap())
    }

    /// Runs a command that has to work.
    #[track_caller]
    pub(crate) fn ok(&self, line: &str) -> Outcome {
        let outcome = self.run(line);
        assert_eq!(outcome.code, 0, "`{line}` failed:\n{outcome}");
        outcome
    }

    /// Runs a command that has to end with this code and one sentence with a hint.
    #[track_caller]
    pub(crate) fn refused(&self, code: i32, line: &str) -> Outcome {
        let outcome = self.run(line);
        outcome.is_refusal(code, line);
        outcome
    }

    /// What a command prints with `--json`.
    #[track_caller]
    pub(crate) fn json(&self, line: &str) -> serde_json::Value {
        self.ok(&format!("{line} --json")).json()
    }

    /// The fields of one ticket, submission or milestone.
    #[track_caller]
    pub(crate) fn show(&self, id: &str) -> serde_json::Value {
        self.json(&format!("show {id}"))
    }

    /// The commits there are.
    pub(crate) fn commits(&self) -> usize {
        self.json("log")["items"].as_array().unwrap().len()
    }
}

/// A command line in words; single quotes keep a text together.
pub(crate) fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in line.split('\'').enumerate() {
        if index % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

/// A file of the corpus.
pub(crate) fn corpus(name: &str) -> String {
    format!("{}/tests/corpus/{name}", env!("CARGO_MANIFEST_DIR"))
}
