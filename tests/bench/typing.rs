//! No key holds the screen up: each key with its frame, where most is done at once. The
//! palette while one types, a form with long lists of choices, a text of 256 KB pasted
//! and written on. The slowest key of each counts; 4 ms are allowed.

use std::time::Instant;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use relmate::tui::effect::FillAsk;
use relmate::tui::keymap::Press;
use relmate::tui::model::{Model, User};
use relmate::tui::msg::Msg;
use relmate::tui::overlay::form::Begin;
use relmate::tui::theme::Theme;
use relmate::tui::update::update;
use relmate::tui::view::view;
use relmate::workspace::deed::{Deed, Filled};
use relmate::workspace::look::fill::{Choice, Fill};

use crate::desk::NOW;
use crate::report::{Figure, Report};

/// Milliseconds that a key and its frame may take on the screen's thread.
const MOST: f64 = 4.0;
const RUNS: usize = 5;

struct Stage {
    model: Model,
    terminal: Terminal<TestBackend>,
}

impl Stage {
    fn new() -> Self {
        let user = User {
            // Nothing of a desk is read, and a form may open all the same.
            founding: true,
            ..User::default()
        };
        let theme = Theme::new(false, true);
        Self {
            model: Model::new((200, 60), theme, user, NOW.parse().unwrap()),
            terminal: Terminal::new(TestBackend::new(200, 60)).unwrap(),
        }
    }

    /// Takes a message in and draws; says how many milliseconds that took.
    fn takes(&mut self, msg: Msg) -> f64 {
        let begun = Instant::now();
        drop(update(&mut self.model, msg));
        let model = &self.model;
        self.terminal
            .draw(|frame| {
                view(model, frame);
            })
            .unwrap();
        begun.elapsed().as_secs_f64() * 1e3
    }

    /// The slowest of some keys.
    fn slowest(&mut self, keys: &str) -> f64 {
        let keys = keys.split(' ').map(|key| Press::parse(key).unwrap());
        keys.map(|key| self.takes(Msg::Key(key)))
            .fold(0.0, f64::max)
    }

    fn form(&mut self, deed: &'static str, entry: &'static str) {
        let deed = Deed::named(deed).unwrap();
        let choice = |n: usize| Choice {
            value: format!("T-{n}"),
            label: format!("product-{n} {n}.0.1 al9, staged rollout"),
        };
        let fill = Fill {
            deed,
            subject: None,
            title: String::new(),
            facts: Vec::new(),
            letter: Vec::new(),
            version: None,
            values: Filled::default(),
            choices: [(entry, (0..500).map(choice).collect())].into(),
            without: &[],
            asked: &[],
        };
        let ask = FillAsk {
            deed,
            subjects: Vec::new(),
            given: Filled::default(),
            field: None,
        };
        self.takes(Msg::Filled(ask, Ok(Box::new(Begin::Deed(fill)))));
    }
}

/// The quickest of some runs: what the machine's other work adds is not ours.
fn least(run: impl Fn() -> f64) -> f64 {
    (0..RUNS).map(|_| run()).fold(f64::INFINITY, f64::min)
}

pub(crate) fn run(report: &mut Report) {
    let palette = least(|| Stage::new().slowest(": t i c k e t space d e l backspace down down"));
    let choices = least(|| {
        let mut stage = Stage::new();
        stage.form("ticket delay", "id");
        stage.slowest("T - 4 9 9 backspace down down a l 9")
    });
    let text = "a line of a long text that somebody has pasted\n".repeat(5400);
    let paste = || {
        let mut stage = Stage::new();
        stage.form("comment", "id");
        stage.slowest("T - 1 tab");
        let text = text.clone();
        let pasted = stage.takes(Msg::Paste { text, cut: false });
        (pasted, stage.slowest("x y z enter up down backspace"))
    };
    let pasted = least(|| paste().0);
    let written = least(|| paste().1);
    for (what, took) in [
        ("a key in the palette", palette),
        ("a key in 500 choices", choices),
        ("256 KB pasted", pasted),
        ("a key in 256 KB of text", written),
    ] {
        let what = format!("slowest with its frame: {what}");
        report.at_most(6, what, Figure(took, "ms"), MOST);
    }
}
