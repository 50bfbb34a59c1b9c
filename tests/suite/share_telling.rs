//! What each of two managers is told: who asks, what has to be settled, what lies in the folder.

use crate::support::two::{Two, founder_words, told};

#[test]
fn whoever_asks_to_be_let_in_is_told_to_the_others_and_not_to_themselves() {
    let two = Two::asking();
    let asks = "Bob asks to be let in";
    two.alice.ok("sync").complains(&[asks]);
    two.alice
        .ok("share status")
        .says(&["Who asks to be let in"]);
    let own = two.bob.ok("sync");
    assert!(!own.stderr.contains(asks), "{}", own.stderr);
    let page = two.bob.ok("share status");
    assert!(!page.stdout.contains("Who asks"), "{}", page.stdout);
    page.says(&["This device waits to be let in"]);
}

#[test]
fn ones_own_words_are_not_the_joiners_and_are_told_apart_from_wrong_ones() {
    let two = Two::asking();
    let own = founder_words(&two.alice);
    two.alice
        .refused(4, &format!("share approve --words '{own}'"))
        .complains(&["the words that the founder reads", "six others"]);
    two.lets_in(&two.bob, "manager");
}

#[test]
fn a_folder_in_which_nothing_can_be_joined_is_said_before_words_are_asked_for() {
    let two = Two::apart();
    two.bob
        .refused(3, &format!("share join {}", two.shown()))
        .complains(&["No desk is shared in this folder"]);
    let none = two.beside("none");
    two.bob
        .refused(3, &format!("share join {}", none.display()))
        .complains(&["cannot be reached"]);
}

#[test]
fn sharing_again_says_where_the_desks_meet_from_now_on() {
    let two = Two::met();
    two.alice
        .ok(&format!("share create {}", two.shown()))
        .says(&["already"]);
    let new = two.beside("new");
    std::fs::create_dir(&new).unwrap();
    two.alice
        .ok(&format!("share create {}", new.display()))
        .says(&["from now on", &format!("{} is left as it is", two.shown())]);
}

#[test]
fn an_exchange_says_that_something_has_to_be_settled() {
    let two = Two::met();
    two.alice.ok("set T-1 testbed=mine");
    two.bob.ok("set T-1 testbed=theirs");
    two.sync();
    for desk in two.desks() {
        desk.ok("sync").complains(&["1 record has to be settled"]);
    }
    two.alice
        .ok("conflicts")
        .says(&["mine|theirs|merge|both|later"]);
    two.alice.ok("resolve T-1 testbed mine --because Spoken");
    two.sync();
    let done = two.bob.ok("sync");
    assert!(!done.stderr.contains("settled"), "{}", done.stderr);
}

/// SYNC 17: what could be waited for is named, never opened, and nothing else suffers.
#[cfg(target_os = "linux")]
#[test]
fn a_pipe_and_a_folder_in_the_place_of_files_are_named_and_hold_nothing_up() {
    let two = Two::met();
    let root = two.folder().join("relmate/d");
    let of = std::fs::read_dir(&root).unwrap().next().unwrap().unwrap();
    let pipe = of
        .path()
        .join("pk-00000000-00000001-00000009-0123456789abcdef.pk");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    std::fs::create_dir(of.path().join("hd-00000099-0123456789abcdef.hd")).unwrap();
    two.alice.ok("comment T-1 'while a pipe lies there'");
    two.sync();
    two.are_equal();
    assert!(
        told(&two.alice, "pk-00000000")[0]
            .1
            .contains("never opened")
    );
    assert!(told(&two.alice, "hd-00000099")[0].1.contains("a folder"));
    for line in ["share status", "share status --files", "doctor"] {
        two.bob.ok(line).says(&[
            "no plain file, so it is never opened",
            "a folder with the name of a file",
        ]);
    }
}

#[test]
fn good_files_are_counted_and_named_one_by_one_only_where_that_is_asked_for() {
    let two = Two::met();
    two.sync();
    let short = two.alice.ok("share status");
    short.says(&["of Alice", "all read", "share status --files"]);
    assert!(!short.stdout.contains(".pk)"), "{}", short.stdout);
    let long = two.alice.ok("share status --files");
    assert!(long.stdout.contains(".pk)"), "{}", long.stdout);
    two.alice.ok("doctor").says(&["of Alice", "all read"]);
}
