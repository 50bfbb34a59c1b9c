//! Two processes on one desk at once: every commit stands, none twice, none lost.

use std::process::{Child, Stdio};

use crate::support::Desk;

/// How many commits each process makes.
const EACH: usize = 40;

/// One shell that records one remark after the other.
fn writer(desk: &Desk, name: &str) -> Child {
    let script = format!(
        "for n in $(seq 1 {EACH}); do \"$0\" --as {name} comment T-1 \"{name} $n\" || exit 1; done"
    );
    let mut command = std::process::Command::new("sh");
    command
        .env_clear()
        .envs(desk.world())
        .env("PATH", "/usr/bin:/bin");
    let command = command.args(["-c", &script, crate::support::PROGRAM]);
    command
        .current_dir(desk.home())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn two_processes_writing_at_once_lose_nothing_and_both_can_be_read_meanwhile() {
    let desk = Desk::with_tickets();
    let before = desk.commits();
    let mut writers = [writer(&desk, "Alice"), writer(&desk, "Bob")];
    while writers
        .iter_mut()
        .any(|writer| writer.try_wait().unwrap().is_none())
    {
        desk.ok("status");
        desk.ok("show T-1");
    }
    for writer in &mut writers {
        assert!(writer.wait().unwrap().success());
    }
    assert_eq!(desk.commits(), before + 2 * EACH);
    let comments = desk.show("T-1")["comments"].clone();
    for name in ["Alice", "Bob"] {
        let mine: Vec<&str> = comments
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|it| it["text"].as_str())
            .filter(|text| text.starts_with(name))
            .collect();
        let expected: Vec<String> = (1..=EACH).map(|n| format!("{name} {n}")).collect();
        assert_eq!(mine, expected, "contiguous and in order");
    }
    desk.ok("doctor").says(&["what the history says"]);
    // A reader that outlives the last writer may keep its log; the next one tidies up.
    desk.ok("comment T-1 last");
    assert!(!desk.data().join("demo.relmate-wal").exists());
}

#[test]
fn two_processes_taking_in_submissions_at_once_never_give_an_id_twice() {
    let desk = Desk::new();
    let mut children: Vec<Child> = (0..8)
        .map(|n| {
            let text = format!("lesson {n}");
            let mut command = desk.command();
            command
                .args(["lesson", "improve", &text])
                .stdout(Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in &mut children {
        assert!(child.wait().unwrap().success());
    }
    let lessons = desk.json("list lessons --sort id")["items"].clone();
    let ids: Vec<&str> = lessons
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["id"].as_str().unwrap())
        .collect();
    assert_eq!(
        ids,
        ["L-1", "L-2", "L-3", "L-4", "L-5", "L-6", "L-7", "L-8"]
    );
}

#[test]
fn two_processes_founding_one_desk_make_one() {
    let desk = Desk::none();
    let mut children: Vec<Child> = (0..4)
        .map(|_| {
            let words = crate::support::words("init Demo --manager Alice --manager Bob");
            let mut command = desk.command();
            command
                .args(words)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    let codes: Vec<_> = children
        .iter_mut()
        .map(|it| it.wait().unwrap().code())
        .collect();
    assert_eq!(
        codes.iter().filter(|code| **code == Some(0)).count(),
        1,
        "{codes:?}"
    );
    assert_eq!(
        codes.iter().filter(|code| **code == Some(4)).count(),
        3,
        "{codes:?}"
    );
    desk.ok("doctor");
}

#[test]
fn a_writer_that_is_killed_at_any_moment_leaves_a_sound_desk() {
    let desk = Desk::with_tickets();
    let board = crate::support::corpus("umd1_status_board_2011-06-20.csv");
    for round in 0..8 {
        let mut command = desk.command();
        let mut writer = command
            .args(["import", &board])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        for _ in 0..round {
            desk.ok("paths");
        }
        writer.kill().unwrap();
        writer.wait().unwrap();
        let tickets = desk.json("list tickets")["items"].as_array().unwrap().len();
        assert!([2, 34].contains(&tickets), "half an import: {tickets}");
    }
    desk.ok("comment T-1 'after the fall'");
    desk.ok("doctor").says(&["what the history says"]);
}
