//! The shared folder away, empty, full, read-only, or not what it was: what the program says, with
//! which code, and that nothing is lost (SYNC.md 4, rows 7, 15, 16).

use std::path::PathBuf;

use crate::support::Desk;
use crate::support::mounted::Mounted;
use crate::support::two::{Two, equal, founder_words, joins, told};

#[test]
fn a_folder_that_is_away_is_told_of_and_work_goes_on_until_it_is_back() {
    let two = Two::met();
    let away = two.beside("away");
    std::fs::rename(two.folder(), &away).unwrap();
    two.alice
        .refused(1, "sync")
        .complains(&["Share not reachable since Sat 21 Nov 10:14", "kept"]);
    two.alice.ok("comment T-1 'while it is away'");
    two.alice.refused(1, "sync");
    let done = two.alice.run("sync --json");
    assert_eq!(done.json()["held"]["is"], "away", "{done}");
    assert!(!two.folder().exists(), "nothing is made in its place");
    let status = two.alice.json("share status");
    assert!(
        status["trouble"].as_str().unwrap().contains("demo"),
        "{status}"
    );
    two.alice.ok("share status");
    two.alice
        .ok("status")
        .says(&["Sharing: Share not reachable since Sat 21 Nov 10:14"]);
    two.alice.ok("status --prompt").says(&["unreachable"]);
    std::fs::rename(&away, two.folder()).unwrap();
    two.sync();
    assert!(two.alice.json("status")["sharing"].is_null());
    two.are_equal();
    assert_eq!(two.bob.show("T-1")["comments"].as_array().unwrap().len(), 1);
}

#[test]
fn an_empty_folder_is_left_empty_until_somebody_says_that_it_is_the_one() {
    for refilled_by_founder in [true, false] {
        let two = Two::met();
        two.alice.ok("comment T-1 'not yet published'");
        two.bob.ok("comment T-2 'nor this'");
        let words = founder_words(&two.alice);
        std::fs::remove_dir_all(two.folder()).unwrap();
        std::fs::create_dir(two.folder()).unwrap();
        for desk in two.desks() {
            desk.refused(1, "sync").complains(&[
                "may not be mounted",
                "Nothing was written",
                "--refill",
            ]);
            desk.ok("share status");
        }
        assert!(two.files().is_empty(), "{:?}", two.files());
        let first = two.desks()[usize::from(!refilled_by_founder)];
        first.ok("sync --refill");
        let founding = |file: &&PathBuf| file.extension().is_some_and(|it| it == "ge");
        assert_eq!(two.files().iter().filter(founding).count(), 1);
        first.ok("comment T-1 'after it was put back'");
        let next = first.ok("sync");
        assert!(!next.stderr.contains("put back"), "{next}");
        two.sync();
        two.sync();
        two.are_equal();
        // Whoever comes now needs nothing but the folder and the founder's words.
        let carol = Desk::none_of("Carol");
        joins(&carol, &two.folder(), &words);
        two.lets_in(&carol, "manager");
        carol.ok("sync");
        equal(&two.alice, &carol);
        let comments = carol.show("T-2")["comments"].clone();
        assert_eq!(
            comments.as_array().unwrap().len(),
            1,
            "by {refilled_by_founder}"
        );
    }
}

#[test]
fn a_folder_that_lost_its_founding_alone_is_recognised_and_gets_it_back() {
    let two = Two::met();
    two.sync();
    let words = founder_words(&two.alice);
    let founding = || {
        let mut files = two.files().into_iter();
        files.find(|it| it.extension().is_some_and(|it| it == "ge"))
    };
    std::fs::remove_file(founding().unwrap()).unwrap();
    two.bob.ok("comment T-1 'without the founding'");
    // Whoever comes first puts back what the founder signed.
    two.bob.ok("sync").says(&["1 step published"]);
    assert!(founding().is_some());
    two.sync();
    two.are_equal();
    let carol = Desk::none_of("Carol");
    joins(&carol, &two.folder(), &words);
    two.lets_in(&carol, "manager");
}

#[test]
fn a_folder_of_another_desk_is_not_written_to() {
    let two = Two::met();
    let other = Two::met();
    let before = other.files();
    std::fs::remove_dir_all(two.folder()).unwrap();
    let copied = std::process::Command::new("cp")
        .arg("-r")
        .args([other.folder(), two.folder()])
        .status();
    assert!(copied.unwrap().success());
    two.alice.ok("comment T-1 'mine'");
    two.alice
        .refused(1, "sync")
        .complains(&["does not hold this desk"]);
    assert_eq!(two.files().len(), before.len());
    let told = told(&two.alice, ".pk");
    assert!(
        !told.is_empty() && told.iter().all(|it| it.0 == "foreign"),
        "{told:?}"
    );
}

#[test]
fn a_folder_that_cannot_be_written_to_is_read_and_told_of() {
    let Some(mounted) = Mounted::new("4m") else {
        return;
    };
    let two = Two::met_in(mounted.path());
    two.bob.ok("comment T-1 'from Bob'");
    two.bob.ok("sync");
    assert!(mounted.read_only());
    two.alice.ok("comment T-1 'from Alice'");
    two.alice.refused(1, "sync").complains(&["read-only"]);
    let ticket = two.alice.show("T-1");
    assert_eq!(
        ticket["comments"].as_array().unwrap().len(),
        2,
        "it is read"
    );
    assert_eq!(two.alice.json("share status")["to_publish"], 1);
    two.alice
        .ok("share status")
        .says(&["The share is read-only"]);
    assert!(mounted.writable());
    two.sync();
    two.are_equal();
    assert!(two.alice.json("share status")["refused"].is_null());
}

#[test]
fn a_full_folder_is_read_and_counts_what_waits() {
    let Some(mounted) = Mounted::new("256k") else {
        return;
    };
    let two = Two::met_in(mounted.path());
    two.bob.ok("comment T-1 'from Bob'");
    two.bob.ok("sync");
    let ballast = mounted.path().join("ballast");
    let filled = std::fs::write(&ballast, vec![7; 1 << 20]);
    assert!(filled.is_err(), "it is full");
    two.alice.ok("comment T-1 'from Alice'");
    two.alice.ok("comment T-1 'again'");
    two.alice.refused(1, "sync").complains(&["full"]);
    let ticket = two.alice.show("T-1");
    assert_eq!(
        ticket["comments"].as_array().unwrap().len(),
        3,
        "it is read"
    );
    assert_eq!(two.alice.json("share status")["to_publish"], 2);
    let half = two
        .files()
        .into_iter()
        .filter(|it| it.extension().is_some_and(|it| it == "tmp"));
    assert_eq!(half.count(), 0, "nothing half written stays");
    std::fs::remove_file(ballast).unwrap();
    two.sync();
    two.are_equal();
}

#[cfg(unix)]
#[test]
fn links_in_the_folder_lead_nowhere() {
    use std::os::unix::fs::symlink;
    let two = Two::met();
    let elsewhere = two.beside("elsewhere");
    std::fs::rename(two.folder().join("relmate"), &elsewhere).unwrap();
    symlink(&elsewhere, two.folder().join("relmate")).unwrap();
    let before = crate::support::tree(&elsewhere);
    two.alice.ok("comment T-1 mine");
    two.alice.refused(1, "sync").complains(&["link"]);
    assert_eq!(crate::support::tree(&elsewhere), before);
    let other = Desk::with_tickets();
    other.refused(1, &format!("share create {}", two.shown()));
    assert_eq!(crate::support::tree(&elsewhere), before);
    std::fs::remove_file(two.folder().join("relmate")).unwrap();
    std::fs::rename(&elsewhere, two.folder().join("relmate")).unwrap();
    // A single file that is a link is not read, whatever it leads to.
    let secret = two.alice.file("secret.pk", "secret");
    symlink(&secret, two.folder().join("relmate/pk-link.pk")).unwrap();
    two.sync();
    two.are_equal();
    let link = told(&two.alice, "pk-link");
    assert!(link[0].1.contains("never followed"), "{link:?}");
}

#[test]
fn a_folder_that_is_a_file_or_is_not_there_cannot_be_shared() {
    let two = Two::apart();
    let file = two.alice.file("file", "text");
    two.alice
        .refused(1, &format!("share create {}", file.display()));
    let none = two.beside("none");
    two.alice
        .refused(3, &format!("share create {}", none.display()))
        .complains(&["Make it, or mount it"]);
    two.alice.refused(4, "sync").complains(&["not shared"]);
}

#[test]
fn a_desk_that_moves_to_another_folder_takes_all_with_it() {
    let two = Two::met();
    two.bob.ok("comment T-1 'before the move'");
    two.sync();
    let new = two.beside("new");
    std::fs::create_dir(&new).unwrap();
    for desk in two.desks() {
        desk.ok(&format!("share create {}", new.display()));
    }
    two.alice.ok("comment T-1 'after the move'");
    two.sync();
    two.are_equal();
    let carol = Desk::none_of("Carol");
    joins(&carol, &new, &founder_words(&two.alice));
    assert_eq!(carol.show("T-1")["comments"].as_array().unwrap().len(), 2);
}

#[test]
fn nothing_is_put_into_a_folder_where_another_desk_is_shared() {
    let (two, others) = (Two::met(), Two::met());
    std::fs::remove_dir_all(two.folder()).unwrap();
    std::fs::rename(others.folder(), two.folder()).unwrap();
    let before = two.files();
    two.alice.refused(1, "sync");
    two.alice
        .refused(4, "sync --refill")
        .complains(&["Another desk is shared in"]);
    assert_eq!(two.files(), before);
}

#[test]
fn a_desk_for_which_there_is_no_room_leaves_none_or_one_that_goes_on() {
    let Some(mounted) = Mounted::new("2m") else {
        return;
    };
    let two = Two::apart();
    two.alice.ok(&format!("share create {}", two.shown()));
    let words = founder_words(&two.alice);
    let (desk, filler) = (
        mounted.path().join("new/d.relmate"),
        mounted.path().join("filler"),
    );
    let join = format!(
        "--desk {} share join {} --words '{words}'",
        desk.display(),
        two.shown()
    );
    let init = format!("--desk {} init Demo --manager Bob", desk.display());
    for line in [&join, &init] {
        let mut refused = 0;
        for left in (16..600).step_by(24) {
            std::fs::write(&filler, vec![0; (2048 - left) << 10]).unwrap();
            let ran = two.bob.run(line);
            if ran.code != 0 {
                assert_eq!(ran.code, 1, "{left}: {}", ran.stderr);
                assert!(
                    ran.stderr.contains("The disk is full"),
                    "{left}: {}",
                    ran.stderr
                );
                refused += 1;
            }
            std::fs::remove_file(&filler).unwrap();
            if line == &join && ran.code != 0 {
                two.bob.ok(line);
            }
            if desk.exists() {
                two.bob.ok(&format!("--desk {} status", desk.display()));
            }
            drop(std::fs::remove_dir_all(mounted.path().join("new")));
        }
        assert!(refused > 3, "{refused} of {line}");
    }
}
