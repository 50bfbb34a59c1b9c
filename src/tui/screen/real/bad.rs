//! What nobody should type, and desks that go away: nothing reaches the terminal that it
//! would obey, nothing falls over, and no text is lost.

use super::{Real, town};
use crate::domain::kind::Kind;
use crate::domain::plain::plain_lines;
use crate::tui::effect::Effect;
use crate::tui::msg::Msg;
use crate::workspace::action::Action;
use crate::workspace::fixture::field_of;
use crate::workspace::look::board::rows::Pane;
use crate::workspace::refusal::Refusal;

const EVIL: &[&str] = &[
    "e\u{1b}[2Jv\u{7}il\u{9b}31m",
    "\u{202e}right to left\u{2066}",
    "مرحبا بالعالم",
    "漢字とカナ",
    "e\u{301}\u{301}\u{301}a\u{200b}b\u{feff}",
    "👩\u{200d}🔬🇮🇹👍🏽",
    "a\tb\u{2028}c\u{0}d",
    "\u{fff9}x\u{fffb}\u{e000}\u{10ffff}",
];

/// Nothing in any cell moves a cursor, and every border is where it belongs.
#[track_caller]
fn safe(screen: &mut Real) {
    screen.draw();
    for cell in &screen.buffer.content {
        let bad = |letter: char| {
            letter.is_control()
                || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}')
        };
        assert!(!cell.symbol().chars().any(bad), "{:?}", cell.symbol());
    }
}

/// The right border of what lies over the panes, a line each.
#[track_caller]
fn aligned(screen: &Real) {
    let area = screen.buffer.area;
    let symbol = |x, y| screen.buffer[(x, y)].symbol();
    let corner = (0..area.width - 1).find(|x| symbol(*x, 2) == "┐");
    let corner = corner.unwrap_or_else(|| panic!("nothing lies there:\n{}", screen.text()));
    let sides = (3..area.height).map(|y| symbol(corner, y));
    let mut rest = sides.skip_while(|symbol| *symbol == "│");
    assert_eq!(rest.next(), Some("┘"), "{}", screen.text());
}

#[test]
fn what_is_typed_is_what_is_recorded_without_what_a_terminal_would_obey() {
    for text in EVIL {
        let mut screen = Real::open();
        screen.go(Pane::Queue, "T-1").press("c");
        screen.types(text);
        let typed = screen.form().lines[0].text();
        safe(&mut screen);
        aligned(&screen);
        assert!(!typed.is_empty());
        assert_eq!(plain_lines(&typed), typed, "{text:?}");
        screen.press("ctrl-s");
        assert_eq!(screen.intent()["text"], typed, "{text:?}");
        screen.press("a p").fill("name", text);
        let pasted = screen.form().lines[0].text();
        screen.fill("provider", text).press("ctrl-s");
        safe(&mut screen);
        let named = screen.intent();
        assert_eq!(named["name"], pasted.trim(), "{}", screen.text());
        screen
            .press("a l")
            .fill("kind", "puzzle")
            .fill("text", text);
        screen.press("ctrl-s");
        safe(&mut screen);
        // As titles, choices and searches.
        screen.press("7");
        safe(&mut screen);
        screen.press("g g enter");
        safe(&mut screen);
        aligned(&screen);
        screen.press("esc a s").types(text);
        safe(&mut screen);
        aligned(&screen);
        screen.press("down enter");
        safe(&mut screen);
        screen.press("esc ctrl-k").types(text);
        safe(&mut screen);
        screen.press("esc : ").types(text).paste(text);
        safe(&mut screen);
        screen.press("esc 2 /").types(text).paste(text);
        safe(&mut screen);
        screen.press("esc g m");
        safe(&mut screen);
    }
}

#[test]
fn every_entry_of_a_form_takes_any_text() {
    for text in EVIL {
        for keys in [
            "a c", "a m", "a p", "a s", "a a", "a l", "a t", "a e", "t d", "t c",
        ] {
            let mut screen = Real::open();
            screen.go(Pane::Queue, "T-2").press(keys);
            for place in 0..screen.form().lines.len() {
                screen.paste(text).types("é漢").press("tab");
                assert!(place < 30);
                safe(&mut screen);
            }
            screen.press("ctrl-s");
            safe(&mut screen);
            screen.press("esc");
            safe(&mut screen);
        }
    }
}

#[test]
fn a_record_deleted_meanwhile_refuses_and_the_text_stays() {
    let mut screen = Real::open();
    screen.go(Pane::Queue, "T-1").press("c").types("a remark");
    screen.meanwhile(&Action::Delete {
        id: "T-1".to_owned(),
        reason: None,
    });
    screen.send(Msg::Settled);
    screen.press("ctrl-s");
    assert_eq!(screen.form().lines[0].text(), "a remark");
    screen.reads("T-1 is not on the desk any more");
    screen.press("esc");
    assert!(!screen.model.drafts.is_empty());
}

#[test]
fn a_desk_that_goes_away_loses_no_text_and_comes_back() {
    let mut screen = Real::open();
    screen.go(Pane::Queue, "T-1").press("c").types("a remark");
    let away = screen.path().with_extension("away");
    std::fs::rename(screen.path(), &away).unwrap();
    screen.source = rest(&screen);
    screen.send(Msg::Settled);
    screen.types(", longer").press("ctrl-s");
    safe(&mut screen);
    assert_eq!(screen.form().lines[0].text(), "a remark, longer");
    assert!(screen.form().refused.is_some());
    assert!(!screen.path().exists(), "nothing made another one");
    std::fs::rename(&away, screen.path()).unwrap();
    screen.send(Msg::Settled);
    screen.press("ctrl-s");
    assert_eq!(screen.intent()["text"], "a remark, longer");
}

/// The thread as it is when no form has been rehearsed yet.
fn rest(screen: &Real) -> crate::tui::perform::Source {
    let mut source = Real::source(&screen.path());
    assert!(source.at_once(Effect::Rest).is_none());
    source
}

#[cfg(unix)]
#[test]
fn a_desk_that_becomes_read_only_refuses_and_the_text_stays() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut screen = Real::open();
    screen.go(Pane::Queue, "T-1").press("c").types("a remark");
    screen.source = rest(&screen);
    let all = |mode| std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(screen.path(), all(0o400)).unwrap();
    let writes = std::fs::OpenOptions::new()
        .append(true)
        .open(screen.path())
        .is_ok();
    screen.press("ctrl-s");
    std::fs::set_permissions(screen.path(), all(0o600)).unwrap();
    // The superuser writes all the same.
    if !writes {
        assert_eq!(screen.form().lines[0].text(), "a remark");
        assert!(screen.form().refused.is_some());
        screen.press("ctrl-s");
    }
    assert_eq!(screen.intent()["text"], "a remark");
}

#[test]
fn a_desk_for_reading_only_opens_no_form_and_says_why() {
    let mut screen = Real::of(town(), true);
    let before = screen.count();
    screen.go(Pane::Queue, "T-1");
    for keys in ["c", "t d", "u", "b", "a l", "space t d", "ctrl-r"] {
        screen.press(keys);
        assert!(screen.model.overlays.is_empty(), "{keys}");
        assert!(
            screen.notice().contains("reading only"),
            "{keys}: {}",
            screen.notice()
        );
    }
    screen.press("esc").go(Pane::Queue, "T-1").press("enter");
    screen.reads("T-1 ARC 7.0.3 al1").press("g g j e");
    assert!(
        screen.notice().contains("reading only"),
        "{}",
        screen.notice()
    );
    screen.press("d");
    screen.reads("not now: this desk is open for reading only");
    assert_eq!(screen.count(), before);
}

#[test]
fn an_editor_that_fails_leaves_the_text_and_one_that_works_replaces_it() {
    let mut screen = Real::open();
    screen
        .go(Pane::Queue, "T-1")
        .press("c")
        .types("typed")
        .press("ctrl-o");
    let edit = Effect::Edit {
        name: "text".to_owned(),
        text: "typed".to_owned(),
    };
    assert_eq!(screen.outside, [edit]);
    let edited = |result| Msg::Edited {
        name: "text".to_owned(),
        result,
    };
    screen.send(edited(Err(Refusal::failed("The editor failed.", ""))));
    assert_eq!(screen.form().lines[0].text(), "typed");
    screen.reads("The editor failed.");
    screen.send(edited(Ok(None)));
    assert_eq!(screen.form().lines[0].text(), "typed");
    screen.send(edited(Ok(Some("two\nli\u{1b}[2Jnes\n".to_owned()))));
    safe(&mut screen);
    screen.press("ctrl-s");
    assert_eq!(screen.intent()["text"], "two\nli[2Jnes\n");
}

#[test]
fn drafts_come_back_each_to_its_own_form_and_are_forgotten_when_saved() {
    let mut screen = Real::open();
    for (id, text) in [("T-1", "first"), ("T-2", "second")] {
        screen
            .go(Pane::Queue, id)
            .press("c")
            .types(text)
            .press("esc");
    }
    for (id, text) in [("T-1", "first"), ("T-2", "second")] {
        screen.go(Pane::Queue, id).press("c");
        assert_eq!(screen.form().lines[0].text(), text);
        screen.press("esc");
    }
    screen.go(Pane::Queue, "T-1").press("c ctrl-s c");
    assert_eq!(screen.form().lines[0].text(), "", "it was saved");
    screen.press("esc").go(Pane::Queue, "T-2").press("c ctrl-l");
    assert_eq!(screen.form().lines[0].text(), "");
    screen.press("esc c");
    assert_eq!(screen.form().lines[0].text(), "", "it was forgotten");
}

#[test]
fn two_fields_of_a_record_keep_their_own_texts() {
    let mut screen = Real::open();
    screen.visit(Kind::Product, "ARC");
    let open = |screen: &mut Real, name: &'static str| {
        use crate::workspace::look::board::rows::Act;
        screen.press("g g");
        let mut guard = 0;
        loop {
            if let Some(crate::tui::overlay::Overlay::Record(record)) = screen.model.overlays.last()
                && record.act() == Some(&Act::Field(name))
            {
                break;
            }
            screen.press("j");
            guard += 1;
            assert!(guard < 100);
        }
        screen.press("e");
    };
    open(&mut screen, "provider");
    screen.types(" and others").press("esc");
    open(&mut screen, "licence");
    screen.types("MIT").press("ctrl-s");
    assert_eq!(
        field_of(&screen.path(), (Kind::Product, "ARC"), "licence"),
        "MIT"
    );
    open(&mut screen, "provider");
    assert_eq!(screen.form().lines[0].text(), "NorduGrid and others");
}

#[test]
fn an_emptied_line_that_was_known_is_no_answer_but_where_a_record_is_written_anew() {
    let mut screen = Real::open();
    screen.visit(Kind::Ticket, "T-1").press("a a");
    screen
        .fill("text", "ask them")
        .fill("about", "")
        .press("ctrl-s");
    assert!(screen.intent()["about"].is_null(), "{}", screen.text());
    screen
        .press("esc a s")
        .fill("product", "ARC")
        .fill("version", "7.1.0");
    screen
        .fill("platform", "al9")
        .fill("arch", "")
        .fill("waive", "no notes");
    screen.press("ctrl-s");
    assert_eq!(
        screen.intent()["targets"][0]["arch"],
        "x86_64",
        "{}",
        screen.text()
    );
    screen
        .go(Pane::Products, "ARC")
        .press("d")
        .types("product edit")
        .press("enter");
    screen.fill("provider", "").press("ctrl-s");
    assert!(field_of(&screen.path(), (Kind::Product, "ARC"), "provider").is_null());
}
