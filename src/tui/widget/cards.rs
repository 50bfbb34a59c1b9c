//! Columns of cards: how many stand beside each other, how many below each other, and what
//! is scrolled away. Pure sums; what a card says is the pane's business.

use ratatui::layout::Rect;

/// The least width of a column.
pub const LEAST: u16 = 22;
/// The lines of a card.
pub const CARD: u16 = 2;

/// How many of so many columns fit beside each other, with a line between two.
pub fn fit_across(width: u16, count: usize) -> usize {
    let fit = usize::from(width.saturating_add(1) / (LEAST + 1));
    fit.clamp(1, count.max(1))
}

/// How many cards fit below each other.
pub fn fit_down(height: u16) -> usize {
    usize::from(height.saturating_add(gap(height)) / (CARD + gap(height))).max(1)
}

/// Blank lines between two cards: none where every line is needed.
fn gap(height: u16) -> u16 {
    u16::from(height >= 4 * (CARD + 1))
}

/// The first one that is seen, so that the selected one is, and no room is left.
pub fn scroll(first: usize, selected: usize, fit: usize, count: usize) -> usize {
    let fit = fit.max(1);
    let first = first.min(selected).max((selected + 1).saturating_sub(fit));
    first.min(count.saturating_sub(fit))
}

/// The rectangles of so many columns beside each other.
pub fn across(area: Rect, shown: usize) -> Vec<Rect> {
    let shown = u16::try_from(shown).unwrap_or(1).max(1);
    let room = area.width.saturating_sub(shown - 1);
    let (wide, over) = (room / shown, room % shown);
    let mut x = area.x;
    (0..shown)
        .map(|n| {
            let width = wide + u16::from(n < over);
            let rect = Rect { x, width, ..area };
            x = x.saturating_add(width).saturating_add(1);
            rect
        })
        .collect()
}

/// The rectangle of the card at a place below the top of its column.
pub fn card(column: Rect, place: usize) -> Option<Rect> {
    let step = CARD + gap(column.height);
    let y = column
        .y
        .saturating_add(u16::try_from(place).ok()?.saturating_mul(step));
    let height = column.bottom().saturating_sub(y).min(CARD);
    (height > 0).then_some(Rect {
        y,
        height,
        ..column
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_columns_as_fit_share_the_whole_width() {
        assert_eq!(fit_across(10, 6), 1, "there is always one");
        assert_eq!(fit_across(44, 6), 1);
        assert_eq!(fit_across(45, 6), 2);
        assert_eq!(fit_across(110, 6), 4);
        assert_eq!(fit_across(300, 6), 6);
        assert_eq!(fit_across(300, 0), 1);
        for width in 1..300 {
            let area = Rect::new(3, 2, width, 20);
            let rects = across(area, fit_across(width, 6));
            assert_eq!(rects[0].x, 3);
            assert_eq!(rects[rects.len() - 1].right(), area.right(), "{width}");
            for pair in rects.windows(2) {
                assert_eq!(pair[0].right() + 1, pair[1].x, "a line between them");
                assert!(pair[1].width >= LEAST, "{width}");
            }
        }
    }

    #[test]
    fn the_selected_one_is_seen_and_no_room_is_left() {
        assert_eq!(scroll(0, 0, 4, 6), 0);
        assert_eq!(scroll(0, 4, 4, 6), 1);
        assert_eq!(scroll(2, 1, 4, 6), 1);
        assert_eq!(scroll(5, 5, 4, 6), 2);
        assert_eq!(scroll(3, 3, 4, 2), 0, "fewer than there is room for");
        assert_eq!(scroll(0, 9, 0, 10), 9);
        for first in 0..8 {
            for selected in 0..8 {
                for fit in 1..9 {
                    let first = scroll(first, selected, fit, 8);
                    assert!((first..first + fit).contains(&selected));
                    assert!(first + fit <= 8.max(fit));
                }
            }
        }
    }

    #[test]
    fn cards_stand_below_each_other_and_stay_in_their_column() {
        assert_eq!(fit_down(12), 4, "with a line between");
        assert_eq!(fit_down(11), 5, "without one");
        assert_eq!(fit_down(1), 1);
        for height in 0..40 {
            let column = Rect::new(5, 7, 22, height);
            let fit = fit_down(height);
            for place in 0..fit {
                if let Some(rect) = card(column, place) {
                    assert_eq!(rect.intersection(column), rect);
                    assert!(rect.height == CARD || height < CARD);
                }
            }
        }
    }
}
