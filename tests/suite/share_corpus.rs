//! Golden shares: a folder as a released version wrote it, which every later version reads for
//! ever (SYNC.md 3.11). A share is made once, by `RELMATE_GOLDEN=share-1 cargo test golden`, and
//! refuses to be made again: its files are put there as new ones.

use std::path::{Path, PathBuf};

use relmate::ledger::{Commit, Draft, Hash, Header, ReplicaId, Workspace, chain_hash, first_prev};
use relmate::sync::frame::{MAX_FILE, open};
use relmate::sync::{
    DeviceKey, Folder, Genesis, Head, Hint, Kind, Pack, Request, Share, names, sign_tip,
};
use serde_json::json;

const GENESIS: &str = r#"{"nonce":"0000000000000000000000000000000000000000000000000000000000000000","relmate":"genesis 1"}"#;
const ANNA: ReplicaId = ReplicaId([0xa1; 16]);
const BOB: ReplicaId = ReplicaId([0xb0; 16]);
const WALL: &str = "2026-03-02T09:00:00Z";

fn place() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/share-1")
}

fn workspace() -> Workspace {
    Workspace::of_genesis(GENESIS.as_bytes())
}

fn anna() -> DeviceKey {
    DeviceKey::generate([1; 32])
}

fn bob() -> DeviceKey {
    DeviceKey::generate([2; 32])
}

/// A chain as it grows.
struct Chain {
    replica: ReplicaId,
    key: DeviceKey,
    commits: Vec<(Hash, Vec<u8>)>,
}

impl Chain {
    fn new(replica: ReplicaId, key: DeviceKey) -> Self {
        Self {
            replica,
            key,
            commits: Vec::new(),
        }
    }

    fn before(&self, seq: u64) -> Hash {
        let at = usize::try_from(seq).unwrap();
        match at.checked_sub(2) {
            Some(at) => self.commits[at].0,
            None => first_prev(&workspace(), &self.replica),
        }
    }

    fn add(&mut self, person: &str, deps: &[Hash], write: impl FnOnce(&mut Draft)) -> Hash {
        let seq = self.commits.len() as u64 + 1;
        let mut draft = Draft::new(self.replica, seq);
        write(&mut draft);
        let header = Header {
            deps: deps.to_vec(),
            wall: WALL.to_owned(),
            person: person.to_owned(),
            intent: json!({"step": "golden"}),
            ..Header::default()
        };
        let commit: Commit = draft.finish(header);
        let bytes = commit.encode();
        let hash = chain_hash(&workspace(), &self.before(seq), &bytes);
        self.commits.push((hash, bytes));
        hash
    }

    fn pack(&self, lo: u64, hi: u64, by: &DeviceKey) -> Pack {
        let run = usize::try_from(lo).unwrap() - 1..usize::try_from(hi).unwrap();
        let commits = self.commits[run].to_vec();
        let tip = commits.last().unwrap().0;
        Pack {
            origin: self.replica,
            lo,
            hi,
            prev: self.before(lo),
            tip,
            author: self.key.public(),
            signature: sign_tip(&self.key, &workspace(), &tip),
            by: by.public(),
            commits,
        }
    }
}

/// Anna founds and admits Bob; both write to one record.
fn chains() -> (Chain, Chain) {
    let mut anna = Chain::new(ANNA, anna());
    let mut bob = Chain::new(BOB, bob());
    let mut thing = None;
    anna.add("anna", &[], |draft| {
        let id = draft.create();
        draft.set(&id, "title", "Größe und »Zeichen«", []);
        thing = Some(id);
    });
    let thing = thing.unwrap();
    let key = anna.key.public();
    anna.add("anna", &[], |draft| {
        draft.member(json!({"do": "device", "key": key, "letter": ""}));
    });
    let key = bob.key.public();
    let admitted = anna.add("anna", &[], |draft| {
        draft.member(json!({
            "do": "admit", "key": key, "person": "bob", "role": "manager", "letter": "b",
        }));
    });
    bob.add("bob", &[admitted], |draft| {
        draft.member(json!({"do": "device", "key": key, "letter": "b"}));
    });
    bob.add("bob", &[], |draft| {
        draft.add(&thing, "labels", "seen");
    });
    anna.add("anna", &[], |draft| {
        draft.event(&thing, "comment", json!({"text": "two lines\nof one"}));
    });
    (anna, bob)
}

fn head(replica: ReplicaId, by: &DeviceKey, holds: Vec<Hash>) -> Head {
    Head {
        replica,
        by: by.public(),
        counter: 1,
        holds,
        digest: Hash::of(&[b"golden"]),
        level: 1,
        wall: WALL.to_owned(),
        misses: Vec::new(),
    }
}

/// Anna's first three, her fourth, and the fourth again as Bob put it there; Bob's two.
fn packs() -> Vec<(ReplicaId, DeviceKey, Pack)> {
    let (a, b) = chains();
    vec![
        (ANNA, anna(), a.pack(1, 3, &anna())),
        (ANNA, anna(), a.pack(4, 4, &anna())),
        (BOB, bob(), a.pack(4, 4, &bob())),
        (BOB, bob(), b.pack(1, 2, &bob())),
    ]
}

fn heads() -> Vec<(DeviceKey, Head)> {
    let (a, b) = chains();
    let tips = vec![a.commits[3].0, b.commits[1].0];
    vec![
        (anna(), head(ANNA, &anna(), tips.clone())),
        (bob(), head(BOB, &bob(), tips)),
    ]
}

fn request() -> Request {
    Request {
        key: bob().public(),
        person: "bob".to_owned(),
        device: "bob-laptop".to_owned(),
        wall: WALL.to_owned(),
    }
}

/// Every file of the share and its name, as this version writes them.
fn files() -> Vec<(String, Vec<u8>)> {
    let workspace = workspace();
    let mut files = vec![
        (names::README.to_owned(), names::README_TEXT.into()),
        (names::ATTRIBUTES.to_owned(), names::ATTRIBUTES_TEXT.into()),
        (
            names::genesis(&workspace.0, 0),
            Genesis::write(GENESIS, &anna()).unwrap(),
        ),
    ];
    for (folder, by, pack) in packs() {
        let run = (pack.lo, pack.hi);
        let name = names::pack(&folder, &pack.origin, run, &pack.tip, 0);
        files.push((name, pack.write(&workspace, &by).unwrap()));
    }
    for (by, head) in heads() {
        let bytes = head.write(&workspace, &by).unwrap();
        let name = names::head(&head.replica, head.counter, &Hash::of(&[&bytes]), 0);
        files.push((name, bytes));
    }
    let bytes = request().write(&workspace, &bob()).unwrap();
    let name = names::request(&BOB, 1, &Hash::of(&[&bytes]), 0);
    files.push((name, bytes));
    files
}

#[test]
fn golden_shares_are_made_once() {
    if std::env::var("RELMATE_GOLDEN").as_deref() != Ok("share-1") {
        return;
    }
    std::fs::create_dir_all(place()).unwrap();
    let folder = Folder::open(&place()).unwrap();
    for (name, bytes) in files() {
        eprintln!("{:6} {name}", bytes.len());
        folder.put_new(&name, &bytes).unwrap();
    }
}

#[test]
fn every_file_of_the_first_share_is_read_for_ever() {
    let folder = Folder::open(&place()).unwrap();
    let listed = folder.list().unwrap();
    assert_eq!(listed.len(), 10, "{listed:?}");
    let (mut read_packs, mut read_heads) = (Vec::new(), Vec::new());
    for file in &listed {
        let bytes = folder.get(&file.name, MAX_FILE as u64).unwrap();
        let Hint::Examine(kind) = names::hint(&file.name) else {
            assert_eq!(names::hint(&file.name), Hint::Text, "{}", file.name);
            continue;
        };
        let opened = open(&bytes, Some(&workspace())).unwrap();
        assert_eq!(opened.kind, kind, "{}", file.name);
        match kind {
            Kind::Pack => read_packs.push(Pack::of(opened).unwrap()),
            Kind::Head => read_heads.push(Head::of(opened).unwrap()),
            Kind::Request => assert_eq!(Request::of(opened).unwrap(), request()),
            Kind::Genesis => {
                let genesis = Genesis::of(opened).unwrap();
                assert_eq!(genesis.text, GENESIS);
                assert_eq!(genesis.by, anna().public());
            }
        }
    }
    for (_, _, pack) in packs() {
        assert!(read_packs.contains(&pack), "{pack:?}");
    }
    for (_, head) in heads() {
        assert!(read_heads.contains(&head), "{head:?}");
    }
    assert_eq!((read_packs.len(), read_heads.len()), (4, 2));
}

#[test]
fn the_first_share_is_found_under_the_names_that_this_version_gives() {
    let listed = Folder::open(&place()).unwrap().list().unwrap();
    let there: Vec<&str> = listed.iter().map(|it| it.name.as_str()).collect();
    // Heads and requests are named after their bytes, which another packer writes otherwise.
    let steady = |it: &str| !it.contains("/hd-") && !it.contains("/mb-");
    for (name, _) in files().iter().filter(|(name, _)| steady(name)) {
        assert!(there.contains(&name.as_str()), "{name}");
    }
}

#[test]
fn a_lone_change_with_its_head_is_small() {
    let (workspace, (_, pack), (by, head)) = {
        let (_, by, pack) = packs().swap_remove(1);
        (workspace(), (by, pack), heads().swap_remove(0))
    };
    let lone = pack.write(&workspace, &by).unwrap().len();
    let told = head.write(&workspace, &by).unwrap().len();
    assert!(lone + told <= 1536, "{lone} + {told} bytes");
}
