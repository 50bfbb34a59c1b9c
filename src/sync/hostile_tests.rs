//! Names and files that anybody can put into the folder, and what they hold once they are whole
//! and signed: no reader stumbles, and no name leads out of the folder.

use std::path::{Component, Path};

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::frame::{Kind, seal};
use super::{DeviceKey, Genesis, Head, Hint, Pack, Request, names};
use crate::ledger::{Commit, Hash, ReplicaId, Verdict, Workspace};

fn place() -> (Workspace, DeviceKey) {
    let workspace = Workspace::of_genesis(b"g");
    (workspace, DeviceKey::generate([1; 32]))
}

/// A name from pieces that mean something somewhere.
fn name() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        ".{0,6}",
        proptest::sample::select(
            &[
                "d",
                "/",
                "..",
                ".",
                "\\",
                "\0",
                "~",
                ".tmp",
                "pk-",
                ".pk",
                "hd-",
                ".hd",
                ".mb",
                ".ge",
                "genesis-",
                "C:",
                "CON",
                "00000000000000000000000000000000",
                "-r1",
                ".sync-conflict-",
                " ",
                "\u{202e}",
                "\u{1b}",
                "A",
            ][..]
        )
        .prop_map(str::to_owned),
    ];
    proptest::collection::vec(piece, 0..9).prop_map(|it| it.concat())
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,10}".prop_map(Value::from),
        "[0-9a-f]{64}".prop_map(Value::from),
        "[0-9a-f]{32}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 20, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((".{0,5}", inner), 0..4)
                .prop_map(|all| Value::Object(all.into_iter().collect())),
        ]
    })
}

/// An object in which some of these keys have any value at all.
fn object(keys: &'static [&'static str]) -> impl Strategy<Value = Map<String, Value>> {
    let key = proptest::sample::select(keys).prop_map(str::to_owned);
    proptest::collection::vec((key, value()), 0..10).prop_map(|it| it.into_iter().collect())
}

const PACK: &[&str] = &[
    "origin",
    "lo",
    "hi",
    "prev",
    "tip",
    "author",
    "signature",
    "n",
    "enc",
];
const HEAD: &[&str] = &[
    "replica", "counter", "holds", "digest", "level", "wall", "misses",
];
const REQUEST: &[&str] = &["person", "device", "wall"];
const COMMIT: &[&str] = &[
    "replica", "seq", "deps", "wall", "at", "person", "for", "need", "entities", "intent",
    "undoes", "ops", "op", "entity", "field", "value", "replaces",
];

/// Reads a file as everything it could be.
fn read(bytes: &[u8]) {
    let (workspace, _) = place();
    drop(Pack::read(bytes, &workspace));
    drop(Head::read(bytes, &workspace));
    drop(Request::read(bytes, &workspace));
    drop(Genesis::read(bytes, None));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_name_makes_its_reader_stumble_or_leads_out_of_the_folder(name in name()) {
        let hint = names::hint(&name);
        names::replica_of(&name);
        names::is_own_temporary(&name);
        if names::stays_inside(&name) {
            let inside = Path::new(&name).components().all(|it| matches!(it, Component::Normal(_)));
            prop_assert!(inside, "{name:?}");
        }
        if names::may_be_written(&name) {
            prop_assert!(names::stays_inside(&name) && name.is_ascii());
            prop_assert!(name.len() <= names::LONGEST);
            prop_assert!(hint != Hint::Temporary || name.contains('~'));
        }
    }

    #[test]
    fn every_name_of_ours_is_kept_as_it_is_by_every_folder(
        ids in any::<([u8; 16], [u8; 16], [u8; 32])>(),
        numbers in any::<(u64, u64, u16)>(),
    ) {
        let (by, origin, hash) = (ReplicaId(ids.0), ReplicaId(ids.1), Hash(ids.2));
        let (lo, hi, again) = numbers;
        for name in [
            names::pack(&by, &origin, (lo, hi), &hash, again),
            names::head(&by, lo, &hash, again),
            names::request(&by, again, &hash, again),
            names::genesis(&hash, again),
        ] {
            prop_assert!(names::may_be_written(&name), "{name}");
            // FAT and SMB know no case, and take no name with one of these.
            prop_assert_eq!(name.to_ascii_lowercase(), name.clone());
            prop_assert!(!name.contains(['"', '*', ':', '<', '>', '?', '|', ' ']), "{}", name);
            prop_assert!(!name.split('/').any(|part| part.ends_with('.')), "{}", name);
        }
    }

    #[test]
    fn no_signed_file_makes_its_reader_stumble(
        own in object(PACK),
        told in prop_oneof![object(HEAD), object(REQUEST)],
        raw in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let (workspace, key) = place();
        let json = Value::Object(told).to_string();
        for kind in [Kind::Pack, Kind::Head, Kind::Request, Kind::Genesis] {
            for raw in [raw.as_slice(), json.as_bytes(), b"", b"\n\n", b"{}\n"] {
                if let Ok(bytes) = seal(kind, own.clone(), raw, &workspace, &key) {
                    read(&bytes);
                }
            }
        }
    }

    #[test]
    fn no_bytes_make_the_reader_of_commits_stumble(
        commit in object(COMMIT),
        op in object(COMMIT),
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let mut whole = json!({
            "replica": "07070707070707070707070707070707", "seq": 1, "deps": [], "wall": "",
            "person": "p", "need": 1, "entities": ["e"], "intent": null, "ops": [op],
        });
        let texts = [Value::Object(commit.clone()).to_string(), whole.to_string()];
        for (key, value) in commit {
            whole[key] = value;
        }
        let texts = texts.into_iter().chain([whole.to_string()]).map(String::into_bytes);
        for bytes in texts.chain([bytes]) {
            let verdict = Commit::decode(&bytes);
            drop(Commit::decode_trusted(&bytes));
            // What counts can be written again and is read as the same.
            if let Verdict::Valid(commit) = verdict {
                prop_assert_eq!(Commit::decode(&commit.encode()), Verdict::Valid(commit));
            }
        }
    }
}

#[test]
fn nesting_without_end_and_numbers_without_end_are_void_and_cost_nothing() {
    for spoilt in [
        "[".repeat(2_000_000),
        "{\"a\":".repeat(400_000),
        "9".repeat(2_000_000),
    ] {
        let verdict = Commit::decode(spoilt.as_bytes());
        assert!(matches!(verdict, Verdict::Void { .. }));
        assert!(Commit::decode_trusted(spoilt.as_bytes()).is_err());
        let (workspace, key) = place();
        for kind in [Kind::Head, Kind::Request] {
            let file = seal(kind, Map::new(), spoilt.as_bytes(), &workspace, &key).unwrap();
            assert!(Head::read(&file, &workspace).is_err());
            assert!(Request::read(&file, &workspace).is_err());
        }
    }
}
