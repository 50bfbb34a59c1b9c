//! Two managers meet through a folder by commands alone: what both wrote at once, and the rules
//! that they broke together.

use crate::support::Desk;

/// Alice's desk with T-1 and T-2, and Bob's, let in by the words.
fn two() -> (Desk, Desk) {
    let alice = Desk::with_tickets();
    let folder = alice.home().join("shared");
    std::fs::create_dir_all(&folder).unwrap();
    let folder = folder.display().to_string();
    let words = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let created = alice.json(&format!("share create {folder}"));
    let bob = Desk::none();
    bob.config("person = \"Bob\"\n");
    let founder = words(&created["founder_words"]);
    let joined = bob
        .run_words(&[
            "share",
            "join",
            &folder,
            "--words",
            &founder,
            "--device",
            "bob-laptop",
            "--json",
        ])
        .json();
    let own = words(&joined["own_words"]);
    let approved = alice.run_words(&["share", "approve", "--words", &own]);
    assert_eq!(approved.code, 0, "{approved}");
    bob.ok("sync");
    (alice, bob)
}

fn meet(alice: &Desk, bob: &Desk) {
    for desk in [alice, bob, alice] {
        desk.ok("sync");
    }
}

#[test]
fn r79_release_manager_and_tester_in_one_person_by_two_managers_blocks_the_gate() {
    let (alice, bob) = two();
    alice.ok("set T-1 owner=Alice");
    alice.ok("ticket start T-1 --verifier Vera");
    meet(&alice, &bob);
    alice.ok("set T-1 owner=Bob");
    bob.ok("set T-1 verifier=Bob");
    meet(&alice, &bob);
    for desk in [&alice, &bob] {
        let conflicts = desk.json("conflicts");
        let broken = &conflicts["items"][0]["violations"][0];
        assert_eq!(broken["rule"], "separation-of-duties");
        let by: Vec<_> = broken["steps"].as_array().unwrap().iter().collect();
        assert_eq!(
            (by[0]["by"].as_str(), by[1]["by"].as_str()),
            (Some("Alice"), Some("Bob"))
        );
        desk.ok("ticket check T-1 --all OK");
        let refused = desk.refused(4, "ticket verify T-1");
        assert!(refused.stderr.contains("T-1 goes no further"), "{refused}");
        meet(&alice, &bob);
        if desk.home() == alice.home() {
            continue;
        }
        desk.ok("set T-1 verifier=Vera");
    }
    meet(&alice, &bob);
    assert_eq!(alice.json("status")["counts"]["conflicts"], 0);
    assert!(
        alice
            .ok("conflicts")
            .stdout
            .contains("Nothing is in dispute.")
    );
}

#[test]
fn two_states_are_contested_on_both_desks_and_settled_on_one_for_both() {
    let (alice, bob) = two();
    alice.ok("ticket start T-1 --verifier Vera");
    bob.ok("ticket withdraw T-1 --reason 'No more.'");
    meet(&alice, &bob);
    for desk in [&alice, &bob] {
        assert_eq!(desk.json("status")["counts"]["conflicts"], 1);
        let refused = desk.refused(4, "ticket delay T-1 --reason R");
        assert!(refused.stderr.contains("relmate resolve T-1"), "{refused}");
        let told = desk.ok("conflicts").stdout;
        for word in ["verification", "withdrawn", "Alice", "Bob", "had seen"] {
            assert!(told.contains(word), "{word} in {told}");
        }
    }
    alice.refused(2, "resolve T-1 mine");
    alice.ok("resolve T-1 state mine --because 'The provider is back.'");
    meet(&alice, &bob);
    for desk in [&alice, &bob] {
        assert_eq!(desk.json("status")["counts"]["conflicts"], 0);
        assert_eq!(desk.show("T-1")["state"], "verification");
        assert!(desk.ok("log T-1").stdout.contains("The provider is back."));
    }
}
