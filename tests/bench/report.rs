//! The table: what a goal asks for, what was measured, the floor beside it.

use std::collections::BTreeMap;

/// What has been measured so far.
#[derive(Default)]
pub(crate) struct Report {
    rows: Vec<Row>,
    skipped: Vec<String>,
    /// The last figure of a sort with its size, to tell what grows.
    kept: BTreeMap<String, (String, f64)>,
}

struct Row {
    goal: u8,
    what: String,
    measured: String,
    floor: String,
    figure: String,
    wanted: String,
    met: Option<bool>,
}

/// What a figure is held against, and how many times it the figure may be.
pub(crate) struct Floor {
    pub(crate) name: &'static str,
    pub(crate) value: f64,
    pub(crate) most: f64,
}

/// A figure with its unit.
#[derive(Clone, Copy)]
pub(crate) struct Figure(pub(crate) f64, pub(crate) &'static str);

impl Report {
    /// A figure against a floor of the same run.
    pub(crate) fn ratio(&mut self, goal: u8, what: String, measured: Figure, floor: &Floor) {
        let ratio = measured.0 / floor.value;
        self.rows.push(Row {
            goal,
            what,
            measured: measured.text(),
            floor: format!("{} {}", floor.name, Figure(floor.value, measured.1).text()),
            figure: format!("{ratio:.2}x"),
            wanted: format!("<= {}x", floor.most),
            met: Some(ratio <= floor.most),
        });
    }

    /// A figure that is wanted to be at most so much.
    pub(crate) fn at_most(&mut self, goal: u8, what: String, measured: Figure, most: f64) {
        self.limit(goal, what, measured, ("<=", most, measured.0 <= most));
    }

    /// A figure that is wanted to be at least so much.
    pub(crate) fn at_least(&mut self, goal: u8, what: String, measured: Figure, least: f64) {
        self.limit(goal, what, measured, (">=", least, measured.0 >= least));
    }

    fn limit(&mut self, goal: u8, what: String, measured: Figure, wanted: (&str, f64, bool)) {
        self.rows.push(Row {
            goal,
            what,
            measured: measured.text(),
            floor: String::new(),
            figure: String::new(),
            wanted: format!("{} {}", wanted.0, Figure(wanted.1, measured.1).text()),
            met: Some(wanted.2),
        });
    }

    /// A figure that says how good a floor or a ratio is, without a goal of its own.
    pub(crate) fn note(&mut self, goal: u8, what: String, measured: Figure) {
        self.rows.push(Row {
            goal,
            what,
            measured: measured.text(),
            floor: String::new(),
            figure: String::new(),
            wanted: String::new(),
            met: None,
        });
    }

    /// Keeps a figure of a size; with the one of the size before it, says what grew.
    pub(crate) fn growth(&mut self, goal: u8, (what, size): (&str, &str), value: f64, most: f64) {
        let now = (size.to_owned(), value);
        let Some((before, small)) = self.kept.insert(what.to_owned(), now) else {
            return;
        };
        let grew = value / small;
        self.rows.push(Row {
            goal,
            what: format!("{what}, {before} to {size}"),
            measured: String::new(),
            floor: String::new(),
            figure: format!("{grew:.3}x"),
            wanted: format!("<= {most:.2}x"),
            met: Some(grew <= most),
        });
    }

    /// Why a figure is missing.
    pub(crate) fn skip(&mut self, goal: u8, why: &str) {
        let text = format!("goal {goal}: {why}");
        if !self.skipped.contains(&text) {
            self.skipped.push(text);
        }
    }

    pub(crate) fn print(mut self) {
        self.rows.sort_by_key(|row| row.goal);
        println!();
        println!("| goal | what | measured | floor | ratio | wanted | |");
        println!("|---|---|---|---|---|---|---|");
        for row in &self.rows {
            let met = match row.met {
                Some(true) => "met",
                Some(false) => "MISSED",
                None => "",
            };
            println!(
                "| {} | {} | {} | {} | {} | {} | {met} |",
                row.goal, row.what, row.measured, row.floor, row.figure, row.wanted
            );
        }
        for why in &self.skipped {
            println!("Skipped, {why}");
        }
    }
}

impl Figure {
    fn text(self) -> String {
        let Self(value, unit) = self;
        let number = if value >= 1_000.0 {
            grouped(value)
        } else if value.fract() == 0.0 {
            format!("{value:.0}")
        } else {
            format!("{value:.2}")
        };
        format!("{number} {unit}")
    }
}

/// 1234567.8 as 1,234,568.
fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
