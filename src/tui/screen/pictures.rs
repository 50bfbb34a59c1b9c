//! The README's pictures: the example desk as it stands on one day, walked through by keys.
//! A picture that is out of date is a test that fails; `UPDATE=1 cargo test` draws them anew.

use std::collections::{BTreeSet, VecDeque};
use std::path::{Path, PathBuf};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::desk::now;
use super::styles::theme;
use super::svg::svg;
use crate::tui::effect::Effect;
use crate::tui::keymap::Press;
use crate::tui::model::{Model, User};
use crate::tui::msg::Msg;
use crate::tui::perform::here::Here;
use crate::tui::update::update;
use crate::tui::view::paint;
use crate::workspace::example;

const WIDE: u16 = 106;

/// A picture of the README.
struct Picture {
    file: &'static str,
    /// What is seen, for those who cannot see it.
    seen: &'static str,
    lines: u16,
    /// How one gets there: keys, and texts after a `"`.
    steps: &'static [&'static str],
}

const PICTURES: [Picture; 6] = [
    Picture {
        file: "dashboard",
        seen: "The screen: what needs a human, then schedule, queue, sites and retrospective",
        lines: 30,
        steps: &[],
    },
    Picture {
        file: "settle",
        seen: "A form that explains a late ticket, with what it would set in motion",
        lines: 27,
        steps: &[
            "enter",
            "\"The verifier is ill until Thursday",
            "tab",
            "\"+5bd",
        ],
    },
    Picture {
        file: "palette",
        seen: "The palette: everything that can be done, searched by a word",
        lines: 24,
        steps: &[":", "\"add"],
    },
    Picture {
        file: "record",
        seen: "An open ticket: how it stands, what can be done, and why",
        lines: 30,
        steps: &["i"],
    },
    Picture {
        file: "timeline",
        seen: "The schedule as a timeline: a milestone is moved on, and what moves along",
        lines: 15,
        steps: &["1", "z", "z", ">", "+", "+"],
    },
    Picture {
        file: "board",
        seen: "The queue as a board: a column for each state, a card for each ticket",
        lines: 24,
        steps: &["2", "B"],
    },
];

/// A screen on a real desk.
struct Tour {
    model: Model,
    desk: Here,
}

impl Tour {
    fn on(path: &Path, size: (u16, u16)) -> Self {
        let user = User {
            who: Some(example::PERSON.to_owned()),
            ..User::default()
        };
        let mut tour = Self {
            model: Model::new(size, theme("dark"), user, now()),
            desk: Here::new(path, example::PERSON, || Ok(now())),
        };
        let effects = tour.model.reload();
        tour.perform(effects);
        tour
    }

    /// Does all that is asked for, and what the answers ask for.
    fn perform(&mut self, effects: Vec<Effect>) {
        let mut waiting = VecDeque::from(effects);
        while let Some(effect) = waiting.pop_front() {
            if let Some(msg) = self.desk.answer(effect) {
                waiting.extend(update(&mut self.model, msg));
            }
        }
    }

    fn go(&mut self, step: &str) {
        let msg = match step.strip_prefix('"') {
            Some(text) => Msg::Paste {
                text: text.to_owned(),
                cut: false,
            },
            None => Msg::Key(Press::parse(step).unwrap()),
        };
        let effects = update(&mut self.model, msg);
        self.perform(effects);
    }

    fn frame(&self) -> Buffer {
        let (width, height) = self.model.size;
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        paint(&self.model, &mut buffer);
        self.model.theme.ground(&mut buffer);
        buffer
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn folder() -> PathBuf {
    root().join("assets/pictures")
}

#[test]
fn the_pictures_of_the_readme_show_the_screen_as_it_is() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("example.relmate");
    example::build(&path, now()).unwrap();
    let update = std::env::var_os("UPDATE").is_some();
    if update {
        std::fs::create_dir_all(folder()).unwrap();
    }
    for picture in PICTURES {
        let name = picture.file;
        let mut tour = Tour::on(&path, (WIDE, picture.lines));
        picture.steps.iter().for_each(|step| tour.go(step));
        assert!(tour.model.trouble.is_none(), "{name}");
        let picture = svg(&tour.frame(), picture.seen);
        assert!(picture.len() < 150_000, "{name}: {} bytes", picture.len());
        let file = folder().join(format!("{name}.svg"));
        let kept = std::fs::read_to_string(&file).unwrap_or_default();
        if kept.replace("\r\n", "\n") == picture {
            continue;
        }
        assert!(
            update,
            "assets/pictures/{name}.svg is out of date; `UPDATE=1 cargo test` draws it"
        );
        std::fs::write(&file, picture).unwrap();
    }
}

#[test]
fn the_readme_shows_every_picture_and_no_other_one() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let shown: BTreeSet<&str> = readme
        .split("(assets/pictures/")
        .skip(1)
        .filter_map(|rest| rest.split_once(".svg)").map(|(name, _)| name))
        .collect();
    let drawn: BTreeSet<&str> = PICTURES.iter().map(|picture| picture.file).collect();
    assert_eq!(shown, drawn);
    for entry in std::fs::read_dir(folder()).unwrap() {
        let file = entry.unwrap().file_name();
        let file = file.to_string_lossy();
        assert!(drawn.contains(file.trim_end_matches(".svg")), "{file}");
    }
}
