//! A third program in the folder: it writes garbage, truncates, deletes, copies and forges
//! between rounds. Nothing that no member signed is applied, nothing is lost, and everything that
//! lies there is named (SYNC.md 4, rows 2 to 10 and 32).

use std::path::{Path, PathBuf};

use relmate::ledger::{Draft, Hash, Header, ReplicaId, Workspace, chain_hash, first_prev};
use relmate::sync::{DeviceKey, Genesis, Head, Hint, Kind, Pack, names, sign_tip};
use serde_json::json;

use crate::support::dice::Dice;
use crate::support::two::{Two, history};

/// How many rounds, if the environment does not say; with `RELMATE_SEED` another run is played.
const ROUNDS: usize = 100;

/// Somebody who can write into the folder and belongs to nobody.
struct Intruder {
    dice: Dice,
    key: DeviceKey,
    root: PathBuf,
    workspace: Workspace,
    /// What it kept of earlier days.
    kept: Vec<(PathBuf, Vec<u8>)>,
    /// Its own steps: none of them may ever show.
    steps: u64,
}

impl Intruder {
    fn new(two: &Two, seed: u64) -> Self {
        let root = two.folder().join("relmate");
        let genesis = two.files().into_iter().find(|it| hint(it) == Kind::Genesis);
        let bytes = std::fs::read(genesis.unwrap()).unwrap();
        let read = Genesis::read(&bytes, None).unwrap();
        Self {
            dice: Dice::new(seed),
            key: DeviceKey::generate([66; 32]),
            root,
            workspace: read.workspace(),
            kept: Vec::new(),
            steps: 0,
        }
    }

    fn files(&self) -> Vec<PathBuf> {
        crate::support::two::files(&self.root)
    }

    fn garbage(&mut self) -> Vec<u8> {
        let length = self.dice.below(600);
        (0..length)
            .map(|_| self.dice.roll().to_le_bytes()[0])
            .collect()
    }

    /// Does one thing to the folder.
    fn acts(&mut self) {
        let Some(path) = self.dice.pick(&self.files()).cloned() else {
            return;
        };
        let Ok(mut bytes) = std::fs::read(&path) else {
            return;
        };
        if self.dice.below(3) == 0 {
            self.kept.push((path.clone(), bytes.clone()));
        }
        match self.dice.below(13) {
            0 => {
                let name = format!("pk-{:08x}.pk", self.dice.below(1 << 30));
                let garbage = self.garbage();
                put(&path.with_file_name(name), &garbage);
            }
            1 => {
                bytes.truncate(self.dice.below(bytes.len().max(1)));
                put(&path, &bytes);
            }
            2 => put(&path, &vec![0; bytes.len()]),
            3 => std::fs::remove_file(&path).unwrap(),
            4 => std::fs::rename(&path, conflict_copy(&path)).unwrap(),
            5 => put(&conflict_copy(&path), &bytes),
            6 => {
                if let Some(at) = (!bytes.is_empty()).then(|| self.dice.below(bytes.len())) {
                    bytes[at] ^= 1 << self.dice.below(8);
                }
                put(&path, &bytes);
            }
            7 => {
                if let Some((path, bytes)) = self.dice.pick(&self.kept).cloned() {
                    put(&path, &bytes);
                }
            }
            8 => self.grows(&bytes),
            9 => self.begins_a_chain(),
            10 => self.signs_anew(&bytes),
            11 => self.squats(&path, &bytes),
            _ => self.says_it_holds(&path),
        }
    }

    /// A step of its own.
    fn step(&mut self, replica: ReplicaId, seq: u64, deps: &[Hash]) -> Vec<u8> {
        self.steps += 1;
        let mut draft = Draft::new(replica, seq);
        let id = draft.create();
        draft.set(&id, "kind", "lesson", []);
        draft.set(&id, "text", "forged", []);
        if seq == 1 {
            let key = self.key.public();
            draft.member(json!({"do": "device", "key": key, "letter": "b"}));
            draft.member(json!({
                "do": "admit", "key": key, "person": "Mallory", "role": "owner", "letter": "m",
            }));
        }
        let header = Header {
            deps: deps.to_vec(),
            wall: "2026-11-21T09:14:00Z".to_owned(),
            person: "Alice".to_owned(),
            intent: json!({"step": "forged"}),
            ..Header::default()
        };
        draft.finish(header).encode()
    }

    fn write(&mut self, pack: &Pack) {
        let bytes = pack.write(&self.workspace, &self.key).unwrap();
        let name = names::pack(&pack.origin, &pack.origin, (pack.lo, pack.hi), &pack.tip, 0);
        put(&self.root.join(name), &bytes);
    }

    /// Goes on with a member's chain under its own signature.
    fn grows(&mut self, bytes: &[u8]) {
        let Ok(known) = Pack::read(bytes, &self.workspace) else {
            return;
        };
        let seq = known.hi + 1;
        let bytes = self.step(known.origin, seq, &[]);
        let tip = chain_hash(&self.workspace, &known.tip, &bytes);
        self.write(&Pack {
            origin: known.origin,
            lo: seq,
            hi: seq,
            prev: known.tip,
            tip,
            author: self.key.public(),
            signature: sign_tip(&self.key, &self.workspace, &tip),
            by: self.key.public(),
            commits: vec![(tip, bytes)],
        });
    }

    /// Begins a chain of its own, which lets itself in.
    fn begins_a_chain(&mut self) {
        let replica = ReplicaId([self.dice.roll().to_le_bytes()[0]; 16]);
        let prev = first_prev(&self.workspace, &replica);
        let bytes = self.step(replica, 1, &[]);
        let tip = chain_hash(&self.workspace, &prev, &bytes);
        self.write(&Pack {
            origin: replica,
            lo: 1,
            hi: 1,
            prev,
            tip,
            author: self.key.public(),
            signature: sign_tip(&self.key, &self.workspace, &tip),
            by: self.key.public(),
            commits: vec![(tip, bytes)],
        });
    }

    /// Says that a member's steps are its own.
    fn signs_anew(&mut self, bytes: &[u8]) {
        let Ok(mut known) = Pack::read(bytes, &self.workspace) else {
            return;
        };
        known.author = self.key.public();
        known.by = self.key.public();
        known.signature = sign_tip(&self.key, &self.workspace, &known.tip);
        self.write(&known);
    }

    /// Takes the names under which a member would put a pack back.
    fn squats(&mut self, path: &Path, bytes: &[u8]) {
        let Ok(known) = Pack::read(bytes, &self.workspace) else {
            return;
        };
        let members: Vec<_> = self.files().iter().filter_map(|it| of(it)).collect();
        for by in members {
            for again in 0..2 {
                let name = names::pack(&by, &known.origin, (known.lo, known.hi), &known.tip, again);
                let path = self.root.join(name);
                if !path.exists() {
                    let garbage = self.garbage();
                    put(&path, &garbage);
                }
            }
        }
        let garbage = self.garbage();
        put(path, &garbage);
    }

    /// A head in a member's name, and in its own: all is here, and no file can be read.
    fn says_it_holds(&mut self, path: &Path) {
        let replica = of(path).unwrap_or(ReplicaId([66; 16]));
        let root = self.root.clone();
        let name = |it: PathBuf| it.strip_prefix(&root).unwrap().display().to_string();
        let head = Head {
            replica,
            by: self.key.public(),
            counter: 9_000 + self.steps,
            holds: vec![Hash([66; 32])],
            digest: Hash([66; 32]),
            level: 1,
            wall: "2031-01-01T00:00:00Z".to_owned(),
            misses: self
                .files()
                .into_iter()
                .map(name)
                .filter(|it| it.len() <= 90)
                .take(20)
                .collect(),
        };
        let Ok(bytes) = head.write(&self.workspace, &self.key) else {
            return;
        };
        let name = names::head(&replica, head.counter, &Hash::of(&[&bytes]), 0);
        put(&self.root.join(name), &bytes);
    }
}

fn hint(path: &Path) -> Kind {
    match names::hint(&path.file_name().unwrap().to_string_lossy()) {
        Hint::Examine(kind) => kind,
        _ => Kind::Request,
    }
}

fn is_pack(path: &Path) -> bool {
    hint(path) == Kind::Pack
}

/// Whose folder a file lies in.
fn of(path: &Path) -> Option<ReplicaId> {
    let folder = path.parent()?.file_name()?.to_str()?;
    folder.parse().ok()
}

fn conflict_copy(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let (stem, end) = name.rsplit_once('.').unwrap_or((&name, "pk"));
    path.with_file_name(format!(
        "{stem}.sync-conflict-20261121-101400-ABCDEFG.{end}"
    ))
}

fn put(path: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

/// Exchanges; where the folder lost what it is known by, a person says that it is the one.
#[track_caller]
fn exchange(desk: &crate::support::Desk) {
    if desk.run("sync").code != 0 {
        desk.ok("sync --refill");
    }
}

fn a_pair_survives(seed: u64, rounds: usize) {
    let mut two = Two::met();
    let mut intruder = Intruder::new(&two, seed);
    let mut said = Vec::new();
    for round in 0..rounds {
        for _ in 0..=intruder.dice.below(3) {
            intruder.acts();
        }
        let desk = two.desks()[intruder.dice.below(2)];
        let text = format!("remark {round}");
        desk.ok(&format!("comment T-1 '{text}'"));
        said.push(text);
        exchange(desk);
    }
    assert!(intruder.steps > 0);
    two.now("2026-11-22T12:00:00Z");
    for _ in 0..3 {
        exchange(&two.alice);
        exchange(&two.bob);
    }
    two.are_equal();
    for desk in two.desks() {
        let ticket = desk.show("T-1");
        let mut there: Vec<_> = ticket["comments"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["text"].as_str().unwrap().to_owned())
            .collect();
        let mut expected = said.clone();
        there.sort_unstable();
        expected.sort_unstable();
        assert_eq!(there, expected, "seed {seed}");
        let log = history(desk);
        assert!(
            log.values().all(|it| it["action"] != "forged"),
            "seed {seed}"
        );
        desk.ok("doctor").says(&["what the history says"]);
        let status = desk.json("share status");
        assert_eq!(status["members"].as_array().unwrap().len(), 2);
        assert_eq!(status["to_publish"], 0);
        assert_eq!(status["set_aside"].as_array().unwrap().len(), 0);
        let files = status["files"].as_array().unwrap();
        assert_eq!(files.len(), two.files().len().min(1_000));
        for file in files {
            assert!(!file["what"].as_str().unwrap().is_empty(), "{file}");
        }
    }
    let files = two.files().len();
    assert!(files < 12 * rounds + 100, "seed {seed}: {files} files");
}

fn asked<T: std::str::FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn a_third_program_in_the_folder_gets_nothing_in_and_nothing_lost() {
    let seed = asked("RELMATE_SEED").unwrap_or(1);
    let rounds = asked("RELMATE_ROUNDS").unwrap_or(ROUNDS);
    a_pair_survives(seed, rounds);
}

/// An outsider's head that says of every file, and of every name it could get, that it cannot be
/// read there: were it believed, members would write the same pack again and again.
#[test]
fn a_stranger_who_says_that_files_cannot_be_read_makes_nobody_write_them_again() {
    let two = Two::met();
    two.sync();
    let intruder = Intruder::new(&two, 1);
    let before = two.files();
    let packs = before.iter().filter(|it| is_pack(it));
    let names = packs.flat_map(|path| {
        let name = path
            .strip_prefix(&intruder.root)
            .unwrap()
            .display()
            .to_string();
        let stem = name.trim_end_matches(".pk").to_owned();
        let again = (1..40).map(move |again| format!("{stem}-r{again}.pk"));
        std::iter::once(name).chain(again)
    });
    let head = Head {
        replica: ReplicaId([66; 16]),
        by: intruder.key.public(),
        counter: 1,
        holds: vec![Hash([66; 32])],
        digest: Hash([66; 32]),
        level: 1,
        wall: "2026-11-21T09:14:00Z".to_owned(),
        misses: names.collect(),
    };
    let bytes = head.write(&intruder.workspace, &intruder.key).unwrap();
    let name = names::head(&head.replica, head.counter, &Hash::of(&[&bytes]), 0);
    put(&intruder.root.join(name), &bytes);
    two.sync();
    two.sync();
    let packs = |all: &[PathBuf]| all.iter().filter(|it| is_pack(it)).count();
    assert_eq!(packs(&two.files()), packs(&before));
    assert_eq!(two.alice.json("share status")["to_publish"], 0);
    two.alice.ok("sync").says(&["In step"]);
}
