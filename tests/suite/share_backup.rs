//! A shared desk that was put back, copied or moved: it goes on as somebody new, and what it had
//! published returns (SYNC.md 3.3, 4 rows 11 and 12).

use std::collections::BTreeSet;
use std::path::Path;

use crate::support::Desk;
use crate::support::two::{Two, equal, founder_words, history, joins};

/// The replicas that wrote what is on a desk as one person.
fn replicas(desk: &Desk, person: &str) -> BTreeSet<String> {
    let log = history(desk);
    let mine = log.values().filter(|it| it["by"] == person);
    mine.map(|it| it["replica"].as_str().unwrap().to_owned())
        .collect()
}

fn lessons(desk: &Desk) -> Vec<String> {
    let list = desk.json("list lessons --sort id");
    let ids = list["items"].as_array().unwrap().iter();
    ids.map(|it| it["id"].as_str().unwrap().to_owned())
        .collect()
}

/// No number of a replica stands for two steps.
fn no_fork(two: &Two) {
    for desk in two.desks() {
        let done = desk.json("sync");
        assert_eq!(done["new_replica"], false, "{done}");
        desk.ok("doctor").says(&["what the history says"]);
    }
    two.are_equal();
}

#[test]
fn a_desk_that_was_put_back_goes_on_as_a_new_replica_and_gets_back_what_it_published() {
    let two = Two::met();
    two.bob.ok("lesson improve 'before the backup'");
    two.bob.ok("sync");
    two.bob.ok("backup copy.relmate");
    two.bob.ok("lesson improve 'after the backup'");
    two.sync();
    assert_eq!(lessons(&two.alice), ["L-1b", "L-2b"]);
    two.bob.ok("restore copy.relmate");
    assert_eq!(lessons(&two.bob), ["L-1b"]);
    // It writes before it hears of what it had published.
    two.bob.ok("lesson improve 'on the desk that was put back'");
    two.sync();
    assert_eq!(replicas(&two.alice, "Bob").len(), 2);
    let there = lessons(&two.bob);
    assert_eq!(there.len(), 3, "{there:?}");
    assert_eq!(there[..2], ["L-1b", "L-2b"]);
    assert!(
        there[2].starts_with("L-") && there[2].contains("bz"),
        "{there:?}"
    );
    no_fork(&two);
    two.bob.ok("lesson improve 'and on'");
    two.sync();
    assert_eq!(replicas(&two.alice, "Bob").len(), 2);
    no_fork(&two);
}

#[test]
fn a_founder_whose_desk_was_put_back_goes_on_too() {
    let two = Two::met();
    two.alice.ok("backup copy.relmate");
    two.alice.ok("lesson improve 'after the backup'");
    two.sync();
    two.alice.ok("restore copy.relmate");
    let done = two.alice.json("sync");
    assert_eq!(done["held"], serde_json::Value::Null);
    assert_eq!(lessons(&two.alice), ["L-1"]);
    two.alice.ok("lesson improve 'and on'");
    two.sync();
    let there = lessons(&two.bob);
    assert!(
        there.len() == 2 && there.iter().any(|it| it.contains('z')),
        "{there:?}"
    );
    assert_eq!(replicas(&two.bob, "Alice").len(), 2);
    no_fork(&two);
    // She still lets others in, with letters that nobody has.
    let carol = Desk::none_of("Carol");
    let words = founder_words(&two.alice);
    joins(&carol, &two.folder(), &words);
    two.lets_in(&carol, "manager");
    carol.ok("sync");
    carol.ok("lesson improve 'from Carol'");
    carol.ok("sync");
    two.sync();
    equal(&two.alice, &carol);
    let there = lessons(&two.alice);
    assert_eq!(there.iter().collect::<BTreeSet<_>>().len(), 3, "{there:?}");
}

/// Puts an older file over the desk without a word to relmate.
fn puts_over(desk: &Desk, old: &Path) {
    for end in ["-wal", "-shm"] {
        drop(std::fs::remove_file(format!(
            "{}{end}",
            desk.path().display()
        )));
    }
    std::fs::copy(old, desk.path()).unwrap();
}

#[test]
fn an_older_file_put_over_the_desk_by_hand_is_noticed_before_it_forks() {
    let two = Two::met();
    two.bob.ok("comment T-1 first");
    two.bob.ok("sync");
    let old = two.beside("old.relmate");
    two.bob.ok(&format!("backup {}", old.display()));
    two.bob.ok("comment T-1 second");
    two.sync();
    puts_over(&two.bob, &old);
    assert_eq!(two.bob.json("sync")["new_replica"], true);
    two.bob.ok("comment T-1 third");
    two.sync();
    no_fork(&two);
    let comments = two.alice.show("T-1")["comments"].clone();
    assert_eq!(comments.as_array().unwrap().len(), 3);
}

#[test]
fn one_that_wrote_on_an_older_file_before_it_was_noticed_loses_nothing() {
    let two = Two::met();
    two.bob.ok("comment T-1 first");
    two.bob.ok("sync");
    let old = two.beside("old.relmate");
    two.bob.ok(&format!("backup {}", old.display()));
    two.bob.ok("comment T-1 second");
    two.sync();
    puts_over(&two.bob, &old);
    two.bob.ok("comment T-1 third");
    two.sync();
    two.sync();
    two.are_equal();
    for desk in two.desks() {
        let comments = desk.show("T-1")["comments"].clone();
        assert_eq!(comments.as_array().unwrap().len(), 3, "{comments}");
        desk.ok("doctor");
    }
}

#[test]
fn a_second_copy_on_the_same_machine_is_a_replica_of_its_own() {
    let two = Two::met();
    two.bob.ok("comment T-1 'on the first'");
    two.bob.ok("sync");
    let other = two.bob.data().join("other.relmate");
    std::fs::copy(two.bob.path(), &other).unwrap();
    let on = |line: &str| format!("--desk {} {line}", other.display());
    two.bob.ok(&on("lesson improve 'on the copy'"));
    two.bob.ok("--desk demo lesson improve 'on the first'");
    two.bob.ok(&on("sync"));
    two.bob.ok("--desk demo sync");
    two.bob.ok(&on("sync"));
    two.alice.ok("sync");
    assert_eq!(replicas(&two.alice, "Bob").len(), 2);
    let there = lessons(&two.alice);
    assert_eq!(there.len(), 2, "{there:?}");
    assert!(there.contains(&"L-1b".to_owned()), "{there:?}");
}

#[test]
fn a_copy_on_a_machine_without_the_key_reads_and_does_not_write() {
    let two = Two::met();
    two.bob.ok("comment T-1 'on my own machine'");
    two.sync();
    let thief = Desk::none_of("Bob");
    let copy = thief.file("demo.relmate", std::fs::read(two.bob.path()).unwrap());
    let on = |line: &str| format!("--desk {} {line}", copy.display());
    thief.ok(&on("show T-1"));
    thief
        .refused(4, &on("comment T-1 'on another'"))
        .complains(&["key", "share join"]);
    two.alice
        .ok("comment T-1 'read by everybody who has the folder'");
    two.alice.ok("sync");
    let before = two.files();
    drop(thief.run(&on("sync")));
    assert_eq!(two.files(), before, "nothing is published without a key");
    assert_eq!(
        thief.ok(&on("show T-1 --json")).json()["comments"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    // It asks to be let in as a device of its own.
    let words = founder_words(&two.alice);
    thief.ok(&on(&format!(
        "share join {} --words '{words}'",
        two.shown()
    )));
    let own = thief.ok(&on("share status --json")).json()["own_words"].clone();
    two.alice.ok("sync");
    two.alice.ok(&format!(
        "share approve --words '{}'",
        own.as_str().unwrap()
    ));
    thief.ok(&on("sync"));
    thief.ok(&on("comment T-1 'with a key of its own'"));
    thief.ok(&on("sync"));
    two.sync();
    no_fork(&two);
    assert_eq!(two.bob.show("T-1")["comments"].as_array().unwrap().len(), 3);
}

#[test]
fn who_joins_again_is_refused_and_goes_on_exchanging() {
    let two = Two::met();
    let again = format!(
        "share join {} --words '{}'",
        two.shown(),
        founder_words(&two.alice)
    );
    two.bob
        .refused(4, &again)
        .complains(&["This desk has joined already"]);
    two.bob.ok("comment T-1 'still here'");
    two.bob.ok("sync").says(&["1 step published"]);
    two.sync();
    two.are_equal();
}

#[test]
fn a_removed_device_asks_again_with_a_new_key_and_works_once_it_is_let_in() {
    let two = Two::met();
    two.sync();
    two.alice.ok("share remove Bob");
    two.bob.ok("sync");
    two.bob
        .refused(4, "comment T-1 'I am out'")
        .complains(&["share join FOLDER"]);
    joins(&two.bob, &two.folder(), &founder_words(&two.alice));
    two.lets_in(&two.bob, "manager");
    two.bob.ok("sync");
    two.bob.ok("comment T-1 'I am back'");
    two.sync();
    two.are_equal();
    let comments = two.alice.show("T-1")["comments"].clone();
    assert_eq!(comments[0]["text"], "I am back", "{comments}");
}

#[test]
fn a_backup_on_a_new_machine_gets_its_usual_place_and_joins_as_the_desk_that_it_is() {
    let two = Two::met();
    two.bob.ok("comment T-1 'before the laptop broke'");
    two.sync();
    let backup = two.beside("bob.backup");
    two.bob.ok(&format!("backup {}", backup.display()));
    let folder = two.beside("team");
    std::fs::rename(two.folder(), &folder).unwrap();
    let laptop = Desk::none_of("Bob");
    laptop
        .ok(&format!("restore {}", backup.display()))
        .says(&["demo.relmate", "share join FOLDER"]);
    assert!(laptop.path().exists());
    joins(&laptop, &folder, &founder_words(&two.alice));
    let desks = std::fs::read_dir(laptop.data()).unwrap();
    let desks = desks.filter(|it| {
        let path = it.as_ref().unwrap().path();
        path.extension().is_some_and(|it| it == "relmate")
    });
    assert_eq!(desks.count(), 1, "no second desk beside it");
    two.alice.ok(&format!("share create {}", folder.display()));
    two.lets_in(&laptop, "manager");
    laptop.ok("sync");
    laptop.ok("comment T-1 'from the new laptop'");
    laptop.ok("sync");
    two.alice.ok("sync");
    equal(&two.alice, &laptop);
}

#[test]
fn who_puts_a_backup_in_the_place_of_a_shared_desk_is_told_what_is_only_in_the_kept_one() {
    let two = Two::met();
    let backup = two.beside("bob.backup");
    two.bob.ok(&format!("backup {}", backup.display()));
    two.bob.ok("comment T-1 'never published'");
    two.bob
        .ok(&format!("restore {}", backup.display()))
        .says(&["relmate sync", "never published are only in"]);
}
