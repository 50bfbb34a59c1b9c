//! Two managers meet through a folder by commands alone: what both wrote at once, and the rules
//! that they broke together.

use crate::support::Desk;
use crate::support::two::Two;

/// Alice's desk with T-1 and T-2, and Bob's, let in by the words.
fn two() -> (Desk, Desk) {
    two_of(Desk::with_tickets())
}

/// Alice's desk, and Bob's, let in by the words.
fn two_of(alice: Desk) -> (Desk, Desk) {
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
        desk.ok("list tickets").says(&["breaks a rule"]);
        assert_eq!(desk.show("T-1")["breaks_a_rule"], true);
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
    alice
        .refused(4, "resolve T-1 state merge --because x")
        .complains(&["Write mine or theirs."]);
    alice.ok("resolve T-1 state mine --because 'The provider is back.'");
    // The history says what stood beside each other before.
    let told = alice.ok("log T-1").stdout;
    let settled = told
        .lines()
        .find(|it| it.contains("state:") && it.contains(" and "));
    assert!(settled.is_some_and(|it| it.contains('→')), "{told}");
    meet(&alice, &bob);
    for desk in [&alice, &bob] {
        assert_eq!(desk.json("status")["counts"]["conflicts"], 0);
        assert_eq!(desk.show("T-1")["state"], "verification");
        assert!(desk.ok("log T-1").stdout.contains("The provider is back."));
    }
}

#[test]
fn one_delay_recorded_by_two_managers_is_one_notice_that_is_sent_once() {
    let (alice, bob) = two();
    for desk in [&alice, &bob] {
        desk.ok("ticket delay T-1 --reason 'No machine.'");
    }
    meet(&alice, &bob);
    for desk in [&alice, &bob] {
        let drafts = desk.json("list messages --filter kind=delay-notice");
        let ids: Vec<_> = drafts["items"].as_array().unwrap().iter().collect();
        assert_eq!(ids.len(), 1, "{drafts}");
        assert_eq!(ids[0]["id"], "X-3");
        assert_eq!(desk.show("X-3b")["id"], "X-3");
        // What the program drafted twice is no choice that anybody has to make.
        assert_eq!(desk.json("status")["counts"]["conflicts"], 0);
    }
    bob.ok("outbox sent X-3b");
    meet(&alice, &bob);
    assert_eq!(alice.show("X-3")["state"], "sent");
    alice.refused(4, "outbox sent X-3");
    assert_eq!(alice.json("status")["counts"]["conflicts"], 0);
    alice.ok("doctor");
}

#[test]
fn one_submission_injected_by_two_managers_has_one_set_of_tickets_that_both_ids_find() {
    let alice = Desk::with_tickets();
    alice.ok("product add CREAM --provider INFN --contact cream@example.org");
    alice.submit("CREAM", "1.16.0", "--platform al9 --platform el9");
    let (alice, bob) = two_of(alice);
    for desk in [&alice, &bob] {
        desk.ok("inject S-2");
    }
    bob.ok("ticket delay T-3b --reason 'No machine.'");
    meet(&alice, &bob);
    for desk in [&alice, &bob] {
        let tickets = desk.json("list tickets --filter submission=S-2");
        assert_eq!(tickets["items"].as_array().unwrap().len(), 2, "{tickets}");
        assert_eq!(
            desk.show("S-2")["tickets"],
            serde_json::json!(["T-3", "T-4"])
        );
        assert_eq!(desk.show("T-3b")["id"], "T-3");
        desk.ok("doctor");
    }
}

#[test]
fn a_verifier_of_the_own_team_and_a_failure_by_two_managers_close_the_gate() {
    let (alice, bob) = two();
    alice.ok("set Vera organisation=Institute");
    alice.ok("ticket start T-1 --verifier Vera");
    alice.ok("ticket check T-1 --all OK");
    meet(&alice, &bob);
    alice.ok("ticket verify T-1");
    bob.ok("ticket check T-1 QC_DOC_1 FAIL");
    bob.ok("set T-2 provider=Institute");
    alice.ok("ticket start T-2 --verifier Vera");
    meet(&alice, &bob);
    for desk in [&alice, &bob] {
        let conflicts = desk.json("conflicts");
        let items = conflicts["items"].as_array().unwrap();
        let rules: Vec<_> = items
            .iter()
            .map(|it| &it["violations"][0]["rule"])
            .collect();
        assert_eq!(rules.len(), 2, "{conflicts}");
        for rule in ["failed-verification", "own-team"] {
            assert!(rules.iter().any(|it| **it == rule), "{conflicts}");
        }
        for item in items {
            let steps = item["violations"][0]["steps"].as_array().unwrap();
            let who: std::collections::BTreeSet<_> =
                steps.iter().map(|it| it["by"].as_str().unwrap()).collect();
            assert_eq!(who.len(), 2, "{item}");
        }
        desk.refused(4, "ticket accept T-1")
            .complains(&["T-1 goes no further"]);
    }
    alice.ok("ticket reject T-1 --reason 'It fails.'");
    bob.ok("set T-2 provider=NorduGrid");
    meet(&alice, &bob);
    assert_eq!(bob.json("status")["counts"]["conflicts"], 0);
}

#[test]
fn a_release_published_on_a_signature_that_was_taken_back_names_both_steps() {
    let (alice, bob) = two_of(crate::releases::complete());
    meet(&alice, &bob);
    let name = crate::releases::NAME;
    // Bob takes the last signature back while Alice publishes on it.
    let log = bob.json(&format!("log {name}"));
    let steps = log["items"].as_array().unwrap().iter();
    let mut signed = steps.filter(|it| it["intent"]["step"] == "sign");
    let last = signed.next().unwrap()["commit"].as_str().unwrap();
    bob.ok(&format!("undo {last}"));
    alice.ok(&format!("release publish {name}"));
    meet(&alice, &bob);
    let conflicts = bob.json("conflicts");
    let broken = &conflicts["items"][0]["violations"][0];
    assert_eq!(broken["rule"], "published-unsigned", "{conflicts}");
    assert_eq!(broken["steps"].as_array().unwrap().len(), 2);
}

#[test]
fn what_both_settled_at_once_is_told_as_it_stands() {
    let (alice, bob) = two();
    alice.ok("set T-1 testbed=oslo");
    bob.ok("set T-1 testbed=bergen");
    alice.ok("delete T-2");
    bob.ok("set T-2 testbed=rome");
    meet(&alice, &bob);
    alice.ok("resolve T-1 testbed mine --because one");
    bob.ok("resolve T-1 testbed mine --because other");
    alice.ok("resolve T-2 mine --because one");
    bob.ok("resolve T-2 mine --because other");
    meet(&alice, &bob);
    for desk in [&alice, &bob] {
        let conflicts = desk.ok("conflicts");
        conflicts.says(&[
            "before both: bergen against oslo",
            "Off the desk (deleted), shown as on the desk",
            "before both: in dispute",
        ]);
        desk.ok("show T-2")
            .says(&["To be settled:\n  Off the desk (deleted)"]);
    }
}

#[test]
fn a_record_that_both_took_off_apart_is_told_with_the_step_that_brings_it_back_on_both() {
    let two = Two::met();
    two.alice.ok("lesson improve 'Ask early'");
    two.sync();
    for desk in two.desks() {
        desk.ok("delete L-1");
    }
    two.sync();
    for desk in two.desks() {
        desk.refused(3, "show L-1").complains(&[
            "Alice took it off",
            "Bob took it off",
            "brings it back",
        ]);
    }
    two.bob.ok("undo L-1");
    two.sync();
    for desk in two.desks() {
        assert_eq!(desk.show("L-1")["text"], "Ask early");
    }
    two.are_equal();
}
