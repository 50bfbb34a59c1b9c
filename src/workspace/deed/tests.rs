//! Every row is well formed, makes the action it is named after, and no action lacks one.

use std::path::Path;

use super::*;
use crate::workspace::example;
use crate::workspace::plan::Actor;

#[test]
fn names_are_unique_and_texts_have_no_final_stop() {
    let mut names: Vec<_> = all().map(|deed| deed.name).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
    for deed in all() {
        assert!(!deed.about.ends_with('.'), "{}", deed.name);
        for (index, entry) in deed.entries.iter().enumerate() {
            let told = !entry.label.is_empty() && !entry.help.is_empty();
            assert!(
                told && !entry.help.ends_with('.'),
                "{} {}",
                deed.name,
                entry.name
            );
            assert!(
                entry.label.starts_with(char::is_uppercase),
                "{}",
                entry.label
            );
            let twice = deed.entries[index + 1..]
                .iter()
                .any(|other| other.name == entry.name);
            assert!(!twice, "{} {}", deed.name, entry.name);
        }
    }
}

#[test]
fn what_an_entry_speaks_of_is_there() {
    for deed in all() {
        let known = |name: &str| deed.entries.iter().any(|entry| entry.name == name);
        for entry in deed.entries {
            let others = entry.needs.into_iter().chain(entry.excludes);
            assert!(
                others.into_iter().all(known),
                "{} {}",
                deed.name,
                entry.name
            );
        }
        let spared = deed.preview.and_then(|preview| preview.spares);
        assert!(spared.is_none_or(known), "{}", deed.name);
        assert!(deed.preview.is_none_or(|preview| !known(preview.flag)));
    }
}

#[test]
fn what_is_done_to_a_record_asks_for_it_first() {
    for deed in all() {
        let Some(subject) = deed.subject() else {
            continue;
        };
        let fits = match (deed.on, subject.value) {
            (On::Any, Value::Id(kinds)) => kinds.is_empty(),
            (On::One(_), Value::Id([])) => true,
            (On::One(kinds), Value::Id(named)) => kinds == named,
            (On::One(kinds), Value::Named(kind)) => kinds == [kind],
            _ => false,
        };
        // What can do without a record may take it by its name.
        let may = subject.shape == Shape::Named && !deed.needs_subject();
        assert!(
            fits && (subject.shape == Shape::Place || may),
            "{}",
            deed.name
        );
    }
}

#[test]
fn a_command_line_names_its_deed() {
    let (deed, rest) = Deed::of_command("relmate ticket delay T-12 --reason R").unwrap();
    assert_eq!((deed.name, rest), ("ticket delay", "T-12 --reason R"));
    assert!(Deed::of_command("relmate tickets").is_none());
}

#[test]
fn a_preview_of_a_move_needs_no_reason_and_one_of_a_delay_does() {
    let given = |name: &str| {
        let deed = Deed::named(name).unwrap();
        deed.rehearsed(Filled::default()).is_given("reason")
    };
    assert!(given("slip") && given("milestone move"));
    assert!(!given("ticket delay"));
    let said = Filled::default().with("reason", "Packages late");
    let slip = Deed::named("slip").unwrap();
    assert_eq!(slip.rehearsed(said.clone()), said);
}

/// An answer for everything that is asked for, as far as the answers go together.
fn answers(deed: &Deed, folder: &Path) -> Filled {
    let holidays = folder.join("holidays.txt");
    let board = folder.join("board.csv");
    std::fs::write(&holidays, "2026-12-25 Christmas Day\nnot a day\n").unwrap();
    std::fs::write(&board, "product,version,platform\nARC,7.0.3,al9\n").unwrap();
    let mut filled = Filled::default();
    for entry in deed.entries {
        let value = match entry.value {
            Value::Choice(words) | Value::Word(words) => words[0].to_owned(),
            Value::Yes => "yes".to_owned(),
            Value::When => "2026-12-01".to_owned(),
            Value::Number => "5".to_owned(),
            Value::Pair => "version=version".to_owned(),
            Value::Profile => "egi-cmd".to_owned(),
            Value::File if deed.name == "holidays" => holidays.display().to_string(),
            Value::File => board.display().to_string(),
            _ if entry.name == "format" => continue,
            _ if entry.name == "hours" => "1.5".to_owned(),
            _ => "words".to_owned(),
        };
        let beside = |other: &Entry| {
            filled.is_given(other.name)
                && [(other, entry), (entry, other)]
                    .iter()
                    .any(|(one, two)| one.excludes == Some(two.name))
        };
        let lacks = |other: &str| other != "result" && !filled.is_given(other);
        if !deed.entries.iter().any(beside) && !entry.needs.is_some_and(lacks) {
            filled.put(entry.name, value);
        }
    }
    filled
}

#[test]
fn every_deed_makes_the_action_that_it_is_named_after() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cmd.relmate");
    let now = "2026-11-21T08:14:00Z".parse().unwrap();
    example::build(&path, now).unwrap();
    let actor = Actor {
        person: "Alice".to_owned(),
        on_behalf: None,
    };
    let session = Session::open(&path, actor, now, None).unwrap();
    for deed in all() {
        let filled = answers(deed, folder.path());
        let action = (deed.action)(&filled, &session)
            .unwrap_or_else(|refusal| panic!("{}: {refusal}", deed.name));
        // Two names for one action: with a reason, and while drafting without.
        let verb = match deed.name {
            "slip" => "milestone move",
            name => name,
        };
        assert_eq!(action.verb(), verb);
        if let Action::Holidays { rejected, .. } = action {
            assert_eq!(rejected[0].source, "holidays.txt:2");
        }
    }
}

#[test]
fn every_action_but_founding_sharing_and_letting_in_has_its_deed() {
    let sources = [
        include_str!("../action/mod.rs"),
        include_str!("../action/rollout.rs"),
        include_str!("../action/problem.rs"),
        include_str!("../action/release.rs"),
        include_str!("../action/member.rs"),
    ];
    let verbs = sources.map(|source| source.split_once("fn verb(").unwrap().1);
    let words = verbs
        .iter()
        .flat_map(|verbs| verbs.lines())
        .filter_map(|line| line.split('"').nth(1));
    let without: Vec<&str> = words.filter(|word| Deed::named(word).is_none()).collect();
    assert_eq!(without, ["init", "share create", "share approve"]);
}
