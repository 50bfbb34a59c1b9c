//! A cycle over its days: one line with its milestones, or an axis of months and countdown
//! weeks with a strip for each milestone. Shows days only as places; dates stand in rows.

use chrono::{Datelike as _, Days, Months, NaiveDate};

use super::pen::Pen;
use crate::domain::schedule::countdown;
use crate::workspace::look::board::rows::{Cells, Gate, Row, Tone};

/// A milestone's id and the day it might be moved to.
pub type Move = (String, NaiveDate);

/// The days that are shown, in so many columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    first: NaiveDate,
    last: NaiveDate,
    width: u16,
}

/// A text on the axis and the column it begins at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub at: u16,
    pub text: String,
}

impl Scale {
    /// From the first day of some milestones to their last one, with the days they might be
    /// moved to, and with today unless that is far away.
    pub fn new(rows: &[Row], moves: &[Move], today: NaiveDate, width: u16) -> Option<Self> {
        let days = || {
            let gates = rows.iter().flat_map(|row| match &row.cells {
                Cells::Milestone(gate) => [gate.day, gate.planned],
                _ => [None, None],
            });
            gates.flatten().chain(moves.iter().map(|(_, to)| *to))
        };
        let (first, last) = (days().min()?, days().max()?);
        let near = (last - first).num_days() / 4;
        let (mut from, mut to) = (first, last);
        if (first - today).num_days() <= near {
            from = from.min(today);
        }
        if (today - last).num_days() <= near {
            to = to.max(today);
        }
        (from < to && width >= 2).then_some(Self {
            first: from,
            last: to,
            width,
        })
    }

    /// The column of a day.
    pub fn column(self, day: NaiveDate) -> Option<u16> {
        if day < self.first || day > self.last {
            return None;
        }
        let all = (self.last - self.first).num_days().max(1);
        let past = (day - self.first).num_days();
        u16::try_from(past * i64::from(self.width - 1) / all).ok()
    }

    /// The months, each where it begins; what stands at `taken` is not written over.
    pub fn months(self, taken: Option<u16>) -> Vec<Label> {
        let mut labels = Vec::new();
        let mut free = 0;
        let begins = self.first.with_day(1);
        let months = std::iter::successors(begins, |day| day.checked_add_months(Months::new(1)));
        for month in months.take_while(|day| *day <= self.last).take(240) {
            let mut at = self.column(month.max(self.first)).unwrap_or(0);
            if let Some(taken) = taken.filter(|taken| (at..at + 3).contains(taken)) {
                at = taken + 2;
            }
            if at >= free && at + 3 <= self.width {
                // A year is told where it begins.
                let format = if month.month() == 1 && at + 7 < self.width {
                    "%b %y"
                } else {
                    "%b"
                };
                let text = month.format(format).to_string();
                free = at + u16::try_from(text.len()).unwrap_or(3) + 1;
                labels.push(Label { at, text });
            }
        }
        labels
    }

    /// The weeks towards a release, as many as there is room for: all of them, each second,
    /// each fourth; the release's own is always among them.
    pub fn weeks(self, release: NaiveDate) -> Vec<Label> {
        let days = (self.last - self.first).num_days().max(1);
        let columns = |weeks: i64| weeks * 7 * i64::from(self.width - 1) / days;
        let Some(step) = [1, 2, 4, 8, 16].into_iter().find(|step| columns(*step) > 4) else {
            return Vec::new();
        };
        let own = countdown::monday(release);
        let mondays = std::iter::successors(Some(countdown::monday(self.first)), |day| {
            day.checked_add_days(Days::new(7))
        });
        mondays
            .take_while(|day| *day <= self.last)
            .filter(|day| (own - *day).num_weeks() % step == 0)
            .filter_map(|day| {
                let at = self.column(day)?;
                let text = countdown::week_name(day, release);
                let wide = u16::try_from(text.len()).ok()?;
                (at + wide <= self.width).then_some(Label { at, text })
            })
            .collect()
    }
}

/// Draws `├──M2──▼──M3──┤` across the pen's line.
pub fn draw(
    pen: &mut Pen<'_>,
    rows: &[Row],
    (moves, today): (&[Move], NaiveDate),
    (x, y, width): (u16, u16, u16),
) {
    let Some(scale) = Scale::new(rows, moves, today, width).filter(|_| width >= 16) else {
        return;
    };
    draw_rule(pen, (x, y, width));
    let mut free = x + 1;
    let mut gates: Vec<(&Row, &Gate, NaiveDate)> = rows
        .iter()
        .filter_map(|row| match &row.cells {
            Cells::Milestone(gate) => Some((row, gate, moved(row, moves).or(gate.day)?)),
            _ => None,
        })
        .collect();
    gates.sort_by_key(|(_, _, day)| *day);
    for (row, gate, day) in gates {
        let wide = u16::try_from(gate.code.len()).unwrap_or(width);
        let Some(at) = scale.column(day) else {
            continue;
        };
        let start = (x + at)
            .saturating_sub(wide / 2)
            .clamp(x + 1, (x + width - 1).saturating_sub(wide).max(x + 1));
        if start >= free && start + wide < x + width {
            pen.style = pen.theme.on_border(pen.theme.tone(row.tone));
            pen.at(start, y, wide);
            pen.cell(wide, &gate.code);
            free = start + wide + 1;
        }
    }
    if let Some(at) = scale.column(today) {
        pen.style = pen.theme.on_border(pen.theme.strong());
        put(pen, (x + at, y), if pen.theme.ascii { "v" } else { "▼" });
    }
}

fn draw_rule(pen: &mut Pen<'_>, (x, y, width): (u16, u16, u16)) {
    let (line, ends) = if pen.theme.ascii {
        ("-", ["|", "|"])
    } else {
        ("─", ["├", "┤"])
    };
    pen.style = pen.theme.border();
    pen.at(x, y, width);
    pen.cell(1, ends[0]);
    for _ in 0..width - 2 {
        pen.cell(1, line);
    }
    pen.cell(1, ends[1]);
}

/// Where a milestone might be moved to.
pub fn moved(row: &Row, moves: &[Move]) -> Option<NaiveDate> {
    let found = moves.iter().find(|(id, _)| *id == row.key.id);
    found.map(|(_, to)| *to)
}

fn put(pen: &mut Pen<'_>, (x, y): (u16, u16), glyph: &str) {
    pen.at(x, y, 1);
    pen.cell(1, glyph);
}

/// Draws the months with today's mark, and below them the weeks towards the release.
pub fn draw_axis(
    pen: &mut Pen<'_>,
    scale: Scale,
    (today, release): (NaiveDate, Option<NaiveDate>),
    (x, y): (u16, u16),
) {
    let now = scale.column(today);
    let mut write = |y: u16, labels: Vec<Label>| {
        for label in labels {
            pen.at(x + label.at, y, scale.width - label.at);
            pen.text(&label.text);
        }
    };
    write(y, scale.months(now));
    if let Some(release) = release {
        write(y + 1, scale.weeks(release));
    }
    if let Some(at) = now {
        pen.style = pen.theme.strong();
        put(pen, (x + at, y), if pen.theme.ascii { "v" } else { "▼" });
    }
}

/// Draws today as a line through the strips.
pub fn draw_today(
    pen: &mut Pen<'_>,
    scale: Scale,
    today: NaiveDate,
    (x, y, height): (u16, u16, u16),
) {
    let Some(at) = scale.column(today) else {
        return;
    };
    pen.style = pen.theme.faint();
    for y in y..y.saturating_add(height) {
        put(pen, (x + at, y), if pen.theme.ascii { "|" } else { "│" });
    }
}

/// One milestone on its own line: where it was planned, where it is, and where it might be
/// moved to.
pub fn draw_strip(
    pen: &mut Pen<'_>,
    scale: Scale,
    (gate, tone, to): (&Gate, Tone, Option<NaiveDate>),
    (x, y): (u16, u16),
) {
    let ascii = pen.theme.ascii;
    let (ghost, mark) = if ascii { ("o", "#") } else { ("○", "●") };
    let (slip, maybe) = if ascii { ("-", "~") } else { ("─", "╌") };
    let at = |day: Option<NaiveDate>| day.and_then(|day| scale.column(day));
    let (planned, current, to) = (at(gate.planned), at(gate.day), at(to));
    let mut trail = |from: Option<u16>, until: Option<u16>, line: &str| {
        let (Some(from), Some(until)) = (from, until) else {
            return;
        };
        if from == until {
            return;
        }
        pen.style = pen.theme.faint();
        for at in from.min(until)..=from.max(until) {
            put(pen, (x + at, y), line);
        }
        put(pen, (x + from, y), ghost);
    };
    trail(planned, current, slip);
    trail(current, to, maybe);
    if let Some(at) = to.or(current) {
        pen.style = pen.theme.tone(tone);
        put(pen, (x + at, y), mark);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn scale(first: &str, last: &str, width: u16) -> Scale {
        Scale {
            first: day(first),
            last: day(last),
            width,
        }
    }

    fn texts(labels: &[Label]) -> Vec<String> {
        labels
            .iter()
            .map(|label| format!("{}:{}", label.at, label.text))
            .collect()
    }

    #[test]
    fn the_first_day_is_on_the_left_and_the_last_one_on_the_right() {
        let scale = scale("2026-11-01", "2026-12-01", 31);
        assert_eq!(scale.column(day("2026-11-01")), Some(0));
        assert_eq!(scale.column(day("2026-11-16")), Some(15));
        assert_eq!(scale.column(day("2026-12-01")), Some(30));
        assert_eq!(scale.column(day("2026-12-02")), None);
        assert_eq!(scale.column(day("2026-10-31")), None);
    }

    #[test]
    fn months_make_way_for_today_and_january_tells_its_year() {
        let scale = scale("2026-11-12", "2027-02-10", 60);
        assert_eq!(
            texts(&scale.months(None)),
            ["0:Nov", "12:Dec", "32:Jan 27", "53:Feb"]
        );
        assert_eq!(texts(&scale.months(Some(1)))[..2], ["3:Nov", "12:Dec"]);
        assert_eq!(texts(&scale.months(Some(13)))[..2], ["0:Nov", "15:Dec"]);
    }

    #[test]
    fn weeks_count_towards_the_release_and_thin_out_where_there_is_no_room() {
        let release = day("2026-12-17");
        let wide = scale("2026-11-12", "2026-12-24", 60);
        assert_eq!(
            texts(&wide.weeks(release)),
            ["5:R-4", "15:R-3", "25:R-2", "35:R-1", "44:R+0", "54:R+1"]
        );
        let narrow = scale("2026-11-12", "2026-12-24", 24);
        assert_eq!(texts(&narrow.weeks(release)), ["2:R-4", "9:R-2", "17:R+0"]);
        let tiny = scale("2020-01-01", "2026-12-24", 24);
        assert!(tiny.weeks(release).is_empty());
    }

    #[test]
    fn labels_never_touch_nor_leave_the_axis() {
        for width in 2..160 {
            for days in [3_u64, 20, 90, 400] {
                let first = day("2026-03-05");
                let scale = Scale {
                    first,
                    last: first + Days::new(days),
                    width,
                };
                for taken in [None, Some(0), Some(width / 2), Some(width - 1)] {
                    let axes = [scale.months(taken), scale.weeks(day("2026-04-01"))];
                    for labels in axes {
                        let mut free = 0;
                        for label in labels {
                            let wide = u16::try_from(label.text.len()).unwrap();
                            assert!(label.at >= free && label.at + wide <= width);
                            free = label.at + wide + 1;
                        }
                    }
                }
            }
        }
    }
}
