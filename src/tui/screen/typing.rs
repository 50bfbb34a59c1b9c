//! A pane narrowed and sorted: what is typed is asked for at once, an answer to what was
//! typed before is not shown, and the count comes behind the rows.

use super::Screen;
use super::desk::{full, long};
use crate::tui::effect::Effect;
use crate::tui::msg::Msg;
use crate::workspace::look::board::rows::{Ask, Count, Counted, Pane, Sort, SortBy};

const QUEUE: usize = Pane::Queue as usize;

/// A queue of 300 tickets with the focus.
fn screen() -> Screen {
    Screen::with(long(300), (112, 32)).press("2")
}

fn typed(screen: &mut Screen, filter: &str) -> Vec<Effect> {
    screen.model.panes.lists[QUEUE].set_filter(filter);
    screen.model.settle()
}

fn load(effects: &[Effect]) -> &Ask {
    match effects {
        [Effect::Load(ask)] => ask,
        other => panic!("asked {other:?}"),
    }
}

#[test]
fn what_is_typed_narrows_the_pane_and_its_title_says_so() {
    let mut screen = screen();
    let effects = typed(&mut screen, "-29");
    assert_eq!(load(&effects).windows[0].filter, "-29");
    screen.perform(effects);
    screen.draw();
    assert_eq!(screen.selected(), "T-29");
    assert_eq!(screen.model.list().matches(), Some(11));
    assert!(screen.text().contains("/-29: 11"), "{}", screen.text());
    let effects = typed(&mut screen, "-29x");
    screen.perform(effects);
    screen.draw();
    assert!(
        screen.text().contains("Nothing matches /-29x."),
        "{}",
        screen.text()
    );
    let effects = typed(&mut screen, "");
    screen.perform(effects);
    screen.draw();
    assert!(screen.text().contains("16 open, most urgent first"));
    assert_eq!(screen.model.list().rows.len(), 40);
}

#[test]
fn an_answer_to_what_was_typed_before_is_not_shown() {
    let mut screen = screen();
    let first = typed(&mut screen, "-2");
    let second = typed(&mut screen, "-29");
    let late = screen.desk.answer(load(&first));
    let wanted = screen.desk.answer(load(&second));
    screen.send(Msg::Board(Ok(Box::new(late))));
    assert_eq!(screen.model.list().rows[2].key.id, "T-2", "the rows before");
    screen.send(Msg::Board(Ok(Box::new(wanted))));
    assert_eq!(screen.model.list().rows[0].key.id, "T-29");
    assert_eq!(screen.model.loads.waiting, 0);
}

#[test]
fn a_count_that_was_given_up_is_asked_for_again_and_one_for_other_words_is_not_taken() {
    let mut screen = screen();
    let effects = typed(&mut screen, "-1");
    let board = screen.desk.answer(load(&effects));
    let effects = crate::tui::update::update(&mut screen.model, Msg::Board(Ok(Box::new(board))));
    let [Effect::Count(ask)] = effects.as_slice() else {
        panic!("asked {effects:?}")
    };
    let counted = |filter: &str, count| {
        Msg::Counted(Counted {
            pane: Pane::Queue,
            filter: filter.to_owned(),
            count,
        })
    };
    assert_eq!(ask.filter, "-1");
    let given_up = counted("-1", Count::GivenUp);
    let again = crate::tui::update::update(&mut screen.model, given_up);
    assert!(matches!(again.as_slice(), [Effect::Count(_)]));
    screen.send(counted("-", Count::Rows(300)));
    assert_eq!(screen.model.list().matches(), None);
    let failed = counted("-1", Count::Failed);
    assert!(crate::tui::update::update(&mut screen.model, failed).is_empty());
    let effects = typed(&mut screen, "-11");
    screen.perform(effects);
    assert_eq!(screen.model.list().matches(), Some(11));
}

#[test]
fn another_order_begins_at_the_top_and_is_said() {
    let mut screen = screen().press("G");
    assert_eq!(screen.selected(), "T-299");
    let sort = Sort {
        by: SortBy::Id,
        backwards: true,
    };
    screen.model.panes.lists[QUEUE].set_sort(sort);
    let effects = screen.model.settle();
    screen.perform(effects);
    screen.draw();
    assert_eq!(screen.model.list().rows[0].key.id, "T-299");
    assert_eq!(screen.selected(), "T-299", "it stays where it is found");
    assert!(screen.text().contains("by id, backwards"));
    let screen = screen.press("j j");
    assert_eq!(screen.selected(), "T-297");
}

#[test]
fn a_reload_asks_with_the_words_that_stand() {
    let mut screen = Screen::with(full(), (112, 32)).press("2");
    let effects = typed(&mut screen, "T-1");
    screen.perform(effects);
    let effects = crate::tui::update::update(&mut screen.model, Msg::Settled);
    let windows = &load(&effects).windows;
    let filters: Vec<&str> = windows.iter().map(|ask| ask.filter.as_str()).collect();
    assert_eq!(filters, ["", "", "T-1", "", ""]);
}
