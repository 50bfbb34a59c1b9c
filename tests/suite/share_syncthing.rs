//! Two desks through two folders that real Syncthing daemons keep in step on loopback: arrival,
//! deletion by the other side, conflict copies, a pause. Skipped where syncthing or curl is absent.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::Desk;
use crate::support::two::{equal, files, founder_words, joins, own_words};

/// The two daemons; they end with the test, however it ends.
struct Daemons {
    place: tempfile::TempDir,
    port: String,
}

impl Daemons {
    fn start() -> Option<Self> {
        for program in ["syncthing", "curl", "bash"] {
            let found = Command::new(program)
                .arg("--version")
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
            if !found.is_ok_and(|it| it.success()) {
                eprintln!("skipped: {program} is not installed");
                return None;
            }
        }
        // Two runs of the suite at once must not meet.
        let port = 21_000 + std::process::id() % 5_000 * 4;
        let daemons = Self {
            place: tempfile::tempdir().unwrap(),
            port: port.to_string(),
        };
        daemons.does("start");
        Some(daemons)
    }

    #[track_caller]
    fn does(&self, verb: &str) {
        let done = Command::new("bash")
            .arg(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/tests/tools/syncthing-pair"
            ))
            .args([verb, &self.place.path().display().to_string(), &self.port])
            .env("HOME", self.place.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(
            done.status.success(),
            "{verb}: {}",
            String::from_utf8_lossy(&done.stderr)
        );
    }

    fn folder(&self, of: &str) -> PathBuf {
        self.place.path().join(of).join("demo")
    }
}

impl Drop for Daemons {
    fn drop(&mut self) {
        let place = self.place.path().display().to_string();
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tools/syncthing-pair");
        let stop = Command::new("bash").args([script, "stop", &place]).output();
        drop(stop);
    }
}

fn packs(folder: &Path) -> Vec<PathBuf> {
    let mut packs = files(&folder.join("relmate"));
    packs.retain(|it| it.extension().is_some_and(|it| it == "pk"));
    packs
}

fn remarks(desk: &Desk) -> usize {
    desk.show("T-1")["comments"].as_array().map_or(0, Vec::len)
}

struct Meeting {
    daemons: Daemons,
    alice: Desk,
    bob: Desk,
}

impl Meeting {
    fn new() -> Option<Self> {
        let daemons = Daemons::start()?;
        let (alice, bob) = (Desk::with_tickets(), Desk::none_of("Bob"));
        alice.ok(&format!("share create {}", daemons.folder("a").display()));
        daemons.does("settle");
        joins(&bob, &daemons.folder("b"), &founder_words(&alice));
        daemons.does("settle");
        let words = own_words(&bob);
        alice.ok(&format!("share approve --words '{words}'"));
        let meeting = Self {
            daemons,
            alice,
            bob,
        };
        meeting.exchange();
        Some(meeting)
    }

    #[track_caller]
    fn exchange(&self) {
        for desk in [&self.alice, &self.bob, &self.alice] {
            self.daemons.does("settle");
            desk.ok("sync");
        }
    }

    /// Both record and publish before either hears of the other.
    fn apart(&self) {
        self.alice.ok("comment T-1 'from Alice'");
        self.bob.ok("comment T-1 'from Bob'");
        self.alice.ok("sync");
        self.bob.ok("sync");
    }

    #[track_caller]
    fn agree(&self, count: usize) {
        self.exchange();
        equal(&self.alice, &self.bob);
        assert_eq!(remarks(&self.bob), count);
    }
}

#[test]
fn two_desks_meet_through_syncthing_whatever_it_does_to_their_files() {
    let Some(it) = Meeting::new() else { return };
    it.apart();
    it.agree(2);
    deleted_on_one_side(&it);
    one_name_on_both_sides(&it);
    paused(&it);
}

/// Somebody takes the packs away on one side: they vanish on the other too, and return.
fn deleted_on_one_side(it: &Meeting) {
    for pack in packs(&it.daemons.folder("b")) {
        std::fs::remove_file(pack).unwrap();
    }
    it.daemons.does("settle");
    assert_eq!(packs(&it.daemons.folder("a")), Vec::<PathBuf>::new());
    it.apart();
    it.agree(4);
    assert!(!packs(&it.daemons.folder("b")).is_empty());
}

/// A pack is garbled on one side, and otherwise on the other, while they do not hear of each
/// other: Syncthing keeps both as conflict copies.
fn one_name_on_both_sides(it: &Meeting) {
    it.daemons.does("pause");
    for of in ["a", "b"] {
        let pack = packs(&it.daemons.folder(of)).remove(0);
        std::fs::write(pack, format!("garbled on {of}")).unwrap();
    }
    it.apart();
    it.daemons.does("resume");
    it.agree(6);
    let all = files(&it.daemons.folder("a"));
    let copies = all
        .iter()
        .filter(|it| it.to_string_lossy().contains("sync-conflict"));
    assert!(copies.count() > 0, "{all:?}");
    let status = it.alice.json("share status");
    let told = status["files"].as_array().unwrap().iter();
    let mut copies = told.filter(|it| it["name"].as_str().unwrap().contains("sync-conflict"));
    assert!(copies.all(|it| it["is"] == "foreign"), "{status}");
}

/// A week without a word.
fn paused(it: &Meeting) {
    it.daemons.does("pause");
    for _ in 0..3 {
        it.apart();
    }
    assert_eq!((remarks(&it.alice), remarks(&it.bob)), (9, 9));
    it.daemons.does("resume");
    it.agree(12);
}
