//! Everything the screen knows. Changed by `update` alone, borrowed by `view`.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, NaiveDate, Utc};

use super::command::Scope;
use super::effect::Effect;
use super::header::Lines;
use super::keymap::Press;
use super::keys::Keys;
use super::layout;
use super::nudge::Nudge;
use super::overlay::Overlay;
use super::overlay::form::draft::Drafts;
use super::pane::{
    self,
    board::BoardState,
    list::{List, Stands},
};
use super::sharing::Sharing;
use super::since::Since;
use super::talk::Talk;
use super::theme::Theme;
use super::widget::timeline::Move;
use crate::workspace::look::board::rows::{Ask, Header, Key, Pane, StatesAsk};
use crate::workspace::refusal::Refusal;

/// The screen's state.
pub struct Model {
    pub size: (u16, u16),
    pub theme: Theme,
    pub user: User,
    pub now: DateTime<Utc>,
    /// The desk is looked at with the clocks of a day to come.
    pub as_of: Option<NaiveDate>,
    pub header: Option<Header>,
    /// The header's texts, made anew when what they say changes.
    pub lines: Lines,
    pub panes: Panes,
    pub overlays: Vec<Overlay>,
    /// The page of conflicts was asked for and has not come yet.
    pub contests_wanted: bool,
    pub talk: Talk,
    pub keys: Keyboard,
    /// Forms that were left before they were saved.
    pub drafts: Drafts,
    /// Why the desk cannot be shown.
    pub trouble: Option<Refusal>,
    pub loads: Loads,
    /// What others changed since the person last looked.
    pub since: Since,
    /// The others, as far as the screen has heard.
    pub sharing: Sharing,
}

/// What keys mean, and what was pressed of a chord.
#[derive(Debug)]
pub struct Keyboard {
    pub map: Keys,
    /// The first key of a chord.
    pub pending: Option<Press>,
    /// Counts forms, so that each answer finds its own.
    pub forms: u64,
    /// Pressed while something was about to open; meant for that.
    pub held: VecDeque<Typed>,
}

/// Something that was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    Key(Press),
    Paste { text: String, cut: bool },
}

/// Who looks, and how.
#[derive(Clone, Debug, Default)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "switches that have nothing to do with each other"
)]
pub struct User {
    pub who: Option<String>,
    pub read_only: bool,
    pub demo: bool,
    /// There is no desk yet; one is about to be made.
    pub founding: bool,
    /// Whether the terminal is asked for clicks and the wheel.
    pub mouse: bool,
    /// A shared desk is exchanged by itself.
    pub exchanges: bool,
}

/// The panes: which has the focus, how large it is, and their rows.
pub struct Panes {
    pub focus: Pane,
    pub zoom: Zoom,
    /// A milestone that is being moved, to be looked at.
    pub nudge: Option<Nudge>,
    /// What was sought last.
    pub sought: String,
    pub lists: [List; Pane::COUNT],
    /// The queue as columns of cards, while the user wants it so and it is zoomed.
    pub board: Option<BoardState>,
    /// Milestones drawn where they might be moved to, before anybody moves them.
    pub moves: Vec<Move>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zoom {
    Normal,
    Wide,
    Full,
}

/// Questions to the desk that have no answer yet.
#[derive(Debug, Default)]
pub struct Loads {
    pub waiting: usize,
    /// Something is about to open over the panes.
    pub opening: usize,
    /// The desk changed while it was being read.
    pub stale: bool,
    /// The user asked, so the footer says when it is done.
    pub announce: bool,
    /// Why changes of other processes cannot be noticed.
    pub unwatched: Option<String>,
}

impl Model {
    pub fn new(size: (u16, u16), theme: Theme, user: User, now: DateTime<Utc>) -> Self {
        Self {
            size,
            theme,
            user,
            now,
            as_of: None,
            header: None,
            lines: Lines::default(),
            panes: Panes {
                focus: Pane::Attention,
                zoom: Zoom::Normal,
                nudge: None,
                sought: String::new(),
                lists: Pane::ALL.map(List::new),
                board: None,
                moves: Vec::new(),
            },
            overlays: Vec::new(),
            contests_wanted: false,
            talk: Talk::default(),
            keys: Keyboard {
                map: Keys::new(&BTreeMap::new()).0,
                pending: None,
                forms: 0,
                held: VecDeque::new(),
            },
            drafts: Drafts::default(),
            trouble: None,
            loads: Loads::default(),
            since: Since::default(),
            sharing: Sharing::default(),
        }
    }

    /// The list of the pane that has the focus.
    pub fn list(&self) -> &List {
        &self.panes.lists[self.panes.focus as usize]
    }

    pub fn list_mut(&mut self) -> &mut List {
        &mut self.panes.lists[self.panes.focus as usize]
    }

    /// Where keys are looked up, the innermost scope first.
    pub fn scopes(&self) -> &'static [Scope] {
        match self.overlays.last() {
            Some(overlay) => overlay.scopes(),
            None => &[Scope::Rows, Scope::Global, Scope::Always],
        }
    }

    /// Asks for all that is on the screen, again from where it stands.
    pub fn reload(&mut self) -> Vec<Effect> {
        if self.loads.waiting > 0 {
            self.loads.stale = true;
            return Vec::new();
        }
        self.place();
        let windows = self.panes.lists.iter_mut().filter_map(List::reload);
        let windows = windows.collect();
        let states = self.with_board(|board, filter| Some(board.reload(filter)));
        self.loads.waiting += 1;
        vec![Effect::Load(Ask {
            header: true,
            windows,
            states,
            as_of: self.as_of,
            looked: self.since.looked().cloned(),
        })]
    }

    /// Puts everything where the size of the terminal wants it, and asks for rows
    /// that will soon be needed.
    pub fn settle(&mut self) -> Vec<Effect> {
        self.place();
        for overlay in &mut self.overlays {
            overlay.settle(self.size);
        }
        let windows: Vec<_> = self
            .panes
            .lists
            .iter_mut()
            .filter_map(List::wants)
            .collect();
        let states = self.with_board(BoardState::wants);
        let mut effects = Vec::new();
        if !windows.is_empty() || states.is_some() {
            self.loads.waiting += 1;
            effects.push(Effect::Load(Ask {
                header: false,
                windows,
                states,
                as_of: self.as_of,
                looked: None,
            }));
        }
        let counts = self.panes.lists.iter_mut().filter_map(List::wants_count);
        effects.extend(counts.map(Effect::Count));
        effects
    }

    /// The board, while it stands in the queue's place.
    pub fn board_shown(&self) -> Option<&BoardState> {
        let panes = &self.panes;
        let alone = panes.zoom != Zoom::Normal && panes.focus == Pane::Queue;
        panes.board.as_ref().filter(|_| alone)
    }

    /// The same, to be moved in.
    pub fn board_mut(&mut self) -> Option<&mut BoardState> {
        self.board_shown()?;
        self.panes.board.as_mut()
    }

    /// Asks the board that is shown, with what narrows the queue.
    fn with_board(
        &mut self,
        ask: impl FnOnce(&mut BoardState, &str) -> Option<StatesAsk>,
    ) -> Option<StatesAsk> {
        self.board_shown()?;
        let filter = self.panes.lists[Pane::Queue as usize].filter().to_owned();
        ask(self.panes.board.as_mut()?, &filter)
    }

    /// The record that a command is about: on the board a card, else a row.
    pub fn selected(&self) -> Option<&Key> {
        match self.board_shown() {
            Some(board) => board.selected(),
            None => self.list().selected(),
        }
    }

    /// Shows the queue as a board by state, or as a table again; the record stays selected.
    pub fn toggle_board(&mut self) {
        let list = &mut self.panes.lists[Pane::Queue as usize];
        match self.panes.board.take() {
            Some(board) => {
                if let Some(key) = board.selected() {
                    list.go_to(key);
                }
            }
            None => self.panes.board = Some(BoardState::new(list.selected().cloned())),
        }
    }

    /// Gives every pane its lines; one that is not on the screen has none and reads nothing.
    fn place(&mut self) {
        let (focus, zoom) = (self.panes.focus, self.panes.zoom);
        let boarded = self.board_shown().is_some();
        let plan = layout::plan(self.size, focus, zoom, self.wanted());
        for (list, place) in self.panes.lists.iter_mut().zip(plan.panes) {
            let pane = list.pane();
            list.stand(match place {
                None if plan.tiny && pane == Pane::Attention => Stands::Shared,
                None => Stands::Away,
                // Its cards are read instead of its rows.
                Some(_) if boarded && pane == Pane::Queue => Stands::Away,
                Some(_) if zoom == Zoom::Normal && pane.in_grid() => Stands::Shared,
                Some(_) => Stands::Alone,
            });
            if let (Some(board), Some(rect), Pane::Queue) = (&mut self.panes.board, place, pane) {
                let height = rect.height.saturating_sub(2);
                let height = height - pane::foot(list, height);
                board.settle((rect.width.saturating_sub(2), height));
            }
            // One that is away stays as it was left.
            if let Some(rect) = place {
                list.height = pane::rows(list, zoom, rect).1;
                list.settle();
            }
        }
    }

    /// How many rows the list of what needs a human has to show.
    pub fn wanted(&self) -> u16 {
        let list = &self.panes.lists[0];
        u16::try_from(list.rows.len() + usize::from(list.foot)).unwrap_or(u16::MAX)
    }
}
