//! Two managers take the step that sets one rule off, each not knowing of the other.

use super::{Alice, Bob, Pair, Who, cream, open};
use crate::domain::kind::Kind;
use crate::ledger::mutant::{self, Mutant};

const DELAY: &str = r#"{"do":"ticket-delay","id":"T-1","reason":"No machine.","promise":null}"#;
const RESUME: &str = r#"{"do":"ticket-resume","id":"T-1","due":null}"#;

/// The delay notices of a ticket, each with its state.
fn notices(pair: &Pair) -> Vec<(String, String)> {
    let rows = pair.reader().all(Kind::Message).unwrap();
    let notices = rows.into_iter();
    let notices = notices.filter(|row| row.value()["kind"] == "delay-notice");
    let mut found: Vec<_> = notices.map(|row| (row.id, row.state)).collect();
    found.sort();
    found
}

fn delayed() -> Pair {
    let mut pair = Pair::new();
    pair.does(Alice, DELAY);
    pair.wait(5);
    pair.does(Bob, DELAY);
    pair.meet();
    pair
}

fn sent(who: Who, pair: &mut Pair, id: &str) {
    pair.does(who, &format!(r#"{{"do":"outbox-sent","id":"{id}"}}"#));
}

#[test]
fn one_delay_by_two_managers_drafts_one_notice_that_both_ids_find() {
    let mut pair = Pair::new();
    let told = [pair.does(Alice, DELAY), pair.does(Bob, DELAY)];
    let given: Vec<_> = told.iter().flat_map(|it| &it.ids).collect();
    assert!(given.iter().any(|id| *id == "X-3") && given.iter().any(|id| *id == "X-3b"));
    let before = pair.look(|look| look.reader.counts(look.today).unwrap().drafts);
    pair.meet();
    assert_eq!(notices(&pair), [("X-3".to_owned(), "drafted".to_owned())]);
    assert_eq!(pair.row("X-3b").id, "X-3");
    let after = pair.look(|look| look.reader.counts(look.today).unwrap());
    assert_eq!((after.drafts, after.unsent_delay_notices), (before, 1));
    assert!(!open(&pair, "X-3").iter().any(|it| it.contains("Settle")));
}

#[test]
fn a_letter_that_two_delays_drafted_apart_says_what_is_settled_and_is_not_sent_before() {
    for (how, promised, lost) in [("mine", "18 Dec", "22 Dec"), ("theirs", "22 Dec", "18 Dec")] {
        let mut pair = Pair::new();
        let delay = |reason: &str, day: &str| {
            format!(r#"{{"do":"ticket-delay","id":"T-1","reason":"{reason}","promise":"{day}"}}"#)
        };
        pair.does(Alice, &delay("No machine.", "2026-12-18"));
        pair.wait(5);
        pair.does(Bob, &delay("No verifier.", "2026-12-22"));
        pair.meet();
        let said = pair.refused(Bob, r#"{"do":"outbox-sent","id":"X-3"}"#);
        assert!(said.contains("T-1 is not settled"), "{said}");
        pair.does(
            Alice,
            &format!(
                r#"{{"do":"resolve","id":"T-1","field":"all","how":"{how}","because":"It holds."}}"#
            ),
        );
        pair.meet();
        let body = pair.value("X-3")["body"].as_str().unwrap().to_owned();
        assert!(
            body.contains(promised) && !body.contains(lost),
            "{how}: {body}"
        );
        sent(Bob, &mut pair, "X-3");
    }
}

#[test]
fn a_letter_that_a_human_wrote_stays_whatever_is_settled() {
    let mut pair = Pair::new();
    for (who, day) in [(Alice, "2026-12-18"), (Bob, "2026-12-21")] {
        let delay = format!(
            r#"{{"do":"ticket-delay","id":"T-1","reason":"No machine.","promise":"{day}"}}"#
        );
        pair.does(who, &delay);
    }
    pair.does(
        Bob,
        r#"{"do":"outbox-edit","id":"X-3b","body":"As I said.","to":null,"subject":null}"#,
    );
    pair.meet();
    pair.does(
        Alice,
        r#"{"do":"resolve","id":"T-1","field":"all","how":"mine","because":"It holds."}"#,
    );
    assert_eq!(pair.value("X-3")["body"], "As I said.");
}

#[test]
fn what_two_desks_drafted_alike_is_no_dispute_until_two_humans_write_in_it() {
    let edit = |who: Who, pair: &mut Pair, body: &str| {
        let id = if who == Alice { "X-3" } else { "X-3b" };
        let step = serde_json::json!({"do": "outbox-edit", "id": id, "body": body,
            "to": null, "subject": null});
        pair.does(who, &step.to_string());
    };
    let mut pair = delayed();
    assert!(!pair.row("X-3b").contested, "{:?}", pair.conflict("X-3b"));
    let value = pair.value("X-3");
    assert_eq!(value["owner"], "Alice", "hers is the id that is shown");
    assert!(value["body"].as_str().unwrap().contains("Alice"));
    edit(Bob, &mut pair, "As we said.");
    edit(Alice, &mut pair, "As I said.");
    pair.meet();
    assert_eq!(pair.conflict("X-3b").fields[0].field, "body");
    let said = pair.refused(Bob, r#"{"do":"outbox-sent","id":"X-3b"}"#);
    assert!(said.contains("relmate resolve X-3"), "{said}");
    pair.does(
        Bob,
        r#"{"do":"resolve","id":"X-3b","field":"all","how":"mine","because":"I send it."}"#,
    );
    sent(Bob, &mut pair, "X-3b");
    pair.meet();
    assert!(!pair.row("X-3").contested);
    assert_eq!(pair.value("X-3")["body"], "As we said.");
    assert_eq!(notices(&pair), [("X-3".to_owned(), "sent".to_owned())]);
}

#[test]
fn what_one_human_wrote_stands_over_the_others_draft() {
    for (who, id) in [(Alice, "X-3"), (Bob, "X-3b")] {
        let mut pair = Pair::new();
        pair.does(Alice, DELAY);
        pair.does(Bob, DELAY);
        let step = serde_json::json!({"do": "outbox-edit", "id": id, "body": "In short.",
            "to": null, "subject": null});
        pair.does(who, &step.to_string());
        pair.meet();
        assert!(!pair.row("X-3").contested, "{:?}", pair.conflict("X-3"));
        assert_eq!(pair.value("X-3")["body"], "In short.");
    }
}

#[test]
fn a_submission_that_one_answered_is_answered_though_the_other_injected_it_later() {
    let mut pair = Pair::submitted();
    let told = pair.does(Alice, INJECT);
    let answer = told.ids.iter().find(|id| id.starts_with("X-")).unwrap();
    sent(Alice, &mut pair, answer);
    assert_eq!(pair.row("S-2").state, "answered");
    pair.wait(5);
    pair.does(Bob, INJECT);
    pair.meet();
    let row = pair.row("S-2");
    assert_eq!(
        (row.state.as_str(), row.contested),
        ("answered", false),
        "{row:?}"
    );
}

#[test]
fn what_a_human_did_with_a_notice_wins_over_the_others_draft() {
    for (deed, state) in [
        (r#"{"do":"outbox-sent","id":"X-3"}"#, "sent"),
        (
            r#"{"do":"outbox-skip","id":"X-3","reason":"Told by telephone."}"#,
            "skipped",
        ),
    ] {
        let mut pair = Pair::new();
        pair.does(Alice, DELAY);
        let body = pair.value("X-3")["body"].clone();
        pair.does(Alice, deed);
        pair.wait(5);
        pair.does(Bob, DELAY);
        pair.meet();
        assert_eq!(notices(&pair), [("X-3".to_owned(), state.to_owned())]);
        assert!(!pair.row("X-3").contested);
        if state == "sent" {
            assert_eq!(pair.value("X-3")["body"], body, "what went out");
        }
    }
}

#[test]
fn the_second_delay_of_a_ticket_is_another_notice() {
    let mut pair = Pair::new();
    pair.does(Alice, DELAY);
    pair.does(Alice, RESUME);
    pair.does(Alice, DELAY);
    pair.does(Bob, DELAY);
    pair.meet();
    let ids: Vec<_> = notices(&pair).into_iter().map(|it| it.0).collect();
    assert_eq!(ids, ["X-3", "X-4"]);
    assert_eq!(pair.row("X-3b").id, "X-3");
}

#[test]
fn one_of_the_two_steps_taken_back_leaves_what_the_other_made() {
    for first in [true, false] {
        let mut pair = Pair::new();
        pair.does(Alice, DELAY);
        pair.does(Bob, DELAY);
        if first {
            pair.does(Alice, r#"{"do":"undo","target":"X-3"}"#);
        }
        pair.meet();
        if !first {
            pair.does(Alice, r#"{"do":"undo","target":null}"#);
            pair.meet();
        }
        let row = pair.row("X-3");
        assert_eq!((row.id.as_str(), row.contested), ("X-3b", false), "{row:?}");
        assert!(row.value()["body"].as_str().unwrap().contains("Bob"));
        pair.does(Alice, r#"{"do":"redo","target":null}"#);
        pair.meet();
        let row = pair.row("X-3b");
        assert_eq!((row.id.as_str(), row.contested), ("X-3", false), "{row:?}");
        assert!(row.value()["body"].as_str().unwrap().contains("Alice"));
    }
}

#[test]
fn both_steps_taken_back_leave_nothing() {
    for first in [true, false] {
        let mut pair = Pair::new();
        pair.does(Alice, DELAY);
        pair.does(Bob, DELAY);
        if !first {
            pair.meet();
        }
        pair.does(Alice, r#"{"do":"undo","target":null}"#);
        if !first {
            pair.meet();
        }
        pair.does(Bob, r#"{"do":"undo","target":null}"#);
        pair.meet();
        assert!(notices(&pair).is_empty(), "{first}: {:?}", notices(&pair));
    }
}

#[test]
fn a_step_done_again_after_its_undo_drafts_the_same_message_again() {
    let mut pair = Pair::new();
    pair.does(Alice, DELAY);
    pair.does(Alice, r#"{"do":"undo","target":null}"#);
    pair.does(Alice, DELAY);
    pair.meet();
    assert_eq!(notices(&pair), [("X-3".to_owned(), "drafted".to_owned())]);
}

const INJECT: &str = r#"{"do":"inject","id":"S-2","tracking":{}}"#;

#[test]
fn one_submission_injected_by_two_managers_has_one_set_of_tickets() {
    let mut pair = Pair::submitted();
    pair.does(Alice, INJECT);
    pair.wait(5);
    pair.does(Bob, INJECT);
    // Bob goes on with his.
    pair.does(
        Bob,
        r#"{"do":"ticket-start","id":"T-3b","verifier":"Vera","testbed":null}"#,
    );
    pair.meet();
    let rows = pair.reader().children(Kind::Ticket, "S-2").unwrap();
    let mut ids: Vec<_> = rows.iter().map(|row| row.id.as_str()).collect();
    ids.sort_unstable();
    assert_eq!(ids, ["T-3", "T-4"]);
    let submission = pair.row("S-2");
    assert!(!submission.contested, "{:?}", pair.conflict("S-2"));
    assert_eq!(
        submission.value()["tickets"],
        serde_json::json!(["T-3", "T-4"])
    );
    let answers = pair.reader().all(Kind::Message).unwrap();
    let answers = answers
        .into_iter()
        .filter(|row| row.value()["kind"] == "answer" && row.value()["about"][0] == "S-2");
    let answers: Vec<_> = answers.collect();
    assert_eq!(answers.len(), 1);
    assert_eq!(
        answers[0].value()["about"],
        serde_json::json!(["S-2", "T-3", "T-4"])
    );
    // He had not seen that it stood in Alice's queue as well: both states, the more cautious shown.
    assert_eq!(pair.row("T-3b").id, "T-3");
}

#[test]
fn a_submission_injected_again_after_the_undo_has_its_tickets_back() {
    let mut pair = Pair::submitted();
    pair.does(Alice, INJECT);
    pair.does(Alice, r#"{"do":"undo","target":null}"#);
    pair.does(Bob, INJECT);
    pair.meet();
    pair.does(Alice, r#"{"do":"undo","target":"S-2"}"#);
    pair.meet();
    assert!(
        pair.reader()
            .children(Kind::Ticket, "S-2")
            .unwrap()
            .is_empty()
    );
    pair.does(Bob, INJECT);
    pair.meet();
    let rows = pair.reader().children(Kind::Ticket, "S-2").unwrap();
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| !row.contested), "{rows:?}");
}

/// What is announced, reminded and engaged by two managers at once.
#[test]
fn every_rule_that_drafts_a_text_does_so_once() {
    let mut pair = Pair::on_trial();
    let announce = r#"{"do":"rollout","step":"announce","ticket":"T-1","sites":["CNAF"],"days":30,"told":false}"#;
    pair.does(Alice, announce);
    pair.wait(3);
    pair.does(Bob, announce);
    pair.meet();
    assert_eq!(pair.reader().all(Kind::Announcement).unwrap().len(), 1);
    let row = pair.row("N-1b");
    assert_eq!(
        (row.id.as_str(), row.contested),
        ("N-1", false),
        "{:?}",
        pair.conflict("N-1")
    );
    assert_eq!(row.value()["turn"]["CNAF"]["message"], "X-3");
    assert_eq!(pair.row("X-3b").id, "X-3");
    assert!(!pair.row("X-3").contested, "{:?}", pair.conflict("X-3"));
    sent(Alice, &mut pair, "X-3");
    pair.meet();
    let remind = r#"{"do":"rollout","step":"remind","id":"T-1","sites":["CNAF"]}"#;
    pair.does(Bob, remind);
    pair.does(Alice, remind);
    pair.meet();
    let reminders = pair.reader().all(Kind::Message).unwrap();
    let reminders = reminders
        .iter()
        .filter(|row| row.value()["kind"] == "reminder");
    assert_eq!(reminders.count(), 1);
    assert!(!pair.row("N-1").contested, "{:?}", pair.conflict("N-1"));
}

/// Whether anybody delayed the ticket while they were apart, and what each did about it.
fn apart(pair: &mut Pair, roll: &mut impl FnMut(u64) -> u64) -> bool {
    let mut any = false;
    let both = if roll(2) == 0 {
        [Alice, Bob]
    } else {
        [Bob, Alice]
    };
    for who in both {
        pair.wait(1);
        if roll(4) == 0 {
            continue;
        }
        any = true;
        let drafted = pair.does(who, DELAY).ids;
        let drafted = drafted.iter().find(|id| id.starts_with("X-")).unwrap();
        let undone = match roll(4) {
            0 => {
                sent(who, pair, drafted);
                false
            }
            1 => {
                pair.does(who, r#"{"do":"undo","target":null}"#);
                true
            }
            _ => false,
        };
        // What was taken back is done again, so that every one has delayed it.
        if undone {
            pair.does(who, DELAY);
        }
    }
    any
}

/// A few times apart and together: how many delays there were, and how many notices.
fn schedule(seed: u64) -> (u64, usize) {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut roll = |sides: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % sides
    };
    let mut pair = Pair::new();
    let mut delays = 0;
    for _ in 0..3 {
        delays += u64::from(apart(&mut pair, &mut roll));
        pair.meet();
        if pair.row("T-1").state == "delayed" && pair.tries(Alice, RESUME).is_err() {
            break;
        }
        pair.meet();
    }
    (delays, notices(&pair).len())
}

#[test]
fn in_any_schedule_a_delay_has_one_notice_and_a_rule_that_fires_twice_is_found() {
    let doubled = |seed: &u64| {
        let (delays, notices) = schedule(*seed);
        notices as u64 != delays
    };
    assert_eq!((1..20).find(doubled), None);
    mutant::break_rule(Some(Mutant::RuleFiresTwice));
    let found = (1..20).find(doubled);
    mutant::break_rule(None);
    assert!(found.is_some(), "the mutant survives");
}

#[test]
fn one_request_that_both_managers_take_in_is_one_submission_and_one_problem() {
    let mut pair = Pair::new();
    let file = |text: &str| {
        serde_json::json!({"do": "problem", "step": "file", "product": "ARC", "version": "7.0.3",
            "ticket": "T-1", "site": null, "channel_id": "77", "text": text})
    };
    for (who, text) in [(Alice, "It fails."), (Bob, "It fails at night.")] {
        pair.does(who, &cream());
        pair.does(who, &file(text).to_string());
        pair.wait(2);
    }
    pair.meet();
    assert_eq!(pair.row("S-2b").id, "S-2");
    assert_eq!(pair.row("P-1b").id, "P-1");
    let contested = |pair: &Pair, id: &str| -> Vec<String> {
        let fields = pair.conflict(id).fields.into_iter();
        fields.map(|it| it.field).collect()
    };
    assert_eq!(contested(&pair, "S-2"), ["owner"]);
    assert_eq!(contested(&pair, "P-1"), ["owner", "text"]);
    let said = pair.refused(Bob, INJECT);
    assert!(said.contains("relmate resolve S-2"), "{said}");
}
