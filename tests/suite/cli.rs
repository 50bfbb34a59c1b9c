//! The contract of the command line: exit codes, who acts and when, what is told to whom.

use std::path::Path;

use relmate::workspace::deed::{self, Deed, Filled};
use serde_json::Value;

use crate::support::{Desk, Outcome, PROGRAM, corpus};

#[test]
fn a_new_desk_is_made_in_the_data_folder_and_never_over_another_one() {
    let desk = Desk::none();
    let outcome = desk.ok("init Demo --manager Alice --manager Bob --timezone Europe/Rome");
    outcome.says(&["Demo", "demo.relmate"]);
    assert!(desk.path().exists());
    desk.refused(4, "init Demo --manager Alice --manager Bob")
        .complains(&["already"]);
    desk.refused(2, "init Other").complains(&["--manager"]);
    desk.refused(2, "init Other --manager A --timezone Europe/Room")
        .complains(&["Europe/Rome"]);
    desk.refused(3, "init Other --manager A --profile nonesuch")
        .complains(&["egi-cmd"]);
    assert_eq!(desk.json("paths")["desks"].as_array().unwrap().len(), 1);
}

#[test]
fn lists_filter_sort_and_name_the_field_that_is_not_there() {
    let desk = Desk::with_tickets();
    let ids = |line: &str| {
        let list = desk.json(line);
        let items = list["items"].as_array().unwrap().clone();
        items
            .iter()
            .map(|it| it["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids("list tickets --sort -id"), ["T-2", "T-1"]);
    assert_eq!(ids("list tickets --filter platform=el9"), ["T-2"]);
    assert_eq!(
        ids("list tickets --filter 'product~arc due<2026-12-03'").len(),
        2
    );
    assert_eq!(ids("list tickets --filter overdue").len(), 0);
    desk.refused(2, "list tickets --filter colour=red")
        .complains(&["colour"]);
    desk.refused(2, "list tickets --sort colour")
        .complains(&["colour"]);
}

#[test]
fn who_acts_is_the_device_or_the_one_it_is_recorded_for() {
    let desk = Desk::with_tickets();
    desk.refused(3, "--as Zoe comment T-1 hello")
        .complains(&["Zoe", "Alice and Bob"]);
    desk.config("");
    desk.refused(2, "comment T-1 hello")
        .complains(&["--as NAME"]);
    desk.ok("--as Bob comment T-1 hello");
    assert_eq!(desk.json("log T-1")["items"][0]["by"], "Bob");
}

#[test]
fn when_it_happened_is_neither_in_the_future_nor_before_the_last_step() {
    let desk = Desk::with_tickets();
    desk.refused(4, "ticket start T-1 --verifier Vera --at 2026-11-22")
        .complains(&["not come yet"]);
    desk.refused(4, "ticket start T-1 --verifier Vera --at 2026-11-01")
        .complains(&["2 Nov 2026"]);
    desk.refused(2, "ticket start T-1 --verifier Vera --at 2026-02-30")
        .complains(&["February"]);
    desk.refused(2, "ticket start T-1 --verifier Vera --at someday");
    desk.ok("ticket start T-1 --verifier Vera --at 2026-11-02");
}

#[test]
fn looking_takes_no_date_of_recording_and_recording_no_date_of_looking() {
    let desk = Desk::with_tickets();
    desk.refused(2, "status --at 2026-11-20");
    desk.refused(2, "comment T-1 hello --as-of 2026-11-20");
    desk.refused(2, "comment T-1 hello --known-at 2026-11-20");
    desk.refused(4, "comment T-1 hello --read-only");
}

#[test]
fn the_desk_as_it_was_and_as_it_will_be_can_be_asked_for() {
    let mut desk = Desk::with_tickets();
    desk.now("2026-11-25T10:00:00Z");
    desk.ok("ticket start T-1 --verifier Vera --at 2026-11-23");
    let state = |line: &str| desk.show(line)["state"].clone();
    assert_eq!(state("T-1 --as-of 2026-11-22"), "unverified");
    assert_eq!(state("T-1 --as-of 2026-11-23"), "verification");
    assert_eq!(state("T-1 --known-at 2026-11-24"), "unverified");
    assert_eq!(desk.show("T-2 --as-of 2026-12-03")["overdue"], true);
    // What has no time of its own is there at every moment, and was done at one.
    let log = desk.json("log --as-of 2026-11-20");
    let mut done = log["items"].as_array().unwrap().iter();
    assert!(
        done.all(|it| it["at"].as_str() < Some("2026-11-21")),
        "{log}"
    );
    assert_eq!(desk.show("T-2")["overdue"], false);
    desk.refused(3, "show T-1 --as-of 2020-01-01");
}

#[test]
fn what_was_taken_off_the_desk_since_is_shown_as_it_was() {
    let mut desk = Desk::with_tickets();
    desk.now("2026-11-25T10:00:00Z");
    desk.ok("delete T-2");
    desk.now("2026-11-27T10:00:00Z");
    desk.refused(3, "show T-2").complains(&["not on the desk"]);
    assert_eq!(
        desk.show("T-2 --as-of 2026-11-24")["state"],
        desk.show("T-1")["state"]
    );
    desk.ok("why T-2 --known-at 2026-11-24").says(&["T-2"]);
    desk.refused(3, "show T-2 --as-of 2026-11-26")
        .complains(&["not on the desk", "undo"]);
    desk.refused(3, "show T-2 --as-of 2026-11-01");
}

#[test]
fn of_two_that_are_called_alike_the_one_taken_off_since_is_shown_as_it_was() {
    let mut desk = Desk::with_tickets();
    desk.ok("cycle add 'CMD 1.3.1' --start 2026-11-02 --template meta-release");
    desk.ok("release add 'CMD 1.3.1' --kind revision --date 2026-12-23");
    assert_eq!(desk.show("'CMD 1.3.1'")["kind"], "revision");
    desk.now("2026-11-25T10:00:00Z");
    desk.ok("delete 'release CMD 1.3.1'");
    desk.now("2026-11-27T10:00:00Z");
    assert_eq!(desk.show("'CMD 1.3.1'")["kind"], Value::Null);
    let then = "'CMD 1.3.1' --as-of 2026-11-24";
    assert_eq!(desk.show(then)["kind"], "revision");
    desk.ok(&format!("why {then}")).says(&["CMD 1.3.1"]);
}

#[test]
fn an_id_is_found_in_any_case_and_by_an_unambiguous_start() {
    let desk = Desk::with_tickets();
    for id in ["T-1", "t-1"] {
        assert_eq!(desk.show(id)["id"], "T-1");
    }
    desk.ok("ticket inform 1").says(&["X-3"]);
    desk.refused(3, "show T-99").complains(&["T-99"]);
    desk.refused(3, "show T-").complains(&["T-1", "T-2"]);
    desk.refused(3, "ticket start S-1 --verifier Vera");
    assert_eq!(desk.show("ar")["name"], "ARC");
}

#[test]
fn an_exact_id_wins_over_a_longer_one_that_starts_the_same() {
    let desk = Desk::new();
    desk.ok(&format!(
        "import {}",
        corpus("umd1_status_board_2011-06-20.csv")
    ));
    assert_eq!(desk.show("T-1")["id"], "T-1");
    desk.refused(2, "show ''");
}

#[test]
fn a_step_that_is_not_open_is_refused_and_names_those_that_are() {
    let desk = Desk::with_tickets();
    desk.refused(4, "ticket promote T-1")
        .complains(&["unverified", "start"]);
    desk.refused(4, "ticket resume T-1");
    desk.refused(4, "ticket answer T-1 text");
}

#[test]
fn errors_are_objects_on_standard_error_when_json_was_asked_for() {
    let desk = Desk::with_tickets();
    for (line, kind, code) in [
        ("show T-99 --json", "not-found", 3),
        ("ticket delay T-1 --json", "usage", 2),
        ("ticket promote T-1 --json", "refused", 4),
        ("frobnicate --json", "usage", 2),
        ("ticket --json", "usage", 2),
        ("list tickets --json --nonsense", "usage", 2),
        ("show T-1 --json --desk nowhere", "not-found", 3),
    ] {
        let outcome = desk.run(line);
        assert_eq!(outcome.code, code, "{line}:\n{outcome}");
        assert_eq!(outcome.stdout, "", "{line}");
        let error: Value =
            serde_json::from_str(&outcome.stderr).unwrap_or_else(|_| panic!("{outcome}"));
        assert_eq!(error["error"]["kind"], kind, "{line}");
        assert!(error["error"]["message"].is_string() && error["error"]["hint"].is_string());
    }
    desk.ok("ticket delay T-2 --reason R");
    let outcome = desk.run("status --check --json");
    assert_eq!(outcome.code, 5);
    assert_eq!(outcome.json()["counts"]["unsent_delay_notices"], 1);
}

#[test]
fn the_status_check_and_the_prompt_are_made_for_scripts() {
    let desk = Desk::with_submission();
    desk.refused(5, "status --check").complains(&["1 overdue"]);
    assert_eq!(desk.ok("status --prompt").stdout.lines().count(), 1);
    let calm = Desk::new();
    calm.ok("status --check").says(&["Nothing needs a human"]);
    calm.ok("status --prompt").says(&["Demo ok"]);
}

#[test]
fn private_remarks_are_told_to_nobody_who_does_not_ask_for_them() {
    let desk = Desk::with_tickets();
    desk.ok("comment T-1 'a zebra in public'");
    desk.ok("comment T-1 'a walrus in private' --private");
    desk.ok("comment S-1 'a walrus in private' --private");
    desk.ok("ticket delay T-1 --reason R");
    desk.ok("show T-1").says(&["zebra"]).hides(&["walrus"]);
    for line in [
        "show T-1 --json",
        "show S-1 --json",
        "log",
        "log --json",
        "log T-1",
        "log T-1 --json",
        "export csv tickets",
        "export json tickets",
        "export markdown tickets",
        "export json submissions",
        "outbox list --all",
        "outbox list --all --json",
        "outbox show X-3",
        "outbox mailto X-3",
        "find walrus",
        "find walrus --json",
        "next --all",
        "status --json",
        "why T-1",
        "list tickets --json",
    ] {
        desk.ok(line).hides(&["walrus"]);
    }
    desk.ok("show T-1 --private").says(&["walrus", "private"]);
    desk.ok("undo S-1").hides(&["walrus"]);
    desk.ok("log --json").hides(&["walrus"]);
    desk.ok("redo").hides(&["walrus"]);
    desk.ok("log --json").hides(&["walrus"]);
    desk.ok("doctor --report")
        .hides(&["walrus", "Alice", "ARC"]);
}

#[test]
fn undo_takes_back_ones_own_last_step_only() {
    let desk = Desk::with_tickets();
    desk.ok("comment T-1 mine");
    desk.ok("--as Bob comment T-1 his");
    desk.ok("undo");
    let texts = desk.show("T-1")["comments"].to_string();
    assert!(texts.contains("his") && !texts.contains("mine"), "{texts}");
    desk.ok("undo --preview").says(&["Nothing was changed"]);
}

#[test]
fn any_field_can_be_set_unless_a_step_writes_it() {
    let desk = Desk::with_tickets();
    desk.ok("set T-1 version=7.0.4 owner=Bob");
    let shown = desk.show("T-1");
    assert_eq!(
        (&shown["version"], &shown["owner"]),
        (&"7.0.4".into(), &"Bob".into())
    );
    desk.refused(2, "set T-1 state=ready").complains(&["step"]);
    desk.refused(3, "set T-1 colour=red").complains(&["colour"]);
    desk.refused(2, "set T-1 version");
    desk.refused(2, "set T-1 id=T-9");
}

#[test]
fn later_and_claim_say_who_and_when() {
    let desk = Desk::with_tickets();
    desk.ok("claim T-1");
    assert_eq!(desk.show("T-1")["claimed_by"], "Alice");
    desk.ok("later T-1 --until +5bd").says(&["27 Nov"]);
    assert_eq!(desk.show("T-1")["later"], "2026-11-27");
    desk.refused(2, "later T-1");
}

#[test]
fn a_deleted_record_leaves_the_desk_and_its_id_is_never_given_again() {
    let desk = Desk::with_tickets();
    desk.ok("lesson improve 'first'");
    desk.ok("delete L-1 --reason 'twice'");
    desk.refused(3, "show L-1");
    desk.ok("log L-1").says(&["delete"]);
    for line in ["show L-1", "show l-1", "why L-1", "vote L-1"] {
        desk.refused(3, line).complains(&[
            "L-1 is not on the desk any more: Alice took it off",
            "`relmate undo ",
        ]);
    }
    desk.refused(3, "show L-99")
        .complains(&["There is no record L-99"]);
    // What is on the desk is not off it where another kind was asked for.
    desk.refused(3, "cycle check T-1")
        .complains(&["There is no cycle T-1"]);
    desk.ok("lesson improve 'second'").says(&["L-2"]);
    desk.ok("undo L-1");
    assert_eq!(desk.show("L-1")["text"], "first");
}

#[test]
fn a_whole_id_or_name_is_never_taken_for_the_beginning_of_another() {
    let desk = Desk::with_tickets();
    for lesson in 1..=10 {
        desk.ok(&format!("lesson improve 'lesson {lesson}'"));
    }
    desk.ok("product add Foo --provider P --contact foo@example.org");
    desk.ok("product add Foobar --provider P --contact bar@example.org");
    for taken_off in ["L-1", "Foo"] {
        desk.ok(&format!("delete {taken_off}"));
        for line in ["show", "delete", "comment"] {
            let text = if line == "comment" { "'a remark'" } else { "" };
            desk.refused(3, &format!("{line} {taken_off} {text}"))
                .complains(&[&format!("{taken_off} is not on the desk any more")]);
        }
    }
    desk.refused(3, "vote 1");
    desk.refused(3, "product edit Foo --contact other@example.org");
    assert_eq!(desk.show("L-10")["text"], "lesson 10");
    assert_eq!(desk.show("Foobar")["contact"], "bar@example.org");
    desk.refused(3, "vote T-1")
        .complains(&["T-1 is a ticket, not a lesson", "relmate list lessons"]);
}

#[test]
fn what_a_refusal_says_brings_a_record_back_does_so() {
    let desk = Desk::with_tickets();
    desk.ok("lesson improve 'first'");
    for taken_off in [
        &["delete L-1"][..],
        &["delete L-1", "undo L-1", "redo L-1"],
        &["undo L-1"],
    ] {
        for line in taken_off {
            desk.ok(line);
        }
        let refused = desk.refused(3, "show L-1").stderr;
        let (_, hint) = refused.split_once("`relmate ").unwrap();
        let (command, _) = hint.split_once('`').unwrap();
        desk.ok(command);
        assert_eq!(desk.show("L-1")["text"], "first", "{refused}");
    }
}

#[test]
fn lessons_actions_and_people_are_kept_and_listed() {
    let desk = Desk::with_tickets();
    desk.ok("lesson went-well 'answered in two days' --about T-1");
    desk.ok("vote L-1");
    desk.ok("action add 'a template' --owner Bob --due 2026-11-12");
    desk.ok("next --for Bob").says(&["A-1"]);
    desk.refused(3, "next --for Nobody");
    desk.ok("action done A-1");
    desk.ok("person away Bob --from 2026-12-01 --to 2026-12-05 --reason vacation");
    desk.ok("primary Bob");
    desk.refused(3, "primary Carol");
    assert_eq!(desk.json("list lessons")["items"][0]["votes"], 1);
}

#[test]
fn a_desk_is_named_by_path_by_name_by_variable_or_is_the_only_one() {
    let desk = Desk::new();
    let path = desk.path().display().to_string();
    for line in [
        format!("--desk {path} status"),
        "--desk demo status".to_owned(),
    ] {
        desk.ok(&line).says(&["Demo"]);
    }
    let output = desk
        .command()
        .env("RELMATE_DESK", &path)
        .arg("status")
        .output()
        .unwrap();
    assert!(output.status.success());
    desk.ok("init Other --manager Alice --manager Bob");
    desk.refused(2, "status").complains(&["demo", "other"]);
    desk.refused(3, "--desk nowhere status")
        .complains(&["init"]);
}

#[test]
fn a_backup_is_a_whole_desk_and_a_restore_keeps_what_was_there() {
    let desk = Desk::with_tickets();
    desk.ok("backup copy.relmate");
    desk.refused(4, "backup copy.relmate");
    desk.ok("ticket delay T-1 --reason R");
    desk.ok("restore copy.relmate").says(&["kept as"]);
    assert_eq!(desk.show("T-1")["state"], "unverified");
    desk.file("junk.relmate", "junk");
    desk.refused(1, "restore junk.relmate");
    assert_eq!(desk.show("T-1")["state"], "unverified");
    desk.ok("doctor --rebuild").says(&["the same as before"]);
}

#[test]
fn off_a_terminal_the_screen_is_the_status_and_nothing_prompts() {
    let desk = Desk::with_tickets();
    desk.ok("").says(&["Demo", "Queue: 2 unverified"]);
    let none = Desk::none();
    none.refused(3, "").complains(&["init"]);
}

#[test]
fn colour_is_asked_for_and_off_a_terminal_there_is_none() {
    let desk = Desk::with_tickets();
    let always = desk
        .command()
        .args(["status", "--color", "always"])
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&always.stdout).contains('\u{1b}'));
    let plain = desk
        .command()
        .args(["status", "--plain", "--color", "always"])
        .output()
        .unwrap();
    assert!(!String::from_utf8_lossy(&plain.stdout).contains('\u{1b}'));
    desk.ok("status");
    desk.config("person = \"Alice\"\ncolor = \"always\"\n");
    let coloured = |line: &str| {
        let output = desk
            .command()
            .args(crate::support::words(line))
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout).contains('\u{1b}')
    };
    assert!(coloured("status"), "the configuration's word counts");
    assert!(
        coloured("--desk demo status"),
        "also where the desk is named"
    );
    assert!(
        !coloured("status --color never"),
        "the command line's word counts more"
    );
    assert!(!coloured("status --json"));
}

#[test]
fn the_example_desk_is_alive_off_a_terminal_too_and_leaves_nothing_behind() {
    let desk = Desk::none();
    let before = crate::support::tree(desk.home());
    desk.ok("demo").says(&["example desk", "Needs a human"]);
    assert!(crate::support::tree(desk.home()) == before);
    desk.ok("demo --keep example.relmate");
    desk.ok("--desk example.relmate doctor")
        .says(&["what the history says"]);
    let status = desk.json("--desk example.relmate status");
    assert!(status["next_milestone"]["days_left"].as_i64().unwrap() >= 0);
}

#[test]
fn the_line_that_stands_for_a_form_does_the_same_in_a_shell() {
    let desk = Desk::with_tickets();
    let shell = |name: &str, filled: &Filled| {
        let mut shell = std::process::Command::new("/bin/sh");
        shell
            .env_clear()
            .envs(desk.world())
            .current_dir(desk.home());
        shell.env("PATH", Path::new(PROGRAM).parent().unwrap());
        let line = deed::command(Deed::named(name).unwrap(), filled);
        let outcome = Outcome::of(shell.args(["-c", &line]).output().unwrap());
        assert_eq!(outcome.code, 0, "{line}\n{outcome}");
    };
    let text = "- it's \"late\",\n  $HOME is where `ls` is; 100 %s\n";
    let comment = Filled::default().with("id", "T-1").with("text", text);
    shell("comment", &comment.with("private", "yes"));
    assert_eq!(desk.show("T-1 --private")["comments"][0]["text"], text);
    let letter = Filled::default().with("id", "X-1").with("body", text);
    shell("outbox edit", &letter.with("subject", "--all of it"));
    let message = desk.json("outbox show X-1");
    assert_eq!(message["body"], text);
    assert_eq!(message["subject"], "--all of it");
}
