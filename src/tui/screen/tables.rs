//! Panes with all the room there is: tables with headings, columns that were chosen, and
//! the mark of the order.

use super::Screen;
use super::desk::full;
use crate::tui::effect::Effect;
use crate::tui::theme::Theme;
use crate::workspace::look::board::rows::{Pane, Sort, SortBy};

/// A pane zoomed as far as it goes, sorted and with chosen columns.
fn zoomed(pane: Pane, size: (u16, u16), columns: &[&'static str]) -> Screen {
    let mut screen = Screen::with(full(), size).press(&format!("{} z z", pane as usize));
    let list = screen.model.list_mut();
    list.set_columns(columns.to_vec());
    list.set_sort(Sort {
        by: SortBy::Owner,
        backwards: true,
    });
    let effects = screen.model.settle();
    screen.perform(effects);
    screen.draw();
    screen
}

#[test]
fn a_zoomed_pane_is_a_table_with_the_columns_that_were_chosen() {
    let columns = ["promised", "delay_reason"];
    for (name, width) in [
        ("table_200x8", 200),
        ("table_112x8", 112),
        ("table_80x8", 80),
    ] {
        let looks = [Pane::Queue, Pane::Retro, Pane::Sites]
            .map(|pane| zoomed(pane, (width, 8), &columns).text());
        insta::assert_snapshot!(name, looks.join("\n"));
    }
}

#[test]
fn chosen_columns_are_read_only_for_a_table() {
    let screen = zoomed(Pane::Queue, (112, 32), &["promised"]);
    assert_eq!(screen.model.list().rows[0].extra, ["promised of T-17"]);
    let screen = screen.press("z").press("r");
    assert_eq!(screen.model.list().rows[0].extra, [""; 0]);
    let mut screen = screen;
    screen.effects.clear();
    let effects = crate::tui::update::update(
        &mut screen.model,
        crate::tui::msg::Msg::Key(crate::tui::keymap::Press::parse("z").unwrap()),
    );
    let [Effect::Load(ask)] = effects.as_slice() else {
        panic!("asked {effects:?}")
    };
    assert_eq!(ask.windows[0].columns, ["promised"]);
}

#[test]
fn a_table_has_no_headings_where_it_has_no_room() {
    let screen = zoomed(Pane::Queue, (60, 6), &[]);
    assert!(!screen.text().contains("clock"), "{}", screen.text());
    let ascii = Theme::new(true, false);
    let screen = Screen::themed(full(), (112, 12), ascii).press("2 z z");
    assert!(screen.text().is_ascii());
}

#[test]
fn no_column_leaves_its_place_at_any_width() {
    for width in 20..160 {
        for pane in [Pane::Queue, Pane::Retro, Pane::Sites] {
            let screen = zoomed(pane, (width, 12), &["delay_reason"]);
            let rect = screen.hits.panes[pane as usize].unwrap();
            for y in rect.top() + 1..rect.bottom() - 1 {
                let edge = &screen.buffer[(rect.right() - 1, y)];
                assert_eq!(edge.symbol(), "│", "{pane:?} {width}");
            }
        }
    }
}
