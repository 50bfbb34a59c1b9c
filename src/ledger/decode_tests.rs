//! What bytes from anyone are worth.

use super::super::draft::{Draft, Header};
use super::*;
use crate::ledger::causes;
use proptest::prelude::*;
use serde_json::json;

fn sample() -> Commit {
    let mut draft = Draft::new(ReplicaId([7; 16]), 3);
    let ticket = draft.create();
    let first = draft.set(&ticket, "title", "Füße \"x\"\n", []);
    draft.set(&ticket, "none", Value::Null, []);
    draft.set(&ticket, "title", json!({"b": [1, -2], "a": true}), [first]);
    draft.push(Op::Back {
        entity: ticket.clone(),
        field: "title".into(),
        dot: first,
    });
    draft.add(&ticket, "labels", "urgent");
    draft.remove(&ticket, "labels", "urgent", [first]);
    let told = draft.event(&ticket, "comment", json!({"text": "hello"}));
    draft.retract(&ticket, told);
    draft.member(json!({"person": "anna"}));
    draft.finish(Header {
        deps: vec![Hash([9; 32])],
        wall: "2026-03-10T09:00:00Z".into(),
        at: Some("2026-03-09".into()),
        person: "alice".into(),
        on_behalf: Some("bob".into()),
        intent: json!({"do": "title"}),
        undoes: Some(Hash([8; 32])),
        ..Header::default()
    })
}

fn text() -> String {
    String::from_utf8(sample().encode()).unwrap()
}

fn void(bytes: &[u8]) -> bool {
    matches!(Commit::decode(bytes), Verdict::Void { .. })
}

fn without_intent(verdict: Verdict) -> Verdict {
    let left_out = |commit| Commit {
        intent: Value::Null,
        ..commit
    };
    match verdict {
        Verdict::Valid(commit) => Verdict::Valid(left_out(commit)),
        Verdict::Opaque { commit, why } => Verdict::Opaque {
            commit: left_out(commit),
            why,
        },
        void @ Verdict::Void { .. } => void,
    }
}

#[track_caller]
fn check(from: &str, to: &str, verdict: &str) {
    assert!(text().contains(from), "{from} is not in {}", text());
    let bytes = text().replacen(from, to, 1);
    let decoded = Commit::decode(bytes.as_bytes());
    let without = Commit::decode_without_intent(bytes.as_bytes());
    assert_eq!(without, without_intent(decoded.clone()), "{to}");
    if let (Some(commit), Some(causes)) = (decoded.commit(), causes(bytes.as_bytes())) {
        assert_eq!(commit.deps, causes, "{to}");
    }
    let got = match decoded {
        Verdict::Valid(_) => "valid".into(),
        Verdict::Opaque { why, .. } => format!("opaque: {why}"),
        Verdict::Void { why } => format!("void: {why}"),
    };
    assert!(got.starts_with(verdict), "{to} gave {got}");
}

#[test]
fn what_is_written_is_read_back() {
    let commit = sample();
    assert_eq!(
        Commit::decode(&commit.encode()),
        Verdict::Valid(commit.clone())
    );
    assert_eq!(Commit::decode_trusted(&commit.encode()), Ok(commit));
    assert!(!sample().encode().contains(&b'\n'));
    assert!(text().starts_with(r#"{"replica":"0707"#));
}

#[test]
fn the_fast_way_reads_everything_this_version_writes() {
    assert_eq!(fast::<Strict>(&text()), slow(&text()).ok());
    assert!(fast::<Strict>(&text()).is_some());
}

#[test]
fn keys_may_come_in_any_order() {
    let tree: Value = serde_json::from_str(&text()).unwrap();
    assert_eq!(
        Commit::decode(tree.to_string().as_bytes()),
        Verdict::Valid(sample())
    );
}

#[test]
fn a_float_or_a_number_beyond_2_53_is_void() {
    check("[1,-2]", "[1.0,-2]", "void");
    check("[1,-2]", "[1e3,-2]", "void");
    check("[1,-2]", "[-0,-2]", "void");
    check("[1,-2]", "[9007199254740992,-2]", "valid");
    check("[1,-2]", "[9007199254740993,-2]", "void");
    check("[1,-2]", "[1,-9007199254740993]", "void");
    check("[1,-2]", "[123456789012345678901234567890]", "void");
    check("\"seq\":3", "\"seq\":3.0", "void");
    check("\"seq\":3", "\"seq\":9007199254740993", "void");
}

#[test]
fn a_duplicate_key_is_void_wherever_it_is() {
    check("\"a\":true", "\"a\":true,\"a\":true", "void");
    check("\"a\":true", "\"a\":true,\"\\u0061\":true", "void");
    check("\"seq\":3", "\"seq\":3,\"seq\":3", "void");
    check("\"seq\":3", "\"new\":3,\"seq\":3,\"new\":3", "void");
    check("\"op\":\"add\"", "\"op\":\"add\",\"op\":\"add\"", "void");
    check("\"op\":\"add\"", "\"op\":\"add\",\"set\":\"x\"", "void");
    check("\"op\":\"add\"", "\"op\":\"newer\",\"set\":\"x\"", "void");
}

#[test]
fn what_was_asked_for_is_judged_like_everything_else() {
    let asked = "\"intent\":{\"do\":\"title\"";
    for (more, verdict) in [
        (",\"x\":[null,true,7,\"\\u0061\"]", "valid"),
        (",\"do\":\"title\"", "void"),
        (",\"d\\u006f\":1", "void"),
        (",\"x\":{\"y\":1.5}", "void"),
        (",\"x\":[9007199254740993]", "void"),
    ] {
        check(asked, &format!("{asked}{more}"), verdict);
    }
}

#[test]
fn what_is_nested_deeper_than_it_could_be_kept_is_void() {
    let nested = |deep: usize| format!("{}{}", "[".repeat(deep), "]".repeat(deep));
    for (deep, verdict) in [
        (64, "valid"),
        (65, "void"),
        (124, "void"),
        (100_000, "void"),
    ] {
        check("\"urgent\"", &nested(deep), verdict);
        check("{\"text\":\"hello\"}", &nested(deep), verdict);
        check("{\"do\":\"title\"}", &nested(deep), verdict);
    }
    // A key of a newer version lies nearer to the root.
    for (deep, verdict) in [(66, "valid"), (67, "void")] {
        let newer = format!("\"new\":{},\"seq\":3", nested(deep));
        check("\"seq\":3", &newer, verdict);
    }
}

proptest! {
    /// Whoever fetches commits goes by the causes at a glance, whoever takes them by the commit.
    #[test]
    fn the_causes_at_a_glance_are_those_of_the_commit(
        at in 0..text().len(), byte: u8, cut in 0..4_usize,
    ) {
        let mut bytes = text().into_bytes();
        bytes.splice(at..(at + cut).min(text().len()), [byte]);
        if let (Some(commit), Some(causes)) = (Commit::decode(&bytes).commit(), causes(&bytes)) {
            prop_assert_eq!(&commit.deps, &causes);
        }
    }
}

#[test]
fn a_malformed_commit_is_void() {
    check("\"seq\":3", "\"seq\":0", "void");
    check("\"seq\":3,", "", "void");
    check("\"entities\":[", "\"entities\":[],\"x\":[", "void: touches");
    check(
        "\"elem\":\"urgent\"",
        "\"op2\":1,\"elem\":\"urgent\"",
        "opaque",
    );
    check(",\"elem\":\"urgent\"", "", "void");
    check("\"seq\":3", "\n\"seq\":3", "void: a newline");
    check("\"op\":\"add\",", "", "void");
    assert!(void(b""));
    assert!(void(b"[]"));
    assert!(void(b"{\"replica\":\"\xff\"}"));
    assert!(void(&[text().as_bytes(), b" x"].concat()));
    assert!(void(&vec![b' '; MAX_BYTES + 1]));
}

#[test]
fn what_takes_a_write_back_has_its_three_keys_and_no_more() {
    let back = "\"op\":\"back\",";
    check(back, "\"op\":\"back\",\"value\":1,", "opaque");
    check(back, "\"op\":\"retract\",", "opaque");
    let whole = text();
    let (_, of_it) = whole.split_once(back).unwrap();
    let (of_it, _) = of_it.split_once('}').unwrap();
    let (_, dot) = of_it.rsplit_once(",\"dot\"").unwrap();
    check(&format!(",\"dot\"{dot}"), "", "void");
}

#[test]
fn an_unknown_operation_is_opaque_and_kept() {
    check(
        "\"op\":\"add\"",
        "\"op\":\"newer\"",
        "opaque: has an operation",
    );
    let bytes = text().replacen("\"op\":\"add\"", "\"op\":\"newer\"", 1);
    let Verdict::Opaque { commit, .. } = Commit::decode(bytes.as_bytes()) else {
        panic!("not opaque");
    };
    assert_eq!(commit.entities, sample().entities);
    assert_eq!(Commit::decode_trusted(&commit.encode()), Ok(commit));
}

#[test]
fn a_higher_need_is_opaque_whatever_its_operations_look_like() {
    check("\"need\":1", "\"need\":2", "opaque: needs level 2");
    let bytes = text().replacen("\"need\":1", "\"need\":2", 1);
    let bytes = bytes.replacen(",\"elem\":\"urgent\"", "", 1);
    assert!(matches!(
        Commit::decode(bytes.as_bytes()),
        Verdict::Opaque { .. }
    ));
}

#[test]
fn a_header_key_of_a_newer_version_is_passed_over() {
    check("\"seq\":3", "\"new\":{\"x\":[1]},\"seq\":3", "valid");
    check("\"seq\":3", "\"new\":{\"x\":[1.5]},\"seq\":3", "void");
}
