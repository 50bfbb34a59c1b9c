//! The screen in a real terminal: it starts at any size, follows the desk, and
//! gives the terminal back whatever ends it.

use termlens::{Key, Signal};

use crate::support::screen::{given_back, shows, terminal};
use crate::support::{Desk, PROGRAM};

#[test]
fn the_screen_starts_at_every_size_and_q_gives_the_terminal_back() {
    let desk = Desk::with_tickets();
    for (columns, rows) in [(112, 32), (80, 24), (50, 15), (20, 5), (10, 3)] {
        let mut terminal = terminal(&desk, columns, rows).spawn(PROGRAM).unwrap();
        shows(&mut terminal, "S-1");
        terminal.send(Key::Char('q')).unwrap();
        assert!(terminal.wait_exit().unwrap().success(), "{columns}x{rows}");
        given_back(&terminal.screen());
    }
}

#[test]
fn the_screen_follows_the_terminals_size() {
    let desk = Desk::with_tickets();
    let mut terminal = terminal(&desk, 112, 32).spawn(PROGRAM).unwrap();
    shows(&mut terminal, "Retrospective");
    for (columns, rows) in [(20, 5), (2, 2), (50, 15), (112, 32)] {
        terminal.resize(columns, rows).unwrap();
    }
    shows(&mut terminal, "Retrospective");
    terminal.send(Key::Char('q')).unwrap();
    assert!(terminal.wait_exit().unwrap().success());
}

#[test]
fn after_q_the_shell_reads_lines_again() {
    let desk = Desk::with_tickets();
    let script =
        "before=$(stty -g); \"$0\"; [ \"$(stty -g)\" = \"$before\" ] && echo 'same as before'";
    let mut terminal = terminal(&desk, 80, 24)
        .env("PATH", "/usr/bin:/bin")
        .args(["-c", script, PROGRAM])
        .spawn("/bin/sh")
        .unwrap();
    shows(&mut terminal, "T-1");
    terminal.send(Key::Char('q')).unwrap();
    terminal
        .wait_until(|screen| screen.contains("same as before"))
        .unwrap();
    assert!(terminal.wait_exit().unwrap().success());
}

#[test]
fn a_signal_to_end_gives_the_terminal_back() {
    let desk = Desk::with_tickets();
    for signal in [Signal::Term, Signal::Hup] {
        let mut terminal = terminal(&desk, 80, 24).spawn(PROGRAM).unwrap();
        shows(&mut terminal, "T-1");
        terminal.signal(signal).unwrap();
        terminal.wait_exit().unwrap();
        given_back(&terminal.screen());
    }
}

#[test]
fn a_fault_of_the_program_gives_the_terminal_back_and_leaves_its_traces() {
    let desk = Desk::with_tickets();
    let mut terminal = terminal(&desk, 80, 24)
        .env("RELMATE_PANIC", "1")
        .spawn(PROGRAM)
        .unwrap();
    shows(&mut terminal, "T-1");
    terminal.send(Key::Char('j')).unwrap();
    let status = terminal.wait_exit().unwrap();
    assert!(!status.success());
    let screen = terminal.screen();
    given_back(&screen);
    assert!(
        screen.contains("Nothing that was recorded is lost"),
        "{}",
        screen.text()
    );
    let traces = crate::support::tree(&desk.home().join("state"));
    let told = traces
        .values()
        .any(|(bytes, _)| String::from_utf8_lossy(bytes).contains("a rehearsed fault"));
    assert!(told, "{:?}", traces.keys());
}

#[test]
fn a_change_of_another_process_shows_up() {
    let desk = Desk::with_tickets();
    let mut terminal = terminal(&desk, 112, 32).spawn(PROGRAM).unwrap();
    shows(&mut terminal, "T-1");
    desk.ok("lesson puzzle 'who owns the notes'");
    shows(&mut terminal, "who owns the notes");
    desk.ok("undo");
    terminal
        .wait_until(|screen| !screen.contains("who owns the notes"))
        .unwrap();
    terminal.send(Key::Char('q')).unwrap();
    assert!(terminal.wait_exit().unwrap().success());
}

#[test]
fn looking_at_the_screen_leaves_the_desk_as_it_is() {
    let desk = Desk::with_tickets();
    let before = crate::support::tree(&desk.data());
    let mut terminal = terminal(&desk, 80, 24).spawn(PROGRAM).unwrap();
    shows(&mut terminal, "T-1");
    for key in "jjk1234w?".chars() {
        terminal.send(Key::Char(key)).unwrap();
    }
    terminal.send(Key::Esc).unwrap();
    terminal.signal(Signal::Term).unwrap();
    terminal.wait_exit().unwrap();
    assert!(
        crate::support::tree(&desk.data()) == before,
        "a look left a trace"
    );
}

#[test]
fn with_colour_off_and_a_text_of_escapes_nothing_but_the_screen_is_drawn() {
    let desk = Desk::with_tickets();
    let words = ["lesson", "improve", "e\u{1b}[2Jvil\u{1b}]0;title\u{7}"];
    assert_eq!(desk.run_words(&words).code, 0);
    let mut terminal = terminal(&desk, 112, 32)
        .env("NO_COLOR", "1")
        .spawn(PROGRAM)
        .unwrap();
    shows(&mut terminal, "vil");
    assert_eq!(terminal.screen().title(), "");
    assert!(terminal.screen().contains("Queue"), "nothing was cleared");
    terminal.send(Key::Char('q')).unwrap();
    assert!(terminal.wait_exit().unwrap().success());
}
