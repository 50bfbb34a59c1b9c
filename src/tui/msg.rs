//! What can happen to the screen. A closed list: nothing else reaches `update`.

use chrono::{DateTime, Utc};

use super::clip::What;
use super::effect::{Doing, FillAsk};
use super::keymap::Press;
use super::overlay::form::Begin;
use crate::workspace::founding::Founded;
use crate::workspace::look::board::rows::{Board, Counted, Key, Page, PageAsk};
use crate::workspace::look::find::Hit;
use crate::workspace::look::steps::Step;
use crate::workspace::look::topic::Topic;
use crate::workspace::receipt::Receipt;
use crate::workspace::refusal::Refusal;
use crate::workspace::share::watch::Heard;

/// Something that happened.
#[derive(Debug)]
pub enum Msg {
    Key(Press),
    Resized(u16, u16),
    /// The desk answered a [`super::effect::Effect`] of the same name.
    Board(Result<Box<Board>, Refusal>),
    Counted(Counted),
    Page(PageAsk, Result<Page, Refusal>),
    Told(Result<(Topic, Page), Refusal>),
    Sharing(Result<Page, Refusal>),
    /// The desk and its folder have met, by themselves or because somebody asked.
    Exchanged(Result<Heard, Refusal>),
    /// What an exchange is doing that takes a while; nothing when it is over.
    Exchanging(String),
    /// A list was written, and where.
    Exported(Result<String, Refusal>),
    Filled(FillAsk, Result<Box<Begin>, Refusal>),
    Taken(Key, What, Result<Page, Refusal>),
    Steps(Key, Result<Vec<Step>, Refusal>),
    Found(String, Result<Vec<Hit>, Refusal>),
    Previewed(Doing, Result<Box<Receipt>, Refusal>),
    Done(Doing, Result<Box<Receipt>, Refusal>),
    /// It was not done: somebody has changed the record meanwhile, and how.
    Overtaken(Doing, String),
    /// There is a desk now.
    Founded(Founded),
    /// No step settles the duty, and why.
    Unsettled(Refusal),
    /// What was typed cannot be kept for another time, and why.
    Unkept(Refusal),
    /// Somebody changed the desk's files.
    Touched,
    /// A moment later, when what they wrote is sure to be seen.
    Settled,
    /// A minute began.
    Minute(DateTime<Utc>),
    /// Changes of other processes cannot be noticed, and why.
    Unwatched(String),
    /// The terminal was handed an [`super::effect::Effect::Copy`], or it cannot be.
    Copied(Result<(), Refusal>),
    /// The editor has ended; none if the text is as it was. The old text is the caller's.
    Edited {
        name: String,
        result: Result<Option<String>, Refusal>,
    },
    /// A link was opened. Comes again with a refusal if that failed after all.
    Launched(Result<(), Refusal>),
    /// A text from the terminal's clipboard; lines end in `\n`, nothing else in it
    /// controls anything. `cut` if it was longer than is kept.
    Paste {
        text: String,
        cut: bool,
    },
    /// The mouse, over a cell.
    Mouse {
        kind: Mouse,
        x: u16,
        y: u16,
    },
    /// Asked to end by the system.
    Ended,
}

/// What the mouse did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mouse {
    Click,
    /// The wheel, towards the start.
    Up,
    Down,
}
