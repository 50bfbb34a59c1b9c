//! The whole work of a release manager by keys alone, from an empty home to a promise
//! that is kept track of, in a real terminal.

use std::time::Duration;

use termlens::{Key, Terminal};

use crate::support::{Desk, PROGRAM};

/// The screen on this desk at some time of the story.
struct Stage {
    terminal: Terminal,
}

impl Stage {
    fn open(desk: &Desk) -> Self {
        let terminal = Terminal::builder()
            .size(112, 40)
            .env_clear()
            .envs(desk.world())
            .current_dir(desk.home())
            .timeout(Duration::from_secs(20))
            .spawn(PROGRAM)
            .unwrap();
        Self { terminal }
    }

    /// Waits until this is to be read.
    #[track_caller]
    fn reads(&mut self, text: &str) -> &mut Self {
        let shown = self.terminal.wait_until(|screen| {
            // Frames break a long line; words are what is read.
            let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            let plain: String = screen.text().replace('│', " ");
            words(&plain).contains(&words(text))
        });
        if let Err(error) = shown {
            panic!("{text:?} is not there: {error}");
        }
        self
    }

    /// Types; `\t` goes on, `\r` is enter, `\u{13}` ctrl-s, `\u{15}` ctrl-u.
    #[track_caller]
    fn types(&mut self, keys: &str) -> &mut Self {
        self.terminal.send_str(keys).unwrap();
        self
    }

    fn escape(&mut self) -> &mut Self {
        self.terminal.send(Key::Esc).unwrap();
        self
    }

    #[track_caller]
    fn leave(mut self) {
        self.terminal.send(Key::Char('q')).unwrap();
        assert!(self.terminal.wait_exit().unwrap().success());
    }
}

const SAVE: &str = "\u{13}";

/// The desk, and a cycle from the template.
fn found(stage: &mut Stage) {
    stage.reads("Welcome to relmate").types("\r");
    stage.reads("Still to be said: Name of the desk, Release managers");
    stage.types("CMD\tAlice, Bob\t\t\u{15}Europe/Rome\t\t\tCMD 1.4\t17 Dec\tmeta");
    stage.reads("17 Dec 2026, in 45 days").reads("meta-release");
    stage.types("\r").reads("M-7 M6").types("\r");
    stage.reads("CMD 1.4, 17 Dec, R-6 (45 d)");
}

/// A product, a verifier, and a submission of three packages for two platforms.
fn submit(stage: &mut Stage) {
    stage.types("apARC\tNorduGrid\tarc@example.org");
    stage.reads("What this sets in motion").types(SAVE);
    stage.reads("ARC").reads("u takes it back");
    stage
        .types("aeVera\t\tINFN\tverifier")
        .reads("What this sets in motion");
    stage.types(SAVE).reads("Vera");
    stage.types("asAR\t7.0.3\tal9, el9\t\thttps://example.org/notes\t");
    stage.types("arc-ce-7.0.3\rarc-client-7.0.3\rarc-doc-7.0.3\t4711");
    stage.reads("What this sets in motion").types(SAVE);
    stage
        .reads("S-1: ARC 7.0.3 taken in, 3 packages")
        .reads("to inject and answer");
}

/// Down the list of what needs a human: inject, then answer; then the verification.
fn inject(stage: &mut Stage) {
    stage.types("/bdii\u{15}ARC\r").reads("/ARC: 2");
    stage
        .types("\r")
        .reads("S-1 ARC 7.0.3, inject")
        .reads("S-1 is injected: T-1, T-2");
    stage.types(SAVE).reads("u takes it back");
    stage.types("gg\r").reads("X-2 [CMD] ARC 7.0.3 is in");
    stage.reads("outbox sent").reads("To: arc@example.org");
    stage.types("\r").reads("u takes it back");
    // What Esc uncovers has to be seen, or the next key would be read as Alt.
    stage.escape().reads("M-1 M0");
    stage.types("2ts").reads("T-1 ARC 7.0.3 al9, ticket start");
    stage
        .types("ve\r\r")
        .reads("verification")
        .reads("u takes it back");
}

fn explain(stage: &mut Stage) {
    stage.reads("verification, unexplained");
    stage.types("0/T-1\r").reads("/T-1: 1").types("\r");
    stage.reads("T-1 ARC 7.0.3 al9, ticket delay");
    stage
        .types("the test bed was down\t+5bd")
        .reads("Mon 23 Nov 2026, 5 working days");
    stage.reads("Drafted X-3, delay notice").types(SAVE);
    stage.reads("T-1 (ARC 7.0.3 al9) is now delayed");
}

/// The notice is read and marked as sent, a milestone is moved.
fn send_and_move(stage: &mut Stage) {
    stage.types("5").reads("on al9 is delayed");
    stage
        .types("ji")
        .reads("Subject:")
        .reads("the test bed was down");
    stage.types("xs").reads("outbox sent").types("\r");
    stage.reads("u takes it back");
    stage.escape().reads("1 drafted");
    stage
        .types("1>")
        .reads("M-5 to Thu 10 Dec 2026: along move");
    stage
        .types("\rthe alpha was late")
        .reads("What this sets in motion")
        .types(SAVE);
    stage.reads("u takes it back");
}

#[test]
fn a_cycle_is_run_by_keys_alone_from_an_empty_home() {
    let mut desk = Desk::none();
    std::fs::remove_dir_all(desk.home().join("config")).unwrap();
    desk.now("2026-11-02T09:00:00Z");
    let mut stage = Stage::open(&desk);
    found(&mut stage);
    submit(&mut stage);
    inject(&mut stage);
    stage.leave();

    // A fortnight later it is late.
    desk.now("2026-11-16T09:00:00Z");
    let mut stage = Stage::open(&desk);
    explain(&mut stage);
    send_and_move(&mut stage);
    for step in ["milestone move", "outbox sent", "ticket delay"] {
        let said = format!("Taken back: Alice's `{step}`");
        stage.types("u").reads(&said);
    }
    stage.leave();

    let mut stage = Stage::open(&desk);
    stage
        .reads("verification, unexplained")
        .types("\u{12}")
        .reads("Done again: Alice's `ticket delay` of T-1")
        .reads("delayed");
    stage.leave();
    told(&desk);
}

/// The log has every step, done by a person.
#[track_caller]
fn told(desk: &Desk) {
    let log = desk.ok("log --json").json();
    let told: Vec<String> = log["items"]
        .as_array()
        .unwrap()
        .iter()
        .rev()
        .map(|step| {
            let intent = step["intent"]["do"].as_str().unwrap();
            format!("{} {intent}", step["by"].as_str().unwrap())
        })
        .collect();
    let expected = [
        "init",
        "cycle-add",
        "product-add",
        "person-add",
        "submit",
        "inject",
        "outbox-sent",
        "ticket-start",
        "ticket-delay",
        "outbox-sent",
        "milestone-move",
        "undo",
        "undo",
        "undo",
        "redo",
    ]
    .map(|intent| format!("Alice {intent}"));
    assert_eq!(told, expected);
}
