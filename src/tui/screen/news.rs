//! What others changed since the person last looked: the marks, the line of each pane, the keys
//! that go there, and the page of what two managers have to settle.

use super::Screen;
use super::desk::{Fixture, full};
use crate::domain::kind::Kind;
use crate::tui::effect::Effect;
use crate::tui::msg::Msg;
use crate::tui::overlay::Overlay;
use crate::tui::theme::Theme;
use crate::workspace::action::Settle;
use crate::workspace::look::board::rows::{Act, Key, Line, Page, Pane};
use crate::workspace::look::news::{Item, News};
use crate::workspace::look::topic::Topic;
use crate::workspace::looked::Looked;

fn key(kind: Kind, id: &str) -> Key {
    Key {
        kind,
        id: id.to_owned(),
    }
}

fn looked(step: i64, at: &str) -> Looked {
    let at: chrono::DateTime<chrono::Utc> = at.parse().unwrap();
    Looked {
        step,
        commit: "c0".repeat(32),
        at: at.timestamp(),
    }
}

fn item(kind: Kind, id: &str, by: &str, duty: bool) -> Item {
    Item {
        key: key(kind, id),
        by: by.to_owned(),
        duty,
    }
}

/// Bob and Carol have changed things since Tuesday.
fn changed() -> Fixture {
    Fixture {
        news: Some(News {
            reached: looked(50, "2026-11-21T09:14:00Z"),
            items: vec![
                item(Kind::Ticket, "T-17", "Bob", false),
                item(Kind::Ticket, "T-12", "Carol", true),
                item(Kind::Ticket, "T-8", "Bob", true),
                item(Kind::Lesson, "L-9", "Bob", false),
            ],
            beyond: false,
        }),
        ..full()
    }
}

fn screen(size: (u16, u16), theme: Theme) -> Screen {
    let mut screen = Screen::themed(changed(), size, theme);
    let last = looked(40, "2026-11-17T18:02:00Z");
    screen.model.since.begin(Some(last));
    screen.press("r")
}

fn plain() -> Theme {
    Theme::new(false, true)
}

#[test]
fn every_pane_counts_what_others_changed_and_marks_the_rows() {
    insta::assert_snapshot!("news_112x32", screen((112, 32), plain()).text());
    insta::assert_snapshot!("news_50x15", screen((50, 15), plain()).text());
    let ascii = screen((112, 32), Theme::new(true, false));
    assert!(ascii.text().is_ascii(), "{}", ascii.text());
    insta::assert_snapshot!("news_ascii", ascii.text());
}

#[test]
fn the_line_says_how_many_since_when_and_by_whom() {
    let screen = screen((200, 40), plain()).press("2 z z");
    let text = screen.text();
    let line = "3 changed since you last looked, Tue 18:02: Bob 2, Carol 1";
    assert!(text.contains(line), "{text}");
}

#[test]
fn nothing_is_said_where_nothing_is_new_and_whoever_looks_first_sees_nothing_new() {
    let mut desk = changed();
    if let Some(news) = &mut desk.news {
        news.items.clear();
    }
    let text = Screen::with(desk, (112, 32)).press("f").text();
    assert!(!text.contains("changed since"), "{text}");
    assert!(text.contains("Nobody else changed anything"), "{text}");
    assert_eq!(Screen::with(full(), (112, 32)).model.since.looked(), None);
}

#[test]
fn a_key_goes_from_one_changed_row_to_the_next_through_all_panes() {
    let mut screen = screen((112, 32), plain());
    assert_eq!(screen.selected(), "T-12");
    let mut seen = Vec::new();
    for _ in 0..6 {
        screen = screen.press("f");
        seen.push(format!(
            "{:?} {}",
            screen.model.panes.focus,
            screen.selected()
        ));
    }
    assert_eq!(
        seen,
        [
            "Attention T-8",
            "Queue T-12",
            "Queue T-8",
            "Queue T-17",
            "Retro L-9",
            "Attention T-12",
        ]
    );
}

#[test]
fn what_no_pane_has_in_sight_is_listed_and_the_list_leads_there() {
    let screen = screen((112, 32), plain()).press("7 f");
    let text = screen.text();
    assert!(text.contains("Changed since you last looked"), "{text}");
    assert!(text.contains("changed by Carol"), "{text}");
    let screen = screen.press("enter");
    let opened = screen.effects.last();
    assert!(
        matches!(opened, Some(Effect::Open(ask)) if ask.key == key(Kind::Ticket, "T-17")),
        "{opened:?}"
    );
}

#[test]
fn who_says_that_it_is_seen_begins_anew() {
    let screen = screen((112, 32), plain()).press("F");
    let text = screen.text();
    assert!(!text.contains("changed since"), "{text}");
    let since = &screen.model.since;
    assert!(!since.is_new(&key(Kind::Ticket, "T-12")));
    assert_eq!(since.looked().map(|it| it.step), Some(50));
    assert_eq!(since.said(), 1);
}

#[test]
fn more_than_can_be_followed_is_said_to_be_more() {
    let mut desk = changed();
    if let Some(news) = &mut desk.news {
        news.beyond = true;
    }
    let text = Screen::with(desk, (112, 32)).press("2 z z").text();
    assert!(text.contains("more than 3 changed since"), "{text}");
}

/// Two fields of one ticket and the desk's profile.
fn contests() -> Page {
    let line = |label: &str| Line::Field(label.to_owned(), "contested".to_owned());
    let one = [Settle::Mine, Settle::Theirs, Settle::Later];
    let words = Settle::WORDS.map(|word| Settle::from_word(word).unwrap());
    let contest = |kind, id, field: &str, ways: &[Settle]| {
        Act::Contest(key(kind, id), field.to_owned(), ways.to_vec())
    };
    Page {
        title: "What two managers have to settle".to_owned(),
        lines: vec![
            Line::Heading("T-12 ARC 7.0.3 al9".to_owned()),
            line("State"),
            line("Testbed"),
            line("Profile"),
        ],
        acts: vec![
            (1, contest(Kind::Ticket, "T-12", "state", &one)),
            (2, contest(Kind::Ticket, "T-12", "testbed", &words)),
            (3, contest(Kind::Desk, "desk", "profile", &one)),
        ],
        ..Page::default()
    }
}

fn among_contests() -> Screen {
    let mut screen = Screen::with(full(), (112, 32)).press("g u");
    screen.send(Msg::Told(Ok((Topic::Conflicts, contests()))));
    screen.draw();
    screen
}

#[test]
fn one_key_opens_the_form_that_settles_the_marked_field_with_the_choice_filled_in() {
    for (press, how) in [
        ("m", "mine"),
        ("t", "theirs"),
        ("e", "merge"),
        ("b", "both"),
        ("l", "later"),
    ] {
        let screen = among_contests().press("j").press(press);
        let Some(Effect::Fill(ask)) = screen.effects.last() else {
            panic!("{press}: {:?}", screen.effects);
        };
        assert_eq!(ask.deed.name, "resolve");
        assert_eq!(ask.subjects, [key(Kind::Ticket, "T-12")]);
        assert_eq!(ask.given.one("field"), Some("testbed"));
        assert_eq!(ask.given.one("how"), Some(how));
    }
    let screen = among_contests().press("enter");
    let asked = screen.effects.last();
    assert!(
        matches!(asked, Some(Effect::Fill(ask)) if ask.given.one("how").is_none()),
        "{asked:?}"
    );
}

#[test]
fn what_cannot_become_of_the_marked_field_is_not_offered_and_says_why() {
    let mut screen = among_contests();
    let offered = |screen: &mut Screen| {
        let text = screen.text();
        text.lines().last().unwrap_or_default().to_owned()
    };
    let foot = offered(&mut screen);
    assert!(foot.contains("m mine · t theirs · l later"), "{foot}");
    let mut screen = screen.press("j");
    let foot = offered(&mut screen);
    assert!(
        foot.contains("t theirs · e merge · b both · l later"),
        "{foot}"
    );
    for (press, why) in [
        ("e", "only texts merge."),
        ("b", "only texts and lists do."),
    ] {
        let mut screen = among_contests().press(press);
        assert!(
            !screen
                .effects
                .iter()
                .any(|it| matches!(it, Effect::Fill(_)))
        );
        let foot = offered(&mut screen);
        assert!(foot.contains(why), "{foot}");
    }
}

#[test]
fn what_the_desk_itself_has_in_dispute_is_settled_by_its_own_name() {
    let screen = among_contests().press("G t");
    let Some(Effect::Fill(ask)) = screen.effects.last() else {
        panic!("{:?}", screen.effects);
    };
    assert_eq!(ask.given.one("id"), Some("desk"));
    assert_eq!(ask.given.one("field"), Some("profile"));
}

#[test]
fn the_page_of_conflicts_is_read_anew_in_its_place_until_nothing_is_left() {
    let mut screen = among_contests();
    insta::assert_snapshot!("contests_112x32", screen.text());
    screen.send(Msg::Settled);
    assert!(screen.effects.contains(&Effect::Tell(Topic::Conflicts)));
    screen.send(Msg::Told(Ok((Topic::Conflicts, Page::default()))));
    assert_eq!(screen.model.overlays.len(), 1);
    assert!(matches!(screen.model.overlays[0], Overlay::Page(_)));
    assert_eq!(screen.model.panes.focus, Pane::Attention);
    // What comes in while it says that nothing is in dispute is shown there.
    screen.effects.clear();
    screen.send(Msg::Settled);
    assert!(screen.effects.contains(&Effect::Tell(Topic::Conflicts)));
    screen.send(Msg::Told(Ok((Topic::Conflicts, contests()))));
    assert_eq!(screen.model.overlays.len(), 1);
    assert!(matches!(screen.model.overlays[0], Overlay::Contests(_)));
    // What comes after it was closed opens nothing.
    let mut screen = screen.press("esc");
    screen.send(Msg::Told(Ok((Topic::Conflicts, contests()))));
    assert!(screen.model.overlays.is_empty());
}

#[test]
fn the_cards_of_the_board_are_marked_as_the_rows_are() {
    let mut board = screen((112, 24), plain()).press("2 z z");
    board.model.toggle_board();
    let effects = board.model.settle();
    board.perform(effects);
    board.draw();
    insta::assert_snapshot!("news_board", board.text());
    let marked = board.text().matches('\u{25c2}').count();
    assert_eq!(marked, 2, "{}", board.text());
}

#[test]
fn a_record_that_is_sought_says_who_changed_it() {
    let mut jump = screen((112, 24), plain()).press("ctrl-k");
    let hit = |id: &str| crate::workspace::look::find::Hit {
        key: key(Kind::Ticket, id),
        title: "ARC".to_owned(),
        state: "ready".to_owned(),
        open: true,
    };
    jump.send(Msg::Found(
        String::new(),
        Ok(vec![hit("T-17"), hit("T-18")]),
    ));
    jump.draw();
    let text = jump.text();
    let line = |id: &str| text.lines().find(|it| it.contains(id)).unwrap().to_owned();
    assert!(line("T-17").contains("ARC, changed by Bob"), "{text}");
    assert!(!line("T-18").contains("changed by"), "{text}");
}
