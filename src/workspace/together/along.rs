//! What goes along when something contested is settled: what the same steps wrote elsewhere.

use super::{Alice, Bob, Pair, Who};
use crate::domain::kind::Kind;
use crate::workspace::deed::{Deed, Filled};
use crate::workspace::look::board::rows::{Key, Line};
use crate::workspace::look::conflicts;
use crate::workspace::look::fill;

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
            told.contains("M-5") && told.ends_with("the same steps wrote them"),
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
