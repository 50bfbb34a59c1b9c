//! The sites while releases are tried: the grid of marks, the ledger, and how each
//! rollout stands.

use super::Screen;
use super::desk::rollout;
use crate::tui::theme::Theme;
use crate::workspace::look::board::rows::Pane;

fn looks(keys: &str, sizes: &[(u16, u16)]) -> String {
    let look = |size: &(u16, u16)| Screen::with(rollout(), *size).press(keys).text();
    sizes.iter().map(look).collect::<Vec<_>>().join("\n")
}

#[test]
fn r44_the_sites_stand_under_the_rollouts_that_are_running() {
    insta::assert_snapshot!("sites_shared", looks("3", &[(112, 32), (80, 24), (50, 15)]));
}

#[test]
fn r40_zoomed_the_pane_is_the_grid_the_ledger_and_what_is_in_progress() {
    let sizes = [(200, 14), (112, 32), (80, 24), (50, 15)];
    insta::assert_snapshot!("sites_zoomed", looks("3 z z", &sizes));
}

#[test]
fn no_mark_leaves_its_place_at_any_size() {
    for width in (1..160).step_by(3) {
        for (height, keys) in [(12, "3 z z"), (24, "3"), (1, "3"), (7, "3 z")] {
            let screen = Screen::with(rollout(), (width, height)).press(keys);
            let Some(rect) = screen.hits.panes[Pane::Sites as usize] else {
                continue;
            };
            for y in rect.top() + 1..rect.bottom() - 1 {
                let edge = screen.buffer[(rect.right() - 1, y)].symbol();
                assert!(["│", "↑", "↓"].contains(&edge), "{width}x{height}: {edge}");
            }
        }
    }
}

#[test]
fn a_site_is_picked_by_its_line_below_the_headings() {
    let screen = Screen::with(rollout(), (112, 32)).press("3 z z j");
    assert_eq!(screen.selected(), "PIC");
}

#[test]
fn the_marks_are_words_in_any_theme() {
    let plain = Screen::themed(rollout(), (112, 32), Theme::new(true, false)).press("3 z z");
    let text = plain.text();
    assert!(text.is_ascii(), "{text}");
    for word in [
        "2 d left",
        "failed, P-3",
        "silent, consent",
        "own risk",
        "11/12",
        "++L+ in time",
    ] {
        assert!(text.contains(word), "{word}\n{text}");
    }
}
