//! A clock as a bar: elapsed against limit, in eighths of a cell.

use super::pen::Pen;

const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// Draws a bar of `width` cells; beyond the limit it is simply full.
pub fn draw(pen: &mut Pen<'_>, width: u16, permille: u32) {
    let parts = u32::from(width) * 8 * permille.min(1000) / 1000;
    let (full, part) = (parts / 8, (parts % 8) as usize);
    let ascii = pen.theme.ascii;
    let empty = u32::from(width) - full;
    for _ in 0..full {
        pen.cell(1, if ascii { "#" } else { "█" });
    }
    if ascii {
        for _ in 0..empty {
            pen.cell(1, ".");
        }
    } else if empty > 0 {
        pen.cell(1, EIGHTHS[part]);
        pen.skip(u16::try_from(empty - 1).unwrap_or(0));
    }
}
