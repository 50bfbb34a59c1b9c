//! Several processes on shared desks: killed at any moment, writing and exchanging at once, and
//! watching (SYNC.md 4, rows 1 and 13).

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::support::dice::Dice;
use crate::support::two::{Two, founder_words, joins};
use crate::support::{Desk, PROGRAM, words};

/// Starts the program and does not wait.
fn start(desk: &Desk, line: &str) -> Child {
    let mut command = desk.command();
    command
        .args(words(line))
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.spawn().unwrap()
}

/// Lets a moment pass that is different each time.
fn moment(dice: &mut Dice) {
    let until = Instant::now() + Duration::from_micros(dice.roll() % 30_000);
    while Instant::now() < until {
        std::thread::yield_now();
    }
}

#[test]
fn a_join_that_is_killed_at_any_moment_leaves_no_desk_or_one_that_joins() {
    let mut dice = Dice::new(7);
    let two = Two::apart();
    two.alice.ok(&format!("share create {}", two.shown()));
    let founder = founder_words(&two.alice);
    let join = format!("share join {} --words '{founder}'", two.shown());
    for _ in 0..12 {
        let mut joining = start(&two.bob, &join);
        moment(&mut dice);
        joining.kill().unwrap();
        joining.wait().unwrap();
        let status = two.bob.run("status");
        assert!(
            !status.stderr.contains("not a relmate desk"),
            "{}",
            status.stderr
        );
        assert!(
            !status.stderr.contains("does not hold together"),
            "{}",
            status.stderr
        );
    }
    joins(&two.bob, &two.folder(), &founder);
    two.lets_in(&two.bob, "manager");
    two.sync();
    two.are_equal();
}

/// The remarks on the first ticket.
fn remarks(desk: &Desk) -> Vec<String> {
    let ticket = desk.show("T-1");
    let comments = ticket["comments"].as_array().unwrap().iter();
    let mut texts: Vec<_> = comments
        .map(|it| it["text"].as_str().unwrap().to_owned())
        .collect();
    texts.sort_unstable();
    texts
}

#[test]
fn a_process_that_is_killed_while_it_writes_or_exchanges_loses_nothing_it_acknowledged() {
    let two = Two::met();
    let mut dice = Dice::new(5);
    let mut acknowledged = Vec::new();
    for round in 0..40 {
        let desk = two.desks()[dice.below(2)];
        let text = format!("remark {round:02}");
        let mut writer = start(desk, &format!("comment T-1 '{text}'"));
        if dice.below(2) == 0 {
            moment(&mut dice);
            writer.kill().unwrap();
        }
        if writer.wait().unwrap().success() {
            acknowledged.push(text);
        }
        let mut exchange = start(desk, "sync");
        moment(&mut dice);
        moment(&mut dice);
        exchange.kill().unwrap();
        exchange.wait().unwrap();
        if round % 10 == 9 {
            desk.ok("doctor").says(&["what the history says"]);
        }
    }
    two.sync();
    two.are_equal();
    let there = remarks(&two.alice);
    for text in &acknowledged {
        assert!(there.contains(text), "{text} was acknowledged: {there:?}");
    }
    for desk in two.desks() {
        desk.ok("doctor").says(&["what the history says"]);
        let replicas: std::collections::BTreeSet<_> = crate::support::two::history(desk)
            .values()
            .map(|it| it["replica"].to_string())
            .collect();
        assert_eq!(replicas.len(), 2, "nobody was taken for a copy");
    }
}

#[test]
fn only_one_process_exchanges_a_desk_at_a_time_and_the_other_says_who_does() {
    let two = Two::met();
    for round in 0..10 {
        two.alice.ok(&format!("comment T-1 'remark {round}'"));
        let mut first = start(&two.alice, "sync");
        let second = two.alice.run("sync");
        let first = first.wait().unwrap().code();
        for code in [first, Some(second.code)] {
            assert!(matches!(code, Some(0 | 4)), "{code:?}: {second}");
        }
        assert!(first == Some(0) || second.code == 0, "one of them did it");
        if second.code == 4 {
            second.is_refusal(4, "sync");
            second.complains(&["exchanging already", "next exchange"]);
        }
    }
    two.sync();
    two.are_equal();
}

/// A shell that records one remark after the other.
fn writer(desk: &Desk, name: &str, count: usize) -> Child {
    let script =
        format!("for n in $(seq 1 {count}); do \"$0\" comment T-1 \"{name} $n\" || exit 1; done");
    let mut command = std::process::Command::new("sh");
    let command = command
        .env_clear()
        .envs(desk.world())
        .env("PATH", "/usr/bin:/bin")
        .args(["-c", &script, PROGRAM]);
    command
        .current_dir(desk.home())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// `sync --watch`, ended however the test ends.
struct Watching {
    process: Child,
    lines: std::sync::mpsc::Receiver<String>,
}

impl Watching {
    fn start(desk: &Desk) -> Self {
        let mut command = desk.command();
        command
            .args(["sync", "--watch"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut process = command.spawn().unwrap();
        let output = process.stdout.take().unwrap();
        let (tell, lines) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if tell.send(line).is_err() {
                    return;
                }
            }
        });
        Self { process, lines }
    }

    /// Waits for a line that holds a text.
    #[track_caller]
    fn says(&self, text: &str) {
        let until = Instant::now() + Duration::from_secs(25);
        let mut said = Vec::new();
        while let Some(left) = until.checked_duration_since(Instant::now()) {
            match self.lines.recv_timeout(left) {
                Ok(line) if line.contains(text) => return,
                Ok(line) => said.push(line),
                Err(_) => break,
            }
        }
        panic!("{text:?} was not said: {said:?}");
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

#[test]
fn two_writers_and_a_watcher_on_one_desk_lose_nothing() {
    const EACH: usize = 40;
    let two = Two::met();
    two.sync();
    let watching = Watching::start(&two.alice);
    watching.says("n step");
    let mut writers = [
        writer(&two.alice, "one", EACH),
        writer(&two.alice, "other", EACH),
        writer(&two.bob, "bob", EACH),
    ];
    while writers
        .iter_mut()
        .any(|it| it.try_wait().unwrap().is_none())
    {
        two.bob.ok("sync");
        two.alice.ok("show T-1");
    }
    for writer in &mut writers {
        assert!(writer.wait().unwrap().success());
    }
    drop(watching);
    two.sync();
    two.are_equal();
    let expected = ["bob", "one", "other"]
        .into_iter()
        .flat_map(|name| (1..=EACH).map(move |n| format!("{name} {n}")));
    let mut expected: Vec<_> = expected.collect();
    expected.sort_unstable();
    assert_eq!(remarks(&two.bob), expected);
    for desk in two.desks() {
        desk.ok("doctor").says(&["what the history says"]);
    }
}

#[test]
fn who_watches_sees_what_the_other_did_without_asking() {
    let two = Two::met();
    two.sync();
    let alice = Watching::start(&two.alice);
    alice.says("n step");
    two.bob.ok("comment T-1 'from Bob'");
    two.bob.ok("sync");
    alice.says("1 step received");
    assert_eq!(remarks(&two.alice), ["from Bob"]);
    // And what is recorded here goes there by itself.
    two.alice.ok("comment T-1 'from Alice'");
    alice.says("1 step published");
    two.bob.ok("sync");
    assert_eq!(remarks(&two.bob).len(), 2);
}
