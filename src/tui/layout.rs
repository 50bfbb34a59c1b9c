//! Where everything goes, from the size of the terminal alone. Draws nothing.

use ratatui::layout::Rect;

use super::model::Zoom;
use crate::workspace::look::board::rows::Pane;

/// Below this width the panes stand on top of each other.
const GRID: u16 = 100;
/// Below this width there is one pane at a time.
const STACK: u16 = 60;
/// Below this size there is one line.
const TINY: (u16, u16) = (20, 5);

/// A frame's plan. A pane's rectangle has its borders in it; neighbours share theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Nothing but one line of what is most urgent.
    pub tiny: bool,
    pub head: u16,
    pub foot: Option<u16>,
    pub panes: [Option<Rect>; Pane::COUNT],
}

pub enum Side {
    Left,
    Right,
}

/// The pane beside another one in the grid.
pub fn beside(pane: Pane, side: Side) -> Pane {
    match (pane, side) {
        (Pane::Schedule, Side::Right) => Pane::Queue,
        (Pane::Queue, Side::Left) => Pane::Schedule,
        (Pane::Sites, Side::Right) => Pane::Retro,
        (Pane::Retro, Side::Left) => Pane::Sites,
        (same, Side::Left | Side::Right) => same,
    }
}

/// Plans a frame. `wanted` is how many lines need a human.
pub fn plan((width, height): (u16, u16), focus: Pane, zoom: Zoom, wanted: u16) -> Plan {
    let mut plan = Plan {
        tiny: false,
        head: 0,
        foot: None,
        panes: [None; Pane::COUNT],
    };
    if width < TINY.0 || height < TINY.1 {
        plan.tiny = true;
        return plan;
    }
    plan.head = if height >= 16 { 2 } else { 1 };
    plan.foot = Some(height - 1);
    let body = Rect::new(0, plan.head, width, height - plan.head - 1);
    plan.panes = match zoom {
        _ if !focus.in_grid() => single(body, focus),
        Zoom::Wide => pair(body, focus, wanted),
        Zoom::Normal if width >= GRID && body.height >= 12 => grid(body, wanted),
        Zoom::Normal if width >= STACK && body.height >= 16 => stack(body, wanted),
        Zoom::Normal if width >= STACK && body.height >= 8 => pair(body, focus, wanted),
        Zoom::Full | Zoom::Normal => single(body, focus),
    };
    plan
}

fn single(body: Rect, focus: Pane) -> [Option<Rect>; Pane::COUNT] {
    let mut panes = [None; Pane::COUNT];
    panes[focus as usize] = Some(body);
    panes
}

/// What needs a human above, the pane with the focus below.
fn pair(body: Rect, focus: Pane, wanted: u16) -> [Option<Rect>; Pane::COUNT] {
    if body.height < 8 {
        return single(body, focus);
    }
    let rows = body.height - 3;
    let (top, below) = if focus == Pane::Attention {
        (rows * 2 / 3, Pane::Queue)
    } else {
        (wanted.clamp(1, (rows / 3).max(1)), focus)
    };
    let mut panes = [None; Pane::COUNT];
    panes[0] = Some(Rect {
        height: top + 2,
        ..body
    });
    panes[below as usize] = Some(rest(body, top + 1));
    panes
}

/// What remains of `body` below `used` rows.
fn rest(body: Rect, used: u16) -> Rect {
    Rect {
        y: body.y + used,
        height: body.height - used,
        ..body
    }
}

fn grid(body: Rect, wanted: u16) -> [Option<Rect>; Pane::COUNT] {
    let rows = body.height - 4;
    let top = wanted.clamp(3, (rows * 2 / 5).max(3));
    let middle = (rows - top).div_ceil(2);
    let upper = Rect {
        height: middle + 2,
        ..rest(body, top + 1)
    };
    let lower = rest(body, top + middle + 2);
    let split = body.width / 2;
    let left = |row: Rect| Rect {
        width: split + 1,
        ..row
    };
    let right = |row: Rect| Rect {
        x: row.x + split,
        width: row.width - split,
        ..row
    };
    let mut panes = [None; Pane::COUNT];
    panes[Pane::Attention as usize] = Some(Rect {
        height: top + 2,
        ..body
    });
    panes[Pane::Schedule as usize] = Some(left(upper));
    panes[Pane::Queue as usize] = Some(right(upper));
    panes[Pane::Sites as usize] = Some(left(lower));
    panes[Pane::Retro as usize] = Some(right(lower));
    panes
}

fn stack(body: Rect, wanted: u16) -> [Option<Rect>; Pane::COUNT] {
    let rows = body.height - 6;
    let top = wanted.clamp(2, (rows / 3).max(2));
    let share = (rows - top) / 4;
    let over = (rows - top) % 4;
    let mut panes = [None; Pane::COUNT];
    panes[0] = Some(Rect {
        height: top + 2,
        ..body
    });
    let mut used = top + 1;
    for pane in [Pane::Schedule, Pane::Queue, Pane::Sites, Pane::Retro] {
        // What is left over goes to the queue first, then to the schedule.
        let more = match pane {
            Pane::Queue => over.div_ceil(2),
            Pane::Schedule => over / 2,
            _ => 0,
        };
        let height = share + more;
        panes[pane as usize] = Some(Rect {
            height: height + 2,
            ..rest(body, used)
        });
        used += height + 1;
    }
    panes
}

/// The rectangle of an overlay that would like to show so many lines.
pub fn page((width, height): (u16, u16), lines: usize) -> Rect {
    let whole = Rect::new(0, 0, width, height);
    if width < STACK || height < 16 {
        return Rect {
            height: height.saturating_sub(1).max(1),
            ..whole
        };
    }
    let inner_width = (width - 8).min(92);
    let wanted = u16::try_from(lines).unwrap_or(u16::MAX).saturating_add(2);
    let inner_height = wanted.clamp(5, height - 4);
    Rect::new((width - inner_width) / 2, 2, inner_width, inner_height)
}

/// Columns and the most rows for an overlay's text.
pub fn page_text(size: (u16, u16)) -> (u16, u16) {
    let rect = page(size, usize::MAX);
    (rect.width.saturating_sub(4), rect.height.saturating_sub(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_has_a_plan_within_its_bounds() {
        for width in 0..140 {
            for height in 0..50 {
                for zoom in [Zoom::Normal, Zoom::Wide, Zoom::Full] {
                    for focus in Pane::ALL {
                        let plan = plan((width, height), focus, zoom, 7);
                        let screen = Rect::new(0, 0, width, height);
                        for rect in plan.panes.into_iter().flatten() {
                            assert_eq!(rect.intersection(screen), rect, "{width}x{height}");
                            assert!(rect.height >= 3, "{width}x{height} {zoom:?} {focus:?}");
                        }
                        assert!(plan.tiny || plan.panes[focus as usize].is_some());
                        let shown = plan.panes.iter().flatten().count();
                        assert!(focus.in_grid() || shown <= 1, "a full list stands alone");
                    }
                }
                assert!(page((width, height), 9).width <= width);
            }
        }
    }
}
