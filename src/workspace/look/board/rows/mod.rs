//! The values that the screen shows, ready to be drawn. Pure: no clock, no desk,
//! and every text in here has been made plain.

mod cells;

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::calendar::Calendar;
use crate::domain::kind::Kind;
use crate::domain::zone::Zone;
use crate::workspace::action::Settle;
use crate::workspace::deed::Deed;
use crate::workspace::look::news::News;
use crate::workspace::looked::Looked;

/// One level of a site's sparkline, as its report draws it.
pub use crate::report::bar::level;
pub use cells::{Cells, Duty, Gate, Ledger, Mark, Note, Record, Site, Ticket, Turn};

/// Names one record on the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    pub kind: Kind,
    pub id: String,
}

/// How a row stands; the screen gives each a mark, a word and a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Breach,
    Duty,
    Due,
    Info,
    Done,
    DoneLate,
    Late,
    Today,
    Risk,
    Next,
    Planned,
    Good,
    Improve,
    Puzzle,
    Closed,
}

/// The five panes of the grid, in the order of their numbers, then the full lists,
/// which take all the room while they have the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    Attention,
    Schedule,
    Queue,
    Sites,
    Retro,
    Outbox,
    Submissions,
    Products,
    People,
    Cycles,
    Announcements,
    Problems,
    Releases,
}

impl Pane {
    pub const COUNT: usize = 13;

    pub const ALL: [Self; Self::COUNT] = [
        Self::Attention,
        Self::Schedule,
        Self::Queue,
        Self::Sites,
        Self::Retro,
        Self::Outbox,
        Self::Submissions,
        Self::Products,
        Self::People,
        Self::Cycles,
        Self::Announcements,
        Self::Problems,
        Self::Releases,
    ];

    /// The panes that stand beside each other.
    pub const GRID: [Self; 5] = [
        Self::Attention,
        Self::Schedule,
        Self::Queue,
        Self::Sites,
        Self::Retro,
    ];

    pub fn in_grid(self) -> bool {
        (self as usize) < Self::GRID.len()
    }
}

/// A row's place in its pane's order; stays where it was when its record goes away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Which of the pane's parts, in the pane's order.
    pub part: usize,
    pub sort: String,
    /// Tells two rows apart that sort alike.
    pub id: String,
}

/// Where a window of rows begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Start {
    #[default]
    Top,
    After(Place),
    Before(Place),
    Bottom,
}

/// What rows are sorted by. Open records stay before those that are over, whatever it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortBy {
    #[default]
    Urgency,
    Id,
    Title,
    State,
    Owner,
    Due,
}

impl SortBy {
    pub const ALL: [Self; 6] = [
        Self::Urgency,
        Self::Id,
        Self::Title,
        Self::State,
        Self::Owner,
        Self::Due,
    ];

    /// The word for it, as in "by owner".
    pub fn word(self) -> &'static str {
        match self {
            Self::Urgency => "urgency",
            Self::Id => "id",
            Self::Title => "title",
            Self::State => "state",
            Self::Owner => "owner",
            Self::Due => "due day",
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sort {
    pub by: SortBy,
    pub backwards: bool,
}

/// One pane's share of a question to the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowAsk {
    pub pane: Pane,
    /// Comes back with the answer, so that an old answer is told from a new one.
    pub serial: u64,
    pub start: Start,
    pub limit: usize,
    /// What was typed to narrow the pane; empty for nothing.
    pub filter: String,
    pub sort: Sort,
    /// Fields of the pane's kinds that stand in columns of their own.
    pub columns: Vec<&'static str>,
    /// As in the whole question; for a count, which comes by itself.
    pub as_of: Option<NaiveDate>,
}

impl WindowAsk {
    /// Rows of a pane as it is: all of them, by urgency.
    pub fn new(pane: Pane, start: Start, limit: usize) -> Self {
        Self {
            pane,
            serial: 0,
            start,
            limit,
            filter: String::new(),
            sort: Sort::default(),
            columns: Vec::new(),
            as_of: None,
        }
    }
}

/// The open tickets of each state, at most so many of one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatesAsk {
    pub limit: usize,
    /// As in a window.
    pub filter: String,
}

/// What the screen asks the desk for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ask {
    pub header: bool,
    pub windows: Vec<WindowAsk>,
    pub states: Option<StatesAsk>,
    /// Today's records with the clocks of a day to come.
    pub as_of: Option<NaiveDate>,
    /// How far the person has looked; asked for with the header.
    pub looked: Option<Looked>,
}

/// What the desk answers.
#[derive(Clone, Debug, Default)]
pub struct Board {
    pub header: Option<Header>,
    pub windows: Vec<(Pane, Window)>,
    pub states: Option<States>,
    /// What others changed since the person looked; comes with the header.
    pub news: Option<News>,
}

/// Tickets by their state, for what was typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct States {
    pub filter: String,
    pub columns: Vec<StateColumn>,
    /// As in a window.
    pub note: Option<String>,
}

/// The tickets of one state, the most urgent first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StateColumn {
    /// The word of the process: `staged-rollout`.
    pub state: &'static str,
    /// The word of the community.
    pub label: String,
    /// How many there are, of which `rows` holds the first.
    pub count: u64,
    pub rows: Vec<Row>,
}

/// What stands over a column of the sites: a rollout that is running.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The announcement.
    pub key: Key,
    /// `cASO 4.1`
    pub label: String,
    /// The same with its platform.
    pub title: String,
    pub tone: Tone,
    /// What it adds up to so far.
    pub sentence: String,
}

/// Some rows of a pane, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Window {
    pub rows: Vec<Row>,
    /// The place of the row above the first one; none at the top.
    pub above: Option<Place>,
    /// There are rows below the last one.
    pub more: bool,
    pub serial: u64,
    /// The row that matters first, where that is not the first one.
    pub anchor: Option<usize>,
    /// How many rows pass the filter, where that is known already.
    pub matches: Option<u64>,
    /// What of the filter could not be understood, as a sentence; the rest of it applies.
    pub note: Option<String>,
    /// The rollouts that are running, in the sites' pane.
    pub heads: Vec<Head>,
}

/// How many rows of a pane pass what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    pub pane: Pane,
    pub filter: String,
    pub count: Count,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    Rows(u64),
    /// Something else was more urgent; it may be asked for again.
    GivenUp,
    /// The desk did not answer.
    Failed,
}

/// One line of a pane.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub key: Key,
    pub tone: Tone,
    pub place: Place,
    pub cells: Cells,
    /// The texts of the columns that were asked for, in their order.
    pub extra: Vec<String>,
}

/// What stands above the panes and in their titles.
#[derive(Clone, Debug)]
pub struct Header {
    pub project: String,
    pub cycle: Option<CycleHead>,
    /// "Alice primary", "Bob away from 1 Dec".
    pub people: Vec<String>,
    pub zone: Zone,
    /// Dates are read with it.
    pub calendar: Calendar,
    pub today: NaiveDate,
    /// The release that is planned next.
    pub release: Option<ReleaseHead>,
    /// The next milestone: `M3` and the days left.
    pub next: Option<(String, i64)>,
    pub counts: HeadCounts,
    /// The desk is shared with another manager.
    pub shared: bool,
}

/// The release that is planned next: days to its freezes, and its pool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReleaseHead {
    pub date: Option<i64>,
    pub contents: Option<i64>,
    pub ready: u64,
    pub possible: u64,
    pub will_miss: u64,
}

impl ReleaseHead {
    /// "freeze: date in 12 d, contents in 19 d   pool: 6 ready, 3 possible, 2 will miss"
    pub fn text(&self) -> String {
        let freeze = |name: &str, days: Option<i64>| {
            days.map(|days| match days {
                ..0 => format!("{name} {} d over", -days),
                0 => format!("{name} today"),
                _ => format!("{name} in {days} d"),
            })
        };
        let freezes = [freeze("date", self.date), freeze("contents", self.contents)];
        let freezes: Vec<String> = freezes.into_iter().flatten().collect();
        let pool = format!(
            "pool: {} ready, {} possible, {} will miss",
            self.ready, self.possible, self.will_miss
        );
        if freezes.is_empty() {
            pool
        } else {
            format!("freeze: {}   {pool}", freezes.join(", "))
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CycleHead {
    pub name: String,
    /// `17 Dec`
    pub release: String,
    /// `R-4`
    pub week: String,
    pub days_left: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeadCounts {
    pub attention: u64,
    pub mine: u64,
    pub overdue: u64,
    pub broken_promises: u64,
    pub due_soon: u64,
    pub drafts: u64,
    pub conflicts: u64,
    pub ready: u64,
    pub queue_open: u64,
    pub sites: u64,
    pub actions_open: u64,
    pub actions_late: u64,
    pub lessons: u64,
    pub submissions_open: u64,
    pub products: u64,
    pub people: u64,
    pub cycles_open: u64,
    pub announcements_open: u64,
    /// Sites that are silent beyond their period.
    pub silent: u64,
    pub problems_open: u64,
    pub problems_critical: u64,
    pub errors_open: u64,
    pub releases_open: u64,
    pub releases: u64,
}

/// One record opened, or why it stands where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    pub title: String,
    pub lines: Vec<Line>,
    /// Lines that something can be done with, by their numbers.
    pub acts: Vec<(usize, Act)>,
    /// The record's own link: its release notes, its documentation.
    pub link: Option<String>,
    /// A message as it would be sent.
    pub letter: Option<String>,
}

/// What can be done with a line of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Take this step.
    Step(&'static Deed),
    /// Write this field.
    Field(&'static str),
    /// Open another record.
    Record(Key),
    /// Settle this contested field, in one of these ways.
    Contest(Key, String, Vec<Settle>),
}

/// One line of a page; wrapped where it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    Heading(String),
    Field(String, String),
    Text(String),
    /// The one sentence that matters most.
    Lead(String),
    Gap,
}

/// Which page of which record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageAsk {
    pub key: Key,
    pub what: PageKind,
    /// With the clocks of a day to come.
    pub as_of: Option<NaiveDate>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageKind {
    Record,
    Why,
}

/// The moment in the desk's own zone, for the header.
pub fn spoken_time(zone: &Zone, now: DateTime<Utc>) -> String {
    zone.local(now).format("%a %-d %b %Y %H:%M").to_string()
}
