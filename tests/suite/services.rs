//! What the screen asks of a real terminal: the editor, the clipboard, pastes, the
//! mouse, and coming back from the shell. Every mode is given back whatever ends it.

use std::time::Duration;

use termlens::{Key, MouseMode, Screen, Scroll, Signal, Terminal, TerminalBuilder};

use crate::support::{Desk, PROGRAM};

/// A terminal in a desk's world; every wait ends after this long.
fn terminal(desk: &Desk) -> TerminalBuilder {
    Terminal::builder()
        .size(112, 32)
        .env_clear()
        .envs(desk.world())
        .env("PATH", "/usr/bin:/bin")
        .current_dir(desk.home())
        .timeout(Duration::from_secs(20))
}

/// The screen is whole, and shows this.
#[track_caller]
fn shows(terminal: &mut Terminal, text: &str) {
    terminal
        .wait_until(|screen| {
            screen.alternate_screen()
                && screen.bracketed_paste()
                && screen.contains("relmate")
                && screen.contains(text)
        })
        .unwrap();
}

#[track_caller]
fn given_back(screen: &Screen) {
    assert!(!screen.alternate_screen(), "{}", screen.text());
    assert!(screen.cursor_visible() && !screen.bracketed_paste());
    assert!(screen.mouse_modes().is_empty());
}

#[track_caller]
fn quits(mut terminal: Terminal) {
    terminal.send(Key::Char('q')).unwrap();
    assert!(terminal.wait_exit().unwrap().success());
    given_back(&terminal.screen());
}

/// Opens the form for a remark with a text in it.
#[track_caller]
fn remarks(terminal: &mut Terminal, text: &str) {
    shows(terminal, "S-1");
    terminal.send(Key::Char('c')).unwrap();
    shows(terminal, "Remark");
    terminal.send_str(text).unwrap();
    shows(terminal, text);
}

/// Leaves the form, then the screen.
#[track_caller]
fn leaves(mut terminal: Terminal) {
    terminal.send(Key::Esc).unwrap();
    shows(&mut terminal, "is kept until you come back");
    quits(terminal);
}

/// An editor made of a script; the text is `$1`.
fn editor(desk: &Desk, script: &str) -> String {
    let path = desk.file("my editor.sh", script);
    format!("sh '{}' -x", path.display())
}

/// No draft was left behind.
#[track_caller]
fn tidy(desk: &Desk) {
    for entry in std::fs::read_dir(desk.home()).unwrap() {
        let name = entry.unwrap().file_name();
        assert!(
            !name.to_string_lossy().starts_with("relmate-"),
            "{}",
            name.display()
        );
    }
}

#[test]
fn an_editor_has_the_terminal_and_every_key_and_its_text_comes_back() {
    let desk = Desk::with_tickets();
    let script = "stty -a | grep -q -- -icanon && exit 9
        printf 'after %s? ' \"$(cat \"$2\")\"; read answer; echo \"$answer\" >> \"$2\"";
    let mut terminal = terminal(&desk)
        .env("VISUAL", editor(&desk, script))
        .env("EDITOR", "false")
        .spawn(PROGRAM)
        .unwrap();
    remarks(&mut terminal, "first");
    // What was asked before is on the terminal still when it is asked again.
    for (asked, answer, seen) in [
        ("after first?", "jjqq?", "firstjjqq?"),
        ("after firstjjqq??", "; once more", "firstjjqq?; once more"),
    ] {
        terminal.send(Key::Ctrl('o')).unwrap();
        terminal
            .wait_until(|screen| screen.contains(asked))
            .unwrap();
        given_back(&terminal.screen());
        terminal.send_str(answer).unwrap();
        terminal.send(Key::Enter).unwrap();
        shows(&mut terminal, seen);
    }
    tidy(&desk);
    leaves(terminal);
}

/// The screen with an editor that says what the text was and asks for another, which it ends in a
/// bar.
fn prompted(desk: &Desk) -> Terminal {
    let script = "printf 'after %s? ' \"$(cat \"$2\")\"
        read answer; printf '%s|' \"$answer\" > \"$2\"";
    terminal(desk)
        .env("VISUAL", editor(desk, script))
        .spawn(PROGRAM)
        .unwrap()
}

/// The thread that reads keys may have been told to read just before the editor has the terminal.
#[test]
fn an_editor_has_its_first_key_however_often_it_is_opened() {
    let desk = Desk::with_tickets();
    let mut terminal = prompted(&desk);
    let mut before = "first".to_owned();
    remarks(&mut terminal, &before);
    for turn in 0..25 {
        terminal.send(Key::Ctrl('o')).unwrap();
        let asked = format!("after {before}?");
        terminal
            .wait_until(|screen| screen.contains(&asked))
            .unwrap();
        terminal.send_str(&format!("turn{turn}.")).unwrap();
        terminal.send(Key::Enter).unwrap();
        before = format!("turn{turn}.|");
        shows(&mut terminal, &before);
    }
    tidy(&desk);
    leaves(terminal);
}

/// Keys that come with the one that opens the editor are for the editor, or for nobody.
#[test]
fn what_is_typed_ahead_of_an_editor_does_not_come_back_into_the_text() {
    let desk = Desk::with_tickets();
    let mut terminal = prompted(&desk);
    remarks(&mut terminal, "first");
    terminal.send_str("\u{f}ABC").unwrap();
    terminal
        .wait_until(|screen| screen.contains("after first?"))
        .unwrap();
    terminal.send_str("written.").unwrap();
    terminal.send(Key::Enter).unwrap();
    shows(&mut terminal, "written.|");
    terminal.send_str("!").unwrap();
    shows(&mut terminal, "written.|!");
    tidy(&desk);
    leaves(terminal);
}

#[test]
fn an_editor_that_fails_is_a_sentence_and_the_screen_goes_on() {
    let desk = Desk::with_tickets();
    let failing = editor(&desk, "exit 3");
    for (editor, said) in [
        (failing.as_str(), "exit status: 3"),
        (
            "/no/such/editor --wait",
            "There is no editor /no/such/editor. Set $EDITOR",
        ),
    ] {
        let mut terminal = terminal(&desk)
            .env("EDITOR", editor)
            .spawn(PROGRAM)
            .unwrap();
        remarks(&mut terminal, "first");
        terminal.send(Key::Ctrl('o')).unwrap();
        shows(&mut terminal, said);
        shows(&mut terminal, "first");
        tidy(&desk);
        leaves(terminal);
    }
}

#[test]
fn ctrl_c_in_an_editor_ends_the_editor_and_not_the_screen() {
    let desk = Desk::with_tickets();
    let mut terminal = terminal(&desk)
        .env("EDITOR", editor(&desk, "printf 'what? '; read answer"))
        .spawn(PROGRAM)
        .unwrap();
    remarks(&mut terminal, "first");
    terminal.send(Key::Ctrl('o')).unwrap();
    terminal
        .wait_until(|screen| screen.contains("what?"))
        .unwrap();
    terminal.send(Key::Ctrl('c')).unwrap();
    shows(&mut terminal, "the text stays as it was");
    terminal.send_str(" second").unwrap();
    shows(&mut terminal, "first second");
    leaves(terminal);
}

/// A question would wait for an answer that some terminals never give.
#[test]
fn the_terminal_is_asked_nothing() {
    let desk = Desk::with_tickets();
    let mut terminal = terminal(&desk)
        .answer_queries(false)
        .timeout(Duration::from_secs(10))
        .env("EDITOR", editor(&desk, "printf 'what? '; read answer"))
        .spawn(PROGRAM)
        .unwrap();
    remarks(&mut terminal, "first");
    terminal.send(Key::Ctrl('o')).unwrap();
    terminal
        .wait_until(|screen| screen.contains("what?"))
        .unwrap();
    terminal.send(Key::Enter).unwrap();
    shows(&mut terminal, "first");
    terminal.resize(50, 15).unwrap();
    terminal.resize(90, 30).unwrap();
    shows(&mut terminal, "first");
    let asked = terminal.screen();
    let asked = asked.unsupported();
    assert!(!asked.iter().any(|it| it.ends_with('n')), "{asked:?}");
    leaves(terminal);
}

#[test]
fn a_text_is_copied_as_base64_alone() {
    let desk = Desk::with_tickets();
    let mut terminal = terminal(&desk).spawn(PROGRAM).unwrap();
    shows(&mut terminal, "S-1");
    terminal.send_str("yr").unwrap();
    shows(&mut terminal, "clipboard: S-1, ARC 7.0.3");
    terminal
        .wait_until(|screen| screen.clipboard().is_some())
        .unwrap();
    let screen = terminal.screen();
    let copied = screen.clipboard().and_then(|it| it.text()).unwrap();
    assert!(copied.starts_with("S-1, ARC 7.0.3"), "{copied}");
    quits(terminal);
}

#[test]
fn a_paste_is_no_key_and_nothing_in_it_reaches_the_terminal() {
    const TEXT: &str = "q\u{1b}[2J\u{1b}]0;title\u{7}\u{3}\u{1a}\nq\u{9b}31m";
    let desk = Desk::with_tickets();
    let mut terminal = terminal(&desk).spawn(PROGRAM).unwrap();
    shows(&mut terminal, "S-1");
    terminal.paste(TEXT).unwrap();
    shows(&mut terminal, "nothing to paste into here");
    remarks(&mut terminal, "first");
    terminal.paste(TEXT).unwrap();
    shows(&mut terminal, "firstq␛[2J");
    assert_eq!(terminal.screen().title(), "");
    assert!(terminal.screen().contains("S-1"), "nothing was cleared");
    leaves(terminal);
}

#[test]
fn a_paste_of_ten_megabytes_is_cut_and_the_screen_goes_on() {
    let desk = Desk::with_tickets();
    let mut terminal = terminal(&desk)
        .timeout(Duration::from_secs(120))
        .spawn(PROGRAM)
        .unwrap();
    remarks(&mut terminal, "first");
    terminal.paste(&"q\u{1b}é\n".repeat(2_000_000)).unwrap();
    shows(&mut terminal, "its end was cut off");
    leaves(terminal);
}

#[test]
fn the_mouse_is_off_until_its_key_and_is_given_back() {
    let desk = Desk::with_tickets();
    let mut terminal = terminal(&desk).spawn(PROGRAM).unwrap();
    shows(&mut terminal, "T-1");
    assert!(terminal.screen().mouse_modes().is_empty());
    terminal.send(Key::Char('M')).unwrap();
    terminal
        .wait_until(|screen| screen.mouse_mode() == MouseMode::PressRelease)
        .unwrap();
    let (row, column) = terminal.screen().find("Retrospective").unwrap();
    terminal.click(column, row).unwrap();
    shows(&mut terminal, ">4 Retrospective");
    terminal.scroll(10, 3, Scroll::Down).unwrap();
    terminal.send(Key::Char('M')).unwrap();
    terminal
        .wait_until(|screen| screen.mouse_modes().is_empty())
        .unwrap();
    terminal.send(Key::Char('M')).unwrap();
    terminal
        .wait_until(|screen| !screen.mouse_modes().is_empty())
        .unwrap();
    quits(terminal);
}

#[test]
fn the_configuration_turns_the_mouse_on_and_every_end_gives_it_back() {
    let desk = Desk::with_tickets();
    desk.config("person = \"Alice\"\nmouse = true\n");
    for fault in [false, true] {
        let mut builder = terminal(&desk);
        if fault {
            builder = builder.env("RELMATE_PANIC", "1");
        }
        let mut terminal = builder.spawn(PROGRAM).unwrap();
        shows(&mut terminal, "T-1");
        assert!(!terminal.screen().mouse_modes().is_empty());
        if fault {
            terminal.send(Key::Char('j')).unwrap();
        } else {
            terminal.signal(Signal::Term).unwrap();
        }
        terminal.wait_exit().unwrap();
        given_back(&terminal.screen());
    }
}

/// A shell that has jobs: twice it says that the screen was stopped, and takes it up again.
const SHELL: &str = "set -m; ask() { printf '%s? ' \"$1\"; read answer; }; \"$0\"; \
     ask once; fg >/dev/null; ask twice; fg >/dev/null; echo ended";

/// Stops the screen, types something at the shell, and brings it back.
#[track_caller]
fn stops_and_comes_back(terminal: &mut Terminal, asked: &str, typed: &str) {
    terminal.send(Key::Ctrl('z')).unwrap();
    terminal
        .wait_until(|screen| !screen.alternate_screen() && screen.contains(asked))
        .unwrap();
    given_back(&terminal.screen());
    terminal.send_str(typed).unwrap();
    terminal.send(Key::Enter).unwrap();
    shows(terminal, "relmate");
    assert!(!terminal.screen().mouse_modes().is_empty());
}

#[test]
fn ctrl_z_hands_the_terminal_to_the_shell_and_fg_brings_all_of_it_back() {
    let desk = Desk::with_tickets();
    desk.config("person = \"Alice\"\nmouse = true\n");
    let mut terminal = terminal(&desk)
        .args(["-c", SHELL, PROGRAM])
        .spawn("/bin/bash")
        .unwrap();
    shows(&mut terminal, "T-1");
    stops_and_comes_back(&mut terminal, "once?", "jjq");
    shows(&mut terminal, ">Needs a human");
    shows(&mut terminal, "Retrospective");
    // Keys work again, and a form stays as it was.
    terminal.send(Key::Tab).unwrap();
    shows(&mut terminal, ">1 Schedule");
    terminal.send(Key::BackTab).unwrap();
    remarks(&mut terminal, "first");
    stops_and_comes_back(&mut terminal, "twice?", "");
    terminal.paste(" second").unwrap();
    shows(&mut terminal, "first second");
    terminal.send(Key::Esc).unwrap();
    shows(&mut terminal, "is kept until you come back");
    terminal.send(Key::Char('q')).unwrap();
    terminal
        .wait_until(|screen| screen.contains("ended"))
        .unwrap();
    assert!(terminal.wait_exit().unwrap().success());
    given_back(&terminal.screen());
}
