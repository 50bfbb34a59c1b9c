//! A shared desk as a released version left it in its folder, which whoever has the founder's
//! words can join with every later version (SYNC.md 3.11). It was made once, by
//! `RELMATE_GOLDEN=desk-1 cargo test golden`.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::two::{Two, files, founder_words, history, joins};
use crate::support::{Desk, tree};

fn place() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/share-1-desk")
}

fn copy(from: &Path, to: &Path) {
    for path in files(from) {
        let to = to.join(path.strip_prefix(from).unwrap());
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(path, to).unwrap();
    }
}

#[test]
fn golden_desks_are_made_once() {
    if std::env::var("RELMATE_GOLDEN").as_deref() != Ok("desk-1") {
        return;
    }
    assert!(!place().exists(), "it is never made again");
    let two = Two::met();
    two.alice.ok("comment T-1 'Größe und »Zeichen«'");
    two.bob.ok("comment T-1 'from Bob'");
    two.alice.ok("set T-1 testbed=rome");
    two.bob.ok("set T-1 testbed=oslo");
    two.bob.ok("lesson improve 'from Bob'");
    two.sync();
    two.alice
        .ok("ticket start T-2 --verifier Vera --testbed rome");
    two.sync();
    copy(&two.folder(), &place().join("demo"));
    std::fs::write(place().join("words.txt"), founder_words(&two.alice)).unwrap();
}

#[test]
fn a_desk_joins_the_first_shared_desk_and_holds_all_of_it() {
    let place_of_mine = tempfile::tempdir().unwrap();
    let folder = place_of_mine.path().join("demo");
    copy(&place().join("demo"), &folder);
    let before = tree(&folder);
    let words = std::fs::read_to_string(place().join("words.txt")).unwrap();
    let desk = Desk::none_of("Carol");
    joins(&desk, &folder, words.trim());
    let log = history(&desk);
    let by = |who: &str| log.values().filter(|it| it["by"] == who).count();
    assert_eq!((by("Alice"), by("Bob")), (10, 3));
    let status = desk.json("share status");
    assert_eq!(status["set_aside"].as_array().unwrap().len(), 0, "{status}");
    let members = status["members"].as_array().unwrap().iter();
    let members: Vec<&Value> = members.map(|it| &it["name"]).collect();
    assert_eq!(members, ["Alice", "Bob"]);
    let ticket = desk.show("T-1");
    assert_eq!(ticket["contested"], true, "{ticket}");
    let comments = ticket["comments"].as_array().unwrap().iter();
    let mut texts: Vec<_> = comments.map(|it| it["text"].as_str().unwrap()).collect();
    texts.sort_unstable();
    assert_eq!(texts, ["Größe und »Zeichen«", "from Bob"]);
    assert_eq!(desk.show("T-2")["state"], "verification");
    desk.ok("show L-1b");
    desk.ok("doctor").says(&["what the history says"]);
    // It put its request there and nothing else: it has not been let in.
    let after = tree(&folder);
    let stands = |it: (&PathBuf, &(Vec<u8>, _))| after.get(it.0).map(|it| &it.0) == Some(&it.1.0);
    assert!(before.iter().all(stands), "old files stand");
    assert_eq!(after.len(), before.len() + 1);
}
