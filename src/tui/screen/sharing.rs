//! A shared desk on the screen: the words in the footer at every width, what came in, the page.

use super::desk::full;
use super::{Fixture, Screen};
use crate::tui::effect::Effect;
use crate::tui::msg::Msg;
use crate::tui::overlay::Overlay;
use crate::workspace::look::board::rows::{Line, Page};
use crate::workspace::refusal::Refusal;
use crate::workspace::share::page;
use crate::workspace::share::watch::Heard;
use crate::workspace::share::words::Standing;

fn shared(conflicts: u64) -> Fixture {
    let mut desk = full();
    let header = desk.header.as_mut().unwrap();
    header.shared = true;
    header.counts.conflicts = conflicts;
    desk
}

fn heard(words: &str, brief: &'static str, trouble: bool, came: Option<&str>) -> Msg {
    Msg::Exchanged(Ok(Heard {
        standing: Standing {
            words: words.to_owned(),
            brief,
            trouble,
        },
        came: came.map(str::to_owned),
    }))
}

fn screen(conflicts: u64, width: u16, news: Msg) -> Screen {
    let mut screen = Screen::with(shared(conflicts), (width, 24));
    screen.model.user.exchanges = true;
    screen.send(news);
    screen.draw();
    screen
}

fn foot(screen: &Screen) -> String {
    screen.text().lines().last().unwrap().to_owned()
}

#[test]
fn a_shared_desk_begins_to_exchange_and_another_one_is_silent_about_it() {
    let screen = Screen::with(shared(0), (112, 32));
    assert!(screen.effects.contains(&Effect::Meet));
    let alone = Screen::with(full(), (112, 32)).press("E");
    assert!(!alone.effects.contains(&Effect::Meet) && !alone.effects.contains(&Effect::Exchange));
    assert!(foot(&alone).contains("not shared"), "{}", foot(&alone));
}

#[test]
fn a_desk_that_becomes_shared_while_it_is_open_begins_to_exchange() {
    let mut screen = Screen::with(full(), (112, 32));
    assert!(screen.effects.is_empty());
    screen.desk = shared(0);
    screen.send(Msg::Settled);
    assert_eq!(screen.effects, [Effect::Meet]);
    screen.send(Msg::Settled);
    assert_eq!(screen.effects.len(), 1, "once");
}

#[test]
fn a_desk_that_is_only_read_exchanges_nothing_and_says_so() {
    let mut screen = Screen::with(full(), (112, 32));
    screen.model.user.read_only = true;
    screen.desk = shared(0);
    screen.send(Msg::Settled);
    screen.draw();
    assert!(screen.effects.is_empty());
    assert!(
        foot(&screen).ends_with("no exchange   read-only"),
        "{}",
        foot(&screen)
    );
    let screen = screen.press("E");
    assert!(
        foot(&screen).contains("for reading only"),
        "{}",
        foot(&screen)
    );
}

#[test]
fn the_footer_says_at_every_width_how_the_desk_stands_with_the_others() {
    let words = [
        ("in step, 2 min", "in step", false),
        ("3 to publish", "to publish", false),
        ("waiting for files of Bob", "waiting", false),
        ("share not reachable since 09:10", "unreachable", true),
    ];
    let mut told = String::new();
    for (words, brief, trouble) in words {
        for width in [40, 50, 60, 80, 112, 200] {
            let screen = screen(0, width, heard(words, brief, trouble, None));
            let foot = foot(&screen);
            assert!(
                foot.ends_with(words) || foot.ends_with(brief),
                "{width}: {foot}"
            );
            if width >= 80 {
                assert!(foot.ends_with(words), "{width}: {foot}");
                assert!(foot.contains("help"), "{width}: {foot}");
            }
            told.extend([format!("{width:>3} "), foot, "\n".to_owned()]);
        }
    }
    for width in [40, 80] {
        let screen = screen(2, width, heard("in step, 2 min", "in step", false, None));
        assert!(foot(&screen).ends_with("2 conflicts"), "{}", foot(&screen));
        told.extend([format!("{width:>3} "), foot(&screen), "\n".to_owned()]);
    }
    insta::assert_snapshot!("share_words", told);
}

#[test]
fn what_came_in_is_told_behind_what_was_just_said_and_takes_no_focus() {
    let news = || heard("in step, now", "in step", false, Some("3 steps from Bob"));
    let mut screen = screen(0, 112, news());
    assert!(
        foot(&screen).contains("3 steps from Bob."),
        "{}",
        foot(&screen)
    );
    let before = screen.selected().to_owned();
    screen.model.say("T-12 is delayed.");
    screen.send(news());
    screen.draw();
    assert!(foot(&screen).contains("T-12 is delayed. 3 steps from Bob."));
    assert_eq!(screen.selected(), before);
    let mut screen = screen.press("j 2 /");
    screen.send(news());
    screen.draw();
    assert!(
        !foot(&screen).contains("3 steps from Bob"),
        "a filter is typed there"
    );
    assert!(matches!(
        screen.model.overlays.last(),
        Some(Overlay::Filter(_))
    ));
}

#[test]
fn an_exchange_that_is_asked_for_says_what_came_of_it() {
    let screen = Screen::with(shared(0), (112, 24));
    let mut screen = screen.press("E");
    assert!(screen.effects.contains(&Effect::Exchange));
    assert!(foot(&screen).contains("Exchanging with the folder"));
    screen.send(heard("in step, now", "in step", false, None));
    screen.draw();
    assert!(foot(&screen).contains("In step, now."), "{}", foot(&screen));
    screen.send(Msg::Exchanged(Err(Refusal::failed("The key is gone.", ""))));
    screen.draw();
    assert!(
        foot(&screen).contains("The key is gone"),
        "{}",
        foot(&screen)
    );
}

#[test]
fn a_folder_that_does_not_answer_is_named_though_nobody_tells_of_it() {
    let mut screen = screen(0, 112, heard("in step, now", "in step", false, None));
    let later = screen.model.now + chrono::TimeDelta::minutes(7);
    screen.send(Msg::Minute(later));
    screen.draw();
    assert!(
        foot(&screen).ends_with("the share does not answer, 7 min"),
        "{}",
        foot(&screen)
    );
    let screen = screen.press("j");
    assert!(!screen.text().is_empty(), "keys are taken as ever");
}

fn filled() -> Page {
    Page {
        title: page::TITLE.to_owned(),
        lines: vec![Line::Text("Through /share".to_owned())],
        ..Page::default()
    }
}

#[test]
fn the_page_of_sharing_waits_for_the_folder_and_disturbs_nobody_who_has_left_it() {
    let mut screen = Screen::with(shared(0), (112, 24)).press("g h");
    assert!(screen.effects.contains(&Effect::Sharing));
    assert!(screen.text().contains("The folder is being looked at."));
    screen.send(Msg::Sharing(Ok(filled())));
    screen.draw();
    assert!(
        screen.text().contains("Through /share"),
        "{}",
        screen.text()
    );
    screen.effects.clear();
    screen.send(heard("in step, now", "in step", false, None));
    assert_eq!(screen.effects, [Effect::Sharing], "it follows what happens");
    let mut screen = screen.press("esc");
    screen.send(Msg::Sharing(Ok(filled())));
    assert!(screen.model.overlays.is_empty());
}

#[test]
fn an_exchange_that_takes_long_says_how_far_it_is_until_it_is_over() {
    let mut screen = screen(0, 112, heard("in step, now", "in step", false, None));
    screen.send(Msg::Exchanging("reading file 3 of 120".to_owned()));
    screen.draw();
    assert!(
        foot(&screen).ends_with("reading file 3 of 120"),
        "{}",
        foot(&screen)
    );
    screen.send(Msg::Exchanging(String::new()));
    screen.draw();
    assert!(foot(&screen).ends_with("in step, now"), "{}", foot(&screen));
    // Where the folder is away, since when says more than that it is tried again.
    let away = "share not reachable since 09:10";
    screen.send(heard(away, "unreachable", true, None));
    screen.send(Msg::Exchanging("looking into the folder, 7 s".to_owned()));
    screen.draw();
    assert!(foot(&screen).ends_with(away), "{}", foot(&screen));
    // A desk that is being joined is not shared yet, and says it as well.
    let mut alone = Screen::with(full(), (112, 32));
    alone.send(Msg::Exchanging("12,400 steps received".to_owned()));
    alone.draw();
    assert!(
        foot(&alone).ends_with("12,400 steps received"),
        "{}",
        foot(&alone)
    );
}
