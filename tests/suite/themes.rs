//! Colours and letters of the screen in a real terminal: what options, configuration
//! and variables ask for, and that a theme file never keeps the screen from starting.

use std::time::Duration;

use termlens::{Color, Key, Screen, Terminal, TerminalBuilder};

use crate::support::{Desk, PROGRAM};

fn terminal(desk: &Desk) -> TerminalBuilder {
    Terminal::builder()
        .size(112, 32)
        .env_clear()
        .envs(desk.world())
        .current_dir(desk.home())
        .timeout(Duration::from_secs(20))
}

/// The screen is whole, and shows this.
#[track_caller]
fn shows(terminal: &mut Terminal, text: &str) {
    terminal
        .wait_until(|screen| {
            screen.alternate_screen() && screen.contains("T-1") && screen.contains(text)
        })
        .unwrap();
}

/// Quits, and gives what the shell shows then.
#[track_caller]
fn quits(mut terminal: Terminal) -> Screen {
    terminal.send(Key::Char('q')).unwrap();
    assert!(terminal.wait_exit().unwrap().success());
    terminal.screen()
}

/// Foreground and background of the first letter of a text.
#[track_caller]
fn colours(terminal: &Terminal, text: &str) -> (Color, Color) {
    let screen = terminal.screen();
    let (row, column) = screen.find(text).unwrap();
    let style = screen.cell(row, column).unwrap().style();
    (style.fg, style.bg)
}

const PLAIN: (Color, Color) = (Color::Default, Color::Default);

#[test]
fn the_key_goes_through_the_themes_and_the_footer_names_them() {
    let desk = Desk::with_tickets();
    let mut terminal = terminal(&desk)
        .env("COLORTERM", "truecolor")
        .spawn(PROGRAM)
        .unwrap();
    shows(&mut terminal, "Queue");
    assert_eq!(colours(&terminal, "relmate"), PLAIN);
    let mut seen = Vec::new();
    for name in ["light", "dark", "mono", "colour-blind", "default"] {
        terminal.send(Key::Char('T')).unwrap();
        shows(&mut terminal, &format!("The theme is {name} now."));
        seen.push(colours(&terminal, "relmate"));
    }
    let white = Color::Rgb(0xff, 0xff, 0xff);
    assert_eq!(seen[0], (Color::Rgb(0x1f, 0x23, 0x28), white));
    assert_eq!(seen[1].1, Color::Rgb(0, 0, 0));
    assert_eq!(seen[2..], [PLAIN; 3]);
    quits(terminal);
}

#[test]
fn a_terminal_of_few_colours_gets_those_it_has() {
    let desk = Desk::with_tickets();
    desk.config("person = \"Alice\"\ntheme = \"light\"\n");
    for (term, ground) in [("xterm-256color", 231), ("linux", 15)] {
        let mut terminal = terminal(&desk).env("TERM", term).spawn(PROGRAM).unwrap();
        shows(&mut terminal, "Queue");
        assert_eq!(colours(&terminal, "relmate").1, Color::Indexed(ground));
        quits(terminal);
    }
}

#[test]
fn where_no_colour_is_wanted_the_key_says_so_and_there_is_none() {
    let desk = Desk::with_tickets();
    for (variable, args) in [("1", vec![]), ("", vec!["--color", "never"])] {
        let mut terminal = terminal(&desk)
            .env("NO_COLOR", variable)
            .args(args.into_iter().chain(["--theme", "dark"]))
            .spawn(PROGRAM)
            .unwrap();
        shows(&mut terminal, "Queue");
        terminal.send(Key::Char('T')).unwrap();
        shows(&mut terminal, "Colour is off");
        let screen = terminal.screen();
        for row in 0..screen.rows() {
            for column in 0..screen.cols() {
                let style = screen.cell(row, column).unwrap().style();
                assert_eq!((style.fg, style.bg), PLAIN, "{row} {column}");
            }
        }
        quits(terminal);
    }
}

#[test]
fn a_theme_of_ones_own_lies_beside_the_configuration_and_may_be_wrong() {
    let desk = Desk::with_tickets();
    desk.config("person = \"Alice\"\ntheme = \"mine.toml\"\n");
    let file = desk.home().join("config/relmate/mine.toml");
    std::fs::write(&file, "strong = \"#102030 on yellow\"\n").unwrap();
    let mut right = terminal(&desk)
        .env("COLORTERM", "24bit")
        .spawn(PROGRAM)
        .unwrap();
    shows(&mut right, "Queue");
    let own = (Color::Rgb(0x10, 0x20, 0x30), Color::Indexed(3));
    assert_eq!(colours(&right, "relmate"), own);
    assert!(!quits(right).contains("note:"));
    for (text, said) in [
        ("strnog = \"red\"\n", "line 1: there is no strnog"),
        ("ok = \"red\"\nstrong = ", "line 2: "),
    ] {
        std::fs::write(&file, text).unwrap();
        let mut wrong = terminal(&desk).spawn(PROGRAM).unwrap();
        shows(&mut wrong, said);
        assert!(quits(wrong).contains("note: The theme mine.toml: line "));
    }
    std::fs::remove_file(&file).unwrap();
    let mut none = terminal(&desk).spawn(PROGRAM).unwrap();
    shows(&mut none, "The theme mine.toml: ");
    quits(none);
}

#[test]
fn ascii_is_an_option_as_well() {
    let desk = Desk::with_tickets();
    let mut terminal = terminal(&desk).args(["--ascii"]).spawn(PROGRAM).unwrap();
    shows(&mut terminal, "Queue");
    let text = terminal.screen().text();
    // What an empty pane says comes from elsewhere.
    assert!(!text.contains(['│', '─', '┌', '▸', '·', '█']), "{text}");
    quits(terminal);
}
