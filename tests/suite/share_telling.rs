//! What each of two managers is told: who asks, what has to be settled, what lies in the folder.

use crate::support::Desk;
use crate::support::two::{Two, founder_words, joins, own_words, told};

#[test]
fn whoever_asks_to_be_let_in_is_told_to_the_others_and_not_to_themselves() {
    let two = Two::asking();
    let asks = "Bob asks to be let in";
    two.alice.ok("sync").complains(&[asks]);
    two.alice
        .ok("share status")
        .says(&["Who asks to be let in"]);
    // What the request says was noted: it is told again without being read again.
    let again = two.alice.ok("sync --json");
    again.says(&["\"files_read\": 0"]);
    two.alice.ok("sync").complains(&[asks]);
    let own = two.bob.ok("sync");
    assert!(!own.stderr.contains(asks), "{}", own.stderr);
    let page = two.bob.ok("share status");
    assert!(!page.stdout.contains("Who asks"), "{}", page.stdout);
    page.says(&["This device waits to be let in"]);
}

#[test]
fn a_look_at_the_desk_says_who_asks_until_somebody_has_answered() {
    let two = Two::asking();
    let asks = "Sharing: Bob asks to be let in; `relmate share approve`";
    two.alice.ok("sync");
    two.alice.ok("status").says(&[asks]);
    assert_eq!(
        two.alice.json("status")["asking"],
        serde_json::json!(["Bob"])
    );
    assert!(!two.bob.ok("status").stdout.contains("Sharing:"));
    two.lets_in(&two.bob, "manager");
    let status = two.alice.ok("status");
    assert!(!status.stdout.contains("Sharing:"), "{}", status.stdout);
    assert!(two.alice.json("status").get("asking").is_none());
}

#[test]
fn a_request_that_nobody_should_answer_is_taken_away_and_can_be_made_again() {
    let two = Two::asking();
    two.alice.ok("sync");
    two.alice
        .refused(3, "share refuse Mallory")
        .complains(&["Mallory does not ask", "Who asks: Bob."]);
    // Who waits answers nobody, and an observer does not.
    let carol = Desk::none_of("Carol");
    joins(&carol, &two.folder(), &founder_words(&two.alice));
    two.bob
        .refused(4, "share refuse Carol")
        .complains(&["not been let in yet"]);
    two.lets_in(&carol, "observer");
    carol.ok("sync");
    carol
        .refused(4, "share refuse Bob")
        .complains(&["An observer answers no requests"]);
    let told = carol.ok("sync");
    assert!(
        !carol.ok("status").stdout.contains("Sharing:"),
        "{}",
        told.stderr
    );
    two.alice
        .refused(3, "share refuse Bob --device tablet")
        .complains(&["does not ask from"]);
    two.alice
        .ok("share refuse bob")
        .says(&["What Bob asked is taken away: 1 file."]);
    let after = two.alice.ok("sync");
    assert!(
        !after.stderr.contains("asks to be let in"),
        "{}",
        after.stderr
    );
    assert!(!two.alice.ok("status").stdout.contains("Sharing:"));
    two.alice
        .refused(3, "share refuse")
        .complains(&["Nobody asks to be let in"]);
    two.alice
        .refused(3, "share approve --words 'one two three four five six'")
        .complains(&["Nobody asks to be let in"]);

    // Who asked is told, asks again, and is let in as anybody else.
    two.bob
        .ok("sync")
        .complains(&["its request does not lie in the folder", "share join"]);
    joins(&two.bob, &two.folder(), &founder_words(&two.alice));
    two.alice.ok("sync").complains(&["Bob asks to be let in"]);
    two.lets_in(&two.bob, "manager");
    two.bob.ok("sync");
    two.bob
        .refused(3, "share refuse")
        .complains(&["Nobody asks to be let in"]);
}

#[test]
fn whoever_asked_twice_from_one_device_asks_once_and_nobody_is_told_again_once_they_are_in() {
    let two = Two::asking();
    let file = two.bob.data().join("demo.relmate");
    let first = own_words(&two.bob);
    std::fs::rename(&file, file.with_extension("first")).unwrap();
    joins(&two.bob, &two.folder(), &founder_words(&two.alice));
    assert_ne!(own_words(&two.bob), first);
    two.alice.ok("sync");
    let asking = two.alice.json("share status")["asking"].clone();
    assert_eq!(asking.as_array().unwrap().len(), 1, "{asking}");
    two.lets_in(&two.bob, "manager");
    two.bob.ok("sync");
    // What was asked before, by the same person from the same device, went with it.
    let told = two.alice.ok("sync");
    assert!(
        !told.stderr.contains("asks to be let in"),
        "{}",
        told.stderr
    );
    two.alice
        .refused(3, &format!("share approve --words '{first}'"));
}

#[test]
fn ones_own_words_are_not_the_joiners_and_are_told_apart_from_wrong_ones() {
    let two = Two::asking();
    let own = founder_words(&two.alice);
    two.alice
        .refused(4, &format!("share approve --words '{own}'"))
        .complains(&["the words that are read to whoever joins", "six others"]);
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
        desk.ok("list tickets").says(&["contested"]);
        let listed = desk.json("list tickets");
        let marked = |it: &&serde_json::Value| it["contested"] == true;
        let marked = listed["items"].as_array().unwrap().iter().filter(marked);
        assert_eq!(marked.count(), 1, "{listed}");
    }
    two.alice.ok("conflicts").says(&["mine|theirs|later"]);
    two.bob
        .ok("resolve T-1 testbed later --because 'ask the provider'");
    two.sync();
    two.alice
        .ok("conflicts")
        .says(&["put off: Bob", "ask the provider"]);
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
    short.says(&["that Alice put there", "all read", "share status --files"]);
    assert!(!short.stdout.contains(".pk)"), "{}", short.stdout);
    let long = two.alice.ok("share status --files");
    assert!(long.stdout.contains(".pk)"), "{}", long.stdout);
    two.alice
        .ok("doctor")
        .says(&["that Alice put there", "all read"]);
}

#[test]
fn a_file_of_ones_own_that_went_from_the_folder_is_there_again_and_that_is_said() {
    let two = Two::met();
    two.alice.ok("comment T-1 'kept'");
    two.sync();
    let packs = || {
        let files = two.files().into_iter();
        files.filter(|it| it.extension().is_some_and(|it| it == "pk"))
    };
    let newest = packs().max_by_key(|it| it.file_name().map(std::ffi::OsStr::to_owned));
    let newest = newest.unwrap();
    let (before, whose) = (packs().count(), newest.parent().unwrap().to_owned());
    std::fs::remove_file(&newest).unwrap();
    let author = two.desks().into_iter().find(|desk| {
        let sync = desk.ok("sync");
        sync.stderr
            .contains("1 file of this desk had gone from the folder")
    });
    assert!(author.is_some() && packs().count() == before, "{whose:?}");
    let again = author.unwrap().ok("sync");
    assert!(!again.stderr.contains("had gone"), "{}", again.stderr);
}

#[test]
fn what_lies_beside_relmates_own_folder_is_counted_and_never_read() {
    let two = Two::met();
    for name in ["minutes.txt", ".hidden"] {
        std::fs::write(two.folder().join(name), "of the meeting").unwrap();
    }
    two.alice.ok("share status").says(&["1 other thing lies"]);
    std::fs::create_dir(two.folder().join("slides.pk")).unwrap();
    two.alice
        .ok("share status")
        .says(&["2 other things lie in the shared folder beside relmate's own"]);
    assert_eq!(two.alice.json("share status")["beside"], 2);
    two.sync();
    two.are_equal();
}

#[test]
fn who_moves_the_folder_is_told_what_the_other_manager_does() {
    let two = Two::met();
    let new = two.beside("new");
    std::fs::create_dir(&new).unwrap();
    let create = format!("share create {}", new.display());
    let told = two.alice.ok(&create);
    told.says(&["runs `relmate share create", "nobody has to join again"]);
    assert!(!told.stdout.contains("share join"), "{}", told.stdout);
    two.bob.ok(&create);
    two.bob.ok("comment T-1 'through the new folder'");
    two.sync();
    two.are_equal();
}

#[test]
fn a_folder_that_does_not_hold_the_desk_is_said_in_words_wherever_it_is_looked_at() {
    let two = Two::met();
    let away = two.beside("away");
    std::fs::rename(two.folder(), &away).unwrap();
    let status = two.alice.ok("share status");
    assert!(
        !status.stdout.contains("In the folder"),
        "{}",
        status.stdout
    );
    std::fs::create_dir(two.folder()).unwrap();
    for line in ["share status", "doctor"] {
        two.alice.ok(line).says(&["does not hold this desk"]);
    }
    let told = two.alice.ok("sync --refill");
    assert!(!told.stderr.contains("earlier state"), "{}", told.stderr);
    for line in ["share status", "doctor"] {
        let told = two.alice.ok(line).stdout;
        assert!(!told.contains("does not hold this desk"), "{told}");
    }
}

#[test]
fn the_only_owner_is_told_to_make_a_second_one_until_there_is_one() {
    let two = Two::asking();
    two.lets_in(&two.bob, "manager")
        .says(&["You are the only owner: `relmate share role Bob owner`"]);
    two.bob.ok("sync");
    two.alice.ok("share role Bob owner");
    two.sync();
    let carol = Desk::none_of("Carol");
    joins(&carol, &two.folder(), &founder_words(&two.alice));
    let told = two.lets_in(&carol, "manager");
    assert!(!told.stdout.contains("only owner"), "{}", told.stdout);
}

#[test]
fn what_the_other_has_not_read_yet_is_said_of_them() {
    let two = Two::met();
    two.sync();
    two.alice.ok("comment T-1 hello");
    two.alice.ok("sync");
    two.alice
        .ok("sync")
        .says(&["Nothing new.", "Published, now, not read by Bob yet."]);
}

#[test]
fn a_desk_that_was_put_back_is_not_in_step_with_itself_and_waits_for_the_other_alone() {
    let two = Two::met();
    two.sync();
    let backup = two.alice.path().with_extension("backup");
    let backup = backup.display().to_string();
    two.alice.ok(&format!("backup '{backup}'"));
    two.alice.ok("comment T-1 hello");
    two.alice.ok("sync");
    two.alice.ok(&format!("restore '{backup}'"));
    two.alice
        .ok("sync")
        .says(&["Published, now, not read by Bob yet."]);
    two.bob.ok("sync").says(&["In step"]);
    two.alice.ok("sync").says(&["In step"]);
}

#[test]
fn in_step_is_said_when_everybody_has_said_that_they_have_everything() {
    let two = Two::met();
    let carol = Desk::none_of("Carol");
    joins(&carol, &two.folder(), &founder_words(&two.alice));
    two.lets_in(&carol, "observer")
        .says(&["`relmate sync` and sees the desk"]);
    two.alice
        .ok("sync")
        .says(&["not read by Bob and Carol yet"]);
    carol.ok("sync");
    two.alice.ok("sync").says(&["not read by Bob yet"]);
    two.sync();
    carol.ok("sync");
    two.alice.ok("sync").says(&["In step"]);
    // Who was removed is not waited for.
    two.alice.ok("share remove Bob");
    two.alice.ok("comment T-1 'Alone with Carol now'");
    two.alice.ok("sync").says(&["not read by Carol yet"]);
    carol.ok("sync");
    two.alice.ok("sync").says(&["In step"]);
}

#[test]
fn a_folder_that_was_put_back_is_told_of_once_also_where_nobody_goes_on_with_what_it_lost() {
    let two = Two::asking();
    let founder = two
        .files()
        .into_iter()
        .find(|it| it.extension() == Some("pk".as_ref()));
    let founder = founder.unwrap().parent().unwrap().to_owned();
    two.lets_in(&two.bob, "manager");
    two.bob.ok("sync");
    two.alice.ok("backup copy.relmate");
    two.alice.ok("lesson improve 'Ask early'");
    two.sync();
    // She goes on as a new replica: nobody writes as the first one any more.
    two.alice.ok("restore copy.relmate");
    two.sync();
    for file in std::fs::read_dir(founder).unwrap() {
        let file = file.unwrap().path();
        if file.extension() == Some("hd".as_ref()) {
            std::fs::remove_file(file).unwrap();
        }
    }
    let earlier = "put back to an earlier state";
    for desk in two.desks() {
        desk.ok("comment T-1 'And on'");
        desk.ok("sync").complains(&[earlier]);
        desk.ok("comment T-1 'And on'");
        let again = desk.ok("sync").stderr;
        assert!(!again.contains(earlier), "{again}");
    }
}

#[test]
fn a_record_in_dispute_shows_what_and_how_it_is_settled_and_its_remarks_by_their_days() {
    let two = Two::met();
    two.alice.ok("set T-1 testbed=oslo");
    two.bob.ok("set T-1 testbed=bergen");
    two.alice.ok("comment T-1 'of Friday' --at 2026-11-20");
    two.bob.ok("comment T-1 'of Thursday' --at 2026-11-19");
    two.sync();
    for desk in two.desks() {
        let page = desk.ok("show T-1");
        page.says(&[
            "Testbed (testbed), shown as",
            "relmate resolve T-1 testbed mine|theirs",
        ]);
        let place = |text| page.stdout.find(text).unwrap();
        assert!(place("of Thursday") < place("of Friday"), "{page}");
    }
    two.alice.ok("share remove Bob");
    two.alice
        .refused(4, "share role Bob manager")
        .complains(&["Bob was removed", "share join"]);
}

#[test]
fn whoever_is_let_in_again_gives_ids_with_the_letter_that_was_told() {
    let two = Two::met();
    two.alice.ok("share remove Bob");
    two.bob.ok("sync");
    joins(&two.bob, &two.folder(), &founder_words(&two.alice));
    let told = two.lets_in(&two.bob, "manager").stdout;
    two.bob.ok("sync");
    let (_, letter) = told.split_once("end in \"").unwrap();
    let (letter, _) = letter.split_once('"').unwrap();
    two.bob
        .ok("lesson improve 'again'")
        .says(&[&format!("L-1{letter} ")]);
    two.sync();
    two.are_equal();
}

#[test]
fn every_manager_has_the_words_for_whoever_joins_and_an_observer_has_not() {
    for (role, has) in [("manager", true), ("observer", false)] {
        let two = Two::met_as(role);
        let words = two.alice.json("share status")["founder_words"].clone();
        let theirs = two.bob.json("share status")["founder_words"].clone();
        assert!(words.is_string());
        assert_eq!(theirs == words, has, "{role}: {theirs}");
    }
}
