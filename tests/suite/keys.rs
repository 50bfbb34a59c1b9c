//! Keys of one's own: what the shell says of them, and that none of them keeps the
//! screen from starting.

use relmate::tui::command;
use serde_json::Value;

use crate::support::screen::{leave, shows, terminal, types};
use crate::support::{Desk, PROGRAM};

const WRONG: &str = r#"
person = "Alice"
[keys]
undoo = "x"
undo = "q"
"ticket delay" = ["t d", "hyper-t"]
zoom = 3
quit = "Q"
"#;

fn keys_of(list: &Value, name: &str) -> Value {
    let items = list["items"].as_array().unwrap();
    let item = items.iter().find(|item| item["name"] == name);
    item.unwrap_or_else(|| panic!("{name} is not listed"))["keys"].clone()
}

#[test]
fn every_command_of_the_screen_is_listed_with_its_keys_and_needs_no_desk() {
    let desk = Desk::none();
    let list = desk.json("keys");
    assert_eq!(list["schema"], "relmate/keys/1");
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), command::all().count());
    for item in items {
        for field in ["name", "scope", "help"] {
            assert!(!item[field].as_str().unwrap().is_empty(), "{item}");
        }
    }
    assert_eq!(keys_of(&list, "undo"), serde_json::json!(["u"]));
    desk.ok("keys").says(&["undo\tu\tOn the desk\tTake back"]);
    desk.ok("keys check").says(&["No key is in doubt."]);
}

#[test]
fn keys_of_ones_own_stand_in_the_list() {
    let desk = Desk::none();
    desk.config("[keys]\nundo = \"U\"\n\"ticket delay\" = [\"t d\", \"Ctrl-T\"]\ndelete = []\n");
    let list = desk.json("keys");
    assert_eq!(keys_of(&list, "undo"), serde_json::json!(["U"]));
    assert_eq!(
        keys_of(&list, "ticket delay"),
        serde_json::json!(["t d", "ctrl-t"])
    );
    assert_eq!(keys_of(&list, "delete"), serde_json::json!([]));
    desk.ok("keys check").says(&["No key is in doubt."]);
}

#[test]
fn every_fault_of_the_keys_is_named_and_the_usual_ones_stay() {
    let desk = Desk::none();
    desk.config(WRONG);
    let outcome = desk.run("keys check");
    assert_eq!(outcome.code, 5, "{outcome}");
    outcome.says(&[
        "There is no command `undoo` to give keys to; did you mean `undo`?",
        "\"hyper-t\" of `ticket delay` cannot be pressed",
        "gives zoom no key in line 7",
    ]);
    // `quit` has another key, so `q` is free.
    outcome.hides(&["stands for both"]);
    outcome.complains(&["error: 3 keys of your own are in doubt."]);
    let list = desk.json("keys");
    assert_eq!(keys_of(&list, "undo"), serde_json::json!(["q"]));
    assert_eq!(keys_of(&list, "ticket delay"), serde_json::json!(["t d"]));
    let outcome = desk.run("keys check --json");
    assert_eq!(outcome.code, 5);
    let faults = outcome.json();
    assert_eq!(faults["schema"], "relmate/keys-check/1");
    assert_eq!(faults["items"].as_array().unwrap().len(), 3);
    desk.config("[keys]\nundo = \"q\"\n");
    desk.refused(5, "keys check")
        .says(&["The key `q` stands for both `quit` and `undo`; `undo` keeps its usual keys."]);
}

#[test]
fn a_wrong_key_is_said_on_the_screen_and_keeps_nobody_out() {
    let desk = Desk::with_tickets();
    desk.config(WRONG);
    let mut terminal = terminal(&desk, 112, 32).spawn(PROGRAM).unwrap();
    shows(&mut terminal, "2 more: g m.");
    types(&mut terminal, "gm");
    shows(&mut terminal, "did you mean `undo`?");
    assert!(terminal.screen().contains("hyper-t"));
    leave(terminal, 'Q');
}

#[test]
fn a_key_of_ones_own_does_what_the_usual_one_did_and_is_what_the_screen_speaks_of() {
    let desk = Desk::with_tickets();
    desk.config("person = \"Alice\"\n[keys]\nclaim = \"K\"\nundo = \"ctrl-x\"\nquit = \"Q\"\n");
    let mut terminal = terminal(&desk, 112, 32).spawn(PROGRAM).unwrap();
    shows(&mut terminal, "T-1");
    types(&mut terminal, "2K");
    shows(&mut terminal, "ctrl-x takes it back.");
    types(&mut terminal, "u");
    shows(&mut terminal, "u means nothing here");
    leave(terminal, 'Q');
    assert_eq!(desk.json("log -n 1")["items"][0]["action"], "claim");
}
