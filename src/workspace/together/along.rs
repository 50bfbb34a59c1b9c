//! What goes along when something contested is settled: what the same steps wrote elsewhere.

use super::{Alice, Bob, Pair, Who};
use crate::domain::kind::Kind;
use crate::workspace::deed::{Deed, Filled};
use crate::workspace::look::board::rows::{Ask, Cells, Key, Line, Pane, Start, WindowAsk};
use crate::workspace::look::{board, card, conflicts, fill};

/// The cycle 1.4, whose third milestone both slipped apart: it drags the four that follow.
fn slipped() -> Pair {
    let mut pair = Pair::new();
    pair.does(
        Alice,
        r#"{"do":"cycle-add","name":"1.4","start":"2026-11-02","release":null,"template":"meta-release"}"#,
    );
    pair.meet();
    slip(&mut pair, Alice, "M-3", "2027-01-18");
    slip(&mut pair, Bob, "M-3", "2027-01-25");
    pair.meet();
    pair
}

fn slip(pair: &mut Pair, who: Who, id: &str, to: &str) {
    pair.does(
        who,
        &format!(
            r#"{{"do":"milestone-move","id":"{id}","to":"{to}","reason":"A product is late."}}"#
        ),
    );
}

#[test]
fn a_contested_milestone_says_so_in_the_schedule_until_it_is_settled() {
    let mut pair = slipped();
    let names = |pair: &Pair| -> Vec<(String, String)> {
        let ask = Ask {
            windows: vec![WindowAsk::new(Pane::Schedule, Start::Top, 100)],
            ..Ask::default()
        };
        let mut board = pair.look(|look| board::board(look, &ask, None).unwrap());
        let rows = board.windows.remove(0).1.rows.into_iter();
        let named = rows.map(|row| match row.cells {
            Cells::Milestone(gate) => (row.key.id, gate.name),
            other => panic!("{other:?}"),
        });
        named.collect()
    };
    let moved = contested(&pair);
    for (id, name) in names(&pair) {
        assert_eq!(
            name.starts_with("contested: "),
            moved.contains(&id),
            "{id}: {name}"
        );
    }
    pair.does(Bob, &resolve("mine", ""));
    pair.meet();
    assert!(
        names(&pair)
            .iter()
            .all(|(_, name)| !name.contains("contested"))
    );
}

fn resolve(how: &str, more: &str) -> String {
    format!(r#"{{"do":"resolve","id":"M-3","how":"{how}","because":"We spoke."{more}}}"#)
}

/// The milestones that are contested, in their order.
fn contested(pair: &Pair) -> Vec<String> {
    let rows = pair.reader().disputed().unwrap();
    let mut ids: Vec<_> = rows.iter().map(|row| row.id.clone()).collect();
    ids.sort_unstable();
    ids
}

fn days(pair: &Pair, ids: &[String]) -> Vec<String> {
    let day = |id: &String| pair.value(id)["current"].as_str().unwrap().to_owned();
    ids.iter().map(day).collect()
}

#[test]
fn two_slips_of_one_milestone_are_settled_once_for_all_that_they_moved() {
    for (how, more, first) in [
        ("mine", "", "2027-01-18"),
        ("theirs", "", "2027-01-25"),
        ("value", r#","value":"2027-01-25""#, "2027-01-25"),
    ] {
        let mut pair = slipped();
        let moved = contested(&pair);
        assert!(moved.len() > 2 && moved[0] == "M-3", "{moved:?}");
        let sides: Vec<_> = moved
            .iter()
            .map(|id| pair.conflict(id).fields[0].clone())
            .collect();
        let receipt = pair.does(Alice, &resolve(how, more));
        pair.meet();
        assert_eq!(contested(&pair), [""; 0], "{how}");
        let by = if first == "2027-01-18" {
            "Alice"
        } else {
            "Bob"
        };
        let expected: Vec<_> = sides
            .iter()
            .map(|it| it.of_person(by).next().unwrap().text.clone())
            .collect();
        assert_eq!(
            (days(&pair, &moved), expected[0].as_str()),
            (expected.clone(), first)
        );
        let mut named = receipt.ids.clone();
        named.sort_unstable();
        assert_eq!(named, moved);
        let said = receipt.said.join("\n");
        assert!(
            said.contains("go along: the same steps wrote current there."),
            "{said}"
        );

        // One step, so that one undo has them all contested again.
        pair.does(Alice, r#"{"do":"undo","target":null}"#);
        pair.meet();
        assert_eq!(contested(&pair), moved);
        assert_eq!(pair.conflict("M-3").fields[0].along, moved[1..]);
    }
}

#[test]
fn a_move_that_was_settled_for_another_is_shown_as_one_that_does_not_stand() {
    let mut pair = slipped();
    let moves = |pair: &Pair| {
        let row = pair.row("M-3");
        let card = pair.look(|look| card::of(look, &row, false).unwrap());
        let slips = card.fields.into_iter().find(|it| it.name == "slips");
        let slips = slips.unwrap();
        let stand = slips.value.as_array().unwrap().iter();
        let stand = stand.map(|it| (it["by"].to_string(), it["stands"].as_bool()));
        let mut stand: Vec<_> = stand.collect();
        stand.sort_unstable();
        let stand: Vec<_> = stand.into_iter().map(|it| it.1).collect();
        (slips.text, stand)
    };
    let (said, stand) = moves(&pair);
    assert!(!said.contains("stand"), "nothing is settled yet: {said}");
    assert_eq!(stand, [None, None]);
    pair.does(Alice, &resolve("theirs", ""));
    let (said, stand) = moves(&pair);
    assert_eq!(stand, [Some(false), Some(true)]);
    let ends = |end: &str| said.lines().any(|line| line.ends_with(end));
    assert!(
        ends("2027-01-18: A product is late. (Alice, does not stand)"),
        "{said}"
    );
    assert!(ends("2027-01-25: A product is late. (Bob)"), "{said}");
}

#[test]
fn who_settles_one_alone_leaves_the_others() {
    let mut pair = slipped();
    let mut moved = contested(&pair);
    let receipt = pair.does(Alice, &resolve("mine", r#","alone":true"#));
    assert_eq!(receipt.said.len(), 1, "{receipt:?}");
    moved.remove(0);
    assert_eq!(contested(&pair), moved);
}

#[test]
fn who_settled_one_alone_and_took_that_back_has_all_of_them_go_along_again() {
    let mut pair = slipped();
    let moved = contested(&pair);
    for how in ["theirs", "mine"] {
        pair.does(Alice, &resolve(how, r#","alone":true"#));
        pair.does(Alice, r#"{"do":"undo","target":null}"#);
    }
    pair.meet();
    assert_eq!(pair.conflict("M-3").fields[0].along, moved[1..]);
    assert_eq!(pair.conflict(&moved[1]).fields[0].along[0], "M-3");
    pair.does(Bob, &resolve("theirs", ""));
    pair.meet();
    assert_eq!(contested(&pair), [""; 0]);
}

#[test]
fn two_who_took_one_settlement_back_apart_leave_one_dispute_that_goes_along() {
    let mut pair = slipped();
    let moved = contested(&pair);
    pair.does(Alice, &resolve("mine", ""));
    pair.meet();
    pair.does(Alice, r#"{"do":"undo","target":null}"#);
    pair.does(Bob, r#"{"do":"undo","target":"M-3"}"#);
    pair.meet();
    pair.does(Bob, &resolve("mine", r#","alone":true"#));
    pair.does(Bob, r#"{"do":"undo","target":null}"#);
    pair.meet();
    assert_eq!(pair.conflict("M-3").fields[0].along, moved[1..]);
    pair.does(Alice, &resolve("theirs", ""));
    pair.meet();
    assert_eq!(contested(&pair), [""; 0]);
}

#[test]
fn what_is_put_off_is_put_off_with_all_that_goes_along() {
    let mut pair = slipped();
    let moved = contested(&pair);
    pair.does(Bob, &resolve("later", ""));
    pair.meet();
    assert_eq!(contested(&pair), moved);
    for id in &moved {
        let put_off = pair.conflict(id).fields[0].put_off.clone();
        assert_eq!(put_off.unwrap().because, "We spoke.", "{id}");
    }
}

#[test]
fn who_marks_some_of_them_settles_those_and_is_refused_none() {
    let mut pair = slipped();
    let mut moved = contested(&pair);
    let resolve =
        |id: &str| format!(r#"{{"do":"resolve","id":"{id}","how":"mine","because":"R"}}"#);
    let receipt = pair.does(
        Alice,
        &format!(
            r#"{{"do":"batch","actions":[{},{}]}}"#,
            resolve("M-3"),
            resolve(&moved[1])
        ),
    );
    assert!(receipt.warnings.is_empty(), "{receipt:?}");
    assert!(
        !receipt.said.iter().any(|it| it.contains("along")),
        "{receipt:?}"
    );
    moved.drain(..2);
    assert_eq!(contested(&pair), moved);
}

/// Alice and Bob each write one field of both records in one step.
fn both(records: [&str; 2], field: &str) -> Pair {
    let mut pair = Pair::new();
    for (who, value) in [(Alice, "mine"), (Bob, "theirs")] {
        let actions = records.map(|id| {
            serde_json::json!({"do": "set", "id": id, "fields": [[field, format!("{value} {id}")]]})
        });
        let step = serde_json::json!({"do": "batch", "actions": actions});
        pair.does(who, &step.to_string());
    }
    pair.meet();
    pair
}

#[test]
fn a_value_that_neither_step_wrote_leaves_the_others_contested_and_says_so() {
    let mut pair = both(["T-1", "T-2"], "testbed");
    let step = r#"{"do":"resolve","id":"T-1","how":"value","value":"another","because":"R"}"#;
    let receipt = pair.does(Alice, step);
    assert_eq!(receipt.ids, ["T-1"]);
    assert!(
        receipt.warnings[0].starts_with("T-2 stays contested"),
        "{receipt:?}"
    );
    assert!(pair.row("T-2").contested && !pair.row("T-1").contested);
}

#[test]
fn a_record_of_another_kind_with_its_name_is_not_meant() {
    let card = |name: &str, provider: &str| serde_json::json!({"do": "product-edit", "name": name, "fields": {"provider": provider}});
    let mut pair = Pair::new();
    // A site that is called as the product.
    pair.does(
        Alice,
        r#"{"do":"site-add","name":"CREAM","country":"IT","contact":"c@example.org"}"#,
    );
    pair.meet();
    for (who, provider) in [(Alice, "INFN one"), (Bob, "INFN two")] {
        let actions = [card("ARC", provider), card("CREAM", provider)];
        let step = serde_json::json!({"do": "batch", "actions": actions});
        pair.does(who, &step.to_string());
    }
    pair.meet();
    let step = r#"{"do":"resolve","id":"ARC","how":"theirs","because":"R"}"#;
    let receipt = pair.does(Alice, step);
    assert_eq!(receipt.ids, ["ARC", "CREAM"], "{receipt:?}");
    pair.meet();
    assert!(pair.reader().disputed().unwrap().is_empty());
}

#[test]
fn what_another_step_wrote_is_another_dispute() {
    let mut pair = slipped();
    let moved = contested(&pair);
    let last = moved.last().unwrap().clone();
    pair.does(Alice, &resolve("mine", ""));
    pair.meet();
    // Apart again, and Bob moves the last one once more by itself.
    slip(&mut pair, Alice, "M-3", "2027-02-15");
    slip(&mut pair, Bob, "M-3", "2027-02-22");
    slip(&mut pair, Bob, &last, "2027-06-01");
    pair.meet();
    let conflict = pair.conflict("M-3");
    assert!(!conflict.fields[0].along.contains(&last), "{conflict:?}");
    assert_eq!(conflict.fields[0].along.len(), moved.len() - 2);
    pair.does(Alice, &resolve("mine", ""));
    assert_eq!(contested(&pair), [last]);
}

#[test]
fn the_page_and_the_form_say_beforehand_what_goes_along() {
    let pair = slipped();
    let moved = contested(&pair);
    let conflict = pair.conflict("M-3");
    assert_eq!(conflict.fields[0].along, moved[1..]);
    pair.look(|look| {
        let (lines, _) = conflicts::page(&conflict, look);
        let told = lines.iter().find_map(|line| match line {
            Line::Field(label, text) if label == "goes along" => Some(text.clone()),
            _ => None,
        });
        let told = told.unwrap();
        assert!(
            told.contains("M-5") && told.ends_with("which the same steps wrote"),
            "{told}"
        );

        let all = conflicts::all(look).unwrap();
        let same = all.iter().find(|it| it.id == "M-3").unwrap();
        assert_eq!(same.fields[0].along, moved[1..]);

        let deed = Deed::named("resolve").unwrap();
        let subject = Key {
            kind: Kind::Milestone,
            id: "M-3".to_owned(),
        };
        let given = Filled::default();
        let filled = fill::fill(look, (deed, &given), Some(&subject)).unwrap();
        let facts = format!("{:?}", filled.facts);
        assert!(facts.contains("Goes along: M-5"), "{facts}");
    });
}
