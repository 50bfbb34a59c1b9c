//! What lies in the shared folder and cannot be used, and what two managers are told of it: files
//! of a newer version, torn and damaged ones, a damaged founding, what strangers put there.

use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::support::Desk;
use crate::support::two::{Two, founder_words, joins, told};

/// The length of what stands behind the packed bytes: hash, signature, length, end mark.
const TRAILER: usize = 32 + 64 + 4 + 4;

/// The files of a kind in the folder.
fn kind(two: &Two, suffix: &str) -> Vec<PathBuf> {
    let files = two.files().into_iter();
    let of = files.filter(|it| it.extension().is_some_and(|it| it == suffix));
    of.map(|it| two.folder().join("relmate").join(it)).collect()
}

/// The pack that came last, after Alice did something.
fn next_pack(two: &Two) -> PathBuf {
    let before = kind(two, "pk");
    two.alice.ok("comment T-1 'one more'");
    two.alice.ok("sync");
    let mut now = kind(two, "pk").into_iter();
    now.find(|it| !before.contains(it)).unwrap()
}

/// Makes a file one that a later version wrote: whole, and of a framing that nobody knows yet.
fn as_newer(file: &Path) {
    let bytes = std::fs::read(file).unwrap();
    let (body, trailer) = bytes.split_at(bytes.len() - TRAILER);
    let mut body = body.to_vec();
    for word in ["\"fmt\":", "\"min_reader\":"] {
        let mut all = body.windows(word.len());
        let at = all.position(|it| it == word.as_bytes()).unwrap() + word.len();
        body[at] = b'2';
    }
    let hash = Sha256::digest(&body);
    std::fs::write(file, [&body, &hash[..], &trailer[32..]].concat()).unwrap();
}

#[test]
fn a_file_of_a_newer_version_waits_until_relmate_is_updated() {
    let mut two = Two::met();
    two.sync();
    let pack = next_pack(&two);
    let whole = std::fs::read(&pack).unwrap();
    as_newer(&pack);
    let round = two.bob.ok("sync");
    round.complains(&["1 file in the folder was written by a newer relmate: update this one to read Alice's changes"]);
    round.says(&["Update relmate to read Alice's changes."]);
    round.hides(&["damaged", "deleted"]);
    let name = pack.file_name().unwrap().to_str().unwrap();
    let waits = "it was written by a newer relmate: update to read it";
    assert_eq!(
        told(&two.bob, name),
        [("waiting".to_owned(), waits.to_owned())]
    );
    // It is intact, so nobody is asked to write it again.
    two.now("2026-11-21T12:00:00Z");
    two.bob.ok("sync");
    for head in kind(&two, "hd") {
        let said = std::fs::read(head).unwrap();
        assert!(!String::from_utf8_lossy(&said).contains(name), "a miss");
    }
    std::fs::write(&pack, whole).unwrap();
    two.bob.ok("sync").says(&["1 step received"]);
}

#[test]
fn a_file_that_still_arrives_is_nobodys_concern_for_ten_minutes() {
    let mut two = Two::met();
    two.sync();
    let pack = next_pack(&two);
    let whole = std::fs::read(&pack).unwrap();
    std::fs::write(&pack, &whole[..whole.len() / 2]).unwrap();
    let torn = "1 file in the folder is not used";
    two.bob.ok("sync").hides(&[torn]);
    two.now("2026-11-21T12:00:00Z");
    two.bob.ok("sync").complains(&[torn]).hides(&["deleted"]);
    // It is read again after a day, and has not begun to arrive then.
    two.now("2026-11-23T12:00:00Z");
    two.bob.ok("sync").complains(&[torn]);
    std::fs::write(&pack, &whole).unwrap();
    two.bob.ok("sync").says(&["1 step received"]).hides(&[torn]);
}

#[test]
fn of_a_damaged_file_whose_steps_are_here_only_the_status_tells() {
    let two = Two::met();
    two.sync();
    let pack = kind(&two, "pk").remove(0);
    std::fs::write(&pack, "torn").unwrap();
    two.bob.ok("sync").hides(&["not used"]);
    let name = pack.file_name().unwrap().to_str().unwrap();
    let what = "it is not a file of relmate; its steps are here, so it may be deleted";
    assert!(told(&two.bob, name).contains(&("foreign".to_owned(), what.to_owned())));
}

#[test]
fn a_damaged_founding_or_a_strangers_beside_it_holds_up_nobody() {
    let two = Two::met();
    two.sync();
    let words = founder_words(&two.alice);
    let founding = kind(&two, "ge").remove(0);
    let whole = std::fs::read(&founding).unwrap();
    let mut flipped = whole.clone();
    flipped[40] ^= 1;
    for damaged in [&whole[..100], &flipped, b"x"] {
        std::fs::write(&founding, damaged).unwrap();
        for desk in two.desks() {
            desk.ok("comment T-1 'beside a damaged founding'");
            desk.ok("sync").says(&["1 step published"]);
        }
        two.sync();
        two.are_equal();
    }
    let carol = Desk::none_of("Carol");
    joins(&carol, &two.folder(), &words);
    // Another desk's founding alone in its place does not make the folder another desk's.
    let other = Two::met();
    for founding in kind(&two, "ge") {
        std::fs::remove_file(founding).unwrap();
    }
    let theirs = kind(&other, "ge").remove(0);
    let place = two
        .folder()
        .join("relmate")
        .join(theirs.file_name().unwrap());
    std::fs::copy(theirs, place).unwrap();
    two.bob.ok("comment T-1 'beside a stranger'");
    two.bob.ok("sync").says(&["1 step published"]);
    two.sync();
    two.are_equal();
}

#[test]
fn what_strangers_put_there_keeps_nobody_from_joining() {
    let two = Two::asking();
    let words = founder_words(&two.alice);
    for number in 0..210 {
        for suffix in ["ge", "mb"] {
            let name = format!("aa{number:03}.{suffix}");
            std::fs::write(two.folder().join("relmate").join(name), "junk").unwrap();
        }
    }
    let carol = Desk::none_of("Carol");
    joins(&carol, &two.folder(), &words);
    two.lets_in(&carol, "manager");
    carol.ok("sync");
    two.lets_in(&two.bob, "manager");
}

#[test]
fn of_files_that_are_not_called_as_ours_are_only_so_many_are_read() {
    let mut two = Two::met();
    two.sync();
    for number in 0..1_100 {
        let name = format!("junk{number:04}.pk");
        std::fs::write(two.folder().join("relmate").join(name), "junk").unwrap();
    }
    let round = two.bob.ok("sync");
    round.complains(&["At least 1,000 files in the folder are not used"]);
    let status = two.bob.json("share status");
    let new = status["files"].as_array().unwrap().iter();
    assert_eq!(new.filter(|it| it["is"] == "new").count(), 0);
    // They crowd out neither the work nor what is missed of it.
    let pack = next_pack(&two);
    let whole = std::fs::read(&pack).unwrap();
    std::fs::write(&pack, [&whole[..60], &[0; 9], &whole[69..]].concat()).unwrap();
    two.bob.ok("sync");
    two.now("2026-11-21T12:00:00Z");
    two.bob.ok("sync");
    two.alice.ok("sync");
    two.bob.ok("sync").says(&["1 step received"]);
}

#[test]
fn a_folder_that_lies_too_deep_is_named() {
    let two = Two::met();
    let deep = two.folder().join("relmate/d/1/2/3/4/5");
    std::fs::create_dir_all(&deep).unwrap();
    std::fs::copy(kind(&two, "pk").remove(0), deep.join("x.pk")).unwrap();
    let named = told(&two.alice, "d/1/2/3");
    assert!(
        named
            .iter()
            .any(|(_, what)| what.contains("deeper than ours")),
        "{named:?}"
    );
}

#[test]
fn a_desk_that_was_put_where_it_is_shared_is_looked_at_and_not_worked_on() {
    let two = Two::met();
    let there = two.folder().join("desk.relmate");
    std::fs::copy(two.bob.path(), &there).unwrap();
    let desk = format!("--desk '{}'", there.display());
    two.bob.ok(&format!("{desk} show T-1"));
    for line in ["comment T-1 hello", "sync"] {
        two.bob
            .refused(4, &format!("{desk} {line}"))
            .complains(&["lies in the folder through which it is shared", "backup"]);
    }
}

#[test]
fn a_desk_in_a_folder_that_is_carried_about_says_so_when_it_is_made_and_at_each_exchange() {
    let two = Two::met();
    let warning = "lies in a folder that Syncthing carries about";
    two.bob.ok("sync").hides(&[warning]);
    std::fs::create_dir(two.bob.home().join(".stfolder")).unwrap();
    two.bob.ok("sync").complains(&[warning, "relmate backup"]);
    let place = two.bob.home().join("new.relmate");
    two.bob
        .ok(&format!(
            "init New --manager Bob --desk '{}'",
            place.display()
        ))
        .complains(&[warning]);
}

#[test]
fn a_clock_that_is_ahead_makes_nobodys_word_younger() {
    let mut two = Two::met();
    two.bob.now("2099-01-01T00:00:00Z");
    two.bob.ok("sync");
    two.bob.ok("comment T-1 'from far ahead'");
    two.bob.ok("sync");
    two.alice.ok("sync");
    two.bob.ok("sync");
    two.alice.ok("sync").says(&["In step, now"]);
    two.alice.now("2026-12-05T09:14:00Z");
    two.alice.ok("sync").says(&["In step, 14 days"]);
}

#[test]
fn who_was_removed_holds_nobody_up_with_a_head() {
    let two = Two::met();
    two.sync();
    let before = kind(&two, "pk");
    two.bob.ok("comment T-1 'where nobody sees it'");
    two.bob.ok("sync");
    for pack in kind(&two, "pk") {
        if !before.contains(&pack) {
            std::fs::remove_file(pack).unwrap();
        }
    }
    two.alice
        .ok("sync")
        .complains(&["Bob has steps whose files have not arrived here"]);
    two.alice.ok("share remove Bob");
    two.alice
        .ok("sync")
        .hides(&["have not arrived", "aiting for files"]);
}

#[test]
fn a_desk_that_was_put_back_without_noticing_is_told_of_once_and_stays_in_the_status() {
    let two = Two::met();
    two.sync();
    let keys = two.bob.data().join("keys");
    let kept: Vec<_> = std::fs::read_dir(&keys)
        .unwrap()
        .map(|it| it.unwrap().path())
        .chain([two.bob.path()])
        .map(|it| (it.clone(), std::fs::read(it).unwrap()))
        .collect();
    two.bob.ok("comment T-1 'before the desk was put back'");
    two.bob.ok("sync");
    two.alice.ok("sync");
    for (path, bytes) in kept {
        std::fs::write(path, bytes).unwrap();
    }
    two.bob.ok("comment T-1 'after it was put back'");
    two.bob.ok("sync");
    let told = "two histories go on from one step";
    two.alice.ok("sync").complains(&[told]);
    two.sync();
    two.are_equal();
    for desk in two.desks() {
        desk.ok("sync").hides(&[told]);
        desk.ok("share status").says(&[told]);
    }
}
