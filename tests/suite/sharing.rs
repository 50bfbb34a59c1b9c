//! Two desks and a folder by commands alone: who may join, what both did apart and how it comes
//! together, and who may do what (SYNC.md 3.7, 3.8).

use relmate::ledger::Hash;
use relmate::sync::{DeviceKey, Genesis, Hint, Kind, Request, names};

use crate::support::Desk;
use crate::support::two::{Two, files, founder_words, history, joins, told};

const WRONG: &str = "decrease cargo pool mad float fatigue";

fn kind_of(path: &std::path::Path) -> Hint {
    names::hint(&path.file_name().unwrap().to_string_lossy())
}

#[test]
fn joining_takes_the_words_of_the_founder_and_no_others() {
    let two = Two::apart();
    let folder = two.shown();
    two.bob
        .refused(3, &format!("share join {folder} --words '{WRONG}'"));
    two.alice.ok(&format!("share create {folder}"));
    two.bob
        .refused(4, &format!("share join {folder} --words '{WRONG}'"))
        .complains(&["not the words of this folder's founder"]);
    for words in ["", "one two", "decrease cargo pool mad float florble"] {
        two.bob
            .refused(2, &format!("share join {folder} --words '{words}'"));
    }
    two.bob.refused(2, &format!("share join {folder}"));
    assert!(!two.bob.path().exists(), "nothing was made");
    let words = founder_words(&two.alice);
    joins(&two.bob, &two.folder(), &words);
    // Not let in yet: its request is put there again.
    two.bob
        .ok(&format!("share join {folder} --words '{words}'"))
        .says(&["Read these words to a manager"]);
}

#[test]
fn a_folder_whose_founder_was_replaced_is_not_joined() {
    let two = Two::apart();
    let folder = two.shown();
    two.alice.ok(&format!("share create {folder}"));
    let true_words = founder_words(&two.alice);
    let genesis = two.files().into_iter();
    let genesis: Vec<_> = genesis
        .filter(|it| kind_of(it) == Hint::Examine(Kind::Genesis))
        .collect();
    let text = Genesis::read(&std::fs::read(&genesis[0]).unwrap(), None)
        .unwrap()
        .text;
    let mallory = DeviceKey::generate([66; 32]);
    let forged = Genesis::write(&text, &mallory).unwrap();
    std::fs::write(&genesis[0], forged).unwrap();
    two.bob
        .refused(4, &format!("share join {folder} --words '{true_words}'"));
    assert!(!two.bob.path().exists());
    // Beside the true one it does no harm.
    std::fs::rename(&genesis[0], genesis[0].with_extension("copy.ge")).unwrap();
    two.alice.ok("sync --refill");
    joins(&two.bob, &two.folder(), &true_words);
    two.bob.ok("show T-1");
}

#[test]
fn letting_in_takes_the_words_of_who_asks_and_a_forged_request_has_others() {
    let two = Two::asking();
    two.bob
        .refused(4, "comment T-1 'too early'")
        .complains(&["not been let in yet", "share approve"]);
    two.bob.ok("show T-1");
    // Somebody who can write into the folder asks as Bob.
    let mut files = two.files().into_iter();
    let genesis = files.find(|it| kind_of(it) == Hint::Examine(Kind::Genesis));
    let bytes = std::fs::read(genesis.unwrap()).unwrap();
    let workspace = Genesis::read(&bytes, None).unwrap().workspace();
    let mallory = DeviceKey::generate([66; 32]);
    let request = Request {
        key: mallory.public(),
        person: "Bob".to_owned(),
        device: "bob's laptop".to_owned(),
        wall: "2026-11-21T09:14:01Z".to_owned(),
    };
    let bytes = request.write(&workspace, &mallory).unwrap();
    let replica = relmate::ledger::ReplicaId([66; 16]);
    let name = names::request(&replica, 1, &Hash::of(&[&bytes]), 0);
    let path = two.folder().join("relmate").join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
    two.alice
        .refused(4, &format!("share approve --words '{WRONG}'"))
        .complains(&["the words of nobody who asks"]);
    let asking = two.alice.json("share status")["asking"].clone();
    assert_eq!(asking.as_array().unwrap().len(), 2, "{asking}");
    two.lets_in(&two.bob, "manager");
    let asking = two.alice.json("share status")["asking"].clone();
    assert_eq!(asking.as_array().unwrap().len(), 1, "{asking}");
    two.bob.ok("sync");
    two.bob.ok("comment T-1 'let in'");
    two.alice
        .refused(4, &format!("share approve --words '{WRONG}'"));
}

/// What both do while they do not hear of each other.
fn week_apart(two: &Two) {
    let Two { alice, bob, .. } = two;
    alice.ok("set T-1 testbed=rome");
    bob.ok("set T-1 testbed=oslo");
    alice.ok("ticket start T-2 --verifier Vera --testbed rome");
    bob.ok("ticket withdraw T-2 --reason 'the team took it back'");
    alice.ok("comment T-1 'seen by Alice'");
    bob.ok("comment T-1 'seen by Bob'");
    alice.ok("lesson improve 'from Alice'");
    bob.ok("lesson improve 'from Bob'");
}

fn contested(desk: &Desk) -> Vec<(String, bool)> {
    let ids = ["T-1", "T-2", "S-1", "L-1", "L-1b"];
    let state = |id: &&str| desk.show(id)["contested"].as_bool().unwrap_or_default();
    ids.iter().map(|id| ((*id).to_owned(), state(id))).collect()
}

#[test]
fn what_both_did_apart_comes_together_alike_in_every_order() {
    let orders: [&[usize]; 4] = [&[0, 1, 0], &[1, 0, 1], &[0, 0, 1, 1, 0], &[1, 1, 0, 1]];
    let mut seen = Vec::new();
    for order in orders {
        let two = Two::met();
        week_apart(&two);
        let before = two.alice.commits() + two.bob.commits();
        for which in order {
            two.desks()[*which].ok("sync");
        }
        two.are_equal();
        let common = history(&two.alice)
            .values()
            .filter(|it| it["by"] == "Alice")
            .count();
        assert!(two.alice.commits() < before && common > 5);
        let stands = two.desks().map(contested);
        assert_eq!(stands[0], stands[1], "{order:?}");
        for desk in two.desks() {
            let ticket = desk.show("T-1");
            let comments = ticket["comments"].as_array().unwrap().iter();
            let mut texts: Vec<_> = comments.map(|it| it["text"].as_str().unwrap()).collect();
            texts.sort_unstable();
            assert_eq!(texts, ["seen by Alice", "seen by Bob"], "{order:?}");
            desk.ok("doctor").says(&["what the history says"]);
            for id in ["L-1", "L-1b"] {
                desk.ok(&format!("show {id}"));
            }
        }
        seen.push(stands[0].clone());
    }
    assert!(seen.iter().all(|it| *it == seen[0]), "{seen:?}");
    let contested: Vec<_> = seen[0]
        .iter()
        .filter(|it| it.1)
        .map(|it| it.0.as_str())
        .collect();
    assert_eq!(contested, ["T-1", "T-2"]);
}

#[test]
fn a_ticket_that_both_moved_stands_most_cautiously_and_moves_no_further() {
    let two = Two::met();
    week_apart(&two);
    two.sync();
    for desk in two.desks() {
        assert_eq!(desk.show("T-2")["state"], "withdrawn", "the most cautious");
        for line in [
            "ticket verify T-2 --hours 2",
            "ticket reject T-2 --reason late",
            "ticket delay T-2 --reason late",
        ] {
            desk.refused(4, line).complains(&["contested"]);
        }
    }
}

#[test]
fn who_acts_for_another_on_a_device_is_told_as_that() {
    let two = Two::met();
    two.alice.ok("--as Bob comment T-1 'said at the meeting'");
    two.sync();
    for desk in two.desks() {
        let log = history(desk);
        let step = log.values().find(|it| it["action"] == "comment").unwrap();
        assert_eq!(
            (&step["by"], &step["for"]),
            (&"Alice".into(), &"Bob".into())
        );
        desk.ok("log").says(&["Alice for Bob: comment"]);
        let remark = &desk.show("T-1")["comments"][0];
        assert_eq!(
            (&remark["by"], &remark["for"]),
            (&"Alice".into(), &"Bob".into())
        );
        desk.ok("show T-1").says(&["Alice for Bob: said"]);
    }
}

#[test]
fn an_observer_reads_all_and_changes_nothing() {
    let two = Two::met_as("observer");
    two.bob.ok("show T-1");
    for line in [
        "comment T-1 'I would like'",
        "set T-1 testbed=oslo",
        "delete T-1",
        "undo",
        "share role Bob manager",
        "share remove Alice",
    ] {
        two.bob.refused(4, line).complains(&["observes this desk"]);
    }
    two.bob.ok("sync");
    two.alice
        .ok("share role Bob manager --because 'he knows the desk now'");
    two.sync();
    two.bob.ok("comment T-1 'I may'");
    two.sync();
    two.are_equal();
    let log = history(&two.alice);
    assert!(
        log.values()
            .any(|it| it["by"] == "Bob" && it["action"] == "comment")
    );
}

#[test]
fn a_manager_removes_nobody_and_gives_no_role() {
    let two = Two::met();
    for line in [
        "share remove Alice",
        "share role Alice observer",
        "share role Bob owner",
    ] {
        two.bob.refused(4, line).complains(&["Only an owner"]);
    }
    two.alice.refused(4, "share remove Alice");
    two.alice.refused(3, "share remove Carol");
}

#[test]
fn what_a_removed_device_writes_afterwards_counts_on_neither_desk_and_is_named() {
    let two = Two::met();
    two.bob.ok("comment T-1 'while I was in'");
    two.sync();
    two.alice
        .ok("share remove Bob --because 'he left the team'");
    two.bob.ok("comment T-1 'I did not know'");
    two.bob.ok("set T-2 testbed=oslo");
    two.sync();
    for desk in two.desks() {
        let comments = desk.show("T-1")["comments"].clone();
        assert_eq!(comments.as_array().unwrap().len(), 1, "{comments}");
        assert!(desk.show("T-2")["testbed"].is_null());
        let status = desk.json("share status");
        let aside = status["set_aside"].as_array().unwrap();
        assert_eq!(aside.len(), 2, "{status}");
        assert!(
            aside
                .iter()
                .all(|it| it["of"] == "Bob" && it["newer"] == false)
        );
        let bob = status["members"]
            .as_array()
            .unwrap()
            .iter()
            .find(|it| it["name"] == "Bob");
        assert_eq!(bob.unwrap()["removed"], true);
        let page = desk.ok("share status");
        page.says(&["does not count"]);
        let of_bob = page
            .stdout
            .lines()
            .find(|it| it.starts_with("Bob"))
            .unwrap();
        assert!(
            of_bob.contains("removed") && !of_bob.contains("observer"),
            "{of_bob}"
        );
        desk.ok("doctor");
    }
    for config in ["person = \"Bob\"", ""] {
        // Whose device it is, the desk knows as well.
        two.bob.config(config);
        two.bob
            .refused(4, "comment T-1 'now I know'")
            .complains(&["Bob was removed from this desk"]);
    }
    two.are_equal();
}

#[test]
fn steps_that_somebody_published_before_they_were_removed_count() {
    for line in ["share remove Bob", "share role Bob observer"] {
        let two = Two::met();
        two.sync();
        two.bob.ok("comment T-1 'published in time'");
        two.bob.ok("sync");
        // Alice has not read that when she does it.
        two.alice.ok(line).says(&["1 step", "published"]);
        two.sync();
        for desk in two.desks() {
            let comments = desk.show("T-1")["comments"].clone();
            assert_eq!(comments.as_array().unwrap().len(), 1, "{line}: {comments}");
            let status = desk.json("share status");
            assert_eq!(status["set_aside"].as_array().unwrap().len(), 0, "{status}");
        }
        two.are_equal();
    }
}

#[test]
fn who_is_removed_while_the_folder_is_away_loses_what_was_not_read_and_both_are_told() {
    let two = Two::met();
    two.sync();
    two.bob.ok("set T-2 testbed=oslo");
    two.bob.ok("sync");
    let away = two.beside("away");
    std::fs::rename(two.folder(), &away).unwrap();
    two.alice
        .ok("share remove Bob")
        .complains(&["steps of Bob that have not come in here yet will not count"]);
    std::fs::rename(&away, two.folder()).unwrap();
    two.alice
        .ok("sync")
        .complains(&["1 step of Bob is set aside and does not count"]);
    let told = two.bob.ok("sync");
    told.complains(&["1 step of yours is set aside and does not count"]);
    for desk in two.desks() {
        let status = desk.json("share status");
        let step = status["set_aside"][0].clone();
        assert_eq!(step["what"], "set T-2 (T-2 testbed: oslo)", "{status}");
        desk.ok("share status")
            .says(&["set T-2 (T-2 testbed: oslo); of Bob, does not count"]);
        let digits = step["commit"].as_str().unwrap();
        desk.ok(&format!("log {digits}"))
            .says(&["set T-2 (does not count: Bob was removed)"]);
    }
}

#[test]
fn share_status_has_one_shape_for_programs() {
    let two = Two::met();
    two.sync();
    let status = two.alice.json("share status");
    let object = status.as_object().unwrap();
    for name in [
        "folder",
        "trouble",
        "refused",
        "synced",
        "founder_words",
        "own_words",
        "desk_words",
        "commits",
        "to_publish",
        "members",
        "asking",
        "disputed",
        "files",
        "set_aside",
    ] {
        assert!(object.contains_key(name), "{name}: {status}");
    }
    assert_eq!(status["to_publish"], 0);
    assert!(status["trouble"].is_null() && status["own_words"].is_null());
    let names: Vec<_> = status["members"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["name"].clone())
        .collect();
    assert_eq!(names, ["Alice", "Bob"]);
    assert_eq!(status["files"].as_array().unwrap().len(), two.files().len());
    for file in status["files"].as_array().unwrap() {
        let is = file["is"].as_str().unwrap();
        assert!(["pack", "head", "known"].contains(&is), "{file}");
    }
    assert!(
        !told(&two.alice, ".hd")
            .iter()
            .any(|it| it.1.contains("unknown")),
        "{status}"
    );
    let done = two.alice.json("sync");
    for name in [
        "received",
        "published",
        "relayed",
        "to_publish",
        "standing",
        "held",
        "desk_words",
    ] {
        assert!(done.get(name).is_some(), "{name}: {done}");
    }
    assert_eq!(done["desk_words"], status["desk_words"]);
}

#[test]
fn a_desk_that_is_not_shared_says_how_it_could_be() {
    let desk = Desk::with_tickets();
    for line in ["sync", "share status", "sync --refill"] {
        desk.refused(4, line)
            .complains(&["not shared", "share create"]);
    }
}

#[test]
fn one_folder_holds_one_desk_and_no_desk_lies_in_it() {
    let two = Two::met();
    let other = Desk::with_tickets();
    other
        .refused(4, &format!("share create {}", two.shown()))
        .complains(&["Another desk is shared"]);
    let own = other.data();
    let before = files(&own).len();
    other
        .refused(4, &format!("share create {}", own.display()))
        .complains(&["The desk itself lies in that folder"]);
    let words = founder_words(&two.alice);
    other
        .refused(
            4,
            &format!(
                "--desk {}/x.relmate share join {} --words '{words}'",
                two.shown(),
                two.shown()
            ),
        )
        .complains(&["lies in that folder"]);
    assert_eq!(files(&own).len(), before);
    other.refused(4, "share status");
}

#[test]
fn a_record_that_one_deletes_and_the_other_edits_is_the_same_on_both_and_loses_no_step() {
    let two = Two::met();
    two.alice.ok("delete T-1 --reason 'entered twice'");
    two.bob.ok("set T-1 testbed=oslo");
    two.bob.ok("comment T-1 'still needed'");
    two.sync();
    two.are_equal();
    let [mine, theirs] = two.desks().map(|desk| desk.run("show T-1").code);
    assert_eq!(mine, theirs);
    for desk in two.desks() {
        let log = history(desk);
        for action in ["delete", "set", "comment"] {
            assert!(log.values().any(|it| it["action"] == action), "{action}");
        }
    }
    // Whoever wants it back takes the deletion back, and finds what the other wrote.
    two.alice.ok("undo");
    two.sync();
    for desk in two.desks() {
        let ticket = desk.show("T-1");
        assert_eq!(ticket["testbed"], "oslo");
        assert_eq!(ticket["comments"].as_array().unwrap().len(), 1);
    }
    two.are_equal();
}

#[test]
fn a_desk_that_joins_before_the_packs_have_arrived_says_that_and_catches_up() {
    let two = Two::apart();
    two.alice.ok(&format!("share create {}", two.shown()));
    let away = two.beside("away");
    std::fs::rename(two.folder().join("relmate/d"), &away).unwrap();
    joins(&two.bob, &two.folder(), &founder_words(&two.alice));
    for line in ["status", "show T-1", "log", "list tickets"] {
        two.bob
            .refused(4, line)
            .complains(&["Nothing of this desk has arrived yet", "relmate sync"]);
    }
    two.bob.ok("share status");
    two.bob.refused(4, "comment T-1 hello");
    for entry in std::fs::read_dir(&away).unwrap() {
        let entry = entry.unwrap();
        let to = two.folder().join("relmate/d").join(entry.file_name());
        std::fs::rename(entry.path(), to).unwrap();
    }
    two.bob.ok("sync");
    two.bob.ok("show T-1");
}
