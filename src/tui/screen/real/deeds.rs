//! Every deed of the table has a form that a person can fill in, and what the form records
//! is what the shell's line would record.

use super::{Real, alice, clock, key};
use crate::domain::kind::{KINDS, Kind};
use crate::tui::overlay::Overlay;
use crate::tui::overlay::form::Preview;
use crate::workspace::action::Action;
use crate::workspace::deed::{self, Deed, Filled, On, Value};
use crate::workspace::look::board::rows::Key;
use crate::workspace::look::steps;
use crate::workspace::session::Session;

/// A record to which the deed can be done as things are.
fn subject(screen: &Real, deed: &'static Deed) -> Option<Key> {
    // What may take a record by its name is done without one as well.
    let by_place = |it: &deed::Entry| it.shape == deed::Shape::Place;
    if deed.on == On::Desk || !deed.subject().is_some_and(by_place) {
        return None;
    }
    if deed.on == On::Any {
        return Some(key(Kind::Ticket, "T-1"));
    }
    let ids = [
        "T-1",
        "T-2",
        "T-3",
        "T-4",
        "T-5",
        "T-6",
        "T-7",
        "T-8",
        "T-9",
        "N-1",
        "S-1",
        "S-2",
        "X-2",
        "X-1",
        "L-1",
        "A-1",
        "M-2",
        "M-1",
        "1.4",
        "ARC",
        "CNAF",
        "Vera",
        "Bob",
        "X-3",
        "X-4",
        "X-5",
        "CMD 1.4.0",
        "P-1",
        "E-1",
    ];
    let kinds = KINDS.iter().filter(|row| deed.on.takes(row.kind));
    let records = kinds.flat_map(|row| ids.map(|id| key(row.kind, id)));
    let now = clock().unwrap();
    for key in records {
        let Ok(steps) = steps::load(&screen.path(), &key, now) else {
            continue;
        };
        if steps
            .iter()
            .any(|step| step.deed == deed && step.not_now.is_none())
        {
            return Some(key);
        }
    }
    panic!("{} can be done to nothing", deed.name)
}

/// What is said where not every word will do: deed, entry, answer.
#[rustfmt::skip]
const GIVEN: &[(&str, &str, &str)] = &[
    ("ticket check", "except", "QC_ACC_1=NA"),
    ("site add", "timezone", "Europe/Rome"),
    ("site report", "version", "7.0.3"),
    ("site criteria", "met", "ALL"),
    ("site criteria", "lacking", "RUNS"),
    ("inject", "rt", "al9/x86_64=12345"),
    ("import", "map", "version=version"),
    ("problem close", "how", "no-defect"),
    ("problem triage", "priority", "top"),
    ("problem fix", "version", "7.0.4"),
    ("release add", "name", "CMD 2.0.0"),
    ("release recall", "ticket", "T-5"),
    ("release sign", "no", "1"),
    ("milestone add", "code", "M9"),
    ("cycle add", "start", "2027-01-04"),
    ("person add", "role", "verifier, tester"),
    ("person away", "to", "2026-12-24"),
];

/// Something that could be said for an entry.
fn answer(screen: &Real, deed: &Deed, entry: &deed::Entry) -> Option<String> {
    let file = |name: &str, text: &str| {
        let path = screen.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let mut given = GIVEN.iter();
    if let Some((.., said)) = given.find(|it| (it.0, it.1) == (deed.name, entry.name)) {
        return Some((*said).to_owned());
    }
    Some(match (deed.name, entry.name, entry.value) {
        ("holidays", ..) => file("holidays.txt", "2026-12-25 Christmas Day\n"),
        ("import", "files", _) => file("board.csv", "product,version,platform\nARC,7.0.3,al9\n"),
        (_, "hours", _) => "1.5".to_owned(),
        ("import", "format", _)
        | ("ticket check", "criterion" | "result", _)
        | ("submit", "supersedes" | "waive", _)
        | ("cycle add", "release", _)
        | ("milestone add", "rule", _)
        | ("comment", "private", _)
        | ("site back", "product", _)
        | ("problem file", "announcement" | "version", _)
        | ("problem fix", "by" | "waive", _)
        | ("problem close", "of", _)
        | ("error add", "problem", _)
        | ("release add", "ground" | "skip", _)
        | ("release compose", "out", _)
        | ("release rc", "candidate", _)
        | ("set", ..) => return None,
        ("problem triage" | "problem close", "body", _) => "MU".to_owned(),
        ("outbox edit", "to", _) => "one@example.org, two@example.org".to_owned(),
        ("profile edit", "file", _) => {
            let text = crate::workspace::profiles::text("egi-cmd").unwrap();
            file("own.toml", &text.replace("\"1 month\"", "\"2 months\""))
        }
        (.., Value::Choice(words) | Value::Word(words)) => words[0].to_owned(),
        (.., Value::When) => "2026-12-21".to_owned(),
        (.., Value::Number) => "5".to_owned(),
        (.., Value::Mail) => "new@example.org".to_owned(),
        (.., Value::Link) => "https://example.org/more".to_owned(),
        (.., Value::Yes) => "yes".to_owned(),
        (.., Value::Named(Kind::Person)) => "Vera".to_owned(),
        (.., Value::Named(Kind::Product)) => "ARC".to_owned(),
        (.., Value::Named(Kind::Site)) => "CNAF".to_owned(),
        (.., Value::Named(Kind::Cycle)) => "1.4".to_owned(),
        (.., Value::Id(_)) => "T-1".to_owned(),
        (.., Value::Template) => "meta-release".to_owned(),
        (.., Value::Long | Value::Lines) => "one line\nit's another".to_owned(),
        ("submit", "version", _) => "7.0.4".to_owned(),
        (.., Value::Profile) => "egi-cmd".to_owned(),
        _ => "some \"words\" - it's them".to_owned(),
    })
}

/// Opens the form of a deed on a record by the palette or the record's menu.
fn begin(screen: &mut Real, deed: &'static Deed, on: Option<&Key>) {
    let effects = screen
        .model
        .begin_on(deed, on.cloned().into_iter().collect(), Filled::default());
    screen.model.loads.opening += effects
        .iter()
        .filter(|it| matches!(it, crate::tui::effect::Effect::Fill(_)))
        .count();
    screen.take(effects);
    screen.draw();
}

#[test]
fn every_deeds_form_can_be_filled_in_and_records_what_the_shell_would() {
    for deed in deed::all() {
        // Only two desks can disagree (`workspace/together` has them), and roles mean something
        // on a shared desk alone.
        if deed.name == "resolve" || deed.group == deed::Group::Sharing {
            continue;
        }
        check(deed);
    }
}

/// What has to be so before a step of a problem's walk is open.
fn problems(deed: &str) -> Vec<Action> {
    let file = r#"{"do":"problem","step":"file","channel_id":"GGUS-1","ticket":"T-7","site":"CNAF","text":"Jobs are lost."}"#;
    let triage = r#"{"do":"problem","step":"triage","id":"P-1","criticality":"critical","body":"MU","by":"Marta"}"#;
    let engage = r#"{"do":"problem","step":"engage","id":"P-1","whom":null,"text":null}"#;
    let away = r#"{"do":"rollout","step":"absent","site":"CNAF","from":"2026-11-10","to":null,"product":null,"reason":null}"#;
    let error = r#"{"do":"problem","step":"error-add","product":"ARC","symptom":"It stops."}"#;
    let steps: &[&str] = match deed {
        "problem triage" => &[file],
        "problem engage" | "problem halt" | "problem tell" | "problem close" => &[file, triage],
        "problem fix" => &[file, triage, engage],
        "error fix" => &[error],
        "site back" => &[away],
        _ => &[],
    };
    let read = |text: &&str| serde_json::from_str(text).unwrap();
    steps.iter().map(read).collect()
}

#[track_caller]
fn check(deed: &'static Deed) {
    let mut screen = Real::open();
    if matches!(deed.name, "undo" | "redo") {
        let text = "a remark".to_owned();
        screen.meanwhile(&Action::Comment {
            id: "T-1".to_owned(),
            text,
            private: false,
        });
    }
    for action in problems(deed.name) {
        screen.meanwhile(&action);
    }
    releases(&mut screen, deed.name);
    if deed.name == "redo" {
        screen.press("u");
    }
    let on = subject(&screen, deed);
    let before = screen.count();
    begin(&mut screen, deed, on.as_ref());
    let name = deed.name;
    if !matches!(screen.model.overlays.last(), Some(Overlay::Form(_))) {
        assert_eq!(screen.count(), before + 1, "{name}: {}", screen.notice());
        return;
    }
    fill_in(&mut screen, deed, on.as_ref());
    let Preview::Would(receipt) = &screen.form().preview else {
        panic!(
            "{name}: {:?} {:?}\n{}",
            screen.form().missing(),
            screen.form().preview,
            screen.text()
        );
    };
    assert!(!receipt.said.is_empty(), "{name}");
    let mut doing = screen.form().doing();
    if let (Some(key), Some(entry)) = (&on, deed.entries.first()) {
        doing.filled.clear(entry.name);
        doing.filled.put(entry.name, &key.id);
    }
    let expected = shell(&screen, deed, &doing.filled);
    screen.press("ctrl-s");
    assert!(
        screen.model.overlays.is_empty(),
        "{name}:\n{}",
        screen.text()
    );
    assert_eq!(screen.count(), before + 1, "{name}: {}", screen.notice());
    assert_eq!(screen.intent(), expected, "{name}");
}

/// A release as far on its way as a deed needs it.
fn releases(screen: &mut Real, deed: &str) {
    let sign = |no: &str| format!(r#"{{"step":"sign","name":"CMD 1.4.0","no":"{no}"}}"#);
    let add = r#"{"step":"add","name":"CMD 1.4.0","kind":"minor","incompatible":false,"date":"2026-12-17","cycle":null,"ground":null,"reason":null,"skips":[]}"#;
    let mut walk = vec![
        ("release freeze-date", add.to_owned()),
        ("release compose", String::new()),
        (
            "release freeze",
            r#"{"step":"freeze-date","name":"CMD 1.4.0","date":null,"reason":null}"#.to_owned(),
        ),
        ("release sign", String::new()),
        (
            "release rc",
            r#"{"step":"freeze","name":"CMD 1.4.0"}"#.to_owned(),
        ),
        (
            "",
            r#"{"step":"candidate","name":"CMD 1.4.0","candidate":null,"sites":[]}"#.to_owned(),
        ),
    ];
    let numbers = ["1", "2", "3", "4.1", "4.2", "4.3", "4.4", "4", "5"];
    walk.extend(numbers.map(|no| ("", sign(no))));
    walk.push(("release publish", String::new()));
    let publish = r#"{"step":"publish","name":"CMD 1.4.0"}"#.to_owned();
    walk.push(("release recall", publish));
    if !walk.iter().any(|(name, _)| *name == deed) {
        return;
    }
    for (name, step) in walk {
        if !step.is_empty() {
            let mut action: serde_json::Value = serde_json::from_str(&step).unwrap();
            action["do"] = "release".into();
            screen.meanwhile(&serde_json::from_value(action).unwrap());
        }
        if step.contains("\"no\":\"5\"") {
            let notes = ("notes".to_owned(), "One fix.".to_owned());
            screen.meanwhile(&Action::Set {
                id: "CMD 1.4.0".to_owned(),
                fields: vec![notes],
            });
        }
        if name == deed {
            return;
        }
    }
}

/// Writes something in every line.
#[track_caller]
fn fill_in(screen: &mut Real, deed: &'static Deed, on: Option<&Key>) {
    let name = deed.name;
    for line in &screen.form().lines {
        assert!(!line.label.is_empty() && !line.help.is_empty(), "{name}");
        let asked_again = on.is_some() && deed.subject().is_some_and(|it| it.name == line.name);
        assert!(!asked_again, "{name}: {}", line.name);
    }
    let entries = deed.entries.iter().filter(|entry| {
        let lines = &screen.form().lines;
        lines.iter().any(|line| line.name == entry.name)
    });
    let entries: Vec<_> = entries.collect();
    for entry in entries {
        if let Some(text) = answer(screen, deed, entry) {
            screen.fill(entry.name, &text);
        }
    }
    if name == "set" {
        screen.reads("Nothing was changed yet.");
        screen.fill("version", "7.0.9");
    }
}

/// What the shell's line of these answers would record.
fn shell(screen: &Real, deed: &Deed, filled: &Filled) -> serde_json::Value {
    let line = deed::command(deed, filled);
    let copy = screen.folder.path().join("copy.relmate");
    std::fs::copy(screen.path(), &copy).unwrap();
    let session = Session::open(&copy, alice(), clock().unwrap(), None).unwrap();
    let line = line.rsplit_once("| ").map_or(line.as_str(), |(_, it)| it);
    let (known, words) = Deed::of_command(line).unwrap();
    assert_eq!(known, deed);
    let mut read = deed::line(deed, words).unwrap();
    // A text that the shell takes from a pipe.
    for entry in deed
        .entries
        .iter()
        .filter(|it| it.shape == deed::Shape::FromFile)
    {
        if let Some(text) = filled.one(entry.name) {
            read.clear(entry.name);
            read.put(entry.name, text);
        }
    }
    assert_eq!(&read, filled, "{line}");
    let action = (deed.action)(&read, &session).unwrap();
    serde_json::to_value(action).unwrap()
}
