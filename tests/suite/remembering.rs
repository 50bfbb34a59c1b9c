//! What the screen remembers of a desk in the state directory: where one was and what was
//! typed, whatever ends it; never in the configuration and never in the desk.

use std::path::PathBuf;

use termlens::{Key, Signal};

use crate::support::screen::{escapes, leave, shows, terminal, types};
use crate::support::{Desk, PROGRAM, tree};

/// The files of that name below the state directory.
fn remembered(desk: &Desk, name: &str) -> Vec<PathBuf> {
    let state = tree(&desk.home().join("state"));
    let named = |path: &PathBuf| path.file_name().is_some_and(|file| file == name);
    state.into_keys().filter(named).collect()
}

#[test]
fn the_screen_opens_where_it_was_left_also_for_those_who_only_read() {
    let desk = Desk::with_tickets();
    let before = tree(&desk.data());
    for arguments in [&["--read-only"] as &[&str], &[]] {
        let start = || {
            terminal(&desk, 112, 32)
                .args(arguments)
                .spawn(PROGRAM)
                .unwrap()
        };
        let mut screen = start();
        shows(&mut screen, "Retrospective");
        types(&mut screen, "2z/el9");
        screen.send(Key::Enter).unwrap();
        shows(&mut screen, "/el9: 1");
        leave(screen, 'q');
        let mut screen = start();
        shows(&mut screen, "/el9: 1");
        assert!(
            !screen.screen().contains("T-1 "),
            "{}",
            screen.screen().text()
        );
        escapes(&mut screen, "T-1 ");
        escapes(&mut screen, "Retrospective");
        leave(screen, 'q');
    }
    assert!(tree(&desk.data()) == before, "the desk is not touched");
    let config = std::fs::read_to_string(desk.home().join("config/relmate/config.toml")).unwrap();
    assert_eq!(config, "person = \"Alice\"\n", "nor is the configuration");
}

#[test]
fn two_desks_are_remembered_apart() {
    let desk = Desk::with_tickets();
    desk.ok("init Other --manager Alice --manager Bob --timezone Europe/Rome");
    let start = |name: &str| {
        terminal(&desk, 112, 32)
            .args(["--desk", name])
            .spawn(PROGRAM)
            .unwrap()
    };
    let mut screen = start("demo");
    shows(&mut screen, "Retrospective");
    types(&mut screen, "5");
    shows(&mut screen, ">Outbox");
    leave(screen, 'q');
    let mut screen = start("other");
    shows(&mut screen, "Retrospective");
    leave(screen, 'q');
    let mut screen = start("demo");
    shows(&mut screen, "Outbox");
    assert!(!screen.screen().contains("Retrospective"));
    leave(screen, 'q');
}

#[test]
fn what_was_typed_is_there_again_whatever_ended_the_screen() {
    let desk = Desk::with_tickets();
    for signal in [Signal::Term, Signal::Hup] {
        let mut screen = terminal(&desk, 112, 32).spawn(PROGRAM).unwrap();
        shows(&mut screen, "T-1");
        types(&mut screen, "2c");
        shows(&mut screen, "A remark on any record");
        types(&mut screen, "the packages are unsigned");
        shows(&mut screen, "are unsigned");
        screen.signal(signal).unwrap();
        screen.wait_exit().unwrap();
        let drafts = remembered(&desk, "drafts.json");
        assert_eq!(drafts.len(), 1);
        private(&drafts[0]);

        let mut screen = terminal(&desk, 112, 32).spawn(PROGRAM).unwrap();
        shows(&mut screen, "comes back with its form: comment T-1.");
        types(&mut screen, "2c");
        shows(&mut screen, "What you typed before is back");
        assert!(screen.screen().contains("the packages are unsigned"));
        screen.send(Key::Ctrl('l')).unwrap();
        screen
            .wait_until(|screen| !screen.contains("are unsigned"))
            .unwrap();
        escapes(&mut screen, "q quit");
        leave(screen, 'q');
        assert_eq!(remembered(&desk, "drafts.json").len(), 0);
    }
    assert!(
        !desk.ok("show T-1").stdout.contains("unsigned"),
        "it was never saved"
    );
}

#[test]
fn what_was_saved_is_no_draft_any_more_although_the_screen_is_killed_at_once() {
    let desk = Desk::with_tickets();
    let mut screen = terminal(&desk, 112, 32).spawn(PROGRAM).unwrap();
    shows(&mut screen, "T-1");
    types(&mut screen, "2c");
    shows(&mut screen, "A remark on any record");
    types(&mut screen, "hello");
    escapes(&mut screen, "is kept until");
    types(&mut screen, "c");
    shows(&mut screen, "What you typed before is back");
    screen.send(Key::Ctrl('s')).unwrap();
    screen.signal(Signal::Term).unwrap();
    screen.wait_exit().unwrap();
    let saved = desk.ok("show T-1").stdout.contains("hello");
    let kept = remembered(&desk, "drafts.json").len();
    assert_eq!(
        kept,
        usize::from(!saved),
        "either saved or kept, never both"
    );
}

#[test]
fn a_memory_that_cannot_be_read_is_told_of_and_keeps_nobody_out() {
    let desk = Desk::with_tickets();
    let mut screen = terminal(&desk, 112, 32).spawn(PROGRAM).unwrap();
    shows(&mut screen, "T-1");
    types(&mut screen, "2");
    leave(screen, 'q');
    let files = remembered(&desk, "screen.toml");
    assert_eq!(files.len(), 1);
    private(&files[0]);
    std::fs::write(&files[0], "focus = \u{1b}[31m").unwrap();
    let mut screen = terminal(&desk, 112, 32).spawn(PROGRAM).unwrap();
    shows(&mut screen, "T-1");
    types(&mut screen, "gm");
    shows(
        &mut screen,
        "What the screen remembers of this desk was left aside",
    );
    leave(screen, 'q');
}

#[test]
fn a_throw_away_desk_leaves_nothing_behind() {
    let desk = Desk::none();
    let mut screen = terminal(&desk, 112, 32)
        .args(["demo"])
        .spawn(PROGRAM)
        .unwrap();
    shows(&mut screen, "Retrospective");
    types(&mut screen, "2z");
    leave(screen, 'q');
    assert_eq!(remembered(&desk, "screen.toml"), Vec::<PathBuf>::new());
}

#[test]
fn a_state_directory_that_cannot_be_written_fails_nothing_but_what_was_typed() {
    let desk = Desk::with_tickets();
    std::fs::write(desk.home().join("state"), "a file").unwrap();
    let mut screen = terminal(&desk, 112, 32).spawn(PROGRAM).unwrap();
    shows(&mut screen, "T-1");
    types(&mut screen, "2");
    leave(screen, 'q');
    let mut screen = terminal(&desk, 112, 32).spawn(PROGRAM).unwrap();
    shows(&mut screen, "T-1");
    types(&mut screen, "2c");
    shows(&mut screen, "A remark on any record");
    types(&mut screen, "hello");
    // That a text would be lost is said while it can still be saved.
    escapes(&mut screen, "did not save is not kept");
    screen.send(Key::Char('q')).unwrap();
    // And once more when it is gone.
    assert!(!screen.wait_exit().unwrap().success());
    assert!(screen.screen().contains("did not save is not kept"));
}

/// Only the user may read it.
#[track_caller]
fn private(path: &std::path::Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", path.display());
    }
    assert!(path.exists());
}
