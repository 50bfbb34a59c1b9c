//! Two managers with a device each, who share a desk through a folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use super::{Desk, Outcome};

/// Alice founds the desk, Bob joins it.
pub(crate) struct Two {
    pub(crate) alice: Desk,
    pub(crate) bob: Desk,
    place: TempDir,
    folder: PathBuf,
}

impl Two {
    /// Alice has a desk with the tickets T-1 and T-2; nothing is shared yet.
    pub(crate) fn apart() -> Self {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("demo");
        Self::apart_at(place, folder)
    }

    /// The same with a folder somewhere else; it is named `demo`.
    pub(crate) fn apart_in(folder: &Path) -> Self {
        Self::apart_at(tempfile::tempdir().unwrap(), folder.join("demo"))
    }

    fn apart_at(place: TempDir, folder: PathBuf) -> Self {
        std::fs::create_dir(&folder).unwrap();
        Self {
            alice: Desk::with_tickets(),
            bob: Desk::none_of("Bob"),
            place,
            folder,
        }
    }

    /// The folder is shared; Bob has a copy and waits to be let in.
    #[track_caller]
    pub(crate) fn asking() -> Self {
        Self::apart().asked()
    }

    #[track_caller]
    fn asked(self) -> Self {
        let two = self;
        two.alice.ok(&format!("share create {}", two.shown()));
        joins(&two.bob, &two.folder(), &founder_words(&two.alice));
        two
    }

    /// Bob is a manager, and both are in step.
    #[track_caller]
    pub(crate) fn met() -> Self {
        Self::met_as("manager")
    }

    #[track_caller]
    pub(crate) fn met_as(role: &str) -> Self {
        Self::asking().answered(role)
    }

    /// The same with a folder somewhere else.
    #[track_caller]
    pub(crate) fn met_in(folder: &Path) -> Self {
        Self::apart_in(folder).asked().answered("manager")
    }

    #[track_caller]
    fn answered(self, role: &str) -> Self {
        self.lets_in(&self.bob, role);
        self.bob.ok("sync");
        self
    }

    /// Alice lets in whoever waits on this device.
    #[track_caller]
    pub(crate) fn lets_in(&self, joiner: &Desk, role: &str) -> Outcome {
        self.alice.ok("sync");
        let words = own_words(joiner);
        self.alice
            .ok(&format!("share approve --words '{words}' --role {role}"))
    }

    /// Where they meet; its name makes both desk files `demo.relmate`.
    pub(crate) fn folder(&self) -> PathBuf {
        self.folder.clone()
    }

    pub(crate) fn shown(&self) -> String {
        self.folder().display().to_string()
    }

    /// A place beside the shared folder.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    pub(crate) fn now(&mut self, now: &str) {
        self.alice.now(now);
        self.bob.now(now);
    }

    pub(crate) fn desks(&self) -> [&Desk; 2] {
        [&self.alice, &self.bob]
    }

    /// Each has what the other has.
    #[track_caller]
    pub(crate) fn sync(&self) {
        for desk in [&self.alice, &self.bob, &self.alice] {
            desk.ok("sync");
        }
    }

    /// Both show the same, and their histories are the same steps.
    #[track_caller]
    pub(crate) fn are_equal(&self) {
        equal(&self.alice, &self.bob);
    }

    /// The files in the folder, by their names in it.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        files(&self.folder().join("relmate"))
    }
}

/// Makes a desk from a folder; its six words are for the founder.
#[track_caller]
pub(crate) fn joins(desk: &Desk, folder: &Path, words: &str) -> Outcome {
    desk.ok(&format!(
        "share join {} --words '{words}'",
        folder.display()
    ))
}

/// The words that the founder reads aloud.
#[track_caller]
pub(crate) fn founder_words(desk: &Desk) -> String {
    words_of(desk, "founder_words")
}

/// The words that who wants to be let in reads aloud.
#[track_caller]
pub(crate) fn own_words(desk: &Desk) -> String {
    words_of(desk, "own_words")
}

#[track_caller]
fn words_of(desk: &Desk, which: &str) -> String {
    let words = desk.json("share status")[which].clone();
    words.as_str().expect("six words").to_owned()
}

/// Two desks show the same, and their histories are the same steps.
#[track_caller]
pub(crate) fn equal(one: &Desk, other: &Desk) {
    let steps = [history(one), history(other)];
    let mine: Vec<_> = steps[0].keys().collect();
    let theirs: Vec<_> = steps[1].keys().collect();
    assert_eq!(mine, theirs, "other steps");
    for (commit, step) in &steps[0] {
        assert_eq!(step, &steps[1][commit], "{commit} is told otherwise");
    }
    let words = |desk: &Desk| desk.json("share status")["desk_words"].clone();
    assert_eq!(words(one), words(other), "other desks");
}

/// What was done, by commit.
#[track_caller]
pub(crate) fn history(desk: &Desk) -> BTreeMap<String, Value> {
    let log = desk.json("log");
    let steps = log["items"].as_array().unwrap().iter();
    let named = steps.map(|step| (step["commit"].as_str().unwrap().to_owned(), step.clone()));
    named.collect()
}

/// The files below a folder, in order.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    super::tree(folder).into_keys().collect()
}

/// What `share status` says of the files whose names hold a text.
#[track_caller]
pub(crate) fn told(desk: &Desk, name: &str) -> Vec<(String, String)> {
    let status = desk.json("share status");
    let text = |file: &Value, which: &str| file[which].as_str().unwrap().to_owned();
    let files = status["files"].as_array().unwrap().iter();
    let named = files.filter(|file| text(file, "name").contains(name));
    named.map(|it| (text(it, "is"), text(it, "what"))).collect()
}
